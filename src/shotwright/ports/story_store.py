"""The Story Graph's home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shotwright.model.graph import Edge, EdgeKind, Node, NodeKind, ReplaceReport


class StoryStore(Protocol):
    """A store of one production's Story Graph. Sync, used from one thread.

    Contract (every adapter passes `tests/contracts/test_story_store.py`): `replace` is atomic and idempotent, and what
    a scope no longer holds disappears with its edges; answers are the same canonical JSON whatever the technology; an
    unknown id is None or an empty list, never an error; every failure is a `StoreError`, for `patch_if` `StaleEdit`.
    """

    def replace(self, scope: str, nodes: Sequence[Node], edges: Sequence[Edge]) -> ReplaceReport:
        """Make `scope` (`story`, `scene/sc_…`) hold exactly these nodes and edges, in one transaction."""

    def replace_all(self, parts: Sequence[tuple[str, Sequence[Node], Sequence[Edge]]]) -> ReplaceReport:
        """Make the store hold exactly these (scope, nodes, edges), in one transaction: other scopes disappear."""

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
        """A named query (`scene_briefing`, `character_arc` …): rows in the query's own order."""

    def search(self, text: str, kinds: Sequence[NodeKind] = ()) -> list[Node]:
        """Nodes whose text holds every word, best first."""

    def patch_if(self, node_id: str, expected_version: int, patch: dict[str, Any]) -> Node:
        """Merge `patch` into the node's data if its version still is `expected_version`; else StaleEdit."""

    def dump(self) -> Iterable[str]:
        """The whole graph as JSON lines, nodes first, in a fixed order."""

    def load(self, lines: Iterable[str]) -> ReplaceReport: ...

    def fingerprint(self) -> str: ...

    def close(self) -> None: ...
