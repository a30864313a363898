"""Where and when: places with places inside them, time of day, story days, flashbacks and what runs on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.crew.architect.lexicon import aims, people, places, things
from shotwright.crew.architect.naming import display, plain
from shotwright.model.ids import EntityId, slug
from shotwright.model.story import Evidence, Location

if TYPE_CHECKING:
    from shotwright.crew.architect.reading import SceneReading
    from shotwright.model.screenplay import Scene
    from shotwright.model.vocabulary import TimeOfDay

_LEAD = re.compile(r"^(?:(?:BACK\s+)?(?:AT|IN|ON|INSIDE|OUTSIDE|TO)\s+)?(?:(?:THE|A|AN)\s+)?", re.IGNORECASE)
_MOVING = re.compile(
    r"\s*(?:/|-|,)?\s*\b(?:DRIVING|MOVING|FLYING|TRAVELLING|TRAVELING|VARIOUS SHOTS|VARIOUS)\b\s*$", re.IGNORECASE
)
_ROOMS = frozenset(
    [
        "kitchen",
        "bedroom",
        "bathroom",
        "living",
        "room",
        "dining",
        "hall",
        "hallway",
        "foyer",
        "lobby",
        "stairs",
        "staircase",
        "basement",
        "attic",
        "garage",
        "porch",
        "patio",
        "yard",
        "backyard",
        "garden",
        "front",
        "back",
        "master",
        "guest",
        "upstairs",
        "downstairs",
        "roof",
        "rooftop",
        "balcony",
        "corridor",
        "entrance",
        "reception",
        "waiting",
        "office",
        "cellar",
        "study",
        "library",
        "den",
        "laundry",
        "closet",
        "pantry",
        "driveway",
        "doorway",
        "door",
        "gate",
        "window",
        "storage",
        "area",
        "landing",
        "deck",
        "bar",
        "restroom",
        "elevator",
        "ward",
        "reception",
        "center",
        "ring",
    ]
)
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_NIGHTS = frozenset(("night", "dusk", "blue_hour"))


@dataclass(slots=True)
class Spot:
    """Where a scene stands, after names are settled."""

    location: EntityId
    parent: EntityId | None


def place_name(text: str) -> str:
    """A set's name without its lead-in and remarks: `AT THE OLD WOMAN'S DOOR` -> `OLD WOMAN'S DOOR`."""
    text = _MOVING.sub("", plain(text)).strip(" -/,")
    bare = _LEAD.sub("", text, count=1).strip()
    return bare or text


def locate(scenes: tuple[Scene, ...], named: frozenset[str]) -> tuple[list[EntityId], tuple[Location, ...]]:
    """The location of every scene and all locations, parents first. Two names are one place only when they differ in
    articles, hyphens or lead-in words; `BLOOM HOUSE KITCHEN` lies in `BLOOM HOUSE` because that has headings."""
    bases = {slug(place_name(scene.heading.place)) for scene in scenes if scene.heading.place}
    entries: dict[EntityId, Location] = {}
    where: list[EntityId] = []
    for i, scene in enumerate(scenes):
        if where and _only_a_shot(scene, named):
            where.append(where[-1])
            continue
        raw = scene.heading.place or scene.heading.raw
        if not _names_place(scene):
            raw = _told_place(scene)
            if not raw and where:
                where.append(where[-1])
                continue
            raw = raw or next((later.heading.place for later in scenes[i + 1 :] if later.heading.place), "STORY")
        where.append(_enter(scene, raw, bases, entries))
    return where, tuple(entries.values())


def _only_a_shot(scene: Scene, named: frozenset[str]) -> bool:
    """True of a forced heading that frames somebody or something, no place: `NAK`, `THE TRUCK`, `BACK ON HER`."""
    if scene.heading.int_ext or not scene.heading.raw:
        return False
    words = re.findall(r"[^\W_]+(?:['\-][^\W_]+)*", plain(scene.heading.raw).lower())
    if words and (
        words[0] in ("angle", "close", "on", "reverse", "pov", "insert")
        or "pov" in words
        or words[:2] == ["back", "on"]
    ):
        return True
    return any(word in named or word in things().kind for word in words) and len(words) <= 12


def _names_place(scene: Scene) -> bool:
    """False of material before the first heading, and of `INT. - NIGHT`."""
    heading = scene.heading
    return bool(heading.place.strip(" -.")) or (
        not heading.int_ext and bool(heading.raw.strip(" -.")) and not _TIMED.match(heading.raw)
    )


