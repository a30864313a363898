"""Footage: one scene's shots laid out for inspection, with plan positions worked out once and read many times.

Nothing here trusts what a shot asserts about itself (side, screen position, gaze direction): those are recomputed from
positions and an assertion that disagrees is itself an error.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shotwright.craft import geometry, optics
from shotwright.crew.continuity_supervisor.thresholds import Thresholds, thresholds
from shotwright.model.ids import kind_of
from shotwright.model.shot import Camera, Flag, Line, Shot, Subject
from shotwright.model.vocabulary import SIZE_ORDER, Agent, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.craft.geometry import Plan
    from shotwright.model.crew import FilmSettings
    from shotwright.model.story import Presence, SceneBrief

TIME_CUTS = frozenset({"dissolve", "fade_in", "fade_out", "fade_white", "wipe", "iris"})
PERSONS = frozenset({"character", "animal"})


@dataclass(slots=True)
class Figure:
    """Someone or something staged, with its place on the plan."""

    subject: Subject
    index: int
    entity: str
    plan: Plan
    in_frame: bool
    person: bool
    target: str
    """Whom or what it looks at; empty without a gaze."""


@dataclass(slots=True)
class View:
    """One shot as the rules read it."""

    shot: Shot
    index: int
    number: int
    place: str
    camera: Camera
    lens: Plan
    aim: Plan
    size: int
    line: Line | None
    figures: tuple[Figure, ...]
    by: dict[str, Figure]
    changes: tuple[str, ...]
    apart: bool
    """Insert, POV, cutaway, series or montage element: nobody's neighbour."""
    element: bool
    montage: bool
    time_cut: bool
    mirrored: bool
    known: dict[str, Plan] = field(default_factory=dict)
    """Where everyone of this place stands, seen or not."""

    def seen(self) -> list[Figure]:
        """Persons in frame, the foreground shoulder left out."""
        return [f for f in self.figures if f.in_frame and f.person and not f.subject.foreground]

    def shows(self, entity: str) -> bool:
        figure = self.by.get(entity)
        return figure is not None and figure.in_frame

    def mentions(self, entity: str) -> bool:
        """True when a change event that this shot shows names the entity."""
        return any(entity in change.split() for change in self.changes)


@dataclass(slots=True)
class Footage:
    """A scene's views in order, its brief, and the flags found so far."""

    views: list[View]
    brief: SceneBrief
    settings: FilmSettings
    rules: Thresholds
    names: dict[str, str]
    presences: dict[str, Presence]
    order: dict[str, int]
    """Unit id -> where it stands in the scene."""
    words: dict[str, str]
    """Unit id -> its text."""
    kinds: dict[str, str]
    """Unit id -> action, speech or direction."""
    voices: dict[str, str]
    """Unit id of a speech -> how the script has it heard."""
    intercut: bool
    """Two places are live at once, joined by a call."""
    places: dict[str, list[View]]
    heights: dict[str, float]
    found: list[Flag] = field(default_factory=list)

    def name(self, entity: str) -> str:
        known = self.names.get(entity)
        return known or entity.rpartition("/")[2].replace("_", " ").capitalize()

    def where(self, view: View, target: str) -> Plan | None:
        """Plan position of an entity at the time of a shot: staged in it, or last seen there, or seen there next."""
        figure = view.by.get(target)
        return figure.plan if figure is not None else view.known.get(target)

    def eye_height(self, figure: Figure) -> float:
        """Metres from the floor to the eyes, as the person is when the shot begins."""
        height = self.heights.get(figure.entity, optics.ADULT_M)
        return optics.eye_height(figure.subject.pose_start, height) + figure.subject.position_m[1]

    def flag(
        self,
        view: View,
        code: str,
        severity: Severity,
        agent: Agent,
        path: str,
        message: str,
        *,
        measured: str = "",
        threshold: str = "",
        detail: str = "",
        hint: str = "",
        other: View | None = None,
    ) -> None:
        """Note a flag on a shot; `path` is the dotted field that its owner must mend."""
        self.found.append(
            Flag(
                code=code,
                severity=severity,
                shot_id=view.shot.shot_id,
                agent=agent,
                field=path,
                measured=measured,
                threshold=threshold,
                message=message,
                detail=detail,
                hint=hint,
                other_shot_id=other.shot.shot_id if other is not None else None,
            )
        )


