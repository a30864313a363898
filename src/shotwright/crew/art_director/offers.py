"""What one scene's props meeting has before it: the shots, the library's offers, needs, doubtful mentions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from shotwright.crew.art_director.implied import (
    DRESSING,
    SHORTLIST,
    Furnishing,
    acts_in,
    entity_of,
    fits_story,
    is_said,
    signs_of,
    usual_things,
)
from shotwright.crew.art_director.matching import FOUND, Need, Shelf, find, tokens
from shotwright.crew.art_director.mentions import Mention, find_mentions
from shotwright.crew.art_director.needs import same_thing
from shotwright.model.asset import Asset
from shotwright.model.ids import kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.crew import Casting, DirectedScene, DirectedShot, DressedScene, Pin, Revision
    from shotwright.model.shot import Wanted
    from shotwright.model.story import SceneBrief
    from shotwright.model.vocabulary import AssetKind

_SHOT_WORDS = 18
_TOLD_WORDS = 9
_PLACE_WORDS = 22
_YEAR = re.compile(r"\b(?:1[0-9]|20)[0-9]{2}\b")
_TAGS = re.compile(r"</?\s*script\s*>", re.IGNORECASE)
ELSEWHERE = ", as in other shots"
LETTERS = "abcdefghijkl"
DRESSED = ("prop", "vehicle", "animal", "background")
"""Kinds of story id that dressing is bound under."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A thing that shots may show: of the library, or dressed in other shots of the scene."""

    name: str
    aliases: tuple[str, ...]
    kind: AssetKind
    entity: str
    key: str | Wanted
    told: str
    """Its line in the question."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """One scene's question in the making: what is offered, for which shots, by the numbers that the answer uses."""

    brief: SceneBrief
    shots: dict[int, DirectedShot]
    """The shots that may be changed, by their number in the scene."""
    offers: dict[str, Offer]
    """By letter."""
    earlier: frozenset[str]
    """Story ids of what a model added to the draft before."""
    usual: tuple[Furnishing, ...]
    needs: bool
    """Needs that the library lacks are asked for."""
    mentions: tuple[Mention, ...]
    revisions: tuple[Revision, ...]
    stands: str
    """What the library says of the place, where it holds it."""
    there: dict[str, tuple[str, ...]]
    """Name of what the draft dresses the scene with -> ids of the shots that show it."""

    @property
    def empty(self) -> bool:
        """Nothing is there to decide."""
        return not (self.offers or self.needs or self.mentions)

    def has_room(self, n: int) -> bool:
        """The frame is of the scene's own place, and of more than one thing."""
        intent = self.shots[n].intent
        return intent.place == self.brief.scene.location and intent.focus != "thing"

    def number(self, shot_id: str) -> int:
        """The number of an open shot."""
        return next(n for n, shot in self.shots.items() if shot.shot_id == shot_id)


def meet(
    brief: SceneBrief,
    directed: DirectedScene,
    draft: DressedScene,
    casting: Sequence[Casting],
    assets: Sequence[Asset],
    pins: Sequence[Pin],
    revisions: Sequence[Revision],
) -> Meeting:
    """Gather what there is to decide about a scene. Pinned shots are not open; with revisions only theirs are, and of
    those none that the rules have met already.

    Without a library there are no offers, and needs are asked for only where somebody asked for more.
    """
    met = {shot.shot_id for shot in draft.shots if shot.provenance.mind == "person"}
    asked = tuple(r for r in revisions if r.agent == "art_director" and r.shot_id not in met)
    named = {revision.shot_id for revision in asked}
    pinned = {pin.shot_id for pin in pins if pin.field.partition(".")[0] == "digital_assets"}
    shots = {
        n: shot
        for n, shot in enumerate(directed.shots, 1)
        if shot.shot_id not in pinned and (not revisions or shot.shot_id in named)
    }
    opened: set[str] = {shot.shot_id for shot in shots.values()}
    offers = _offers(brief, draft, casting, assets)
    if asked:
        offers = (*_elsewhere(brief, draft, opened, assets), *offers)[:SHORTLIST]
    by_key = {asset.key: asset for asset in assets}
    bound = {v for shot in draft.shots for v in shot.assets.bindings.values() if isinstance(v, str)}
    sets = [a for key, a in by_key.items() if key in bound and a.kind == "location" and is_place(a, brief, draft)]
    stands = sets[0].description if sets else ""
    lacking = _lacking(brief, draft, offers, sets if not asked else []) if assets or asked else ()
    return Meeting(
        brief=brief,
        shots=shots,
        offers=dict(zip(LETTERS, offers, strict=False)) if shots else {},
        earlier=_earlier(draft, casting, assets),
        usual=lacking,
        needs=bool(shots) and bool(lacking or asked),
        stands=stands,
        mentions=tuple(find_mentions(brief, directed, draft, opened)),
        revisions=asked,
        there=_there(brief, draft),
    )


