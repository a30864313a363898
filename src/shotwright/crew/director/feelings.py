"""What the script itself says of how somebody feels, in its own words, kept from shot to shot."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CLAUSES = re.compile(r"\s*(?:[,;:.!?…]+|--+|—|–|\.\.\.)\s*|\s+(?=(?:and|but|while|as|who|when)\s)")
_JOINED = re.compile(r"^(?:and|but|while|as|who|when|so|then|yet|still|now|clearly|just)\s+", re.I)
_COPULA = re.compile(
    r"^(?:is|are|was|were|looks|look|seems|seem|feels|feel|gets|becomes|appears|remains)\s+(?:to be )?"
)
_DENIED = re.compile(
    r"(?:\b(?:not|never|no|nobody|without|less|isn't|aren't|wasn't|doesn't|don't|can't|should|would|could|might)\b|n't)"
    r"(?:\W+\w+){0,3}\W*$"
)
_SHOWN = re.compile(
    r"\b(?:can't|cannot|couldn't|can not|unable to|trying not to|barely|hardly)\s+(?:quite |even )?"
    r"(?:hide|contain|articulate|control|help|conceal|suppress|disguise|hold|keep|stop)\b[^.]*$"
)
_SUBJECT = re.compile(r"^(?:he|she|they|both|all)\b\s*", re.I)
_OWNED = re.compile(
    r"^(?:his|her|their|its|the|a|an|this|that|there|it|my|our|your|one|some|everyone|nobody|which|what|where|if|because)\b",
    re.I,
)


_NO_STOPS = str.maketrans(dict.fromkeys('.,;:!?…—–"“”()*/', " "))
_ARTICLE = re.compile(r"^(?:a|an|the)\s+(?:\w+ly\s+)?", re.I)


@dataclass(frozen=True, slots=True)
class Felt:
    """One finding: the words of the script, and the beat that they belong to."""

    words: str
    beat: str
    lasts: bool
    """A state (`furious`); a deed (`laughs`) is over when it is done."""


@dataclass(frozen=True, slots=True)
class FeelingTable:
    """The contents of `feelings.toml`."""

    found: re.Pattern[str]
    first: frozenset[str]
    """The first words of all that may be found, to pass over most sentences at once."""
    beats: dict[str, str]
    lasting: frozenset[str]
    worded: int
    coloured: int
    brief: int
    longest: int
    dark: frozenset[str]
    light: frozenset[str]


@cache
def feeling_table() -> FeelingTable:
    """The table, read once."""
    raw = tomllib.loads(files("shotwright.crew.director").joinpath("feelings.toml").read_text("utf-8"))
    beats = {word: beat for part in ("states", "verbs") for beat, words in raw[part].items() for word in words}
    longest_first = sorted(beats, key=lambda w: (-len(w), w))
    return FeelingTable(
        found=re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![\w-])", re.I),
        first=frozenset(word.split()[0] for word in beats),
        beats=beats,
        lasting=frozenset(w for words in raw["states"].values() for w in words),
        worded=raw["limits"]["worded"],
        coloured=raw["limits"]["coloured"],
        brief=raw["limits"]["brief"],
        longest=raw["limits"]["longest"],
        dark=frozenset(raw["against"]["dark"]),
        light=frozenset(raw["against"]["light"]),
    )


@lru_cache(maxsize=8192)
def _clauses(text: str) -> tuple[tuple[str, str, str, bool], ...]:
    """(clause, feeling word, the clause up to it, whether it opens the sentence) of each clause that has a word."""
    table = feeling_table()
    if table.first.isdisjoint(text.lower().translate(_NO_STOPS).split()):
        return ()
    hits = []
    for n, part in enumerate(_CLAUSES.split(text)):
        clause = _JOINED.sub("", part.strip(' "“”()'))
        match = table.found.search(clause)
        if match:
            hits.append((clause, match.group(0).lower(), clause[: match.start()], n == 0))
    return tuple(hits)


def felt_in(
    text: str, actors: Sequence[str], names: Mapping[str, str], genders: Mapping[str, str]
) -> list[tuple[str, Felt]]:
    """(who, what is felt) as a sentence of action says it, for those who act in it.

    `names` maps the lower-case names and aliases of the scene's people to their ids, `genders` the ids to genders. A
    clause whose subject is neither one of them nor a pronoun for one who acts in the sentence tells of nobody.
    """
    hits = _clauses(text)
    if not hits:
        return []
    table = feeling_table()
    found: list[tuple[str, Felt]] = []
    for clause, word, before, opens in hits:
        ahead = before.lower().replace("’", "'")
        if _DENIED.search(ahead) and not _SHOWN.search(ahead):
            continue
        who, rest = _owner(clause, word, actors, names, genders)
        if not who:
            continue
        lasts = word in table.lasting
        words = _COPULA.sub("", rest).strip(" .")
        if opens and words and words[0].isupper() and words.lower().startswith(word):
            words = words[0].lower() + words[1:]
        if len(words.split()) > table.longest:
            words = word
        if words and words == words.strip("’'"):
            found.extend((w, Felt(words, table.beats[word], lasts)) for w in who)
    return found


def _owner(
    clause: str, word: str, actors: Sequence[str], names: Mapping[str, str], genders: Mapping[str, str]
) -> tuple[tuple[str, ...], str]:
    """Whose clause it is, and the clause without its subject."""
    words = clause.split()
    article = _ARTICLE.match(clause)
    if article and clause[article.end() :].lower().startswith(word + " "):
        # `A dejected Scott leaves.`
        named = clause[article.end() + len(word) + 1 :].split()
        whose = next((names[n] for k in (3, 2, 1) if (n := " ".join(named[:k]).lower()) in names), "")
        return ((whose,) if whose else ()), word
    for size in (4, 3, 2, 1):
        lead = " ".join(words[:size]).lower()
        if size < len(words) and lead in names:
            return (names[lead],), " ".join(words[size:])
    subject = _SUBJECT.match(clause)
    if subject:
        pronoun = subject.group(0).strip().lower()
        if pronoun in ("they", "both", "all"):
            return tuple(actors), clause[subject.end() :]
        gender = "female" if pronoun == "she" else "male"
        mine = [a for a in actors if genders.get(a) == gender] or [a for a in actors if genders.get(a) == "unknown"]
        return tuple(mine[:1]), clause[subject.end() :]
    if clause[:2] == "a " and len(words) < 9 and actors:
        # `Josephine covers for him, a smile as warm as summer.`
        return (actors[0],), clause
    if _OWNED.match(clause) or (words and words[0][:1].isupper() and words[0].lower() not in feeling_table().beats):
        return (), clause
    return tuple(actors[:1]), clause


class Feelings:
    """What each person of a scene was last said to feel."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[Felt, int]] = {}

    def note(self, who: str, felt: Felt, at: int) -> None:
        """Keep what somebody is said to feel in the shot of that number."""
        self._last[who] = (felt, at)

    def worded(self, who: str, at: int, *, lasting: bool = False) -> str:
        """The script's own words for it, in the shot where they stand or just after; `lasting` leaves out deeds."""
        felt, since = self._last.get(who, (None, -99))
        if felt is None or at - since > feeling_table().worded or (lasting and not felt.lasts):
            return ""
        if at == since:
            return felt.words
        return f"still {felt.words}" if felt.lasts and len(felt.words.split()) <= 4 else ""

    def beat(self, who: str, beat: str, at: int) -> str:
        """The beat that a part is played in: its own while it lasts; nobody brightens without being told to."""
        felt, since = self._last.get(who, (None, -99))
        if felt is None:
            return beat
        if at == since:
            return felt.beat
        table = feeling_table()
        if felt.lasts and at - since <= (table.coloured if felt.beat in table.dark else table.brief):
            return felt.beat
        return "calm" if felt.beat in table.dark and beat in table.light else beat

    def colours(self, people: Sequence[str], beat: str, at: int) -> str:
        """The beat that a shot of these people serves: the feeling that the script gives one of them comes first."""
        for who in people:
            own = self.beat(who, beat, at)
            if own != beat and (own in feeling_table().dark or self._last[who][1] == at or own == "calm"):
                return own
        return beat
