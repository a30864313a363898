"""Our service and the double of others' both speak the plain wire, field by field."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from tests.unit.vision_service.double import plain_service
from tests.unit.vision_service.pictures import person
from tests.unit.vision_service.serving import quick_eyes, served

from shotwright.vision.service.app import make_app

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = tomllib.loads(Path(__file__).with_name("table.toml").read_text("utf-8"))["call"]
PREFIX = "/api/v1"


@pytest.fixture(params=["ours", "double"])
def client(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[httpx.Client]:
    app = plain_service() if request.param == "double" else make_app(quick_eyes(tmp_path / "eyes"))
    with served(app) as address, httpx.Client(base_url=address + PREFIX, trust_env=False, timeout=30) as made:
        yield made


def test_every_call_answers_with_the_fields_of_the_table(client: httpx.Client) -> None:
    ids = {}
    for name, who in (("asset", "mara"), ("other", "odell")):
        answer = client.post("/upload-media", files={"file": (f"{who}.png", person(who), "image/png")}).json()
        assert {"asset_id", "filename", "content_type", "file_size", "public_url", "width", "height", "format",
                "upload_timestamp", "processing_status", "processing_time"} <= answer.keys()  # fmt: skip
        ids[name] = answer["asset_id"]
    for call in TABLE:
        method, _, path = call["route"].partition(" ")
        filled = json.dumps(call.get("body")).replace("{asset}", ids["asset"]).replace("{other}", ids["other"])
        sent: dict[str, Any] = {"json": json.loads(filled)} if "body" in call else {}
        answer = client.request(method, path.format(**ids), **sent)
        assert answer.status_code == 200, (call["route"], answer.text)
        found = answer.json()
        assert set(call["fields"]) <= found.keys(), call["route"]
        if "rows" in call:
            assert found[call["rows"]], call["route"]
            for row in found[call["rows"]]:
                assert set(call["row_fields"]) <= row.keys(), call["route"]
    assert client.get(f"/media/{ids['other']}").status_code == 404


def test_quality_is_refused_before_features_are_extracted(client: httpx.Client) -> None:
    asset = client.post("/upload-media", files={"file": ("a.png", person("pim"), "image/png")}).json()["asset_id"]
    assert client.post("/analyze-quality", json={"asset_id": asset}).status_code == 400
    assert client.post("/extract-features", json={"asset_id": asset}).json()["cached"] is False
    assert client.post("/extract-features", json={"asset_id": asset}).json()["cached"] is True
    assert client.post("/analyze-quality", json={"asset_id": asset}).status_code == 200


def test_percentages_follow_the_cosine(client: httpx.Client) -> None:
    ids = []
    for seed in (1, 2):
        sent = {"file": ("a.png", person("mara", seed), "image/png")}
        ids.append(client.post("/upload-media", files=sent).json()["asset_id"])
        client.post("/extract-features", json={"asset_id": ids[-1]})
    found = client.post("/validate-consistency", json={"asset_id_1": ids[0], "asset_id_2": ids[1]}).json()
    assert found["similarity_score"] == pytest.approx((found["cosine_similarity"] + 1) * 50, abs=0.01)
    same = client.post("/validate-consistency", json={"asset_id_1": ids[0], "asset_id_2": ids[0]}).json()
    assert same["similarity_score"] == pytest.approx(100, abs=0.01)


def test_an_uploaded_frame_is_found_by_its_shot(tmp_path: Path) -> None:
    app = make_app(quick_eyes(tmp_path))
    with served(app) as address, httpx.Client(base_url=address + PREFIX, trust_env=False, timeout=30) as ask:
        slot = {"images": [{"shot_id": "sh_1", "frame": "middle"}]}
        assert ask.post("/extract-features", json=slot).status_code == 404
        named = {"shot_id": "sh_1", "frame": "middle"}
        for who in ("mara", "odell"):
            sent = {"file": ("a.png", person(who), "image/png")}
            assert ask.post("/upload-media", files=sent, data=named).status_code == 200
            found = ask.post("/extract-features", json=slot).json()["embeddings"][0]
            direct = ask.post("/upload-media", files=sent).json()["asset_id"]
            assert found["vector"] == ask.post("/extract-features", json={"asset_id": direct}).json()["features"]
        refused = ask.post("/upload-media", files=sent, data={"shot_id": "sh_1", "frame": "midle"})
        assert refused.status_code == 422
        assert "middle" in refused.json()["hint"]
