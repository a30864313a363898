"""Where a scene turns and what happens in it, worded from its own strongest sentences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shotwright.crew.architect.aims import place_of, speakers_of
from shotwright.crew.architect.lexicon import feelings
from shotwright.crew.architect.naming import plain
from shotwright.crew.architect.wishes import find_question, find_wish
from shotwright.crew.architect.wording import TURN_SAID, Tale, clause, full, inside, listed, snip, weight
from shotwright.model.story import Evidence, Turn

if TYPE_CHECKING:
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


def synopsis(tale: Tale, turning: Turn | None) -> str:
    """What happens, in one line of present tense."""
    if tale.scene.synopsis:
        return full(plain(tale.scene.synopsis))
    actions = _best_actions(tale, 2)
    pair = [who for who in speakers_of(tale) if who in tale.names]
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
    return full(f"{place_of(tale)[:1].upper()}{place_of(tale)[1:]}, empty")
