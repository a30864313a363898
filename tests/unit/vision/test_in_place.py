"""A subject compared with what it should look like in the very set-up: what must count and what must not."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

import pytest

np = pytest.importorskip("numpy", reason="THE VISION EXTRA IS NOT INSTALLED")
Image = pytest.importorskip("PIL.Image", reason="THE VISION EXTRA IS NOT INSTALLED")

from shotwright.model.vision import (  # noqa: E402
    ImageRef,
    MaskRef,
    SequenceRequest,
    SequenceShot,
    SubjectRegion,
    VisionModel,
)
from shotwright.vision.consistency import IN_PLACE, CalibratedLikeness  # noqa: E402
from shotwright.vision.eyes import TooMuch  # noqa: E402
from shotwright.vision.in_place import previz_model  # noqa: E402
from shotwright.vision.opening import open_eyes  # noqa: E402
from shotwright.vision.patches import Difference  # noqa: E402
from shotwright.vision.pictures import picture_of  # noqa: E402

if TYPE_CHECKING:
    from pathlib import Path

HEIGHT, WIDTH = 270, 480
SKIN, HAIR, COAT, LEGS = (205, 160, 130), (60, 40, 25), (40, 70, 150), (60, 60, 65)
PARTS = {"head": (0.44, 0.2, 0.56, 0.42), "upper": (0.38, 0.42, 0.62, 0.74), "lower": (0.42, 0.74, 0.58, 1.0)}


class NoEyes:
    """An embedder that must not be asked."""

    device = "cpu"
    model = VisionModel(name="no eyes", dimension=4)

    def embed(self, pictures):
        raise AssertionError("a subject with an expected picture needs no embedding")


def png(pixels) -> bytes:
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG")
    return data.getvalue()


def person(*, hair=HAIR, skin=SKIN, coat=COAT, legs=LEGS, afro=False, light=1.0, scale=1, in_front=False):
    """(picture, id mask) of somebody on a wall, shaded from the left; 2 in the mask is somebody who stands before."""
    pixels = np.full((HEIGHT, WIDTH, 3), (150, 160, 140), np.float32)
    ids = np.zeros((HEIGHT, WIDTH), np.uint8)

    def fill(left, top, right, bottom, colour, value=1) -> None:
        box = np.s_[round(top * HEIGHT) : round(bottom * HEIGHT), round(left * WIDTH) : round(right * WIDTH)]
        pixels[box] = colour
        ids[box] = value

    fill(0.42, 0.74, 0.58, 1.0, legs)
    fill(0.38, 0.42, 0.62, 0.74, coat)
    fill(0.44, 0.2, 0.56, 0.42, skin)
    fill(0.44, 0.2, 0.56, 0.28, hair)
    if afro:
        fill(0.4, 0.12, 0.6, 0.28, hair)
    shade = np.linspace(1.1, 0.7, WIDTH)[None, :, None]
    body = ids > 0
    pixels[body] = (pixels * shade)[body]
    if in_front:
        fill(0.5, 0.3, 0.9, 1.0, (200, 60, 60), 2)
    shown = np.clip(pixels * light, 0, 255).astype(np.uint8)
    small = Image.fromarray(shown).resize((WIDTH // scale, HEIGHT // scale), Image.Resampling.BOX)
    return np.asarray(small), ids[::scale, ::scale]


def asked(shown, *, due=None, parts=PARTS, mask=True) -> SequenceRequest:
    pixels, ids = shown
    image, drawn = due or person(scale=2)
    return SequenceRequest(
        characters=(),
        shots=(
            SequenceShot(
                number=4,
                shot_id="s4",
                frames=(ImageRef(data=png(pixels)),),
                subjects=(
                    SubjectRegion(
                        character="character/ann",
                        look="look/ann_1",
                        mask=MaskRef(data=png(ids), value=1) if mask else None,
                        parts=parts,
                        expected=ImageRef(data=png(image), mask=MaskRef(data=png(drawn), value=1)),
                    ),
                ),
            ),
        ),
    )


def see(image, bbox=None, mask=None):
    where = mask or (None if bbox is not None else image.mask)
    return picture_of(
        image.data, "", bbox, where.data if where is not None else None, where.value if where is not None else None
    )


def verdict(request: SequenceRequest):
    answer = CalibratedLikeness(NoEyes()).validate(request, see)
    return answer, answer.shots[0].characters[0]


def test_the_look_as_expected_passes_at_half_the_size_without_any_backbone() -> None:
    answer, found = verdict(asked(person()))
    assert (found.status, found.passed) == ("ok", True)
    assert min(found.parts.head, found.parts.upper, found.parts.lower) >= 0.95
    assert answer.score == found.score
    assert answer.model.name == IN_PLACE
    assert answer.model.calibration == previz_model().name
    assert not answer.issues


@pytest.mark.parametrize(
    ("shown", "code", "wrong"),
    [
        ({"coat": (150, 60, 40)}, "WARDROBE_MISMATCH", {"upper"}),
        ({"coat": (45, 110, 110), "legs": (40, 70, 60)}, "WARDROBE_MISMATCH", {"upper", "lower"}),
        ({"hair": (190, 150, 90)}, "CHAR_CONSISTENCY_LOW", {"head"}),
        ({"afro": True}, "CHAR_CONSISTENCY_LOW", {"head"}),
        ({"skin": (120, 80, 60), "hair": (20, 20, 20), "coat": (170, 60, 60), "legs": (120, 110, 60)},
         "WRONG_PERSON", {"head", "upper", "lower"}),
    ],
    ids=["coat", "drift", "hair colour", "hair shape", "another person"],
)  # fmt: skip
def test_what_is_wrong_is_named_by_the_part_that_is_wrong(shown, code, wrong) -> None:
    answer, found = verdict(asked(person(**shown)))
    (fault,) = answer.issues
    assert fault.code == code
    assert fault.severity == "error"
    assert fault.message == "Character consistency score below 95% in shot 4"
    assert fault.agent == "art_director"
    assert {p for p in ("head", "upper", "lower") if getattr(found.parts, p) < 0.95} == wrong
    assert found.status == ("wrong_person" if code == "WRONG_PERSON" else "drift")


def test_a_little_more_light_is_nobody_elses_face() -> None:
    assert verdict(asked(person(light=0.92)))[1].passed is True


def test_whoever_stands_in_front_is_no_fault_of_the_one_behind() -> None:
    _, found = verdict(asked(person(in_front=True)))
    assert found.passed is True
    assert found.visibility == pytest.approx(float((person(in_front=True)[1] == 1).mean()), abs=1e-3)


def test_whoever_should_stand_in_front_and_is_drawn_smaller_is_no_fault_of_the_one_behind() -> None:
    _, found = verdict(asked(person(), due=person(in_front=True)))
    assert found.passed is True


def test_parts_are_guessed_where_none_are_given() -> None:
    answer, found = verdict(asked(person(coat=(150, 60, 40)), parts={}))
    assert found.parts.upper < 0.95
    assert answer.issues


def test_too_small_or_unlike_in_shape_or_not_to_be_seen_fails_nobody() -> None:
    pixels, ids = person(coat=(150, 60, 40))
    small, tiny = np.full_like(pixels, 140), np.zeros_like(ids)
    small[100:160, 200:260], tiny[100:160, 200:260] = pixels[60:120, 200:260], ids[60:120, 200:260]
    nowhere = person(scale=2)[0], np.zeros((HEIGHT // 2, WIDTH // 2), np.uint8)
    square = person(scale=2)[0][:, :135], person(scale=2)[1][:, :135]
    for request in (asked((small, tiny)), asked(person(), due=nowhere), asked(person(), due=square)):
        answer, found = verdict(request)
        assert (found.passed, found.status) == (None, "uncalibrated")
        assert found.note
        assert not answer.issues


def test_the_service_bounds_what_is_expected_like_any_other_picture(tmp_path: Path) -> None:
    eyes = open_eyes(tmp_path, backbone=NoEyes(), inline=True)
    try:
        request = asked(person())
        answer = asyncio.run(eyes.validate_sequence(request))
        assert answer.shots[0].characters[0].passed is True
        (shot,) = request.shots
        (subject,) = shot.subjects
        assert subject.expected is not None
        same = subject.expected.model_copy(update={"data": shot.frames[0].data, "mask": subject.mask})
        many = (subject.model_copy(update={"expected": same}),) * 70
        crowd = request.model_copy(update={"shots": (shot.model_copy(update={"subjects": many}),)})
        assert len(asyncio.run(eyes.validate_sequence(crowd)).shots[0].characters) == 70
        unlike = tuple(
            subject.model_copy(update={"expected": same.model_copy(update={"data": same.data + bytes([n])})})
            for n in range(70)
        )
        with pytest.raises(TooMuch, match="71 pictures"):
            asyncio.run(
                eyes.validate_sequence(
                    request.model_copy(update={"shots": (shot.model_copy(update={"subjects": unlike}),)})
                )
            )
    finally:
        asyncio.run(eyes.close())


def test_more_difference_is_never_a_better_score() -> None:
    model = previz_model()
    for part in ("head", "upper", "lower"):
        for name in ("mean", "worst", "outline"):
            steps = [
                model.score({part: Difference(**{"mean": 0.2, "worst": 0.4, "outline": 0.05, name: value})})
                for value in np.linspace(0, 1, 21)
            ]
            assert steps == sorted(steps, reverse=True)
