"""What a query that parses may still get wrong: names, scopes, functions, bind variables and the order of its writes.

The rules are ArangoDB's. A FOR opens a scope up to the end of its query; COLLECT closes all scopes but that of the
query itself; a sub-query sees what is around it and may not take its names. After a write a query may read the
collection no more, and may not traverse or look up documents at all.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from shotwright.aql import syntax as tree
from shotwright.aql.catalogue import Signature, catalogue
from shotwright.aql.complaints import nearest
from shotwright.aql.failures import Fault, Number
from shotwright.aql.scopes import Scopes
from shotwright.aql.touching import Touching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Kind = Literal["documents", "edges", "view"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a valid query uses; names in order of the alphabet."""

    bind_values: tuple[str, ...]
    """Of `@name`, without the sign."""
    bind_collections: tuple[str, ...]
    """Of `@@name`, without the signs."""
    reads: tuple[str, ...]
    """Collections and views that it names to read from (those of a named graph are not known here). A collection whose
    bind variable has no value yet is given as `@@name`."""
    written: tuple[str, ...]
    writes: bool
    functions: tuple[str, ...]


def check(
    query: tree.Query,
    text: str,
    *,
    collections: Callable[[str], Kind | None] | None = None,
    functions: Mapping[str, tuple[int, int | None]] | None = None,
    bind: Mapping[str, Any] | None = None,
) -> Checked:
    """What a query uses; raises QueryError, with line and column, at the first thing that is wrong with it.

    `collections` says what a name stands for; without it every name may be a collection where one can stand.
    `functions` gives least and most arguments (None: no most) by name in upper case; without it those of ArangoDB 3.12.
    `bind` holds the values of the bind variables, those of collections under `@name`; without it they go unchecked.
    A surplus value has no place in the text: line and column are 0.
    """
    checker = _Checker(text, collections, catalogue() if functions is None else functions, bind)
    try:
        checker.query(query)
        checker.surplus()
    except Fault as fault:
        raise fault.located(text) from None
    return Checked(
        bind_values=tuple(sorted(checker.values)),
        bind_collections=tuple(sorted(checker.names)),
        reads=tuple(sorted(checker.touching.read)),
        written=tuple(sorted(checker.touching.written)),
        writes=bool(checker.touching.written),
        functions=tuple(sorted(checker.called)),
    )


