"""What is wrong with a frame: each measure held against the scene, the intent and the limits, as issues for owners."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from shotwright.craft.geometry import turn_between
from shotwright.craft.optics import coverage_of
from shotwright.model.vision_issue import Issue, issue, lighting_message
from shotwright.model.vocabulary import SIZE_ORDER
from shotwright.vision.measures import framing, keylight, light
from shotwright.vision.measures.limits import limits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.model.shot import Lighting
    from shotwright.model.vision_issue import IssueCode
    from shotwright.model.vocabulary import Pose, Severity
    from shotwright.vision.looked import Looked
    from shotwright.vision.scene_light import Allowed, Departure

CAMERA = "technical_layer.camera"
LIGHTING = "technical_layer.lighting"
PLACES = {"left": 0.0, "center_left": 1.0, "center": 2.0, "center_right": 3.0, "right": 4.0}


@dataclass(slots=True)
class Verdict:
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


def judge_light(verdict: Verdict, found: Departure, limit: Allowed) -> None:
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
        harder = found.contrast_stops > 0
        by = abs(found.contrast_stops)
        verdict.flag(
            "LIGHT_INCONSISTENT", severity, message, by, limit.contrast_stops,
            f"key to fill is {by:.1f} stops {'harder' if harder else 'softer'} than in the scene's other shots",
            f"{'Raise' if harder else 'Lower'} the fill by about {by:.1f} stops.", f"{LIGHTING}.contrast_ratio",
        )  # fmt: skip
    otherwise = found.pattern_stops is not None and found.pattern_stops > limit.pattern_stops
    if otherwise and not found.turn_deg and not found.contrast_stops:
        verdict.flag(
            "LIGHT_INCONSISTENT", severity, message, found.pattern_stops or 0.0, limit.pattern_stops,
            f"light falls on the set by {found.pattern_stops:.1f} stops otherwise than from the same camera before",
            "Light it as the other shots of this set-up." if against is None
            else f"Bring the key back to about {against.azimuth_deg:.0f}° in the room.",
            f"{LIGHTING}.azimuth_deg",
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


def judge_exposure(verdict: Verdict) -> None:
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


def judge_intent(verdict: Verdict) -> None:
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


def _judge_key(verdict: Verdict, lighting: Lighting, key: light.SubjectLight, meant: float) -> None:
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


def drawn_heights(frames: Sequence[Looked]) -> list[dict[str, float]]:
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


def _judge_size(verdict: Verdict, heights: Mapping[str, float]) -> None:
    """Flagged where nobody in frame is in the size's band: the size of a group is that of somebody in it."""
    frame, camera = verdict.looked, verdict.looked.intent.camera
    shown = frame.framing.coverages
    if camera is None or camera.coverage_m is not None or not shown or camera.framing in ("empty", "insert"):
        return
    if any(x.entity == camera.focus.on for x in frame.staged) and camera.focus.on not in dict(shown):
        # Whom the frame is of cannot be measured: the size is not that of a bystander.
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


def judge_framing(verdict: Verdict, heights: Mapping[str, float]) -> None:
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


def judge_focus(verdict: Verdict, usual: float | None) -> None:
    frame, table = verdict.looked, limits()["frame"]
    if frame.view.subject is None:
        return
    least = table["soft"] if usual is None else max(table["soft"], 0.0) if usual > table["soft"] else 0.0
    if frame.sharpness < least and (usual is None or frame.sharpness < table["soft_beside_scene"] * usual):
        verdict.flag(
            "SOFT_FOCUS", "warn", f"The subject of shot {frame.number} is out of focus", frame.sharpness, float(least),
            "share of the detail that a blur takes away", "Put the focus on the subject.",
        )  # fmt: skip
