"""Figures: people with the right proportions, on the floor, the same every time."""

from __future__ import annotations

import itertools
import time
import tracemalloc
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import pytest

np = pytest.importorskip("numpy")

from shotwright.boards.figures import Appearance, appearance_of, condition_of, figure  # noqa: E402
from shotwright.boards.figures.shape import forget_shapes, shape_of  # noqa: E402
from shotwright.boards.figures.stance import pose_table  # noqa: E402
from shotwright.model.story import Character  # noqa: E402
from shotwright.model.vocabulary import Pose  # noqa: E402

if TYPE_CHECKING:
    from shotwright.boards.mesh import Mesh

POSES = Pose.__args__  # type: ignore[attr-defined]
SEATED = ("sit", "drive", "ride")
GROUNDED = [p for p in POSES if p != "swim" and p not in SEATED]


def somebody(
    name: str = "ada", *, age: str = "35", gender: str = "female", place: int | None = None, **more: Any
) -> Appearance:
    character = Character.model_validate(
        {"id": f"character/{name}", "name": name.title(), "gender": gender, "age": age, **more}
    )
    return appearance_of(character, place=place)


def digest(mesh: Mesh) -> str:
    parts = (mesh.vertices, mesh.faces, mesh.colours, mesh.parts)
    return blake2b(b"".join(p.tobytes() for p in parts), digest_size=8).hexdigest()


@pytest.mark.parametrize("pose", POSES)
def test_every_pose_of_the_vocabulary_is_drawn_of_its_own(pose: str) -> None:
    assert pose in pose_table()
    mesh = figure(somebody(), pose)
    assert np.isfinite(mesh.vertices).all()
    assert mesh.vertices.dtype == np.float32
    assert mesh.faces.dtype == np.int32
    assert mesh.faces.min() >= 0
    assert mesh.faces.max() < len(mesh.vertices)
    assert len(mesh.faces) == len(mesh.colours) == len(mesh.parts)
    assert mesh.colours.min() >= 0
    assert mesh.colours.max() <= 1
    assert mesh.parts.max() < len(mesh.names)
    assert max(np.ptp(mesh.vertices, axis=0)) < 2.6, "no limb flies off"


@pytest.mark.parametrize("pose", GROUNDED)
@pytest.mark.parametrize(("age", "gender"), [("35", "male"), ("8", "female"), ("78", "female")])
def test_the_lowest_point_stands_on_the_floor(pose: str, age: str, gender: str) -> None:
    mesh = figure(somebody("bo", age=age, gender=gender), pose, phase=0.3)
    assert abs(float(mesh.vertices[:, 1].min())) < 1e-4


@pytest.mark.parametrize("pose", SEATED)
@pytest.mark.parametrize("age", ["35", "6"])
def test_short_legs_hang_from_a_seat_and_long_ones_reach_the_floor(pose: str, age: str) -> None:
    mesh = figure(somebody("bo", age=age, gender="male"), pose)
    assert mesh.vertices[:, 1].min() > -1e-4
    assert mesh.anchors["hips"][1] > 0.44
    if pose == "sit":
        assert (mesh.vertices[:, 1].min() > 0.05) == (age == "6")


@pytest.mark.parametrize("phase", [0.0, 0.2, 0.4, 0.6, 0.8])
@pytest.mark.parametrize("pose", ["stand", "walk", "point", "hold", "embrace", "fight"])
def test_somebody_upright_has_a_shoe_on_the_floor_under_the_body(pose: str, phase: float) -> None:
    mesh = figure(somebody("bo", gender="male"), pose, phase=phase)
    sole = mesh.vertices[np.unique(mesh.faces[mesh.parts == mesh.names.index("shoes")])]
    low = sole[sole[:, 1] < 0.02]
    assert len(low) > 10
    assert abs(low[:, 2].mean() - mesh.anchors["hips"][2]) < 0.45


