"""shotwright run"""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

import click

from shotwright.cli.models import model_facts, model_lines
from shotwright.cli.terminal import ProgressDisplay, print_json
from shotwright.production.estimate import as_json as as_json_of
from shotwright.production.estimate import tell
from shotwright.production.studio import Rehearsal, RunRequest, rehearse, run_production


@click.command("run")
@click.argument("target", type=click.Path(path_type=Path), metavar="SCREENPLAY|DIR")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="The production folder to use.")
@click.option(
    "--assets", multiple=True, type=click.Path(path_type=Path), metavar="DIR",
    help="An asset library; may be given several times, the first wins. Remembered.",
)  # fmt: skip
@click.option(
    "--until", type=click.Choice(["story", "shots", "layers", "frames", "review"]), default="review",
    help="Stop after this phase.",
)  # fmt: skip
@click.option("--scene", "scenes", multiple=True, metavar="NUMBER", help="Only this scene; may be given several times.")
@click.option("--cut-style", type=click.Choice(["literal", "edited"]), help="Whole clips, or cuts as an editor would.")
@click.option("--no-frames", is_flag=True, help="Draw no frames. The core install draws none in any case.")
@click.option(
    "--budget", type=click.FloatRange(min=0), metavar="USD", help="What language models may cost in this run."
)
@click.option("--replay", is_flag=True, help="Ask no language model: only what was answered before is used.")
@click.option("--dry-run", is_flag=True, help="Say what a run would change, exactly, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    target: Path,
    out: Path | None,
    assets: tuple[Path, ...],
    until: str,
    scenes: tuple[str, ...],
    cut_style: str | None,
    no_frames: bool,
    budget: float | None,
    replay: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Take a screenplay to complete shots. Always goes on from where it stopped; what is done is not done again."""
    began = time.perf_counter()
    flags = {"film.cut_style": cut_style} if cut_style else {}
    request = RunRequest(
        target, out, assets, until, scenes, flags, frames=not no_frames, budget_usd=budget, replay=replay,  # type: ignore[arg-type]
    )  # fmt: skip
    if dry_run:
        with ProgressDisplay() as progress:
            rehearsal = rehearse(request, progress)
        return _tell_rehearsal(rehearsal, as_json)
    with ProgressDisplay() as progress:
        folder, report = run_production(request, progress)
    if as_json:
        print_json(
            {
                "production": str(folder.path), "scenes": report.scenes, "shots": report.shots,
                "flagged": report.flagged, "failed": report.failed, "warnings": report.warnings,
                "wanted": report.wanted, "frames": report.frames, "mended": report.mended,
                "scenes_not_measured": report.unmeasured, "until": report.until, "nothing_to_do": report.nothing_to_do,
                "steps_run": report.made, "steps_reused": report.reused, "failures": report.failures,
                "models": model_facts(report),
            }
        )  # fmt: skip
    else:
        for line in report.adapted:
            click.echo(line, err=True)
        for failure in report.failures:
            click.echo(f"failed: {failure}", err=True)
        if report.nothing_to_do:
            click.echo("Nothing to do: script, settings, assets and edits are as they were.", err=True)
        elif report.proof is not None:
            click.echo(f"Proved: {report.proof.sentence()}.", err=True)
        if not report.nothing_to_do:
            ran, kept = sum(report.made.values()), sum(report.reused.values())
            click.echo(f"Steps: {ran} run, {kept} reused, {time.perf_counter() - began:.1f} s.", err=True)
        if report.frames:
            mended = f"; {report.mended} shots mended after a look" if report.mended else ""
            click.echo(f"Frames: {report.frames}{mended}.", err=True)
        for line in model_lines(report):
            click.echo(line, err=True)
        if report.unmeasured:
            said = f"Not measured: the frames of {report.unmeasured} scenes ({report.why_unmeasured})."
            click.echo(f"{said} Drafts are kept; the next run looks again.", err=True)
        click.echo(report.line())
        _next_steps(folder.path, report.flagged, report.wanted, report.warnings, report.until)
    return 1 if report.failed else 3 if report.flagged else 0


def _own_name() -> str:
    """What to type to call this program again: its name where the shell finds it, else its path from here."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return "python -m shotwright"
    if shutil.which(called.name):
        return called.name
    try:
        return str(called.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(called)


def _next_steps(folder: Path, flagged: int, wanted: int, warnings: int, until: str) -> None:
    command_name = _own_name()
    if until in ("story", "shots"):
        click.echo(f"Next: {command_name} run {folder}", err=True)
        return
    click.echo(f"Shots: {folder / 'shots.json'}    one page: {folder / 'summary.md'}", err=True)
    click.echo(f"Next: {command_name} show {folder} scene 1", err=True)
    more = (
        (flagged, "review", "list", "shot", "for a person to see"),
        (wanted, "assets", "--wanted", "asset", "the libraries lack"),
        (warnings, "review", "list --all", "warning", "to look at"),
    )
    for number, verb, option, thing, what in more:
        if number:
            counted = f"{number} {thing}" if number == 1 else f"{number} {thing}s"
            click.echo(f"      {command_name} {verb} {folder} {option:<10}  {counted} {what}", err=True)


def _tell_rehearsal(found: Rehearsal, as_json: bool) -> int:
    report = found.report
    if as_json:
        estimate = None if found.estimate is None else as_json_of(found.estimate)
        calls, tokens = (
            (estimate["calls"], estimate["input_tokens"] + estimate["output_tokens"]) if estimate else (0, 0)
        )
        print_json(
            {
                "steps": report.made, "reused": report.reused,
                "model_calls": calls, "tokens": tokens, "models": estimate,
                "scenes_changed": [{"number": n, "scene_id": s, "shots": notes} for n, s, notes in found.changed],
                "shots_kept": found.kept, "shots_changed": found.altered, "shots_added": found.added,
                "shots_removed": found.removed, "people": found.people,
            }
        )  # fmt: skip
        return 0
    click.echo("Dry run: nothing was written.")
    click.echo(f"Steps that would run: {sum(report.made.values())} (reused: {sum(report.reused.values())})")
    for step, count in sorted(report.made.items()):
        click.echo(f"  {step:<12} {count}")
    if found.estimate is None:
        click.echo("Model calls: 0, tokens: 0 (rules only).")
    else:
        for line in tell(found.estimate):
            click.echo(line)
    click.echo(
        f"Shots: {found.kept} stay as they are, {found.altered} change, {found.added} are new, {found.removed} go."
    )
    new = found.added and not (found.kept or found.altered or found.removed)
    for number, _, notes in () if new else found.changed[:40]:
        more = f"; and {len(notes) - 6} more" if len(notes) > 6 else ""
        click.echo(f"  scene {number}: {'; '.join(notes[:6])}{more}")
    if not new and len(found.changed) > 40:
        click.echo(f"  and {len(found.changed) - 40} more scenes")
    for line in found.people:
        click.echo(f"  a person is needed: {line}")
    return 0
