"""The Director on hand-made scenes: what a filmmaker and an editor would insist on."""

from __future__ import annotations

from itertools import pairwise

from tests.unit.director.scenes import brief_of, car

from shotwright.crew.director.check import check_scene
from shotwright.crew.director.draft import direct_scene
from shotwright.model.crew import DirectedScene, DirectedShot, FilmSettings
from shotwright.model.story import SceneBrief

LITERAL = FilmSettings()
EDITED = FilmSettings(cut_style="edited")


def direct(brief: SceneBrief, settings: FilmSettings = LITERAL) -> DirectedScene:
    directed = direct_scene(brief, settings)
    assert check_scene(brief, settings, directed) == ()
    return directed


def pieces_of(directed: DirectedScene, unit: str) -> list[tuple[str, DirectedShot]]:
    return [(line.text, shot) for shot in directed.shots for line in shot.dialogue if line.unit == unit]


def cut_seconds(shot: DirectedShot) -> float:
    return sum(c.src_out - c.src_in for c in shot.cuts) / 24


def test_the_long_sentence_in_the_car_is_cut_only_where_its_clauses_end() -> None:
    texts = [text for text, _ in pieces_of(direct(car()), "un_16")]
    assert len(texts) >= 3
    assert all(text.rstrip(",").endswith(("walk", "money", "March", "accident.")) for text in texts)


def test_a_speech_over_seven_seconds_shows_its_listener_and_ends_its_peak_on_the_speaker() -> None:
    shots = [shot for _, shot in pieces_of(direct(car()), "un_16")]
    assert "listener" in {s.intent.focus for s in shots}
    listener = next(s for s in shots if s.intent.focus == "listener")
    assert listener.intent.on == ("character/theo",)
    assert shots[-1].intent.turn
    assert shots[-1].intent.on == ("character/nadia",)


def test_a_voice_on_the_phone_is_never_in_frame() -> None:
    for shot in direct(car()).shots:
        assert "character/mum" not in shot.intent.on
        assert "character/mum" not in shot.intent.present
    (line,) = [x for s in direct(car()).shots for x in s.dialogue if x.speaker == "character/mum"]
    assert (line.voice, line.extension, line.delivery) == ("phone", "O.S.", "filtered")


def test_words_on_a_phone_are_text_for_post() -> None:
    (shot,) = [s for s in direct(car()).shots if s.on_screen_text]
    assert shot.on_screen_text == ("MUM",)
    assert shot.intent.focus == "thing"


def test_what_the_script_holds_still_is_held_at_least_a_second() -> None:
    held = [s.intent.hold_seconds for s in direct(car(), EDITED).shots if s.intent.hold_seconds]
    assert sum(held) >= 2.0
    assert min(held) >= 1.0


def test_the_stillness_after_the_turning_line_is_a_shot_of_its_own() -> None:
    last = direct(car()).shots[-1]
    assert last.units == ("un_17", "un_18")
    assert last.function == "button"


def test_the_edited_car_scene_comes_near_its_page() -> None:
    assert 42 <= sum(cut_seconds(s) for s in direct(car(), EDITED).shots) <= 54


def test_a_literal_cut_is_the_whole_clip() -> None:
    for shot in direct(car()).shots:
        assert [(c.src_in, c.src_out) for c in shot.cuts] == [(0, shot.duration_frames)]


def test_the_car_gets_no_shot_that_the_script_does_not_carry() -> None:
    assert not any(s.added for s in direct(car()).shots)


def test_a_written_direction_begins_its_own_shot() -> None:
    directed = direct(brief_of("""
        Anna sorts the letters. Bert watches her.
        CLOSE ON THE RING in the last envelope.
        Anna looks up.
        """, {"ANNA": "Anna", "BERT": "Bert"}, things=("ring",)))  # fmt: skip
    (shot,) = [s for s in directed.shots if s.intent.written]
    assert shot.intent.written[0].kind == "close_on"
    assert shot.intent.written[0].target == "prop/ring"
    assert shot.units[0] == "un_2"
    assert shot.intent.focus == "thing"


def test_a_transition_opens_the_next_shot_and_a_closing_one_stays_with_the_last() -> None:
    directed = direct(
        brief_of("Anna runs to the gate.\n> SMASH CUT TO:\nThe gate slams shut.\n> CUT TO:", {"ANNA": "Anna"})
    )
    assert [s.transition_in for s in directed.shots] == ["cut", "smash_cut"]
    assert directed.shots[-1].units[-1] == "un_3"


