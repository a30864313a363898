"""Errors of length, of long takes, and of who is in frame or heard."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from planting.shots import SIZES, Manner, Shot, Where, camera, plain, resize, shown, staging, take_frame, together

if TYPE_CHECKING:
    import random
    from collections.abc import Callable


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
