"""Dressing shots: who is seen, what is carried, what is worn, what is wanted."""

from __future__ import annotations

import pytest
from tests.unit.director.scenes import brief_of, car

from shotwright.crew.art_director import cast_film, dress_scene, relevant_casting, wanted_for_film
from shotwright.crew.director.draft import direct_scene
from shotwright.model.asset import Asset
from shotwright.model.crew import Casting, DirectedScene, DressedScene, FilmSettings, Pin
from shotwright.model.ids import EntityId
from shotwright.model.screenplay import Slugline
from shotwright.model.shot import Wanted
from shotwright.model.story import Location, Look, SceneBrief, Story

HATCHBACK = Location(id=EntityId("location/hatchback"), name="Hatchback", int_ext=("INT",))
SLUGLINE = Slugline(
    raw="INT. HATCHBACK (MOVING) - NIGHT", int_ext="INT", place="HATCHBACK", time="NIGHT", tails=("MOVING",)
)
LIBRARY = [
    Asset.model_validate(entry)
    for entry in (
        {"key": "char_nadia_v01", "kind": "character", "name": "Nadia",
         "looks": [{"story_days": ["D1"], "clothes": ["cloth_nadia_coat_v01"]}]},
        {"key": "char_mum_v01", "kind": "character", "name": "Mum", "voice": "warm, a little deaf"},
        {"key": "loc_hatchback_v01", "kind": "location", "name": "Hatchback"},
        {"key": "obj_cake_box_v01", "kind": "object", "name": "Cake box"},
        {"key": "cloth_nadia_coat_v01", "kind": "clothes", "name": "Grey coat", "belongs_to": "Nadia"},
        {"key": "fx_rain_v01", "kind": "effect", "name": "Rain"},
    )
]  # fmt: skip


def in_the_car(brief: SceneBrief) -> SceneBrief:
    scene = brief.scene.model_copy(
        update={"slugline": SLUGLINE, "location": HATCHBACK.id, "time_of_day": "night", "scene_type": "car"}
    )
    return brief.model_copy(update={"scene": scene, "place": HATCHBACK})


def story_of(brief: SceneBrief, *looks: Look) -> Story:
    return Story(
        characters=tuple(member.character for member in brief.cast),
        locations=(brief.place,),
        things=brief.things,
        looks=looks,
        scenes=(brief.scene,),
    )


def dress(
    brief: SceneBrief, library: list[Asset], *looks: Look, pins: tuple[Pin, ...] = ()
) -> tuple[DirectedScene, DressedScene]:
    directed = direct_scene(brief, FilmSettings())
    casting = relevant_casting(brief, cast_film(story_of(brief, *looks), library))
    return directed, dress_scene(brief, directed, casting, library, pins)


def test_a_phone_voice_is_bound_and_never_in_the_picture() -> None:
    directed, dressed = dress(in_the_car(car()), LIBRARY)
    spoken = [
        shot.assets
        for shot, carried in zip(dressed.shots, directed.shots, strict=True)
        if any(line.speaker == "character/mum" for line in carried.dialogue)
    ]
    assert spoken
    assert all(assets.bindings["character/mum"] == "char_mum_v01" for assets in spoken)
    assert all("char_mum_v01" not in shot.assets.characters for shot in dressed.shots)


def test_what_is_found_is_listed_and_what_is_not_is_wanted() -> None:
    _, dressed = dress(in_the_car(car()), LIBRARY)
    first = dressed.shots[0].assets
    assert first.locations == ("loc_hatchback_v01",)
    assert "char_nadia_v01" in first.characters
    assert first.bindings["character/theo"] == Wanted(wanted="char_theo_v01")
    assert "cloth_nadia_coat_v01" in first.clothes
    assert "fx_rain_v01" in first.effects
    assert "char_theo_v01" in {need.proposed_key for need in dressed.wanted}


def test_lists_hold_found_keys_only_and_every_key_is_bound() -> None:
    _, dressed = dress(in_the_car(car()), LIBRARY)
    known = {asset.key for asset in LIBRARY}
    for shot in dressed.shots:
        lists = shot.assets.model_dump(exclude={"bindings"})
        keys = {key for listed in lists.values() for key in listed}
        assert keys <= known
        assert keys <= {value for value in shot.assets.bindings.values() if isinstance(value, str)}


def test_the_rain_of_the_opening_holds_through_the_scene() -> None:
    _, dressed = dress(in_the_car(car()), LIBRARY)
    assert all("fx_rain_v01" in shot.assets.effects for shot in dressed.shots)


def test_a_frame_of_a_thing_takes_only_whoever_handles_it() -> None:
    directed, dressed = dress(in_the_car(car()), LIBRARY)
    insert = next(n for n, shot in enumerate(directed.shots) if shot.intent.focus == "thing")
    bound = dressed.shots[insert].assets.bindings
    assert "prop/phone" in bound
    assert "character/theo" in bound
    assert "character/nadia" not in bound


