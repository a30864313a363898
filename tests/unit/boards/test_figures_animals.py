"""Animals: each kind of its own shape, on the floor or in its element."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy")

from shotwright.boards.figures import animal, animal_kind  # noqa: E402

KINDS = ("dog", "cat", "horse", "cow", "sheep", "bird", "fish")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("pose", ["stand", "sit", "lie", "walk", "run", "fly"])
def test_animals_are_sound_meshes(kind: str, pose: str) -> None:
    mesh = animal(kind, pose=pose, phase=0.2, gaze=(30, 0))
    assert np.isfinite(mesh.vertices).all()
    assert mesh.faces.max() < len(mesh.vertices)
    assert len(mesh.faces) == len(mesh.colours) == len(mesh.parts) < 4000
    assert {"eyes", "crown", "chest"} <= mesh.anchors.keys()
    a, b, c = (mesh.vertices[mesh.faces[:, k]].astype(float) for k in range(3))
    assert float((np.cross(a, b) * c).sum()) > 0, "outward"
    if kind != "fish" and not (kind == "bird" and pose in ("run", "fly")):
        assert abs(float(mesh.vertices[:, 1].min())) < 1e-4


def test_kinds_differ_in_size() -> None:
    high = {kind: animal(kind).anchors["back"][1] for kind in KINDS}
    assert high["horse"] > high["cow"] > high["sheep"] > high["dog"] > high["cat"] > high["bird"]


def test_words_mean_kinds() -> None:
    assert animal_kind("Emlyn's thirty racing pigeons") == "bird"
    assert animal_kind("an old collie") == "dog"
    assert animal_kind("a teapot") is None


def test_colours_are_taken_and_nonsense_is_not() -> None:
    red = animal("dog", colours=("#ff0000", "nonsense"))
    assert red.colours[0][0] > 0.5 > red.colours[0][1]
