"""What a video model is sent: words that it can draw, and nothing that it cannot know."""

from __future__ import annotations

import dataclasses
import json
import re

import pytest
from tests.unit.exports.builders import MUM, NADIA, RUK, THEO, build_shot, line, subject, with_camera, with_staging

from shotwright.craft.generators import generators
from shotwright.errors import ConfigError
from shotwright.exports import Film, ShotPrompt, compile_prompts, write_prompts
from shotwright.exports.prompts.tags import entity_tags
from shotwright.exports.prompts.wording import film_wording
from shotwright.model.shot import Audio, Hands, LightEvent, Movement, Shot, Travel
from shotwright.model.story import Character, Location, Story


def with_people(story: Story, *people: Character) -> Film:
    return Film(shots=(), story=story.model_copy(update={"characters": people}))


def one(film: Film, shot: Shot, model: str = "veo") -> ShotPrompt:
    return compile_prompts(dataclasses.replace(film, shots=(shot,)), model)[0]


def outside_quotes(text: str) -> str:
    """All but the spoken words, which are the script's own to the letter."""
    return re.sub(r'"[^"]*"', "", text)


@pytest.mark.parametrize("model", sorted(generators()))
def test_texts_hold_no_number_id_or_proper_name(film: Film, model: str) -> None:
    for prompt in compile_prompts(film, model):
        for text in (*prompt.texts.model_dump().values(), prompt.negative):
            said = outside_quotes(text)
            assert not re.search(r"\d", said), said
            assert not re.search(r"\w/\w|\b(sc|sh|su|un)_|_v\d", said), said
            assert not re.search(r"nadia|theo|varga|quillon|\bmum\b|kelvin", said, re.IGNORECASE), said


def test_the_same_words_stand_for_a_person_in_every_shot_and_text(film: Film) -> None:
    for prompt in compile_prompts(film, "veo"):
        for text in (prompt.texts.still, prompt.texts.motion, prompt.texts.full):
            assert "the woman in the green oilskin" in text.lower()
            assert "the man in the grey suit" in text.lower()


