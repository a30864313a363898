"""What people and the Supervisor ask of a shot's assets is done in that shot, in bindings and lists alike."""

from __future__ import annotations

from shotwright.crew.art_director.requests import answer
from shotwright.model.asset import Asset
from shotwright.model.crew import Revision
from shotwright.model.ids import ShotId
from shotwright.model.shot import DigitalAssets, Wanted

LIBRARY = [
    Asset.model_validate({"key": key, "kind": kind, "name": name, "belongs_to": whose})
    for key, kind, name, whose in (
        ("cloth_coat_v01", "clothes", "Grey coat", "Ned"), ("cloth_mac_v01", "clothes", "Yellow mackintosh", "Ned"),
        ("cloth_boots_v01", "clothes", "Boots", "Ned"), ("obj_bucket_v01", "object", "Bucket", ""),
        ("fx_rain_v01", "effect", "Rain", ""),
    )
]  # fmt: skip
SHOT = DigitalAssets(
    characters=("char_ned_v01",), clothes=("cloth_coat_v01", "cloth_boots_v01"), objects=("obj_ladder_v01",),
    bindings={
        "character/ned": "char_ned_v01", "clothes/ned.grey_coat": "cloth_coat_v01", "prop/ladder": "obj_ladder_v01",
        "clothes/ned.boots": "cloth_boots_v01",
    },
)  # fmt: skip
NAMES = {"character/ned": "Ned"}


def asked(words: str, code: str = "PERSON", other: DigitalAssets | None = None, field: str = "") -> DigitalAssets:
    revision = Revision(
        agent="art_director", shot_id=ShotId("a"), field=f"digital_assets{field}", code=code, feedback=words,
        other_shot_id=ShotId("b"),
    )  # fmt: skip
    return answer(SHOT, [revision], LIBRARY, NAMES, {"b": other} if other is not None else {})[0]


def test_wears_the_yellow_mackintosh_instead_of_the_coat() -> None:
    after = asked("Ned wears the yellow mackintosh.")
    assert after.clothes == ("cloth_boots_v01", "cloth_mac_v01")
    assert after.bindings["clothes/ned.yellow_mackintosh"] == "cloth_mac_v01"
    assert "clothes/ned.grey_coat" not in after.bindings
    assert after.objects == SHOT.objects


def test_a_garment_that_no_library_holds_is_wanted() -> None:
    after = asked("wears a top hat")
    assert after.bindings["clothes/ned.top_hat"] == Wanted(wanted="cloth_ned_top_hat_v01")
    assert after.clothes == SHOT.clothes


def test_add_and_remove() -> None:
    assert asked("add a bucket").objects == ("obj_ladder_v01", "obj_bucket_v01")
    gone = asked("Remove the ladder and add rain")
    assert gone.objects == ()
    assert "prop/ladder" not in gone.bindings
    assert gone.effects == ("fx_rain_v01",)
    assert asked("no coat").clothes == ("cloth_boots_v01",)


def test_words_that_ask_for_nothing_change_nothing() -> None:
    assert asked("I do not like it") == SHOT


def test_a_shot_held_against_another_wears_what_that_one_does() -> None:
    other = SHOT.model_copy(
        update={"bindings": {**SHOT.bindings, "clothes/ned.grey_coat": "cloth_mac_v01"}, "clothes": ("cloth_mac_v01",)}
    )
    after = asked("", "CWARD", other, ".clothes")
    assert set(after.clothes) == {"cloth_boots_v01", "cloth_mac_v01"}
    assert after.bindings["clothes/ned.grey_coat"] == "cloth_mac_v01"
