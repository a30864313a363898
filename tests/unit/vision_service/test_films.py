"""Films into shots: cuts to the frame, moves by name, and nothing that a film may be hurts the reader."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.unit.vision_service.pictures import flat, person
from tests.unit.vision_service.serving import quick_eyes, served

from shotwright.vision.pictures import Unreadable
from shotwright.vision.service.app import make_app
from shotwright.vision.video_shots import FilmBounds, container_of, find_shots, measure_film, missing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"{missing()} IS NOT INSTALLED: films cannot be read")

BOUNDS = FilmBounds(cpu_seconds=60)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[float], list[str]]:
    """(a film, its cuts, its moves)."""
    from benchmarks.planting.films import Planted, write_film

    shots = [
        Planted("static", seconds=1.25, seed=1),
        Planted("pan_right", 0.25, seconds=1.25, seed=2),
        Planted("tilt_up", 0.15, seconds=1.25, seed=6),
        Planted("truck_left", 0.8, seconds=1.25, seed=5),
        Planted("dolly_in", 1.2, seconds=1.25, seed=8),
        Planted("zoom_out", 1.3, seconds=1.25, seed=11),
        Planted("roll_cw", 8, seconds=1.25, seed=12),
        Planted("handheld", shake=0.006, seconds=1.5, seed=14),
        Planted("pan_left", 0.25, seconds=1.25, walker=True, seed=16),
    ]
    path = tmp_path_factory.mktemp("films") / "planted.mp4"
    return path, write_film(path, shots), [shot.kind for shot in shots]


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from benchmarks.planting.films import Planted, write_film

    path = tmp_path_factory.mktemp("films") / "short.mp4"
    write_film(path, [Planted("pan_right", 0.2, seconds=1.0, seed=2), Planted("static", seconds=0.8, seed=3)])
    return path


def test_every_cut_is_found_at_its_frame_and_every_move_has_its_name(film: tuple[Path, list[float], list[str]]) -> None:
    path, cuts, moves = film
    facts, shots = find_shots(path, BOUNDS)
    assert [s.start for s in shots[1:]] == pytest.approx(cuts, abs=0.001)
    assert [s.end for s in shots[:-1]] == pytest.approx(cuts, abs=0.001)
    assert shots[-1].end == pytest.approx(facts.seconds, abs=0.001)
    assert [s.move.kind for s in shots] == moves
    assert all(s.keyframe and s.start <= (s.keyframe_at or 0) < s.end for s in shots)
    zoom = shots[moves.index("zoom_out")]
    assert (zoom.movement, zoom.tags()[0]) == ("static", "zoom_out"), "a zoom moves the lens and not the camera"


def test_a_high_threshold_finds_fewer_cuts(film: tuple[Path, list[float], list[str]]) -> None:
    _, shots = find_shots(film[0], BOUNDS, threshold=1.0, keyframes=False)
    assert len(shots) < len(film[2])
    assert all(s.keyframe is None for s in shots)


def test_what_refers_to_other_files_is_no_film() -> None:
    for head in (b"#EXTM3U\n#EXT-X-V", b"ffconcat version", b"RIFF....AVI LIST", b"<?xml version=", b"", b"\0" * 16):
        assert container_of(head) is None


def test_a_film_beyond_its_bounds_is_refused(short: Path) -> None:
    for bounds, said in (
        (FilmBounds(most_bytes=1000), "bytes, over"),
        (FilmBounds(most_seconds=1.0), "long, over"),
        (FilmBounds(most_pixels=100_000), "pixels"),
    ):
        with pytest.raises(Unreadable, match=said) as caught:
            measure_film(short, bounds)
        assert caught.value.kind == "too_large"


def test_a_film_that_costs_too_much_is_stopped(film: tuple[Path, list[float], list[str]]) -> None:
    with pytest.raises(Unreadable, match="of computing") as caught:
        find_shots(film[0], FilmBounds(cpu_seconds=1.0))
    assert caught.value.kind == "too_large"


def test_a_film_that_is_none_is_one_clear_line(short: Path, tmp_path: Path) -> None:
    data = short.read_bytes()
    middle = len(data) // 2
    broken = {
        "cut off": data[:middle],
        "its head only": data[:64],
        "its tail damaged": data[:40] + bytes(len(data) - 40),
        "a picture": flat(),
        "text": b"hello " * 100,
        "nothing": b"",
        "a head that lies": b"\x1a\x45\xdf\xa3" + data,
    }
    for name, content in broken.items():
        path = tmp_path / "film.mp4"
        path.write_bytes(content)
        with pytest.raises(Unreadable) as caught:
            measure_film(path, BOUNDS)
        assert "\n" not in caught.value.message, name
        assert "Traceback" not in caught.value.message
    with pytest.raises(Unreadable, match="cannot be read"):
        measure_film(tmp_path / "nowhere.mp4", BOUNDS)


def test_damage_in_the_middle_ends_in_shots_or_in_one_line(short: Path, tmp_path: Path) -> None:
    data = bytearray(short.read_bytes())
    for at in range(len(data) // 4, len(data) // 2, 97):
        data[at] ^= 0xFF
    path = tmp_path / "film.mp4"
    path.write_bytes(data)
    with contextlib.suppress(Unreadable):
        facts, shots = find_shots(path, BOUNDS)
        assert shots
        assert facts.seconds > 0


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    eyes = quick_eyes(tmp_path_factory.mktemp("eyes"))
    with (
        served(make_app(eyes, films=FilmBounds(most_bytes=2_000_000, cpu_seconds=60))) as address,
        httpx.Client(base_url=f"{address}/api/v1", trust_env=False, timeout=60) as client,
    ):
        yield client


def test_a_film_is_uploaded_analysed_and_stored(ask: httpx.Client, short: Path) -> None:
    sent = {"file": ("../My film.mp4", short.read_bytes(), "video/mp4")}
    held = ask.post("upload-media", files=sent).json()
    assert (held["format"], held["width"], held["height"], held["filename"]) == ("MP4", 480, 270, "My film.mp4")
    body = {"video_asset_id": held["asset_id"], "shot_detection_threshold": 0.3, "extract_keyframes": True}
    found = ask.post("analyze-video-shots", json=body).json()
    assert found["shots_detected"] == 2
    rows = found["shot_analyses"]
    assert [row["camera_movement"] for row in rows] == ["pan_right", "static"]
    assert [row["start_timestamp"] for row in rows] == pytest.approx([0.0, 1.0], abs=0.001)
    assert all(0 <= row["movement_intensity"] <= 1 and row["features"] for row in rows)
    assert rows[0]["shot_angle"] is None, "what is not measured is not made up"
    for row in rows:
        keyframe = ask.get(f"media/{row['keyframe_asset_id']}").json()
        assert (keyframe["format"], keyframe["processing_status"]) == ("JPEG", "features_extracted")
    assert ask.get("shot-library").json()["pagination"]["total_shots"] == 0, "nothing is stored unasked"
    stored = ask.post("analyze-video-shots", json={**body, "store": True, "scene_context": "a wall"}).json()
    assert stored["added"] == 2
    again = ask.post("analyze-video-shots", json={**body, "store": True, "scene_context": "a wall"}).json()
    assert (again["added"], again["stored_shot_ids"]) == (0, stored["stored_shot_ids"])
    kept = ask.get("shot-library", params={"camera_movement": "pan_right"}).json()["shots"]
    assert [row["shot_id"] for row in kept] == stored["stored_shot_ids"][:1]
    assert kept[0]["video_asset_id"] == held["asset_id"]
    plain = {"video_asset_id": held["asset_id"], "shots": rows, "scene_context": "a wall, sent back"}
    assert ask.post("store-shot-data", json=plain).json()["added"] == 2, "its rows may be sent back as they are"


def test_what_is_no_film_is_refused_with_its_reason(ask: httpx.Client, short: Path) -> None:
    data = short.read_bytes()
    for content, kind, status in (
        (data[: len(data) // 2], "video/mp4", 400),
        (data, "image/png", 415),
        (data + bytes(2_000_000), "video/mp4", 413),
        (b"#EXTM3U\nhttp://127.0.0.1/x.ts\n", "video/mp4", 415),
        (b"\x1a\x45\xdf\xa3" + data, "video/webm", 400),
    ):
        answer = ask.post("upload-media", files={"file": ("a.mp4", content, kind)})
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
    picture = ask.post("upload-media", files={"file": ("a.png", person("mara"), "image/png")}).json()["asset_id"]
    assert ask.post("analyze-video-shots", json={"video_asset_id": picture}).status_code == 415
    assert ask.post("analyze-video-shots", json={"video_asset_id": "as_" + "0" * 32}).status_code == 404
    film = ask.post("upload-media", files={"file": ("a.mp4", data, "video/mp4")}).json()["asset_id"]
    assert ask.post("extract-features", json={"asset_id": film}).status_code == 415
    assert (
        ask.post("analyze-video-shots", json={"video_asset_id": film, "shot_detection_threshold": 0}).status_code == 422
    )


def test_the_command_puts_a_film_into_the_library_once(
    short: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from click.testing import CliRunner

    from shotwright.cli.vision import command

    runner = CliRunner()
    asked = ["add", str(short), "--data", str(tmp_path / "eyes"), "--json"]
    first, second = runner.invoke(command, asked), runner.invoke(command, asked)
    assert first.exit_code == second.exit_code == 0, first.output
    rows = json.loads(first.stdout)
    assert [(row["film"], row["movement"]) for row in rows] == [("short.mp4", "pan_right"), ("short.mp4", "static")]
    assert "2 new" in first.stderr
    assert "0 new" in second.stderr
    pruned = runner.invoke(command, ["prune", "--data", str(tmp_path / "eyes"), "--cache-mb", "0"])
    assert pruned.stdout == "2 embeddings forgotten\n"
