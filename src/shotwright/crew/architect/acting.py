"""What each action sentence shows: who acts, looks, takes, drops, enters, leaves, travels, and in what pose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.crew.architect.lexicon import people, verbs
from shotwright.crew.architect.objects import Noun, SceneThings, nouns
from shotwright.model.story import ActionNote, Evidence

if TYPE_CHECKING:
    from shotwright.crew.architect.sightings import Sentence, Verb
    from shotwright.model.ids import EntityId

_NOT_AT = frozenset(("like", "as", "forward", "good", "gorgeous", "beautiful", "tired", "great", "younger", "older"))
_NEGATIVE = frozenset(("not", "never", "doesn't", "don't", "no", "can't", "won't", "cannot", "nobody", "neither"))


def act(sentence: Sentence, things: SceneThings, present: list[EntityId]) -> ActionNote:
    """The note of one sentence. `present` is who is in the place before it."""
    found = nouns(sentence)
    ids = [things.add(noun, sentence.unit.id) for noun in found]
    looks: list[tuple[EntityId, EntityId]] = []
    takes: list[tuple[EntityId, EntityId]] = []
    drops: list[tuple[EntityId, EntityId]] = []
    enters: list[EntityId] = []
    exits: list[EntityId] = []
    poses: dict[EntityId, str] = {}
    travel = False
    classes = verbs().classes
    for position, verb in enumerate(sentence.verbs):
        limit = sentence.verbs[position + 1].at if position + 1 < len(sentence.verbs) else len(sentence.words)
        names = _senses(sentence, verb)
        denied = bool(_NEGATIVE.intersection(sentence.words[max(0, verb.at - 3) : verb.at]))
        if names & classes["looks"] and not _merely_seems(sentence, verb):
            looks += _looks(sentence, verb, found, ids)
        if denied:
            continue
        after = [
            (noun, eid) for noun, eid in zip(found, ids, strict=True) if verb.at < noun.start < max(limit, verb.at + 7)
        ]
        if after and verb.agents and names & (classes["takes"] | classes["drops"]) and not _befalls(sentence, verb):
            _handle(sentence, verb, names, after[0], takes, drops, limit)
        if names & classes["enters"] and not _joins_thing(verb, after):
            enters += verb.agents
        if names & classes["exits"] and not (after and verb.base == "leave"):
            exits += verb.agents
        travel = travel or bool(names & classes["travel"] and (verb.agents or found))
        pose = verbs().poses.get(verb.base) or verbs().poses.get(sentence.words[verb.at])
        if pose:
            for who in verb.agents:
                poses[who] = pose
    _poses_of_state(sentence, poses)
    enters += _revealed(sentence, present)
    takes += _held_things(sentence, found, ids)
    return ActionNote(
        unit=sentence.unit.id,
        actors=sentence.actors or _agents(sentence),
        looks_at=tuple(dict.fromkeys(looks)),
        things=tuple(dict.fromkeys(ids)),
        takes=tuple(dict.fromkeys(takes)),
        drops=tuple(dict.fromkeys(drops)),
        enters=tuple(dict.fromkeys(enters)),
        exits=tuple(dict.fromkeys(exits)),
        travel=travel,
        held=is_held(sentence.text),
        poses=tuple(poses.items()),
        evidence=Evidence(units=(sentence.unit.id,), confidence=_confidence(sentence), because=_because(sentence)),
    )


_PARTICIPLES = frozenset(("caught", "stuck", "lost", "hit", "shot", "held", "taken", "thrown", "given", "found"))
_PASSIVE = frozenset(("get", "gets", "got", "getting", "is", "are", "was", "were", "been", "being", "be"))


def _befalls(sentence: Sentence, verb: Verb) -> bool:
    """`gets caught`, `is thrown`: it is done to the one who is named, and nothing comes to or leaves the hand."""
    words = sentence.words
    for at in (verb.at, verb.at + 1):
        if 0 < at < len(words) and words[at - 1] in _PASSIVE:
            return words[at].endswith("ed") or words[at] in _PARTICIPLES
    return False


def _agents(sentence: Sentence) -> tuple[EntityId, ...]:
    return tuple(dict.fromkeys(who for verb in sentence.verbs for who in verb.agents))


def _senses(sentence: Sentence, verb: Verb) -> frozenset[str]:
    """The verb's base, and the base with a particle that follows it within three words: `put`, `put down`."""
    particles = verbs().particles.get(verb.base)
    if not particles:
        return frozenset((verb.base,))
    near = sentence.words[verb.at + 1 : verb.at + 5]
    joined = frozenset(f"{verb.base} {word}" for word in near if word in particles)
    return joined | {verb.base}


def _merely_seems(sentence: Sentence, verb: Verb) -> bool:
    following = sentence.words[verb.at + 1] if verb.at + 1 < len(sentence.words) else ""
    return following in _NOT_AT


