"""Errors of travel, of action over a cut, and of placing people."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planting.shots import (
    APART,
    ELEMENTS,
    Manner,
    Shot,
    Where,
    bearing,
    camera,
    floor,
    mirror_camera,
    plain,
    rederive,
    resize,
    shown,
    staging,
    together,
    wrapped,
)

if TYPE_CHECKING:
    import random


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
