"""The scenes' readings woven into one story: places, days, looks, props in hand, plot points, genre and tone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from shotwright.crew.architect import plot, setting, wardrobe
from shotwright.crew.architect.naming import display, plain
from shotwright.crew.architect.wording import listed
from shotwright.model.ids import EntityId, slug
from shotwright.model.story import Location, SceneStory, Segment, Story, Thing

if TYPE_CHECKING:
    from shotwright.crew.architect.cast import Cast
    from shotwright.crew.architect.reading import SceneReading
    from shotwright.model.crew import FilmSettings
    from shotwright.model.ids import SceneId
    from shotwright.model.screenplay import Scene, Screenplay
    from shotwright.model.story import Beat, Character, PlotPoint


def weave(screenplay: Screenplay, cast: Cast, readings: tuple[SceneReading, ...], settings: FilmSettings) -> Story:
    """Set the readings (one a scene, in order) into the film.

    What one scene learns from the film is small: ids of place, day, look and props in hand, and whether the film turns
    on it, so an edit elsewhere that changes none of them leaves the scene's value equal.
    """
    scenes = screenplay.scenes
    readings = _rename_things(readings)
    where, locations = setting.locate(scenes, _short_names(cast))
    versions = {person.id: person.version_of for person in cast.characters if person.version_of}
    younger: list[bool] = []
    for reading in readings:
        aged_here = frozenset(who for who, _, _ in cast.stages.get(reading.scene_id, ()))
        seen = tuple(presence.character for presence in reading.presences if not presence.voice_only)
        told_of = bool(aged_here or cast.versions.get(reading.scene_id))
        younger.append(setting.has_younger(seen, versions, aged_here) or (told_of and bool(younger) and younger[-1]))
    whens = setting.date(scenes, readings, where, younger)
    aged = [cast.stages.get(scene.id, ()) for scene in scenes]
    worn, looks = wardrobe.dress(readings, whens, cast.by_id, aged)
    holding = wardrobe.carry(readings, whens)
    things = _things(readings)
    genre = settings.genre or _leading(readings, "genres", 2) or ("drama",)
    tone = settings.tone or _leading(readings, "tones", 2)
    places = {location.id: location for location in locations}
    woven: list[SceneStory] = []
    for i, (scene, reading, when) in enumerate(zip(scenes, readings, whens, strict=True)):
        runs, scene_type = reading.segments, reading.scene_type
        if i and _ends_in_intercut(scenes[i - 1]) and scene.units:
            runs = (_running_intercut(scene, where[i], where[i - 1]), *(run for run in runs if run.kind != "intercut"))
            if len({who for note in reading.speeches for who in note.speakers}) >= 2:
                scene_type = "phone_intercut"
        after = where[i + 1] if i + 1 < len(scenes) else None
        runs = tuple(_placed(run, places, where[i], after) for run in runs)
        woven.append(
            SceneStory(
                scene_id=scene.id,
                slugline=scene.heading,
                units=scene.units,
                location=where[i],
                story_day=when.day,
                time_of_day=when.time,
                continuous=when.continuous,
                flashback=when.flashback,
                dream=when.dream,
                scene_type=scene_type,
                genre=genre if settings.genre else _scene_words(genre, reading.genres, 4),
                tone=tone if settings.tone else _scene_words((), reading.tones, 2) or tone,
                presences=tuple(
                    presence.model_copy(
                        update={
                            "look": worn[i].get(presence.character),
                            "holding": holding[i].get(presence.character, ()),
                        }
                    )
                    for presence in reading.presences
                ),
                speeches=reading.speeches,
                actions=reading.actions,
                segments=runs,
                things=tuple(thing.id for thing in reading.things),
                beats=reading.beats,
                goal=reading.goal,
                turn=reading.turn,
                synopsis=reading.synopsis,
                eighths=screenplay.eighths.get(scene.id, 0 if scene.omitted else 1),
                driver_side=reading.driver_side,
                withheld=reading.withheld,
            )
        )
    characters = _billed(cast, woven)
    points = plot.find_points(woven, characters, things)
    _set_in_film(woven, points, tasks_of(points, characters, things))
    return Story(
        title=_title(screenplay),
        genre=genre,
        tone=tone,
        references=settings.references,
        characters=characters,
        locations=_with_second_places(locations, woven),
        things=things,
        looks=looks,
        story_days=tuple(dict.fromkeys(when.day for when in whens)),
        plot_points=points,
        scenes=tuple(woven),
    )


def _set_in_film(scenes: list[SceneStory], points: tuple[PlotPoint, ...], tasks: dict[SceneId, str]) -> None:
    """Raise the feeling where the film turns, and add to the goals what a scene does for the whole film."""
    high = {point.scene for point in points if point.kind in HEIGHTS}
    for i, scene in enumerate(scenes):
        update: dict[str, object] = {}
        if scene.scene_id in high:
            update["beats"] = heightened(scene.beats)
        if scene.scene_id in tasks and scene.goal:
            update["goal"] = with_task(scene.goal, tasks[scene.scene_id])
        if update:
            scenes[i] = scene.model_copy(update=update)


HEIGHTS = frozenset(("climax", "low_point", "turn"))
"""Kinds of plot point on which the film itself turns."""


def heightened(beats: tuple[Beat, ...]) -> tuple[Beat, ...]:
    """The beats of a scene on which the film itself turns: the strongest feeling stands a tenth higher."""
    top = max((beat.intensity for beat in beats), default=0.0)
    return tuple(
        beat.model_copy(update={"intensity": round(min(0.95, beat.intensity + 0.1), 2)})
        if beat.intensity == top and beat.name != "calm"
        else beat
        for beat in beats
    )


def _billed(cast: Cast, scenes: list[SceneStory]) -> tuple[Character, ...]:
    """The characters with their size of part: by speeches, or by the scenes that they are seen in where that is more.

    Coarse, so that one more line changes nobody's rank. An animal is never more than a supporting part.
    """
    seen: Counter[EntityId] = Counter(
        presence.character for scene in scenes for presence in scene.presences if not presence.voice_only
    )
    top = max(seen.values(), default=1)
    out = []
    for person in cast.characters:
        role = person.role
        if person.kind in ("person", "animal"):
            share, count = seen[person.id] / top, seen[person.id]
            part = "lead" if share >= 0.25 and count >= 4 else "supporting" if share >= 0.08 and count >= 4 else ""
            part = "supporting" if part == "lead" and person.kind == "animal" else part
            part = part or ("minor" if count >= 3 else "")
            if part and _RANK.index(part) > _RANK.index(role):
                role = part  # type: ignore[assignment]
        out.append(person if role == person.role else person.model_copy(update={"role": role}))
    return tuple(out)


_RANK = ("background", "minor", "supporting", "lead")


def tasks_of(
    points: tuple[PlotPoint, ...], characters: tuple[Character, ...], things: tuple[Thing, ...]
) -> dict[SceneId, str]:
    """What a scene does for the whole film: `introduce Ada and pay off the key`."""
    people = {person.id: person.name for person in characters}
    names = {thing.id: f"the {thing.name}" for thing in things}
    meets: dict[SceneId, list[str]] = {}
    pays: dict[SceneId, list[str]] = {}
    for point in points:
        if point.about is None:
            continue
        if point.kind == "introduction" and point.about in people:
            meets.setdefault(point.scene, []).append(people[point.about])
        elif point.kind == "payoff" and point.about in names:
            pays.setdefault(point.scene, []).append(names[point.about])
    out = {}
    for scene in dict.fromkeys((*meets, *pays)):
        more = []
        if scene in meets:
            more.append("introduce " + listed(meets[scene]))
        if scene in pays:
            more.append("pay off " + listed(pays[scene][:2]))
        out[scene] = " and ".join(more)
    return out


def with_task(goal: str, task: str) -> str:
    """A goal of the scene's own with what it does for the film."""
    return f"{goal.removesuffix('.')}; {task}."


