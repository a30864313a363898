"""Casting the film: which library asset each character, place, thing, garment, effect and crowd of the story is.

Done once for the film, so that a thing is the same asset in every scene. What nothing in the library meets is wanted,
under a proposed key that collides with none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from shotwright.crew.art_director.lexicon import lexicon
from shotwright.crew.art_director.matching import FOUND, Match, Need, Shelf, find, tokens
from shotwright.crew.art_director.needs import (
    age_names,
    age_of,
    aged_entity,
    is_unseen,
    needed_by,
    needed_things,
    same_crowd,
    same_thing,
)
from shotwright.crew.art_director.sightings import effects_in, extras_in, literal, makeup_of
from shotwright.crew.art_director.wardrobe import (
    COSTUME,
    bare_garment,
    costume_entity,
    garment_entity,
    is_theirs,
    makeup_entity,
    pick_look,
)
from shotwright.model.asset import Asset
from shotwright.model.crew import Casting
from shotwright.model.ids import EntityId, UnitId, entity_id, slug

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.model.story import Character, Location, Look, Story, Thing
    from shotwright.model.vocabulary import AssetKind

_PREFIX: dict[AssetKind, str] = {
    "character": "char", "animal": "anim", "location": "loc", "object": "obj", "vehicle": "veh", "clothes": "cloth",
    "background": "bg", "makeup_hair": "mkup", "effect": "fx",
}  # fmt: skip
_CHARACTER_KINDS: dict[str, tuple[AssetKind, ...]] = {
    "person": ("character", "animal"), "voice": ("character",), "group": ("background", "character"),
    "animal": ("animal", "character"),
}  # fmt: skip
_THING_KINDS: dict[str, tuple[AssetKind, ...]] = {
    "prop": ("object", "clothes"), "vehicle": ("vehicle", "object"), "animal": ("animal", "character"),
}  # fmt: skip
INSIDE, OUTSIDE = "@int", "@ext"
"""Suffixes of a place's entity where its inside and its outside are two assets; the plain entity is cast too."""


class Book:
    """The castings so far, in order, with the keys that are taken."""

    def __init__(self, assets: Sequence[Asset]) -> None:
        self.taken = {asset.key for asset in assets}
        self.entries: dict[str, Casting] = {}
        self.alike: dict[tuple[str, str], list[tuple[str, str]]] = {}
        """(kind, common name) -> (owner or none, the key proposed) of each such thing."""

    def add(self, entity: str, kind: AssetKind, name: str, match: Match, *, alike: str = "", owner: str = "") -> None:
        """Cast an entity. What is wanted a second time under the name `alike`, and is nobody else's, is one asset."""
        asset = match.asset
        if asset is None:
            known = self.alike.setdefault((kind, alike), []) if alike else []
            proposed = next((key for whose, key in known if not owner or not whose or whose == owner), "")
            if not proposed:
                proposed = self._propose(kind, name)
                known.append((owner, proposed))
            self.entries[entity] = Casting(
                entity=EntityId(entity), kind=kind, proposed_key=proposed, because=match.because,
                confidence=match.score,
            )  # fmt: skip
            return
        self.entries[entity] = Casting(
            entity=EntityId(entity), kind=asset.kind, key=asset.key, because=match.because, confidence=match.score,
            prompt=asset.prompt, colours=asset.colours, personality=asset.personality, manner=asset.manner,
            height_m=asset.height_m, library=asset.library,
        )  # fmt: skip

    def add_worn(self, entity: str, kind: AssetKind, key: str, piece: Asset | None, wearer: Asset) -> None:
        """Something that a character's own asset names: found, or wanted under the very key that it names."""
        if piece is not None and piece.kind == kind:
            self.add(entity, kind, piece.name, Match(piece, 1.0, f"a look of {wearer.key} names it"))
            return
        wrong = f", which is of kind {piece.kind}" if piece is not None else ", which no library holds"
        proposed = key if piece is None else self._propose(kind, piece.name)
        self.entries[entity] = Casting(
            entity=EntityId(entity), kind=kind, proposed_key=proposed, confidence=0.5,
            because=f"a look of {wearer.key} names {key}{wrong}",
        )  # fmt: skip

    def _propose(self, kind: AssetKind, name: str) -> str:
        stem, version = f"{_PREFIX[kind]}_{slug(name)}", 1
        while f"{stem}_v{version:02d}" in self.taken:
            version += 1
        key = f"{stem}_v{version:02d}"
        self.taken.add(key)
        return key