@dataclass(slots=True)
class _Checker:
    text: str
    collections: Callable[[str], Kind | None] | None
    functions: Mapping[str, tuple[int, int | None] | Signature]
    bind: Mapping[str, Any] | None
    scopes: Scopes = field(default_factory=Scopes)
    touching: Touching = field(default_factory=Touching)
    values: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    called: set[str] = field(default_factory=set)
    items: int = 0
    """How many inline expressions are around, each with a CURRENT."""

    # Queries and statements

    def query(self, query: tree.Query) -> None:
        for collection in query.declared:
            self.touching.read.add(self.collection(collection, "read"))
        for statement in query.statements:
            _STATEMENTS[type(statement)](self, statement)

    def for_(self, node: tree.For) -> None:
        source = node.source
        if isinstance(source, tree.Traversal | tree.PathSearch):
            self.graph_source(source)
        elif isinstance(source, tree.Name | tree.Bind) and self.is_collection(source):
            name = self.collection(source, "view" if node.search is not None else "read")
            self.touching.reading(name, source.at)
        else:
            self.expression(source)
            if node.search is not None:
                raise Fault("SEARCH needs a view", leftmost(node.search), "use FILTER")
        self.scopes.open("for")
        for variable in node.names:
            self.scopes.add(variable)
        if node.search is not None:
            self.expression(node.search)
        if isinstance(source, tree.Traversal) and source.prune is not None:
            self.prune(source)
        self.options(node.options)

    def graph_source(self, source: tree.Traversal | tree.PathSearch) -> None:
        self.touching.traversing(source.at)
        for part in (source.low, source.high, source.start, getattr(source, "target", None), source.graph):
            if part is not None:
                self.expression(part)
        for _, collection in source.edges:
            self.touching.read.add(self.collection(collection, "edges"))
        self.options(source.options)

    def prune(self, source: tree.Traversal) -> None:
        assert source.prune is not None
        inside = next((node for node in _walk(source.prune) if isinstance(node, tree.Subquery)), None)
        if inside is not None:
            raise Fault("PRUNE may hold no sub-query", inside.at)
        self.expression(source.prune)
        if source.prune_name is not None:
            self.scopes.add(source.prune_name)

    def options(self, node: tree.Expression | None) -> None:
        if node is None:
            return
        for part in _walk(node):
            if isinstance(part, tree.Name | tree.Subquery):
                hint = "use constants or bind variables"
                raise Fault("OPTIONS must be known before the query runs", part.at, hint, Number.OPTIONS)
        self.expression(node)

    def let(self, node: tree.Let) -> None:
        self.expression(node.value)
        self.scopes.add(node.name)

    def filter(self, node: tree.Filter) -> None:
        self.expression(node.condition)

    def sort(self, node: tree.Sort) -> None:
        for key, direction in node.keys:
            self.expression(key)
            if not isinstance(direction, str):
                self.expression(direction)

    def limit(self, node: tree.Limit) -> None:
        for part in (node.offset, node.count):
            if part is not None:
                self.bound(part)

    def bound(self, node: tree.Expression) -> None:
        """A part of LIMIT: a whole number that is known before the query runs."""
        for part in _walk(node):
            if isinstance(part, tree.Name | tree.Subquery | tree.Expansion):
                raise Fault("LIMIT takes constant whole numbers", leftmost(node), "variables cannot stand in it")
        self.expression(node)
        value: Any = 0
        if isinstance(node, tree.Constant):
            value = node.value
        elif isinstance(node, tree.Unary) and isinstance(node.operand, tree.Constant):
            value = -1 if node.operator == "-" and node.operand.value else 0
        elif isinstance(node, tree.Bind):
            value = self.bind.get(node.name, 0) if self.bind is not None else 0
        elif isinstance(node, tree.Range | tree.ArrayOf | tree.ObjectOf):
            value = None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise Fault("LIMIT takes whole numbers from 0 on", leftmost(node))

    def collect(self, node: tree.Collect) -> None:
        for _, value in node.groups:
            self.expression(value)
        self.aggregates(node.aggregates)
        if node.into_value is not None:
            self.expression(node.into_value)
        for kept in node.keep:
            if not self.scopes.has(kept):
                raise self.unknown(kept, _place(kept, node.at), "variable")
        made = [name for name, _ in node.groups] + [aggregate.name for aggregate in node.aggregates]
        for name in made:
            self.scopes.free(name)
        self.scopes.collect()
        for later in (node.into, node.count_into):
            if later is not None:
                made.append(later)
        for name in made:
            self.scopes.add(name)
        self.options(node.options)

    def aggregates(self, given: tuple[tree.Aggregate, ...]) -> None:
        for aggregate in given:
            signature = catalogue().get(aggregate.function)
            if signature is None:
                raise self.unknown_function(aggregate.function, aggregate.at)
            if not signature.aggregates:
                raise Fault(
                    f"{aggregate.function} cannot follow AGGREGATE",
                    aggregate.at,
                    "use COUNT, MIN, MAX, SUM, AVG, UNIQUE, PUSH or another that takes the values of a group",
                    Number.AGGREGATE,
                )
            if aggregate.argument is None and aggregate.function not in ("COUNT", "LENGTH"):
                raise Fault(f"{aggregate.function} takes 1 argument, found none", aggregate.at, "", Number.ARITY)
            self.called.add(aggregate.function)
            if aggregate.argument is not None:
                self.expression(aggregate.argument)

    def window(self, node: tree.Window) -> None:
        if node.over is not None:
            self.expression(node.over)
        if isinstance(node.bounds, tree.ObjectOf):
            keys = [key for key, _ in node.bounds.entries]
            if not keys or any(key not in ("preceding", "following") for key in keys) or len({*keys}) < len(keys):
                raise Fault("WINDOW takes preceding, following or both, each once", node.bounds.at)
        self.expression(node.bounds)
        self.aggregates(node.aggregates)
        for aggregate in node.aggregates:
            self.scopes.add(aggregate.name)

    def return_(self, node: tree.Return) -> None:
        if node.distinct and not self.scopes.inside():
            word = re.compile("distinct", re.IGNORECASE).search(self.text, node.at)
            raise Fault("RETURN DISTINCT needs a FOR before it", word.start() if word else node.at)
        self.expression(node.value)

    def write(self, node: tree.Write) -> None:
        with self.touching.one_write(node.at):
            for part in (node.key, node.value):
                if part is not None:
                    self.expression(part)
            self.written(node.collection, node.options)
        if node.kind != "REMOVE":
            self.scopes.put("NEW", node.at)
        self.scopes.put("OLD", node.at)

    def upsert(self, node: tree.Upsert) -> None:
        with self.touching.one_write(node.at):
            self.items += node.filtered
            self.expression(node.search)
            self.items -= node.filtered
            self.expression(node.insert)
            self.scopes.put("OLD", node.at)
            self.expression(node.value)
            self.written(node.collection, node.options)
        self.scopes.put("NEW", node.at)

    def written(self, collection: tree.Expression, options: tree.Expression | None) -> None:
        name = self.collection(collection, "write")
        self.options(options)
        self.touching.writing(name, collection.at)

    # Expressions

    def expression(self, node: Any) -> None:
        visit = _EXPRESSIONS.get(type(node))
        if visit is not None:
            visit(self, node)
            return
        for child in tree.children(node):
            self.expression(child)

    def name(self, node: tree.Name) -> None:
        if self.scopes.has(node.name):
            return
        if node.name in ("CURRENT", "$CURRENT"):
            # The parser's own CURRENT, for what follows [*], has the place of the bracket.
            if self.items or self.text.startswith("[", node.at):
                return
            raise Fault("CURRENT stands only in the brackets of [* ...] and [? ...]", node.at)
        if node.name in ("NEW", "OLD"):
            raise Fault(f"{node.name} stands only after a write", node.at)
        if self.collections is not None and self.collections(node.name) is not None:
            raise Fault(
                f"collection '{node.name}' is used as a value",
                node.at,
                f"write FOR document IN {node.name} ...",
                Number.COLLECTION_AS_VALUE,
            )
        raise self.unknown(node.name, node.at, "variable")

    def variable_bind(self, node: tree.Bind) -> None:
        if node.collection:
            raise Fault(f"@@{node.name} stands for a collection, not a value", node.at, "", Number.COLLECTION_AS_VALUE)
        self.bound_value(node)

    def bound_value(self, node: tree.Bind) -> Any:
        (self.names if node.collection else self.values).add(node.name)
        if self.bind is None:
            return None
        key = f"@{node.name}" if node.collection else node.name
        if key not in self.bind:
            near = nearest(node.name, [str(name).lstrip("@") for name in self.bind])
            hint = f"did you mean {near}?" if near else f"give a value for {key}"
            raise Fault(f"bind variable @{key} has no value", node.at, hint, Number.BIND_MISSING)
        return self.bind[key]

    def call(self, node: tree.Call) -> None:
        given = self.functions.get(node.name)
        if given is None:
            raise self.unknown_function(node.name, node.at)
        least, most = given[0], given[1]
        count = len(node.arguments)
        if count < least or (most is not None and count > most):
            raise Fault(f"{node.name} takes {_amount(least, most)}, found {count or 'none'}", node.at, "", Number.ARITY)
        self.called.add(node.name)
        signature = catalogue().get(node.name)
        if signature is not None and signature.reads:
            self.touching.looking_up(node.name, node.at)
        for argument in node.arguments:
            if isinstance(argument, tree.Name | tree.Bind) and self.may_be_named(signature, argument):
                name = self.collection(argument, "read")
                self.touching.reading(name, argument.at)
            else:
                self.expression(argument)

    def may_be_named(self, signature: Signature | None, argument: tree.Name | tree.Bind) -> bool:
        if not self.is_collection(argument):
            return False
        if isinstance(argument, tree.Bind):
            return True
        if self.collections is not None:
            return self.collections(argument.name) is not None
        return signature is not None and signature.names

    def subquery(self, node: tree.Subquery) -> None:
        with self.scopes.inner(), self.touching.deeper():
            self.query(node.query)

    def expansion(self, node: tree.Expansion) -> None:
        self.expression(node.target)
        if node.quantifier is not None:
            self.expression(node.quantifier)
        with self._item():
            for part in (node.filter, node.offset, node.count, node.project):
                if part is not None:
                    self.expression(part)
        if node.tail is not None:
            self.expression(node.tail)

    @contextmanager
    def _item(self) -> Iterator[None]:
        self.items += 1
        yield
        self.items -= 1

    # Collections

    def is_collection(self, node: tree.Name | tree.Bind) -> bool:
        if isinstance(node, tree.Bind):
            return node.collection
        return not self.scopes.has(node.name) and node.name not in ("CURRENT", "$CURRENT", "NEW", "OLD")

    def collection(self, node: tree.Expression, use: Literal["read", "view", "edges", "write"]) -> str:
        assert isinstance(node, tree.Name | tree.Bind)
        if isinstance(node, tree.Bind):
            value = self.bound_value(node)
            name = f"@@{node.name}" if self.bind is None else value
            if not isinstance(name, str):
                key = f"@{'@' * node.collection}{node.name}"
                raise Fault(f"bind variable {key} must be a collection's name", node.at, "", Number.BIND_KIND)
            if self.bind is None:
                return name
        else:
            name = node.name
        if self.collections is None:
            return name
        kind = self.collections(name)
        if kind is None:
            raise self.unknown(name, node.at, "collection" if use in ("edges", "write") else "variable or collection")
        if use == "view" and kind != "view":
            raise Fault(f"SEARCH needs a view, and '{name}' is a collection", node.at, "use FILTER")
        if use == "edges" and kind != "edges":
            raise Fault(f"'{name}' holds no edges", node.at, "a traversal follows edge collections", Number.KIND)
        if use == "write" and kind == "view":
            raise Fault(f"'{name}' is a view, which cannot be written to", node.at, "", Number.KIND)
        return name

    # What is wrong

    def unknown(self, name: str, at: int, what: str) -> Fault:
        near = nearest(name, [*self.scopes.visible(), *_CONSTANTS])
        return Fault(f"unknown {what} '{name}'", at, f"did you mean {near}?" if near else "", Number.UNKNOWN)

    def unknown_function(self, name: str, at: int) -> Fault:
        near = nearest(name, self.functions)
        hint = (
            f"did you mean {near}?" if near else "" if "::" not in name else "functions of your own are not known here"
        )
        return Fault(f"unknown function {name}", at, hint, Number.FUNCTION)

    def surplus(self) -> None:
        used = self.values | {f"@{name}" for name in self.names}
        for key in sorted(str(name) for name in self.bind or ()):
            if key not in used:
                near = nearest(key, used)
                hint = f"did you mean {near}?" if near else "the query uses no such variable"
                raise Fault(f"bind variable @{key} is given but not used", -1, hint, Number.BIND_SURPLUS)


