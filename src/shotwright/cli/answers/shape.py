"""A film's structure on the terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from shotwright.cli.terminal import print_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.cli.answers.names import Names
    from shotwright.model.structure import FilmStructure, TensionPoint

BARS = "▁▂▃▄▅▆▇█"
SPARKS = 96
CENTRAL, MOST_PAIRS = 20, 12
FEW = 2
"""Somebody who is introduced and then seen in fewer other scenes is a loose end; the film need not pay off a lead."""


def print_structure(shape: FilmStructure, names: Names) -> None:
    """The whole analysis, a table a part."""
    _print_acts(shape, names)
    print_table(
        "Characters, the most central first",
        ("character", "role", "scenes", "speeches", "shares scenes with", "betweenness", "pagerank", "keeps with"),
        [
            (
                c.name, c.role, str(c.scenes), str(c.speeches), str(c.partners), f"{c.betweenness:.3f}",
                f"{c.pagerank:.3f}", shape.communities[c.community].name,
            )
            for c in shape.characters[: CENTRAL if sys.stdout.isatty() else None]
        ],
    )  # fmt: skip
    _space()
    print_table(
        "Most together",
        ("a", "b", "scenes", "speeches"),
        [(names.show(p.a), names.show(p.b), str(p.scenes), str(p.speeches)) for p in shape.pairs[:MOST_PAIRS]],
    )
    _space()
    print_table(
        f"Who keeps together (modularity {shape.modularity:.2f})",
        ("around", "characters", "who"),
        [
            (group.name, str(len(group.members)), ", ".join(map(names.show, group.members)))
            for group in shape.communities
            if len(group.members) > 1
        ],
    )
    _space()
    _print_tension(shape, names)
    _space()
    loose = [
        *((f"{bridge.name} alone joins", ", ".join(map(names.show, bridge.cut_off))) for bridge in shape.bridges),
        *((f"{a.name} is away", f"{a.scenes} scenes, {names.number(a.after)} to {names.number(a.until)}")
          for a in shape.absences),
        *((f"introduced in {names.show(p.scene)}, never paid off", f"{p.summary} {_again(p.seen_again)}")
          for p in shape.introduced if p.seen_again < FEW or not p.about.startswith("character/")),
        *((f"only in scene {names.number(once.scene)}", f"{once.name} ({once.kind})") for once in shape.seen_once),
        *((f"scene {names.number(scene)}", "shares nobody, no place and no thing with another") for scene in
          shape.lone_scenes),
    ]  # fmt: skip
    print_table("Loose ends", ("what", "which"), loose)


def highlights(shape: FilmStructure, names: Names) -> list[tuple[str, str]]:
    """(what, in words) of the little that says most."""
    told: list[tuple[str, str]] = []
    if shape.characters and shape.characters[0].scenes:
        first = shape.characters[0]
        told.append(("at the centre", f"{first.name}, in {first.scenes} of {shape.scenes} scenes"))
    if shape.pairs:
        pair = shape.pairs[0]
        told.append(("most together", f"{names.show(pair.a)} and {names.show(pair.b)}, {pair.scenes} scenes"))
    groups = [group for group in shape.communities if len(group.members) > 1]
    if len(groups) > 1:
        told.append(("keep together", ", ".join(f"{g.name} and {len(g.members) - 1}" for g in groups[:4])))
    tightest = max(shape.tension, key=lambda p: (p.tension, -p.order), default=None)
    if tightest is not None and tightest.tension:
        feeling = tightest.feeling.replace("_", " ")
        told.append(("tightest", f"scene {names.number(tightest.scene)}, {feeling} {tightest.intensity:g}"))
    if shape.acts:
        told.append(("acts", ", ".join(f"{act.act} {act.share:.0%}" for act in shape.acts)))
    if shape.absences:
        away = shape.absences[0]
        where = f"scenes {names.number(away.after)} and {names.number(away.until)}"
        told.append(("longest away", f"{away.name}, {away.scenes} scenes between {where}"))
    if shape.bridges:
        bridge = shape.bridges[0]
        told.append(("holds together", f"{bridge.name}, alone the link to {len(bridge.cut_off)} others"))
    forgotten = [entry for entry in shape.introduced if not entry.seen_again]
    if shape.introduced:
        told.append(
            ("left open", f"{len(shape.introduced)} introduced and not paid off, {len(forgotten)} never seen again")
        )
    return told


def sparks(points: Sequence[TensionPoint], width: int) -> str:
    """The tension curve in one line of block characters, at most `width` of them."""
    if not points:
        return ""
    count = min(width, len(points))
    cells = [points[len(points) * i // count : max(1 + len(points) * i // count, len(points) * (i + 1) // count)]
             for i in range(count)]  # fmt: skip
    means = [sum(p.smoothed for p in cell) / len(cell) for cell in cells]
    return "".join(BARS[min(len(BARS) - 1, int(mean * len(BARS)))] for mean in means)


def _print_acts(shape: FilmStructure, names: Names) -> None:
    if shape.acts:
        first = [names.number(shape.tension[act.first].scene) for act in shape.acts]
        last = [names.number(shape.tension[act.last].scene) for act in shape.acts]
        print_table(
            "Acts",
            ("act", "scenes", "from", "to", "pages", "share"),
            [
                (act.act, str(act.scenes), a, b, f"{act.eighths / 8:.1f}", f"{act.share:.0%}")
                for act, a, b in zip(shape.acts, first, last, strict=True)
            ],
        )
        _space()


def _print_tension(shape: FilmStructure, names: Names) -> None:
    if sys.stdout.isatty():
        click.secho(f"Tension, mean over {shape.window} scenes", bold=True)
        click.echo(sparks(shape.tension, SPARKS))
        return
    print_table(
        "",
        ("scene", "tension", "smoothed", "feeling", "intensity", "valence"),
        [
            (names.number(p.scene), f"{p.tension:.2f}", f"{p.smoothed:.2f}", p.feeling, f"{p.intensity:g}",
             f"{p.valence:+.2f}")
            for p in shape.tension
        ],
    )  # fmt: skip


def _again(scenes: int) -> str:
    return "(never seen again)" if not scenes else f"(in {scenes} other scene{'' if scenes == 1 else 's'})"


def _space() -> None:
    click.echo("")
