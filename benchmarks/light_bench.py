"""Light measures on our own drawings: seven lightings of one scene, and changes planted in one shot of a scene.

    python benchmarks/light_bench.py [--out benchmarks/light_results.json]

Each scene has six shots, two of them reverse angles. A planted change is found when its own shot is flagged with a code
of light; a false alarm is any other shot so flagged, counted over all frames without a fault. All of it is measured on
previz: it says how the measures read this renderer, not how they read photographs.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import time
from pathlib import Path
from typing import Any

from shotwright.boards.drawing import draw_shot
from shotwright.boards.sets.place import place_look
from shotwright.craft.geometry import camera_distance
from shotwright.craft.optics import coverage_of, eye_height
from shotwright.model.shot import Shot
from shotwright.model.vision import FrameIntent
from shotwright.vision.measures.subject import Region, people_of, view_of
from shotwright.vision.quality import Looked, inspect_frames, look_at, measures_of

SIZE = (960, 540)
CODES = {"LIGHT_INCONSISTENT", "EXPOSURE_LOW", "EXPOSURE_HIGH", "COLOR_TEMP_SHIFT"}
SHOTS = (("ann", 0, "medium"), ("ann", 35, "medium_close_up"), ("ben", 180, "medium_close_up"),
         ("ann", 20, "close_up"), ("ben", 150, "medium"), ("ben", 165, "medium_close_up"))  # fmt: skip
BASES = (
    {"azimuth_deg": -60}, {"azimuth_deg": 55, "color_temperature_k": 4300}, {"azimuth_deg": -80, "contrast_ratio": 3}
)  # fmt: skip
"""Limits were set while looking at these."""
HELD_OUT = ({"azimuth_deg": 70, "contrast_ratio": 5}, {"azimuth_deg": -45}, {"azimuth_deg": 85, "elevation_deg": 40})
"""And never at these."""
CHANGES: dict[str, dict[str, Any]] = {
    "side": {"azimuth_deg": 180}, "key": {"contrast_ratio": 4.0}, "warmer": {"color_temperature_k": 3200},
    "cooler": {"color_temperature_k": 9000}, "darker": {"exposure_ev": -1.5}, "brighter": {"exposure_ev": 1.2},
}  # fmt: skip
SEVEN: dict[str, dict[str, Any]] = {
    "left": {"azimuth_deg": -60}, "right": {"azimuth_deg": 60},
    "cool": {"azimuth_deg": -60, "color_temperature_k": 9000},
    "warm": {"azimuth_deg": -60, "color_temperature_k": 3200}, "low key": {"azimuth_deg": -60, "contrast_ratio": 12},
    "flat": {"azimuth_deg": -60, "contrast_ratio": 1.1}, "dark": {"azimuth_deg": -60, "exposure_ev": -2},
}  # fmt: skip


def shot_of(number: int, who: str, turn: float, size: str, lighting: dict[str, Any]) -> Shot:
    distance, eyes = camera_distance(coverage_of(size), 50, 16 / 9), eye_height("stand")  # type: ignore[arg-type]
    a, look = math.radians(turn), eyes - 0.14 * coverage_of(size)  # type: ignore[arg-type]
    light = {
        "key_style": "mid_key", "direction": ["side_left"], "azimuth_deg": -60, "elevation_deg": 30, "quality": "soft",
        "contrast_ratio": 4, "color_temperature_k": 5600, "source": ["daylight"], "motivated_by": "the window",
        "time_of_day": "morning", "description": "Morning.", **lighting,
    }  # fmt: skip
    camera = {
        "shot_size": size, "angle": "eye_level", "height": "eye", "facing": "frontal", "framing": "single",
        "composition": ["center"], "movement": {}, "lens": {"focal_mm": 50, "class": "standard"}, "aperture_t": 8.0,
        "depth_of_field": "deep", "white_balance_k": 5600, "focus": {"on": f"character/{who}"},
        "position_m": (distance * math.sin(a), eyes, distance * math.cos(a)), "look_at_m": (0, look, 0),
    }  # fmt: skip
    subject = {"entity": f"character/{who}", "position_m": (0, 0, 0), "heading_deg": turn, "screen_position": "center"}
    return Shot.model_validate({
        "shot_id": f"sh_{number}", "scene_id": "sc_1", "setup_id": "su_1", "slate": "1A",
        "shot_number_in_scene": number,
        "duration_frames": 144, "duration_seconds": 6.0, "cuts": [], "source": {}, "function": "coverage",
        "narrative_layer": {"action_description": "", "character_performance": "", "shot_purpose": ""},
        "contextual_layer": {"genre_aesthetics": [], "tone_and_mood": "",
                             "emotional_beat": {"name": "calm", "intensity": 0.2}},
        "technical_layer": {"camera": camera, "lighting": light,
                            "staging": {"plate": "location/kitchen side A", "subjects": [subject]}},
        "audio": {}, "digital_assets": {},
    })  # fmt: skip


def looked(shot: Shot, spent: list[float]) -> Looked:
    drawing = draw_shot(shot, {}, place_look("location/kitchen", "kitchen", True, [shot]), 0.0, SIZE)
    layer = shot.technical_layer
    began = time.process_time()
    legend = {n: Region(*name.rpartition("/")[::2]) for n, name in drawing.legend.items()}
    anchors = {e: {k: (x / SIZE[0], y / SIZE[1]) for k, (x, y, _) in p.items()} for e, p in drawing.anchors.items()}
    people = people_of(drawing.ids, legend, entities=[s.entity for s in layer.staging.subjects], anchors=anchors)
    intent = FrameIntent(camera=layer.camera, lighting=layer.lighting)
    found = look_at(
        shot.shot_number_in_scene, shot.shot_id, view_of(drawing.image, people), intent, layer.staging.subjects
    )
    spent.append(time.process_time() - began)
    return found


def named(frame: Looked, neutral_mired: float, usual_level: float) -> str:
    """Which of the seven the frame reads as; against the white and level of `left`."""
    found = measures_of(frame)
    key = frame.key
    if key is None or found.mired is None:
        return "none"
    if key.lit_stops < usual_level - 1.2:
        return "dark"
    if abs(found.mired - neutral_mired) > 30:
        return "warm" if found.mired > neutral_mired else "cool"
    if key.key_fill_stops < 0.7:
        return "flat"
    if key.key_fill_stops > 2.6:
        return "low key"
    return "right" if key.left_right_stops < 0 else "left"


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--out", type=Path, default=Path(__file__).with_name("light_results.json"))
    asked.add_argument("--held-out", action="store_true", help="scenes that the limits were not set on")
    given = asked.parse_args()
    out, spent = given.out, []
    front = [s for s in SHOTS if abs(s[1]) < 40 and s[0] == "ann"]
    right, seen, confused = 0, 0, []
    for _, turn, size in front:
        first = looked(shot_of(1, "ann", turn, size, SEVEN["left"]), spent)
        neutral, level = measures_of(first).mired or 0.0, first.key.lit_stops if first.key else 0.0
        for name, lighting in SEVEN.items():
            read = named(looked(shot_of(1, "ann", turn, size, lighting), spent), neutral, level)
            right, seen = right + (read == name), seen + 1
            if read != name:
                confused.append(f"{size} {turn}: {name} read as {read}")
    found: dict[str, list[int]] = {name: [0, 0] for name in CHANGES}
    alarms, clean, alarmed, missed = 0, 0, [], []
    for b, base in enumerate(HELD_OUT if given.held_out else BASES):
        frames = [looked(shot_of(i + 1, *s, base), spent) for i, s in enumerate(SHOTS)]  # type: ignore[arg-type]
        flagged = [(i.code, i.shot_index) for i in inspect_frames(frames).issues if i.code in CODES]
        alarms, clean = alarms + len({at for _, at in flagged}), clean + len(frames)
        alarmed += [f"scene {b} clean: {code} shot {at + 1}" for code, at in flagged]
        for name, change in CHANGES.items():
            for at in (1, 2, 3, 4):
                lit = dict(base)
                for key, value in change.items():
                    lit[key] = base["azimuth_deg"] + value if name == "side" else value
                    lit[key] = base.get("contrast_ratio", 4) * value if name == "key" else lit[key]
                altered = list(frames)
                altered[at] = looked(shot_of(at + 1, *SHOTS[at], lit), spent)  # type: ignore[arg-type]
                here = {(i.code, i.shot_index) for i in inspect_frames(altered).issues if i.code in CODES}
                hit = any(index == at for _, index in here)
                found[name][0] += hit
                found[name][1] += 1
                if not hit:
                    missed.append(f"scene {b} {name} shot {at + 1}")
                alarms += len({index for _, index in here if index != at})
                clean += len(frames) - 1
    total = [sum(v[i] for v in found.values()) for i in (0, 1)]
    result = {
        "measured_on": "previz", "scenes": "held out" if given.held_out else "limits were set on these",
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "seven_lightings": {"right": right, "of": seen, "confused": confused},
        "planted": {"found": total[0], "of": total[1], "by_change": {k: f"{a}/{n}" for k, (a, n) in found.items()},
                    "missed": missed},
        "false_alarms": {"frames": alarms, "of": clean, "in_clean_scenes": alarmed},
        "cpu_ms_a_frame": round(1000 * sorted(spent)[len(spent) // 2], 1), "frame": SIZE,
    }  # fmt: skip
    text = json.dumps(result, indent=2)
    out.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
