"""shotwright show"""

from __future__ import annotations

from pathlib import Path

import click

from shotwright.cli.cards import heading_of, kind_of, print_reading, print_scene, print_shot, read_scene
from shotwright.cli.models import scene_lines
from shotwright.cli.terminal import print_json, print_table
from shotwright.errors import InputError
from shotwright.production.opened import Production


@click.command("show")
@click.argument("production", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("what", type=click.Choice(["scene", "shot", "character", "asset", "dailies"]))
@click.argument("name", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--why", is_flag=True, help="Coordinates, ratios, and who decided what and why.")
@click.option(
    "--report/--no-report", default=None,
    help="After a scene: every point of the reader's list, or none. Without either: those that fail.",
)  # fmt: skip
def command(production: Path, what: str, name: str, as_json: bool, why: bool, report: bool | None) -> None:
    """Show a scene with its script beside its shots, or a shot, a character, an asset, or a scene's dailies.

    Dailies are the drawn frames with what the Supervisor measured on them and every round of mending. A scene is named
    by its number, a shot by its label or slate, a character by name, an asset by key. Without NAME
    they are listed. On a terminal of 96 columns or more the script stands beside the shots.
    """
    with Production(production) as opened:
        if not name:
            _list(opened, what, as_json)
        elif what == "dailies":
            from shotwright.cli.dailies import dailies_json, print_dailies

            scene = opened.find_scene(name)
            shots = next((shots for s, shots in opened.film if s == scene), [])
            if as_json:
                print_json(dailies_json(opened, scene, shots))
            else:
                print_dailies(opened, scene, shots)
        elif what == "scene":
            scene = opened.find_scene(name)
            shots = next((shots for s, shots in opened.film if s == scene), [])
            if as_json:
                print_json(
                    {
                        "brief": opened.brief(scene).model_dump(mode="json"),
                        "shots": [s.model_dump(mode="json") for s in shots],
                        "reading": [item._asdict() for item in read_scene(opened, scene, shots)],
                        "models": [r.model_dump(mode="json") for r in opened.bundles[scene].refinements],
                    }
                )
                return
            print_scene(opened, scene, shots, why=why)
            if report is not False and shots:
                print_reading(read_scene(opened, scene, shots), everything=bool(report))
            if report and (told := scene_lines(opened.bundles[scene])):
                click.echo("\nLanguage models:")
                for line in told:
                    click.echo(line)
        elif what == "shot":
            found = opened.find_shots(name)
            if as_json:
                print_json([s.model_dump(mode="json") for s in found])
                return
            for shot in found:
                print_shot(shot, why=True)
        elif what == "character":
            _show_character(opened, name, as_json)
        else:
            _show_asset(opened, name, as_json)


def _list(opened: Production, what: str, as_json: bool) -> None:
    """What may be named: a table of the scenes, shots, characters or assets."""
    rows: list[tuple[str, ...]]
    if what in ("scene", "dailies"):
        columns: tuple[str, ...] = ("number", "heading", "day", "kind", "shots", "seconds")
        shots = dict(opened.film)
        rows = [
            (
                opened.scene_numbers[s.scene_id], heading_of(s), s.story_day, kind_of(s),
                str(len(shots.get(s.scene_id, []))),
                f"{sum(shot.duration_seconds for shot in shots.get(s.scene_id, [])):.0f}",
            )
            for s in opened.story.scenes
        ]  # fmt: skip
    elif what == "shot":
        columns = ("label", "slate", "size", "seconds", "status", "action")
        rows = [
            (
                s.label, s.slate, s.technical_layer.camera.shot_size.replace("_", " "), f"{s.duration_seconds:.1f}",
                s.review.status.replace("_", " "), s.narrative_layer.action_description,
            )
            for s in opened.shots
        ]  # fmt: skip
    elif what == "character":
        columns = ("name", "id", "role", "scenes", "speeches", "asset")
        cast = {c.entity: c.key or f"wanted: {c.proposed_key}" for c in opened.casting}
        parts = {
            c.id: [p for s in opened.story.scenes for p in s.presences if p.character == c.id]
            for c in opened.story.characters
        }
        rows = [
            (
                c.name, c.id, c.role, str(len(parts[c.id])), str(sum(p.speeches for p in parts[c.id])),
                cast.get(c.id, ""),
            )
            for c in opened.story.characters
        ]  # fmt: skip
    else:
        columns = ("key", "for", "because")
        rows = [(c.key or f"wanted: {c.proposed_key}", c.entity, c.because) for c in opened.casting]
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table("", columns, rows)


def _show_character(opened: Production, name: str, as_json: bool) -> None:
    wanted = name.casefold()
    found = [
        c
        for c in opened.story.characters
        if wanted in (c.id.casefold(), c.name.casefold(), c.id.partition("/")[2], *(q.casefold() for q in c.cues))
    ]
    if not found:
        import difflib

        known = {word.casefold(): c.name for c in opened.story.characters for word in (c.name, *c.name.split())}
        close = list(dict.fromkeys(known[k] for k in difflib.get_close_matches(wanted, known, 3)))
        hint = f"did you mean {' or '.join(close)}?" if close else "shotwright show DIR character lists them"
        raise InputError(f"no character called {name}", hint=hint)
    names = {c.id: c.name for c in opened.story.characters}
    for character in found:
        scenes = [
            (opened.scene_numbers[s.scene_id], s, p)
            for s in opened.story.scenes
            for p in s.presences
            if p.character == character.id
        ]
        casting = next((c for c in opened.casting if c.entity == character.id), None)
        ties = [
            (r, names.get(r.b if r.a == character.id else r.a, ""))
            for r in opened.story.relations
            if character.id in (r.a, r.b)
        ]
        if as_json:
            print_json(
                {
                    "character": character.model_dump(mode="json"),
                    "asset": casting.model_dump(mode="json") if casting else None,
                    "relations": [r.model_dump(mode="json") for r, _ in ties],
                    "scenes": [
                        {"number": n, "look": p.look, "feels": [p.feels_from, p.feels_to]} for n, _, p in scenes
                    ],
                }
            )
            continue
        about = ", ".join(word for word in (character.id, character.role, character.gender, character.age) if word)
        click.echo(f"{character.name}  ({about})")
        if character.description:
            click.echo(f"  {character.description}")
        click.echo(f"  cues: {', '.join(character.cues) or 'never speaks'}")
        if casting:
            state = casting.key or f"wanted: {casting.proposed_key}"
            click.echo(f"  asset: {state}  ({casting.because})")
        for relation, other in ties:
            told = f": {relation.words}" if relation.words else ""
            click.echo(f"  to {other}: {_words(relation.bond)}, {relation.state}{told}")
        rows = [
            (
                number, scene.story_day, "voice" if presence.voice_only else str(presence.speeches),
                " to ".join(dict.fromkeys(_words(beat) for beat in (presence.feels_from, presence.feels_to))),
                (presence.look or "").partition("/")[2], heading_of(scene),
            )
            for number, scene, presence in scenes
        ]  # fmt: skip
        print_table("", ("scene", "day", "speeches", "feels", "look", "heading"), rows)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _show_asset(opened: Production, name: str, as_json: bool) -> None:
    uses = [
        s
        for s in opened.shots
        if any(name in (k, getattr(v, "wanted", v)) for k, v in s.digital_assets.bindings.items())
    ]
    casting = [c for c in opened.casting if name in (c.key, c.proposed_key, c.entity)]
    if not uses and not casting:
        raise InputError(f"no asset called {name}", hint="shotwright assets lists them")
    if as_json:
        print_json({"casting": [c.model_dump(mode="json") for c in casting], "shots": [s.label for s in uses]})
        return
    for match in casting:
        state = match.key or f"wanted: {match.proposed_key}"
        click.echo(f"{state}  for {match.entity}  ({match.because})")
    click.echo(f"in {len(uses)} shots: {', '.join(s.label for s in uses[:40])}{' …' if len(uses) > 40 else ''}")
