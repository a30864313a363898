"""Wardrobe, make-up and hair: what each person in the frame wears on the story day, found or wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.crew.art_director.lexicon import lexicon
from shotwright.crew.art_director.matching import tokens
from shotwright.crew.art_director.sightings import garment_head, makeup_of
from shotwright.model.ids import EntityId, slug

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shotwright.model.asset import Asset, AssetLook
    from shotwright.model.crew import Casting
    from shotwright.model.story import CastMember

COSTUME = "costume"
"""Stands for all that a character wears when neither script nor library says what."""
_WORN_ALWAYS = {"injury", "wound", "wet", "blood", "dirt"}
"""Tags of make-up that is worn only while the script says so, and so never by its story days alone."""


def garment_entity(character: str, garment: str) -> EntityId:
    """`clothes/marcus.hospital_gown`."""
    return EntityId(f"clothes/{character.partition('/')[2]}.{slug(garment)}")


def costume_entity(character: str) -> EntityId:
    """`clothes/marcus.costume`."""
    return garment_entity(character, COSTUME)


def makeup_entity(character: str, condition: str) -> EntityId:
    """`makeup_hair/joss.bleeding`."""
    return EntityId(f"makeup_hair/{character.partition('/')[2]}.{slug(makeup_of(condition))}")


def pick_look(asset: Asset, day: str) -> tuple[AssetLook | None, str]:
    """The library's look for a story day, and why that one. Days of the present fall back on an earlier look; a
    flashback never falls back on the present's."""
    for look in asset.looks:
        if day and day in look.story_days:
            return look, f"look of {day}"
    for look in asset.looks:
        if not look.story_days:
            return look, "look for any day"
    if not day.startswith("FB"):
        present = [look for look in asset.looks if any(not d.startswith("FB") for d in look.story_days)]
        earlier = [look for look in present if any(_day_number(d) <= _day_number(day) for d in look.story_days)]
        if earlier or present:
            look = (earlier or present)[-1 if earlier else 0]
            return look, f"no look for {day or 'the day'}, that of {look.story_days[0]} is kept on"
    return None, ""


def _day_number(day: str) -> float:
    digits = "".join(c for c in day if c.isdigit())
    return (int(digits) if digits else 0) + (0.5 if day.startswith("N") else 0.0)


@dataclass(frozen=True, slots=True)
class Worn:
    """One thing worn: its entity where the story has one, its key, and whether the library holds it."""

    entity: str
    key: str
    found: bool
    head: str
    because: str


def wear(
    member: CastMember, day: str, cast: Mapping[str, Casting], assets: Mapping[str, Asset]
) -> tuple[list[Worn], list[Worn]]:
    """Clothes, and make-up and hair, of a character on a story day."""
    character = member.character
    own = cast.get(character.id)
    asset = assets.get(own.key) if own is not None and own.key else None
    look, why = pick_look(asset, day) if asset is not None else (None, "")
    clothes: dict[str, Worn] = {}
    makeup: dict[str, Worn] = {}
    if look is not None:
        for key in look.clothes:
            entity = garment_entity(character.id, _name_of(key, assets))
            clothes[key] = Worn(entity, key, key in assets, _head_of(key, assets), why)
        for key in look.makeup_hair:
            makeup[key] = Worn(
                f"makeup_hair/{character.id.partition('/')[2]}.{slug(_name_of(key, assets))}",
                key,
                key in assets,
                "",
                why,
            )
    story_look = member.look
    for garment in story_look.clothes if story_look is not None else ():
        casting = cast.get(garment_entity(character.id, garment))
        if casting is not None:
            key = casting.key or casting.proposed_key
            head = garment_head(tokens(garment)[-1]) or tokens(garment)[-1]
            clothes[key] = Worn(casting.entity, key, casting.key is not None, head, f"the script's {garment!r}")
    if all(entry.head in lexicon().accessories for entry in clothes.values()):
        costume = cast.get(costume_entity(character.id))
        if costume is not None:
            key = costume.key or costume.proposed_key
            clothes[key] = Worn(costume.entity, key, costume.key is not None, "", "no look in script or library")
    for condition in story_look.condition if story_look is not None else ():
        casting = cast.get(makeup_entity(character.id, condition))
        if casting is not None:
            key = casting.key or casting.proposed_key
            makeup[key] = Worn(casting.entity, key, casting.key is not None, condition, f"is {condition}")
    for key in sorted(assets):
        piece = assets[key]
        if (
            piece.kind == "makeup_hair"
            and day in piece.tags
            and not _WORN_ALWAYS & set(piece.tags)
            and _belongs(piece, member)
        ):
            makeup.setdefault(
                key,
                Worn(
                    f"makeup_hair/{character.id.partition('/')[2]}.{slug(piece.name)}", key, True, "", f"worn on {day}"
                ),
            )
    return list(clothes.values()), list(makeup.values())


def _belongs(asset: Asset, member: CastMember) -> bool:
    owner = tokens(asset.belongs_to) if asset.belongs_to else ()
    if not owner:
        return False
    names = (member.character.name, *member.character.aliases)
    return any(tokens(name) == owner or tokens(name) == owner[:1] for name in names)


def _name_of(key: str, assets: Mapping[str, Asset]) -> str:
    asset = assets.get(key)
    return asset.name if asset is not None else key


def _head_of(key: str, assets: Mapping[str, Asset]) -> str:
    name = tokens(_name_of(key, assets))
    return garment_head(name[-1]) or name[-1]
