"""Frames of boards as the vision service is given them: encoded, with the masks, regions and intents of their shots."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from shotwright.boards.cast import CastSheet
from shotwright.boards.frames import draw_frame
from shotwright.model.vision import FrameIntent, ImageRef, MaskRef, QualityImage, SubjectRegion
from shotwright.production.opened import Production
from shotwright.production.studio import RunRequest, run_production
from shotwright.vision.frame_quality import look
from shotwright.vision.pictures import picture_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from shotwright.boards.frames import Picture
    from shotwright.boards.scene import MeshMaker
    from shotwright.boards.sets import PlaceLook
    from shotwright.model.shot import Shot
    from shotwright.model.vision import Box
    from shotwright.vision.engines import Picture as Seen
    from shotwright.vision.looked import Looked


def asked(shot: Shot, drawn: Picture) -> QualityImage:
    """What a service is asked about one frame: the picture, who is where in it, and what it was meant to be."""
    layer, context = shot.technical_layer, shot.contextual_layer
    regions = tuple(
        SubjectRegion(
            character=s.entity, look=s.look, bbox=s.box, mask=MaskRef(b64=drawn.mask, value=s.value), points=s.points
        )
        for s in drawn.subjects
    )
    return QualityImage(
        number=shot.shot_number_in_scene, shot_id=shot.shot_id, image=ImageRef(b64=drawn.image), subjects=regions,
        intent=FrameIntent(
            camera=layer.camera, lighting=layer.lighting, composition=layer.camera.composition,
            tone=(context.tone_and_mood,) if context.tone_and_mood else (),
        ),
        staged=layer.staging.subjects,
    )  # fmt: skip


def see(image: ImageRef, bbox: Box | None = None, mask: MaskRef | None = None) -> Seen:
    """A picture out of its own bytes."""
    return picture_of(image.data, image.media_type, bbox, mask.data if mask else None, mask.value if mask else None)


def seen(image: QualityImage, spent: list[float] | None = None) -> Looked:
    """Measure one frame; `spent` takes the CPU seconds of it, decoding left out."""
    first = see(image.image)
    masks = {
        r.mask.value: see(image.image, r.bbox, r.mask).mask for r in image.subjects if r.mask is not None
    }  # fmt: skip

    def held(picture: ImageRef, bbox: Box | None = None, mask: MaskRef | None = None) -> Seen:
        return type(first)(first.sha256, first.pixels, bbox, masks[mask.value] if mask is not None else None)

    began = time.process_time()
    found = look(image, held)
    if spent is not None:
        spent.append(time.process_time() - began)
    return found


def drawn_as(
    shot: Shot,
    cast: Mapping[str, MeshMaker],
    place: PlaceLook,
    told: Shot | None = None,
    spent: list[float] | None = None,
) -> Looked:
    """Draw a shot, and measure it as if it were `told`: a frame that is not what its shot says."""
    return seen(asked(told or shot, draw_frame(shot, "first", cast, place)), spent)


class Staged(NamedTuple):
    """A shot with what is needed to draw it."""

    shot: Shot
    cast: Mapping[str, MeshMaker]
    place: PlaceLook


def film_of(screenplay: Path, folder: Path) -> list[tuple[CastSheet, list[Shot]]]:
    """A film run from its screenplay, with the asset library that lies beside it: its scenes, each with the cast."""
    library = screenplay.parent / "assets"
    run_production(
        RunRequest(screenplay, folder, (library,) if library.is_dir() else (), flags={"boards.draw": "none"})
    )
    with Production(folder) as production:
        sheet = CastSheet.of(production.story, production.casting, production.document().assets)
        return [(sheet, list(shots)) for _, shots in production.film]


def grouped(film: Sequence[tuple[CastSheet, list[Shot]]], first: int = 0, most: int = 10_000) -> list[list[Staged]]:
    """What is asked about together: the shots of a scene in one place at one hour. Whole scenes until `most` shots."""
    found: list[list[Staged]] = []
    count = 0
    for sheet, shots in film[first:]:
        if count >= most:
            break
        places, groups = sheet.places(shots), {}
        for shot in shots:
            where = shot.technical_layer.staging.plate.partition(" side ")[0]
            key = (where, shot.technical_layer.lighting.time_of_day)
            groups.setdefault(key, []).append(Staged(shot, sheet.makers(shot), places[where]))
        found += groups.values()
        count += len(shots)
    return found
