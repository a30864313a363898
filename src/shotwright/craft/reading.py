"""Reading a scene's shots in a row: what a program can tick of the list that a first assistant editor would read by.

Each item says whether it holds, and if not where. Nothing here mends anything; the report goes beside the shots.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from shotwright.craft import geometry, timing
from shotwright.craft.directions import written_directions
from shotwright.model.vocabulary import SIZE_ORDER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from shotwright.model.screenplay import Unit
    from shotwright.model.shot import Camera, Shot, Subject

LONG_SPEECH_SECONDS = 7.0
NEUTRAL = 0.26  # sine of 15°: a look closer to the lens axis has no side
FIRST_WORD_SECONDS = 0.3
PUSHES = frozenset({"dolly_in"})
SIDES = {"left": -1, "right": 1}
ELEMENTS = frozenset({"series_element", "montage_element"})
TIME_CUTS = frozenset({"dissolve", "fade_in", "fade_out", "fade_white", "wipe", "iris"})
_ID = re.compile(
    r"\b(?:character|location|prop|vehicle|animal|look)/|\b(?:char|loc|obj|cloth|veh)_\w+|\b(?:sh|su|sc|un)_[0-9a-f]{6,}"
)
_NUMBER = re.compile(r"\d")

OBEYED: dict[str, Callable[[Camera], bool]] = {
    "close_on": lambda c: SIZE_ORDER[c.shot_size] >= 4 or c.framing == "insert",
    "insert": lambda c: c.framing == "insert" or SIZE_ORDER[c.shot_size] >= 5,
    "pov": lambda c: c.framing == "pov",
    "wide": lambda c: SIZE_ORDER[c.shot_size] <= 2,
    "two_shot": lambda c: c.framing == "two_shot",
    "tracking": lambda c: c.movement.type.startswith(("follow", "lead", "truck", "dolly", "arc", "pan")),
    "follow": lambda c: c.movement.type.startswith(("follow", "lead", "truck", "dolly", "pan")),
    "push_in": lambda c: c.movement.type == "dolly_in" or c.lens.zoom is not None,
    "rush_in": lambda c: c.movement.type == "dolly_in" or c.lens.zoom is not None,
    "pull_back": lambda c: c.movement.type in ("dolly_out", "crane_up", "lead") or c.lens.zoom == "zoom_out",
    "pan": lambda c: c.movement.type in ("pan_left", "pan_right", "whip_pan"),
    "tilt": lambda c: c.movement.type in ("tilt_up", "tilt_down"),
    "crane": lambda c: c.movement.type.startswith(("crane", "pedestal")),
    "overhead": lambda c: c.angle in ("overhead", "high_angle") or c.height in ("overhead", "aerial"),
    "low_angle": lambda c: c.angle in ("low_angle", "worms_eye"),
    "high_angle": lambda c: c.angle in ("high_angle", "overhead"),
    "handheld": lambda c: c.movement.support == "handheld",
    "zoom": lambda c: c.lens.zoom is not None,
    "dutch": lambda c: c.roll != "level",
}
"""What a frame must be for written direction to be obeyed; kinds without an entry leave the frame free."""


class ReadingItem(NamedTuple):
    """One ticked line of the report."""

    number: int
    title: str
    passed: bool
    detail: str
    shots: tuple[int, ...]
    """Numbers in the scene of the shots where it fails."""


@dataclass(slots=True)
class Page:
    """A scene's shots and units as the items read them."""

    shots: Sequence[Shot]
    units: Sequence[Unit]
    frame_rate: int
    words_per_second: float
    prompts: Mapping[str, Sequence[str]]
    names: Sequence[str]

    def number(self, shot: Shot) -> int:
        return shot.shot_number_in_scene or next(i for i, s in enumerate(self.shots, 1) if s is shot)


Fault = tuple["Shot", str]


