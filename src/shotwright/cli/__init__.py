"""Commands, one file each, imported only when they are called."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import sys
from typing import Any, cast

import click

from shotwright import __version__
from shotwright.errors import ShotwrightError

COMMANDS = {
    "run": "Take a screenplay to complete shots; always goes on from where it stopped.",
    "read": "Read a screenplay and print its elements.",
    "status": "Say how far a production is and what it needs.",
    "show": "Show a scene, a shot, a character or an asset, with reasons.",
    "graph": "Ask the story graph; draw the story map; copy or back up the graph.",
    "review": "List what needs a person; approve, reject, send back, edit.",
    "assets": "List the digital assets in use, and what is wanted.",
    "export": "Write the film as JSON, CSV, prompts or a summary.",
    "evaluate": "Measure a language model at this work: its film beside the rules' own.",
    "vision": "Serve the vision service that looks at frames.",
    "config": "Show each setting and where it comes from.",
    "doctor": "Check the installation and a production's health.",
    "schema": "Print a JSON Schema.",
}
"""Name -> help line: listed without importing any of them."""


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return cast("click.Command", importlib.import_module(f"shotwright.cli.{cmd_name}").command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            close = difflib.get_close_matches(args[0], COMMANDS, 1)
            if not close:
                raise
            raise click.UsageError(f"{error.message} Did you mean {close[0]}?", ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="shotwright")
@click.option("--debug", is_flag=True, help="Show a traceback when something goes wrong.")
@click.pass_context
def root(ctx: click.Context, debug: bool) -> None:
    """Turn a screenplay into render-ready shots.

    \b
    shotwright run film.fountain        makes film.shotwright/ beside it
    shotwright show film.shotwright scene 12
    shotwright export film.shotwright --to prompts --model veo
    """
    ctx.obj = {"debug": debug}


def main(args: list[str] | None = None) -> None:
    """The console script. Exit codes: 0 done, 1 a step failed, 2 usage or settings, 3 a person is needed, 130 stop."""
    debug = "--debug" in (sys.argv[1:] if args is None else args)
    if args is None and sys.argv[1:2] == ["run"]:
        # The process ends with its run: looking through all that it made, after it, would only take time.
        gc.disable()
    try:
        code: Any = root.main(args=args, standalone_mode=False)
    except click.exceptions.Abort:
        _complain("interrupted")
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except ShotwrightError as error:
        if debug:
            raise
        _complain(error.message, error.hint)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except (OSError, MemoryError, RecursionError) as error:
        if debug:
            raise
        _complain(f"{type(error).__name__}: {error}", "run it again with --debug to see where")
        sys.exit(1)
    code = code if isinstance(code, int) else 0
    if args is None:
        # Nothing is left to do, and freeing a feature's values one by one would take a sixth of a second.
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _complain(message: str, hint: str = "") -> None:
    click.echo(f"error: {message}", err=True)
    if hint:
        click.echo(f"hint: {hint}", err=True)
