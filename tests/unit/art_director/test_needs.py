"""What the wanted list holds: things that are there and used, once each, people at each age, and the words that ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shotwright.crew.art_director import cast_film
from shotwright.crew.art_director.needs import age_of, aged_entity, is_named, quote, same_crowd, same_thing
from shotwright.model.asset import Asset, AssetLook
from shotwright.model.ids import EntityId, SceneId, UnitId
from shotwright.model.screenplay import Slugline, Unit
from shotwright.model.story import ActionNote, Character, Look, SceneStory, Story, Thing

if TYPE_CHECKING:
    from shotwright.model.crew import Casting

NED = Character(id=EntityId("character/ned"), name="Ned", role="lead")


def thing(name: str, kind: str = "prop", **rest: object) -> Thing:
    return Thing.model_validate({"id": f"{kind}/{name.replace(' ', '_')}", "kind": kind, "name": name, **rest})


def story(*sentences: tuple[str, Thing, bool], looks: tuple[Look, ...] = ()) -> Story:
    """(sentence, thing in it, does Ned act in it?) each a unit of one scene."""
    units = tuple(Unit(id=UnitId(f"u{n}"), kind="action", text=text) for n, (text, _, _) in enumerate(sentences))
    notes = tuple(
        ActionNote(unit=UnitId(f"u{n}"), things=(of.id,), actors=(NED.id,) if acts else ())
        for n, (_, of, acts) in enumerate(sentences)
    )
    scene = SceneStory(
        scene_id=SceneId("s1"), slugline=Slugline(raw="INT. SHED - DAY"), units=units, actions=notes,
        location=EntityId("location/shed"),
    )  # fmt: skip
    return Story(
        characters=(NED,), things=tuple({t.id: t for _, t, _ in sentences}.values()), scenes=(scene,), looks=looks
    )


def cast(told: Story, *assets: Asset) -> dict[str, Casting]:
    return {entry.entity: entry for entry in cast_film(told, assets)}


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Ned watches the gate, a lion in wait.", "lion"),
        ("The roof sounds like a train.", "train"),
        ("He sees that no one saw it.", "saw"),
        ("The lit bus crosses it, small as a fish tank.", "tank"),
        ("Ned is the back half of a horse costume.", "horse"),
        ("His face is covered with chicken pox.", "chicken"),
        ("A drum roll begins.", "drum"),
        ("There is no ladder.", "ladder"),
    ],
)
def test_a_thing_that_is_only_a_figure_is_not_wanted(sentence: str, name: str) -> None:
    assert is_named(name, sentence) is False


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Ned opens the can.", "can"), ("He folds his page in two.", "page"), ("A lion roars.", "lion"),
        ("Two saws hang.", "lamp"),
    ],
)  # fmt: skip
def test_a_thing_that_is_there_is_named(sentence: str, name: str) -> None:
    assert is_named(name, sentence) is not False


def test_dressing_that_nobody_touches_is_left_to_the_set() -> None:
    lamp, jug, bell = thing("lamp"), thing("jug"), thing("bell", hero=True)
    found = cast(story(
        ("Outside a row of lamps.", lamp, False), ("Ned fills the jug.", jug, True), ("Far off, bells.", bell, False)
    ))  # fmt: skip
    assert lamp.id not in found
    assert found[jug.id].proposed_key == "obj_jug_v01"
    assert found[bell.id].proposed_key == "obj_bell_v01"


def test_dressing_that_the_library_holds_is_used_all_the_same() -> None:
    lamp = thing("lamp")
    held = Asset.model_validate({"key": "obj_lamp_v01", "kind": "object", "name": "Lamp"})
    assert cast(story(("Outside a row of lamps.", lamp, False)), held)[lamp.id].key == "obj_lamp_v01"


def test_two_names_of_one_thing_are_one_need_and_two_owners_two() -> None:
    photo, photograph = thing("photo"), thing("photograph")
    found = cast(story(("Ned turns the photo.", photo, True), ("Ned burns the photograph.", photograph, True)))
    assert found[photo.id].proposed_key == found[photograph.id].proposed_key == "obj_photograph_v01"
    his, hers = thing("photo", owner=NED.id), thing("photograph", owner="character/eve")
    found = cast(story(("Ned turns the photo.", his, True), ("Ned burns the photograph.", hers, True)))
    assert found[his.id].proposed_key != found[hers.id].proposed_key


def test_common_names() -> None:
    assert same_thing("wedding band") == same_thing("wedding ring") == "wedding ring"
    assert same_thing("blue folder") == "blue folder"
    assert same_crowd("The Crowd") == same_crowd("crowd") == "crowd"
    assert same_crowd("Various Townfolk") == same_crowd("villagers")


YOUNG = Look(
    id=EntityId("look/ned.fb1.boy_of_ten"), character=NED.id, story_day="FB1", description="younger self, boy of ten",
    condition=("as a boy of ten",),
)  # fmt: skip
GROWN = Asset.model_validate({"key": "char_ned_v01", "kind": "character", "name": "Ned"})


def test_another_age_is_another_asset_and_never_the_grown_ones() -> None:
    found = cast(story(looks=(YOUNG,)), GROWN)
    aged = found[aged_entity(NED.id, age_of(YOUNG))]
    assert found[NED.id].key == "char_ned_v01"
    assert (aged.key, aged.proposed_key) == (None, "char_ned_boy_of_ten_v01")
    assert not [entry for entry in found.values() if entry.kind == "makeup_hair"]


def test_another_age_is_found_under_the_name_that_a_library_gives_it() -> None:
    boy = Asset.model_validate({"key": "char_young_ned_v01", "kind": "character", "name": "Young Ned"})
    assert cast(story(looks=(YOUNG,)), GROWN, boy)[aged_entity(NED.id, "boy of ten")].key == "char_young_ned_v01"


def test_an_asset_with_a_look_for_the_very_day_serves_both_ages() -> None:
    both = GROWN.model_copy(update={"looks": (AssetLook(story_days=("FB1",)),)})
    entry = cast(story(looks=(YOUNG,)), both)[aged_entity(NED.id, "boy of ten")]
    assert entry.key == "char_ned_v01"
    assert "FB1" in entry.because


def test_a_look_without_an_age_is_the_grown_one() -> None:
    assert age_of(Look(id=EntityId("look/ned.d1"), character=NED.id, description="old coat, soaked")) == ""
    assert age_of(None) == ""


def test_the_words_that_ask_are_quoted_round_the_thing() -> None:
    text = "He walks all the way down to the far end of the yard and lifts the jug from its nail."
    asked = quote(text, "jug")
    assert "jug" in asked
    assert asked.startswith("“… ")
    assert len(asked.split()) <= 11