def read_sequence(
    shots: Sequence[Shot],
    units: Sequence[Unit],
    *,
    frame_rate: int = 24,
    words_per_second: float = 2.4,
    prompts: Mapping[str, Sequence[str]] | None = None,
    names: Sequence[str] = (),
) -> tuple[ReadingItem, ...]:
    """Read one scene's shots, in order, against its units.

    `prompts` holds the compiled texts by shot id, and `names` the proper names that they must not use; without prompts
    item 19 reads speakers and moves only. Numbers are those of the reading list; items that need an eye are left out.
    """
    page = Page(shots, units, frame_rate, words_per_second, prompts or {}, names)
    return tuple(_item(page, number, title, list(read(page))) for number, title, read in ITEMS)


def _item(page: Page, number: int, title: str, faults: list[Fault]) -> ReadingItem:
    where = tuple(dict.fromkeys(page.number(shot) for shot, _ in faults))
    said = list(dict.fromkeys(text for _, text in faults))
    more = f" (and {len(said) - 3} more)" if len(said) > 3 else ""
    return ReadingItem(number, title, not faults, "; ".join(said[:3]) + more, where)


def _words_once(page: Page) -> Iterator[Fault]:
    if not page.shots:
        return
    order = {unit.id: i for i, unit in enumerate(page.units)}
    heard: dict[str, list[str]] = {}
    furthest = -1
    for shot in page.shots:
        for line in shot.audio.dialogue:
            heard.setdefault(line.unit, []).append(line.text)
            place = order.get(line.unit, -1)
            if place < furthest and not line.dual:
                yield shot, f"a line of {_who(line.speaker)} is out of order"
            furthest = max(furthest, place)
    last = {line.unit: shot for shot in page.shots for line in shot.audio.dialogue}
    for unit in page.units:
        if unit.kind == "speech" and "".join("".join(heard.get(unit.id, [])).split()) != "".join(unit.text.split()):
            yield last.get(unit.id, page.shots[-1]), f"a speech of {unit.cue.title()} is not word for word"


def _action_shown(page: Page) -> Iterator[Fault]:
    carriers: dict[str, list[int]] = {}
    for i, shot in enumerate(page.shots):
        for carried in shot.source.units:
            carriers.setdefault(carried, []).append(i)
    for unit in page.units:
        if unit.kind != "action" or not page.shots:
            continue
        at = carriers.get(unit.id, [])
        if not at:
            yield page.shots[-1], "an action sentence is in no shot"
        elif any(b - a > 1 for a, b in pairwise(at)):
            yield page.shots[at[-1]], "an action sentence is shown again later"


def _speech_fits(page: Page) -> Iterator[Fault]:
    whole = {unit.id: unit.text for unit in page.units}
    begun: set[str] = set()
    for shot in page.shots:
        lines = shot.audio.dialogue
        if not lines:
            continue
        seconds = sum(
            sum(t.words for t in timing.tokens(line.text))
            / max(
                timing.speech_rate(line.delivery, text, page.words_per_second)
                for text in (line.text, whole.get(line.unit, ""))
            )
            for line in lines
            if not line.dual
        )
        frames = sum(c.src_out - c.src_in for c in shot.cuts) + shot.audio.lead_frames + shot.audio.tail_frames
        if timing.speech_seconds(seconds, 1.0) > frames / page.frame_rate + 0.06:
            yield shot, f"shot {page.number(shot)} has more words than its cut holds"
        first = min(lines, key=lambda line: line.start_seconds)
        if first.start_seconds < FIRST_WORD_SECONDS - 0.01 and first.unit not in begun and not shot.audio.lead_frames:
            yield shot, f"shot {page.number(shot)} begins on a word"
        begun.update(line.unit for line in lines)


def _plan_direction(shot: Shot, subject: Subject, at: geometry.Plan) -> int:
    camera = shot.technical_layer.camera
    angle = geometry.screen_direction(
        geometry.on_plan(camera.position_m),
        geometry.on_plan(camera.look_at_m),
        geometry.on_plan(subject.position_m),
        at,
    )
    across = math.sin(math.radians(angle))
    return 0 if abs(across) < NEUTRAL else (1 if across > 0 else -1)


