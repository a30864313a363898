"""The laws of the house, as far as a program can check them."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "shotwright"
MODULES = sorted(SOURCE.rglob("*.py"))


def test_the_import_contracts_hold() -> None:
    found = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_module_says_what_it_is_for_and_fits_on_a_desk(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 500, "a room of over 500 lines wants splitting"
    tree = ast.parse(text)
    if path.name not in ("__main__.py",) and tree.body:
        assert ast.get_docstring(tree), "no module docstring"


def test_nothing_prints_but_the_command_line() -> None:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "print", f"{path}:{node.lineno}"


def test_no_room_is_called_a_drawer() -> None:
    for path in MODULES:
        assert not re.search(r"utils?|helpers?|manager|^base|common", path.stem), path


def test_help_starts_without_the_heavy_libraries() -> None:
    heavy = "('pydantic', 'rich', 'sqlite3')"
    code = f"import sys; from shotwright.cli import root; print(sorted(m for m in {heavy} if m in sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_every_command_has_help_and_is_listed() -> None:
    from click.testing import CliRunner

    from shotwright.cli import COMMANDS, root

    for name in COMMANDS:
        answer = CliRunner().invoke(root, [name, "--help"])
        assert answer.exit_code == 0, answer.output
        assert len(answer.output.split()) > 12
    modules = {p.stem for p in (SOURCE / "cli").glob("*.py")} - {"__init__", "terminal", "cards", "dailies", "models"}
    assert modules == set(COMMANDS)