def cast_film(story: Story, assets: Sequence[Asset]) -> tuple[Casting, ...]:
    """Match everything that the story needs to the libraries' assets, by kind, name, alias, cue, owner and context.

    `assets` come in order of precedence. The answer holds one casting a need, found or wanted, in the story's order.
    """
    shelf = Shelf(assets)
    book = Book(assets)
    texts = {unit.id: unit.text for scene in story.scenes for unit in scene.units if unit.kind != "speech"}
    _cast_characters(story, shelf, book)
    for location in story.locations:
        _cast_location(location, story, shelf, book)
    people = {character.id: character for character in story.characters}
    needed = needed_things(story)
    for thing in story.things:
        _cast_thing(thing, people, texts, shelf, book, needed=thing.id in needed)
    by_key = {asset.key: asset for asset in assets}
    _cast_wardrobe(story, people, by_key, shelf, book)
    _cast_sightings(story, shelf, book)
    return tuple(book.entries.values())


def asset_kinds(kind: str, of: str) -> tuple[AssetKind, ...]:
    """Kinds of asset that a character or a thing of the story may be, the likeliest first."""
    return _CHARACTER_KINDS[kind] if of == "character" else _THING_KINDS[kind]


def key_prefix(kind: AssetKind) -> str:
    """How a key of the kind begins: `char`, `obj`."""
    return _PREFIX[kind]


def names_of(character: Character, story: Story) -> tuple[str, ...]:
    """Every name of this one that a younger or older self does not share."""
    return _own_names(character, {other.id: other for other in story.characters})


def _cast_characters(story: Story, shelf: Shelf, book: Book) -> None:
    by_id = {character.id: character for character in story.characters}
    heard, seen = set[str](), set[str]()
    for scene in story.scenes:
        for presence in scene.presences:
            (heard if presence.voice_only or presence.on_phone else seen).add(presence.character)
    word_owners = _word_owners(story)
    matches: list[tuple[Character, Match]] = []
    for character in story.characters:
        names = _own_names(character, by_id)
        need = Need("character", names, context=_context(character.description, *character.aliases))
        match = find(need, shelf, _CHARACTER_KINDS[character.kind])
        if match.asset is None and len(tokens(names[0])) == 1:
            match = _by_surname(tokens(names[0])[0], word_owners, shelf) or match
        matches.append((character, match))
    best: dict[str, float] = {}
    for _, match in matches:
        if match.asset is not None:
            best[match.asset.key] = max(best.get(match.asset.key, 0.0), match.score)
    for character, match in matches:
        if match.asset is not None and match.score < 0.9 and match.score < best[match.asset.key]:
            match = Match(None, 0.5, f"nearest is {match.asset.key}, which is another character's: {match.because}")
        voice = character.kind == "voice" or (character.id in heard and character.id not in seen)
        name = f"{character.name} voice" if voice and match.asset is None else character.name
        if voice:
            match = replace(match, because=f"{match.because}; heard and never seen: its voice alone is used")
        kind = _CHARACTER_KINDS[character.kind][0]
        if kind == "background":
            name = same_crowd(name)
            book.add(character.id, kind, name, match, alike=name)
        elif match.asset is not None or character.kind != "voice":
            book.add(character.id, kind, name, match)
    _cast_ages(story, by_id, shelf, book)


def _word_owners(story: Story) -> dict[str, set[str]]:
    """Word of a name -> who bears it."""
    owners: dict[str, set[str]] = {}
    for character in story.characters:
        for name in (character.name, *character.cues):
            for word in tokens(name):
                owners.setdefault(word, set()).add(character.id)
    return owners


