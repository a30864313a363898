"""How tall people and animals are by what is said of them."""

from __future__ import annotations

import pytest

from shotwright.craft.optics import eye_height, has_bed
from shotwright.craft.stature import animal_eyes, height_of, perch_of, usual_height
from shotwright.model.story import Character, Look


def person(**said: str) -> Character:
    return Character.model_validate({"id": "character/ann", "name": "Ann", **said})


def test_a_child_is_a_childs_height_and_a_look_at_another_age_another() -> None:
    grown = person(age="36", gender="female")
    assert height_of(grown, None, None) == pytest.approx(1.645)
    assert height_of(person(age="9"), None, None) == pytest.approx(usual_height(9, "unknown"))
    young = Look.model_validate(
        {"id": "look/ann", "character": "character/ann", "story_day": "FB1", "age": "girl of ten"}
    )
    assert height_of(grown, young, None) == pytest.approx(usual_height(10, "female"))


def test_the_librarys_height_counts_unless_it_is_that_of_another_age() -> None:
    assert height_of(person(age="36"), None, 1.81) == 1.81
    assert height_of(person(age="9"), None, 1.81) < 1.5


def test_an_unknown_gender_is_half_way() -> None:
    assert usual_height(30, "unknown") == pytest.approx((1.77 + 1.645) / 2)


def test_birds_are_met_on_a_perch_and_dogs_on_the_ground() -> None:
    bird = person(name="Duchess", kind="animal", description="a slate-blue pigeon")
    dog = person(name="Rex", kind="animal", description="an old dog")
    assert animal_eyes(bird) < 0.4 < animal_eyes(dog)
    assert perch_of(bird) > 0.5
    assert perch_of(dog) == 0.0
    assert height_of(bird, None, None) < height_of(dog, None, None) < 1.0


def test_a_seat_is_as_high_under_a_child() -> None:
    assert eye_height("sit", 1.2) > eye_height("sit", 1.75) * 1.2 / 1.75 + 0.1
    assert eye_height("stand", 0.875) == pytest.approx(eye_height("stand") / 2)


def test_people_lie_in_bed_at_home_and_on_the_floor_of_a_kitchen() -> None:
    assert has_bed("location/hospital_room", True)
    assert not has_bed("location/kitchen", True)
    assert not has_bed("location/bedroom", False)
