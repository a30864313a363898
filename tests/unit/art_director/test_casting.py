"""Casting the film: what is the same, what only seems so, and what is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shotwright.crew.art_director import cast_film
from shotwright.model.asset import Asset, AssetLook
from shotwright.model.ids import EntityId, SceneId, UnitId
from shotwright.model.screenplay import Slugline, Unit
from shotwright.model.story import Character, Evidence, Location, Look, Presence, SceneStory, Story, Thing

if TYPE_CHECKING:
    from shotwright.model.crew import Casting


def asset(key: str, name: str, kind: str, **more: object) -> Asset:
    return Asset.model_validate({"key": key, "name": name, "kind": kind, **more})


def character(slug: str, name: str, **more: object) -> Character:
    return Character.model_validate({"id": f"character/{slug}", "name": name, **more})


def thing(slug: str, name: str, kind: str = "prop", **more: object) -> Thing:
    return Thing.model_validate({"id": f"{kind}/{slug}", "name": name, "kind": kind, **more})


def scene(*sentences: str, presences: tuple[Presence, ...] = (), slugline: Slugline | None = None) -> SceneStory:
    units = tuple(Unit(id=UnitId(f"un_{n}"), kind="action", text=text) for n, text in enumerate(sentences))
    place = slugline or Slugline(raw="EXT. QUAY - DAY", int_ext="EXT", place="QUAY")
    return SceneStory(
        scene_id=SceneId("sc_1"), slugline=place, units=units, location=EntityId("location/quay"), presences=presences
    )


def cast(story: Story, *assets: Asset) -> dict[str, Casting]:
    return {str(entry.entity): entry for entry in cast_film(story, assets)}


MARA = asset("char_mara_v01", "Mara Vell", "character", aliases=["Mara"])


def test_a_first_name_finds_the_full_name_and_says_how() -> None:
    found = cast(Story(characters=(character("mara", "Mara"),)), MARA)["character/mara"]
    assert (found.key, found.proposed_key) == ("char_mara_v01", "")
    assert "Mara" in found.because


def test_a_younger_self_is_never_the_grown_ones_asset() -> None:
    young = character("young_mara", "Young Mara", aliases=("Mara",), version_of="character/mara")
    found = cast(Story(characters=(character("mara", "Mara"), young)), MARA)["character/young_mara"]
    assert found.key is None
    assert found.proposed_key == "char_young_mara_v01"


def test_a_younger_self_is_the_grown_ones_asset_when_its_aliases_say_so() -> None:
    young = character("young_mara", "Young Mara", version_of="character/mara")
    told = MARA.model_copy(update={"aliases": ("Mara", "Young Mara")})
    assert (
        cast(Story(characters=(character("mara", "Mara"), young)), told)["character/young_mara"].key == "char_mara_v01"
    )


@pytest.mark.parametrize(
    ("needed", "held"),
    [("Mr. Quill", "Mrs. Quill"), ("Guard 1", "Guard 2"), ("Tom Vell", "Mara Vell"), ("Old Amos", "Amos")],
)
def test_people_who_only_share_a_word_are_not_the_same(needed: str, held: str) -> None:
    found = cast(Story(characters=(character("x", needed),)), asset("char_held_v01", held, "character"))["character/x"]
    assert found.key is None


def test_a_title_does_not_hide_a_person() -> None:
    found = cast(
        Story(characters=(character("abara", "Sergeant Abara"),)), asset("char_abara_v01", "Abara", "character")
    )
    assert found["character/abara"].key == "char_abara_v01"


def test_a_near_miss_is_wanted_and_named() -> None:
    found = cast(Story(characters=(character("tom", "Tom Vell"),)), MARA)["character/tom"]
    assert found.key is None
    assert "char_mara_v01" in found.because


def test_a_kind_that_does_not_fit_is_not_taken() -> None:
    found = cast(Story(things=(thing("tin", "tin"),)), asset("loc_tin_v01", "Tin", "location"))
    assert found["prop/tin"].key is None


def test_a_proposed_key_collides_with_no_key_of_the_library() -> None:
    held = asset("obj_tin_v01", "Watering can", "vehicle")
    assert cast(Story(things=(thing("tin", "tin"),)), held)["prop/tin"].proposed_key == "obj_tin_v02"


def test_a_tie_is_settled_by_the_scripts_words() -> None:
    story = Story(
        things=(thing("box", "box", evidence=Evidence(units=(UnitId("un_0"),))),),
        scenes=(scene("She lifts a box of rusted spanners on to the bench."),),
    )
    tools = asset("obj_tool_box_v01", "Box", "object", description="Steel, full of spanners and rust.")
    cakes = asset("obj_cake_box_v01", "Box", "object", description="White card with a ribbon.")
    found = cast(story, cakes, tools)["prop/box"]
    assert found.key == "obj_tool_box_v01"
    assert "spanner" in found.because


def test_a_tie_that_nothing_settles_is_left_to_a_person() -> None:
    one, two = asset("obj_a_v01", "Box", "object"), asset("obj_b_v01", "Box", "object")
    found = cast(Story(things=(thing("box", "box"),)), one, two)["prop/box"]
    assert found.key is None
    assert "obj_a_v01" in found.because
    assert "obj_b_v01" in found.because


def test_the_newest_version_of_one_asset_is_taken() -> None:
    versions = [asset(f"obj_tin_v0{n}", "Tin", "object") for n in (1, 3, 2)]
    assert cast(Story(things=(thing("tin", "tin"),)), *versions)["prop/tin"].key == "obj_tin_v03"


def test_somebody_elses_thing_is_not_taken() -> None:
    story = Story(
        characters=(character("joss", "Joss"), character("della", "Della")),
        things=(thing("phone", "phone", owner="character/joss"),),
    )
    assert cast(story, asset("obj_phone_v01", "Phone", "object", belongs_to="Della"))["prop/phone"].key is None


def test_a_kitchen_of_one_house_is_not_another_houses() -> None:
    house = Location(id=EntityId("location/mill"), name="Mill House", int_ext=("INT",))
    kitchen = Location(id=EntityId("location/mill.kitchen"), name="Kitchen", parent=house.id, int_ext=("INT",))
    ours = asset("loc_mill_kitchen_v01", "Mill House - Kitchen", "location", aliases=["kitchen"])
    theirs = asset("loc_vell_kitchen_v01", "Vell House - Kitchen", "location", aliases=["kitchen"])
    story = Story(locations=(house, kitchen))
    assert cast(story, theirs, ours)["location/mill.kitchen"].key == "loc_mill_kitchen_v01"
    assert cast(story, theirs)["location/mill.kitchen"].key is None


def test_the_inside_and_the_outside_of_a_place_are_two_assets() -> None:
    loft = Location(id=EntityId("location/loft"), name="Loft", int_ext=("EXT", "INT"))
    inside = asset("loc_loft_in_v01", "Loft (interior)", "location", tags=["interior"])
    outside = asset("loc_loft_out_v01", "Loft (exterior)", "location", tags=["exterior"])
    found = cast(Story(locations=(loft,)), inside, outside)
    assert found["location/loft@int"].key == "loc_loft_in_v01"
    assert found["location/loft@ext"].key == "loc_loft_out_v01"
    assert found["location/loft"].key == "loc_loft_out_v01"


def test_a_garment_is_found_in_the_characters_own_look_of_the_day() -> None:
    look = AssetLook(story_days=("D1",), clothes=("cloth_mac_v01",))
    mara = MARA.model_copy(update={"looks": (look,)})
    mac = asset("cloth_mac_v01", "Yellow mackintosh", "clothes", belongs_to="Mara Vell")
    worn = Look(
        id=EntityId("look/mara.d1"), character=EntityId("character/mara"), clothes=("mackintosh",), story_day="D1"
    )
    found = cast(Story(characters=(character("mara", "Mara"),), looks=(worn,)), mara, mac)
    assert found["clothes/mara.mackintosh"].key == "cloth_mac_v01"


def test_clothes_that_a_look_names_and_no_library_holds_are_wanted_under_that_key() -> None:
    mara = MARA.model_copy(update={"looks": (AssetLook(clothes=("cloth_gone_v01",)),)})
    found = cast(Story(characters=(character("mara", "Mara"),)), mara)
    wanted = [entry for entry in found.values() if entry.kind == "clothes"]
    assert [(entry.key, entry.proposed_key) for entry in wanted] == [(None, "cloth_gone_v01")]


def test_a_voice_that_is_never_seen_is_proposed_as_a_voice() -> None:
    heard = Presence(character=EntityId("character/mum"), voice_only=True, on_phone=True)
    found = cast(Story(characters=(character("mum", "Mum"),), scenes=(scene(presences=(heard,)),)))
    assert found["character/mum"].proposed_key == "char_mum_voice_v01"


@pytest.mark.parametrize(
    ("sentence", "effect"),
    [
        ("Rain hammers the quay.", "rain"),
        ("Smoke pours from the hatch.", "smoke"),
        ("The shed explodes.", "explosion"),
    ],
)
def test_effects_of_the_action_are_cast(sentence: str, effect: str) -> None:
    assert f"effect/{effect}" in cast(Story(scenes=(scene(sentence),)))


@pytest.mark.parametrize(
    "sentence",
    ["He fires the pistol.", "She goes up like smoke.", "The room explodes with laughter.", 'A sign: "RAIN OR SHINE".',
     "There is no smoke.", "He climbs the fire escape."],
)  # fmt: skip
def test_figures_of_speech_are_no_effects(sentence: str) -> None:
    assert not [e for e in cast(Story(scenes=(scene(sentence),))) if e.startswith("effect/")]


def test_the_answer_is_the_same_every_time() -> None:
    story = Story(characters=(character("mara", "Mara"),), things=(thing("tin", "tin"),), scenes=(scene("Rain."),))
    assert cast_film(story, [MARA]) == cast_film(story, [MARA])
