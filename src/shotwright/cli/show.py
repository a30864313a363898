"""shotwright show"""

from __future__ import annotations

from pathlib import Path

import click

from shotwright.cli.cards import print_reading, print_scene, print_shot
from shotwright.cli.terminal import print_json
from shotwright.errors import InputError
from shotwright.production.studio import Production


@click.command("show")
@click.argument("production", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("what", type=click.Choice(["scene", "shot", "character", "asset"]))
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--why", is_flag=True, help="Coordinates, ratios, and who decided what and why.")
@click.option("--report/--no-report", default=True, help="After a scene: what a reader ticks, ticked by a program.")
def command(production: Path, what: str, name: str, as_json: bool, why: bool, report: bool) -> None:
    """Show a scene with its script beside its shots, or a shot, a character or an asset."""
    with Production(production) as opened:
        if what == "scene":
            scene = opened.find_scene(name)
            shots = next((shots for s, shots in opened.film if s == scene), [])
            if as_json:
                brief = opened.brief(scene)
                dumped = [s.model_dump(mode="json") for s in shots]
                print_json({"brief": brief.model_dump(mode="json"), "shots": dumped})
                return
            print_scene(opened, scene, shots, why=why)
            if report and shots:
                print_reading(opened, scene, shots)
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


def _show_character(opened: Production, name: str, as_json: bool) -> None:
    wanted = name.casefold()
    found = [
        c
        for c in opened.story.characters
        if wanted in (c.id.casefold(), c.name.casefold(), c.id.partition("/")[2], *(q.casefold() for q in c.cues))
    ]
    if not found:
        import difflib

        close = difflib.get_close_matches(name, [c.name for c in opened.story.characters], 3)
        raise InputError(f"no character called {name}", hint="close: " + ", ".join(close) if close else "")
    for character in found:
        scenes = [
            (opened.scene_numbers[s.scene_id], s, p)
            for s in opened.story.scenes
            for p in s.presences
            if p.character == character.id
        ]
        casting = next((c for c in opened.casting if c.entity == character.id), None)
        if as_json:
            print_json(
                {
                    "character": character.model_dump(mode="json"),
                    "asset": casting.model_dump(mode="json") if casting else None,
                    "scenes": [
                        {"number": n, "look": p.look, "feels": [p.feels_from, p.feels_to]} for n, _, p in scenes
                    ],
                }
            )
            continue
        click.echo(f"{character.name}  ({character.id}, {character.role}, {character.gender})  {character.age}")
        if character.description:
            click.echo(f"  {character.description}")
        click.echo(f"  cues: {', '.join(character.cues) or 'never speaks'}")
        if casting:
            state = casting.key or f"wanted: {casting.proposed_key}"
            click.echo(f"  asset: {state}  ({casting.because})")
        for number, scene, presence in scenes:
            look = (presence.look or "").partition("/")[2]
            voice = "  voice only" if presence.voice_only else ""
            click.echo(
                f"  scene {number:>4}  {scene.story_day:<4} {presence.speeches:>3} speeches  "
                f"{presence.feels_from} -> {presence.feels_to}  {look}{voice}  {scene.slugline.raw}"
            )


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
