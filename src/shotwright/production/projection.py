"""The Story as a graph, part by part, and a scene's brief back from what the graph answers.

The part `film` holds what belongs to the whole film (characters, places, things, looks, plot points, beats, story
days); each scene has a part of its own, `scene/<id>`, with its node and every edge that the scene gives rise to, and
`shots/<id>` holds its shots. So a changed scene replaces one part, and an unchanged one costs the store a comparison.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shotwright.errors import StoreError
from shotwright.model.graph import Edge, EdgeKind, Node, NodeKind
from shotwright.model.story import Neighbour, SceneBrief

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shotwright.model.ids import EntityId, SceneId, UnitId
    from shotwright.model.story import Evidence, Relation, SceneStory, Story
    from shotwright.model.value import Value

Part = tuple[str, list[Node], list[Edge]]
"""(scope, nodes, edges), as `StoryStore.replace` takes them."""

FILM = "film"
STORY = (FILM, "scene/")
"""What the names of the story's parts begin with; the shots' parts are `shot_projection`'s."""
CONTINUOUS, RECKONED = 0.95, 0.7
"""How sure a scene's story day is: where it goes on from the scene before, and where headings alone tell."""
UNIT_BY_UNIT = {"units", "speeches", "actions", "segments", "beats"}
ADDED = ("relations", "lines", "as_neighbour", "brief", "confidence", "first_scene", "last_scene")
"""What a node's data holds beside the value that it was made from."""


def scene_node(scene_id: str) -> str:
    """The node of a scene, which is also the name of its part: `scene/sc_…`."""
    return f"scene/{scene_id}"


def project_story(
    story: Story, briefs: Sequence[SceneBrief], lines: Mapping[str, tuple[int, int]] | None = None
) -> list[Part]:
    """The story as parts of the graph: the film's first, then one a scene in order.

    `briefs` are the Architect's, one a scene; `lines` (unit or scene id -> first and last line) puts the span in the
    script on every node and edge that came from it. Keys depend on the contents alone: projecting twice is the same.
    """
    spans = lines or {}
    order: dict[str, int] = {scene.scene_id: i for i, scene in enumerate(story.scenes)}
    known: dict[str, Value] = {
        v.id: v
        for values in (story.characters, story.locations, story.looks, story.plot_points, story.things)
        for v in values
    }
    told: dict[str, Neighbour] = {}
    for brief in briefs:
        for neighbour in (brief.previous, brief.next):
            if neighbour is not None:
                told.setdefault(neighbour.scene_id, neighbour)
    parts = [_film(story, order, spans)]
    parts.extend(_scene(brief, order.get(brief.scene.scene_id, 0), known, told, spans) for brief in briefs)
    return parts


def brief_from_answer(rows: Iterable[Mapping[str, Any]]) -> SceneBrief:
    """The scene's brief from the rows of the `scene_briefing` query. StoreError when the graph knows no such scene."""
    parts: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        parts.setdefault(row["part"], []).append(row)
    if "scene" not in parts or "place" not in parts:
        raise StoreError("the story graph has no such scene", hint="run the story phase first")
    scene = parts["scene"][0]["data"]
    return SceneBrief.model_validate(
        {
            **scene["brief"],
            "scene": _plain(scene),
            "cast": [_cast_member(row) for row in parts.get("cast", ())],
            "place": _plain(parts["place"][0]["data"]),
            "things": [_plain(row["data"]) for row in parts.get("thing", ())],
            "plot_points": [_plain(row["data"]) for row in parts.get("plot_point", ())],
            "previous": parts["previous"][0]["data"] if "previous" in parts else None,
            "next": parts["next"][0]["data"] if "next" in parts else None,
        }
    )


