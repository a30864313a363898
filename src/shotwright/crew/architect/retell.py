"""The story told again with what a reader found: overlays laid over the rules' scenes, and all that hangs on them.

What no reader touched stays as it was, so that readings which agree with the rules leave the story the same.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from shotwright.crew.architect import plot
from shotwright.crew.architect.feeling import beat_at
from shotwright.crew.architect.reading_film import FilmReading, draft_film
from shotwright.crew.architect.reading_window import SceneOverlay, draft_scene
from shotwright.crew.architect.weave import HEIGHTS, heightened, tasks_of, with_task
from shotwright.crew.architect.wording import full
from shotwright.model.ids import EntityId, SceneId, entity_id
from shotwright.model.story import Beat, Evidence, Thing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shotwright.crew.architect.reading_window import WindowReading
    from shotwright.model.crew import FilmSettings
    from shotwright.model.ids import UnitId
    from shotwright.model.story import ActionNote, Character, PlotPoint, Presence, SceneStory, SpeechNote, Story

_HERO_SCENES = 3
"""A thing that returns in so many scenes is the film's, as where the rules find it."""


def retell(story: Story, readings: Sequence[WindowReading], film: FilmReading | None, settings: FilmSettings) -> Story:
    """The story with the readings of its windows and of the film (None: the rules' own).

    Ids, places, days, looks, acts, genre and tone stay; `settings` won over the rules already and win here too.
    """
    overlays = {overlay.scene_id: overlay for reading in readings for overlay in reading.scenes}
    things, named = _with_things(story, overlays)
    scenes = [
        _laid_over(scene, overlays[scene.scene_id], named) if scene.scene_id in overlays else scene
        for scene in story.scenes
    ]
    whole = film if film is not None else draft_film(story)
    characters = _billed(story.characters, whole)
    points = _points(story, whole, scenes, characters)
    if any(point.kind == "payoff" and point not in story.plot_points for point in points):
        paid = {point.about for point in points if point.kind == "payoff"}
        things = tuple(
            t.model_copy(update={"hero": True}) if t.id in paid and t.kind == "prop" and not t.hero else t
            for t in things
        )
    _heighten(story, scenes, points)
    _set_tasks(story, scenes, points, characters, things)
    return story.model_copy(
        update={
            "genre": settings.genre or story.genre,
            "tone": settings.tone or story.tone,
            "characters": characters,
            "things": things,
            "plot_points": points,
            "scenes": tuple(scenes),
            "relations": whole.relations,
            "question": whole.question,
        }
    )


# things that the rules missed


def _with_things(
    story: Story, overlays: dict[SceneId, SceneOverlay]
) -> tuple[tuple[Thing, ...], dict[tuple[UnitId, str], EntityId]]:
    """The film's things with those that a reader named, and which thing is meant by the words in a unit."""
    known = {thing.id: thing for thing in story.things}
    found: dict[EntityId, Thing] = {}
    where: Counter[EntityId] = Counter()
    named: dict[tuple[UnitId, str], EntityId] = {}
    for scene in story.scenes:
        overlay = overlays.get(scene.scene_id)
        here: dict[EntityId, None] = {}
        for unit, words in overlay.props if overlay is not None else ():
            eid = _meant(words, scene, known)
            named[(unit, words)] = eid
            here[eid] = None
            if eid not in known and eid not in found and overlay is not None:
                found[eid] = Thing(
                    id=eid,
                    kind="prop",
                    name=words,
                    evidence=Evidence(units=(unit,), confidence=0.7, because="named, as read", mind=overlay.mind),
                )
        where.update(here.keys())
    new = tuple(
        thing.model_copy(update={"hero": True}) if where[eid] >= _HERO_SCENES else thing for eid, thing in found.items()
    )
    return story.things + new, named


