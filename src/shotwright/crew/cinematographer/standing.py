"""A photographed scene read back: which set-up, frame and move each shot has, so that one of them can be exchanged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from shotwright.craft.geometry import distance_between, heading_to, turn_between
from shotwright.crew.cinematographer.cameras import several
from shotwright.crew.cinematographer.figures import ELEMENTS
from shotwright.crew.cinematographer.frames import APART, PARALLAX, Frame, faults, know_setup, setup_name, still_there
from shotwright.crew.cinematographer.moves import Move, Operator
from shotwright.crew.cinematographer.reasons import Choice
from shotwright.crew.cinematographer.requests import standing_frame
from shotwright.model.ids import kind_of
from shotwright.model.vocabulary import SIZE_ORDER

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from shotwright.craft.chooser import Candidate
    from shotwright.crew.cinematographer.cameras import Setup
    from shotwright.crew.cinematographer.draft import Photography
    from shotwright.crew.cinematographer.figures import Moment
    from shotwright.crew.cinematographer.frames import Known
    from shotwright.model.crew import ShotCamera
    from shotwright.model.shot import Camera

COMPANY = 3
"""So many people keep a screen side from each other; two have the line between them."""


@dataclass(slots=True)
class Standing:
    """What a scene's shots are, one entry each."""

    way: list[Candidate]
    frames: list[Frame]
    moves: list[Move]
    wrong: frozenset[int]
    """Shots whose cut from the one before does not hold as it is."""

    def replaced(
        self, frames: Mapping[int, tuple[Candidate, Frame]], moves: Mapping[int, Move], moments: Sequence[Moment]
    ) -> Standing:
        """The scene with some shots' frames and moves put in place of theirs."""
        way, new = list(self.way), list(self.frames)
        for i, (chosen, frame) in frames.items():
            way[i], new[i] = chosen, frame
        moved = list(self.moves)
        for i, move in moves.items():
            moved[i] = move
        wrong = self.wrong if not frames else badly_cut(moments, way, new)
        return Standing(way, new, moved, wrong)

    def setups(self, moments: Sequence[Moment], apart_from: Collection[int] = ()) -> Known:
        """The set-ups that the scene has, those of some shots apart."""
        known: Known = {}
        seen: set[str] = set()
        for i, (moment, chosen, frame) in enumerate(zip(moments, self.way, self.frames, strict=True)):
            if i not in apart_from and frame.setup_id not in seen:
                seen.add(frame.setup_id)
                know_setup(known, moment, chosen, (frame.setup, frame.setup_id, i))
        return known


def badly_cut(moments: Sequence[Moment], way: Sequence[Candidate], frames: Sequence[Frame]) -> frozenset[int]:
    """Shots whose cut from the one before does not hold, or in which two of a company have changed sides."""
    found = set(faults(moments, way, frames))
    kept: dict[tuple[str, str, str], int] = {}
    for i, (moment, chosen, frame) in enumerate(zip(moments, way, frames, strict=True)):
        if len(moment.figures) < COMPANY or chosen.exempt or chosen.kind in ("insert", "pov", "empty"):
            continue
        if frame.sides is None:
            frame.sides = _sides(moment, frame)
        for one, two, side in frame.sides:
            pair = moment.stage.key, one, two
            if kept.setdefault(pair, side) != side:
                if SIZE_ORDER[frame.setup.size] > 1:
                    found.add(i)
                else:
                    kept[pair] = side
    return frozenset(found)


def _sides(moment: Moment, frame: Frame) -> tuple[tuple[str, str, int], ...]:
    """Of everyone who is staged, shoulders too: who stands left (1) or right (-1) of whom."""
    plan = frame.setup.plan
    staged = sorted({str(s.entity) for s in frame.staging.subjects} & moment.figures.keys())
    spots = [(who, moment.figures[who].at) for who in staged]
    placed = [(who, x, at) for who, at in spots if (x := frame.setup.across(at)) is not None]
    found = []
    for (one, x, a), (two, y, b) in combinations(placed, 2):
        near, far = sorted((distance_between(plan, a), distance_between(plan, b)))
        if abs(x - y) >= APART and far <= PARALLAX * near:
            found.append((one, two, 1 if x < y else -1))
    return tuple(found)


def read_back(scene: Photography, shots: Sequence[ShotCamera]) -> Standing:
    """The way that a scene's answer describes, among the options of a scene that was surveyed."""
    found = scene.found
    heads, at_head = scene.takes()
    way: list[Candidate] = []
    frames: list[Frame] = []
    first: dict[str, int] = {}
    for i, (moment, shot) in enumerate(zip(found, shots, strict=True)):
        camera = shot.technical.camera
        head = heads[at_head[i]]
        chosen, setup = _described(scene, moment, shot, scene.options[head] or scene.options[i])
        subjects = [s for s in shot.technical.staging.subjects if kind_of(s.entity) in ("character", "animal")]
        way.append(chosen)
        frames.append(
            Frame(
                setup,
                shot.setup_id,
                shot.technical.staging,
                sum(not s.foreground for s in subjects) if chosen.kind not in ("empty", "insert") else 0,
                camera.dirty,
                first.setdefault(shot.setup_id, i),
            )
        )
    return Standing(way, frames, _moves(scene, way, frames, shots), badly_cut(found, way, frames))


