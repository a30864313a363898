"""Prose as read, the script that is adapted from it, and the Fountain that people edit, each with spans of the file.

Every span is (from, to) in characters of `Prose.text`, `to` not included.
"""

from __future__ import annotations

from typing import Literal

from shotwright.model.screenplay import SpeechPart
from shotwright.model.value import Value

Span = tuple[int, int]
PieceKind = Literal["heading", "break", "matter", "space", "narration", "quote"]
Attribution = Literal["tag", "pronoun", "beat", "same", "turn", "narrator", "model", "guess", "unknown"]


class Piece(Value):
    """A stretch of the file. Pieces tile it: nothing is left out and nothing stands twice.

    heading     a heading or chapter mark; break: `* * *`, `---`; matter: front matter, an HTML comment
    space       white space, and marks of layout that nobody reads (`> `, the bullet of a list)
    narration   one sentence, or the part of one beside a quoted speech
    quote       one quoted speech or a part of one, with its quotation marks
    """

    kind: PieceKind
    span: Span
    paragraph: int = 0
    """1-based; 0 outside paragraphs."""
    words: Span = (0, 0)
    """Of a quote: what stands between its marks. Of a heading: its words."""
    level: int = 0
    """Of a heading: 1 for a title or part, 2 for a chapter, 3 and more below."""
    reopened: bool = False
    """Of a quote: its paragraph before was left open, so it goes on with the same speech."""


class Section(Value):
    """What stands between two headings or breaks."""

    heading: str = ""
    """The words of the headings that open it, joined by ` / `."""
    span: Span
    paragraphs: Span
    """First and last paragraph, by number; (1, 0) when it has none."""


class Prose(Value):
    """A story, treatment or chapter, read without loss."""

    text: str
    """The whole file with the encoding undone: what spans count in."""
    name: str = ""
    title: str = ""
    author: str = ""
    markdown: bool = False
    pieces: tuple[Piece, ...] = ()
    sections: tuple[Section, ...] = ()

    def words(self, span: Span) -> str:
        """The text of a span with its white space run together."""
        return " ".join(self.text[span[0] : span[1]].split())


class Speech(Value):
    """One speech: what one person says until somebody else does or something happens."""

    number: int
    spans: tuple[Span, ...]
    """Of the words, without quotation marks: one span a stretch that nothing interrupts."""
    paragraph: int
    speaker: str = ""
    """As cues have it: `OLD MAN`; empty when nobody can be named."""
    by: Attribution = "unknown"
    addressee: str = ""
    sure: bool = True
    """False where a reader could take it for somebody else's."""


class ScriptLine(Value):
    """A paragraph of action, or a speech, with what it was made from."""

    kind: Literal["action", "speech"]
    text: str = ""
    """Of action: what will be read."""
    cue: str = ""
    extension: str = ""
    parts: tuple[SpeechPart, ...] = ()
    spans: tuple[Span, ...] = ()
    """All of the prose that it stands for, in order."""
    speech: int = 0
    """Number of the `Speech` that it says, or a part of; 0 for action and for a narrator's voice."""
    chunk: int = 0


class ScriptScene(Value):
    """A scene that is to be written."""

    int_ext: Literal["INT", "EXT", "INT/EXT"] = "INT"
    place: str = ""
    time: str = "DAY"
    section: str = ""
    """A heading of the prose that stands before it."""
    why: str = ""
    """What begins it: `section`, `time: the next morning`, `place: the kitchen`, `company: they had gone`."""
    guesses: tuple[str, ...] = ()
    """What of the heading the words do not say: `place`, `time`, `inside or outside`."""
    lines: tuple[ScriptLine, ...] = ()
    span: Span = (0, 0)
    mind: str = "rules"


class Script(Value):
    """Prose as scenes, before it is written down."""

    title: str
    author: str = ""
    source: str = ""
    """The file's name."""
    scenes: tuple[ScriptScene, ...]
    people: tuple[str, ...] = ()
    """Everybody who speaks, as cues have them, in order of speaking."""
    narrator: str = ""
    """Of a first-person story: the cue of whoever tells it."""
    notes: tuple[str, ...] = ()
    """What a reader of the script should know: what adapting by these rules, or by this model, costs."""


class LineSpan(Value):
    """Which lines of the Fountain stand for which characters of the prose."""

    lines: tuple[int, int]
    """First and last, 1-based, both included."""
    spans: tuple[Span, ...]
    speech: int = 0


class Adaptation(Value):
    """The Fountain of a prose file, and where each line of it comes from."""

    fountain: str
    spans: tuple[LineSpan, ...]
    speeches: tuple[Speech, ...]
    scenes: int = 0
    guessed: int = 0
    """Scenes whose heading holds a guess."""
    unsure: int = 0
    """Speeches whose speaker is a guess."""
    notes: tuple[str, ...] = ()
