"""CLIGHT: in one place and continuous time the key keeps its direction, contrast, colour and exposure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from shotwright.craft import geometry

if TYPE_CHECKING:
    from shotwright.crew.continuity_supervisor.footage import Footage, View
    from shotwright.crew.continuity_supervisor.thresholds import Thresholds
    from shotwright.model.shot import Lighting
    from shotwright.model.vocabulary import Severity

LIGHTING = "technical_layer.lighting"
CLOSE = 5
Difference = tuple[str, "Severity", str, str, str]
"""(field, severity, what differs in words, measured, threshold)"""


def inspect_light(footage: Footage) -> None:
    """Flag light that changes within one place without a light event or a cut in time."""
    for run in footage.places.values():
        lit = [v for v in run if not v.montage]
        kept: View | None = None
        for at, view in enumerate(lit):
            lighting = view.shot.technical_layer.lighting
            if kept is None or view.time_cut or _time_passes(footage, kept, view):
                kept = None if lighting.events else view
                continue
            if lighting.events:
                kept = None
                continue
            found = differences(footage.rules, kept, view)
            for path, severity, what, measured, threshold in found:
                footage.flag(
                    view, "CLIGHT", severity, "cinematographer", f"{LIGHTING}.{path}",
                    f"{what} in shot {view.number} against shot {kept.number}, in the same place and time.",
                    measured=measured, threshold=threshold,
                    hint="Keep the set's light, or show what changes it.", other=kept,
                )  # fmt: skip
            if any(f[1] == "error" for f in found) and _stays(footage.rules, lit, at, kept):
                kept = view


def _time_passes(footage: Footage, before: View, after: View) -> bool:
    return any(v.time_cut for v in footage.views[before.index + 1 : after.index + 1])


def _stays(rules: Thresholds, lit: list[View], at: int, kept: View) -> bool:
    """True when the next shot keeps the new light, so that it is one jump and not a shot that stands out."""
    if at + 1 >= len(lit):
        return False
    new = any(d[1] == "error" for d in differences(rules, lit[at], lit[at + 1]))
    old = any(d[1] == "error" for d in differences(rules, kept, lit[at + 1]))
    return old and not new


def mired(kelvin: float) -> float:
    """Colour temperature in mired: a million over kelvin, even steps to the eye."""
    return 1e6 / max(kelvin, 1.0)


def seen_mired(view: View) -> float:
    """How warm the key reads on the recording: its mired against the camera's white balance."""
    return mired(view.shot.technical_layer.lighting.color_temperature_k) - mired(view.camera.white_balance_k)


def differences(rules: Thresholds, before: View, after: View) -> list[Difference]:
    """What of the light differs by more than the rule allows between two shots of one place."""
    one, two = before.shot.technical_layer.lighting, after.shot.technical_layer.lighting
    found: list[Difference] = []
    close = max(before.size, after.size) >= CLOSE
    turn = abs(geometry.turn_between(one.azimuth_deg, two.azimuth_deg))
    if turn > rules.azimuth_deg + rules.light_slack and not (
        _moves(rules, one) or _moves(rules, two) or _overhead(one, two)
    ):
        severity: Severity = "info" if close and turn <= rules.close_up_azimuth_deg else "error"
        found.append(
            (
                "azimuth_deg",
                severity,
                f"The key comes from {turn:.0f}° elsewhere",
                f"{turn:.0f}°",
                f"≤ {rules.azimuth_deg:.0f}°",
            )
        )
    stops = math.log2(max(two.contrast_ratio, 1.0)) - math.log2(max(one.contrast_ratio, 1.0))
    if abs(stops) > rules.contrast_stops + rules.light_slack:
        tighter_softer = (stops < 0) == (after.size >= before.size)
        eased = close and tighter_softer and abs(stops) <= rules.close_up_stops + rules.light_slack
        found.append(
            (
                "contrast_ratio", "info" if eased else "error", f"The contrast is {abs(stops):.1f} stops off",
                f"{two.contrast_ratio:g}:1 against {one.contrast_ratio:g}:1", f"≤ {rules.contrast_stops:g} stop",
            )
        )  # fmt: skip
    warmer = abs(seen_mired(after) - seen_mired(before))
    if warmer > rules.mired + rules.light_slack:
        found.append(
            (
                "color_temperature_k", "error", f"The key's colour is {warmer:.0f} mired off",
                f"{two.color_temperature_k} K at {after.camera.white_balance_k} K white balance against "
                f"{one.color_temperature_k} K at {before.camera.white_balance_k} K",
                f"≤ {rules.mired:.0f} mired",
            )
        )  # fmt: skip
    exposure = abs(two.exposure_ev - one.exposure_ev)
    if exposure > rules.exposure_ev + rules.light_slack:
        found.append(
            (
                "exposure_ev",
                "error",
                f"The exposure is {exposure:.1f} stops off",
                f"{exposure:.1f} EV",
                f"≤ {rules.exposure_ev:g} EV",
            )
        )
    if one.time_of_day != two.time_of_day:
        found.append(
            (
                "time_of_day", "error", f"It is {two.time_of_day.replace('_', ' ')} and not "
                f"{one.time_of_day.replace('_', ' ')}",
                two.time_of_day, one.time_of_day,
            )
        )  # fmt: skip
    return found


def _moves(rules: Thresholds, lighting: Lighting) -> bool:
    words = lighting.motivated_by.lower()
    return any(word in words for word in rules.moving_words)


def _overhead(one: Lighting, two: Lighting) -> bool:
    """A key straight above has no azimuth to speak of."""
    return min(one.elevation_deg, two.elevation_deg) >= 75.0
