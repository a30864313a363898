"""Pictures of one person in one look: what the drawings of a film are compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from shotwright.boards.drawing import draw_shot
from shotwright.boards.figures import figure
from shotwright.boards.frames import encode_mask, jpeg
from shotwright.boards.sets import place_look
from shotwright.model.shot import Shot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shotwright.boards.figures import Appearance
    from shotwright.boards.mesh import Mesh
    from shotwright.model.shot import Subject

VERSION = 1
"""Bumped when the same look would be drawn otherwise."""
SIZE = (480, 480)
TURNS = (-55.0, 0.0, 50.0, 150.0)
"""Which way the person faces, degrees from the camera."""
FRAMINGS = (("close_up", 85, 2.6, 1.52), ("medium", 35, 2.3, 1.3), ("wide", 28, 5.0, 0.95))
"""Size, lens in mm, metres off, height of what the camera looks at in metres."""


def likenesses(appearance: Appearance) -> Iterator[tuple[bytes, bytes]]:
    """(JPEG, PNG mask) of the person in even light, near and far, from several sides."""

    def made(subject: Subject, at: float) -> Mesh:
        return figure(appearance, "stand")

    place = place_look("location/studio", "studio", True, [])
    for size, focal, away, aim in FRAMINGS:
        for turn in TURNS:
            shot = _portrait(appearance.entity, size, focal, away, aim * appearance.height_m / 1.75, turn)
            drawing = draw_shot(shot, {appearance.entity: made}, place, 0.0, SIZE)
            mask = drawing.ids > 0
            wanted = [n for n, name in drawing.legend.items() if name.rpartition("/")[0] == appearance.entity]
            mask = np.isin(drawing.ids, np.asarray(wanted, np.uint16))
            yield jpeg(drawing.image), encode_mask(mask.astype(np.uint8))


def _portrait(entity: str, size: str, focal: int, away: float, aim: float, turn: float) -> Shot:
    camera = {
        "shot_size": size, "angle": "eye_level", "height": "eye", "facing": "frontal", "framing": "single",
        "composition": ["center"], "movement": {}, "lens": {"focal_mm": focal, "class": "standard"}, "aperture_t": 8,
        "depth_of_field": "deep", "white_balance_k": 5600, "focus": {"on": entity},
        "position_m": (0, aim, away), "look_at_m": (0, aim, 0),
    }  # fmt: skip
    lighting = {
        "key_style": "high_key", "direction": ["three_quarter_left"], "azimuth_deg": -35, "elevation_deg": 35,
        "quality": "soft", "contrast_ratio": 2, "color_temperature_k": 5600, "source": ["daylight"],
        "motivated_by": "a window", "time_of_day": "midday", "description": "Even light.",
    }  # fmt: skip
    staged = {"entity": entity, "position_m": (0, 0, 0), "heading_deg": turn, "screen_position": "center"}
    return Shot.model_validate(
        {
            "shot_id": "sh_likeness", "scene_id": "sc_likeness", "setup_id": "su_likeness", "duration_frames": 144,
            "duration_seconds": 6.0, "cuts": [], "source": {}, "function": "coverage",
            "narrative_layer": {"action_description": "", "character_performance": "", "shot_purpose": ""},
            "contextual_layer": {"genre_aesthetics": [], "tone_and_mood": "",
                                 "emotional_beat": {"name": "calm", "intensity": 0.2}},
            "technical_layer": {"camera": camera, "lighting": lighting,
                                "staging": {"plate": "location/studio side A", "subjects": [staged]}},
            "audio": {}, "digital_assets": {},
        }
    )  # fmt: skip
