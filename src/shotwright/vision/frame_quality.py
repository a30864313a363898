"""The measures behind the service's promise, where a subject comes as one mask or box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.vision.measures.subject import Person, box_mask, view_of
from shotwright.vision.quality import MODEL, inspect_frames, look_at

if TYPE_CHECKING:
    from shotwright.model.vision import QualityAnswer, QualityRequest
    from shotwright.vision.engines import See


class FrameQuality:
    """The measures behind the service's promise (`vision.engines.Quality`)."""

    name = MODEL.name
    model = MODEL

    def analyze(self, request: QualityRequest, see: See) -> QualityAnswer:
        """Every picture is decoded, measured, and compared with the baseline that the request names."""
        frames = []
        for image in request.images:
            picture = see(image.image)
            people, by_mask = [], bool(picture.mask is not None)
            hanging = {s.entity for s in image.staged if s.foreground}
            for region in image.subjects:
                seen = see(image.image, region.bbox, region.mask)
                mask = seen.mask
                if mask is None and seen.bbox is not None:
                    mask = box_mask(seen.bbox, (seen.pixels.shape[0], seen.pixels.shape[1]))
                by_mask = by_mask or seen.mask is not None
                if mask is not None:
                    people.append(Person(region.character, mask, foreground=region.character in hanging))
            if not people and picture.mask is not None:
                people = [Person("", picture.mask)]
            elif not people and picture.bbox is not None:
                people = [Person("", box_mask(picture.bbox, (picture.pixels.shape[0], picture.pixels.shape[1])))]
            # An intent that frames nobody has no subject to guess at.
            empty = image.intent.camera is not None and image.intent.camera.framing in ("empty", "insert")
            view = view_of(
                picture.pixels, people, known_by=("mask" if by_mask else "box") if people else None, guess=not empty
            )
            frames.append(look_at(image.number, image.shot_id, view, image.intent, image.staged))
        return inspect_frames(frames, baseline=request.baseline, measured_on=request.measured_on)
