"""Quality of frames: every measure, scores 0-1, and issues with who must mend them.

`inspect_frames` takes decoded frames, with id masks, parts and anchors where they are known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shotwright.craft.geometry import turn_between
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
from shotwright.vision.measures import colour, exposure, framing, light, sharpness
from shotwright.vision.measures.limits import limits
from shotwright.vision.scene_light import Departure, LightReading, SceneLight, allowed, departure, scene_light

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.shot import Subject
    from shotwright.model.vision import MeasuredOn
    from shotwright.model.vision_issue import IssueCode
    from shotwright.model.vocabulary import Severity
    from shotwright.vision.measures.subject import View

CLOSE = SIZE_ORDER["close_up"]
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
    lights: tuple[light.SubjectLight, ...]
    framing: framing.Framing
    sharpness: float
    noise: float
    horizon_deg: float | None
    reading: LightReading

    @property
    def key(self) -> light.SubjectLight | None:
        return self.lights[0] if self.lights else None


def look_at(
    number: int, shot_id: str, view: View, intent: FrameIntent | None = None, staged: Sequence[Subject] = ()
) -> Looked:
    """Measure one frame. Azimuths are of the room where the intent has a camera, else of the camera."""
    intent = intent or FrameIntent()
    lights = tuple(
        found
        for person in view.people
        if not person.foreground and (found := light.measure_light(view, person)) is not None
    )
    by_entity = {s.entity: s for s in staged}
    subject = view.subject
    first = by_entity.get(subject.entity) if subject is not None else None  # type: ignore[call-overload]
    camera = intent.camera
    framed = framing.measure_framing(
        view,
        standing=first is None or first.pose_start in ("stand", "walk", "run", "point", "phone", "hold", "embrace"),
        gaze=first.gaze.screen_direction if first is not None and first.gaze is not None else None,
        waist_cut=camera is not None and camera.shot_size == "medium_wide",
    )
    return Looked(
        number=number, shot_id=shot_id, view=view, intent=intent, staged=tuple(staged),
        exposure=exposure.measure_exposure(view), colour=colour.measure_colour(view), lights=lights, framing=framed,
        sharpness=sharpness.measure_sharpness(view), noise=sharpness.measure_noise(view),
        horizon_deg=framing.measure_horizon(view), reading=_reading(lights, intent, framed),
    )  # fmt: skip


def _reading(lights: tuple[light.SubjectLight, ...], intent: FrameIntent, framed: framing.Framing) -> LightReading:
    camera, lighting = intent.camera, intent.lighting
    turned = light.camera_azimuth(camera) if camera is not None else 0.0
    sided = [x for x in lights if x.azimuth_deg is not None]
    azimuth = None
    if sided:
        weights = [x.fit * math.sqrt(x.pixels) for x in sided]
        angles = [math.radians(x.azimuth_deg or 0.0) for x in sided]
        east = sum(w * math.sin(a) for w, a in zip(weights, angles, strict=True))
        north = sum(w * math.cos(a) for w, a in zip(weights, angles, strict=True))
        azimuth = light.in_room(math.degrees(math.atan2(east, north)), turned)
    size = camera.shot_size if camera is not None else framed.shot_size
    words = lighting.motivated_by.lower() if lighting is not None else ""
    return LightReading(
        azimuth_deg=azimuth,
        key_fill_stops=lights[0].key_fill_stops if lights else None,
        levels={x.entity: x.lit_stops for x in lights},
        mireds={x.entity: colour.skin_mired(x.skin_rgb) for x in lights if x.skin_rgb is not None},
        close=size is not None and SIZE_ORDER[size] >= CLOSE,
        event=lighting is not None and bool(lighting.events),
        fit=max((x.fit for x in lights), default=0.0),
        sidelong=any(abs(x.azimuth_deg or 0.0) >= 60 for x in sided),
        moving_key=any(word in words for word in MOVING),
    )


def measures_of(looked: Looked, against: FrameMeasures | None = None) -> FrameMeasures:
    """The frame's measures as the wire has them."""
    shown, key, reading = looked.exposure, looked.key, looked.reading
    mired = next(iter(reading.mireds.values()), None)
    room = looked.intent.camera is not None
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
        key_azimuth_deg=_rounded(reading.azimuth_deg if room else None, 1),
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
    readings = [f.reading for f in frames]
    common = _common(frames, baseline)
    sharpest = sorted(f.sharpness for f in frames)[len(frames) // 2] if len(frames) > 2 else None
    images, issues = [], []
    for index, frame in enumerate(frames):
        verdict = _Verdict(index, frame)
        found = _departure(index, frames, readings, baseline)
        if found is not None:
            _judge_light(verdict, found)
        _judge_exposure(verdict)
        _judge_intent(verdict)
        _judge_framing(verdict)
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
    return FrameMeasures(
        exposure_stops=_rounded(shared.exposure_stops, 3),
        l_median=round(by_light.exposure.l_median, 2),
        key_fill_stops=_rounded(shared.key_fill_stops, 3),
        key_azimuth_deg=_rounded(shared.azimuth_deg, 1),
        mired=_rounded(shared.mired, 1),
        palette=by_light.colour.palette,
    )


def _departure(
    index: int, frames: Sequence[Looked], readings: Sequence[LightReading], baseline: Baseline
) -> Departure | None:
    if baseline.kind == "scene_median":
        return departure(index, readings)
    if baseline.kind == "shot":
        at = next((i for i, f in enumerate(frames) if f.shot_id == baseline.shot_id), index)
        return None if at == index else departure(1, [readings[at], readings[index]])
    given = baseline.measures
    if given is None:
        return None
    # A person of the explicit baseline has no name: everyone is compared with it.
    stands = LightReading(
        given.key_azimuth_deg,
        given.key_fill_stops,
        {} if given.exposure_stops is None else {"": given.exposure_stops},
        {} if given.mired is None else {"": given.mired},
    )
    return departure(1, [stands, readings[index]])


def _judge_light(verdict: _Verdict, found: Departure) -> None:
    frame = verdict.looked
    limit = allowed(frame.reading, found)
    severity: Severity = "error" if found.certain else "warn"
    turned = found.turn_deg is not None and abs(found.turn_deg) > limit.turn_deg
    harder = found.contrast_stops is not None and abs(found.contrast_stops) > limit.contrast_stops
    if turned or harder:
        parts, against = [], found.against
        if turned:
            parts.append(
                f"the key comes from {frame.reading.azimuth_deg:.0f}° in the room, not {against.azimuth_deg:.0f}°"
            )
        if harder:
            parts.append(f"key to fill is {frame.reading.key_fill_stops:.1f} stops, not {against.key_fill_stops:.1f}")
        verdict.flag(
            "LIGHT_INCONSISTENT", severity, lighting_message(frame.number),
            abs(found.turn_deg or 0.0) if turned else abs(found.contrast_stops or 0.0),
            limit.turn_deg if turned else limit.contrast_stops,
            "; ".join(parts), _light_hint(against, turned),
            "technical_layer.lighting.azimuth_deg" if turned and not harder
            else "technical_layer.lighting.contrast_ratio" if harder and not turned else "",
        )  # fmt: skip
    if found.mired is not None and abs(found.mired) > limit.mired:
        way = "warmer" if found.mired > 0 else "cooler"
        verdict.flag(
            "COLOR_TEMP_SHIFT", "error" if found.same_person else "warn",
            f"Light in shot {frame.number} is {abs(found.mired):.0f} mired {way} than in the scene's other shots",
            abs(found.mired), limit.mired, hint="Give the key the scene's colour temperature and white balance.",
        )  # fmt: skip
    if found.exposure_ev is not None and abs(found.exposure_ev) > limit.exposure_ev and not turned:
        low = found.exposure_ev < 0
        verdict.flag(
            "EXPOSURE_LOW" if low else "EXPOSURE_HIGH", "error" if found.same_person else "warn",
            f"Shot {frame.number} is {abs(found.exposure_ev):.1f} stops {'darker' if low else 'brighter'} than the "
            "scene's other shots",
            abs(found.exposure_ev), limit.exposure_ev, "lit skin against the same person's in the other shots",
            f"{'Raise' if low else 'Lower'} the exposure by {abs(found.exposure_ev):.1f} stops.",
        )  # fmt: skip


def _light_hint(against: SceneLight, turned: bool) -> str:
    if turned and against.azimuth_deg is not None:
        return f"Bring the key back to about {against.azimuth_deg:.0f}° in the room."
    return f"Bring key to fill back to about {2 ** (against.key_fill_stops or 0):.1f}:1."


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
    lighting, camera = frame.intent.lighting, frame.intent.camera
    if lighting is not None and key is not None and not lighting.events:
        slack = limits()["key_style"]["slack_stops"]
        meant = math.log2(max(lighting.contrast_ratio, 1.0))
        drawn = light.key_style_of(key)
        if lighting.key_style == "silhouette":
            missed = drawn != "silhouette" and key.behind_stops < 1.0
        else:
            missed = drawn != lighting.key_style and abs(key.key_fill_stops - meant) > slack
        if missed:
            verdict.flag(
                "KEY_STYLE_MISMATCH", "warn",
                f"Shot {frame.number} was meant {_words(lighting.key_style)} and reads {_words(drawn)}",
                key.key_fill_stops, meant, "key to fill in stops", f"Bring it to {lighting.contrast_ratio:g}:1.",
            )  # fmt: skip
        azimuth = frame.reading.azimuth_deg
        if camera is not None and azimuth is not None and key.fit >= 0.3 and lighting.elevation_deg < 65:
            off = abs(turn_between(lighting.azimuth_deg, azimuth))
            if off > limits()["scene"]["azimuth_deg"] + 20 and not frame.reading.moving_key:
                verdict.flag(
                    "KEY_STYLE_MISMATCH", "warn",
                    f"The key of shot {frame.number} comes from {off:.0f}° off where it was meant to",
                    azimuth, float(lighting.azimuth_deg), "azimuth in the room",
                    field="technical_layer.lighting.azimuth_deg",
                )  # fmt: skip
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


def _words(term: str) -> str:
    return term.replace("_", " ")


def _judge_framing(verdict: _Verdict) -> None:
    frame, framed, camera = verdict.looked, verdict.looked.framing, verdict.looked.intent.camera
    number = frame.number
    if camera is not None and framed.shot_size is not None and camera.coverage_m is None:
        steps = abs(SIZE_ORDER[framed.shot_size] - SIZE_ORDER[camera.shot_size])
        if steps:
            verdict.flag(
                "SIZE_MISMATCH", "error" if steps > 1 else "warn",
                f"Shot {number} was meant a {_words(camera.shot_size)} and is drawn a {_words(framed.shot_size)}",
                framed.shot_size, camera.shot_size, f"the frame is {framed.coverage_m:.2f} m high at the subject",
            )  # fmt: skip
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