def _place(shot: Shot) -> str:
    return shot.technical_layer.staging.plate.partition(" side ")[0]


def _plain(shot: Shot) -> bool:
    return (
        shot.function not in ELEMENTS and shot.function != "cutaway"
        and shot.technical_layer.camera.framing not in ("insert", "pov")
    )  # fmt: skip


def _seen(shot: Shot) -> list[Subject]:
    return [s for s in shot.technical_layer.staging.subjects if s.screen_position != "off" and not s.foreground]


def _sides_kept(page: Page) -> Iterator[Fault]:
    """Who looks at whom, and on which side: constant through a passage of one place."""
    spots: dict[tuple[str, str], geometry.Plan] = {}
    kept: dict[tuple[str, int, str, str], int] = {}
    passages: dict[str, int] = {}
    for shot in page.shots:
        place, staging = _place(shot), shot.technical_layer.staging
        for subject in staging.subjects:
            spots[place, subject.entity] = geometry.on_plan(subject.position_m)
        if not _plain(shot):
            continue
        passage = staging.line.passage if staging.line else passages.get(place, 1)
        passages[place] = passage
        for subject in _seen(shot):
            at = spots.get((place, subject.gaze.target)) if subject.gaze else None
            if at is None or subject.gaze is None or at == spots[place, subject.entity]:
                continue
            if staging.line and {subject.entity, subject.gaze.target} != {staging.line.a, staging.line.b}:
                continue
            side = _plan_direction(shot, subject, at)
            before = kept.setdefault((place, passage, subject.entity, subject.gaze.target), side)
            if side and before and side != before:
                yield shot, f"{_who(subject.entity)} changes sides in shot {page.number(shot)}"
            elif side:
                kept[place, passage, subject.entity, subject.gaze.target] = side


def _answers_oppose(page: Page) -> Iterator[Fault]:
    plain = [s for s in page.shots if _plain(s)]
    for before, after in pairwise(plain):
        if {before.technical_layer.camera.framing, after.technical_layer.camera.framing} - {
            "single",
            "over_the_shoulder",
        }:
            continue
        for a in _seen(before):
            for b in _seen(after):
                if a.gaze and b.gaze and a.gaze.target == b.entity and b.gaze.target == a.entity:
                    one, two = (SIDES.get(s.gaze.screen_direction, 0) for s in (a, b) if s.gaze)
                    if one * two > 0:
                        yield (
                            after,
                            f"{_who(b.entity)} looks the way of {_who(a.entity)} in shot {page.number(after)}",
                        )


def _travel_kept(page: Page) -> Iterator[Fault]:
    going: dict[tuple[str, int], int] = {}
    for shot in page.shots:
        if not _plain(shot):
            continue
        line = shot.technical_layer.staging.line
        for subject in _seen(shot):
            key = (subject.entity, line.passage if line else 0)
            if subject.travel is None:
                going.pop(key, None)
                continue
            side = SIDES.get(subject.travel.screen_direction, 0)
            if side * going.get(key, 0) < 0 and not any(
                "turn" in c.split() or "turns" in c.split() for c in shot.technical_layer.staging.changes
            ):
                yield shot, f"{_who(subject.entity)} turns round unseen in shot {page.number(shot)}"
            going[key] = side


def _listener_shown(page: Page) -> Iterator[Fault]:
    seconds: Counter[str] = Counter()
    shots: dict[str, list[Shot]] = {}
    for shot in page.shots:
        for line in shot.audio.dialogue:
            if line.voice != "voice_over":
                seconds[line.unit] += line.seconds  # type: ignore[assignment]
                shots.setdefault(line.unit, []).append(shot)
    people = {s.entity for shot in page.shots for s in _seen(shot) if s.entity.startswith("character/")}
    for unit, long in seconds.items():
        speakers = {
            p
            for shot in shots[unit]
            for d in shot.audio.dialogue
            if d.unit == unit
            for p in (d.speakers or (d.speaker,))
        }
        if long <= LONG_SPEECH_SECONDS or not people - speakers:
            continue
        if not any(s.entity in people - speakers for shot in shots[unit] for s in _seen(shot)):
            yield shots[unit][-1], f"nobody is seen to listen to {_who(min(speakers))} for {long:.0f} s"


