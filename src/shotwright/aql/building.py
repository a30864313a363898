"""From what the grammar finds to the syntax tree: statements and sources, one function a rule.

Lark calls these with the parts of a rule in order: tokens, and what the rules below returned.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from shotwright.aql import syntax as tree
from shotwright.aql.failures import Fault
from shotwright.aql.folding import fold
from shotwright.aql.lexing import unescape
from shotwright.aql.operands import Access, Part, depths, gather, offset, rest

if TYPE_CHECKING:
    from lark import Token


class Pattern(NamedTuple):
    """`[a, , {b}]` or `{a, b: {c}}` to the left of IN or =, which takes a value apart."""

    slots: tuple[tuple[Any, Any], ...]
    """A position (Constant) or an attribute (str), and the Identifier or Pattern for what is there."""
    at: int

    def whole(self) -> tree.Identifier:
        """The variable for the undivided value. Its name begins with a dot, so no query can name it."""
        return tree.Identifier(f".{self.at}", self.at)

    def take(self, value: tree.Expression) -> list[tree.Let]:
        """One LET for each name in it."""
        made: list[tree.Let] = []
        for step, slot in self.slots:
            part: tree.Expression
            if isinstance(step, tree.Constant):
                part = tree.Index(value, tree.Constant(step.value, slot.at), slot.at)
            else:
                part = tree.Attribute(value, step, slot.at)
            made.extend(slot.take(part) if isinstance(slot, Pattern) else [tree.Let(slot, part, slot.at)])
        return made


class Statements(Access):
    """Clauses, writes and whole queries."""

    def names(self, parts: list[tree.Identifier]) -> tuple[tree.Identifier, ...]:
        return tuple(parts)

    def slot(self, parts: list[Any]) -> Any:
        return parts[0] if parts else None

    def array_pattern(self, parts: list[Any]) -> Pattern:
        steps = [(tree.Constant(index, 0), slot) for index, slot in enumerate(parts[1:]) if slot is not None]
        return Pattern(tuple(steps), offset(parts[0]))

    def object_pattern(self, parts: list[Any]) -> Pattern:
        return Pattern(tuple(parts[1:]), offset(parts[0]))

    def field(self, parts: list[Any]) -> tuple[str, tree.Identifier | Pattern]:
        key = parts[0]
        return (str(key) if isinstance(key, tree.Identifier) else unescape(key[1:-1])), parts[-1]

    def steps(self, parts: list[Any]) -> tuple[tree.Expression | None, Token]:
        return parts[0] if len(parts) == 2 else None, parts[-1]

    def named_graph(self, parts: list[Any]) -> Part:
        name = parts[1]
        if isinstance(name, tree.Identifier):
            return Part("graph", tree.Constant(str(name), name.at))
        if isinstance(name, tree.Bind):
            return Part("graph", name)
        return Part("graph", tree.Constant(unescape(name[1:-1]), offset(name)))

    def edge_list(self, parts: list[Any]) -> Part:
        return Part("edges", tuple(parts))

    def edge(self, parts: list[Any]) -> tuple[tree.Direction | None, tree.Expression]:
        return (parts[0].upper() if len(parts) == 2 else None), parts[-1]

    def collection(self, parts: list[Any]) -> tree.Expression:
        return tree.Name(str(parts[0]), parts[0].at) if isinstance(parts[0], tree.Identifier) else parts[0]

    def search(self, parts: list[Any]) -> Part:
        return Part("search", parts[1])

    def prune(self, parts: list[Any]) -> Part:
        return Part("prune", (parts[1] if len(parts) == 4 else None, parts[-1], offset(parts[0])))

    def options(self, parts: list[Any]) -> Part:
        return Part("options", parts[1])

    def for_plain(self, parts: list[Any]) -> list[tree.Statement]:
        word, names, _, source = rest(parts)
        given = gather(parts)
        taken: list[tree.Let] = []
        if isinstance(names, Pattern):
            whole = names.whole()
            taken = names.take(tree.Name(str(whole), whole.at))
            names = (whole,)
        _count(names, 1, "a FOR over values, a collection or a view has one variable")
        loop = tree.For(names, source, given.get("search"), given.get("options"), offset(word))
        return [loop, *taken]

    def for_graph(self, parts: list[Any]) -> tree.For:
        word, names, _, (steps, direction), start = rest(parts)
        given = gather(parts)
        _count(names, 3, "a traversal has at most three variables: vertex, edge and path")
        low, high = depths(steps)
        prune_name, prune, _ = given.get("prune", (None, None, 0))
        source = tree.Traversal(
            low=low,
            high=high,
            direction=direction.upper(),
            start=start,
            graph=given.get("graph"),
            edges=given.get("edges", ()),
            prune=prune,
            prune_name=prune_name,
            options=given.get("options"),
            at=offset(direction),
        )
        return tree.For(names, source, None, None, offset(word))

    def for_path(self, parts: list[Any]) -> tree.For:
        word, names, _, (steps, direction), search, start, _to, target = rest(parts)
        given = gather(parts)
        kind = search.upper()
        if kind == "SHORTEST_PATH":
            _count(names, 2, "SHORTEST_PATH has at most two variables: vertex and edge")
        else:
            _count(names, 1, f"{kind} has one variable: the path")
        if steps is not None and kind != "K_PATHS":
            raise Fault(f"{kind} takes no range of depths", offset(search), "only K_PATHS and traversals do")
        if "prune" in given:
            raise Fault(f"{kind} takes no PRUNE", given["prune"][2], "only traversals do")
        low, high = depths(steps)
        source = tree.PathSearch(
            kind=kind,
            low=low,
            high=high,
            direction=direction.upper(),
            start=start,
            target=target,
            graph=given.get("graph"),
            edges=given.get("edges", ()),
            options=given.get("options"),
            at=offset(direction),
        )
        return tree.For(names, source, None, None, offset(word))

    def assignment(self, parts: list[Any]) -> tuple[tree.Identifier, tree.Expression]:
        return parts[0], parts[2]

    def let(self, parts: list[Any]) -> list[tree.Let]:
        return [definition for definitions in parts[1:] for definition in definitions]

    def definition(self, parts: list[Any]) -> list[tree.Let]:
        name, _, value = parts
        if not isinstance(name, Pattern):
            return [tree.Let(name, value, name.at)]
        whole = name.whole()
        return [tree.Let(whole, value, whole.at), *name.take(tree.Name(str(whole), whole.at))]

    def filter(self, parts: list[Any]) -> tree.Filter:
        return tree.Filter(parts[1], offset(parts[0]))

    def sort(self, parts: list[Any]) -> tree.Sort:
        return tree.Sort(tuple(parts[1:]), offset(parts[0]))

    def sort_key(self, parts: list[Any]) -> tuple[tree.Expression, Any]:
        if len(parts) == 1:
            return parts[0], "ASC"
        return parts[0], parts[1].type if hasattr(parts[1], "type") else parts[1]

    def limit(self, parts: list[Any]) -> tree.Limit:
        return tree.Limit(parts[1] if len(parts) == 3 else None, parts[-1], offset(parts[0]))

    def window(self, parts: list[Any]) -> tree.Window:
        over, bounds = (parts[1], parts[3]) if len(parts) == 5 else (None, parts[1])
        return tree.Window(over, bounds, parts[-1].value, offset(parts[0]))

    def groups(self, parts: list[Any]) -> Part:
        return Part("groups", tuple(parts))

    def count_into(self, parts: list[Any]) -> Part:
        return Part("count", parts[3])

    def into(self, parts: list[Any]) -> Part:
        return Part("into", (parts[1], parts[3] if len(parts) == 4 else None))

    def keep(self, parts: list[Any]) -> Part:
        return Part("keep", tuple(parts[1:]))

    def aggregates(self, parts: list[Any]) -> Part:
        return Part("aggregates", tuple(parts[1:]))

    def aggregate(self, parts: list[Any]) -> tree.Aggregate:
        name, _, call = parts
        if len(call.arguments) > 1:
            raise Fault("an aggregate function takes one argument", call.arguments[1].at)
        return tree.Aggregate(name, call.name, call.arguments[0] if call.arguments else None, call.at)

    def collect(self, parts: list[Any]) -> tree.Collect:
        given = gather(parts)
        into, value = given.get("into", (None, None))
        return tree.Collect(
            groups=given.get("groups", ()),
            aggregates=given.get("aggregates", ()),
            into=into,
            into_value=value,
            keep=given.get("keep", ()),
            count_into=given.get("count"),
            options=given.get("options"),
            at=offset(parts[0]),
        )

    def return_(self, parts: list[Any]) -> tree.Return:
        return tree.Return(parts[-1], len(parts) == 3, offset(parts[0]))

    def target(self, parts: list[Any]) -> Part:
        given = parts[0]
        if isinstance(given, tree.Identifier):
            return Part("target", tree.Name(str(given), given.at))
        if given.type == "STRING":
            return Part("target", tree.Name(unescape(given[1:-1]), offset(given)))
        return Part("target", self.bind(parts))

    def key(self, parts: list[Any]) -> Part:
        return Part("key", fold(parts[:-1]))

    def insert(self, parts: list[Any]) -> tree.Write:
        word, value, given = _written(parts)
        return tree.Write("INSERT", None, value, given["target"], given.get("options"), offset(word))

    def remove(self, parts: list[Any]) -> tree.Write:
        word, key, given = _written(parts)
        return tree.Write("REMOVE", key, None, given["target"], given.get("options"), offset(word))

    def change(self, parts: list[Any]) -> tree.Write:
        word, value, given = _written(parts)
        return tree.Write(word.upper(), given.get("key"), value, given["target"], given.get("options"), offset(word))

    def example(self, parts: list[Any]) -> tuple[tree.Expression, bool]:
        return parts[-1], len(parts) == 2

    def upsert(self, parts: list[Any]) -> tree.Upsert:
        word, (search, filtered), _, insert, *update = parts
        change, value, given = _written(update)
        return tree.Upsert(
            search=search,
            filtered=filtered,
            insert=insert,
            change=change.upper(),
            value=value,
            collection=given["target"],
            options=given.get("options"),
            at=offset(word),
        )

    def query(self, parts: list[Any]) -> tree.Query:
        statements: list[tree.Statement] = []
        for part in parts:
            if isinstance(part, list):
                statements.extend(part)
            else:
                statements.append(part)
        return tree.Query(tuple(statements), (), statements[0].at)

    def with_clause(self, parts: list[Any]) -> tuple[tree.Expression, ...]:
        return tuple(parts[1:])

    def start(self, parts: list[Any]) -> tree.Query:
        query: tree.Query = parts[-1]
        return replace(query, declared=parts[0]) if len(parts) == 2 else query


def _written(parts: list[Any]) -> tuple[Any, tree.Expression, dict[str, Any]]:
    """The word, the folded expression up to IN or INTO, and the clauses of a write."""
    word, *flat, _into = rest(parts)
    return word, fold(flat), gather(parts)


def _count(names: tuple[tree.Identifier, ...], most: int, message: str) -> None:
    if len(names) > most:
        raise Fault(message, names[most].at)
