"""Text of the script made fit for a video model: tags for names, words for numbers, no ids, no shouting capitals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.exports.film import words
from shotwright.exports.prompts.tags import appearance, entity_tags, plain_words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from shotwright.exports.film import Film
    from shotwright.model.story import Character

_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ID = re.compile(r"\b[a-z_]+/(\w+(?:\.\w+)*)")
_AGE = re.compile(
    r"(?:,\s*\(?|\s*\()\b(?:aged?\s+)?\d{1,3}(?:['’]?s)?(?:\s*(?:years?|yrs?)[ -]old)?\b\)?(?=\s*[,.;)]|$),?"
)
_MONEY = re.compile(r"[$£€¥]\s?\d[\d,.]*(?:\s?(?:million|thousand|billion|k|m)\b)?", re.IGNORECASE)
_ORDINAL = re.compile(r"\b\d+(?:st|nd|rd|th)\b", re.IGNORECASE)
_MEASURE = re.compile(
    r"\b(?:T|f/)?\d(?:[\d.,:/'’\"x×-]*\d)?[\"”″]?\s*(?:mm|cm|km|kg|ft|fps|seconds?|secs?|minutes?|degrees?|kelvin|K|s|m|%|°|am|pm|a\.m\.|p\.m\.)?(?![\w])"
)
_DIGITS = re.compile(r"\d+")
"""Those left, inside the run of a script that writes no spaces."""
_DESCRIBES = re.compile(r"\s*(?:a|an|the|his|her|their|in|with|and|wearing|dressed|tall|thin)\b")
_SPEED = re.compile(
    r"(?:\b(?:at|of|about|around|by|for|over)\s+)*\b\d[\d.,]*\s*"
    r"(?:mph|km/h|kph|knots|miles|feet|foot|inches|pounds|yards|meters|metres|degrees|percent|proof)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(^|[.!?…]['\"”’)]*\s+)([^\W\d_])")
_SPACES = (
    (re.compile(r"\s+"), " "),
    (re.compile(r"\(\s*\)|\[\s*\]|\"\s*\""), ""),
    (re.compile(r"\s+([,.;:!?])"), r"\1"),
    (re.compile(r"([,;:])(?:\s*[,;:])+"), r"\1"),
    (re.compile(r"[,;:]+([.!?])"), r"\1"),
    (re.compile(r"\b(the|a|an) (?=(?:the|a|an) )", re.IGNORECASE), ""),
    (re.compile(r"\b(in|at|to|from|of|on|with|near|for)(?=[.,;!?])", re.IGNORECASE), ""),
    (re.compile(r"^[\s,;:.!?-]+"), ""),
    (re.compile(r"\s+"), " "),
    (re.compile(r"\s+([,.;:!?])"), r"\1"),
)
_ADJECTIVE_ENDINGS = ("ian", "ean", "ese", "ish", "esque", "ic")
_PRONOUNS = {"female": "she", "male": "he"}


@dataclass(frozen=True, slots=True)
class Wording:
    """The film's tags, and how its names are replaced by them. Made once a film."""

    tags: dict[str, str]
    genders: dict[str, str]
    replacements: dict[str, str]
    """Name as written -> entity id."""
    versions: dict[str, tuple[str, ...]]
    """Person -> the younger and older selves that a script may call by the same name."""
    pattern: re.Pattern[str] | None
    proper: frozenset[str]
    """Words that the script never writes small where it could: names of what has no tag."""

    def tag(self, entity: str) -> str:
        """The words for an entity, an id's last part in plain words where the film does not know it."""
        if entity in self.tags:
            return self.tags[entity]
        _, slash, rest = entity.partition("/")
        if not slash:
            return self.clean(entity)
        return "the person" if entity.startswith("character/") else self.clean(f"the {_plain(rest)}")

    def clean(self, text: str, present: Collection[str] = ()) -> str:
        """The text without proper names, ids and numbers; what it says of the known people is said of their tags.

        `present` are the entities in the scene: a name means the self of that person who is there.
        """
        if not text:
            return ""
        text = _ID.sub(lambda m: self.tags.get(m[0]) or _plain(m[1]), text)
        if self.pattern is not None:
            text = self.pattern.sub(lambda match: self._named(match, present), text)
        text = _SPEED.sub("", _ORDINAL.sub("", _MONEY.sub("money", text)))
        text = _DIGITS.sub("", _MEASURE.sub(_number, _AGE.sub(_age, text)))
        text = self._without_proper(_TOKEN.sub(_quiet, text))
        for pattern, by in _SPACES:
            text = pattern.sub(by, text)
        return _SENTENCE.sub(lambda m: m[1] + m[2].upper(), text.strip())

    def with_subject(self, text: str, people: Iterable[str]) -> str:
        """The text with its opening pronoun named, where just one of the people in frame can be meant."""
        first, _, rest = text.partition(" ")
        meant = [p for p in people if _PRONOUNS.get(self.genders.get(p, "")) == first.lower()]
        if len(meant) != 1:
            return text
        tag = self.tag(meant[0])
        return f"{tag[:1].upper()}{tag[1:]} {rest}"

    def _named(self, match: re.Match[str], present: Collection[str]) -> str:
        entity = self.replacements[_key(match["name"])]
        if entity not in present:
            entity = next((self_ for self_ in self.versions.get(entity, ()) if self_ in present), entity)
        tag = self.tags[entity]
        return f"{tag}’s" if match["own"] else tag

    def _without_proper(self, text: str) -> str:
        """Drop unknown names: whole where a noun follows them, with their preposition where they stand alone."""
        if not self.proper:
            return text
        out: list[str] = []
        end = 0
        tokens = list(_TOKEN.finditer(text))
        for i, match in enumerate(tokens):
            bare = re.sub(r"['’]s$", "", match[0])
            if bare not in self.proper:
                out.append(text[end : match.end()])
                end = match.end()
                continue
            gap = text[end : match.start()]
            following = tokens[i + 1] if i + 1 < len(tokens) else None
            adjoining = following is not None and text[match.end() : following.start()] == " "
            noun_follows = adjoining and following is not None and following[0].islower()
            if not noun_follows or (following and _verbal(following[0]) and not bare.endswith(_ADJECTIVE_ENDINGS)):
                before = out[-1].rstrip() if out and not gap.strip() else ""
                last = before.rsplit(None, 1)[-1].lower() if before else ""
                if adjoining and following is not None and following[0] in self.proper:
                    pass
                elif last in appearance()["numbers"]["prepositions"]:
                    out[-1] = before[: len(before) - len(last)].rstrip()
                    gap = ""
                elif not {"the", "a", "an"} & set(before.lower().split()[-3:]):
                    out.append(f"{gap}someone")
                    gap = ""
                else:
                    out.append(f"{gap}one")
                    gap = ""
            out.append(gap)
            end = match.end()
        out.append(text[end:])
        return "".join(out)


