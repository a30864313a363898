"""Putting a shot together: five answers in, one shot out. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.model.shot import Audio, ContextualLayer, DialogueLine, Provenance, Shot, Source, TechnicalLayer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.crew import (
        DirectedScene,
        DirectedShot,
        DressedScene,
        FilmSettings,
        PhotographedScene,
        ScoredScene,
        ShotAssets,
        ShotCamera,
        ShotSound,
    )
    from shotwright.model.story import SceneBrief


def assemble_scene(
    brief: SceneBrief,
    directed: DirectedScene,
    photographed: PhotographedScene,
    dressed: DressedScene,
    scored: ScoredScene,
    settings: FilmSettings,
) -> list[Shot]:
    """Whole shots of a scene, unnumbered, in order."""
    return [
        _assemble(brief, shot, camera, art, sound, settings)
        for shot, camera, art, sound in zip(
            directed.shots, photographed.shots, dressed.shots, scored.shots, strict=True
        )
    ]


def _assemble(
    brief: SceneBrief,
    shot: DirectedShot,
    camera: ShotCamera,
    art: ShotAssets,
    sound: ShotSound,
    settings: FilmSettings,
) -> Shot:
    assert shot.shot_id == camera.shot_id == art.shot_id == sound.shot_id
    return Shot.model_construct(
        schema_label="shotwright/shot@1",
        shot_id=shot.shot_id,
        scene_id=brief.scene.scene_id,
        setup_id=camera.setup_id,
        scene_number="",
        continues_shot_id=shot.continues_shot_id,
        added=shot.added,
        duration_frames=shot.duration_frames,
        duration_seconds=round(shot.duration_frames / settings.frame_rate, 3),
        duration_reason=shot.duration_reason,
        cuts=shot.cuts,
        source=Source(units=shot.units),
        function=shot.function,
        transition_in=shot.transition_in,
        narrative_layer=shot.narrative,
        contextual_layer=_context(brief, shot),
        technical_layer=camera.technical,
        audio=Audio.model_construct(
            dialogue=place_speakers(shot.dialogue, camera.technical),
            lead_frames=sound.lead_frames,
            tail_frames=sound.tail_frames,
            sound_effects=sound.sound_effects,
            ambience=sound.ambience,
            music_cue=sound.music_cue,
        ),
        on_screen_text=shot.on_screen_text,
        digital_assets=art.assets,
        provenance=_provenance(brief, shot, camera, art, sound),
    )


def place_speakers(dialogue: Sequence[DialogueLine], technical: TechnicalLayer) -> tuple[DialogueLine, ...]:
    """Say of each line whether its speaker's face is in this frame: staged, no mere shoulder, and heard here."""
    in_frame = {
        s.entity for s in technical.staging.subjects if not s.foreground and s.screen_position != "off"
    }  # fmt: skip
    return tuple(
        line
        if line.on_screen == (seen := line.voice == "room" and line.speaker in in_frame)
        else line.model_copy(update={"on_screen": seen})
        for line in dialogue
    )


def _context(brief: SceneBrief, shot: DirectedShot) -> ContextualLayer:
    tone = brief.scene.tone or brief.tone
    return ContextualLayer.model_construct(
        genre_aesthetics=brief.scene.genre or brief.genre,
        tone_and_mood=", ".join(tone),
        emotional_beat=shot.intent.beat,
        cinematic_references=brief.references,
    )


def _provenance(
    brief: SceneBrief, shot: DirectedShot, camera: ShotCamera, art: ShotAssets, sound: ShotSound
) -> dict[str, Provenance]:
    beat = shot.intent.beat.name
    mind = next((b.evidence.mind for b in brief.scene.beats if b.name == beat), "rules")
    context = Provenance(by="architect", mind=mind, because=f"the beat that the scene is in here: {beat}")
    record: dict[str, Provenance] = {
        "contextual_layer": context,
        "narrative_layer": Provenance(by="director", mind=shot.mind, because=shot.because, evidence=tuple(shot.units)),
    }
    for part, why in camera.provenance.items():
        record[f"technical_layer.{part}"] = why
    record["digital_assets"] = art.provenance
    for name, why in sound.provenance.items():
        record[f"audio.{name}"] = why
    return record
