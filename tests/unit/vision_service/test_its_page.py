"""What docs/vision-service.md says of bounds, commands and routes is what the code has."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from tests.unit.vision_service.serving import quick_eyes

from shotwright.cli.vision import CACHE_MB, MOST_FILM_BYTES, MOST_FILM_SECONDS, command
from shotwright.vision.eyes import MOST_PICTURES, MOST_PIXELS_ASKED, MOST_SHOTS
from shotwright.vision.library import MOST_MEDIA_BYTES
from shotwright.vision.pictures import LEAST_SIDE, MOST_BYTES, MOST_PIXELS, MOST_SIDE
from shotwright.vision.service.app import make_app
from shotwright.vision.service.gate import MOST_DEPTH, Bounds
from shotwright.vision.video_shots import FilmBounds

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "vision-service.md").read_text("utf-8")
MIB, FILM, GATE = 1024 * 1024, FilmBounds(), Bounds()


@pytest.mark.parametrize(
    "said",
    [
        f"{MOST_BYTES // MIB} MiB, {MOST_PIXELS // 10**6} million pixels, {MOST_SIDE:,} on a side; {LEAST_SIDE} at ",
        f"{MOST_PICTURES} pictures, {MOST_PIXELS_ASKED // 10**6} million pixels together, {MOST_SHOTS} shots, "
        f"{GATE.most_json_bytes // MIB} MiB of JSON, {MOST_DEPTH} levels deep",
        f"{FILM.most_bytes // MIB} MiB, {FILM.most_seconds / 60:.0f} minutes, {FILM.most_pixels // 10**6} million "
        f"pixels a frame, {FILM.cpu_seconds / 60:.0f} minutes of computing",
        f"{MOST_FILM_BYTES // 1024**3} GiB, {MOST_FILM_SECONDS / 3600:.0f} hours",
        f"{GATE.most_at_once}, in {GATE.most_held_bytes // MIB} MiB",
        f"{MOST_MEDIA_BYTES // 1024**3} GiB; then uploads are refused",
        f"{CACHE_MB} MB (`--cache-mb`)",
    ],
)  # fmt: skip
def test_every_bound_is_the_one_in_the_code(said: str) -> None:
    assert said in PAGE


def test_every_command_on_the_page_is_one(tmp_path: Path) -> None:
    told = re.findall(r"^shotwright vision (.+?)(?: {2,}#.*)?$", PAGE, re.M) + re.findall(
        r"`shotwright vision ([^`]+)`", PAGE
    )
    assert {line.split()[0] for line in told} == set(command.commands)
    (tmp_path / "FILM.mp4").touch()
    for line in told:
        words = [str(tmp_path / word) if word == "FILM.mp4" else word for word in shlex.split(line)]
        chosen = command.commands[words[0]]
        if len(words) > 1:
            chosen.make_context(words[0], words[1:], parent=click.Context(command))


def test_every_route_is_on_the_page(tmp_path: Path) -> None:
    eyes = quick_eyes(tmp_path)
    paths = make_app(eyes).openapi()["paths"]
    eyes.library.close()
    for path in paths:
        assert path.removeprefix("/api/v1").replace("{asset_id}", "{id}") in PAGE, path