def _described(
    scene: Photography, moment: Moment, shot: ShotCamera, options: Sequence[Candidate]
) -> tuple[Candidate, Setup]:
    """The option that a shot's answer was made from, or the nearest thing to one, and its camera."""
    camera = shot.technical.camera
    plain = standing_frame(camera, moment)
    setup = plain.setup
    size = SIZE_ORDER[camera.shot_size]
    named: dict[tuple[str, str, str, float], bool] = {}
    best: tuple[tuple[int, float], Candidate] | None = None
    for option in options:
        if not _could_be(option, moment):
            continue
        sort = option.kind, option.primary, option.partner, option.theta if option.kind == "moving" else 0.0
        if sort not in named:
            named[sort] = setup_name(scene.directed.scene_id, moment, option, setup) == shot.setup_id
        if not named[sort]:
            continue
        far = abs(option.size - size), _aside(option, moment, setup)
        if best is None or far < best[0]:
            best = far, option
    if best is None:
        own = moment.figures.get(plain.chosen.primary)
        around = heading_to(own.at, setup.plan) if own is not None else heading_to(setup.aim, setup.plan)
        chosen = replace(plain.chosen, azimuth=around, around=around, people=_people(shot))
    else:
        chosen = best[1]
        if best[0][0] and chosen.kind not in ("pov", "insert"):
            chosen = replace(chosen, size=size, angle=camera.angle)
    chosen.exempt = chosen.kind in ("insert", "pov") or moment.shot.function in (*ELEMENTS, "cutaway")
    _set_eyes(setup, chosen, moment, camera)
    return chosen, setup


def _could_be(option: Candidate, moment: Moment) -> bool:
    """Whoever the option is of is there in this clip of the take too."""
    if not still_there(option, moment):
        return False
    return option.kind not in ("two", "over", "pov") or option.partner in moment.figures


def _people(shot: ShotCamera) -> frozenset[str]:
    subjects = shot.technical.staging.subjects
    return frozenset(
        str(s.entity) for s in subjects if not s.foreground and kind_of(s.entity) in ("character", "animal")
    )


def _aside(option: Candidate, moment: Moment, setup: Setup) -> float:
    own = moment.figures.get(option.primary)
    if own is None:
        return abs(turn_between(option.azimuth, heading_to(setup.aim, setup.plan)))
    return abs(turn_between(option.around, heading_to(own.at, setup.plan)))


def _set_eyes(setup: Setup, chosen: Candidate, moment: Moment, camera: Camera) -> None:
    """The height that a frame is measured from, as its kind has it."""
    own = moment.figures.get(chosen.primary)
    if chosen.kind in ("two", "master") and own is not None:
        eyes = [f.eye_m for f in several(chosen.kind, chosen.primary, chosen.partner, moment)]
        setup.eye_m = sum(eyes) / len(eyes)
    elif chosen.kind == "empty":
        setup.eye_m = 1.5
    elif own is not None and chosen.kind != "pov":
        setup.eye_m = own.eye_m
    else:
        setup.eye_m = camera.look_at_m[1]


def _moves(
    scene: Photography, way: Sequence[Candidate], frames: Sequence[Frame], shots: Sequence[ShotCamera]
) -> list[Move]:
    """The move of each shot; with the rules' reason where it is theirs."""
    operator = Operator(scene.brief, scene.found, scene.arcs, way)
    found: list[Move] = []
    by_shot: dict[str, Move] = {}
    for i, (moment, frame, shot) in enumerate(zip(scene.found, frames, shots, strict=True)):
        camera = shot.technical.camera
        moved = camera.movement
        parent = by_shot.get(moment.shot.continues_shot_id or "")
        move = (
            parent if parent is not None and still_there(way[i], moment) else operator.move(i, moment, frame.setup)
        )  # fmt: skip
        by_shot[moment.shot.shot_id] = move
        same = (move.type, move.speed, move.support, move.zoom) == (
            moved.type, moved.speed, moved.support, camera.lens.zoom,
        )  # fmt: skip
        if not same:
            move = Move(moved.type, moved.speed, moved.support, "", camera.lens.zoom, moved.roll_deg)
        found.append(move)
    return found


def choice_of(scene: Photography, standing: Standing) -> Choice:
    """What stands, for its reasons to be read from."""
    return Choice(
        scene.brief, scene.found, scene.arcs, standing.way, scene.options, standing.frames, scene.names
    )  # fmt: skip
