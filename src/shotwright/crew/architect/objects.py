"""Props, vehicles, animals, clothes and bodily condition in a scene's action."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from shotwright.crew.architect.lexicon import things, verbs
from shotwright.model.ids import EntityId, UnitId, entity_id
from shotwright.model.story import Evidence, Thing

if TYPE_CHECKING:
    from shotwright.crew.architect.sightings import Sentence

_OWNING = frozenset(("his", "her", "their"))
_NOTHING: frozenset[str] = frozenset()
_WORD = re.compile(r"[\w-]+")


@dataclass(slots=True)
class Noun:
    """A thing named in a sentence."""

    start: int
    end: int
    name: str
    kind: str
    head: str
    capital: bool
    owner: EntityId | None


@dataclass(slots=True)
class SceneThings:
    """The things of a scene: gathered while sentences are read, closed into values at the end."""

    found: dict[EntityId, Thing] = field(default_factory=dict)
    by_head: dict[str, EntityId] = field(default_factory=dict)
    units: dict[EntityId, list[UnitId]] = field(default_factory=dict)
    spoken: dict[EntityId, str] = field(default_factory=dict)
    """Things that somebody has spoken of -> what they were called."""

    def hear(self, text: str) -> None:
        """A speech names a compound (`this Key to the City`): a bare head noun in action after it means that."""
        lexicon = things()
        words = _WORD.findall(text.casefold())
        if lexicon.compounds.keys().isdisjoint(words):
            return
        for at in range(len(words)):
            name = _compound_at(words, at)
            if name is not None:
                eid = entity_id(lexicon.kind[name], name)
                self.by_head[_head(name)] = eid
                self.spoken[eid] = name

    def add(self, noun: Noun, unit: UnitId) -> EntityId:
        """The thing's id: a bare head noun means the compound named before it in the scene."""
        eid = entity_id(noun.kind, noun.name)
        if noun.name == noun.head and noun.head in self.by_head:
            eid = self.by_head[noun.head]
        self.by_head.setdefault(noun.head, eid)
        if noun.name != noun.head:
            self.by_head[noun.head] = eid
        known = self.found.get(eid)
        if known is None or (noun.capital and not known.hero) or (noun.owner and not known.owner):
            self.found[eid] = Thing(
                id=eid,
                kind=noun.kind,
                name=known.name if known else self.spoken.get(eid, noun.name),
                hero=noun.capital or bool(known and known.hero),
                owner=(known.owner if known else None) or noun.owner,
            )
        seen = self.units.setdefault(eid, [])
        if not seen or seen[-1] != unit:
            seen.append(unit)
        return eid

    def close(self) -> tuple[Thing, ...]:
        return tuple(
            thing.model_copy(
                update={
                    "evidence": Evidence(
                        units=tuple(self.units[eid][:6]), confidence=0.8, because="handled, owned or named"
                    )
                }
            )
            for eid, thing in self.found.items()
        )


@lru_cache(maxsize=16384)
def singular(word: str) -> str:
    """The singular of a noun when that is a known thing, else the word."""
    known = things().kind
    if word in known:
        return word
    for suffix, instead in (("ies", "y"), ("ves", "fe"), ("ves", "f"), ("es", ""), ("s", ""), ("men", "man")):
        if word.endswith(suffix) and word[: -len(suffix)] + instead in known:
            return word[: -len(suffix)] + instead
    return word


@lru_cache(maxsize=16384)
def _may_be_thing(word: str) -> bool:
    lexicon = things()
    return word in lexicon.compounds or singular(word.removesuffix("'s")) in lexicon.kind


@cache
def _garment_words() -> frozenset[str]:
    lexicon = things()
    return lexicon.garments | frozenset(lexicon.garment_compounds)


def nouns(sentence: Sentence) -> list[Noun]:
    """The things that a sentence names and that count: always, handled, owned or in capitals; not set dressing."""
    lexicon = things()
    words, raw = sentence.words, sentence.raw
    taken = {at for mention in sentence.mentions if not mention.pronoun for at in range(mention.start, mention.end)}
    found: list[Noun] = []
    if not any(map(_may_be_thing, words)):
        return found
    handling = _handling(sentence)
    at = 0
    while at < len(words):
        if not _may_be_thing(words[at]) or at in taken:
            at += 1
            continue
        hit = _compound_at(words, at)
        name = hit or singular(words[at].removesuffix("'s"))
        kind = lexicon.kind.get(name)
        doubtful = hit is None and (words[at] in verbs().forms or words[at] in _DOUBTFUL)
        heard = not lexicon.heard_with.get(name, _NOTHING).isdisjoint(words)
        if kind is None or heard or (doubtful and not _noun_position(words, at)):
            at += 1
            continue
        end = at + (len(name.split(" ")) if hit else 1)
        if _likened(words, at):
            at = end
            continue
        if end < len(words) and _is_modifier(words, end) and kind != "animal":
            at = end
            continue
        owner, owned = _owner(sentence, at)
        capital = raw[end - 1].isupper() and len(raw[end - 1]) > 2 and not sentence.text.isupper()
        if (
            kind != "prop"
            or name in lexicon.always
            or capital
            or owned
            or any(-8 <= verb - at <= 3 for verb in handling)
        ):
            found.append(Noun(at, end, name, kind, _head(name), capital, owner))
        at = end
    return found


