"""Who there is in a story: names, descriptions that stand for people, their gender, and who tells it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from shotwright.crew.architect.adapt_words import OWNER
from shotwright.crew.architect.adapt_words import words as word_table
from shotwright.crew.architect.lexicon import people, verbs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TITLE = re.compile(r"^(?:Mr|Mrs|Ms|Dr|St|M|Mme)\.? ")
_NAME = re.compile(
    r"(?<![\w’'])(?:(?:Mr|Mrs|Ms|Dr|Mme)\.? )?[A-ZÀ-Þ][a-zß-ÿ][\w]*(?:[-’'][A-ZÀ-Þ][\w]+)*"
    r"(?: (?:de |van |von |la )?[A-ZÀ-Þ][a-zß-ÿ][\w]*){0,3}"
)
_MY_NAME = re.compile(
    r"(?:[Mm]y name (?:is|was)|[Cc]all me|[Tt]hey call(?:ed)? me|[Ii] was christened|[Ii] am called|[Pp]eople call me) "
    r"([A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+)?)"
)
VOCATIVE = re.compile(
    r"(?:^|[.!?…—] ?|, )((?:Mr|Mrs|Ms|Dr|Mme)?\.? ?[A-ZÀ-Þ][a-zß-ÿ]\w*(?: [A-ZÀ-Þ]\w+)?)(?=[,!?—]|\.?$|\. )|"
    r", ([A-ZÀ-Þ][a-zß-ÿ]\w*)(?=[.,!?—])"
)
_HE_OR_SHE = re.compile(r"\b(?:he|his|him|himself|she|her|hers|herself)\b", re.IGNORECASE)


@dataclass(slots=True)
class Person:
    """Somebody in the story; `cue` is what stands over the speeches."""

    cue: str
    names: Counter[str] = field(default_factory=Counter)
    gender: str = ""
    named: bool = True
    group: bool = False


class Company:
    """Everybody whom the narration or a tag names, found by any way in which they are called."""

    def __init__(self) -> None:
        self.people: list[Person] = []
        self._by_name: dict[str, Person] = {}

    def find(self, name: str) -> Person | None:
        """Who is called so, or None."""
        key = _key(name)
        found = self._by_name.get(key)
        if found is None and " " in key and not name[:1].isupper():
            # `the young constable` is Constable Pike, where there is one.
            head = self._by_name.get(key.rpartition(" ")[2])
            return head if head is not None and head.named else None
        return found

    def add(self, name: str, *, named: bool) -> Person:
        """Who is called so; somebody new when nobody is. `Ann` and `Ann Lowe` are one, `Mr.` and `Mrs. Lowe` two."""
        key = _key(name)
        known = self._by_name.get(key) if named else self.find(name[:1].lower() + name[1:])
        if known is None:
            known = self._kin(name) if named else self._same_noun(key)
        if known is None:
            known = Person("", named=named)
            self.people.append(known)
        self._by_name.setdefault(key, known)
        known.names[name] += 1
        if named:
            self._entitle(name, known)
            for part in sorted({name.split()[0], name.split()[-1]} - _EPITHETS) if " " in name else ():
                if not is_person_noun(part):
                    self._by_name.setdefault(_key(part), known)
        known.gender = known.gender or _gender(name)
        return known

    def _entitle(self, name: str, person: Person) -> None:
        """`Captain Ruiz` is the captain, `Aunt Morag` the aunt, `Old Fenwick` the old man."""
        first = name.split()[0].strip(".").lower()
        if " " in name and (first in people().titles or first in people().kin):
            self._by_name.setdefault(first, person)
        elif " " in name and first == "old":
            self._by_name.setdefault("old woman" if person.gender == "female" else "old man", person)

    def entitle(self, noun: str, person: Person) -> None:
        """Makes `the clerk` mean somebody, where it means nobody yet."""
        self._by_name.setdefault(noun, person)

    def call(self, name: str, person: Person) -> None:
        """Makes a name, and whoever bore it, another name of somebody."""
        other = self._by_name.get(_key(name))
        if other is person:
            return
        if other is not None:
            self.people.remove(other)
            person.names.update(other.names)
            for key, held in list(self._by_name.items()):
                if held is other:
                    self._by_name[key] = person
        self._by_name[_key(name)] = person
        person.names[name] += 100
        person.named = True
        person.gender = person.gender or _gender(name)

    def _same_noun(self, key: str) -> Person | None:
        """`the constable` after `the young constable`: the only one whom that noun describes."""
        adjectives, _, noun = key.rpartition(" ")
        held = [
            (person, name)
            for person in self.people
            if not person.named
            for name in [_key(n) for n in person.names]
            if name.rpartition(" ")[2] == noun and (not adjectives or name == noun)
        ]
        return held[0][0] if len({id(person) for person, _ in held}) == 1 else None

    def _kin(self, name: str) -> Person | None:
        title = _TITLE.match(name)
        parts = _TITLE.sub("", name).split()
        for person in self.people:
            if not person.named:
                continue
            for other in person.names:
                other_title, theirs = _TITLE.match(other), _TITLE.sub("", other).split()
                if title and other_title and title.group() != other_title.group():
                    continue
                if title and not other_title and len(theirs) == 1 and theirs[0].lower() in _first_names():
                    continue
                if other_title and not title and len(parts) == 1 and parts[0].lower() in _first_names():
                    continue
                if parts[0] == theirs[0] or parts[-1] == theirs[-1]:
                    if len(parts) > 1 and len(theirs) > 1 and parts[0] != theirs[0]:
                        continue
                    return person
        return None

    def name_cues(self) -> None:
        """Gives everybody the cue that most of the tags and sentences would give them."""
        taken: set[str] = set()
        for person in self.people:
            for name, _ in sorted(person.names.items(), key=_rank):
                cue = cue_of(name)
                if cue and cue not in taken:
                    person.cue = cue
                    break
            taken.add(person.cue)

    def mentioned(self, text: str) -> list[tuple[int, Person]]:
        """(where, who) for everybody whom a text names, in order."""
        found: list[tuple[int, Person]] = []
        for match in _NAME.finditer(text):
            person = (
                self.find(match.group())
                or self.find(match.group().split(" ")[-1])
                or self.find(match.group().split(" ")[0])
            )
            if person is not None:
                found.append((match.start(), person))
        for match in _DESCRIBED.finditer(text):
            words = match.group().split()
            for end in range(len(words), 1, -1):
                person = self.find(" ".join(words[:end]))
                if person is not None:
                    found.append((match.start(), person))
                    break
        return sorted(found, key=lambda item: item[0])


_DESCRIBED = re.compile(rf"\b{OWNER} [a-z][\w’'-]+(?: [a-z][\w’'-]+){{0,2}}")
_DETERMINER = re.compile(r"^(?:the other|the|an?|his|her|my|their|our|its|your)\s+", re.IGNORECASE)


def _rank(item: tuple[str, int]) -> tuple[bool, int, int, str]:
    """Names before descriptions, what is said more often first; then the fuller name, the shorter description."""
    name, count = item
    proper = _proper(name)
    return (not proper, -count, -len(name) if proper else len(name), name)


def _proper(name: str) -> bool:
    return name[:1].isupper() and _DETERMINER.match(name) is None


def _first_names() -> frozenset[str]:
    table = people()
    return table.first_names_male | table.first_names_female


def _key(name: str) -> str:
    low = name.lower().replace("’", "'").strip()
    return re.sub(r"^(?:the|an?|his|her|my|their|our) ", "", low).replace("mr. ", "mr ").replace("mrs. ", "mrs ")


def cue_of(name: str) -> str:
    """`the old man` -> `OLD MAN`; `Mrs. Lowe` -> `MRS. LOWE`."""
    return " ".join(_DETERMINER.sub("", name.strip()).replace("’", "'").upper().split())[:48].strip(" -'")


def is_person_noun(phrase: str) -> bool:
    """Whether a phrase such as `the old man` ends in a noun for a person, or for several."""
    last = phrase.lower().split()[-1] if phrase.split() else ""
    return last in _singular() or last in people().groups


@cache
def _singular() -> frozenset[str]:
    table = people()
    return table.nouns | table.kin | table.titles | word_table().people


def _gender(name: str) -> str:
    table = people()
    tokens = [t.strip(".").lower() for t in name.replace("’", "'").split()]
    if not tokens:
        return ""
    for token in tokens:
        if token in table.male_titles:
            return "male"
        if token in table.female_titles:
            return "female"
    last = tokens[-1]
    if last in table.male or last in table.kin_male:
        return "male"
    if last in table.female or last in table.kin_female:
        return "female"
    if tokens[0] in table.first_names_male:
        return "male"
    return "female" if tokens[0] in table.first_names_female else ""


_SUBJECT = re.compile(r"(?:The|An?|His|Her|My|Their|Our) (?P<words>[a-z][\w’'-]*(?: [a-z][\w’'-]*){0,2})")
_LATER_SUBJECT = re.compile(
    r", (?P<owner>the|an?) (?P<words>[a-z][\w’'-]*(?: [a-z][\w’'-]*)?) "
    r"(?:[a-z]+ed|was|had|came|went|sat|stood|put|took)\b"
)
"""`By the door, the clerk turned the ledger round.`"""
_ACTS_ABROAD = re.compile(r"[A-ZÀ-Þ][a-zß-ÿ]{2,} [a-zß-ÿ]{2,}")
_ARTICLES = re.compile(r"\bthe\b", re.IGNORECASE)
MOST_NAMES = 1500
"""A story with more names than this has its rarest left out."""
_EPITHETS = frozenset(("Old", "Young", "Little", "Big", "Poor", "Black", "Red"))
_AUXILIARIES = frozenset(("was", "had", "would", "could", "is", "has", "did", "might", "will", "does"))
VOICE = re.compile(r"(?:A|The|Another|Someone’s|Someone's|Somebody's|Somebody’s) (?:[a-z]+ ){0,2}voice\b")


_APPOSITION = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Mm]y|[Tt]heir|[Oo]ur) (?P<a>[a-z][\w-]*), "
    r"(?P<name>(?:(?:Mr|Mrs|Ms|Dr)\.? )?[A-ZÀ-Þ]\w+(?: [A-ZÀ-Þ]\w+)?)(?=[,.])"
)


def gather_appositions(narration: Iterable[str], company: Company) -> None:
    """`His clerk, Peter Tibbs,` is the clerk from then on."""
    for text in narration:
        for found in _APPOSITION.finditer(text):
            person = company.find(found["name"])
            if person is not None and is_person_noun(found["a"]) and company.find(f"the {found['a']}") is None:
                company.entitle(found["a"], person)


def gather_described(sentences: Iterable[str], company: Company) -> None:
    """Adds those who do something without a name: `The policeman, pale, sits up`."""
    for text in sentences:
        for found in filter(None, (_SUBJECT.match(text), _LATER_SUBJECT.search(text))):
            tokens = found["words"].split()
            for count, noun in enumerate(tokens, 1):
                if noun in _singular():
                    company.add(f"{found.group().lstrip(' ,').split()[0]} {' '.join(tokens[:count])}", named=False)
                    break


def gather_names(narration: Sequence[str], spoken: Iterable[str], company: Company) -> None:
    """Adds everybody whom the narration names as somebody who does something, whom somebody calls, or by a first name
    that is known."""
    told = {word for text in narration for word in text.replace("’", "'").replace("'s", "").split()}
    starts: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    doing = verbs().forms
    # What verbs are is known of English alone; elsewhere, who begins two sentences does something.
    foreign = sum(len(_ARTICLES.findall(text)) for text in narration) * 100 < sum(len(t.split()) for t in narration)
    for text in narration:
        for match in _NAME.finditer(text):
            name = match.group()
            words = name.split()
            epithet = len(words) > 1 and (words[0] in _EPITHETS or words[0].lower() in people().titles)
            while words and words[0].lower() in word_table().function and not epithet and not _TITLE.match(name):
                words = words[1:]
            if not words or (len(words) == 1 and is_person_noun(words[0])):
                continue
            name = " ".join(words) if not _TITLE.match(name) else name
            follows = re.match(r" (\w+)", text[match.end() :])
            acts = follows is not None and (
                follows[1] in doing or follows[1] in _AUXILIARIES or re.match(r"\w+(?:ed|s)$", follows[1]) is not None
            )
            titled = len(words) > 1 and words[0].lower() in people().titles
            known = words[0].lower() in _first_names() or titled or _TITLE.match(name) is not None
            place = re.search(r"\b(?:in|at|to|from|of|near|into|towards?|the) $", text[: match.start()]) is not None
            if known and not place:
                inside[name] += 2
            elif acts and not place:
                starts[name] += 1
                # Of `Old Henrik came` the second capital is a name's.
                inside[name] += epithet
            elif foreign and match.start() == 0 and _ACTS_ABROAD.match(text):
                starts[name] += 1
            if match.start() > 0 and not place and text[match.start() - 2 : match.start()] not in (". ", "? ", "! "):
                inside[name] += 1
    for said in spoken:
        inside.update(name for name in starts if name in said)
        for match in VOCATIVE.finditer(said):
            name = (match[1] or match[2] or "").strip()
            if (
                (name in told or _TITLE.match(name))
                and name.lower() not in word_table().function
                and not is_person_noun(name)
            ):
                inside[name] += 2
    ranked = sorted({**starts, **inside}, key=lambda name: -starts[name] - inside[name])
    for name in ranked[:MOST_NAMES]:
        if inside[name] >= 2 or (starts[name] and inside[name]) or starts[name] >= 2:
            company.add(name, named=True)


def vote_genders(paragraphs: Iterable[Sequence[str]], company: Company) -> None:
    """Gives a gender to whom no name or noun tells it: by the first pronoun after a name that begins its sentence and
    stands alone in it, and by the one with which the next sentence of the paragraph begins."""
    votes: dict[int, list[int]] = {}
    for sentences in paragraphs:
        last: Person | None = None
        for text in sentences:
            begins = re.match(r"(?:Then |And |But )?(He|She)\b", text)
            if last is not None and begins is not None:
                votes.setdefault(id(last), [0, 0])[begins[1] == "She"] += 2
            found = company.mentioned(text)
            alone = len({id(person) for _, person in found}) == 1 and found[0][0] <= 12
            last = found[0][1] if alone else last if begins is not None else None
            if alone and (pronoun := _HE_OR_SHE.search(text, found[0][0])) is not None:
                votes.setdefault(id(last), [0, 0])[pronoun.group().lower() in ("she", "her", "hers", "herself")] += 1
    for person in company.people:
        male, female = votes.get(id(person), (0, 0))
        if not person.gender and male != female:
            person.gender = "male" if male > female else "female"


def narrator_of(narration: str, speeches: Iterable[str], company: Company) -> str:
    """The cue of whoever tells a first-person story; empty when nobody does. A name where the text gives it."""
    count = len(re.findall(r"\bI\b", narration))
    if count < 3 or count * 150 < len(narration.split()):
        return ""
    if (own := _MY_NAME.search(narration)) is not None:
        return cue_of(own[1])
    told = {name for person in company.people for name in person.names}
    called: Counter[str] = Counter()
    for words in speeches:
        if (own := _MY_NAME.search(words)) is not None:
            called[own[1]] += 0
        for match in VOCATIVE.finditer(words):
            name = (match[1] or match[2] or "").strip()
            if name.lower().split(" ")[0] in word_table().function or name in told or company.find(name) is not None:
                continue
            if re.search(rf"\b{re.escape(name)}\b", narration):
                continue
            called[name] += 1 + (name.lower() in _first_names())
    best = [(count, name) for name, count in called.items() if count >= 2]
    return cue_of(max(best, key=lambda item: (item[0], item[1]))[1]) if best else "NARRATOR"
