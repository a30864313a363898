"""Video models' limits and the length to ask for."""

from __future__ import annotations

import pytest

from shotwright.craft.generators import camera_axis, generator, generators, request_length
from shotwright.errors import ConfigError


@pytest.mark.parametrize(
    ("model", "use", "asked", "flags"),
    [
        ("veo", 5.0, 6.0, ()),
        ("veo", 6.0, 8.0, ()),
        ("veo", 7.0, 8.0, ()),
        ("kling", 5.0, 10.0, ()),
        ("runway", 6.0, 10.0, ()),
        ("seedance", 5.5, 7.0, ()),
        ("wan", 6.0, 7.063, ()),
        ("wan", 7.0, 7.063, ("HANDLE_NONE",)),
        ("veo", 8.0, 8.0, ("HANDLE_NONE",)),
        ("veo", 7.5, 8.0, ("HANDLE_SHORT",)),
        ("veo", 9.0, 8.0, ("TOO_LONG",)),
    ],
)
def test_the_request_leaves_half_a_second_at_each_end_or_says_that_it_cannot(
    model: str, use: float, asked: float, flags: tuple[str, ...]
) -> None:
    length = request_length(generator(model), use)
    assert length.seconds == pytest.approx(asked, abs=0.001)
    assert length.flags == flags
    if not flags:
        assert length.use_from >= 0.5
        assert length.seconds - length.use_from - length.use_seconds >= 0.5 - 1e-6


def test_open_weights_are_asked_for_frames_by_their_rule() -> None:
    for name, rule in (("wan", 4), ("ltx", 8)):
        for use in (5.0, 5.5, 6.0, 7.0):
            frames = request_length(generator(name), use).frames
            assert frames % rule == 1
            assert frames <= generator(name).max_frames


def test_sizes_keep_to_the_multiple_that_open_weights_need() -> None:
    for model in generators().values():
        assert all(side % model.multiple_of == 0 for size in model.sizes for side in size), model.name


def test_reference_pictures_may_allow_fewer_lengths() -> None:
    assert request_length(generator("veo"), 5.0).seconds == 6
    assert request_length(generator("veo"), 5.0, with_refs=True).seconds == 8


def test_the_size_is_the_nearest_to_the_films_shape() -> None:
    assert generator("runway").size_for(1.78) == (1280, 720)
    assert generator("runway").size_for(2.39) == (1584, 672)
    assert generator("runway").size_for(0.56) == (720, 1280)


def test_klings_swapped_names_turn_a_pan_into_tilt_and_a_tilt_into_pan() -> None:
    assert camera_axis("kling", "pan_right", None, "slow") == ("tilt", 3)
    assert camera_axis("kling", "tilt_down", None, "moderate") == ("pan", -5)
    assert camera_axis("kling", "truck_left", None, "fast") == ("horizontal", -8)
    assert camera_axis("kling", "pedestal_up", None, "very_slow") == ("vertical", 2)
    assert camera_axis("kling", "static", "zoom_in", "none") == ("zoom", 5)
    assert camera_axis("kling", "arc_left", None, "slow") is None
    assert camera_axis("", "pan_left", None, "slow") is None


def test_an_unknown_model_is_an_error_that_lists_the_known() -> None:
    with pytest.raises(ConfigError) as error:
        generator("zeotrope")
    assert "kling" in error.value.hint