_CONSTANTS = ("null", "true", "false")

_STATEMENTS: Mapping[type, Callable[[_Checker, Any], None]] = {
    tree.For: _Checker.for_,
    tree.Let: _Checker.let,
    tree.Filter: _Checker.filter,
    tree.Sort: _Checker.sort,
    tree.Limit: _Checker.limit,
    tree.Collect: _Checker.collect,
    tree.Window: _Checker.window,
    tree.Return: _Checker.return_,
    tree.Write: _Checker.write,
    tree.Upsert: _Checker.upsert,
}

_EXPRESSIONS: Mapping[type, Callable[[_Checker, Any], None]] = {
    tree.Name: _Checker.name,
    tree.Bind: _Checker.variable_bind,
    tree.Call: _Checker.call,
    tree.Subquery: _Checker.subquery,
    tree.Expansion: _Checker.expansion,
}


def leftmost(node: Any) -> int:
    """The offset at which an expression begins; its own `at` may be that of an operator."""
    while True:
        for name in ("left", "condition", "low", "target"):
            inner = getattr(node, name, None)
            if inner is not None:
                node = inner
                break
        else:
            at: int = node.at
            return at


def _place(name: str, otherwise: int) -> int:
    return name.at if isinstance(name, tree.Identifier) else otherwise


def _walk(node: Any) -> Iterator[Any]:
    waiting = [node]
    while waiting:
        here = waiting.pop()
        yield here
        waiting.extend(reversed(list(tree.children(here))))


def _amount(least: int, most: int | None) -> str:
    if most is None:
        return f"at least {least} argument{'s' if least != 1 else ''}"
    if least == most:
        return f"{least or 'no'} argument{'s' if least != 1 else ''}"
    return f"{least} to {most} arguments"
