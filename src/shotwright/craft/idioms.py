"""How kinds of scene are usually covered: the state machines of idioms.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, get_args

Phase = Literal["open", "early", "middle", "peak", "after", "close"]
Kind = Literal["single", "over", "two", "master", "moving", "insert", "pov", "empty"]
"""Kinds of set-up: a clean single; over a shoulder; two people; everyone; a moving camera beside somebody who travels;
a thing; through somebody's eyes; the place without people."""


@dataclass(frozen=True, slots=True)
class Idiom:
    """`phases[phase]` holds (kind, step of size), the most usual first."""

    name: str
    because: str
    phases: dict[Phase, tuple[tuple[Kind, float], ...]]

    def rank(self, phase: Phase, kind: Kind) -> tuple[int, float] | None:
        """(place in the phase's list, wanted size) of a kind of set-up; None when the idiom has none there."""
        for place, (known, size) in enumerate(self.phases[phase]):
            if known == kind:
                return place, size
        return None


@cache
def idioms() -> dict[str, Idiom]:
    """Scene type -> idiom."""
    raw = tomllib.loads(resources.files("shotwright.craft").joinpath("idioms.toml").read_text("utf-8"))
    return {
        name: Idiom(
            name, row["because"], {phase: tuple((k, float(s)) for k, s in row[phase]) for phase in get_args(Phase)}
        )
        for name, row in raw.items()
    }
