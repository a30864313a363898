"""Ids: opaque names of scenes, units and shots, and readable names of story entities.

An id of the script's parts (`sc_…`, `un_…`, `sh_…`, `su_…`) is derived once from the text that it was first seen in
and then carried from draft to draft by alignment, so an id never says where something stands, only which one it is.
An entity id is `kind/slug` and is what every layer of a shot uses to refer to the story.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import NewType

SceneId = NewType("SceneId", str)
UnitId = NewType("UnitId", str)
ShotId = NewType("ShotId", str)
SetupId = NewType("SetupId", str)
EntityId = NewType("EntityId", str)
"""`character/edward`, `location/bloom_house`, `prop/ring`, `vehicle/…`, `animal/…`, `look/…`."""


def digest(*parts: str, length: int = 10) -> str:
    """A short stable hash of text parts: lower-case hex of blake2b, `length` characters. Parts are kept apart."""
    state = hashlib.blake2b(digest_size=20)
    for part in parts:
        state.update(part.encode("utf-8", "surrogatepass"))
        state.update(b"\x00")
    return state.hexdigest()[:length]


def slug(text: str) -> str:
    """`Will's Bedroom` -> `wills_bedroom`. Letters and digits of any script are kept, accents are folded."""
    plain = unicodedata.normalize("NFKC", text.casefold().replace("’", "").replace("'", ""))
    return re.sub(r"[^\w]+", "_", "".join(map(_unaccented, plain))).strip("_") or "unnamed"


def _unaccented(letter: str) -> str:
    """`é` -> `e`; letters of other scripts keep their marks, which make them other letters (`ジ` is not `シ`)."""
    base = unicodedata.normalize("NFD", letter)
    return base[0] if len(base) > 1 and base[0].isascii() else letter


def entity_id(kind: str, name: str) -> EntityId:
    """The id of a story entity: `entity_id("character", "Old Odell")` -> `character/old_odell`."""
    return EntityId(f"{kind}/{slug(name)}")


def kind_of(entity: str) -> str:
    """The kind of an entity id: `kind_of("prop/ring")` -> `prop`."""
    return entity.partition("/")[0]
