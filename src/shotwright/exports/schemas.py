"""The JSON Schemas of everything that is written or read as JSON."""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from typing import Any, Literal, get_args

from shotwright.exports.document import FilmDocument, FlatFilmDocument
from shotwright.exports.flat import FlatShot
from shotwright.exports.prompts.compile import ShotPrompt
from shotwright.model.asset import Asset
from shotwright.model.shot import Shot
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
        _describe(body, model)
        for defined, part in body.get("$defs", {}).items():
            if defined in _values():
                _describe(part, _values()[defined])
        title = f"shotwright/{label}"
        made[name] = {"$schema": DIALECT, "$id": f"urn:shotwright:{label}", **body, "title": title}
    return made


def _describe(part: dict[str, Any], model: type[Value]) -> None:
    """Give each property the docstring under its field: values do not carry them, since only schemas need them."""
    texts = _field_docs(model.__module__).get(model.__name__, {})
    for name, field in model.model_fields.items():
        shown = part.get("properties", {}).get(field.alias or name)
        if shown is not None and name in texts:
            shown.setdefault("description", texts[name])


@cache
def _values() -> dict[str, type[Value]]:
    """The values that the documents are made of, by name: other rooms may call their own the same."""
    found: dict[str, type[Value]] = {}
    waiting: list[Any] = [model for model, _, _ in _DOCUMENTS.values()]
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, Value) and kind.__name__ not in found:
            found[kind.__name__] = kind
            waiting.extend(field.annotation for field in kind.model_fields.values())
        waiting.extend(get_args(kind))
    return found


@cache
def _field_docs(module: str) -> dict[str, dict[str, str]]:
    """Class -> field -> the string under it, of one module."""
    docs: dict[str, dict[str, str]] = {}
    for node in ast.parse(inspect.getsource(sys.modules[module])).body:
        if isinstance(node, ast.ClassDef):
            under = zip(node.body, node.body[1:], strict=False)
            docs[node.name] = {
                field.target.id: inspect.cleandoc(text.value.value)
                for field, text in under
                if isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and isinstance(text, ast.Expr)
                and isinstance(text.value, ast.Constant)
                and isinstance(text.value.value, str)
            }
    return docs