def _looks(sentence: Sentence, verb: Verb, found: list[Noun], ids: list[EntityId]) -> list[tuple[EntityId, EntityId]]:
    near = [
        m
        for m in sentence.mentions
        if verb.at < m.start <= verb.at + 7 and not set(m.who) & set(verb.agents) and m.shown
    ]
    if near:
        return [(who, near[0].who[0]) for who in verb.agents]
    seen = [eid for noun, eid in zip(found, ids, strict=True) if verb.at < noun.start <= verb.at + 7]
    return [(who, seen[0]) for who in verb.agents] if seen else []


def _handle(
    sentence: Sentence,
    verb: Verb,
    names: frozenset[str],
    target: tuple[Noun, EntityId],
    takes: list[tuple[EntityId, EntityId]],
    drops: list[tuple[EntityId, EntityId]],
    limit: int,
) -> None:
    """Whose hand a prop goes into or leaves. Giving does both."""
    noun, eid = target
    if noun.kind != "prop":
        return
    classes = verbs().classes
    who = verb.agents[0]
    if names & classes["drops"]:
        receivers = [
            m.who[0] for m in sentence.mentions if verb.at < m.start < limit and not m.possessive and who not in m.who
        ]
        if verb.base in classes["gives"] and receivers:
            drops.append((who, eid))
            takes.append((receivers[0], eid))
        elif verb.base != "offer":
            drops.append((who, eid))
    else:
        takes.append((who, eid))


def _joins_thing(verb: Verb, after: list[tuple[Noun, EntityId]]) -> bool:
    return verb.base in ("return", "join", "burst") and bool(after)


def _poses_of_state(sentence: Sentence, poses: dict[EntityId, str]) -> None:
    """`seated`, `asleep`, `sitting`: states that are no verb of the sentence."""
    table = verbs().poses
    for at, word in enumerate(sentence.words):
        pose = table.get(word)
        if pose and word not in verbs().forms:
            before = [m for m in sentence.mentions if m.end <= at and not m.possessive]
            if _of_a_part(sentence.words, at):
                continue
            for who in before[0].who if before else ():
                poses.setdefault(who, pose)


_PARTS = frozenset(("face", "hand", "arm", "leg", "foot", "side", "half", "lips", "fingers", "mouth", "eye"))


def _of_a_part(words: list[str], at: int) -> bool:
    """True of a state that is said of a part of the body: `half of his face asleep`."""
    return not _PARTS.isdisjoint(words[max(0, at - 2) : at])


def _revealed(sentence: Sentence, present: list[EntityId]) -> list[EntityId]:
    """Whoever a sentence reveals, or brings in by `in comes`, and who was not there before."""
    words = sentence.words
    at = next((i for i, word in enumerate(words) if word in ("reveal", "reveals", "revealing")), -1)
    if at < 0:
        at = next(
            (
                i
                for i in range(len(words) - 1)
                if words[i] == "in" and words[i + 1] in ("comes", "walks", "steps", "strides")
            ),
            -1,
        )
    if at < 0 or not present:
        return []
    return [m.who[0] for m in sentence.mentions if at < m.start <= at + 6 and m.who[0] not in present and m.shown][:1]


def _held_things(sentence: Sentence, found: list[Noun], ids: list[EntityId]) -> list[tuple[EntityId, EntityId]]:
    """`the pocket watch in her fist`, `with a lantern`: held without a verb of holding."""
    out = []
    for noun, eid in zip(found, ids, strict=True):
        if noun.kind != "prop":
            continue
        before = [m for m in sentence.mentions if m.start < noun.start and len(m.who) == 1 and m.shown]
        after = sentence.words[noun.end : noun.end + 4]
        fist = after[:1] == ["in"] and any(word in ("hand", "hands", "fist", "arms") for word in after)
        lead = sentence.words[max(0, noun.start - 3) : noun.start]
        carried = "with" in lead and any(
            verb.base in verbs().classes["travel"] or verb.base in verbs().classes["enters"] for verb in sentence.verbs
        )
        if before and (fist or carried):
            out.append((before[0].who[0], eid))
    return out


def is_held(text: str) -> bool:
    """True when the script holds still: `Nobody moves.`, `Silence.`, `A long beat, then...`"""
    low = text.lower().strip(" .…-–—!")
    if len(low) > 120:
        return False
    if len(low.split(" ")) > 7:
        return any(
            phrase in low
            for phrase in (
                "nobody moves",
                "no one moves",
                "neither moves",
                "nobody turns",
                "does not move",
                "long beat",
            )
        )
    return low.startswith(verbs().held) or "beat" in low.split(" ")


def _confidence(sentence: Sentence) -> float:
    if not sentence.mentions:
        return 0.6
    return 0.7 if any(mention.pronoun for mention in sentence.mentions) else 0.9


def _because(sentence: Sentence) -> str:
    if not sentence.mentions:
        return "names nobody"
    return "pronouns resolved" if any(mention.pronoun for mention in sentence.mentions) else "named"


def crowd_in(words: list[str]) -> bool:
    """True when a sentence shows a crowd."""
    return not people().crowd_words.isdisjoint(words)
