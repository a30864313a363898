"""What the rows of several named queries have in common."""

from __future__ import annotations

from shotwright.model.value import Value

Lines = tuple[int, int]
"""First and last line in the script, 1-based, both included."""


class SceneRow(Value):
    """A row about a scene."""

    scene: str
    """The scene: `scene/sc_…`."""
    order: int
    """Its place in the film, from 0."""


class Feeling(Value):
    feeling: str
    """An emotional beat: `grief`."""
    intensity: float | None
    """Its greatest in the scene, 0-1."""


class Shown(Value):
    """Whom or what a shot shows."""

    entity: str
    """`character/…`, `prop/…`, `vehicle/…`, `animal/…`."""
    look: str | None
    """What it wears in the shot: `look/…`."""
    mouth: str | None
    """What its mouth does: `closed`, `speaking`, `open`."""


class Needed(Value):
    """An asset that a shot needs."""

    asset: str
    """`asset/…`."""
    entity: str | None
    """For whom or what it stands in."""
    wanted: bool | None
    """No library holds it yet."""


class Line(Value):
    """A line of dialogue in a shot."""

    speaker: str
    text: str
    """The words spoken."""
