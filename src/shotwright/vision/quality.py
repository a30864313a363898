"""Quality of frames: every measure, scores 0-1, and issues with who must mend them.

`inspect_frames` takes decoded frames, with id masks, parts and anchors where they are known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from shotwright.craft.geometry import turn_between
from shotwright.craft.optics import coverage_of
from shotwright.model.vision import (
    Baseline,
    FrameIntent,
    FrameMeasures,
    FrameScores,
    ImageQuality,
    QualityAnswer,
    VisionModel,
)
from shotwright.model.vision_issue import Issue, issue, lighting_message
from shotwright.model.vocabulary import SIZE_ORDER
from shotwright.vision.measures import colour, exposure, framing, head, horizon, keylight, light, sharpness
from shotwright.vision.measures.limits import limits
from shotwright.vision.scene_light import (
    Allowed,
    Departure,
    LightReading,
    allowed,
    departure,
    departures,
    scene_light,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.model.shot import Lighting, Subject
    from shotwright.model.vision import MeasuredOn
    from shotwright.model.vision_issue import IssueCode
    from shotwright.model.vocabulary import Pose, Severity
    from shotwright.vision.measures.subject import View

CAMERA = "technical_layer.camera"
LIGHTING = "technical_layer.lighting"
CLOSE = SIZE_ORDER["close_up"]
STANDING = ("stand", "walk", "run", "point", "phone", "hold", "embrace")
SEATED = ("sit", "drive", "ride", "lean", "climb", "dance", "kneel")
SHADED = ("climb", "fight", "swim", "fall", "lie", "embrace", "dance", "crouch")
"""Poses whose arms and bends shade the face: it is no light meter then."""
PLACES = {"left": 0.0, "center_left": 1.0, "center": 2.0, "center_right": 3.0, "right": 4.0}
MODEL = VisionModel(name="light, colour and framing measures")
MOVING = ("headlight", "passing", "torch", "lantern", "flashlight", "candle", "fire")
"""Words of a motivated source that moves: its azimuth is free."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One frame with all that could be measured on it."""

    number: int
    shot_id: str
    view: View
    intent: FrameIntent
    staged: tuple[Subject, ...]
    exposure: exposure.Exposure
    colour: colour.Colour
    key: light.SubjectLight | None
    """The light on whom the frame is of."""
    framing: framing.Framing
    sharpness: float
    noise: float
    horizon_deg: float | None
    reading: LightReading


def look_at(
    number: int, shot_id: str, view: View, intent: FrameIntent | None = None, staged: Sequence[Subject] = ()
) -> Looked:
    """Measure one frame. Azimuths are of the room where the intent has a camera, else of the camera."""
    intent = intent or FrameIntent()
    turned = light.camera_azimuth(intent.camera) if intent.camera is not None else 0.0
    acting = {s.entity for s in staged if s.pose_start in SHADED}
    skins = [
        s
        for p in view.people
        if not p.foreground and p.entity not in acting and (s := head.skin_fields(view, p)) is not None
    ]
    fits = tuple(keylight.fit_of(skin, turned) for skin in skins)
    key = light.of_face(view, skins[0], fits[0], turned) if skins else None
    if key is None and view.subject is not None and not view.subject.anchors:
        key = light.measure_light(view, view.subject)
    framed = _framed(view, intent, staged)
    return Looked(
        number=number, shot_id=shot_id, view=view, intent=intent, staged=tuple(staged),
        exposure=exposure.measure_exposure(view), colour=colour.measure_colour(view), key=key, framing=framed,
        sharpness=sharpness.measure_sharpness(view), noise=sharpness.measure_noise(view),
        horizon_deg=horizon.measure_tilt(view, intent.camera), reading=_reading(skins, fits, intent, framed),
    )  # fmt: skip


