"""Lights that go on and off inside a shot: which burn at a moment of it, and what they give to the frame."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.boards.lighting import lamp_rgb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.boards.camera import View
    from shotwright.boards.raster.triangles import Lights
    from shotwright.boards.scene import Piece
    from shotwright.model.shot import LightEvent, Shot

MIDDLE = 0.5
"""A flash is shown in the middle of its shot, where a frame is drawn, whenever in the shot it is."""
FLASH_SECONDS = 0.8
KEPT = ("phone glow", "flame", "indicator amber")
"""Small lights that a shot may keep from the one before, among its practicals."""
HAND_HEIGHT_M = 0.3
"""Below the eyes: where a small light is held that nobody's hands are known to hold."""


@dataclass(frozen=True, slots=True)
class Glow:
    """One named light of a frame."""

    place: str
    kelvin: float
    strength: float
    level: float
    flash: float


@cache
def _rows() -> tuple[tuple[re.Pattern[str], Glow], ...]:
    table = tomllib.loads(resources.files("shotwright.boards").joinpath("events.toml").read_text("utf-8"))
    return tuple(
        (
            re.compile(r"\b(" + "|".join(map(re.escape, row["words"])) + r")\b"),
            Glow(
                row["place"], float(row["kelvin"]), float(row["strength"]), float(row.get("level", 1.0)),
                float(row.get("flash", 1.0)),
            ),
        )
        for row in table["light"]
    )  # fmt: skip


@cache
def glow_of(what: str) -> Glow | None:
    """What a light of this name gives; None for one that the table does not know."""
    low = what.casefold()[:200]
    return next((glow for pattern, glow in _rows() if pattern.search(low)), None)


def burning(shot: Shot, at: float) -> tuple[dict[str, Glow], tuple[Glow, ...]]:
    """(lights that burn by their names, lights of the room or sky that are out) at a moment of the shot, 0-1.

    A light that the shot switches on is out before; one that it switches off burns before. Small lights that burn
    through the whole shot are among its practicals.
    """
    lighting = shot.technical_layer.lighting
    lit = {what: glow for what in lighting.practicals if what in KEPT and (glow := glow_of(what)) is not None}
    out: dict[str, Glow] = {}
    by_name: dict[str, list[LightEvent]] = {}
    for event in lighting.events:
        by_name.setdefault(event.what, []).append(event)
    for what, events in by_name.items():
        glow = glow_of(what)
        if glow is None:
            continue
        lit.pop(what, None)
        if _burns(events, at, shot.duration_seconds):
            lit[what] = glow
        elif glow.level < 1.0:
            out[what] = glow
    return lit, tuple(out.values())


def _burns(events: Sequence[LightEvent], at: float, seconds: float) -> bool:
    first = events[0]
    if len(events) > 1 and first.on and not events[1].on and events[1].at_seconds - first.at_seconds <= FLASH_SECONDS:
        return abs(at - MIDDLE) < 0.17
    now = at * max(seconds, 0.1)
    state = not first.on
    for event in events:
        # Whatever is switched in a shot has been by its last frame.
        if event.at_seconds <= now or at >= 1.0:
            state = event.on
    return state


def set_events(lights: Lights, shot: Shot, pieces: Sequence[Piece], view: View, at: float) -> None:
    """Add to a frame's lights what its named lights give, and take what they take."""
    lit, out = burning(shot, at)
    if not lit and not out:
        return
    gain = min((glow.level for glow in out), default=1.0) * max((glow.flash for glow in lit.values()), default=1.0)
    if gain != 1.0:
        for name in ("key_rgb", "fill_rgb", "back_rgb", "above_rgb", "below_rgb"):
            setattr(lights, name, (getattr(lights, name) * np.float32(gain)).astype(np.float32))
        lights.lamps = lights.lamps.copy()
        lights.lamps[:, 3:6] *= np.float32(min(gain, 1.0) ** 2)
    if any(glow.place == "sky" for glow in lit.values()):
        flare = np.float32(0.35)
        lights.zenith_rgb = (lights.zenith_rgb + flare).astype(np.float32)
        lights.horizon_rgb = (lights.horizon_rgb + flare).astype(np.float32)
    balance = shot.technical_layer.camera.white_balance_k
    added = [
        (*_place(glow, shot, pieces, view), *lamp_rgb(glow.kelvin, balance, glow.strength), 0.06)
        for glow in lit.values()
        if glow.strength > 0
    ]
    if added:
        lights.lamps = np.concatenate([lights.lamps, np.asarray(added, np.float32)])


def _place(glow: Glow, shot: Shot, pieces: Sequence[Piece], view: View) -> tuple[float, float, float]:
    """Where a light is: beside the lens, beside the frame, or with whom the shot is of."""
    focus = shot.technical_layer.camera.focus.on
    body = next((p for p in pieces if p.entity == focus and p.person), None)
    body = body or next((p for p in pieces if p.person), None)
    if glow.place == "lens" or body is None:
        eye = view.eye + view.right * np.float32(0.2) + view.up * np.float32(0.25)
        return _point(eye)
    eyes = body.anchor("eyes")
    assert eyes is not None
    turn = math.radians(body.heading_deg)
    ahead = np.array([math.sin(turn), 0.0, math.cos(turn)], np.float32)
    if glow.place == "side":
        side = -1.0 if shot.technical_layer.staging.plate[-1:] in "AC" else 1.0
        back = np.array([view.forward[0], 0.0, view.forward[2]], np.float32)
        return _point(eyes + view.right * np.float32(side * 2.4) - back * np.float32(0.8))
    if glow.place == "front":
        return _point(eyes + ahead * np.float32(0.9) - np.array([0.0, 0.35, 0.0], np.float32))
    hands = [h for h in (body.anchor("hand_right"), body.anchor("hand_left")) if h is not None]
    held = max(hands, key=lambda hand: float(hand[1]), default=eyes)
    if float(eyes[1] - held[1]) > 0.6 or not hands:
        held = eyes + ahead * np.float32(0.34) - np.array([0.0, HAND_HEIGHT_M, 0.0], np.float32)
    else:
        held = held + ahead * np.float32(0.12)
    return _point(held)


def _point(value: Any) -> tuple[float, float, float]:
    return float(value[0]), float(value[1]), float(value[2])
