"""A person outranks every agent: pins and approvals survive re-runs, revised scenes and new drafts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.cli.conftest import SHORT, Shotwright

if TYPE_CHECKING:
    from pathlib import Path


def film(folder: Path) -> list[dict[str, Any]]:
    shots: list[dict[str, Any]] = json.loads((folder / "shots.json").read_text())["shots"]
    return shots


def by_id(shots: list[dict[str, Any]], shot_id: str) -> dict[str, Any]:
    return next(s for s in shots if s["shot_id"] == shot_id)


def ran(answer: Any) -> Any:
    assert answer.returncode in (0, 3), answer.stderr
    return answer


def test_a_pinned_edit_survives_a_rerun_and_the_crew_keeps_it(
    shotwright: Shotwright, script: Path, tmp_path: Path
) -> None:
    ran(shotwright("run", script.name))
    folder = tmp_path / "two_cups.shotwright"
    shot = film(folder)[1]
    label = shot["label"]
    wanted = "extreme_close_up" if shot["technical_layer"]["camera"]["shot_size"] != "extreme_close_up" else "wide"
    ran(shotwright("review", folder.name, "edit", label, "technical_layer.camera.shot_size", wanted))
    ran(shotwright("run", folder.name))
    after = by_id(film(folder), shot["shot_id"])
    assert after["technical_layer"]["camera"]["shot_size"] == wanted
    assert after["provenance"]["technical_layer.camera.shot_size"]["pinned"] is True
    script.write_text(SHORT.replace("Anna digs.", "Anna digs. The sun is high."))
    ran(shotwright("run", script.name))
    assert by_id(film(folder), shot["shot_id"])["technical_layer"]["camera"]["shot_size"] == wanted


def test_an_approved_shot_is_kept_when_its_scene_is_revised(
    shotwright: Shotwright, script: Path, tmp_path: Path
) -> None:
    ran(shotwright("run", script.name))
    folder = tmp_path / "two_cups.shotwright"
    shot = next(s for s in film(folder) if any("Then where" in d["text"] for d in s["audio"]["dialogue"]))
    ran(shotwright("review", folder.name, "approve", shot["label"]))
    script.write_text(SHORT.replace("Rain on the window.", "Rain on the window. A clock ticks somewhere."))
    ran(shotwright("run", script.name))
    after = by_id(film(folder), shot["shot_id"])
    assert after["review"]["status"] == "approved"
    for layer in ("narrative_layer", "technical_layer", "digital_assets", "duration_frames", "label"):
        assert after[layer] == shot[layer], layer
    assert after["audio"]["dialogue"] == shot["audio"]["dialogue"]


def test_an_edit_whose_script_changed_asks_for_a_person_and_is_kept(
    shotwright: Shotwright, script: Path, tmp_path: Path
) -> None:
    ran(shotwright("run", script.name))
    folder = tmp_path / "two_cups.shotwright"
    shot = next(s for s in film(folder) if any("I was." in d["text"] for d in s["audio"]["dialogue"]))
    ran(shotwright("review", folder.name, "edit", shot["label"], "narrative_layer.shot_purpose", "My own purpose."))
    script.write_text(SHORT.replace("I was.", "I was here."))
    answer = shotwright("run", script.name)
    assert answer.returncode == 3, answer.stderr
    after = by_id(film(folder), shot["shot_id"])
    assert after["narrative_layer"]["shot_purpose"] == "My own purpose."
    assert after["review"]["status"] == "needs_human"


def test_a_pin_whose_text_vanished_is_in_the_bin_and_shown(
    shotwright: Shotwright, script: Path, tmp_path: Path
) -> None:
    ran(shotwright("run", script.name))
    folder = tmp_path / "two_cups.shotwright"
    shot = film(folder)[-1]
    ran(shotwright("review", folder.name, "edit", shot["label"], "narrative_layer.shot_purpose", "Found."))
    script.write_text(SHORT[: SHORT.index("EXT. GARDEN")])
    ran(shotwright("run", script.name))
    status = json.loads(shotwright("status", folder.name, "--json").stdout)
    assert [b["shot_id"] for b in status["bin"]] == [shot["shot_id"]]
    assert "bin: " + shot["label"] in shotwright("review", folder.name, "list").stdout


def test_dialogue_cannot_be_edited_here_and_an_invalid_value_is_refused(
    shotwright: Shotwright, script: Path, tmp_path: Path
) -> None:
    ran(shotwright("run", script.name))
    folder = tmp_path / "two_cups.shotwright"
    label = film(folder)[0]["label"]
    refused = shotwright("review", folder.name, "edit", label, "audio.dialogue", "[]")
    assert refused.returncode != 0
    assert "edit the screenplay" in refused.stderr
    invalid = shotwright("review", folder.name, "edit", label, "technical_layer.camera.shot_size", "huge")
    assert invalid.returncode == 2
    assert "shot_size" in invalid.stderr
    ran(shotwright("run", folder.name))


def test_numbers_are_locked_by_the_first_approval(shotwright: Shotwright, script: Path, tmp_path: Path) -> None:
    ran(shotwright("run", script.name))
    folder = tmp_path / "two_cups.shotwright"
    before = {s["shot_id"]: s["label"] for s in film(folder)}
    ran(shotwright("review", folder.name, "approve", "scene 2"))
    script.write_text(
        SHORT.replace("EXT. GARDEN - DAY", "INT. HALL - NIGHT\n\nBen stands in the dark, alone.\n\nEXT. GARDEN - DAY")
    )
    ran(shotwright("run", script.name))
    after = film(folder)
    assert [s["label"] for s in after if s["shot_id"] in before] == [
        before[s["shot_id"]] for s in after if s["shot_id"] in before
    ]
    assert {s["scene_number"] for s in after} == {"1", "1A", "2"}


def test_a_dry_run_tells_the_blast_radius_and_writes_nothing(
    shotwright: Shotwright, script: Path, tmp_path: Path
) -> None:
    ran(shotwright("run", script.name))
    folder = tmp_path / "two_cups.shotwright"
    before = {p.name: p.read_bytes() for p in folder.iterdir() if not p.name.endswith(("-shm", "-wal"))}
    script.write_text(SHORT.replace("Anna digs.", "Anna digs fast and does not look up at the house."))
    told = json.loads(shotwright("run", script.name, "--dry-run", "--json").stdout)
    assert [s["number"] for s in told["scenes_changed"]] == ["2"]
    assert told["model_calls"] == 0
    assert {p.name: p.read_bytes() for p in folder.iterdir() if not p.name.endswith(("-shm", "-wal"))} == before
    ran(shotwright("run", script.name))
    again = json.loads(shotwright("run", script.name, "--dry-run", "--json").stdout)
    assert again["scenes_changed"] == []


def test_a_shot_that_was_sent_back_is_answered_by_the_next_run_and_leaves_the_list(
    shotwright: Shotwright, script: Path, tmp_path: Path
) -> None:
    ran(shotwright("run", script.name))
    folder = tmp_path / "two_cups.shotwright"
    shot = next(
        s for s in film(folder) if s["technical_layer"]["camera"]["shot_size"] in ("wide", "medium_wide", "medium")
    )
    ran(shotwright("review", folder.name, "send-back", shot["label"], "--note", "tighter, please"))
    assert "tighter, please" in shotwright("review", folder.name, "list").stdout
    ran(shotwright("run", folder.name))
    order = ["extreme_wide", "wide", "medium_wide", "medium", "medium_close_up", "close_up", "extreme_close_up"]
    after = by_id(film(folder), shot["shot_id"])
    was, now = (order.index(s["technical_layer"]["camera"]["shot_size"]) for s in (shot, after))
    assert now > was
    assert "tighter, please" not in shotwright("review", folder.name, "list").stdout
