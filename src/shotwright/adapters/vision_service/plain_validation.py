"""Who is who in a sequence, judged from a plain-wire service's raw scores."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from shotwright.adapters.vision_service.plain_calibration import LEAST_REFERENCES, Fitted, fit
from shotwright.model.vision import CharacterScore, SequenceAnswer, ShotValidation
from shotwright.model.vision_issue import Issue, consistency_message, issue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.vision import (
        Box,
        ImageRef,
        MaskRef,
        SequenceRequest,
        SequenceShot,
        SubjectRegion,
        VisionModel,
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """Every picture's score against every reference."""

    references: dict[str, list[str]]
    """Character -> asset ids."""
    assets: dict[tuple[ImageRef, Box | None, MaskRef | None], str]
    scores: dict[tuple[str, str], float]
    """(reference, picture) -> score 0-1; a pair that the service could not compare is missing."""

    def against(self, character: str, asset: str) -> float | None:
        """Mean score of a picture against a character's references, itself left out."""
        found = [self.scores[r, asset] for r in self.references[character] if (r, asset) in self.scores]
        return fmean(found) if found else None


def judge(request: SequenceRequest, compared: Compared, model: VisionModel) -> SequenceAnswer:
    """Calibrate by the references, then score every subject."""
    fits = fit(
        {c: _scores(compared, c, assets) for c, assets in compared.references.items()},
        {
            c: _scores(compared, c, [a for o, row in compared.references.items() if o != c for a in row])
            for c in compared.references
        },
        request.threshold,
    )
    unchecked = (
        "" if set(request.checks) <= {"character"} else "the service compares pictures; nothing else was checked"
    )
    shots: list[ShotValidation] = []
    issues: list[Issue] = []
    for index, shot in enumerate(request.shots):
        characters = tuple(_subject(request, shot, subject, compared, fits) for subject in shot.subjects)
        expected = shot.expects or tuple(dict.fromkeys(s.character for s in shot.subjects))
        if not shot.frames:
            characters = tuple(CharacterScore(character=c, status="not_measured", note="no picture") for c in expected)
        shots.append(
            ShotValidation(
                number=shot.number,
                shot_id=shot.shot_id,
                characters=characters,
                note=unchecked if shot.frames else "not measured: no picture",
            )
        )
        issues.extend(_issue(request, index, shot, found) for found in characters if found.passed is False)
    measured = [c.score for shot in shots for c in shot.characters if c.score is not None]
    count = sum(len(compared.references[c]) for c in fits)
    named = f"fitted to the service's own scores of {count} references" if fits else "none"
    return SequenceAnswer(
        shots=tuple(shots),
        score=min(measured, default=None),
        issues=tuple(issues),
        measured_on=request.measured_on,
        threshold=request.threshold,
        model=model.model_copy(update={"calibration": named}),
    )


def _scores(compared: Compared, character: str, assets: Sequence[str]) -> list[float]:
    own = set(compared.references[character])
    found = []
    for asset in assets:
        score = compared.against(character, asset)
        if score is not None and (asset not in own or len(own) > 1):
            found.append(score)
    return found


def _subject(
    request: SequenceRequest, shot: SequenceShot, subject: SubjectRegion, compared: Compared, fits: dict[str, Fitted]
) -> CharacterScore:
    who = subject.character
    if subject.frame >= len(shot.frames) or not compared.references.get(who):
        note = "no references" if shot.frames else "no picture"
        return CharacterScore(character=who, look=subject.look, status="not_measured", note=note)
    asset = compared.assets[shot.frames[subject.frame], subject.bbox, subject.mask]
    raw = compared.against(who, asset)
    if asset in compared.references[who]:
        note = "the picture is one of the references themselves"
        return CharacterScore(character=who, look=subject.look, raw=_cosine(raw), status="copy_paste", note=note)
    if raw is None:
        return CharacterScore(
            character=who, look=subject.look, status="not_measured", note="the service did not compare it"
        )
    likeness = {
        name: score
        for name in compared.references
        if name != who and (score := compared.against(name, asset)) is not None
    }
    closest = max(likeness, key=lambda n: (likeness[n], n)) if likeness else ""
    fitted = fits.get(who)
    if fitted is None:
        few = len(compared.references[who]) < LEAST_REFERENCES
        note = "fewer than three references" if few else "the service's scores do not tell this character from others"
        if not few and len(compared.references) < 2:
            note = "no other character's references to compare with"
        return CharacterScore(
            character=who, look=subject.look, raw=_cosine(raw), closest_other=closest, status="uncalibrated",
            confidence="low", note=note,
        )  # fmt: skip
    score = fitted.score(raw)
    passed = score >= request.threshold
    other = fits.get(closest)
    swapped = not passed and other is not None and other.score(likeness[closest]) > max(score, 0.5)
    return CharacterScore(
        character=who,
        look=subject.look,
        score=round(score, 6),
        passed=passed,
        raw=_cosine(raw),
        log_likelihood_ratio=round(fitted.log_ratio(raw), 4),
        typicality=round(fitted.typicality(raw), 4),
        closest_other=closest,
        status="ok" if passed else "wrong_person" if swapped else "drift",
        confidence="low",
        note="calibrated by the references alone",
    )


def _issue(request: SequenceRequest, index: int, shot: SequenceShot, found: CharacterScore) -> Issue:
    name = found.character.rpartition("/")[2].replace("_", " ")
    detail = f"{name}: {100 * (found.score or 0):.0f}%"
    if found.status == "wrong_person":
        other = found.closest_other.rpartition("/")[2].replace("_", " ")
        return issue(
            "WRONG_PERSON", "error", index, shot.shot_id, f"{name} in shot {shot.number} looks like {other}",
            measured=found.score, threshold=request.threshold, detail=detail, character=found.character,
            hint=f"bind {name}'s own asset and look",
        )  # fmt: skip
    return issue(
        "CHAR_CONSISTENCY_LOW", "error", index, shot.shot_id, consistency_message(request.threshold, shot.number),
        measured=found.score, threshold=request.threshold, detail=detail, character=found.character,
        hint=f"use the look of {name} that the scene's other shots have",
    )  # fmt: skip


def _cosine(score: float | None) -> float | None:
    """(cos + 1) x 50 back into the cosine that it was made of."""
    return None if score is None else round(2 * score - 1, 6)
