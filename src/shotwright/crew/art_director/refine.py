"""The Art Director's questions to a language model: doubtful castings of the film, and each scene's props meeting."""

from __future__ import annotations

from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel

from shotwright.craft.answers import Refused, phrase
from shotwright.crew.art_director.doubts import ask_casting
from shotwright.crew.art_director.implied import fits_story, not_a_thing, shortlist
from shotwright.crew.art_director.offers import ELSEWHERE, LETTERS, Meeting, body_of, meet, offered_as
from shotwright.crew.art_director.requests import LISTS
from shotwright.model.crew import DressedScene, ShotAssets, WantedAsset
from shotwright.model.ids import EntityId, entity_id, slug
from shotwright.model.question import Question, Taken
from shotwright.model.shot import Provenance, Wanted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.asset import Asset
    from shotwright.model.crew import Casting, DirectedScene, Pin, Revision
    from shotwright.model.language import Refinement
    from shotwright.model.story import SceneBrief, Thing
    from shotwright.model.vocabulary import AssetKind

__all__ = ["ask", "ask_casting", "shortlist"]

SCENE_MOST = 4
"""Things that a model may add to one scene."""
SHOT_MOST = 2
NEEDS_MOST = 3
IMPLIED = "implied by the scene"
_PREFIX: dict[str, str] = {"object": "obj", "vehicle": "veh", "background": "bg"}
_PLAIN_WHY = "the place would have it"


class Addition(BaseModel):
    """A thing of the library, and the shots that show it."""

    item: str
    shots: list[int]
    why: str = ""


class NeedOf(BaseModel):
    """A thing that the library lacks."""

    name: str
    kind: Literal["object", "vehicle", "background"]
    shots: list[int]
    why: str = ""


class Which(BaseModel):
    """What a doubtful mention means."""

    n: int
    pick: str
    why: str = ""


class Dressing(BaseModel):
    """A props meeting's answer."""

    add: list[Addition] = []
    need: list[NeedOf] = []


class DressingAndMentions(Dressing):
    """With the mentions that were in doubt."""

    which: list[Which] = []


@cache
def instructions() -> str:
    """The scene's prompt."""
    return files(__package__).joinpath("prompt.md").read_text("utf-8").strip()


def ask(
    brief: SceneBrief,
    directed: DirectedScene,
    draft: DressedScene,
    casting: Sequence[Casting],
    assets: Sequence[Asset],
    pins: Sequence[Pin] = (),
    revisions: Sequence[Revision] = (),
    film: str = "",
) -> Question[DressedScene] | None:
    """What a scene's props meeting decides: which implied things its shots show, and what doubtful mentions mean.

    `assets` are the library's that the scene's casting uses, then its `shortlist`. None where nothing is to decide: no
    library and nothing in doubt, every shot pinned.
    """
    meeting = meet(brief, directed, draft, casting, assets, pins, revisions)
    if meeting.empty:
        return None
    keys = (
        *(("items",) if meeting.offers else ()),
        *(("needs",) if meeting.needs else ()),
        *(f"mention {n}" for n in range(1, len(meeting.mentions) + 1)),
    )
    which = [Which(n=n, pick="a") for n in range(1, len(meeting.mentions) + 1)]
    return Question(
        agent="art_director",
        task="art_director.dressing",
        scene=brief.scene.scene_id,
        instructions=instructions(),
        film=film,
        body=body_of(meeting),
        answer=DressingAndMentions if which else Dressing,
        drafted=DressingAndMentions(which=which) if which else Dressing(),
        keys=keys,
        take=partial(_take, meeting),
        mark=partial(_mark, meeting),
        likely_tokens=120,
    )


def _take(
    meeting: Meeting, standing: DressedScene, answer: Any, opened: frozenset[str], mind: str
) -> Taken[DressedScene]:
    """Additions, needs and picks laid over what stands; see Question.take."""
    table = _Table(meeting, standing, mind)
    refused: dict[str, str] = {}
    changed: set[str] = set()
    for key, entries, put in (
        ("items", getattr(answer, "add", []), table.put_item),
        ("needs", getattr(answer, "need", [])[:NEEDS_MOST], table.put_need),
    ):
        if key not in opened:
            continue
        faults: list[str] = []
        good = False
        seen: set[str] = set()
        for entry in entries:
            name = (entry.item if isinstance(entry, Addition) else entry.name).strip(" .)(").casefold()
            if name in seen:
                continue
            seen.add(name)
            outcome = put(name, entry)
            if isinstance(outcome, str):
                faults.append(outcome)
            else:
                good = True
                if outcome:
                    changed.add(key)
        if faults and not good:
            refused[key] = faults[0]
    _take_mentions(meeting, table, answer, opened, refused, changed)
    return Taken(table.close(), refused, frozenset(changed))


