"""Where talk is set: the scene's place, or what stands on the table, to lead a sentence of talk."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from shotwright.crew.director.wording import performances

if TYPE_CHECKING:
    from shotwright.crew.director.people import People

MOST_WORDS = 3


@cache
def served() -> re.Pattern[str]:
    """Things that stand on a table while people talk."""
    return re.compile(rf"\b(?:{'|'.join(performances()['served']['words'])})\b", re.I)


def inside(people: People) -> str:
    """`In the kitchen`, `On the landing`: the scene's place to lead a sentence; empty where it takes no such form."""
    scene = people.brief.scene
    place = people.place(scene.location)
    words = place.removeprefix("the ").lower().split()
    if not words or len(words) > MOST_WORDS or not all(re.fullmatch(r"[a-z]+(?:['’]s?)?", w) for w in words):
        return ""
    kinds = performances()["inside"]
    if {*words} <= {*kinds["common"], *kinds["in"], *kinds["on"], *kinds["at"]}:
        place = place.lower()
    if words[0] in kinds["led"]:
        return ""
    for preposition in ("on", "at"):
        if words[-1] in kinds[preposition]:
            return f"{preposition.title()} {place}"
    indoors = scene.slugline.int_ext == "INT" and words[-1] in kinds["in"]
    return f"In {place}" if indoors else ""
