"""A run whose frames a service looks at ends as one that looks itself, also when the service dies in the middle."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("numpy")
pytest.importorskip("fastapi")

from typing import TYPE_CHECKING

import httpx
from tests.unit.vision_service.serving import closed_port

from shotwright.production.opened import Production
from shotwright.production.studio import RunRequest, run_production

if TYPE_CHECKING:
    from shotwright.production.orders import Phase, Report

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = "\n\n".join(
    f"INT. ROOM {n} - DAY\n\nANNA (30s, red coat) looks at door {n}.\n\nANNA\nThis is not number {n}."
    for n in range(1, 6)
)


def serve(folder: Path, port: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "shotwright", "vision", "serve", "--port", str(port), "--data", str(folder)],
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/api/v1/health", trust_env=False).status_code == 200:
                return process
        except httpx.HTTPError:
            time.sleep(0.1)
    process.kill()
    process.wait()
    raise AssertionError("the service did not start")


def run(script: Path, url: str, progress: object = None) -> Report:
    flags = {"boards.draw": "setups", "vision.url": url, "vision.backbone": "classical", "vision.suggest": "never"}
    request = RunRequest(script, flags=flags)
    return run_production(request, *([progress] if progress is not None else []))[1]  # type: ignore[list-item]


def script_in(folder: Path) -> Path:
    folder.mkdir()
    script = folder / "film.fountain"
    script.write_text(SCRIPT)
    return script


def shots(script: Path) -> bytes:
    return (script.with_suffix(".shotwright") / "shots.json").read_bytes()


@pytest.mark.slow
def test_a_service_s_run_ends_like_our_own_and_survives_its_death(tmp_path: Path) -> None:
    here, there, cut = (script_in(tmp_path / name) for name in ("here", "there", "cut"))
    run(here, "")
    port = closed_port()
    url = f"http://127.0.0.1:{port}"
    service = serve(tmp_path / "eyes", port)
    try:
        report = run(there, url)
        assert report.unmeasured == 0
        assert shots(there) == shots(here)

        def die(phase: Phase, done: int, total: int) -> None:
            if phase == "frames" and done >= 1 and service.poll() is None:
                service.kill()
                service.wait()

        broken = run(cut, url, die)
    finally:
        service.kill()
        service.wait()
    assert broken.failed == 0
    assert 0 < broken.unmeasured < 5
    with Production(cut.with_suffix(".shotwright")) as production:
        notes = {s.continuity.note[:12] for s in production.shots}
        assert notes == {"", "not measured"}
        assert all(s.frames for s in production.shots)
    again = run(cut, "")
    assert again.unmeasured == 0
    assert shots(cut) == shots(here)