def film_wording(film: Film) -> Wording:
    """The tags and name patterns of a film."""
    tags = entity_tags(film)
    replacements: dict[str, str] = {}
    people = film.story.characters if film.story else ()
    # A whole name outranks another person's cue or alias, and those outrank one word of a name.
    for names_of in (_whole_name, _other_names, _name_words(people)):
        for person in people:
            for name in names_of(person):
                replacements.setdefault(_key(name), person.id)
    for place in film.story.locations if film.story else ():
        for name in (place.name, *place.aliases):
            if " " in name.strip():
                replacements.setdefault(_key(name.strip()), place.id)
    pattern = None
    if replacements:
        titles = "|".join(appearance()["numbers"]["titles"])
        longest_first = sorted(replacements, key=lambda n: (-len(n), n))
        # A name counts only with a capital, so that `will` and `grace` in plain text stay words.
        named = "|".join(re.escape(n).replace("'", "['’]") for n in longest_first)
        # Chinese and Japanese write no spaces: there a name may touch the words beside it.
        edge = r"[^\W\u3040-\u30ff\u3400-\u9fff]"
        pattern = re.compile(
            rf"(?<!{edge})(?:(?i:the|a|an)\s+(?:[a-z-]+\s+)?|[A-Z][a-z]+-[a-z]+ed\s+)?(?:(?i:{titles})\.?\s+)?(?=[^\W\d_a-z])"
            rf"(?P<name>(?i:{named}))(?P<own>['’][sS]\b)?(?!{edge})"
        )
    genders: dict[str, str] = {p.id: p.gender for p in film.story.characters} if film.story else {}
    return Wording(tags, genders, replacements, _versions(people), pattern, _proper_words(film))


