"""The syntax tree of an AQL query. `at` is an offset into the text, from 0; `where` turns it into line and column."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Direction = Literal["OUTBOUND", "INBOUND", "ANY"]


def where(text: str, at: int) -> tuple[int, int]:
    """(line, column) of an offset, both from 1."""
    before = text[:at]
    return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1


class Identifier(str):
    """The name of a variable where it is brought in: plain text that knows its offset."""

    __slots__ = ("at",)
    at: int

    def __new__(cls, name: str, at: int) -> Identifier:
        made = super().__new__(cls, name)
        made.at = at
        return made


# Expressions


@dataclass(frozen=True, slots=True)
class Constant:
    """null, true, false, a number or a string."""

    value: Any
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, or a collection where no variable has that name; also CURRENT, NEW and OLD."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Bind:
    """`@name`, or with `collection` `@@name`, which names a collection."""

    name: str
    collection: bool
    at: int


@dataclass(frozen=True, slots=True)
class Attribute:
    """`target.name`; the name may be a bind variable."""

    target: Expression
    name: str | Bind
    at: int


@dataclass(frozen=True, slots=True)
class Index:
    """`target[index]`: of an array (negative from its end) or of an object."""

    target: Expression
    index: Expression
    at: int


@dataclass(frozen=True, slots=True)
class Expansion:
    """`target[*]`, with further stars to flatten and an optional inline FILTER, LIMIT and RETURN; and then `tail`.

    `tail` is what is applied to every item (`[*].name.first`), written on the Name `CURRENT`; None when nothing is.
    With `quantifier` it is the question `target[? ANY FILTER …]`, which is a truth value.
    """

    target: Expression
    flatten: int
    """Stars beyond the first."""
    filter: Expression | None
    offset: Expression | None
    count: Expression | None
    project: Expression | None
    tail: Expression | None
    quantifier: Quantifier | None
    at: int


@dataclass(frozen=True, slots=True)
class Quantifier:
    """ALL, ANY, NONE, AT LEAST (least), or a RANGE of matches `least..most`."""

    kind: Literal["ALL", "ANY", "NONE", "AT LEAST", "RANGE"]
    least: Expression | None = None
    most: Expression | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A function, its name in upper case."""

    name: str
    arguments: tuple[Expression, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Unary:
    operator: Literal["NOT", "-", "+"]
    operand: Expression
    at: int


@dataclass(frozen=True, slots=True)
class Binary:
    """`&&` and `||` are AND and OR here."""

    operator: Literal[
        "OR", "AND", "==", "!=", "<", "<=", ">", ">=", "IN", "NOT IN", "LIKE", "NOT LIKE", "=~", "!~",
        "+", "-", "*", "/", "%",
    ]  # fmt: skip
    left: Expression
    right: Expression
    at: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left ALL == right`: an array operator, with the operators of Binary from == to NOT IN."""

    quantifier: Quantifier
    operator: str
    left: Expression
    right: Expression
    at: int


@dataclass(frozen=True, slots=True)
class Conditional:
    """`condition ? then : otherwise`; `then` is None in the short form `condition ?: otherwise`."""

    condition: Expression
    then: Expression | None
    otherwise: Expression
    at: int


@dataclass(frozen=True, slots=True)
class Range:
    """`low..high`, both ends included."""

    low: Expression
    high: Expression
    at: int


@dataclass(frozen=True, slots=True)
class ArrayOf:
    items: tuple[Expression, ...]
    at: int


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """Keys are text, a bind variable (`@name: …`) or computed (`[expression]: …`)."""

    entries: tuple[tuple[str | Expression, Expression], ...]
    at: int


@dataclass(frozen=True, slots=True)
class Subquery:
    query: Query
    at: int


Expression: TypeAlias = (
    "Constant | Name | Bind | Attribute | Index | Expansion | Call | Unary | Binary | Comparison | Conditional | Range"
    " | ArrayOf | ObjectOf | Subquery"
)


# Where a FOR takes its values from


@dataclass(frozen=True, slots=True)
class Traversal:
    low: Expression | None
    high: Expression | None
    direction: Direction
    start: Expression
    graph: Expression | None
    """A name as Constant or Bind; None when edge collections are listed."""
    edges: tuple[tuple[Direction | None, Expression], ...]
    prune: Expression | None
    prune_name: str | None
    """Of `PRUNE name = condition`."""
    options: Expression | None
    at: int


@dataclass(frozen=True, slots=True)
class PathSearch:
    kind: Literal["SHORTEST_PATH", "ALL_SHORTEST_PATHS", "K_SHORTEST_PATHS", "K_PATHS"]
    low: Expression | None
    high: Expression | None
    direction: Direction
    start: Expression
    target: Expression
    graph: Expression | None
    edges: tuple[tuple[Direction | None, Expression], ...]
    options: Expression | None
    at: int


# Statements


@dataclass(frozen=True, slots=True)
class For:
    names: tuple[str, ...]
    source: Expression | Traversal | PathSearch
    search: Expression | None
    """Of `FOR x IN view SEARCH condition`."""
    options: Expression | None
    at: int


@dataclass(frozen=True, slots=True)
class Let:
    name: str
    value: Expression
    at: int


@dataclass(frozen=True, slots=True)
class Filter:
    condition: Expression
    at: int


@dataclass(frozen=True, slots=True)
class Sort:
    keys: tuple[tuple[Expression, Expression | Literal["ASC", "DESC"]], ...]
    """The direction may also be a bind variable or a constant."""
    at: int


@dataclass(frozen=True, slots=True)
class Limit:
    offset: Expression | None
    count: Expression
    at: int


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`name = FUNCTION(argument)`; `argument` None for COUNT()/LENGTH()."""

    name: str
    function: str
    argument: Expression | None
    at: int


@dataclass(frozen=True, slots=True)
class Collect:
    groups: tuple[tuple[str, Expression], ...]
    aggregates: tuple[Aggregate, ...]
    into: str | None
    into_value: Expression | None
    keep: tuple[str, ...]
    count_into: str | None
    """Of `WITH COUNT INTO name`."""
    options: Expression | None
    at: int


@dataclass(frozen=True, slots=True)
class Window:
    """Row based when `over` is None, else a range around the value of `over`."""

    over: Expression | None
    bounds: Expression
    """The object with preceding and following."""
    aggregates: tuple[Aggregate, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Return:
    value: Expression
    distinct: bool
    at: int


@dataclass(frozen=True, slots=True)
class Write:
    """INSERT (value), UPDATE and REPLACE (key or None, value), REMOVE (key)."""

    kind: Literal["INSERT", "UPDATE", "REPLACE", "REMOVE"]
    key: Expression | None
    value: Expression | None
    collection: Expression
    options: Expression | None
    at: int


@dataclass(frozen=True, slots=True)
class Upsert:
    search: Expression
    """The example object, or with `filtered` the condition of `UPSERT FILTER …` on CURRENT."""
    filtered: bool
    insert: Expression
    change: Literal["UPDATE", "REPLACE"]
    value: Expression
    collection: Expression
    options: Expression | None
    at: int


Statement: TypeAlias = "For | Let | Filter | Sort | Limit | Collect | Window | Return | Write | Upsert"


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query or sub-query. `declared` are the collections of a leading WITH."""

    statements: tuple[Statement, ...]
    declared: tuple[Expression, ...]
    at: int


def children(node: Any) -> Iterator[Any]:
    """The nodes right below one, in the order of its fields (keys of an object before their values)."""
    kind: type = type(node)
    for name in _fields(kind):
        yield from _nodes(getattr(node, name))


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name not in ("at", "operator", "kind"))


def _nodes(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)
    elif hasattr(value, "__dataclass_fields__"):
        yield value
