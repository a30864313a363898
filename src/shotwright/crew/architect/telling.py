"""What a scene is for, where it turns and what happens in it, worded from its own strongest sentences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shotwright.crew.architect.lexicon import feelings
from shotwright.crew.architect.naming import display, plain
from shotwright.crew.architect.wishes import face, find_question, find_wish
from shotwright.crew.architect.wording import TURN_SAID, Tale, clause, full, inside, listed, snip, weight
from shotwright.model.story import Evidence, Turn

if TYPE_CHECKING:
    from shotwright.model.ids import EntityId
    from shotwright.model.screenplay import Unit

_TURN_WORDS = re.compile(
    r"\b(?:suddenly|finally|but then|just then|then|realiz\w+|realis\w+|at last|for the first time|"
    r"instead|until|no longer|"
    r"reveal\w*|surprise\w*|stops|freezes|turns to|decides?|leaves|refuses|confess\w*|admits?)\b",
    re.IGNORECASE,
)


def turn(tale: Tale) -> Turn | None:
    """The unit after which the scene cannot go back: a strong change of feeling, a turning word, late
    in the scene."""
    units = tale.scene.units
    if not units:
        return None
    seams = {beat.first_unit: beat for beat in tale.beats[1:]}
    best, best_value, reason = -1, -1e9, ""
    count = len(units)
    longest = _outpouring(units)
    for i, unit in enumerate(units):
        if unit.kind == "direction":
            continue
        at = (i + 1) / count
        value = -abs(at - 0.78) * 2.2 + 0.22 * min(6.0, sum(tale.scores[i].values()))
        because = "the strongest feeling"
        if unit.id in seams:
            value += 1.0
            because = f"feeling turns to {feelings().noun[seams[unit.id].name]}"
        if unit.kind == "speech":
            said = bool(TURN_SAID.search(unit.text))
            note = tale.notes.get(unit.id)
            value += 1.2 * (i == longest) + 0.7 * said - 1.5 * bool(note and note.voice == "voice_over")
            because = "a line that cannot be taken back" if said else because
        else:
            value += weight(tale, i) * 0.3
            if _TURN_WORDS.search(unit.text):
                value += 0.8
                because = "the action turns on a word of change"
        if value > best_value:
            best, best_value, reason = i, value, because
    if best < 0:
        return None
    unit = units[best]
    return Turn(
        unit=unit.id, what=_happening(tale, unit), evidence=Evidence(units=(unit.id,), confidence=0.5, because=reason)
    )


def _outpouring(units: tuple[Unit, ...]) -> int:
    """Where the longest speech of the second half stands, when it is long (25 words) and twice the usual; else -1."""
    sizes = {i: len(unit.text.split()) for i, unit in enumerate(units) if unit.kind == "speech"}
    late = [i for i in sizes if i >= len(units) / 2]
    if not late:
        return -1
    longest = max(late, key=lambda i: (sizes[i], -i))
    return longest if sizes[longest] >= max(25.0, 2.0 * sum(sizes.values()) / len(sizes)) else -1


def _happening(tale: Tale, unit: Unit) -> str:
    if unit.kind == "speech":
        note = tale.notes.get(unit.id)
        who = listed([tale.names.get(one, "") for one in note.speakers]) if note and note.speakers else "a voice"
        to = (
            f" to {tale.names[note.addressees[0]]}"
            if note and len(note.addressees) == 1 and note.addressees[0] in tale.names
            else ""
        )
        return full(f'{who} says{to}, "{snip(unit.text)}"')
    if unit.id in tale.sentences:
        return full(clause(tale, unit))
    return full(unit.text)


def _best_actions(tale: Tale, count: int) -> list[Unit]:
    ranked = sorted(
        (i for i, unit in enumerate(tale.scene.units) if unit.kind == "action"), key=lambda i: (-weight(tale, i), i)
    )[:count]
    return [tale.scene.units[i] for i in sorted(ranked) if weight(tale, i) > -2]


def _pair(tale: Tale) -> tuple[EntityId, ...]:
    """The speakers of the scene's talk, the one who drives it first."""
    said: dict[EntityId, float] = {}
    for note in tale.notes.values():
        if note.voice == "voice_over":
            continue
        for who in note.speakers:
            said[who] = said.get(who, 0.0) + 1
    named = [who for who in said if who not in tale.people or tale.people[who].kind == "person"]
    return tuple(sorted(named if len(named) > 1 else said, key=lambda who: -said[who]))


