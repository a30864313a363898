"""The controlled vocabularies of a shot: every enumerated word that may stand in the JSON, in one place.

The terms are those in use on set and in the open shot-analysis datasets (ShotBench, CineTechBench, CineScale);
where those disagree the set's word wins. `SIZE_ORDER` gives the steps that every rule on size progression counts.
"""

from __future__ import annotations

from typing import Literal, get_args

ShotSize = Literal[
    "extreme_wide", "wide", "medium_wide", "medium", "medium_close_up", "close_up", "extreme_close_up"
]  # fmt: skip
SIZE_ORDER: dict[str, int] = {name: i for i, name in enumerate(get_args(ShotSize))}
SIZE_ABBREVIATION: dict[str, str] = dict(
    zip(get_args(ShotSize), ("EWS", "WS", "MWS", "MS", "MCU", "CU", "ECU"), strict=True)
)

Angle = Literal["eye_level", "high_angle", "low_angle", "overhead", "worms_eye"]
Roll = Literal["level", "dutch_left", "dutch_right"]
Height = Literal["ground", "knee", "hip", "shoulder", "eye", "overhead", "aerial"]
Facing = Literal["frontal", "three_quarter", "profile", "three_quarter_back", "back"]
Framing = Literal["single", "two_shot", "three_shot", "group", "over_the_shoulder", "pov", "insert", "empty"]
Composition = Literal[
    "center", "rule_of_thirds_left", "rule_of_thirds_right", "symmetrical", "balanced", "left_heavy", "right_heavy",
    "short_side", "leading_lines", "diagonal", "frame_within_frame", "curved", "horizontal", "negative_space",
]  # fmt: skip
MovementType = Literal[
    "static", "pan_left", "pan_right", "tilt_up", "tilt_down", "roll_cw", "roll_ccw", "dolly_in", "dolly_out",
    "truck_left", "truck_right", "pedestal_up", "pedestal_down", "crane_up", "crane_down", "arc_left", "arc_right",
    "follow", "lead", "whip_pan",
]  # fmt: skip
Support = Literal["tripod", "dolly", "slider", "steadicam", "gimbal", "handheld", "crane", "drone", "vehicle"]
Speed = Literal["none", "very_slow", "slow", "moderate", "fast", "whip"]
LensClass = Literal["ultra_wide", "wide", "standard", "long", "telephoto"]
FOCAL_LENGTHS_MM = (14, 18, 21, 25, 28, 35, 40, 50, 65, 75, 85, 100, 135, 200)
"""A Super 35 prime set."""
Zoom = Literal["zoom_in", "zoom_out", "crash_zoom_in", "dolly_zoom"]
DepthOfField = Literal["deep", "moderate", "shallow"]
KeyStyle = Literal["high_key", "mid_key", "low_key", "flat", "silhouette", "chiaroscuro"]
LightDirection = Literal[
    "front", "three_quarter_left", "three_quarter_right", "side_left", "side_right", "back", "top", "under", "ambient"
]  # fmt: skip
LightQuality = Literal["hard", "soft", "mixed"]
LightSource = Literal[
    "daylight", "sunny", "overcast", "moonlight", "firelight", "tungsten", "fluorescent", "led", "hmi", "neon",
    "mixed", "practical",
]  # fmt: skip
TimeOfDay = Literal["dawn", "morning", "midday", "afternoon", "golden_hour", "dusk", "blue_hour", "night"]
Transition = Literal[
    "cut", "match_cut", "jump_cut", "smash_cut", "dissolve", "fade_in", "fade_out", "fade_white", "wipe", "iris",
    "invisible",
]  # fmt: skip
ShotFunction = Literal[
    "establishing", "master", "coverage", "reaction", "cutaway", "reverse", "reveal", "transition", "button",
    "series_element", "montage_element",
]  # fmt: skip
BeatName = Literal[
    "tension_rising", "dread", "shock", "realization", "grief", "intimacy", "joy", "anger", "power", "vulnerability",
    "awe", "confusion", "action", "calm",
]  # fmt: skip
SceneType = Literal[
    "dialogue_2", "dialogue_group", "phone_intercut", "car", "standoff_3", "action_chase", "entrance", "discovery",
    "intimacy", "suspense", "montage", "series_of_shots", "establishing", "monologue", "activity",
]  # fmt: skip
"""`monologue`: one person speaks, aloud or over; `activity`: people do something, few or no words."""
SegmentKind = Literal["normal", "montage", "series_of_shots", "intercut", "flashback", "dream", "sub_location"]
PlotPointKind = Literal[
    "inciting", "first_turn", "midpoint", "low_point", "climax", "resolution", "introduction", "payoff", "turn"
]  # fmt: skip
Bond = Literal[
    "parent_child", "siblings", "spouses", "kin", "lovers", "friends", "allies", "rivals", "enemies", "mentor",
    "service", "strangers",
]  # fmt: skip
"""What two people are to each other: `mentor`: one teaches the other; `service`: one works for the other."""
BondState = Literal["close", "strained", "broken", "growing", "hidden"]
"""How it stands between them over the film."""
ScreenPosition = Literal["left", "center_left", "center", "center_right", "right", "off"]
ScreenDirection = Literal["left", "right", "toward_camera", "away", "up", "down"]
Depth = Literal["foreground", "mid", "background"]
Pose = Literal[
    "stand", "sit", "walk", "run", "point", "lean", "phone", "fight", "lie", "kneel", "embrace", "hold", "drive",
    "crouch", "climb", "swim", "fall", "dance", "ride",
]  # fmt: skip
VoiceKind = Literal["room", "off_screen", "voice_over", "phone"]
"""`room`: heard where it is spoken; `off_screen`: in the place, unseen; `voice_over`: not in the place; `phone`."""
SoundCategory = Literal["SFX", "FLY", "AMB"]
"""Hard effects, foley (feet, cloth, props), ambience."""
DurationReason = Literal[
    "short_scene", "script_series", "montage_element", "held", "interrupted", "written_length", "pinned", "only_pause"
]  # fmt: skip
Agent = Literal[
    "architect", "director", "cinematographer", "art_director", "sound_designer", "continuity_supervisor"
]  # fmt: skip
Severity = Literal["error", "warn", "info"]
ReviewStatus = Literal["proposed", "flagged", "needs_human", "approved", "rejected"]
AssetKind = Literal[
    "character", "animal", "location", "object", "vehicle", "clothes", "background", "makeup_hair", "effect"
]  # fmt: skip
CutStyle = Literal["literal", "edited"]
