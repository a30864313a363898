"""A library made from a story's own entities: what is there by name, what is near it, and furniture for its places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.crew.art_director.implied import furniture
from shotwright.model.asset import Asset
from shotwright.model.ids import slug

if TYPE_CHECKING:
    from shotwright.model.story import Story

_SORTS = ("young", "tall", "weathered", "quiet", "stout")
_COLOURS = ("red", "brown", "painted", "old", "small")


def library_for(story: Story, size: int = 300) -> tuple[Asset, ...]:
    """`size` assets: of each three entities one is there by name, one under another's surname or colour, one is not."""
    found: dict[str, Asset] = {}

    def add(kind: str, prefix: str, name: str, **more: object) -> None:
        key = f"{prefix}_{slug(name)}_v01"
        found.setdefault(key, Asset.model_validate({"key": key, "kind": kind, "name": name, **more}))

    for n, character in enumerate(story.characters):
        sort = _SORTS[n % len(_SORTS)]
        if n % 3 == 0:
            add("character", "char", character.name, description=f"A {sort} {character.kind}.", personality=(sort,))
        elif n % 3 == 1:
            first = character.name.split()[-1]
            add("character", "char", f"{sort.title()} {first}", description=f"{sort} and watchful, known as {first}.")
    for n, place in enumerate(story.locations):
        name = place.name.rpartition(" - ")[2]
        if n % 3 == 0:
            add("location", "loc", place.name.replace(" - ", " "), description=f"The {name} as built for the film.")
        elif n % 3 == 1:
            add("location", "loc", f"{_COLOURS[n % 5]} {name}", description=f"A {_COLOURS[n % 5]} {name} by a field.")
    for n, thing in enumerate(story.things):
        kind = {"prop": "object", "vehicle": "vehicle", "animal": "animal"}[thing.kind]
        prefix = {"prop": "obj", "vehicle": "veh", "animal": "anim"}[thing.kind]
        if n % 3 == 0:
            add(kind, prefix, thing.name, description=f"A {_COLOURS[n % 5]} {thing.name} with a dent.")
        elif n % 3 == 1:
            add(kind, prefix, f"{_COLOURS[n % 5]} {thing.name}", description=f"One of a pair, {_COLOURS[n % 5]}.")
    for word, things in sorted(furniture().places.items()):
        for item in things[:3]:
            tags = (word,)
            prefix = {"object": "obj", "vehicle": "veh", "background": "bg"}.get(item.kind, "anim")
            add(item.kind, prefix, f"{word} {item.name}", description=f"{item.name} for a {word}", tags=tags)
    chosen = sorted(found.values(), key=lambda asset: asset.key)
    step = max(1.0, len(chosen) / size)
    return tuple(chosen[int(at * step)] for at in range(min(size, len(chosen))))