def _cast_ages(story: Story, by_id: dict[EntityId, Character], shelf: Shelf, book: Book) -> None:
    """Each age of a person that the story shows besides the one that they are cast at.

    Never the grown one's asset, unless that asset has a look of its own for the very story day.
    """
    by_key = {candidate.asset.key: candidate.asset for candidate in shelf.candidates}
    for person, looks in needed_by(story).items():
        character = by_id.get(EntityId(person))
        if character is None:
            continue
        grown = book.entries[person].key if person in book.entries else None
        for look in looks:
            age = age_of(look)
            names = age_names((character.name, *character.aliases), age)
            match = find(Need("character", names, context=_context(look.description)), shelf)
            own = by_key.get(grown or "")
            if own is not None and any(look.story_day and look.story_day in worn.story_days for worn in own.looks):
                match = Match(own, 0.9, f"its own look for {look.story_day} has them at that age")
            elif match.asset is not None and match.asset.key == grown:
                match = Match(None, 0.5, f"{grown} is {character.name} at another age")
            book.add(aged_entity(person, age), "character", f"{character.name} {age}", match)


def _own_names(character: Character, by_id: dict[EntityId, Character]) -> tuple[str, ...]:
    """Names of this one: a younger self does not answer to what the grown one is called."""
    names = dict.fromkeys((character.name, *character.cues, *character.aliases))
    grown = by_id.get(character.version_of) if character.version_of else None
    if grown is not None:
        shared = {tokens(name) for name in (grown.name, *grown.cues, *grown.aliases)}
        own = [name for name in names if tokens(name) not in shared]
        return tuple(own) or (character.name,)
    return tuple(names)


def _by_surname(word: str, word_owners: dict[str, set[str]], shelf: Shelf) -> Match | None:
    """A cue that is only a surname means the one asset that bears it, when nobody else in film or library does."""
    if len(word_owners.get(word, ())) != 1:
        return None
    bearers = [c for c in shelf.near("character", [(word,)]) if any(name[-1] == word for name, _ in c.own)]
    if len(bearers) != 1:
        return None
    return Match(
        bearers[0].asset, FOUND, f"by surname: nobody else in the film or the library is called {word.title()}"
    )


def _cast_location(location: Location, story: Story, shelf: Shelf, book: Book) -> None:
    parents = {place.id: place for place in story.locations}
    parent = parents.get(location.parent) if location.parent else None
    own = location.name
    if parent is not None and " - " in own:
        own = own.rpartition(" - ")[2]
    outer = [parent.name] if parent else []
    while parent is not None and parent.parent:
        parent = parents.get(parent.parent)
        if parent is not None:
            outer.append(parent.name)
    names = (own, *location.aliases)
    need = Need("location", names, parent=" ".join(outer), context=_context(*location.aliases))
    sides = {
        side
        for mark in location.int_ext
        for side in (("int",) if mark.startswith("INT") else ("ext",) if mark in ("EXT", "EST") else ())
    }
    label = same_thing(" ".join((*reversed(outer), own)))
    if label in lexicon().no_place:
        return
    if len(sides) < 2:
        book.add(
            location.id, "location", label, find(replace(need, side="".join(sides)), shelf, ("location",)), alike=label
        )
        return
    inside = find(replace(need, side="int"), shelf, ("location",))
    outside = find(replace(need, side="ext"), shelf, ("location",))
    one = inside.asset is not None and outside.asset is not None and inside.asset.key == outside.asset.key
    if one:
        book.add(location.id, "location", label, inside)
        return
    first = "int" if location.int_ext and location.int_ext[0].startswith("INT") else "ext"
    for suffix, match, word in ((INSIDE, inside, "interior"), (OUTSIDE, outside, "exterior")):
        book.add(location.id + suffix, "location", f"{label} {word}", match)
    book.entries[location.id] = book.entries[location.id + "@" + first].model_copy(update={"entity": location.id})


def _cast_thing(
    thing: Thing,
    people: dict[EntityId, Character],
    texts: Mapping[UnitId, str],
    shelf: Shelf,
    book: Book,
    *,
    needed: bool,
) -> None:
    """A thing that no library holds is wanted when the story needs it; else it is dressing, and left to the set."""
    owner = people.get(thing.owner) if thing.owner else None
    owner_names = (owner.name, *owner.aliases) if owner else ()
    context = _context(*(texts.get(unit, "") for unit in thing.evidence.units[:6]))
    need = Need(_THING_KINDS[thing.kind][0], (thing.name,), owner=owner_names, context=context)
    match = find(need, shelf, _THING_KINDS[thing.kind])
    if match.asset is not None or needed:
        common = same_thing(thing.name)
        alike = " ".join(tokens(common))
        book.add(thing.id, _THING_KINDS[thing.kind][0], common, match, alike=alike, owner=thing.owner or "")


