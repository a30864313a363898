"""The contract of the vision port, on every adapter: in process, our service over HTTP, and another's plain wire."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.unit.vision_service.double import plain_service
from tests.unit.vision_service.pictures import encoded, flat, person
from tests.unit.vision_service.serving import closed_port, quick_eyes, served

from shotwright.adapters.vision_service.http import HttpVisionService
from shotwright.adapters.vision_service.link import HttpVisionSettings
from shotwright.errors import VisionError
from shotwright.model.shot import EmotionalBeat
from shotwright.model.vision import (
    CharacterReferences,
    FrameIntent,
    ImageRef,
    LibraryAddition,
    LibraryShot,
    MaskRef,
    QualityImage,
    QualityRequest,
    SceneSetting,
    SequenceRequest,
    SequenceShot,
    ShotWish,
    SubjectRegion,
    SuggestRequest,
)
from shotwright.vision.opening import open_eyes
from shotwright.vision.plain_engines import ColourAndContour
from shotwright.vision.service.app import make_app

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
    from pathlib import Path

    from shotwright.ports.vision_service import VisionService

LOCAL, FULL, OURS, PLAIN = "in process", "in process, all engines", "our service", "plain wire"


@pytest.fixture(params=[LOCAL, FULL, OURS, PLAIN])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def ask(kind: str, tmp_path: Path) -> Iterator[Callable[..., object]]:
    """Runs a coroutine function on a fresh adapter; what the service holds lasts for the test."""
    with contextlib.ExitStack() as stack:
        address = ""
        if kind not in (LOCAL, FULL):
            app = plain_service() if kind == PLAIN else make_app(quick_eyes(tmp_path / "eyes"))
            address = stack.enter_context(served(app))

        @contextlib.asynccontextmanager
        async def adapter() -> AsyncIterator[VisionService]:
            made: VisionService
            if kind == LOCAL:
                made = quick_eyes(tmp_path / "eyes")
            elif kind == FULL:
                made = open_eyes(tmp_path / "eyes", backbone=ColourAndContour())
            else:
                made = HttpVisionService(HttpVisionSettings(address, timeout_seconds=30))
            try:
                yield made
            finally:
                await made.close()

        def run(question: Callable[[VisionService], Coroutine[object, object, object]]) -> object:
            async def once() -> object:
                async with adapter() as service:
                    return await question(service)

            return asyncio.run(once())

        yield run


def picture(name: str, seed: int = 0) -> ImageRef:
    return ImageRef(data=person(name, seed))


def sequence(*shots: tuple[str, str], references: int = 4) -> SequenceRequest:
    """Shots of (who should be seen, who is seen), with references of both leads."""
    return SequenceRequest(
        characters=tuple(
            CharacterReferences(character=c, references=tuple(picture(c, i) for i in range(references)))
            for c in ("mara", "odell")
        ),
        shots=tuple(
            SequenceShot(
                number=n,
                shot_id=f"sh_{n}",
                frames=(picture(seen, 50 + n),),
                subjects=(SubjectRegion(character=wanted, bbox=(0.1, 0.0, 0.9, 1.0)),),
            )
            for n, (wanted, seen) in enumerate(shots, 1)
        ),
        measured_on="pictures",
    )


def test_it_says_what_it_is(ask: Callable, kind: str) -> None:
    found = ask(lambda s: s.describe())
    assert found.model.name
    assert found.model.dimension > 0
    assert {"embed", "suggest", "validate", "quality", "library"} <= set(found.capabilities)
    assert found.wire == {LOCAL: "local", FULL: "local", OURS: "extended", PLAIN: "plain"}[kind]


def test_embeddings_are_unit_vectors_in_order_and_always_the_same(ask: Callable) -> None:
    async def twice(service: VisionService) -> object:
        images = [picture("mara"), picture("odell"), picture("mara")]
        return await service.embed(images), await service.embed(images)

    one, two = ask(twice)
    for answer in (one, two):
        vectors = [e.vector for e in answer.embeddings]
        assert len(vectors) == 3
        assert all(sum(v * v for v in vector) == pytest.approx(1.0, abs=1e-4) for vector in vectors)
        assert vectors[0] == pytest.approx(vectors[2], abs=1e-6)
        assert vectors[0] != pytest.approx(vectors[1], abs=1e-2)
    assert [e.vector for e in one.embeddings] == [e.vector for e in two.embeddings]
    assert all(e.cached for e in two.embeddings)


def test_a_box_is_looked_at_and_nothing_else(ask: Callable) -> None:
    async def look(service: VisionService) -> object:
        whole, part = picture("mara"), picture("mara").model_copy(update={"bbox": (0.3, 0.36, 0.7, 0.64)})
        return await service.embed([whole]), await service.embed([part])

    whole, part = ask(look)
    assert whole.embeddings[0].vector != pytest.approx(part.embeddings[0].vector, abs=1e-2)


def test_a_mask_is_looked_through_whichever_id_is_meant(ask: Callable) -> None:
    ids = np.zeros((96, 64, 3), np.uint8)
    ids[30:66, 16:50] = 7
    ids[66:96, 16:50] = 9
    mask = encoded(ids)

    async def look(service: VisionService) -> object:
        upper = picture("mara").model_copy(update={"mask": MaskRef(data=mask, value=7)})
        lower = picture("mara").model_copy(update={"mask": MaskRef(data=mask, value=9)})
        return await service.embed([upper, lower, upper])

    one, two, again = (e.vector for e in ask(look).embeddings)
    assert one == pytest.approx(again, abs=1e-6)
    assert one != pytest.approx(two, abs=1e-2)


def test_a_frames_intent_goes_along_and_the_answer_is_the_same_in_process_and_over_our_wire(tmp_path: Path) -> None:
    wish = ShotWish(shot_id="sh_1", characters=("character/mara",))
    images = tuple(
        QualityImage(number=n, shot_id=f"sh_{n}", image=ImageRef(data=flat((60 * n,) * 3))) for n in (1, 2, 3)
    )

    async def both(service: VisionService) -> object:
        try:
            way = (await service.suggest(SuggestRequest(shots=(wish,)))).shots[0].candidates[0]
            intent = FrameIntent(camera=way.camera, lighting=way.lighting, tone=("quiet",))
            asked = tuple(image.model_copy(update={"intent": intent}) for image in images)
            return way, await service.analyze_quality(QualityRequest(images=asked))
        finally:
            await service.close()

    here = asyncio.run(both(quick_eyes(tmp_path / "here")))
    with served(make_app(quick_eyes(tmp_path / "there"))) as address:
        there = asyncio.run(both(HttpVisionService(HttpVisionSettings(address))))
    assert here == there


def test_a_sequence_has_one_answer_a_shot_in_order(ask: Callable) -> None:
    request = sequence(("mara", "mara"), ("odell", "odell"), ("mara", "odell"))
    bare = SequenceShot(number=4, shot_id="sh_4", frames=(), expects=("mara",))
    found = ask(lambda s: s.validate_sequence(request.model_copy(update={"shots": (*request.shots, bare)})))
    assert [(s.number, s.shot_id) for s in found.shots] == [(1, "sh_1"), (2, "sh_2"), (3, "sh_3"), (4, "sh_4")]
    assert found.model.name
    assert found.measured_on == "pictures"
    assert [c.status for c in found.shots[3].characters] == ["not_measured"]
    assert "not measured" in found.shots[3].note
    raw = [shot.characters[0].raw for shot in found.shots[:3]]
    assert raw[2] < min(raw[:2]), "somebody else is less like the references"
    for shot in found.shots[:3]:
        for character in shot.characters:
            if character.status == "uncalibrated":
                assert character.score is None
                assert character.passed is None
            else:
                assert 0 <= character.score <= 1


def test_what_was_asked_and_not_checked_is_said(ask: Callable) -> None:
    request = sequence(("mara", "mara")).model_copy(update={"checks": ("character", "lighting")})
    assert "checked" in ask(lambda s: s.validate_sequence(request)).shots[0].note


def test_two_references_are_too_few_to_fail_anybody(ask: Callable) -> None:
    found = ask(lambda s: s.validate_sequence(sequence(("mara", "odell"), references=2)))
    assert found.shots[0].characters[0].passed is None
    assert not [i for i in found.issues if i.severity == "error"]


def test_quality_has_one_answer_a_picture_and_scores_between_0_and_1(ask: Callable) -> None:
    images = tuple(
        QualityImage(number=n, shot_id=f"sh_{n}", image=ImageRef(data=flat((level,) * 3)))
        for n, level in enumerate((120, 124, 118), 1)
    )
    found = ask(lambda s: s.analyze_quality(QualityRequest(images=images, measured_on="pictures")))
    assert [i.shot_id for i in found.images] == ["sh_1", "sh_2", "sh_3"]
    assert found.model.name
    for image in found.images:
        given = [v for v in image.scores.model_dump().values() if v is not None]
        assert given, "something must have been measured"
        assert all(0 <= v <= 1 for v in given)


def test_an_empty_library_suggests_nothing_from_it_and_is_no_error(ask: Callable, kind: str) -> None:
    request = SuggestRequest(shots=(ShotWish(shot_id="sh_1", action="She waits."), ShotWish(shot_id="sh_2")))
    found = ask(lambda s: s.suggest(request))
    assert [s.shot_id for s in found.shots] == ["sh_1", "sh_2"]
    evidence = [e.library_id for s in found.shots for c in s.candidates for e in c.evidence]
    assert not [e for e in evidence if not e.startswith(("idiom/", "beat/"))]
    if kind == PLAIN:
        assert all(s.candidates == () for s in found.shots)


def test_a_shot_put_into_the_library_is_found_again_by_its_words(ask: Callable) -> None:
    shot = LibraryShot(
        image=picture("mara"), video_asset_id="reel_1", start_timestamp=3.0, duration=4.0, shot_size="close_up",
        angle="eye_level", movement="dolly_in", beat="tension_rising", tags=("confrontation",),
        scene_description="two people quarrel in a kitchen",
    )  # fmt: skip

    async def add_and_ask(service: VisionService) -> object:
        receipt = await service.add_to_library(LibraryAddition(shots=(shot,)))
        wish = ShotWish(
            shot_id="sh_1",
            action="They quarrel in the kitchen.",
            tags=("confrontation",),
            characters=("character/mara", "character/odell"),
            speaker="character/mara",
            turn=True,
        )
        scene = SceneSetting(
            type="dialogue_2", int_ext="INT", emotional_beat=EmotionalBeat(name="tension_rising", intensity=0.9)
        )
        return receipt, await service.suggest(SuggestRequest(scene=scene, shots=(wish,), k=6))

    receipt, found = ask(add_and_ask)
    assert len(receipt.ids) == 1
    assert receipt.ids[0]
    candidates = found.shots[0].candidates
    assert candidates
    assert receipt.ids[0] in {e.library_id for c in candidates for e in c.evidence}
    assert "close_up" in {c.shot_size for c in candidates}
    assert all(0 <= c.score <= 1 and c.label for c in candidates)


@pytest.mark.parametrize("data", [b"not a picture", b"\x89PNG\r\n\x1a\n", flat()[:60]], ids=["text", "head", "cut off"])
def test_a_picture_that_cannot_be_read_is_one_clear_error(ask: Callable, kind: str, data: bytes) -> None:
    if kind == PLAIN:
        pytest.skip("what another's service makes of a broken picture is its own affair")
    with pytest.raises(VisionError) as caught:
        ask(lambda s: s.embed([ImageRef(data=data)]))
    assert not caught.value.transient
    assert "\n" not in caught.value.message


def test_too_many_pictures_are_refused(ask: Callable) -> None:
    with pytest.raises(VisionError, match="65 pictures"):
        ask(lambda s: s.embed([picture("mara")] * 65))


def test_no_url_is_fetched_unless_its_host_is_allowed(ask: Callable) -> None:
    with pytest.raises(VisionError):
        ask(lambda s: s.embed([ImageRef(url="http://169.254.169.254/latest/meta-data")]))


def test_its_fingerprint_changes_with_its_library(ask: Callable, kind: str) -> None:
    if kind == PLAIN:
        pytest.skip("the plain wire does not say what its library holds")

    async def watch(service: VisionService) -> object:
        await service.describe()
        before = service.fingerprint()
        await service.describe()
        again = service.fingerprint()
        await service.add_to_library(LibraryAddition(shots=(LibraryShot(tags=("rain",)),)))
        await service.describe()
        return before, again, service.fingerprint()

    before, again, after = ask(watch)
    assert before == again != after


def test_a_service_that_is_down_is_a_transient_error_that_says_where() -> None:
    async def ask_nobody() -> None:
        address = f"http://127.0.0.1:{closed_port()}"
        service = HttpVisionService(HttpVisionSettings(address, attempts=2, pause_seconds=0.01))
        try:
            await service.embed([picture("mara")])
        finally:
            await service.close()

    with pytest.raises(VisionError, match=r"127\.0\.0\.1") as caught:
        asyncio.run(ask_nobody())
    assert caught.value.transient
    assert caught.value.hint


def test_a_plain_service_is_calibrated_by_the_references_own_scores(tmp_path: Path) -> None:
    async def look(address: str) -> object:
        service = HttpVisionService(HttpVisionSettings(address))
        try:
            return await service.validate_sequence(
                sequence(("mara", "mara"), ("odell", "odell"), ("mara", "odell"), ("odell", "mara"), references=5)
            )
        finally:
            await service.close()

    with served(plain_service()) as address:
        found = asyncio.run(look(address))
    assert "references" in found.model.calibration
    assert [shot.characters[0].status for shot in found.shots] == ["ok", "ok", "wrong_person", "wrong_person"]
    assert [(i.code, i.agent, i.shot_index) for i in found.issues] == [
        ("WRONG_PERSON", "art_director", 2),
        ("WRONG_PERSON", "art_director", 3),
    ]
    assert found.score == min(shot.characters[0].score for shot in found.shots)
