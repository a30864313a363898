"""The stage and the clean scenes of this room's tests, importable by their own names."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]


def _load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


_load("supervisor_stage", HERE / "supervisor_stage.py")
_load("supervisor_scenes", HERE / "supervisor_scenes.py")


@pytest.fixture(scope="session")
def mutator() -> Any:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    return _load("plant_errors", ROOT / "benchmarks" / "plant_errors.py")


@pytest.fixture(scope="session")
def careless() -> Any:
    return _load("plant_by_hand", ROOT / "benchmarks" / "plant_by_hand.py")
