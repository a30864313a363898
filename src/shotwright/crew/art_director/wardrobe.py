"""Wardrobe, make-up and hair: what each person wears on a story day, found or wanted.

A garment's entity is `clothes/<character>.<garment>`, a make-up's `makeup_hair/<character>.<name>`: whom a key in a
shot's lists belongs to can be read from its binding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.crew.art_director.lexicon import lexicon
from shotwright.crew.art_director.matching import tokens
from shotwright.crew.art_director.needs import age_of, aged_entity, is_unseen
from shotwright.crew.art_director.sightings import garment_head, makeup_of
from shotwright.model.ids import EntityId, slug

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shotwright.model.asset import Asset, AssetLook
    from shotwright.model.crew import Casting
    from shotwright.model.story import CastMember

COSTUME = "costume"
"""Stands for all that a character wears when neither script nor library says what."""
_WORN_WHILE_TOLD = {"injury", "wound", "wet", "blood", "dirt"}
"""Tags of make-up that is worn only while the script says so, and so never by its story days alone."""


def garment_entity(character: str, garment: str, age: str = "") -> EntityId:
    """`clothes/marcus.hospital_gown`; at another age `clothes/marcus.boy_of_ten_cap`."""
    return EntityId(f"clothes/{character.partition('/')[2]}.{slug(f'{age} {garment}')}")


def costume_entity(character: str, age: str = "") -> EntityId:
    """`clothes/marcus.costume`."""
    return garment_entity(character, COSTUME, age)


def bare_garment(garment: str) -> str:
    """A garment without its state: the wet dress is the dress."""
    words = [word for word in garment.split() if word.casefold() not in lexicon().garment_states]
    return " ".join(words) or garment


def makeup_entity(character: str, name: str) -> EntityId:
    """`makeup_hair/joss.bleeding`."""
    return EntityId(f"makeup_hair/{character.partition('/')[2]}.{slug(name)}")


def pick_look(asset: Asset, day: str) -> tuple[AssetLook | None, str]:
    """The library's look for a story day, and why that one.

    Days of the present fall back on an earlier look; a flashback never falls back on the present's.
    """
    for look in asset.looks:
        if day and day in look.story_days:
            return look, f"the library's look for {day}"
    for look in asset.looks:
        if not look.story_days:
            return look, "the library's look for any day"
    if not day.startswith("FB"):
        present = [look for look in asset.looks if any(not d.startswith("FB") for d in look.story_days)]
        earlier = [look for look in present if any(_when(d) <= _when(day) for d in look.story_days)]
        if present:
            kept = earlier[-1] if earlier else present[0]
            return kept, f"the library has no look for {day or 'the day'}: that of {kept.story_days[0]} is kept on"
    return None, ""


def _when(day: str) -> float:
    digits = "".join(c for c in day if c.isdigit())
    return (int(digits) if digits else 0) + (0.5 if day.startswith("N") else 0.0)


def is_theirs(asset: Asset, names: tuple[str, ...]) -> bool:
    """The asset belongs to whoever bears one of the names, in full or by first name."""
    owner = tokens(asset.belongs_to) if asset.belongs_to else ()
    return bool(owner) and any(tokens(name) in (owner, owner[:1]) for name in names)


def is_worn_on(asset: Asset, day: str) -> bool:
    """Make-up that goes by story day and not by what happens: a scar, a wig, a lasting illness."""
    return asset.kind == "makeup_hair" and day in asset.tags and not _WORN_WHILE_TOLD & set(asset.tags)


@dataclass(frozen=True, slots=True)
class Worn:
    """One thing worn, with why."""

    casting: Casting
    because: str


def wear(
    member: CastMember, day: str, cast: Mapping[str, Casting], assets: Mapping[str, Asset]
) -> tuple[list[Worn], list[Worn]]:
    """Clothes, and make-up and hair, of a character on a story day: the library's look, and what the script adds."""
    character = member.character
    age = age_of(member.look)
    own = cast.get(aged_entity(character.id, age)) or cast.get(character.id)
    asset = assets.get(own.key) if own is not None and own.key else None
    look, why = pick_look(asset, day) if asset is not None else (None, "")
    prefix = character.id.partition("/")[2] + "."
    theirs = {
        entry.key or entry.proposed_key: entry
        for entity, entry in cast.items()
        if entity.partition("/")[2].startswith(prefix) and entry.kind in ("clothes", "makeup_hair")
    }
    clothes: dict[str, Worn] = {}
    makeup: dict[str, Worn] = {}
    for key in look.clothes if look is not None else ():
        if key in theirs:
            clothes[key] = Worn(theirs[key], why)
    for key in look.makeup_hair if look is not None else ():
        if key in theirs:
            makeup[key] = Worn(theirs[key], why)
    heads: list[str] = [""] * len(clothes)
    for garment in member.look.clothes if member.look is not None else ():
        entry = cast.get(garment_entity(character.id, bare_garment(garment), age))
        if entry is not None:
            heads.append(garment_head(tokens(garment)[-1]) or tokens(garment)[-1])
            clothes.setdefault(entry.key or entry.proposed_key, Worn(entry, f"the script's {garment!r}"))
    costume = cast.get(costume_entity(character.id, age))
    if costume is not None and look is None and all(head in lexicon().accessories for head in heads):
        clothes[costume.key or costume.proposed_key] = Worn(costume, "neither script nor library says what is worn")
    for condition in member.look.condition if member.look is not None else ():
        entry = None if is_unseen(condition) else cast.get(makeup_entity(character.id, makeup_of(condition)))
        if entry is not None:
            makeup.setdefault(entry.key or entry.proposed_key, Worn(entry, f"is {condition}"))
    for key, entry in theirs.items():
        if entry.kind == "makeup_hair" and key in assets and is_worn_on(assets[key], day):
            makeup.setdefault(key, Worn(entry, f"worn on {day}"))
    return list(clothes.values()), list(makeup.values())