def _film(story: Story, order: Mapping[str, int], spans: Mapping[str, tuple[int, int]]) -> Part:
    film = story.model_dump(mode="json", include={"title", "genre", "tone", "references"})
    if story.question:
        film["question"] = story.question
    nodes = [Node(id="film/film", kind="film", data=film)]
    edges: list[Edge] = []
    extents = _extents(story.scenes)
    for i, person in enumerate(story.characters):
        node = _node("character", person, i, spans, extents)
        if ties := [_tied(r, person.id) for r in story.relations if person.id in (r.a, r.b)]:
            node.data["relations"] = ties
        nodes.append(node)
    for kind, values in (("location", story.locations), ("look", story.looks)):
        nodes.extend(_node(kind, value, i, spans, extents) for i, value in enumerate(values))
    nodes.extend(_node(thing.kind, thing, i, spans, extents) for i, thing in enumerate(story.things))
    nodes.extend(_node("plot_point", point, order.get(point.scene, 0), spans, {}) for point in story.plot_points)
    for i, day in enumerate(story.story_days):
        extent = extents.get(f"story_day/{day}", ())
        found = {"name": day} | _ends(extent) | _span(extent, spans)
        nodes.append(Node(id=f"story_day/{day}", kind="story_day", order=i, data=found))
    beats = dict.fromkeys(beat.name for scene in story.scenes for beat in scene.beats)
    nodes.extend(Node(id=_beat_node(name), kind="emotional_beat", data={"name": name}) for name in beats)
    for i, place in enumerate(story.locations):
        if place.parent is not None:
            edges.append(draw_edge("contains", place.parent, place.id, "", i, _sure(place, spans)))
    return FILM, nodes, edges


def _scene(
    brief: SceneBrief,
    order: int,
    known: Mapping[str, Value],
    told: Mapping[str, Neighbour],
    spans: Mapping[str, tuple[int, int]],
) -> Part:
    scene = brief.scene
    here = scene_node(scene.scene_id)
    # A scene's units are most of the film's text: only what differs from the defaults of their fields is kept.
    data = scene.model_dump(mode="json", exclude=UNIT_BY_UNIT)
    data |= scene.model_dump(mode="json", include=UNIT_BY_UNIT, exclude_defaults=True)
    if scene.scene_id in told:
        data["as_neighbour"] = told[scene.scene_id].model_dump(mode="json")
    data["brief"] = brief.model_dump(
        mode="json", exclude={"scene", "cast", "place", "things", "plot_points", "previous", "next"}
    )
    heading: dict[str, Any] = {}
    if scene.scene_id in spans:
        data["lines"] = list(spans[scene.scene_id])
        heading = {"lines": [spans[scene.scene_id][0]] * 2}
    # That there is a scene, and which one it follows, the script says itself.
    data["confidence"] = 1
    placed = heading | {"confidence": brief.place.evidence.confidence} | _seen(brief.place, known)
    edges = [
        draw_edge("takes_place_at", here, brief.place.id, "", 0, placed),
        *_cast_edges(brief, here, known, spans),
        *_speech_edges(scene, here, spans),
        *_thing_edges(brief, here, known, spans),
        *(
            draw_edge("advances", here, p.id, "", i, _sure(p, spans) | _seen(p, known))
            for i, p in enumerate(brief.plot_points)
        ),
    ]
    for i, beat in enumerate(scene.beats):
        found = {"came_from": beat.came_from, "intensity": beat.intensity, "first_unit": beat.first_unit,
                 "last_unit": beat.last_unit, "confidence": beat.evidence.confidence}  # fmt: skip
        found |= _minds((beat.evidence.mind,))
        edges.append(
            draw_edge("has_emotional_beat", here, _beat_node(beat.name), str(i), i,
                  found | _span((beat.first_unit, beat.last_unit), spans))
        )  # fmt: skip
    if scene.story_day:
        day = heading | {"confidence": CONTINUOUS if scene.continuous else RECKONED}
        edges.append(draw_edge("on_day", here, f"story_day/{scene.story_day}", "", 0, day))
    if brief.previous is not None:
        follows = heading | {"continuous": scene.continuous, "confidence": 1}
        edges.append(draw_edge("follows", here, scene_node(brief.previous.scene_id), "", 0, follows))
    return here, [Node(id=here, kind="scene", order=order, data=data)], edges