def _offers(
    brief: SceneBrief, draft: DressedScene, casting: Sequence[Casting], assets: Sequence[Asset]
) -> tuple[Offer, ...]:
    """Assets of the library that the draft uses nowhere, in the order in which they came."""
    used = {entry.key for entry in casting if entry.key}
    bound = {entity for shot in draft.shots for entity in shot.assets.bindings}
    used.update(v for shot in draft.shots for v in shot.assets.bindings.values() if isinstance(v, str))
    found: dict[str, Offer] = {}
    for asset in assets:
        entity = entity_of(asset)
        if asset.kind not in DRESSING or asset.key in used or entity in bound or fits_story(asset.name, brief):
            continue
        if "hero" in asset.tags and not signs_of(asset.name, asset.aliases, brief):
            continue
        found.setdefault(entity, _offer(asset, entity))
    return tuple(found.values())[:SHORTLIST]


def _offer(asset: Asset, entity: str) -> Offer:
    return Offer(asset.name, asset.aliases, asset.kind, entity, asset.key, told(asset))


def _elsewhere(brief: SceneBrief, draft: DressedScene, opened: set[str], assets: Sequence[Asset]) -> list[Offer]:
    """What other shots of the scene are dressed with and one of those that somebody asked about is not."""
    names: dict[str, str] = {thing.id: thing.name for thing in brief.things}
    by_key = {asset.key: asset for asset in assets}
    kinds: dict[str, AssetKind] = {need.entity: need.kind for need in draft.wanted}
    found: dict[str, Offer] = {}
    for shot in draft.shots:
        for entity, value in shot.assets.bindings.items():
            asset = by_key.get(value) if isinstance(value, str) else None
            kind = asset.kind if asset is not None else kinds.get(entity)
            if kind not in DRESSING or kind is None:
                continue
            name = names.get(entity) or entity.partition("/")[2].replace("_", " ")
            found.setdefault(entity, Offer(name, (), kind, entity, value, f"{plain(name)}{ELSEWHERE}"))
    missing = [shot.assets.bindings for shot in draft.shots if shot.shot_id in opened]
    return [offer for entity, offer in found.items() if any(entity not in bindings for bindings in missing)]


def _earlier(draft: DressedScene, casting: Sequence[Casting], assets: Sequence[Asset]) -> frozenset[str]:
    cast = {entry.key for entry in casting if entry.key}
    ours = {entity_of(asset): asset.key for asset in assets if asset.kind in DRESSING and asset.key not in cast}
    return frozenset(
        entity for shot in draft.shots for entity, value in shot.assets.bindings.items() if ours.get(entity) == value
    )


def is_place(asset: Asset, brief: SceneBrief, draft: DressedScene) -> bool:
    """The asset is what the draft has for the scene's own place."""
    return any(shot.assets.bindings.get(brief.scene.location) == asset.key for shot in draft.shots)


