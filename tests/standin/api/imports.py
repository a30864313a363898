"""Bulk import: lines of documents, a list of them, or a line of names and lines of values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.standin.answers import Refusal, done
from tests.standin.api.routing import parsed, route
from tests.standin.database import EDGES
from tests.standin.documents import Options

if TYPE_CHECKING:
    from tests.standin.answers import Answer
    from tests.standin.api.routing import Request
    from tests.standin.documents import Documents

_MODES = {"error": "conflict", "update": "update", "replace": "replace", "ignore": "ignore"}


@route("POST /_api/import")
def import_documents(request: Request) -> Answer:
    name = request.parameters.get("collection", "")
    mode = request.parameters.get("onDuplicate", "error")
    if not name or mode not in _MODES:
        raise Refusal(400, "'collection' is missing, expecting /_api/import?collection=<identifier>")
    complete, wants_details = request.asked("complete"), request.asked("details")
    counts = {"created": 0, "errors": 0, "empty": 0, "updated": 0, "ignored": 0}
    details: list[str] = []
    with request.transaction() as transaction:
        documents = request.documents(transaction, name)
        rows, counts["empty"] = _rows(request)
        if request.asked("overwrite"):
            for key in list(transaction.shelf(name).documents):
                transaction.remove(name, key)
        for position, row in enumerate(rows):
            try:
                counts[_put(documents, _prefixed(row, request.parameters), mode)] += 1
            except _BadRow as bad:
                if complete:
                    raise Refusal(bad.number, str(bad)) from None
                counts["errors"] += 1
                offending = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
                at = position + 1 if bad.early else position
                details.append(f"at position {at}: {bad}, offending document: {offending}")
            except Refusal as refusal:
                message = refusal.message.split(" - ")[0]
                if complete:
                    raise Refusal(refusal.number, message) from None
                counts["errors"] += 1
                offending = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
                text = f"creating document failed with error '{message}'"
                details.append(f"at position {position}: {text}, offending document: {offending}")
    body: dict[str, Any] = {"error": False, **counts}
    if wants_details:
        body["details"] = details
    answer = done(201, **body)
    del answer.body["code"]
    return answer


class _BadRow(Exception):
    def __init__(self, number: int, message: str, *, early: bool) -> None:
        super().__init__(message)
        self.number = number
        self.early = early


def _put(documents: Documents, row: Any, mode: str) -> str:
    if not isinstance(row, dict):
        raise _BadRow(1227, "invalid JSON type (expecting object)", early=True)
    if documents.collection.kind == EDGES and not ("_from" in row and "_to" in row):
        raise _BadRow(1233, "missing '_from' or '_to' attribute", early=True)
    key = row.get("_key")
    known = isinstance(key, str) and _has(documents, key)
    documents.insert(row, Options(overwriteMode=_MODES[mode]))
    if not known:
        return "created"
    return "ignored" if mode == "ignore" else "updated"


def _has(documents: Documents, key: str) -> bool:
    try:
        documents.get(key)
    except Refusal:
        return False
    return True


def _prefixed(row: Any, parameters: dict[str, str]) -> Any:
    if not isinstance(row, dict):
        return row
    changed = dict(row)
    for name, parameter in (("_from", "fromPrefix"), ("_to", "toPrefix")):
        end = changed.get(name)
        if parameter in parameters and isinstance(end, str) and "/" not in end:
            changed[name] = f"{parameters[parameter].rstrip('/')}/{end}"
    return changed


def _rows(request: Request) -> tuple[list[Any], int]:
    """The documents, and how many lines were empty."""
    kind = request.parameters.get("type")
    text = request.body.decode("utf-8", "surrogatepass")
    if kind == "auto":
        kind = "list" if text.lstrip().startswith("[") else "documents"
    if kind in {"list", "array"}:
        whole = parsed(text)
        if not isinstance(whole, list):
            raise Refusal(400, "expecting a JSON array in the request")
        return whole, 0
    lines = text.split("\n")
    if lines and not lines[-1].strip():
        lines.pop()
    empty = sum(not line.strip() for line in lines)
    filled = [line for line in lines if line.strip()]
    if kind == "documents":
        return [parsed(line) for line in filled], empty
    if not filled or not filled[0].lstrip().startswith("["):
        raise Refusal(400, "no JSON array found in second line" if filled else "no JSON array found in first line")
    names = parsed(filled[0])
    rows: list[Any] = []
    for line in filled[1:]:
        values = parsed(line)
        if not isinstance(values, list) or len(values) != len(names):
            raise Refusal(400, "no valid JSON array found in line")
        rows.append({name: value for name, value in zip(names, values, strict=True) if value is not None})
    return rows, empty
