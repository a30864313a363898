"""The functions of AQL: `FUNCTIONS` by name, and `AGGREGATES` for COLLECT and WINDOW.

The families are read on the first look-up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from shotwright.aql.functions.calling import Context, Function

if TYPE_CHECKING:
    from shotwright.aql.functions.calling import Family

__all__ = ["AGGREGATES", "FUNCTIONS", "Context", "Function", "supported_functions"]

_FAMILIES = (
    "types",
    "strings",
    "matching",
    "analysis",
    "encoding",
    "numbers",
    "bits",
    "statistics",
    "arrays",
    "sets",
    "documents",
    "dates",
    "geography",
    "control",
)

Aggregate = Callable[[list[Any]], Any]


@cache
def _functions() -> dict[str, Function]:
    found: dict[str, Function] = {}
    for name in _FAMILIES:
        family: Family = import_module(f"{__name__}.{name}").FAMILY
        for function in family.functions:
            if function.name in found:
                raise ValueError(f"two functions are named {function.name}")
            found[function.name] = function
    return found


@cache
def _aggregates() -> dict[str, Aggregate]:
    found: dict[str, Aggregate] = import_module(f"{__name__}.aggregates").AGGREGATES
    return found


class _Registry(Mapping[str, Any]):
    """A mapping that is made on the first look into it."""

    def __init__(self, make: Callable[[], dict[str, Any]]) -> None:
        self._make = make

    def __getitem__(self, name: str) -> Any:
        return self._make()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._make())

    def __len__(self) -> int:
        return len(self._make())


FUNCTIONS: Mapping[str, Function] = _Registry(_functions)
"""By name in upper case."""

AGGREGATES: Mapping[str, Aggregate] = _Registry(_aggregates)
"""By name in upper case: what AGGREGATE makes of the values of one group, one value a row."""


def supported_functions() -> dict[str, tuple[str, ...]]:
    """Family -> names of its functions in alphabetical order, aliases included."""
    grouped: dict[str, list[str]] = {}
    for function in FUNCTIONS.values():
        grouped.setdefault(function.family, []).append(function.name)
    return {family: tuple(sorted(names)) for family, names in grouped.items()}
