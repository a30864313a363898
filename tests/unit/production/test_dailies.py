"""Frames in a run: drawn once, looked at, drawn again only where something changed, and never lost to a service."""

from __future__ import annotations

import io
from collections import Counter
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("numpy")
pytest.importorskip("PIL")

from click.testing import CliRunner
from PIL import Image

from shotwright.cli import root
from shotwright.errors import InputError
from shotwright.production.opened import Production
from shotwright.production.studio import RunRequest, run_production

if TYPE_CHECKING:
    from pathlib import Path

    from shotwright.production.orders import Report

SCRIPT = """
INT. KITCHEN - NIGHT

ANNA (30s, red coat) sits at the table with a cup.

ANNA
I thought you would never come.

BEN (40s, grey beard) stands by the window.

BEN
The road was closed. I walked the last six miles.

EXT. YARD - DAY

Anna crosses the yard with a bucket.
"""
EYES = {"boards.draw": "shots", "vision.backbone": "classical"}


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dailies")
    script = folder / "film.fountain"
    script.write_text(SCRIPT)
    run(script)
    return script


def run(script: Path, **flags: object) -> Report:
    return run_production(RunRequest(script, flags={**EYES, **flags}))[1]


def copy_of(film: Path, tmp_path: Path) -> Path:
    import shutil

    shutil.copytree(film.parent, tmp_path / "copy")
    return tmp_path / "copy" / film.name


def opened(script: Path) -> Production:
    return Production(script.with_suffix(".shotwright"))


def test_every_shot_has_frames_that_lie_in_the_folder(film: Path) -> None:
    with opened(film) as production:
        assert production.shots
        for shot in production.shots:
            assert shot.frames
            assert shot.continuity.measured_on == "previz"
            assert shot.continuity.quality is not None
            for frame in shot.frames:
                data = production.blobs.get(frame.sha256)
                assert data is not None
                assert Image.open(io.BytesIO(data)).size == (960, 540)
                assert production.blobs.get(frame.mask_sha256 or "") is not None
        for scene, screened in production.screened.items():
            assert screened.viewings[0].pictures, scene
            assert screened.viewings[0].model is not None


def test_the_same_again_draws_nothing_and_two_runs_are_alike(film: Path, tmp_path: Path) -> None:
    assert run(film).nothing_to_do
    script = tmp_path / "film.fountain"
    script.write_text(SCRIPT)
    run(script)
    one, two = (p.with_suffix(".shotwright") / "shots.json" for p in (film, script))
    assert one.read_bytes() == two.read_bytes()


def test_an_edit_draws_only_what_it_changed(film: Path, tmp_path: Path) -> None:
    script = copy_of(film, tmp_path)
    with opened(script) as production:
        scenes = Counter(s.scene_id for s in production.shots)
        yard = production.find_scene("2")
    script.write_text(SCRIPT.replace("with a bucket", "with a bucket of coal"))
    report = run(script)
    assert set(report.scenes_made.get("screen", ())) == {yard}
    assert report.made.get("draw", 0) <= scenes[yard] + 1


def test_words_alone_draw_nothing_again(film: Path, tmp_path: Path) -> None:
    script = copy_of(film, tmp_path)
    with opened(script) as production:
        label = production.shots[0].label
        production.decide("edit", [production.shots[0]], field="narrative_layer.shot_purpose", value="To arrive.")
    report = run(script)
    assert not report.nothing_to_do
    assert report.made.get("draw", 0) == 0
    with opened(script) as production:
        assert production.find_shots(label)[0].frames


def test_a_service_that_is_down_costs_no_draft_and_is_asked_again(film: Path, tmp_path: Path) -> None:
    script = tmp_path / "film.fountain"
    script.write_text(SCRIPT)
    dead = {"vision.url": "http://127.0.0.1:9", "vision.timeout_seconds": 2, "vision.suggest": "never"}
    report = run(script, **dead)
    assert report.failed == 0
    assert report.unmeasured == 2
    assert "127.0.0.1:9" in report.why_unmeasured
    with opened(script) as production:
        for shot in production.shots:
            assert shot.frames
            assert shot.continuity.measured_on == "json"
            assert shot.continuity.note.startswith("not measured: ")
    again = run(script, **{"vision.url": ""})
    assert not again.nothing_to_do
    assert again.unmeasured == 0
    assert again.made.get("draw", 0) == 0
    one, two = (p.with_suffix(".shotwright") / "shots.json" for p in (film, script))
    assert one.read_bytes() == two.read_bytes()


def test_a_run_without_frames_keeps_those_that_there_are(film: Path, tmp_path: Path) -> None:
    script = copy_of(film, tmp_path)
    script.write_text(SCRIPT.replace("with a bucket", "with a bucket of coal"))
    run_production(RunRequest(script, flags=EYES, frames=False))
    with opened(script) as production:
        kitchen, yard = production.find_scene("1"), production.find_scene("2")
        assert all(s.frames for s in production.shots if s.scene_id == kitchen)
        assert not any(s.frames for s in production.shots if s.scene_id == yard)


