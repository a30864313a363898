"""Words of plain-wire services in our vocabulary, by the tables of plain_words.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from shotwright.model.vocabulary import Angle, BeatName, MovementType, ShotSize, Speed

Kind = Literal["movement", "size", "angle", "tone", "speed"]
_OURS: dict[str, frozenset[str]] = {
    "movement": frozenset(get_args(MovementType)),
    "size": frozenset(get_args(ShotSize)),
    "angle": frozenset(get_args(Angle)),
    "tone": frozenset(get_args(BeatName)),
    "speed": frozenset(get_args(Speed)),
}
_FIELDS: tuple[tuple[str, Kind, tuple[str, ...]], ...] = (
    ("movement", "movement", ("camera_movement", "movement_type")),
    ("shot_size", "size", ("shot_size",)),
    ("angle", "angle", ("shot_angle", "camera_angle")),
    ("beat", "tone", ("emotional_tone",)),
)


@dataclass(frozen=True, slots=True)
class PlainTerms:
    """What a service's words for a shot mean here."""

    known: dict[str, str]
    """Our field -> our word: `movement`, `speed`, `shot_size`, `angle`, `beat`; only what is known."""
    unmapped: tuple[str, ...]
    """`camera_movement: swirl`."""


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(files(__package__).joinpath("plain_words.toml").read_text("utf-8"))


def term_of(kind: Kind, word: str) -> str | None:
    """Our word for a service's, or None: `term_of("size", "MCU")` -> `medium_close_up`."""
    folded = re.sub(r"[^\w]+", "_", word.casefold().replace("'", "")).strip("_")
    for form in (folded, folded.removesuffix("_shot"), folded.removesuffix("_angle")):
        if form in _OURS[kind]:
            return form
        if form in _tables()[kind]:
            return _tables()[kind][form]
    return None


def terms_of(shot: dict[str, Any]) -> PlainTerms:
    """Read a shot as a plain-wire service gives it. Values that are no text are passed over."""
    known: dict[str, str] = {}
    unmapped = []
    for ours, kind, names in _FIELDS:
        for name in names:
            word = shot.get(name)
            if not isinstance(word, str) or not word.strip() or ours in known:
                continue
            found = term_of(kind, word)
            if found is None and kind == "movement":
                found = _with_speed(word, known)
            if found is None:
                unmapped.append(f"{name}: {word[:60]}")
            else:
                known[ours] = found
    return PlainTerms(known, tuple(unmapped))


def _with_speed(word: str, known: dict[str, str]) -> str | None:
    """`slow push in` is the move push in, slowly."""
    parts = re.split(r"[\s_\-]+", word.casefold())
    for length in (2, 1):
        speed = term_of("speed", "_".join(parts[:length]))
        found = term_of("movement", "_".join(parts[length:])) if speed else None
        if found is not None and speed is not None:
            known["speed"] = speed
            return found
    return None


def known_terms(kind: Kind) -> frozenset[str]:
    """Every word of a kind that `term_of` knows."""
    return _OURS[kind] | frozenset(_tables()[kind])
