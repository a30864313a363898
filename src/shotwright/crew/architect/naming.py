"""Names: a cue or a name in action brought to one form, taken apart into title, age word and core."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from shotwright.crew.architect.lexicon import people

_BRACKETS = re.compile(r"\s*[(\[（].*$")
_SPACE = re.compile(r"\s+")
_JOINT = re.compile(r"\s+AND\s+|\s*&\s*|\s*/\s*|\s*\+\s*|,\s*(?:AND\s+)?", re.IGNORECASE)
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "´": "'", "\u00a0": " "})
_SMALL = frozenset(("of", "the", "and", "with", "in", "at", "to", "de", "la", "von", "van", "du"))


def is_over(extension: str) -> bool:
    """True of a voice-over, also where it is written with a nought: `V.0.`."""
    return "V.O" in extension.upper().replace("0", "O") or extension.upper().strip("() ") == "VO"


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Straight quotes and single spaces."""
    return _SPACE.sub(" ", text.translate(_QUOTES)).strip()


def cue_key(cue: str) -> str:
    """A cue in the form that cues are compared by: upper case, no extension, no article-free changes.

    `Edward (V.O.)` -> `EDWARD`.
    """
    return plain(_BRACKETS.sub("", cue)).strip(" ^:.").upper() or plain(cue).upper()


def joint_parts(key: str) -> tuple[str, ...]:
    """The names of a cue that joins several, else empty: `EDWARD AND WILL` -> (`EDWARD`, `WILL`)."""
    parts = tuple(part.strip() for part in _JOINT.split(key) if part.strip())
    return parts if len(parts) > 1 else ()


@dataclass(frozen=True, slots=True)
class NameParts:
    """A name taken apart, all lower case."""

    titles: tuple[str, ...]
    age: str
    core: tuple[str, ...]

    @property
    def generic(self) -> bool:
        """True of a name that is only a description: `old woman`, `cop #2`, `teller woman`."""
        words = people()
        if not self.core:
            return True
        last = self.core[-1].rstrip("s") if self.core[-1] not in words.nouns else self.core[-1]
        return (
            last in words.nouns or self.core[-1] in words.groups or self.core[-1].startswith("#")
            or self.core[-1].isdigit() or self.core[-1] == "voice"
        )  # fmt: skip


def take_apart(name: str) -> NameParts:
    """Split a name into titles, age word and core words: `YOUNG DR. BENNETT` -> young, (dr), (bennett)."""
    words = people()
    rest = [word.strip(".,") for word in plain(name).lower().split(" ") if word.strip(".,")]
    while len(rest) > 1 and rest[0] in words.articles:
        rest = rest[1:]
    age = ""
    titles: list[str] = []
    while len(rest) > 1:
        if not age and (rest[0] in words.ages_young or rest[0] in words.ages_old) and rest[1] != "of":
            age, rest = rest[0], rest[1:]
        elif rest[0] in words.titles and not rest[1].startswith("#") and not rest[1].isdigit():
            titles.append(rest[0])
            rest = rest[1:]
        else:
            break
    return NameParts(tuple(titles), age, tuple(rest))


def display(name: str) -> str:
    """A name in normal capitals: `NORTHER WINSLOW` -> `Norther Winslow`, `WILL'S DATE` -> `Will's Date`."""
    out = []
    words = plain(name).split(" ")
    for i, word in enumerate(words):
        low = word.lower()
        if 0 < i < len(words) - 1 and low in _SMALL:
            out.append(low)
        elif re.fullmatch(r"(?:[A-Z]\.)+|[IVX]{2,}|[A-Z]{1,2}\d+", word):
            out.append(word)
        else:
            out.append("-".join(_capital(part) for part in low.split("-")))
    return " ".join(out)


def _capital(word: str) -> str:
    if word.startswith("mc") and len(word) > 3:
        return "Mc" + word[2:3].upper() + word[3:]
    if re.match(r"o'[a-z]", word):
        return "O'" + word[2:3].upper() + word[3:]
    return word[:1].upper() + word[1:]


def age_years(text: str) -> int | None:
    """A number of years out of an age as written: `40's`, `AGE 3`, `mid-50s`, `twenty-year old` -> 40,
    3, 50, 20."""
    digits = re.search(r"\d{1,3}", text)
    if digits:
        return int(digits.group())
    low = text.lower()
    for word, years in _WORDS.items():
        if re.search(rf"\b{word}", low):
            return years
    return None


_WORDS = {
    "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
    "twent": 20, "thirt": 30, "fort": 40, "fift": 50, "sixt": 60, "sevent": 70, "eight(?:y|ies)": 80, "ninet": 90,
    "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12,
}  # fmt: skip


def age_band(years: int | None) -> str:
    """Ages that one actor can play: child, teen, young, middle, old; empty when unknown."""
    if years is None:
        return ""
    for limit, band in ((12, "child"), (17, "teen"), (35, "young"), (54, "middle")):
        if years <= limit:
            return band
    return "old"