def _cast_wardrobe(
    story: Story, people: dict[EntityId, Character], by_key: dict[str, Asset], shelf: Shelf, book: Book
) -> None:
    for character in story.characters:
        if character.kind == "person":
            cast_library_looks(character, by_key, shelf, book)
    for look in story.looks:
        wearer = people.get(look.character)
        if wearer is None:
            continue
        owner = (wearer.name, *wearer.aliases)
        age = age_of(look)
        own = book.entries.get(aged_entity(wearer.id, age)) or book.entries.get(wearer.id)
        asset = by_key.get(own.key or "") if own is not None else None
        for garment in look.clothes:
            entity = garment_entity(look.character, bare_garment(garment), age)
            if entity not in book.entries:
                need = Need("clothes", (garment,), owner=owner, context=_context(look.description))
                match = _in_library_look(garment, asset, look, by_key) or find(need, shelf)
                book.add(entity, "clothes", f"{wearer.name} {age} {bare_garment(garment)}", match)
        _want_costume(wearer, age, asset, look, shelf, book)
        for condition in look.condition:
            if is_unseen(condition):
                continue
            name = makeup_of(condition)
            entity = makeup_entity(look.character, name)
            if entity not in book.entries:
                book.add(entity, "makeup_hair", f"{wearer.name} {name}", _makeup(condition, name, owner, shelf))


def cast_library_looks(character: Character, by_key: dict[str, Asset], shelf: Shelf, book: Book) -> None:
    """What the character's own asset wears, and its lasting make-up; without looks a principal wants a costume."""
    own = book.entries.get(character.id)
    asset = by_key.get(own.key or "") if own is not None else None
    looks = [(asset, look) for look in asset.looks] if asset is not None else []
    for wearer, look in looks:
        for key, kind in (*((k, "clothes") for k in look.clothes), *((k, "makeup_hair") for k in look.makeup_hair)):
            piece = by_key.get(key)
            name = piece.name if piece is not None else key
            entity = garment_entity(character.id, name) if kind == "clothes" else makeup_entity(character.id, name)
            if entity not in book.entries:
                book.add_worn(entity, "clothes" if kind == "clothes" else "makeup_hair", key, piece, wearer)
    names = (character.name, *character.aliases)
    for candidate in shelf.candidates:
        piece = candidate.asset
        if piece.kind == "makeup_hair" and is_theirs(piece, names):
            match = Match(piece, 0.9, f"it belongs to {piece.belongs_to}")
            entity = makeup_entity(character.id, piece.name)
            if entity not in book.entries:
                book.add(entity, "makeup_hair", piece.name, match)
    if character.role in ("lead", "supporting") and not looks:
        need = Need("clothes", (f"{character.name} costume", f"{character.name} clothes"), owner=(character.name,))
        book.add(costume_entity(character.id), "clothes", f"{character.name} {COSTUME}", find(need, shelf))


def _want_costume(wearer: Character, age: str, asset: Asset | None, look: Look, shelf: Shelf, book: Book) -> None:
    """Somebody at another age wears nothing of the grown one's."""
    entity = costume_entity(wearer.id, age)
    if not age or entity in book.entries or wearer.role not in ("lead", "supporting") or (asset and asset.looks):
        return
    need = Need("clothes", age_names((wearer.name,), age), owner=(wearer.name,), context=_context(look.description))
    book.add(entity, "clothes", f"{wearer.name} {age} {COSTUME}", find(need, shelf))


