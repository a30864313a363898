"""Suggestions: the scene's idiom proposes, the beat weighs, the library votes, continuity filters and chooses.

Every candidate is a real camera on the floor plan. What would break a hard rule (the line of action) is never proposed;
the way through the scene is found by the shot chooser, and each other candidate is scored as it would stand between
the chosen neighbours. Text never meets an embedding: words look for annotations, pictures for pictures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from shotwright.craft.beats import beat_looks
from shotwright.craft.chooser import CLOSE, NEW_SETUP, Candidate, choose, cut_cost
from shotwright.craft.idioms import idioms
from shotwright.craft.light import key_style
from shotwright.model.shot import EmotionalBeat
from shotwright.model.vision import (
    ShotSuggestions,
    Suggested,
    Suggestion,
    SuggestionEvidence,
    SuggestionScores,
    Violation,
)
from shotwright.model.vocabulary import SIZE_ORDER
from shotwright.vision.suggest_frames import Floor, Framed, balanced, frame, label_of, light
from shotwright.vision.suggest_votes import Ballot, Films, Voices

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shotwright.craft.beats import BeatLook
    from shotwright.craft.idioms import Idiom, Kind, Phase
    from shotwright.model.shot import Camera
    from shotwright.model.vision import PlannedShot, ShotWish, SuggestRequest, VisionModel
    from shotwright.vision.engines import Embedder, See
    from shotwright.vision.library import ShotLibrary

SOFT = 6.0
"""Cost at which a candidate's score has fallen to 1/e."""
WEIGHTS = {"rules": 0.2, "beat_fit": 0.3, "library": 0.15, "continuity": 0.2, "variety": 0.15}
VOTE = 1.6
"""What the library's whole agreement takes off a candidate's cost: less than one step of any rule."""
THIRD = 5.0
"""What is put on a frame that would be a third of its kind running."""
ATTEMPTS = 12
APART = 5.0
"""What it costs to leave out one of those whom a frame without a speaker is of."""
SIZES_OF: dict[str, tuple[int, int]] = {"empty": (0, 1), "over": (2, 5)}
"""Steps of size between which a kind of frame makes sense: a shoulder frames a face, a place is seen whole."""
MOVE_FROM = 0.55
"""Intensity from which the beat's own move is proposed; below it the camera rests."""


@dataclass(slots=True)
class _Option:
    """A candidate with its place on the floor."""

    candidate: Candidate
    framed: Framed
    beat_fit: float
    vote: float
    evidence: Callable[[], tuple[SuggestionEvidence, ...]]
    fixed: PlannedShot | None = None


class CraftSuggester:
    """Ranks ways to photograph shots by film craft and by a shot library."""

    name = "idioms, beat table, shot library and continuity rules"

    def __init__(self, library: ShotLibrary, embedder: Embedder) -> None:
        self._library = library
        self._embedder = embedder
        self._films = Films(library)

    @property
    def model(self) -> VisionModel:
        return self._embedder.model

    def suggest(self, request: SuggestRequest, see: See) -> Suggested:
        size = self._library.size()
        floor = Floor.of(request)
        view = self._view(request, see) if size and request.plate else None
        voices = Voices(self._library, self._embedder, view, self._films.shots())
        before = [_planned(shot, floor) for shot in request.context.previous_shots[-4:]]
        scene = [_options(request, at, floor, voices) for at in range(len(request.shots))]
        rows = [*([option] for option in before), *(row for row in scene if row)]
        sudden = [False] * len(before) + [
            _beat(request, wish).name == "shock" for wish, row in zip(request.shots, scene, strict=True) if row
        ]
        way, price = _varied([[o.candidate for o in row] for row in rows], sudden)
        shots = []
        place = len(before)
        for at, wish in enumerate(request.shots):
            found: tuple[Suggestion, ...] = ()
            if scene[at]:
                found = _ranked(rows[place], way, place, sudden, price, request, at, floor)
                place += 1
            shots.append(ShotSuggestions(shot_id=wish.shot_id, candidates=found))
        message = "" if size else "the shot library is empty: film craft alone answers"
        return Suggested(shots=tuple(shots), library_shots=size, message=message, model=self.model)

    def _view(self, request: SuggestRequest, see: See) -> np.ndarray:
        assert request.plate is not None
        return np.asarray(self._embedder.embed([see(request.plate)])[0])


