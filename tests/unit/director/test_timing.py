"""How long words take and where they may be cut."""

from __future__ import annotations

import pytest

from shotwright.craft.phrasing import phrases
from shotwright.craft.timing import action_seconds, held_seconds, reading_seconds, speech_rate, speech_seconds


def cut(text: str, most: float = 15.0) -> list[str]:
    return [p.text for p in phrases([("words", text)], most)]


def test_speech_is_words_by_rate_and_a_little_air() -> None:
    assert speech_seconds(12, 2.4) == pytest.approx(5.4)


def test_a_whisper_is_slower_and_a_shout_faster_within_two_and_three() -> None:
    assert speech_rate("whispering", "Come here.", 2.4) < 2.4 < speech_rate("shouting", "Come here!", 2.4) <= 3.0


def test_a_list_is_never_cut() -> None:
    assert cut("We have bread, cheese, olives and two bottles of the red.", 15) == [
        "We have bread, cheese, olives and two bottles of the red."
    ]


def test_a_title_does_not_end_a_sentence() -> None:
    assert cut("Ask Mr. Hollis about the boat he sold.") == ["Ask Mr. Hollis about the boat he sold."]


def test_no_phrase_is_under_three_words() -> None:
    assert cut("No. Never. I told you that I would come back for it. Wait.") == [
        "No. Never. I told you that I would come back for it. Wait."
    ]


def test_an_aside_parts_a_speech_and_is_kept_as_delivery() -> None:
    first, second = phrases(
        [("words", "Give me the key."), ("parenthetical", "beat"), ("words", "Give it to me now.")], 15
    )
    assert (first.pause, second.pause, second.kind) == ("", "beat", "pause")


def test_words_without_any_place_to_part_them_are_cut_between_words() -> None:
    words = " ".join(f"w{n}" for n in range(40))
    parts = cut(words)
    assert " ".join(parts) == words
    assert max(len(p.split()) for p in parts) <= 15


def test_japanese_is_counted_in_characters_and_cut_at_its_stops() -> None:
    text = "雨が降っている。傘を持っていない。駅まで走るしかないのに、足が動かない。だれも来ない夜だった。"
    parts = cut(text)
    assert "".join(parts) == text
    assert len(parts) > 1
    assert all(p.endswith(("。", "、")) for p in parts)


def test_description_takes_less_time_than_action() -> None:
    assert action_seconds("Rain.")[1] < 0.3
    assert (
        action_seconds("Bert grabs the rope, swings across and kicks the hatch shut.")[0]
        > action_seconds("Bert grabs the rope.")[0]
    )


@pytest.mark.parametrize(
    "text", ["Neither moves.", "Nobody turns.", "Silence.", "A beat.", "She freezes.", "A long pause."]
)
def test_stillness_is_held(text: str) -> None:
    assert held_seconds(text) >= 1.0


def test_moving_is_not_held() -> None:
    assert held_seconds("Anna moves to the door.") == 0.0


def test_a_text_is_shown_long_enough_to_read() -> None:
    assert reading_seconds("Closed until further notice") == pytest.approx(4 / 2.5 + 1.5)
