"""Appearances: what script and library say is kept, and what nobody said tells a cast apart."""

from __future__ import annotations

import itertools

import pytest

from shotwright.model.asset import Asset
from shotwright.model.story import Character, Look

np = pytest.importorskip("numpy")

from shotwright.boards.figures import Appearance, appearance_of  # noqa: E402
from shotwright.boards.figures.describing import garments_in, hair_in, linear  # noqa: E402
from shotwright.craft.stature import years_in  # noqa: E402


def person(name: str = "ada", **more: object) -> Character:
    return Character.model_validate({"id": f"character/{name}", "name": name.title(), **more})


def apart(a: Appearance, b: Appearance) -> float:
    """How differently two people look: each kind of difference counts once."""
    score = 2.0 * (a.gender != b.gender) + 1.5 * (a.hair != b.hair) + (a.beard != b.beard)
    score += 2.0 * min(1.0, float(np.linalg.norm(np.subtract(a.skin, b.skin))) / 0.25)
    score += 1.5 * min(1.0, float(np.linalg.norm(np.subtract(a.hair_colour, b.hair_colour))) / 0.2)
    score += min(1.0, abs(a.height_m - b.height_m) / 0.1) + min(1.0, abs(a.weight - b.weight) / 0.5)
    score += min(1.0, abs(a.years - b.years) / 20) + 0.5 * ((a.glasses is None) != (b.glasses is None))
    outer = [next(g for s in ("coat", "dress", "upper") for g in x.garments if s in _slot(g.kind)) for x in (a, b)]
    score += 2.0 * min(1.0, float(np.linalg.norm(np.subtract(outer[0].colour, outer[1].colour))) / 0.15)
    return score + 1.0 * (outer[0].kind != outer[1].kind)


def _slot(kind: str) -> str:
    from shotwright.boards.figures.garments import cuts

    return str(cuts()[kind]["slot"])


def test_a_cast_of_twenty_is_told_apart_pairwise() -> None:
    cast = [
        appearance_of(person(f"member_{i}", gender=("female", "male")[i % 2], age="" if i % 7 else "70"), place=i)
        for i in range(20)
    ]
    closest = min(apart(a, b) for a, b in itertools.combinations(cast, 2))
    assert closest > 2.0


def test_even_without_places_few_are_alike() -> None:
    cast = [appearance_of(person(f"stranger_{i}", gender="male")) for i in range(20)]
    scores = sorted(apart(a, b) for a, b in itertools.combinations(cast, 2))
    assert scores[0] > 0.8
    assert scores[len(scores) // 2] > 4.0


def test_another_look_changes_clothes_only() -> None:
    who = person("gwen", gender="female", age="40")
    day = appearance_of(who, Look(id="look/gwen.d1", character=who.id, clothes=("red coat", "black boots")), place=2)
    night = appearance_of(who, Look(id="look/gwen.n1", character=who.id, clothes=("white nightgown",)), place=2)
    assert day.garments != night.garments
    for name in ("gender", "years", "height_m", "weight", "muscle", "face", "skin", "eyes", "hair", "hair_colour"):
        assert getattr(day, name) == getattr(night, name)
    assert day == appearance_of(
        who, Look(id="look/gwen.d1", character=who.id, clothes=("red coat", "black boots")), place=2
    )


def test_the_library_is_believed() -> None:
    asset = Asset.model_validate({
        "key": "char_ro_v01", "kind": "character", "name": "Ro", "height_m": 1.9,
        "description": "A burly man of fifty-eight with a beard and spectacles.",
        "colours": ["#224488", "#3a2a22", "#8a5c40"],
        "looks": [{"story_days": ["D1"], "description": "green parka over a checked shirt"}],
    })  # fmt: skip
    who = person("ro")
    look = appearance_of(who, Look(id="look/ro.d1", character=who.id, story_day="D1"), asset)
    assert (look.gender, look.years, look.height_m, look.beard) == ("male", 58, 1.9, "full")
    assert look.glasses is not None
    assert look.muscle > 0.5
    assert look.skin == linear("#8a5c40")
    kinds = {g.kind: g for g in look.garments}
    assert kinds["coat"].colour == linear("#3f6b43")
    assert kinds["shirt"].pattern == "checked"


def test_clothes_assets_give_their_colours() -> None:
    coat = Asset.model_validate({
        "key": "cloth_mac_v01", "kind": "clothes", "name": "Yellow mackintosh", "colours": ["#e2b53a", "#5c3a1e"],
    })  # fmt: skip
    look = appearance_of(person("mo", gender="female"), clothes=[coat])
    assert next(g for g in look.garments if g.kind == "mackintosh").colour == linear("#e2b53a")
    assert {"lower", "shoes"} <= {_slot(g.kind) for g in look.garments} or any(g.kind == "dress" for g in look.garments)


@pytest.mark.parametrize(
    ("text", "years"),
    [("thirty-six", 36), ("A bus driver of thirty-six", 36), ("58", 58), ("in her early forties", 42), ("(9)", 9),
     ("an old man", 70), ("a boy of ten", 10), ("a 40-year-old nurse", 40), ("MARA, thirty, tired", 30),
     ("in his 50s", 55), ("a door", None)],
)  # fmt: skip
def test_ages_are_read(text: str, years: float | None) -> None:
    assert years_in(text) == years


def test_garments_are_read_with_their_own_colours() -> None:
    found = {
        kind: colour for kind, colour, _, _ in garments_in("a red scarf, a navy blazer over a white shirt and jeans")
    }
    assert found["scarf"] == "#a8242a"
    assert found["blazer"] == "#22345a"
    assert found["shirt"] == "#ecebe6"
    assert found["jeans"] is None


def test_hair_is_read() -> None:
    assert hair_in("a bald man") == ("bald", None)
    assert hair_in("her long red hair") == (None, "#8a3b1e") or hair_in("her long red hair")[1] == "#8a3b1e"
    assert hair_in("dark hair pinned up badly") == ("bun", "#2a1d16")
    assert hair_in("a red car") == (None, None)


def test_children_and_old_people_are_not_grown_ups_of_thirty() -> None:
    child = appearance_of(person("kit", age="7", gender="female"))
    old = appearance_of(person("nan", age="80", gender="female"))
    assert child.height_m < 1.4
    assert child.beard == ""
    assert min(old.hair_colour) > 0.1, "grey or white"


def test_a_flood_of_words_is_bounded() -> None:
    look = appearance_of(person("long", description="coat " * 200_000, age="9" * 5000))
    assert 1 <= look.years <= 110


def test_age_of_a_look_wins_over_the_usual_age() -> None:
    who = person("ed", gender="male", age="70")
    look = appearance_of(who, Look(id="look/ed.boy", character=who.id, age="boy of ten"))
    assert look.years == 10
    assert look.height_m < 1.55
