"""The words by which prose is taken apart (`adapt.toml`), loaded once and shaped for matching."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

NUMBER = (
    r"(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|a hundred|a few|"
    r"several|some|many|half an|\d+)"
)
UNIT = (
    r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|nights?|mornings?|evenings?|afternoons?|winters?|summers?|while|"
    r"moments?)"
)
PRONOUN = (
    r"(?:[Hh]e|[Ss]he|[Tt]hey|[Ww]e|I|[Ii]t|[Yy]ou|[Ss]omeone|[Ss]omebody|[Ee]veryone|[Ee]verybody|"
    r"er|sie|il|elle|él|ella|lui|lei|ele|ela)"
)
"""Of tags; those of other languages only after a verb, where they have no capital."""
NAME = r"(?:(?:Mr|Mrs|Ms|Dr|St|M|Mme)\.? )?[A-ZÀ-Þ][\w’'-]*(?: (?:[A-ZÀ-Þ][\w’'-]+|de|van|von|la)){0,3}"
OWNER = (
    r"(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Mm]y|[Tt]heir|[Oo]ur|[Aa]nother|[Oo]ne of the|[Tt]he other|" + NAME + r"['’]s)"
)
NOUN_WORD = (
    r"(?!(?:he|she|they|we|it|you|and|or|but|who|which|that|when|as|then|had|was|were|is|are|said|in|on|at|to|with)\b)"
    r"[a-z][\w’'-]+"
)
ADVERB = r"(?:\w+ly|then|only|just|never|always|finally|at last|soon|again|also|still|now)"


@dataclass(frozen=True, slots=True)
class AdaptWords:
    """Every table of `adapt.toml`, with the patterns built from them."""

    place: re.Pattern[str]
    """A noun phrase with a noun of a place at its end; groups `lead` (words before it) and `noun`."""
    inside: frozenset[str]
    outside: frozenset[str]
    vehicles: frozenset[str]
    times: tuple[tuple[str, re.Pattern[str]], ...]
    """(time of a heading, words that say it)"""
    jump: re.Pattern[str]
    """A sentence's opening after which time has passed."""
    move: re.Pattern[str]
    """Somebody comes to a place; the place is matched from the end of it."""
    situated: re.Pattern[str]
    """`In the kitchen,` at the head of a sentence, up to the place."""
    within: re.Pattern[str]
    """`in the`, `at the` anywhere, up to the place."""
    alone: re.Pattern[str]
    tag_after: re.Pattern[str]
    """A tag at the head of narration after a speech; groups verb/who, who2/verb2."""
    tag_before: re.Pattern[str]
    """A tag at the end of narration before a speech; groups who, verb."""
    people: frozenset[str]
    """Nouns of people beside those that scripts use."""
    function: frozenset[str]
    """Words with a capital that are no names."""
    manner: dict[str, str]
    """Form of a verb of speaking -> words of a parenthetical."""


def either(text: str) -> str:
    """An alternation of the words of a list, the longest first."""
    return "|".join(re.escape(word.replace("_", " ")) for word in sorted(text.split(), key=lambda w: (-len(w), w)))


def phrases(text: str) -> frozenset[str]:
    """`a b_c` -> {`a`, `b c`}."""
    return frozenset(word.replace("_", " ") for word in text.split())


@cache
def words() -> AdaptWords:
    """The table, read from the package on the first call."""
    raw = tomllib.loads(files(__package__).joinpath("adapt.toml").read_text(encoding="utf-8"))
    places, jumps, moves, speech = raw["places"], raw["jumps"], raw["moves"], raw["speech"]
    nouns = either(f"{places['inside']} {places['outside']} {places['vehicles']}")
    span = rf"{NUMBER}(?: or (?:two|three|four|so))? {UNIT}"
    spans = either(jumps["later"]).replace(re.escape("#"), rf"(?:{span}|{UNIT})")
    days = either(jumps["day"]).replace(re.escape("#"), UNIT)
    verb = either(speech["verbs"])
    who = rf"(?:{PRONOUN}\b|{OWNER} (?:{NOUN_WORD} ){{0,3}}?{NOUN_WORD}|(?:[Tt]he )?{NAME})"
    aux = rf"(?:{ADVERB} )?(?:had |would |could )?(?:{ADVERB} )?"
    return AdaptWords(
        place=re.compile(
            rf"(?P<lead>{OWNER}(?: [\w’'-]+){{0,3}}?)? ?\b(?P<noun>(?:{nouns})s?)\b"
            rf"(?P<of> of (?:the )?[\w’'-]+(?: [A-Z][\w’'-]+)?(?: (?:&|and) [A-Z][\w’'-]+)?)?"
        ),
        inside=phrases(places["inside"]),
        outside=phrases(places["outside"]),
        vehicles=phrases(places["vehicles"]),
        times=tuple(
            (name, re.compile(rf"\b(?:{either(text)})\b", re.IGNORECASE)) for name, text in raw["times"].items()
        ),
        jump=re.compile(
            rf"(?:(?:and |but |so |then |it was )?(?:{days}|{spans})|(?:on |by |the next |the following |next )"
            rf"(?:{either(jumps['days'])})(?: \w+)?|"
            rf"(?:that|the next|the following|in the|in) (?:{either(jumps['seasons'])}))"
            rf"\b|(?:{NUMBER}|the) {UNIT} (?:had )?(?:passed|went by|go by|pass)\b",
            re.IGNORECASE,
        ),
        move=re.compile(
            rf"\b(?:(?:{either(moves['direct'])}) |(?:{either(moves['verbs'])})\b(?: [\w’'-]+){{0,4}}? "
            rf"(?:{either(moves['towards'])}) )(?=(?:{OWNER}|home|[A-Z]))"
        ),
        situated=re.compile(
            r"(?:Back |Down |Up |Out |Over |Upstairs,? |Downstairs,? |Outside,? )?"
            r"(?:[Ii]n|[Aa]t|[Oo]n|[Ii]nside|[Oo]utside|[Uu]nder|[Bb]ehind|[Bb]elow|[Aa]board|"
            r"[Oo]ut in|[Oo]ut on|[Dd]own in|[Uu]p in|[Bb]y) "
        ),
        within=re.compile(
            r"\b(?:in|at|on|alongside|along|inside|outside|into|onto|through|across|from|of|to|aboard|by|near) ",
            re.IGNORECASE,
        ),
        alone=re.compile(rf"(?:{either(raw['company']['alone'])})\b", re.IGNORECASE),
        tag_after=re.compile(
            rf"[\s,—–-]*(?:(?P<verb>{verb})(?: |(?:-t)?-)(?P<who>{who})|"
            rf"(?P<who2>{who}) (?P<aux>{aux})(?P<verb2>{verb}))\b"
        ),
        tag_before=re.compile(rf"(?P<who>{who}) {aux}(?P<verb>{verb})\b(?P<rest>[^.!?]{{0,60}})$"),
        people=phrases(raw["names"]["people"]),
        function=phrases(raw["names"]["function"]),
        manner={form: manner for manner, text in speech["manner"].items() for form in phrases(text)},
    )
