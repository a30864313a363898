"""Action paragraphs cut into sentences."""

from __future__ import annotations

import pytest

from shotwright.screenplay.sentences import split_sentences


@pytest.mark.parametrize(
    ("paragraph", "sentences"),
    [
        ("Rain. More rain.  And wind.", ["Rain.", "More rain.", "And wind."]),
        ("Mr. Oake meets Dr. J. Lund at 5 a.m. He runs.", ["Mr. Oake meets Dr. J. Lund at 5 a.m.", "He runs."]),
        ("They sail to St. Ives. He runs.", ["They sail to St. Ives.", "He runs."]),
        ("At 3 p.m. The bell rings.", ["At 3 p.m.", "The bell rings."]),
        ("No. 5 is up. No. It is not.", ["No. 5 is up.", "No.", "It is not."]),
        ("She waits... and goes. Then... Nothing!", ["She waits... and goes.", "Then...", "Nothing!"]),
        ('He says "Stop!" and runs. "Go." She nods.', ['He says "Stop!" and runs.', '"Go."', "She nods."]),
        ("What?! She turns -- slowly; he: not.", ["What?!", "She turns -- slowly; he: not."]),
        ("(She turns.) He stops.", ["(She turns.)", "He stops."]),
        ("The U.S. Army waits.", ["The U.S. Army waits."]),
        ("One of us\nwalks on. Two\nstay.", ["One of us walks on.", "Two stay."]),
        ("-- a shoe\n-- a watch", ["-- a shoe", "-- a watch"]),
        ("雨が降る。彼は走る！「止まれ。」と言う。", ["雨が降る。", "彼は走る！", "「止まれ。」と言う。"]),
        ("It costs 3.50 now. Yes.", ["It costs 3.50 now.", "Yes."]),
        ("no stop at all", ["no stop at all"]),
        ("", []),
    ],
)  # fmt: skip
def test_a_paragraph_is_cut_at_its_sentences(paragraph: str, sentences: list[str]) -> None:
    assert split_sentences(paragraph) == sentences
