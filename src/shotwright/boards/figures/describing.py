"""Reading what a script or an asset library says of somebody's looks."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

LIMIT = 4000
"""Characters of a description that are read; the rest is passed over."""
_WORD = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*")


@cache
def words() -> dict[str, Any]:
    """The contents of looks.toml, read once."""
    return tomllib.loads(resources.files("shotwright.boards.figures").joinpath("looks.toml").read_text("utf-8"))


@cache
def _pattern(table: str) -> re.Pattern[str]:
    keys = sorted(words()[table], key=lambda key: (-len(key), key))
    return re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, keys)) + r")(?![\w-])")


def found(table: str, text: str) -> list[tuple[str, int]]:
    """The words of a table that stand in a text, with their places; longer phrases first where they overlap."""
    return [(m.group(1), m.start()) for m in _pattern(table).finditer(text.lower()[:LIMIT].replace("’", "'"))]


def first(table: str, text: str) -> Any:
    """What a table says of the first of its words in a text; none where none stands there."""
    hits = found(table, text)
    return words()[table][hits[0][0]] if hits else None


def linear(colour: str) -> tuple[float, float, float]:
    """`#rrggbb` as linear reflectance (sRGB's curve)."""
    raw = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in raw)
    return (round(r, 4), round(g, 4), round(b, 4))


def is_colour(text: str) -> bool:
    return bool(re.fullmatch(r"#[0-9a-fA-F]{6}", text))


def gender_in(text: str) -> str | None:
    """Which gender's words stand first in a text."""
    for word in _WORD.findall(text.lower()[:LIMIT]):
        for gender, known in words()["genders"].items():
            if word in known:
                return str(gender)
    return None


def garments_in(text: str) -> list[tuple[str, str | None, str, int]]:
    """Garments that a text names: (cut, colour as hex or none, pattern, how many words of one garment so far).

    A colour belongs to the garment that it stands before, with no other garment, comma or `over` between.
    """
    low = text.lower()[:LIMIT].replace("’", "'")
    out: list[tuple[str, str | None, str, int]] = []
    last = 0
    for word, at in found("garments", low):
        phrase = re.split(r"[,.;:]| over | with | under | and ", low[last : at + len(word)])[-1]
        colours = found("colours", phrase)
        colour = words()["colours"][colours[0][0]] if colours else None
        pattern = first("patterns", phrase) or ""
        last = at + len(word)
        before = low[max(0, at - 24) : at]
        if re.search(r"\b(no|without|takes? off|off his|off her)\s+(\w+\s+){0,2}$", before):
            continue
        out += [(cut, colour, str(pattern), i) for i, cut in enumerate(words()["garments"][word])]
    return out


def hair_in(text: str) -> tuple[str | None, str | None]:
    """Shape and colour of hair that a text names."""
    low = text.lower()[:LIMIT]
    shape = first("hair", low)
    colour = None
    names = "|".join(sorted(map(re.escape, words()["hair_colours"]), key=len, reverse=True))
    match = re.search(rf"\b({names})(?:[ -]+\w+){{0,2}}?[ -]hair(?:ed)?\b", low) or re.search(
        r"\b(blonde?|brunette|redhead)\b", low
    )
    if match:
        colour = words()["hair_colours"][match.group(1)]
    return (str(shape) if shape else None), colour


def has_glasses(text: str) -> bool:
    return any(re.search(rf"\b{re.escape(w)}\b", text.lower()[:LIMIT]) for w in words()["glasses"]["words"])
