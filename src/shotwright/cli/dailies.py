"""The dailies of a scene on a terminal: its frames, what was measured on them, and the rounds they went through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from shotwright.cli.terminal import print_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.frame import Viewing
    from shotwright.model.shot import Shot
    from shotwright.model.vision import CharacterScore
    from shotwright.production.opened import Production


def dailies_json(opened: Production, scene: str, shots: Sequence[Shot]) -> dict[str, Any]:
    """The dailies as values: frames with their files, scores and flags of every round, the log."""
    screened = opened.screened.get(scene)
    return {
        "shots": [
            {
                "shot_id": shot.shot_id,
                "label": shot.label,
                "frames": [{**f.model_dump(mode="json"), "file": _file(opened, f.sha256)} for f in shot.frames],
                "continuity": shot.continuity.model_dump(mode="json"),
            }
            for shot in shots
        ],
        "rounds": [v.model_dump(mode="json") for v in screened.viewings] if screened is not None else [],
        "log": list(screened.log) if screened is not None else [],
    }


def print_dailies(opened: Production, scene: str, shots: Sequence[Shot]) -> None:
    """One row a shot, then the story of the rounds."""
    screened = opened.screened.get(scene)
    if screened is None:
        click.echo("no frames of this scene yet: they are drawn by shotwright run, with the vision extra installed")
        return
    first, last = (screened.viewings[0], screened.viewings[-1]) if screened.viewings else (None, None)
    rows = [
        (
            shot.label,
            " ".join(f.at if f.by == "boards" else f"{f.at} ({f.by})" for f in shot.frames),
            shot.continuity.measured_on,
            _people(last, shot),
            "" if shot.continuity.quality is None else f"{shot.continuity.quality:.2f}",
            _what_happened(shot, first, last),
        )
        for shot in shots
    ]
    print_table("", ("shot", "frames", "measured on", "who, how surely", "quality", "flags"), rows)
    if last is not None and last.model is not None:
        click.echo(f"eyes: {last.model.name}, calibrated on {last.model.calibration}")
    if screened.pending:
        click.echo(f"not measured: {screened.pending}")
    for line in screened.log:
        click.echo(f"  {line}")
    click.echo(f"frames lie in {opened.folder.frames}; a sheet of them: shotwright export DIR --to contact-sheet")


def _people(viewing: Viewing | None, shot: Shot) -> str:
    found = next((p for p in viewing.people if p.shot_id == shot.shot_id), None) if viewing is not None else None
    return ", ".join(_score(c) for c in found.characters) if found is not None else ""


def _score(score: CharacterScore) -> str:
    name = score.character.partition("/")[2].replace("_", " ")
    if score.score is None or score.passed is None:
        return f"{name} {score.status.replace('_', ' ')}"
    return f"{name} {score.score:.2f}" + ("" if score.passed else f" {score.status.replace('_', ' ')}")


def _what_happened(shot: Shot, first: Viewing | None, last: Viewing | None) -> str:
    before = {f.code for f in first.flags if f.shot_id == shot.shot_id and f.severity == "error"} if first else set()
    after = {f.code for f in last.flags if f.shot_id == shot.shot_id and f.severity == "error"} if last else set()
    mended = [f"{code} mended" for code in sorted(before - after)]
    return ", ".join([*sorted(after), *mended])


def _file(opened: Production, sha256: str) -> str:
    path = opened.blobs.find(sha256)
    return str(path) if path is not None else ""
