"""Whether the people of a sequence are who they should be: calibrated scores for each character and shot.

Two ways, by what a subject brings:

- `expected`, a picture of the frame as story and casting have it: the same lens, light, place and staging, everybody in
  the look that they should have. The subject is compared with it patch by patch, head, upper and lower body by
  themselves, and a model of drawn frames says what the differences are worth. No backbone takes part. It needs the
  subject's `mask` (of the frame's whole id mask with the subject's value, so that whoever stands in front is known),
  a mask in `expected` and, where they are known, `parts`. Our own frames are judged in this way: against a fixed set of
  references the same person in another light is further off than another person in the same.
- references alone: embeddings of a backbone, against the two best references of the look, with a genuine and an
  impostor model. Photographs lean on a bundled cohort where the weights are those it was measured with; else, and on
  drawings, the models are fitted to the request's own looks. Where a picture has neither box nor mask the backbone
  finds its subject first.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from shotwright.model.vision import CharacterScore, SequenceAnswer, ShotValidation
from shotwright.model.vision_issue import Issue, IssueCode, consistency_message, issue
from shotwright.vision.calibration import Cohort, cohort_weights, fit_looks, photograph_cohort
from shotwright.vision.in_place import previz_model
from shotwright.vision.judging import Looks, judged_in_place
from shotwright.vision.similarity import common_to, without
from shotwright.vision.subject_box import subject_box

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from shotwright.model.vision import (
        Box,
        ReferenceBucket,
        SequenceRequest,
        SequenceShot,
        SubjectRegion,
        VisionModel,
    )
    from shotwright.vision.engines import Embedder, Picture, See

    Salience = Callable[[NDArray[Any]], NDArray[Any] | None]
    """How far each place of a picture stands out, (height, width); None from eyes that do not say."""

REMEMBERED = 4096
"""Pictures whose subject was found once."""
UNCENTRED = "not centred"
"""In the name of a backbone whose vectors still have in them what all pictures have in common."""
IN_PLACE = "patches of the set-up"


class CalibratedLikeness:
    """A `Validator` over an embedder. `salience` finds the subject of a picture that says nothing of where it is."""

    name = "calibrated likeness"

    def __init__(self, embedder: Embedder, salience: Salience | None = None) -> None:
        self._embedder = embedder
        self._salience = salience
        self._found: OrderedDict[str, Box | None] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def model(self) -> VisionModel:
        bundled = self._cohort("pictures", company=False)
        named = ["the film's own looks", previz_model().name]
        if bundled is not None:
            named.insert(0, bundled.name)
        return self._embedder.model.model_copy(update={"calibration": "; ".join(named)})

    def validate(self, request: SequenceRequest, see: See) -> SequenceAnswer:
        """Pure but for looking: the same request and pictures give the same answer. Raises what `see` raises."""
        by_reference = any(_wants_references(s) for shot in request.shots if shot.frames for s in shot.subjects)
        known = self._looks(request, see) if by_reference else None
        shots = tuple(self._shot(shot, known, request.threshold, see) for shot in request.shots)
        in_place = any(not _wants_references(s) for shot in request.shots if shot.frames for s in shot.subjects)
        scores = [c.score for shot in shots for c in shot.characters if c.passed is not None and c.score is not None]
        named = [known.calibration] if known is not None and known.models else []
        named += [previz_model().name] if in_place else []
        update: dict[str, Any] = {"calibration": "; ".join(named) or "none"}
        if in_place:
            update["name"] = IN_PLACE if known is None else f"{self._embedder.model.name}; {IN_PLACE}"
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
            model=self._embedder.model.model_copy(update=update),
        )

    def _looks(self, request: SequenceRequest, see: See) -> Looks:
        rows: dict[tuple[str, str], NDArray[Any]] = {}
        buckets: dict[tuple[str, str], tuple[ReferenceBucket, ...]] = {}
        for character in request.characters:
            if character.references:
                key = (character.character, character.look)
                rows[key] = self._embedded([see(image) for image in character.references])
                buckets[key] = character.buckets
        common = common_to([rows[key] for key in sorted(rows)], centred=UNCENTRED not in self._embedder.model.name)
        rows = {key: without(found, common) for key, found in rows.items()}
        cohort = self._cohort(request.measured_on, company=common is not None)
        fitted = fit_looks({"\n".join(key): found for key, found in rows.items()}, cohort)
        models = {key: fitted["\n".join(key)] for key in rows if "\n".join(key) in fitted}
        name = cohort.name if cohort is not None else "the film's own looks"
        return Looks(rows, buckets, models, common, request.threshold, name)

    def _embedded(self, pictures: Sequence[Picture]) -> NDArray[Any]:
        return self._embedder.embed([self._at_subject(picture) for picture in pictures])

    def _at_subject(self, picture: Picture) -> Picture:
        """The picture with a box round its subject, where it says nothing of where that is and the backbone can see."""
        if self._salience is None or picture.mask is not None or picture.bbox not in (None, (0.0, 0.0, 1.0, 1.0)):
            return picture
        with self._lock:
            known = picture.sha256 in self._found
            box = self._found.get(picture.sha256)
        if not known:
            salience = self._salience(picture.pixels)
            box = None if salience is None else subject_box(salience)
            with self._lock:
                self._found[picture.sha256] = box
                while len(self._found) > REMEMBERED:
                    self._found.popitem(last=False)
        return picture if box is None else replace(picture, bbox=box)

    def _cohort(self, measured_on: str, *, company: bool) -> Cohort | None:
        """The bundled cohort, where it speaks of these eyes and this kind of picture."""
        same = self._embedder.model.weights_sha256 == cohort_weights()
        return photograph_cohort(company=company) if same and measured_on == "pictures" else None

    def _shot(self, shot: SequenceShot, known: Looks | None, threshold: float, see: See) -> ShotValidation:
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
            elif not _wants_references(subject):
                found.append(judged_in_place(shot, subject, picture, see, threshold))
            else:
                assert known is not None
                found.append(known.judged(shot, subject, picture, self._embedded))
        named = {subject.character for subject in shot.subjects}
        found += [_not_visible(character, "") for character in expected if character not in named]
        return ShotValidation(number=shot.number, shot_id=shot.shot_id, characters=tuple(found))


def _wants_references(subject: SubjectRegion) -> bool:
    """Whether only references can say anything of a subject: `expected` needs masks to be compared in place."""
    return subject.expected is None or subject.expected.mask is None or subject.mask is None


def _not_visible(character: str, look: str) -> CharacterScore:
    return CharacterScore(
        character=character, look=look, visibility=0.0, status="not_visible", confidence="low", note="not in the frame"
    )


def _issue(index: int, shot: ShotValidation, score: CharacterScore, threshold: float) -> Issue | None:
    """Only a calibrated score that failed is an issue, and then an error."""
    if score.passed is not False or score.score is None:
        return None
    parts = {p: s for p in ("head", "upper", "lower") if (s := getattr(score.parts, p)) is not None}
    wrong = [part for part, found in parts.items() if found < threshold]
    code: IssueCode = "CHAR_CONSISTENCY_LOW"
    if score.status == "wrong_person":
        code = "WRONG_PERSON"
    elif wrong and "head" not in wrong:
        code = "WARDROBE_MISMATCH"
    like = f"; most like {score.closest_other} besides" if score.closest_other else ""
    seen = f", {', '.join(f'{part} {found:.2f}' for part, found in parts.items())}" if parts else ""
    alike = "" if score.raw is None else f", similarity {score.raw:.3f}"
    of = f" of {score.look}" if score.look else ""
    hint = f"dress {score.character} in the clothes{of}" if code == "WARDROBE_MISMATCH" else ""
    return issue(
        code, "error", index, shot.shot_id,
        consistency_message(threshold, shot.number),
        measured=score.score,
        threshold=threshold,
        detail=f"{score.character}: score {score.score:.2f}{alike}{seen}{like}",
        hint=hint or f"draw {score.character} after the references{of}",
        character=score.character,
    )  # fmt: skip
