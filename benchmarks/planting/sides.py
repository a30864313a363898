"""Errors of the line, of angles and sizes, and of eyelines."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planting.movement import travellers
from planting.shots import (
    SIZES,
    Manner,
    Shot,
    Where,
    bearing,
    camera,
    ends,
    floor,
    mirror_camera,
    plain,
    rederive,
    resize,
    shown,
    spots,
    staging,
    take_frame,
    together,
    turn_camera,
    wrapped,
)

if TYPE_CHECKING:
    import random


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
