"""Makes docs/shot.md and the made parts of README.md, docs/guide.md and docs/story-graph.md.

They come from the code, the example film and the figures.

Usage: python docs/make_reference.py [SHOTS.json]      the excerpt in the README is renewed when shots are given
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import sqlite3
import sys
import tomllib
from contextlib import closing
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import click

import shotwright.model.crew
import shotwright.model.shot
import shotwright.model.vocabulary
from shotwright.cli import COMMANDS, root
from shotwright.cli.answers import options
from shotwright.model.graph import COLLECTIONS, RELATIONS
from shotwright.model.queries import QUERIES
from shotwright.production import config

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results.json"
SCENE = "15"
WIDTH = 124

OWNERS = {
    "contextual_layer": "Architect",
    "source": "Director",
    "duration_frames": "Director",
    "duration_seconds": "Director",
    "duration_reason": "Director",
    "cuts": "Director",
    "function": "Director",
    "transition_in": "Director",
    "continues_shot_id": "Director",
    "added": "Director",
    "narrative_layer": "Director",
    "on_screen_text": "Director",
    "setup_id": "Cinematographer",
    "technical_layer": "Cinematographer",
    "audio": "Director (dialogue), Sound Designer",
    "digital_assets": "Art Director",
    "continuity": "Continuity Supervisor",
    "review": "people",
    "takes": "people",
    "frames": "later: nothing draws yet",
}
"""Field of a shot -> who sets it; the rest are names and numbers given when the film is put together."""

ORDER = (
    "Shot", "Cut", "Source", "NarrativeLayer", "ContextualLayer", "EmotionalBeat", "TechnicalLayer", "Camera",
    "Movement", "Lens", "Focus", "Lighting", "LightEvent", "Staging", "Line", "Subject", "Gaze", "Travel", "Hands",
    "Audio", "DialogueLine", "SoundEffect", "MusicCue", "DigitalAssets", "Wanted", "Frame", "Take", "Continuity",
    "Flag", "Review", "Provenance",
)  # fmt: skip

INTRO = """# The shot JSON

One object a shot, label `shotwright/shot@1`. `shotwright schema shot` prints its JSON Schema, which also lies under
[schema/shot.json](schema/shot.json); `shotwright schema --list` names the others. This page is made from the code by
`docs/refresh`.

A shot is a clip, what one generation delivers; a cut is what the audience sees of it. Lengths are in metres, angles in
degrees, colours in kelvin, times in frames, and seconds where the name says so. Seen from the scene's master camera x
runs to screen right, y up and z towards the camera; a heading or light azimuth of 0° points along +z, +90° along +x.

Outside `digital_assets` everything is called by its story id (`character/della`, `prop/mug`); `bindings` maps story ids
to the keys of your asset library, or says what is *wanted*. `shotwright export DIR --to json --layout flat` writes a
flatter form of the same shots with the camera, light and sound as phrases.

