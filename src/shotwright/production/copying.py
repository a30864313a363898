"""A production's graph moved from one store to another: part by part, resumable, and then proved equal."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shotwright.errors import ConfigError, StoreError
from shotwright.model.graph import COLLECTIONS
from shotwright.model.queries import QUERIES
from shotwright.production.graph import claim, open_graph
from shotwright.production.journal import Journal
from shotwright.production.opened import Production

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from shotwright.model.query import NamedQuery
    from shotwright.ports.story_store import StoryStore

BATCH = 1000
"""Nodes and edges from which a transaction is closed: what an interrupted copy does again is at most this."""
EMBEDDED = "embedded"
"""As an address: the production's own file."""
ASKED = 12
"""Nodes of each kind about which every named query is asked on both sides; of scenes, all."""

_THINGS: tuple[str, ...] = ("prop", "vehicle", "animal")
SEVERAL: dict[str, tuple[str, ...]] = {
    "thing": (*_THINGS, "character"),
    "node": tuple(COLLECTIONS),
    "what": ("scene", "plot_point", *_THINGS, "character", "location", "story_day", "emotional_beat"),
    "first": ("plot_point",),
    "last": ("plot_point",),
}
"""Parameters that take nodes of another kind than they are called after, or of several."""


@dataclass(slots=True)
class CopyReport:
    """What a copy did, and what was compared afterwards."""

    target: str
    parts_copied: int = 0
    parts_kept: int = 0
    """Found there already, by the hash of their contents: an interrupted copy goes on from here."""
    parts_dropped: int = 0
    nodes: int = 0
    edges: int = 0
    answers_compared: int = 0


def copy_graph(path: Path, url: str, progress: Callable[[int, int], None] = lambda done, total: None) -> CopyReport:
    """Copy the production's graph to the store at `url` (`embedded`: its own file) and prove that both are equal.

    Interrupted at any point, the same call goes on. StoreError when the stores differ in the end.
    """
    from shotwright.production import wire

    with Production(path) as production:
        folder, settings = production.folder, production.configured.settings.store
        there = settings.model_copy(update={"url": "" if url == EMBEDDED else url})
        if there.url == settings.url:
            raise ConfigError(f"the graph is in {url} already", hint="shotwright config shows store.url")
        with (
            folder.locked(),
            Journal(folder.journal) as journal,
            open_graph(path) as source,
            closing(wire.story_store(there, folder)) as target,
        ):
            if there.url:
                claim(target, there, folder, journal)
            report = CopyReport(url)
            _move(source, target, report, progress)
            _prove(source, target, report)
    return report


def _move(source: StoryStore, target: StoryStore, report: CopyReport, progress: Callable[[int, int], None]) -> None:
    hashes, there = source.scopes(), target.scopes()
    wanted = {scope for scope, content in hashes.items() if not content or there.get(scope) != content}
    report.parts_kept = len(hashes) - len(wanted)
    for scope in there:
        if scope not in hashes:
            target.replace(scope, (), ())
            report.parts_dropped += 1
    progress(report.parts_kept, len(hashes))
    for scopes, lines in _batches(source.dump(), wanted):
        target.load(lines)
        report.parts_copied += scopes
        progress(report.parts_kept + report.parts_copied, len(hashes))


def _batches(dump: Iterable[str], wanted: set[str]) -> Iterator[tuple[int, list[str]]]:
    """(how many parts, their lines) of the parts that are wanted, whole parts only."""
    parts: dict[str, list[str]] = {}
    for line in dump:
        scope = json.loads(line)["scope"]
        if scope in wanted:
            parts.setdefault(scope, []).append(line)
    scopes, lines = 0, []
    for scope in sorted(parts):
        scopes += 1
        lines += parts[scope]
        if len(lines) >= BATCH:
            yield scopes, lines
            scopes, lines = 0, []
    if lines:
        yield scopes, lines


def _prove(source: StoryStore, target: StoryStore, report: CopyReport) -> None:
    """StoreError unless both hold the same number of everything, the same contents, and give the same answers."""
    here, nodes = _inventory(source)
    there, _ = _inventory(target)
    if here != there:
        kind = min(k for k in here.keys() | there.keys() if here[k] != there[k])
        raise _differs(report, f"{here[kind]} of kind {kind} here and {there[kind]} there")
    if source.fingerprint() != target.fingerprint():
        raise _differs(report, "the contents differ")
    report.nodes, report.edges = here["nodes"], here["edges"]
    for query in QUERIES.values():
        for parameters in questions(query, nodes):
            if source.run(query.name, **parameters) != target.run(query.name, **parameters):
                raise _differs(report, f"{query.name} {parameters} answers otherwise")
            report.answers_compared += 1


def questions(query: NamedQuery, nodes: Mapping[str, list[str]]) -> Iterator[dict[str, Any]]:
    """Parameters to ask a named query with, from the nodes that there are (kind -> ids)."""
    required = [name for name, field in query.parameters.model_fields.items() if field.is_required()]
    if not required:
        yield {}
        return
    columns = [_candidates(name, nodes) for name in required]
    for i in range(max(map(len, columns)) if all(columns) else 0):
        yield {name: column[i % len(column)] for name, column in zip(required, columns, strict=True)}


def _candidates(name: str, nodes: Mapping[str, list[str]]) -> list[str]:
    """What a parameter of this name may be: a node of the kind that it is called after, or one of several kinds."""
    if name == "scene":
        return nodes.get("scene", [])
    if name == "beat":
        return [node.partition("/")[2] for node in nodes.get("emotional_beat", [])]
    kinds = SEVERAL.get(name, (name,))
    found = [node for kind in kinds for node in nodes.get(kind, [])[:ASKED]]
    return found[-1:] if name == "last" else found


def _inventory(store: StoryStore) -> tuple[Counter[str], dict[str, list[str]]]:
    """(how many nodes, edges and of each kind, kind of node -> ids)."""
    counts: Counter[str] = Counter()
    nodes: dict[str, list[str]] = {}
    for line in store.dump():
        entry = json.loads(line)
        what = "node" if "node" in entry else "edge"
        counts[f"{what}s"] += 1
        counts[entry[what]["kind"]] += 1
        if what == "node":
            nodes.setdefault(entry[what]["kind"], []).append(entry[what]["id"])
    return counts, nodes


def _differs(report: CopyReport, how: str) -> StoreError:
    return StoreError(
        f"the copy at {report.target} is not equal: {how}",
        hint="was something else writing? the same command copies again what differs",
    )
