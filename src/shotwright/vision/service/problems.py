"""What went wrong, as problem+json (RFC 9457): what, where and a hint; an unknown term names the nearest known one."""

from __future__ import annotations

import difflib
import json
import re
from typing import TYPE_CHECKING, Any

from shotwright.vision.eyes import NotHeld, TooMuch
from shotwright.vision.fetching import NotFetched
from shotwright.vision.pictures import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic import BaseModel, ValidationError

    from shotwright.errors import VisionError

MEDIA_TYPE = "application/problem+json"
MOST_SHOWN = 20
TITLES = {
    400: "This request cannot be used",
    401: "A bearer token is needed",
    403: "This may not be asked",
    404: "There is no such thing",
    405: "That method is not offered here",
    408: "The request took too long to arrive",
    409: "This conflicts with what is there",
    411: "The length must be told",
    413: "This is too much for one request",
    415: "That kind of content is not taken",
    422: "The request does not have the expected form",
    500: "The service failed",
    503: "The service cannot answer now",
}


class Problem(Exception):
    """An answer that is not the one asked for."""

    def __init__(self, status: int, detail: str, *, hint: str = "", errors: Sequence[dict[str, str]] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.hint = hint
        self.errors = tuple(errors)

    def body(self) -> bytes:
        content: dict[str, Any] = {
            "type": "about:blank",
            "title": TITLES.get(self.status, "This request cannot be used"),
            "status": self.status,
            "detail": self.detail,
        }
        if self.hint:
            content["hint"] = self.hint
        if self.errors:
            content["errors"] = list(self.errors)
        # ASCII only: a detail may quote text that is no valid Unicode.
        return json.dumps(content, ensure_ascii=True).encode("ascii")


def problem_of(error: VisionError) -> Problem:
    """A refusal of the service's inside as an answer."""
    if isinstance(error, NotHeld):
        status = 404
    elif isinstance(error, TooMuch):
        status = 413
    elif isinstance(error, Unreadable):
        status = {"too_large": 413, "media_type": 415}.get(error.kind, 400)
    elif isinstance(error, NotFetched):
        status = 400
    else:
        status = 503 if error.transient else 400
    return Problem(status, error.message, hint=error.hint)


def not_valid(error: ValidationError, form: type[BaseModel]) -> Problem:
    """A body that does not have its form: every place that is wrong, up to twenty, with the nearest known term."""
    errors = []
    for row in error.errors(include_url=False, include_context=True, include_input=True)[:MOST_SHOWN]:
        place = "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in row["loc"])
        text = str(row["msg"]).removeprefix("Value error, ")
        near = ""
        if row["type"] == "literal_error":
            near = nearest(row.get("input"), re.findall(r"'([^']*)'", str(row.get("ctx", {}).get("expected", ""))))
        elif row["type"] == "extra_forbidden":
            text = "there is no such field"
            near = nearest(row["loc"][-1], _field_names(form))
        entry = {"pointer": place[:200], "detail": text[:400]}
        if near:
            entry["nearest"] = near
        errors.append(entry)
    first = errors[0]
    detail = f"{first['pointer']}: {first['detail']}"
    if error.error_count() > 1:
        detail += f" (and {error.error_count() - 1} more)"
    hint = f"did you mean {first['nearest']}?" if "nearest" in first else ""
    return Problem(422, detail, hint=hint, errors=errors)


def nearest(word: object, known: Iterable[str]) -> str:
    """The known term most like a word, or nothing."""
    if not isinstance(word, str):
        return ""
    found = difflib.get_close_matches(word[:60].casefold().replace(" ", "_").replace("-", "_"), sorted(known), 1, 0.5)
    return found[0] if found else ""


def _field_names(form: type[BaseModel]) -> set[str]:
    """Every field name that may stand anywhere in a form."""
    schema = form.model_json_schema()
    return {
        name for part in (schema, *schema.get("$defs", {}).values()) for name in part.get("properties", {})
    }  # fmt: skip