What always holds: every speech is in exactly one run of shots, in order, word for word, and every action sentence is in
at least one; a run proves it each time and fails if it is not so. Two neighbours never share a purpose.
"""


def documented(module: Any) -> dict[str, list[tuple[str, str, str, str]]]:
    """Class -> its fields as (name in the JSON, type as written, default as written, docstring), from the source."""
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.ClassDef) and hasattr(getattr(module, node.name), "model_fields"):
            found[node.name] = list(_fields(getattr(module, node.name), node))
    return found


@cache
def meanings() -> dict[str, dict[str, str]]:
    """Class -> field -> what it means, for fields on which the model is silent."""
    return tomllib.loads((ROOT / "docs" / "meanings.toml").read_text())


def _fields(model: Any, node: ast.ClassDef) -> Any:
    for here, after in zip(node.body, [*node.body[1:], None], strict=True):
        if not isinstance(here, ast.AnnAssign) or not isinstance(here.target, ast.Name):
            continue
        field = model.model_fields[here.target.id]
        text = ""
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            text = " ".join(str(after.value.value).split())
        default = "" if field.is_required() else _default(field.get_default(call_default_factory=True))
        text = text or meanings().get(node.name, {}).get(here.target.id, "")
        yield field.alias or here.target.id, ast.unparse(here.annotation), default, text


def _default(value: Any) -> str:
    if isinstance(value, str | int | float | bool | None):
        return json.dumps(value)
    return "[]" if value == () else "{}" if value == {} else ""


def vocabulary() -> dict[str, tuple[str, ...]]:
    """Name -> its words, for every vocabulary of the shot."""
    module = shotwright.model.vocabulary
    names = {"AgentName": "Agent"}
    used = set(re.findall(r"\b[A-Z]\w+\b", inspect.getsource(shotwright.model.shot)))
    used |= {names[n] for n in used & names.keys()}
    return {
        name: tuple(value.__args__)
        for name, value in vars(module).items()
        if name in used and getattr(value, "__args__", None) and all(isinstance(a, str) for a in value.__args__)
    }


def _type(written: str, words: dict[str, tuple[str, ...]]) -> str:
    written = re.sub(r"tuple\[(.+), \.\.\.\]", r"list of \1", written).replace("AgentName", "Agent")
    written = re.sub(
        r"Literal\[(.+?)\]", lambda m: ", ".join(f"`{w}`" for w in re.findall(r"'([^']+)'", m[1])), written
    )
    written = re.sub(r"\b(?:Entity|Scene|Setup|Shot|Unit)Id\b", "id", written)
    plain = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false", "Unit01": "0 to 1",
             "Point": "[x, y, z]", " | None": ", or null", " | ": " or "}  # fmt: skip
    written = re.sub(r"dict\[(.+?), (.+)\]", r"map of \1 to \2", written)
    written = written.replace("tuple[int, int]", "[first, last]")
    for old, new in plain.items():
        written = re.sub(rf"\b{re.escape(old)}\b" if old[0] != " " else re.escape(old), new, written)

    def link(match: re.Match[str]) -> str:
        name = match[0]
        return f"[{name}](#{name.lower()})" if name in words or name in ORDER else name

    return re.sub(r"\b[A-Z]\w+\b", link, written)


def shot_reference() -> str:
    """docs/shot.md, whole."""
    module, words = shotwright.model.shot, vocabulary()
    fields = documented(module)
    silent = [f"{name}.{field[0]}" for name, rows in fields.items() for field in rows if not field[3]]
    assert not silent, f"say in docs/meanings.toml what these mean: {', '.join(silent)}"
    assert set(ORDER) == set(fields), sorted(set(ORDER) ^ set(fields))
    parts = [INTRO]
    for name in ORDER:
        about = inspect.cleandoc(getattr(module, name).__doc__ or "")
        own = about if about and not about.startswith("A frozen pydantic") else ""
        parts.append(f"## {name}\n" + (f"\n{own}\n" if own else ""))
        column = "Set by | " if name == "Shot" else ""
        parts.append(f"| Field | Type | Default | {column}Meaning |\n|---|---|---|---|" + ("---|" if column else ""))
        for field, kind, default, text in fields[name]:
            shown = f"`{default}`" if default else ""
            who = f"{OWNERS.get(field, '')} | " if column else ""
            parts.append(f"| `{field}` | {_type(kind, words)} | {shown} | {who}{text} |")
        parts.append("")
    parts.append("# Vocabularies\n")
    for name, members in words.items():
        parts.append(f"## {name}\n\n{', '.join(f'`{m}`' for m in members)}\n")
    return "\n".join(parts).rstrip() + "\n"


def settings_table() -> str:
    """Every key of shotwright.toml with its default and what it means."""
    says = {}
    for section, field in config.Settings.model_fields.items():
        kind = field.annotation.__name__  # type: ignore[union-attr]
        module = shotwright.model.crew if kind == "FilmSettings" else config
        says |= {f"{section}.{name}": text for name, _, _, text in documented(module)[kind]}
    lines = ["| Setting | Default | Meaning |", "|---|---|---|"]
    for key, default in config.known_keys().items():
        shown = json.dumps(list(default) if isinstance(default, tuple) else default)
        lines.append(f"| `{key}` | `{shown}` | {says[key]} |")
    return "\n".join(lines)


def graph_nodes() -> str:
    """Every kind of node: its collection, what it is, and its fields, from the views that raw SQL sees."""
    rows = ["| Kind | Collection | What it is | Fields |", "|---|---|---|---|"]
    views = graph_views()
    for kind, collection in COLLECTIONS.items():
        own = [name for name in views[collection] if name not in ("production", "id", "order", "data")]
        fields = ", ".join(f"`{name}`" for name in own)
        rows.append(f"| `{kind}` | `{collection}` | {meanings()['graph_nodes'][kind]} | {fields} |")
    return "\n".join(rows)


def graph_edges() -> str:
    """Every kind of edge: its ends, what it says, and its fields."""
    rows = ["| Edge | From | To | What it says | Fields |", "|---|---|---|---|---|"]
    views = graph_views()
    for kind, (sources, targets) in RELATIONS.items():
        ends = [", ".join(name.replace("_", " ") for name in names) for names in (sources, targets)]
        own = [name for name in views[kind] if name not in ("production", "key", "src", "dst", "order", "data")]
        fields = ", ".join(f"`{name}`" for name in own)
        rows.append(f"| `{kind}` | {ends[0]} | {ends[1]} | {meanings()['graph_edges'][kind]} | {fields} |")
    return "\n".join(rows)


def graph_views() -> dict[str, list[str]]:
    """View -> its columns, as the embedded store defines them."""
    home = resources.files("shotwright.adapters.story_store.sqlite")
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(
            "CREATE TABLE nodes (production, id, ord, kind, data, version, scope, words);"
            "CREATE TABLE edges (production, key, kind, src, dst, ord, data, scope);"
        )
        db.executescript(home.joinpath("views.sql").read_text("utf-8"))
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'view'")]
        return {name: [row[1] for row in db.execute(f'PRAGMA table_info("{name}")')] for name in names}


def graph_queries() -> str:
    """Every named query: what it takes, what it answers, and the columns of its rows."""
    rows = ["| Query | Takes | What it answers | Rows |", "|---|---|---|---|"]
    for query in QUERIES.values():
        takes = "<br>".join(f"`{part}`" for part in options.takes(query).split())
        columns = ", ".join(f"`{name}`" for name in query.row.model_fields)
        rows.append(f"| `{query.name}` | {takes} | {query.what} | {columns} |")
    return "\n".join(rows)


def fill_graph(text: str) -> str:
    """docs/story-graph.md with its made parts."""
    for name, made in (("nodes", graph_nodes), ("edges", graph_edges), ("queries", graph_queries)):
        text = fill(text, name, made())
    return text


def option_tables() -> str:
    """Every command with its arguments and options, from the command line itself."""
    parts: list[str] = []
    for name in COMMANDS:
        command = root.get_command(click.Context(root), name)
        assert command is not None
        parts += _command(name, command)
        if isinstance(command, click.Group):
            for sub, verb in command.commands.items():
                parts += _command(f"{name} {_first(command)}{sub}", verb)
    return "\n".join(parts).rstrip()


def _first(group: click.Group) -> str:
    """What stands between a group's name and its verb: `review DIR list`, but `vision serve`."""
    return "DIR " if (group.subcommand_metavar or "").startswith("DIR") else ""


