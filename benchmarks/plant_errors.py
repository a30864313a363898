"""Plant continuity errors into clean shots, and measure how many the Continuity Supervisor finds.

Planting knows nothing of the checker: it works on the layered shot JSON alone, with its own geometry. 120 errors, ten
for each of twelve checks, vary in manner and size; places are drawn with a fixed seed.

    python benchmarks/plant_errors.py FILM.shotwright

The folder is a finished production: its shots and its scenes' briefings are read from it.
"""

from __future__ import annotations

import json
import pickle
import random
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planting.clips import (
    add_stranger,
    break_take,
    continue_later,
    continue_nothing,
    continue_on_and_on,
    drop_cut,
    flip_on_screen,
    last_for,
    misstate,
    move_lips,
    next_size,
    other_lens,
    other_move,
    other_setup,
    overrun_cut,
    shut_mouth,
    trim_cut,
    wrong_speaker,
)
from planting.movement import (
    act_twice,
    break_pose,
    false_neutral_travel,
    false_travel,
    hide_speaker,
    open_tight,
    turn_unseen,
)
from planting.sides import (
    claim_reset,
    cross_line,
    false_neutral,
    false_side,
    flip_gaze,
    leap,
    look_the_same_way,
    open_eyeline,
    raise_lens,
    repeat_angle,
    run_of_three,
    swap_screen_sides,
    unmatch,
)
from planting.states import (
    change_binding,
    change_clothes,
    change_condition,
    change_hands,
    change_look,
    expose,
    other_hour,
    relight,
    scale_contrast,
    shift_colour,
    turn_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planting.shots import Manner, Shot, Where


@dataclass(frozen=True)
class Planted:
    """One planted error: the scene's shots with it, what should be said of it, and where."""

    scene: int
    shots: list[Shot]
    code: str
    agent: str
    where: Where
    manner: str


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


def read_film() -> tuple[list[list[Shot]], list[dict[str, Any]]]:
    """(scenes of shots, their briefs) of the production folder named on the command line."""
    from shotwright.production.opened import Production

    with Production(Path(sys.argv[1])) as production:
        film = [(scene, [json.loads(s.model_dump_json()) for s in shots]) for scene, shots in production.film]
        return [shots for _, shots in film], [production.brief(s).model_dump(mode="json") for s, _ in film]


def main() -> None:
    result = measure(*read_film())
    print(json.dumps(result, indent=2))
    found, owned = result["found"] / result["planted"], result["owned"] / result["planted"]
    print(f"planted={result['planted']} found={found:.1%} right owner={owned:.1%}")


if __name__ == "__main__":
    main()