_TIMED = re.compile(r"^\W*(?:DAY|NIGHT|DAWN|DUSK|MORNING|EVENING|LATER|CONTINUOUS)\W*$", re.IGNORECASE)
_BARE_PLACE = re.compile(
    r"^(?:(?:we(?:'re| are)|it is|it's)\s+(?:in|on|at|under|inside|by)\s+)?(?:an?|the)\s+"
    r"(?P<name>(?:[\w'-]+\s+){0,3}[\w'-]+)\s*[.:!]?$",
    re.IGNORECASE,
)
_AT_PLACE = re.compile(
    r"\b(?:in|inside|at|on|across|over|under|through|by|along)\s+(?:an?|the)\s+"
    r"(?P<name>(?:[\w'-]+\s+){0,2}[\w'-]+)\b",
    re.IGNORECASE,
)


_KINDS_OF = frozenset(
    ("old", "tiny", "lone", "dark", "creepy", "rough", "big", "upper", "lower", "main", "high", "front", "back", "top",
     "inner", "master", "guest", "dirt", "outside", "upstairs", "downstairs", "living", "dining", "waiting", "country")
)  # fmt: skip


def _told_place(scene: Scene) -> str:
    """Where the text itself says that it plays: `A RIVER.`, `a man waits on the quay`; empty when it does not."""
    texts = [plain(unit.text) for unit in scene.units if unit.kind != "speech"][:12]
    nouns = aims().places
    for text in texts:
        match = _BARE_PLACE.match(text)
        if match and (text.isupper() or match.group("name").lower().split(" ")[-1] in nouns):
            return match.group("name")
    for text in texts:
        for match in _AT_PLACE.finditer(text):
            words = match.group("name").lower().split(" ")
            at = next((i for i, word in reversed([*enumerate(words)]) if word in nouns - _KINDS_OF), -1)
            if at >= 0:
                return " ".join(words[: at + 1])
    return ""


def _enter(scene: Scene, raw: str, bases: set[str], entries: dict[EntityId, Location]) -> EntityId:
    heading = scene.heading
    parts = [part for part in re.split(r"\s+/\s+", place_name(raw)) if part.strip()] + list(heading.sub_places)
    names = [place_name(part) for part in parts if place_name(part)] or [raw]
    if len(names) == 1:
        names = _inside(names[0], bases)
    current: EntityId | None = None
    evidence = Evidence(units=tuple(unit.id for unit in scene.units[:1]), confidence=0.9, because="scene heading")
    for depth, name in enumerate(names[:3]):
        key = slug(name)
        eid = EntityId(f"location/{key}" if current is None else f"{current}.{key}")
        kinds = (heading.int_ext,) if heading.int_ext else ()
        known = entries.get(eid)
        alias = plain(raw).upper()
        if known is None:
            entries[eid] = Location(
                id=eid, name=display(name.upper()), parent=current, int_ext=kinds if depth == len(names) - 1 else (),
                aliases=(alias,) if depth == len(names) - 1 else (), evidence=evidence,
            )  # fmt: skip
        elif depth == len(names) - 1:
            entries[eid] = known.model_copy(
                update={
                    "int_ext": tuple(dict.fromkeys((*known.int_ext, *kinds))),
                    "aliases": tuple(dict.fromkeys((*known.aliases, alias))),
                }
            )
        current = eid
    assert current is not None
    return current


def _inside(name: str, bases: set[str]) -> list[str]:
    """`BLOOM HOUSE KITCHEN` -> [`BLOOM HOUSE`, `KITCHEN`] when the first part has headings of its own."""
    words = name.split(" ")
    for size in range(len(words) - 1, 0, -1):
        if len(words) - size > 3 or not all(word.lower() in _ROOMS for word in words[size:]):
            continue
        first = " ".join(words[:size])
        if slug(first) in bases and words[size - 1].lower() not in _ROOMS:
            return [first, " ".join(words[size:])]
    return [name]


@dataclass(slots=True)
class When:
    """When a scene happens."""

    time: TimeOfDay
    day: str
    continuous: bool
    flashback: bool
    dream: bool


def own_time(scene: Scene) -> TimeOfDay | None:
    """The time of day that a heading names itself, else none: relative words name none."""
    table = places().times
    for text in (scene.heading.time, *scene.heading.tails, scene.heading.raw):
        low = plain(text).lower().strip(" .")
        if low in table:
            return table[low]  # type: ignore[return-value]
        if text is scene.heading.raw:
            break
        tokens = re.split(r"[\s/,]+", low)
        for size in (2, 1):
            for at in range(len(tokens) - size + 1):
                found = table.get(" ".join(tokens[at : at + size]))
                if found:
                    return found  # type: ignore[return-value]
        for phrase, name in table.items():
            if not phrase.isascii() and phrase in low:
                return name  # type: ignore[return-value]
    return None


