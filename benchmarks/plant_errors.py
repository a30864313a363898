"""Plant continuity errors into clean shots, and measure how many the Continuity Supervisor finds.

Planting knows nothing of the checker: it works on the layered shot JSON alone, with its own geometry. 120 errors, ten
for each of twelve checks, vary in manner and size; places are drawn with a fixed seed.

    python benchmarks/plant_errors.py shots.json briefs.json

`shots.json` is a list of shots (the layered export), `briefs.json` a list of scene briefings.
"""

from __future__ import annotations

import copy
import json
import math
import pickle
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Shot = dict[str, Any]
Where = tuple[int, ...]
"""Indices of the shots on which a flag counts as finding the error; the first is the one that was changed."""
Manner = Callable[[list[Shot], int, random.Random], Where | None]

SIZES = ("extreme_wide", "wide", "medium_wide", "medium", "medium_close_up", "close_up", "extreme_close_up")
APART = {"insert", "pov"}
ELEMENTS = {"cutaway", "series_element", "montage_element"}
SOFT_CUTS = {"dissolve", "fade_in", "fade_out", "fade_white", "wipe", "iris"}


@dataclass(frozen=True)
class Planted:
    """One planted error: the scene's shots with it, what should be said of it, and where."""

    scene: int
    shots: list[Shot]
    code: str
    agent: str
    where: Where
    manner: str


# Reading a shot


def camera(shot: Shot) -> Shot:
    return shot["technical_layer"]["camera"]


def staging(shot: Shot) -> Shot:
    return shot["technical_layer"]["staging"]


def light(shot: Shot) -> Shot:
    return shot["technical_layer"]["lighting"]


def shown(shot: Shot) -> list[Shot]:
    """Persons in frame, shoulders in the foreground left out."""
    return [
        s
        for s in staging(shot)["subjects"]
        if s["screen_position"] != "off" and s["entity"].startswith("character/") and not s.get("foreground")
    ]


def plain(shot: Shot) -> bool:
    """A shot that has neighbours: no insert, point of view, cutaway or element."""
    return camera(shot)["framing"] not in APART and shot["function"] not in ELEMENTS


def place(shot: Shot) -> str:
    return staging(shot)["plate"].partition(" side ")[0]


def together(one: Shot, two: Shot) -> bool:
    """Two neighbours in one place, with a straight cut and no long take between them."""
    return (
        plain(one)
        and plain(two)
        and place(one) == place(two)
        and two["continues_shot_id"] is None
        and two["transition_in"] not in SOFT_CUTS | {"jump_cut", "smash_cut", "match_cut"}
    )


def floor(point: list[float]) -> tuple[float, float]:
    return point[0], point[2]


def spots(shot: Shot) -> dict[str, tuple[float, float]]:
    return {s["entity"]: floor(s["position_m"]) for s in staging(shot)["subjects"]}


def ends(shots: list[Shot], i: int) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Where the ends of the shot's line stand, when both are people staged here or in a shot beside it."""
    line = staging(shots[i])["line"]
    if line is None or line["side"] == "on":
        return None
    here = spots(shots[i])
    if line["a"] in here and line["b"] in here:
        return here[line["a"]], here[line["b"]]
    return None


