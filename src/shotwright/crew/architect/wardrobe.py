"""Looks between change events, and which props stay in hand from scene to scene."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shotwright.model.ids import EntityId, UnitId, slug
from shotwright.model.story import Evidence, Look

if TYPE_CHECKING:
    from shotwright.crew.architect.reading import SceneReading
    from shotwright.crew.architect.setting import When

_PASSING = frozenset(("soaked", "sweaty", "drunk", "naked"))
"""Gone by the next scene that does not run straight on."""
_LASTING = frozenset(("pregnant",))


@dataclass(slots=True)
class _Worn:
    """A look while it lasts."""

    id: EntityId
    day: str
    clothes: dict[str, None] = field(default_factory=dict)
    condition: dict[str, None] = field(default_factory=dict)
    units: list[UnitId] = field(default_factory=list)


def dress(
    readings: tuple[SceneReading, ...], whens: list[When], kinds: dict[EntityId, str]
) -> tuple[list[dict[EntityId, EntityId]], tuple[Look, ...]]:
    """For every scene who wears which look as it begins, and all looks.

    A look lasts a story day (day and the night after it are one). A change of clothes, or a wetness, dirt or wound,
    begins another from that scene on; clean clothes come with the next day, wounds go with it.
    """
    looks: dict[EntityId, _Worn] = {}
    current: dict[EntityId, _Worn] = {}
    worn_in: list[dict[EntityId, EntityId]] = []
    for reading, when in zip(readings, whens, strict=True):
        day = _look_day(when)
        here: dict[EntityId, EntityId] = {}
        wears: dict[EntityId, list[tuple[str, UnitId]]] = {}
        suffers: dict[EntityId, list[tuple[str, UnitId]]] = {}
        for who, garment, unit in reading.wears:
            wears.setdefault(who, []).append((garment, unit))
        for who, name, unit in reading.suffers:
            suffers.setdefault(who, []).append((name, unit))
        for presence in reading.presences:
            who = presence.character
            if presence.voice_only or kinds.get(who) == "voice":
                continue
            look = current.get(who)
            if look is None or look.day != day:
                lasting = [name for name in look.condition if name in _LASTING] if look else []
                look = _open(looks, who, day, "_".join(lasting))
                look.condition.update(dict.fromkeys(lasting))
            elif not when.continuous and _PASSING.intersection(look.condition):
                clothes, stays = look.clothes, [name for name in look.condition if name not in _PASSING]
                look = _open(looks, who, day, "_".join(stays))
                look.clothes.update(clothes)
                look.condition.update(dict.fromkeys(stays))
            garments = wears.get(who, ())
            if who in reading.changes and garments and look.clothes and not all(g in look.clothes for g, _ in garments):
                look = _open(looks, who, day, garments[0][0])
            for garment, unit in garments:
                look.clothes[garment] = None
                look.units.append(unit)
            fresh = [(name, unit) for name, unit in suffers.get(who, ()) if name not in look.condition]
            if fresh:
                names = (*look.condition, *(name for name, _ in fresh))
                clothes = look.clothes
                look = _open(looks, who, day, "_".join(dict.fromkeys(names)))
                look.clothes.update(clothes)
                look.condition.update(dict.fromkeys(names))
                look.units += [unit for _, unit in fresh]
            current[who] = look
            here[who] = look.id
        worn_in.append(here)
    return worn_in, tuple(_close(look, eid) for eid, look in looks.items())


def _look_day(when: When) -> str:
    """Day and night of one number share clothes."""
    return when.day if when.flashback else "D" + when.day[1:]


def _open(looks: dict[EntityId, _Worn], who: EntityId, day: str, mark: str) -> _Worn:
    eid = EntityId(f"look/{who.partition('/')[2]}.{day.lower()}" + (f".{slug(mark)}" if mark else ""))
    if eid not in looks:
        looks[eid] = _Worn(eid, day)
    return looks[eid]


def _close(look: _Worn, eid: EntityId) -> Look:
    who = EntityId("character/" + eid.partition("/")[2].split(".")[0])
    clothes, condition = tuple(look.clothes), tuple(look.condition)
    return Look(
        id=eid,
        character=who,
        description=", ".join((*clothes, *condition)),
        clothes=clothes,
        condition=condition,
        story_day=look.day,
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
