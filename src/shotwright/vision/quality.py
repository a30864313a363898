"""Quality of the frames of a scene: every measure, scores 0-1, and issues with who must mend them."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from shotwright.craft.geometry import turn_between
from shotwright.model.vision import Baseline, FrameMeasures, FrameScores, ImageQuality, QualityAnswer, VisionModel
from shotwright.vision.looked import measures_of, rounded
from shotwright.vision.measures.limits import limits
from shotwright.vision.scene_light import Departure, allowed, departure, departures, scene_light
from shotwright.vision.verdicts import (
    Verdict,
    drawn_heights,
    judge_exposure,
    judge_focus,
    judge_framing,
    judge_intent,
    judge_light,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.vision import MeasuredOn
    from shotwright.model.vision_issue import Issue
    from shotwright.vision.looked import Looked

MODEL = VisionModel(name="light, colour and framing measures")


def inspect_frames(
    frames: Sequence[Looked], *, baseline: Baseline | None = None, measured_on: MeasuredOn = "previz"
) -> QualityAnswer:
    """Scores and issues of the frames of one scene in one place and continuous time, in the order of its shots."""
    baseline = baseline or Baseline()
    apart, heights = _departures(frames, baseline), drawn_heights(frames)
    common = _common(frames, baseline)
    sharpest = sorted(f.sharpness for f in frames)[len(frames) // 2] if len(frames) > 2 else None
    images, issues = [], []
    for index, frame in enumerate(frames):
        verdict = Verdict(index, frame)
        found = apart[index]
        if found is not None:
            judge_light(verdict, found, allowed(frame.reading, found))
        judge_exposure(verdict)
        judge_intent(verdict)
        judge_framing(verdict, heights[index])
        judge_focus(verdict, sharpest)
        scores = _scores(frame, found, verdict.issues)
        known = [v for v in scores.model_dump().values() if v is not None]
        images.append(
            ImageQuality(
                number=frame.number, shot_id=frame.shot_id, measures=measures_of(frame, common), scores=scores,
                overall=min(known) if known else None, note=_note(frame),
            )
        )  # fmt: skip
        issues.extend(verdict.issues)
    return QualityAnswer(
        images=tuple(images), baseline=common, issues=tuple(issues), measured_on=measured_on, model=MODEL
    )


def _note(frame: Looked) -> str:
    if frame.view.known_by == "guess":
        return "low confidence: no mask or box; what stands out from the border was taken for the subject"
    if frame.view.known_by == "nothing":
        return "no subject: light direction and framing were not measured"
    return "a box, not a mask: size was not measured" if frame.view.known_by == "box" else ""


def _common(frames: Sequence[Looked], baseline: Baseline) -> FrameMeasures | None:
    if baseline.kind == "explicit":
        return baseline.measures
    if baseline.kind == "shot":
        return next((measures_of(f) for f in frames if f.shot_id == baseline.shot_id), None)
    kept = [f for f in frames if not f.reading.event]
    if len(kept) < 2:
        return None
    shared = scene_light([f.reading for f in kept])
    by_light = sorted(kept, key=lambda f: (f.exposure.l_median, f.number))[len(kept) // 2]
    faces = [] if shared is None else list(shared.levels.values())
    return FrameMeasures(
        exposure_stops=rounded(median(faces) if faces else None, 3),
        l_median=round(by_light.exposure.l_median, 2),
        key_fill_stops=rounded(shared.key_fill_stops if shared is not None and faces else None, 3),
        key_azimuth_deg=rounded(shared.azimuth_deg if shared is not None and faces else None, 1),
        mired=rounded(median(shared.mireds.values()) if shared is not None and shared.mireds else None, 1),
        palette=by_light.colour.palette,
    )


def _departures(frames: Sequence[Looked], baseline: Baseline) -> list[Departure | None]:
    readings = [f.reading for f in frames]
    if baseline.kind == "scene_median":
        return departures(readings)
    if baseline.kind == "shot":
        at = next((i for i, f in enumerate(frames) if f.shot_id == baseline.shot_id), None)
        if at is None:
            return [None] * len(frames)
        return [None if i == at else departure(1, [readings[at], own]) for i, own in enumerate(readings)]
    given = baseline.measures
    return [None if given is None or f.reading.event else _from_measures(f, given) for f in frames]


def _from_measures(frame: Looked, given: FrameMeasures) -> Departure:
    """Off an explicit baseline: nobody in it has a name, so everybody is compared with it."""
    own = measures_of(frame)

    def off(mine: float | None, theirs: float | None) -> float | None:
        return None if mine is None or theirs is None else mine - theirs

    turn = None
    if own.key_azimuth_deg is not None and given.key_azimuth_deg is not None and not frame.reading.moving_key:
        turn = turn_between(given.key_azimuth_deg, own.key_azimuth_deg)
    level = frame.key.lit_stops if frame.key is not None else None
    return Departure(
        turn, off(own.key_fill_stops, given.key_fill_stops), off(level, given.exposure_stops),
        off(own.mired, given.mired), False, 0.0, None, own.key_azimuth_deg,
    )  # fmt: skip


def _fall(off: float | None, limit: float) -> float | None:
    """1 at no departure, 0.5 at the limit, 0 at twice the limit."""
    return None if off is None else max(0.0, 1.0 - abs(off) / (2 * limit))


def _scores(frame: Looked, found: Departure | None, issues: Sequence[Issue]) -> FrameScores:
    codes = {i.code for i in issues}
    consistency = tint = level = None
    if found is not None:
        limit = allowed(frame.reading, found)
        both = [
            _fall(found.turn_deg, limit.turn_deg),
            _fall(found.contrast_stops, limit.contrast_stops),
            _fall(found.pattern_stops, limit.pattern_stops),
        ]
        consistency = min((b for b in both if b is not None), default=None)
        tint, level = _fall(found.mired, limit.mired), _fall(found.exposure_ev, limit.exposure_ev)
    table = limits()["frame"]
    unclipped = max(0.0, 1.0 - frame.exposure.clipped_high / (2 * table["clipped_high"]))
    exposed = unclipped if level is None else min(unclipped, level)
    framed = None
    if frame.view.subject is not None:
        faults = {"FRAMING_HEADROOM": 0.3, "FRAMING_CUT_JOINT": 0.3, "HORIZON_TILT": 0.3, "AXIS_CROSSED": 0.6}
        framed = max(0.0, 1.0 - sum(v for code, v in faults.items() if code in codes))
    wanted = {"KEY_STYLE_MISMATCH": 0.4, "SIZE_MISMATCH": 0.4, "TONE_MISMATCH": 0.3}
    meant = frame.intent.camera is not None or frame.intent.lighting is not None
    return FrameScores(
        exposure=round(exposed, 4),
        lighting_consistency=rounded(consistency, 4),
        color=rounded(tint, 4),
        framing=rounded(framed, 4),
        sharpness=round(min(1.0, frame.sharpness / (2 * table["soft"])), 4),
        intent_match=round(1.0 - sum(v for c, v in wanted.items() if c in codes), 4) if meant else None,
    )
