"""What a scene has to do for the story, one sentence: who wants what from whom, and what comes of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shotwright.crew.architect.lexicon import aims, feelings, verbs
from shotwright.crew.architect.naming import display, plain
from shotwright.crew.architect.wishes import find_question, find_wish
from shotwright.crew.architect.wording import TURN_SAID, Tale, clause, full, inside, listed, snip, weight

if TYPE_CHECKING:
    from shotwright.model.ids import EntityId
    from shotwright.model.screenplay import Unit
    from shotwright.model.story import ActionNote, Turn
    from shotwright.model.vocabulary import BeatName

_REFUSES = re.compile(
    r"^(?:no\b|never\b|i (?:can't|won't|don't|couldn't)|not (?:now|yet|today)|leave|stop)", re.IGNORECASE
)
_PRONOUN_START = re.compile(r"^(?:he|she|it|they|we|this|that|there|which|who|what|as|and|but|so)\b", re.IGNORECASE)


def goal(tale: Tale, turning: Turn | None) -> str:
    """What the scene must do, one sentence, from its questions, wishes, comings and goings, and its turn."""
    pair = [who for who in speakers_of(tale) if who in tale.names]
    feel = strongest(tale)
    early = {unit.id for unit in tale.scene.units[: 1 + len(tale.scene.units) // 2]}
    narrator = next(
        (n for n in tale.notes.values() if n.voice == "voice_over" and n.speakers and n.unit in early), None
    )
    if len(pair) >= 2:
        return full(_of_talk(tale, pair, turning, feel))
    if narrator is not None and narrator.speakers[0] in tale.names and tale.type not in ("action_chase", "suspense"):
        words = next(unit.text for unit in tale.scene.units if unit.id == narrator.unit)
        return full(aims().tale[feel].format(a=tale.names[narrator.speakers[0]], words=_quoted(words, 12)))
    return full(_of_action(tale, turning, feel, pair))


def strongest(tale: Tale) -> BeatName:
    return max(tale.beats, key=lambda beat: beat.intensity).name if tale.beats else "calm"


def speakers_of(tale: Tale) -> tuple[EntityId, ...]:
    """The speakers of the scene's talk, the one who drives it first."""
    said: dict[EntityId, float] = {}
    for note in tale.notes.values():
        if note.voice == "voice_over":
            continue
        for who in note.speakers:
            said[who] = said.get(who, 0.0) + 1
    named = [who for who in said if who not in tale.people or tale.people[who].kind == "person"]
    return tuple(sorted(named if len(named) > 1 else said, key=lambda who: -said[who]))


def place_of(tale: Tale) -> str:
    """The place as it stands inside a sentence: `the kitchen`, `Jenny's house`, `Spectre`."""
    heading = tale.scene.heading
    name = display(heading.sub_places[-1] if heading.sub_places else heading.place).strip()
    name = _LEAD.sub("", name)
    words = [word for word in re.split(r"[\s/]+", name) if word]
    if not words or len(words) > 6:
        return "the place"
    common = aims().places
    lowered = [word.lower() if word.lower() in common else word for word in words]
    if not any(word.lower() in common for word in words) or "'s" in words[0]:
        return " ".join(lowered)
    return "the " + " ".join(lowered)


_LEAD = re.compile(
    r"^(?:(?:at|in|on|under|by|back|outside|behind|inside|\w+ing)\s+)*(?:(?:the|a|an)\s+)?(?=\w)", re.IGNORECASE
)


def _at(tale: Tale, name: str) -> str:
    """`at the kitchen`, with the owner's name as a pronoun where it has just been said."""
    place = place_of(tale)
    own = {"male": "his", "female": "her"}
    for eid, shown in tale.names.items():
        if shown == name and place.startswith(f"{name}'s ") and eid in tale.people:
            return f"at {own.get(tale.people[eid].gender, 'their')} {place[len(name) + 3 :]}"
    return f"at {place}"


def _owned(name: str) -> str:
    return name + ("'" if name.endswith("s") and name.startswith("the ") else "'s")


def _quoted(text: str, limit: int) -> str:
    return f'"{snip(text, limit)}"'


