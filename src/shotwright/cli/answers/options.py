"""The named queries as options of a command: each takes its own."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, cast

import click

from shotwright.errors import QueryError

if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence

    from shotwright.model.query import NamedQuery
    from shotwright.model.value import Value


class QueryCommand(click.Command):
    """A command that, once a named query is given, takes that query's parameters as options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta["query"] = self._query_in(args)
        return super().parse_args(ctx, args)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        params = super().get_params(ctx)
        name = ctx.meta.get("query")
        if not name:
            return params
        first = [param for param in params if isinstance(param, click.Argument)]
        return [*first, *parameter_options(name), *(param for param in params if param not in first)]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if not ctx.meta.get("query"):
            super().format_help_text(ctx, formatter)
            return
        from shotwright.model.queries import QUERIES

        query = QUERIES[ctx.meta["query"]]
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(f"{query.name}: {query.what}")
            formatter.write_paragraph()
            formatter.write_text(f"Rows: {', '.join(query.row.model_fields)}")

    def _query_in(self, args: Sequence[str]) -> str:
        """The named query among the arguments, if any: the second that is neither an option nor its value.

        QueryError for one that does not exist, before its options are taken for mistakes.
        """
        takes = {
            name: 0 if option.is_flag else option.nargs
            for option in self.params
            if isinstance(option, click.Option)
            for name in option.opts
        }
        plain: list[str] = []
        waiting = 0
        for arg in args:
            if waiting:
                waiting -= 1
            elif arg.startswith("-") and arg != "-":
                waiting = 0 if "=" in arg else takes.get(arg, 1)
            else:
                plain.append(arg)
        if len(plain) < 2:
            return ""
        from shotwright.model.queries import QUERIES

        if plain[1] not in QUERIES:
            import difflib

            close = difflib.get_close_matches(plain[1], QUERIES, 3, 0.5)
            hint = f"did you mean {' or '.join(close)}?" if close else "shotwright graph DIR --list names them all"
            raise QueryError(f"there is no query named {plain[1]}", hint=hint)
        return plain[1]


def parameter_options(name: str) -> list[click.Option]:
    """The parameters of a named query as options; who leaves a needed one out is told so by the query itself."""
    from shotwright.model.queries import QUERIES

    query = QUERIES[name]
    told = meanings(query.parameters)
    return [
        click.Option(
            [f"--{field.replace('_', '-')}", field], metavar=field.upper(),
            help=f"{told.get(field, '')}{'' if known.is_required() else ' May be left out.'}".strip(),
        )
        for field, known in query.parameters.model_fields.items()
    ]  # fmt: skip


def meanings(model: type[Value]) -> dict[str, str]:
    """Field -> its docstring, from the source."""
    import ast
    import inspect

    body = cast("ast.ClassDef", ast.parse(inspect.getsource(model)).body[0]).body
    return {
        here.target.id: " ".join(after.value.value.split())
        for here, after in pairwise(body)
        if isinstance(here, ast.AnnAssign)
        and isinstance(here.target, ast.Name)
        and isinstance(after, ast.Expr)
        and isinstance(after.value, ast.Constant)
        and isinstance(after.value.value, str)
    }


def takes(query: NamedQuery) -> str:
    """What a query takes, as it is typed."""
    fields = query.parameters.model_fields.items()
    return " ".join(f"--{name}" if field.is_required() else f"[--{name}]" for name, field in fields)