def _options(request: SuggestRequest, at: int, floor: Floor, voices: Voices) -> list[_Option]:
    """The ways to photograph one shot that keep the line, each once at its cheapest."""
    wish = request.shots[at]
    locked = request.context.locked.get(wish.shot_id)
    if locked is not None:
        return [_planned(locked, floor)]
    beat = _beat(request, wish)
    look = beat_looks()[beat.name]
    idiom = _idiom(request, wish)
    phase = _phase(request, at)
    ballot = Ballot(voices.heard(request, wish, beat, phase), key_style(look.ratio))
    moves = _moves(request, at, beat)
    found: dict[tuple[object, ...], _Option] = {}
    for candidate in _candidates(idiom, phase, wish, beat, look, floor):
        framed = frame(candidate, floor, look, beat, wish, moves=moves)
        if candidate.kind != "insert" and not floor.keeps_the_line(framed.camera.position_m):
            continue
        # What it takes to hold everyone may have made the frame wider than was asked for.
        real = SIZE_ORDER[framed.camera.shot_size]
        fit = _beat_fit(real, candidate, look, beat)
        agreed = ballot.vote(framed.camera)
        off = 0.0 if candidate.kind == "insert" else 0.9 * abs(real - look.size_at(beat.intensity))
        cost = candidate.cost + off - VOTE * agreed
        why = partial(_evidence, idiom, phase, beat, look, ballot, candidate.cost, fit, framed.camera)
        option = _Option(replace(candidate, size=real, cost=cost), framed, fit, agreed, why)
        known = found.get(option.candidate.key)
        if known is None or cost < known.candidate.cost:
            found[option.candidate.key] = option
    return list(found.values())


def _evidence(
    idiom: Idiom, phase: Phase, beat: EmotionalBeat, look: BeatLook, ballot: Ballot, cost: float, fit: float,
    camera: Camera,
) -> tuple[SuggestionEvidence, ...]:  # fmt: skip
    """What speaks for a frame: shots of the library, the idiom, the beat."""
    return (
        *ballot.voices(camera),
        SuggestionEvidence(
            library_id=f"idiom/{idiom.name}.{phase}", similarity=round(math.exp(-cost / 3), 4), why=idiom.because
        ),
        SuggestionEvidence(
            library_id=f"beat/{beat.name}", similarity=round(fit, 4),
            why=f"{beat.name.replace('_', ' ')} at {beat.intensity:.0%} asks for {look.light}",
        ),
    )  # fmt: skip


def _varied(options: list[list[Candidate]], sudden: list[bool]) -> tuple[list[Candidate], float]:
    """The cheapest way in which no third shot running has one size, angle and subject, where any way has none: what
    would be a third is made dear, and the scene is chosen again."""
    if not options:
        return [], 0.0
    way, price = choose(options, sudden)
    for _ in range(ATTEMPTS):
        at = next((i for i in range(2, len(way)) if _third(*way[i - 2 : i + 1])), None)
        if at is None:
            break
        # The last of the three that could be anything else; a locked shot cannot.
        free = [i for i in (at, at - 1, at - 2) if any(not _same(c, way[at]) for c in options[i])]
        if not free:
            break
        for candidate in options[free[0]]:
            if _same(candidate, way[at]):
                candidate.cost += THIRD
        way, price = choose(options, sudden)
    return way, price


