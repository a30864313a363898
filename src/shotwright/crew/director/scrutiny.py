"""Whether a model's words are worth a shot: of this scene, saying something, to be played as it stands.

Every check is light and says in one clause what to do better.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from shotwright.craft.answers import Refused, phrase, sentence
from shotwright.crew.director.sides import script_texts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from shotwright.crew.director.people import People
    from shotwright.model.story import SceneBrief

MOST_PURPOSE_WORDS = 32
MOST_PLAY_WORDS = 22
ALIKE = 0.75
"""Share of their weighty words that two purposes may have in common."""
STEM = 5
"""Letters by which the forms of a word are known as one."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_MIDWAY = re.compile(r"(?<=[\w,;’'”)–—-] )[A-Z][\w’'-]+")
_FIRST = re.compile(r"^([A-Z][a-z]+)(?:['’]s\b|(?= [a-z]+s\b))")
_ABSTRACT = re.compile(r"(?:ness|ion|ity|ment|ing|ance|ence|ship|ure|ism|dom)$")
_LEARN = re.compile(
    r"^(?:here,? )?(?:we|the audience|viewers?) (?:now )?"
    r"(?:learns?|sees?|feels?|understands?|reali[sz]es?|knows?|senses?) that (?=\w)",
    re.IGNORECASE,
)
_SOMEBODY = frozenset({"he", "him", "his", "she", "her", "hers", "they", "them", "their"})
_SPEECH = re.compile(r"[“\"«][^”\"»]*\w+\W+\w+[^”\"»]*[”\"»]")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The contents of `refine.toml`, word lists by their stems where endings do not matter."""

    stock: frozenset[str]
    function: frozenset[str]
    feelings: frozenset[str]
    hollow: frozenset[str]
    saying: frozenset[str]
    not_present: frozenset[str]
    nouns: frozenset[str]
    camera: re.Pattern[str]
    opposites: tuple[tuple[frozenset[str], frozenset[str]], ...]


@cache
def lexicon() -> Lexicon:
    """The word lists, read once."""
    raw = tomllib.loads(_read("refine.toml"))
    states = tomllib.loads(_read("feelings.toml"))["states"]
    felt = [w for beat, words in states.items() for text in (beat, *words) for w in text.replace("_", " ").split()]
    function = frozenset(raw["function"].split())
    return Lexicon(
        stock=frozenset(raw["stock"].split()),
        function=function,
        feelings=frozenset(_stem(w) for w in (*raw["feelings"].split(), *felt) if w not in function),
        hollow=frozenset(raw["hollow"].split()),
        saying=frozenset(raw["saying"].split()),
        not_present=frozenset(raw["not_present"].split()),
        nouns=frozenset(raw["nouns"].split()),
        camera=re.compile(raw["camera"], re.IGNORECASE),
        opposites=tuple(
            (frozenset(o["given"].split()), frozenset(o["against"].split())) for o in raw["opposite"]
        ),
    )  # fmt: skip


@cache
def prompt() -> str:
    """The Director's instructions to a model."""
    return _read("prompt.md")


def _read(name: str) -> str:
    return files("shotwright.crew.director").joinpath(name).read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Known:
    """What a scene's words may speak of."""

    texts: tuple[str, ...]
    """Not to be copied: the script, and what the question says of the scene."""
    words: frozenset[str]
    """Every word of the scene and of the film's own line, in lower case: what may be written with a capital."""
    ties: frozenset[str]
    """Stems of the words that tie a purpose to the scene."""
    names: frozenset[str]
    """Words of the names of its people and things: `Will` is one where it has a capital."""
    script: frozenset[str]
    """Stems of the script's own words and of the names."""
    told: tuple[frozenset[str], ...]
    """The same of every two units that follow each other: who says only these tells the action again."""


def known_of(brief: SceneBrief, people: People, film: str) -> Known:
    """What the scene is about, from its script, its people and things and the Architect's findings."""
    scene = brief.scene
    names = [x for m in brief.cast for x in (m.character.name, *m.character.cues, *m.character.aliases)]
    names += [people.name(m.character.id) for m in brief.cast]
    names += [t.name for t in brief.things] + [brief.place.name, *brief.place.aliases, people.place(scene.location)]
    findings = [scene.goal, scene.synopsis, scene.turn.what if scene.turn else ""]
    points = [p.summary for p in brief.plot_points]
    texts = script_texts(brief)
    function, stock = lexicon().function, lexicon().stock
    named = {_stem(w) for w in _words(names) if w not in function}
    spoken = {_stem(w) for w in _words([*texts, *findings, *points]) if w not in function and w not in stock}
    units = [{_stem(w) for w in _words([u.text, *(p.text for p in u.parts)])} for u in scene.units if u.text.strip()]
    return Known(
        texts=(*texts, *(t for t in findings if t)),
        words=frozenset(_words([*names, *texts, *findings, *points, film])) | {"god", "i"},
        ties=frozenset(named | spoken),
        names=frozenset(_words(names)),
        script=frozenset(named.union(*units)),
        told=tuple(frozenset(named.union(*units[n : n + 2])) for n in range(len(units))),
    )


def purpose(text: str, known: Known, others: Iterable[str]) -> str:
    """A model's purpose, cleaned. `others` are the purposes of the scene's other shots. Raises Refused."""
    clean = sentence(text, most=240, least_words=4, apart_from=known.texts)
    bare = _LEARN.sub("", clean)
    clean = bare[:1].upper() + bare[1:]
    words = _words([clean])
    if len(words) > MOST_PURPOSE_WORDS:
        raise Refused("it is longer than 25 words")
    _require_own(clean, known)
    if found := lexicon().camera.search(clean):
        raise Refused(f"it speaks of the camera (“{found.group()}”): say what we learn or feel")
    weighty = _weighty(words)
    if worn := next((w for w in weighty if w not in known.names and _said(w, words) > 2), ""):
        raise Refused(f"it says “{worn}” three times: say one thing plainly")
    named = [w for w in _WORD.findall(clean) if w[0].isupper() and _words([w])[0] in known.names]
    if len({*weighty, *_words(named)}) < 2:
        raise Refused("it would suit any shot: say what we learn here, by name")
    tied = named or any(_stem(w) in known.ties or _stem(w) in lexicon().feelings for w in weighty)
    if not tied and not (len(weighty) > 1 and {*words} & _SOMEBODY):
        raise Refused("it names nobody, nothing and no feeling of this scene")
    if any(_only_told(words, told, known.names) for told in known.told):
        raise Refused("it tells the action again: say what we learn from it or feel by it")
    _refuse_strangers(clean, known)
    for other in others:
        theirs = _words([other])
        if alike(weighty, other) or _same_thought(_own(words, known.script), words, theirs, known):
            raise Refused("it says what another shot's purpose says")
    return clean


def performance(
    text: str, name: str, known: Known, *, speaks: bool, delivery: str, others: Collection[str]
) -> str:  # fmt: skip
    """A model's note for one person, cleaned, without the name before it. `others` are its notes that stand.

    Raises Refused.
    """
    clean = phrase(text, most=150, apart_from=known.texts)
    clean = re.sub(rf"^{re.escape(name)}\s*(?:[:,–—-]\s*|(?=[a-z]))", "", clean, flags=re.IGNORECASE)
    clean = re.sub(r"^(?:he|she|they)\s+(?=[a-z]+s\b)", "", clean, flags=re.IGNORECASE).strip().rstrip(".;, ")
    words = _words([clean])
    if len(words) < 2:
        raise Refused("it is no note that an actor can play")
    if len(words) > MOST_PLAY_WORDS:
        raise Refused("it is longer than 16 words")
    _require_own(clean, known)
    _refuse_oneself(name, words, known)
    if lexicon().camera.search(clean):
        raise Refused("it speaks of the camera: say what the actor does")
    if words[0] in lexicon().not_present:
        raise Refused("it is not in the present tense")
    hollow = lexicon().hollow
    if sum(w not in hollow for w in words) < 2 and not any(_stem(w) in known.ties for w in words if w not in hollow):
        raise Refused("it is a result, not something that an actor can do")
    if any(all(w in hollow for w in _own(words, told)) for told in known.told):
        raise Refused("it tells the action again: say how it is played, and what for")
    if _SPEECH.search(clean):
        raise Refused("it gives words to say; the script has them")
    if words[0] in lexicon().saying and not speaks:
        raise Refused(f"{name} does not speak in this shot")
    _refuse_strangers(clean, known)
    given = frozenset(_words([delivery]))
    for side, against in lexicon().opposites:
        if given & side and (clash := next((w for w in words if w in against), "")):
            raise Refused(f"“{clash}” is against the script's ({delivery})")
    aim = _words([clean.partition(" to ")[2]])
    if aim and all(w in lexicon().function | lexicon().stock | lexicon().saying | hollow for w in aim):
        raise Refused("what it shall win or hide is not said")
    note, aim = _unnamed(words, known), _unnamed(aim, known)
    for other in others:
        theirs = _unnamed(_words([other.partition(" to ")[2]]), known)
        if _unnamed(_words([other]), known) == note or (len(aim) > 1 and theirs == aim):
            raise Refused("the same note stands elsewhere in the scene")
    first = _FIRST.match(clean)
    led = clean if first and first[1].lower() in known.words else clean[:1].lower() + clean[1:]
    return led.replace("; ", ", ")


def alike(weighty: Collection[str], other: str) -> bool:
    """Whether another sentence says nearly the same as these weighty words."""
    mine = {_stem(w) for w in weighty}
    theirs = {_stem(w) for w in _weighty(_words([other]))}
    return bool(mine and theirs) and len(mine & theirs) >= ALIKE * len(mine | theirs)


def done_elsewhere(note: str, shown: str, elsewhere: Iterable[str]) -> bool:
    """Whether what a note has somebody do is told by a sentence of the script that is not in the shot."""
    deed = note.partition(" to ")[0]
    if len([w for w in _words([deed]) if w not in lexicon().function]) < 3 or from_script(deed, shown):
        return False
    return any(from_script(deed, text) for text in elsewhere)


def _own(words: Iterable[str], told: Collection[str]) -> list[str]:
    """Of the words those that are not among what is told, nor a mere `says`."""
    return [w for w in words if w not in lexicon().function | lexicon().saying and _stem(w) not in told]


def _only_told(words: Collection[str], told: Collection[str], names: Collection[str]) -> bool:
    """Whether a purpose has no feeling, and less of its own than of what the action tells already."""
    own = _own(words, told)
    if any(_stem(w) in lexicon().feelings for w in own):
        return False
    weighty = [w for w in _weighty(words) if w not in names]
    mine = [w for w in weighty if w in own]
    return (len(own) < 2 and not mine) or 2 * len(mine) < len(weighty)


def _same_thought(own: Collection[str], words: Collection[str], theirs: Collection[str], known: Known) -> bool:
    """`Theo is surprised by the cake` after `Theo is surprised by the call`: the same person, and nothing new said."""
    mine = {_stem(w) for w in own if w not in lexicon().stock}
    told = {_stem(w) for w in _own(theirs, known.script)}
    return bool(mine) and mine <= told and bool({*words} & {*theirs} & known.names)


def from_script(segment: str, shown: str) -> bool:
    """Whether a note's every weighty word stands in the script's words for the shot."""
    words = [w for w in _words([segment]) if w not in lexicon().function]
    heard = {_stem(w) for w in _words([shown])}
    return bool(words) and all(_stem(w) in heard for w in words)


def _require_own(clean: str, known: Known) -> None:
    """Not a line of the instructions, nor a finding that the question itself gave."""
    spelled = f" {_spelled(clean)} "
    if spelled in f" {' '.join(_prompted())} " or _runs(clean, known):
        raise Refused("it copies the instructions")
    if any(spelled == f" {_spelled(text)} " for text in known.texts):
        raise Refused("it copies the scene's own words")


@cache
def _prompted() -> tuple[str, ...]:
    return tuple(_words([prompt()]))


def _runs(clean: str, known: Known) -> bool:
    """Whether five words in a row are the instructions', whoever they are said of."""
    words = _unnamed(_words([clean]), known)
    if len(words) < 5:
        return False
    whole = f" {' '.join(_unnamed(_prompted(), known))} "
    return any(f" {' '.join(words[n : n + 5])} " in whole for n in range(len(words) - 4))


def _refuse_oneself(name: str, words: Collection[str], known: Known) -> None:
    """`Gwen: looks at Joss to show that she watches Gwen`."""
    if any(w in known.names and w in words for w in _words([name])):
        raise Refused(f"it is {name}'s own note: name others only")


def _refuse_strangers(clean: str, known: Known) -> None:
    """Names in capitals that the scene does not know."""
    for found in _MIDWAY.finditer(clean):
        bare = re.sub(r"['’]s?$", "", found.group())
        parts = [p.lower() for p in bare.split("-")]
        if not all(p in known.words or p in lexicon().function for p in parts):
            raise Refused(f"{bare} is not of this scene")
    first = _FIRST.match(clean)
    if first is None:
        return
    word = first[1].lower()
    allowed = word in known.words or word in lexicon().function or word in lexicon().nouns or word in lexicon().stock
    if not allowed and _stem(word) not in lexicon().feelings and not _ABSTRACT.search(word):
        raise Refused(f"{first[1]} is not of this scene")


def _weighty(words: Iterable[str]) -> list[str]:
    return [w for w in words if w not in lexicon().function and w not in lexicon().stock]


def _words(texts: Iterable[str]) -> list[str]:
    return [re.sub(r"['’](?:s|d|ll|ve|re)?$", "", w.lower()).replace("’", "'") for t in texts for w in _WORD.findall(t)]


def _spelled(text: str) -> str:
    return " ".join(_words([text]))


def _unnamed(words: Iterable[str], known: Known) -> list[str]:
    """Words but for names and who stands for them: to another person the same note is still the same."""
    return [w for w in words if w not in known.names and w not in _SOMEBODY]


def _said(word: str, words: Sequence[str]) -> int:
    """How often a word is said, one or several of it."""
    return sum(w.rstrip("s") == word.rstrip("s") for w in words)


def _stem(word: str) -> str:
    return word[:STEM]
