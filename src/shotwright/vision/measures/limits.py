"""The limits of limits.toml, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def limits() -> dict[str, Any]:
    """Table -> name -> number; units as the names say."""
    return tomllib.loads(files(__package__).joinpath("limits.toml").read_text("utf-8"))