def _cast_edges(
    brief: SceneBrief, here: str, known: Mapping[str, Value], spans: Mapping[str, tuple[int, int]]
) -> Iterable[Edge]:
    shown: dict[str, list[UnitId]] = {}
    sure: dict[str, float] = {}
    for note in brief.scene.actions:
        for actor in note.actors:
            shown.setdefault(actor, []).append(note.unit)
            sure[actor] = max(sure.get(actor, 0.0), note.evidence.confidence)
    for speech in brief.scene.speeches:
        for speaker in speech.speakers:
            shown.setdefault(speaker, []).append(speech.unit)
            # A cue names its speaker.
            sure[speaker] = 1.0
    whole = (brief.scene.scene_id,)
    for i, member in enumerate(brief.cast):
        who = member.character.id
        span = _span(shown.get(who, whole), spans)
        data = member.model_dump(mode="json", include={"presence", "personality", "manner", "height_m"})
        data |= {"confidence": sure.get(who, member.character.evidence.confidence)}
        yield draw_edge("appears_in", who, here, "", i, data | _seen(member.character, known) | span)
        if member.look is not None:
            worn = span | {"story_day": brief.scene.story_day, "confidence": member.look.evidence.confidence}
            yield draw_edge("wears", who, member.look.id, here, i, worn | _seen(member.look, known))
        elif member.presence.look is not None:
            # Named but not described in the brief: the edge stands for the queries, and the brief stays without a look.
            worn = span | {"confidence": member.character.evidence.confidence, "told": False}
            yield draw_edge("wears", who, member.presence.look, here, i, worn)


def _speech_edges(scene: SceneStory, here: str, spans: Mapping[str, tuple[int, int]]) -> Iterable[Edge]:
    spoken: dict[tuple[str, str], list[tuple[UnitId, Evidence]]] = {}
    for note in scene.speeches:
        for speaker in note.speakers:
            for addressee in note.addressees:
                spoken.setdefault((speaker, addressee), []).append((note.unit, note.evidence))
    for i, ((who, to), said) in enumerate(spoken.items()):
        units = [unit for unit, _ in said]
        data = {"speeches": len(said), "units": units, "confidence": min(found.confidence for _, found in said)}
        data |= _minds(found.mind for _, found in said)
        yield draw_edge("speaks_to", who, to, here, i, data | _span(units, spans))


def _thing_edges(
    brief: SceneBrief, here: str, known: Mapping[str, Value], spans: Mapping[str, tuple[int, int]]
) -> Iterable[Edge]:
    scene = brief.scene
    shown: dict[str, list[UnitId]] = {}
    for note in scene.actions:
        for named in note.things:
            shown.setdefault(named, []).append(note.unit)
    custody = _custody(scene)
    for i, thing in enumerate(brief.things):
        units = shown.get(thing.id, [])
        data = {"units": units, "holders": custody.get(thing.id, []), "confidence": thing.evidence.confidence}
        yield draw_edge("uses", here, thing.id, "", i, data | _seen(thing, known) | _span(units, spans))
    told: set[str] = {thing.id for thing in brief.things}
    others: list[str] = [*scene.things, *custody]
    for i, other in enumerate(dict.fromkeys(others), len(brief.things)):
        if other not in told:
            units = shown.get(other, [])
            aside = {"units": units, "holders": custody.get(other, []), "confidence": RECKONED, "told": False}
            yield draw_edge("uses", here, other, "", i, aside | _span(units or (scene.scene_id,), spans))


def _custody(scene: SceneStory) -> dict[str, list[dict[str, str]]]:
    """Prop -> who had it, in the order of the scene: held at the start, taken, given away."""
    had: dict[str, list[dict[str, str]]] = {}
    for presence in scene.presences:
        for prop in presence.holding:
            had.setdefault(prop, []).append({"character": presence.character, "how": "holds"})
    for note in scene.actions:
        for how, pairs in (("drops", note.drops), ("takes", note.takes)):
            for who, prop in pairs:
                had.setdefault(prop, []).append({"character": who, "how": how, "unit": note.unit})
    return had