def test_both_feet_of_somebody_standing_are_flat_on_the_floor() -> None:
    mesh = figure(somebody(), "stand")
    for side in ("left", "right"):
        assert 0.03 < mesh.anchors[f"ankle_{side}"][1] < 0.14


def test_a_step_moves_the_feet_past_each_other_and_comes_round() -> None:
    look = somebody()
    ahead = [
        figure(look, "walk", phase=p).anchors["ankle_left"][2] - figure(look, "walk", phase=p).anchors["ankle_right"][2]
        for p in (0.0, 0.5, 1.0)
    ]
    assert ahead[0] > 0.3
    assert ahead[1] < -0.3
    assert ahead[2] == pytest.approx(ahead[0], abs=1e-5)


def test_a_seat_is_at_seat_height_and_the_knees_are_before_the_hips() -> None:
    for age, gender in (("35", "male"), ("35", "female"), ("70", "male")):
        mesh = figure(somebody("cy", age=age, gender=gender), "sit")
        assert 0.47 < mesh.anchors["hips"][1] < 0.62
        assert mesh.anchors["knees"][2] > mesh.anchors["hips"][2] + 0.25
        assert mesh.anchors["ankles"][1] < 0.2


@pytest.mark.parametrize(("age", "gender", "low", "high"), [("6", "male", 5.0, 6.4), ("35", "male", 7.0, 8.4),
                                                              ("35", "female", 6.8, 8.2)])  # fmt: skip
def test_a_body_is_so_many_heads_high(age: str, gender: str, low: float, high: float) -> None:
    look = somebody("dee", age=age, gender=gender)
    anchors = figure(look, "stand").anchors
    assert low < look.height_m / (anchors["crown"][1] - anchors["chin"][1]) < high


def test_anchors_stand_in_the_order_of_the_body() -> None:
    anchors = figure(somebody(), "stand").anchors
    order = ["crown", "eyes", "chin", "chest", "waist", "hips", "knees", "ankles"]
    heights = [anchors[name][1] for name in order]
    assert heights == sorted(heights, reverse=True)
    assert anchors["hand_left"][0] > 0 > anchors["hand_right"][0], "the figure faces +z: its left is +x"
    assert anchors["eyes"][2] > anchors["neck"][2]


def test_the_height_is_the_height_asked_for() -> None:
    for age in ("5", "30", "80"):
        look = somebody("eve", age=age)
        crown = figure(look, "stand").anchors["crown"][1]
        assert look.height_m * 0.96 < crown < look.height_m * 1.03


def test_head_and_eyes_turn_to_the_gaze() -> None:
    look = somebody()
    ahead, aside = figure(look), figure(look, gaze=(60, 0))
    assert aside.anchors["eyes"][0] > ahead.anchors["eyes"][0] + 0.03
    up, down = figure(look, gaze=(0, 25)), figure(look, gaze=(0, -25))
    assert up.anchors["eyes"][1] > down.anchors["eyes"][1]
    # A glance too small for the head moves the irises.
    shape = shape_of(look)
    start, stop, _ = shape.balls[0]
    pupil = [figure(look, gaze=(yaw, 0)).vertices[start] - figure(look, gaze=(yaw, 0)).vertices[start:stop].mean(0)
             for yaw in (-25.0, 25.0)]  # fmt: skip
    assert pupil[1][0] - pupil[0][0] > 0.004


def test_eyes_have_white_iris_and_pupil() -> None:
    mesh = figure(somebody())
    tones = mesh.colours[mesh.parts == mesh.names.index("eyes")].mean(1)
    assert (tones > 0.5).sum() > 100
    assert (tones < 0.02).sum() > 40
    assert ((tones > 0.02) & (tones < 0.5)).sum() > 100


def test_an_open_mouth_is_open_and_speech_moves() -> None:
    look = somebody()
    closed, wide = figure(look), figure(look, mouth="open")
    assert np.abs(closed.vertices - wide.vertices).max() > 0.008
    said = [figure(look, mouth="speaking", phase=p).vertices for p in (0.0, 0.25)]
    assert np.abs(said[0] - said[1]).max() > 0.001