def _place(tale: Tale) -> str:
    heading = tale.scene.heading
    name = display(heading.sub_places[-1] if heading.sub_places else heading.place).strip()
    return name or "the place"


def synopsis(tale: Tale, turning: Turn | None) -> str:
    """What happens, in one line of present tense."""
    if tale.scene.synopsis:
        return full(plain(tale.scene.synopsis))
    actions = _best_actions(tale, 2)
    pair = [who for who in _pair(tale) if who in tale.names]
    talk = len([n for n in tale.notes.values() if n.voice != "voice_over"])
    if len(pair) >= 2 and talk >= 3:
        names = listed([tale.names[who] for who in pair[:3]])
        strongest = max(tale.beats, key=lambda beat: beat.intensity).name if tale.beats else "calm"
        want = find_wish(tale)
        opening = f"{names} {feelings().talk[strongest]}"
        if want and want.who in tale.names:
            verb = "tries" if want.words.startswith("get ") else "wants"
            opening = f"{tale.names[want.who]} {verb} to {want.words}"
        elif strongest == "calm" or not actions:
            asked = find_question(tale)
            if asked:
                to = f" {tale.names[asked[1]]}" if asked[1] in tale.names else ""
                opening = f'{tale.names.get(asked[0], "Somebody")} asks{to}, "{asked[2]}"'
        last = actions[-1:] and clause(tale, actions[-1])
        return full(f"{opening}; {inside(last, tale)}") if last else full(opening)
    if actions:
        if len(actions) == 2:
            first, last = (clause(tale, unit) for unit in actions)
            if len(first.split()) + len(last.split()) <= 26 and first != last:
                return full(f"{first}; {inside(last, tale)}")
        top = max(actions, key=lambda unit: weight(tale, tale.scene.units.index(unit)))
        return full(clause(tale, top))
    if turning is not None:
        return turning.what
    if tale.scene.units:
        return full(plain(tale.scene.units[0].text)[:120])
    return full(f"{_place(tale)}, empty")


def goal(tale: Tale, turning: Turn | None) -> str:
    """What the scene must do, one sentence; the turn closes it where there is one."""
    pair = [who for who in _pair(tale) if who in tale.names]
    actions = _best_actions(tale, 2)
    lead = clause(tale, actions[-1]) if actions else ""
    inner = inside(lead, tale) if lead else ""
    if len(pair) >= 2:
        worded = _talk_goal(tale, pair, turning)
        if worded:
            return full(worded)
    main = [tale.names[who] for who in tale.present if who in tale.names]
    subject = main[0] if main else "us"
    nouns = feelings().noun
    low, high = (nouns[tale.beats[0].name], nouns[tale.beats[-1].name]) if tale.beats else ("calm", "calm")
    feel = nouns[max(tale.beats, key=lambda beat: beat.intensity).name] if tale.beats else "calm"
    if not inner:
        return full(
            f"Give {subject} a moment of {feel} at {_place(tale)}"
            if main
            else f"Set us down at {_place(tale)} in a mood of {feel}"
        )
    narrated = next((note for note in tale.notes.values() if note.voice == "voice_over" and note.speakers), None)
    by_type = {
        "montage": f"Let time pass in glimpses, as far as {inner}",
        "series_of_shots": f"Build up in glimpses to where {inner}",
        "action_chase": f"Drive {subject} forward with no time to think, until {inner}",
        "suspense": f"Hold us in {feel} while {inner}",
        "discovery": f"Let us find out with {subject} that something has changed: {inner}",
        "entrance": f"Bring a new presence into the scene: {inner}",
        "intimacy": f"Bring {listed(main[:2])} close: {inner}",
        "establishing": f"Set us down at {_place(tale)}: {inner}",
        "car": f"Keep {subject} on the road and in {feel}: {inner}",
    }
    if narrated and narrated.speakers[0] in tale.names:
        words = next(unit.text for unit in tale.scene.units if unit.id == narrated.unit)
        return full(f'Let {tale.names[narrated.speakers[0]]} tell us, "{snip(words, 10)}", while {inner}')
    if tale.type in by_type:
        return full(by_type[tale.type])
    staged = _staged(tale, actions[-1], inner, feel)
    if staged:
        return full(staged)
    if low != high:
        return full(f"Take {subject} from {low} to {high}: {inner}")
    return full(f"Show, with {feel}, how {inner}" if feel != "calm" else f"Show how {inner}")


