"""Whether somebody is a woman or a man, as far as the script says: titles and nouns, first names, pronouns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shotwright.crew.architect.lexicon import people
from shotwright.crew.architect.naming import plain, take_apart

if TYPE_CHECKING:
    from shotwright.crew.architect.introductions import Introduction
    from shotwright.crew.architect.selves import Person
    from shotwright.model.screenplay import Screenplay

_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*|#\d+")


def title_gender(titles: tuple[str, ...]) -> str:
    words = people()
    for title in titles:
        if title in words.male_titles:
            return "male"
        if title in words.female_titles:
            return "female"
    return ""


def find_genders(
    ordered: list[Person], owners: dict[str, str], met: list[Introduction], screenplay: Screenplay
) -> dict[str, str]:
    """From titles and nouns, then first names, then the pronouns that follow a name alone in its sentence."""
    words = people()
    out: dict[str, str] = {}
    for person in ordered:
        guess = ""
        for name in (person.name, *person.aliases):
            parts = take_apart(name)
            tokens = [token.removesuffix("'s") for token in name.lower().split(" ")]
            guess = guess or title_gender(parts.titles)
            if not guess and parts.generic:
                has_male, has_female = any(t in words.male for t in tokens), any(t in words.female for t in tokens)
                guess = "male" if has_male and not has_female else "female" if has_female and not has_male else ""
            if not guess and parts.core:
                first = parts.core[0]
                guess = _by_first_name(first)
        out[person.name] = guess
    missing = {person.name for person in ordered if not out[person.name] and person.kind == "person"}
    if missing:
        votes = _pronoun_votes({alias: name for alias, name in owners.items() if name in missing}, screenplay)
        for name in missing:
            male, female = votes.get(name, (0, 0))
            out[name] = "male" if male > female + 1 else "female" if female > male + 1 else ""
    by_name = {person.name: person for person in ordered}
    for found in met:
        if found.name in out and not out[found.name]:
            low = found.before.split()
            if low and low[-1].strip(",") in words.kin_male | words.male:
                out[found.name] = "male"
            elif low and low[-1].strip(",") in words.kin_female | words.female:
                out[found.name] = "female"
    for name, person in by_name.items():
        if person.kind == "group":
            out[name] = "unknown"
        if person.version_of and out.get(person.version_of):
            out[name] = out[person.version_of]
    return {name: guess or "unknown" for name, guess in out.items()}


def _by_first_name(first: str) -> str:
    if first in people().first_names_male:
        return "male"
    return "female" if first in people().first_names_female else ""


_HE = re.compile(r"\b(?:he|his|him|himself)\b", re.IGNORECASE)
_SHE = re.compile(r"\b(?:she|her|hers|herself)\b", re.IGNORECASE)


def _pronoun_votes(owners: dict[str, str], screenplay: Screenplay) -> dict[str, tuple[int, int]]:
    """(he, she) counted in sentences that name exactly one of the people in question, after the name."""
    votes: dict[str, list[int]] = {}
    first = {alias.split(" ")[0] for alias in owners}
    for scene in screenplay.scenes:
        for unit in scene.units:
            if unit.kind != "action":
                continue
            text = plain(unit.text).lower()
            if first.isdisjoint(_WORD.findall(text)):
                continue
            hits = {name: text.find(alias) for alias, name in owners.items() if alias in text}
            if len(hits) == 1:
                name, at = next(iter(hits.items()))
                pair = votes.setdefault(name, [0, 0])
                pair[0] += len(_HE.findall(text, at))
                pair[1] += len(_SHE.findall(text, at))
    return {name: (pair[0], pair[1]) for name, pair in votes.items()}