def _candidates(
    idiom: Idiom, phase: Phase, wish: ShotWish, beat: EmotionalBeat, look: BeatLook, floor: Floor
) -> list[Candidate]:
    """What the idiom has for this phase, around its sizes, from both ends of the arc before the line."""
    thing = wish.characters[0] if wish.characters and wish.characters[0] in floor.things else ""
    if thing:
        turn = floor.front + 18.0
        return [
            Candidate("insert", thing, "", size, turn, "eye_level", 0.6 * off, exempt=True, around=turn)
            for size, off in ((5, 0), (6, 1), (4, 1))
        ]
    named = [c for c in wish.characters if c in floor.at]
    people = named or (list(floor.at)[:1] if wish.speaker else [])
    if wish.speaker in floor.at:
        people = list(dict.fromkeys([wish.speaker, *people]))
    # In a car the camera is as high as the windscreen.
    angle = look.angle_deg if beat.intensity >= 0.65 and idiom.name != "car" else 0.0
    name = "low_angle" if angle <= -4 else "high_angle" if angle >= 4 else "eye_level"
    rows: list[tuple[Kind, float, int]] = [(k, s, place) for place, (k, s) in enumerate(idiom.phases[phase])]
    rows += [(k, s, place + 3) for other in ("middle", "early") if other != phase
             for place, (k, s) in enumerate(idiom.phases[other])]  # fmt: skip
    together = len(named) > 1 and not wish.speaker
    if together:
        rows += [("two", 2.6, 0)] if len(named) == 2 else [("master", 1.4, 0)]
        rows += [("over", 3.0, 1)] if len(named) == 2 and idiom.name != "car" else []
    made: list[Candidate] = []
    for kind, usual, place in rows:
        for one in _of_kind(kind, people, floor):
            left_out = len(set(named) - one.people) if together else 0
            wanted = 0.5 * usual + 0.5 * min(look.size_at(beat.intensity), 6.0 if kind in ("single", "over") else 4.0)
            if one.kind == "empty":
                # Nobody is there to be near to: a place is shown wide.
                wanted = min(usual, 1.2)
            least, most = SIZES_OF.get(one.kind, (0, 6))
            for size in sorted({min(max(round(wanted) + off, least), most) for off in (-1, 0, 1)}):
                for turned in (0.0, -18.0, 18.0) if kind == "single" else (0.0,):
                    cost = 0.7 * min(place, 4) + 0.8 * abs(size - wanted) + (0.4 if turned else 0.0)
                    cost += APART * left_out
                    made.append(replace(one, size=size, azimuth=one.azimuth + turned, around=one.around + turned,
                                        angle=name if kind != "empty" else "eye_level", cost=cost,
                                        turn=wish.turn))  # fmt: skip
    return made


def _of_kind(kind: Kind, people: Sequence[str], floor: Floor) -> list[Candidate]:
    """The set-ups of a kind, before size: whom they are of and from where."""
    everyone = list(floor.at)
    if not everyone or not people:
        return [Candidate("empty", "", "", 1, floor.front, "eye_level", 0.0)]
    first = people[0]
    if kind in ("single", "moving"):
        azimuth = floor.single_azimuth(first)
        return [Candidate("single", first, "", 3, azimuth, "eye_level", 0.0, people=frozenset([first]), around=azimuth)]
    partner = next((p for p in (*people[1:], *everyone) if p != first), "")
    if kind == "over" and partner:
        azimuth = floor.over_azimuth(first, partner)
        of = frozenset([first, partner])
        return [Candidate("over", first, partner, 3, azimuth, "eye_level", 0.0, people=of, around=azimuth)]
    if kind in ("two", "over") and partner:
        of = frozenset([first, partner])
        return [Candidate("two", first, partner, 2, floor.front, "eye_level", 0.0, people=of, around=floor.front)]
    return [
        Candidate("master", first, "", 1, floor.front, "eye_level", 0.0, people=frozenset(everyone), around=floor.front)
    ]


