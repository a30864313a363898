"""The shots as parts of the graph: what each is part of, whom it shows, what it needs, and what it cuts to.

`shots/<scene id>` holds a scene's shots and their edges; `assets` holds every asset that some shot needs, found or
wanted, because many scenes need one asset and a node belongs to one part only.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from shotwright.model.graph import Edge, Node
from shotwright.model.ids import kind_of
from shotwright.production.projection import draw_edge, scene_node

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shotwright.model.asset import Asset
    from shotwright.model.crew import Casting, WantedAsset
    from shotwright.model.shot import Shot
    from shotwright.production.projection import Part

ASSETS = "assets"
SHOTS = "shots/"
SHOWN = ("character", "prop", "vehicle", "animal")
"""Kinds of subject that are nodes of the story: a shot FEATURES them."""


def project_shots(
    film: Sequence[tuple[str, Sequence[Shot]]],
    assets: Mapping[str, Asset],
    casting: Sequence[Casting],
    wanted: Iterable[WantedAsset],
) -> list[Part]:
    """The film's shots, as people left them, as parts of the graph: one a scene, and one for the assets they need.

    `assets` are the libraries' by key; what they lack is known from `casting` and `wanted`.
    """
    every = [shot for _, shots in film for shot in shots]
    after = {a.shot_id: b for a, b in pairwise(every)}
    parts: list[Part] = []
    place = 0
    for scene, shots in film:
        nodes: list[Node] = []
        edges: list[Edge] = []
        for shot in shots:
            nodes.append(_shot_node(shot, place))
            edges.extend(_shot_edges(shot, scene, place, after.get(shot.shot_id)))
            place += 1
        parts.append((f"{SHOTS}{scene}", nodes, edges))
    needed = dict.fromkeys((e.dst, e.data["wanted"]) for _, _, edges in parts for e in edges if e.kind == "needs")
    proposed: dict[str, str] = {c.proposed_key: c.kind for c in casting if c.proposed_key}
    proposed |= {w.proposed_key: w.kind for w in wanted}
    made = [_asset_node(node, lacking, assets, proposed) for node, lacking in needed]
    return [*parts, (ASSETS, made, [])]


def _shot_node(shot: Shot, place: int) -> Node:
    camera, narrative, beat = shot.technical_layer.camera, shot.narrative_layer, shot.contextual_layer.emotional_beat
    data: dict[str, Any] = {
        "scene": shot.scene_id, "label": shot.label, "setup": shot.setup_id, "units": list(shot.source.units),
        "size": camera.shot_size, "framing": camera.framing, "angle": camera.angle, "movement": camera.movement.type,
        "function": shot.function, "seconds": shot.duration_seconds,
        "action_description": narrative.action_description, "character_performance": narrative.character_performance,
        "shot_purpose": narrative.shot_purpose, "beat": beat.name, "intensity": beat.intensity,
        "dialogue": [{"speaker": line.speaker, "text": line.text} for line in shot.audio.dialogue],
        "status": shot.review.status, "flags": len(shot.continuity.flags),
        "approved": shot.review.status == "approved",
    }  # fmt: skip
    if shot.source.lines is not None:
        data["lines"] = list(shot.source.lines)
    return Node.model_construct(id=f"shot/{shot.shot_id}", kind="shot", order=place, version=1, data=data)


def _shot_edges(shot: Shot, scene: str, place: int, following: Shot | None) -> Iterable[Edge]:
    here = f"shot/{shot.shot_id}"
    yield draw_edge("part_of", here, scene_node(scene), "", place, {})
    for i, subject in enumerate(shot.technical_layer.staging.subjects):
        if kind_of(subject.entity) in SHOWN:
            shown = {"look": subject.look, "mouth": subject.mouth}
            yield draw_edge("features", here, subject.entity, str(i), i, shown)
    for i, (entity, bound) in enumerate(shot.digital_assets.bindings.items()):
        lacking = not isinstance(bound, str)
        key = bound if isinstance(bound, str) else bound.wanted
        yield draw_edge("needs", here, f"asset/{key}", entity, i, {"entity": entity, "wanted": lacking})
    if following is not None:
        cut = {"transition": following.transition_in}
        yield draw_edge("cuts_to", here, f"shot/{following.shot_id}", "", place, cut)


def _asset_node(node: str, lacking: bool, assets: Mapping[str, Asset], proposed: Mapping[str, str]) -> Node:
    key = node.removeprefix("asset/")
    data: dict[str, Any] = {"key": key, "wanted": lacking}
    if key in assets:
        asset = assets[key]
        data |= {"name": asset.name, "kind": asset.kind, "description": asset.description, "library": asset.library}
        data |= {"personality": list(asset.personality)} if asset.personality else {}
    else:
        data |= {"name": key, "kind": proposed.get(key, ""), "description": "", "library": ""}
    return Node(id=node, kind="asset", data=data)
