"""The measures behind the service's promise, where a subject comes as one mask or box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.vision.looked import look_at
from shotwright.vision.measures.head import film_table
from shotwright.vision.measures.subject import Person, box_mask, view_of
from shotwright.vision.quality import MODEL, inspect_frames

if TYPE_CHECKING:
    from shotwright.model.vision import QualityAnswer, QualityImage, QualityRequest
    from shotwright.model.vision_picture import MeasuredOn
    from shotwright.vision.engines import See
    from shotwright.vision.looked import Looked


class FrameQuality:
    """The measures behind the service's promise (`vision.engines.Quality`)."""

    name = MODEL.name
    model = MODEL

    def analyze(self, request: QualityRequest, see: See) -> QualityAnswer:
        """Every picture is decoded, measured, and compared with the baseline that the request names."""
        frames = [look(image, see, request.measured_on) for image in request.images]
        return inspect_frames(frames, baseline=request.baseline, measured_on=request.measured_on)


def look(image: QualityImage, see: See, measured_on: MeasuredOn = "previz") -> Looked:
    """Measure one picture, with whoever its regions name. Our own drawings are read through their film curve."""
    picture = see(image.image)
    shape = (picture.pixels.shape[0], picture.pixels.shape[1])
    people, by_mask = [], picture.mask is not None
    hanging = {s.entity for s in image.staged if s.foreground}
    for region in image.subjects:
        seen = see(image.image, region.bbox, region.mask)
        mask = seen.mask
        if mask is None and seen.bbox is not None:
            mask = box_mask(seen.bbox, shape)
        by_mask = by_mask or seen.mask is not None
        if mask is not None:
            people.append(
                Person(
                    region.character,
                    mask,
                    anchors=region.points,
                    foreground=region.character in hanging,
                    look=region.look,
                )
            )
    if not people and picture.mask is not None:
        people = [Person("", picture.mask)]
    elif not people and picture.bbox is not None:
        people = [Person("", box_mask(picture.bbox, shape))]
    # An intent that frames nobody has no subject to guess at.
    empty = image.intent.camera is not None and image.intent.camera.framing in ("empty", "insert")
    view = view_of(
        picture.pixels, people, known_by=("mask" if by_mask else "box") if people else None, guess=not empty,
        film=film_table(measured_on == "previz"),
    )  # fmt: skip
    return look_at(image.number, image.shot_id, view, image.intent, image.staged)