def _command(path: str, command: click.Command) -> list[str]:
    metavars = [p.make_metavar(click.Context(command)) for p in command.params if isinstance(p, click.Argument)]
    shown = [m for m in metavars if not (path.startswith("review") and m == "DIR")]
    tail = f" {_first(command)}COMMAND …" if isinstance(command, click.Group) else "".join(f" {m}" for m in shown)
    about = " ".join(inspect.cleandoc(command.help or "").split("\n\n")[0].split())
    parts = [f"### `shotwright {path}{tail}`", "", about, ""]
    options = [p for p in command.params if isinstance(p, click.Option)]
    for option in options:
        names = "/".join(f"`{o}`" for o in [*option.opts, *option.secondary_opts])
        value = "" if option.is_flag else f" {option.make_metavar(click.Context(command))}"
        parts.append(f"- {names}{value.replace('|', ' | ') if '[' in value else value}: {option.help}")
    return [*parts, ""] if options else parts


def excerpt(film: dict[str, Any]) -> str:
    """One shot of the film, cut down to what a reader of the README wants to see."""
    scene = [s for s in film["shots"] if s["scene_number"] == SCENE]
    talk = [s for s in scene if len(s["audio"]["dialogue"]) == 1]
    shot = max(talk or scene, key=lambda s: bool(s["audio"]["sound_effects"]))
    technical, audio = shot["technical_layer"], shot["audio"]
    camera, light, staging = technical["camera"], technical["lighting"], technical["staging"]

    def pick(tree: dict[str, Any], *names: str) -> dict[str, Any]:
        return {name: tree[name] for name in names}

    kept = {
        **pick(shot, "label", "slate", "duration_seconds", "source", "function"),
        "narrative_layer": shot["narrative_layer"],
        "technical_layer": {
            "camera": {
                **pick(camera, "shot_size", "framing"),
                "lens": pick(camera["lens"], "focal_mm"),
                **pick(camera, "position_m"),
            },
            "lighting": pick(light, "key_style", "contrast_ratio", "azimuth_deg", "color_temperature_k"),
            "staging": {"subjects": [pick(s, "entity", "screen_position", "gaze") for s in staging["subjects"][:1]]},
        },
        "audio": {
            "dialogue": [pick(d, "speaker", "text", "start_seconds") for d in audio["dialogue"]],
            "sound_effects": [pick(e, "name", "start_seconds", "from") for e in audio["sound_effects"][:1]],
        },
        "digital_assets": {"bindings": _bindings(shot)},
        "provenance": {
            "technical_layer.camera": pick(shot["provenance"]["technical_layer.camera"], "by", "mind", "because"),
        },
    }
    kept["source"] = pick(kept["source"], "lines")
    return f"```json\n{_folded(kept)}\n```"


