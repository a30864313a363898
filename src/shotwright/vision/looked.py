"""One frame with all that can be measured on it, and those measures as the wire has them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.model.vision import FrameIntent, FrameMeasures
from shotwright.model.vocabulary import SIZE_ORDER
from shotwright.vision.measures import backdrop, colour, exposure, framing, head, horizon, keylight, light, sharpness
from shotwright.vision.scene_light import LightReading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.shot import Subject
    from shotwright.vision.measures.subject import View

CLOSE = SIZE_ORDER["close_up"]
STANDING = ("stand", "walk", "run", "point", "phone", "hold", "embrace")
RECLINING = ("lie", "fall", "swim", "crouch")
SHADED = ("climb", "fight", "swim", "fall", "lie", "crouch")
"""Poses whose arms and bends shade the face: it is no light meter then."""
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
    lit = [p for p in view.people if framing.is_person(p) and not p.foreground and p.entity not in acting]
    skins, cloths = [], []
    for person in lit:
        skin = head.skin_fields(view, person)
        if skin is not None:
            skins.append(skin)
        cloth = head.cloth_fields(view, person)
        if cloth is not None:
            cloths.append(cloth)
    fits = tuple(keylight.fit_of(skin, turned) for skin in skins)
    key = light.of_face(view, skins[0], fits[0], turned) if skins else None
    if key is None and view.subject is not None and not view.subject.anchors:
        key = light.measure_light(view, view.subject)
    framed = _framed(view, intent, staged)
    return Looked(
        number=number, shot_id=shot_id, view=view, intent=intent, staged=tuple(staged),
        exposure=exposure.measure_exposure(view), colour=colour.measure_colour(view), key=key, framing=framed,
        sharpness=sharpness.measure_sharpness(view), noise=sharpness.measure_noise(view),
        horizon_deg=horizon.measure_tilt(view, intent.camera),
        reading=_reading(view, skins, cloths, fits, turned, intent, framed),
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
        reclining={str(s.entity) for s in staged if s.pose_start in RECLINING},
        gaze=first.gaze.screen_direction if first is not None and first.gaze is not None else None,
        waist_cut=camera is not None and camera.shot_size == "medium_wide",
        focus=focus,
        pitch_deg=pitch,
    )


def _reading(
    view: View,
    skins: Sequence[head.Skin],
    cloths: Sequence[head.Skin],
    fits: tuple[keylight.Fit, ...],
    turned: float,
    intent: FrameIntent,
    framed: framing.Framing,
) -> LightReading:
    camera, lighting = intent.camera, intent.lighting
    size = camera.shot_size if camera is not None else framed.shot_size
    words = lighting.motivated_by.lower() if lighting is not None else ""
    still = camera is not None and not (lighting is not None and lighting.events)
    return LightReading(
        fits=fits,
        setting=backdrop.setting_of(view, camera) if camera is not None and still else None,
        mireds={s.entity: colour.skin_mired(s.rgb) for s in skins},
        worn=tuple(keylight.fit_of(cloth, turned) for cloth in cloths),
        cloths={s.entity: colour.warmth(s.rgb) for s in cloths},
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
        left_right_stops=rounded(key.left_right_stops if key else None, 3),
        key_fill_stops=rounded(key.key_fill_stops if key else None, 3),
        key_azimuth_deg=rounded(azimuth, 1),
        key_style=light.key_style_of(key) if key else None,
        light_direction=light.direction_of(key) if key else None,
        color_temperature_k=rounded(1e6 / mired if mired else None, 0),
        mired=rounded(mired, 1),
        saturation=round(looked.colour.saturation, 2),
        palette=looked.colour.palette,
        palette_distance=rounded(distance, 2),
        sharpness=round(looked.sharpness, 3),
        noise=round(looked.noise, 3),
        subject_share=round(framed.subject_share, 4),
        shot_size=framed.shot_size,
        coverage_m=rounded(framed.coverage_m, 3),
        headroom=rounded(framed.headroom, 4),
        cut_joints=framed.cut_joints,
        thirds_offset=rounded(framed.thirds_offset, 4),
        look_room=rounded(framed.look_room, 3),
        horizon_deg=rounded(looked.horizon_deg, 2),
    )


def rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
