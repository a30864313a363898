"""What must hold of every reading, whatever the script."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from shotwright.screenplay import read_string
from shotwright.screenplay.fountain import parse
from shotwright.screenplay.markup import lift, split_lines
from shotwright.screenplay.sentences import split_sentences

WORDS = st.sampled_from(
    [
        "Rain",
        "falls",
        "She",
        "turns",
        "and",
        "runs",
        "Mr.",
        "Dr.",
        "St.",
        "a.m.",
        "Go!",
        "Why?",
        "wait...",
        "then",
        "--",
        "(slowly)",
        "(beat)",
        '"Stop!"',
        "it's",
        "I",
        "no.",
        "5",
        "U.S.",
        "О́на",
        "雨。",
        "J.",
        "*so*",
        "_very_",
    ]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
LINES = st.one_of(
    SENTENCES,
    st.sampled_from(
        [
            "", "", "", "  ", "\t", "INT. MILL - DAY", "12 EXT. ROAD - NIGHT 12", "int. barn", ".POV",
            "ADA", "BEN (V.O.)",
            "CY ^", "@McAda", "(low)", "(over", "lines)",
            "CUT TO:", "> FADE.", "> THE END <", "~La la", "# Act", "= Then",
            "===", "!LOUD", "[[note]]", "[[open", "note]]",
            "/* bone */", "/*", "*/", "LATER", "ANGLE ON BEN",
            "AT THE CAR",
            "OMITTED", "Title: A", "Author:", "\tindented", "THE DOOR SLAMS.", "ИНТ. ДОМ - ДЕНЬ", "МАША", "ジョン",
        ]
    ),
)  # fmt: skip
SCRIPTS = st.lists(LINES, max_size=40).map("\n".join)


def bare_words(text: str) -> list[str]:
    """Words apart from marks; underscores are emphasis here and not part of a word."""
    return re.findall(r"[^\W_]+", text)


@given(SCRIPTS)
@settings(max_examples=300, deadline=None)
def test_every_line_is_somewhere_and_only_notes_overlap(text: str) -> None:
    lines = split_lines(text)
    page = lift(lines)
    title_page, elements = parse(text)
    covered = [0] * (len(lines) + 1)
    for element in elements:
        if element.type != "note":
            for line in range(element.lines[0], element.lines[1] + 1):
                covered[line] += 1
    starts = min((e.lines[0] for e in elements if e.type != "note"), default=len(lines) + 1) if title_page else 1
    for number, line in enumerate(page.lines, start=1):
        assert covered[number] <= 1
        if line is not None and line.strip() and number >= starts:
            assert covered[number] == 1
    assert [e.lines[0] for e in elements] == sorted(e.lines[0] for e in elements)


@given(SCRIPTS)
@settings(max_examples=300, deadline=None)
def test_no_word_is_lost_added_or_altered(text: str) -> None:
    page = lift(split_lines(text))
    title_page, elements = parse(text)
    kept = [line for line in page.lines if line is not None]
    expected = sorted(bare_words("\n".join(kept)))
    got: list[str] = []
    for key, value in title_page.items():
        got += bare_words(key) + bare_words(value)
    for element in elements:
        if element.type != "note":
            got += (
                bare_words(element.text) + bare_words(element.extension or "") + bare_words(element.scene_number or "")
            )
            if element.scene_number and element.lines:
                got += bare_words(element.scene_number)
    # A key that is written twice is kept once.
    if len({"Title", "Author"} & set(title_page)) == sum(1 for line in kept if re.match(r"(?:Title|Author):", line)):
        assert sorted(got) == expected
    else:
        assert set(expected) == set(got)


@given(st.lists(SENTENCES, min_size=1, max_size=6).map(" ".join))
def test_sentences_joined_give_the_paragraph_back(paragraph: str) -> None:
    sentences = split_sentences(paragraph)
    assert all(sentences)
    assert "".join("".join(sentences).split()) == "".join(paragraph.split())
    if "。" not in paragraph:
        assert " ".join(sentences) == " ".join(paragraph.split())


@given(SCRIPTS)
@settings(max_examples=200, deadline=None)
def test_a_reading_against_its_own_table_changes_nothing(body: str) -> None:
    text = f"INT. START\n\nHere.\n\n{body}\n"
    first = read_string(text)
    assert read_string(text) == first
    assert read_string(text, first.id_table) == first
    units = [unit.id for scene in first.screenplay.scenes for unit in scene.units]
    assert len(units) == len(set(units))


SCENES = st.lists(st.lists(SENTENCES, min_size=1, max_size=5), min_size=2, max_size=6)


@given(SCENES, st.data())
@settings(max_examples=200, deadline=None)
def test_an_insertion_changes_no_id_outside_its_scene_and_none_of_the_old_ones_inside(
    scenes: list[list[str]], data: st.DataObject
) -> None:
    def script(parts: list[list[str]]) -> str:
        return "\n\n".join("\n\n".join([f"INT. PLACE {n} - DAY", *part]) for n, part in enumerate(parts)) + "\n"

    first = read_string(script(scenes))
    where = data.draw(st.integers(0, len(scenes) - 1))
    at = data.draw(st.integers(0, len(scenes[where])))
    changed = [list(part) for part in scenes]
    changed[where].insert(at, "Zebras quietly assemble beyond.")
    second = read_string(script(changed), first.id_table)
    assert [s.id for s in second.screenplay.scenes] == [s.id for s in first.screenplay.scenes]
    for n, (old, new) in enumerate(zip(first.screenplay.scenes, second.screenplay.scenes, strict=True)):
        before, after = [u.id for u in old.units], [u.id for u in new.units]
        if n == where:
            assert [u for u in after if u in set(before)] == before
            assert len(after) == len(before) + 1
        else:
            assert after == before