def test_every_shot_says_why_and_on_what_evidence() -> None:
    directed, dressed = dress(in_the_car(car()), LIBRARY)
    for shot, carried in zip(dressed.shots, directed.shots, strict=True):
        assert shot.provenance.by == "art_director"
        assert "Hatchback" in shot.provenance.because
        assert set(carried.units[:1]) <= set(shot.provenance.evidence)


def test_a_prop_in_the_hand_stays_in_the_shots_until_it_is_put_down() -> None:
    brief = brief_of(
        "ANNA lifts the lamp.\nANNA: It is heavier than I thought it would be, and I thought about it a good deal.\n"
        "Anna sets the lamp on the sill.\nANNA: There, and now let it burn down as far as it likes to, for all I care.",
        things=("lamp",),
    )
    notes = list(brief.scene.actions)
    anna, lamp = EntityId("character/anna"), EntityId("prop/lamp")
    notes[0] = notes[0].model_copy(update={"takes": ((anna, lamp),)})
    notes[1] = notes[1].model_copy(update={"drops": ((anna, lamp),)})
    brief = brief.model_copy(update={"scene": brief.scene.model_copy(update={"actions": tuple(notes)})})
    directed, dressed = dress(brief, [])
    taken = directed.shots[0].units.index("un_0")
    assert taken == 0
    carried = ["prop/lamp" in shot.assets.bindings for shot in dressed.shots]
    put_down = next(n for n, shot in enumerate(directed.shots) if "un_2" in shot.units)
    assert all(carried[: put_down + 1])


@pytest.mark.parametrize("day", ["D1", "FB1"])
def test_a_flashback_never_wears_the_presents_clothes(day: str) -> None:
    brief = in_the_car(car())
    brief = brief.model_copy(
        update={"scene": brief.scene.model_copy(update={"story_day": day, "flashback": day == "FB1"})}
    )
    _, dressed = dress(brief, LIBRARY)
    assert ("cloth_nadia_coat_v01" in dressed.shots[0].assets.clothes) == (day == "D1")


def test_a_wound_of_the_look_is_made_up() -> None:
    brief = in_the_car(car())
    look = Look(
        id=EntityId("look/theo.d1"), character=EntityId("character/theo"), condition=("bleeding",), story_day="D1"
    )
    cast = tuple(
        member.model_copy(update={"look": look}) if member.character.id == "character/theo" else member
        for member in brief.cast
    )
    cut = Asset(key="mkup_cut_v01", kind="makeup_hair", name="Cut lip", tags=("injury",), belongs_to="Theo")
    _, dressed = dress(brief.model_copy(update={"cast": cast}), [*LIBRARY, cut], look)
    assert "mkup_cut_v01" in dressed.shots[0].assets.makeup_hair


def test_a_pinned_list_stays_as_a_person_set_it() -> None:
    brief = in_the_car(car())
    shot = direct_scene(brief, FilmSettings()).shots[0].shot_id
    pin = Pin(shot_id=shot, field="digital_assets.objects", value_json='["obj_other_v01"]')
    _, dressed = dress(brief, LIBRARY, pins=(pin,))
    assert dressed.shots[0].assets.objects == ("obj_other_v01",)
    assert "a person set digital_assets.objects" in dressed.shots[0].provenance.because
    assert "obj_other_v01" not in dressed.shots[1].assets.objects


def test_only_what_the_scene_rests_on_enters_its_key() -> None:
    brief = in_the_car(car())
    stray = Casting(entity=EntityId("character/stranger"), kind="character", key="char_stranger_v01")
    casting = cast_film(story_of(brief), LIBRARY)
    kept = relevant_casting(brief, [*casting, stray])
    assert stray not in kept
    assert {"character/nadia", "location/hatchback", "effect/rain"} <= {str(entry.entity) for entry in kept}


def test_the_films_wanted_list_names_each_need_once() -> None:
    _, dressed = dress(in_the_car(car()), [])
    merged = wanted_for_film([dressed, dressed])
    assert merged == dressed.wanted
    assert len({need.proposed_key for need in merged}) == len(merged)


def test_a_background_that_the_action_names_by_an_alias_is_listed_where_it_is_named() -> None:
    gasworks = Asset(key="bg_gasworks_v01", kind="background", name="Gas plant", aliases=("the gasworks",))
    brief = brief_of(
        "ANNA stops on the step and looks about her.\nANNA: I used to think that it was the end of the world.\n"
        "Beyond the roofs the gasworks stands against the sky, and nothing at all moves on it."
    )
    directed, dressed = dress(brief, [gasworks])
    texts = {unit.id: unit.text for unit in brief.scene.units}
    for shot, carried in zip(dressed.shots, directed.shots, strict=True):
        named = any("gasworks" in texts[unit] for unit in carried.units)
        assert ("bg_gasworks_v01" in shot.assets.background) == named
