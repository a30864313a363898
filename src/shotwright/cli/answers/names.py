"""Scenes by number and everything else by name: from what people type to nodes, and from nodes to what people read."""

from __future__ import annotations

import difflib
import json
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from shotwright.errors import InputError
from shotwright.model.graph import COLLECTIONS, Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from shotwright.model.graph import NodeKind

THINGS = ("prop", "vehicle", "animal")
PREFERRED = (
    "character", "location", *THINGS, "asset", "story_day", "emotional_beat", "plot_point", "look", "shot", "film",
)  # fmt: skip
"""Where a name is looked for first when nodes of any kind may have it."""
KINDS: dict[str, tuple[str, ...]] = {
    "before": ("scene",),
    "thing": THINGS,
    "last_seen_with.thing": (*THINGS, "character"),
    "first": ("plot_point",),
    "last": ("plot_point",),
    "beat": ("emotional_beat",),
    "what": ("scene", *THINGS, "character", "location", "plot_point", "story_day", "emotional_beat"),
    "node": ("scene", *PREFERRED),
}
"""Parameter (of one query, where its name is put before it) -> the kinds of node that it takes, those first in which
a name is looked for first; other parameters are called after their kind."""
LONGEST_NAME = 200
SHOWN = 5


def kinds_of(query: str, parameter: str) -> tuple[str, ...]:
    """The kinds of node that a query's parameter takes; none when it takes plain text."""
    named = KINDS.get(f"{query}.{parameter}") or KINDS.get(parameter)
    return named or ((parameter,) if parameter in COLLECTIONS else ())


class Names:
    """The names in one production's graph. Nodes are read when they are first needed.

    `dump` gives the store's lines, nodes first; `find_scene` turns a number into a scene id or complains;
    `numbers` is scene id -> number.
    """

    def __init__(
        self,
        dump: Callable[[], Iterable[str]],
        find_scene: Callable[[str], str],
        numbers: Callable[[], Mapping[str, str]],
    ) -> None:
        self._dump = dump
        self._find_scene = find_scene
        self._numbers = numbers

    @cached_property
    def nodes(self) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for line in self._dump():
            entry: dict[str, Any] = json.loads(line)
            if "node" not in entry:
                break
            found[entry["node"]["id"]] = Node.model_construct(**entry["node"])
        return found

    @cached_property
    def numbers(self) -> Mapping[str, str]:
        return self._numbers()

    @cached_property
    def order(self) -> list[str]:
        """Scene nodes in the order of the film."""
        return [n.id for n in sorted(self.nodes.values(), key=lambda n: (n.order, n.id)) if n.kind == "scene"]

    def number(self, scene: str) -> str:
        """The number of a scene node; its id when it has none."""
        return self.numbers.get(scene.removeprefix("scene/"), scene)

    def show(self, node_id: str) -> str:
        """What people call a node; any other text as it is."""
        kind, slash, rest = node_id.partition("/")
        if not slash or kind not in COLLECTIONS or node_id not in self.nodes:
            return node_id
        if kind == "scene":
            return self.number(node_id)
        return next(iter(called(self.nodes[node_id])), rest)

    def find(self, parameter: str, text: str, kinds: Sequence[str]) -> str:
        """The node that a person means: an id, a scene's number, a name, an alias, or words of one that only one has.

        InputError with a suggestion when there is none or several.
        """
        wanted = " ".join(text.split())[:LONGEST_NAME]
        if text in self.nodes:
            kind = self.nodes[text].kind
            if kind in kinds:
                return text
            raise InputError(f"{text} is a {_plain(kind)}", hint=f"--{parameter} takes {_listed(kinds)}")
        if kinds == ("scene",) or ("scene" in kinds and re.fullmatch(r"(?i)(scene[ /])?\d+[a-z]*", wanted)):
            return f"scene/{self._find_scene(re.sub(r'(?i)^scene[ /]', '', wanted))}"
        return self._by_name(parameter, wanted, kinds)

    def _by_name(self, parameter: str, wanted: str, kinds: Sequence[str]) -> str:
        named = [
            (node, called(node))
            for kind in kinds
            if kind != "scene"
            for node in self.nodes.values()
            if node.kind == kind
        ]
        key = wanted.casefold()
        for exact in (
            [n for n, names in named if key in {name.casefold() for name in names[:1]} | {_slug(n.id)}],
            [n for n, names in named if key in {name.casefold() for name in names}],
        ):
            if exact:
                return exact[0].id
        words = set(re.findall(r"\w+", key))
        holding = [
            n for n, names in named if words and any(words <= set(re.findall(r"\w+", x.casefold())) for x in names)
        ]
        if len(holding) == 1:
            return holding[0].id
        what = _listed(kinds) if len(kinds) <= 4 else "node"
        if holding:
            many = [f"{self.show(n.id)} ({n.id})" for n in holding[:SHOWN]]
            more = f" and {len(holding) - SHOWN} more" if len(holding) > SHOWN else ""
            raise InputError(f"{wanted} may be {len(holding)} of them", hint=f"--{parameter} {', '.join(many)}{more}")
        known = {
            word.casefold(): names[0]
            for _, names in reversed(named)
            for name in names
            for word in (name, *name.split())
        }
        close = list(dict.fromkeys(known[k] for k in difflib.get_close_matches(key, known, 3)))
        some = [names[0] for _, names in named[:SHOWN]]
        hint = f"did you mean {' or '.join(close)}?" if close else f"there are: {', '.join(some)} …" if some else ""
        raise InputError(f"no {what} called {wanted}", hint=hint)


def called(node: Node) -> list[str]:
    """Every name of a node, the one that people use first."""
    data = node.data
    if node.kind == "look":
        person = str(data.get("character", "")).partition("/")[2].replace("_", " ")
        worn = str(data.get("description") or node.id.rpartition(".")[2].replace("_", " "))
        names = [worn, f"{person} {worn}"]
    elif node.kind == "film":
        names = [str(data.get("title", ""))]
    else:
        names = [str(data.get(field, "")) for field in ("name", "label", "summary", "key")]
    others = [*cast("list[str]", data.get("aliases") or []), *cast("list[str]", data.get("cues") or [])]
    return [name for name in [*names, *map(str, others)] if name] or [node.id.partition("/")[2]]


def _slug(node_id: str) -> str:
    return node_id.partition("/")[2].casefold()


def _plain(kind: str) -> str:
    return kind.replace("_", " ")


def _listed(kinds: Sequence[str]) -> str:
    plain = [_plain(kind) for kind in kinds]
    return " or ".join([", ".join(plain[:-1]), plain[-1]]) if len(plain) > 1 else plain[0]


def as_kinds(kinds: Iterable[str]) -> tuple[NodeKind, ...]:
    """Kinds of node given by people. InputError for one that does not exist."""
    found = tuple(kinds)
    for kind in found:
        if kind not in COLLECTIONS:
            close = difflib.get_close_matches(kind, COLLECTIONS, 1)
            raise InputError(
                f"there is no kind of node called {kind}",
                hint=f"did you mean {close[0]}?" if close else f"there are: {', '.join(COLLECTIONS)}",
            )
    return cast("tuple[NodeKind, ...]", found)
