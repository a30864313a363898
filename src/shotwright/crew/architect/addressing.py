"""Who says a speech to whom, and how it is heard."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shotwright.crew.architect.lexicon import people
from shotwright.crew.architect.naming import cue_key, plain
from shotwright.model.ids import EntityId
from shotwright.model.story import ActionNote, Evidence, SpeechNote

if TYPE_CHECKING:
    from shotwright.crew.architect.sightings import SceneEar
    from shotwright.model.screenplay import Unit
    from shotwright.model.vocabulary import VoiceKind

_WORD = re.compile(r"[^\W_]+(?:['\-][^\W_]+)*")
_TO = re.compile(r"\bto\s+((?:[\w.'-]+\s?){1,4})", re.IGNORECASE)
_CALLING = re.compile(
    r"\b(?:calling|shouting|yelling|whispering|turning|turns|aside|re|indicating|"
    r"of)\s+(?:out\s+)?(?:after|to|at)?\s*(\w+)"
)
_TO_SELF = re.compile(
    r"\bto (?:him|her|them)?self\b|\bto (?:him|her)self\b|under (?:his|her|their) breath|muttering to|"
    r"\baloud\b|\breading\b|\bprays?\b"
)
_PHONE = re.compile(
    r"\b(?:on|into|over|through)\s+(?:the\s+)?(?:cell\s+|tele)?(?:phone|receiver|radio|walkie|headset|"
    r"intercom|speaker)|\binto phone\b|\bon phone\b"
)
_FILTER = re.compile(
    r"\b(?:filtered|on phone|over phone|over the phone|over radio|over walkie|through phone|on radio|on "
    r"speaker|over intercom|on tv|on screen)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Floor:
    """Who is in the place and who has the floor, as the scene runs."""

    ear: SceneEar
    present: list[EntityId] = field(default_factory=list)
    spoken: list[tuple[EntityId, ...]] = field(default_factory=list)
    """Speakers of the speeches so far, aloud in the place or on the phone, the newest last."""
    last_to: dict[EntityId, tuple[EntityId, ...]] = field(default_factory=dict)
    focus: EntityId | None = None
    """Somebody whom action has just looked at, brought in or moved towards, since the last speech."""
    said_to: list[tuple[EntityId, ...]] = field(default_factory=list)
    """Addressees of each of `spoken`."""
    since: dict[EntityId, None] = field(default_factory=dict)
    """Everyone named in action or direction since the last speech."""
    looks: set[tuple[EntityId, EntityId]] = field(default_factory=set)
    """Looks since the last speech."""
    calling: set[EntityId] = field(default_factory=set)
    """Who is speaking into a phone, until the call is covered or hung up."""
    aside: bool = False
    """The last action says that somebody mutters to themselves."""
    crowd: EntityId | None = None
    crowded: bool = False
    """Action shows a crowd, named in the cast or not."""
    phone: bool = False
    intercut: bool = False
    on_line: list[EntityId] = field(default_factory=list)
    """Everyone heard by phone in the scene."""

    def arrive(self, who: EntityId) -> None:
        if who not in self.present and self.ear.kind.get(who) != "voice":
            self.present.append(who)

    def watch(self, note: ActionNote, named: tuple[EntityId, ...], words: list[str]) -> None:
        """Take in an action: who is there, and who draws attention. `named` is everyone in it, owners too."""
        self.since.update(dict.fromkeys(named))
        self.aside = bool(_MUTTERS.intersection(words))
        self.looks.update(note.looks_at)
        if _HANGS_UP.intersection(words):
            self.calling.clear()
        for who in note.actors:
            self.arrive(who)
            if self.ear.kind.get(who) == "group":
                self.crowd = who
        for who in note.exits:
            if who in self.present and len(self.present) > 1:
                self.present.remove(who)
        arrived = [who for who in note.enters if self.ear.kind.get(who) == "person"]
        if arrived:
            self.focus = arrived[-1]


def voice_of(unit: Unit, shown: bool) -> VoiceKind:
    """How a speech is heard. `shown` says that action shows the speaker in the scene."""
    extension = unit.extension.upper().replace("0", "O").replace(" ", "")
    manner = " ".join(part.text for part in unit.parts if part.kind == "parenthetical").lower()
    filtered = bool(_FILTER.search(manner)) or "FILTER" in extension
    if "PRE-LAP" in extension or "PRELAP" in extension:
        return "voice_over"
    if "PHONE" in extension or "RADIO" in extension:
        return "room" if shown else "phone"
    away = "V.O" in extension or extension in ("VO", "(VO)")
    off = any(mark in extension for mark in ("O.S", "O.C", "OFF")) or extension in ("OS", "OC")
    if (away or off) and filtered:
        return "phone"
    if filtered and "filtered" in manner and not shown:
        return "phone"
    return "voice_over" if away else "off_screen" if off else "room"


def address(
    unit: Unit, floor: Floor, upcoming: list[tuple[EntityId, ...]], shown: set[EntityId], phone_scene: bool
) -> SpeechNote:
    """The note of one speech. `upcoming` holds the speakers of the speeches that follow, nearest first."""
    ear = floor.ear
    speakers = ear.speaker_ids(unit) or _joint(unit, floor)
    voice = voice_of(unit, any(who in shown for who in speakers))
    if voice == "room" and speakers and all(ear.kind.get(who) == "voice" for who in speakers):
        voice = "off_screen"
    if voice == "voice_over" and phone_scene and not unit.extension.upper().startswith("PRE"):
        voice = "phone"
    to, confidence, because = _addressees(unit, speakers, voice, floor, upcoming)
    to = tuple(who for who in dict.fromkeys(to) if who not in speakers)
    if voice != "voice_over":
        for who in speakers:
            if voice in ("room", "off_screen"):
                floor.arrive(who)
            if to:
                floor.last_to[who] = to
        floor.spoken.append(speakers)
        floor.said_to.append(to)
        floor.focus = None
        floor.since = {}
        floor.looks = set()
        floor.aside = False
    return SpeechNote(
        unit=unit.id, speakers=speakers, addressees=to, voice=voice,
        evidence=Evidence(units=(unit.id,), confidence=confidence, because=because),
    )  # fmt: skip


def _joint(unit: Unit, floor: Floor) -> tuple[EntityId, ...]:
    """Who BOTH or ALL are: those in the place; the two who spoke last for BOTH."""
    key = cue_key(unit.cue).lower()
    if key in ("both", "together", "the two"):
        last = list(dict.fromkeys(who for speakers in reversed(floor.spoken) for who in speakers))
        return tuple(last[:2]) or tuple(floor.present[:2])
    return tuple(who for who in floor.present if floor.ear.kind.get(who) == "person") or tuple(floor.present)


def _addressees(
    unit: Unit, speakers: tuple[EntityId, ...], voice: VoiceKind, floor: Floor, upcoming: list[tuple[EntityId, ...]]
) -> tuple[tuple[EntityId, ...], float, str]:
    others = [who for who in floor.present if who not in speakers]
    manner = plain(" ".join(part.text for part in unit.parts if part.kind == "parenthetical")).lower()
    named = _in_manner(manner, speakers, floor)
    if named:
        return named, 0.97, "the parenthetical names who"
    if voice == "voice_over":
        return (), 0.95, "voice-over, to the audience"
    if _TO_SELF.search(manner):
        return (), 0.85, "to oneself"
    into_phone = bool(_PHONE.search(manner)) or "PHONE" in unit.extension.upper()
    if into_phone or floor.calling & set(speakers):
        floor.calling.update(speakers)
        line = [who for who in floor.on_line if who not in speakers]
        return tuple(line[:1]), 0.8, "into the phone"
    called = _vocative(unit.text, speakers, [*others, *(who for who in floor.on_line if who not in speakers)], floor)
    if called:
        return called, 0.92, "called by name"
    if voice == "phone":
        return tuple(_last_other(floor, speakers) or others[:1]), 0.8, "by phone"
    return _by_turns(unit, speakers, others, floor, upcoming)


def _by_turns(
    unit: Unit,
    speakers: tuple[EntityId, ...],
    others: list[EntityId],
    floor: Floor,
    upcoming: list[tuple[EntityId, ...]],
) -> tuple[tuple[EntityId, ...], float, str]:
    """Who is spoken to as the talk goes: what action has just shown, then who spoke to whom, then who is there."""
    if floor.aside and not run_on_to_crowd(floor, speakers):
        return (), 0.7, "muttered to oneself"
    people_here = [who for who in others if floor.ear.kind.get(who) in ("person", "animal")]
    previous = _last_other(floor, speakers)
    following = next((who for who in upcoming[:2] if not set(who) & set(speakers)), ())
    together = [who for who in floor.since if who not in speakers and floor.ear.kind.get(who) == "person"]
    own = floor.last_to.get(speakers[0], ()) if speakers else ()
    asked = _who_addressed(floor, speakers)
    looked = [to for who, to in sorted(floor.looks) if who in speakers and floor.ear.kind.get(to) == "person"]
    if len(looked) == 1 and looked[0] not in speakers and looked[0] in others:
        return (looked[0],), 0.85, "looks at them"
    watched = len(together) == 1 and any((together[0], who) in floor.looks for who in speakers)
    if len(together) == 1 and set(speakers) & set(floor.since) and not watched:
        return (together[0],), 0.85, "the action puts the two together"
    if (
        floor.focus
        and floor.focus not in speakers
        and (not previous or floor.focus in previous or floor.focus in following)
    ):
        return (floor.focus,), 0.8, "action turns to them"
    if floor.spoken and floor.spoken[-1] == speakers and own:
        return own, 0.8, "goes on to the same person"
    if _holds_forth(unit, floor, speakers, previous, following):
        return _everyone(floor, speakers), 0.7, "holds forth to the company"
    if asked and (not floor.spoken or set(floor.said_to[-1]) & set(speakers) or len(asked) == 1):
        return asked, 0.85, "answers whoever spoke to them"
    lately = any(set(said) & set(speakers) for said in floor.spoken[-4:])
    if own and previous and lately and not (set(floor.said_to[-1]) & set(speakers)):
        return own, 0.7, "goes on after others spoke"
    if previous:
        return previous, 0.75, "answers the last speaker"
    return _by_company(others, people_here, following, floor, speakers)


def _by_company(
    others: list[EntityId],
    people_here: list[EntityId],
    following: tuple[EntityId, ...],
    floor: Floor,
    speakers: tuple[EntityId, ...],
) -> tuple[tuple[EntityId, ...], float, str]:
    if len(people_here) == 1 and not floor.crowd:
        return (people_here[0],), 0.9, "the only other person there"
    if following:
        return following[:1] if len(following) > 2 else following, 0.75, "who answers"
    if floor.crowd and floor.crowd not in speakers:
        return (floor.crowd,), 0.6, "a crowd listens"
    if people_here:
        return (people_here[-1],), 0.6, "last seen in the place"
    return tuple(others[-1:]), 0.5, "nobody else is named"


_HANGS_UP = frozenset(("hangs", "hung", "covers", "covering", "mouthpiece"))
_MUTTERS = frozenset(("mutters", "murmurs", "mumbles", "muttering", "mumbling"))


def run_on_to_crowd(floor: Floor, speakers: tuple[EntityId, ...]) -> bool:
    """True when the speaker was just talking to a crowd."""
    return bool(speakers) and floor.crowd is not None and floor.crowd in floor.last_to.get(speakers[0], ())


def _who_addressed(floor: Floor, speakers: tuple[EntityId, ...]) -> tuple[EntityId, ...]:
    """Who last spoke to the speaker, among the last five speeches, unless the speaker has answered since."""
    for said, to in zip(reversed(floor.spoken[-5:]), reversed(floor.said_to[-5:]), strict=True):
        if set(said) & set(speakers):
            return ()
        if set(to) & set(speakers) and len(said) <= 2:
            return said
    return ()


def _holds_forth(
    unit: Unit,
    floor: Floor,
    speakers: tuple[EntityId, ...],
    previous: tuple[EntityId, ...],
    following: tuple[EntityId, ...],
) -> bool:
    """True of a toast, a sermon, a tale told to a room: a crowd is there and nobody has drawn the
    speaker into talk."""
    if floor.crowd is None and not floor.crowded:
        return False
    if floor.said_to and set(floor.said_to[-1]) & set(speakers):
        return False
    if following and not previous and len(unit.text.split()) < 12:
        return False
    return len(unit.text.split()) >= 12 or bool(
        floor.crowd and floor.crowd in floor.last_to.get(speakers[0] if speakers else EntityId(""), ())
    )


def _everyone(floor: Floor, speakers: tuple[EntityId, ...]) -> tuple[EntityId, ...]:
    if floor.crowd is not None and floor.crowd not in speakers:
        return (floor.crowd,)
    return tuple(who for who in floor.present if who not in speakers)


def _last_other(floor: Floor, speakers: tuple[EntityId, ...]) -> tuple[EntityId, ...]:
    """Who spoke last among the last four speeches, other than the speaker, and is still there."""
    for said in reversed(floor.spoken[-4:]):
        other = tuple(who for who in said if who not in speakers)
        if other and len(other) <= 2:
            return other
    return ()


def _in_manner(manner: str, speakers: tuple[EntityId, ...], floor: Floor) -> tuple[EntityId, ...]:
    """The person after `to` in a parenthetical: `(to Ruthie)`, `(to the Old Woman)`, `(calling after him)`."""
    for match in _TO.finditer(manner):
        found = _who_is(match.group(1), speakers, floor)
        if found:
            return found
    calling = _CALLING.search(manner)
    if calling:
        return _who_is(calling.group(1), speakers, floor)
    return ()


def _who_is(words: str, speakers: tuple[EntityId, ...], floor: Floor) -> tuple[EntityId, ...]:
    ear = floor.ear
    tokens = [token.lower() for token in _WORD.findall(words)]
    if not tokens:
        return ()
    if tokens[0] in ("the", "his", "her", "their", "a"):
        tokens = tokens[1:]
    for start in range(min(2, len(tokens))):
        for name, who in ear.calls.get(tokens[start], ()):
            if tuple(tokens[start : start + len(name)]) == name:
                return (ear.version.get(who, who),)
    if tokens and tokens[0] in ear.kin:
        owners = [who for who in ear.kin[tokens[0]] if who not in speakers]
        return tuple(owners[:1])
    if tokens and tokens[0] in ("him", "her"):
        gender = "male" if tokens[0] == "him" else "female"
        near = [who for who in reversed(floor.present) if who not in speakers and ear.gender.get(who) == gender]
        return tuple(near[:1])
    if tokens and (tokens[0] in people().crowd_words or tokens[0] in ("others", "all", "them", "group")):
        return tuple(floor.present) if floor.crowd is None else (floor.crowd,)
    return ()


def _vocative(text: str, speakers: tuple[EntityId, ...], others: list[EntityId], floor: Floor) -> tuple[EntityId, ...]:
    """Whoever a speech calls: a name set off by commas at the start or the end of a sentence."""
    ear = floor.ear
    for sentence in re.split(r"(?<=[.!?])\s+", plain(text)):
        bits = [bit.strip(' .!?"-…') for bit in re.split(r",|\s--+\s|\s—\s", sentence)]
        if not bits:
            continue
        edges = [bits[0]] if len(bits) == 1 else [bits[0], bits[-1], *bits[1:-1]]
        for bit in edges:
            tokens = [token.lower() for token in _WORD.findall(bit)]
            if not tokens or len(tokens) > 4:
                continue
            if len(bits) == 1 and len(tokens) > 2:
                continue
            who = _called(tokens, bit, speakers, others, ear, alone=len(bits) == 1)
            if who:
                return who
    return ()


def _called(
    tokens: list[str], bit: str, speakers: tuple[EntityId, ...], others: list[EntityId], ear: SceneEar, alone: bool
) -> tuple[EntityId, ...]:
    words = people()
    if tokens[0] in (
        "oh",
        "hey",
        "hi",
        "hello",
        "dear",
        "my",
        "and",
        "now",
        "well",
        "come",
        "no",
        "yes",
        "so",
        "but",
        "listen",
        "look",
        "okay",
        "please",
    ):
        tokens = tokens[1:]
    if not tokens:
        return ()
    for name, who in ear.calls.get(tokens[0], ()):
        who = ear.version.get(who, who)
        if tuple(tokens) == name and who not in speakers and (who in others or not alone):
            proper = who not in ear.generic
            if proper and not any(c.isupper() for c in bit):
                continue
            if who in others:
                return (who,)
    if len(tokens) <= 2 and tokens[-1] in ear.kin and tokens[-1] in words.kin:
        owners = [who for who in ear.kin[tokens[-1]] if who not in speakers and who in others]
        if owners:
            return tuple(owners[:1])
    if len(tokens) == 1 and tokens[0] in (
        "mom",
        "mum",
        "mother",
        "mama",
        "dad",
        "daddy",
        "father",
        "son",
        "ma'am",
        "sir",
        "madam",
    ):
        gender = "male" if tokens[0] in words.honorific_male else "female"
        fit = [who for who in others if ear.gender.get(who) == gender and ear.kind.get(who) == "person"]
        return (fit[0],) if len(fit) == 1 else ()
    if (
        len(tokens) <= 3
        and (tokens[0] in words.group_address or " ".join(tokens) in words.group_address)
        and len(others) > 1
    ):
        return tuple(others)
    return ()
