"""CPU of one drawn frame: two people of some 13,000 faces each in a furnished kitchen, 960 × 540.

    python benchmarks/boards_bench.py [frames]

Prints the median and the worst after warm-up, and the names of the rasteriser and of the processor's family.
"""

from __future__ import annotations

import platform
import statistics
import sys
import time
from typing import Any

from shotwright.boards.drawing import draw_shot
from shotwright.boards.figures import appearance_of, figure
from shotwright.boards.raster import rasteriser_name
from shotwright.boards.sets import place_look
from shotwright.model.shot import Shot
from shotwright.model.story import Character


def two_in_a_kitchen() -> Shot:
    """A medium shot of two people at 35 mm."""
    subjects = [
        {"entity": f"character/{name}", "position_m": (x, 0, 0), "heading_deg": turn, "screen_position": "left"}
        for name, x, turn in (("ann", -0.6, 60), ("bo", 0.6, -60))
    ]
    camera = {
        "shot_size": "medium", "angle": "eye_level", "height": "eye", "facing": "three_quarter", "framing": "two_shot",
        "composition": ["balanced"], "movement": {}, "lens": {"focal_mm": 35, "class": "standard"}, "aperture_t": 2.8,
        "depth_of_field": "moderate", "white_balance_k": 5600, "focus": {"on": "character/ann"},
        "position_m": (0, 1.55, 2.6), "look_at_m": (0, 1.4, 0),
    }  # fmt: skip
    lighting = {
        "key_style": "mid_key", "direction": ["side_left"], "azimuth_deg": -60, "elevation_deg": 30, "quality": "soft",
        "contrast_ratio": 4, "color_temperature_k": 5600, "source": ["daylight"], "motivated_by": "the window",
        "time_of_day": "morning", "description": "Morning light.",
    }  # fmt: skip
    return Shot.model_validate(
        {
            "shot_id": "sh_1", "scene_id": "sc_1", "setup_id": "su_1", "duration_frames": 144, "duration_seconds": 6.0,
            "cuts": [], "source": {}, "function": "coverage",
            "narrative_layer": {"action_description": "", "character_performance": "", "shot_purpose": ""},
            "contextual_layer": {"genre_aesthetics": [], "tone_and_mood": "",
                                 "emotional_beat": {"name": "calm", "intensity": 0.2}},
            "technical_layer": {"camera": camera, "lighting": lighting,
                                "staging": {"plate": "location/kitchen side A", "subjects": subjects}},
            "audio": {}, "digital_assets": {},
        }
    )  # fmt: skip


def main() -> None:
    frames = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    shot = two_in_a_kitchen()
    place = place_look("location/kitchen", "kitchen", True, [shot])
    cast: dict[str, Any] = {}
    for subject in shot.technical_layer.staging.subjects:
        body = figure(appearance_of(Character(id=subject.entity, name=subject.entity.partition("/")[2].title())))
        cast[subject.entity] = lambda staged, at, body=body: body
    draw_shot(shot, cast, place)
    taken = []
    for _ in range(frames):
        start = time.process_time()
        draw_shot(shot, cast, place)
        taken.append((time.process_time() - start) * 1000)
    middle, worst = statistics.median(taken), max(taken)
    print(f"{rasteriser_name()}: median {middle:.0f} ms, worst {worst:.0f} ms, {platform.machine()}")


if __name__ == "__main__":
    main()
