"""Castings that the rules are not sure of, and the question that settles them: which asset, if any, each need is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from shotwright.craft.answers import Refused, phrase
from shotwright.crew.art_director.casting import asset_kinds, key_prefix, names_of
from shotwright.crew.art_director.implied import is_owned_by
from shotwright.crew.art_director.lexicon import lexicon
from shotwright.crew.art_director.matching import Candidate, Need, Shelf, rank, tokens
from shotwright.crew.art_director.needs import age_names
from shotwright.crew.art_director.offers import plain
from shotwright.model.crew import Casting
from shotwright.model.ids import digest, kind_of, slug
from shotwright.model.question import Question, Taken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.model.asset import Asset
    from shotwright.model.language import Refinement
    from shotwright.model.story import Story
    from shotwright.model.vocabulary import AssetKind

MOST = 40
"""Needs in one question."""
_LEAST_HELD, _CUT_EVERY = 8, 10
"""A group holds so many before an id may end it, and one id of so many does."""
_CANDIDATES = 4
_SURE = 0.8
"""A casting with less confidence is in doubt even without a rival."""
_RIVAL = 0.1
"""So near to the chosen one another is its rival."""
_LIKELY = {"location": 0.45, "character": 0.4}
_LEAST = 0.4
"""The score from which an asset that was not taken is worth a question, by kind of need."""
_TOLD = 0.42
"""Of an asset whose description, not its name, speaks of the need."""
_NEED_WORDS = 10
_ASSET_WORDS = 8
_LETTERS = "abcd"
_CHOSEN = 0.8


class Pick(BaseModel):
    """One need's asset by letter, or `none`."""

    n: int
    pick: str
    why: str = ""


class Picks(BaseModel):
    """The answer: a pick for every number."""

    picks: list[Pick] = []


@dataclass(frozen=True, slots=True)
class Doubt:
    """A need whose asset is in doubt. `entities` share one casting: names of one thing, both sides of one place."""

    entities: tuple[str, ...]
    label: str
    candidates: tuple[Asset, ...]

    def letter(self, key: str | None) -> str:
        """The letter of the asset that stands, or `none`."""
        return next((_LETTERS[at] for at, asset in enumerate(self.candidates) if asset.key == key), "none")


@cache
def instructions() -> str:
    """The casting's prompt."""
    return files(__package__).joinpath("prompt_casting.md").read_text("utf-8").strip()


def ask_casting(
    story: Story, castings: Sequence[Casting], assets: Sequence[Asset], film: str = ""
) -> tuple[Question[tuple[Casting, ...]], ...]:
    """The film's doubtful castings, at most `MOST` a question, in groups that an edit elsewhere leaves alone.

    A need is in doubt when the library has something near that was not taken, a rival to what was, or when what was
    taken is far from sure. What a question says comes from names and descriptions only.
    """
    found = find_doubts(story, castings, assets)
    standing = {str(entry.entity): entry for entry in castings}
    questions: list[Question[tuple[Casting, ...]]] = []
    for group in _groups(found):
        drafted = Picks(picks=[Pick(n=n, pick=d.letter(standing[d.entities[0]].key)) for n, d in enumerate(group, 1)])
        questions.append(
            Question(
                agent="art_director",
                task="art_director.casting",
                scene="",
                instructions=instructions(),
                film=film,
                body="\n".join(line for n, doubt in enumerate(group, 1) for line in _lines(n, doubt)),
                answer=Picks,
                drafted=drafted,
                keys=tuple(f"need {n}" for n in range(1, len(group) + 1)),
                take=partial(_take, group),
                mark=partial(_mark, group),
                likely_tokens=40 * len(group),
            )
        )
    return tuple(questions)


