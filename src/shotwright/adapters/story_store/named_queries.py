"""The texts of the named queries, which stand beside the code as one file a query and technology."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from shotwright.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

_PARAMETER = re.compile(r"^-- :(?P<name>\w+)(?: = '(?P<default>[^']*)')?\s+(?P<what>.*)$")


@cache
def query_text(name: str, technology: Literal["aql", "sql"]) -> str:
    """The text of a named query of `QUERIES`. Its parameters are bound by name, and `production` always."""
    file = files("shotwright.adapters.story_store") / "queries" / f"{name}.{technology}"
    return file.read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    what: str
    default: str | None
    """None when it must be given."""


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """One query file: a first comment line that says what it answers, then one comment line a parameter."""

    name: str
    what: str
    parameters: tuple[Parameter, ...]
    text: str

    def bind(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The given parameters with defaults filled in. StoreError when one is missing or unknown."""
        names = {p.name for p in self.parameters}
        unknown = sorted(set(given) - names)
        missing = [p.name for p in self.parameters if p.default is None and p.name not in given]
        if unknown or missing:
            wrong = f"does not take {', '.join(unknown)}" if unknown else f"needs {', '.join(missing)}"
            takes = ", ".join(p.name if p.default is None else f"{p.name} (optional)" for p in self.parameters)
            raise StoreError(f"the query {self.name} {wrong}", hint=f"it takes: {takes or 'no parameters'}")
        return {p.name: given.get(p.name, p.default) for p in self.parameters}


@cache
def named_queries(technology: str = "sql") -> Mapping[str, NamedQuery]:
    """Every named query of a technology (the file ending), by name."""
    found: dict[str, NamedQuery] = {}
    folder = files("shotwright.adapters.story_store") / "queries_of_version_1"
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        name, _, ending = file.name.partition(".")
        if ending == technology:
            found[name] = _read(name, file.read_text(encoding="utf-8"))
    return MappingProxyType(found)


def _read(name: str, text: str) -> NamedQuery:
    lines = text.splitlines()
    parameters = tuple(
        Parameter(m["name"], m["what"], m["default"]) for m in map(_PARAMETER.match, lines) if m is not None
    )
    return NamedQuery(name, lines[0].removeprefix("-- "), parameters, text)
