"""Complete shots of our own, built with one field or another changed."""

from __future__ import annotations

from typing import Any

from shotwright.model.shot import (
    Audio,
    Camera,
    ContextualLayer,
    Cut,
    DialogueLine,
    DigitalAssets,
    EmotionalBeat,
    Focus,
    Gaze,
    Lens,
    Lighting,
    Movement,
    MusicCue,
    NarrativeLayer,
    Shot,
    SoundEffect,
    Source,
    Staging,
    Subject,
    TechnicalLayer,
    Wanted,
)

NADIA, THEO, MUM, RUK = "character/nadia", "character/theo", "character/mum", "character/ruk"


def subject(entity: str, side: str, **changes: Any) -> Subject:
    values: dict[str, Any] = {
        "entity": entity,
        "look": f"look/{entity.rpartition('/')[2]}.n1",
        "position_m": (0.4 if side == "right" else -0.4, 0.0, 0.0),
        "heading_deg": 20.0,
        "screen_position": side,
        "gaze": Gaze(target="road", screen_direction="toward_camera"),
        "pose_start": "sit",
        "pose_end": "sit",
    }
    return Subject(**values | changes)


def line(text: str, speaker: str = NADIA, **changes: Any) -> DialogueLine:
    values: dict[str, Any] = {
        "speaker": speaker, "text": text, "unit": "un_2", "start_seconds": 0.5, "seconds": 1.6, "on_screen": True,
    }  # fmt: skip
    return DialogueLine(**values | changes)


def build_shot(name: str = "sh_1", **changes: Any) -> Shot:
    """A medium two-shot through a windscreen; `changes` replace whole fields, dotted with `__`."""
    values: dict[str, Any] = {
        "shot_id": name,
        "scene_id": "sc_1",
        "setup_id": f"su_{name}",
        "label": "001-0010",
        "slate": "1",
        "scene_number": "1",
        "sequence_number": 1,
        "shot_number_in_scene": 1,
        "duration_frames": 144,
        "duration_seconds": 6.0,
        "cuts": (Cut(src_in=0, src_out=120),),
        "source": Source(units=("un_1", "un_2"), lines=(3, 9)),
        "function": "master",
        "narrative_layer": NarrativeLayer(
            action_description="NADIA, 40, drives past the Quillon turning at 60 mph. Theo holds the cake box.",
            character_performance="Nadia: bright and brittle. Theo: ashamed.",
            shot_purpose="Two people who will not look at each other.",
        ),
        "contextual_layer": ContextualLayer(
            genre_aesthetics=("family drama",),
            tone_and_mood="tense, wry",
            emotional_beat=EmotionalBeat(name="tension_rising", intensity=0.4),
        ),
        "technical_layer": TechnicalLayer(
            camera=Camera(
                shot_size="medium", angle="eye_level", height="eye", facing="frontal", framing="two_shot",
                composition=("balanced",), movement=Movement(), lens=Lens(focal_mm=35, lens_class="standard"),
                aperture_t=2.8, depth_of_field="moderate", white_balance_k=3200, focus=Focus(on=NADIA),
                position_m=(0.0, 1.2, 2.2), look_at_m=(0.0, 1.1, 0.0),
            ),
            lighting=Lighting(
                key_style="low_key", direction=("side_left",), azimuth_deg=-60, elevation_deg=30, quality="hard",
                contrast_ratio=4, color_temperature_k=4300, source=("practical",), motivated_by="the dashboard",
                practicals=("phone",), time_of_day="night", description="Hard light from the dashboard at 4300 K.",
            ),
            staging=Staging(
                plate="location/hatchback side A",
                subjects=(subject(NADIA, "left", mouth="speaking"), subject(THEO, "right")),
            ),
        ),
        "audio": Audio(
            dialogue=(line("Ten minutes, Mum. Traffic.", delivery="(brightly)"),),
            sound_effects=(SoundEffect(name="phone BUZZES", category="SFX"),),
            ambience="rain on the roof",
            music_cue=MusicCue(
                number="1m01", cue_id="cue_1", state="starts", description="low strings", why="he hears the lie"
            ),
        ),
        "digital_assets": DigitalAssets(
            characters=("char_nadia_v01",),
            animals=("anim_dog_v01",),
            locations=("loc_hatchback_v01",),
            clothes=("cloth_theo_suit_v01",),
            makeup_hair=("mkup_theo_v01",),
            effects=("fx_rain_v01",),
            bindings={
                NADIA: "char_nadia_v01",
                THEO: Wanted(wanted="char_theo_v01"),
                "location/hatchback": "loc_hatchback_v01",
                "prop/cake_box": Wanted(wanted="obj_cake_box_v01"),
            },
        ),
    }  # fmt: skip
    return Shot(**values | changes)


def with_camera(shot: Shot, **changes: Any) -> Shot:
    technical = shot.technical_layer
    camera = technical.camera.model_copy(update=changes)
    return shot.model_copy(update={"technical_layer": technical.model_copy(update={"camera": camera})})


def with_staging(shot: Shot, *subjects: Subject) -> Shot:
    technical = shot.technical_layer
    staging = technical.staging.model_copy(update={"subjects": subjects})
    return shot.model_copy(update={"technical_layer": technical.model_copy(update={"staging": staging})})