def find_doubts(story: Story, castings: Sequence[Casting], assets: Sequence[Asset]) -> tuple[Doubt, ...]:
    """Every casting in doubt with its 1-4 candidates, by kind and id."""
    if not assets:
        return ()
    shelf = Shelf(assets)
    told = _told_of(shelf)
    shared: dict[tuple[str, str], list[Casting]] = {}
    for entry in castings:
        shared.setdefault((entry.kind, entry.key or entry.proposed_key), []).append(entry)
    persons: dict[str, str] = {entry.key: entry.entity for entry in castings if entry.key and entry.kind == "character"}
    places = {e.key: e.entity.partition("@")[0] for e in castings if e.key and e.kind == "location"}
    doubts: list[Doubt] = []
    for entry in castings:
        together = shared[entry.kind, entry.key or entry.proposed_key] if not entry.key else _sides(entry, castings)
        if together[0] is not entry or "names it" in entry.because or entry.because.startswith("its own look"):
            continue
        need, kinds, label = _need(entry, story)
        if need is None:
            continue
        ranked = [
            (score, candidate)
            for score, candidate in _ranked(need, kinds, shelf, told)
            if _is_free(candidate.asset, entry, persons, places)
        ]
        chosen = _in_doubt(entry, ranked)
        if chosen:
            doubts.append(Doubt(tuple(str(e.entity) for e in together), label, tuple(chosen)))
    return tuple(sorted(doubts, key=lambda d: (kind_of(d.entities[0]), d.entities)))


def _sides(entry: Casting, castings: Sequence[Casting]) -> list[Casting]:
    """The casting and its copies: a place is cast plain and by side."""
    base = entry.entity.partition("@")[0]
    if entry.kind != "location":
        return [entry]
    return [e for e in castings if e.kind == "location" and e.key == entry.key and e.entity.partition("@")[0] == base]


def _is_free(asset: Asset, entry: Casting, persons: Mapping[str, str], places: Mapping[str, str]) -> bool:
    """Nobody else's face, no other place's set."""
    if asset.kind == "character":
        return persons.get(asset.key, entry.entity) == entry.entity
    return places.get(asset.key, entry.entity.partition("@")[0]) == entry.entity.partition("@")[0]


def _in_doubt(entry: Casting, ranked: list[tuple[float, Candidate]]) -> list[Asset]:
    """The assets to choose among, the likeliest first; none where there is no doubt."""
    assets = list(dict.fromkeys(candidate.asset.key for _, candidate in ranked))
    by_key = {candidate.asset.key: candidate for _, candidate in ranked}
    scores: dict[str, float] = {}
    for score, candidate in ranked:
        scores.setdefault(candidate.asset.key, score)
    if entry.key is None:
        least = _LIKELY.get(entry.kind, _LEAST)
        near = [key for key in assets if scores[key] >= least]
        return [by_key[key].asset for key in near[:_CANDIDATES]]
    if entry.key not in by_key:
        return []
    own = scores[entry.key]
    stem = entry.key.rpartition("_v")[0]
    rivals = [
        key for key in assets if key != entry.key and scores[key] >= own - _RIVAL and key.rpartition("_v")[0] != stem
    ]
    unsure = min(entry.confidence, own) < _SURE
    if not rivals and not unsure:
        return []
    others = rivals or [key for key in assets if key != entry.key and scores[key] >= _LEAST]
    chosen = {entry.key, *others[: _CANDIDATES - 1]}
    return [by_key[key].asset for key in assets if key in chosen]


def _told_of(shelf: Shelf) -> dict[tuple[str, str], list[Candidate]]:
    """(kind, word of a description) -> the assets so described."""
    found: dict[tuple[str, str], list[Candidate]] = {}
    for candidate in shelf.candidates:
        for word in sorted(candidate.context):
            found.setdefault((candidate.asset.kind, word), []).append(candidate)
    return found


def _ranked(
    need: Need, kinds: tuple[Any, ...], shelf: Shelf, told: dict[tuple[str, str], list[Candidate]]
) -> list[tuple[float, Candidate]]:
    """By name first; then assets whose description speaks of the need's own word, the more rarely said the better."""
    ranked = [(score, found) for score, found, _ in rank(need, shelf, kinds) if not _is_anothers(found, need)]
    seen = {candidate.order for _, candidate in ranked}
    words = {tokens(need.names[0])[-1]} - lexicon().weak - lexicon().place_generic - lexicon().ages
    for word in sorted(words):
        speaking = told.get((kinds[0], word), ())
        if len(word) < 4 or len(speaking) > _CANDIDATES:
            continue
        for candidate in speaking:
            if candidate.order not in seen and not _is_anothers(candidate, need):
                seen.add(candidate.order)
                ranked.append((_TOLD, candidate))
    return sorted(ranked, key=lambda entry: (-entry[0], entry[1].order))


