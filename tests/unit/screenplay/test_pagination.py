"""Simulated pages."""

from __future__ import annotations

import pytest

from shotwright.screenplay import read_string
from shotwright.screenplay.pagination import wrapped


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("", 61, 1),
        ("a" * 61, 61, 1),
        ("a" * 62, 61, 2),
        ("aaaa bbbb cccc", 9, 2),
        ("aaaa  bbbb", 9, 2),
        ("one\ntwo", 61, 2),
        ("half-dark", 6, 2),
        ("日本語日本語", 12, 1),
        ("日本語日本語日", 12, 2),
    ],
)
def test_text_is_wrapped_at_words(text: str, columns: int, lines: int) -> None:
    assert wrapped(text, columns) == lines


def test_pages_and_eighths_follow_the_lines() -> None:
    action = "\n\n".join(["Rain."] * 26)
    screenplay = read_string(f"INT. MILL\n\n{action}\n\nEXT. BARN\n\nSun.\n").screenplay
    mill, barn = (scene.id for scene in screenplay.scenes)
    assert screenplay.eighths == {mill: 8, barn: 1}
    assert screenplay.pages == {mill: 1.0, barn: 2.0}
    assert screenplay.total_pages == pytest.approx(60 / 55, abs=0.001)


def test_a_scene_of_one_line_is_an_eighth() -> None:
    screenplay = read_string("INT. MILL\n").screenplay
    assert list(screenplay.eighths.values()) == [1]
