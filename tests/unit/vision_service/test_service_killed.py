"""The whole service killed while it is asked: what it had answered is there when it starts again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest
from tests.unit.vision_service.pictures import person
from tests.unit.vision_service.serving import closed_port

ROOT = Path(__file__).resolve().parents[3]


def start(folder: Path, port: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "shotwright", "vision", "serve", "--port", str(port), "--data", str(folder)],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/api/v1/health", trust_env=False).status_code == 200:
                return process
        except httpx.HTTPError:
            time.sleep(0.05)
    process.kill()
    process.wait()
    raise AssertionError("the service did not start")


@pytest.mark.slow
def test_a_killed_service_starts_again_with_everything_that_it_had_answered(tmp_path: Path) -> None:
    port = closed_port()
    answered: list[tuple[str, bytes, str]] = []

    def work(number: int) -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", trust_env=False) as ask:
            for seed in range(1000):
                data = person("mara", number * 1000 + seed)
                try:
                    asset = ask.post("upload-media", files={"file": ("a.png", data, "image/png")}).json()["asset_id"]
                    body = {"shots": [{"image": {"asset_id": asset}, "tags": [f"t{number}-{seed}"]}]}
                    shot = ask.post("store-shot-data", json=body).json()["ids"][0]
                except (httpx.HTTPError, ValueError):
                    return
                answered.append((asset, data, shot))

    process = start(tmp_path, port)
    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(1.0)
    process.send_signal(signal.SIGKILL)
    process.wait()
    for thread in threads:
        thread.join()
    assert len(answered) > 10
    process = start(tmp_path, port)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", trust_env=False) as ask:
            kept: set[str] = set()
            page = 1
            while rows := ask.get("shot-library", params={"page": page, "page_size": 100}).json()["shots"]:
                kept |= {row["shot_id"] for row in rows}
                page += 1
            assert {shot for _, _, shot in answered} <= kept
            for asset, data, _ in answered:
                assert ask.get(f"media/{asset}/file").content == data
    finally:
        process.terminate()
        process.wait()
