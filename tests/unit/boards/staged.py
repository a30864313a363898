"""One plain shot, changed by each test to what it asks about."""

from __future__ import annotations

from typing import Any

from shotwright.craft.geometry import camera_distance
from shotwright.craft.optics import coverage_of, eye_height
from shotwright.model.shot import Shot

SIZE = (320, 180)


def make_shot(**changes: Any) -> Shot:
    """A woman in a kitchen, from the front, in a named size."""
    size = changes.get("shot_size", "medium_close_up")
    distance = camera_distance(coverage_of(size), 50, 16 / 9)
    eyes = eye_height("stand")
    look_y = eyes - (0.75 if size in ("wide", "extreme_wide") else 0.14 * coverage_of(size))
    subject = {
        "entity": "character/ann", "position_m": (0, 0, 0), "heading_deg": 0, "screen_position": "center",
        "gaze": {"target": "camera", "screen_direction": "toward_camera"}, **changes.get("subject", {}),
    }  # fmt: skip
    camera = {
        "shot_size": size, "angle": "eye_level", "height": "eye", "facing": "frontal", "framing": "single",
        "composition": ["center"], "movement": changes.get("movement", {}),
        "lens": {"focal_mm": 50, "class": "standard"}, "aperture_t": changes.get("aperture_t", 8.0),
        "depth_of_field": "deep", "white_balance_k": 5600, "focus": {"on": "character/ann"},
        "position_m": (0, eyes, distance), "look_at_m": (0, look_y, 0), "roll": changes.get("roll", "level"),
    }  # fmt: skip
    lighting = {
        "key_style": "mid_key", "direction": ["side_left"], "azimuth_deg": -60, "elevation_deg": 30, "quality": "soft",
        "contrast_ratio": 4, "color_temperature_k": 5600, "source": ["daylight"], "motivated_by": "the window",
        "time_of_day": "morning", "description": "Morning.", **changes.get("lighting", {}),
    }  # fmt: skip
    return Shot.model_validate(
        {
            "shot_id": "sh_1", "scene_id": "sc_1", "setup_id": "su_1", "slate": "1A", "shot_number_in_scene": 1,
            "duration_frames": 144, "duration_seconds": 6.0, "cuts": [], "source": {}, "function": "coverage",
            "narrative_layer": {"action_description": "Ann waits.", "character_performance": "", "shot_purpose": ""},
            "contextual_layer": {"genre_aesthetics": [], "tone_and_mood": "",
                                 "emotional_beat": {"name": "calm", "intensity": 0.2}},
            "technical_layer": {"camera": camera, "lighting": lighting,
                                "staging": {"plate": "location/kitchen side A", "subjects": [subject]}},
            "audio": {}, "digital_assets": {},
        }
    )  # fmt: skip
