"""What people ask for when they send a shot back, done to the shot as it stands: one step the way they say, no more."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from shotwright.craft.chooser import Candidate
from shotwright.craft.light import key_style
from shotwright.craft.optics import SIZES, coverage_of
from shotwright.crew.cinematographer.cameras import Setup, camera_height, place_camera
from shotwright.model.vocabulary import FOCAL_LENGTHS_MM, SIZE_ORDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.craft.idioms import Kind
    from shotwright.craft.optics import LensHabit
    from shotwright.crew.cinematographer.figures import Moment
    from shotwright.model.shot import Camera, Lighting, Movement
    from shotwright.model.vocabulary import Speed

PERSON = "PERSON"
"""Code of a revision that a person asked for."""
SLOWER: dict[Speed, Speed] = {
    "whip": "fast", "fast": "moderate", "moderate": "slow", "slow": "very_slow", "very_slow": "very_slow",
    "none": "none",
}  # fmt: skip
ANGLES = ("low_angle", "eye_level", "high_angle")
STEP_EV = 0.5
STEP_MIRED = 20.0
STEP_RATIO = 1.35
KINDS: dict[str, Kind] = {
    "single": "single", "two_shot": "two", "three_shot": "master", "group": "master", "over_the_shoulder": "over",
    "pov": "pov", "insert": "insert", "empty": "empty",
}  # fmt: skip


@cache
def _patterns(part: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    raw = tomllib.loads(resources.files("shotwright.crew.cinematographer").joinpath("requests.toml").read_text("utf-8"))
    return tuple((row["wish"], re.compile(row["pattern"], re.I)) for row in raw[part])


def wishes(feedback: str, part: str) -> tuple[str, ...]:
    """What feedback asks of the `camera` or the `light`, each wish once; empty when it asks nothing known."""
    left = feedback.replace("’", "'")
    found = []
    for wish, pattern in _patterns(part):
        if pattern.search(left):
            found.append(wish)
            left = pattern.sub(" ", left)
    return tuple(found)


@dataclass(slots=True)
class Reframed:
    """A frame as asked for."""

    chosen: Candidate
    setup: Setup


def standing_frame(camera: Camera, moment: Moment) -> Reframed:
    """The frame that a camera answer describes, as the numbers that frames are made from."""
    kind = KINDS[camera.framing]
    figures = moment.figures
    primary = camera.focus.on if camera.focus.on in figures or camera.focus.on in moment.things else ""
    if not primary and kind not in ("empty", "insert", "pov"):
        primary = next(iter(figures), "")
    if not primary and kind not in ("empty", "insert", "pov"):
        kind = "empty"
    own = figures.get(primary)
    if own is None and kind in ("single", "over", "two", "master"):
        kind = "insert"
    partner = own.target if own is not None and own.target in figures else ""
    if kind == "two" and not partner:
        partner = next((p for p in figures if p != primary), "")
        kind = "two" if partner else "single"
    if kind == "over" and not partner:
        kind = "single"
    size = SIZE_ORDER[camera.shot_size]
    eye = own.eye_m if own is not None else camera.look_at_m[1]
    setup = Setup(
        camera.position_m,
        camera.look_at_m,
        camera.lens.focal_mm,
        camera.shot_size,
        camera.coverage_m,
        camera.angle,
        eye,
    )
    chosen = Candidate(
        kind=kind, primary=primary, partner=partner, size=size, azimuth=0.0, angle=camera.angle, cost=0.0
    )
    return Reframed(chosen, setup)


def reframe(
    asked: Sequence[str],
    camera: Camera,
    moment: Moment,
    options: Sequence[Candidate],
    habit: LensHabit,
    aspect: float,
    inside: bool,
) -> Reframed | None:
    """The frame that answers the wishes about size, framing, height and lens; None when they leave it as it is."""
    found = standing_frame(camera, moment)
    before = (found.setup.position, found.setup.focal_mm, found.setup.size, found.setup.coverage_m, found.chosen.kind)
    for wish in asked:
        if wish in ("single", "two", "over"):
            _change_kind(found, wish, moment, options, habit, aspect, inside)
    for wish in asked:
        if wish in ("tighter", "wider"):
            _change_size(found, 1 if wish == "tighter" else -1, moment)
        elif wish in ("lens_longer", "lens_wider"):
            _change_lens(found, 1 if wish == "lens_longer" else -1, moment)
        elif wish in ("lower", "higher", "eye_level"):
            _change_height(found, wish, moment)
    after = (found.setup.position, found.setup.focal_mm, found.setup.size, found.setup.coverage_m, found.chosen.kind)
    return found if after != before else None


def _change_kind(
    found: Reframed, kind: str, moment: Moment, options: Sequence[Candidate], habit: LensHabit, aspect: float,
    inside: bool,
) -> None:  # fmt: skip
    if found.chosen.kind == kind:
        return
    size = SIZE_ORDER[found.setup.size]
    fitting = [c for c in options if c.kind == kind]
    if fitting:
        chosen = min(fitting, key=lambda c: (c.primary != found.chosen.primary, abs(c.size - size), c.cost))
    else:
        figure = moment.figures.get(found.chosen.primary)
        if figure is None or (kind != "single" and figure.target not in moment.figures):
            return
        theta = 14.0 if kind == "over" else 18.0
        azimuth = 0.0 if kind == "two" else figure.gaze_heading - figure.way * theta
        partner = figure.target if figure.target in moment.figures else ""
        size = max(3, min(size, 4)) if kind != "two" else min(size, 3)
        chosen = Candidate(kind, figure.id, partner, size, azimuth, "eye_level", 0.0, theta=theta)  # type: ignore[arg-type]
    found.chosen = chosen
    found.setup = place_camera(chosen, moment, habit, aspect, inside)


def _change_size(found: Reframed, step: int, moment: Moment) -> None:
    """One size nearer or wider along the lens, with the same glass."""
    setup = found.setup
    if setup.coverage_m is not None:
        setup.coverage_m = round(setup.coverage_m * (0.7 if step > 0 else 1.4), 2)
        _scale(found, 0.7 if step > 0 else 1.4, moment)
        return
    size = SIZE_ORDER[setup.size]
    if not 0 <= size + step < len(SIZES):
        return
    own = moment.figures.get(found.chosen.primary)
    pose = own.pose_start if own is not None else "stand"
    wanted = SIZES[size + step]
    _scale(found, coverage_of(wanted, pose) / coverage_of(setup.size, pose), moment)
    setup.size = wanted
    found.chosen.size = size + step


def _change_lens(found: Reframed, step: int, moment: Moment) -> None:
    """The next prime, from further off or nearer, so that the size stays."""
    primes = FOCAL_LENGTHS_MM
    at = min(range(len(primes)), key=lambda i: abs(primes[i] - found.setup.focal_mm)) + 2 * step
    focal = primes[min(max(at, 0), len(primes) - 1)]
    _scale(found, focal / found.setup.focal_mm, moment)
    found.setup.focal_mm = focal


def _scale(found: Reframed, ratio: float, moment: Moment) -> None:
    """Move the camera along the line to its subject; a frame about several is scaled about its middle."""
    setup, chosen = found.setup, found.chosen
    own = moment.figures.get(chosen.primary)
    if own is not None and chosen.kind in ("single", "over", "moving"):
        x, z = own.at
        aside = ratio if chosen.kind != "over" else 1.0
    else:
        x, z = setup.aim
        aside = 1.0
    px, py, pz = setup.position
    ax, ay, az = setup.look_at
    height = setup.eye_m + (py - setup.eye_m) * ratio if setup.angle != "eye_level" else py
    setup.position = round(x + (px - x) * ratio, 2), round(max(height, 0.25), 2), round(z + (pz - z) * ratio, 2)
    setup.look_at = round(x + (ax - x) * aside, 2), ay, round(z + (az - z) * aside, 2)


def _change_height(found: Reframed, wish: str, moment: Moment) -> None:
    setup = found.setup
    now = ANGLES.index(setup.angle) if setup.angle in ANGLES else 1
    wanted = 1 if wish == "eye_level" else min(max(now + (1 if wish == "higher" else -1), 0), 2)
    px, _, pz = setup.position
    distance = ((px - setup.look_at[0]) ** 2 + (pz - setup.look_at[2]) ** 2) ** 0.5
    found.chosen.angle = ANGLES[wanted]
    own = moment.figures.get(found.chosen.primary)
    partner = moment.figures.get(own.target) if own is not None else None
    height, angle = camera_height(found.chosen, setup.eye_m, partner.eye_m if partner else setup.eye_m, distance)
    setup.position = px, round(height, 2), pz
    setup.angle = angle


def remove(asked: Sequence[str], movement: Movement, car: bool) -> Movement | None:
    """The move that answers the wishes about moving; None when they ask nothing of it."""
    found: dict[str, object] = {}
    for wish in asked:
        if wish == "still":
            found = {"type": "static", "speed": "none", "support": "vehicle" if car else "tripod"}
        elif wish == "handheld":
            found = {"type": "static", "speed": "none", "support": "handheld"}
        elif wish in ("push_in", "pull_out"):
            kind = "dolly_in" if wish == "push_in" else "dolly_out"
            found = {"type": kind, "speed": "slow", "support": "dolly"}
    if "slower" in asked:
        speed: Speed = found.get("speed", movement.speed)  # type: ignore[assignment]
        found["speed"] = SLOWER[speed]
    changed = movement.model_copy(update=found)
    return changed if found and changed != movement else None


def relight(asked: Sequence[str], lighting: Lighting, feedback: str) -> Lighting:
    """The light with every wish taken one step; as it was when none is known."""
    ev, kelvin, ratio, quality = (
        lighting.exposure_ev, float(lighting.color_temperature_k), lighting.contrast_ratio, lighting.quality,
    )  # fmt: skip
    for wish in asked:
        if wish in ("brighter", "darker"):
            ev = round(ev + (STEP_EV if wish == "brighter" else -STEP_EV), 2)
        elif wish in ("warmer", "cooler"):
            mired = 1e6 / kelvin + (STEP_MIRED if wish == "warmer" else -STEP_MIRED)
            kelvin = min(max(1e6 / mired, 1800.0), 12000.0)
        elif wish == "softer":
            ratio, quality = max(1.5, ratio / STEP_RATIO), "soft"
        elif wish == "harder":
            ratio, quality = min(16.0, ratio * STEP_RATIO), "hard"
    if not asked:
        return lighting
    ratio = round(ratio, 2)
    said = lighting.description.rstrip(".")
    return lighting.model_copy(
        update={
            "exposure_ev": ev,
            "color_temperature_k": round(kelvin / 50) * 50,
            "contrast_ratio": ratio,
            "quality": quality,
            "key_style": key_style(ratio) if ratio != lighting.contrast_ratio else lighting.key_style,
            "description": f"{said}; {' and '.join(asked)}, as asked.",
        }
    )