def test_a_person_s_picture_stands_in_and_can_be_taken_away(film: Path, tmp_path: Path) -> None:
    script = copy_of(film, tmp_path)
    picture = tmp_path / "mine.png"
    Image.new("RGB", (640, 360), (40, 90, 160)).save(picture)
    folder = str(script.with_suffix(".shotwright"))
    with opened(script) as production:
        label = production.shots[0].label
    said = CliRunner().invoke(root, ["review", folder, "attach", label, str(picture)])
    assert said.exit_code == 0, said.output
    report = run(script)
    assert report.made.get("draw", 0) == 0
    with opened(script) as production:
        shot = production.find_shots(label)[0]
        assert shot.frames[0].by == "person"
        assert production.blobs.get(shot.frames[0].sha256) == picture.read_bytes()
        assert shot.continuity.measured_on == "pictures"
        assert {s.continuity.measured_on for s in production.shots if s.label != label} == {"previz"}
    assert CliRunner().invoke(root, ["review", folder, "detach", label]).exit_code == 0
    run(script)
    one, two = (p.with_suffix(".shotwright") / "shots.json" for p in (film, script))
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\x89PNG\r\n\x1a\nbroken"])
def test_what_is_no_picture_is_refused_in_one_line(film: Path, tmp_path: Path, data: bytes) -> None:
    picture = tmp_path / "broken.png"
    picture.write_bytes(data)
    with opened(film) as production, pytest.raises(InputError, match=r"broken\.png"):
        production.attach(production.shots[:1], picture, "first")


def test_pictures_that_somebody_removed_are_drawn_again(film: Path, tmp_path: Path) -> None:
    script = copy_of(film, tmp_path)
    with opened(script) as production:
        path = production.blobs.find(production.shots[0].frames[0].sha256)
    assert path is not None
    path.unlink()
    script.write_text(SCRIPT.replace("never come", "never get here"))
    run(script)
    with opened(script) as production:
        assert all(production.blobs.has(f.sha256) for s in production.shots for f in s.frames)


def test_cleaning_drops_what_nothing_refers_to_and_nothing_else(film: Path, tmp_path: Path) -> None:
    script = copy_of(film, tmp_path)
    script.write_text(SCRIPT.replace("EXT. YARD - DAY", "EXT. YARD - NIGHT"))
    run(script)
    folder = script.with_suffix(".shotwright")
    with opened(script) as production:
        before = sum(1 for _ in production.blobs.all())
    assert CliRunner().invoke(root, ["doctor", str(folder), "--clean"]).exit_code == 0
    with opened(script) as production:
        after = sum(1 for _ in production.blobs.all())
        assert all(production.blobs.has(f.sha256) for s in production.shots for f in s.frames)
    assert after < before
    assert run(script).nothing_to_do


def test_the_dailies_are_shown(film: Path) -> None:
    folder = str(film.with_suffix(".shotwright"))
    said = CliRunner().invoke(root, ["show", folder, "dailies", "1"])
    assert said.exit_code == 0, said.output
    assert "previz" in said.output
    assert "anna" in said.output


def test_a_run_still_stands_on_the_steps_inside_what_it_did_not_do_again(film: Path, tmp_path: Path) -> None:
    script = copy_of(film, tmp_path)
    for words in ("a bucket of coal", "a bucket of sand"):
        script.write_text(SCRIPT.replace("a bucket", words))
        run(script)
    with opened(script) as production:
        scenes = {str(scene) for scene, _ in production.film}
        assert set(production.journal.current("direct")) == scenes
        assert set(production.journal.current("photograph")) == scenes
        assert set(production.journal.current("draw")) == {s.shot_id for s in production.shots}


def test_one_frame_a_setup_is_shared_and_judged_once(tmp_path: Path) -> None:
    script = tmp_path / "film.fountain"
    talk = "\n\n".join(f"{who}\nThis is line number {n} of what we have to say, and it is long." for n, who in
                       enumerate(("ANNA", "BEN") * 4))  # fmt: skip
    script.write_text(f"INT. KITCHEN - NIGHT\n\nANNA and BEN sit at the table.\n\n{talk}\n")
    run(script, **{"boards.draw": "setups"})
    with opened(script) as production:
        setups: dict[str, set[str]] = {}
        for shot in production.shots:
            setups.setdefault(shot.setup_id, set()).update(f.sha256 for f in shot.frames)
        assert len(setups) < len(production.shots)
        assert all(len(frames) == 1 for frames in setups.values())
        judged = [shot for shot in production.shots if shot.continuity.quality is not None]
        assert len(judged) == len(setups)


def test_what_the_service_suggests_is_weighed_and_said(film: Path, tmp_path: Path) -> None:
    script = copy_of(film, tmp_path)
    run_production(RunRequest(script, flags={**EYES, "vision.suggest": "always"}, frames=False))
    with opened(script) as production:
        for shot in production.shots:
            why = shot.provenance["technical_layer.camera"]
            assert "vision service" in why.because
            assert any(name.startswith("library ") for name in why.evidence)
