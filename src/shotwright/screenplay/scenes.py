"""Elements to scenes made of units: one sentence of action, one speech, or one written direction each."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from shotwright.model.screenplay import Slugline, SpeechPart
from shotwright.screenplay.cues import framing, in_capitals, names_a_place
from shotwright.screenplay.headings import omitted
from shotwright.screenplay.lexicon import lexicon
from shotwright.screenplay.sentences import split_sentences
from shotwright.screenplay.sluglines import parse_slugline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.screenplay import Element

_INLINE = re.compile(r"[(（]([^()（）\n]{1,80})[)）]")
_SPOKEN = frozenset({"parenthetical", "dialogue", "lyric"})
_SILENT = frozenset({"section", "synopsis", "note", "page_break"})
_SENTENCE_END = re.compile(r"[.!?…。！？:：\"”’)\-–—]$")
_FINISHED = re.compile(r"[.!?。！？:：][\"”’)]*$")


@dataclass(slots=True)
class UnitText:
    """A unit before it has an id; the fields of `Unit`, and its lines."""

    kind: Literal["action", "speech", "direction"]
    text: str
    lines: tuple[int, int]
    paragraph: int = 0
    cue: str = ""
    extension: str = ""
    parts: tuple[SpeechPart, ...] = ()
    dual: bool = False
    centered: bool = False


@dataclass(slots=True)
class SceneText:
    """A scene before it has an id; the fields of `Scene`, its lines, and which elements it is made of."""

    heading: Slugline
    lines: tuple[int, int]
    first_element: int
    number: str | None = None
    implied: bool = False
    omitted: bool = False
    units: list[UnitText] = field(default_factory=list)
    synopsis: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _performed(words: str, before: str, after: str) -> bool:
    """Whether brackets inside spoken words hold performance: by their own words, or standing between sentences."""
    if words.strip().lower().rstrip(".") in lexicon().performance:
        return True
    opens = not before.strip() or _FINISHED.search(before.rstrip()) is not None
    closes = not after.strip() or after.lstrip()[:1].isupper()
    return opens and closes and words[:1].islower()


def _words(text: str) -> list[SpeechPart]:
    """Spoken words, with a performance written among them split out."""
    flat = _flat(text)
    parts: list[SpeechPart] = []
    start = 0
    for found in _INLINE.finditer(flat):
        before, after = flat[start : found.start()], flat[found.end() :]
        if _performed(found.group(1), before, after):
            if before.strip():
                parts.append(SpeechPart(kind="words", text=before.strip()))
            parts.append(SpeechPart(kind="parenthetical", text=found.group(1).strip()))
            start = found.end()
    if flat[start:].strip():
        parts.append(SpeechPart(kind="words", text=flat[start:].strip()))
    return parts


def _unbracketed(text: str) -> str:
    flat = _flat(text)
    return flat[1:-1].strip() if flat[:1] in {"(", "（"} and flat[-1:] in {")", "）"} else flat


def _speech(elements: Sequence[Element], paragraph: int) -> UnitText:
    """One cue and what is said under it. A cue with nothing said is action: somebody who nods, or a name alone."""
    cue = elements[0]
    parts: list[SpeechPart] = []
    for element in elements[1:]:
        if element.type == "parenthetical":
            parts.append(SpeechPart(kind="parenthetical", text=_unbracketed(element.text)))
        elif element.type == "lyric":
            parts.append(SpeechPart(kind="lyric", text=_flat(element.text)))
        else:
            parts += _words(element.text)
    said = " ".join(part.text for part in parts if part.kind != "parenthetical")
    lines = (cue.lines[0], max(element.lines[1] for element in elements))
    if not said:
        seen = _flat(" ".join([cue.text, *(element.text for element in elements[1:])]))
        return UnitText("action", seen, lines, paragraph)
    return UnitText(
        "speech", said, lines, paragraph, cue.text, cue.extension or "", tuple(parts), any(e.dual for e in elements)
    )


def is_direction(text: str, before: str, after: str) -> bool:
    """Whether a stand-alone paragraph is written direction rather than something to film.

    `before` and `after` are the neighbouring paragraphs of action, empty where something else stands there. A line that
    carries on a sentence, or that the next paragraph carries on, is always action, and so is every line in doubt.
    """
    if "\n" in text or not in_capitals(re.sub(r"\([^)]*\)", "", text)):
        return False
    if after[:1].islower():
        return False
    line = text.strip()
    if framing(line):
        on_a_sentence = bool(before) and _SENTENCE_END.search(before.rstrip()) is None
        return not (line.startswith(("ON ", "OFF ")) and on_a_sentence)
    if line[-1] in '!?…,"”' or line.endswith("..."):
        return False
    carried = bool(before) and _FINISHED.search(before.rstrip()) is None
    return not carried and bool(after) and not line.endswith(".") and names_a_place(line)


def _sentence_lines(element: Element, sentences: list[str]) -> list[tuple[int, int]]:
    """First and last line of each sentence of an action element."""
    first, last = element.lines
    if first == last or len(sentences) == 1:
        return [element.lines] * len(sentences)
    ends: list[int] = []
    count = 0
    for line in element.text.split("\n"):
        count += len("".join(line.split()))
        ends.append(count)
    spans: list[tuple[int, int]] = []
    at = 0
    for sentence in sentences:
        size = len("".join(sentence.split()))
        spans.append((min(first + bisect_right(ends, at), last), min(first + bisect_right(ends, at + size - 1), last)))
        at += size
    return spans


class _Gatherer:
    def __init__(self, elements: Sequence[Element]) -> None:
        self.elements = elements
        self.scenes: list[SceneText] = []
        self.paragraph = 0
        self.synopsis: list[str] = []
        """Synopses of the section that has just opened; they describe the scene that follows it."""
        self.in_section = False

    def gather(self) -> list[SceneText]:
        opening = SceneText(Slugline(raw=""), (1, 1), 0, implied=True)
        self.scenes.append(opening)
        at = 0
        while at < len(self.elements):
            at = self._take(at)
        for scene in self.scenes:
            last = max((unit.lines[1] for unit in scene.units), default=scene.lines[1])
            scene.lines = (scene.lines[0], max(last, scene.lines[1]))
        return self._settle(opening)

    def _settle(self, opening: SceneText) -> list[SceneText]:
        """Keeps what stands before the first heading as a scene if it holds something to film, else hands it on."""
        if any(unit.kind != "direction" for unit in opening.units):
            opening.lines = (opening.units[0].lines[0], opening.lines[1])
            return self.scenes
        rest = self.scenes[1:]
        if rest:
            first = rest[0]
            first.notes[:0] = opening.notes
            first.synopsis[:0] = opening.synopsis
            ahead = opening.units[-1].paragraph + 1 if opening.units else 0
            for unit in first.units:
                unit.paragraph += ahead
            first.units[:0] = opening.units
            first.first_element = 0
        return rest

    def _take(self, at: int) -> int:
        element = self.elements[at]
        scene = self.scenes[-1]
        kind = element.type
        if kind == "scene_heading":
            slugline = parse_slugline(element.text)
            gone = omitted(element.text)
            self.scenes.append(
                SceneText(slugline, element.lines, at, element.scene_number, omitted=gone, synopsis=self.synopsis)
            )
            self.synopsis, self.paragraph, self.in_section = [], 0, False
        elif kind == "section":
            self.synopsis, self.in_section = [], True
        elif kind == "synopsis":
            (self.synopsis if self.in_section else scene.synopsis).append(element.text)
        elif kind == "note":
            scene.notes.append(element.text)
        elif kind == "character":
            return self._take_speech(at)
        elif kind not in _SILENT:
            self._take_action(at)
        return at + 1

    def _take_speech(self, at: int) -> int:
        scene = self.scenes[-1]
        elements = [self.elements[at]]
        end = at + 1
        while end < len(self.elements):
            element = self.elements[end]
            if element.type in _SPOKEN:
                elements.append(element)
            elif element.type == "note":
                scene.notes.append(element.text)
            else:
                break
            end += 1
        scene.units.append(_speech(elements, self.paragraph))
        self.paragraph += 1
        return end

    def _take_action(self, at: int) -> None:
        element, scene = self.elements[at], self.scenes[-1]
        text = element.text
        if not text.strip():
            return
        direction = element.type == "transition" or (
            element.type == "action" and is_direction(text, self._action_beside(at, -1), self._action_beside(at, 1))
        )
        if direction:
            scene.units.append(UnitText("direction", _flat(text), element.lines, self.paragraph))
        else:
            centered = element.type == "centered"
            sentences = [_flat(text)] if centered or element.type == "lyric" else split_sentences(text)
            scene.units += [
                UnitText("action", sentence, lines, self.paragraph, centered=centered)
                for sentence, lines in zip(sentences, _sentence_lines(element, sentences), strict=True)
            ]
        self.paragraph += 1

    def _action_beside(self, at: int, step: int) -> str:
        """The neighbouring paragraph if it is action, notes apart; empty otherwise."""
        at += step
        while 0 <= at < len(self.elements) and self.elements[at].type == "note":
            at += step
        if 0 <= at < len(self.elements) and self.elements[at].type == "action":
            return self.elements[at].text
        return ""


def gather_scenes(elements: Sequence[Element]) -> list[SceneText]:
    """The scenes of a script in order. What stands before the first heading is a scene of its own (`implied`) when it
    holds action or speech; a lone `FADE IN:` goes to the first scene. Notes never become units."""
    return _Gatherer(elements).gather()
