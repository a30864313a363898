"""The story of the contract suite."""

from tests.contracts.conftest import briefs, story

__all__ = ["briefs", "story"]
