"""What the documents say holds: commands run, made parts are current, links resolve, no machine shows through."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
from PIL import Image

from shotwright import RunRequest, run_production
from shotwright.cli import COMMANDS, root
from shotwright.exports import schemas

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[3]
README, GUIDE, CONTRIBUTING = ROOT / "README.md", ROOT / "docs" / "guide.md", ROOT / "CONTRIBUTING.md"
GRAPH = ROOT / "docs" / "story-graph.md"
VISION = ROOT / "docs" / "vision-service.md"
PAGES = (README, GUIDE, CONTRIBUTING, GRAPH, VISION, ROOT / "docs" / "shot.md")

SCRIPT = """Title: Two Cups

INT. KITCHEN - NIGHT

Rain on the window. ANNA, 30, pours tea into two cups. She sets one in front of an empty chair.

ANNA
He said he would be back before the rain, and he has never once been late for anything.

BEN, 35, stands in the doorway, soaked. He does not come in.

BEN
I was.

She looks at the second cup. It has gone cold. Ben puts his hat on the table and sits down.
"""

STAND_INS = {
    "012-0030": "001-0010", "012-0040": "001-0020", "scene 12": "scene 1", "12B": "1", "12": "1", "Della": "Anna",
    "char_joss_v01": "char_anna_v01",
    "Joss": "Ben",
}  # fmt: skip
"""What the documents name -> what the small production has."""


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def commands(*pages: Path) -> list[list[str]]:
    """Every command line of the sh and console blocks, split into words."""
    found = []
    for page in pages:
        for block in re.findall(r"```(?:sh|console)\n(.*?)```", page.read_text(), re.DOTALL):
            lines = (line.removeprefix("$ ") for line in block.splitlines())
            found += [words for line in lines if (words := shlex.split(line, comments=True))]
    return found


SHOTWRIGHT = [words[1:] for words in commands(README, GUIDE, CONTRIBUTING, GRAPH) if words[0] == "shotwright"]


@pytest.mark.parametrize("words", SHOTWRIGHT, ids=" ".join)
def test_every_command_shown_exists_with_its_options(words: list[str]) -> None:
    name, *args = words
    command = root.get_command(click.Context(root), name)
    assert command is not None, name
    if isinstance(command, click.Group):
        folder, verb, *rest = args
        command, args = command.commands[verb], [folder, *rest]
    command.make_context(name, args)


def test_every_script_shown_is_there_and_can_be_run() -> None:
    shown = {words[0] for words in commands(*PAGES) if "/" in words[0] and "=" not in words[0]}
    assert {"scripts/run", "scripts/test"} <= shown
    for name in shown:
        assert (ROOT / name).stat().st_mode & 0o100, name


def test_the_commands_of_the_readme_and_the_guide_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    for folder in ("my_assets", "studio_assets"):
        (tmp_path / folder).mkdir()
    monkeypatch.setenv("SHOTWRIGHT_BOARDS_DRAW", "setups")
    monkeypatch.setenv("SHOTWRIGHT_VISION_BACKBONE", "classical")
    Image.new("RGB", (64, 36), (90, 80, 70)).save(tmp_path / "still.png")
    script = tmp_path / "film.fountain"
    script.write_text(SCRIPT)
    run_production(RunRequest(script))
    ran = 0
    for words in SHOTWRIGHT:
        if any("last_bird_in" in word for word in words):
            continue
        code: Any = root.main([STAND_INS.get(word, word) for word in words], standalone_mode=False)
        assert code in (None, 0, 3), words
        ran += 1
    assert ran > 30
    assert json.loads((tmp_path / "flat.json").read_text())["layout"] == "flat"


def test_the_made_parts_are_current() -> None:
    made = load("make_reference")
    stale = "run docs/refresh"
    assert (ROOT / "docs" / "shot.md").read_text() == made.shot_reference(), stale
    guide = GUIDE.read_text()
    assert made.fill(guide, "settings", made.settings_table()) == guide, stale
    assert made.fill(guide, "commands", made.option_tables()) == guide, stale
    assert made.fill_graph(GRAPH.read_text()) == GRAPH.read_text(), stale
    if made.RESULTS.exists():
        readme = README.read_text()
        assert made.fill(readme, "figures", made.figures(json.loads(made.RESULTS.read_text()))) == readme, stale


def test_the_guide_tells_of_every_command_in_its_own_words() -> None:
    told = GUIDE.read_text().partition("## Every command")[0]
    for name in set(COMMANDS):
        assert f"shotwright {name}" in told, name


def test_the_excerpt_is_a_shot_of_the_example_film() -> None:
    block = re.search(r"made: excerpt -->\n```json\n(.*?)```", README.read_text(), re.DOTALL)
    assert block is not None
    shot = json.loads(block[1])
    film = (ROOT / "examples" / "last_bird_in" / "last_bird_in.fountain").read_text()
    assert [line["text"] for line in shot["audio"]["dialogue"] if line["text"] not in film] == []
    known = set(re.findall(r'"(\w+)":', json.dumps(schemas()["shot"])))
    assert {k for k in _keys(shot) if "/" not in k and "." not in k} <= known


def _keys(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_keys, value))
    return set(value) | set().union(*map(_keys, value.values())) if isinstance(value, dict) else set()


def test_the_readme_is_read_in_a_minute() -> None:
    assert len(README.read_text().splitlines()) <= 145


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_resolve(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        path, _, anchor = target.partition("#")
        assert "://" not in path, f"{target}: a page that may go away"
        goal = (page.parent / path) if path else page
        assert goal.exists(), target
        if anchor:
            assert anchor in anchors(goal), target


@pytest.mark.parametrize("name", ["show.svg", "floor_plan.svg", "story_map.svg"])
def test_a_picture_fetches_nothing(name: str) -> None:
    picture = (ROOT / "docs" / name).read_text()
    assert not re.search(r"https?://(?!www\.w3\.org/)|@font-face|<script|<image", picture)


def test_no_file_tells_of_a_machine() -> None:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("NOT A GIT CHECKOUT: tracked files are not known here")
    tells = re.compile(
        r"/work/(?:main|shared|venv|briefs)|/root/|/home/\w|/Users/\w|pypi\.org|pythonhosted|registry\.npm|artifactory|"
        r"(?!127\.0\.0\.1)(?<!\d)(?:\d{1,3}\.){3}\d{1,3}:\d{4}"
    )
    found = []
    for name in filter(None, listing.stdout.split("\0")):
        path = ROOT / name
        if path == Path(__file__).resolve() or not path.is_file() or path.suffix in (".png", ".jpg"):
            continue
        hit = tells.search(path.read_text(errors="replace"))
        if hit:
            found.append(f"{name}: {hit[0]}")
    assert found == []
