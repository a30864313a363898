"""The lines of a dump: one node or edge each, with its scope, in canonical JSON; the same in every technology."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from shotwright.errors import StoreError
from shotwright.model.graph import Edge, Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

LONGEST_LINE = 32 * 2**20
"""Characters. The longest of a long film is about 200,000."""


def node_line(scope: str, row: tuple[str, str, int, str], version: int) -> str:
    """Of (id, kind, order, data in canonical JSON)."""
    name, kind, order, data = row
    return (
        f'{{"node":{{"data":{data},"id":{_text(name)},"kind":{_text(kind)},"order":{order},"version":{version}}},'
        f'"scope":{_text(scope)}}}'
    )


def edge_line(scope: str, row: tuple[str, str, str, str, int, str]) -> str:
    """Of (key, kind, src, dst, order, data in canonical JSON)."""
    key, kind, src, dst, order, data = row
    return (
        f'{{"edge":{{"data":{data},"dst":{_text(dst)},"key":{_text(key)},"kind":{_text(kind)},"order":{order},'
        f'"src":{_text(src)}}},"scope":{_text(scope)}}}'
    )


def read_dump(lines: Iterable[str]) -> Iterator[tuple[int, str, Node | Edge]]:
    """(line number from 1, scope, node or edge) of each line; blank lines are passed over.

    StoreError names the line that is none, is too long, or holds a node or edge that an earlier one does.
    """
    known: tuple[set[str], set[str]] = set(), set()
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE:
            raise _wrong(number, f"has more than {LONGEST_LINE:,} characters")
        text = line.strip()
        if not text:
            continue
        scope, item = _entry(number, text)
        names, name = (known[0], item.id) if isinstance(item, Node) else (known[1], item.key)
        if name in names:
            raise _wrong(number, f"holds {name}, which an earlier line does")
        names.add(name)
        yield number, scope, item


def _entry(number: int, line: str) -> tuple[str, Node | Edge]:
    try:
        entry, end = _decode(line)
        scope = entry["scope"]
        if not isinstance(scope, str) or len(entry) != 2 or end != len(line):
            raise TypeError
        return scope, Node(**entry["node"]) if "node" in entry else Edge(**entry["edge"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        what = "is not a node or an edge"
        if isinstance(error, ValidationError):
            first = error.errors()[0]
            what += f": {'.'.join(map(str, first['loc']))}: {first['msg'].lower()}"
        raise _wrong(number, what) from error


def _wrong(number: int, what: str) -> StoreError:
    return StoreError(f"line {number} of the dump {what}", hint="was the file cut short or changed by hand?")


_text = json.JSONEncoder(ensure_ascii=False).encode
_decode: Callable[[str], tuple[Any, int]] = json.JSONDecoder().raw_decode
