"""Whether the people of a sequence are who they should be: calibrated scores for each character and shot.

Scores on photographs lean on a bundled cohort; scores on our own drawings are fitted to the film's own looks alone,
because photographs say nothing about how alike two drawings are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.model.vision import CharacterScore, SequenceAnswer, ShotValidation
from shotwright.model.vision_issue import Issue, consistency_message, issue
from shotwright.vision.calibration import (
    LEAST_REFERENCES,
    Cohort,
    LookModel,
    cohort_weights,
    fit_looks,
    photograph_cohort,
)
from shotwright.vision.similarity import likeness

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from shotwright.model.vision import SequenceRequest, SequenceShot, SubjectRegion, VisionModel
    from shotwright.vision.engines import Embedder, Picture, See

LEAST_SHARE = 0.04
"""Of the frame, by mask or box: a smaller subject shows too little to be judged."""
COPY = 0.05
"""Of the usual distance between two pictures of the look (1 - cosine): nearer to one reference is that reference again,
whatever the scale of the backbone's cosines."""


class CalibratedLikeness:
    """A `Validator` over an embedder."""

    name = "calibrated likeness"

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @property
    def model(self) -> VisionModel:
        bundled = self._cohort("pictures")
        named = "the film's own looks" if bundled is None else f"{bundled.name}, and the film's own looks"
        return self._embedder.model.model_copy(update={"calibration": named})

    def validate(self, request: SequenceRequest, see: See) -> SequenceAnswer:
        """Pure but for looking: the same request and pictures give the same answer. Raises what `see` raises."""
        looks: dict[tuple[str, str], NDArray[Any]] = {}
        for character in request.characters:
            if character.references:
                rows = self._embedder.embed([see(image) for image in character.references])
                looks[character.character, character.look] = rows
        cohort = self._cohort(request.measured_on)
        keys = {"\n".join(key): rows for key, rows in looks.items()}
        fitted = fit_looks(keys, cohort)
        models = {key: fitted["\n".join(key)] for key in looks if "\n".join(key) in fitted}
        judge = _Judge(looks, models, request.threshold)
        shots = tuple(self._shot(shot, judge, see) for shot in request.shots)
        scores = [c.score for shot in shots for c in shot.characters if c.passed is not None and c.score is not None]
        named = "none" if not models else cohort.name if cohort is not None else "the film's own looks"
        return SequenceAnswer(
            shots=shots,
            score=min(scores) if scores else None,
            issues=tuple(
                found
                for index, shot in enumerate(shots)
                for score in shot.characters
                if (found := _issue(index, shot, score, request.threshold)) is not None
            ),
            measured_on=request.measured_on,
            threshold=request.threshold,
            model=self._embedder.model.model_copy(update={"calibration": named}),
        )

    def _cohort(self, measured_on: str) -> Cohort | None:
        """The bundled cohort, where it speaks of these eyes and this kind of picture."""
        same = self._embedder.model.weights_sha256 == cohort_weights()
        return photograph_cohort() if same and measured_on == "pictures" else None

    def _shot(self, shot: SequenceShot, judge: _Judge, see: See) -> ShotValidation:
        expected = shot.expects or tuple(dict.fromkeys(s.character for s in shot.subjects))
        if not shot.frames:
            unseen = tuple(CharacterScore(character=c, status="not_measured", note="no picture") for c in expected)
            return ShotValidation(
                number=shot.number, shot_id=shot.shot_id, characters=unseen, note="not measured: no picture"
            )
        found = []
        for subject in shot.subjects:
            picture = see(shot.frames[subject.frame], subject.bbox, subject.mask)
            if picture.mask is not None and not picture.mask.any():
                found.append(_not_visible(subject.character, subject.look))
            else:
                found.append(judge.judged(subject, picture, lambda p: self._embedder.embed([p])[0]))
        named = {subject.character for subject in shot.subjects}
        found += [_not_visible(character, "") for character in expected if character not in named]
        return ShotValidation(number=shot.number, shot_id=shot.shot_id, characters=tuple(found))