def _ranked(
    row: Sequence[_Option],
    way: Sequence[Candidate],
    place: int,
    sudden: Sequence[bool],
    price: float,
    request: SuggestRequest,
    at: int,
    floor: Floor,
) -> tuple[Suggestion, ...]:
    chosen = way[place]
    known = {c.key for i, c in enumerate(way) if i != place}
    costs: dict[int, float] = {}
    for number, option in enumerate(row):
        candidate = option.candidate
        cost = candidate.cost + (price if candidate.size >= CLOSE else 0.0)
        cost += cut_cost(way[place - 1], candidate, sudden[place]) if place else 0.0
        cost += cut_cost(candidate, way[place + 1], sudden[place + 1]) if place + 1 < len(way) else 0.0
        costs[number] = cost + (NEW_SETUP if place and candidate.key not in known else 0.0)
    first = next(n for n, option in enumerate(row) if option.candidate is chosen)
    order = [first]
    left = [n for n in costs if n != first]
    spread = 4.0 * request.diversity
    names = {label_of(row[first].framed.camera)}
    while len(order) < request.k:
        left = [n for n in left if label_of(row[n].framed.camera) not in names]
        if not left:
            break
        best = min(left, key=lambda n: (costs[n] + spread * max(_alike(row[n], row[m]) for m in order), n))
        order.append(best)
        names.add(label_of(row[best].framed.camera))
    order[1:] = sorted(order[1:], key=lambda n: (costs[n], n))
    found: list[Suggestion] = []
    for n in order:
        made = _suggestion(row[n], way, place, sudden, request, at, floor)
        # What the scene loses by it comes off what it is worth by itself.
        worth = made.score * math.exp(-max(costs[n] - costs[first], 0.0) / SOFT)
        found.append(made.model_copy(update={"score": round(min(worth, found[-1].score) if found else worth, 4)}))
    return tuple(found)


def _alike(one: _Option, two: _Option) -> float:
    """0-1: how little a second candidate adds to a first."""
    a, b = one.candidate, two.candidate
    same = (a.kind == b.kind) + (a.size == b.size) + (a.primary == b.primary) + (abs(a.azimuth - b.azimuth) < 15)
    return same / 4


def _suggestion(
    option: _Option, way: Sequence[Candidate], place: int, sudden: Sequence[bool], request: SuggestRequest, at: int,
    floor: Floor,
) -> Suggestion:  # fmt: skip
    candidate = option.candidate
    cut = cut_cost(way[place - 1], candidate, sudden[place]) if place else 0.0
    violations = _violations(candidate, way, place, sudden)
    scores = SuggestionScores(
        rules=round(1.0 - min(0.25 * len(violations), 1.0), 4),
        beat_fit=round(option.beat_fit, 4),
        library=round(option.vote, 4),
        continuity=round(math.exp(-cut / SOFT), 4),
        variety=round(_variety(candidate, way, place), 4),
    )
    weights = {k: w for k, w in WEIGHTS.items() if k != "library" or option.vote}
    total = sum(w * getattr(scores, k) for k, w in weights.items()) / sum(weights.values())
    if option.fixed is not None:
        camera, lighting = option.fixed.camera, option.fixed.lighting
    else:
        camera = option.framed.camera
        wish = request.shots[at]
        lighting = light(request, _beat(request, wish), camera, floor)
        camera = balanced(camera, lighting)
    return Suggestion(
        label=label_of(camera),
        score=round(total, 4),
        scores=scores,
        shot_size=camera.shot_size,
        angle=camera.angle,
        framing=camera.framing,
        movement=camera.movement.type,
        speed=camera.movement.speed,
        beat=None if option.fixed else _beat(request, request.shots[at]).name,
        camera=camera,
        lighting=lighting,
        violations=violations,
        evidence=option.evidence(),
    )


def _violations(
    candidate: Candidate, way: Sequence[Candidate], place: int, sudden: Sequence[bool]
) -> tuple[Violation, ...]:
    """The soft rules that a candidate bends beside the chosen shots before it."""
    if not place:
        return ()
    found = []
    before = way[place - 1]
    leap = abs(before.size - candidate.size)
    if leap >= 4 and not sudden[place]:
        found.append(Violation(rule="CSIZE", message=f"a leap of {leap} sizes from the shot before"))
    same = before.primary == candidate.primary
    if same and leap < 2 and abs((before.around - candidate.around + 180) % 360 - 180) < 30 and before.people:
        found.append(Violation(rule="C30", message="the same subject from within 30 degrees at nearly the same size"))
    if place > 1 and _third(way[place - 2], before, candidate):
        found.append(Violation(rule="CSIZE", message="a third shot running of one size, angle and subject"))
    return tuple(found)


def _third(one: Candidate, two: Candidate, three: Candidate) -> bool:
    return not three.exempt and _same(one, two) and _same(two, three)


