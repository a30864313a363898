"""The film's shape: structural turns, what is introduced and paid off, and the lines on which scenes turn."""

from __future__ import annotations

from shotwright.model.ids import EntityId, SceneId, UnitId
from shotwright.model.story import Character, Evidence, PlotPoint, SceneStory, Thing

_STRUCTURE = (
    ("inciting", 0.06, 0.16), ("first_turn", 0.19, 0.3), ("midpoint", 0.45, 0.56), ("low_point", 0.68, 0.8),
    ("climax", 0.84, 0.95), ("resolution", 0.94, 1.0),
)  # fmt: skip
"""(kind, from, to) as shares of the film's length; windows as screenwriting manuals commonly give them."""
_SAD = frozenset(("grief", "vulnerability", "dread", "shock", "anger"))
Kind = str


def length_class(eighths: int) -> int:
    """A scene's length in four steps, so that one line more seldom moves the film's measure."""
    return 1 if eighths <= 2 else 3 if eighths <= 8 else 10 if eighths <= 20 else 24


def positions(scenes: list[SceneStory]) -> list[float]:
    """Where each scene stands in the film, 0-1, counted in scenes: a line more in one moves no other."""
    sizes = [1 if scene.eighths else 0 for scene in scenes]
    total = float(sum(sizes) or 1)
    out, run = [], 0
    for size in sizes:
        out.append(round((run + size / 2) / total, 4))
        run += size
    return out


def act_of(position: float) -> str:
    """Setup, complication, development, climax: quarters of the film."""
    return ("setup", "complication", "development", "climax")[min(3, int(position * 4))]


def find_points(
    scenes: list[SceneStory], characters: tuple[Character, ...], things: tuple[Thing, ...]
) -> tuple[PlotPoint, ...]:
    """Every plot point, in film order."""
    places = positions(scenes)
    points = [
        *_structure(scenes, places),
        *meetings(scenes, characters),
        *_props(scenes, things),
        *_turns(scenes, places),
    ]
    return in_order(points, scenes)


_RANK = {
    kind: rank
    for rank, kind in enumerate(
        ("introduction", "inciting", "first_turn", "midpoint", "low_point", "climax", "resolution", "turn", "payoff")
    )
}


def in_order(points: list[PlotPoint], scenes: list[SceneStory]) -> tuple[PlotPoint, ...]:
    """The points in film order; in a scene what it introduces first and what it pays off last."""
    order = {scene.scene_id: i for i, scene in enumerate(scenes)}
    return tuple(sorted(points, key=lambda point: (order[point.scene], _RANK[point.kind], point.id)))


def _weight(scene: SceneStory) -> float:
    """How much a scene weighs in the story: its strongest beat, that it has a turn, and its length class."""
    top = max((beat.intensity for beat in scene.beats), default=0.0)
    return round(top, 2) + 0.1 * len(scene.speeches[:8]) / 8 + 0.12 * (length_class(scene.eighths) >= 10)


def _structure(scenes: list[SceneStory], places: list[float]) -> list[PlotPoint]:
    if len(scenes) < 4:
        return []
    out = []
    for kind, low, high in _STRUCTURE:
        inside = [i for i, at in enumerate(places) if low <= at <= high and scenes[i].units]
        if not inside:
            middle = (low + high) / 2
            inside = [
                min(
                    (i for i, scene in enumerate(scenes) if scene.units),
                    key=lambda i: abs(places[i] - middle),
                    default=0,
                )
            ]
        if kind == "resolution":
            best = inside[-1]
        elif kind == "low_point":
            best = max(
                inside, key=lambda i: (_weight(scenes[i]) + 0.3 * any(b.name in _SAD for b in scenes[i].beats), -i)
            )
        else:
            best = max(inside, key=lambda i: (_weight(scenes[i]), -i))
        scene = scenes[best]
        unit = (scene.turn.unit,) if scene.turn else ()
        out.append(
            PlotPoint(
                id=EntityId(f"plot_point/{kind}"), kind=kind, scene=scene.scene_id, summary=scene.synopsis,
                evidence=Evidence(
                    units=unit, confidence=0.45, because=f"the weightiest scene of {low:.0%} to {high:.0%} of the film"
                ),
            )
        )  # fmt: skip
    return out


def meetings(scenes: list[SceneStory], characters: tuple[Character, ...]) -> list[PlotPoint]:
    """Where each lead and supporting part is first seen."""
    first: dict[EntityId, tuple[SceneId, tuple[UnitId, ...]]] = {}
    for scene in scenes:
        for presence in scene.presences:
            if not presence.voice_only and presence.character not in first:
                cited = [n.unit for n in scene.actions if presence.character in n.actors] or [
                    n.unit for n in scene.speeches if presence.character in n.speakers
                ]
                first[presence.character] = (scene.scene_id, tuple(cited[:1]))
    out = []
    for person in characters:
        if person.role in ("lead", "supporting") and person.id in first:
            scene_id, units = first[person.id]
            words = f", {person.description}" if person.description else ""
            out.append(
                PlotPoint(
                    id=EntityId(f"plot_point/meets.{person.id.partition('/')[2]}"), kind="introduction",
                    scene=scene_id, about=person.id,
                    summary=f"We meet {person.name}{words}.",
                    evidence=Evidence(units=units, confidence=0.85, because="first seen"),
                )
            )  # fmt: skip
    return out


def _props(scenes: list[SceneStory], things: tuple[Thing, ...]) -> list[PlotPoint]:
    """A hero thing is introduced where it first shows and paid off where it last does, some scenes on."""
    out = []
    for thing in things:
        if not thing.hero or thing.kind == "vehicle":
            continue
        inside = [i for i, scene in enumerate(scenes) if thing.id in scene.things]
        if len(inside) < 2 or inside[-1] - inside[0] < 3:
            continue
        name = thing.id.partition("/")[2]
        start = EntityId(f"plot_point/plants.{name}")
        for i, kind, words in (
            (inside[0], "introduction", "first shows"),
            (inside[-1], "payoff", "comes back for the last time"),
        ):
            scene = scenes[i]
            shown = tuple(note.unit for note in scene.actions if thing.id in note.things)[:2]
            out.append(
                PlotPoint(
                    id=start if kind == "introduction" else EntityId(f"plot_point/pays.{name}"), kind=kind,
                    scene=scene.scene_id,
                    summary=f"The {thing.name} {words}.", about=thing.id, pays_off=start if kind == "payoff" else None,
                    evidence=Evidence(units=shown, confidence=0.6, because=f"shows in {len(inside)} scenes"),
                )
            )  # fmt: skip
    return out


def _turns(scenes: list[SceneStory], places: list[float]) -> list[PlotPoint]:
    """The turning line of the strongest scene in each tenth of the film."""
    best: dict[int, int] = {}
    for i, scene in enumerate(scenes):
        if scene.turn is None:
            continue
        tenth = min(9, int(places[i] * 10))
        if tenth not in best or _weight(scene) > _weight(scenes[best[tenth]]):
            best[tenth] = i
    out = []
    for tenth, i in sorted(best.items()):
        scene = scenes[i]
        assert scene.turn is not None
        out.append(
            PlotPoint(
                id=EntityId(f"plot_point/turn.{tenth + 1}"), kind="turn", scene=scene.scene_id, summary=scene.turn.what,
                evidence=scene.turn.evidence,
            )
        )  # fmt: skip
    return out
