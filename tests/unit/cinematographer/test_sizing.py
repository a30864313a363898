"""Sizes on bodies of any height and pose."""

from __future__ import annotations

import math

import pytest

from shotwright.craft.optics import SIZES, coverage_of
from shotwright.crew.cinematographer import photograph_scene
from shotwright.crew.cinematographer.figures import Figure
from shotwright.crew.cinematographer.sizing import CROWN_M, aim_height, covering, size_seen
from shotwright.model.crew import FilmSettings


def figure(height_m: float = 1.75, pose: str = "stand") -> Figure:
    return Figure(
        id="character/ann", at=(0.0, 0.0), heading=0.0, pose_start=pose, pose_end=pose, target="nowhere",  # type: ignore[arg-type]
        target_at=None, gaze_heading=0.0, left=None, right=None, speaking=False, addressee=None,
        eye_m=height_m * 0.93, height_m=height_m,
    )  # fmt: skip


@pytest.mark.parametrize("height_m", [0.95, 1.4, 1.75, 2.0])
@pytest.mark.parametrize("size", SIZES)
def test_the_frame_of_a_size_is_seen_as_that_size_on_any_body(size: str, height_m: float) -> None:
    who = figure(height_m)
    assert size_seen(covering(size, who), who) == size  # type: ignore[arg-type]


@pytest.mark.parametrize("pose", ["stand", "sit", "kneel", "crouch", "lie"])
def test_sizes_grow_tighter_in_order_in_every_pose(pose: str) -> None:
    who = figure(pose=pose)
    heights = [covering(size, who) for size in SIZES]
    assert heights == sorted(heights, reverse=True)
    assert [size_seen(height, who) for height in heights] == list(SIZES)


def test_bands_meet_at_the_geometric_mean_of_neighbours() -> None:
    who = figure()
    edge = math.sqrt(coverage_of("medium") * coverage_of("medium_close_up"))
    assert size_seen(edge * 1.01, who) == "medium"
    assert size_seen(edge * 0.99, who) == "medium_close_up"


@pytest.mark.parametrize(("size", "least", "most"), [(2, 0.08, 0.2), (3, 0.08, 0.18), (4, 0.06, 0.16), (5, 0.0, 0.1)])
def test_the_head_has_its_usual_room(size: int, least: float, most: float) -> None:
    coverage = coverage_of(SIZES[size])
    top = aim_height(1.63, size, coverage) + coverage / 2
    assert least <= (top - 1.63 - CROWN_M) / coverage <= most


def test_a_full_figure_stands_on_ground_that_is_seen() -> None:
    low = aim_height(1.63, 1, 2.6) - 1.3
    assert -0.6 < low < -0.1


def test_a_childs_close_up_is_nearer_than_a_grown_ups(scene_maker) -> None:
    def near(age: str) -> float:
        s = scene_maker("dialogue_2", "INT. KITCHEN - DAY", ["ann", "ben"])
        s.shot([s.act("Ann listens.", actors=("character/ann",))], "action", ["ann"])
        brief, directed = s.done()
        cast = tuple(
            m.model_copy(update={"character": m.character.model_copy(update={"age": age})})
            if str(m.character.id) == "character/ann" else m
            for m in brief.cast
        )  # fmt: skip
        camera = (
            photograph_scene(brief.model_copy(update={"cast": cast}), directed, FilmSettings())
            .shots[0]
            .technical.camera
        )
        return math.dist(camera.position_m, camera.look_at_m) / camera.lens.focal_mm / coverage_of(camera.shot_size)

    assert near("6") < 0.9 * near("35")
