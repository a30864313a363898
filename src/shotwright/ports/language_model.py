"""The mind: what answers a question in words and choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from shotwright.model.language import ModelReply, ModelRequest


class LanguageModel(Protocol):
    """A language model: a cloud's, one that somebody serves, or a function. Async; safe for many callers.

    Contract (every adapter passes `tests/contracts/test_language_model.py`): a reply is whatever the model said, cut
    off, refusing or empty too: judging it is not the adapter's work. What went wrong on the way is raised: Unavailable
    (down, slow, disconnected, or refused for its key), RateLimited (`retry_after` in seconds where the service said
    it), BadAnswer (not even a reply could be read). The adapter itself tries again within its timeout, honouring
    Retry-After, and goes through its fallbacks before it raises. No key appears in an error, a reply or a fingerprint.
    """

    async def ask(self, request: ModelRequest) -> ModelReply:
        """One request, one reply, with what it used."""

    def fingerprint(self) -> str:
        """The model's name and every setting that changes what it says; of a chain, of the first in it."""

    def prepare(self) -> None:
        """Load what the first request needs, where that takes time; asks nobody."""

    async def close(self) -> None: ...
