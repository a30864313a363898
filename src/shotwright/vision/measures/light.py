"""Light on a subject: where the key comes from, how it stands to the fill, how hard it is.

A person's silhouette is inflated to a rounded body, row by row, and the shading of each of its materials is fitted by
ambient + key x max(0, (n.l + w) / (1 + w)): the direction l that explains most is the key's, and w says how far it
wraps round, which is what makes light soft. Azimuths in the room are those of the camera's frame turned by the camera.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.craft.geometry import heading_to, on_plan, turn_between
from shotwright.craft.light import light_directions
from shotwright.vision.measures import keylight
from shotwright.vision.measures.exposure import stops
from shotwright.vision.measures.limits import limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from shotwright.model.shot import Camera
    from shotwright.model.vocabulary import KeyStyle, LightDirection, LightQuality
    from shotwright.vision.measures.head import Skin
    from shotwright.vision.measures.keylight import Fit
    from shotwright.vision.measures.subject import Person, View

SAMPLES = 1500
WRAPS = (0.0, 0.3, 0.7)
ELEVATIONS = (-30, 0, 25, 50, 72)
MOST_STOPS = 6.0
FRONTAL_DEG = 25.0
LEAST_FIT = 0.12
"""Share of the shading that a key must explain to have a direction at all."""
LEAST_GAINED = 0.15
"""Share of what flat light leaves unexplained on a face that a key must explain to have a side."""


@dataclass(frozen=True, slots=True)
class SubjectLight:
    """The light on one person; degrees, stops."""

    entity: str
    left_right_stops: float
    """Screen left over screen right."""
    key_fill_stops: float
    azimuth_deg: float | None
    """From the camera: 0 with the lens, + from screen right; None where the light has no side."""
    elevation_deg: float
    quality: LightQuality
    fit: float
    """0-1: how much of the shading a single key explains."""
    lit_stops: float
    """What the key side of the skin is over mid-grey."""
    skin_rgb: tuple[float, float, float] | None
    """Linear, of the lit skin."""
    median_stops: float
    behind_stops: float
    """The background's median over the subject's own."""
    shadow_share: float
    """Of the subject, two stops and more under its lit side."""
    pixels: int


def camera_azimuth(camera: Camera) -> float:
    """Heading in the room from what is looked at to the camera."""
    return heading_to(on_plan(camera.look_at_m), on_plan(camera.position_m))


def in_room(azimuth_deg: float, camera_azimuth_deg: float) -> float:
    """An azimuth from the camera as an azimuth in the room, in [-180, 180)."""
    return turn_between(0.0, azimuth_deg + camera_azimuth_deg)


@cache
def _directions() -> tuple[NDArray[Any], NDArray[Any]]:
    """(azimuth, elevation) of every candidate and its unit vector: x right, y up, z to the camera."""
    angles = np.array([(a, e) for e in ELEVATIONS for a in range(-180, 180, 15)], np.float32)
    turn, rise = np.radians(angles[:, 0]), np.radians(angles[:, 1])
    vectors = np.stack([np.sin(turn) * np.cos(rise), np.sin(rise), np.cos(turn) * np.cos(rise)], 1)
    return angles, vectors.astype(np.float32)


def _across(mask: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """For each pixel: its place in its row's run from -1 to 1, and the run's width."""
    height, width = mask.shape
    at = np.broadcast_to(np.arange(width), (height, width))
    before = np.maximum.accumulate(np.where(mask, -1, at), axis=1)
    after = np.minimum.accumulate(np.where(mask, width, at)[:, ::-1], axis=1)[:, ::-1]
    half = np.maximum((after - before) / 2.0, 0.5)
    return (at - (after + before) / 2.0) / half, half * 2


def _normals(mask: NDArray[Any], skin: NDArray[Any]) -> NDArray[Any]:
    """float32, (h, w, 3): the silhouette as a rounded body, the face as an egg."""
    nx, _ = _across(mask)
    ny = np.full(mask.shape, 0.1)
    if skin.any():
        down, _ = _across(skin.T)
        ny = np.where(skin, -0.75 * down.T, ny)
    length = np.sqrt(nx**2 + ny**2)
    scale = np.where(length > 0.98, 0.98 / np.maximum(length, 1e-6), 1.0)
    nx, ny = nx * scale, ny * scale
    return np.stack([nx, ny, np.sqrt(np.maximum(1 - nx**2 - ny**2, 0.0))], -1).astype(np.float32)


def skin_of(view: View, person: Person) -> NDArray[Any]:
    """bool at the working resolution: the skin part of the mask, or the flesh-coloured upper pixels of a person."""
    whole = view.small(person.mask)
    if "skin" in person.parts:
        return view.small(person.parts["skin"])
    rgb = view.linear + 1e-4
    red, blue = np.log2(rgb[..., 0] / rgb[..., 1]), np.log2(rgb[..., 1] / rgb[..., 2])
    flesh = whole & (red > 0.15) & (red < 1.35) & (blue > -0.6) & (blue < 1.3)
    rows = np.flatnonzero(whole.any(axis=1))
    if len(rows):
        flesh[rows[0] + max(4, int(0.45 * len(rows))) :] = False
    return flesh


def _materials(view: View, person: Person, whole: NDArray[Any], skin: NDArray[Any]) -> list[NDArray[Any]]:
    """Masks of what has one colour each: the parts given, else the commonest chromaticities."""
    if person.parts:
        kept = [view.small(m) & whole for n, m in sorted(person.parts.items()) if n not in ("eyes", "mouth", "hair")]
    else:
        rest = whole & ~skin
        rgb = view.linear + 2e-3
        red = np.round(np.log2(rgb[..., 0] / rgb[..., 1]) / 0.3).astype(int).clip(-8, 8)
        blue = np.round(np.log2(rgb[..., 1] / rgb[..., 2]) / 0.3).astype(int).clip(-8, 8)
        label = np.where(rest, (red + 8) * 17 + blue + 9, 0)
        counts = np.bincount(label.ravel(), minlength=400)
        counts[0] = 0
        kept = [skin, *(label == n for n in np.argsort(-counts, kind="stable")[:3])]
    least = max(12, int(0.02 * whole.sum()))
    return [m for m in kept if int(m.sum()) >= least]


def measure_light(view: View, person: Person) -> SubjectLight | None:
    """The light on one person; None where there is too little of it to read."""
    whole = view.small(person.mask)
    count = int(whole.sum())
    if count < 60:
        return None
    skin = skin_of(view, person)
    if int(skin.sum()) < max(20, 0.01 * count):
        skin = np.zeros_like(whole)
    materials = _materials(view, person, whole, skin) or [whole]
    normals = _normals(whole, skin)
    every = max(1, sum(int(m.sum()) for m in materials) // SAMPLES)
    parts = [(view.luminance[m][::every], normals[m][::every]) for m in materials]
    (azimuth, elevation), wrap, fit = _best_direction(parts)
    vector = _vector(azimuth, elevation)
    levels = [_ambient_and_key(light, _shade(n @ vector, wrap)) for light, n in parts]
    weights = np.array([len(light) for light, _ in parts], float)
    ratio = float(np.average([min(math.log2((a + k) / a), MOST_STOPS) for a, k in levels], weights=weights))
    place, _ = _across(whole)
    left, right = view.luminance[whole & (place < -0.3)], view.luminance[whole & (place > 0.3)]
    face = skin if skin.any() else whole
    bright = view.luminance[face]
    lit_level = float(np.percentile(bright, 90))
    if azimuth_seen(azimuth, fit):
        # A face turned from the key shows little of its lit side; what the fit says of it agrees with the reverse.
        skin_at = next((i for i, m in enumerate(materials) if bool((m & skin).any())), 0)
        lit_level = max(lit_level, sum(levels[skin_at]))
    lit = face & (view.luminance >= np.percentile(bright, 60)) & (view.luminance <= np.percentile(bright, 97))
    middle = float(np.median(view.luminance[whole]))
    others = np.zeros_like(whole)
    for other in view.people:
        others |= view.small(other.mask)
    behind = float(np.median(view.luminance[~others])) if (~others).any() else middle
    return SubjectLight(
        entity=person.entity,
        left_right_stops=stops(float(left.mean())) - stops(float(right.mean())) if len(left) and len(right) else 0.0,
        key_fill_stops=ratio if fit >= LEAST_FIT else min(ratio, 0.4),
        azimuth_deg=azimuth if fit >= LEAST_FIT and elevation < 70 else None,
        elevation_deg=elevation,
        quality="hard" if wrap < 0.15 else "soft" if wrap > 0.5 else "mixed",
        fit=fit,
        lit_stops=stops(lit_level),
        skin_rgb=_mean_rgb(view.linear[lit]) if skin.any() else None,
        median_stops=stops(middle),
        behind_stops=stops(behind) - stops(middle),
        shadow_share=float((view.luminance[face] < lit_level / 4).mean()),
        pixels=count,
    )


def of_face(view: View, skin: Skin, fit: Fit, camera_azimuth_deg: float) -> SubjectLight:
    """The light on a face by the key that explains it best by itself."""
    at = np.unravel_index(int(np.argmin(fit.costs)), fit.costs.shape)
    best = float(fit.costs[at])
    flat = float(fit.costs[:, :, 0].min())
    across = skin.normals[:, 0]
    left, right = across < -0.2, across > 0.2
    sides = [
        float(np.average(skin.stops[side], weights=skin.weights[side])) if side.any() else None
        for side in (left, right)
    ]
    others = np.zeros(view.luminance.shape, bool)
    for person in view.people:
        others |= view.small(person.mask)
    middle = float(np.average(skin.stops, weights=skin.weights))
    behind = stops(float(np.median(view.luminance[~others]))) if (~others).any() else middle
    shown = float(skin.stops.max())
    told = max(0.0, 1.0 - best / max(flat, 1e-3)) if best < flat else 0.0
    sided = told >= LEAST_GAINED
    return SubjectLight(
        entity=skin.entity,
        left_right_stops=0.0 if sides[0] is None or sides[1] is None else sides[0] - sides[1],
        key_fill_stops=math.log2(float(keylight.RATIOS[at[2]]))
        if sided
        else min(math.log2(float(keylight.RATIOS[at[2]])), 0.4),
        azimuth_deg=turn_between(camera_azimuth_deg, float(keylight.AZIMUTHS[at[0]])) if sided else None,
        elevation_deg=float(keylight.ELEVATIONS[at[1]]),
        quality="mixed",
        fit=told,
        lit_stops=float(np.quantile(skin.stops, 0.9)),
        skin_rgb=skin.rgb,
        median_stops=middle,
        behind_stops=behind - middle,
        shadow_share=float(skin.weights[skin.stops < shown - 2].sum()),
        pixels=int(skin.height_px**2 * 0.5),
    )


def azimuth_seen(azimuth: float, fit: float) -> bool:
    """Whether the key stands behind the face and is still to be read on it."""
    return fit >= 0.3 and abs(azimuth) > 90


def _mean_rgb(rows: NDArray[Any]) -> tuple[float, float, float]:
    red, green, blue = (float(v) for v in rows.mean(axis=0))
    return red, green, blue


def _vector(azimuth: float, elevation: float) -> NDArray[Any]:
    turn, rise = math.radians(azimuth), math.radians(elevation)
    return np.array(
        [math.sin(turn) * math.cos(rise), math.sin(rise), math.cos(turn) * math.cos(rise)], np.float32
    )  # fmt: skip


def _shade(cosine: NDArray[Any], wrap: float) -> NDArray[Any]:
    return np.maximum(cosine + np.float32(wrap), 0) / np.float32(1 + wrap)


def _ambient_and_key(light: NDArray[Any], shade: NDArray[Any]) -> tuple[float, float]:
    """Least-squares level of the fill and what the full key adds, both positive."""
    spread = float(shade.var())
    slope = float(((shade - shade.mean()) * (light - light.mean())).mean()) / spread if spread > 1e-6 else 0.0
    key = max(slope, 0.0)
    least = max(0.01 * float(light.mean()), 1e-5)
    return max(float(light.mean()) - key * float(shade.mean()), least), key


def _explained(parts: list[tuple[NDArray[Any], NDArray[Any]]], vectors: NDArray[Any], wrap: float) -> NDArray[Any]:
    """For each candidate direction the share of the materials' shading that it explains, 0-1."""
    total, found = 1e-9, np.zeros(len(vectors))
    for light, normals in parts:
        scale = max(float(light.mean()), 1e-5)
        level = (light - light.mean()) / scale
        shade = _shade(normals @ vectors.T, wrap)
        shade = shade - shade.mean(axis=0)
        with_light = level @ shade
        spread = np.maximum((shade**2).sum(axis=0), 1e-3)
        found += np.where(with_light > 0, with_light**2 / spread, 0.0)
        # Two per cent of texture and noise is no shading.
        total += float((level**2).sum()) + len(level) * 0.0004
    return found / total