def _of_talk(tale: Tale, pair: list[EntityId], turning: Turn | None, feel: BeatName) -> str:
    table = aims()
    want = find_wish(tale)
    if want and want.who in tale.names:
        other = want.of if want.of in tale.names else next((who for who in pair if who != want.who), None)
        if other in tale.names:
            a, b = tale.names[want.who], tale.names[other]
            gender = tale.people[want.who].gender if want.who in tale.people else "unknown"
            words = re.sub(rf"\b{re.escape(a)}\b(?!'s)", {"male": "him", "female": "her"}.get(gender, a), want.words)
            form = table.want[feel] if b not in words or " against {b}" not in table.want[feel] else _ALONE
            worded = form.format(a=a, b=b, want=words)
            return worded + _outcome(tale, turning, skip=want.unit)
    reveal = _reveal(tale, turning)
    asked = find_question(tale)
    if asked and asked[0] in tale.names and not reveal:
        other = asked[1] if asked[1] in tale.names else next((who for who in pair if who != asked[0]), None)
        if other in tale.names:
            worded = table.ask[feel].format(a=tale.names[asked[0]], b=tale.names[other], words=f'"{asked[2]}"')
            if worded.endswith('"') and feel not in ("confusion", "action"):
                return worded + ", " + table.answer[_met(tale, asked[0], asked[2])]
            return worded
    if reveal:
        return reveal
    people = listed([tale.names[who] for who in pair[:3]])
    nouns = _nouns()
    start, end = (tale.beats[0].name, tale.beats[-1].name) if tale.beats else ("calm", "calm")
    if start != end:
        return f"Turn {nouns[start]} between {people} into {nouns[end]}" + _outcome(tale, turning)
    return f"Let us feel the {nouns[feel]} between {people}" + _outcome(tale, turning)


_ALONE = "Put {a}'s need to {want} to the test"


def _nouns() -> dict[BeatName, str]:
    return feelings().noun


def _outcome(tale: Tale, turning: Turn | None, skip: str = "") -> str:
    """What it comes to: the turn, where that is a speech or a sentence that stands by itself."""
    if turning is None or turning.unit == skip:
        return ""
    unit = next(unit for unit in tale.scene.units if unit.id == turning.unit)
    if unit.kind == "speech":
        note = tale.notes.get(unit.id)
        if note is None or not note.speakers or note.speakers[0] not in tale.names or len(unit.text.split()) < 3:
            return ""
        verb = "asks" if unit.text.rstrip().endswith("?") else "says"
        return f", until {tale.names[note.speakers[0]]} {verb}, {_quoted(unit.text, 10)}"
    text = _sound(tale, unit)
    return f", until {inside(text, tale)}" if text else ""


def _reveal(tale: Tale, turning: Turn | None) -> str:
    """A turn that is a line which cannot be taken back."""
    if turning is None:
        return ""
    unit = next(unit for unit in tale.scene.units if unit.id == turning.unit)
    note = tale.notes.get(unit.id)
    if note is None or unit.text.rstrip().endswith("?") or not TURN_SAID.search(unit.text) or not note.speakers:
        return ""
    said = note.speakers[0]
    other = next((tale.names[who] for who in note.addressees if who in tale.names), "")
    if said not in tale.names or len(unit.text.split()) < 4:
        return ""
    to = f" {other}" if other else " out loud"
    verb = "telling" if other else "saying"
    return f"Bring {tale.names[said]} to the point of {verb}{to}, {_quoted(unit.text, 12)}"


def _met(tale: Tale, asker: EntityId, question: str) -> str:
    """How a question is met: none, refused, turned, long, short or told."""
    units = tale.scene.units
    at = next((i for i, unit in enumerate(units) if unit.kind == "speech" and question in plain(unit.text)), None)
    if at is None or not plain(units[at].text).rstrip().endswith(question.rstrip()):
        return "told"
    for unit in units[at + 1 : at + 3]:
        note = tale.notes.get(unit.id)
        if note is None:
            act = tale.acts.get(unit.id)
            if act is not None and act.held:
                return "none"
            continue
        if asker in note.speakers:
            return "none"
        text = plain(unit.text)
        if _REFUSES.match(text):
            return "refused"
        size = len(text.split())
        if text.rstrip().endswith("?"):
            return "turned"
        return "long" if size >= 22 else "short" if size <= 4 else "told"
    return "none"


def _of_action(tale: Tale, turning: Turn | None, feel: BeatName, pair: list[EntityId]) -> str:
    """A goal out of what is done: somebody comes, goes, finds, handles, fights, looks or is alone."""
    place = place_of(tale)
    people = [who for who in tale.present if who in tale.names]
    names = [tale.names[who] for who in people]
    best, text = _telling_action(tale, turning)
    note = tale.acts.get(best.id) if best is not None else None
    aim = _aim(tale, note, best, people, place, feel)
    if not aim:
        mood = aims().feel[feel]
        if tale.type == "montage":
            aim = "Let time pass in glimpses"
        elif tale.type == "series_of_shots":
            aim = f"Build {listed(names[:2])} up in glimpses" if names else f"Build {place} up in glimpses"
        elif not names:
            aim = f"Put {place} before us" if feel == "calm" else f"Put {place} before us in {_nouns()[feel]}"
        elif len(names) == 1:
            aim = (
                f"Stay with {names[0]} {_at(tale, names[0])}"
                if feel == "calm"
                else f"Find {names[0]} {mood} {_at(tale, names[0])}"
            )
        else:
            aim = f"Put {listed(names[:3])} together at {place}"
            aim += "" if feel == "calm" else f" and make us feel the {_nouns()[feel]}"
    if text:
        return f"{aim}: {_with_pronoun(tale, text, aim)}"
    if len(pair) == 1:
        said = next((u for u in tale.scene.units if u.id in tale.notes and pair[0] in tale.notes[u.id].speakers), None)
        if said is not None and len(said.text.split()) >= 3:
            return f"{aim}, and have {tale.names[pair[0]]} say, {_quoted(said.text, 10)}"
    return aim