def lay_out(shots: Sequence[Shot], brief: SceneBrief, settings: FilmSettings) -> Footage:
    """Lay out one scene's shots, in order, for inspection."""
    rules = thresholds()
    views = [_view(shot, i, rules) for i, shot in enumerate(shots)]
    places: dict[str, list[View]] = {}
    for view in views:
        places.setdefault(view.place, []).append(view)
    for run in places.values():
        _remember_positions(run)
    return Footage(
        views=views,
        brief=brief,
        settings=settings,
        rules=rules,
        names={
            **{str(m.character.id): m.character.name for m in brief.cast},
            **{str(t.id): t.name for t in brief.things},
        },
        presences={p.character: p for p in brief.scene.presences},
        order={unit.id: i for i, unit in enumerate(brief.scene.units)},
        words={unit.id: unit.text for unit in brief.scene.units},
        kinds={unit.id: unit.kind for unit in brief.scene.units},
        intercut=brief.scene.scene_type == "phone_intercut" or any(s.kind == "intercut" for s in brief.scene.segments),
        voices={note.unit: note.voice for note in brief.scene.speeches},
        places=places,
        heights={m.character.id: m.height_m for m in brief.cast if m.height_m},
    )


def _view(shot: Shot, index: int, rules: Thresholds) -> View:
    technical = shot.technical_layer
    camera, staging = technical.camera, technical.staging
    figures = tuple(_figure(subject, i) for i, subject in enumerate(staging.subjects))
    element = shot.function in ("series_element", "montage_element")
    words = f"{staging.plate} {camera.focus.on} {shot.narrative_layer.action_description}".lower()
    return View(
        shot=shot,
        index=index,
        number=shot.shot_number_in_scene or index + 1,
        place=staging.plate.partition(" side ")[0],
        camera=camera,
        lens=geometry.on_plan(camera.position_m),
        aim=geometry.on_plan(camera.look_at_m),
        size=SIZE_ORDER[camera.shot_size],
        line=staging.line,
        figures=figures,
        by={f.entity: f for f in figures},
        changes=staging.changes,
        apart=element or shot.function == "cutaway" or camera.framing in ("insert", "pov"),
        element=element,
        montage=shot.function == "montage_element",
        time_cut=shot.transition_in in TIME_CUTS,
        mirrored=any(word in words for word in rules.mirror_words),
    )


def _figure(subject: Subject, index: int) -> Figure:
    return Figure(
        subject=subject,
        index=index,
        entity=subject.entity,
        plan=geometry.on_plan(subject.position_m),
        in_frame=subject.screen_position != "off",
        person=kind_of(subject.entity) in PERSONS,
        target=subject.gaze.target if subject.gaze is not None else "",
    )


def _remember_positions(run: list[View]) -> None:
    first: dict[str, Plan] = {}
    for view in run:
        for figure in view.figures:
            first.setdefault(figure.entity, figure.plan)
    last = first
    for view in run:
        here = {figure.entity: figure.plan for figure in view.figures}
        if any(last.get(e) != p for e, p in here.items()):
            last = last | here
        view.known = last


def gaze_angle(view: View, figure: Figure, target: Plan) -> float:
    """Degrees on screen of a look: 0 away from the camera, +90 to screen right, -90 to the left, 180 into the lens."""
    return geometry.screen_direction(view.lens, view.aim, figure.plan, target)


def screen_side(angle: float, lateral_deg: float) -> int:
    """+1 to screen right, -1 to screen left, 0 within `lateral_deg` of the lens axis."""
    across = math.sin(math.radians(angle))
    if abs(across) < math.sin(math.radians(lateral_deg)):
        return 0
    return 1 if across > 0 else -1


def off_lens(view: View, figure: Figure, target: Plan) -> float:
    """Degrees between a figure's look at a target and its look into the lens."""
    to_lens = geometry.heading_to(figure.plan, view.lens)
    return abs(geometry.turn_between(to_lens, geometry.heading_to(figure.plan, target)))


def principal(view: View) -> Figure | None:
    """Whom the shot is of: the person in focus, else the only person seen in it."""
    focus = view.by.get(view.camera.focus.on)
    if focus is not None and focus.in_frame and not focus.subject.foreground:
        return focus
    seen = view.seen()
    return seen[0] if len(seen) == 1 else None
