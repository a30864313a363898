"""What a person, or the Continuity Supervisor, asks of one shot's assets, and the shot's assets as asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shotwright.crew.art_director.matching import FOUND, Need, Shelf, find, tokens
from shotwright.crew.art_director.sightings import garment_head
from shotwright.crew.art_director.wardrobe import bare_garment, garment_entity
from shotwright.model.ids import EntityId, entity_id, slug
from shotwright.model.shot import DigitalAssets, Wanted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.model.asset import Asset
    from shotwright.model.crew import Revision
    from shotwright.model.vocabulary import AssetKind

_ARTICLE = r"(?:the |a |an |his |her |their |some )?"
_THING = r"([\w'’-]+(?: [\w'’-]+){0,4}?)"
_END = r"(?= here| there| in this| instead| again| please| over | under |[.,;!?]| and |$)"
_CLAUSES = re.compile(
    r"[.;!?\n]+|,? and (?=(?:add|remove|no |lose|wears?|puts? on|takes? off)\b)|, (?=(?:add|remove|no )\b)"
)
_WEARS = re.compile(rf"\b(?:wears?|wearing|puts? on|in|dress (?:him|her|them) in)\s+{_ARTICLE}{_THING}{_END}")
_SURE = re.compile(r"\b(?:wears?|wearing|puts? on|dress)\b")
_OFF = re.compile(
    rf"\b(?:takes? off|without|not wearing|no|remove|lose|drop|take out|delete)\s+{_ARTICLE}{_THING}{_END}"
)
_ADD = re.compile(rf"\b(?:add|put in|there is|there are|include|bring back|with)\s+{_ARTICLE}{_THING}{_END}")
LISTS: dict[AssetKind, str] = {
    "character": "characters", "animal": "animals", "location": "locations", "object": "objects", "vehicle": "vehicles",
    "clothes": "clothes", "background": "background", "makeup_hair": "makeup_hair", "effect": "effects",
}  # fmt: skip
ADDED: tuple[AssetKind, ...] = ("object", "vehicle", "animal", "effect", "background")
_ENTITY_KINDS: dict[AssetKind, str] = {"object": "prop"}


class Request:
    """One shot's assets while they are changed: bindings and lists together, so that they never disagree."""

    def __init__(self, assets: DigitalAssets, library: Sequence[Asset], names: Mapping[str, str]) -> None:
        self.lists = {name: list(getattr(assets, name)) for name in LISTS.values()}
        self.bindings: dict[str, str | Wanted] = dict(assets.bindings)
        self.library = library
        self.names = names
        self.done: list[str] = []

    def assets(self) -> DigitalAssets:
        return DigitalAssets.model_validate(
            {**{name: tuple(dict.fromkeys(keys)) for name, keys in self.lists.items()}, "bindings": self.bindings}
        )

    def heed(self, feedback: str) -> None:
        """Do what a person's words ask; words that ask for nothing known change nothing."""
        for clause in _CLAUSES.split(feedback.casefold()):
            worn, off, added = _WEARS.search(clause), _OFF.search(clause), _ADD.search(clause)
            if worn is not None and (_SURE.search(clause) or garment_head(tokens(worn[1])[-1])):
                self._put_on(worn[1], clause)
            elif off is not None:
                self._take_away(off[1], clause)
            elif added is not None:
                self._add(added[1], clause)

    def like(self, other: DigitalAssets, field: str) -> None:
        """Wear and be what the neighbour that was flagged with this shot has, for everybody who is in both."""
        for entity, key in other.bindings.items():
            kind = entity.partition("/")[0]
            if kind in ("clothes", "makeup_hair") and field in ("clothes", "makeup_hair"):
                person = "character/" + entity.partition("/")[2].partition(".")[0]
                if kind == field and person in self.bindings and self.bindings.get(entity) != key:
                    self._bind(entity, key, kind)
            elif field == f"bindings.{entity}" and entity in self.bindings:
                held = self._list_of(self.bindings[entity])
                self._bind(entity, key, held)

    def _bind(self, entity: str, key: str | Wanted, listed: str) -> None:
        before = self.bindings.get(entity)
        if isinstance(before, str) and before in self.lists.get(listed, ()):
            self.lists[listed].remove(before)
        self.bindings[entity] = key
        if isinstance(key, str) and listed:
            self.lists[listed].append(key)
        self.done.append(f"{entity} as in the shot that it was held against")

    def _list_of(self, key: str | Wanted) -> str:
        return next((name for name, keys in self.lists.items() if key in keys), "")

    def _who(self, clause: str) -> str:
        """Whom a sentence about clothes means: whoever it names, else whoever the shot is of."""
        people = [entity for entity in self.bindings if entity.startswith("character/")]
        words = set(tokens(clause))
        named = [p for p in people if words & set(tokens(self.names.get(p, p.partition("/")[2].replace("_", " "))))]
        return (named or people or [""])[0]

    def _put_on(self, garment: str, clause: str) -> None:
        who = self._who(clause)
        if not who:
            return
        name = self.names.get(who, who.partition("/")[2].replace("_", " "))
        worn = [a for a in self.library if a.kind == "clothes"]
        match = find(Need("clothes", (garment,), owner=(name,)), Shelf(worn))
        key: str | Wanted = Wanted(wanted=f"cloth_{slug(f'{name} {garment}')}_v01")
        if match.asset is not None and match.score >= FOUND:
            key = match.asset.key
        head = garment_head(tokens(garment)[-1]) or tokens(garment)[-1]
        prefix = f"clothes/{who.partition('/')[2]}."
        for entity in [e for e in self.bindings if e.startswith(prefix)]:
            old = entity.removeprefix(prefix).replace("_", " ")
            old_head = garment_head(tokens(old)[-1]) or tokens(old)[-1]
            over = bool(_OUTER & {head, *tokens(garment)}) and bool(_OUTER & {old_head, *tokens(old)})
            if old_head in (head, "costume") or over:
                self._unbind(entity)
        entity = garment_entity(who, bare_garment(garment))
        self.bindings[entity] = key
        if isinstance(key, str):
            self.lists["clothes"].append(key)
        self.done.append(clause.strip())

    def _take_away(self, name: str, clause: str) -> None:
        wanted = set(tokens(name))
        found = [
            entity
            for entity, key in self.bindings.items()
            if not entity.startswith(("character/", "location/"))
            and (
                wanted <= set(tokens(entity.partition("/")[2].replace("_", " ").replace(".", " ")))
                or (isinstance(key, str) and wanted <= set(tokens(key.replace("_", " "))))
            )
        ]
        for entity in found:
            self._unbind(entity)
        if found:
            self.done.append(clause.strip())

    def _unbind(self, entity: str) -> None:
        key = self.bindings.pop(entity)
        if isinstance(key, str) and key not in self.bindings.values():
            for keys in self.lists.values():
                if key in keys:
                    keys.remove(key)

    def _add(self, name: str, clause: str) -> None:
        shelf = Shelf([a for a in self.library if a.kind in ADDED])
        match = find(Need("object", (name,)), shelf, ADDED)
        kind: AssetKind = match.asset.kind if match.asset is not None else "object"
        entity = entity_id(_ENTITY_KINDS.get(kind, kind), name)
        key: str | Wanted = match.asset.key if match.asset is not None else Wanted(wanted=f"obj_{slug(name)}_v01")
        self.bindings[EntityId(entity)] = key
        if isinstance(key, str):
            self.lists[LISTS[kind]].append(key)
        self.done.append(clause.strip())


_OUTER = frozenset(("coat", "jacket", "mackintosh", "cape", "cloak", "robe", "anorak", "parka"))


def answer(
    assets: DigitalAssets,
    revisions: Sequence[Revision],
    library: Sequence[Asset],
    names: Mapping[str, str],
    others: Mapping[str, DigitalAssets],
) -> tuple[DigitalAssets, str]:
    """One shot's assets with every revision met, a person's words last, and what was done in words.

    `others` holds the scene's dressed shots by id, for what the Supervisor found at odds between two of them.
    """
    request = Request(assets, library, names)
    for revision in sorted(revisions, key=lambda r: r.code == "PERSON"):
        if revision.code == "PERSON":
            request.heed(revision.feedback)
        elif revision.code == "CWARD" and (other := others.get(revision.other_shot_id or "")) is not None:
            request.like(other, revision.field.removeprefix("digital_assets."))
    return (request.assets() if request.done else assets), "; ".join(request.done)
