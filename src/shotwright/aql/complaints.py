"""Why a row of words is no query, in plain words, and what the writer may have meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shotwright.aql.lexing import Fault

if TYPE_CHECKING:
    from lark import Token, UnexpectedInput


def explain(problem: UnexpectedInput, found: list[Token]) -> Fault:
    """What the parser stumbled over, as a Fault."""
    token: Any = getattr(problem, "token", None)
    if token is None or token.type == "$END":
        at = (found[-1].end_pos or 0) if found else 0
        return Fault("the query ends too early", at)
    return Fault(f"found {token}", token.start_pos)