def test_elements_of_a_montage_never_share_a_shot() -> None:
    script = "Anna paints the fence.\nAnna sleeps on the grass.\nAnna burns the toast.\nAnna waves from the roof."
    directed = direct(brief_of(script, {"ANNA": "Anna"}, segments=(("montage", 0, 3),), scene_type="montage"), EDITED)
    assert len(directed.shots) == 4
    assert {s.function for s in directed.shots} == {"montage_element"}
    assert all(1.5 <= cut_seconds(s) <= 3.0 for s in directed.shots)


def intercut() -> SceneBrief:
    script = """
        Anna drives with both hands.
        ANNA: I cannot talk now, there is ice on the whole of this road.
        BERT: Then stop the car and listen to me for the length of one breath.
        Bert pulls the cord out to the window.
        ANNA: What is it?
        """
    brief = brief_of(
        script, {"ANNA": "Anna", "BERT": "Bert"}, segments=(("intercut", 0, 4),), scene_type="phone_intercut"
    )
    places = {"location": "location/car", "other_location": "location/flat"}
    (segment,) = brief.scene.segments
    scene = brief.scene.model_copy(
        update={"location": "location/car", "segments": (segment.model_copy(update=places),)}
    )
    return brief.model_copy(update={"scene": scene})


def test_the_sides_of_an_intercut_never_share_a_shot_and_each_names_its_place() -> None:
    for shot in direct(intercut()).shots:
        assert len(shot.intent.present) == 1
        at_home = shot.intent.present == ("character/bert",)
        assert shot.intent.place == ("location/flat" if at_home else "location/car")


def test_a_short_turn_in_an_intercut_is_heard_down_the_phone_on_the_other_side() -> None:
    last = direct(intercut()).shots[-1]
    assert last.intent.present == ("character/bert",)
    assert last.dialogue[-1].speaker == "character/anna"
    assert last.dialogue[-1].voice == "phone"


def test_a_voice_over_runs_while_the_action_does() -> None:
    action = "Bert carries the boxes down the stairs, loads the cart and ties the rope."
    alone = direct(brief_of(action, {"BERT": "Bert", "ANNA": "Anna"}))
    under = direct(brief_of(action + "\nANNA (V.O.): He never once looked back at the house.", {"BERT": "Bert"}))
    assert len(under.shots) == len(alone.shots) == 1
    assert under.shots[0].intent.on == ("character/bert",)


def test_a_new_place_that_opens_on_talk_is_shown_first_by_an_added_shot_without_script() -> None:
    script = "ANNA: You never told me that you had sold it.\nBERT: You never asked me about it once."
    first, *rest = direct(brief_of(script, known_place=False)).shots
    assert (first.added, first.function, first.units, first.dialogue) == (True, "establishing", (), ())
    assert not any(s.added for s in rest)
    assert not any(s.added for s in direct(brief_of(script)).shots)
    assert not any(s.added for s in direct(brief_of("Anna sits.\n" + script, known_place=False)).shots)


def test_quick_talk_of_two_people_shares_one_clip() -> None:
    directed = direct(brief_of("ANNA: Ready?\nBERT: No.\nANNA: Good.\nBERT: Why good?", known_place=True))
    assert len(directed.shots) == 1
    assert len(directed.shots[0].dialogue) == 4
    assert directed.shots[0].intent.focus == "exchange"


def test_three_speakers_never_share_a_clip() -> None:
    directed = direct(
        brief_of("\n".join(f"{name}: We should go before it rains." for name in ("ANNA", "BERT", "CARL") * 3))
    )
    assert all(len({x.speaker for x in s.dialogue}) <= 2 for s in directed.shots)


def test_dual_dialogue_is_one_clip_and_starts_together() -> None:
    directed = direct(
        brief_of(
            "^ANNA: You never asked me about the boat.\n^BERT: I asked you twice about the boat.", known_place=True
        )
    )
    (shot,) = directed.shots
    assert shot.dialogue[0].start_seconds == shot.dialogue[1].start_seconds