def _meant(words: str, scene: SceneStory, known: dict[EntityId, Thing]) -> EntityId:
    """The thing of that name; a bare noun is the compound of it that the scene has."""
    ids = [entity_id(kind, words) for kind in ("prop", "vehicle", "animal")]
    same = next((eid for eid in ids if eid in known), None)
    if same is not None:
        return same
    ends = [eid for eid in scene.things if eid in known and known[eid].name.casefold().endswith(" " + words)]
    return ends[0] if len(ends) == 1 else ids[0]


# scenes


def _laid_over(scene: SceneStory, overlay: SceneOverlay, named: dict[tuple[UnitId, str], EntityId]) -> SceneStory:
    if overlay == draft_scene(scene):
        return scene
    here = {presence.character: presence for presence in scene.presences}
    units = {unit.id for unit in scene.units}
    props: dict[str, list[EntityId]] = {}
    for unit, words in overlay.props:
        if unit in units:
            props.setdefault(unit, []).append(named[(unit, words)])
    also: dict[str, list[EntityId]] = {}
    for unit, who in overlay.also:
        if who in here and not here[who].voice_only:
            also.setdefault(unit, []).append(who)
    to = dict(overlay.to)
    actions = tuple(_shown(note, props.get(note.unit, []), also.get(note.unit, []), overlay) for note in scene.actions)
    shown = dict.fromkeys(scene.things)
    shown |= dict.fromkeys(eid for note in actions for eid in note.things if eid in props.get(note.unit, ()))
    told = scene.model_copy(
        update={
            "speeches": tuple(_said(note, to, overlay, here) for note in scene.speeches),
            "actions": actions,
            "things": tuple(shown),
            "beats": overlay.beats,
            "goal": overlay.goal,
            "turn": overlay.turn,
            "synopsis": overlay.synopsis,
            "subtext": overlay.subtext,
            "worded_by": overlay.worded_by,
        }
    )
    return told.model_copy(update={"presences": _feeling(scene, told)})


def _said(
    note: SpeechNote, to: dict[UnitId, EntityId], overlay: SceneOverlay, here: dict[EntityId, Presence]
) -> SpeechNote:
    if note.unit not in to:
        return note
    who = to[note.unit]
    if who in note.speakers or who not in here:
        return note
    evidence = Evidence(
        units=note.evidence.units or (note.unit,), confidence=0.8, because="whom it is said to, as read",
        mind=overlay.mind,
    )  # fmt: skip
    return note.model_copy(update={"addressees": (who,), "evidence": evidence})


def _shown(note: ActionNote, props: list[EntityId], also: list[EntityId], overlay: SceneOverlay) -> ActionNote:
    things = tuple(dict.fromkeys((*note.things, *props)))
    actors = tuple(dict.fromkeys((*note.actors, *also)))
    if things == note.things and actors == note.actors:
        return note
    evidence = note.evidence.model_copy(
        update={"because": f"{note.evidence.because}; more in it, as read".removeprefix("; "), "mind": overlay.mind}
    )
    return note.model_copy(update={"things": things, "actors": actors, "evidence": evidence})


def _feeling(before: SceneStory, scene: SceneStory) -> tuple[Presence, ...]:
    """What each person feels on coming and on leaving: where it was the scene's beat, it is the beat as read."""
    if scene.beats == before.beats:
        return before.presences
    order: dict[UnitId, int] = {unit.id: i for i, unit in enumerate(scene.units)}
    stays = _stays(before, order)
    out = []
    for presence in before.presences:
        first, last = stays.get(presence.character, (0, max(0, len(order) - 2)))
        if presence.exits is not None and presence.exits in order:
            last = order[presence.exits]
        update: dict[str, Any] = {}
        for field, at in (("feels_from", first), ("feels_to", last)):
            if getattr(presence, field) == beat_at(before.beats, at, order):
                update[field] = beat_at(scene.beats, at, order)
        out.append(presence.model_copy(update=update))
    return tuple(out)