class _Judge:
    """The looks of one request, and what their similarities are worth."""

    def __init__(
        self,
        looks: dict[tuple[str, str], NDArray[Any]],
        models: dict[tuple[str, str], LookModel],
        threshold: float,
    ) -> None:
        self._looks, self._models, self._threshold = looks, models, threshold

    def judged(self, subject: SubjectRegion, picture: Picture, embed: Any) -> CharacterScore:
        key = self._key(subject)
        share = _share(picture)
        if key is None:
            return CharacterScore(
                character=subject.character, look=subject.look, visibility=share, status="not_measured",
                confidence="low", note="no references of this look",
            )  # fmt: skip
        vector = embed(picture)[None]
        references = self._looks[key]
        raw = float(likeness(vector, references)[0])
        others = {k: float(likeness(vector, rows)[0]) for k, rows in self._looks.items() if k[0] != key[0]}
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
        model = self._models.get(key)
        if model is None or not model.passes(self._threshold):
            return said.model_copy(update={"note": self._why_not(references, model)})
        ratio = model.log_ratio(raw)
        said = said.model_copy(
            update={
                "score": round(model.score(raw), 6),
                "log_likelihood_ratio": round(ratio, 4),
                "typicality": round(model.typicality(raw), 6),
            }
        )
        if share is not None and share < LEAST_SHARE:
            return said.model_copy(update={"note": f"{100 * share:.1f}% of the frame is too little to judge by"})
        return said.model_copy(update=self._verdict(model, raw, closest, others, vector, references))

    def _verdict(
        self,
        model: LookModel,
        raw: float,
        closest: tuple[str, str] | None,
        others: dict[tuple[str, str], float],
        vector: NDArray[Any],
        references: NDArray[Any],
    ) -> dict[str, Any]:
        score = model.score(raw)
        if score >= self._threshold:
            copied = 1 - float((references @ vector[0]).max()) <= COPY * (1 - model.genuine_mean)
            note = "the picture repeats a reference" if copied else ""
            return {"status": "copy_paste" if copied else "ok", "passed": True, "confidence": "high", "note": note}
        # Drift may still be the right person; somebody else is likelier when another look fits better or none does.
        nearer = closest is not None and others[closest] > raw
        wrong = nearer or score <= 1 - self._threshold
        return {"status": "wrong_person" if wrong else "drift", "passed": False, "confidence": "high"}

    def _key(self, subject: SubjectRegion) -> tuple[str, str] | None:
        """The look that is named, or the only one of the character where none is."""
        if (subject.character, subject.look) in self._looks:
            return subject.character, subject.look
        own = [key for key in self._looks if key[0] == subject.character]
        return own[0] if len(own) == 1 and not (subject.look and own[0][1]) else None

    def _why_not(self, references: NDArray[Any], model: LookModel | None) -> str:
        if len(references) < LEAST_REFERENCES:
            return f"{len(references)} references; {LEAST_REFERENCES} or more make a calibrated score"
        if model is None:
            return "no other look with three references says what a stranger is like"
        return "these looks are too alike, or their references too unlike, to be told apart surely"


def _share(picture: Picture) -> float | None:
    if picture.mask is not None:
        return float(np.mean(picture.mask))
    if picture.bbox is not None:
        left, top, right, bottom = picture.bbox
        return (right - left) * (bottom - top)
    return None


def _not_visible(character: str, look: str) -> CharacterScore:
    return CharacterScore(
        character=character, look=look, visibility=0.0, status="not_visible", confidence="low", note="not in the frame"
    )


def _issue(index: int, shot: ShotValidation, score: CharacterScore, threshold: float) -> Issue | None:
    if score.passed is not False or score.score is None:
        return None
    wrong = score.status == "wrong_person"
    like = f"; most like {score.closest_other} besides" if score.closest_other else ""
    return issue(
        "WRONG_PERSON" if wrong else "CHAR_CONSISTENCY_LOW", "error", index, shot.shot_id,
        consistency_message(threshold, shot.number),
        measured=score.score,
        threshold=threshold,
        detail=f"{score.character}: score {score.score:.2f}, similarity {score.raw:.3f}{like}",
        hint=f"draw {score.character} after the references" + (f" of {score.look}" if score.look else ""),
        character=score.character,
    )  # fmt: skip
