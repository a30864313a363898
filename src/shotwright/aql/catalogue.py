"""Which functions AQL has, and what each takes: the table of a server, whether or not the function runs here."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Signature(NamedTuple):
    """How many arguments a function takes, and how it behaves."""

    least: int
    most: int | None
    """None where there is no most."""
    deterministic: bool
    reads: bool
    """Whether it reads documents that its arguments name."""
    aggregates: bool
    """Whether it may follow AGGREGATE."""
    names: bool
    """Whether an argument may be a collection's bare name."""


@cache
def catalogue() -> Mapping[str, Signature]:
    """Every documented function of ArangoDB 3.12 by its name in upper case."""
    text = resources.files("shotwright.aql").joinpath("functions.toml").read_text(encoding="utf-8")
    table: dict[str, Any] = tomllib.loads(text)
    found = {}
    for group in table["arguments"].values():
        for name, given in group.items():
            least, most = _range(given)
            found[name] = Signature(
                least=least,
                most=most,
                deterministic=name not in table["nondeterministic"],
                reads=name in table["reading"],
                aggregates=name in table["aggregating"],
                names=name in table["naming"],
            )
    return MappingProxyType(dict(sorted(found.items())))


def _range(given: str) -> tuple[int, int | None]:
    if given.endswith("+"):
        return int(given[:-1]), None
    low, _, high = given.partition("-")
    return int(low), int(high or low)