def _stays(scene: SceneStory, order: dict[UnitId, int]) -> dict[EntityId, tuple[int, int]]:
    """Person -> the unit where it is first shown or heard in the place, and the last, at least the last but one."""
    seen: dict[EntityId, list[int]] = {}
    for note in scene.actions:
        for who in note.actors:
            seen.setdefault(who, []).append(order[note.unit])
    for speech in scene.speeches:
        for who in speech.speakers if speech.voice in ("room", "off_screen") else ():
            seen.setdefault(who, []).append(order[speech.unit])
    return {who: (min(at), max(*at, len(order) - 2)) for who, at in seen.items()}


# the film


def _billed(characters: tuple[Character, ...], film: FilmReading) -> tuple[Character, ...]:
    roles = dict(film.roles)
    return tuple(
        person.model_copy(update={"role": roles[person.id]})
        if person.id in roles and roles[person.id] != person.role
        else person
        for person in characters
    )


def _points(
    story: Story, film: FilmReading, scenes: list[SceneStory], characters: tuple[Character, ...]
) -> tuple[PlotPoint, ...]:
    """The film's points as read, with everybody's first appearance; the rules' own say what their scene says now."""
    before = {scene.scene_id: scene for scene in story.scenes}
    after = {scene.scene_id: scene for scene in scenes}
    points = [
        _said_again(point, before[point.scene], after[point.scene]) for point in film.points if point.scene in after
    ]
    return plot.in_order([*plot.meetings(scenes, characters), *points], scenes)


def _said_again(point: PlotPoint, before: SceneStory, after: SceneStory) -> PlotPoint:
    update: dict[str, Any] = {}
    turned = before.turn is not None and point.evidence.units == (before.turn.unit,)
    if point.evidence.mind == "rules" and point.kind not in ("introduction", "payoff"):
        if point.kind == "turn" and after.turn is not None and after.turn != before.turn:
            update = {"summary": after.turn.what, "evidence": after.turn.evidence}
        elif point.kind != "turn" and (after.synopsis, after.turn) != (before.synopsis, before.turn):
            cited = (after.turn.unit,) if after.turn is not None else point.evidence.units
            update = {"summary": after.synopsis if point.summary == before.synopsis else point.summary}
            if turned:
                update["evidence"] = point.evidence.model_copy(update={"units": cited})
    return point.model_copy(update=update) if update else point


def _heighten(story: Story, scenes: list[SceneStory], points: Iterable[PlotPoint]) -> None:
    """Where the film turns its strongest feeling stands a tenth higher: once, so not where the rules raised it."""
    raised = {point.scene for point in story.plot_points if point.kind in HEIGHTS}
    high = {point.scene for point in points if point.kind in HEIGHTS}
    for i, scene in enumerate(scenes):
        if scene.scene_id in high:
            felt = scene.beats
            beats = tuple(
                old if scene.scene_id in raised and _by_rules(old) else new
                for old, new in zip(felt, heightened(felt), strict=True)
            )
            if beats != felt:
                scenes[i] = scene.model_copy(update={"beats": beats})


def _by_rules(beat: Beat) -> bool:
    return beat.evidence.mind == "rules"


def _set_tasks(
    story: Story,
    scenes: list[SceneStory],
    points: tuple[PlotPoint, ...],
    characters: tuple[Character, ...],
    things: tuple[Thing, ...],
) -> None:
    """The rules' goals name what the scene does for the film as it is read now; a reader's own goals stand."""
    old = tasks_of(story.plot_points, story.characters, story.things)
    new = tasks_of(points, characters, things)
    for i, scene in enumerate(scenes):
        was, now = old.get(scene.scene_id, ""), new.get(scene.scene_id, "")
        if was == now or scene.worded_by != "rules" or not scene.goal:
            continue
        own = full(scene.goal.removesuffix(f"; {was}.")) if was else scene.goal
        scenes[i] = scene.model_copy(update={"goal": with_task(own, now) if now else own})
