"""Ids of scenes and units: derived from the text once, then carried from draft to draft by alignment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.model.ids import SceneId, UnitId, digest
from shotwright.model.idtable import IdTable, SceneEntry, UnitEntry
from shotwright.model.screenplay import Scene, Screenplay, Unit
from shotwright.screenplay.alignment import Block, Line, align_blocks, align_lines, carry_strays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.screenplay.pagination import Pages
    from shotwright.screenplay.scenes import SceneText


def _block(scene: SceneText) -> Block:
    lines = tuple(Line(unit.kind, unit.cue, unit.text) for unit in scene.units)
    return Block(scene.heading.raw, scene.number or "", lines)


def _entry_block(entry: SceneEntry) -> Block:
    lines = tuple(Line(unit.kind, unit.cue, unit.text) for unit in entry.units)
    return Block(entry.heading, entry.number or "", lines)


class _Minter:
    """Makes new ids: a digest of the text and its ordinal among equal texts, never one that is or was in use."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken
        self.ordinals: dict[tuple[str, ...], int] = {}

    def mint(self, prefix: str, *parts: str) -> str:
        ordinal = self.ordinals.get(parts, 0)
        while (made := f"{prefix}_{digest(*parts, str(ordinal))}") in self.taken:
            ordinal += 1
        self.ordinals[parts] = ordinal + 1
        self.taken.add(made)
        return made


def _carried(blocks: Sequence[Block], previous: IdTable) -> tuple[list[str], list[list[str]]]:
    """Ids carried over from the previous draft per scene and unit; empty where a new one is needed."""
    old = [_entry_block(entry) for entry in previous.scenes]
    pairs = align_blocks(old, blocks)
    scene_ids = [""] * len(blocks)
    unit_ids = [[""] * len(block.lines) for block in blocks]
    loose = {(i, j) for i, block in enumerate(old) for j in range(len(block.lines))}
    for i, k in sorted(pairs.items()):
        scene_ids[k] = previous.scenes[i].id
        for a, b in align_lines(old[i].lines, blocks[k].lines).items():
            unit_ids[k][b] = previous.scenes[i].units[a].id
            loose.discard((i, a))
    open_ = [(k, b) for k, ids in enumerate(unit_ids) for b, given in enumerate(ids) if not given]
    for (i, a), (k, b) in carry_strays(old, sorted(loose), blocks, open_).items():
        unit_ids[k][b] = previous.scenes[i].units[a].id
    return scene_ids, unit_ids


def assign(
    scenes: Sequence[SceneText], pages: Pages, title_page: dict[str, str], previous: IdTable | None
) -> tuple[Screenplay, IdTable]:
    """Gives every scene and unit its id and builds the `Screenplay`, with the table for the next draft.

    Without `previous` an id depends on the scene's own text alone, so a change in one scene alters no other's. With it,
    scenes and units that the previous draft held keep their ids, moved, renamed and reworded ones too.
    """
    blocks = [_block(scene) for scene in scenes]
    if previous is None or not previous.scenes:
        scene_ids, unit_ids = [""] * len(blocks), [[""] * len(block.lines) for block in blocks]
        minter = _Minter(set())
    else:
        scene_ids, unit_ids = _carried(blocks, previous)
        taken: set[str] = {entry.id for entry in previous.scenes}
        taken.update(unit.id for entry in previous.scenes for unit in entry.units)
        minter = _Minter(taken)
    built: list[Scene] = []
    entries: list[SceneEntry] = []
    lines: dict[str, tuple[int, int]] = {}
    for k, scene in enumerate(scenes):
        scene_id = SceneId(scene_ids[k] or minter.mint("sc", blocks[k].fingerprint))
        lines[scene_id] = scene.lines
        units: list[Unit] = []
        for b, text in enumerate(scene.units):
            unit_id = UnitId(unit_ids[k][b] or minter.mint("un", scene_id, text.kind, text.cue, text.text))
            lines[unit_id] = text.lines
            units.append(
                Unit(
                    id=unit_id,
                    kind=text.kind,
                    text=text.text,
                    paragraph=text.paragraph,
                    cue=text.cue,
                    extension=text.extension,
                    parts=text.parts,
                    dual=text.dual,
                    centered=text.centered,
                )
            )
        built.append(
            Scene(
                id=scene_id,
                heading=scene.heading,
                number=scene.number,
                implied=scene.implied,
                omitted=scene.omitted,
                units=tuple(units),
                synopsis="\n".join(scene.synopsis),
                notes=tuple(scene.notes),
            )
        )
        rows = tuple(UnitEntry(id=unit.id, kind=unit.kind, text=unit.text, cue=unit.cue) for unit in units)
        entries.append(SceneEntry(id=scene_id, heading=scene.heading.raw, number=scene.number, units=rows))
    screenplay = Screenplay(
        title_page=title_page,
        scenes=tuple(built),
        lines=lines,
        eighths={scene.id: length for scene, length in zip(built, pages.eighths, strict=True)},
        pages={scene.id: start for scene, start in zip(built, pages.starts, strict=True)},
        total_pages=pages.total,
    )
    return screenplay, IdTable(scenes=tuple(entries))