def test_an_interruption_stays_with_the_line_that_it_breaks() -> None:
    directed = direct(
        brief_of(
            "ANNA: I was going to tell you that --\nBERT: You were not.\nAnna sits down on the step.",
            known_place=True,
        )
    )
    assert [x.speaker for x in directed.shots[0].dialogue] == ["character/anna", "character/bert"]


def test_a_short_scene_is_one_shot_with_its_reason() -> None:
    (shot,) = direct(brief_of("A phone rings.")).shots
    assert shot.duration_reason == "short_scene"


def test_no_purpose_is_said_twice_in_a_scene() -> None:
    script = "\n".join(
        f"{'ANNA' if n % 2 else 'BERT'}: I told you that the number {n} was not on the list." for n in range(30)
    )
    purposes = [s.narrative.shot_purpose for s in direct(brief_of(script)).shots]
    assert len(set(purposes)) == len(purposes)
    assert all(a != b for a, b in pairwise(purposes))


def test_a_fixed_shot_returns_unchanged_and_its_words_are_said_once() -> None:
    brief = car()
    before = direct(brief)
    kept = before.shots[4].model_copy(update={"function": "reveal"})
    after = direct_scene(brief, LITERAL, fixed=(kept,))
    assert check_scene(brief, LITERAL, after) == ()
    assert kept in after.shots


def test_a_shot_cut_afresh_never_takes_the_purpose_of_a_fixed_one() -> None:
    brief = brief_of("Anna opens the door. Anna opens the door. A sign reads CLOSED.\n" * 3, {"ANNA": "Anna"})
    for kept in direct(brief).shots:
        again = direct_scene(brief, FilmSettings(target_model="kling"), fixed=(kept,))
        purposes = [s.narrative.shot_purpose for s in again.shots]
        assert len(set(purposes)) == len(purposes)


def test_a_fixed_part_of_a_speech_is_cut_around() -> None:
    brief = car()
    before = direct(brief)
    middle = [shot for _, shot in pieces_of(before, "un_16")][1]
    kept = middle.model_copy(update={"function": "reveal"})
    after = direct_scene(brief, FilmSettings(target_model="kling"), fixed=(kept,))
    assert check_scene(brief, LITERAL, after) == ()
    assert kept in after.shots


def test_a_fixed_shot_with_words_that_are_said_twice_keeps_its_place() -> None:
    again = "Two years later I came back. Two years later I came back. Two years later I came back."
    brief = brief_of(f"ANNA: You never did the dishes.\nBERT: {again}\nANNA: You never did the dishes.")
    for kept in direct(brief).shots:
        after = direct_scene(brief, FilmSettings(target_model="kling"), fixed=(kept,))
        assert check_scene(brief, LITERAL, after) == ()
        assert kept in after.shots


def test_a_fixed_shot_whose_text_is_gone_is_left_out() -> None:
    kept = direct(brief_of("ANNA: These words are gone.", known_place=True)).shots[0]
    brief = brief_of("BERT: Nothing of that is left here now.")
    assert kept not in direct_scene(brief, LITERAL, fixed=(kept,)).shots


def test_an_inserted_line_leaves_the_shots_away_from_it_with_their_ids() -> None:
    lines = [f"{'ANNA' if n % 2 else 'BERT'}: The ferry number {n} leaves before the rain comes in." for n in range(20)]
    brief = brief_of("\n".join(lines))
    changed = brief_of("\n".join([*lines[:10], "The lamp goes out.", *lines[10:]]))
    # The helper numbers units in order; the ids of the units after the insertion are carried as alignment would.
    carried = {
        u.id: (u.id if n < 10 else "un_new" if n == 10 else f"un_{n - 1}") for n, u in enumerate(changed.scene.units)
    }
    text = changed.model_dump_json()
    for old in sorted(carried, key=lambda u: int(u[3:])):
        text = text.replace(f'"{old}"', f'"@{carried[old]}"')
    changed = SceneBrief.model_validate_json(text.replace('"@', '"'))
    old = {s.shot_id for s in direct(brief).shots}
    new = {s.shot_id for s in direct(changed).shots}
    assert len(new - old) <= 3


def test_two_runs_give_the_same_bytes() -> None:
    assert direct(car()).canonical_json() == direct(car()).canonical_json()


def test_a_scene_without_units_has_no_shots() -> None:
    assert direct_scene(brief_of(""), LITERAL).shots == ()
