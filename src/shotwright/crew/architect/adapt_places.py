"""Where and when prose says that we are: nouns of places, movement to them, the hour, time that has passed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from shotwright.crew.architect.adapt_people import is_person_noun
from shotwright.crew.architect.adapt_words import words

IntExt = Literal["INT", "EXT", "INT/EXT"]

_NOT_IN_NAME = re.compile(
    r"\b(?:in|on|at|of|to|and|or|with|from|by|into|who|that|which|was|were|is|are|had|has|for|as|but|out|then|through|across|"
    r"over|under|near|behind|so|than|all|own|said|no|not|like|one|other|same|whole|rest|back|kind)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\s+(?:[a-z][\w’'-]*)")
_FREE = re.compile(
    r"\s+(?:and|where|when|while|with|of|in|at|to|as|for|was|were|is|are|had|has|before|after|by|that|which|who|again|together|"
    r"now|on|from|under|behind|without|until|or|but|then|they|he|she|I|we|it|there|so|because|his|her|their|its|the|a|an|"
    r"alone|beside|below|above|near|like|once|looking|holding|carrying|just|early|late|through|past|toward|towards|over|"
    r"down|up|out|next|this|every|still|already|into|after|across|not|being|outside|inside|beyond|opposite|said|stood|sat|lay|came|went|waiting|would|"
    r"could|did|does|smelled|smells|looked|looks|seemed|seems|lies|sits|stands|everyone|nobody|two|three|one)\b"
)
_DETERMINER = re.compile(r"^(?:the other|one of the|the|an?|his|her|my|their|our|another|its)\b\s*", re.IGNORECASE)
_HELD_BACK = re.compile(
    r"\b(?:had|has|have|would|could|should|might|never|not|n['’]t|to|used to|will|going to|can|may|must|if|when|"
    r"where|who|that|which|before|after|always|often|sometimes|(?:they|he|she|I)['’](?:d|ll))"
    r"(?: \w+)?\s*$",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    r"(?:[Oo]utside|[Oo]ut of doors|[Oo]utdoors|[Ii]nside|[Ii]ndoors|[Bb]ack inside|[Uu]pstairs|[Dd]ownstairs)"
    r"(?=,|\s(?!the\b|of\b|a\b))"
)
_HOME = re.compile(
    r"\b(?:went|goes|came|comes|got|gets|walked|walks|drove|drives|ran|runs|rode|rides|hurried|returned|returns) home\b"
)
_WENT_OUT = re.compile(
    r"\b(?:went|goes|go|stepped|steps|walked|walks|ran|runs|came|comes|hurried|hurries|followed \w+|"
    r"led \w+|rushed|rushes) (?:back )?(?P<where>outside|inside|indoors|upstairs|downstairs)\b"
)


_ARRIVED = re.compile(
    r"(?:\bhad|['’]d) (?:\w+ )?(?:reached|got (?:back )?to|come (?:down |up |back |out )?to|arrived (?:at|in)|entered) "
)
_STRONG = frozenset(
    ("in", "at", "on", "inside", "into", "onto", "through", "aboard", "outside", "alongside", "along", "beside")
)
_ROOMS = re.compile(
    "(?:BED|BATH|CLASS|DINING |LIVING |SITTING )?ROOM|KITCHEN|HALL(?:WAY)?|CORRIDOR|STAIR(?:S|CASE)|ATTIC|CELLAR|STUDY|"
    "PARLOU?R|LOFT|PANTRY|NURSERY|OFFICE|LOBBY|LANDING"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place as a heading names it, and whether it is inside."""

    name: str
    """Capitals: `OLD HARBOUR`; empty for `outside` alone."""
    noun: str
    int_ext: IntExt
    words: str
    """As the prose has it, for the record."""
    relative: str = ""
    """`outside`, `inside`, `upstairs`: of the place before."""

    @property
    def room(self) -> bool:
        """Whether it is one of several in a building."""
        return _ROOMS.fullmatch(self.noun) is not None

    def same(self, other: Place) -> bool:
        """Whether two ways of naming a place may mean one."""
        return self.noun == other.noun and (
            self.name == other.name or self.name == self.noun or other.name == other.noun
        )


def place_at(text: str, at: int) -> Place | None:
    """The place that is named from `at` on, or None."""
    found = words().place.match(text, at)
    while found is not None:
        lead = found["lead"] or ""
        bare = _DETERMINER.sub("", lead)
        if _NOT_IN_NAME.search(bare) or any(is_person_noun(w) for w in bare.split() if "'" not in w and "’" not in w):
            return None
        noun = found["noun"]
        end = found.end("noun")
        if (
            not lead
            and noun.lower() not in ("home", "church", "school", "prison", "hospital")
            and not text[at].isupper()
        ):
            return None
        after = text[end:]
        if _GOES_ON.match(after) and not _FREE.match(after):
            # `the kitchen table`: perhaps the word after it is a place too, else this is none.
            longer = re.compile(rf"{re.escape(text[at:end])} (?P<more>[a-z][\w’'-]*)").match(text, at)
            if longer is None or longer["more"] not in words().inside | words().outside:
                return None
            noun, end = longer["more"], longer.end()
            bare = _DETERMINER.sub("", text[at : longer.start("more")].strip())
        of = found["of"] or ""
        if of and (
            end != found.end("noun")
            or re.search(r" of (?:the )?(?:\w+ly|his|her|their|it|them|my|which|whom|course)\b", of)
        ):
            of = ""
        name = " ".join(f"{bare} {noun}{of}".split())
        return Place(_heading(name), noun.upper(), _int_ext(noun.lower()), name)
    return None


