"""`shotwright evaluate`: one clear line for what it cannot do, and a report and its figures for what it can."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Shotwright


@pytest.fixture
def service() -> Iterator[str]:
    """A service on the loopback address that answers every question, and never as it should."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            reply = {
                "id": "1", "object": "chat.completion", "created": 0, "model": "wrong-answers",
                "choices": [
                    {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Lovely scene!"}}
                ],
                "usage": {"prompt_tokens": 200, "completion_tokens": 4, "total_tokens": 204},
            }  # fmt: skip
            body = json.dumps(reply).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"wrong-answers@http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "no language model is named"),
        (("--model", "m@http://127.0.0.1:9/v1", "--scene", "9"), "no scene 9 in two_cups.fountain"),
        (("--model", "what is this"), "what is this"),
        (("--runs", "3"), "--runs"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(shotwright: Shotwright, script: Path, args, said) -> None:
    found = shotwright("evaluate", str(script), *args)
    assert found.returncode == 2
    assert said in found.stderr
    assert "Traceback" not in found.stderr


def test_a_poor_model_is_reported_as_one(shotwright: Shotwright, script: Path, service: str, tmp_path: Path) -> None:
    page = tmp_path / "report.md"
    found = shotwright("evaluate", str(script), "--model", service, "--scene", "1", "--runs", "1", "-o", str(page))
    assert found.returncode == 0, found.stderr
    assert "100 % fell back to the draft" in found.stdout
    assert service in page.read_text()
    assert "the reply holds no JSON object" in page.read_text()
    figures = json.loads(page.with_suffix(".json").read_text())
    assert figures["shots"] == figures["shots_draft"] > 3
    assert figures["calls"] > 0
    assert figures["input_tokens"] == 200 * figures["calls"]
    assert not any(figures["changed"].values())
