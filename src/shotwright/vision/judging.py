"""One subject of one frame judged: by the references of its look, or in place against what it should look like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.model.vision import CharacterScore, PartScores, ReferenceBucket
from shotwright.vision.calibration import LEAST_REFERENCES
from shotwright.vision.evidence import probability
from shotwright.vision.in_place import previz_model
from shotwright.vision.patches import at_size, differences
from shotwright.vision.similarity import likeness, taken_alike, without

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from shotwright.model.vision import ImageRef, MaskRef, SequenceShot, SubjectRegion
    from shotwright.vision.calibration import LookModel
    from shotwright.vision.engines import Picture, See

    Key = tuple[str, str]
    """(character, look)."""

LEAST_SHARE = 0.04
"""Of the frame, by mask or box: a smaller subject shows too little to be judged."""
COPY = 0.05
"""Of the usual distance between two pictures of the look (1 - cosine): nearer to one reference is that reference again,
whatever the scale of the backbone's cosines."""
PROPORTIONS = 0.02
"""How far the proportions of a frame and of what is expected of it may differ."""


@dataclass(frozen=True, slots=True)
class Looks:
    """The looks of one request, and what similarities to them are worth."""

    rows: Mapping[Key, NDArray[Any]]
    """Key -> embeddings of its references."""
    buckets: Mapping[Key, tuple[ReferenceBucket, ...]]
    models: Mapping[Key, LookModel]
    common: NDArray[Any] | None
    threshold: float
    calibration: str

    def judged(
        self,
        shot: SequenceShot,
        subject: SubjectRegion,
        picture: Picture,
        embed: Callable[[Sequence[Picture]], NDArray[Any]],
    ) -> CharacterScore:
        """Against the two best references taken like the shot."""
        key = self._key(subject)
        share = share_of(picture)
        if key is None:
            return CharacterScore(
                character=subject.character, look=subject.look, visibility=share, status="not_measured",
                confidence="low", note="no references of this look",
            )  # fmt: skip
        vector = without(embed([picture]), self.common)
        references = self.rows[key]
        raw = self._raw(vector, key, shot)
        others = {other: self._raw(vector, other, shot) for other in self.rows if other[0] != key[0]}
        closest = max(others, key=lambda k: (others[k], k)) if others else None
        said = CharacterScore(
            character=subject.character,
            look=key[1],
            raw=round(raw, 6),
            closest_other=closest[0] if closest else "",
            visibility=None if share is None else round(share, 4),
            status="uncalibrated",
            confidence="low",
        )
        model = self.models.get(key)
        if model is None or not model.passes(self.threshold):
            return said.model_copy(update={"note": _why_not(references, model)})
        said = said.model_copy(
            update={
                "score": round(model.score(raw), 6),
                "log_likelihood_ratio": round(model.log_ratio(raw), 4),
                "typicality": round(model.typicality(raw), 6),
            }
        )
        if share is not None and share < LEAST_SHARE:
            return said.model_copy(update={"note": _too_little(share)})
        nearer = closest is not None and others[closest] > raw
        return said.model_copy(update=self._verdict(model, raw, vector, references, nearer=nearer))

    def _raw(self, vector: NDArray[Any], key: Key, shot: SequenceShot) -> float:
        rows, buckets = self.rows[key], self.buckets.get(key, ())
        if buckets and shot.camera is not None:
            wanted = ReferenceBucket(
                shot_size=shot.camera.shot_size,
                facing=shot.camera.facing,
                key_style=None if shot.lighting is None else shot.lighting.key_style,
            )
            rows = rows[taken_alike(buckets, wanted)]
        return float(likeness(vector, rows)[0])

    def _verdict(
        self, model: LookModel, raw: float, vector: NDArray[Any], references: NDArray[Any], *, nearer: bool
    ) -> dict[str, Any]:
        score = model.score(raw)
        if score >= self.threshold:
            copied = 1 - float((references @ vector[0]).max()) <= COPY * (1 - model.genuine_mean)
            note = "the picture repeats a reference" if copied else ""
            return {"status": "copy_paste" if copied else "ok", "passed": True, "confidence": "high", "note": note}
        # Drift may still be the right person; somebody else is likelier when another look fits better or none does.
        wrong = nearer or score <= 1 - self.threshold
        return {"status": "wrong_person" if wrong else "drift", "passed": False, "confidence": "high"}

    def _key(self, subject: SubjectRegion) -> Key | None:
        """The look that is named, or the only one of the character where none is."""
        if (subject.character, subject.look) in self.rows:
            return subject.character, subject.look
        own = [key for key in self.rows if key[0] == subject.character]
        return own[0] if len(own) == 1 and not (subject.look and own[0][1]) else None