def _staged(tale: Tale, unit: Unit, inner: str, feel: str) -> str:
    """A goal out of what the strongest action does: a prop changes hands, somebody comes, goes, looks or moves on."""
    note = tale.acts.get(unit.id)
    if note is None:
        return ""
    names = tale.names
    if note.exits and note.exits[0] in names:
        return f"Get {names[note.exits[0]]} out of {_place(tale)} and leave {feel} behind: {inner}"
    if note.enters and note.enters[0] in names:
        return f"Bring {names[note.enters[0]]} in so that the room changes: {inner}"
    for who, what in (*note.takes, *note.drops):
        if who in names and what in tale.things:
            return f"Make us watch the {tale.things[what].name} with {names[who]}: {inner}"
    for who, whom in note.looks_at:
        if who in names and whom in names:
            return f"Let {names[who]} take in {names[whom]} with {feel}: {inner}"
    if note.travel and note.actors and note.actors[0] in names:
        return f"Carry {names[note.actors[0]]} onward in {feel}: {inner}"
    if len(tale.present) == 1 and tale.present[0] in names and not tale.notes:
        only = names[tale.present[0]]
        return f"Stay with {only}: {inner}" if feel == "calm" else f"Stay with {only}, in {feel}: {inner}"
    return ""


def _talk_goal(tale: Tale, pair: list[EntityId], turning: Turn | None) -> str:
    want = find_wish(tale)
    units = {unit.id: unit for unit in tale.scene.units}
    close = ""
    if turning is not None and units[turning.unit].kind == "speech" and turning.unit in tale.notes:
        note = tale.notes[turning.unit]
        if note.speakers and note.speakers[0] in tale.names:
            close = f', until {tale.names[note.speakers[0]]} says, "{snip(units[turning.unit].text, 9)}"'
    elif turning is not None and turning.unit in tale.sentences:
        close = f", until {inside(turning.what.rstrip('.'), tale)}"
    if want and turning is not None and turning.unit == want.unit:
        close = ""
    if want and want.who in tale.names:
        other = want.of if want.of in tale.names else next((who for who in pair if who != want.who), None)
        against = f" against {tale.names[other]}" if other in tale.names and tale.names[other] not in want.words else ""
        return f"Play {tale.names[want.who]}'s need to {want.words}{against}{close}"
    asked = find_question(tale)
    if asked and asked[0] in tale.names:
        other = asked[1] if asked[1] in tale.names else next((who for who in pair if who != asked[0]), None)
        if other in tale.names:
            return face(tale.names[asked[0]], tale.names[other], asked[2])
    nouns = feelings().noun
    if tale.beats and tale.beats[0].name != tale.beats[-1].name:
        start, end = nouns[tale.beats[0].name], nouns[tale.beats[-1].name]
        return f"Move {listed([tale.names[who] for who in pair[:3]])} from {start} to {end}{close}"
    feel = feelings().talk[tale.beats[0].name if tale.beats else "calm"]
    return f"Let {listed([tale.names[who] for who in pair[:3]])} {feel}{close}" if close else ""
