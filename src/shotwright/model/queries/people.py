"""Questions about characters: where they are, with whom, and what they feel, say and wear."""

from __future__ import annotations

from typing import Literal

from shotwright.model.queries.parameters import MaybeCharacter, OneCharacter
from shotwright.model.queries.rows import Lines, SceneRow
from shotwright.model.query import NamedQuery, NoParameters
from shotwright.model.value import Value


class ArcRow(SceneRow):
    synopsis: str | None
    """One line of what happens."""
    story_day: str | None
    """`D1`, `N1`, `FB1` …"""
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


class CharacterSceneRow(SceneRow):
    heading: str | None
    """The slugline as written."""
    synopsis: str | None
    """One line of what happens."""
    location: str | None
    """Where: `location/…`."""
    time_of_day: str | None
    """Resolved: `midday`, `night` …"""
    story_day: str | None
    """`D1`, `N1`, `FB1` …"""
    eighths: int | None
    """The scene's length in eighths of a page."""
    speeches: int | None
    """How often the character speaks."""
    voice_only: bool | None
    """Heard and never in the place."""
    on_phone: bool | None
    """Heard over a telephone."""
    enters: str | None
    """The unit at which it arrives; null when there from the start."""
    exits: str | None
    """The unit at which it leaves; null when it stays."""
    holding: tuple[str, ...] | None
    """Props in its hands as the scene begins."""
    lines: Lines | None
    """Where in the script the scene shows or hears it; the whole scene where it is there unnamed."""


class WardrobeRow(SceneRow):
    story_day: str | None
    """`D1`, `N1`, `FB1` …"""
    look: str
    """What is worn: `look/…`."""
    wearing: str | None
    """The same in words."""
    clothes: tuple[str, ...]
    """The garments."""
    condition: tuple[str, ...]
    """Wet, dirt, wounds."""
    changed: bool
    """Look or condition differ from those of the scene before in which the character is dressed; true of the first."""
    why: Literal["first", "condition", "story_day", "change"] | None
    """First seen; the same clothes in another state; another story day; changed within one. Null when unchanged."""


class PairRow(Value):
    a: str
    """The one of the two that the film's cast lists first."""
    b: str
    """The other."""
    scenes: int
    """How many they share."""
    speeches: int
    """How many pass between them, either way."""
    first_order: int
    """The place in the film of the first scene that they share."""
    last_order: int
    """And of the last."""


class TalkRow(Value):
    speaker: str
    """Who speaks."""
    addressee: str
    """To whom."""
    speeches: int
    """How often in the film."""
    scenes: int
    """In how many scenes."""
    first_scene: str
    """Where first: `scene/sc_…`."""
    first_order: int
    """That scene's place in the film."""
    last_scene: str
    """Where last."""
    last_order: int
    """That scene's place in the film."""


class CastRow(Value):
    character: str
    """`character/…`."""
    order: int
    """Its place in the film's cast."""
    name: str | None
    """Its name."""
    role: str | None
    """`lead`, `supporting`, `minor`, `background`."""
    scenes: int
    """How many it is in, as a voice too."""
    voices: int
    """In how many of them it is only heard."""
    speeches: int
    """How often it speaks in the film."""
    story_days: int
    """On how many story days it appears."""
    shots: int
    """How many show it."""
    first_scene: str | None
    """Where it comes in; null when it is in none."""
    first_order: int | None
    """That scene's place in the film."""
    last_scene: str | None
    """Where it is last seen or heard."""
    last_order: int | None
    """That scene's place in the film."""


QUERIES = (
    NamedQuery(
        name="cast_list",
        what="Every character with the scenes, voices, speeches, story days and shots it has, and where it comes in "
        "first and last.",
        parameters=NoParameters,
        row=CastRow,
        order=("order", "character"),
    ),
    NamedQuery(
        name="character_arc",
        what="A character through the film: each scene in order, how it feels going in and coming out, what it wears, "
        "how much it says.",
        parameters=OneCharacter,
        row=ArcRow,
        order=("order", "scene"),
    ),
    NamedQuery(
        name="scenes_of_character",
        what="Where and when a character is called: its scenes with place, time, story day and length, when it comes "
        "and goes, and what it holds.",
        parameters=OneCharacter,
        row=CharacterSceneRow,
        order=("order", "scene"),
    ),
    NamedQuery(
        name="wardrobe",
        what="What a character wears from scene to scene, when that changes, and whether a new day, the condition or "
        "the script changes it.",
        parameters=OneCharacter,
        row=WardrobeRow,
        order=("order", "scene", "look"),
    ),
    NamedQuery(
        name="co_appearance",
        what="Who shares scenes with whom, most scenes first, and how many speeches pass between them; a voice that is "
        "only heard counts.",
        parameters=MaybeCharacter,
        row=PairRow,
        order=("-scenes", "-speeches", "a", "b"),
    ),
    NamedQuery(
        name="speaks_with",
        what="Who speaks to whom, how often and in how many scenes, and where first and last; most speeches first.",
        parameters=MaybeCharacter,
        row=TalkRow,
        order=("-speeches", "first_order", "speaker", "addressee"),
    ),
)
