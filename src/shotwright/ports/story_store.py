"""The Story Graph's home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shotwright.model.graph import Edge, EdgeKind, Node, NodeKind, ReplaceReport
    from shotwright.model.query import AskLimits, QueryLanguage, RawAnswer

Part = tuple[str, "Sequence[Node]", "Sequence[Edge]"]
"""(scope, nodes, edges): a part of a production's graph that is replaced as a whole."""


class StoryStore(Protocol):
    """A store of Story Graphs, opened for one production of the many that it may hold. Sync, used from one thread.

    Contract (every adapter passes `tests/contracts/test_story_store.py`): writes are atomic and idempotent, and what
    a scope no longer holds disappears with its edges; answers are the same canonical JSON whatever the technology; an
    unknown id is None or an empty list, never an error; no act sees or touches another production, raw queries apart.
    A failure is a `StoreError`, of `patch_if` also `StaleEdit`, of a question that cannot be asked `QueryError`.
    """

    @property
    def production(self) -> str:
        """The production's name in the store: lower-case letters, digits, `-` and `_`."""

    def replace(self, scope: str, nodes: Sequence[Node], edges: Sequence[Edge]) -> ReplaceReport:
        """Make `scope` (`film`, `scene/sc_…`, `shots/sc_…`) hold exactly these, in one transaction.

        A node or edge that another scope holds moves here. The data of neither may use a name of `RESERVED`, or one
        that begins with an underscore: StoreError. A whole number is kept as an integer: 2.0 is 2 in every answer.
        """

    def replace_all(self, parts: Sequence[Part], *, under: Sequence[str] = ("",)) -> ReplaceReport:
        """Make the store hold exactly these parts, in one transaction: other scopes whose names begin with one of
        `under` disappear."""

    def get(self, node_id: str) -> Node | None: ...

    def neighbours(
        self,
        node_id: str,
        kinds: Sequence[EdgeKind] = (),
        direction: Literal["out", "in", "any"] = "any",
        depth: int = 1,
    ) -> list[Node]:
        """Nodes within `depth` edges, nearest first, then by kind, order and id; the start itself is not among them."""

    def run(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """A named query (`scene_briefing`, `character_arc` …): rows as its `NamedQuery` says, in its order."""

    def ask(
        self, language: QueryLanguage, text: str, bind: Mapping[str, Any], limits: AskLimits | None = None
    ) -> RawAnswer:
        """A raw query that only reads, within limits. Where the text names `@production` it is bound by itself.

        QueryError for one that is wrong, writes, runs too long, or is in a language that this store does not speak.
        """

    def search(self, text: str, kinds: Sequence[NodeKind] = ()) -> list[Node]:
        """Nodes whose text holds every word, best first."""

    def patch_if(self, node_id: str, expected_version: int, patch: dict[str, Any]) -> Node:
        """Merge `patch` into the node's data if its version still is `expected_version`; else StaleEdit."""

    def dump(self) -> Iterable[str]:
        """The production's graph as JSON lines, nodes first, in a fixed order."""

    def load(self, lines: Iterable[str]) -> ReplaceReport:
        """Put what `dump` gave, from whichever technology, in one transaction; scopes that it does not name stay."""

    def scopes(self) -> dict[str, str]:
        """Scope -> hash of its contents, the same for the same contents in every technology; empty when something else
        has touched them since they were put."""

    def fingerprint(self) -> str:
        """Changes with the production's contents, whichever way they came about; the same in every technology."""

    def close(self) -> None: ...