def _head(name: str) -> str:
    """The noun that a phrase is about: `pocket watch` is a watch, `key to the city` a key."""
    return name.partition(" to ")[0].partition(" of ")[0].split(" ")[-1]


def _likened(words: list[str], at: int) -> bool:
    """True inside a comparison: `like a thrown glove`, `as big as a bus`."""
    near = words[max(0, at - 4) : at]
    for back, word in enumerate(reversed(near), start=1):
        if word in (",", ".", ";", "--", "—"):
            return False
        if word == "like" and not _LIKES.intersection(words[max(0, at - back - 1) : at - back]):
            return True
        if word == "as" and "as" in words[max(0, at - back - 4) : at - back]:
            return True
    return False


_LIKES = frozenset(("looks", "would", "they", "we", "i", "you", "feels"))


def _noun_position(words: list[str], at: int) -> bool:
    before = words[at - 1] if at else ""
    if before in ("one", "two", "three", "four", "that", "this", "of") and not words[at].endswith("s"):
        return before in ("this", "that") and words[at] != "can"
    if words[at] == "camera":
        return before in ("a", "her", "his")
    return before in _BEFORE_NOUN or before.endswith("'s") or before in _PLAIN


_DOUBTFUL = frozenset(
    [
        "can",
        "check",
        "pass",
        "sign",
        "watch",
        "note",
        "light",
        "match",
        "safe",
        "screen",
        "present",
        "gift",
        "book",
        "fan",
        "camera",
        "bill",
        "fly",
        "bat",
        "duck",
        "bear",
        "saw",
    ]
)
_BEFORE_NOUN = frozenset(
    ["a", "an", "the", "his", "her", "their", "its", "this", "that", "of", "with", "one", "two", "three", "four"]
)
_HEADS = frozenset(
    [
        "door",
        "table",
        "shop",
        "store",
        "stand",
        "room",
        "house",
        "box",
        "case",
        "seat",
        "window",
        "wheel",
        "rack",
        "keeper",
        "holder",
        "drawer",
        "shelf",
        "hole",
        "handle",
        "stop",
        "station",
        "driver",
        "engine",
        "horn",
        "tire",
        "tires",
        "roof",
        "hood",
        "trunk",
        "bench",
        "stall",
        "pen",
        "yard",
        "barn",
        "lot",
        "park",
        "top",
        "side",
        "factory",
        "salesman",
        "nest",
        "field",
        "finger",
        "tone",
    ]
)


def _is_modifier(words: list[str], at: int) -> bool:
    """True when a noun only qualifies the next: `car door`, `coffee shop`."""
    return words[at].removesuffix("'s") in _HEADS


def _compound_at(words: list[str], at: int) -> str | None:
    for parts in things().compounds.get(words[at], ()):
        end = at + len(parts)
        if end <= len(words) and (*words[at : end - 1], singular(words[end - 1])) == parts:
            return " ".join(parts)
        if end <= len(words) and (*words[at : end - 1], words[end - 1].removesuffix("s")) == parts:
            return " ".join(parts)
    return None


def _handling(sentence: Sentence) -> list[int]:
    classes = verbs().classes
    handles = classes["takes"] | classes["drops"] | classes["uses"] | classes["looks"]
    return [
        verb.at
        for verb in sentence.verbs
        if verb.base in handles
        or any(f"{verb.base} {particle}" in classes["takes"] for particle in verbs().particles.get(verb.base, ()))
    ]  # fmt: skip


def _owner(sentence: Sentence, at: int) -> tuple[EntityId | None, bool]:
    """Who owns the noun at a word: `Mara's watch`, `his tie`, `her old phone`."""
    for mention in sentence.mentions:
        if mention.possessive and 0 <= at - mention.end <= 2:
            return (mention.who[0] if len(mention.who) == 1 else None), True
    owned = any(word in _OWNING for word in sentence.words[max(0, at - 3) : at])
    return None, owned


def garments(sentence: Sentence) -> list[tuple[EntityId, str, bool]]:
    """(who, garment, whether it comes off): what a sentence says that somebody wears, puts on or takes off."""
    lexicon = things()
    out: list[tuple[EntityId, str, bool]] = []
    words = sentence.words
    if _garment_words().isdisjoint(words):
        return out
    at = 0
    while at < len(words):
        name = ""
        for parts in lexicon.garment_compounds.get(words[at], ()):
            if tuple(words[at : at + len(parts)]) == parts:
                name = " ".join(parts)
                break
        if not name and words[at] in lexicon.garments:
            name = words[at]
        if not name:
            at += 1
            continue
        who = None if name == "belt" and _of_a_seat(words, at) else _wearer(sentence, at)
        end = at + len(name.split(" "))
        if who is not None:
            out.append((who, _with_colour(words, at, name), _comes_off(words, at, end)))
        at = end
    return out


