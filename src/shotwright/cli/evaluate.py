"""shotwright evaluate"""

from __future__ import annotations

from pathlib import Path

import click

from shotwright.cli.terminal import ProgressDisplay, print_json
from shotwright.production.evaluation import EvaluationRequest, evaluate
from shotwright.production.evaluation_report import report, summary
from shotwright.production.files import write_whole


@click.command("evaluate")
@click.argument("screenplay", type=click.Path(path_type=Path))
@click.option("--scene", "scenes", multiple=True, metavar="NUMBER", help="Only this scene; may be given several times.")
@click.option("--model", default="", metavar="MODEL", help="The model for every agent; else those of the settings.")
@click.option("--runs", type=click.IntRange(1, 2), default=2, show_default=True, help="2 measures agreement too.")
@click.option(
    "--assets", multiple=True, type=click.Path(path_type=Path), metavar="DIR",
    help="An asset library; may be given several times, the first wins.",
)  # fmt: skip
@click.option("--budget", type=click.FloatRange(min=0), metavar="USD", help="What each run's model may cost.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False),
    help="Keep the productions here; the same command again goes on from where it stopped.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the report, and JSON beside it."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(
    screenplay: Path,
    scenes: tuple[str, ...],
    model: str,
    runs: int,
    assets: tuple[Path, ...],
    budget: float | None,
    out: Path | None,
    output: Path | None,
    as_json: bool,
) -> int:
    """Measure a language model at this work: the film by rules alone, then by the model, twice.

    \b
    shotwright evaluate film.fountain --model NAME@http://127.0.0.1:8080/v1 --scene 2 -o report.md
    """
    request = EvaluationRequest(screenplay, scenes, model.strip(), runs, assets, out, budget)

    def say(line: str) -> None:
        click.echo(line, err=True)

    with ProgressDisplay() as progress:
        found = evaluate(request, progress, say)
    figures = found.model_dump(mode="json")
    if output is not None:
        import json

        write_whole(output, report(found).encode("utf-8"))
        beside = output.with_suffix(".json")
        if beside != output:
            write_whole(beside, (json.dumps(figures, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))
    if as_json:
        print_json(figures)
    elif output is not None:
        for line in summary(found):
            click.echo(line)
    else:
        click.echo(report(found), nl=False)
    return 1 if found.failed else 0
