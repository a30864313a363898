"""Where a scene's action names people and things: words, mentions and resolved pronouns, sentence by sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shotwright.crew.architect.lexicon import verbs
from shotwright.crew.architect.naming import cue_key, plain, take_apart

if TYPE_CHECKING:
    from shotwright.crew.architect.cast import Cast
    from shotwright.model.ids import EntityId
    from shotwright.model.screenplay import Scene, Unit

_TOKEN = re.compile(r"[^\W_]+(?:['\-][^\W_]+)*'?|#\d+|[.,;:!?()\"]|--+|—|…")
_BODY = frozenset(
    [
        "hand",
        "hands",
        "eye",
        "eyes",
        "face",
        "finger",
        "fingers",
        "fist",
        "fists",
        "foot",
        "feet",
        "arm",
        "arms",
        "head",
        "hair",
        "lip",
        "lips",
        "mouth",
        "shoulder",
        "shoulders",
        "knee",
        "knees",
        "leg",
        "legs",
        "back",
        "chest",
        "neck",
        "smile",
        "gaze",
        "voice",
        "body",
        "jaw",
        "brow",
        "cheek",
        "cheeks",
        "ear",
        "ears",
        "reflection",
        "shadow",
        "silhouette",
        "heel",
        "heels",
    ]
)
_PICTURES = frozenset(
    [
        "photo",
        "photos",
        "photograph",
        "photographs",
        "picture",
        "pictures",
        "image",
        "portrait",
        "memory",
        "name",
        "story",
        "voice",
        "thoughts",
        "sign",
    ]
)
_DETERMINERS = frozenset(
    [
        "a",
        "an",
        "the",
        "his",
        "her",
        "their",
        "its",
        "my",
        "your",
        "our",
        "this",
        "that",
        "these",
        "those",
        "some",
        "any",
        "no",
        "each",
        "every",
        "of",
    ]
)
_MODALS = frozenset(("can", "could", "will", "would", "may", "might", "must", "should"))
_BREAKS = frozenset(
    [
        ",",
        ";",
        ":",
        "--",
        "—",
        "…",
        "(",
        ")",
        "and",
        "but",
        "as",
        "while",
        "when",
        "then",
        "until",
        "before",
        "after",
        "who",
        "where",
    ]
)
MALE_PRONOUNS = frozenset(("he", "him", "his", "himself"))
FEMALE_PRONOUNS = frozenset(("she", "her", "hers", "herself"))
PLURAL_PRONOUNS = frozenset(("they", "them", "their", "themselves", "both"))
_PRONOUNS = MALE_PRONOUNS | FEMALE_PRONOUNS | PLURAL_PRONOUNS


@dataclass(slots=True)
class Mention:
    """One naming in a sentence: word span (start, end exclusive), who, and how."""

    start: int
    end: int
    who: tuple[EntityId, ...]
    pronoun: bool = False
    possessive: bool = False
    shown: bool = True


@dataclass(slots=True)
class Verb:
    """A verb at a word, with its base form and its agent."""

    at: int
    base: str
    agents: tuple[EntityId, ...]


@dataclass(slots=True)
class Sentence:
    """One action unit read closely."""

    unit: Unit
    index: int
    raw: list[str]
    words: list[str]
    mentions: list[Mention] = field(default_factory=list)
    verbs: list[Verb] = field(default_factory=list)
    text: str = ""

    @property
    def actors(self) -> tuple[EntityId, ...]:
        return tuple(dict.fromkeys(who for mention in self.mentions if mention.shown for who in mention.who))


class SceneEar:
    """The names that hold within one scene, and the running memory that pronouns need."""

    def __init__(self, scene: Scene, cast: Cast) -> None:
        self.cast = cast
        self.version = dict(cast.versions.get(scene.id, ()))
        self.gender = {character.id: character.gender for character in cast.characters}
        self.kind = {character.id: character.kind for character in cast.characters}
        self.generic: set[EntityId] = set()
        calls: dict[str, list[tuple[tuple[str, ...], EntityId]]] = {
            first: list(names) for first, names in cast.calls.items()
        }
        heads: dict[str, set[EntityId]] = {}
        for character in cast.characters:
            parts = take_apart(character.name)
            if parts.generic and parts.core:
                self.generic.add(character.id)
                heads.setdefault(parts.core[-1], set()).add(character.id)
            for alias in character.aliases:
                words = alias.split(" ")
                if len(words) > 2 and words[1] == "the":
                    heads.setdefault(words[-1], set()).add(character.id)
            if "dr" in parts.titles:
                heads.setdefault("doctor", set()).add(character.id)
        for head, owners in sorted(heads.items()):
            known = any(name == (head,) for name, _ in calls.get(head, ()))
            if len(owners) == 1 and not known:
                owner = next(iter(owners))
                calls.setdefault(head, []).append(((head,), owner))
                self.generic.add(owner)
        self.calls = calls
        self.kin: dict[str, list[EntityId]] = {}
        for word, who in cast.kin:
            self.kin.setdefault(word, []).append(who)
        self.last_male: EntityId | None = None
        self.last_female: EntityId | None = None
        self.last_subject: tuple[EntityId, ...] = ()
        self.recent: list[EntityId] = []

    def speaker_ids(self, unit: Unit) -> tuple[EntityId, ...]:
        """Whom a cue means: the script's own word on who speaks."""
        return self.cast.speakers.get(cue_key(unit.cue), ())

    def heard(self, speakers: tuple[EntityId, ...]) -> None:
        """Remember who has just spoken: `He smiles.` after a speech means the speaker."""
        for who in speakers:
            self._remember(who)
        if speakers:
            self.last_subject = speakers[:1]

    def _remember(self, who: EntityId) -> None:
        gender = self.gender.get(who, "unknown")
        if gender != "female":
            self.last_male = who if gender == "male" or self.last_male is None else self.last_male
        if gender != "male":
            self.last_female = who if gender == "female" or self.last_female is None else self.last_female
        if who in self.recent:
            self.recent.remove(who)
        self.recent.append(who)

    def listen(self, unit: Unit, index: int) -> Sentence:
        """Read one action sentence: its words, who it names, its verbs and who does them."""
        text = plain(unit.text)
        raw = _TOKEN.findall(text)
        words = [token.lower() for token in raw]
        sentence = Sentence(unit, index, raw, words, text=text)
        self._names(sentence)
        self._verbs(sentence)
        return sentence

    def _names(self, sentence: Sentence) -> None:
        raw, words = sentence.raw, sentence.words
        subject_found = False
        at = 0
        while at < len(words):
            word = words[at]
            hit = None
            if word[0].isalpha() or word[0] == "#":
                hit = self._name_at(raw, words, at)
                if hit is None and (word in _PRONOUNS or word.endswith("'s")):
                    hit = self._kin_at(words, at) or self._pronoun_at(words, at, subject_found)
            if hit is None:
                at += 1
                continue
            sentence.mentions.append(hit)
            if not hit.pronoun and len(hit.who) == 1:
                self._remember(hit.who[0])
            if not subject_found and not hit.possessive:
                self.last_subject = hit.who
                subject_found = True
            at = max(hit.end, at + 1)

    def _name_at(self, raw: list[str], words: list[str], at: int) -> Mention | None:
        word = words[at]
        bare = word.removesuffix("'s").removesuffix("'")
        for key in (word, bare) if bare != word else (word,):
            for name, who in self.calls.get(key, ()):
                end = at + len(name)
                if end > len(words):
                    continue
                last = words[end - 1]
                spelled = (*words[at : end - 1], last)
                stripped = (*words[at : end - 1], last.removesuffix("'s").removesuffix("'"))
                if name not in (spelled, stripped):
                    continue
                if who not in self.generic and not raw[at][:1].isupper() and raw[at][:1].lower() != raw[at][:1].upper():
                    continue
                of = at + 1 < len(words) and words[at + 1] == "of"
                if len(name) == 1 and of and who in self.generic and self.kind.get(who) != "group":
                    continue
                possessive = spelled != name
                shown = not possessive or (end < len(words) and words[end] in _BODY)
                if at > 1 and words[at - 1] == "of" and words[at - 2] in _PICTURES:
                    shown = False
                return Mention(at, end, (self.version.get(who, who),), possessive=possessive, shown=shown)
        return None

    def _kin_at(self, words: list[str], at: int) -> Mention | None:
        if words[at] not in ("his", "her", "their") and not words[at].endswith("'s"):
            return None
        for end in (at + 2, at + 3):
            if end > len(words):
                break
            bare = words[end - 1].removesuffix("'s")
            owners = [who for who in self.kin.get(bare, ()) if who not in self.last_subject]
            if len(owners) == 1:
                possessive = bare != words[end - 1]
                who = owners[0]
                return Mention(at, end, (self.version.get(who, who),), possessive=possessive, shown=not possessive)
        return None

    def _pronoun_at(self, words: list[str], at: int, subject_found: bool) -> Mention | None:
        word = words[at]
        who: tuple[EntityId, ...] = ()
        if word in MALE_PRONOUNS:
            who = self._single("male", word == "he" and not subject_found)
        elif word in FEMALE_PRONOUNS:
            who = self._single("female", word == "she" and not subject_found)
        elif word in ("they", "them") or (word == "both" and at == 0):
            who = self.last_subject if len(self.last_subject) > 1 else tuple(self.recent[-2:])
            if len(who) < 2:
                return None
        if not who:
            return None
        owned = word in ("his", "hers") or (word == "her" and self._owning(words, at))
        return Mention(at, at + 1, who, pronoun=True, possessive=owned, shown=not owned or self._before_body(words, at))

    def _owning(self, words: list[str], at: int) -> bool:
        following = words[at + 1] if at + 1 < len(words) else "."
        return (
            following[:1].isalpha()
            and following not in _BREAKS
            and following not in ("to", "in", "on", "at", "with", "from", "a", "the")
        )

    def _before_body(self, words: list[str], at: int) -> bool:
        return any(word in _BODY for word in words[at + 1 : at + 3])

    def _single(self, gender: str, subject: bool) -> tuple[EntityId, ...]:
        last = self.last_male if gender == "male" else self.last_female
        if subject and len(self.last_subject) == 1 and self.gender.get(self.last_subject[0]) in (gender, "unknown"):
            return self.last_subject
        return (last,) if last is not None else ()

    def _verbs(self, sentence: Sentence) -> None:
        forms = verbs().forms
        words = sentence.words
        starts = {
            mention.end: mention
            for mention in sentence.mentions
            if (not mention.possessive or mention.shown) and words[mention.start] not in ("him", "them")
        }
        subject: tuple[EntityId, ...] = ()
        pending: list[EntityId] = []
        if words and words[0] in forms and words[0].endswith("s") and self.last_subject:
            subject = self.last_subject
        agents = subject
        for at, word in enumerate(words):
            mention = starts.get(at)
            if mention is not None and mention.start >= 0:
                first = not sentence.verbs
                before = words[mention.start - 1] if mention.start else ","
                if first and not agents and not mention.possessive:
                    agents = mention.who
                elif first and before in ("and", ",", "&") and not mention.possessive:
                    agents = tuple(dict.fromkeys((*agents, *mention.who)))
                elif word in _MODALS and _clause_begins(words, mention.start) and not mention.possessive:
                    agents = mention.who
                elif before in _BREAKS or word in forms:
                    pending = list(mention.who)
                    if word in forms and not mention.possessive and before in _BREAKS:
                        agents = mention.who
            base = forms.get(word)
            if base is None or (at and words[at - 1] in _DETERMINERS) or (sentence.raw[at].istitle() and at):
                continue
            if base == "watch" and at and words[at - 1] == "pocket":
                continue
            sentence.verbs.append(Verb(at, base, agents or tuple(pending)))


def _clause_begins(words: list[str], at: int) -> bool:
    """Whether a mention opens a clause of its own: `so the Mayor can …`, `as she will …`."""
    before = at - 1
    if before >= 0 and words[before] in _DETERMINERS:
        before -= 1
    return before >= 0 and (words[before] in _BREAKS or words[before] in ("so", "that", "until", "before", "because"))
