"""A short run of requests made from the service's own OpenAPI schema, legal and illegal: none may end in a 5xx."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.unit.vision_service.serving import quick_eyes, served

from shotwright.vision.service.app import make_app
from shotwright.vision.service.gate import Bounds

if TYPE_CHECKING:
    from collections.abc import Iterator

CALLS = {
    "GET /api/v1/health", "GET /api/v1/model-info", "POST /api/v1/upload-media", "GET /api/v1/media/{asset_id}",
    "GET /api/v1/media/{asset_id}/file", "DELETE /api/v1/media/{asset_id}", "POST /api/v1/extract-features",
    "POST /api/v1/calculate-similarity", "POST /api/v1/validate-consistency", "POST /api/v1/validate-shot-consistency",
    "POST /api/v1/analyze-quality", "POST /api/v1/analyze-image-metrics", "POST /api/v1/suggest-shots",
    "POST /api/v1/analyze-video-shots", "POST /api/v1/store-shot-data", "GET /api/v1/shot-library",
}  # fmt: skip


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with served(make_app(quick_eyes(tmp_path / "eyes"), Bounds(arrival_seconds=1))) as found:
        yield found


def test_the_schema_lists_every_call_and_all_its_references_resolve(address: str) -> None:
    schema = httpx.get(f"{address}/openapi.json", trust_env=False).json()
    calls = {f"{verb.upper()} {path}" for path, row in schema["paths"].items() for verb in row}
    assert calls == CALLS
    known = {f"#/components/schemas/{name}" for name in schema["components"]["schemas"]}
    text = json.dumps(schema)
    used = {part.split('"')[0] for part in text.split('"$ref": "')[1:]}
    assert used <= known
    assert "$defs" not in text


@pytest.mark.slow
def test_requests_made_from_the_schema_never_end_in_a_5xx(address: str, tmp_path: Path) -> None:
    tool = Path(sys.executable).parent / "schemathesis"
    if not tool.exists():
        pytest.skip("SCHEMATHESIS NOT INSTALLED: pip install schemathesis runs this test")
    found = subprocess.run(
        [str(tool), "run", f"{address}/openapi.json", "--checks", "not_a_server_error", "--max-examples", "10",
         "--seed", "1", "--phases", "examples,coverage,fuzzing", "--no-color"],
        cwd=tmp_path, capture_output=True, text=True, timeout=280,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout[-4000:] + found.stderr[-1000:]
