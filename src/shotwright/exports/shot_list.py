"""`csv`: the shot list, one row a shot, as an assistant director prints it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from shotwright.exports.flat import movement_phrase, music_phrase, spoken
from shotwright.model.ids import kind_of
from shotwright.model.shot import Wanted
from shotwright.model.vocabulary import SIZE_ABBREVIATION

if TYPE_CHECKING:
    from shotwright.exports.film import Film
    from shotwright.model.shot import Shot

COLUMNS = (
    "slate", "label", "scene", "int_ext", "set", "day", "size", "angle", "framing", "lens", "move", "seconds",
    "action", "dialogue", "sound", "music", "cast", "assets", "wanted", "purpose", "status",
)  # fmt: skip

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(film: Film) -> str:
    """The shot list as comma-separated values with a heading row.

    A cell that a spreadsheet would take for a formula gets an apostrophe before it, so that a script's words never run.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for shot in film.shots:
        writer.writerow([_safe(cell) for cell in _row(shot, film)])
    return out.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def _row(shot: Shot, film: Film) -> tuple[str, ...]:
    camera, audio, assets = shot.technical_layer.camera, shot.audio, shot.digital_assets
    scene = film.scenes.get(shot.scene_id)
    slugline = scene.slugline if scene else None
    place = film.name_of(_place(shot))
    if slugline is not None and slugline.place:
        place = " - ".join((slugline.place, *slugline.sub_places))
    cast = [s.entity for s in shot.technical_layer.staging.subjects if kind_of(s.entity) == "character"]
    lists = (assets.characters, assets.animals, assets.locations, assets.objects, assets.vehicles, assets.clothes,
             assets.background, assets.makeup_hair, assets.effects)  # fmt: skip
    wanted = dict.fromkeys(bound.wanted for bound in assets.bindings.values() if isinstance(bound, Wanted))
    sounds = [effect.name for effect in audio.sound_effects]
    return (
        shot.slate,
        shot.label,
        shot.scene_number,
        slugline.int_ext if slugline else "",
        place,
        scene.story_day if scene else "",
        SIZE_ABBREVIATION[camera.shot_size],
        camera.angle.replace("_", " "),
        camera.framing.replace("_", " "),
        f"{camera.lens.focal_mm} mm",
        movement_phrase(camera),
        f"{shot.duration_seconds:g}",
        shot.narrative_layer.action_description,
        "\n".join(spoken(line, film) for line in audio.dialogue),
        "; ".join([*sounds, audio.ambience] if audio.ambience else sounds),
        "" if audio.music_cue.state == "none" else music_phrase(audio.music_cue),
        ", ".join(film.name_of(entity) for entity in dict.fromkeys(cast)),
        ", ".join(key for keys in lists for key in keys),
        ", ".join(wanted),
        shot.narrative_layer.shot_purpose,
        shot.review.status.replace("_", " "),
    )


def _place(shot: Shot) -> str:
    return shot.technical_layer.staging.plate.partition(" side ")[0]