def _short_names(cast: Cast) -> frozenset[str]:
    return frozenset(
        alias for person in cast.characters for alias in person.aliases if " " not in alias and person.speaks
    )


def _title(screenplay: Screenplay) -> str:
    for key, value in screenplay.title_page.items():
        if key.lower() == "title":
            text = plain(value.replace("*", "").replace("_", "").replace("\n", " "))
            return display(text) if text.isupper() else text
    return ""


def _rename_things(readings: tuple[SceneReading, ...]) -> tuple[SceneReading, ...]:
    """Where the film has exactly one compound of a head noun (`pocket watch`), the bare noun means it in every scene.

    Of several (a wedding ring and an engagement ring) it means the one that the same person owns, where it is one.
    """
    compounds: dict[EntityId, dict[EntityId, set[EntityId]]] = {}
    for reading in readings:
        for thing in reading.things:
            words = thing.name.split(" ")
            if len(words) > 1:
                bare = EntityId(f"{thing.kind}/{slug(words[-1])}")
                owners = compounds.setdefault(bare, {}).setdefault(thing.id, set())
                owners |= _holders(reading, thing)
    renamed: list[SceneReading] = []
    for reading in readings:
        names: dict[EntityId, EntityId] = {}
        for thing in reading.things:
            full = compounds.get(thing.id)
            if full is None:
                continue
            held = _holders(reading, thing)
            meant = list(full) if len(full) == 1 else [name for name, owners in full.items() if owners & held]
            if len(meant) == 1:
                names[thing.id] = meant[0]
        renamed.append(_renamed(reading, names) if names else reading)
    return tuple(renamed)


def _holders(reading: SceneReading, thing: Thing) -> set[EntityId]:
    """Who owns a thing, or where nobody is said to, who handles it in the scene."""
    if thing.owner is not None:
        return {thing.owner}
    return {who for note in reading.actions for who, what in (*note.takes, *note.drops) if what == thing.id}


