"""Light measures on drawn films: planted changes of light found, clean frames left alone, seven lightings told apart.

    python benchmarks/light_bench.py [--screenplay FILE] [--targets 40] [--out benchmarks/light_results.json]

A film is run from its screenplay (the example by default: limits were set while looking at it; any other is held out),
its shots are drawn as they are and, one shot at a time, with one field of their light changed. A change is found when
its own shot is flagged with a code of light; `field` counts those whose issue also names the field that was changed,
`face_seen` those with a face to read; a false alarm is any other frame so flagged. The seven lightings are of one scene
each, in eight rooms with eight people. All of it is measured on previz: it says how the measures read this renderer,
not how they read photographs.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent))

from board_frames import drawn_as, film_of, grouped

from shotwright.boards.figures import appearance_of, figure
from shotwright.boards.sets.place import place_look
from shotwright.craft.geometry import camera_distance
from shotwright.craft.optics import coverage_of, eye_height
from shotwright.model.shot import LightEvent, Shot
from shotwright.model.story import Character
from shotwright.vision.looked import measures_of
from shotwright.vision.quality import inspect_frames

if TYPE_CHECKING:
    from board_frames import Staged

    from shotwright.model.shot import Lighting
    from shotwright.vision.looked import Looked

EXAMPLE = Path(__file__).parents[1] / "examples" / "last_bird_in" / "last_bird_in.fountain"
CODES = {"LIGHT_INCONSISTENT", "EXPOSURE_LOW", "EXPOSURE_HIGH", "COLOR_TEMP_SHIFT"}
INTENT = {"KEY_STYLE_MISMATCH"}
FIELDS = {"side": "azimuth_deg", "ratio": "contrast_ratio", "warmer": "color_temperature_k",
          "cooler": "color_temperature_k", "darker": "exposure_ev", "brighter": "exposure_ev"}  # fmt: skip
PLANTED: dict[str, tuple[str, float]] = {
    "side 90": ("side", 90), "side -120": ("side", -120), "side 180": ("side", 180), "ratio x4 or /4": ("ratio", 2.0),
    "80 mired warmer": ("warmer", 80), "80 mired cooler": ("cooler", -80),
    "1 EV darker": ("darker", -1.0), "1 EV brighter": ("brighter", 1.0),
    "1.5 EV darker": ("darker", -1.5), "1.5 EV brighter": ("brighter", 1.5),
}  # fmt: skip
HARD: dict[str, tuple[str, float]] = {
    "side 60": ("side", 60), "ratio x2.8 or /2.8": ("ratio", 1.5), "55 mired warmer": ("warmer", 55),
    "50 mired cooler": ("cooler", -50), "0.85 EV darker": ("darker", -0.85), "0.85 EV brighter": ("brighter", 0.85),
}  # fmt: skip
"""Near the tolerances of 45 degrees, one stop, 40 mired and 0.7 EV."""


def changed(light: Lighting, kind: str, by: float) -> Lighting:
    """One field of the light changed by so much: degrees, stops of ratio, mired or EV."""
    if kind == "side":
        return light.model_copy(update={"azimuth_deg": (light.azimuth_deg + by + 180) % 360 - 180})
    if kind == "ratio":
        ratio = light.contrast_ratio * 2.0 ** (by if light.contrast_ratio <= 4 else -by)
        return light.model_copy(update={"contrast_ratio": max(ratio, 1.1)})
    if kind in ("warmer", "cooler"):
        mired = min(max(1e6 / light.color_temperature_k + by, 50), 560)
        return light.model_copy(update={"color_temperature_k": round(1e6 / mired)})
    return light.model_copy(update={"exposure_ev": light.exposure_ev + by})


def relit(shot: Shot, light: Lighting) -> Shot:
    return shot.model_copy(update={"technical_layer": shot.technical_layer.model_copy(update={"lighting": light})})


def flagged(frames: list[Looked], codes: set[str]) -> dict[int, set[str]]:
    """Place in the scene -> last names of the fields that are to be mended."""
    found: dict[int, set[str]] = {}
    for one in inspect_frames(frames).issues:
        if one.code in codes:
            found.setdefault(one.shot_index, set()).add(one.field.rpartition(".")[2])
    return found


def plant(
    scenes: list[list[Staged]], kinds: dict[str, tuple[str, float]], targets: int, spent: list[float]
) -> dict[str, Any]:
    """Every kind of change in up to `targets` shots in all, spread over the scenes."""
    seen = [[drawn_as(s.shot, s.cast, s.place, spent=spent) for s in scene] for scene in scenes]
    clean = {"frames": sum(map(len, seen)), "alarms": 0, "not_as_meant": 0, "where": []}
    for scene, frames in zip(scenes, seen, strict=True):
        for at, fields in sorted(flagged(frames, CODES).items()):
            clean["alarms"] += 1
            clean["where"].append(f"{scene[at].shot.label} {' '.join(sorted(fields))}")
        clean["not_as_meant"] += len(flagged(frames, INTENT))
    # Of two frames that differ nobody can say which is wrong: a scene needs three whose light is to be read.
    wanted = [
        (i, at)
        for i, frames in enumerate(seen)
        if len(frames) >= 4 and sum(bool(f.reading.fits) for f in frames) >= 3
        for at, f in enumerate(frames)
        if f.framing.subject_share > 0.004
    ]
    every = max(1, math.ceil(len(wanted) / targets))
    wanted = wanted[::every]
    by_kind: dict[str, dict[str, Any]] = {}
    others, of_others, events, of_events = 0, 0, 0, 0
    for name, (kind, by) in kinds.items():
        row: dict[str, Any] = {"found": 0, "of": 0, "field": 0, "face_seen": [0, 0], "missed": []}
        for n, (i, at) in enumerate(wanted):
            one = scenes[i][at]
            light = changed(one.shot.technical_layer.lighting, kind, by)
            told = relit(one.shot, light)
            frame = drawn_as(told, one.cast, one.place, spent=spent)
            altered = [*seen[i][:at], frame, *seen[i][at + 1 :]]
            found = flagged(altered, CODES)
            before = flagged(seen[i], CODES)
            row["of"] += 1
            row["found"] += at in found
            row["field"] += FIELDS[kind] in found.get(at, set())
            if frame.reading.fits:
                row["face_seen"][0] += at in found
                row["face_seen"][1] += 1
            if at not in found:
                row["missed"].append(one.shot.label + ("" if frame.reading.fits else " (no face)"))
            others += len(found.keys() - {at} - before.keys())
            of_others += len(altered) - 1
            if n % 4 == 0:
                # The same change declared as an event is no fault, and nobody else is blamed for it.
                event = light.model_copy(update={"events": (LightEvent(what="a lamp", on=True),)})
                intent = frame.intent.model_copy(update={"lighting": event})
                declared = _declared(frame, intent)
                calm = flagged([*seen[i][:at], declared, *seen[i][at + 1 :]], CODES)
                events += len(calm.keys() - before.keys())
                of_events += len(altered)
        row["share"] = round(row["found"] / max(row["of"], 1), 3)
        by_kind[name] = row
    total = [sum(r[k] for r in by_kind.values()) for k in ("found", "field", "of")]
    return {
        "clean": clean,
        "planted": {"found": total[0], "right_field": total[1], "of": total[2],
                    "share": round(total[0] / max(total[2], 1), 3), "by_kind": by_kind},
        "false_alarms_beside_a_planted_shot": {"frames": others, "of": of_others},
        "false_alarms_with_a_declared_event": {"frames": events, "of": of_events},
    }  # fmt: skip


def _declared(frame: Looked, intent: Any) -> Looked:
    from dataclasses import replace

    return replace(frame, intent=intent, reading=replace(frame.reading, event=True))


ROOMS = (
    ("kitchen", True, "a pale woman of thirty, freckled, red hair", "frontal", 50),
    ("hospital room", True, "a Black man of forty with dark skin, short hair", "three_quarter", 35),
    ("living room", True, "an Indian woman of fifty with brown skin, long grey hair", "three_quarter", 50),
    ("office", True, "a bearded white man of sixty", "frontal", 85),
    ("street", False, "a young Black woman with dark skin", "three_quarter", 50),
    ("harbour", False, "a weathered man of seventy, white hair", "frontal", 35),
    ("park", False, "a Chinese man of thirty in a dark suit", "three_quarter", 85),
    ("bedroom", True, "a teenage girl, blonde", "three_quarter", 50),
)  # fmt: skip
SEVEN: dict[str, dict[str, Any]] = {
    "left": {"azimuth_deg": -60}, "right": {"azimuth_deg": 60},
    "cool": {"azimuth_deg": -60, "color_temperature_k": 9000},
    "warm": {"azimuth_deg": -60, "color_temperature_k": 3200}, "low key": {"azimuth_deg": -60, "contrast_ratio": 12},
    "flat": {"azimuth_deg": -60, "contrast_ratio": 1.1}, "dark": {"azimuth_deg": -60, "exposure_ev": -2},
}  # fmt: skip


def portrait(room: str, turn: float, size: str, focal: int, lighting: dict[str, Any], number: int = 1) -> Shot:
    """One person in a room, the head turned from the lens by `turn`."""
    distance, eyes = camera_distance(coverage_of(size), focal, 16 / 9), eye_height("stand")  # type: ignore[arg-type]
    look = eyes - 0.14 * coverage_of(size)  # type: ignore[arg-type]
    light = {
        "key_style": "mid_key", "direction": ["side_left"], "azimuth_deg": -60, "elevation_deg": 30, "quality": "soft",
        "contrast_ratio": 3.5, "color_temperature_k": 5600, "source": ["daylight"], "motivated_by": "the window",
        "time_of_day": "morning", "description": "Morning.", **lighting,
    }  # fmt: skip
    camera = {
        "shot_size": size, "angle": "eye_level", "height": "eye", "facing": "frontal", "framing": "single",
        "composition": ["center"], "movement": {}, "lens": {"focal_mm": focal, "class": "standard"}, "aperture_t": 5.6,
        "depth_of_field": "moderate", "white_balance_k": 5600, "focus": {"on": "character/ann"},
        "position_m": (0, eyes, distance), "look_at_m": (0, look, 0),
    }  # fmt: skip
    subject = {"entity": "character/ann", "position_m": (0, 0, 0), "heading_deg": turn, "screen_position": "center"}
    return Shot.model_validate({
        "shot_id": f"sh_{number}", "scene_id": "sc_1", "setup_id": "su_1", "shot_number_in_scene": number,
        "duration_frames": 144, "duration_seconds": 6.0, "cuts": [], "source": {}, "function": "coverage",
        "narrative_layer": {"action_description": "", "character_performance": "", "shot_purpose": ""},
        "contextual_layer": {"genre_aesthetics": [], "tone_and_mood": "",
                             "emotional_beat": {"name": "calm", "intensity": 0.2}},
        "technical_layer": {"camera": camera, "lighting": light,
                            "staging": {"plate": f"location/{room.replace(' ', '_')} side A", "subjects": [subject]}},
        "audio": {}, "digital_assets": {},
    })  # fmt: skip


def named(frame: Looked, neutral: Looked) -> str:
    """Which of the seven a frame reads as; only white and level are taken from the scene's own `left`."""
    found, own = measures_of(frame), measures_of(neutral)
    key, usual = frame.key, neutral.key
    if key is None or usual is None or found.mired is None or own.mired is None:
        return "none"
    if key.lit_stops < usual.lit_stops - 1.2:
        return "dark"
    if abs(found.mired - own.mired) > 30:
        return "warm" if found.mired > own.mired else "cool"
    if key.key_fill_stops < 0.5:
        return "flat"
    if key.key_fill_stops > usual.key_fill_stops + 0.9:
        return "low key"
    return "right" if key.left_right_stops < 0 else "left"


