"""How a shot is shown to people: a card with slate, size, lens, move, seconds, action, dialogue and purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shotwright.craft.reading import read_sequence
from shotwright.model.vocabulary import SIZE_ABBREVIATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.shot import Shot
    from shotwright.production.studio import Production


def print_scene(opened: Production, scene: str, shots: Sequence[Shot], *, why: bool) -> None:
    """The scene's script, each run of units followed by the shots that carry it."""
    told = next(s for s in opened.story.scenes if s.scene_id == scene)
    click.secho(f"{opened.scene_numbers[scene]}  {told.slugline.raw}", bold=True)
    click.echo(f"{told.story_day}, {told.time_of_day}, {told.scene_type.replace('_', ' ')}, {told.eighths}/8 page")
    click.echo(f"goal: {told.goal}")
    if told.turn:
        click.echo(f"turn: {told.turn.what}")
    cast = ", ".join(p.character.partition("/")[2] + (" (voice)" if p.voice_only else "") for p in told.presences)
    click.echo(f"cast: {cast or 'nobody'}")
    units = {u.id: u for u in told.units}
    printed: set[str] = set()
    for shot in shots:
        click.echo("")
        for unit_id in shot.source.units:
            unit = units.get(unit_id)
            if unit is None or unit_id in printed:
                continue
            printed.add(unit_id)
            if unit.kind == "speech":
                extension = f" ({unit.extension})" if unit.extension else ""
                click.secho(f"    {unit.cue}{extension}: {unit.text}", dim=True)
            else:
                click.secho(f"    {unit.text}", dim=True)
        print_shot(shot, why=why)


def print_shot(shot: Shot, *, why: bool = False) -> None:
    """One shot's card."""
    camera = shot.technical_layer.camera
    status = "" if shot.review.status == "proposed" else f"  [{shot.review.status.replace('_', ' ')}]"
    cut = sum(c.src_out - c.src_in for c in shot.cuts)
    length = f"{shot.duration_seconds:g} s" + (
        "" if cut == shot.duration_frames else f", cut {cut / shot.duration_frames * shot.duration_seconds:.1f} s"
    )
    move = camera.movement.type.replace("_", " ")
    if camera.movement.speed not in ("none", "moderate"):
        move = f"{camera.movement.speed.replace('_', ' ')} {move}"
    angle = "" if camera.angle == "eye_level" else f", {camera.angle.replace('_', ' ')}"
    click.secho(
        f"{shot.label}  {shot.slate:<5} {SIZE_ABBREVIATION[camera.shot_size]:<4}"
        f"{camera.framing.replace('_', ' ')}{angle}, "
        f"{camera.lens.focal_mm} mm, {move}, {length}, {shot.function.replace('_', ' ')}{status}",
        bold=True,
    )
    click.echo(f"  {shot.narrative_layer.action_description}")
    for line in shot.audio.dialogue:
        voice = "off camera" if line.voice == "room" else line.voice.replace("_", " ")
        where = "" if line.on_screen else f" ({voice})"
        delivery = f" ({line.delivery})" if line.delivery else ""
        click.echo(f"  {line.speaker.partition('/')[2]}{where}{delivery}: “{line.text}”")
    click.echo(f"  {shot.narrative_layer.character_performance}")
    click.echo(f"  purpose: {shot.narrative_layer.shot_purpose}")
    for flag in shot.continuity.flags:
        click.echo(f"  {flag.severity}: {flag.message} ({flag.code})")
    if shot.review.note:
        click.echo(f"  note: {shot.review.note}")
    if why:
        _print_why(shot)


def _print_why(shot: Shot) -> None:
    camera, light = shot.technical_layer.camera, shot.technical_layer.lighting
    click.echo(f"  light: {light.description}")
    effects = "; ".join(f"{e.name} at {e.start_seconds:g} s" for e in shot.audio.sound_effects)
    music = shot.audio.music_cue
    click.echo(f"  sound: {effects or 'no effects'}; bed: {shot.audio.ambience}")
    if music.state != "none":
        click.echo(f"  music: {music.number} {music.state.replace('_', ' ')}: {music.description} ({music.why})")
    found = [k for k in shot.digital_assets.bindings.values() if isinstance(k, str)]
    wanted = [k.wanted for k in shot.digital_assets.bindings.values() if not isinstance(k, str)]
    click.echo(f"  assets: {', '.join(found) or 'none'}" + (f"; wanted: {', '.join(wanted)}" if wanted else ""))
    click.echo(
        f"  camera at {camera.position_m} looking at {camera.look_at_m}, T{camera.aperture_t:g}, "
        f"{camera.white_balance_k} K; key {light.key_style} {light.contrast_ratio:g}:1 from {light.azimuth_deg:g}°, "
        f"{light.color_temperature_k} K"
    )
    for subject in shot.technical_layer.staging.subjects:
        gaze = f", looks {subject.gaze.screen_direction} at {subject.gaze.target}" if subject.gaze else ""
        click.echo(f"  {subject.entity}: {subject.screen_position}, {subject.pose_end}{gaze}")
    for layer, record in shot.provenance.items():
        pinned = ", pinned" if record.pinned else ""
        click.secho(f"  why {layer}: {record.because} [{record.by}, {record.mind}{pinned}]", dim=True)


def print_reading(opened: Production, scene: str, shots: Sequence[Shot]) -> None:
    """What a careful reader ticks off, ticked by a program."""
    told = next(s for s in opened.story.scenes if s.scene_id == scene)
    click.echo("")
    for item in read_sequence(shots, told.units):
        mark = "ok  " if item.passed else "LOOK"
        detail = f": {item.detail}" if item.detail else ""
        click.secho(f"{mark} {item.number:>2} {item.title}{detail}", dim=item.passed)