def _telling_action(tale: Tale, turning: Turn | None) -> tuple[Unit | None, str]:
    """The action that says most of what happens and can be told as a sentence; the turn where it can."""
    units = tale.scene.units
    ranked = sorted((i for i, unit in enumerate(units) if unit.kind == "action"), key=lambda i: (-weight(tale, i), i))
    order = [units[i] for i in ranked if weight(tale, i) > -2]
    if turning is not None:
        order.sort(key=lambda unit: unit.id != turning.unit)
    for unit in order[:4]:
        text = _sound(tale, unit)
        if text:
            return unit, text
    return (order[0] if order else None), ""


def _sound(tale: Tale, unit: Unit) -> str:
    """The action as a clause when it stands by itself: a subject that is named, a verb in the present; else empty."""
    sentence = tale.sentences.get(unit.id)
    if sentence is None or not sentence.verbs:
        return ""
    text = clause(tale, unit)
    words = text.split(" ")
    if len(words) < 3 or _PRONOUN_START.match(text) or text.endswith(("?", ",")) or "--" in text or ":" in text:
        return ""
    if words[-1].lower() in ("that", "when", "while", "how", "his", "her", "their", "its", "just", "then"):
        return ""
    subject = sentence.mentions[0] if sentence.mentions else None
    by_name = any(text.lower().startswith(name.lower()) for name in tale.names.values())
    if not by_name and not (re.match(r"(?:The|A|An|Two|Three|His|Her|Everyone) ", text)):
        return ""
    verb = next((v for v in sentence.verbs if v.base != "be" and v.at > (subject.start if subject else 0)), None)
    finite = verb is not None and any(word in verbs().forms and not word.endswith("ing") for word in words[1:9])
    return text if finite else ""


def _with_pronoun(tale: Tale, text: str, aim: str) -> str:
    """The clause with its subject as a pronoun where the aim has just named the only one it can mean."""
    named = [eid for eid, name in tale.names.items() if re.search(rf"\b{re.escape(name)}\b", aim)]
    if len(named) == 1:
        shown = tale.names[named[0]]
        gender = tale.people[named[0]].gender if named[0] in tale.people else "unknown"
        word = {"male": "he", "female": "she"}.get(gender, "")
        if word and re.match(rf"{re.escape(shown)} (?!and )[a-z]", text):
            return word + text[len(shown) :]
    return inside(text, tale)


def _aim(
    tale: Tale, note: ActionNote | None, unit: Unit | None, people: list[EntityId], place: str, feel: BeatName
) -> str:
    """The aim that the strongest action makes plain, or empty."""
    if tale.type == "establishing" or note is None or unit is None:
        return ""
    names = tale.names
    sentence = tale.sentences[unit.id]
    bases = {verb.base for verb in sentence.verbs}
    classes = verbs().classes
    who = [one for one in note.actors if one in names]
    others = [one for one in people if one not in who]
    main = names[who[0]] if who else ""
    if tale.type == "action_chase" or (bases & classes["fights"] and who and feel in ("action", "anger", "shock")):
        against = names[who[1]] if len(who) > 1 else ""
        return f"Throw {main} against {against}" if against else f"Drive {main or 'us'} on with no time to think"
    left = next((one for one in note.exits if one in names), None)
    if left:
        stays = next((names[one] for one in others), "")
        return f"Part {names[left]} from {stays}" if stays else f"Send {names[left]} on from {place}"
    came = next((one for one in note.enters if one in names), None)
    if came:
        meets = next((names[one] for one in others), "")
        return f"Bring {names[came]} in to {meets}" if meets else f"Bring {names[came]} to {place}"
    for one, what in (*note.takes, *note.drops):
        if one in names and what in tale.things:
            name = tale.things[what].name
            if (one, what) in note.drops:
                return f"Take the {name} out of {_owned(names[one])} hands"
            return f"Put the {name} in {_owned(names[one])} hands"
    if bases & classes["discovers"] and main:
        return f"Let {main} find something out"
    for one, whom in note.looks_at:
        if one in names and whom in names:
            return f"Make {names[one]} see {names[whom]}"
        if one in names and whom in tale.things:
            return f"Turn {names[one]}'s attention to the {tale.things[whom].name}"
    if bases & classes["affection"] and len(who) > 1:
        return f"Bring {names[who[0]]} and {names[who[1]]} close"
    if note.travel and main and not others:
        return f"Move {main} through {place}"
    return ""
