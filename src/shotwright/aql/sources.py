"""FOR: where its values come from, and what of a FILTER the store can use to read less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shotwright.aql import syntax
from shotwright.aql.paths import compile_path_search
from shotwright.aql.ranges import compile_range
from shotwright.aql.searching import compile_search
from shotwright.aql.traversal import compile_traversal
from shotwright.aql.values import truthy, type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from shotwright.aql.evaluation import Compiler, Frame, Scope, Thunk
    from shotwright.aql.statements import Operator, Stream


def compile_for(compiler: Compiler, node: syntax.For, scope: Scope, following: Sequence[syntax.Statement]) -> Operator:
    """`following` are the statements after it, of which FILTERs may narrow what is read."""
    scope.looped = True
    if isinstance(node.source, syntax.Traversal):
        return compile_traversal(compiler, node.source, node.names, scope)
    if isinstance(node.source, syntax.PathSearch):
        return compile_path_search(compiler, node.source, node.names, scope)
    collection = _collection(compiler, node.source, scope)
    if collection is not None:
        return _each_document(compiler, node, collection, scope, following)
    return _each_value(compiler, node, scope)


def _collection(compiler: Compiler, source: syntax.Expression, scope: Scope) -> str | None:
    """The collection or view that a FOR walks; None when it walks a value."""
    if isinstance(source, syntax.Bind):
        return compiler.collection(source) if source.collection else None
    if isinstance(source, syntax.Name) and scope.place(source.name) is None:
        return source.name
    return None


def _each_document(
    compiler: Compiler, node: syntax.For, collection: str, scope: Scope, following: Sequence[syntax.Statement]
) -> Operator:
    running = compiler.running
    if running.data.kind(collection) is None:
        raise running.failure(1203, f"collection or view not found: {collection}", node.source.at)
    if node.search is not None:
        following = (syntax.Filter(node.search, node.at), *following)
    narrowings = _narrowings(compiler, node.names[0], scope, following)
    place = compiler.declare(node.names[0], scope)
    search = compile_search(compiler, node.search, place, scope) if node.search is not None else None
    scan = running.scan

    def equal(frame: Frame) -> dict[str, Any]:
        asked: dict[str, Any] = {}
        for name, thunk in narrowings:
            value = thunk(frame)
            if type(value) in (str, int, float, bool):
                asked.setdefault(name, value)
        return asked

    def each(frame: Frame, stream: Stream) -> Stream:
        for _ in stream:
            for document in scan(collection, equal(frame) if narrowings else {}):
                frame[place] = document
                if search is None or truthy(search(frame)):
                    yield

    return each


def _narrowings(
    compiler: Compiler, variable: str, scope: Scope, following: Sequence[syntax.Statement]
) -> list[tuple[str, Thunk]]:
    """Attributes that a SEARCH or the FILTERs right after a FOR ask to equal something known before it."""
    found: list[tuple[str, Thunk]] = []
    for statement in following:
        if isinstance(statement, syntax.Let):
            continue
        if not isinstance(statement, syntax.Filter):
            break
        for condition in _conjuncts(statement.condition):
            if not isinstance(condition, syntax.Binary) or condition.operator != "==":
                continue
            for one, other in ((condition.left, condition.right), (condition.right, condition.left)):
                attribute = _attribute_of(one, variable)
                if attribute is not None and _is_known(other, scope):
                    name = attribute if isinstance(attribute, str) else compiler.bound(attribute)
                    if isinstance(name, str):
                        found.append((name, compiler.expression(other, scope)))
                    break
    return found


def _conjuncts(node: syntax.Expression) -> Iterator[syntax.Expression]:
    if isinstance(node, syntax.Binary) and node.operator == "AND":
        yield from _conjuncts(node.left)
        yield from _conjuncts(node.right)
    else:
        yield node


def _attribute_of(node: syntax.Expression, variable: str) -> str | syntax.Bind | None:
    """Of `variable.name` the name."""
    if isinstance(node, syntax.Attribute) and isinstance(node.target, syntax.Name) and node.target.name == variable:
        return node.name
    return None


def _is_known(node: syntax.Expression, scope: Scope) -> bool:
    """Made of constants and of variables from before only, and without calls: evaluating it once more does no harm."""
    match node:
        case syntax.Constant() | syntax.Bind(collection=False):
            return True
        case syntax.Name(name):
            return scope.place(name) is not None
        case syntax.Attribute(target):
            return _is_known(target, scope)
        case syntax.Index(target, index):
            return _is_known(target, scope) and _is_known(index, scope)
    return False


def _each_value(compiler: Compiler, node: syntax.For, scope: Scope) -> Operator:
    values = _values(compiler, node.source, scope)
    places = [compiler.declare(name, scope) for name in node.names]
    place, step = places[0], compiler.running.meter.step

    def each(frame: Frame, stream: Stream) -> Stream:
        for _ in stream:
            for value in values(frame):
                step()
                frame[place] = value
                yield

    return each


def _values(compiler: Compiler, source: Any, scope: Scope) -> Callable[[Frame], Iterable[Any]]:
    """Ranges and sub-queries one by one, anything else as the array that it must be."""
    if isinstance(source, syntax.Range):
        return compile_range(compiler, source, scope)
    if isinstance(source, syntax.Subquery):
        return compiler.subquery(source.query, scope)[0]
    array = compiler.expression(source, scope)

    def read(frame: Frame) -> Iterable[Any]:
        value = array(frame)
        if type(value) is not list:
            raise compiler.running.failure(
                1563,
                "collection or array expected as operand to FOR loop; "
                f"you provided a value of type '{type_name(value)}'",
                source.at,
                hint="a missing attribute is null: write `… || []` where it may be missing",
            )
        return value

    return read
