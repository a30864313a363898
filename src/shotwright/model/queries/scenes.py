"""Questions about one scene: what it needs, who is in it, and what it takes over from the scenes before."""

from __future__ import annotations

from typing import Any, Literal

from shotwright.model.queries.parameters import Occasion, OneScene
from shotwright.model.queries.rows import Lines, SceneRow
from shotwright.model.query import NamedQuery
from shotwright.model.value import Value


class BriefingRow(Value):
    part: Literal["scene", "cast", "place", "thing", "plot_point", "previous", "next"]
    """What the row tells of."""
    order: int
    """The place among the rows of its part."""
    id: str
    """The node that it tells of."""
    data: Any
    """What the scene sees of the node; of a neighbour the little that a scene is briefed on. Null when unknown."""
    edge: Any
    """What binds the node to the scene: of the cast its presence. Null of the scene itself."""
    look: Any
    """Of the cast: what it wears here; else null."""


class BreakdownRow(Value):
    category: Literal["character", "voice", "look", "location", "prop", "vehicle", "animal", "asset"]
    """What department it falls to; a voice is a character that is heard and never in the place."""
    order: int
    """The place within its category: as the scene lists it, of an asset by the first shot that needs it."""
    id: str
    """The node."""
    name: str | None
    """Its name; of a look its description."""
    whose: str | None
    """Of a look the character, of a thing its owner, of an asset for whom or what it is."""
    wanted: bool | None
    """Of an asset: no library holds it yet; else null."""


class PresentRow(SceneRow):
    character: str
    """Who was there: `character/…`."""
    name: str | None
    """Its name."""
    voice_only: bool | None
    """Heard and never in the place."""
    on_phone: bool | None
    """Heard over a telephone."""
    enters: str | None
    """The unit at which it arrives; null when there from the start."""
    exits: str | None
    """The unit at which it leaves; null when it stays."""
    look: str | None
    """What it wears: `look/…`."""
    wearing: str | None
    """The same in words."""
    lines: Lines | None
    """Where in the script the scene shows or hears it; the whole scene where it is there unnamed."""


class CarriedRow(Value):
    character: str
    """Who is in the scene: `character/…`."""
    order: int
    """The place in the scene's cast."""
    story_day: str | None
    """Of this scene."""
    look: str | None
    """What it wears here: `look/…`."""
    wearing: str | None
    """The same in words."""
    condition: tuple[str, ...] | None
    """Wet, dirt, wounds here."""
    holding: tuple[str, ...] | None
    """Props in its hands as the scene begins."""
    feels_from: str | None
    """The feeling that it comes in with."""
    since: str | None
    """The last earlier scene in which it was seen; null when this is the first."""
    since_order: int | None
    """That scene's place in the film."""
    since_day: str | None
    """That scene's story day."""
    since_look: str | None
    """What it wore there."""
    since_wearing: str | None
    """The same in words."""
    since_condition: tuple[str, ...] | None
    """Wet, dirt, wounds there."""
    felt: str | None
    """The feeling that it left with."""
    must_match: bool | None
    """The story day is the same, so that look and condition carry over unless the script changes them."""


QUERIES = (
    NamedQuery(
        name="scene_briefing",
        what="All that the crew is told about a scene in one answer: the scene, its cast with looks and feelings, "
        "place, things, plot points and neighbours.",
        parameters=OneScene,
        row=BriefingRow,
        order=("part", "order", "id"),
    ),
    NamedQuery(
        name="breakdown",
        what="What a scene needs on the day: cast and voices, looks, place, props, vehicles, animals, and the assets "
        "of its shots.",
        parameters=OneScene,
        row=BreakdownRow,
        order=("category", "order", "id", "whose"),
    ),
    NamedQuery(
        name="who_was_there",
        what="Who was in a scene, or in every scene where a plot point, prop, place, person, day or feeling comes in, "
        "with what they wore and whether only a voice.",
        parameters=Occasion,
        row=PresentRow,
        order=("order", "scene", "character", "look"),
    ),
    NamedQuery(
        name="carried_into",
        what="What each character brings into a scene: where it was last seen before, in what and in what state, "
        "beside what it wears and holds here.",
        parameters=OneScene,
        row=CarriedRow,
        order=("order", "character", "look", "since_look"),
    ),
)
