"""Where light comes from: place and hour, practicals and changes of light, by the tables of light.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from shotwright.craft.geometry import turn_between
from shotwright.model.ids import digest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shotwright.craft.beats import BeatLook
    from shotwright.model.vocabulary import KeyStyle, LightDirection, LightQuality, LightSource

CLOSE_UP_SOFTENING = 0.75
"""Fill is raised by under half a stop on a face that fills the frame."""


@dataclass(frozen=True, slots=True)
class LightPlan:
    """The light of one place for a whole scene; azimuth in degrees of the room."""

    azimuth_deg: float
    elevation_deg: float
    ratio: float
    kelvin: int
    quality: LightQuality
    source: tuple[LightSource, ...]
    motivated_by: str
    words: str
    feeling: str
    night: bool


@dataclass(frozen=True, slots=True)
class LightChange:
    what: str
    on: bool
    flash: bool


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(resources.files("shotwright.craft").joinpath("light.toml").read_text("utf-8"))


@cache
def _word_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(w) for w in words) + r")(?!\w)")


@cache
def _place_patterns() -> tuple[tuple[re.Pattern[str], frozenset[str], dict[str, Any]], ...]:
    return tuple((_word_pattern(tuple(row["words"])), frozenset(row.get("at", ())), row) for row in _tables()["place"])


@cache
def _practical_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_word_pattern(tuple(row["words"])), row["name"]) for row in _tables()["practical"])


@cache
def _event_patterns() -> tuple[tuple[re.Pattern[str], str, bool | None, bool], ...]:
    return tuple(
        (re.compile(row["pattern"]), row["what"], row.get("off"), row.get("flash", False)) for row in _tables()["event"]
    )


@cache
def _any_practical() -> re.Pattern[str]:
    return _word_pattern(tuple(word for row in _tables()["practical"] for word in row["words"]))


@cache
def _any_event() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{row['pattern']})" for row in _tables()["event"]))


def light_plan(
    place_id: str,
    place_words: str,
    inside: bool,
    time_of_day: str,
    beat: BeatLook,
    *,
    held_to_place: bool,
    moonlight_k: int,
) -> LightPlan:
    """The plan of a place at an hour under the scene's dominant feeling.

    `held_to_place` keeps contrast within half a stop of the place's own, for a scene whose neighbour plays on in the
    same place: any two such scenes then agree within a stop. Colour always stays within 20 mired of the place's own.
    """
    row = _tables()["inside" if inside else "outside"][time_of_day]
    words = row["words"]
    night = time_of_day in ("night", "dusk", "blue_hour")
    here = {"inside" if inside else "outside", "night" if night else "day"}
    folded = place_words.casefold()
    for pattern, at, special in _place_patterns():
        if at <= here and pattern.search(folded):
            row, words = special, special["text"]
            break
    kelvin = float(moonlight_k if "moonlight" in row["source"] else row["kelvin"])
    ratio = float(row["ratio"])
    wanted = (ratio * beat.ratio**2) ** (1 / 3)
    if held_to_place:
        wanted = min(max(wanted, ratio / 1.4), ratio * 1.4)
    mired = 1e6 / kelvin + beat.mired
    side = 1 if int(digest(place_id, "window side", length=4), 16) % 2 else -1
    quality: LightQuality = row["quality"]
    if quality != beat.quality:
        quality = "mixed" if "mixed" not in (quality, beat.quality) else beat.quality
    return LightPlan(
        azimuth_deg=float(side * row["azimuth_deg"]),
        elevation_deg=float(row["elevation_deg"]),
        ratio=round(wanted, 2),
        kelvin=round(1e6 / mired / 50) * 50,
        quality=quality,
        source=tuple(row["source"]),
        motivated_by=row["motivated_by"],
        words=words,
        feeling=beat.light,
        night=night,
    )


def soften(plan: LightPlan) -> LightPlan:
    """The plan as a face in close-up gets it."""
    return replace(plan, ratio=round(max(plan.ratio * CLOSE_UP_SOFTENING, 1.5), 2))


def key_style(ratio: float) -> KeyStyle:
    if ratio <= 2.5:
        return "high_key"
    return "mid_key" if ratio <= 4.6 else "low_key"


@cache
def light_directions(azimuth_deg: float, elevation_deg: float, camera_azimuth_deg: float) -> tuple[LightDirection, ...]:
    """The key as this camera sees it. `camera_azimuth_deg`: heading from what is looked at to the camera."""
    off = turn_between(camera_azimuth_deg, azimuth_deg)
    away = abs(off)
    found: LightDirection
    if away < 25:
        found = "front"
    elif away < 62:
        found = "three_quarter_right" if off > 0 else "three_quarter_left"
    elif away < 122:
        found = "side_right" if off > 0 else "side_left"
    else:
        found = "back"
    return (found, "top") if elevation_deg >= 60 else (found,)


def practicals_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Names of the light sources that stand in these words, in the order of the table."""
    whole = "\n".join(texts).casefold()
    if _any_practical().search(whole) is None:
        return ()
    return tuple(name for pattern, name in _practical_patterns() if pattern.search(whole))


def light_changes_in(text: str) -> tuple[LightChange, ...]:
    """The changes of light that one sentence of action tells."""
    folded = text.casefold()
    if _any_event().search(folded) is None:
        return ()
    found = []
    for pattern, what, off, flash in _event_patterns():
        hit = pattern.search(folded)
        if hit:
            ends = re.search(r"\b(off|out)\b", hit.group()) is not None if off is None else off
            found.append(LightChange(what, not ends, flash))
    return tuple(found)
