"""AQL text to its syntax tree."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from shotwright.aql import syntax as tree
from shotwright.aql.failures import Fault, Number
from shotwright.aql.lexing import LIMITS, tokens

if TYPE_CHECKING:
    from lark import Lark, Token


def parse(text: str) -> tree.Query:
    """The syntax tree of one AQL query (the language of ArangoDB 3.12).

    Raises QueryError, with the line and column of the offending token, at text that is no query, that is longer than
    200,000 characters or that nests deeper than 200.
    """
    try:
        return _parse(text)
    except Fault as fault:
        raise fault.located(text) from None


def _parse(text: str) -> tree.Query:
    if len(text) > LIMITS.characters:
        raise Fault(f"the query is longer than {LIMITS.characters:,} characters", LIMITS.characters)
    found = tokens(text)
    query = _read(found)
    # No tree is deeper than it has tokens, give or take the query and its statement.
    if len(found) + 2 > LIMITS.depth:
        _measure(query)
    return query


def _read(found: list[Token]) -> tree.Query:
    from lark import UnexpectedInput

    try:
        # The builder makes nodes of ours where Lark would make its own.
        query: Any = machine().parse(found)
    except UnexpectedInput as problem:
        from shotwright.aql.complaints import explain

        raise explain(problem, found, _reach, _accepts) from None
    assert isinstance(query, tree.Query)
    return query


def _accepts(found: list[Token]) -> set[str]:
    """The kinds of word that may follow a row of words."""
    state = machine().parse_interactive([])
    for token in found:
        state.feed_token(token)
    return set(state.accepts())  # type: ignore[no-untyped-call]


def _reach(found: list[Token]) -> int:
    """How many words of a row the parser takes before it stumbles."""
    from lark import UnexpectedInput

    try:
        machine().parse(found)
    except UnexpectedInput as problem:
        token = problem.token  # type: ignore[attr-defined]
        return next((index for index, other in enumerate(found) if other is token), len(found))
    except Fault as fault:
        return next((index for index, other in enumerate(found) if (other.start_pos or 0) >= fault.at), len(found))
    return len(found) + 1


def _measure(query: tree.Query) -> None:
    level: list[Any] = [query]
    for _ in range(LIMITS.depth):
        level = [child for node in level for child in tree.children(node)]
        if not level:
            return
    at = next((n.at for n in level if hasattr(n, "at")), 0)
    raise Fault(f"the query nests deeper than {LIMITS.depth}", at, "", Number.NESTING)


@cache
def machine() -> Lark:
    """The parser made from the grammar, once."""
    from lark import Lark, Transformer
    from lark.lexer import Lexer

    from shotwright.aql.building import Statements

    class Ready(Lexer):
        """The tokens are found already: a parse is given them in place of text."""

        __future_interface__ = 2

        def __init__(self, _configuration: object) -> None:
            pass

        def lex(self, state: Any, parser_state: Any) -> Any:
            return iter(state.text)

    class Builder(Statements, Transformer):  # type: ignore[type-arg]
        pass

    grammar = resources.files("shotwright.aql").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer=Ready, maybe_placeholders=False, transformer=Builder())
