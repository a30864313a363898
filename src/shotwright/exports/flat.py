"""The flat layout: one shot with its technical layer as phrases, for pipelines that were built before this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import ConfigDict, Field

from shotwright.exports.film import word
from shotwright.model.shot import ContextualLayer, NarrativeLayer, Wanted
from shotwright.model.value import Value

if TYPE_CHECKING:
    from shotwright.exports.film import Film
    from shotwright.model.shot import Camera, DialogueLine, MusicCue, Shot


class FlatCamera(Value):
    angle: str
    """Size, framing, angle and facing."""
    movement: str
    lens: str
    focus: str


class FlatAudio(Value):
    dialogue: str
    """Every line with its speaker, in order; empty when nobody speaks."""
    sound_effects: tuple[str, ...]
    music_cue: str


class FlatTechnicalLayer(Value):
    camera: FlatCamera
    lighting: str
    audio: FlatAudio


class FlatAssets(Value):
    """Six lists of library keys. Animals stand with the characters, make-up and hair with the clothes, effects with
    the background: the older form has no lists for them."""

    characters: tuple[str, ...]
    locations: tuple[str, ...]
    objects: tuple[str, ...]
    vehicles: tuple[str, ...]
    clothes: tuple[str, ...]
    background: tuple[str, ...]


class FlatShot(Value):
    """A shot in the flat layout (schema label `shotwright/flat-shot@1`)."""

    schema_label: Literal["shotwright/flat-shot@1"] = Field("shotwright/flat-shot@1", alias="schema")
    shot_id: str
    scene_id: str
    setup_id: str
    label: str
    slate: str
    scene_number: str
    sequence_number: int
    shot_number_in_scene: int
    estimated_duration_seconds: float
    narrative_layer: NarrativeLayer
    contextual_layer: ContextualLayer
    technical_layer: FlatTechnicalLayer
    digital_assets: FlatAssets
    wanted_assets: tuple[str, ...]
    """Keys proposed for what the script needs and no library holds; none of them is in the lists above."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)


def flatten(shot: Shot, film: Film) -> FlatShot:
    """The shot in the flat layout; `film` gives the names that the phrases use."""
    technical, audio, assets = shot.technical_layer, shot.audio, shot.digital_assets
    wanted = dict.fromkeys(bound.wanted for bound in assets.bindings.values() if isinstance(bound, Wanted))
    return FlatShot(
        shot_id=shot.shot_id,
        scene_id=shot.scene_id,
        setup_id=shot.setup_id,
        label=shot.label,
        slate=shot.slate,
        scene_number=shot.scene_number,
        sequence_number=shot.sequence_number,
        shot_number_in_scene=shot.shot_number_in_scene,
        estimated_duration_seconds=shot.duration_seconds,
        narrative_layer=shot.narrative_layer,
        contextual_layer=shot.contextual_layer,
        technical_layer=FlatTechnicalLayer(
            camera=FlatCamera(
                angle=_angle(technical.camera),
                movement=movement_phrase(technical.camera),
                lens=_lens(technical.camera),
                focus=_focus(technical.camera, film),
            ),
            lighting=technical.lighting.description,
            audio=FlatAudio(
                dialogue=" ".join(spoken(line, film) for line in audio.dialogue),
                sound_effects=(
                    *(effect.name for effect in audio.sound_effects),
                    *((audio.ambience,) if audio.ambience else ()),
                ),
                music_cue=music_phrase(audio.music_cue),
            ),
        ),
        digital_assets=FlatAssets(
            characters=(*assets.characters, *assets.animals),
            locations=assets.locations,
            objects=assets.objects,
            vehicles=assets.vehicles,
            clothes=(*assets.clothes, *assets.makeup_hair),
            background=(*assets.background, *assets.effects),
        ),
        wanted_assets=tuple(wanted),
    )


def spoken(line: DialogueLine, film: Film) -> str:
    """`Nadia (brightly): Ten minutes, Mum.` with how it is heard when that is not in the room."""
    heard = {"off_screen": "off screen", "voice_over": "voice-over", "phone": "on the phone"}.get(line.voice, "")
    who = " and ".join(film.name_of(s) for s in line.speakers or (line.speaker,))
    how = ", ".join(part for part in (heard, line.delivery.strip("() ")) if part)
    return f"{who} ({how}): {line.text}" if how else f"{who}: {line.text}"


def movement_phrase(camera: Camera) -> str:
    """`slow dolly in on a dolly, from … to …`; `static on a tripod`."""
    move = camera.movement
    speed = "" if move.speed == "none" else f"{move.speed.replace('_', ' ')} "
    phrase = f"{speed}{move.type.replace('_', ' ')}, {move.support}"
    if camera.lens.zoom:
        phrase += f", with {camera.lens.zoom.replace('_', ' ')}"
    if move.type != "static" and move.start and move.end:
        phrase += f", from {move.start} to {move.end}"
    return phrase


def music_phrase(cue: MusicCue) -> str:
    """`1m03 starts: low drone (he hears the lock)`; `none`."""
    if cue.state == "none":
        return "none"
    phrase = f"{cue.number or cue.cue_id} {cue.state.replace('_', ' ')}".strip()
    phrase = f"{phrase}: {cue.description}" if cue.description else phrase
    return f"{phrase} ({cue.why})" if cue.why else phrase


def _angle(camera: Camera) -> str:
    parts = [word("shot_size", camera.shot_size), camera.framing.replace("_", " "), word("angle", camera.angle)]
    if camera.roll != "level":
        parts.append(word("roll", camera.roll))
    if camera.framing not in ("empty", "insert", "pov"):
        parts.append(word("facing", camera.facing))
    return ", ".join(parts)


def _lens(camera: Camera) -> str:
    macro = " macro" if camera.lens.macro else ""
    return f"{camera.lens.focal_mm} mm {camera.lens.lens_class.replace('_', ' ')}{macro} at T{camera.aperture_t:g}"


def _focus(camera: Camera, film: Film) -> str:
    phrase = f"{camera.depth_of_field} depth of field, focus on {film.name_of(camera.focus.on)}"
    return f"{phrase}, pulling to {film.name_of(camera.focus.pull_to)}" if camera.focus.pull_to else phrase