def _same(one: Candidate, two: Candidate) -> bool:
    """One size and angle on one subject; a frame of several is of them all, whoever is named first."""
    if one.size != two.size or one.angle != two.angle:
        return False
    several = one.kind != "over" and len(one.people) > 1, two.kind != "over" and len(two.people) > 1
    return one.people == two.people if all(several) else one.primary == two.primary and not any(several)


def _variety(candidate: Candidate, way: Sequence[Candidate], place: int) -> float:
    """1 for a frame unlike those of the last three shots, less for each that it repeats."""
    last = way[max(place - 3, 0) : place]
    repeats = sum(c.size == candidate.size and c.primary == candidate.primary for c in last)
    return 1.0 - repeats / 3


def _beat_fit(size: int, candidate: Candidate, look: BeatLook, beat: EmotionalBeat) -> float:
    off = abs(size - look.size_at(beat.intensity))
    angle = 0.0 if beat.intensity < 0.65 or abs(look.angle_deg) < 4 or candidate.angle != "eye_level" else 0.15
    return max(0.0, 1.0 - off / 4 - angle)


def _planned(shot: PlannedShot, floor: Floor) -> _Option:
    """A shot that stands already, as the only way to take it."""
    primary = str(shot.subjects[0].entity) if shot.subjects else ""
    camera = shot.camera
    azimuth = floor.azimuth_of(camera, primary)
    kinds: dict[str, Kind] = {"over_the_shoulder": "over", "two_shot": "two", "insert": "insert", "pov": "pov",
                              "empty": "empty", "three_shot": "master", "group": "master"}  # fmt: skip
    candidate = Candidate(
        kind=kinds.get(camera.framing, "single"),
        primary=primary,
        partner=str(shot.subjects[1].entity) if len(shot.subjects) > 1 else "",
        size=SIZE_ORDER[camera.shot_size],
        azimuth=azimuth,
        angle=camera.angle,
        cost=0.0,
        around=azimuth,
        people=frozenset(str(s.entity) for s in shot.subjects),
        exempt=camera.framing in ("insert", "pov"),
    )
    evidence = (SuggestionEvidence(library_id="locked", similarity=1.0, why="fixed by a person, or shot before"),)
    return _Option(candidate, Framed(camera), 1.0, 0.0, lambda: evidence, fixed=shot)


def _beat(request: SuggestRequest, wish: ShotWish) -> EmotionalBeat:
    return wish.beat or request.scene.emotional_beat or EmotionalBeat(name="calm", intensity=0.3)


def _idiom(request: SuggestRequest, wish: ShotWish) -> Idiom:
    known = idioms()
    if request.scene.type in known:
        return known[request.scene.type]
    people = {c for shot in request.shots for c in shot.characters}
    speaks = any(shot.speaker for shot in request.shots)
    if not people:
        return known["establishing"]
    if len(people) == 1:
        return known["monologue" if speaks else "activity"]
    if not speaks:
        return known["activity"]
    return known["dialogue_2" if len(people) == 2 else "dialogue_group"]


def _phase(request: SuggestRequest, at: int) -> Phase:
    wish, count = request.shots[at], len(request.shots)
    turn = next((i for i, s in enumerate(request.shots) if s.turn), round(count * 0.7))
    if wish.turn:
        return "peak"
    if wish.function in ("establishing", "master") or (at == 0 and not request.context.previous_shots and count > 1):
        return "open"
    if at == count - 1 and count > 2:
        return "close"
    if at > turn:
        return "after"
    return "early" if at < max(turn / 2, 1) and count > 1 else "middle"


def _moves(request: SuggestRequest, at: int, beat: EmotionalBeat) -> bool:
    """Whether the camera may make the beat's move here: once a scene, on its turn; to keep up with action, every other
    shot."""
    if beat.intensity < MOVE_FROM:
        return False
    count = len(request.shots)
    turn = next((i for i, s in enumerate(request.shots) if s.turn), round(count * 0.7) if count > 1 else 0)
    return at == turn or (beat_looks()[beat.name].move == "follow" and at % 2 == 0)
