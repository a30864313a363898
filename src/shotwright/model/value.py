"""The one base of every value: frozen, closed to unknown fields, and the same bytes for the same contents."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen pydantic value. Unknown fields are errors; equality and JSON depend on the contents alone."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    def canonical_json(self) -> str:
        """The value as compact JSON in field order: the form that is stored, hashed and compared."""
        return self.model_dump_json()
