"""The reader of prose: nothing is lost, and what is said is told from what only stands in quotation marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shotwright.errors import ScreenplayError
from shotwright.screenplay.prose import prose_from_text, read_prose

if TYPE_CHECKING:
    from pathlib import Path

    from shotwright.model.prose import Prose

ODD = st.text(alphabet="aB.,!?'\"“”‘’«»„—–-*_#>[]()/\\ \n\r\t=~@^:;…1é漢\u200b\ufeff\x0b\x0c\x85\u2028", max_size=300)


def spoken(prose: Prose) -> list[str]:
    return [prose.words(p.words) for p in prose.pieces if p.kind == "quote"]


@settings(max_examples=300, deadline=None)
@given(text=ODD, markdown=st.booleans())
def test_every_character_is_in_exactly_one_piece(text: str, markdown: bool) -> None:
    try:
        prose = prose_from_text(text, markdown=markdown)
    except ScreenplayError:
        return
    at = 0
    for piece in prose.pieces:
        assert piece.span[0] == at
        assert piece.span[1] >= at
        if piece.kind == "quote":
            assert piece.span[0] <= piece.words[0] <= piece.words[1] <= piece.span[1]
        at = piece.span[1]
    assert at == len(text)


@settings(max_examples=200, deadline=None)
@given(text=ODD, markdown=st.booleans())
def test_white_space_pieces_hold_no_letters(text: str, markdown: bool) -> None:
    try:
        prose = prose_from_text(text, markdown=markdown)
    except ScreenplayError:
        return
    for piece in prose.pieces:
        if piece.kind == "space":
            assert not any(c.isalpha() for c in text[slice(*piece.span)])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('"I," he said, "am going."', ["I,", "am going."]),
        ("“Go,” said Ann.", ["Go,"]),
        ("«Je pars», dit-il. Il sortit.", ["Je pars"]),
        ("„Ich gehe“, sagte er.", ["Ich gehe"]),
        ("»Ich gehe«, sagte er. »Nein.«", ["Ich gehe", "Nein."]),
        ("'I don't know,' said Ann, 'what the dogs' owners want.'", ["I don't know,", "what the dogs' owners want."]),
        ("‘He said “never” to me,’ said Ann.", ["He said “never” to me,"]),
        ("—Where to? asked Ann.\n\n—Out, said Ben.", ["Where to?", "Out,"]),
        (
            '"Yes," said Ann. "No," said Ben.\n\n\'She said "go," so I went,\' Tom said.',
            ["Yes,", "No,", 'She said "go," so I went,'],
        ),
        (
            "—¿Quién es? —preguntó Inés.\n—Nadie —soltó Luis, y se sentó—. El viento.\nInés miró la puerta mojada.\n"
            "—El viento no deja huellas en la alfombra.\n",
            ["¿Quién es?", "Nadie", "El viento.", "El viento no deja huellas en la alfombra."],
        ),
        (
            "— Bonjour, dit Claire. — Vous êtes seul ?\n— Et votre fille ? demanda-t-elle.\n— Partie ce matin.\n"
            "Il pleut.\n",
            ["Bonjour,", "Vous êtes seul ?", "Et votre fille ?", "Partie ce matin."],
        ),
        ("There were nine—ten, if you took the broken one—and\nshe had sat -- she thought -- on each.", []),
        ('He called it "home."', []),
        ("- The plan is made.\n- Ann follows him.\n- Ben lies.", []),
        ("- Where to? asked Ann.\n\n- Out, said Ben.", ["Where to?", "Out,"]),
        ('The so-called "experts" went home.', []),
        ('The sign said "No Entry".', []),
        ('She was reading a book called "The Last Ship."', []),
        ("It was the '90s and Ben's dog was goin' home.", []),
        ('A gull sat there, "the last customer," as he called it.', []),
    ],
)
def test_what_is_said_is_found_and_what_is_only_quoted_is_not(text: str, said: list[str]) -> None:
    assert spoken(prose_from_text(text)) == said


def test_a_speech_goes_on_over_paragraphs_that_open_it_again() -> None:
    prose = prose_from_text("“First,” she said. “The mill.\n\n“Then the river.\n\n“Then home.”\n\n“Oh,” said Ben.")
    assert spoken(prose) == ["First,", "The mill.", "Then the river.", "Then home.", "Oh,"]
    assert [p.reopened for p in prose.pieces if p.kind == "quote"] == [False, False, True, True, False]


@pytest.mark.parametrize("mark", ["* * *", "***", "---", "⁂", "#", "~~~", "• • •"])
def test_a_break_makes_a_section(mark: str) -> None:
    assert len(prose_from_text(f"He came.\n\n{mark}\n\nHe went.").sections) == 2


def test_headings_and_front_matter_are_found() -> None:
    text = "---\ntitle: Ash\nauthor: N. N.\n---\n\n# Ash\n\n## Chapter One\n\nHe came.\n\nHome\n----\n\nHe went."
    prose = prose_from_text(text, markdown=True)
    assert (prose.title, prose.author) == ("Ash", "N. N.")
    assert [s.heading for s in prose.sections] == ["Ash / Chapter One", "Home"]


def test_a_line_about_the_work_is_no_part_of_it() -> None:
    prose = prose_from_text("# Ash\n\n**Logline:** A thief works again.\n\nHe came.", markdown=True)
    assert [prose.text[slice(*p.span)] for p in prose.pieces if p.kind in ("matter", "narration")] == [
        "**Logline:** A thief works again.",
        "He came.",
    ]


def test_chapters_of_plain_text_are_found() -> None:
    prose = prose_from_text("THE MILL\n\nCHAPTER I\n\nHe came.\n\nII\n\nHe went.\n\nThe end of it was this.")
    assert prose.title == "THE MILL"
    assert [s.heading for s in prose.sections] == ["THE MILL / CHAPTER I", "II"]


def test_more_blank_lines_than_elsewhere_are_a_break() -> None:
    assert len(prose_from_text("One came.\n\nTwo came.\n\nThree came.\n\n\n\nFour went.").sections) == 2


def test_wrapped_lines_are_one_paragraph_and_long_ones_are_one_each() -> None:
    wrapped = prose_from_text(
        "He came down the road in the\nrain and nobody saw him go\nby. He was gone.\n\nShe slept."
    )
    assert max(p.paragraph for p in wrapped.pieces) == 2
    long = "He came down the road in the rain and nobody saw him go by. " * 4
    assert max(p.paragraph for p in prose_from_text(f"{long}\n{long}\n{long}").pieces) == 3


def test_a_byte_order_mark_and_windows_letters_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("“Yes,” said Zoë.".encode("utf-16"))
    assert spoken(read_prose(path)) == ["Yes,"]
    path.write_bytes("“Yes,” said Zoë.".encode("cp1252"))
    assert spoken(read_prose(path)) == ["Yes,"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"%PDF-1.4", "is a PDF"),
        (b"a\x00b", "binary"),
        (b"a" * 5_300_000, "5 MB"),
    ],
)
def test_what_is_no_prose_gets_one_clear_line(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(ScreenplayError, match=said) as caught:
        read_prose(path)
    assert "\n" not in caught.value.message