def test_people_whom_the_script_leaves_alike_still_get_tags_of_their_own(story: Story) -> None:
    people = [
        Character(id=f"character/p{i}", name=name, gender="male", age="30")
        for i, name in enumerate(f"Name{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(400))
    ]
    tags = entity_tags(with_people(story, *people))
    named = [tags[p.id] for p in people]
    assert len(set(named)) == len(named)
    assert named[0] == "the young man with dark hair"
    assert not any("Name" in tag for tag in named)


@pytest.mark.parametrize(
    ("person", "tag"),
    [
        (Character(id=RUK, name="Ruk", gender="male", age="mid-thirties"), "the young man with dark hair"),
        (Character(id=RUK, name="Old Waitress", gender="female"), "the old waitress"),
        (Character(id=RUK, name="Ana", gender="female", age="8"), "the young girl with dark hair"),
        (Character(id=RUK, name="Dr. Bell", gender="female", age="60", description="with thick glasses"),
         "the middle-aged woman with glasses"),
        (Character(id=RUK, name="Ruk", gender="male", age="70", description="a bald man"), "the bald old man"),
        (Character(id=RUK, name="Villagers", kind="group"), "the villagers"),
        (Character(id=RUK, name="Quillons", kind="group"), "the group of people"),
        (Character(id=RUK, name="Ruk"), "the person with dark hair"),
    ],
)  # fmt: skip
def test_a_tag_says_what_the_script_says_of_age_calling_and_body(story: Story, person: Character, tag: str) -> None:
    assert entity_tags(with_people(story, person))[RUK] == tag


def test_a_place_is_called_by_its_kind_and_never_by_its_name(story: Story) -> None:
    places = [
        Location(id="location/a", name="Quillon House - Kitchen", int_ext=("INT",)),
        Location(id="location/b", name="Varga's Boat Shed", int_ext=("EXT",)),
        Location(id="location/c", name="Zubrowka", int_ext=("EXT",)),
    ]
    tags = entity_tags(Film(shots=(), story=story.model_copy(update={"locations": tuple(places)})))
    assert [tags[p.id] for p in places] == ["the kitchen", "the boat shed", "the open place outdoors"]


@pytest.mark.parametrize(
    ("written", "fit"),
    [
        (
            "THEO, 44, grins at Nadia's phone.",
            "The man in the grey suit grins at the woman in the green oilskin’s phone.",
        ),
        ("Theo Varga pays $500 for 3 cakes.", "The man in the grey suit pays money for three cakes."),
        ("The clock reads 10:45.", "The clock reads."),
        ("A door SLAMS at 60 mph.", "A door slams."),
        ("They pass the old Quillon barn.", "They pass the old barn."),
        ("They drive home from Quillon.", "They drive home."),
        ("He will hold prop/cake_box.", "He will hold the cake box."),
        ("It passes a dejected Theo.", "It passes the man in the grey suit."),
        ("MCU on the dial.", "Medium close-up on the dial."),
        ("", ""),
    ],
)
def test_script_text_is_made_fit(film: Film, written: str, fit: str) -> None:
    assert film_wording(film).clean(written) == fit


def test_a_name_that_is_a_common_word_is_replaced_only_with_its_capital(story: Story) -> None:
    wording = film_wording(with_people(story, Character(id=RUK, name="Grace", gender="female", age="30")))
    assert wording.clean("With grace, Grace falls.") == "With grace, the young woman with dark hair falls."


def test_a_name_means_the_self_of_that_person_who_is_in_the_frame(story: Story) -> None:
    old = Character(id="character/ana", name="Ana", gender="female", age="80")
    girl = Character(id="character/young_ana", name="Young Ana", gender="female", age="9", version_of=old.id)
    film = with_people(story, old, girl)
    tags, wording = entity_tags(film), film_wording(film)
    assert wording.clean("Then Ana runs.", {girl.id}) == f"Then {tags[girl.id]} runs."
    assert wording.clean("Then Ana runs.", {old.id, girl.id}) == f"Then {tags[old.id]} runs."
    assert wording.clean("Then Ana runs.") == f"Then {tags[old.id]} runs."


def test_names_in_scripts_without_spaces_are_replaced(story: Story) -> None:
    wording = film_wording(with_people(story, Character(id=RUK, name="李明", cues=("李明",), gender="male", age="30")))
    fit = wording.clean("清晨，李明走进厨房，等了1小时。")
    assert "李明" not in fit
    assert not re.search(r"\d", fit)


def test_silent_listeners_keep_their_mouths_closed_and_at_most_two_faces_talk(film: Film) -> None:
    prompt = one(film, build_shot())
    assert "The man in the grey suit: mouth closed" in prompt.texts.motion
    assert "The woman in the green oilskin speaks" in prompt.texts.motion
    people = [subject(who, side, mouth="speaking") for who, side in ((NADIA, "left"), (THEO, "center"), (RUK, "right"))]
    lines = tuple(line(f"Line {who[-2:]}.", who) for who in (NADIA, THEO, RUK))
    crowded = with_staging(build_shot(audio=Audio(dialogue=lines)), *people)
    prompt = one(film, crowded)
    assert "TALKING_FACES" in prompt.flags
    assert prompt.texts.sound.count(" says") == 2


def test_speech_is_quoted_to_the_letter_with_its_tone_and_how_it_is_heard(film: Film) -> None:
    assert 'says, brightly: "Ten minutes, Mum. Traffic."' in one(film, build_shot()).texts.sound
    phone = build_shot(audio=Audio(dialogue=(line("Nearly here?", MUM, on_screen=False, voice="phone"),)))
    assert re.search(
        r'The voice of the old woman with [a-z ]+, thin through a telephone: "Nearly here\?"',
        one(film, phone).texts.sound,
    )
    over = build_shot(audio=Audio(dialogue=(line("It rained.", MUM, on_screen=False, voice="voice_over"),)))
    assert "nobody's lips moving" in one(film, over).texts.sound
    assert one(film, build_shot(audio=Audio())).texts.sound.startswith("Nobody speaks.")


@pytest.mark.parametrize("model", ["veo", "wan", "ltx", "kling"])
def test_what_must_not_be_seen_stands_only_in_the_models_own_parameter(film: Film, model: str) -> None:
    prompt = one(film, build_shot(), model)
    assert prompt.negative in prompt.request.values()
    assert "watermark" not in prompt.texts.full + prompt.texts.motion + prompt.texts.still
    assert prompt.texts.sound.endswith("No music, no subtitles.")


def test_runway_is_sent_motion_alone_and_no_negatives(film: Film) -> None:
    prompt = one(film, build_shot(), "runway")
    assert prompt.request["promptText"] == prompt.texts.motion
    assert not re.search(r"\b(no|not|without|never)\b", prompt.request["promptText"], re.IGNORECASE)
    assert prompt.negative == ""
    assert "NO_FIRST_FRAME" in prompt.flags


def test_one_camera_move_is_asked_for(film: Film) -> None:
    shot = build_shot()
    lens = shot.technical_layer.camera.lens.model_copy(update={"zoom": "zoom_in"})
    move = Movement(type="dolly_in", support="dolly", speed="slow", start="MS of both", end="CU on Nadia")
    text = one(film, with_camera(shot, movement=move, lens=lens)).texts.full
    assert text.count("The camera") == 1
    assert (
        "The camera moves forward, closer slowly, from medium shot of both to close-up on the woman in the green"
        in text
    )
    assert "zoom" not in text
    assert "The lens zooms in" in one(film, with_camera(shot, lens=lens)).texts.motion


def test_kling_is_given_its_camera_axis_unless_a_last_frame_rules_the_end(film: Film, shots: tuple[Shot, Shot]) -> None:
    pan = Movement(type="pan_left", speed="slow")
    request = one(film, with_camera(shots[0], movement=pan), "kling").request
    assert request["camera_control"]["config"] == {
        "horizontal": 0,
        "vertical": 0,
        "pan": 0,
        "tilt": -3,
        "roll": 0,
        "zoom": 0,
    }
    assert "camera_control" not in one(film, with_camera(shots[1], movement=pan), "kling").request
    lens = shots[0].technical_layer.camera.lens.model_copy(update={"zoom": "zoom_out"})
    assert "TEST_ZOOM_SIGN" in one(film, with_camera(shots[0], lens=lens), "kling").flags


def test_pictures_go_with_the_request_up_to_the_models_number(film: Film, shots: tuple[Shot, Shot]) -> None:
    first, second = compile_prompts(film, "veo")
    assert [(r.asset, r.picture) for r in first.refs] == [
        ("char_nadia_v01", "front.png"), ("loc_hatchback_v01", "side_a.png"),
    ]  # fmt: skip
    assert second.refs == ()
    assert (second.first_frame, second.last_frame) == ("a" * 64, "b" * 64)
    assert second.request["lastFrame"] == "b" * 64
    assert all(p.refs == () for p in compile_prompts(film, "wan"))


def test_the_seed_is_the_shots_own_and_the_same_every_time(film: Film) -> None:
    once, again = compile_prompts(film, "veo"), compile_prompts(film, "veo")
    assert [p.seed for p in once] == [p.seed for p in again]
    assert once[0].seed != once[1].seed
    assert all(0 <= p.seed < 2**31 for p in compile_prompts(film, "wan"))


def test_light_travel_hands_and_poses_are_said_in_words(film: Film) -> None:
    runner = subject(NADIA, "left", pose_start="sit", pose_end="stand", hands=Hands(left="prop/cake_box"),
                     travel=Travel(screen_direction="right", exits=True), condition=("drenched",))  # fmt: skip
    shot = with_staging(build_shot(), runner, subject(THEO, "right", foreground=True))
    light = shot.technical_layer.lighting.model_copy(
        update={"events": (LightEvent(what="the phone's glow", on=False),)}
    )
    shot = shot.model_copy(update={"technical_layer": shot.technical_layer.model_copy(update={"lighting": light})})
    texts = one(film, shot).texts
    assert "starts sitting and ends standing" in texts.full
    assert "leaves the frame moving to the right" in texts.motion
    assert "the cake box in the left hand" in texts.still
    assert "drenched" in texts.still
    assert "out of focus, the shoulder of the man in the grey suit" in texts.still
    assert "goes off" in texts.motion
    assert "a cool tint" in texts.full


def test_words_on_screen_are_not_asked_of_the_model(film: Film) -> None:
    narrative = build_shot().narrative_layer.model_copy(update={"action_description": "The sign lights up: OPEN LATE."})
    prompt = one(film, build_shot(narrative_layer=narrative, on_screen_text=("OPEN LATE",)))
    assert "open late" not in prompt.texts.full.lower()


def test_a_shot_alone_without_story_or_library_still_compiles() -> None:
    prompt = compile_prompts(Film(shots=(build_shot(),)), "ltx")[0]
    assert prompt.texts.full
    assert "character/" not in prompt.texts.full


def test_json_lines_hold_one_shot_each_and_an_unknown_model_is_refused(film: Film) -> None:
    lines = write_prompts(film, model="kling").splitlines()
    assert [json.loads(text)["shot_id"] for text in lines] == ["sh_1", "sh_2"]
    with pytest.raises(ConfigError):
        write_prompts(film, model="zeotrope")
