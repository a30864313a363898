"""What of the story must be found or made: things that somebody uses, people at an age, each need once.

A thing that is only compared, denied or mentioned is no need, nor is dressing that nobody touches; two names of one
thing are one need.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from shotwright.crew.art_director.lexicon import lexicon
from shotwright.crew.art_director.matching import tokens
from shotwright.crew.art_director.sightings import literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shotwright.model.ids import EntityId
    from shotwright.model.story import Look, Story

_AGED = re.compile(r"^(?P<which>younger|older) self(?:, (?P<phrase>[^,]+))?")
_SHOWN = re.compile(r"\b(?:CLOSE|INSERT|ANGLE|PUSH|ECU|CU|POV|REVEAL|FIND)\b")
_QUOTE_WORDS = 9


@lru_cache(maxsize=8192)
def is_named(name: str, text: str) -> bool | None:
    """Whether a sentence really has the thing in it: None when it does not name it, False when only as a figure."""
    head = tokens(name)[-1]
    if not _places(head, text):
        return None
    plain = lexicon().figurative.sub(" ", literal(text))
    table = lexicon()
    for before, after in _places(head, plain):
        if after in table.compounds.get(head, ()) or before in table.compounds.get(head, ()):
            continue
        if head in table.ambiguous and before not in table.determiners and not before.endswith(("'s", "’s")):
            continue
        return True
    return False


def _places(head: str, text: str) -> list[tuple[str, str]]:
    """(the word before, the word after), lower case, wherever the head noun stands in a text."""
    words = re.findall(r"[\w'’]+", text.casefold())
    found: list[tuple[str, str]] = []
    for at, word in enumerate(words):
        if word.startswith(head[:3]) and tokens(word)[-1:] == (head,):
            found.append((words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""))
    return found


def needed_things(story: Story) -> frozenset[EntityId]:
    """Things that are really there and either matter or are used: handled, owned, shown by itself, doing something.

    A thing that no note of action mentions is left in doubt and counts as needed.
    """
    handled: set[EntityId] = set()
    seen: set[EntityId] = set()
    mentioned: set[EntityId] = set()
    things = {thing.id: thing for thing in story.things}
    for scene in story.scenes:
        texts = {unit.id: unit.text for unit in scene.units}
        for presence in scene.presences:
            handled.update(presence.holding)
        for note in scene.actions:
            text = texts.get(note.unit, "")
            touched = {prop for _, prop in (*note.takes, *note.drops)}
            for thing in note.things:
                known = things.get(thing)
                if known is None:
                    continue
                mentioned.add(thing)
                if is_named(known.name, text) is False:
                    continue
                seen.add(thing)
                if note.actors or thing in touched or _is_shown(known.name, text):
                    handled.add(thing)
    return frozenset(
        thing.id
        for thing in story.things
        if thing.id not in mentioned
        or (thing.id in seen and (thing.kind != "prop" or thing.hero or thing.owner or thing.id in handled))
    )


def _is_shown(name: str, text: str) -> bool:
    """The sentence is about the thing: it begins with it, or directs the camera at it."""
    if _SHOWN.search(text):
        return True
    return tokens(name)[-1] in tokens(" ".join(text.split()[:4]))


def same_thing(name: str) -> str:
    """A name that two names of one thing share: `photo` and `photograph` give the same."""
    words = list(tokens(name))
    table = lexicon().same
    for at in range(len(words)):
        common = table.get(" ".join(words[at:]))
        if common is not None:
            return " ".join((*words[:at], common))
    return name.casefold()


def same_crowd(name: str) -> str:
    """A crowd's common name: `Various Townfolk` and `townspeople` are `townsfolk`."""
    table = lexicon()
    words = [word for word in name.casefold().replace("’", "'").split() if word not in table.crowd_fillers]
    bare = " ".join(words) or name.casefold()
    return table.background.get(bare, bare)


def age_of(look: Look | None) -> str:
    """The age at which a look has somebody, in words: `boy of ten`; empty at the age that the person is cast at."""
    if look is None:
        return ""
    found = _AGED.match(look.description)
    if found is None:
        return ""
    phrase = (found["phrase"] or "").strip()
    aged = any(condition == f"as a {phrase}" or condition == f"as an {phrase}" for condition in look.condition)
    return phrase if phrase and (aged or not look.clothes) else str(found["which"])


def aged_entity(person: str, age: str) -> str:
    """`character/edward@boy_of_ten`: the person at that age, an asset of its own."""
    return f"{person}@{'_'.join(tokens(age)) or 'aged'}" if age else person


def age_names(names: tuple[str, ...], age: str) -> tuple[str, ...]:
    """What a library may call a person at an age: `Edward boy of ten`, `young Edward`, `Edward as a boy`."""
    words = tokens(age)
    sort = next((word for word in words if word in lexicon().ages), "")
    older = sort in ("older", "old", "elderly", "aged", "ancient", "senior")
    grades = ("older", "old") if older else ("young", "younger", "little" if sort else "young")
    found: dict[str, None] = {}
    for name in names:
        for called in (f"{name} {age}", *(f"{grade} {name}" for grade in grades), f"{name} {sort}" if sort else ""):
            if called:
                found[called] = None
    return tuple(found)


def quote(text: str, name: str = "") -> str:
    """A few words of the script round a name, in quotation marks, for a list that says which line asks."""
    words = text.split()
    if not words:
        return ""
    at = 0
    heads = set(tokens(name)) if name else set()
    for place, word in enumerate(words):
        if heads & set(tokens(word)):
            at = place
            break
    first = max(0, min(at - _QUOTE_WORDS // 2, len(words) - _QUOTE_WORDS))
    last = min(len(words), first + _QUOTE_WORDS)
    return f"“{'… ' if first else ''}{' '.join(words[first:last])}{' …' if last < len(words) else ''}”"


def is_unseen(condition: str) -> bool:
    """A state that is no make-up: an age, or bare skin."""
    return condition.startswith(("as a ", "as an ")) or condition in lexicon().no_makeup


def needed_by(story: Story) -> Mapping[str, tuple[Look, ...]]:
    """Character -> the looks that have them at another age, one a different age, in the story's order."""
    found: dict[str, dict[str, Look]] = {}
    for look in story.looks:
        age = age_of(look)
        if age:
            found.setdefault(look.character, {}).setdefault(aged_entity(look.character, age), look)
    return {person: tuple(ages.values()) for person, ages in found.items()}