def test_hair_leaves_the_face_free() -> None:
    for place in range(24):
        look = somebody(f"face{place}", place=place, gender=("female", "male")[place % 2])
        mesh = figure(look)
        eyes = np.array(mesh.anchors["eyes"])
        hair = mesh.vertices[np.unique(mesh.faces[mesh.parts == mesh.names.index("hair")])]
        if len(hair):
            near = hair - eyes
            before = (np.abs(near[:, 0]) < 0.045) & (near[:, 1] < 0.03) & (near[:, 1] > -0.03) & (near[:, 2] > -0.02)
            assert not before.any(), look.hair


def test_arms_do_not_pass_through_the_trunk() -> None:
    for place in range(8):
        look = somebody(f"arm{place}", place=place, gender=("female", "male")[place % 2])
        for pose in ("stand", "walk", "sit", "hold", "phone"):
            anchors = figure(look, pose, phase=0.1).anchors
            for side in ("left", "right"):
                hand, hips = np.array(anchors[f"hand_{side}"]), np.array(anchors["hips"])
                waist = np.array(anchors["waist"])
                trunk = [hips + (waist - hips) * t for t in np.linspace(0, 1, 8)]
                assert min(np.linalg.norm((hand - p) * [0.8, 1, 1]) for p in trunk) > 0.08, (pose, side, look.habit)


def test_most_faces_look_outwards() -> None:
    mesh = figure(somebody("out", gender="male"))
    for name in ("skin", "hair", "upper", "lower", "shoes", "eyes"):
        faces = mesh.faces[mesh.parts == mesh.names.index(name)]
        if not len(faces):
            continue
        a, b, c = (mesh.vertices[faces[:, k]].astype(float) for k in range(3))
        middle = (a + b + c).mean(0) / 3
        if name == "eyes":
            sides = np.where(a[:, :1] > 0, 1.0, -1.0)
            middle = np.array(mesh.anchors["eyes"]) + sides * [0.031, 0, 0] - [0, 0, 0.013]
        volume = float((np.cross(b - a, c - a) * ((a + b + c) / 3 - middle)).sum())
        assert volume > 0, name


def test_the_same_person_is_the_same_bytes() -> None:
    look = somebody("fay", place=3)
    assert look == somebody("fay", place=3)
    first = digest(figure(look, "walk", phase=0.3, gaze=(20, 5)))
    forget_shapes()
    assert digest(figure(somebody("fay", place=3), "walk", phase=0.3, gaze=(20, 5))) == first


def test_people_stand_each_in_their_own_way() -> None:
    places = [figure(somebody(f"way{i}", place=i), "stand").anchors for i in range(6)]
    leaning = {round(a["hips"][0], 3) for a in places}
    assert len(leaning) >= 5


def test_conditions_show() -> None:
    look = somebody()
    plain = figure(look).colours
    for words in ("soaked", "muddy", "bleeding from the brow"):
        assert np.abs(figure(look, conditions=[words]).colours - plain).max() > 0.05
    assert condition_of("wearing a hat") is None
    assert condition_of("drenched") == "wet"


def test_extras_are_cheap() -> None:
    for i in range(6):
        mesh = figure(somebody(f"extra{i}", place=i), "walk", crowd=True)
        assert len(mesh.faces) < 2600
        assert np.isfinite(mesh.vertices).all()


def test_a_figure_is_quick_and_its_memory_small() -> None:
    cast = [somebody(f"quick{i}", place=i, gender=("female", "male")[i % 2]) for i in range(32)]
    forget_shapes()
    figure(cast[0])
    tracemalloc.start()
    for look in cast:
        figure(look)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 30e6
    spent = []
    for look, pose in itertools.product(cast[:4], ("stand", "sit", "walk")):
        start = time.process_time()
        figure(look, pose, phase=0.2)
        spent.append(time.process_time() - start)
    assert sorted(spent)[len(spent) // 2] < 0.030
