"""Scores mean odds: what must hold of the calibration and of the verdicts on a sequence."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy", reason="THE VISION EXTRA IS NOT INSTALLED")

from shotwright.model.vision import (  # noqa: E402
    CharacterReferences,
    ImageRef,
    SequenceRequest,
    SequenceShot,
    SubjectRegion,
    VisionModel,
)
from shotwright.vision.calibration import (  # noqa: E402
    Cohort,
    LookModel,
    cohort_weights,
    expected_calibration_error,
    fit_looks,
    photograph_cohort,
)
from shotwright.vision.consistency import CalibratedLikeness  # noqa: E402
from shotwright.vision.engines import Picture  # noqa: E402

WIDE = 24
COHORT = Cohort("test", 0.8, 0.1, 0.1, 0.1)


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def around(name: str, number: int, spread: float = 0.1):
    """Pictures of somebody: vectors about an axis of their own."""
    axis = np.zeros(WIDE)
    axis["ABC".index(name)] = 1
    return unit(axis + np.random.default_rng([ord(name), number]).normal(0, spread, WIDE))


class Vectors:
    """An embedder of pictures that are named by whom they show: `A3` is the third of A."""

    device = "cpu"

    def __init__(self, weights: str = "") -> None:
        self.model = VisionModel(name="vectors", dimension=WIDE, weights_sha256=weights)

    def embed(self, pictures):
        return np.stack([around(p.sha256[0], int(p.sha256[1:])) for p in pictures])


def ref(name: str) -> ImageRef:
    return ImageRef(asset_id=name)


def see(image, bbox=None, mask=None) -> Picture:
    return Picture(image.asset_id, np.zeros((20, 20, 3), np.uint8), bbox or image.bbox)


def asked(picture: str, *, references: int = 5, of: str = "AB", box=None, measured_on="previz") -> SequenceRequest:
    return SequenceRequest(
        characters=tuple(
            CharacterReferences(character=c, references=tuple(ref(f"{c}{i}") for i in range(references))) for c in of
        ),
        shots=(
            SequenceShot(
                number=4,
                shot_id="s4",
                frames=(ref(picture),) if picture else (),
                subjects=(SubjectRegion(character="A", bbox=box),),
            ),
        ),
        measured_on=measured_on,
    )


def verdict(request: SequenceRequest, weights: str = ""):
    answer = CalibratedLikeness(Vectors(weights)).validate(request, see)
    return answer, answer.shots[0].characters[0]


def test_the_right_person_passes_with_a_score_that_is_odds() -> None:
    answer, found = verdict(asked("A9"))
    assert (found.status, found.passed) == ("ok", True)
    assert found.score == pytest.approx(1 / (1 + np.exp(-found.log_likelihood_ratio)), abs=1e-4)
    assert found.closest_other == "B"
    assert answer.score == found.score
    assert not answer.issues


def test_the_wrong_person_is_told_in_the_fixed_words() -> None:
    answer, found = verdict(asked("B9"))
    assert (found.status, found.passed, found.closest_other) == ("wrong_person", False, "B")
    (fault,) = answer.issues
    assert fault.code == "WRONG_PERSON"
    assert fault.message == "Character consistency score below 95% in shot 4"
    assert (fault.agent, fault.character, fault.shot_index) == ("art_director", "A", 0)


def test_a_reference_put_in_again_is_a_copy() -> None:
    assert verdict(asked("A2"))[1].status == "copy_paste"


@pytest.mark.parametrize(
    "request_",
    [asked("B9", references=2), asked("B9", of="A"), asked("B9", box=(0.0, 0.0, 0.1, 0.3))],
    ids=["two references", "no other look", "under 4 % of the frame"],
)
def test_what_cannot_be_judged_fails_nobody(request_: SequenceRequest) -> None:
    answer, found = verdict(request_)
    assert (found.status, found.passed, found.confidence) == ("uncalibrated", None, "low")
    assert found.note
    assert answer.score is None
    assert not answer.issues


def test_a_shot_without_a_picture_is_not_measured() -> None:
    answer, found = verdict(asked(""))
    assert found.status == "not_measured"
    assert answer.shots[0].note == "not measured: no picture"


def test_the_photographs_cohort_speaks_of_its_own_weights_and_of_pictures_alone() -> None:
    alone = {"of": "A", "measured_on": "pictures"}
    answer, found = verdict(asked("C9", **alone), cohort_weights())
    assert answer.model.calibration == photograph_cohort().name
    assert found.passed is False
    assert verdict(asked("C9", **alone), "other")[1].status == "uncalibrated"
    assert verdict(asked("C9", of="A"), cohort_weights())[1].status == "uncalibrated"


def test_the_score_never_falls_as_the_likeness_rises() -> None:
    model = LookModel(0.7, 0.05, 0.2, 0.2)
    scores = [model.score(raw) for raw in np.linspace(-1, 1, 201)]
    assert scores == sorted(scores)
    assert model.typicality(0.7) == pytest.approx(0.5)


def test_few_references_are_drawn_towards_the_pooled_look() -> None:
    look = np.stack([around("A", i, 0.5) for i in range(3)])
    own = fit_looks({"A": look}, COHORT)["A"]
    alone = (look @ look.T)[np.triu_indices(3, 1)].mean()
    assert own.genuine_mean == pytest.approx((3 * alone + 8 * 0.8) / 11, abs=0.05)
    assert (own.impostor_mean, own.impostor_spread) == (0.1, 0.1)


def test_calibration_error_is_nought_for_honest_scores_and_large_for_boasts() -> None:
    honest = [0.75] * 100, [True] * 50 + [False] * 50
    assert expected_calibration_error(*honest) == pytest.approx(0.25)
    assert expected_calibration_error([0.5] * 10, [True] * 5 + [False] * 5) == pytest.approx(0)
    assert expected_calibration_error([0.99, 0.99], [True, False]) == pytest.approx(0.49)


def test_the_subject_of_a_picture_that_has_no_box_is_found_first_and_once() -> None:
    boxes: dict[str, object] = {}
    asked_for = []

    class Watching(Vectors):
        def embed(self, pictures):
            boxes.update({p.sha256: p.bbox for p in pictures})
            return super().embed(pictures)

    def salience(pixels):
        asked_for.append(pixels.shape)
        standing = np.zeros((40, 40), np.float32)
        standing[10:30, 4:20] = 1.0
        return standing

    judge = CalibratedLikeness(Watching(), salience)
    for _ in range(2):
        judge.validate(asked("A9", measured_on="pictures"), see)
    assert len(asked_for) == 11
    assert boxes["A9"] == pytest.approx((0.06, 0.21, 0.54, 0.79))
    judge.validate(asked("A8", box=(0.1, 0.1, 0.9, 0.9), measured_on="pictures"), see)
    assert boxes["A8"] == (0.1, 0.1, 0.9, 0.9)
    assert len(asked_for) == 11