def _renamed(reading: SceneReading, names: dict[EntityId, EntityId]) -> SceneReading:
    def pairs(old: tuple[tuple[EntityId, EntityId], ...]) -> tuple[tuple[EntityId, EntityId], ...]:
        return tuple((who, names.get(what, what)) for who, what in old)

    actions = tuple(
        note.model_copy(
            update={
                "things": tuple(dict.fromkeys(names.get(eid, eid) for eid in note.things)),
                "looks_at": pairs(note.looks_at),
                "takes": pairs(note.takes),
                "drops": pairs(note.drops),
            }
        )
        if note.things
        else note
        for note in reading.actions
    )
    things: dict[EntityId, Thing] = {}
    for thing in reading.things:
        eid = names.get(thing.id, thing.id)
        name = thing.name if eid == thing.id else eid.partition("/")[2].replace("_", " ")
        if eid not in things:
            things[eid] = thing.model_copy(update={"id": eid, "name": name})
    return reading.model_copy(
        update={"actions": actions, "things": tuple(things.values()), "ends_holding": pairs(reading.ends_holding)}
    )


def _things(readings: tuple[SceneReading, ...]) -> tuple[Thing, ...]:
    """Every thing of the film once. A hero returns in three scenes or more, or is named in capitals."""
    found: dict[EntityId, Thing] = {}
    count: Counter[EntityId] = Counter()
    for reading in readings:
        for thing in reading.things:
            count[thing.id] += 1
            known = found.get(thing.id)
            if known is None:
                found[thing.id] = thing
            elif (thing.hero and not known.hero) or (thing.owner and not known.owner):
                found[thing.id] = known.model_copy(
                    update={"hero": known.hero or thing.hero, "owner": known.owner or thing.owner}
                )
    return tuple(
        thing if thing.hero or count[eid] < 3 else thing.model_copy(update={"hero": True})
        for eid, thing in found.items()
    )


def _leading(readings: tuple[SceneReading, ...], which: str, most: int) -> tuple[str, ...]:
    """The genres or tones that lead in most scenes: one vote a scene for each word with two witnesses,
    the top ones kept."""
    votes: Counter[str] = Counter()
    for reading in readings:
        for rank, (name, _) in enumerate(getattr(reading, which)):
            votes[name] += 3 - rank
    ranked = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
    top = ranked[0][1] if ranked else 0
    return tuple(name for name, number in ranked[:most] if number >= 0.5 * top)


def _scene_words(film: tuple[str, ...], own: tuple[tuple[str, int], ...], least: int) -> tuple[str, ...]:
    """The film's words, led by the scene's own where they are strong."""
    strong = tuple(name for name, number in own[:2] if number >= least)
    return tuple(dict.fromkeys((*strong, *film)))[:3]


def _ends_in_intercut(scene: Scene) -> bool:
    last = next((unit for unit in reversed(scene.units) if unit.kind != "speech" or unit.text), None)
    return last is not None and last.kind == "direction" and last.text.upper().startswith("INTERCUT")


def _running_intercut(scene: Scene, here: EntityId, other: EntityId) -> Segment:
    """The intercut that the scene before announced, up to END INTERCUT or the next heading."""
    end = next((unit.id for unit in scene.units if unit.text.upper().startswith("END INTERCUT")), scene.units[-1].id)
    return Segment(kind="intercut", first_unit=scene.units[0].id, last_unit=end, location=here, other_location=other)


def _placed(run: Segment, places: dict[EntityId, Location], here: EntityId, after: EntityId | None) -> Segment:
    """A segment's places as ids of known locations; an intercut that names none plays against the next scene."""
    if run.kind != "intercut":
        return run
    first = _known_place(run.location, places) or here
    second = _known_place(run.other_location, places) if run.other_location else after
    if second == first:
        second = here if first != here else second
    if second == here and first != here:
        first, second = second, first
    return run.model_copy(update={"location": first, "other_location": second})


def _known_place(eid: EntityId | None, places: dict[EntityId, Location]) -> EntityId | None:
    """A place named in an intercut line, matched to a location by id, by its innermost name, or by its
    last word."""
    if eid is None or eid in places:
        return eid
    name = eid.partition("/")[2]
    for known in places:
        if known.rpartition(".")[2] == name or known.partition("/")[2] == name:
            return known
    tail = [
        known
        for known in places
        if known.rpartition(".")[2].partition("/")[2].startswith(name)
        or known.endswith("_" + name)
        or ("/" + name) in known
    ]
    return tail[0] if tail else eid


def _with_second_places(locations: tuple[Location, ...], scenes: list[SceneStory]) -> tuple[Location, ...]:
    known = {location.id for location in locations}
    extra = dict.fromkeys(
        eid
        for scene in scenes
        for run in scene.segments
        for eid in (run.location, run.other_location)
        if eid is not None and eid not in known
    )
    return locations + tuple(
        Location(id=eid, name=display(eid.partition("/")[2].replace("_", " ").upper())) for eid in extra
    )
