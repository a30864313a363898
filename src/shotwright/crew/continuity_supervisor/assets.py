"""CWARD: whoever stays in one look is one asset in the same clothes, and what is in frame is listed with the shot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.crew.continuity_supervisor.footage import Footage, View
from shotwright.crew.continuity_supervisor.wardrobe import State, condition_of
from shotwright.model.ids import kind_of
from shotwright.model.shot import Wanted

if TYPE_CHECKING:
    from shotwright.model.shot import DigitalAssets

Worn = tuple[str, str, State]
"""(who, in which look, in what condition)"""
Outfit = tuple[View, frozenset[str]]
LISTS = {
    "character": "characters",
    "animal": "animals",
    "vehicle": "vehicles",
    "prop": "objects",
    "location": "locations",
}
DRESS = (("clothes", "wears"), ("makeup_hair", "is made up with"))


def inspect_assets(footage: Footage) -> None:
    """Flag things that change their asset, assets of the frame that are not listed, and clothes that change."""
    bound: dict[str, tuple[str, View]] = {}
    looks: dict[str, str] = {}
    for view in footage.views:
        if view.montage:
            continue
        for figure in view.figures:
            if figure.subject.look:
                looks[figure.entity] = figure.subject.look
        _inspect_bindings(footage, view, bound, looks)
        _inspect_listing(footage, view)
    for listed, verb in DRESS:
        _inspect_dress(footage, listed, verb)


def _inspect_bindings(footage: Footage, view: View, bound: dict[str, tuple[str, View]], looks: dict[str, str]) -> None:
    """One story entity is one asset all through the scene; of a person, in one look."""
    for entity, value in view.shot.digital_assets.bindings.items():
        if kind_of(entity) in ("clothes", "makeup_hair"):
            continue
        key = f"wanted {value.wanted}" if isinstance(value, Wanted) else value
        place = f"{entity} in {looks.get(entity, '')}"
        before = bound.setdefault(place, (key, view))
        if before[0] != key and not _swapped(footage, entity, before[1], view):
            footage.flag(
                view, "CWARD", "error", "art_director", f"digital_assets.bindings.{entity}",
                f"{footage.name(entity)} is {key} in shot {view.number} but {before[0]} in shot {before[1].number}.",
                measured=key, threshold=before[0], hint="Keep one asset for one thing.", other=before[1],
            )  # fmt: skip


def _swapped(footage: Footage, entity: str, before: View, after: View) -> bool:
    span = footage.views[before.index : after.index + 1]
    return any(v.time_cut or v.mentions(entity) for v in span)


def _inspect_listing(footage: Footage, view: View) -> None:
    """What is bound and in frame is listed, and what somebody in frame is bound to wear."""
    assets = view.shot.digital_assets
    for figure in view.figures:
        if not figure.in_frame:
            continue
        listed = LISTS.get(kind_of(figure.entity))
        asset = assets.bindings.get(figure.entity)
        # A character may be an animal or a crowd and a vehicle a set: any list of pictures will do.
        if listed is not None and isinstance(asset, str) and not any(asset in keys for keys in _lists(assets)):
            footage.flag(
                view, "CWARD", "error", "art_director", f"digital_assets.{listed}",
                f"{footage.name(figure.entity)} is in frame in shot {view.number}, but its asset {asset} is not "
                "listed.",
                measured="not listed", threshold=asset, hint="List the asset with the shot.",
            )  # fmt: skip


def _lists(assets: DigitalAssets) -> tuple[tuple[str, ...], ...]:
    return assets.characters, assets.animals, assets.objects, assets.vehicles, assets.locations, assets.background


def _inspect_dress(footage: Footage, listed: str, verb: str) -> None:
    """Whoever stays in one look and condition wears the same, each by the bindings of those in frame.

    Keys that no binding gives to anybody are held against the people in frame together.
    """
    worn: dict[Worn, list[Outfit]] = {}
    loose: dict[tuple[Worn, ...], list[Outfit]] = {}
    for view in footage.views:
        why = view.shot.provenance.get("digital_assets")
        asked = why is not None and why.mind == "person"  # a person dressed this shot: that outranks the rule
        if view.montage or asked or view.camera.framing in ("insert", "pov"):
            continue
        assets = view.shot.digital_assets
        keys = frozenset(getattr(assets, listed))
        owned: dict[str, set[str]] = {}
        given: set[str] = set()
        for entity, value in assets.bindings.items():
            kind, _, name = entity.partition("/")
            if kind == listed:
                key = value.wanted if isinstance(value, Wanted) else value
                owned.setdefault(name.partition(".")[0], set()).add(key)
                given.add(key)
                if isinstance(value, str) and key not in keys:
                    _flag_unlisted(footage, view, entity, key, listed)
        people = sorted(
            (f.entity, f.subject.look, condition_of(f.subject))
            for f in view.figures
            if f.in_frame and kind_of(f.entity) == "character"
        )
        for person in people:
            own = owned.get(person[0].partition("/")[2])
            if own is not None:
                worn.setdefault(person, []).append((view, frozenset(own)))
        if people:
            loose.setdefault(tuple(people), []).append((view, keys - given))
    for person, outfits in worn.items():
        _inspect_outfits(footage, (person,), outfits, listed, verb)
    for together, outfits in loose.items():
        _inspect_outfits(footage, together, outfits, listed, verb)


def _flag_unlisted(footage: Footage, view: View, entity: str, key: str, listed: str) -> None:
    who = "character/" + entity.partition("/")[2].partition(".")[0]
    if not view.shows(who):
        return
    footage.flag(
        view, "CWARD", "error", "art_director", f"digital_assets.{listed}",
        f"{footage.name(who)} is bound to {key} in shot {view.number}, which does not list it.",
        measured="not listed", threshold=key, hint="List what is worn with the shot.",
    )  # fmt: skip


def _inspect_outfits(footage: Footage, people: tuple[Worn, ...], outfits: list[Outfit], listed: str, verb: str) -> None:
    kept = 0
    for i in range(1, len(outfits)):
        before, after = outfits[kept], outfits[i]
        if before[1] == after[1]:
            kept = i
            continue
        span = footage.views[before[0].index : after[0].index + 1]
        if any(v.time_cut or any(v.mentions(p[0]) for p in people) for v in span):
            kept = i
            continue
        who = " and ".join(footage.name(p[0]) for p in people)
        footage.flag(
            after[0], "CWARD", "error", "art_director", f"digital_assets.{listed}",
            f"{who} {verb} {_keys(after[1])} in shot {after[0].number} but {_keys(before[1])} in shot "
            f"{before[0].number}, in the same look.",
            measured=_keys(after[1]), threshold=_keys(before[1]),
            hint="Dress the look alike in every shot.", other=before[0],
        )  # fmt: skip
        if not (i + 1 < len(outfits) and outfits[i + 1][1] == before[1]):
            kept = i


def _keys(keys: frozenset[str]) -> str:
    return ", ".join(sorted(keys)) or "nothing listed"