def _quotas(page: Page) -> Iterator[Fault]:
    talk = [s for s in page.shots if s.audio.dialogue and _plain(s)]
    still = [s for s in talk if s.technical_layer.camera.movement.type == "static"]
    if len(talk) >= 4 and len(still) * 2 < len(talk):
        yield talk[-1], f"only {len(still)} of {len(talk)} dialogue shots are static"
    asked = {d.unit: d.kind for unit in page.units for d in written_directions(unit.text, unit.id)}
    pushes = 0
    for shot in page.shots:
        camera = shot.technical_layer.camera
        written = any(u in asked for u in shot.source.units)
        intense = shot.contextual_layer.emotional_beat.intensity >= 0.85
        pushes += camera.movement.type in PUSHES and not written and shot.continues_shot_id is None
        if pushes > 1 and camera.movement.type in PUSHES and not written and shot.continues_shot_id is None:
            yield shot, f"push-in {pushes} of the scene in shot {page.number(shot)}"
        cliche = (
            camera.roll != "level"
            or camera.movement.type == "whip_pan"
            or camera.lens.zoom in ("crash_zoom_in", "dolly_zoom")
        )
        if cliche and not written and not intense:
            yield shot, f"an unbudgeted flourish in shot {page.number(shot)}"


def _varied(page: Page) -> Iterator[Fault]:
    run = 0
    for before, after in pairwise(page.shots):
        if not (_plain(before) and _plain(after)) or _place(before) != _place(after):
            run = 0
            continue
        if after.continues_shot_id is not None or after.transition_in in TIME_CUTS or after.transition_in == "jump_cut":
            continue
        one, two = before.technical_layer.camera, after.technical_layer.camera
        people = [sorted(s.entity for s in _seen(shot)) for shot in (before, after)]
        alike = people[0] == people[1] and one.focus.on == two.focus.on
        same = alike and one.shot_size == two.shot_size and one.angle == two.angle
        run = run + 1 if same else 0
        if run >= 2:
            yield after, f"shot {page.number(after)} is the third alike running"
        elif alike and abs(SIZE_ORDER[one.shot_size] - SIZE_ORDER[two.shot_size]) < 2 and _turned(one, two) < 29.5:
            yield after, f"shots {page.number(before)} and {page.number(after)} jump"


def _turned(one: Camera, two: Camera) -> float:
    aim = geometry.on_plan(two.look_at_m)
    return abs(
        geometry.turn_between(
            geometry.heading_to(geometry.on_plan(one.look_at_m), geometry.on_plan(one.position_m)),
            geometry.heading_to(aim, geometry.on_plan(two.position_m)),
        )
    )


def _direction_obeyed(page: Page) -> Iterator[Fault]:
    carriers: dict[str, list[Shot]] = {}
    for shot in page.shots:
        for carried in shot.source.units:
            carriers.setdefault(carried, []).append(shot)
    for unit in page.units:
        if unit.kind == "speech":
            continue
        for direction in written_directions(unit.text, unit.id):
            obeyed = OBEYED.get(direction.kind)
            shots = carriers.get(unit.id, [])
            if obeyed is None or not shots:
                continue
            if not any(obeyed(shot.technical_layer.camera) for shot in shots):
                yield shots[0], f"“{direction.words}” is not what shot {page.number(shots[0])} does"


def _states_kept(page: Page) -> Iterator[Fault]:
    kept: dict[str, tuple[object, ...]] = {}
    said: set[str] = set()
    for shot in page.shots:
        staging = shot.technical_layer.staging
        if shot.transition_in in TIME_CUTS or shot.function == "montage_element":
            kept.clear()
        said.update(word for change in staging.changes for word in change.split())
        for subject in staging.subjects:
            if subject.screen_position == "off" or not subject.entity.startswith("character/"):
                continue
            state = (subject.look, subject.condition, subject.hands.left, subject.hands.right)
            if kept.get(subject.entity, state) != state and subject.entity not in said:
                yield shot, f"{_who(subject.entity)}'s look or hands change unseen in shot {page.number(shot)}"
            kept[subject.entity] = state
            said.discard(subject.entity)