def _heading(name: str) -> str:
    return re.sub(r"[^\w '’&.-]", "", name).replace("’", "'").upper().strip(" .-'")


def _int_ext(noun: str) -> IntExt:
    table = words()
    for form in (noun, noun.removesuffix("s")):
        if form in table.outside:
            return "EXT"
    return "INT"


def opening_place(sentence: str) -> Place | None:
    """`In the kitchen, …`, `Outside, …` at the head of a sentence."""
    if (loud := re.match(r"[A-Z]{2,}(?: [A-Z']+)+(?=,| [a-z])", sentence)) is not None:
        sentence = loud.group().capitalize() + sentence[loud.end() :]
    relative = _WITHOUT.match(sentence)
    if relative is not None:
        return _relative(relative.group())
    found = words().situated.match(sentence)
    return None if found is None else place_at(sentence, found.end())


def subject_place(sentence: str) -> Place | None:
    """A place that a sentence begins with, as a treatment does: `Before dawn, a bus depot at the edge of a town.`"""
    passed = time_passed(sentence)
    start = len(passed) + len(sentence[len(passed) :]) - len(sentence[len(passed) :].lstrip(" ,"))
    lead = re.match(r"(?:Before|After|At|By|In the) \w+, ", sentence)
    place = place_at(sentence, lead.end() if lead and not passed else start)
    return None if place is None or place.noun.lower() not in words().inside | words().outside else place


def _relative(word: str) -> Place:
    low = word.lower().removeprefix("back ")
    out = low.startswith("out")
    kind = "outside" if out else "inside" if low.startswith("in") else low
    return Place("", kind.upper(), "EXT" if out else "INT", word, relative=kind)


def reached_place(sentence: str) -> Place | None:
    """Where somebody comes to in a sentence: the last of its movements; none that is only thought of or long over."""
    best: Place | None = None
    if (home := _HOME.search(sentence)) is not None and not _HELD_BACK.search(_just_before(sentence, home.start())):
        best = Place("HOME", "HOME", "INT", "home")
    for found in words().move.finditer(sentence):
        if _HELD_BACK.search(_just_before(sentence, found.start())) or sentence[: found.start()].count("“") % 2:
            continue
        place = place_at(sentence, found.end())
        best = place or best
    if (
        best is None
        and (went := _WENT_OUT.search(sentence)) is not None
        and not _HELD_BACK.search(_just_before(sentence, went.start()))
    ):
        return _relative(went["where"])
    return best


def arrived_place(text: str) -> Place | None:
    """Where somebody has come to by the time a part of the story begins: `By dawn she had reached the mill.`"""
    for found in _ARRIVED.finditer(text):
        place = place_at(text, found.end())
        if place is not None:
            return place
    return None


def named_place(text: str) -> tuple[Place, bool] | None:
    """(the first place that a text puts somebody in, or else names; True where it puts somebody there)."""
    weak: Place | None = None
    for found in words().within.finditer(text):
        place = place_at(text, found.end())
        if place is None:
            continue
        if found.group().strip().lower() in _STRONG:
            return place, True
        weak = weak or place
    if weak is None:
        for found in re.finditer(r"\b[Tt]he ", text):
            place = place_at(text, found.start())
            if place is not None:
                weak = place
                break
    return None if weak is None else (weak, False)


def _just_before(sentence: str, at: int) -> str:
    return sentence[max(0, at - 40) : at]


def hour_of(text: str) -> str:
    """The time of a heading that a text says, by the first word that says one; empty when none does."""
    best: tuple[int, str] | None = None
    for name, pattern in words().times:
        for found in pattern.finditer(text):
            before = text[max(0, found.start() - 10) : found.start()].lower()
            if re.search(r"(?:last|good|every|all|since|until|till|for the|each|rest of the) $", before):
                continue
            if best is None or found.start() < best[0]:
                best = (found.start(), name)
            break
    return best[1] if best else ""


def time_passed(sentence: str) -> str:
    """The head of a sentence after which time has passed, `The next morning`; empty when it has none."""
    found = words().jump.match(sentence)
    return found.group() if found else ""


_SHORT = re.compile(
    r"\b(?:minute|second|moment|presently|meanwhile|meantime|while|soon|afterwards|later on)|^(?:much |still )?later\b"
)


def long_jump(phrase: str) -> bool:
    """Whether so much time has passed that the hour is not the same any more."""
    return bool(phrase) and _SHORT.search(phrase.lower()) is None
