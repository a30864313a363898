"""Reading others' wires: their words in our vocabulary, their figures made to mean something, their slips survived."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from tests.unit.vision_service.pictures import flat

from shotwright.adapters.vision_service.http import HttpVisionService
from shotwright.adapters.vision_service.link import HttpVisionSettings
from shotwright.adapters.vision_service.plain_calibration import fit
from shotwright.errors import VisionError
from shotwright.model.vision import ImageRef, QualityImage, QualityRequest, ShotWish, SuggestRequest
from shotwright.vision.service.plain_words import _OURS, _tables, term_of, terms_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


@pytest.mark.parametrize(
    ("kind", "word", "ours"),
    [
        ("movement", "push_in", "dolly_in"), ("movement", "Push-In", "dolly_in"), ("movement", "static", "static"),
        ("movement", "pan", None), ("movement", "fast_movement", None), ("size", "MCU", "medium_close_up"),
        ("size", "Wide Shot", "wide"), ("size", "wide", "wide"), ("angle", "bird's eye", "overhead"),
        ("angle", "low", "low_angle"), ("tone", "tense", "tension_rising"), ("tone", "zany", None),
    ],
)  # fmt: skip
def test_words_of_others_mean_ours_or_nothing(kind: Any, word: str, ours: str | None) -> None:
    assert term_of(kind, word) == ours


def test_every_word_of_the_table_means_a_word_of_the_vocabulary() -> None:
    for kind, table in _tables().items():
        assert set(table.values()) <= _OURS[kind], kind


def test_a_word_for_speed_and_move_is_both_and_what_is_unknown_is_kept() -> None:
    found = terms_of({"movement_type": "slow push in", "shot_size": "gigantic", "emotional_tone": 7, "shot_angle": ""})
    assert found.known == {"movement": "dolly_in", "speed": "slow"}
    assert found.unmapped == ("shot_size: gigantic",)


def test_raw_scores_near_96_are_told_apart_by_the_references_own() -> None:
    own = {"a": [0.966, 0.970, 0.963, 0.968], "b": [0.969, 0.964, 0.972, 0.967]}
    others = {"a": [0.930, 0.935, 0.928, 0.933], "b": [0.931, 0.929, 0.936, 0.932]}
    fitted = fit(own, others, 0.95)["a"]
    assert fitted.score(0.967) > 0.95
    assert fitted.score(0.932) < 0.05
    assert 0.2 < fitted.score((fitted.own_mean + fitted.other_mean) / 2) < 0.8
    scores = [fitted.score(0.9 + i / 1000) for i in range(100)]
    assert scores == sorted(scores), "more alike is never less sure"


def test_no_fit_without_enough_references_or_where_the_scores_do_not_part() -> None:
    good, strange = [0.97, 0.968, 0.972], [0.93, 0.932, 0.929]
    assert fit({"a": good[:2]}, {"a": strange}, 0.95) == {}
    assert fit({"a": good}, {"a": strange[:2]}, 0.95) == {}
    assert fit({"a": good}, {"a": [0.969, 0.971, 0.97]}, 0.95) == {}, "strangers score as high"
    assert fit({"a": strange}, {"a": good}, 0.95) == {}, "strangers score higher"


def asked(
    answer: Callable[[httpx.Request], httpx.Response],
    question: Callable[[HttpVisionService], Coroutine[object, object, Any]],
    **settings: Any,
) -> Any:
    async def run() -> Any:
        made = HttpVisionSettings("http://eyes.example", pause_seconds=0.001, **settings)
        service = HttpVisionService(made, transport=httpx.MockTransport(answer))
        try:
            return await question(service)
        finally:
            await service.close()

    return asyncio.run(run())


def plain(routes: dict[str, Any]) -> Callable[[httpx.Request], httpx.Response]:
    """A plain service that answers some routes so and the usual ones as usual."""
    usual: dict[str, Any] = {
        "/model-info": {"name": "x"}, "/health": {}, "/upload-media": {"asset_id": "a1"},
        "/extract-features": {"asset_id": "a1", "features": [3.0, 4.0]},
    }  # fmt: skip

    def answer(request: httpx.Request) -> httpx.Response:
        found = {**usual, **routes}.get(request.url.path.removeprefix("/api/v1"))
        if found is None:
            return httpx.Response(404, json={"detail": "Not Found"})
        return found if isinstance(found, httpx.Response) else httpx.Response(200, json=found)

    return answer


PICTURE = ImageRef(data=flat())
WISH = SuggestRequest(shots=(ShotWish(shot_id="s", action="She runs."),))


def test_the_other_name_of_the_list_and_a_share_for_a_percentage_are_read() -> None:
    rows = [
        {"shot_id": "1", "movement_type": "push_in", "similarity_score": 0.42, "technical_notes": "tight"},
        {"shot_id": "2", "camera_movement": "swirl", "shot_size": "MCU", "relevance_score": 92},
    ]
    found = asked(plain({"/suggest-shots": {"suggested_shots": rows}}), lambda s: s.suggest(WISH))
    best, second = found.shots[0].candidates
    assert (best.score, best.shot_size, best.movement, best.camera) == (0.92, "medium_close_up", None, None)
    assert best.unmapped == ("camera_movement: swirl",)
    assert (second.score, second.movement, second.evidence[0].why) == (0.42, "dolly_in", "tight")


def test_quality_falls_back_to_the_coarser_call_and_leaves_the_rest_null() -> None:
    request = QualityRequest(images=(QualityImage(number=1, shot_id="s", image=PICTURE),))
    found = asked(plain({"/analyze-quality": {"quality_score": 85.7}}), lambda s: s.analyze_quality(request))
    assert found.images[0].overall == pytest.approx(0.857)
    assert found.images[0].scores.sharpness is None
    assert found.images[0].measures.l_median is None


def test_a_vector_is_brought_to_length_one() -> None:
    found = asked(plain({}), lambda s: s.embed([PICTURE]))
    assert found.embeddings[0].vector == pytest.approx((0.6, 0.8))


def test_a_picture_that_the_service_has_lost_is_sent_again() -> None:
    calls: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v1")
        calls.append(path)
        if path == "/extract-features" and calls.count(path) == 2:
            return httpx.Response(404, json={"detail": "Asset not found"})
        return plain({})(request)

    async def twice(service: HttpVisionService) -> None:
        await service.embed([PICTURE])
        await service.embed([PICTURE])

    asked(answer, twice)
    assert calls.count("/upload-media") == 2
    assert calls.count("/extract-features") == 3


@pytest.mark.parametrize(
    "features",
    [None, [], [0.0, 0.0], ["a"], "text", [1e400]],
    ids=["none", "empty", "zero", "words", "text", "infinite"],
)
def test_features_that_are_none_are_one_clear_error(features: Any) -> None:
    import json

    body = httpx.Response(200, content=json.dumps({"features": features}))
    with pytest.raises(VisionError, match="features"):
        asked(plain({"/extract-features": body}), lambda s: s.embed([PICTURE]))


def test_an_answer_that_is_no_json_or_no_object_is_one_clear_error() -> None:
    for content in (b"<html>", b"[]", b"null", b"[" * 100_000, b""):
        with pytest.raises(VisionError, match="JSON object"):
            asked(plain({"/model-info": httpx.Response(200, content=content)}), lambda s: s.describe())


def test_an_endless_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shotwright.adapters.vision_service.link.MOST_ANSWER_BYTES", 1000)
    big = httpx.Response(200, content=b" " * 5000)
    with pytest.raises(VisionError, match="over 1,000 bytes"):
        asked(plain({"/model-info": big}), lambda s: s.describe())


def test_an_extended_answer_in_an_unknown_form_names_the_place() -> None:
    routes = {"/model-info": {"name": "x", "capabilities": ["images"]}, "/suggest-shots": {"shots": [{"id": 3}]}}
    with pytest.raises(VisionError, match=r"shots\.0"):
        asked(plain(routes), lambda s: s.suggest(WISH))
    routes["/suggest-shots"] = {"shots": [], "model": {"name": "x"}}
    with pytest.raises(VisionError, match="0 of 1"):
        asked(plain(routes), lambda s: s.suggest(WISH))


def test_a_busy_service_is_asked_again_and_a_refusal_is_not() -> None:
    for status, times in ((503, 2), (502, 2), (429, 2), (400, 1), (401, 1), (422, 1)):
        calls = []

        def answer(request: httpx.Request, calls: list[str] = calls, status: int = status) -> httpx.Response:
            calls.append(request.url.path)
            return httpx.Response(status, json={"detail": "no", "hint": "try later"})

        with pytest.raises(VisionError, match="no") as caught:
            asked(answer, lambda s: s.describe())
        assert len(calls) == times, status
        assert caught.value.transient == (times > 1)
        assert caught.value.hint == "try later"


def test_what_would_be_stored_twice_is_not_repeated() -> None:
    from shotwright.model.vision import LibraryAddition, LibraryShot

    calls = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/store-shot-data"):
            calls.append(1)
            return httpx.Response(503, json={})
        return plain({})(request)

    with pytest.raises(VisionError):
        asked(answer, lambda s: s.add_to_library(LibraryAddition(shots=(LibraryShot(tags=("x",)),))))
    assert len(calls) == 1


def test_a_slow_service_is_given_up() -> None:
    async def answer(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(5)
        return httpx.Response(200, json={})

    with pytest.raises(VisionError, match="in time") as caught:
        asked(answer, lambda s: s.describe(), timeout_seconds=0.05, attempts=1)
    assert caught.value.transient


@pytest.mark.parametrize("address", ["", "localhost:3012", "ftp://x", "http://", "http://[", "not an address"])
def test_an_address_that_is_none_is_said_at_once(address: str) -> None:
    with pytest.raises(VisionError, match="no address"):
        HttpVisionService(HttpVisionSettings(address))


def test_the_token_goes_along_and_the_environments_proxy_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((str(request.url), request.headers.get("authorization")))
        return plain({})(request)

    asked(answer, lambda s: s.describe(), token="secret")
    assert seen[0] == ("http://eyes.example/api/v1/model-info", "Bearer secret")