def _framed(view: View, intent: FrameIntent, staged: Sequence[Subject]) -> framing.Framing:
    camera = intent.camera
    focus = camera.focus.on if camera is not None else ""
    seen = {p.entity for p in view.people if not p.foreground}
    by_entity = {str(s.entity): s for s in staged}
    of = focus if focus in seen else (view.subject.entity if view.subject is not None else "")
    first = by_entity.get(of)
    pitch = 0.0
    if camera is not None:
        (px, py, pz), (ax, ay, az) = camera.position_m, camera.look_at_m
        pitch = math.degrees(math.atan2(ay - py, max(math.hypot(ax - px, az - pz), 1e-3)))
    return framing.measure_framing(
        view,
        standing=first is None or first.pose_start in STANDING,
        upright=first is None or first.pose_start in (*STANDING, *SEATED),
        gaze=first.gaze.screen_direction if first is not None and first.gaze is not None else None,
        waist_cut=camera is not None and camera.shot_size == "medium_wide",
        focus=focus,
        pitch_deg=pitch,
    )


def _reading(
    skins: Sequence[head.Skin], fits: tuple[keylight.Fit, ...], intent: FrameIntent, framed: framing.Framing
) -> LightReading:
    camera, lighting = intent.camera, intent.lighting
    size = camera.shot_size if camera is not None else framed.shot_size
    words = lighting.motivated_by.lower() if lighting is not None else ""
    return LightReading(
        fits=fits,
        mireds={s.entity: colour.skin_mired(s.rgb) for s in skins},
        close=size is not None and SIZE_ORDER[size] >= CLOSE,
        event=lighting is not None and bool(lighting.events),
        moving_key=any(word in words for word in MOVING),
    )


def measures_of(looked: Looked, against: FrameMeasures | None = None) -> FrameMeasures:
    """The frame's measures as the wire has them."""
    shown, key, reading = looked.exposure, looked.key, looked.reading
    mired = next(iter((reading.mireds or {}).values()), None)
    if mired is None and key is not None and key.skin_rgb is not None:
        mired = colour.skin_mired(key.skin_rgb)
    camera = looked.intent.camera
    azimuth = key.azimuth_deg if key is not None else None
    if azimuth is not None:
        azimuth = light.in_room(azimuth, light.camera_azimuth(camera)) if camera is not None else None
    framed = looked.framing
    distance = colour.palette_distance(looked.colour.palette, against.palette) if against and against.palette else None
    return FrameMeasures(
        l_median=round(shown.l_median, 2),
        l_p5=round(shown.l_p5, 2),
        l_p95=round(shown.l_p95, 2),
        exposure_stops=round(shown.stops, 3),
        clipped_high=round(shown.clipped_high, 5),
        clipped_low=round(shown.clipped_low, 5),
        shadow_fraction=round(shown.shadow_fraction, 4),
        left_right_stops=_rounded(key.left_right_stops if key else None, 3),
        key_fill_stops=_rounded(key.key_fill_stops if key else None, 3),
        key_azimuth_deg=_rounded(azimuth, 1),
        key_style=light.key_style_of(key) if key else None,
        light_direction=light.direction_of(key) if key else None,
        color_temperature_k=_rounded(1e6 / mired if mired else None, 0),
        mired=_rounded(mired, 1),
        saturation=round(looked.colour.saturation, 2),
        palette=looked.colour.palette,
        palette_distance=_rounded(distance, 2),
        sharpness=round(looked.sharpness, 3),
        noise=round(looked.noise, 3),
        subject_share=round(framed.subject_share, 4),
        shot_size=framed.shot_size,
        coverage_m=_rounded(framed.coverage_m, 3),
        headroom=_rounded(framed.headroom, 4),
        cut_joints=framed.cut_joints,
        thirds_offset=_rounded(framed.thirds_offset, 4),
        look_room=_rounded(framed.look_room, 3),
        horizon_deg=_rounded(looked.horizon_deg, 2),
    )


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


