"""One person at several ages: which younger or older self a scene means by the plain name.

A self with a cue or an introduction of its own (YOUNG TOM) is somebody to be cast; an age that the script gives to
the plain name is only another look of the same person.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shotwright.crew.architect.introductions import Introduction
from shotwright.crew.architect.lexicon import people, places
from shotwright.crew.architect.naming import age_band, age_years, cue_key, is_over, plain, take_apart

if TYPE_CHECKING:
    from collections.abc import Callable

    from shotwright.model.ids import SceneId
    from shotwright.model.screenplay import Scene, Screenplay

_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_BACK = re.compile(r"present|reality|today|back to", re.IGNORECASE)
_TAGGED = re.compile(r"flashback|story|past|memory|dream|earlier|ago|\b(?:1[89]|20)\d\d\b", re.IGNORECASE)
_ORDER = ("child", "teen", "young", "grown")


def _mark(stated: str) -> str:
    return "~" + stated


class Person:
    """A character while it is being put together."""

    __slots__ = (
        "age",
        "aliases",
        "cues",
        "description",
        "first_scene",
        "kind",
        "name",
        "scenes",
        "speeches",
        "units",
        "version_of",
    )

    def __init__(self, name: str) -> None:
        self.name = name
        self.cues: dict[str, None] = {}
        self.aliases: dict[str, None] = {}
        self.kind = "person"
        self.age = ""
        self.description = ""
        self.speeches = 0
        self.units: list[str] = []
        self.scenes: dict[int, None] = {}
        self.version_of: str | None = None
        self.first_scene = 10**6


def stage(years: int | None) -> str:
    """Ages that need an actor of their own: child to 12, teen to 17, young to 35, grown above; empty
    when unknown."""
    band = age_band(years)
    return "grown" if band in ("middle", "old") else band


class Selves:
    """Finds the selves of each person, and follows through the film which of them a scene means."""

    def __init__(
        self,
        persons: dict[str, Person],
        met: list[Introduction],
        same: Callable[[str], Person | None],
        screenplay: Screenplay,
    ) -> None:
        self.persons = persons
        self.same = same
        self.screenplay = screenplay
        self.of: dict[str, dict[str, str]] = {}
        """Person -> stage -> name of that self, or a mark for one that has no name of its own."""
        self.ages: dict[tuple[str, str], list[tuple[int, str]]] = {}
        """(person, stage) -> (scene, age as written there), in script order."""
        self.own: dict[str, str] = {}
        """Person -> the stage that the plain name means."""
        self.told: dict[tuple[int, str], str] = {}
        """(scene, person) -> the stage that an age given in the scene says."""
        self.born: dict[str, int] = {}
        self._gather(met)

    def _gather(self, met: list[Introduction]) -> None:
        told: dict[str, list[tuple[int, str, Introduction]]] = {}
        for found in met:
            person = self.persons.get(found.name) or self.same(found.name)
            if person is None or take_apart(person.name).generic:
                continue
            base = person.version_of or person.name
            stated = stage(age_years(found.age)) if found.age else ""
            if person.version_of:
                self.of.setdefault(base, {}).setdefault(stated or "child", person.name)
            elif stated:
                told.setdefault(base, []).append((found.scene, stated, found))
        for index, scene in enumerate(self.screenplay.scenes):
            self._ages_in_passing(index, scene, told)
        for person in list(self.persons.values()):
            if person.version_of:
                self.of.setdefault(person.version_of, {}).setdefault("child", person.name)
        for base, given in told.items():
            self._settle(base, given)
        for found in met:
            self._grown_up(found)

    def _grown_up(self, found: Introduction) -> None:
        """`GROWN-UP EDWARD` after the boy: the young man where the script has one, else the plain name's
        own age."""
        person = self.same(found.name)
        if (
            person is None
            or person.version_of
            or take_apart(found.name).age not in people().ages_old
            or person.name not in self.of
        ):
            return
        self.told.setdefault(
            (found.scene, person.name),
            "young" if "young" in self.of[person.name] else self.own.get(person.name, "grown"),
        )

    def _ages_in_passing(self, index: int, scene: Scene, told: dict[str, list[tuple[int, str, Introduction]]]) -> None:
        """`Will (6)`, `eight-year old Will`: ages given to somebody named in normal letters."""
        for unit in scene.units:
            if unit.kind != "action" or (not _DIGIT.search(unit.text) and "year" not in unit.text):
                continue
            for pattern in (_PASSING, _BETWEEN, _YEARS_OLD):
                for match in pattern.finditer(plain(unit.text)):
                    name = match.group("name").upper()
                    person = self.same(name)
                    years = age_years(match.group("age"))
                    if person is None or years is None or take_apart(person.name).generic:
                        continue
                    base = person.version_of or person.name
                    found = Introduction(name, index, unit.id, match.group("age"), "", "", "", True)
                    told.setdefault(base, []).append((index, stage(years), found))

    def _settle(self, base: str, given: list[tuple[int, str, Introduction]]) -> None:
        """The plain name means the oldest stage given; every other stage given is a self of its own."""
        stages = {stated for _, stated, _ in given}
        known = self.of.get(base, {})
        oldest = max(stages, key=_ORDER.index)
        lead = self.persons[base].speeches >= 10
        self._age_plain_name(base, next(found for _, stated, found in given if stated == oldest), given)
        for scene, stated, found in given:
            self.told[scene, base] = stated
            self.ages.setdefault((base, stated), []).append((scene, found.age))
            year = _YEAR.search(self.screenplay.scenes[scene].heading.raw)
            years = age_years(found.age)
            if year and years is not None and "'s" not in found.age:
                self.born.setdefault(base, int(year.group()) - years)
        if len(stages) < 2 and not known:
            return
        self.own[base] = oldest
        for _, stated, found in sorted(given, key=lambda item: item[0]):
            if stated == oldest or stated in known or not (lead or stated == "child"):
                continue
            age = take_apart(found.name).age
            if age and age in people().ages_old:
                self._add(base, stated, found.name, found)
            else:
                known[stated] = _mark(stated)
                self.of[base] = known

    def _age_plain_name(self, base: str, own: Introduction, given: list[tuple[int, str, Introduction]]) -> None:
        """Age and description of the self that the plain name means, not of the child who happens to come first."""
        person = self.persons[base]
        first = min(given, key=lambda item: item[0])[2]
        person.age = own.age
        if first.age != own.age and person.description == first.description:
            person.description = own.description

    def stages(self, base: str, name: str, scene: int) -> tuple[str, str]:
        """(stage, age as last written) of a self of somebody at a scene."""
        stage_of = next((stated for stated, known in self.of[base].items() if known == name), "young")
        told = sorted(self.ages.get((base, stage_of), ()))
        before = [age for at, age in told if at <= scene]
        own = self.persons[name].age if name in self.persons else ""
        return stage_of, before[-1] if before else told[0][1] if told else own

    def swapped(self, named: dict[SceneId, tuple[tuple[str, str], ...]]) -> set[tuple[SceneId, str, str]]:
        """(scene, person, self) of every run of scenes in which the plain name's cue speaks and the self's does not:
        there the script itself calls the self by the plain name, and no second person is cast."""
        out: set[tuple[SceneId, str, str]] = set()
        run: dict[tuple[str, str], list[SceneId]] = {}
        cues: dict[tuple[str, str], set[str]] = {}

        def close(pair: tuple[str, str]) -> None:
            base, name = pair
            spoken = cues.pop(pair)
            members = run.pop(pair)
            own = self.persons[name].cues if name in self.persons else {}
            if name not in self.persons or (spoken & set(self.persons[base].cues) and not spoken & set(own)):
                out.update((scene, base, name) for scene in members)

        for scene in self.screenplay.scenes:
            pairs = named.get(scene.id, ())
            for pair in [pair for pair in run if pair not in pairs]:
                close(pair)
            for pair in pairs:
                run.setdefault(pair, []).append(scene.id)
                cues.setdefault(pair, set()).update(cued_aloud(scene))
        for pair in list(run):
            close(pair)
        return out

    def _add(self, base: str, stated: str, name: str, found: Introduction) -> None:
        known = self.of.setdefault(base, {})
        person = self.persons.get(name)
        if person is None:
            person = Person(name)
            person.first_scene = found.scene
            self.persons[name] = person
        if name in self.persons[base].aliases:
            del self.persons[base].aliases[name]
        person.version_of = base
        person.age = person.age or found.age
        person.scenes[found.scene] = None
        person.units.append(found.unit)
        known[stated] = name

    def follow(self) -> dict[SceneId, tuple[tuple[str, str], ...]]:
        """Scene -> (person, self): only where the scene means another self than the plain name does. A self without a
        name of its own stands as a mark, which is nobody's name.

        A self begins where it is introduced, cued or aged. It ends at a heading that says PRESENT or a year, at a new
        age, after a tagged flashback that does not run on, or where two or more people of the framing story meet who
        have no part in the remembered one. A narrator seen in their own tale is the self it was last about.
        """
        out: dict[SceneId, list[tuple[str, str]]] = {}
        for base in sorted(self.of):
            for scene, name in self._follow_one(base):
                out.setdefault(scene, []).append((base, name))
        return {scene: tuple(pairs) for scene, pairs in out.items()}

    def _follow_one(self, base: str) -> list[tuple[SceneId, str]]:
        selves = self.of[base]
        spellings = [spelling for spelling in (base, *self.persons[base].aliases) if " " not in spelling] or [base]
        shown_as = re.compile(
            r"\b(?:" + "|".join(re.escape(spelling.title()) for spelling in spellings) + r")\b(?!['’]s)"
        )
        current, by_tag, last = "", False, ""
        frame: set[str] = set()
        tale: set[str] = set()
        out: list[tuple[SceneId, str]] = []
        for index, scene in enumerate(self.screenplay.scenes):
            heading = " ".join((*scene.heading.tails, scene.heading.time))
            tagged = bool(_TAGGED.search(heading))
            relative = places().relative.get(scene.heading.time.lower()) in ("same", "later")
            others = cued_aloud(scene) - {base}
            named = next(
                (name for name in selves.values() if name in self.persons and index in self.persons[name].scenes), ""
            )
            stated = self.told.get((index, base), "") or self._by_year(index, base)
            if named:
                current, by_tag = named, tagged
            elif stated:
                current, by_tag = ("" if stated == self.own.get(base) else selves.get(stated, "")), tagged
            elif _BACK.search(heading) or _YEAR.search(heading) or (by_tag and not relative and not tagged):
                current = ""
            elif (
                last
                and _narrated(scene, base)
                and any(shown_as.search(u.text) for u in scene.units if u.kind == "action")
            ):
                current, by_tag = last, False
            elif current and len(others) > 1 and others <= frame and not others & tale:
                current = ""
            passing = bool(named) and not _takes_part(scene, {base, *self.persons[named].cues}, shown_as)
            if current:
                last = current if self._grown_enough(base, current) else last
                tale |= others - frame
                out.append((scene.id, current))
                current = "" if passing else current
            else:
                frame |= others
        return out

    def _grown_enough(self, base: str, name: str) -> bool:
        """A tale told in the first person is about the oldest self but one."""
        stages = [stated for stated in _ORDER if self.of[base].get(stated)]
        return bool(stages) and self.of[base][stages[-1]] == name and stages[-1] == "young"

    def _by_year(self, index: int, base: str) -> str:
        year = _YEAR.search(self.screenplay.scenes[index].heading.raw)
        if year is None or base not in self.born:
            return ""
        return stage(int(year.group()) - self.born[base])


_PASSING = re.compile(r"\b(?P<name>[A-Z][a-z]+)(?:'s)?\s*\((?:now |age )?(?P<age>\d{1,2})\)")
_BETWEEN = re.compile(r"\b(?P<name>[A-Z][a-z]+), (?:now |age |aged )?(?P<age>\d{1,2})(?=[,.])")
_YEARS_OLD = re.compile(
    r"\b(?P<age>\d{1,2}|\w+)[- ]years?[- ]old\s+(?P<name>[A-Z][a-z]+)",
)


def cued_aloud(scene: Scene) -> set[str]:
    return {cue_key(unit.cue) for unit in scene.units if unit.kind == "speech" and not is_over(unit.extension)}


def _takes_part(scene: Scene, cues: set[str], shown_as: re.Pattern[str]) -> bool:
    """True when the person speaks in the place or acts under the plain name, not only shows for a moment."""
    return bool(cued_aloud(scene) & cues) or any(
        shown_as.search(unit.text) for unit in scene.units if unit.kind == "action"
    )


def _narrated(scene: Scene, base: str) -> bool:
    return any(unit.kind == "speech" and cue_key(unit.cue) == base and is_over(unit.extension) for unit in scene.units)
