"""Numbers, slates and labels."""

from __future__ import annotations

from shotwright.model.ids import SceneId
from shotwright.model.screenplay import Scene, Slugline
from shotwright.production.number import letters, number_scenes


def scenes(*numbers: str | None, implied: bool = False) -> list[Scene]:
    made = [
        Scene(id=SceneId(f"sc_{i}"), heading=Slugline(raw="INT. ROOM - DAY"), number=n) for i, n in enumerate(numbers)
    ]
    if implied:
        made.insert(0, Scene(id=SceneId("sc_first"), heading=Slugline(raw=""), implied=True))
    return made


def test_slate_letters_leave_out_i_and_o_and_go_on_with_double_letters() -> None:
    assert [letters(i) for i in (0, 1, 2, 8, 9, 13, 14, 24, 25, 48, 49)] == [
        "", "A", "B", "H", "J", "N", "P", "Z", "AA", "AZ", "BA",
    ]  # fmt: skip


def test_scenes_without_written_numbers_are_counted_and_what_stands_before_the_first_is_scene_0() -> None:
    assert list(number_scenes(scenes(None, None, implied=True), {}).values()) == ["0", "1", "2"]


def test_a_written_number_wins_and_an_unnumbered_scene_takes_the_one_before_with_a_letter() -> None:
    assert list(number_scenes(scenes("12", None, None, "13"), {}).values()) == ["12", "12A", "12B", "13"]


def test_after_the_lock_an_inserted_scene_becomes_a_letter_and_one_at_the_end_a_new_number() -> None:
    script = scenes(None, None, None)
    locked = {"sc_0": "1", "sc_2": "2"}
    assert list(number_scenes(script, locked).values()) == ["1", "1A", "2"]
    locked = {"sc_0": "1", "sc_1": "2"}
    assert list(number_scenes(script, locked).values()) == ["1", "2", "3"]


def test_no_two_scenes_share_a_number() -> None:
    numbers = number_scenes(scenes("1", "1", None, "2", None), {})
    assert len(set(numbers.values())) >= 4
