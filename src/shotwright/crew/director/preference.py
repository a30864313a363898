"""The length that a clip should have, from the generator's own lengths and from the feeling it carries."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shotwright.crew.director.pieces import Piece, SceneMap
    from shotwright.model.crew import FilmSettings


@cache
def _table() -> tuple[float, dict[str, float], dict[str, float], float]:
    raw = tomllib.loads(files("shotwright.crew.director").joinpath("lengths.toml").read_text("utf-8"))
    return float(raw["preferred"]), dict(raw["models"]), dict(raw["beats"]), float(raw["beat_share"])


def preferred_seconds(pieces: list[Piece], scene: SceneMap, settings: FilmSettings) -> list[float]:
    """The wished-for clip length for a clip that begins at each piece, in seconds within the settings' bounds."""
    default, models, beats, share = _table()
    base = models.get(settings.target_model.lower(), default)
    found = []
    for piece in pieces:
        beat = scene.beats[piece.at]
        felt = beats.get(beat.name, default) if beat else default
        wished = base + share * (felt - default)
        found.append(min(settings.clip_max_seconds, max(settings.clip_min_seconds, wished)))
    return found