def seven(spent: list[float]) -> dict[str, Any]:
    right, seen, confused = 0, 0, []
    for n, (room, inside, who, facing, focal) in enumerate(ROOMS):
        person = Character(id="character/ann", name="Ann", description=who)
        body = figure(appearance_of(person, place=n))
        cast = {"character/ann": lambda staged, at, body=body: body}
        for size in ("medium", "close_up"):
            turn = 0.0 if facing == "frontal" else 35.0 * (1 if n % 2 else -1)
            shots = {k: portrait(room, turn, size, focal, v) for k, v in SEVEN.items()}
            place = place_look(f"location/{room.replace(' ', '_')}", room, inside, list(shots.values()))
            frames = {k: drawn_as(s, cast, place, spent=spent) for k, s in shots.items()}
            for name, frame in frames.items():
                read = named(frame, frames["left"])
                right, seen = right + (read == name), seen + 1
                if read != name:
                    confused.append(f"{room} {size}: {name} read as {read}")
    return {"right": right, "of": seen, "share": round(right / seen, 3), "confused": confused}


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--screenplay", type=Path, default=EXAMPLE)
    asked.add_argument("--first-scene", type=int, default=0)
    asked.add_argument("--shots", type=int, default=130, help="of the film at most")
    asked.add_argument("--targets", type=int, default=30, help="shots with a planted change, of each kind")
    asked.add_argument("--without-seven", action="store_true")
    asked.add_argument("--hard", action="store_true", help="changes near the tolerances besides")
    asked.add_argument("--out", type=Path, default=Path(__file__).with_name("light_results.json"))
    given = asked.parse_args()
    spent: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        film = film_of(given.screenplay, Path(folder) / "film")
    scenes = grouped(film, given.first_scene, given.shots)
    result: dict[str, Any] = {
        "measured_on": "previz", "film": given.screenplay.name,
        "limits": "set on this film" if given.screenplay == EXAMPLE else "held out",
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }  # fmt: skip
    if not given.without_seven:
        result["seven_lightings"] = seven(spent)
    result.update(plant(scenes, PLANTED, given.targets, spent))
    if given.hard:
        result["near_the_tolerances"] = plant(scenes, HARD, given.targets, spent)["planted"]
    result["cpu_ms_a_frame"] = round(1000 * sorted(spent)[len(spent) // 2], 1)
    text = json.dumps(result, indent=1)
    given.out.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
