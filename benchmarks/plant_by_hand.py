"""Plant errors as a careless hand would, by swapping and mirroring raw fields, and measure how many are found.

A second style of planting beside `plant_errors.py`, written without it and without the checker: each manner edits raw
numbers and strings of one shot and derives nothing. A plant counts as found when the scene gains a flag of one of the
codes that answer for the manner, on the shot or its neighbour, and as owned when that flag names the owner.

    python benchmarks/plant_by_hand.py FILM.shotwright
"""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from dataclasses import dataclass
from typing import Any

Shot = dict[str, Any]
SOFT = ("dissolve", "fade_in", "fade_out", "fade_white", "wipe", "iris")


def _people(shot: Shot) -> list[Shot]:
    subjects: list[Shot] = shot["technical_layer"]["staging"]["subjects"]
    return [
        s
        for s in subjects
        if s["screen_position"] != "off" and not s["foreground"] and s["entity"].startswith("character/")
    ]


def _plain(shot: Shot) -> bool:
    camera = shot["technical_layer"]["camera"]
    return (
        shot["function"] not in ("cutaway", "series_element", "montage_element")
        and camera["framing"] not in ("insert", "pov")
        and shot["transition_in"] not in SOFT
        and "mirror" not in json.dumps(shot["narrative_layer"]).casefold()
    )


def swap_places(shots: list[Shot], i: int, rng: random.Random) -> bool:
    """Two people change places on the plan in one shot, and nothing else knows."""
    people = [p for p in _people(shots[i]) if p["screen_position"] in ("left", "right", "center_left", "center_right")]
    sides = {p["screen_position"].removeprefix("center_"): p for p in people}
    if len(sides) < 2 or not _plain(shots[i]):
        return False
    one, two = sides["left"], sides["right"]
    if abs(one["position_m"][0] - two["position_m"][0]) + abs(one["position_m"][2] - two["position_m"][2]) < 0.8:
        return False
    one["position_m"], two["position_m"] = two["position_m"], one["position_m"]
    return True


def mirror_camera(shots: list[Shot], i: int, rng: random.Random) -> bool:
    """The camera goes to the far side of what it looks at, as if a sign had been lost."""
    camera, staging = shots[i]["technical_layer"]["camera"], shots[i]["technical_layer"]["staging"]
    if len(_people(shots[i])) < 2 or not _plain(shots[i]) or staging["line"] is None or staging["line"]["side"] == "on":
        return False
    (x, y, z), (ax, _, az) = camera["position_m"], camera["look_at_m"]
    camera["position_m"] = [2 * ax - x, y, 2 * az - z]
    return True


def change_kelvin(shots: list[Shot], i: int, rng: random.Random) -> bool:
    near = shots[max(0, i - 1) : i + 2]
    if len({s["technical_layer"]["staging"]["plate"].partition(" side ")[0] for s in near}) > 1 or len(near) < 3:
        return False
    if not all(_plain(s) and not s["technical_layer"]["lighting"]["events"] for s in near):
        return False
    light = shots[i]["technical_layer"]["lighting"]
    light["color_temperature_k"] = 9000 if light["color_temperature_k"] < 5000 else 2700
    return True


def swap_looks(shots: list[Shot], i: int, rng: random.Random) -> bool:
    people = _people(shots[i])
    if len(people) < 2 or not _plain(shots[i]) or people[0]["look"] == people[1]["look"]:
        return False
    around = [p["entity"] for s in (*shots[max(0, i - 1) : i], *shots[i + 1 : i + 2]) if _plain(s) for p in _people(s)]
    said = " ".join(c for s in shots[max(0, i - 2) : i + 3] for c in s["technical_layer"]["staging"]["changes"])
    if not {people[0]["entity"], people[1]["entity"]} & set(around) or any(p["entity"] in said for p in people[:2]):
        return False
    people[0]["look"], people[1]["look"] = people[1]["look"], people[0]["look"]
    return True


def lengthen_speech(shots: list[Shot], i: int, rng: random.Random) -> bool:
    """A line is said twice over without the clip growing."""
    lines = shots[i]["audio"]["dialogue"]
    if not lines or sum(line["seconds"] for line in lines) < shots[i]["duration_seconds"] * 0.55 or lines[0]["dual"]:
        return False
    line = max(lines, key=lambda entry: float(entry["seconds"]))
    line["text"] = f"{line['text']} {line['text']}"
    line["seconds"] = round(line["seconds"] * 2, 2)
    return True


def drop_action(shots: list[Shot], i: int, rng: random.Random) -> bool:
    """A sentence of action falls out of the only shot that carries it."""
    units = shots[i]["source"]["units"]
    said = {line["unit"] for s in shots for line in s["audio"]["dialogue"]}
    others = {u for n, s in enumerate(shots) if n != i for u in s["source"]["units"]}
    lone = [u for u in units if u not in said and u not in others]
    if not lone:
        return False
    shots[i]["source"]["units"] = [u for u in units if u != lone[0]]
    return True


def drop_words(shots: list[Shot], i: int, rng: random.Random) -> bool:
    lines = shots[i]["audio"]["dialogue"]
    if not lines or len(lines[0]["text"].split()) < 4:
        return False
    lines[0]["text"] = " ".join(lines[0]["text"].split()[:-2])
    return True


def swap_ambience(shots: list[Shot], i: int, rng: random.Random) -> bool:
    place = shots[i]["technical_layer"]["staging"]["plate"].partition(" side ")[0]
    alike = [s for s in shots if s["technical_layer"]["staging"]["plate"].partition(" side ")[0] == place]
    if len(alike) < 3 or not _plain(shots[i]) or any(s["transition_in"] in SOFT for s in alike):
        return False
    if len({s["audio"]["ambience"] for s in alike}) > 1:
        return False
    shots[i]["audio"]["ambience"] = "surf and gulls"
    return True