def _in_library_look(garment: str, asset: Asset | None, look: Look, by_key: dict[str, Asset]) -> Match | None:
    """The clothes that the character's own library look names for the day, when they are this garment."""
    if asset is None:
        return None
    chosen, _ = pick_look(asset, look.story_day)
    if chosen is None:
        return None
    wanted = Need("clothes", (garment,))
    worn = [by_key[key] for key in chosen.clothes if key in by_key]
    match = find(wanted, Shelf(worn))
    if match.asset is not None:
        return replace(
            match, because=f"{match.because}, in the library's look of {asset.key} for {look.story_day or 'any day'}"
        )
    words = set(tokens(garment))
    for clothes in worn:
        described = {word for text in (clothes.name, *clothes.aliases, clothes.description) for word in tokens(text)}
        if tokens(garment)[-1] in described and len(words & described) * 2 >= len(words):
            return Match(
                clothes, 0.75, f"{garment!r} is described so in {clothes.key}, of the library's look of {asset.key}"
            )
    return None


def _makeup(condition: str, name: str, owner: tuple[str, ...], shelf: Shelf) -> Match:
    owners = {word for text in owner for word in tokens(text)}
    words = set(tokens(condition)) | set(tokens(name))
    injury = name in ("bleeding", "bruised", "wounded", "burned", "bandaged")
    near = ""
    for candidate in shelf.candidates:
        if candidate.asset.kind != "makeup_hair":
            continue
        told = {word for own, _ in candidate.own for word in own} | candidate.context
        mine = bool(set(candidate.owner) & owners)
        fits = words & told or (injury and told & {"injury", "wound", "cut", "bruise", "blood"})
        if fits and (mine or not candidate.owner):
            return Match(
                candidate.asset,
                0.8 if mine else 0.72,
                f"{condition!r} fits it ({', '.join(sorted(fits))}){', and it is theirs' if mine else ''}",
            )
        if fits and not near:
            near = candidate.asset.key
    return Match(
        None,
        0.4 if near else 0.0,
        f"nearest is {near}, which is another's" if near else "nothing in the library is made up so",
    )


def _cast_sightings(story: Story, shelf: Shelf, book: Book) -> None:
    """Effects, extras, and the library's own backgrounds and effects that the action or a heading names."""
    named = _phrases(shelf)
    seen: dict[tuple[AssetKind, str], None] = {}
    hits: dict[tuple[str, ...], Asset] = {}
    for scene in story.scenes:
        for unit in scene.units:
            if unit.kind == "speech":
                continue
            for name in effects_in(unit.text):
                seen["effect", name] = None
            for name in extras_in(unit.text):
                seen["background", name] = None
            if named:
                _find_phrases(literal(unit.text), named, hits)
        if named:
            _find_phrases(" ".join((scene.slugline.place, *scene.slugline.sub_places)), named, hits)
    for kind, name in seen:
        entity = entity_id(kind, name)
        if entity not in book.entries:
            book.add(entity, kind, name, find(Need(kind, (name,)), shelf), alike=name)
    used = {casting.key for casting in book.entries.values() if casting.key}
    for phrase, asset in sorted(hits.items()):
        if asset.key not in used:
            name = " ".join(phrase)
            book.add(entity_id(asset.kind, name), asset.kind, name, Match(asset, 0.9, f"the script names it: {name!r}"))


Phrases = dict[str, list[tuple[tuple[str, ...], Asset]]]


def _phrases(shelf: Shelf) -> Phrases:
    """First word -> (all words, asset) of every name of the library's backgrounds and effects."""
    index: Phrases = {}
    for candidate in shelf.candidates:
        if candidate.asset.kind in ("background", "effect"):
            for name, _ in candidate.own:
                index.setdefault(name[0], []).append((name, candidate.asset))
    return index


def _find_phrases(text: str, named: Phrases, hits: dict[tuple[str, ...], Asset]) -> None:
    words = tokens(text)
    for at, word in enumerate(words):
        for name, asset in named.get(word, ()):
            if words[at : at + len(name)] == name:
                hits[name] = asset


def names_in(text: str, assets: Sequence[Asset]) -> list[str]:
    """Entities of the backgrounds and effects among `assets` whose names stand in the text."""
    words = tokens(text)
    found: list[str] = []
    for asset in assets:
        for name in (asset.name, *asset.aliases):
            phrase = tokens(name)
            if any(words[at : at + len(phrase)] == phrase for at in range(len(words) - len(phrase) + 1)):
                found.append(entity_id(asset.kind, " ".join(phrase)))
    return found


def _context(*texts: str) -> frozenset[str]:
    return frozenset(word for text in texts for word in tokens(text) if len(word) > 2)
