"""The words by which the reader of prose knows headings, tags and quotations (`prose.toml`), loaded once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class ProseWords:
    """The table's patterns."""

    chapter: re.Pattern[str]
    """A whole line that is a chapter mark."""
    tag_first: re.Pattern[str]
    """What opens a tag right after a speech: `said Anna`, `he asked`, `the old man said`."""
    spoken_last: re.Pattern[str]
    """What ends narration that leads to a speech: `and said`, `Anna asked him`."""
    dash_tag: re.Pattern[str]
    """A tag inside speech that dashes mark, from the space or dash before it."""
    written: re.Pattern[str]
    """Narration after which a quotation is read and not heard: `the sign said`."""
    matter: re.Pattern[str]
    """What opens a paragraph about the work: `Logline:`."""
    called: re.Pattern[str]
    """Narration after which a quotation is a name or a title: `a book called`."""


def _either(text: str) -> str:
    return "|".join(re.escape(word.replace("_", " ")) for word in sorted(text.split(), key=lambda w: (-len(w), w)))


@cache
def words() -> ProseWords:
    """The table, read from the package on the first call."""
    raw = tomllib.loads(files(__package__).joinpath("prose.toml").read_text(encoding="utf-8"))
    verb = _either(raw["speech_verbs"])
    adverb = r"(?:\w+ly|then|only|just|never|always|finally|at last)"
    pronoun = "[Hh]e|[Ss]he|[Tt]hey|[Ww]e|I|[Ii]t|[Yy]ou|[Nn]obody|[Nn]o one|[Ss]ome(?:body|one)|[Ee]very(?:body|one)"
    name = r"(?:(?:Mr|Mrs|Ms|Dr|St)\.? )?[A-ZÀ-Þ][\w’'-]+(?: (?:[A-ZÀ-Þ][\w’'-]+|de|van|von|der|la)){0,3}"
    article = "[Tt]he|[Aa]n?|[Ll][ae]|[Uu]ne?|[Ee]l|[Uu]na|[Dd](?:er|ie|as)|[Ee]ine?"
    owner = f"{article}|[Hh]is|[Hh]er|[Mm]y|[Tt]heir|[Oo]ur|[Ii]ts|[Aa]nother|[Oo]ne of the"
    noun = rf"(?:{owner}|{name}['’]s) (?:[\w’'-]+ ){{0,3}}?[\w’'-]+"
    inverted = r"(?:-t)?-(?:il|elle|ils|elles|on)\b"
    someone = rf"(?:(?:{pronoun})\b|(?:[Tt]he )?{name}|{noun})"
    return ProseWords(
        chapter=re.compile(
            rf"(?:{_either(raw['chapters'])})(?:\s+(?:the\s+)?(?:[ivxlcdm]+|\d+|{_either(raw['ordinals'])}))?\b"
            r"[.:]?(?:\s*[-–—:.]?\s*.{0,80})?$",
            re.IGNORECASE,
        ),
        tag_first=re.compile(
            rf"[—–-]?\s*(?:(?:{verb})\b|{someone} (?:{adverb} )?(?:had |would |could )?(?:{adverb} )?(?:{verb})\b)"
        ),
        spoken_last=re.compile(rf"\b(?:{verb})\b[^.!?“”\"]{{0,40}}[,:]?$"),
        dash_tag=re.compile(
            rf"(?:(?<=[,.!?…])\s+|\s*[—–―]\s*)"
            rf"(?:(?:{verb})(?: (?:{someone})|{inverted})|{someone} (?:{adverb} )?(?:{verb})\b)"
        ),
        written=re.compile(
            rf"\b(?:{_either(raw['written'])})s?\b[^.!?]{{0,40}}\b(?:said|says|read|reads|that|with|of|saying|reading)"
            r"(?: only| simply| just)?[,:]?\s*[“\"‘']?$",
            re.IGNORECASE,
        ),
        matter=re.compile(rf"[*_]{{0,3}}(?:{_either(raw['matter'])})[*_]{{0,3}}\s*:", re.IGNORECASE),
        called=re.compile(
            rf"\b(?:{_either(raw['called'])})(?:\s+(?:it|him|her|them|the|a|an|this|that))*\s*$", re.IGNORECASE
        ),
    )
