"""What the Director's shots show and say: who acts is seen, nothing is invented, feelings are the script's own."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from tests.unit.director.scenes import brief_of, car

from shotwright.crew.director.check import check_scene
from shotwright.crew.director.draft import direct_scene
from shotwright.crew.director.feelings import felt_in
from shotwright.crew.director.wording import deed_of, fill, key_line
from shotwright.model.crew import DirectedShot, FilmSettings
from shotwright.model.story import Neighbour, SceneBrief

WEDDING = """
Carl sits with Dora at the long table. Carl is furious.
BERT: This fish, the old one, the one that nobody in the county could hook, was no he at all, it was a she, \
and she was fat with eggs, and I stood there in the river with my ring in her belly and the knife in my hand,
Carl throws down his napkin. Dora catches his sleeve, but Carl walks out into the yard.
BERT: and I let her go, because what would my own boy have had to catch, when his day came, if I had not?
Bert does not notice.
"""
CAST = {"BERT": "Bert", "CARL": "Carl", "DORA": "Dora", "GUESTS": "Guests"}


def shots_of(brief: SceneBrief) -> tuple[DirectedShot, ...]:
    directed = direct_scene(brief, FilmSettings())
    assert check_scene(brief, FilmSettings(), directed) == ()
    return directed.shots


def with_people(brief: SceneBrief, **changes: dict[str, object]) -> SceneBrief:
    cast = tuple(
        m.model_copy(
            update={
                "character": m.character.model_copy(
                    update={
                        k: v for k, v in changes.get(m.character.cues[0].lower(), {}).items() if k in ("kind", "gender")
                    }
                ),
                **{
                    k: v
                    for k, v in changes.get(m.character.cues[0].lower(), {}).items()
                    if k in ("manner", "personality")
                },
            }
        )
        for m in brief.cast
    )
    return brief.model_copy(update={"cast": cast})


def wedding() -> SceneBrief:
    brief = brief_of(WEDDING, CAST, scene_type="dialogue_group", beats=((0, 6, "joy", 0.8),), turn=4)
    people = {"bert": {"gender": "male"}, "carl": {"gender": "male"}, "guests": {"kind": "group"}}
    brief = with_people(brief, **people)  # type: ignore[arg-type]
    speeches = tuple(
        n.model_copy(update={"addressees": ("character/guests",)}) if n.speakers[0] == "character/bert" else n
        for n in brief.scene.speeches
    )
    return brief.model_copy(update={"scene": brief.scene.model_copy(update={"speeches": speeches})})


@pytest.mark.parametrize("brief", [wedding(), car()], ids=["wedding", "car"])
def test_whoever_acts_in_a_shot_is_what_the_shot_is_on(brief: SceneBrief) -> None:
    actors = {n.unit: n.actors for n in brief.scene.actions}
    for shot in shots_of(brief):
        for unit in shot.units:
            assert set(actors.get(unit, ())) <= set(shot.intent.on), (unit, shot.intent.on)


def test_a_listener_never_shares_a_clip_with_what_somebody_else_does() -> None:
    actors = {n.unit: n.actors for n in wedding().scene.actions}
    for shot in shots_of(wedding()):
        if shot.intent.focus == "listener":
            assert {a for u in shot.units for a in actors.get(u, ())} <= set(shot.intent.on)


def test_a_crowd_of_many_who_act_is_all_in_the_shot() -> None:
    names = ("ANNA", "BERT", "CARL", "DORA", "EDIE")
    brief = brief_of("Anna, Bert, Carl, Dora and Edie lift the boat.", {n: n.title() for n in names})
    (shot,) = shots_of(brief)
    assert len(shot.intent.on) == 5
    assert shot.intent.focus == "group"


def test_a_shot_of_talk_claims_nothing_that_the_script_does_not() -> None:
    script = "\n".join(f"{'ANNA' if n % 2 else 'BERT'}: The boat number {n} was never on the list." for n in range(24))
    invented = re.compile(r"turn|look|watch|eye|gesture|head|hand|shoulder|nod|gaze|errand", re.I)
    for shot in shots_of(brief_of(script)):
        assert not invented.search(shot.narrative.action_description), shot.narrative.action_description


def test_neighbours_never_carry_the_same_description() -> None:
    long = "ANNA: " + ", and ".join(f"I went down to the water for the time number {n}" for n in range(14)) + "."
    for brief in (brief_of(long, {"BERT": "Bert"}), wedding()):
        told = [s.narrative.action_description for s in shots_of(brief)]
        assert all(a != b for a, b in pairwise(told))


def test_a_name_is_said_once_in_a_description_of_talk() -> None:
    brief = with_people(
        brief_of("Anna puts the kettle on the stove and lights it.\nANNA: Sit.\nBERT: I would rather stand."),
        anna={"gender": "female"},
        bert={"gender": "male"},
    )
    for shot in shots_of(brief):
        (*_, last) = re.split(r"(?<=[.])\s", shot.narrative.action_description)
        assert last.count("Anna") + last.count("Bert") <= 2
        assert "  " not in last


def test_the_words_of_the_script_for_a_feeling_come_before_the_beat() -> None:
    first, *rest = shots_of(wedding())
    assert "Carl: furious" in first.narrative.character_performance
    bright = re.compile(r"Carl: [^.]*(?:happy|glad|lit up|smil|gladly|amused|pleasure|warm|bright)")
    for shot in (first, *rest):
        assert not bright.search(shot.narrative.character_performance), shot.narrative.character_performance


def test_a_furious_man_does_not_lift_the_mood() -> None:
    first = shots_of(wedding())[0]
    assert not re.search(r"happ|mood lifts|enjoy|fun |pleasure|want this", first.narrative.shot_purpose)


NAMES = {"will": "character/will", "dora": "character/dora", "scott": "character/scott"}
GENDERS = {"character/will": "male", "character/dora": "female", "character/scott": "male"}


@pytest.mark.parametrize(
    ("text", "actors", "found"),
    [
        ("They should be joyful, but Will is furious.", ("character/will",), [("character/will", "furious")]),
        ("Embarrassed to admit it...", ("character/will",), [("character/will", "embarrassed to admit it")]),
        ("A dejected Scott leaves the office.", ("character/scott",), [("character/scott", "dejected")]),
        ("Will can't hide his anger.", ("character/will",), [("character/will", "can't hide his anger")]),
        ("Will is not happy about it.", ("character/will",), []),
        ("The room is cheerful.", ("character/will",), []),
        (
            "As Will goes on, she looks amused.",
            ("character/will", "character/dora"),
            [("character/dora", "amused")],
        ),
    ],
)
def test_feelings_are_read_off_the_sentence_of_the_one_who_has_them(
    text: str, actors: tuple[str, ...], found: list[tuple[str, str]]
) -> None:
    assert [(who, felt.words) for who, felt in felt_in(text, actors, NAMES, GENDERS)] == found


def test_what_the_library_knows_of_a_character_is_said_once_in_a_scene() -> None:
    script = "\n".join(f"{'ANNA' if n % 2 else 'BERT'}: The boat number {n} was never on the list." for n in range(24))
    brief = with_people(brief_of(script), anna={"manner": "speaks like a judge"})
    said = " ".join(s.narrative.character_performance for s in shots_of(brief))
    assert said.count("speaks like a judge") == 1


def test_a_listening_crowd_listens() -> None:
    heard = [
        s.narrative.character_performance
        for s in shots_of(wedding())
        if s.intent.focus == "listener" and s.intent.on == ("character/guests",)
    ]
    assert heard
    assert all(re.search(r"listening|attentive", text) for text in heard)


def test_an_animal_plays_only_what_the_script_says() -> None:
    brief = with_people(
        brief_of("Rex lies on the step.\nANNA: You never asked me about the boat.", {"REX": "Rex"},
                 beats=((0, 1, "vulnerability", 0.7),)),
        rex={"kind": "animal"},
    )  # fmt: skip
    text = " ".join(s.narrative.character_performance for s in shots_of(brief))
    assert not re.search(r"Rex: [^.]*(?:themself|hand|small|shield|guard|exposed|voice)", text)


def test_purposes_close_their_quotations_and_their_sentences() -> None:
    script = """
        ANNA: (reading) "There is one bird left in the basket. I am saving her until I know what to say."
        BERT: I was with my father--
        As she turns, Anna walks in step with her father--
        BERT: 'Keep it,' she said.
        A sign reads "CLOSED".
        """
    for shot in shots_of(brief_of(script)):
        purpose = shot.narrative.shot_purpose
        assert purpose.count("“") == purpose.count("”")
        assert not re.search(r"--|[.,;:]{2}|“['‘\"]|[?!],|\.\s+[a-z]", purpose), purpose
        assert not re.search(r"--\.|--$", shot.narrative.action_description)


def test_a_line_in_quotation_marks_loses_its_own() -> None:
    assert key_line('"There is one bird left in the basket.') == "There is one bird left in the basket"
    assert deed_of('He reads: "Keep off the grass, all of you, and mind the dog; do not') == (
        "He reads: Keep off the grass, all of you, and mind the dog"
    )
    assert fill("{line}--. “{word}?.”", {"line": "with him", "word": "Why"}) == "With him… “Why?”"


def test_no_purpose_makes_a_bare_feeling_its_subject() -> None:
    bare = re.compile(r"\b(?:joy|grief|dread|wonder|confusion|urgency|calm|menace) (?:gets|comes|has|takes|opens)")
    for beat in ("joy", "grief", "dread", "awe", "confusion", "action", "calm", "power"):
        brief = brief_of(WEDDING, CAST, beats=((0, 6, beat, 0.6),))
        for shot in shots_of(brief):
            assert not bare.search(shot.narrative.shot_purpose)


def test_a_place_named_on_its_own_line_begins_a_new_clip() -> None:
    script = """
        Anna lights the lamp.
        VARIOUS SCHOOL COMPETITIONS
        Anna wins the race.
        > THE STREET CORNER / PARADE
        Bert leaves town.
        """
    shots = shots_of(brief_of(script, {"ANNA": "Anna", "BERT": "Bert"}))
    assert [s.units for s in shots] == [("un_0",), ("un_1", "un_2"), ("un_3", "un_4")]


def test_exactly_one_shot_turns_the_scene() -> None:
    for brief in (wedding(), car(), brief_of("Anna opens the door.\nBert leaves.", {"ANNA": "Anna"}, turn=1)):
        shots = shots_of(brief)
        turning = [s for s in shots if s.intent.turn]
        assert len(turning) == 1
        assert brief.scene.turn is not None
        assert brief.scene.turn.unit in turning[0].units
        kept = turning[0]
        again = direct_scene(brief, FilmSettings(target_model="kling"), fixed=(kept,))
        assert sum(s.intent.turn for s in again.shots) == 1


@pytest.mark.parametrize(
    ("written", "transition"),
    [("DISSOLVE TO:", "dissolve"), ("SMASH CUT TO:", "smash_cut"), ("FADE OUT.", "fade_out"), ("", "cut")],
)
def test_the_transition_that_closes_a_scene_is_how_the_next_one_begins(written: str, transition: str) -> None:
    talk = "ANNA: You never told me that you had sold it.\nBERT: You never asked me about it once."
    for known in (True, False):
        brief = brief_of(talk, known_place=known)
        before = Neighbour(
            scene_id="sc_before", location="location/pier", time_of_day="night", story_day="N1",
            scene_type="activity", closing_transition=written,
        )  # fmt: skip
        first, *rest = direct_scene(brief.model_copy(update={"previous": before}), FilmSettings()).shots
        assert first.transition_in == transition
        assert all(s.transition_in == "cut" for s in rest)


def test_both_speakers_of_a_joint_cue_are_in_the_shot() -> None:
    brief = brief_of("ANNA: Go home.\nBERT: No.", {"CARL": "Carl"})
    both = ("character/anna", "character/carl")
    speeches = (brief.scene.speeches[0].model_copy(update={"speakers": both}), *brief.scene.speeches[1:])
    (shot,) = shots_of(brief.model_copy(update={"scene": brief.scene.model_copy(update={"speeches": speeches})}))
    assert set(both) <= set(shot.intent.on)


def test_whoever_talks_in_the_room_is_there_though_seen_to_leave() -> None:
    brief = brief_of("Anna leaves.\nANNA: And I will not come back for the boat.\nBERT: Then do not.")
    gone = tuple(
        p.model_copy(update={"exits": "un_0"}) if p.character == "character/anna" else p for p in brief.scene.presences
    )
    shots = shots_of(brief.model_copy(update={"scene": brief.scene.model_copy(update={"presences": gone})}))
    said = [s for s in shots if any(x.speaker == "character/anna" for x in s.dialogue)]
    assert all("character/anna" in s.intent.present for s in said)


def test_marks_of_emphasis_and_broken_sentences_do_not_reach_the_words() -> None:
    script = (
        "Anna is one half of --\nA PAIR OF TWINS.\nANNA: *Sometimes a girl can feel so alone.*\nBERT: Sing it again."
    )
    for shot in shots_of(brief_of(script)):
        words = " ".join(shot.narrative.model_dump().values())
        assert not re.search(r"\*|--|of\. ", words), words


def test_a_voice_over_a_thing_names_the_thing_and_not_a_listener() -> None:
    brief = brief_of("CLOSE ON the ring.\nBERT (V.O.): It lay there for the whole of that year and nobody saw it.",
                     things=("ring",))  # fmt: skip
    for shot in shots_of(brief):
        if shot.intent.focus == "thing":
            assert shot.narrative.character_performance == "Nobody in frame."
            assert "listen" not in shot.narrative.action_description


def test_only_a_voice_from_elsewhere_is_said_to_be_elsewhere() -> None:
    talk = "ANNA: Are you there at all, or am I talking to the wall?\nBERT: I am here."
    gone = brief_of("Bert leaves.\n" + talk)
    presences = tuple(
        p.model_copy(update={"exits": "un_0"}) if p.character == "character/bert" else p for p in gone.scene.presences
    )
    gone = gone.model_copy(update={"scene": gone.scene.model_copy(update={"presences": presences})})
    assert not any("elsewhere" in s.narrative.action_description for s in shots_of(gone))
