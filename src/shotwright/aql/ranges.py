"""`low..high`, counted up or down without being held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.aql.functions.calling import integer

if TYPE_CHECKING:
    from collections.abc import Callable

    from shotwright.aql import syntax
    from shotwright.aql.evaluation import Compiler, Frame, Scope


def compile_range(compiler: Compiler, node: syntax.Range, scope: Scope) -> Callable[[Frame], range]:
    """`low..high`, up or down, cut to whole numbers."""
    low, high = compiler.expression(node.low, scope), compiler.expression(node.high, scope)

    def read(frame: Frame) -> range:
        first, last = integer(low(frame)), integer(high(frame))
        return range(first, last + 1) if first <= last else range(first, last - 1, -1)

    return read
