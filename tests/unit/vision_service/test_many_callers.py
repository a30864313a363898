"""Many callers at once: every request is answered, and with its own answer."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from tests.unit.vision_service.pictures import flat
from tests.unit.vision_service.serving import quick_eyes, served

from shotwright.vision.service.app import make_app

if TYPE_CHECKING:
    from pathlib import Path

CLIENTS = 16
COLOURS = 24


@pytest.mark.parametrize(
    "total", [200, pytest.param(2000, marks=pytest.mark.slow)], ids=["two hundred", "two thousand"]
)
def test_mixed_requests_from_sixteen_clients_are_all_answered(tmp_path: Path, total: int) -> None:
    with served(make_app(quick_eyes(tmp_path))) as address:
        answers = asyncio.run(_storm(address, total))
    assert len(answers) == total
    assert {status for status, _ in answers} == {200}
    assert all(right for _, right in answers), "an answer went to somebody else"


async def _storm(address: str, total: int) -> list[tuple[int, bool]]:
    async with httpx.AsyncClient(base_url=f"{address}/api/v1", trust_env=False, timeout=120) as first:
        ids = {}
        for n in range(COLOURS):
            sent = {"file": (f"{n}.png", flat((n * 10, 90, 60)), "image/png")}
            ids[n] = (await first.post("upload-media", files=sent)).json()["asset_id"]

        async def client(number: int) -> list[tuple[int, bool]]:
            chance = random.Random(number)
            async with httpx.AsyncClient(base_url=f"{address}/api/v1", trust_env=False, timeout=120) as ask:
                return [await _one(ask, chance, ids) for _ in range(total // CLIENTS + (number < total % CLIENTS))]

        rows = await asyncio.gather(*(client(n) for n in range(CLIENTS)))
    return [answer for row in rows for answer in row]


async def _one(ask: httpx.AsyncClient, chance: random.Random, ids: dict[int, str]) -> tuple[int, bool]:
    n, m = chance.randrange(COLOURS), chance.randrange(COLOURS)
    kind = chance.randrange(7)
    post: dict[str, Any] = {}
    if kind == 0:
        sent = {"file": ("x.png", flat((n * 10, 90, 60)), "image/png")}
        answer = await ask.post("upload-media", files=sent)
        return answer.status_code, answer.json()["asset_id"] == ids[n]
    if kind == 1:
        answer = await ask.post("extract-features", json={"asset_id": ids[n]})
        return answer.status_code, answer.json()["asset_id"] == ids[n]
    if kind == 2:
        answer = await ask.post("calculate-similarity", json={"asset_id_1": ids[n], "asset_id_2": ids[m]})
        found = answer.json()
        return answer.status_code, (found["asset_id_1"], found["asset_id_2"]) == (ids[n], ids[m])
    if kind == 3:
        post = {"shot_asset_ids": [ids[n], ids[m]], "character_reference_asset_id": ids[n]}
        answer = await ask.post("validate-shot-consistency", json=post)
        rows = answer.json()["shot_validations"]
        return answer.status_code, rows[0]["similarity_score"] == pytest.approx(100, abs=0.01)
    if kind == 4:
        post = {
            "images": [{"shot": f"s{n}", "image": {"asset_id": ids[n]}}, {"shot": "o", "image": {"asset_id": ids[m]}}]
        }
        answer = await ask.post("analyze-quality", json=post)
        return answer.status_code, [i["shot_id"] for i in answer.json()["images"]] == [f"s{n}", "o"]
    if kind == 5:
        post = {"shots": [{"shot_id": f"s{n}", "characters": ["character/a"]}], "k": 1}
        answer = await ask.post("suggest-shots", json=post)
        return answer.status_code, answer.json()["shots"][0]["shot_id"] == f"s{n}"
    post = {"video_asset_id": "v", "shots": [{"start_timestamp": n, "duration": 2.0, "auto_tags": [f"tag{n}"]}]}
    answer = await ask.post("store-shot-data", json=post)
    return answer.status_code, len(answer.json()["stored_shot_ids"]) == 1
