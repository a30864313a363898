"""The scene as numbered blocks, and its shots as ranges of them: the form in which another cut is wished for.

A block is what no cut divides: one piece, or several that belong together (a direction and what it heads, two who
speak at once). Fixed shots stand between blocks and are in none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.craft.timing import plain
from shotwright.crew.director.draft import direct_scene
from shotwright.crew.director.fixed import around
from shotwright.crew.director.pieces import cut_into_pieces
from shotwright.crew.director.wishes import Wishes
from shotwright.model.crew import DirectedShot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.crew.director.pieces import Piece, SceneMap
    from shotwright.model.crew import DirectedScene, FilmSettings, Revision
    from shotwright.model.ids import EntityId
    from shotwright.model.story import SceneBrief

Range = tuple[int, int]
"""First and last block, from 0, both in the range."""


@dataclass(frozen=True, slots=True)
class Block:
    """Pieces that no cut divides."""

    first: int
    """Index of its first piece among all that are not fixed."""
    pieces: tuple[Piece, ...]
    opens: bool
    """A cut always stands before it: a stretch, a place or a written shot begins."""
    after: DirectedShot | None = None
    """The fixed shot that stands before it."""

    @property
    def seconds(self) -> float:
        return sum(p.seconds for p in self.pieces)


@dataclass(frozen=True, slots=True)
class Cutting:
    """The blocks of a scene, and where the draft's shots lie in them."""

    blocks: tuple[Block, ...]
    draft: tuple[Range, ...]
    """Of the draft's shots that carry script and are not fixed, in order."""

    def ranges(self, scene: DirectedScene, fixed: tuple[DirectedShot, ...]) -> tuple[Range, ...]:
        """Where a scene's shots lie; as many as `free_shots` has."""
        pieces = [p for b in self.blocks for p in b.pieces]
        block_of = [n for n, b in enumerate(self.blocks) for _ in b.pieces]
        spans = _spans(free_shots(scene, fixed), pieces)
        return tuple((block_of[a], block_of[b - 1]) for a, b in spans)

    def seconds(self, of: Range) -> float:
        """How long the blocks of a range play, at least a little for each."""
        return sum(max(0.5, self.blocks[n].seconds) for n in range(of[0], of[1] + 1))


def free_shots(scene: DirectedScene, fixed: tuple[DirectedShot, ...]) -> list[DirectedShot]:
    """The shots that carry script and that nobody has fixed."""
    kept = {f.shot_id for f in fixed}
    return [s for s in scene.shots if not s.added and s.shot_id not in kept]


def number_blocks(
    brief: SceneBrief, settings: FilmSettings, scene: SceneMap, draft: DirectedScene, fixed: tuple[DirectedShot, ...]
) -> Cutting | None:
    """The scene's blocks; None where the draft's shots do not lie on its pieces."""
    pieces: list[Piece] = []
    opens: dict[int, DirectedShot | None] = {}
    before: DirectedShot | None = None
    for stretch in around(cut_into_pieces(brief, settings, scene), fixed):
        if isinstance(stretch, DirectedShot):
            before = stretch
            continue
        opens[len(pieces)] = before
        pieces.extend(stretch)
        before = None
    spans = _spans(free_shots(draft, fixed), pieces)
    if not spans or spans[-1][1] != len(pieces) or any(a >= b for a, b in spans):
        return None
    begins = {a for a, _ in spans}
    blocks: list[Block] = []
    first = 0
    for n in range(1, len(pieces) + 1):
        if n < len(pieces) and n not in opens and n not in begins and (pieces[n].glue or pieces[n].dual_second):
            continue
        head = pieces[first]
        blocks.append(Block(first, tuple(pieces[first:n]), first in opens or head.must, opens.get(first)))
        first = n
    cutting = Cutting(tuple(blocks), ())
    return Cutting(cutting.blocks, cutting.ranges(draft, fixed))


def cut_anew(
    brief: SceneBrief,
    settings: FilmSettings,
    fixed: tuple[DirectedShot, ...],
    revisions: tuple[Revision, ...],
    cutting: Cutting,
    starts: Sequence[int],
    watched: Mapping[int, tuple[EntityId, ...]],
) -> DirectedScene:
    """The rules' scene with shots that begin at blocks and, by block, watch these people, as far as that is legal."""
    first = [b.first for b in cutting.blocks]
    wishes = Wishes(frozenset(first[n] for n in starts), {first[n]: people for n, people in watched.items() if people})
    return direct_scene(brief, settings, fixed, revisions, wishes)


def _spans(shots: Sequence[DirectedShot], pieces: Sequence[Piece]) -> list[tuple[int, int]]:
    """(first piece, piece after the last) of each shot, by the words that it says and the units that it cites."""
    found: list[tuple[int, int]] = []
    at = 0
    for shot in shots:
        begin = at
        units = set(shot.units)
        left: dict[str, int] = {}
        for line in shot.dialogue:
            left[line.unit] = left.get(line.unit, 0) + _letters(line.text)
        while at < len(pieces):
            piece = pieces[at]
            if piece.kind == "speech":
                if left.get(piece.unit, 0) <= 0:
                    break
                left[piece.unit] -= _letters(piece.text)
            elif piece.unit not in units:
                break
            at += 1
        found.append((begin, max(at, begin)))
    return found


def _letters(text: str) -> int:
    return sum(len(word) for word in plain(text).split())
