"""Ages and heights of people from what is said of them: the tables of stature.toml."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shotwright.model.story import Character, Look

LIMIT = 4000
"""Characters of a description that are read; the rest is passed over."""
PERCH_M = 0.8
SMALL_M = 0.5
LEAST_M = 0.6
EYES_SHARE = 0.93
"""Eyes of somebody who stands, as a share of the height."""
GROWN = 30.0
"""Years of somebody whose age nobody says."""


@cache
def tables() -> dict[str, Any]:
    """The contents of stature.toml, read once."""
    return tomllib.loads(resources.files("shotwright.craft").joinpath("stature.toml").read_text("utf-8"))


@cache
def _age_words() -> re.Pattern[str]:
    words = sorted(tables()["ages"], key=lambda word: (-len(word), word))
    return re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, words)) + r")(?![\w-])")


def years_in(text: str) -> float | None:
    """An age said in words or figures: `thirty-six`, `58`, `in her forties`, `an old man`."""
    low = text.lower()[:LIMIT].replace("’", "'")
    for decade, years in tables()["decades"].items():
        if re.search(rf"\b{decade}\b", low):
            shift = -3 if re.search(rf"early {decade}", low) else 3 if re.search(rf"late {decade}", low) else 0
            return float(years + shift)
    match = re.search(r"\b(\d0)'?s\b", low)
    if match:
        return float(match.group(1)) + 5
    names = "|".join(sorted(tables()["numbers"], key=len, reverse=True))
    for pattern in (
        rf"\b(?:aged?|at|of|is|about|around|nearly|almost)\s+(\d{{1,3}}|(?:{names})(?:[- ](?:{names}))?)\b"
        r"(?!\s+(?:months|hours|people|birds))",
        rf"\b(\d{{1,3}}|(?:{names})(?:-(?:{names}))?)[- ]years?[- ]old\b",
        rf"[,(]\s*(\d{{1,3}}|(?:{names})(?:-(?:{names}))?)\s*(?=[,.;)]|$)",
        rf"^\W*(\d{{1,3}}|(?:{names})(?:[- ](?:{names}))?)\W*$",
    ):
        match = re.search(pattern, low)
        if match:
            value = _number(match.group(1))
            if 0 < value < 110:
                return value
    match = _age_words().search(low)
    return float(tables()["ages"][match.group(1)]) if match else None


def _number(text: str) -> float:
    if text.isdigit():
        return float(text)
    return float(sum(tables()["numbers"].get(part, 0) for part in re.split(r"[- ]", text)))


def usual_height(years: float, gender: str) -> float:
    """Metres; growth as in the usual tables, a little lost again in old age. An unknown gender is half-way."""
    if gender not in ("male", "female"):
        return round((usual_height(years, "male") + usual_height(years, "female")) / 2, 4)
    table = tables()["metres"]
    at, line = table["years"], table[gender]
    if years <= at[0]:
        return float(line[0])
    for i in range(len(at) - 1):
        if years <= at[i + 1]:
            return float(line[i] + (line[i + 1] - line[i]) * (years - at[i]) / (at[i + 1] - at[i]))
    return float(line[-1] - table["old_age"] * min(1.0, max(0.0, (years - 55) / 30)))


def years_fit(height_m: float, years: float) -> bool:
    """Whether a height that the library gives can be that of somebody of an age: a look may be another age's."""
    return years >= 15 or abs(height_m - usual_height(years, "female")) < 0.3


def animal_eyes(animal: Character) -> float:
    """Metres from an animal's eyes to what it stands on, by what it is called or said to be."""
    known = tables()["animals"]
    for word in re.findall(r"[a-z]+", f"{animal.name} {animal.id} {animal.description}".lower()[:LIMIT]):
        if word in known or word.removesuffix("s") in known:
            return float(known.get(word, known.get(word.removesuffix("s"))))
    return float(known["default"])


def perch_of(animal: Character) -> float:
    """Metres from the floor to what an animal stands on: small ones are met on a sill, a wall or a table."""
    return PERCH_M if animal_eyes(animal) < SMALL_M else 0.0


def height_of(character: Character, look: Look | None, given: float | None) -> float:
    """Metres of somebody in a look: the library's where they can be theirs, else the usual ones at the age said.

    An animal's is that of somebody with its eyes, and no less than a toddler's: sizes are scaled to it.
    """
    if character.kind == "animal":
        return max(animal_eyes(character) / EYES_SHARE, LEAST_M)
    said = (look.age if look else "", character.age, character.description, character.name)
    years = next((found for text in said if text and (found := years_in(text)) is not None), None)
    if given and (years is None or years_fit(given, years)):
        return given
    return usual_height(GROWN if years is None else years, character.gender)