def _take_mentions(
    meeting: Meeting, table: _Table, answer: Any, opened: frozenset[str], refused: dict[str, str], changed: set[str]
) -> None:
    picks: dict[int, Which] = {}
    for entry in getattr(answer, "which", []):
        picks.setdefault(entry.n, entry)
    for n, mention in enumerate(meeting.mentions, 1):
        key = f"mention {n}"
        if key not in opened:
            continue
        entry = picks.get(n)
        letters = LETTERS[: len(mention.things)]
        pick = entry.pick.strip(" .)(").casefold() if entry is not None else ""
        if entry is None or len(pick) != 1 or pick not in letters:
            refused[key] = f"pick one of the letters {', '.join(letters)} for {key.replace('mention', 'which')}"
            continue
        if table.mean(mention.shots, mention.things, mention.things[letters.index(pick)], entry.why):
            changed.add(key)


class _Table:
    """The scene's shots while things are put into them, lists and bindings together."""

    def __init__(self, meeting: Meeting, standing: DressedScene, mind: str) -> None:
        self._meeting = meeting
        self._standing = standing
        self._mind = mind
        self._shots: dict[str, ShotAssets] = {shot.shot_id: shot for shot in standing.shots}
        self._wanted: dict[str, WantedAsset] = {need.proposed_key: need for need in standing.wanted}
        self._script = tuple(unit.text for unit in meeting.brief.scene.units)
        self._dropped: set[str] = set()
        self._people = {
            word.casefold() for m in meeting.brief.cast for word in (*m.character.name.split(), m.character.name)
        }
        ours = {
            offer.entity for offer in meeting.offers.values() if not offer.told.endswith(ELSEWHERE)
        } | meeting.earlier
        ours.update(need.entity for need in standing.wanted if need.why.startswith(IMPLIED))
        self._added: dict[str, set[str]] = {}
        for shot in standing.shots:
            for entity in shot.assets.bindings:
                if entity in ours:
                    self._added.setdefault(entity, set()).add(shot.shot_id)

    def put_item(self, name: str, entry: Addition) -> bool | str:
        """Whether a thing of the library was added anywhere, or why it cannot be."""
        offer = self._meeting.offers.get(name) or next(
            (o for o in self._meeting.offers.values() if o.name.casefold() == name), None
        )
        if offer is None:
            return f"“{name[:20]}” is no letter of the library"
        return self._put(offer.entity, offer.key, offer.kind, offer.name, entry)

    def put_need(self, name: str, entry: NeedOf) -> bool | str:
        """Whether a thing that the library lacks was added anywhere, or why it cannot be."""
        name = " ".join(name.split())
        for article in ("a ", "an ", "the ", "some "):
            name = name.removeprefix(article)
        usual = next((thing for thing in self._meeting.usual if thing.name == name), None)
        if usual is None and (fault := not_a_thing(name) or self._not_new(name)):
            return fault
        offer = offered_as(name, self._meeting)
        if offer is not None:
            return self._put(offer.entity, offer.key, offer.kind, offer.name, entry)
        if fault := fits_story(name, self._meeting.brief):
            return f"{name}: {fault}"
        kind: AssetKind = usual.kind if usual is not None else entry.kind
        entity = entity_id("prop" if kind == "object" else kind, name)
        key = f"{_PREFIX[kind]}_{slug(name)}_v01"
        known = self._wanted.get(key)
        if known is not None and known.entity != entity:
            return False
        return self._put(entity, Wanted(wanted=key), kind, name, entry)

    def _not_new(self, name: str) -> str:
        if name in self._people or any(word in self._people for word in name.split()):
            return f"“{name}” is somebody of the scene, and no thing to be fetched"
        return ""

    def _put(
        self, entity: EntityId | str, key: str | Wanted, kind: AssetKind, name: str, entry: Addition | NeedOf
    ) -> bool | str:
        numbers = [n for n in dict.fromkeys(entry.shots) if n in self._meeting.shots]
        if not numbers:
            return f"{name}: shots must be numbers of the list ({', '.join(map(str, list(self._meeting.shots)[:12]))})"
        if entity not in self._added and len(self._added) >= SCENE_MOST:
            return False
        why = self._words(entry.why)
        done = False
        for n in numbers:
            shot = self._shots[self._meeting.shots[n].shot_id]
            mine = sum(shot.shot_id in shots for shots in self._added.values())
            if entity in shot.assets.bindings or mine >= SHOT_MOST:
                continue
            if not self._meeting.has_room(n):
                continue
            update: dict[str, Any] = {"bindings": {**shot.assets.bindings, entity: key}}
            if isinstance(key, str):
                listed = LISTS[kind]
                update[listed] = (*getattr(shot.assets, listed), key)
            elif key.wanted not in self._wanted:
                self._wanted[key.wanted] = WantedAsset(
                    entity=EntityId(entity), kind=kind, proposed_key=key.wanted, name=name, why=f"{IMPLIED}: {why}"
                )
            self._set(shot, update, f"{name} added: {why}", key if isinstance(key, str) else "")
            self._added.setdefault(str(entity), set()).add(shot.shot_id)
            done = True
        return done

    def mean(self, shots: Sequence[str], things: Sequence[Thing], thing: Thing, why: str) -> bool:
        """Bind the thing that a mention means in place of the one that stands; whether anything changed."""
        cast = {
            entity: value for shot in self._standing.shots for entity, value in shot.assets.bindings.items()
        }  # fmt: skip
        if thing.id not in cast:
            return False
        done = False
        for shot_id in shots:
            shot = self._shots[shot_id]
            held = next((t for t in things if t.id in shot.assets.bindings), None)
            if held is None or held.id == thing.id:
                continue
            bindings = dict(shot.assets.bindings)
            before, value = bindings.pop(held.id), cast[thing.id]
            bindings[thing.id] = value
            update: dict[str, Any] = {"bindings": bindings}
            for name in LISTS.values():
                keys = getattr(shot.assets, name)
                if isinstance(before, str) and before in keys and before not in bindings.values():
                    update[name] = tuple(key for key in keys if key != before)
            if isinstance(value, str):
                name = next(
                    name for s in self._standing.shots for name in LISTS.values() if value in getattr(s.assets, name)
                )
                update[name] = tuple(dict.fromkeys((*update.get(name, getattr(shot.assets, name)), value)))
            if isinstance(before, Wanted):
                self._dropped.add(before.wanted)
            self._set(shot, update, f"{thing.name} is meant, not {held.name}: {self._words(why)}", "")
            done = True
        return done

    def _set(self, shot: ShotAssets, update: dict[str, Any], because: str, evidence: str) -> None:
        was = shot.provenance
        self._shots[shot.shot_id] = shot.model_copy(
            update={
                "assets": shot.assets.model_copy(update=update),
                "provenance": Provenance(
                    by="art_director",
                    mind=self._mind,
                    because=f"{because}; {was.because}" if was.because else because,
                    evidence=(*was.evidence, evidence) if evidence else was.evidence,
                    pinned=was.pinned,
                ),
            }
        )

    def _words(self, why: str) -> str:
        """The model's reason in clean words, or plain ones where there is none that can stand in a shot."""
        try:
            words = phrase(why, most=90, apart_from=(*self._script, instructions()))
        except Refused:
            return _PLAIN_WHY
        return _PLAIN_WHY if words.casefold() in instructions().casefold() else words

    def close(self) -> DressedScene:
        """The scene as it stands now; what nothing is bound to any more is no longer wanted."""
        shots = tuple(self._shots[shot.shot_id] for shot in self._standing.shots)
        bound = {v.wanted for s in shots for v in s.assets.bindings.values() if isinstance(v, Wanted)}
        wanted = tuple(
            n for n in self._wanted.values() if n.proposed_key in bound or n.proposed_key not in self._dropped
        )
        return self._standing.model_copy(update={"shots": shots, "wanted": wanted})


def _mark(meeting: Meeting, dressed: DressedScene, record: Refinement) -> DressedScene:
    """Say in the open shots' provenance which parts fell back, and what is pending."""
    if not record.fallen and not record.pending:
        return dressed
    opened: set[str] = {shot.shot_id for shot in meeting.shots.values()}
    shots = []
    for shot in dressed.shots:
        notes = [
            f"{record.mind}'s answer was refused: {why}"
            for key, why in record.fallen.items()
            if _concerns(meeting, key, shot)
        ]
        if record.pending:
            notes.append(f"not refined yet: {record.pending}")
        if shot.shot_id in opened and notes:
            because = "; ".join((*filter(None, (shot.provenance.because,)), *dict.fromkeys(notes)))
            shot = shot.model_copy(update={"provenance": shot.provenance.model_copy(update={"because": because})})
        shots.append(shot)
    return dressed.model_copy(update={"shots": tuple(shots)})


def _concerns(meeting: Meeting, key: str, shot: ShotAssets) -> bool:
    for n, mention in enumerate(meeting.mentions, 1):
        if key == f"mention {n}":
            return shot.shot_id in mention.shots
    return True
