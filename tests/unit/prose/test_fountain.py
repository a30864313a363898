"""What is written down reads back as what was meant, whatever the words look like."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shotwright.crew.architect.adapt import adapt
from shotwright.errors import ScreenplayError
from shotwright.screenplay import read_string
from shotwright.screenplay.prose import prose_from_text, read_prose
from shotwright.screenplay.prose_fountain import same_scenes, write_fountain

if TYPE_CHECKING:
    from shotwright.model.prose import Adaptation, Prose, Script

EXAMPLES = sorted((Path(__file__).resolve().parents[3] / "examples" / "prose").glob("*.*"))
ODD_WORDS = r"""INT. EXT. KITCHEN - NIGHT CUT TO: FADE OUT. > < @ANNA !no .HOUSE # = === ~la [[note]] /* */ ( )
(softly) ^ * ** _a_ \\ BANG ANNA BEN: he said, said Anna asked Ben.
The old man went to the harbour. That night In the kitchen
“Go,” “Stop!” "Yes," "no." ‘well,’ — … I was there. MONTAGE LATER Mr. Hale TITLE: OVER BLACK"""
WORD = st.sampled_from([*ODD_WORDS.split(), "\n", "\n\n", "\n\n", "\n\n* * *\n\n"])


def made(prose: Prose) -> tuple[Adaptation, Script]:
    draft = adapt(prose)
    script = draft.script()
    return write_fountain(script, prose, draft.speeches), script


@settings(max_examples=300, deadline=None)
@given(words=st.lists(WORD, min_size=1, max_size=40), markdown=st.booleans())
def test_odd_prose_reads_back_as_the_same_scenes(words: list[str], markdown: bool) -> None:
    try:
        prose = prose_from_text(" ".join(words), markdown=markdown)
    except ScreenplayError:
        return
    adaptation, script = made(prose)
    assert same_scenes(adaptation, script) == []


@pytest.mark.parametrize("text", ["there.\n\n# //** was [[OVER\n\nAnn left.", '= LATER said "Yes," and went.'])
def test_marks_of_fountain_in_headings_and_tags_do_no_harm(text: str) -> None:
    assert same_scenes(*made(prose_from_text(text))) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.name)
def test_the_examples_read_back_and_keep_every_speech(path: Path) -> None:
    prose = read_prose(path)
    adaptation, script = made(prose)
    assert same_scenes(adaptation, script) == []
    said = [u.text for s in read_string(adaptation.fountain).screenplay.scenes for u in s.units if u.kind == "speech"]
    told = " ".join(said)
    spans = [span for speech in adaptation.speeches for span in speech.spans]
    assert spans == [p.words for p in prose.pieces if p.kind == "quote"]
    for span in spans:
        assert prose.words(span) in told


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.name)
def test_every_line_says_where_it_is_from(path: Path) -> None:
    prose = read_prose(path)
    adaptation, _ = made(prose)
    lines = adaptation.fountain.splitlines()
    for entry in adaptation.spans:
        first, last = entry.lines
        assert 1 <= first <= last <= len(lines)
        assert all(0 <= a < b <= len(prose.text) for a, b in entry.spans)
        if entry.speech:
            spoken = " ".join(lines[first - 1 : last])
            for span in adaptation.speeches[entry.speech - 1].spans:
                inside = any(a <= span[0] and span[1] <= b for a, b in entry.spans)
                assert not inside or prose.words(span) in spoken


@pytest.mark.parametrize(
    "text",
    [
        "INT. is what he wrote on the wall.",
        "THE END OF THE ROAD",
        "BANG. The door fell in.\nHe ran.",
        "> he wrote, and # and @ and ~.",
        "“(softly) Go,” said Ann.",
        "“INT. KITCHEN - NIGHT. That is how they begin,” said Ann.",
        "“CUT TO:” said Ann. He wrote [[a note]] and /* more */ of it.",
    ],
)
def test_words_that_look_like_a_format_stay_words(text: str) -> None:
    adaptation, script = made(prose_from_text(text, markdown=False))
    assert same_scenes(adaptation, script) == []
