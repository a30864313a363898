"""Direction that the script itself gives: the camera words, the transitions and the texts that must be read.

A camera direction counts in capitals anywhere in a sentence, and in plain words only in the forms that speak of the
camera (`we push in on …`, `close on …`). The patterns are in `directions.toml`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from shotwright.model.crew import WrittenDirection

if TYPE_CHECKING:
    from shotwright.model.ids import UnitId
    from shotwright.model.vocabulary import Transition

_CAPITALS = re.compile(r"\b[A-Z][A-Z'’.-]+\b|\bP\.O\.V\b")
_PLAIN_HINT = re.compile(
    r"\b(?:we|camera|close|tight|wide|from|through|hold|stay|linger|remain|freeze|slow|reveal)\b", re.I
)
_LEAD = re.compile(r"^(?:\s|[-–—:,.])+|(?:\s|[-–—:,])+$")
_ARTICLE = re.compile(
    r"^(?:(?:along|with|past|through|across|on|to|of|over)\s+)?(?:(?:the|a|an|his|her|their|its)\s+)?", re.I
)
_CAPITAL_RUN = re.compile(r"^(?:[A-Z0-9'’&.-]+(?:\s+|$)){1,6}")


_ELEMENT = re.compile(
    r"^(?:IN (?:A|ONE) )?(?:VARIOUS|SINGLE|SERIES OF|QUICK|DIFFERENT)\s+(?:SHOTS?|CUTS?|ANGLES?)\s*[:.,\-–—]+\s*"
)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The patterns of `directions.toml`, compiled."""

    directions: tuple[tuple[str, re.Pattern[str] | None, re.Pattern[str] | None], ...]
    transitions: tuple[tuple[Transition, re.Pattern[str]], ...]
    title: re.Pattern[str]
    shown: tuple[re.Pattern[str], ...]
    lead: re.Pattern[str]


@cache
def lexicon() -> Lexicon:
    """The lexicon, read once."""
    raw = tomllib.loads(files("shotwright.craft").joinpath("directions.toml").read_text("utf-8"))

    def compiled(entry: dict[str, Any], key: str, flags: int = 0) -> re.Pattern[str] | None:
        return re.compile(entry[key], flags) if key in entry else None

    return Lexicon(
        directions=tuple((d["kind"], compiled(d, "caps"), compiled(d, "any", re.I)) for d in raw["direction"]),
        transitions=tuple((cast("Transition", k), re.compile(v)) for k, v in raw["transitions"].items()),
        title=re.compile(raw["text"]["title"], re.S),
        shown=tuple(re.compile(raw["text"][key]) for key in ("shown", "capital", "sign")),
        lead=re.compile(raw["text"]["lead"]),
    )


@lru_cache(maxsize=8192)
def _found(text: str) -> tuple[tuple[str, str, str], ...]:
    """(kind, target words, words as written) of each direction in a text, in order of place."""
    capitals, hint = _CAPITALS.search(text), _PLAIN_HINT.search(text)
    if not capitals and not hint:
        return ()
    hits: list[tuple[int, int, str, str, str]] = []
    for rank, (kind, caps, plain) in enumerate(lexicon().directions):
        match = caps.search(text) if caps and capitals else None
        if match is None and plain and hint:
            match = plain.search(text)
        if match is None:
            continue
        target = next((v for v in match.groupdict().values() if v), "")
        hits.append((match.start(), rank, kind, _target(target), _LEAD.sub("", match.group(0))))
    hits.sort()
    kept: list[tuple[int, int, str, str, str]] = []
    for hit in hits:
        # One phrase is one direction: a later pattern that starts inside an earlier one's words is the same words.
        if any(hit[0] < other[0] + len(other[4]) and hit[0] - other[0] < 14 for other in kept):
            continue
        kept.append(hit)
    return tuple((kind, target, words) for _, _, kind, target, words in kept)


def _target(words: str) -> str:
    words = _LEAD.sub("", words)
    run = _CAPITAL_RUN.match(words)
    if run and len(run.group(0)) >= 3:
        words = run.group(0)
    words = re.split(r"\s(?:as|while|and then|where|which|who)\s|,", words, maxsplit=1)[0]
    return _ARTICLE.sub("", _LEAD.sub("", words))[:60].rstrip(". ")


def written_directions(text: str, unit: UnitId, names: dict[str, str] | None = None) -> tuple[WrittenDirection, ...]:
    """The camera directions in a sentence of action or a direction unit, in order.

    `names` maps upper-case names and aliases to story ids; a target that one of them names becomes its id.
    """
    return tuple(
        WrittenDirection(kind=cast("Any", kind), target=resolve(target, names or {}), unit=unit, words=words)
        for kind, target, words in _found(text)
    )


def resolve(words: str, names: dict[str, str]) -> str:
    """The story id that the words name, the longest name first, else the words."""
    upper = re.sub(r"['’]S$", "", words.upper())
    if upper in names:
        return names[upper]
    for name in sorted(names, key=lambda n: (-len(n), n)):
        if len(name) > 2 and re.search(rf"\b{re.escape(name)}\b", upper):
            return names[name]
    return words


def transition_of(text: str) -> Transition | None:
    """The transition that a direction unit asks for (`CUT TO:` is a cut), or None when it is no transition."""
    upper = text.strip()
    if upper != upper.upper():
        return None
    return next((name for name, pattern in lexicon().transitions if pattern.search(upper)), None)


@lru_cache(maxsize=8192)
def without_camera(text: str) -> str:
    """A sentence of action without the camera words before it: `We RUSH IN on Zacky, who stares.` -> `Zacky stares.`"""
    text = _ELEMENT.sub("", text) or text
    match = lexicon().lead.match(text)
    if not match or not match.group(0) or not _found(text):
        return text
    rest = text[match.end() :].strip()
    if len(rest) < 3:
        return text
    rest = re.sub(r"^((?:[A-Z][\w’'.-]*\s?){1,3}), who (is|was|are|has|\w+s)\b", r"\1 \2", rest)
    return rest[:1].upper() + rest[1:]


@lru_cache(maxsize=8192)
def title_text(text: str) -> str:
    """The words of a SUPER or title card, else empty."""
    match = lexicon().title.match(text)
    return _unquoted(match.group("text")) if match else ""


@lru_cache(maxsize=8192)
def shown_text(text: str) -> str:
    """Words that a sentence of action says are to be read (`lights up: MUM`, `a sign reads "CLOSED"`), else empty."""
    for pattern in lexicon().shown:
        match = pattern.search(text)
        if match:
            return _unquoted(next(v for v in match.groupdict().values() if v))
    return ""


def _unquoted(words: str) -> str:
    return " ".join(words.split()).strip("\"“”'’«» ").rstrip(".") or ""
