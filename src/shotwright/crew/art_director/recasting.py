"""The film's casting made whole after some of it was picked anew: one face a person, everybody in their own clothes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.crew.art_director.casting import Book, cast_library_looks
from shotwright.crew.art_director.matching import Shelf
from shotwright.crew.art_director.wardrobe import costume_entity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.asset import Asset
    from shotwright.model.crew import Casting
    from shotwright.model.story import Story


def settle_casting(
    story: Story, draft: Sequence[Casting], picked: Sequence[Casting], assets: Sequence[Asset]
) -> tuple[Casting, ...]:
    """The castings after some were picked anew: one person an asset, and everybody in the clothes of their own asset.

    Of two people with one asset whoever had it in the draft keeps it, else the first; the other falls back. What the
    asset that somebody had before wore is gone, and what the new one wears is cast.
    """
    before = {entry.entity: entry for entry in draft}
    holders = {e.key: e.entity for e in draft if e.key and e.kind == "character" and e in picked}
    settled: list[Casting] = []
    for entry in picked:
        if entry.kind == "character" and entry.key and holders.setdefault(entry.key, entry.entity) != entry.entity:
            entry = before.get(entry.entity, entry)
        settled.append(entry)
    by_key = {asset.key: asset for asset in assets}
    shelf, book = Shelf(assets), Book(assets)
    book.taken.update(entry.proposed_key for entry in settled if entry.proposed_key)
    book.entries = {entry.entity: entry for entry in settled}
    for character in story.characters:
        old, new = before.get(character.id), book.entries.get(character.id)
        if old is None or new is None or old.key == new.key or character.kind != "person":
            continue
        if old.key:
            worn = f"a look of {old.key} names"
            for entity in [e for e, c in book.entries.items() if c.because.startswith(worn)]:
                del book.entries[entity]
        costume = book.entries.get(costume_entity(character.id))
        if new.key and by_key[new.key].looks and costume is not None and costume.key is None:
            del book.entries[costume_entity(character.id)]
        cast_library_looks(character, by_key, shelf, book)
    return tuple(book.entries.values())
