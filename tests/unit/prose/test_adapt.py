"""What the rules make of prose in several manners: who speaks, what a tag becomes, where scenes begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shotwright.crew.architect.adapt import adapt
from shotwright.crew.architect.adapt_tags import after_speech, before_speech
from shotwright.screenplay.prose import prose_from_text

if TYPE_CHECKING:
    from shotwright.model.prose import Script


def script(text: str) -> Script:
    return adapt(prose_from_text(text)).script()


def cues(text: str) -> list[str]:
    return [line.cue for scene in script(text).scenes for line in scene.lines if line.kind == "speech"]


def headings(text: str) -> list[str]:
    return [f"{s.int_ext}. {s.place} - {s.time}" for s in script(text).scenes]


@pytest.mark.parametrize(
    ("text", "who", "parenthetical", "action"),
    [
        (" said Anna.", "Anna", "", ""),
        (" she whispered.", "she", "whispering", ""),
        (" he said quietly.", "he", "quietly", ""),
        (" said the old man, without turning round.", "the old man", "without turning round", ""),
        (" Anna said, pushing the cup away.", "Anna", "pushing the cup away", ""),
        (" he said, and gave her the lantern.", "he", "", "He gave her the lantern."),
        (" she said, as the door closed.", "she", "", "The door closed."),
        (" said Ben, who had come in from the yard.", "Ben", "", "Ben had come in from the yard."),
        (" Ben said to Anna.", "Ben", "to Anna", ""),
        (" he said that night, setting down the plates.", "he", "setting down the plates", ""),
        (" said Tom, and the dog barked.", "Tom", "", "The dog barked."),
    ],
)
def test_a_tag_after_a_speech_is_taken_apart(text: str, who: str, parenthetical: str, action: str) -> None:
    tag = after_speech(text, "Go,")
    assert (tag.who, tag.parenthetical, tag.action) == (who, parenthetical, action)


@pytest.mark.parametrize(
    ("text", "who", "parenthetical", "action"),
    [
        ("Anna said,", "Anna", "", ""),
        ("She turned and said quietly,", "She", "quietly", "She turned."),
        ("When the rain stopped he said:", "he", "", "The rain stopped."),
        ("He looked at her for a long while and then he asked,", "he", "", "He looked at her for a long while."),
        ("Finally Anna answered,", "Anna", "finally", ""),
    ],
)
def test_a_tag_before_a_speech_is_taken_apart(text: str, who: str, parenthetical: str, action: str) -> None:
    tag = before_speech(text)
    assert (tag.who, tag.parenthetical, tag.action) == (who, parenthetical, action)


@pytest.mark.parametrize("text", [" He called the dog.", " She said nothing more.", " Ben looked away."])
def test_what_is_done_after_a_speech_is_no_tag(text: str) -> None:
    tag = after_speech(text, "Stop!")
    assert (tag.who, tag.action) == ("", text.strip())


def test_two_people_speak_in_turn() -> None:
    text = "Ann and Ben sat down.\n\n“Tea?” asked Ann.\n\n“Please,” said Ben.\n\n“Milk?”\n\n“No.”\n\n“Sugar?”\n"
    assert cues(text) == ["ANN", "BEN", "ANN", "BEN", "ANN"]


def test_a_deed_beside_a_speech_says_whose_it_is() -> None:
    assert cues("Ann looked up. “Who is it?”\n\n“Me.” Ben shut the door.\n") == ["ANN", "BEN"]


def test_whom_a_speech_calls_does_not_say_it() -> None:
    text = "Ann and Ben stood there.\n\n“Come on, Ben.”\n\n“I am coming, Ann.”\n"
    assert cues(text) == ["ANN", "BEN"]


def test_whom_a_speech_was_said_to_answers_it() -> None:
    text = "“Forty-one,” Ann told the driver.\n\n“There is no forty-one.”\n\n“Then stop here.”\n"
    assert cues(text) == ["ANN", "DRIVER", "ANN"]


def test_whom_the_paragraph_before_is_about_speaks_next() -> None:
    text = "“Show him in,” said Ann.\n\nThe visitor entered and bowed.\n\n“Have I the pleasure?”\n"
    assert cues(text) == ["ANN", "VISITOR"]


def test_titles_and_the_colonel_are_names() -> None:
    text = (
        "“Now,” said Sir Hugh Carrow, rising, “one of you did it.”\n\n“Only one?” said the Colonel.\n\n"
        "“Really, Hugh,” said Miss Dane; “at dinner!”\n\n“You knew him,” the Colonel said.\n"
    )
    assert cues(text) == ["SIR HUGH CARROW", "COLONEL", "MISS DANE", "COLONEL"]


def test_a_salutation_is_no_scene() -> None:
    assert len(headings("Dear Marcus,\n\nBy the time you read this I am gone.\n\nMarcus put on his shoes.")) == 1


def test_a_tag_in_another_language_is_no_action() -> None:
    lines = script("„Wo bist du?“, ruft er. „Antworte!“\n").scenes[0].lines
    assert [[p.text for p in line.parts] for line in lines] == [["ruft er", "Wo bist du? Antworte!"]]


def test_a_tag_in_another_language_names_its_speaker() -> None:
    assert cues("„Kommst du mit?“, fragte Jonas.\n\n„Nein“, sagte Klara.\n\n„Gut“, rief er.\n") == [
        "JONAS", "KLARA", "JONAS",
    ]  # fmt: skip
    dashed = "—¿Quién es? —preguntó Inés.\n—Nadie —dijo Luis, y cerró la puerta con cuidado—. El viento.\n"
    text = script(dashed).scenes[0].lines
    assert [line.cue for line in text if line.cue] == ["INÉS", "LUIS", "LUIS"]
    assert [line.text for line in text if line.kind == "action"] == ["Y cerró la puerta con cuidado."]


def test_somebody_new_may_act_beside_his_first_speech_and_a_voice_is_nobody_for_a_pronoun() -> None:
    text = (
        "Marit came down to the lock.\n\n“You are late,” said a voice.\n\n“All of them?” asked Marit.\n\n"
        "“Even her.” Old Henrik came out of the dark, wiping his hands.\n\nA gull cried.\n\n"
        "“Then I will walk,” she said.\n"
    )
    assert cues(text)[:3] == ["VOICE", "MARIT", "OLD HENRIK"]
    assert cues(text)[3] == "MARIT"


def test_two_talk_in_turn_though_only_one_of_them_is_named_before() -> None:
    text = (
        "Three weeks later, in the harbour office, the clerk turned the ledger round.\n\n“Sign there.”\n\n"
        "“And if I don't?”\n\n“Then it stays here.”\n\nMarit signed. Marit left.\n"
    )
    assert cues(text) == ["CLERK", "MARIT", "CLERK"]


def test_who_begins_two_sentences_of_another_language_is_somebody() -> None:
    text = "„Nein.“ Klara schüttelte den Kopf. „Ich warte.“\n\nAm Morgen lag das Boot leer. Klara rief.\n"
    assert cues(text) == ["KLARA", "KLARA"]
    assert cues("„Nein.“ Regen fiel auf das Boot. „Ich warte.“\n") == ["VOICE", "VOICE"]


def test_a_part_begins_where_somebody_had_come_to_and_lamps_make_night_the_guess() -> None:
    text = "It was late when Ann came to the lock. The lamp burned.\n\n***\n\nBy dawn she'd reached the mill.\n"
    assert headings(text) == ["EXT. LOCK - NIGHT", "INT. MILL - DAWN"]


def test_a_name_that_is_only_spoken_of_does_not_answer() -> None:
    text = (
        "The visitor bowed.\n\n“Is Mr. Stoat in?” asked the visitor.\n\n"
        "“Mr. Stoat,” said Grimwade, “has been dead these seven years.”\n\n“I am sorry to hear it.”\n"
    )
    assert cues(text)[-1] == "VISITOR"


def test_people_without_names_speak_too() -> None:
    text = (
        '"What should we drink?" the girl asked. She had taken off her hat.\n\n"It\'s hot," the man said.\n\n'
        '"Big ones?" a woman asked from the doorway.\n\n"Yes," he said. "Two."\n\n"They look white," she said.\n'
    )
    assert cues(text)[:4] == ["GIRL", "MAN", "WOMAN", "MAN"]


def test_a_clerk_who_has_a_name_is_one_person() -> None:
    text = (
        "Mr. Grimwade sat in his counting-house. His clerk, Peter Tibbs, sat by.\n\n“A man, sir,” said Tibbs.\n\n"
        "“What sort?” demanded Mr. Grimwade.\n\n“I couldn’t say, sir,” returned the clerk.\n"
    )
    assert cues(text) == ["PETER TIBBS", "MR. GRIMWADE", "PETER TIBBS"]


def test_whoever_says_his_own_name_has_it_from_the_start() -> None:
    assert cues("“Who are you?” asked Nora.\n\n“Tom,” said the boy. “Tom Addy.”\n\n“Go on,” said the boy.\n") == [
        "NORA",
        "TOM",
        "TOM",
    ]


def test_a_narrator_has_a_name_where_the_text_gives_one() -> None:
    text = "My name is Ida Crane. I came home late.\n\n“Where were you?” asked Davy.\n\n“Out,” I said. I sat down.\n"
    assert cues(text) == ["IDA CRANE", "DAVY", "IDA CRANE"]
    assert "NARRATOR" in cues("I came home late.\n\n“Where were you?” asked Davy.\n\n“Out,” I said. I sat down.\n")


def test_a_speech_that_a_deed_interrupts_goes_on() -> None:
    lines = script(
        "“Look,” she said, and pointed at the hill and the mill and the smoke above it, “there it is.”\n"
    ).scenes[0]
    assert [(line.kind, line.extension) for line in lines.lines] == [
        ("speech", ""),
        ("action", ""),
        ("speech", "CONT'D"),
    ]
    assert {line.speech for line in lines.lines if line.kind == "speech"} == {1}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann sat in the kitchen. It was night.\n\n* * *\n\nThe next morning she walked down to the harbour.",
         ["INT. KITCHEN - NIGHT", "EXT. HARBOUR - MORNING"]),
        ("Ann sat in the kitchen that evening.\n\nThey went out to the yard. Ben waited there.\n\nHe sat down.",
         ["INT. KITCHEN - EVENING", "EXT. YARD - EVENING"]),
        ("Ann sat in the kitchen at noon.\n\nTwo weeks later, she sat in the kitchen at midnight.",
         ["INT. KITCHEN - DAY", "INT. KITCHEN - NIGHT"]),
        ("Ann and Ben stood in the barn at dusk.\n\nWhen he had gone, she lit the lamp.",
         ["INT. BARN - DUSK", "INT. BARN - LATER"]),
        ("# One\n\n## INT. SHIP'S HOLD - NIGHT\n\nAnn waits.", ["INT. SHIP'S HOLD - NIGHT"]),
        ("Ann sat in the mill that night.\n\nOutside, a car stopped.", ["INT. MILL - NIGHT", "EXT. MILL - NIGHT"]),
    ],
)  # fmt: skip
def test_scenes_begin_where_place_time_or_company_changes(text: str, expected: list[str]) -> None:
    assert headings(text) == expected


@pytest.mark.parametrize(
    "second",
    [
        "She thought of the harbour. Ben had gone to the harbour once.",
        "She would have walked to the harbour if it had not rained.",
        "She put the cup on the kitchen table.",
        "She wanted to go to the harbour.",
        "The man in the yard opposite waved, and she waved back.",
    ],
)
def test_a_place_that_nobody_goes_to_is_no_scene(second: str) -> None:
    assert len(headings(f"Ann sat in the kitchen that night.\n\n{second}")) == 1


def test_nobody_takes_places_from_another_scene_across_town() -> None:
    assert headings("Ann sat in the barn that night.\n\nAcross town, Theo waited.")[1] == "INT. UNNAMED PLACE - NIGHT"


def test_a_guess_is_named() -> None:
    made = script("It rained.\n\n“Yes,” said Ann.\n")
    assert made.scenes[0].guesses == ("place", "time")
    assert any("guess" in note for note in made.notes)


def test_what_it_costs_is_said() -> None:
    notes = " ".join(script("Ann sat in the barn. She knew that it was over.\n").notes)
    assert "past tense" in notes
    assert "thoughts" in notes
