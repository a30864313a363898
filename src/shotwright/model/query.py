"""Questions to the Story Graph: named ones with typed parameters and rows, and raw ones with limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from shotwright.errors import QueryError
from shotwright.model.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

QueryLanguage = Literal["aql", "sql"]


class NoParameters(Value):
    """Of a query that asks about the whole film."""


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A question that every technology answers alike. Its text lies beside each adapter, its meaning here."""

    name: str
    what: str
    """What it answers, in one sentence."""
    parameters: type[Value]
    """Each field is documented; a field without a default must be given."""
    row: type[Value]
    """Every row of the answer has exactly these fields, in JSON's types."""
    order: tuple[str, ...]
    """Columns that fix the order of the rows, the first decides; `-column` falls."""

    def bind(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The given parameters with defaults filled in. QueryError when one is missing, unknown or of another type."""
        fields = self.parameters.model_fields
        takes = ", ".join(n if f.is_required() else f"{n} (optional)" for n, f in fields.items()) or "no parameters"
        unknown = sorted(set(given) - set(fields))
        missing = [n for n, f in fields.items() if f.is_required() and n not in given]
        if unknown or missing:
            wrong = f"does not take {', '.join(unknown)}" if unknown else f"needs {', '.join(missing)}"
            raise QueryError(f"the query {self.name} {wrong}", hint=f"it takes: {takes}")
        try:
            return self.parameters.model_validate(dict(given)).model_dump(mode="json")
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            raise QueryError(
                f"the query {self.name}: {name} = {first['input']!r}: {first['msg'].lower()}", hint=f"it takes: {takes}"
            ) from error

    def sort(self, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows in the query's order, null before all else and text by code point, whatever the technology."""
        found = list(rows)
        for column in reversed(self.order):
            falling, name = column.startswith("-"), column.removeprefix("-")
            found.sort(key=lambda row: _ranked(row[name]), reverse=falling)
        return found


def _ranked(value: Any) -> tuple[int, Any]:
    if value is None:
        return 0, 0
    return (2, value) if isinstance(value, str) else (1, value)


class AskLimits(Value):
    """What a raw query may cost."""

    seconds: float = 5.0
    rows: int = 1000
    """More are left out, and the answer says so."""


class RawAnswer(Value):
    """What a raw query found."""

    columns: tuple[str, ...] = ()
    """Of SQL; empty for AQL, whose rows are any JSON value."""
    rows: tuple[Any, ...] = ()
    """SQL: tuples; AQL: JSON values."""
    warnings: tuple[str, ...] = ()
    truncated: bool = False
    """There were more rows than the limit."""