def _best_direction(parts: list[tuple[NDArray[Any], NDArray[Any]]]) -> tuple[tuple[float, float], float, float]:
    """((azimuth, elevation), wrap, fit) of the direction that explains most."""
    angles, vectors = _directions()
    scores = [_explained(parts, vectors, wrap) for wrap in WRAPS]
    which = max(range(len(WRAPS)), key=lambda i: (float(scores[i].max()), -i))
    if abs(float(angles[int(scores[which].argmax()), 0])) < FRONTAL_DEG:
        # With the lens a key shows no terminator: how far it wraps cannot be read, and a guess would spoil the ratio.
        which = 0
    best = int(scores[which].argmax())
    azimuth, elevation = (float(v) for v in angles[best])
    fine = [azimuth + step for step in (-10, -5, 0, 5, 10)]
    tries = np.stack([_vector(a, elevation) for a in fine])
    near = _explained(parts, tries, WRAPS[which])
    return (fine[int(near.argmax())], elevation), WRAPS[which], float(min(near.max(), 1.0))


def key_style_of(light: SubjectLight) -> KeyStyle:
    """The set's word for the light, from key to fill, and from the background for a silhouette."""
    table = limits()
    if light.behind_stops >= table["frame"]["silhouette_stops"] and light.lit_stops < -2.0:
        return "silhouette"
    bounds = table["key_style"]
    if light.key_fill_stops < bounds["flat"]:
        return "flat"
    if light.key_fill_stops < bounds["high_key"]:
        return "high_key"
    if light.key_fill_stops < bounds["mid_key"]:
        return "mid_key"
    side = light.azimuth_deg is not None and 40 <= abs(light.azimuth_deg) <= 125
    chiaroscuro = light.key_fill_stops >= 3.0 and light.quality == "hard" and side and light.shadow_share > 0.35
    return "chiaroscuro" if chiaroscuro else "low_key"


def direction_of(light: SubjectLight) -> LightDirection:
    """The key as the camera sees it, in the words of the shot JSON."""
    if light.azimuth_deg is None:
        return "top" if light.fit >= LEAST_FIT and light.elevation_deg >= 60 else "ambient"
    if light.elevation_deg <= -25 and abs(light.azimuth_deg) < 60:
        return "under"
    return light_directions(light.azimuth_deg, light.elevation_deg if light.elevation_deg < 60 else 59.0, 0.0)[0]