def _tied(relation: Relation, person: EntityId) -> dict[str, str]:
    """A relation as one of its two has it."""
    other = relation.b if person == relation.a else relation.a
    return {"to": other, "bond": relation.bond, "state": relation.state, "words": relation.words}


def _node(
    kind: str,
    value: Any,
    order: int,
    spans: Mapping[str, tuple[int, int]],
    extents: Mapping[str, tuple[SceneId, SceneId]],
) -> Node:
    """A node with its span in the script: of the units that it was found in, else of the first scene that has it."""
    data = value.model_dump(mode="json")
    extent = extents.get(value.id, ())
    data |= _ends(extent) | (_span(value.evidence.units, spans) or _span(extent[:1], spans))
    return Node.model_construct(id=value.id, kind=_kind(kind), order=order, version=1, data=data)


def _extents(scenes: Iterable[SceneStory]) -> dict[str, tuple[SceneId, SceneId]]:
    """Character, place, look, thing or story day -> the first and the last scene that has it."""
    found: dict[str, tuple[SceneId, SceneId]] = {}
    for scene in scenes:
        held = {scene.location: None, f"story_day/{scene.story_day}": None} | dict.fromkeys(scene.things)
        for presence in scene.presences:
            held |= {presence.character: None, **dict.fromkeys(presence.holding)}
            if presence.look is not None:
                held[presence.look] = None
        for name in held:
            found[name] = (found[name][0] if name in found else scene.scene_id, scene.scene_id)
    return found


def _ends(extent: Sequence[SceneId]) -> dict[str, str]:
    return {"first_scene": scene_node(extent[0]), "last_scene": scene_node(extent[-1])} if extent else {}


def _sure(value: Any, spans: Mapping[str, tuple[int, int]]) -> dict[str, Any]:
    """How sure the Architect is of a finding, and where in the script it stands."""
    found = {"confidence": value.evidence.confidence} | _minds((value.evidence.mind,))
    return found | _span(value.evidence.units, spans)


def _minds(found_by: Iterable[str]) -> dict[str, Any]:
    """Which language models an edge rests on; nothing where it is the rules alone."""
    minds = [mind for mind in dict.fromkeys(found_by) if mind != "rules"]
    return {"minds": minds} if minds else {}


def _kind(kind: str) -> NodeKind:
    return kind  # type: ignore[return-value]


def draw_edge(kind: EdgeKind, src: str, dst: str, discriminator: str, order: int, data: dict[str, Any]) -> Edge:
    """An edge whose key is its kind, ends and discriminator; built without validation, since a film has thousands."""
    key = "|".join((kind, src, dst, discriminator) if discriminator else (kind, src, dst))
    return Edge.model_construct(key=key, kind=kind, src=src, dst=dst, order=order, data=data)


def _span(units: Iterable[str], spans: Mapping[str, tuple[int, int]]) -> dict[str, list[int]]:
    found = [spans[unit] for unit in units if unit in spans]
    return {"lines": [min(first for first, _ in found), max(last for _, last in found)]} if found else {}


def _seen(value: Any, known: Mapping[str, Any]) -> dict[str, Any]:
    """What an edge must hold of a value that the scene sees otherwise than the film does."""
    stored = known.get(value.id)
    return {} if stored is value or stored == value else {"as_seen": value.model_dump(mode="json")}


def _beat_node(name: str) -> str:
    return f"emotional_beat/{name}"


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in data.items() if field not in ADDED}


def _cast_member(row: Mapping[str, Any]) -> dict[str, Any]:
    edge = row["edge"]
    look = row["look"]
    return {
        "character": _plain(row["data"]),
        "presence": edge["presence"],
        "look": None if look is None else _plain(look),
        "personality": edge["personality"],
        "manner": edge["manner"],
        "height_m": edge["height_m"],
    }
