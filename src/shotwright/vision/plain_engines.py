"""Engines that need no model: what ordinary pixel statistics can say, named as that and no more.

They stand in where no backbone, calibrated validator or full measures are installed. The embedder tells colours and
contours apart, not people; the validator therefore never passes or fails anyone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.model.vision import (
    CharacterScore,
    FrameMeasures,
    FrameScores,
    ImageQuality,
    QualityAnswer,
    SequenceAnswer,
    ShotValidation,
    VisionModel,
)
from shotwright.model.vision_issue import Issue, issue
from shotwright.vision.pictures import crop_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from shotwright.model.vision import (
        CharacterReferences,
        QualityRequest,
        SequenceRequest,
        SequenceShot,
        SubjectRegion,
    )
    from shotwright.vision.engines import Embedder, Picture, See

CELLS, BINS, LEVELS = 4, 8, 6
DIMENSION = CELLS * CELLS * BINS + LEVELS**3
EXPOSURE_STOPS = 1.5
"""From the scene's median, beyond which a frame is said to be out."""


class ColourAndContour:
    """Histograms of colour, and of the direction of contours in a grid of cells."""

    device = "cpu"
    model = VisionModel(name="colour and contour histograms", dimension=DIMENSION)

    def embed(self, pictures: Sequence[Picture]) -> NDArray[Any]:
        return np.stack([self._one(crop_of(picture)) for picture in pictures])

    def _one(self, pixels: NDArray[Any]) -> NDArray[Any]:
        from PIL import Image

        small = np.asarray(Image.fromarray(pixels).resize((64, 64), Image.Resampling.BOX), np.float32)
        steps = np.minimum((small / 256 * LEVELS).astype(int), LEVELS - 1)
        colours = np.bincount((steps @ (LEVELS * LEVELS, LEVELS, 1)).ravel(), minlength=LEVELS**3).astype(np.float32)
        grey = small @ np.array([0.2126, 0.7152, 0.0722], np.float32)
        dy, dx = np.gradient(grey)
        turn = np.minimum((np.mod(np.arctan2(dy, dx), np.pi) / np.pi * BINS).astype(int), BINS - 1)
        cell = np.repeat(np.arange(CELLS), 64 // CELLS)
        where = (cell[:, None] * CELLS + cell[None, :]) * BINS + turn
        contours = np.bincount(where.ravel(), np.hypot(dx, dy).ravel(), CELLS * CELLS * BINS).astype(np.float32)
        parts = []
        for part in (colours, contours):
            root = np.sqrt(part)
            parts.append(root / max(float(np.linalg.norm(root)), 1e-6))
        joined = np.concatenate(parts).astype(np.float32)
        return joined / max(float(np.linalg.norm(joined)), 1e-6)


class UncalibratedLikeness:
    """The cosine to the nearest reference, told as it is: a raw figure that decides nothing."""

    name = "uncalibrated likeness"

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @property
    def model(self) -> VisionModel:
        return self._embedder.model

    def validate(self, request: SequenceRequest, see: See) -> SequenceAnswer:
        known = {c.character: self._references(c, see) for c in request.characters}
        unchecked = "" if set(request.checks) <= {"character"} else "nothing but likeness was checked"
        return SequenceAnswer(
            shots=tuple(self._shot(shot, known, see, unchecked) for shot in request.shots),
            measured_on=request.measured_on,
            threshold=request.threshold,
            model=self.model,
        )

    def _references(self, character: CharacterReferences, see: See) -> NDArray[Any]:
        return self._embedder.embed([see(image) for image in character.references])

    def _shot(self, shot: SequenceShot, known: dict[str, NDArray[Any]], see: See, unchecked: str) -> ShotValidation:
        if not shot.frames:
            return ShotValidation(
                number=shot.number,
                shot_id=shot.shot_id,
                characters=tuple(
                    CharacterScore(character=c, status="not_measured", note="no picture")
                    for c in (shot.expects or dict.fromkeys(s.character for s in shot.subjects))
                ),
                note="not measured: no picture",
            )
        return ShotValidation(
            number=shot.number,
            shot_id=shot.shot_id,
            characters=tuple(self._subject(shot, subject, known, see) for subject in shot.subjects),
            note=unchecked,
        )

    def _subject(
        self, shot: SequenceShot, subject: SubjectRegion, known: dict[str, NDArray[Any]], see: See
    ) -> CharacterScore:
        references = known.get(subject.character)
        if references is None or not len(references):
            return CharacterScore(
                character=subject.character, look=subject.look, status="not_measured", note="no references"
            )
        picture = see(shot.frames[subject.frame], subject.bbox, subject.mask)
        vector = self._embedder.embed([picture])[0]
        others = {
            name: float((rows @ vector).max())
            for name, rows in known.items()
            if name != subject.character and len(rows)
        }
        share = None
        if picture.mask is not None:
            share = float(picture.mask.mean())
        elif picture.bbox is not None:
            share = (picture.bbox[2] - picture.bbox[0]) * (picture.bbox[3] - picture.bbox[1])
        return CharacterScore(
            character=subject.character,
            look=subject.look,
            raw=round(float((references @ vector).max()), 6),
            closest_other=max(others, key=lambda n: (others[n], n)) if others else "",
            visibility=share,
            status="uncalibrated",
            confidence="low",
            note="no calibrated model of people is installed; the raw figure decides nothing",
        )


class LuminanceStatistics:
    """Light levels of the whole frame against the scene's median; colour balance and framing are left unmeasured."""

    name = "luminance statistics"
    model = VisionModel(name="luminance statistics")

    def analyze(self, request: QualityRequest, see: See) -> QualityAnswer:
        measured = [self._measure(see(image.image)) for image in request.images]
        levels = [m.exposure_stops for m in measured if m.exposure_stops is not None]
        if request.baseline.kind == "explicit":
            baseline = request.baseline.measures
        elif request.baseline.kind == "shot":
            at = next(i for i, image in enumerate(request.images) if image.shot_id == request.baseline.shot_id)
            baseline = measured[at]
        else:
            # The median of one frame is that frame: it agrees with itself and says nothing.
            baseline = FrameMeasures(exposure_stops=float(np.median(levels))) if len(levels) > 1 else None
        against = baseline.exposure_stops if baseline is not None else None
        images, issues = [], []
        for index, (image, measures) in enumerate(zip(request.images, measured, strict=True)):
            assert measures.exposure_stops is not None
            off = None if against is None else measures.exposure_stops - against
            score = None if off is None else round(max(0.0, 1.0 - max(abs(off) - 0.5, 0.0) / 3.0), 4)
            images.append(
                ImageQuality(
                    number=image.number,
                    shot_id=image.shot_id,
                    measures=measures,
                    scores=FrameScores(exposure=score),
                    overall=score,
                    note="light levels only: no colour, framing or focus was judged",
                )
            )
            if off is not None and abs(off) > EXPOSURE_STOPS:
                issues.append(self._issue(index, image.number, image.shot_id, off))
        return QualityAnswer(
            images=tuple(images),
            baseline=baseline,
            issues=tuple(issues),
            measured_on=request.measured_on,
            model=self.model,
        )

    def _issue(self, index: int, number: int, shot_id: str, off: float) -> Issue:
        way = "darker" if off < 0 else "brighter"
        return issue(
            "EXPOSURE_LOW" if off < 0 else "EXPOSURE_HIGH", "warn", index, shot_id,
            f"Shot {number} is {abs(off):.1f} stops {way} than the scene",
            measured=round(off, 2), threshold=EXPOSURE_STOPS,
            detail="mean luminance of the frame against the baseline",
            hint="open up" if off < 0 else "close down",
        )  # fmt: skip

    def _measure(self, picture: Picture) -> FrameMeasures:
        step = max(1, max(picture.pixels.shape[:2]) // 480)
        pixels = picture.pixels[::step, ::step].astype(np.float32) / 255
        linear = np.where(pixels <= 0.04045, pixels / 12.92, ((pixels + 0.055) / 1.055) ** 2.4)
        light = linear @ np.array([0.2126, 0.7152, 0.0722], np.float32)
        lightness = np.where(light > 216 / 24389, 116 * np.cbrt(light) - 16, light * 24389 / 27)
        low, middle, high = (float(v) for v in np.percentile(lightness, (5, 50, 95)))
        half = light.shape[1] // 2
        left, right = float(light[:, :half].mean()), float(light[:, -half:].mean())
        return FrameMeasures(
            l_median=round(middle, 3),
            l_p5=round(low, 3),
            l_p95=round(high, 3),
            exposure_stops=round(float(np.log2(max(float(light.mean()), 1e-4) / 0.18)), 4),
            clipped_high=round(float((pixels.min(axis=2) >= 0.996).mean()), 5),
            clipped_low=round(float((pixels.max(axis=2) <= 0.004).mean()), 5),
            shadow_fraction=round(float((lightness < 20).mean()), 5),
            left_right_stops=round(float(np.log2(max(left, 1e-4) / max(right, 1e-4))), 4),
        )