def _is_anothers(candidate: Candidate, need: Need) -> bool:
    """It belongs to somebody else than the need: a surname that both bear makes nobody its owner."""
    owner = candidate.asset.belongs_to
    return bool(owner and need.owner) and not is_owned_by(owner, need.owner)


def _need(entry: Casting, story: Story) -> tuple[Need | None, tuple[Any, ...], str]:
    """What a casting was made for, from names and descriptions alone, and how a question calls it."""
    base, _, suffix = entry.entity.partition("@")
    kind, _, own = base.partition("/")
    if kind in ("clothes", "makeup_hair"):
        who, _, what = own.partition(".")
        person = next((c for c in story.characters if c.id == f"character/{who}"), None)
        if person is None:
            return None, (), ""
        what = what.replace("_", " ")
        names: tuple[str, ...] = (what,) if what != "costume" else (f"{person.name} costume", f"{person.name} clothes")
        worn: AssetKind = "clothes" if kind == "clothes" else "makeup_hair"
        return Need(worn, names, owner=(person.name, *person.aliases)), (worn,), f"{person.name}'s {what}"
    if kind == "location":
        place = next((p for p in story.locations if p.id == base), None)
        if place is None:
            return None, (), ""
        parent = next((p.name for p in story.locations if p.id == place.parent), "")
        name = place.name.rpartition(" - ")[2] if parent else place.name
        side = suffix if suffix in ("int", "ext") else ""
        label = f"{name}, of {parent}" if parent else name
        where = {"int": ", inside", "ext": ", outside"}.get(side, "")
        return Need("location", (name,), parent=parent, side=side), ("location",), f"{label}{where} (place)"
    character = next((c for c in story.characters if c.id == base), None)
    if character is not None:
        kinds = asset_kinds(character.kind, "character")
        names = names_of(character, story)
        age = suffix.replace("_", " ")
        if age:
            names = age_names((character.name,), age)
        told = _short(character.description, _NEED_WORDS)
        sort = character.kind if character.gender == "unknown" else f"{character.gender} {character.kind}"
        years = f", {age}" if age else f", {character.age}" if character.age else ""
        label = f"{character.name} ({sort}{years})" + (f": {told}" if told else "")
        return Need(kinds[0], names), kinds, label
    thing = next((t for t in story.things if t.id == base), None)
    if thing is not None:
        kinds = asset_kinds(thing.kind, "thing")
        owner = next((c for c in story.characters if c.id == thing.owner), None)
        whose = (owner.name, *owner.aliases) if owner is not None else ()
        label = f"{thing.name}, {owner.name}'s" if owner is not None else thing.name
        return Need(kinds[0], (thing.name,), owner=whose), kinds, f"{label} ({thing.kind})"
    if kind in ("effect", "background"):
        name = own.replace("_", " ")
        return Need(entry.kind, (name,)), (entry.kind,), f"{name} ({kind})"
    return None, (), ""


def _short(text: str, most: int) -> str:
    words = plain(text).split()
    return " ".join(words[:most]) + (" …" if len(words) > most else "")


def _lines(n: int, doubt: Doubt) -> list[str]:
    lines = [f"{n} {plain(doubt.label)}"]
    for letter, asset in zip(_LETTERS, doubt.candidates, strict=False):
        kind = "" if asset.kind in ("character", "location", "object") else f" ({asset.kind})"
        whose = f", {plain(asset.belongs_to)}'s" if asset.belongs_to else ""
        parts = (_short(asset.description or asset.prompt, _ASSET_WORDS), ", ".join(asset.personality[:3]))
        told = "; ".join(filter(None, map(plain, parts)))
        lines.append(f" {letter} {plain(asset.name)}{kind}{whose}" + (f": {told}" if told else ""))
    return lines


def _groups(doubts: Sequence[Doubt]) -> list[tuple[Doubt, ...]]:
    """Runs of one kind by id, cut where an id's own hash says so: a need more or less moves no other run."""
    groups: list[list[Doubt]] = []
    for doubt in doubts:
        kind = kind_of(doubt.entities[0])
        held = len(groups[-1]) if groups else MOST
        cut = held >= _LEAST_HELD and int(digest(doubt.entities[0], length=4), 16) % _CUT_EVERY == 0
        if held >= MOST or cut or kind_of(groups[-1][0].entities[0]) != kind:
            groups.append([])
        groups[-1].append(doubt)
    return [tuple(group) for group in groups]


