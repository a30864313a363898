"""Questions about characters: where they are, with whom, and what they feel and wear."""

from __future__ import annotations

from shotwright.model.query import NamedQuery
from shotwright.model.value import Value


class OneCharacter(Value):
    character: str
    """A character: `character/…`."""


class MaybeCharacter(Value):
    character: str = ""
    """Only what has to do with this character: `character/…`; empty for the whole film."""


class ArcRow(Value):
    scene: str
    order: int
    """The scene's place in the film."""
    synopsis: str | None
    story_day: str | None
    feels_from: str | None
    """The feeling that the character comes in with."""
    feels_to: str | None
    """And the one that it leaves with."""
    peak_intensity: float | None
    """Of the scene's strongest feeling, 0-1."""
    speeches: int | None
    """How often it speaks here."""
    voice_only: bool | None
    """Heard and never in the place."""
    look: str | None
    """What it wears: `look/…`."""


class PairRow(Value):
    a: str
    """The one of the two that the film's cast lists first."""
    b: str
    scenes: int
    """How many they share."""
    speeches: int
    """How many pass between them, either way."""
    first_order: int
    """The place of the first scene that they share."""
    last_order: int


QUERIES = (
    NamedQuery(
        name="character_arc",
        what="A character through the film: each scene in order, how it feels going in and coming out, what it wears, "
        "how much it says.",
        parameters=OneCharacter,
        row=ArcRow,
        order=("order", "scene"),
    ),
    NamedQuery(
        name="co_appearance",
        what="Who shares scenes with whom, most scenes first, and how many speeches pass between them; a voice that is "
        "only heard counts.",
        parameters=MaybeCharacter,
        row=PairRow,
        order=("-scenes", "-speeches", "a", "b"),
    ),
)