def _lacking(
    brief: SceneBrief, draft: DressedScene, offers: Sequence[Offer], sets: Sequence[Asset]
) -> tuple[Furnishing, ...]:
    """What the action or the place can hardly do without and neither the draft nor the offers hold.

    A set of the library stands as it was built, and its pictures hold its furniture: then only what the action calls
    for is lacking.
    """
    heads = {tokens(same_thing(offer.name))[-1] for offer in offers}
    heads.update(word for asset in sets for word in tokens(asset.description))
    for shot in draft.shots:
        heads.update(_named(entity)[-1] for entity in shot.assets.bindings if kind_of(entity) in DRESSED)
    busy = {note.unit for note in brief.scene.actions if note.things}
    busy.update(unit for offer in offers for unit in signs_of(offer.name, offer.aliases, brief))
    held = heads | {word for offer in offers for word in tokens(offer.name)}
    tools = [
        Furnishing(found[0], "object")
        for unit, found in acts_in(brief).items()
        if unit not in busy
        and not any(tokens(same_thing(tool))[-1] in held for tool in found)
        and not fits_story(found[0], brief)
    ]
    usual = [
        thing
        for thing in usual_things(brief)
        if tokens(same_thing(thing.name))[-1] not in heads and (not sets or is_said(thing.name, brief))
    ]
    return tuple(dict.fromkeys((*tools[:3], *usual)))


def _named(entity: str) -> tuple[str, ...]:
    return tokens(same_thing(entity.partition("/")[2].replace("_", " ").replace(".", " ")))


def _there(brief: SceneBrief, draft: DressedScene) -> dict[str, tuple[str, ...]]:
    names: dict[str, str] = {thing.id: thing.name for thing in brief.things}
    found: dict[str, list[str]] = {}
    for shot in draft.shots:
        for entity in shot.assets.bindings:
            if kind_of(entity) in DRESSED:
                name = names.get(entity) or entity.partition("/")[2].replace("_", " ")
                found.setdefault(plain(name), []).append(shot.shot_id)
    return {name: tuple(shots) for name, shots in found.items()}


def plain(text: str) -> str:
    """Text of a script or a library on one line, without the tags that fence the script."""
    return " ".join(_TAGS.sub(" ", text).split())


def _cut(text: str, most: int) -> str:
    words = plain(text).split()
    return " ".join(words[:most]) + (" …" if len(words) > most else "")


def body_of(meeting: Meeting) -> str:
    """The question's text: place, shots, what is dressed, what is offered. A small part of the scene's own brief."""
    scene = meeting.brief.scene
    place = plain(meeting.brief.place.name)
    when = ", in the past" if scene.flashback else ", a dream" if scene.dream else ""
    year = _YEAR.search(" ".join((scene.slugline.raw, *scene.slugline.tails)))
    hour = scene.time_of_day.replace("_", " ")
    lines = [f"{scene.slugline.int_ext} {place}, {hour}{when}{', ' + year[0] if year else ''}".strip()]
    if meeting.stands:
        lines.append(f"The set: {_cut(meeting.stands, _PLACE_WORDS)}")
    lines.append("<script>")
    lines.extend(_shot_lines(meeting))
    lines.append("</script>")
    if meeting.there:
        lines.append("Dressed already: " + "; ".join(_there_words(meeting)))
    if meeting.offers:
        lines.append("Library:")
        lines.extend(
            f"{letter} {offer.told}{_signed(offer.name, offer.aliases, meeting)}"
            for letter, offer in meeting.offers.items()
        )
    if meeting.needs:
        usual = ", ".join(thing.name + _signed(thing.name, (), meeting) for thing in meeting.usual)
        lines.append("Not in the library" + (f", usual here: {usual}" if usual else ": whatever you need"))
    for n, mention in enumerate(meeting.mentions, 1):
        which = ", ".join(f"{LETTERS[at]} {plain(thing.name)}" for at, thing in enumerate(mention.things))
        shots = ranges([meeting.number(shot) for shot in mention.shots])
        lines.append(f"which {n} (shot {shots}): <script>{plain(mention.words)}</script> is {which}?")
    for revision in meeting.revisions:
        if any(shot.shot_id == revision.shot_id for shot in meeting.shots.values()):
            lines.append(f"Asked of shot {meeting.number(revision.shot_id)}: {_cut(revision.feedback, 40)}")
    return "\n".join(lines)


def _signed(name: str, aliases: Sequence[str], meeting: Meeting) -> str:
    """The numbers of the shots whose action speaks for it."""
    units = set(signs_of(name, aliases, meeting.brief))
    shots = [n for n, shot in meeting.shots.items() if units & set(shot.units)]
    return f" [script: {ranges(shots)}]" if shots else ""


