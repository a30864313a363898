"""Questions about shots, the assets that they need, and what a change would touch."""

from __future__ import annotations

from typing import Literal

from shotwright.model.queries.parameters import MaybeScene, OneAsset, OneNode, OneScene
from shotwright.model.queries.rows import Line, Needed, Shown
from shotwright.model.query import NamedQuery, NoParameters
from shotwright.model.value import Value


class ShotRow(Value):
    shot: str
    """`shot/…`."""
    order: int
    """Its place in the film."""
    label: str | None
    """As the slate has it: `12A-3`."""
    setup: str | None
    """The camera set-up that it is taken from."""
    size: str | None
    """`wide`, `medium`, `close_up` …"""
    framing: str | None
    """`single`, `two_shot`, `over_the_shoulder` …"""
    angle: str | None
    """`eye_level`, `low_angle` …"""
    movement: str | None
    """`static`, `dolly_in` …"""
    function: str | None
    """`master`, `coverage`, `reaction` …"""
    seconds: float | None
    """How long it lasts."""
    shot_purpose: str | None
    """Why it is there."""
    beat: str | None
    """The feeling that it plays under."""
    intensity: float | None
    """Of that feeling, 0-1."""
    dialogue: tuple[Line, ...] | None
    """What is said in it."""
    features: tuple[Shown, ...]
    """Whom and what it shows."""
    assets: tuple[Needed, ...]
    """What it needs."""
    status: str | None
    """Of its review: `proposed`, `flagged`, `approved` …"""
    flags: int | None
    """Open in it."""
    approved: bool | None
    """A person has approved it."""


class UseRow(Value):
    shot: str
    """Which needs the asset: `shot/…`."""
    order: int
    """The shot's place in the film."""
    label: str | None
    """As the slate has it: `12A-3`."""
    scene: str | None
    """The shot's scene."""
    scene_order: int | None
    """That scene's place in the film; null when the graph has no such scene."""
    entity: str | None
    """For whom or what the asset stands in."""
    wanted: bool | None
    """No library holds it yet."""


class WantedRow(Value):
    asset: str
    """`asset/…`, under the key that it was proposed by."""
    name: str | None
    """Its name."""
    kind: str | None
    """`character`, `location`, `object` …"""
    entity: str | None
    """For whom or what it is first needed."""
    shots: int
    """How many need it."""
    scenes: int
    """In how many scenes."""
    first_shot: str
    """The first shot that needs it."""
    first_order: int
    """That shot's place in the film."""


class FlagRow(Value):
    shot: str
    """`shot/…`."""
    order: int
    """Its place in the film."""
    label: str | None
    """As the slate has it: `12A-3`."""
    scene: str | None
    """The shot's scene."""
    flags: int
    """Open in it."""
    status: str | None
    """Of its review: `flagged`, `needs_human` …"""
    shot_purpose: str | None
    """Why it is there."""


class DependentRow(Value):
    kind: Literal["scene", "shot", "asset"]
    """What kind of node would be touched."""
    id: str
    """The node."""
    order: int
    """Its place in the film; of an asset 0."""
    scene: str | None
    """The scene itself, or that of the shot; null of an asset."""
    how: str
    """By which relation: `appears_in`, `takes_place_at`, `uses`, `wears`, `follows`, `part_of`, `features`, `needs`,
    `cuts_to` …"""


QUERIES = (
    NamedQuery(
        name="shots_of_scene",
        what="The shots of a scene in order: size, framing, movement, purpose, what is said, whom each shows, what it "
        "needs, and how its review stands.",
        parameters=OneScene,
        row=ShotRow,
        order=("order", "shot"),
    ),
    NamedQuery(
        name="flagged_shots",
        what="The shots with open flags, in the order of the film or of one scene.",
        parameters=MaybeScene,
        row=FlagRow,
        order=("order", "shot"),
    ),
    NamedQuery(
        name="asset_where_used",
        what="The shots and scenes that need an asset, for whom, and whether it is found or still wanted.",
        parameters=OneAsset,
        row=UseRow,
        order=("order", "shot", "entity"),
    ),
    NamedQuery(
        name="wanted_assets",
        what="The assets that no library holds yet, for whom, and how many shots and scenes wait for each.",
        parameters=NoParameters,
        row=WantedRow,
        order=("first_order", "asset"),
    ),
    NamedQuery(
        name="downstream",
        what="What a change to a node would touch: scenes, shots and assets, and by which relation.",
        parameters=OneNode,
        row=DependentRow,
        order=("kind", "order", "id", "how"),
    ),
)
