"""The Fountain syntax, case by case, each with its elements written out by hand."""

from __future__ import annotations

import pytest

from shotwright.screenplay.fountain import parse


def brief(text: str) -> list[tuple[str, str]]:
    return [(element.type, element.text) for element in parse(text)[1]]


def kinds(text: str) -> list[str]:
    return [element.type for element in parse(text)[1]]


def test_a_scene_with_a_speech_is_read_with_its_lines() -> None:
    elements = parse("INT. MILL - NIGHT\n\nRain.\nMore rain.\n\nADA (O.S.)\n(low)\nGo on.\nGo.\n")[1]
    assert [(e.type, e.text, e.lines, e.extension) for e in elements] == [
        ("scene_heading", "INT. MILL - NIGHT", (1, 1), None),
        ("action", "Rain.\nMore rain.", (3, 4), None),
        ("character", "ADA", (6, 6), "O.S."),
        ("parenthetical", "(low)", (7, 7), None),
        ("dialogue", "Go on.\nGo.", (8, 9), None),
    ]


@pytest.mark.parametrize("break_", ["\r\n", "\r", "\n"])
def test_every_line_break_gives_the_same_elements(break_: str) -> None:
    text = "Title: A\n\nINT. MILL - DAY\n\nADA\nYes.\n"
    assert parse(text.replace("\n", break_)) == parse(text)


@pytest.mark.parametrize(
    ("line", "text", "number"),
    [
        ("INT. MILL - DAY", "INT. MILL - DAY", None),
        ("int. mill - day", "int. mill - day", None),
        ("int mill - day", "int mill - day", None),
        ("EXT/INT. MILL", "EXT/INT. MILL", None),
        ("INT./EXT. MILL - DAY", "INT./EXT. MILL - DAY", None),
        ("I/E MILL - DAY", "I/E MILL - DAY", None),
        ("EST. MILL - DAY", "EST. MILL - DAY", None),
        ("INTERIOR. MILL", "INTERIOR. MILL", None),
        ("12 INT. MILL - DAY 12", "INT. MILL - DAY", "12"),
        ("12A. INT. MILL - DAY", "INT. MILL - DAY", "12A"),
        ("INT. MILL - DAY #12A#", "INT. MILL - DAY", "12A"),
        ("INT. MILL - DAY\t\t7", "INT. MILL - DAY", "7"),
        ("**INT. MILL - DAY**", "INT. MILL - DAY", None),
        ("\tINT. MILL - DAY", "INT. MILL - DAY", None),
        (".THE SCOPE", "THE SCOPE", None),
        ("ИНТ. КУХНЯ – ДЕНЬ", "ИНТ. КУХНЯ – ДЕНЬ", None),
        ("НАТ. УЛИЦА - НОЧЬ", "НАТ. УЛИЦА - НОЧЬ", None),
        ("ЭКСТ. УЛИЦА - НОЧЬ", "ЭКСТ. УЛИЦА - НОЧЬ", None),
        ("INT。 海-日", "INT。 海-日", None),
        ("○海辺・道（夜）", "○海辺・道（夜）", None),
        ("13 OMITTED 13", "OMITTED", "13"),
        ("OMITTED", "OMITTED", None),
        ("14-16 OMITTED", "OMITTED", "14-16"),
    ],
)
def test_a_line_is_a_scene_heading(line: str, text: str, number: str | None) -> None:
    elements = parse(f"\n{line}\n\nRain falls.\n")[1]
    assert [(e.type, e.text, e.scene_number) for e in elements[:1]] == [("scene_heading", text, number)]


@pytest.mark.parametrize(
    "line",
    [
        "Interesting times.",
        "...and then.",
        ".45 calibre",
        "Est. 1985",
        "Into the dark.",
        "Exterior walls gleam.",
        "INT.",
        "!INT. MILL",
    ],
)
def test_a_line_is_not_a_scene_heading(line: str) -> None:
    assert kinds(f"EXT. MILL - DAY\n\n{line}\n\nRain.\n") == ["scene_heading", "action", "action"]


@pytest.mark.parametrize(
    "line",
    [
        "CUT TO:", "FADE IN:", "**FADE IN:**", "FADE OUT.", "CROSSFADE BACK TO:", "COME TO:", "SMASH TO BLACK.",
        "\t\t\tCUT TO:", "Fade out.", "Cut to:", "> BURN TO PINK.", "フェードイン：", "ИЗ ЗТМ.",
    ],
)  # fmt: skip
def test_a_line_is_a_transition(line: str) -> None:
    assert kinds(f"EXT. MILL - DAY\n\nRain.\n\n{line}\n\nINT. MILL\n")[2] == "transition"


