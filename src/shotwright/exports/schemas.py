"""The JSON Schemas of everything that is written or read as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from shotwright.exports.document import FilmDocument, FlatFilmDocument
from shotwright.exports.flat import FlatShot
from shotwright.exports.prompts.compile import ShotPrompt
from shotwright.model.asset import Asset
from shotwright.model.shot import Shot

if TYPE_CHECKING:
    from shotwright.model.value import Value

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_DOCUMENTS: dict[str, tuple[type[Value], str, Literal["validation", "serialization"]]] = {
    "shot": (Shot, "shot@1", "serialization"),
    "flat-shot": (FlatShot, "flat-shot@1", "serialization"),
    "film": (FilmDocument, "film@1", "serialization"),
    "flat-film": (FlatFilmDocument, "flat-film@1", "serialization"),
    "prompt": (ShotPrompt, "prompt@1", "serialization"),
    # People write assets by hand, so what has a default may be left out.
    "asset": (Asset, "asset@1", "validation"),
}


def schemas() -> dict[str, dict[str, Any]]:
    """JSON Schema by document name: `shot`, `flat-shot`, `film`, `flat-film`, `prompt`, `asset`."""
    made: dict[str, dict[str, Any]] = {}
    for name, (model, label, mode) in _DOCUMENTS.items():
        body = model.model_json_schema(by_alias=True, mode=mode)
        title = f"shotwright/{label}"
        made[name] = {"$schema": DIALECT, "$id": f"urn:shotwright:{label}", **body, "title": title}
    return made
