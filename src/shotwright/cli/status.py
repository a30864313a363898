"""shotwright status"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from shotwright.cli.terminal import print_json
from shotwright.production.exchanges import spent
from shotwright.production.opened import Production


@click.command("status")
@click.argument("production", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def command(production: Path, as_json: bool) -> None:
    """Say how far a production is, what it needs, and what it takes on disk."""
    with Production(production) as opened:
        shots = opened.shots
        review = Counter(s.review.status for s in shots)
        binned = opened.binned() if shots else []
        facts: dict[str, Any] = {
            "production": str(opened.folder.path),
            "screenplay": opened.journal.meta("screenplay"),
            "scenes": sum(not s.implied and not s.omitted for s in opened.screenplay.scenes)
            if opened.journal.current("read")
            else 0,
            "shots": len(shots),
            "clip_minutes": round(sum(s.duration_seconds for s in shots) / 60, 2),
            "frames": sum(len(s.frames) for s in shots),
            "measured_on": dict(sorted(Counter(s.continuity.measured_on for s in shots).items())),
            "review": dict(sorted(review.items())),
            "errors": sum(f.severity == "error" for s in shots for f in s.continuity.flags),
            "warnings": sum(f.severity == "warn" for s in shots for f in s.continuity.flags),
            "wanted": len(opened.wanted()) if shots else 0,
            "bin": [b.model_dump(mode="json") for b in binned],
            "results": opened.journal.result_counts(),
            "disk_bytes": opened.folder.size_bytes(),
            "unanswered": json.loads(opened.journal.meta("unanswered") or '[0, ""]'),
            "models": [asdict(s) for s in spent(opened.journal)],
            "finished": opened.journal.meta("signature") is not None,
        }
    if as_json:
        print_json(facts)
        return
    click.echo(f"{facts['production']}  (from {facts['screenplay']})")
    drawn = f", frames {facts['frames']}" if facts["frames"] else ""
    click.echo(f"scenes {facts['scenes']}, shots {facts['shots']}, clips {facts['clip_minutes']} min{drawn}")
    states = ", ".join(f"{n} {s.replace('_', ' ')}" for s, n in sorted(review.items()))
    click.echo(f"review: {states or 'no shots yet'}")
    click.echo(f"continuity: {facts['errors']} errors, {facts['warnings']} warnings; wanted assets: {facts['wanted']}")
    for used in facts["models"]:
        cost = "" if used["cost_usd"] is None else f", ${used['cost_usd']:.4f}"
        click.echo(
            f"{used['agent'].replace('_', ' ')}: {used['calls']} calls to {used['model']},"
            f" {used['input_tokens']:,} tokens in, {used['output_tokens']:,} out{cost}"
        )
    unanswered, why = facts["unanswered"]
    if unanswered:
        what = "question" if unanswered == 1 else "questions"
        click.echo(f"{unanswered} {what} to models unanswered ({why}): the next run asks again")
    for gone in binned:
        click.echo(f"in the bin: {gone.label} (its script text is gone): {' '.join(gone.source_text.split())[:70]}")
    click.echo(f"disk: {facts['disk_bytes'] / 1e6:.1f} MB")
    if not shots:
        click.echo(f"Next: shotwright run {production}", err=True)