def _bindings(shot: dict[str, Any]) -> dict[str, Any]:
    """Two that were found, and one that is wanted if there is one."""
    bound = shot["digital_assets"]["bindings"]
    found = [k for k, v in bound.items() if isinstance(v, str)][:2]
    wanted = [k for k, v in bound.items() if not isinstance(v, str)][:1]
    return {key: bound[key] for key in found + wanted}


def _folded(value: Any, depth: int = 0) -> str:
    """JSON that keeps on one line what fits on one."""
    flat = json.dumps(value, ensure_ascii=False)
    pad = "  " * depth
    if len(flat) + len(pad) <= WIDTH or not isinstance(value, dict | list) or not value:
        return flat
    if len(value) == 1:
        (only,) = value.items() if isinstance(value, dict) else [("", value[0])]
        head = f"{json.dumps(only[0])}: " if isinstance(value, dict) else ""
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        return f"{opening}{head}{_folded(only[1], depth)}{closing}"
    if isinstance(value, list):
        inner = ",\n".join(f"{pad}  {_folded(v, depth + 1)}" for v in value)
        return f"[\n{inner}\n{pad}]"
    rows, line = [], ""
    for key, item in value.items():
        entry = f"{json.dumps(key)}: {_folded(item, depth + 1)}"
        if line and len(pad) + 4 + len(line) + len(entry) <= WIDTH and not isinstance(item, dict) and "\n" not in entry:
            line += f", {entry}"
            continue
        if line:
            rows.append(line)
        line = entry
    rows.append(line)
    inner = ",\n".join(f"{pad}  {row}" for row in rows)
    return f"{{\n{inner}\n{pad}}}"


def figures(results: dict[str, Any]) -> str:
    """The README's table of measured figures, from what scripts/bench wrote."""
    runs, literal, edited = results["runs"], results["literal"], results["edited"]
    edits, kills = results["insertions"], results["kill_9"]
    inside = f"{literal['clips_in_5_to_7_s']:.1%} last 5 to 7 s, {literal['clips_over_7_s']} longer"
    resumed = f"{kills['identical_after_resume']} identical, committed steps redone: {kills['committed_steps_redone']}"
    rows = [
        ("Screenplay to complete shots, from nothing", f"{runs['run_wall_s']} s, {runs['run_peak_mb']:.0f} MB"),
        ("The same run again, nothing changed", f"{runs['second_run_wall_s']} s"),
        ("Two runs, byte for byte", "equal" if runs["two_runs_byte_equal"] else "not equal"),
        ("Clips", f"{literal['shots']} from {literal['setups']} set-ups; {inside}"),
        ("Cut film, `edited` style", f"{edited['cut_minutes']:.0f} min of {edited['pages']:.0f} pages"),
        ("Continuity of the finished film", f"{literal['errors']} errors, {literal['warnings']} warnings"),
        (
            f"One line inserted, {edits['edits']} times",
            f"{edits['wall_s']} s each; ids changed outside the scene: {edits['ids_changed_outside_the_scene']}",
        ),
        (f"kill -9 at {kills['of']} points, then `run`", resumed),
    ]
    told = [
        f"Measured by `scripts/bench` on {results['script']} ({results['machine']}, Python {results['python']}):",
        "",
    ]
    told += ["| | |", "|---|---|", *(f"| {what} | {value} |" for what, value in rows)]
    return "\n".join(told)


def fill(text: str, name: str, content: str) -> str:
    """The text with the made part of that name replaced."""
    pattern = re.compile(rf"(<!-- made: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    assert pattern.search(text), f"no made part called {name}"
    return pattern.sub(lambda m: f"{m[1]}{content}\n{m[2]}", text)


def main(shots: Path | None) -> None:
    (ROOT / "docs" / "shot.md").write_text(shot_reference())
    guide = ROOT / "docs" / "guide.md"
    guide.write_text(fill(fill(guide.read_text(), "settings", settings_table()), "commands", option_tables()))
    graph = ROOT / "docs" / "story-graph.md"
    graph.write_text(fill_graph(graph.read_text()))
    readme = ROOT / "README.md"
    text = readme.read_text()
    if shots is not None:
        text = fill(text, "excerpt", excerpt(json.loads(shots.read_text())))
    if RESULTS.exists():
        text = fill(text, "figures", figures(json.loads(RESULTS.read_text())))
    readme.write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