def _take(
    group: tuple[Doubt, ...], standing: tuple[Casting, ...], answer: Any, opened: frozenset[str], mind: str
) -> Taken[tuple[Casting, ...]]:
    """Picks laid over the castings that stand; see Question.take."""
    entries = {str(entry.entity): entry for entry in standing}
    faces = {entry.key: str(entry.entity) for entry in standing if entry.key and entry.kind == "character"}
    taken = {key for entry in standing for key in (entry.key, entry.proposed_key) if key}
    picks: dict[int, Pick] = {}
    for pick in getattr(answer, "picks", []):
        picks.setdefault(pick.n, pick)
    refused: dict[str, str] = {}
    changed: set[str] = set()
    for n, doubt in enumerate(group, 1):
        key = f"need {n}"
        if key not in opened or any(entity not in entries for entity in doubt.entities):
            continue
        letters = _LETTERS[: len(doubt.candidates)]
        pick = picks.get(n)
        said = pick.pick.strip(" .)(\"'").casefold() if pick is not None else ""
        if pick is None or not (said == "none" or (len(said) == 1 and said in letters)):
            refused[key] = f"{key}: pick one of {', '.join(letters)} or none"
            continue
        now = entries[doubt.entities[0]]
        asset = None if said == "none" else doubt.candidates[letters.index(said)]
        if (asset.key if asset is not None else None) == now.key:
            continue
        face = asset.key if asset is not None and asset.kind == "character" else ""
        if asset is not None and faces.get(face, doubt.entities[0]) != doubt.entities[0]:
            refused[key] = f"{key}: {asset.name} is already somebody else; pick another or none"
            continue
        why = _because(pick.why, mind, said == "none")
        proposed = "" if asset is not None else _proposed(now, doubt, taken)
        for entity in doubt.entities:
            entries[entity] = _cast(entries[entity], asset, why, proposed)
        if now.key and now.kind == "character":
            faces.pop(now.key, None)
        if face:
            faces[face] = doubt.entities[0]
        changed.add(key)
    return Taken(tuple(entries[str(entry.entity)] for entry in standing), refused, frozenset(changed))


def _because(why: str, mind: str, none: bool) -> str:
    """The model's reason in clean words, with who chose."""
    try:
        words = phrase(why, most=90, apart_from=(instructions(),))
    except Refused:
        words = ""
    if not words or words.casefold() in instructions().casefold():
        words = "nothing in the library is it" if none else "the nearest that the library has"
    return f"{words}; chosen by {mind}"


def _proposed(now: Casting, doubt: Doubt, taken: set[str]) -> str:
    name = doubt.entities[0].partition("/")[2].partition("@")[0].replace(".", "_")
    stem, version = f"{key_prefix(now.kind)}_{slug(name)}", 1
    while f"{stem}_v{version:02d}" in taken:
        version += 1
    taken.add(f"{stem}_v{version:02d}")
    return f"{stem}_v{version:02d}"


def _cast(entry: Casting, asset: Asset | None, why: str, proposed: str) -> Casting:
    if asset is None:
        return Casting(entity=entry.entity, kind=entry.kind, proposed_key=proposed, because=why, confidence=0.0)
    return Casting(
        entity=entry.entity, kind=asset.kind, key=asset.key, because=why, confidence=_CHOSEN, prompt=asset.prompt,
        colours=asset.colours, personality=asset.personality, manner=asset.manner, height_m=asset.height_m,
        library=asset.library,
    )  # fmt: skip


def _mark(group: tuple[Doubt, ...], castings: tuple[Casting, ...], record: Refinement) -> tuple[Casting, ...]:
    """Say of each casting that fell back or is pending why."""
    notes: dict[str, str] = {}
    for n, doubt in enumerate(group, 1):
        fault = record.fallen.get(f"need {n}")
        settled = f"need {n}" in (*record.accepted, *record.repaired)
        if fault is not None:
            note = f"{record.mind}'s answer was refused: {fault}"
        elif record.pending and not settled:
            note = f"not refined yet: {record.pending}"
        else:
            continue
        notes.update(dict.fromkeys(doubt.entities, note))
    if not notes:
        return castings
    return tuple(
        entry.model_copy(update={"because": "; ".join(filter(None, (entry.because, notes[entry.entity])))})
        if entry.entity in notes
        else entry
        for entry in castings
    )
