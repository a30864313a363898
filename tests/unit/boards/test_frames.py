"""Frames as they are kept: the same bytes each time, masks that agree with the picture, people as the assets say."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("numpy")
pytest.importorskip("PIL")

import numpy as np
from PIL import Image

from shotwright.boards.cast import CastSheet
from shotwright.boards.frames import draw_frame, frame_size, moments
from shotwright.production.opened import Production
from shotwright.production.studio import RunRequest, run_production

if TYPE_CHECKING:
    from shotwright.model.shot import Shot

EXAMPLE = Path(__file__).parents[3] / "examples" / "last_bird_in"
SMALL = (320, 180)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> tuple[CastSheet, dict[str, Shot], dict[str, list[Shot]]]:
    folder = tmp_path_factory.mktemp("frames") / "film"
    run_production(
        RunRequest(EXAMPLE / "last_bird_in.fountain", folder, (EXAMPLE / "assets",), flags={"boards.draw": "none"})
    )
    with Production(folder) as production:
        sheet = CastSheet.of(production.story, production.casting, production.document().assets)
        scenes = {str(scene): shots for scene, shots in production.film}
        return sheet, {shot.label: shot for shot in production.shots}, scenes


def drawn(film: tuple[CastSheet, dict[str, Shot], dict[str, list[Shot]]], shot: Shot):  # type: ignore[no-untyped-def]
    sheet, _, scenes = film
    place = sheet.places(scenes[shot.scene_id])[shot.technical_layer.staging.plate.partition(" side ")[0]]
    return draw_frame(shot, "first", sheet.makers(shot), place, SMALL)


def test_the_same_shot_gives_the_same_bytes_and_a_mask_of_its_size(film) -> None:  # type: ignore[no-untyped-def]
    shot = film[1]["007-0060"]
    one, two = drawn(film, shot), drawn(film, shot)
    assert (one.image, one.mask) == (two.image, two.mask)
    mask = np.asarray(Image.open(io.BytesIO(one.mask)))
    assert mask.shape == (SMALL[1], SMALL[0])
    for subject in one.subjects:
        left, top, right, bottom = subject.box
        assert float((mask == subject.value).mean()) == pytest.approx(subject.share, abs=1e-4)
        rows, columns = (
            (round(top * SMALL[1]), round(bottom * SMALL[1])),
            (round(left * SMALL[0]), round(right * SMALL[0])),
        )
        inside = mask[slice(*rows), slice(*columns)]
        assert (inside == subject.value).sum() == (mask == subject.value).sum()


def test_the_first_subject_is_the_focus_and_has_a_head_over_a_body(film) -> None:  # type: ignore[no-untyped-def]
    shot = film[1]["007-0060"]
    first = drawn(film, shot).subjects[0]
    assert first.entity == shot.technical_layer.camera.focus.on
    assert first.parts["head"][3] <= first.parts["upper"][1] + 0.02


def test_other_clothes_and_another_person_are_seen(film) -> None:  # type: ignore[no-untyped-def]
    sheet, shots, _ = film
    shot = shots["007-0060"]
    assets = shot.digital_assets
    coat = next(k for k, a in sheet.assets.items() if a.kind == "clothes" and k not in assets.clothes)
    own = assets.bindings["clothes/della.tunic"]
    worn = tuple(coat if key == own else key for key in assets.clothes)
    dressed = shot.model_copy(update={"digital_assets": assets.model_copy(update={"clothes": worn})})
    bindings = {**assets.bindings, "character/della": "char_priya_v01"}
    recast = shot.model_copy(update={"digital_assets": assets.model_copy(update={"bindings": bindings})})
    plain = drawn(film, shot).image
    assert drawn(film, dressed).image != plain
    assert drawn(film, recast).image != plain
    assert sheet.fingerprint(dressed) != sheet.fingerprint(shot) != sheet.fingerprint(recast)


def test_moving_shots_have_three_moments_and_still_ones_one(film) -> None:  # type: ignore[no-untyped-def]
    counts = {len(moments(shot)) for shot in film[1].values()}
    assert counts == {1, 3}
    for shot in film[1].values():
        if shot.technical_layer.camera.movement.type != "static":
            assert moments(shot) == ("first", "middle", "last")


@pytest.mark.parametrize(("aspect", "size"), [(1.78, (960, 540)), (2.39, (960, 402)), (0.5625, (304, 540))])
def test_frames_have_the_film_s_proportions(aspect: float, size: tuple[int, int]) -> None:
    width, height = frame_size(aspect)
    assert (width, height) == size
    assert width / height == pytest.approx(aspect, rel=0.01)