def test_headings_and_transitions_need_no_blank_line_around_them() -> None:
    text = "EXT. MILL - DAY\nADA\nHi.\nCUT TO:\nINT. MILL - DAY\nA dog.\n"
    assert kinds(text) == ["scene_heading", "character", "dialogue", "transition", "scene_heading", "action"]


def test_the_title_page_holds_any_key_and_indented_lines() -> None:
    text = "Title:\n\t_**ONE**_\n\tTwo\nWhatever key: x: y\nContact:\n    a@b\n\nINT. MILL\n"
    assert parse(text)[0] == {"Title": "ONE\nTwo", "Whatever key": "x: y", "Contact": "a@b"}


def test_a_full_width_colon_makes_a_title_page() -> None:
    assert parse("Title：海\n作者：匿名\n\nINT。 海-日\n")[0] == {"Title": "海", "作者": "匿名"}


@pytest.mark.parametrize("head", ["FADE IN:", "SUPER: Ten years on", "INT. MILL: DAY", "He said: go.", "OVER BLACK:"])
def test_a_script_that_begins_at_once_has_no_title_page(head: str) -> None:
    title_page, elements = parse(f"{head}\n\nINT. MILL\n\nRain.\n")
    assert title_page == {}
    assert elements[0].lines == (1, 1)


def test_a_note_before_the_title_page_does_not_hide_it() -> None:
    title_page, elements = parse("[[First\nnote]]\n\nTitle: A\n\nINT. MILL\n")
    assert title_page == {"Title": "A"}
    assert [(e.type, e.lines) for e in elements] == [("note", (1, 2)), ("scene_heading", (6, 6))]


def test_notes_leave_the_text_and_keep_their_lines() -> None:
    assert [
        (e.type, e.text, e.lines) for e in parse("EXT. MILL\n\nRain[[why]].\n\nADA\n[[over\n\nlines]]\nYes.\n")[1]
    ] == [
        ("scene_heading", "EXT. MILL", (1, 1)),
        ("action", "Rain.", (3, 3)),
        ("note", "why", (3, 3)),
        ("character", "ADA", (5, 5)),
        ("note", "over\n\nlines", (6, 8)),
        ("dialogue", "Yes.", (9, 9)),
    ]


@pytest.mark.parametrize("bone", ["/* x */", "/* x /* y */ z */", "/*\nINT. GONE\n\nx\n*/", "/* a /* b */"])
def test_boneyard_is_left_out(bone: str) -> None:
    assert brief(f"EXT. MILL\n\nRain.\n\n{bone}\n\nSun.\n") == [
        ("scene_heading", "EXT. MILL"),
        ("action", "Rain."),
        ("action", "Sun."),
    ]


@pytest.mark.parametrize("opened", ["/* a", "[[ b"])
def test_what_is_opened_and_never_closed_is_text(opened: str) -> None:
    assert brief(f"EXT. MILL\n\nRain {opened}.\n\nSun.\n")[1:] == [("action", f"Rain {opened}."), ("action", "Sun.")]


def test_forced_elements() -> None:
    text = "EXT. MILL\n\n!SHOUT\n\n@McAda\nHi.\n\n~La la\n\n> THE END <\n\n> AWAY\n\n# Act\n\n## Part\n\n= Go.\n\n===\n"
    assert brief(text)[1:] == [
        ("action", "SHOUT"), ("character", "McAda"), ("dialogue", "Hi."), ("lyric", "La la"), ("centered", "THE END"),
        ("transition", "AWAY"), ("section", "Act"), ("section", "Part"), ("synopsis", "Go."), ("page_break", ""),
    ]  # fmt: skip


def test_a_section_keeps_its_depth() -> None:
    assert [e.depth for e in parse("# A\n\n### C\n\nINT. MILL\n")[1]] == [1, 3, 0]


def test_dual_dialogue_marks_both_speeches_and_no_other() -> None:
    elements = parse("INT. MILL\n\nADA\nOne.\n\nBEN\nTwo.\n\nCY ^\n(low)\nThree.\n\nDEE\nFour.\n")[1]
    assert [e.text for e in elements if e.dual] == ["BEN", "Two.", "CY", "(low)", "Three."]


def test_a_dual_mark_with_nothing_to_stand_beside_is_dropped() -> None:
    assert not any(e.dual for e in parse("INT. MILL\n\nRain.\n\nCY ^\nThree.\n")[1])


