"""Places, furniture and props."""

from __future__ import annotations

import math

import numpy as np
import pytest

from shotwright.boards.sets import PlaceLook, place_kind, prop, vehicle
from shotwright.boards.sets.exteriors import exterior
from shotwright.boards.sets.props import MAKERS, cabin
from shotwright.boards.sets.rooms import room


@pytest.mark.parametrize(
    ("name", "inside", "kind"),
    [
        ("Gwen's kitchen", True, "kitchen"), ("Pryce House - Landing", True, "corridor"), ("Pigeon loft", True, "barn"),
        ("Salter's van", True, "car"), ("Bus", True, "bus"), ("Hospital room", True, "hospital"),
        ("Coast road", False, "road"), ("Pigeon loft", False, "yard"), ("Riverbank", False, "field"),
        ("", True, "room"),
    ],
)  # fmt: skip
def test_a_name_means_a_kind_of_place(name: str, inside: bool, kind: str) -> None:
    assert place_kind(name, inside) == kind


@pytest.mark.parametrize(
    "kind", ["kitchen", "bedroom", "office", "corridor", "hospital", "bar", "shop", "church", "barn"]
)
def test_no_furniture_stands_in_anybodys_way_or_before_the_lens(kind: str) -> None:
    sight = ((0.0, 3.0), (0.0, 0.0), 0.3)
    place = PlaceLook("location/a", "a", True, kind, people=((0.0, 0.0), (1.6, 0.0)), sights=(sight,))
    mesh, _ = room(place, -60, 1.0, 0.0)
    wanted = [i for i, name in enumerate(mesh.names) if name.startswith("furniture")]
    rows = np.isin(mesh.parts, wanted)
    points = mesh.vertices[np.unique(mesh.faces[rows])]
    assert len(points)
    for x, z in place.people:
        assert np.hypot(points[:, 0] - x, points[:, 2] - z).min() > 0.45
    between = (np.abs(points[:, 0]) < 0.3 * (3 - points[:, 2])) & (points[:, 2] > 0) & (points[:, 2] < 3)
    assert not between.any()


def test_a_place_is_the_same_each_time_and_differs_from_another() -> None:
    one, again = (room(PlaceLook("location/a", "a", True, "bedroom"), 0, 1.0, 0.0)[0] for _ in range(2))
    other = room(PlaceLook("location/b", "b", True, "bedroom"), 0, 1.0, 0.0)[0]
    assert one.vertices.tobytes() == again.vertices.tobytes()
    assert one.colours.tobytes() != other.colours.tobytes()


@pytest.mark.parametrize("kind", ["beach", "harbour", "river", "forest", "coast", "road", "yard", "street", "field"])
def test_every_exterior_has_ground_to_the_horizon(kind: str) -> None:
    mesh = exterior(PlaceLook("location/a", "a", False, kind, people=((0.0, 0.0),)), 0.0)
    assert np.isfinite(mesh.vertices).all()
    assert any(name.startswith("ground") for name in mesh.names)
    assert np.abs(mesh.vertices[:, 0]).max() > 100


@pytest.mark.parametrize("name", [*sorted(MAKERS), "marble bust"])
def test_a_prop_stands_on_the_ground_and_can_be_carried(name: str) -> None:
    mesh = prop(name)
    low, high = mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)
    assert low[1] > -0.05
    assert 0.01 < float((high - low).max()) < 1.5
    assert mesh.faces.max() < len(mesh.vertices)


def test_a_known_word_is_found_in_a_longer_name_and_in_the_plural() -> None:
    assert prop("laundry tickets").vertices.shape == prop("ticket").vertices.shape


@pytest.mark.parametrize("name", ["van", "bus", "double decker", "taxi", "red car", "lorry"])
def test_a_vehicle_has_wheels_on_the_road(name: str) -> None:
    mesh = vehicle(name)
    assert math.isclose(float(mesh.vertices[:, 1].min()), 0.0, abs_tol=0.02)


def test_a_cabin_has_a_seat_for_each_row() -> None:
    mesh = cabin("car", ((0.38, 0.0), (-0.38, -0.9)))
    assert any(name.startswith("seat") for name in mesh.names)
    assert float(mesh.vertices[:, 2].min()) < -1.2
