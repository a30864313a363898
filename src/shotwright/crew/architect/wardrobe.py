"""Looks between change events, and which props stay in hand from scene to scene."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shotwright.crew.architect.naming import age_years
from shotwright.model.ids import EntityId, UnitId, slug
from shotwright.model.story import Evidence, Look

if TYPE_CHECKING:
    from shotwright.crew.architect.reading import SceneReading
    from shotwright.crew.architect.setting import When
    from shotwright.model.story import Character

_PASSING = frozenset(("soaked", "sweaty", "drunk", "naked"))
"""Gone by the next scene that does not run straight on."""
_LASTING = frozenset(("pregnant",))


@dataclass(slots=True)
class _Worn:
    """A look while it lasts."""

    id: EntityId
    day: str
    self_of: tuple[str, str] = ("", "")
    """(stage, words) of somebody at another age than usual."""
    clothes: dict[str, None] = field(default_factory=dict)
    condition: dict[str, None] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    """Garments taken off since the look began: to name them again (`his shoes`) does not put them on."""
    units: list[UnitId] = field(default_factory=list)


@dataclass(slots=True)
class _Told:
    """What a scene says of one person's clothes and state: (words, unit) each."""

    wears: list[tuple[str, UnitId]] = field(default_factory=list)
    suffers: list[tuple[str, UnitId]] = field(default_factory=list)


def dress(
    readings: tuple[SceneReading, ...],
    whens: list[When],
    people: dict[EntityId, Character],
    stages: list[tuple[tuple[EntityId, str, str], ...]],
) -> tuple[list[dict[EntityId, EntityId]], tuple[Look, ...]]:
    """For every scene who wears which look as it begins, and all looks.

    A look lasts a story day (day and the night after it are one). A wetness, dirt, wound or change of clothes that
    comes about in a scene begins another look with the next scene; one in which somebody first appears holds from the
    scene's start. Clean clothes come with the next day. `stages` says of each scene who is seen at another age.
    """
    looks: dict[EntityId, _Worn] = {}
    current: dict[EntityId, _Worn] = {}
    worn_in: list[dict[EntityId, EntityId]] = []
    for reading, when, aged in zip(readings, whens, stages, strict=True):
        day = _look_day(when)
        here: dict[EntityId, EntityId] = {}
        told = _told(reading)
        ages = {who: (stage, age) for who, stage, age in aged}
        for presence in reading.presences:
            who = presence.character
            person = people.get(who)
            if presence.voice_only or (person and person.kind == "voice"):
                continue
            self_of = _self_words(*ages[who], person.gender if person else "unknown") if who in ages else ("", "")
            look = current.get(who)
            if look is not None and look.day == day and when.continuous:
                self_of = look.self_of
            if look is None or look.day != day or look.self_of != self_of:
                lasting = [name for name in look.condition if name in _LASTING] if look and not self_of[0] else []
                look = _open(looks, who, day, "_".join(lasting), self_of)
                look.condition.update(dict.fromkeys(lasting))
            elif not when.continuous and _PASSING.intersection(look.condition):
                clothes, stays = look.clothes, [name for name in look.condition if name not in _PASSING]
                look = _open(looks, who, day, "_".join(stays), self_of, look.lost)
                look.clothes.update(clothes)
                look.condition.update(dict.fromkeys(stays))
            said = told.get(who, _Told())
            carried = when.continuous and who in current and presence.enters is None
            first = "" if carried else presence.enters or _first_unit(reading, who)
            at_once = _Told(
                [(garment, unit) for garment, unit in said.wears if unit == first or who not in reading.changes],
                [(name, unit) for name, unit in said.suffers if unit == first],
            )
            look = _change(looks, look, who, day, at_once, who in reading.changes)
            here[who] = look.id
            later = _Told(
                [pair for pair in said.wears if pair not in at_once.wears],
                [pair for pair in said.suffers if pair not in at_once.suffers],
            )
            look = _change(looks, look, who, day, later, who in reading.changes)
            current[who] = _without(looks, look, who, day, [pair for pair in reading.sheds if pair[0] == who])
        worn_in.append(here)
    shown = dict.fromkeys(eid for here in worn_in for eid in here.values())
    return worn_in, tuple(_close(looks[eid], eid) for eid in looks if eid in shown)


def _told(reading: SceneReading) -> dict[EntityId, _Told]:
    told: dict[EntityId, _Told] = {}
    for who, garment, unit in reading.wears:
        told.setdefault(who, _Told()).wears.append((garment, unit))
    for who, name, unit in reading.suffers:
        told.setdefault(who, _Told()).suffers.append((name, unit))
    return told


def _first_unit(reading: SceneReading, who: EntityId) -> str:
    """Where the action first shows somebody."""
    return next((note.unit for note in reading.actions if who in note.actors), "")


