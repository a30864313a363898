"""shotwright review"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shotwright.cli.cards import print_shot
from shotwright.cli.terminal import print_json
from shotwright.production.opened import Production

if TYPE_CHECKING:
    from shotwright.model.shot import Shot

PRODUCTION = click.argument("production", type=click.Path(path_type=Path), metavar="DIR")
NAME = click.argument("name", metavar="SHOT|SLATE|'scene N'")


class Review(click.Group):
    """Takes the production before the verb: `review DIR approve 012-0030`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if len(args) >= 2 and args[1] in self.commands:
            args = [args[1], args[0], *args[2:]]
        return super().parse_args(ctx, args)


@click.group("review", cls=Review, subcommand_metavar="DIR COMMAND [ARGS]...")
def command() -> None:
    """List what needs a person; approve, reject, send back, edit, attach a picture.

    A shot is named by its label or id, a set-up by its slate, a scene as 'scene 12'. What a person decides is kept
    through every later run and draft.
    """


@command.command("list")
@PRODUCTION
@click.option("--all", "everything", is_flag=True, help="Warnings and finished reviews too.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_(production: Path, everything: bool, as_json: bool) -> None:
    """List the shots that ask for a person, and the bin."""
    with Production(production) as opened:
        shots = [s for s in opened.shots if _asks(s, everything)]
        binned = opened.binned()
        if as_json:
            print_json(
                {
                    "shots": [_summary(s) for s in shots],
                    "bin": [b.model_dump(mode="json") for b in binned],
                }
            )
            return
        for shot in shots:
            # A flag that nobody could mend becomes the note: it need not be read twice.
            note = "" if any(shot.review.note == f.message for f in shot.continuity.flags) else shot.review.note
            click.echo(f"{shot.label}  {shot.slate:<5} {shot.review.status.replace('_', ' '):<12} {note}")
            for flag in shot.continuity.flags:
                click.echo(f"    {flag.severity} {flag.code} ({flag.agent}): {flag.message}")
        for gone in binned:
            click.echo(f"bin: {gone.label}: {' '.join(gone.source_text.split())[:80]}")
        click.echo(f"{_count(len(shots))}, {len(binned)} in the bin", err=True)


def _asks(shot: Shot, everything: bool) -> bool:
    if shot.review.status in ("flagged", "needs_human", "rejected") or shot.review.note:
        return True
    return everything and bool(shot.continuity.flags or shot.review.status != "proposed")


def _count(shots: int) -> str:
    return "1 shot" if shots == 1 else f"{shots} shots"


def _summary(shot: Shot) -> dict[str, Any]:
    return {
        "shot_id": shot.shot_id, "label": shot.label, "slate": shot.slate, "status": shot.review.status,
        "note": shot.review.note, "flags": [f.model_dump(mode="json") for f in shot.continuity.flags],
    }  # fmt: skip


@command.command("approve")
@PRODUCTION
@NAME
@click.option("--note", default="", help="Why.")
def approve(production: Path, name: str, note: str) -> None:
    """Approve a shot, a set-up or a scene: it is kept as it is. The first approval locks the numbers."""
    _decide(production, name, "approve", note)


@command.command("reject")
@PRODUCTION
@NAME
@click.option("--note", default="", help="Why.")
def reject(production: Path, name: str, note: str) -> None:
    """Reject a shot, a set-up or a scene."""
    _decide(production, name, "reject", note)


@command.command("reopen")
@PRODUCTION
@NAME
def reopen(production: Path, name: str) -> None:
    """Take back an approval, a rejection or a sending back."""
    _decide(production, name, "reopen", "")


@command.command("send-back")
@PRODUCTION
@NAME
@click.option("--field", default="technical_layer.camera", show_default=True, help="The field that is to be mended.")
@click.option("--note", required=True, help="What is wrong: 'tighter', 'hold the camera still'.")
def send_back(production: Path, name: str, field: str, note: str) -> None:
    """Send a shot back to the agent that owns the field. The next run answers."""
    _decide(production, name, "send_back", note, field)


@command.command("edit")
@PRODUCTION
@NAME
@click.argument("field")
@click.argument("value")
@click.option("--note", default="", help="Why.")
def edit(production: Path, name: str, field: str, value: str, note: str) -> None:
    """Set a field and pin it: no agent touches it again.

    FIELD is a dotted path in the shot, such as technical_layer.camera.shot_size. VALUE is JSON, or plain text.
    """
    with Production(production) as opened:
        shots = opened.find_shots(name)
        opened.decide("edit", shots, field=field, value=_value(value), note=note)
        for shot in opened.find_shots(name):
            print_shot(shot)
    _say_run(production)


@command.command("unpin")
@PRODUCTION
@NAME
@click.argument("field", required=False, default="")
def unpin(production: Path, name: str, field: str) -> None:
    """Give a pinned field (or all of a shot's) back to its agent."""
    with Production(production) as opened:
        opened.decide("unpin", opened.find_shots(name), field=field)
    _say_run(production)


@command.command("attach")
@PRODUCTION
@NAME
@click.argument("picture", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--at", type=click.Choice(["first", "middle", "last"]), default="first", show_default=True,
    help="Which frame of the shot it is.",
)  # fmt: skip
def attach(production: Path, name: str, picture: Path, at: str) -> None:
    """Put a picture of yours in place of a drawn frame: a drawing, a photograph, a generated still.

    From the next run on the Supervisor judges it instead. What is wrong in it is yours to mend: no agent can.
    """
    with Production(production) as opened:
        done = opened.attach(opened.find_shots(name), picture, at)
        click.echo(f"attached to {_count(len(done))}: {', '.join(e.label for e in done[:12])}")
    _say_run(production)


@command.command("detach")
@PRODUCTION
@NAME
@click.option("--at", type=click.Choice(["first", "middle", "last"]), help="Which frame; without it, all of them.")
def detach(production: Path, name: str, at: str | None) -> None:
    """Take attached pictures away: the drawn frames are back from the next run on."""
    with Production(production) as opened:
        opened.decide("detach", opened.find_shots(name), field=at or "")
    _say_run(production)


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _decide(production: Path, name: str, kind: Any, note: str, field: str = "") -> None:
    with Production(production) as opened:
        shots = opened.find_shots(name)
        done = opened.decide(kind, shots, field=field, note=note)
        words = {"approve": "approved", "reject": "rejected", "reopen": "open again", "send_back": "sent back"}
        click.echo(f"{_count(len(done))} {words[kind]}: {', '.join(e.label for e in done[:12])}")
    if kind == "send_back":
        _say_run(production)


def _say_run(production: Path) -> None:
    click.echo(f"Next: shotwright run {production}    (the crew works around it)", err=True)
