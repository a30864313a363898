"""Prose in pieces that a model can read at once, cut where the text itself says so.

A border depends only on the paragraphs near it, so that an edit changes its own piece and leaves the others as they
were, letter for letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from shotwright.model.ids import digest
from shotwright.model.value import Value

if TYPE_CHECKING:
    from shotwright.crew.architect.adapt import Draft

LEAST_WORDS = 700
MOST_WORDS = 1200
LEAST_SECTION = 350
"""A section's end is a border once so many words are gathered."""

Do = Literal["show", "keep", "voice", "drop"]


class SceneChoice(Value):
    """A scene that begins at a moment of the chunk."""

    at: int
    """Index of the moment in the draft."""
    int_ext: Literal["INT", "EXT", "INT/EXT"]
    place: str
    time: str
    mind: str = "rules"


class LineChoice(Value):
    """What becomes of a sentence of narration."""

    do: Do
    text: str = ""
    mind: str = "rules"


class ChunkChoices(Value):
    """Everything that is decided about one chunk; what is not in it stands as the rules drafted it."""

    start: int
    end: int
    """Moments start..end-1 of the draft."""
    scenes: tuple[SceneChoice, ...] = ()
    speakers: dict[int, str] = {}
    """Number of a speech -> cue, where the draft was unsure."""
    speaker_minds: dict[int, str] = {}
    lines: dict[int, LineChoice] = {}
    """Index of a moment -> what becomes of it, where it does not stay as it is."""
    notes: tuple[str, ...] = ()
    mind: str = "rules"
    pending: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Moments that are asked about together."""

    start: int
    end: int


def chunks(draft: Draft) -> list[Chunk]:
    """The draft's moments in chunks of about a thousand words, cut between paragraphs."""
    moments = draft.told.moments
    fresh = {cut.at for cut in draft.cuts if cut.fresh}
    out: list[Chunk] = []
    start = words = 0
    for at, moment in enumerate(moments):
        new_paragraph = at > start and moment.paragraph != moments[at - 1].paragraph
        if new_paragraph and moment.speech and moment.speech == moments[at - 1].speech:
            new_paragraph = False
        if new_paragraph and (
            words >= MOST_WORDS
            or (at in fresh and words >= LEAST_SECTION)
            or (words >= LEAST_WORDS and int(digest(moment.text, length=4), 16) % 4 == 0)
        ):
            out.append(Chunk(start, at))
            start, words = at, 0
        words += len(moment.text.split())
    if start < len(moments):
        out.append(Chunk(start, len(moments)))
    return out