def _change(looks: dict[EntityId, _Worn], look: _Worn, who: EntityId, day: str, told: _Told, changes: bool) -> _Worn:
    """The look after what is told: other clothes or a new state make another, the rest is added to the one that is."""
    garments = told.wears
    if changes and garments and look.clothes and not all(garment in look.clothes for garment, _ in garments):
        look = _open(looks, who, day, garments[0][0], look.self_of)
    for garment, unit in garments:
        if garment.split(" ")[-1] not in look.lost:
            look.clothes[garment] = None
            look.units.append(unit)
    fresh = [(name, unit) for name, unit in told.suffers if name not in look.condition]
    if fresh:
        names = dict.fromkeys((*look.condition, *(name for name, _ in fresh)))
        clothes = look.clothes
        look = _open(looks, who, day, "_".join(names), look.self_of, look.lost)
        look.clothes.update(clothes)
        look.condition.update(names)
        look.units += [unit for _, unit in fresh]
    return look


def _without(
    looks: dict[EntityId, _Worn], look: _Worn, who: EntityId, day: str, sheds: list[tuple[EntityId, str, UnitId]]
) -> _Worn:
    """The look without what comes off: it holds from the next scene on, for the taking off is seen in this one."""
    gone = {garment.split(" ")[-1]: unit for _, garment, unit in sheds}
    left = [garment for garment in look.clothes if garment.split(" ")[-1] not in gone]
    if len(left) == len(look.clothes):
        return look
    bare = _open(looks, who, day, "_".join(look.condition), look.self_of, tuple(sorted({*look.lost, *gone})))
    bare.clothes.update(dict.fromkeys(left))
    bare.condition.update(look.condition)
    bare.units += list(gone.values())
    return bare


_SELVES = {
    "child": ("boy", "girl", "child"),
    "teen": ("teenage boy", "teenage girl", "teenager"),
    "young": ("young man", "young woman", "young adult"),
}
_NUMBERS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_TENS = ("", "", "twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")


def _self_words(stage: str, age: str, gender: str) -> tuple[str, str]:
    """(mark, words) of somebody at another age: `young`, `as a young man in his twenties`."""
    column = {"male": 0, "female": 1}.get(gender, 2)
    years = age_years(age) if age else None
    words = ""
    if years is not None and years < len(_NUMBERS):
        words = f" of {_NUMBERS[years]}"
    elif years is not None and years < 20:
        words = f" in {('his', 'her', 'their')[column]} teens"
    elif years is not None and years < 100:
        words = f" in {('his', 'her', 'their')[column]} {_TENS[years // 10]}"
    if stage == "teen":
        words = ""
    return stage, f"as a {_SELVES[stage][column]}{words}"


def _look_day(when: When) -> str:
    """Day and night of one number share clothes."""
    return when.day if when.flashback else "D" + when.day[1:]


def _open(
    looks: dict[EntityId, _Worn],
    who: EntityId,
    day: str,
    mark: str,
    self_of: tuple[str, str] = ("", ""),
    lost: tuple[str, ...] = (),
) -> _Worn:
    bare = "_".join((*filter(None, (mark,)), "without", *lost)) if lost else mark
    marks = ".".join(slug(part) for part in (self_of[1].removeprefix("as a "), bare) if part)
    eid = EntityId(f"look/{who.partition('/')[2]}.{day.lower()}" + (f".{marks}" if marks else ""))
    if eid not in looks:
        looks[eid] = _Worn(eid, day, self_of, lost=lost)
    return looks[eid]


def _close(look: _Worn, eid: EntityId) -> Look:
    who = EntityId("character/" + eid.partition("/")[2].split(".")[0])
    stage, words = look.self_of
    clothes, condition = tuple(look.clothes), tuple(dict.fromkeys((*filter(None, (words,)), *look.condition)))
    younger = f"younger self, {words.removeprefix('as a ')}" if stage else ""
    return Look(
        id=eid,
        character=who,
        description=", ".join(filter(None, (younger, *clothes, *look.condition))),
        clothes=clothes,
        condition=condition,
        story_day=look.day,
        age=words.removeprefix("as a "),
        evidence=Evidence(
            units=tuple(dict.fromkeys(look.units))[:6],
            confidence=0.75 if look.units else 0.4,
            because="the script names it" if look.units else "one look a story day",
        ),
    )


def carry(readings: tuple[SceneReading, ...], whens: list[When]) -> list[dict[EntityId, tuple[EntityId, ...]]]:
    """For every scene which props each character holds as it begins: kept while time runs on, put away otherwise."""
    out: list[dict[EntityId, tuple[EntityId, ...]]] = []
    held: dict[EntityId, list[EntityId]] = {}
    for i, reading in enumerate(readings):
        here = {presence.character for presence in reading.presences if not presence.voice_only}
        if i and not whens[i].continuous:
            held = {}
        out.append({who: tuple(props) for who, props in held.items() if who in here and props})
        for note in reading.actions:
            for who, prop in note.drops:
                if prop in held.get(who, ()):
                    held[who].remove(prop)
        for who, prop in reading.ends_holding:
            for other in held.values():
                if prop in other:
                    other.remove(prop)
            held.setdefault(who, []).append(prop)
    return out