def _shot_lines(meeting: Meeting) -> list[str]:
    brief = meeting.brief
    names = short_names(brief)
    names.update({thing.id: thing.name for thing in brief.things})
    units = {unit.id: unit for unit in brief.scene.units}
    found: list[tuple[int, dict[str, None], str, str]] = []
    before: tuple[str, ...] = ()
    for n, shot in meeting.shots.items():
        who = [plain(names[e]) for e in (shot.intent.on or shot.intent.present)[:3] if e in names]
        where = shot.intent.place if shot.intent.place != brief.scene.location else ""
        action = tuple(units[u].text for u in shot.units if u in units and units[u].kind == "action")
        fresh = " ".join(action) if action != before else ""
        before = action or before
        if shot.intent.focus == "thing":
            found.append((n, {f"close on {', '.join(who) or 'a thing'}": None}, where, fresh or "goes on"))
        elif fresh or not found or not shot.dialogue or found[-1][2:] != (where, ""):
            everyone = {} if shot.intent.focus == "place" else dict.fromkeys(who)
            found.append((n, everyone, where, fresh if fresh or shot.dialogue else "goes on"))
        else:
            found[-1][1].update(dict.fromkeys(who))
    ends = [n - 1 for n, *_ in found[1:]] + [max(meeting.shots, default=0)]
    lines: list[str] = []
    for (n, everyone, where, text), end in zip(found, ends, strict=True):
        run = [shot for shot in meeting.shots if n <= shot <= end]
        about = ", ".join(everyone) or "the place"
        if where:
            about += f", in {plain(where.partition('/')[2].replace('_', ' ').replace('.', ', '))}"
        lines.append(f"{ranges(run)} {about}: {_cut(text, _SHOT_WORDS) or 'talk'}")
    return lines


def short_names(brief: SceneBrief) -> dict[str, str]:
    """Everybody of the scene by a first name where its action calls them so and nobody shares it, else in full."""
    text = " ".join(unit.text for unit in brief.scene.units if unit.kind == "action")
    parts = {member.character.id: (*member.character.name.split(), "", "")[:2] for member in brief.cast}
    firsts = [first for first, _ in parts.values()]
    return {
        member.character.id: first
        if first and firsts.count(first) == 1 and re.search(rf"\b{re.escape(first)}\b(?!\s+{re.escape(second)})", text)
        else member.character.name
        for member, (first, second) in zip(brief.cast, parts.values(), strict=True)
    }


def _there_words(meeting: Meeting) -> list[str]:
    numbers: dict[str, int] = {shot.shot_id: n for n, shot in meeting.shots.items()}
    words: list[str] = []
    for name, shots in meeting.there.items():
        seen = [numbers[shot] for shot in shots if shot in numbers]
        if seen:
            words.append(f"{name} {ranges(seen)}")
    return words or ["nothing in these shots"]


def told(asset: Asset) -> str:
    """An asset in a few words: its name, what it is when no object, what distinguishes it."""
    name = plain(asset.name)
    kind = "" if asset.kind == "object" else f" ({asset.kind})"
    whose = f", {plain(asset.belongs_to)}'s" if asset.belongs_to else ""
    described = _cut(asset.description or asset.prompt, _TOLD_WORDS)
    return f"{name}{kind}{whose}" + (f": {described}" if described else "")


def ranges(numbers: Sequence[int]) -> str:
    """`1-3, 5` of 1, 2, 3, 5."""
    parts: list[str] = []
    for _, run in groupby(enumerate(sorted(set(numbers))), lambda pair: pair[1] - pair[0]):
        found = [n for _, n in run]
        parts.append(str(found[0]) if len(found) == 1 else f"{found[0]}-{found[-1]}")
    return ", ".join(parts)


def offered_as(name: str, meeting: Meeting) -> Offer | None:
    """The offer that a need's words mean, so that nothing is wanted that lies there."""
    offers = {offer.entity: offer for offer in meeting.offers.values()}
    shelf = [Asset(key=offer.entity, kind=offer.kind, name=offer.name) for offer in offers.values()]
    match = find(Need("object", (name,)), Shelf(shelf), DRESSING)
    return offers[match.asset.key] if match.asset is not None and match.score >= FOUND else None
