"""The film-wide gazetteer of people: who the screenplay shows or hears, and by which words it calls them."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import Field

from shotwright.crew.architect.gender import find_genders, title_gender
from shotwright.crew.architect.introductions import Introduction, introductions, presented_animal
from shotwright.crew.architect.lexicon import people, verbs
from shotwright.crew.architect.naming import age_band, age_years, cue_key, display, joint_parts, plain, take_apart
from shotwright.crew.architect.selves import Person, Selves, cued_aloud
from shotwright.model.ids import EntityId, SceneId, entity_id
from shotwright.model.story import Character, Evidence
from shotwright.model.value import Value

if TYPE_CHECKING:
    from shotwright.model.screenplay import Scene, Screenplay

_OWNED_VOICE = re.compile(r"(.+?)'S? VOICE")
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*|#\d+")


class Cast(Value):
    """Everybody, and what each cue stands for."""

    characters: tuple[Character, ...] = ()
    speakers: dict[str, tuple[EntityId, ...]] = Field(default_factory=dict)
    """Cue as compared (`EDWARD AND WILL`) -> who speaks."""
    kin: tuple[tuple[str, EntityId], ...] = ()
    """(`mother`, who it is): the family words by which action names somebody."""
    versions: dict[SceneId, tuple[tuple[EntityId, EntityId], ...]] = Field(default_factory=dict)
    """Scene -> (whom a name means elsewhere, whom it means in the scene): a younger self with a cue or an introduction
    of its own, or the person where the scene cues the plain name."""
    stages: dict[SceneId, tuple[tuple[EntityId, str, str], ...]] = Field(default_factory=dict)
    """Scene -> (person, child, teen or young, age as written): who is seen at another age under the plain name."""
    scopes: dict[EntityId, tuple[SceneId, ...]] = Field(default_factory=dict)
    """Somebody known only by a common noun (`the guard`) -> the scenes in which the noun means that person."""
    scene: SceneId | None = None
    """Of the part of a cast that one scene names: that scene."""

    @cached_property
    def by_id(self) -> dict[EntityId, Character]:
        return {character.id: character for character in self.characters}

    @cached_property
    def calls(self) -> dict[str, tuple[tuple[tuple[str, ...], EntityId], ...]]:
        """First word of a name -> (words of the name, who), longest first; lower case."""
        table: dict[str, dict[tuple[str, ...], EntityId]] = {}
        for character in self.characters:
            for alias in character.aliases:
                words = tuple(_WORD.findall(plain(alias).lower()))
                if words:
                    table.setdefault(words[0], {}).setdefault(words, character.id)
        return {
            first: tuple(sorted(names.items(), key=lambda item: (-len(item[0]), item[0])))
            for first, names in table.items()
        }

    @cached_property
    def spoken(self) -> dict[str, tuple[tuple[tuple[str, ...], EntityId], ...]]:
        """`calls` with every word without its possessive ending."""
        table: dict[str, list[tuple[tuple[str, ...], EntityId]]] = {}
        for names in self.calls.values():
            for name, who in names:
                bare = tuple(word.removesuffix("'s") for word in name)
                table.setdefault(bare[0], []).append((bare, who))
        return {first: tuple(found) for first, found in table.items()}


def meet_cast(screenplay: Screenplay) -> Cast:
    """Find everybody in a screenplay: from cues, from introductions in action, and from how the two agree."""
    counts: Counter[str] = Counter()
    cue_scenes: dict[str, dict[int, None]] = {}
    for index, scene in enumerate(screenplay.scenes):
        for unit in scene.units:
            if unit.kind == "speech":
                key = cue_key(unit.cue)
                counts[key] += 1
                cue_scenes.setdefault(key, {})[index] = None
    known = frozenset(counts) | frozenset(part for key in counts for part in joint_parts(key))
    met: list[Introduction] = []
    for index, scene in enumerate(screenplay.scenes):
        previous = ""
        for unit in scene.units:
            if unit.kind == "action":
                named = presented_animal(unit.text, previous, index, unit.id)
                met += [named] if named else introductions(unit.text, index, unit.id, known)
                previous = unit.text
    met = _believed(met, known, screenplay)
    book = _CastBook(counts, cue_scenes, met)
    book.gather_crowds(screenplay)
    return book.close(screenplay)


def _believed(met: list[Introduction], known: frozenset[str], screenplay: Screenplay) -> list[Introduction]:
    """Drop a capital name with neither cue nor mark of a person, unless action lets it act in normal
    letters elsewhere."""
    doubtful = {found.name for found in met if not found.strong and found.name not in known}
    if not doubtful:
        return met
    acts: Counter[str] = Counter()
    forms = verbs().forms
    wanted = {display(name): name for name in doubtful if 2 < len(name) < 30}
    firsts = {shown.split(" ")[0] for shown in wanted}
    for scene in screenplay.scenes:
        for unit in scene.units:
            if unit.kind != "action":
                continue
            words = _WORD.findall(plain(unit.text))
            for at, word in enumerate(words):
                if word not in firsts:
                    continue
                for size in (1, 2, 3):
                    name = wanted.get(" ".join(words[at : at + size]))
                    if name and at + size < len(words):
                        following = words[at + size]
                        acts[name] += following in forms and following.endswith("s")
    real = {name for name, count in acts.items() if count >= 2}
    return [found for found in met if found.strong or found.name in known or found.name in real]


class _CastBook:
    """Builds persons out of cues and introductions, in script order of first appearance."""

    def __init__(self, counts: Counter[str], cue_scenes: dict[str, dict[int, None]], met: list[Introduction]) -> None:
        self.counts = counts
        self.met = met
        self.persons: dict[str, Person] = {}
        self.of_cue: dict[str, tuple[str, ...]] = {}
        self.ages: dict[str, list[tuple[int, str, Introduction]]] = {}
        self.cue_scenes = cue_scenes
        voices = [key for key in counts if _OWNED_VOICE.fullmatch(key)]
        solo = [key for key in counts if not self._joint(key) and key not in voices]
        for key in sorted(solo, key=self._cue_rank):
            self._cue(key)
        for key in counts:
            if key not in self.of_cue and key not in voices:
                self.of_cue[key] = self._speakers_of_joint(key)
        for key in voices:
            self._cue(key)
        for found in met:
            self._introduce(found)

    def _cue_rank(self, key: str) -> tuple[bool, bool, int]:
        """Plain names first, so that titles and ages find whom they belong to."""
        parts = take_apart(key)
        return bool(parts.age), bool(parts.titles), min(self.cue_scenes[key])

    def _joint(self, key: str) -> bool:
        if key.lower() in people().joint:
            return True
        parts = joint_parts(key)
        return bool(parts) and any(part in self.counts or self._named_in_action(part) for part in parts)

    def _named_in_action(self, part: str) -> bool:
        return any(found.name == part or found.name.startswith(part + " ") for found in self.met)

    def _cue(self, key: str) -> None:
        person = self._same(key)
        if person is None:
            person = self._new(key)
        person.cues[key] = None
        person.speeches += self.counts.get(key, 0)
        person.scenes.update(self.cue_scenes.get(key, {}))
        person.first_scene = min(person.scenes, default=10**6)
        self.of_cue[key] = (person.name,)

    def _speakers_of_joint(self, key: str) -> tuple[str, ...]:
        names = []
        for part in joint_parts(key):
            person = self._same(part) or self._new(part)
            person.speeches += self.counts[key]
            person.cues.setdefault(part, None)
            person.scenes.update(self.cue_scenes[key])
            person.first_scene = min(person.scenes)
            names.append(person.name)
        return tuple(dict.fromkeys(names))

    def _new(self, key: str) -> Person:
        person = Person(key)
        words = people()
        parts = take_apart(key)
        last = parts.core[-1] if parts.core else ""
        if last in ("voice", "voices"):
            person.kind = "voice"
        elif (
            last in words.groups
            or (last.endswith("s") and last[:-1] in words.nouns)
            or (parts.core and parts.core[0] in ("various", "several"))
            or key.startswith(("VARIOUS ", "SEVERAL "))
        ):
            person.kind = "group"
        self.persons[key] = person
        if parts.age and not parts.generic:
            base = self._base_of(key)
            if base is not None and base is not person:
                person.version_of = base.name
        return person

    def _base_of(self, key: str) -> Person | None:
        parts = take_apart(key)
        if not parts.age or not parts.core or parts.generic:
            return None
        return self._named(parts.core, parts.titles)

    def _named(self, core: tuple[str, ...], titles: tuple[str, ...]) -> Person | None:
        """The person whose name holds these words: equal, or one is the first or the last name of the other."""
        best: list[Person] = []
        gender = title_gender(titles)
        for person in self.persons.values():
            other = take_apart(person.name)
            if other.generic or not other.core or person.version_of or other.age:
                continue
            theirs = title_gender(other.titles)
            if gender and theirs and gender != theirs:
                continue
            if other.core == core:
                return person
            if (
                (len(core) == 1 and core[0] in (other.core[0], other.core[-1]))
                or (len(other.core) == 1 and other.core[0] == core[0])
                or (len(other.core) == 1 and other.core[0] == core[-1] and (not titles or len(core) > 1))
            ):
                best.append(person)
        return best[0] if len(best) == 1 else None

    def _same(self, key: str) -> Person | None:
        """The person a cue already names under another spelling, else none."""
        if key in self.persons:
            return self.persons[key]
        for person in self.persons.values():
            if key in person.cues:
                return person
        bare_name = _id_name(key)
        for person in self.persons.values():
            if person.kind != "voice" and _id_name(person.name) == bare_name:
                return person
        parts = take_apart(key)
        voice = _OWNED_VOICE.fullmatch(key)
        if voice:
            owner = take_apart(voice.group(1))
            return None if owner.generic else self._same(voice.group(1))
        if key.startswith("VOICE OF ") and not take_apart(key[9:]).generic:
            return self._same(key[9:])
        if parts.generic:
            bare = " ".join(parts.core).upper()
            if parts.age or parts.titles or parts.core[-1] == "voice":
                return None
            return self.persons.get(bare) if bare != key else None
        base = self._named(parts.core, parts.titles)
        if base is None:
            return None
        if parts.age in people().ages_old and not self._has_older_self(base):
            return base
        return None if parts.age else base

    def _has_older_self(self, base: Person) -> bool:
        """True when the plain name means a child, so that ADULT or OLD makes another actor."""
        core = take_apart(base.name).core
        for found in self.met:
            parts = take_apart(found.name)
            if parts.core[: len(core)] == core and not parts.age:
                band = age_band(age_years(found.age)) if found.age else ""
                if band:
                    return band in ("child", "teen")
        return False

    def _introduce(self, found: Introduction) -> None:
        parts = take_apart(found.name)
        person = self.persons.get(found.name) or self._same(found.name) or self._described_in_scene(found)
        if person is None and not parts.generic and len(parts.core) > 1:
            person = self._same_first(parts.core, parts.age)
        if person is None:
            joint = joint_parts(found.name)
            if joint and any(self._same(part) for part in joint):
                return
            person = self._new(found.name)
        elif len(parts.core) > len(take_apart(person.name).core) and not parts.generic and not person.version_of:
            person.aliases[" ".join(parts.core)] = None
        person.aliases.setdefault(found.name, None)
        person.first_scene = min(person.first_scene, found.scene)
        person.units.append(found.unit)
        person.scenes[found.scene] = None
        if person.kind == "person" and not person.speeches and found.animal:
            person.kind = "animal"
        if found.age:
            self.ages.setdefault(person.name, []).append((found.scene, found.age, found))
            person.age = person.age or found.age
        if found.description and not person.description:
            person.description = found.description

    def _described_in_scene(self, found: Introduction) -> Person | None:
        """The speaker whom a description in the same scene means: `PRETTY GIRL` and the cue GIRL, `KARL THE
        GIANT` and KARL."""
        tokens = found.name.lower().split(" ")
        if len(tokens) > 2 and tokens[1] == "the" and tokens[0].upper() in self.persons:
            return self.persons[tokens[0].upper()]
        if not take_apart(found.name).generic:
            return None
        for person in self.persons.values():
            if found.scene not in person.scenes or person.version_of:
                continue
            theirs = take_apart(person.name)
            words = set(_id_name(person.name).lower().split(" "))
            if theirs.generic and theirs.core[-1] == tokens[-1] and (words <= set(tokens) or set(tokens) <= words):
                return person
        return None

    def _same_first(self, core: tuple[str, ...], age: str) -> Person | None:
        if age and age in people().ages_young:
            return None
        return self._named(core, ())

    def gather_crowds(self, screenplay: Screenplay) -> None:
        """A crowd that action names without capitals can be spoken to as well."""
        nouns = people().crowd_nouns
        for index, scene in enumerate(screenplay.scenes):
            for unit in scene.units:
                if unit.kind != "action":
                    continue
                words = _WORD.findall(unit.text)
                for at, word in enumerate(words):
                    if word in nouns and at and words[at - 1].lower() in people().articles:
                        person = self._same(word.upper()) or self._new(word.upper())
                        person.scenes[index] = None
                        person.units.append(unit.id)
                        person.first_scene = min(person.first_scene, index)

    def close(self, screenplay: Screenplay) -> Cast:
        selves = Selves(self.persons, self.met, self._same, screenplay)
        named_versions = selves.follow()
        top = max((person.speeches for person in self.persons.values()), default=1)
        ordered = sorted(self.persons.values(), key=lambda person: (person.first_scene, person.name))
        ids = {person.name: entity_id("character", _id_name(person.name)) for person in ordered}
        taken: Counter[str] = Counter(ids.values())
        for name, eid in list(ids.items()):
            if taken[eid] > 1:
                ids[name] = entity_id("character", name)
        owners = self._alias_owners(ordered)
        genders = find_genders(ordered, owners, self.met, screenplay)
        characters = tuple(
            Character(
                id=ids[person.name],
                name=display(self._full_name(person)),
                cues=tuple(person.cues),
                aliases=tuple(alias for alias, owner in owners.items() if owner == person.name),
                kind=person.kind,
                gender=genders[person.name],
                age=person.age,
                description=person.description,
                role=_role(person, top),
                speaks=person.speeches > 0,
                version_of=ids.get(person.version_of) if person.version_of else None,
                evidence=Evidence(
                    units=tuple(person.units[:4]),
                    confidence=0.95 if person.cues else 0.7,
                    because="cued" if person.cues else "introduced in action",
                ),
            )
            for person in ordered
        )
        speakers = {key: tuple(ids[name] for name in names) for key, names in self.of_cue.items()}
        scenes = screenplay.scenes
        versions: dict[SceneId, tuple[tuple[EntityId, EntityId], ...]] = {}
        stages: dict[SceneId, tuple[tuple[EntityId, str, str], ...]] = {}
        plain_named = selves.swapped(named_versions)
        for index, scene in enumerate(scenes):
            pairs = named_versions.get(scene.id, ())
            same = [pair for pair in pairs if (scene.id, *pair) in plain_named]
            stages[scene.id] = tuple((ids[base], *selves.stages(base, name, index)) for base, name in same)
            versions[scene.id] = tuple(
                (ids[name], ids[base]) if (base, name) in same else (ids[base], ids[name])
                for base, name in pairs
                if name in self.persons and not self._both_speak(scene, base, name)
            )
        scopes = {
            ids[person.name]: tuple(scenes[i].id for i in _nearby(person.scenes, len(scenes)))
            for person in ordered
            if take_apart(person.name).generic
        }
        return Cast(
            characters=characters,
            speakers=speakers,
            kin=self._kin(ids),
            versions={scene_id: found for scene_id, found in versions.items() if found},
            stages={scene_id: found for scene_id, found in stages.items() if found},
            scopes=scopes,
        )

    def _both_speak(self, scene: Scene, base: str, name: str) -> bool:
        """True where the person and the other self both speak in the place: there each name means its own."""
        cued = {who for key in cued_aloud(scene) for who in self.of_cue.get(key, ())}
        return base in cued and name in cued

    def _full_name(self, person: Person) -> str:
        core = take_apart(person.name)
        if core.generic or person.version_of:
            return person.name
        longest = person.name
        for alias in person.aliases:
            parts = take_apart(alias)
            if len(parts.core) > len(take_apart(longest).core) and parts.core[0] == core.core[0] and not parts.generic:
                longest = " ".join(parts.core)
        return longest

    def _alias_owners(self, ordered: list[Person]) -> dict[str, str]:
        """Every way to name somebody -> whose it is. A single first or last name counts while only one
        person has it."""
        owners: dict[str, str] = {}
        clashes: set[str] = set()
        for person in ordered:
            for name in (person.name, *person.cues, *person.aliases):
                parts = take_apart(name)
                owners.setdefault(_id_name(plain(name)).lower(), person.name)
                if parts.core and not parts.generic and not (parts.age and person.version_of):
                    owners.setdefault(" ".join(parts.core), person.name)
        firm = frozenset(owners)
        for person in ordered:
            if person.version_of or person.kind == "voice":
                continue
            for name in (person.name, *person.cues, *person.aliases):
                parts = take_apart(name)
                if parts.generic or not parts.core:
                    continue
                for word in dict.fromkeys((parts.core[0], parts.core[-1])):
                    if word in firm or len(word) < 3 or word in people().articles:
                        continue
                    if owners.setdefault(word, person.name) != person.name:
                        clashes.add(word)
        return {alias: name for alias, name in owners.items() if alias not in clashes}

    def _kin(self, ids: dict[str, EntityId]) -> tuple[tuple[str, EntityId], ...]:
        found: dict[tuple[str, EntityId], None] = {}
        for intro in self.met:
            match = re.search(r"\b(?:his|her|their|\w+'s)\s+(?:\w+\s+){0,2}?([\w-]+),?\s*$", intro.before)
            if match and match.group(1) in people().kin:
                person = self.persons.get(intro.name) or self._same(intro.name)
                if person:
                    found[match.group(1), ids[person.name]] = None
        return tuple(found)


def _nearby(scenes: dict[int, None], total: int) -> list[int]:
    """The scenes given and the one after each: as far as `the guard` carries without being named again."""
    return sorted({i for scene in scenes for i in (scene, scene + 1) if i < total})


def _id_name(name: str) -> str:
    """Article dropped, except before a bare voice, where `A VOICE` and `VOICE` may be two people."""
    words = name.split(" ")
    if len(words) > 1 and words[0] in ("A", "AN", "THE") and words[-1] != "VOICE":
        return " ".join(words[1:])
    return name


def _role(person: Person, top: int) -> str:
    """Size of part, by speeches against the largest part: coarse, so that one more line changes nobody's rank."""
    if person.speeches == 0:
        return "background"
    share = person.speeches / max(top, 1)
    if share >= 0.3:
        return "lead"
    if share >= 0.04 and person.speeches >= 3:
        return "supporting"
    return "minor"
