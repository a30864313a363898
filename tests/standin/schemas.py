"""Schema validation of the documents of a collection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.standin.answers import Refusal

_LEVELS = ("none", "new", "moderate", "strict")
_SYSTEM_ATTRIBUTES = frozenset({"_key", "_id", "_rev", "_from", "_to"})


@dataclass(frozen=True, slots=True)
class Schema:
    """A JSON Schema with ArangoDB's level and message."""

    shown: dict[str, Any]
    level: str
    message: str
    rule: Any

    @classmethod
    def of(cls, wanted: Any) -> Schema | None:
        if not wanted:
            return None
        from jsonschema import Draft7Validator  # type: ignore[import-untyped]
        from jsonschema.exceptions import SchemaError  # type: ignore[import-untyped]

        if not isinstance(wanted, dict) or not isinstance(wanted.get("rule"), dict):
            raise Refusal(1621)
        level = wanted.get("level", "strict")
        if level not in _LEVELS or wanted.get("type", "json") != "json":
            raise Refusal(1621)
        try:
            Draft7Validator.check_schema(wanted["rule"])
        except SchemaError as error:
            raise Refusal(1621, f"{error.message}") from None
        message = wanted.get("message", "")
        shown = {"rule": wanted["rule"], "level": level, "message": message, "type": "json"}
        return cls(shown, level, message or "schema validation failed", Draft7Validator(wanted["rule"]))

    def require(self, new: dict[str, Any], old: dict[str, Any] | None) -> None:
        """Refuse a document that does not fit, as far as the level asks: of a change, what it was counts too."""
        if self.level == "none" or (self.level == "new" and old is not None):
            return
        if self._fits(new) or (self.level == "moderate" and old is not None and not self._fits(old)):
            return
        raise Refusal(1620, self.message)

    def _fits(self, document: dict[str, Any]) -> bool:
        own = {name: value for name, value in document.items() if name not in _SYSTEM_ATTRIBUTES}
        return bool(self.rule.is_valid(own))