def end_twice(shots: list[Shot], i: int, rng: random.Random) -> bool:
    """The music ends, and in the next shot ends again."""
    cue = shots[i]["audio"]["music_cue"]
    if cue["state"] not in ("ends", "starts_and_ends") or i + 1 >= len(shots):
        return False
    if shots[i + 1]["audio"]["music_cue"]["state"] != "none":
        return False
    shots[i + 1]["audio"]["music_cue"] = {**cue, "state": "ends"}
    return True


def close_every_mouth(shots: list[Shot], i: int, rng: random.Random) -> bool:
    mouths = [p for p in _people(shots[i]) if p["mouth"] == "speaking"]
    if not mouths or not _plain(shots[i]) or shots[i]["technical_layer"]["camera"]["facing"] == "back":
        return False
    for person in mouths:
        person["mouth"] = "closed"
    return True


def undress(shots: list[Shot], i: int, rng: random.Random) -> bool:
    """Somebody in frame loses a garment that the shots around still have."""
    assets = shots[i]["digital_assets"]
    for person in _people(shots[i]):
        prefix = "clothes/" + person["entity"].partition("/")[2] + "."
        worn = [e for e in assets["bindings"] if e.startswith(prefix)]
        before = shots[i - 1]["digital_assets"]["bindings"] if i else {}
        changes = " ".join(c for s in shots[max(0, i - 1) : i + 1] for c in s["technical_layer"]["staging"]["changes"])
        if (
            worn and _plain(shots[i]) and i and _plain(shots[i - 1]) and person["entity"] not in changes
            and all(before.get(e) == assets["bindings"][e] for e in worn)
            and any(p["entity"] == person["entity"] and p["look"] == person["look"] for p in _people(shots[i - 1]))
        ):  # fmt: skip
            assets["bindings"][worn[0]] = {"wanted": "cloth_something_else_v01"}
            return True
    return False


def turn_the_clip_long(shots: list[Shot], i: int, rng: random.Random) -> bool:
    shots[i]["duration_frames"] *= 2
    shots[i]["duration_seconds"] *= 2
    shots[i]["cuts"] = [{**c, "src_out": c["src_out"] * 2} for c in shots[i]["cuts"]]
    return True


@dataclass(frozen=True)
class Manner:
    """One way of planting: which codes may answer for it, and whose it is."""

    edit: Any
    codes: frozenset[str]
    owner: str


def _m(edit: Any, codes: str, owner: str) -> Manner:
    return Manner(edit, frozenset(codes.split()), owner)


MANNERS = (
    _m(swap_places, "C180 CEYE CDIR CWARD", "cinematographer"),
    _m(mirror_camera, "C180 CEYE CDIR C30", "cinematographer"),
    _m(change_kelvin, "CLIGHT", "cinematographer"),
    _m(swap_looks, "CWARD", "cinematographer"),
    _m(lengthen_speech, "CDUR CTEXT", "director"),
    _m(drop_action, "CTEXT CDUR", "director"),
    _m(drop_words, "CTEXT CDUR", "director"),
    _m(swap_ambience, "CSOUND", "sound_designer"),
    _m(end_twice, "CSOUND", "sound_designer"),
    _m(close_every_mouth, "CPRES", "cinematographer"),
    _m(undress, "CWARD", "art_director"),
    _m(turn_the_clip_long, "CDUR", "director"),
)


def measure(scenes: list[list[Shot]], briefs: list[dict[str, Any]], each: int = 10, seed: int = 3) -> dict[str, Any]:
    """Plant every manner `each` times at drawn places, one to a copy of the scene; found, owned and missed."""
    from shotwright.crew.continuity_supervisor import inspect_scene
    from shotwright.model.crew import FilmSettings
    from shotwright.model.shot import Shot as Value
    from shotwright.model.story import SceneBrief

    known, settings = [SceneBrief.model_validate(b) for b in briefs], FilmSettings()

    def flags(shots: list[Shot], scene: int) -> list[Any]:
        return list(inspect_scene([Value.model_validate(s) for s in shots], known[scene], settings))

    clean = [{(f.code, f.shot_id, f.message) for f in flags(s, n)} for n, s in enumerate(scenes)]
    rng = random.Random(seed)
    result: dict[str, Any] = {"planted": 0, "found": 0, "owned": 0, "missed": [], "by_manner": {}}
    for manner in MANNERS:
        places = [(s, i) for s, shots in enumerate(scenes) for i in range(len(shots))]
        rng.shuffle(places)
        tally: Counter[str] = Counter()
        for scene, i in places:
            if tally["planted"] >= each:
                break
            shots = copy.deepcopy(scenes[scene])
            if not manner.edit(shots, i, rng):
                continue
            new = [f for f in flags(shots, scene) if (f.code, f.shot_id, f.message) not in clean[scene]]
            answers = [f for f in new if f.code in manner.codes and f.severity != "info"]
            owned = any(f.agent == manner.owner for f in answers)
            tally.update(planted=1, found=bool(answers), owned=owned)
            if not owned:
                said = sorted({f"{f.code} {f.agent}" for f in new})
                result["missed"].append(f"{manner.edit.__name__} scene {scene} shot {i + 1}: {said}")
        result["by_manner"][manner.edit.__name__] = dict(tally)
        for name in ("planted", "found", "owned"):
            result[name] += tally[name]
    return result


def main() -> None:
    from plant_errors import read_film

    print(json.dumps(measure(*read_film()), indent=2))


if __name__ == "__main__":
    main()