def _versions(people: Iterable[Character]) -> dict[str, tuple[str, ...]]:
    """Every self of a person under each of them."""
    selves: dict[str, list[str]] = {}
    for person in people:
        selves.setdefault(person.version_of or person.id, []).append(person.id)
    return {one: tuple(of_one) for of_one in selves.values() if len(of_one) > 1 for one in of_one}


def _key(name: str) -> str:
    return name.casefold().replace("’", "'")


def _whole_name(person: Character) -> list[str]:
    return [person.name.strip()] if person.name.strip() else []


def _other_names(person: Character) -> list[str]:
    """Cues and aliases; those written small are descriptions that may mean anybody."""
    names = (name.strip() for name in (*person.cues, *person.aliases))
    return [name for name in names if name and not name[0].islower()]


def _name_words(people: Iterable[Character]) -> Callable[[Character], list[str]]:
    """The words of a name that belong to one person only: a surname shared by a family means nobody in it."""
    words_of: dict[str, list[str]] = {
        person.id: [
            w for w in _TOKEN.findall(person.name)
            if len(w) > 2 and w.lower() not in _callings() and not w.endswith(("'s", "’s"))
        ]
        for person in people
    }  # fmt: skip
    selves: dict[str, str] = {person.id: person.version_of or person.id for person in people}
    bearers: dict[str, set[str]] = {}
    for one, owned in words_of.items():
        for word in owned:
            bearers.setdefault(word, set()).add(selves[one])
    return lambda person: [word for word in words_of[person.id] if len(bearers[word]) == 1]


def _callings() -> frozenset[str]:
    table = appearance()
    return frozenset(
        [*table["roles"]["words"], *table["age"]["words"], *table["numbers"]["titles"], "the", "and", "of", "with"]
    )


def _proper_words(film: Film) -> frozenset[str]:
    """Words that stand with a capital inside a sentence and are never written small in the whole script."""
    if film.story is None:
        return frozenset()
    small = plain_words_of(film)
    known = {*appearance()["known"]["words"], *appearance()["known"]["seen"]}
    callings = {*_callings(), *appearance()["places"]["words"]}
    found: dict[str, None] = {}
    for scene in film.story.scenes:
        for unit in scene.units:
            for match in _TOKEN.finditer(unit.text):
                word = re.sub(r"['’]s$", "", match[0])
                plain = word.lower() in small or word.lower() in callings
                if plain or not word.istitle() or word in known or len(word) < 2:
                    continue
                if re.search(r"[\w,;]\s+$", unit.text[: match.start()]):
                    found[word] = None
    # A family's name stands for nobody in it, and is still a name.
    for person in film.story.characters:
        for word in _TOKEN.findall(person.name):
            if (
                word.istitle()
                and len(word) > 2
                and word.lower() not in callings
                and word.lower() not in small
                and word not in known
            ):
                found[word] = None
    return frozenset(found)


def _verbal(word: str) -> bool:
    """True of a word that follows a name standing alone: a verb form, a joining word."""
    return word in {"and", "is", "was", "has", "at", "in", "on", "to", "with", "who", "or", "but"} or (
        word.endswith("s") and not word.endswith("ss")
    )


def _quiet(match: re.Match[str]) -> str:
    """Capitals that only shout are lowered; a set's abbreviation becomes words."""
    token = match[0]
    if len(token) < 2 or not token.isupper():
        return token
    return words("abbreviation").get(token) or token.lower()


def _age(match: re.Match[str]) -> str:
    """Both commas go with an age, unless what follows goes on describing."""
    if not (match[0].startswith(",") and match[0].rstrip().endswith(",")):
        return ""
    return "," if _DESCRIBES.match(match.string, match.end()) else ""


def _number(match: re.Match[str]) -> str:
    if not match[0].isdigit():
        return ""
    small = appearance()["numbers"]["words"]
    return small[int(match[0])] if len(match[0]) <= 2 and int(match[0]) < len(small) else ""


def _plain(slug: str) -> str:
    return slug.rpartition(".")[2].replace("_", " ")