def relation(scene: Scene) -> str:
    """same, later or next_day as the heading says, else empty."""
    table = places().relative
    for text in (scene.heading.time, *scene.heading.tails):
        low = plain(text).lower().strip(" .[]()")
        if low in table:
            return table[low]
    joined = plain(" ".join((scene.heading.time, *scene.heading.tails))).lower()
    for phrase in (
        "next morning",
        "next day",
        "another day",
        "following",
        "days later",
        "weeks later",
        "months later",
        "years later",
    ):
        if phrase in joined:
            return "next_day"
    for phrase, name in (
        ("moments later", "same"),
        ("minutes later", "same"),
        ("continu", "same"),
        ("same", "same"),
        ("later", "later"),
    ):
        if phrase in joined:
            return name
    return ""


def tail_kind(scene: Scene) -> str:
    """flashback, dream or present as a bracketed remark or the time words say, else empty."""
    table = places().tails
    for text in (*scene.heading.tails, scene.heading.time):
        low = plain(text).lower().strip(" .[]()")
        for phrase in (low, *re.split(r"[\s,/]+", low)):
            if phrase in table:
                return table[phrase]
        if "flashback" in low:
            return "flashback"
        if "present" in low:
            return "present"
    return ""


def date(
    scenes: tuple[Scene, ...], readings: tuple[SceneReading, ...], where: list[EntityId], younger: list[bool]
) -> list[When]:
    """When every scene happens. `younger` says of each scene whether somebody appears in it as a younger self.

    The present counts D1, N1, D2 …; each flashback run has its own FB1, FB2 …, and the count goes on where it left off.
    """
    out: list[When] = []
    day, flash = 1, 0
    present_time: TimeOfDay = "midday"
    remembered: dict[EntityId, str] = {}
    lived: set[EntityId] = set()
    before: When | None = None
    year = ""
    started = False
    for i, scene in enumerate(scenes):
        kind = tail_kind(scene)
        how = relation(scene)
        runs_on = how == "same"
        past = kind == "flashback" or readings[i].earlier or (younger[i] and kind != "present")
        if before and before.flashback and not past and kind != "present":
            past = (runs_on or how == "later") and not _YEAR.search(scene.heading.raw)
        if (
            before
            and before.flashback
            and not past
            and kind != "present"
            and where[i] in remembered
            and where[i] not in lived
        ):
            past = True
        dream = kind == "dream" or (readings[i].dream and _mostly_dream(readings[i]))
        named = own_time(scene)
        back = before is not None and before.flashback and not past
        last_time = present_time if back or before is None else before.time
        time: TimeOfDay = named or last_time
        if past:
            fresh = (
                before is None
                or not before.flashback
                or (kind == "flashback" and not runs_on and _other_flashback(scenes, i))
            )
            label = before.day if before is not None and not fresh else remembered.get(where[i], "")
            if before is not None and not fresh and (how == "next_day" or (not runs_on and _dawned(before.time, time))):
                label = ""
            if not label or (fresh and where[i] in lived):
                flash += 1
                label = f"FB{flash}"
            remembered.setdefault(where[i], label)
            out.append(When(time, label, runs_on and not fresh, True, dream))
            before = out[-1]
            continue
        found = _YEAR.search(scene.heading.raw)
        new_year = bool(found) and found is not None and found.group() != year
        if found:
            year = found.group()
        if started and (
            how == "next_day" or new_year or (not runs_on and how != "later" and _dawned(present_time, time))
        ):
            day += 1
        started = True
        lived.add(where[i])
        label = ("N" if time in _NIGHTS else "D") + str(day)
        out.append(When(time, label, runs_on and not back and i > 0, False, dream))
        present_time = time
        before = out[-1]
    return out


def _mostly_dream(reading: SceneReading) -> bool:
    return any(
        run.kind == "dream" and reading.actions and run.first_unit == reading.actions[0].unit
        for run in reading.segments
    )


def _other_flashback(scenes: tuple[Scene, ...], i: int) -> bool:
    """True when a flashback stands in another remembered time than the scene before: `[STORY]` after `(1973)`."""
    return (
        bool(i) and tail_kind(scenes[i - 1]) == "flashback" and scenes[i - 1].heading.tails != scenes[i].heading.tails
    )


def _dawned(before: TimeOfDay, now: TimeOfDay) -> bool:
    """True when a night has passed between two times of day."""
    order = ("dawn", "morning", "midday", "afternoon", "golden_hour", "dusk", "blue_hour", "night")
    if now == before:
        return False
    return order.index(now) < order.index(before) and (before in _NIGHTS or order.index(before) - order.index(now) >= 2)


def has_younger(
    scene_people: tuple[EntityId, ...], versions: dict[EntityId, EntityId], aged: frozenset[EntityId]
) -> bool:
    """True when somebody of the scene is the younger self of somebody, by name or by age (`aged`)."""
    young = people().ages_young
    return not aged.isdisjoint(scene_people) or any(
        versions.get(who) and who.split("/")[1].split("_")[0] in young for who in scene_people
    )