def _light_kept(page: Page) -> Iterator[Fault]:
    kept: dict[str, Shot] = {}
    for shot in page.shots:
        lighting, place = shot.technical_layer.lighting, _place(shot)
        if shot.transition_in in TIME_CUTS:
            kept.clear()
        if lighting.events or shot.function == "montage_element":
            kept.pop(place, None)
            continue
        before = kept.setdefault(place, shot).technical_layer.lighting
        close = SIZE_ORDER[shot.technical_layer.camera.shot_size] >= 5
        turn = abs(geometry.turn_between(before.azimuth_deg, lighting.azimuth_deg))
        if turn > (75 if close else 45) and max(before.elevation_deg, lighting.elevation_deg) < 75:
            yield shot, f"the key of shot {page.number(shot)} comes from elsewhere"
        if before.time_of_day != lighting.time_of_day:
            yield shot, f"shot {page.number(shot)} is lit for another hour"


def _sound_kept(page: Page) -> Iterator[Fault]:
    beds: dict[str, str] = {}
    for shot in page.shots:
        if shot.function not in ELEMENTS:
            bed = beds.setdefault(_place(shot), shot.audio.ambience)
            if shot.audio.ambience != bed:
                yield shot, f"another ambience in shot {page.number(shot)}"
        cue = shot.audio.music_cue
        if cue.state in ("starts", "ends", "starts_and_ends") and not cue.why:
            yield shot, f"music {cue.state.partition('_')[0]} in shot {page.number(shot)} without a reason"


def _renderable(page: Page) -> Iterator[Fault]:
    for shot in page.shots:
        speakers = {p for line in shot.audio.dialogue if line.on_screen for p in (line.speakers or (line.speaker,))}
        if len(speakers) > 2:
            yield shot, f"{len(speakers)} faces talk in shot {page.number(shot)}"
        for text in page.prompts.get(shot.shot_id, ()):
            spoken = text
            for line in shot.audio.dialogue:
                spoken = spoken.replace(line.text, "")
            name = next((n for n in page.names if re.search(rf"\b{re.escape(n)}\b", spoken)), None)
            if _ID.search(spoken) or _NUMBER.search(spoken) or name:
                what = f"the name {name}" if name else "an id or a number"
                yield shot, f"a prompt of shot {page.number(shot)} holds {what}"


def _lengths_vary(page: Page) -> Iterator[Fault]:
    lengths = [sum(c.src_out - c.src_in for c in shot.cuts) for shot in page.shots]
    if len(lengths) >= 6 and len(set(lengths)) == 1:
        yield page.shots[-1], f"all {len(lengths)} cuts are equally long"


def _who(entity: str) -> str:
    return entity.rpartition("/")[2].replace("_", " ").title()


ITEMS: tuple[tuple[int, str, Callable[[Page], Iterator[Fault]]], ...] = (
    (1, "every spoken word once, in order", _words_once),
    (2, "every action sentence shown", _action_shown),
    (3, "speech fits its cut, first word after 0.3 s", _speech_fits),
    (4, "screen sides constant in a passage", _sides_kept),
    (5, "answering singles look opposite ways", _answers_oppose),
    (6, "travel kept or visibly reset", _travel_kept),
    (8, "a listener in every speech over 7 s", _listener_shown),
    (12, "static and push-in quotas, no unbudgeted flourish", _quotas),
    (13, "no triple repeats; 30° or two sizes", _varied),
    (14, "written direction obeyed", _direction_obeyed),
    (16, "states change only at shown events", _states_kept),
    (17, "key and hour agree with the set's plan", _light_kept),
    (18, "one ambience bed a place; music in and out each with a reason", _sound_kept),
    (19, "prompts can be rendered", _renderable),
    (20, "cut lengths vary with the content", _lengths_vary),
)
