"""What may be heard in a scene beside what was found in it: sounds of the place on offer, and what would be an event
or a weather that the script does not have."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from shotwright.craft.answers import Refused

if TYPE_CHECKING:
    from shotwright.model.crew import ScoredScene
    from shotwright.model.story import SceneBrief

MOST_OFFERED = 6


@dataclass(frozen=True, slots=True)
class _Weather:
    found: re.Pattern[str]
    kept: re.Pattern[str]
    says: str


@dataclass(frozen=True, slots=True)
class _Lexicon:
    events: re.Pattern[str]
    weather: tuple[_Weather, ...]
    near: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]


@cache
def _lexicon() -> _Lexicon:
    table = tomllib.loads(files("shotwright.crew.sound_designer").joinpath("refine.toml").read_text("utf-8"))
    return _Lexicon(
        _words(table["events"]["words"]),
        tuple(_Weather(_words(w["found"]), _words(w["kept"]), w["says"]) for w in table["weather"].values()),
        tuple((_words(f"(?:{n['words']})s?"), tuple(n["sounds"])) for n in table["near"]),
    )


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


def known_sounds(brief: SceneBrief, draft: ScoredScene) -> str:
    """Every word of the scene and of what was found to be heard in it, in lower case."""
    heard = (e.name for shot in draft.shots for e in shot.sound_effects)
    airs = (shot.ambience for shot in draft.shots)
    texts = (u.text for u in brief.scene.units)
    return " ".join(dict.fromkeys([brief.scene.slugline.raw, *texts, *airs, *heard])).casefold()


def offered(brief: SceneBrief, known: str) -> tuple[str, ...]:
    """Sounds that such a place has and that nothing in the scene makes yet, at most `MOST_OFFERED`."""
    slugline = brief.scene.slugline
    for name in (*reversed(slugline.sub_places), slugline.place, brief.place.name):
        for pattern, sounds in _lexicon().near:
            if pattern.search(name):
                return tuple(s for s in sounds if s not in known)[:MOST_OFFERED]
    return ()


def require_plausible(text: str, known: str) -> None:
    """Raise Refused for a sound that would be an event, or a weather, of which the scene knows nothing."""
    for event in _lexicon().events.finditer(text):
        if not re.search(rf"(?<!\w){re.escape(_stem(event.group()))}", known):
            raise Refused(f"“{event.group()}” would be an event that the script does not have")
    for weather in _lexicon().weather:
        found = weather.found.search(text)
        if found and not weather.found.search(known):
            raise Refused(f"“{found.group()}”: nothing in the scene says that {weather.says}")


def require_weather(text: str, air: str) -> None:
    """Raise Refused where a new air leaves out the weather that the old one has from the script."""
    for weather in _lexicon().weather:
        if weather.found.search(air) and not weather.kept.search(text):
            raise Refused(f"{weather.says} in this scene: it must be heard")


def _stem(word: str) -> str:
    return re.sub(r"(?:ing|ed|es|s)$", "", word.casefold())[:5]