@dataclass(slots=True)
class _Verdict:
    """Issues of one frame, gathered."""

    index: int
    looked: Looked
    issues: list[Issue] = field(default_factory=list)

    def flag(
        self, code: IssueCode, severity: Severity, message: str, measured: float | str, threshold: float | str,
        detail: str = "", hint: str = "", field: str = "",
    ) -> None:  # fmt: skip
        if isinstance(measured, float):
            measured = round(measured, 3)
        if isinstance(threshold, float):
            threshold = round(threshold, 3)
        if self.looked.view.known_by == "guess":
            severity, detail = "info", f"{detail} (low confidence: no mask; the subject is a guess)".strip()
        self.issues.append(
            issue(
                code, severity, self.index, self.looked.shot_id, message, field=field,
                measured=measured, threshold=threshold, detail=detail, hint=hint,
            )
        )  # fmt: skip


def inspect_frames(
    frames: Sequence[Looked], *, baseline: Baseline | None = None, measured_on: MeasuredOn = "previz"
) -> QualityAnswer:
    """Scores and issues of the frames of one scene in one place and continuous time, in the order of its shots."""
    baseline = baseline or Baseline()
    apart, heights = _departures(frames, baseline), _heights(frames)
    common = _common(frames, baseline)
    sharpest = sorted(f.sharpness for f in frames)[len(frames) // 2] if len(frames) > 2 else None
    images, issues = [], []
    for index, frame in enumerate(frames):
        verdict = _Verdict(index, frame)
        found = apart[index]
        if found is not None:
            _judge_light(verdict, found, allowed(frame.reading, found))
        _judge_exposure(verdict)
        _judge_intent(verdict)
        _judge_framing(verdict, heights[index])
        _judge_focus(verdict, sharpest)
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
    lit = shared is not None and bool(shared.levels)
    return FrameMeasures(
        exposure_stops=_rounded(median(shared.levels.values()) if shared is not None and lit else None, 3),
        l_median=round(by_light.exposure.l_median, 2),
        key_fill_stops=_rounded(shared.key_fill_stops if shared is not None and lit else None, 3),
        key_azimuth_deg=_rounded(shared.azimuth_deg if shared is not None and lit else None, 1),
        mired=_rounded(median(shared.mireds.values()) if shared is not None and shared.mireds else None, 1),
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


def _judge_light(verdict: _Verdict, found: Departure, limit: Allowed) -> None:
    frame, against = verdict.looked, found.against
    severity: Severity = "error" if found.same_person else "warn"
    message = lighting_message(frame.number)
    if found.turn_deg is not None and abs(found.turn_deg) > limit.turn_deg:
        usual = f"{against.azimuth_deg:.0f}°" if against is not None else "that of the baseline"
        verdict.flag(
            "LIGHT_INCONSISTENT", severity, message, abs(found.turn_deg), limit.turn_deg,
            f"the key comes from {found.azimuth_deg or 0:.0f}° in the room, not {usual}",
            f"Bring the key back to about {usual} in the room." if against is not None else "",
            f"{LIGHTING}.azimuth_deg",
        )  # fmt: skip
    if found.contrast_stops is not None and abs(found.contrast_stops) > limit.contrast_stops:
        way = "harder" if found.contrast_stops > 0 else "softer"
        usual = f"{2**against.key_fill_stops:.1f}:1" if against is not None else "that of the baseline"
        verdict.flag(
            "LIGHT_INCONSISTENT", severity, message, abs(found.contrast_stops), limit.contrast_stops,
            f"key to fill is {abs(found.contrast_stops):.1f} stops {way} than {usual}",
            f"Bring key to fill back to about {usual}.", f"{LIGHTING}.contrast_ratio",
        )  # fmt: skip
    if found.mired is not None and abs(found.mired) > limit.mired:
        way = "warmer" if found.mired > 0 else "cooler"
        verdict.flag(
            "COLOR_TEMP_SHIFT", severity,
            f"Light in shot {frame.number} is {abs(found.mired):.0f} mired {way} than in the scene's other shots",
            abs(found.mired), limit.mired, "skin against the same person's in the other shots",
            "Give the key the scene's colour temperature and white balance.",
        )  # fmt: skip
    if found.exposure_ev is not None and abs(found.exposure_ev) > limit.exposure_ev:
        low = found.exposure_ev < 0
        verdict.flag(
            "EXPOSURE_LOW" if low else "EXPOSURE_HIGH", severity,
            f"Shot {frame.number} is {abs(found.exposure_ev):.1f} stops {'darker' if low else 'brighter'} than the "
            "scene's other shots",
            abs(found.exposure_ev), limit.exposure_ev, "skin against the same person's in the other shots",
            f"{'Raise' if low else 'Lower'} the exposure by {abs(found.exposure_ev):.1f} stops.",
        )  # fmt: skip


def _judge_exposure(verdict: _Verdict) -> None:
    frame, table = verdict.looked, limits()["frame"]
    number, lighting = frame.number, frame.intent.lighting
    if lighting is not None and lighting.events:
        return
    dark_meant = lighting is not None and lighting.key_style in ("low_key", "silhouette", "chiaroscuro")
    lit = frame.key.lit_stops if frame.key else None
    codes = {i.code for i in verdict.issues}
    if frame.exposure.clipped_high > table["clipped_high"] and "EXPOSURE_HIGH" not in codes:
        verdict.flag(
            "EXPOSURE_HIGH", "warn", f"{frame.exposure.clipped_high:.0%} of shot {number} is clipped to white",
            frame.exposure.clipped_high, table["clipped_high"], hint="Close down or flag the light off the set.",
        )  # fmt: skip
    if "EXPOSURE_LOW" not in codes and not dark_meant and lit is not None and lit < table["lit_stops_low"]:
        verdict.flag(
            "EXPOSURE_LOW", "warn", f"The subject of shot {number} is {-lit:.1f} stops under mid-grey",
            lit, table["lit_stops_low"], hint="Open up, or light the subject.",
        )  # fmt: skip


def _judge_intent(verdict: _Verdict) -> None:
    frame, key = verdict.looked, verdict.looked.key
    lighting = frame.intent.lighting
    if lighting is not None and key is not None and not lighting.events:
        meant = math.log2(max(lighting.contrast_ratio, 1.0))
        if lighting.key_style == "silhouette":
            if light.key_style_of(key) != "silhouette" and key.behind_stops < 1.0:
                verdict.flag(
                    "KEY_STYLE_MISMATCH", "warn", f"Shot {frame.number} was meant a silhouette and is none",
                    key.behind_stops, 1.0, "background over subject in stops", "Take the light off the subject.",
                )  # fmt: skip
        elif frame.reading.fits:
            _judge_key(verdict, lighting, key, meant)
    words = " ".join(frame.intent.tone).lower().split()
    for word, (least, most) in limits()["tone"].items():
        bright = frame.exposure.l_median > most
        if word in (w.strip(",.;") for w in words) and not least <= frame.exposure.l_median <= most:
            verdict.flag(
                "TONE_MISMATCH", "warn",
                f"Shot {frame.number} was meant {word} and is {'too bright' if bright else 'too dark'}",
                frame.exposure.l_median, float(most if bright else least), "median L*",
            )  # fmt: skip
            break


def _judge_key(verdict: _Verdict, lighting: Lighting, key: light.SubjectLight, meant: float) -> None:
    """The key that was meant against the one that the faces tell of: only what they clearly deny is flagged."""
    frame, table = verdict.looked, limits()["key_style"]
    fits = frame.reading.fits
    weight = sum(f.worth for f in fits)
    told = np.sum([f.worth * f.costs for f in fits], axis=0) / weight
    azimuth = keylight.nearest_azimuth(lighting.azimuth_deg)
    best = float(told.min())
    sides = told.min(axis=(1, 2))
    if float(sides[azimuth]) - best > table["gain_stops"] and not frame.reading.moving_key:
        seen = float(keylight.AZIMUTHS[int(sides.argmin())])
        off = abs(turn_between(lighting.azimuth_deg, seen))
        if off > limits()["scene"]["azimuth_deg"] + 20:
            verdict.flag(
                "KEY_STYLE_MISMATCH", "warn",
                f"The key of shot {frame.number} comes from {off:.0f}° off where it was meant to",
                seen, float(lighting.azimuth_deg), "azimuth in the room", field=f"{LIGHTING}.azimuth_deg",
            )  # fmt: skip
            return
    ratios = told[azimuth].min(axis=0)
    seen = float(keylight.RATIOS[int(ratios.argmin())])
    wanted = float(ratios[keylight.nearest_ratio(lighting.contrast_ratio)])
    off = math.log2(seen) - meant
    if wanted - float(ratios.min()) > table["gain_stops"] and abs(off) > table["slack_stops"]:
        drawn = "harder" if off > 0 else "softer"
        verdict.flag(
            "KEY_STYLE_MISMATCH", "warn",
            f"Shot {frame.number} was meant {_words(lighting.key_style)} and reads {abs(off):.1f} stops {drawn}",
            math.log2(seen), meant, "key to fill in stops", f"Bring it to {lighting.contrast_ratio:g}:1.",
            f"{LIGHTING}.contrast_ratio",
        )  # fmt: skip


def _words(term: str) -> str:
    return term.replace("_", " ")


def _heights(frames: Sequence[Looked]) -> list[dict[str, float]]:
    """For each frame, entity -> how much larger than an adult's its frame is drawn in the others: a child is small in
    every frame, and a frame that is too wide is so by itself."""
    drawn: list[dict[str, float]] = []
    for frame in frames:
        camera = frame.intent.camera
        shown = {} if camera is None or camera.coverage_m is not None else dict(frame.framing.coverages)
        size = camera.shot_size if camera is not None else "medium"
        drawn.append({e: metres / coverage_of(size, _pose(frame, e)) for e, metres in shown.items()})
    found = []
    for at in range(len(frames)):
        own: dict[str, float] = {}
        for entity in drawn[at]:
            others = [d[entity] for i, d in enumerate(drawn) if i != at and entity in d]
            if len(others) > 1 and max(others) < 1.15 * min(others):
                own[entity] = min(max(median(others), 0.85), 1.45)
        found.append(own)
    return found


def _pose(frame: Looked, entity: str) -> Pose:
    return next((s.pose_start for s in frame.staged if s.entity == entity), "stand")


def _judge_size(verdict: _Verdict, heights: Mapping[str, float]) -> None:
    """Flagged where nobody in frame is in the size's band: the size of a group is that of somebody in it."""
    frame, camera = verdict.looked, verdict.looked.intent.camera
    shown = frame.framing.coverages
    if camera is None or camera.coverage_m is not None or not shown or camera.framing in ("empty", "insert"):
        return
    slack, offs = limits()["frame"]["size_slack"], []
    for entity, metres in shown:
        pose = _pose(frame, entity)
        tighter, wider = framing.size_bounds(camera.shot_size, pose)
        seen = metres / heights.get(entity, 1.0)
        offs.append(1 if seen > wider * slack else -1 if seen < tighter / slack else 0)
    if abs(sum(offs)) < len(offs):
        return
    focus = next((e for e, _ in shown if e == camera.focus.on), shown[0][0])
    seen, pose = dict(shown)[focus], _pose(frame, focus)
    drawn = framing.size_drawn(seen / heights.get(focus, 1.0), pose)
    tighter, wider = framing.size_bounds(camera.shot_size, pose)
    steps = abs(SIZE_ORDER[drawn] - SIZE_ORDER[camera.shot_size])
    verdict.flag(
        "SIZE_MISMATCH", "error" if steps > 1 else "warn",
        f"Shot {frame.number} was meant a {_words(camera.shot_size)} and is drawn a "
        f"{_words(drawn) if steps else 'wider frame' if offs[0] > 0 else 'tighter frame'}",
        seen, wider if offs[0] > 0 else tighter, f"metres of frame at the subject, for {tighter:.2f} to {wider:.2f}",
        "Go nearer." if offs[0] > 0 else "Go farther off.", f"{CAMERA}.position_m",
    )  # fmt: skip


def _judge_framing(verdict: _Verdict, heights: Mapping[str, float]) -> None:
    frame, framed, camera = verdict.looked, verdict.looked.framing, verdict.looked.intent.camera
    number = frame.number
    _judge_size(verdict, heights)
    size = camera.shot_size if camera is not None else framed.shot_size
    if framed.headroom is not None and size is not None and frame.view.known_by == "mask":
        least, most = limits()["headroom"][size]
        if not least <= framed.headroom <= most:
            cut, tight = framed.headroom < 0, framed.headroom < least
            what = "cuts the head" if cut else "has too little headroom" if tight else "has too much headroom"
            verdict.flag(
                "FRAMING_HEADROOM", "error" if cut else "warn",
                f"Shot {number} {what}",
                framed.headroom, float(least if framed.headroom < least else most),
                "share of the frame's height above the head", "Tilt up." if framed.headroom < least else "Tilt down.",
            )  # fmt: skip
    if framed.cut_joints:
        verdict.flag(
            "FRAMING_CUT_JOINT", "warn", f"Shot {number} cuts at the {' and the '.join(framed.cut_joints)}",
            ", ".join(framed.cut_joints), "no joint on the frame's edge", hint="Frame a little wider or tighter.",
        )  # fmt: skip
    lean = frame.horizon_deg
    if lean is not None:
        level = camera is None or camera.roll == "level"
        rolling = camera is not None and camera.movement.type in ("roll_cw", "roll_ccw")
        most = limits()["frame"]["tilt_deg"]
        if not rolling and (abs(lean) > most if level else abs(lean) < 1.0):
            verdict.flag(
                "HORIZON_TILT", "warn",
                f"Shot {number} leans {abs(lean):.1f}°" if level else f"Shot {number} was meant tilted and is level",
                lean, float(most), "uprights at the middle of the frame", "Level the camera." if level else "",
            )  # fmt: skip
    placed = {s.entity: PLACES[s.screen_position] for s in frame.staged if s.screen_position in PLACES}
    swapped = framing.crossed(framed.order, {str(k): v for k, v in placed.items()})
    if swapped is not None:
        verdict.flag(
            "AXIS_CROSSED", "error", f"In shot {number} {swapped[0]} and {swapped[1]} have changed screen sides",
            f"{swapped[0]} left of {swapped[1]}", f"{swapped[1]} left of {swapped[0]}",
            hint="Bring the camera back over the line of action.",
        )  # fmt: skip


def _judge_focus(verdict: _Verdict, usual: float | None) -> None:
    frame, table = verdict.looked, limits()["frame"]
    if frame.view.subject is None:
        return
    least = table["soft"] if usual is None else max(table["soft"], 0.0) if usual > table["soft"] else 0.0
    if frame.sharpness < least and (usual is None or frame.sharpness < table["soft_beside_scene"] * usual):
        verdict.flag(
            "SOFT_FOCUS", "warn", f"The subject of shot {frame.number} is out of focus", frame.sharpness, float(least),
            "share of the detail that a blur takes away", "Put the focus on the subject.",
        )  # fmt: skip


def _fall(off: float | None, limit: float) -> float | None:
    """1 at no departure, 0.5 at the limit, 0 at twice the limit."""
    return None if off is None else max(0.0, 1.0 - abs(off) / (2 * limit))


def _scores(frame: Looked, found: Departure | None, issues: Sequence[Issue]) -> FrameScores:
    codes = {i.code for i in issues}
    consistency = tint = level = None
    if found is not None:
        limit = allowed(frame.reading, found)
        both = [_fall(found.turn_deg, limit.turn_deg), _fall(found.contrast_stops, limit.contrast_stops)]
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
        lighting_consistency=_rounded(consistency, 4),
        color=_rounded(tint, 4),
        framing=_rounded(framed, 4),
        sharpness=round(min(1.0, frame.sharpness / (2 * table["soft"])), 4),
        intent_match=round(1.0 - sum(v for c, v in wanted.items() if c in codes), 4) if meant else None,
    )