def judged_in_place(
    shot: SequenceShot, subject: SubjectRegion, picture: Picture, see: See, threshold: float
) -> CharacterScore:
    """Against `subject.expected`, part by part. The score is that of the worst part that is seen."""
    assert subject.expected is not None
    assert subject.mask is not None
    assert picture.mask is not None
    share = float(np.mean(picture.mask))
    said = CharacterScore(
        character=subject.character,
        look=subject.look,
        visibility=round(share, 4),
        status="uncalibrated",
        confidence="low",
    )
    due = see(subject.expected)
    if due.mask is None or not due.mask.any():
        return said.model_copy(update={"note": "the look as expected is nowhere to be seen in this set-up"})
    height, width = picture.mask.shape
    if abs(due.mask.shape[1] * height - due.mask.shape[0] * width) > PROPORTIONS * due.mask.shape[0] * width:
        return said.model_copy(update={"note": "what is expected has other proportions than the frame"})
    others = _others(shot.frames[subject.frame], subject.mask, picture.mask, see)
    if subject.expected.mask is not None:
        # Whoever stands in front may be drawn wrong too; that is not this subject's fault.
        others = others | at_size(_others(subject.expected, subject.expected.mask, due.mask, see), others.shape)
    found = differences(picture, others, due, subject.parts, shot.camera)
    ratios = previz_model().log_ratios(found)
    if not ratios:
        return said.model_copy(update={"note": "too little is to be seen to judge by"})
    ratio = min(ratios.values())
    score = probability(ratio)
    farthest = max(d.mean for d in found.values())
    said = said.model_copy(
        update={
            "score": round(score, 6),
            "log_likelihood_ratio": round(ratio, 4),
            "raw": round(1.0 - farthest, 6),
            "parts": PartScores(**{part: round(probability(r), 6) for part, r in ratios.items()}),
        }
    )
    if share < LEAST_SHARE:
        return said.model_copy(update={"note": _too_little(share)})
    if score >= threshold:
        return said.model_copy(update={"status": "ok", "passed": True, "confidence": "high"})
    passes = [part for part, r in ratios.items() if probability(r) >= threshold]
    wrong = not passes and len(ratios) > 1 and "head" in ratios
    status = "wrong_person" if wrong else "drift"
    return said.model_copy(update={"status": status, "passed": False, "confidence": "high"})


def _others(image: ImageRef, mask: MaskRef, own: NDArray[Any], see: See) -> NDArray[Any]:
    """bool: where an id mask has anybody or anything besides the subject."""
    anybody = see(image, None, mask.model_copy(update={"value": None}))
    return np.zeros_like(own) if anybody.mask is None else anybody.mask & ~own


def share_of(picture: Picture) -> float | None:
    """Of the frame, by mask or box; None where the picture says nothing of where its subject is."""
    if picture.mask is not None:
        return float(np.mean(picture.mask))
    if picture.bbox is not None:
        left, top, right, bottom = picture.bbox
        return (right - left) * (bottom - top)
    return None


def _too_little(share: float) -> str:
    return f"{100 * share:.1f}% of the frame is too little to judge by"


def _why_not(references: NDArray[Any], model: LookModel | None) -> str:
    if len(references) < LEAST_REFERENCES:
        return f"{len(references)} references; {LEAST_REFERENCES} or more make a calibrated score"
    if model is None:
        return "no other look with three references says what a stranger is like"
    return "these looks are too alike, or their references too unlike, to be told apart surely"