def cross(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def bearing(a: tuple[float, float], b: tuple[float, float]) -> float:
    return math.degrees(math.atan2(b[0] - a[0], b[1] - a[1]))


def wrapped(angle: float) -> float:
    return (angle + 180) % 360 - 180


# Changing a shot


def rederive(shot: Shot) -> None:
    """Make everything that the shot asserts about sides and directions true of its camera again."""
    lens, aim = floor(camera(shot)["position_m"]), floor(camera(shot)["look_at_m"])
    axis, here, line = bearing(lens, aim), spots(shot), staging(shot)["line"]
    for subject in staging(shot)["subjects"]:
        spot = floor(subject["position_m"])
        if subject["screen_position"] != "off":
            off = -wrapped(bearing(lens, spot) - axis)
            subject["screen_position"] = "center" if abs(off) < 2 else ("right" if off > 0 else "left")
        gaze, travel = subject.get("gaze"), subject.get("travel")
        if gaze and gaze["target"] in here and here[gaze["target"]] != spot:
            gaze["screen_direction"] = way(axis, bearing(spot, here[gaze["target"]]))
        if travel:
            travel["screen_direction"] = way(axis, subject["heading_deg"])
    if line and line["a"] in here and line["b"] in here and line["side"] != "on":
        line["side"] = "right" if cross(here[line["a"]], here[line["b"]], lens) > 0 else "left"


def way(axis: float, heading: float) -> str:
    angle = -wrapped(heading - axis)
    if abs(math.sin(math.radians(angle))) > 0.12:
        return "right" if angle > 0 else "left"
    return "away" if abs(angle) < 90 else "toward_camera"


def mirror_camera(shot: Shot, a: tuple[float, float], b: tuple[float, float]) -> None:
    """Put the camera on the other side of the line through a and b."""
    length = math.hypot(b[0] - a[0], b[1] - a[1]) or 1.0
    ux, uz = (b[0] - a[0]) / length, (b[1] - a[1]) / length
    for field in ("position_m", "look_at_m"):
        x, y, z = camera(shot)[field]
        along = (x - a[0]) * ux + (z - a[1]) * uz
        camera(shot)[field] = [2 * (a[0] + along * ux) - x, y, 2 * (a[1] + along * uz) - z]


def turn_camera(shot: Shot, degrees: float, scale: float = 1.0) -> None:
    """Take the camera round what it looks at."""
    lens, aim = floor(camera(shot)["position_m"]), floor(camera(shot)["look_at_m"])
    reach = math.hypot(lens[0] - aim[0], lens[1] - aim[1]) * scale
    turned = math.radians(bearing(aim, lens) + degrees)
    camera(shot)["position_m"] = [
        aim[0] + math.sin(turned) * reach,
        camera(shot)["position_m"][1],
        aim[1] + math.cos(turned) * reach,
    ]


def resize(shot: Shot, size: str) -> None:
    steps = SIZES.index(size) - SIZES.index(camera(shot)["shot_size"])
    camera(shot)["shot_size"] = size
    turn_camera(shot, 0, 0.62**steps)


def take_frame(shots: list[Shot], source: int, target: int) -> None:
    """Give a shot the whole frame of another one, under a set-up of its own."""
    shots[target]["technical_layer"] = copy.deepcopy(shots[source]["technical_layer"])
    shots[target]["function"] = "coverage"


# C180


def alike_before(shots: list[Shot], i: int) -> int | None:
    """An earlier shot of the same passage and line, not on the line itself."""
    line = staging(shots[i])["line"]
    if line is None:
        return None
    for j in range(i - 1, -1, -1):
        other = staging(shots[j])["line"]
        if other is None or not plain(shots[j]):
            continue
        if (
            other["passage"] != line["passage"]
            or {other["a"], other["b"]} != {line["a"], line["b"]}
            or other["side"] == "on"
        ):
            return None
        return j
    return None


def cross_line(keep_words: bool, framing: str = "") -> Manner:
    def manner(shots: list[Shot], i: int, _: random.Random) -> Where | None:
        shot = shots[i]
        line_ends = ends(shots, i)
        if line_ends is None or not plain(shot) or (framing and camera(shot)["framing"] != framing):
            return None
        a, b = line_ends
        lens = floor(camera(shot)["position_m"])
        middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
        off = abs(wrapped(bearing(a, b) - bearing(middle, lens)))
        if min(off, 180 - off) < 6 or alike_before(shots, i) is None or not shown(shot):
            return None
        mirror_camera(shot, a, b)
        if not keep_words:
            rederive(shot)
        return (i,)

    return manner


def claim_reset(shots: list[Shot], i: int, rng: random.Random) -> Where | None:
    """Cross the line in a still, close shot, and say that a new passage lets it."""
    near = shots[max(0, i - 3) : i + 1]
    still = all(camera(s)["movement"]["type"] == "static" and not travellers(s) for s in near)
    if not still or SIZES.index(camera(shots[i])["shot_size"]) < 3 or i == 0 or alike_before(shots, i) != i - 1:
        return None
    where = cross_line(keep_words=False)(shots, i, rng)
    if where is not None:
        line = staging(shots[i])["line"]
        line["passage"], line["reset"] = line["passage"] + 1, "a new look"
    return where


def false_side(shots: list[Shot], i: int, _: random.Random) -> Where | None:
    line_ends = ends(shots, i)
    line = staging(shots[i])["line"]
    if line_ends is None or not plain(shots[i]):
        return None
    line["side"] = "left" if line["side"] == "right" else "right"
    return (i,)


def false_neutral(shots: list[Shot], i: int, _: random.Random) -> Where | None:
    line_ends = ends(shots, i)
    if line_ends is None or not plain(shots[i]):
        return None
    a, b = line_ends
    off = abs(
        wrapped(bearing(a, b) - bearing(((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), floor(camera(shots[i])["position_m"])))
    )
    if min(off, 180 - off) < 22:
        return None
    staging(shots[i])["line"]["side"] = "on"
    return (i,)


def swap_screen_sides(shots: list[Shot], i: int, _: random.Random) -> Where | None:
    seen = shown(shots[i])
    sides = {s["screen_position"]: s for s in seen}
    if not plain(shots[i]) or len(seen) < 2 or not {"left", "right"} <= set(sides):
        return None
    sides["left"]["screen_position"], sides["right"]["screen_position"] = "right", "left"
    return (i,)


# C30 and CSIZE


def repeat_angle(degrees: float, steps: int) -> Manner:
    def manner(shots: list[Shot], i: int, _: random.Random) -> Where | None:
        if i == 0 or not together(shots[i - 1], shots[i]) or len(shown(shots[i - 1])) != 1:
            return None
        size = SIZES.index(camera(shots[i - 1])["shot_size"]) + steps
        if not 0 <= size < len(SIZES) or camera(shots[i - 1])["focus"]["on"] != shown(shots[i - 1])[0]["entity"]:
            return None
        take_frame(shots, i - 1, i)
        turn_camera(shots[i], degrees)
        resize(shots[i], SIZES[size])
        rederive(shots[i])
        return (i,)

    return manner


def leap(size: str) -> Manner:
    def manner(shots: list[Shot], i: int, _: random.Random) -> Where | None:
        if i == 0 or not together(shots[i - 1], shots[i]):
            return None
        if abs(SIZES.index(camera(shots[i - 1])["shot_size"]) - SIZES.index(size)) < 4:
            return None
        if "reveal" in (shots[i]["function"], shots[i - 1]["function"]) or beat(shots[i]) == "shock":
            return None
        resize(shots[i], size)
        return (i,)

    return manner


def beat(shot: Shot) -> str:
    return shot["contextual_layer"]["emotional_beat"]["name"]


def run_of_three(degrees: float) -> Manner:
    def manner(shots: list[Shot], i: int, _: random.Random) -> Where | None:
        if i < 2 or not (together(shots[i - 2], shots[i - 1]) and together(shots[i - 1], shots[i])):
            return None
        if shots[i - 2]["continues_shot_id"] is not None or not shown(shots[i - 2]):
            return None
        for target in (i - 1, i):
            take_frame(shots, i - 2, target)
            turn_camera(shots[target], degrees * (target - i + 2))
        return (i,)

    return manner


# CEYE


def flip_gaze(shots: list[Shot], i: int, rng: random.Random) -> Where | None:
    here = spots(shots[i])
    sure = [
        s
        for s in shown(shots[i])
        if s.get("gaze") and s["gaze"]["screen_direction"] in ("left", "right") and s["gaze"]["target"] in here
    ]
    if not sure or not plain(shots[i]):
        return None
    gaze = rng.choice(sure)["gaze"]
    gaze["screen_direction"] = "left" if gaze["screen_direction"] == "right" else "right"
    return (i, i + 1)


def pair_at(shots: list[Shot], i: int) -> tuple[Shot, Shot] | None:
    """The two who answer each other in shot i and the plain shot before it."""
    if i == 0 or not together(shots[i - 1], shots[i]):
        return None
    people = []
    for shot in (shots[i - 1], shots[i]):
        seen = [s for s in shown(shot) if s["entity"] == camera(shot)["focus"]["on"]]
        if camera(shot)["framing"] not in ("single", "over_the_shoulder") or not seen or not seen[0].get("gaze"):
            return None
        people.append(seen[0])
    a, b = people
    for shot in (shots[i - 1], shots[i]):
        talks = shot["audio"]["dialogue"] or shot["function"] == "reaction"
        if (
            not talks
            or len(shown(shot)) != 1
            or SIZES.index(camera(shot)["shot_size"]) < 3
            or shown(shot)[0].get("travel")
        ):
            return None
    if a["gaze"]["target"] != b["entity"] or b["gaze"]["target"] != a["entity"]:
        return None
    return a, b


def raise_lens(metres: float) -> Manner:
    def manner(shots: list[Shot], i: int, _: random.Random) -> Where | None:
        if pair_at(shots, i) is None or camera(shots[i])["angle"] != "eye_level":
            return None
        camera(shots[i])["position_m"][1] += metres
        return (i, i - 1)

    return manner


def open_eyeline(degrees: float) -> Manner:
    def manner(shots: list[Shot], i: int, _: random.Random) -> Where | None:
        pair = pair_at(shots, i)
        if pair is None:
            return None
        a, b = floor(pair[0]["position_m"]), floor(pair[1]["position_m"])
        lens = floor(camera(shots[i])["position_m"])
        off = wrapped(bearing(b, lens) - bearing(b, a))
        turn_camera(shots[i], math.copysign(degrees - abs(off), off))
        rederive(shots[i])
        return (i, i - 1)

    return manner


def first_pair(shots: list[Shot], i: int) -> bool:
    return pair_at(shots, i) is not None and not any(pair_at(shots, j) for j in range(i))


def unmatch(field: str) -> Manner:
    def manner(shots: list[Shot], i: int, _: random.Random) -> Where | None:
        if not first_pair(shots, i) or camera(shots[i - 1])["framing"] != camera(shots[i])["framing"]:
            return None
        if field == "size":
            now = SIZES.index(camera(shots[i])["shot_size"])
            resize(shots[i], SIZES[now + 1 if now < 5 else now - 1])
        else:
            lens = camera(shots[i])["lens"]
            lens["focal_mm"], lens["class"] = (85, "long") if lens["focal_mm"] < 60 else (35, "standard")
        return (i, i - 1)

    return manner


def look_the_same_way(shots: list[Shot], i: int, _: random.Random) -> Where | None:
    pair = pair_at(shots, i)
    if pair is None:
        return None
    mirror_camera(shots[i], floor(pair[0]["position_m"]), floor(pair[1]["position_m"]))
    rederive(shots[i])
    return (i, i + 1)


# CDIR


def travellers(shot: Shot) -> list[Shot]:
    return [
        s
        for s in staging(shot)["subjects"]
        if s["screen_position"] != "off" and s.get("travel") and not s.get("foreground")
    ]


def sideways(shot: Shot) -> list[Shot]:
    return [s for s in travellers(shot) if s["travel"]["screen_direction"] in ("left", "right") and plain(shot)]


def across(shot: Shot, subject: Shot) -> float:
    axis = bearing(floor(camera(shot)["position_m"]), floor(camera(shot)["look_at_m"]))
    return math.sin(math.radians(-wrapped(subject["heading_deg"] - axis)))


def false_travel(shots: list[Shot], i: int, rng: random.Random) -> Where | None:
    sure = [s for s in sideways(shots[i]) if abs(across(shots[i], s)) > 0.35]
    if not sure:
        return None
    travel = rng.choice(sure)["travel"]
    travel["screen_direction"] = "left" if travel["screen_direction"] == "right" else "right"
    return (i, i + 1)


def false_neutral_travel(shots: list[Shot], i: int, rng: random.Random) -> Where | None:
    sure = [s for s in sideways(shots[i]) if abs(across(shots[i], s)) > 0.85]
    if not sure:
        return None
    rng.choice(sure)["travel"]["screen_direction"] = rng.choice(["toward_camera", "away"])
    return (i,)


def turn_unseen(turn_round: bool) -> Manner:
    def manner(shots: list[Shot], i: int, _: random.Random) -> Where | None:
        if i == 0 or not together(shots[i - 1], shots[i]):
            return None
        lines = [staging(shots[j])["line"] for j in (i - 1, i)]
        if lines[0] and lines[1] and lines[0]["passage"] != lines[1]["passage"]:
            return None
        before = {
            s["entity"] for s in sideways(shots[i - 1]) if s["pose_end"] == s["pose_start"] or s["travel"]["exits"]
        }
        both = [s for s in sideways(shots[i]) if s["entity"] in before and abs(across(shots[i], s)) > 0.35]
        if not both or staging(shots[i])["changes"]:
            return None
        subject = both[0]
        if turn_round:
            subject["heading_deg"] = wrapped(subject["heading_deg"] + 180)
        else:
            spot = floor(subject["position_m"])
            heading = math.radians(subject["heading_deg"])
            mirror_camera(shots[i], spot, (spot[0] + math.sin(heading), spot[1] + math.cos(heading)))
        rederive(shots[i])
        return (i, i + 1)

    return manner


# CACT


def shared_person(shots: list[Shot], i: int) -> tuple[Shot, Shot] | None:
    if i == 0 or not together(shots[i - 1], shots[i]):
        return None
    before = {s["entity"]: s for s in shown(shots[i - 1])}
    return next(((before[s["entity"]], s) for s in shown(shots[i]) if s["entity"] in before), None)


def break_pose(pose: str, field: str) -> Manner:
    def manner(shots: list[Shot], i: int, _: random.Random) -> Where | None:
        pair = shared_person(shots, i)
        if pair is None or pose in (pair[0]["pose_end"], pair[1]["pose_start"]):
            return None
        (pair[1] if field == "pose_start" else pair[0])[field] = pose
        return (i, i - 1)

    return manner


def act_twice(done: float, again: float) -> Manner:
    def manner(shots: list[Shot], i: int, _: random.Random) -> Where | None:
        pair = shared_person(shots, i)
        if pair is None or not shots[i - 1]["source"]["units"] or shots[i - 1]["audio"]["dialogue"]:
            return None
        shots[i]["source"]["units"] = [shots[i - 1]["source"]["units"][-1], *shots[i]["source"]["units"]]
        pair[0]["action_phase"], pair[1]["action_phase"] = done, again
        return (i, i - 1)

    return manner


# CEST


def open_tight(size: str) -> Manner:
    def manner(shots: list[Shot], i: int, _: random.Random) -> Where | None:
        frames = [s for s in shots if camera(s)["framing"] not in APART]
        if i != 0 or len(frames) < 3 or any(s["function"] in ELEMENTS for s in shots):
            return None
        for shot in frames[:3]:
            resize(shot, size)
            if shot["function"] in ("establishing", "master"):
                shot["function"] = "coverage"
        return (0, 1, 2, 3, 4)

    return manner


def hide_speaker(rank: int) -> Manner:
    def manner(shots: list[Shot], i: int, _: random.Random) -> Where | None:
        frames = [k for k, s in enumerate(shots) if camera(s)["framing"] not in APART]
        if i != 0 or len(frames) < 3:
            return None
        heard: list[str] = []
        for k in range(frames[2] + 1):
            for line in shots[k]["audio"]["dialogue"]:
                if line["voice"] == "room" and line["speaker"] not in heard:
                    heard.append(line["speaker"])
        if len(heard) <= rank:
            return None
        for k in range(frames[2] + 1):
            for subject in staging(shots[k])["subjects"]:
                if subject["entity"] == heard[rank]:
                    subject["screen_position"], subject["mouth"] = "off", "closed"
            for line in shots[k]["audio"]["dialogue"]:
                line["on_screen"] = line["on_screen"] and line["speaker"] != heard[rank]
        return tuple(range(frames[2] + 1))

    return manner


# CWARD


def steady(shots: list[Shot], i: int, rng: random.Random) -> Shot | None:
    """A person in frame here and in the shots around, whom no shot near changes."""
    if not 0 < i < len(shots) - 1 or shots[i]["function"] == "montage_element":
        return None
    near = shots[max(0, i - 2) : i + 3]
    if any(s["transition_in"] in SOFT_CUTS for s in near):
        return None
    said = " ".join(c for s in near for c in staging(s)["changes"])
    people = [
        s
        for s in shown(shots[i])
        if s["entity"] not in said
        and any(p["entity"] == s["entity"] for o in (shots[i - 1], shots[i + 1]) for p in shown(o))
    ]
    return rng.choice(people) if people else None


def change_look(name: str) -> Manner:
    def manner(shots: list[Shot], i: int, rng: random.Random) -> Where | None:
        person = steady(shots, i, rng)
        if person is None:
            return None
        person["look"] = f"look/{person['entity'].partition('/')[2]}.{name}"
        return (i, i + 1)

    return manner


def change_hands(how: str) -> Manner:
    def manner(shots: list[Shot], i: int, rng: random.Random) -> Where | None:
        person = steady(shots, i, rng)
        if person is None:
            return None
        hands = person["hands"]
        held = [side for side in ("left", "right") if hands.get(side)]
        if how == "appear":
            hands["left" if hands.get("right") else "right"] = "prop/brass_bell"
        elif not held:
            return None
        elif how == "vanish":
            hands[held[0]] = None
        elif how == "swap":
            hands["left"], hands["right"] = hands.get("right"), hands.get("left")
            if hands["left"] == hands["right"]:
                return None
        return tuple(range(i, len(shots)))

    return manner


def change_condition(word: str) -> Manner:
    def manner(shots: list[Shot], i: int, rng: random.Random) -> Where | None:
        person = steady(shots, i, rng)
        if person is None:
            return None
        person["condition"] = [] if person["condition"] else [word]
        return tuple(range(i, len(shots)))

    return manner


def change_binding(shots: list[Shot], i: int, rng: random.Random) -> Where | None:
    person = steady(shots, i, rng)
    assets = shots[i]["digital_assets"]
    key = assets["bindings"].get(person["entity"]) if person else None
    if not isinstance(key, str) or person is None:
        return None
    assets["bindings"][person["entity"]] = key + "x"
    assets["characters"] = [key + "x" if k == key else k for k in assets["characters"]]
    return (i, i + 1)


def change_clothes(shots: list[Shot], i: int, rng: random.Random) -> Where | None:
    if steady(shots, i, rng) is None or not plain(shots[i]):
        return None
    wear = {
        tuple(sorted((s["entity"], s["look"]) for s in staging(o)["subjects"] if s["screen_position"] != "off"))
        for o in [shots[i]]
    }
    alike = [
        o
        for k, o in enumerate(shots)
        if k != i
        and plain(o)
        and tuple(sorted((s["entity"], s["look"]) for s in staging(o)["subjects"] if s["screen_position"] != "off"))
        in wear
    ]
    if not alike or not shots[i]["digital_assets"]["clothes"]:
        return None
    shots[i]["digital_assets"]["clothes"] = [*shots[i]["digital_assets"]["clothes"][1:], "cloth_other_v01"]
    return tuple(range(len(shots)))


# CLIGHT


def relight(change: Callable[[Shot, Shot], None]) -> Manner:
    def manner(shots: list[Shot], i: int, _: random.Random) -> Where | None:
        near = shots[max(0, i - 1) : i + 2]
        if not 0 < i < len(shots) - 1 or any(light(s)["events"] or s["transition_in"] in SOFT_CUTS for s in near):
            return None
        if (
            len({place(s) for s in near}) > 1
            or any(s["function"] in ELEMENTS for s in near)
            or light(shots[i])["elevation_deg"] > 70
        ):
            return None
        change(light(shots[i]), camera(shots[i]))
        return (i,)

    return manner


def turn_key(degrees: float) -> Callable[[Shot, Shot], None]:
    def change(lighting: Shot, _: Shot) -> None:
        lighting["azimuth_deg"] = wrapped(lighting["azimuth_deg"] + degrees)
        lighting["motivated_by"] = "window"

    return change


def scale_contrast(factor: float) -> Callable[[Shot, Shot], None]:
    def change(lighting: Shot, _: Shot) -> None:
        ratio = lighting["contrast_ratio"]
        lighting["contrast_ratio"] = ratio * factor if ratio * factor <= 16 else ratio / factor

    return change


def shift_colour(by: float, field: str) -> Callable[[Shot, Shot], None]:
    def change(lighting: Shot, lens: Shot) -> None:
        owner = lighting if field == "color_temperature_k" else lens
        owner[field] = round(1e6 / max(1e6 / owner[field] + by, 60))

    return change


def expose(by: float) -> Callable[[Shot, Shot], None]:
    def change(lighting: Shot, _: Shot) -> None:
        lighting["exposure_ev"] = lighting.get("exposure_ev", 0.0) + by

    return change


def other_hour(lighting: Shot, _: Shot) -> None:
    lighting["time_of_day"] = "midday" if lighting["time_of_day"] == "night" else "night"


# CDUR


def last_for(seconds: float) -> Manner:
    def manner(shots: list[Shot], i: int, _: random.Random) -> Where | None:
        shot = shots[i]
        frames = round(seconds * 24)
        shot["duration_frames"], shot["duration_seconds"], shot["duration_reason"] = frames, frames / 24, None
        shot["cuts"] = [{**shot["cuts"][0], "src_in": 0, "src_out": frames}]
        return (i,)

    return manner


def trim_cut(share: float) -> Manner:
    def manner(shots: list[Shot], i: int, _: random.Random) -> Where | None:
        words = sum(len(line["text"].split()) for line in shots[i]["audio"]["dialogue"] if not line["dual"])
        slow = not any(line["delivery"] for line in shots[i]["audio"]["dialogue"])
        frames = int((words / 2.4 + 0.4) * 24 * share)
        if words < 5 or not slow or len(shots[i]["cuts"]) != 1:
            return None
        shots[i]["cuts"][0].update(src_in=0, src_out=frames)
        return (i,)

    return manner


def misstate(shots: list[Shot], i: int, _: random.Random) -> Where | None:
    shots[i]["duration_seconds"] += 0.75
    return (i,)


def overrun_cut(shots: list[Shot], i: int, _: random.Random) -> Where | None:
    shots[i]["cuts"][-1]["src_out"] = shots[i]["duration_frames"] + 24
    return (i,)


def drop_cut(shots: list[Shot], i: int, _: random.Random) -> Where | None:
    shots[i]["cuts"] = []
    return (i,)


# CCONT


def make_take(shots: list[Shot], i: int) -> bool:
    """Make shot i a faithful continuation of the one before it."""
    if i == 0 or not together(shots[i - 1], shots[i]) or shots[i - 1]["continues_shot_id"] is not None:
        return False
    take_frame(shots, i - 1, i)
    shots[i]["setup_id"], shots[i]["continues_shot_id"] = shots[i - 1]["setup_id"], shots[i - 1]["shot_id"]
    return True


def break_take(change: Callable[[Shot], None]) -> Manner:
    def manner(shots: list[Shot], i: int, _: random.Random) -> Where | None:
        if not make_take(shots, i):
            return None
        change(shots[i])
        return (i,)

    return manner


def next_size(shot: Shot) -> None:
    now = SIZES.index(camera(shot)["shot_size"])
    resize(shot, SIZES[now + 1 if now < 6 else now - 1])


def other_move(kind: str) -> Callable[[Shot], None]:
    def change(shot: Shot) -> None:
        camera(shot)["movement"]["type"] = kind if camera(shot)["movement"]["type"] != kind else "pan_left"

    return change


def other_lens(shot: Shot) -> None:
    camera(shot)["lens"]["focal_mm"] = 100 if camera(shot)["lens"]["focal_mm"] != 100 else 35


def other_setup(shot: Shot) -> None:
    shot["setup_id"] = "su_elsewhere"


def continue_nothing(shots: list[Shot], i: int, _: random.Random) -> Where | None:
    shots[i]["continues_shot_id"] = "sh_nowhere"
    return (i,)


def continue_later(shots: list[Shot], i: int, _: random.Random) -> Where | None:
    if i + 1 >= len(shots):
        return None
    shots[i]["continues_shot_id"] = shots[i + 1]["shot_id"]
    return (i,)


def continue_on_and_on(shots: list[Shot], i: int, _: random.Random) -> Where | None:
    if i < 3 or not all(together(shots[k - 1], shots[k]) for k in range(i - 2, i + 1)):
        return None
    for k in range(i - 2, i + 1):
        take_frame(shots, k - 1, k)
        shots[k]["setup_id"], shots[k]["continues_shot_id"] = shots[k - 1]["setup_id"], shots[k - 1]["shot_id"]
    return (i,)


# CPRES


def add_stranger(entity: str) -> Manner:
    def manner(shots: list[Shot], i: int, _: random.Random) -> Where | None:
        if not shown(shots[i]) or not plain(shots[i]):
            return None
        stranger = copy.deepcopy(shown(shots[i])[0])
        stranger.update(entity=entity, mouth="closed", gaze=None, look="look/unknown")
        staging(shots[i])["subjects"].append(stranger)
        return (i,)

    return manner


def flip_on_screen(shots: list[Shot], i: int, _: random.Random) -> Where | None:
    lines = [line for line in shots[i]["audio"]["dialogue"] if not line["speakers"]]
    if not lines:
        return None
    lines[0]["on_screen"] = not lines[0]["on_screen"]
    return (i,)


def shut_mouth(shots: list[Shot], i: int, _: random.Random) -> Where | None:
    speakers = {line["speaker"] for line in shots[i]["audio"]["dialogue"] if line["voice"] == "room"}
    faces = [s for s in shown(shots[i]) if s["entity"] in speakers]
    if not faces or camera(shots[i])["facing"] == "back" or not plain(shots[i]):
        return None
    faces[0]["mouth"] = "closed"
    return (i,)


def move_lips(shots: list[Shot], i: int, _: random.Random) -> Where | None:
    speakers = {s for line in shots[i]["audio"]["dialogue"] for s in (line["speakers"] or [line["speaker"]])}
    silent = [s for s in shown(shots[i]) if s["entity"] not in speakers]
    if not silent:
        return None
    silent[0]["mouth"] = "speaking"
    return (i,)


def wrong_speaker(shots: list[Shot], i: int, _: random.Random) -> Where | None:
    lines = [line for line in shots[i]["audio"]["dialogue"] if not line["speakers"]]
    if not lines:
        return None
    lines[0]["speaker"] = "character/nobody_at_all"
    return (i,)


CAMERA, DIRECTOR, ART = "cinematographer", "director", "art_director"
PLANTS: tuple[tuple[str, str, Manner], ...] = (
    *(("C180", CAMERA, cross_line(keep_words=False, framing=f)) for f in ("single", "over_the_shoulder", "", "")),
    *(("C180", CAMERA, cross_line(keep_words=True, framing=f)) for f in ("single", "")),
    *(("C180", CAMERA, m) for m in (false_side, false_neutral, swap_screen_sides, claim_reset)),
    *(
        ("C30", CAMERA, repeat_angle(degrees, steps))
        for degrees, steps in (
            (0, 0),
            (5, 0),
            (-8, 0),
            (12, 1),
            (-15, 0),
            (18, -1),
            (22, 0),
            (0, 1),
            (-24, 0),
            (10, -1),
        )
    ),
    *(("CEYE", CAMERA, m) for m in (flip_gaze, flip_gaze, flip_gaze, raise_lens(0.7), raise_lens(-0.5))),
    *(
        ("CEYE", CAMERA, m)
        for m in (open_eyeline(50), open_eyeline(65), unmatch("size"), unmatch("lens"), look_the_same_way)
    ),
    *(("CDIR", CAMERA, false_travel) for _ in range(3)),
    *(("CDIR", CAMERA, m) for m in (*[turn_unseen(False)] * 3, *[turn_unseen(True)] * 2, *[false_neutral_travel] * 2)),
    *(("CACT", CAMERA, break_pose(p, "pose_start")) for p in ("sit", "lie", "kneel", "point", "crouch")),
    *(("CACT", CAMERA, m) for m in (break_pose("fall", "pose_end"), break_pose("climb", "pose_end"))),
    *(("CACT", CAMERA, act_twice(*p)) for p in ((0.9, 0.2), (0.6, 0.4), (1.0, 0.7))),
    *(
        ("CSIZE", CAMERA, leap(s))
        for s in ("extreme_close_up", "extreme_close_up", "extreme_wide", "extreme_wide", "wide")
    ),
    *(("CSIZE", CAMERA, run_of_three(d)) for d in (0, 4, 15, 40, -35)),
    *(("CEST", CAMERA, open_tight(s)) for s in ("medium", "medium_close_up", "close_up", "medium", "extreme_close_up")),
    *(("CEST", CAMERA, hide_speaker(r)) for r in (0, 1, 0, 1, 0)),
    *(("CWARD", CAMERA, m) for m in (change_look("armour"), change_look("pyjamas"))),
    *(("CWARD", CAMERA, change_hands(h)) for h in ("appear", "appear", "vanish", "swap")),
    *(("CWARD", CAMERA, change_condition(w)) for w in ("soaked", "bleeding")),
    ("CWARD", ART, change_binding),
    ("CWARD", ART, change_clothes),
    *(("CLIGHT", CAMERA, relight(turn_key(d))) for d in (90, 180, -80)),
    *(("CLIGHT", CAMERA, relight(scale_contrast(f))) for f in (4, 3.2)),
    ("CLIGHT", CAMERA, relight(shift_colour(90, "color_temperature_k"))),
    ("CLIGHT", CAMERA, relight(shift_colour(70, "white_balance_k"))),
    *(("CLIGHT", CAMERA, relight(m)) for m in (expose(1.2), expose(-0.9), other_hour)),
    *(("CDUR", DIRECTOR, last_for(s)) for s in (7.5, 8.5, 12.0, 3.0, 4.5)),
    *(("CDUR", DIRECTOR, m) for m in (trim_cut(0.6), trim_cut(0.85), misstate, overrun_cut, drop_cut)),
    *(("CCONT", CAMERA, break_take(m)) for m in (next_size, next_size, other_move("arc_left"), other_move("dolly_in"))),
    *(("CCONT", CAMERA, break_take(m)) for m in (other_lens, other_setup, other_setup)),
    *(("CCONT", DIRECTOR, m) for m in (continue_nothing, continue_later, continue_on_and_on)),
    *(
        ("CPRES", CAMERA, add_stranger(e))
        for e in ("character/stranger_one", "animal/unwritten_bear", "character/understudy")
    ),
    *(("CPRES", DIRECTOR, m) for m in (flip_on_screen, flip_on_screen, wrong_speaker)),
    *(("CPRES", CAMERA, m) for m in (shut_mouth, shut_mouth, move_lips, move_lips)),
)


def must_place(brief: dict[str, Any]) -> bool:
    """A new place, not withheld: the opening owes us where everybody is."""
    scene = brief["scene"]
    return (
        not brief["known_place"]
        and scene["withheld"] is None
        and scene["scene_type"] not in ("montage", "series_of_shots")
    )


def plant(scenes: list[list[Shot]], briefs: list[dict[str, Any]], number: int, seed: int = 7) -> Planted | None:
    """Plant error `number` (0-119) at a drawn place where it can be made; None when the film has no such place."""
    code, agent, manner = PLANTS[number]
    rng = random.Random(seed * 1000 + number)
    places = [(s, i) for s, shots in enumerate(scenes) for i in range(len(shots))]
    rng.shuffle(places)
    packed: dict[int, bytes] = {}
    for scene, i in places:
        if code == "CEST" and not must_place(briefs[scene]):
            continue
        shots = pickle.loads(packed.get(scene) or packed.setdefault(scene, pickle.dumps(scenes[scene], -1)))
        where = manner(shots, i, rng)
        if where is not None:
            inside = tuple(w for w in where if 0 <= w < len(shots))
            return Planted(scene, shots, code, agent, inside, manner.__qualname__.partition(".")[0])
    return None


def plant_all(
    scenes: list[list[Shot]], briefs: list[dict[str, Any]], seed: int = 7
) -> Iterator[tuple[int, Planted | None]]:
    for number in range(len(PLANTS)):
        yield number, plant(scenes, briefs, number, seed)


def measure(scenes: list[list[Shot]], briefs: list[dict[str, Any]], seed: int = 7) -> dict[str, Any]:
    """Run the supervisor over each mutant. An error is found when a flag of its code that the clean scene lacks lies on
    one of its shots; owned when that flag names its owner. The checker is imported here and nowhere else."""
    from shotwright.crew.continuity_supervisor import inspect_scene
    from shotwright.model.crew import FilmSettings
    from shotwright.model.shot import Shot as Value
    from shotwright.model.story import SceneBrief

    known = [SceneBrief.model_validate(b) for b in briefs]
    settings = FilmSettings()

    def flags(shots: list[Shot], scene: int) -> list[Any]:
        return list(inspect_scene([Value.model_validate(s) for s in shots], known[scene], settings))

    clean = [{(f.code, f.shot_id, f.message) for f in flags(shots, i)} for i, shots in enumerate(scenes)]
    result: dict[str, Any] = {"planted": 0, "found": 0, "owned": 0, "impossible": [], "missed": [], "by_code": {}}
    tally: dict[str, Counter[str]] = {}
    for number, planted in plant_all(scenes, briefs, seed):
        if planted is None:
            result["impossible"].append(f"{PLANTS[number][0]} {PLANTS[number][2].__qualname__.partition('.')[0]}")
            continue
        ids = {planted.shots[w]["shot_id"] for w in planted.where}
        new = [
            f
            for f in flags(planted.shots, planted.scene)
            if f.code == planted.code and f.shot_id in ids and f.severity != "info"
            and (f.code, f.shot_id, f.message) not in clean[planted.scene]
        ]  # fmt: skip
        owned = any(f.agent == planted.agent for f in new)
        tally.setdefault(planted.code, Counter()).update(planted=1, found=bool(new), owned=owned)
        if not owned:
            spot = planted.shots[planted.where[0]]
            result["missed"].append(
                f"{number} {planted.code} {planted.manner} {spot['shot_id']} (scene {planted.scene})"
            )
    result["by_code"] = {code: dict(counts) for code, counts in tally.items()}
    for field in ("planted", "found", "owned"):
        result[field] = sum(counts[field] for counts in tally.values())
    return result


def main() -> None:
    shots, briefs = (json.loads(Path(name).read_text("utf-8")) for name in sys.argv[1:3])
    ordered = {brief["scene"]["scene_id"]: brief for brief in briefs}
    scenes: dict[str, list[Shot]] = {}
    for shot in shots:
        scenes.setdefault(shot["scene_id"], []).append(shot)
    result = measure(list(scenes.values()), [ordered[s] for s in scenes])
    print(json.dumps(result, indent=2))
    found, owned = result["found"] / result["planted"], result["owned"] / result["planted"]
    print(f"planted={result['planted']} found={found:.1%} right owner={owned:.1%}")


if __name__ == "__main__":
    main()