@pytest.mark.parametrize(
    ("line", "name", "extension"),
    [
        ("ADA (V.O.)(CONT’D)", "ADA", "V.O., CONT’D"),
        ("ADA (V.O.) (CONT'D)", "ADA", "V.O., CONT'D"),
        ("ADA (O.S., PRELAP)", "ADA", "O.S., PRELAP"),
        ("ADA (cont'd)", "ADA", "cont'd"),
        ("ADA (on phone) ^", "ADA", "on phone"),
        ("ADA V.O.", "ADA", "V.O."),
        ("ADA（声）", "ADA", "声"),
        ("**ADA**", "ADA", None),
        ("TEO (THE ELDER) BRAND", "TEO (THE ELDER) BRAND", None),
        ("ADA (V.O.", "ADA", "V.O."),
        ("R2D2", "R2D2", None),
        ("McADA", "McADA", None),
        ("2nd GUARD", "2nd GUARD", None),
        ("BEN and ADA", "BEN and ADA", None),
        ("ADA JR.", "ADA JR.", None),
        ("МАША (ЗК)", "МАША", "ЗК"),
        ("ジョン", "ジョン", None),
        ("医者", "医者", None),
        ("ADA’s SON", "ADA’s SON", None),
    ],
)
def test_a_cue_is_taken_apart(line: str, name: str, extension: str | None) -> None:
    cue = parse(f"INT. MILL\n\n{line}\nI heard you.\n")[1][1]
    assert (cue.type, cue.text, cue.extension) == ("character", name, extension)


@pytest.mark.parametrize(
    "line",
    [
        "ANGLE ON BEN", "CLOSE ON THE KEY", "ON BEN AND ADA", "BACK TO SCENE", "INTERCUT - MILL / BARN", "LATER",
        "MONTAGE - ADA SEARCHES", "SUPER:", "THE EMPTY LOT", "AT THE CAR", "SERIES OF SHOTS", "BEN'S POV", "HIS CAR,",
        "THE DOOR SLAMS.", "GO AWAY!", "-- THE KEY", "123", "END MONTAGE", "DOWN THE HALL", "BACKSTAGE", "INSERT - KEY",
    ],
)  # fmt: skip
def test_a_capital_line_of_direction_or_action_is_no_character(line: str) -> None:
    assert "character" not in kinds(f"INT. MILL\n\n{line}\nBen waits by the wheel.\n")


@pytest.mark.parametrize(
    "line",
    [
        "VARIOUS GUESTS",
        "THE CROWD",
        "A VOICE",
        "WIDE RECEIVER",
        "INSERT GIRL",
        "OLD ODELL",
        "DREAM GIRL",
        "VOICE ON RADIO",
    ],
)
def test_an_odd_name_is_still_a_character(line: str) -> None:
    assert kinds(f"INT. MILL\n\n{line}\nWhere were you?\n")[1] == "character"


def test_two_capital_lines_of_a_caption_are_action() -> None:
    assert kinds("INT. MILL\n\nPORT TOWN\nJUNE 1942\n\nRain.\n") == ["scene_heading", "action", "action"]


def test_a_shout_inside_a_speech_is_dialogue() -> None:
    assert brief("INT. MILL\n\nADA\nBen.\nGO AWAY!\n")[2] == ("dialogue", "Ben.\nGO AWAY!")


def test_parentheticals_stand_anywhere_in_a_speech_and_over_lines() -> None:
    text = "INT. MILL\n\nADA\n(low;\nslow)\nYes.\n(then)\nNo.\n(off his look)\n"
    assert brief(text)[2:] == [
        ("parenthetical", "(low;\nslow)"), ("dialogue", "Yes."), ("parenthetical", "(then)"), ("dialogue", "No."),
        ("parenthetical", "(off his look)"),
    ]  # fmt: skip


def test_a_line_of_two_spaces_keeps_a_speech_together() -> None:
    assert brief("INT. MILL\n\nADA\nOne.\n  \nTwo.\n")[2] == ("dialogue", "One.\n\nTwo.")
    assert kinds("INT. MILL\n\nADA\nOne.\n  \nBEN\nTwo.\n").count("character") == 2


@pytest.mark.parametrize(
    ("marked", "bare"),
    [
        ("_a_ *b* **c** ***d***", "a b c d"),
        ("_**both**_ and *_other_*", "both and other"),
        (r"f\*ck \_no\_ it", "f*ck _no_ it"),
        ("2 * 3 * 4 snake_case_name", "2 * 3 * 4 snake_case_name"),
        ("_Face FILLS the *scope*_.", "Face FILLS the scope."),
    ],
)
def test_emphasis_is_taken_off(marked: str, bare: str) -> None:
    assert brief(f"INT. MILL\n\nSo {marked}\n")[1] == ("action", f"So {bare}")


def test_indented_scripts_read_like_flush_ones() -> None:
    assert brief("\tINT. MILL\n\n\t\t\tADA\n\t\t(low)\n\tYes.\n\n   Ben goes.\n") == [
        ("scene_heading", "INT. MILL"), ("character", "ADA"), ("parenthetical", "(low)"), ("dialogue", "Yes."),
        ("action", "Ben goes."),
    ]  # fmt: skip