def _comes_off(words: list[str], start: int, end: int) -> bool:
    """`whips off his hat`, `kicks her shoes off`, `removes his coat`, `slips out of her dress`."""
    before = words[max(0, start - 6) : start]
    for back, word in enumerate(reversed(before), start=1):
        if word in (",", ".", ";", "--", "—", "and", "then"):
            break
        if word in _REMOVING:
            return True
        if word in _STRIPPING:
            between = words[start - back + 1 : start]
            return "off" in between or between[:2] == ["out", "of"] or words[end : end + 1] == ["off"]
    return False


def _forms(bases: str, others: str = "") -> frozenset[str]:
    """Verbs in all regular forms, the doubled consonant too (`whip`, `whipping`), and the irregular ones given."""
    found = set(others.split())
    for base in bases.split():
        stem = base.removesuffix("e")
        found |= {base, base + "s", stem + "ing", stem + "ed", base + base[-1] + "ing", base + base[-1] + "ed"}
    return frozenset(found)


_REMOVING = _forms("remove shed doff lose", "lost")
_STRIPPING = _forms(
    "take pull whip kick slip strip peel rip tear throw yank shrug toss tug", "took taken tore torn threw thrown tosses"
)
_BUCKLES = ("buckl", "unbuckl", "fasten", "unfasten", "clip", "unclip", "click", "seat")


def _of_a_seat(words: list[str], at: int) -> bool:
    """A belt that is fastened in a car is no garment."""
    return any(word.startswith(_BUCKLES) or word in ("safety", "fan") for word in words[max(0, at - 4) : at])


_WEARS = frozenset(
    [
        "wears",
        "wearing",
        "wear",
        "dressed",
        "in",
        "clad",
        "dons",
        "donning",
        "into",
        "sporting",
        "his",
        "her",
        "buttons",
        "adjusts",
        "straightens",
        "loosens",
        "dressing",
    ]
)
_PLAIN = frozenset(
    [
        "red",
        "blue",
        "green",
        "yellow",
        "white",
        "black",
        "brown",
        "grey",
        "gray",
        "pink",
        "purple",
        "orange",
        "silver",
        "gold",
        "golden",
        "navy",
        "lilac",
        "plaid",
        "striped",
        "tweed",
        "denim",
        "leather",
        "wool",
        "woollen",
        "muddy",
        "wet",
        "old",
        "new",
        "thin",
        "felt",
        "silk",
        "cotton",
        "hospital",
        "felt",
        "straw",
        "torn",
        "bright",
        "dark",
        "pale",
        "good",
        "expensive",
        "cheap",
        "long",
        "short",
    ]
)


def _wearer(sentence: Sentence, at: int) -> EntityId | None:
    near = sentence.words[max(0, at - 6) : at]
    named = [mention for mention in sentence.mentions if mention.end <= at and len(mention.who) == 1]
    if not named:
        return None
    if named[-1].possessive and at - named[-1].end <= 3:
        return named[-1].who[0]
    if any(word in _WEARS for word in near):
        return named[-1].who[0]
    introduced = named[-1]
    if (
        at - introduced.end <= 12
        and "," in sentence.words[introduced.end : at]
        and not _verb_between(sentence, introduced.end, at)
    ):
        return introduced.who[0]
    return None


def _verb_between(sentence: Sentence, start: int, end: int) -> bool:
    return any(start <= verb.at < end for verb in sentence.verbs)


def _with_colour(words: list[str], at: int, name: str) -> str:
    start = at
    while start > 0 and at - start < 3 and words[start - 1] in _PLAIN:
        start -= 1
    return " ".join([*words[start:at], name])


def conditions(sentence: Sentence) -> list[tuple[EntityId, str]]:
    """(who, condition): soaked, bleeding, muddy … as far as the sentence ties it to somebody."""
    table = things().conditions
    out: list[tuple[EntityId, str]] = []
    if table.keys().isdisjoint(sentence.words):
        return out
    for at, word in enumerate(sentence.words):
        name = table.get(word)
        if name is None:
            continue
        following = sentence.words[at + 1] if at + 1 < len(sentence.words) else ""
        if following.isalpha() and following not in (
            "and",
            "with",
            "in",
            "from",
            "at",
            "to",
            "on",
            "by",
            "but",
            "as",
            "now",
        ):
            person = next((m for m in sentence.mentions if m.start in (at + 1, at + 2) and not m.pronoun), None)
            if person is None:
                continue
            out.append((person.who[0], name))
            continue
        before = [m for m in sentence.mentions if m.end <= at and m.shown and len(m.who) == 1]
        if before:
            out.append((before[-1].who[0] if before[-1].pronoun else before[0].who[0], name))
    return out
