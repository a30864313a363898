"""JSON Schemas (draft 4, as ArangoDB checks them) of nodes and edges, generated from the models.

They say of which type a field of the data is that a model names, and which fields of its own the store always sets. No
field of the data is required and more are allowed: what another version of the models adds or leaves out still fits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from shotwright.model.story import Beat, Character, Location, Look, PlotPoint, Presence, SceneStory, Thing

if TYPE_CHECKING:
    from shotwright.model.graph import EdgeKind, NodeKind

_MODELS: dict[NodeKind, Any] = {
    "character": Character, "location": Location, "look": Look, "plot_point": PlotPoint, "scene": SceneStory,
    "prop": Thing, "vehicle": Thing, "animal": Thing,
}  # fmt: skip
_TEXT, _WHOLE = {"type": "string"}, {"type": "integer"}
_LINES = {"type": "array", "items": _WHOLE, "minItems": 2, "maxItems": 2}
_HELD = {"production": _TEXT, "scope": _TEXT, "order": _WHOLE, "hash": _TEXT}
_OF_BEAT = ("came_from", "intensity", "first_unit", "last_unit")
_DEEPEST = 24


def node_rule(kind: NodeKind) -> dict[str, Any]:
    """The rule for documents of a kind of node."""
    fields = _fields(_MODELS[kind]) if kind in _MODELS else {}
    held = {**_HELD, "node": _TEXT, "version": {**_WHOLE, "minimum": 1}, "words": {"type": "array", "items": _TEXT}}
    return _object({**fields, "lines": _LINES, **held}, held)


def edge_rule(kind: EdgeKind) -> dict[str, Any]:
    """The rule for documents of a kind of edge."""
    fields: dict[str, Any] = {"lines": _LINES, "confidence": {"type": "number"}}
    if kind == "appears_in":
        fields["presence"] = {"type": "object", "properties": _fields(Presence)}
    elif kind == "has_emotional_beat":
        fields |= {name: rule for name, rule in _fields(Beat).items() if name in _OF_BEAT}
    held = {**_HELD, "edge": _TEXT, "src": _TEXT, "dst": _TEXT}
    return _object({**fields, **held}, held)


def own_rule(fields: dict[str, str]) -> dict[str, Any]:
    """The rule for documents with these fields (name -> type) of the store's own collections."""
    return _object({name: {"type": kind} for name, kind in fields.items()}, fields)


def _object(properties: dict[str, Any], required: Any) -> dict[str, Any]:
    rule = {"type": "object", "properties": dict(sorted(properties.items())), "additionalProperties": True}
    return {**rule, "required": sorted(required)} if required else rule


def _fields(model: Any) -> dict[str, Any]:
    schema = TypeAdapter(model).json_schema()
    named: dict[str, Any] = _draft_4(schema, schema.get("$defs", {}), 0)["properties"]
    return named


def _draft_4(schema: dict[str, Any], definitions: dict[str, Any], depth: int) -> dict[str, Any]:
    """The schema without references and without what draft 4 does not know; of values only the type is kept."""
    if depth > _DEEPEST:
        return {}
    if "$ref" in schema:
        return _draft_4(definitions[schema["$ref"].rpartition("/")[2]], definitions, depth + 1)
    if "anyOf" in schema:
        return {"anyOf": [_draft_4(option, definitions, depth + 1) for option in schema["anyOf"]]}
    kind = schema.get("type")
    if kind == "object" and "properties" in schema:
        inner = {name: _draft_4(field, definitions, depth + 1) for name, field in schema["properties"].items()}
        return {"type": "object", "properties": inner}
    if kind == "array" and "items" in schema:
        return {"type": "array", "items": _draft_4(schema["items"], definitions, depth + 1)}
    return {"type": kind} if isinstance(kind, str) else {}
