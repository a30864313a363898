"""The one base of every value: frozen, closed to unknown fields, and the same bytes for the same contents."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen pydantic value. Unknown fields are errors; equality and JSON depend on the contents alone."""

    # Schemas are built when a model is first used: most commands use few of them.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def canonical_json(self) -> str:
        """The value as compact JSON in field order: the form that is stored, hashed and compared."""
        return self.model_dump_json()
