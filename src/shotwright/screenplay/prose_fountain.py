"""Writing a script down as Fountain that reads back as the same scenes, with the line that each part came to stand on.

What stands where the format would take it for something else is forced (`.`, `!`, `@`) or escaped with a backslash;
every line is tried on the reader itself before it is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from shotwright.model.prose import Adaptation, LineSpan, Prose, Script, ScriptLine, ScriptScene, Span, Speech
from shotwright.screenplay.cues import parse_cue
from shotwright.screenplay.fountain import parse
from shotwright.screenplay.markup import plain
from shotwright.screenplay.scenes import gather_scenes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shotwright.screenplay.scenes import SceneText

SCENE_BEFORE = "INT. ROOM - DAY"
_OPENERS = re.compile(r"(?<!\\)(\[\[|/\*)")
_HIDDEN = re.compile(r"[\u200b\ufeff\x00-\x08\x0e-\x1f\x7f]")


@dataclass(slots=True)
class _Page:
    """The lines so far."""

    lines: list[str] = field(default_factory=list)
    spans: list[LineSpan] = field(default_factory=list)

    def put(self, block: Sequence[str], spans: tuple[Span, ...] = (), speech: int = 0) -> None:
        """A block and a blank line after it."""
        first = len(self.lines) + 1
        self.lines += block
        if spans:
            self.spans.append(LineSpan(lines=(first, len(self.lines)), spans=spans, speech=speech))
        self.lines.append("")


def write_fountain(script: Script, prose: Prose, speeches: Sequence[Speech]) -> Adaptation:
    """The Fountain of a script, with spans. Reading it gives the script's scenes again, heading by heading, with their
    speeches and their action."""
    page = _Page()
    page.lines += _title_page(script)
    page.lines.append("")
    for scene in script.scenes:
        if scene.section:
            page.put([f"# {_label(scene.section)}"])
        page.put([heading_line(scene)], (scene.span,))
        if scene.guesses:
            page.put([f"[[Guessed: {' and '.join(scene.guesses)}; the prose does not say.]]"])
        for line in scene.lines:
            block = _speech_block(line) if line.kind == "speech" else _action_block(line.text)
            if block:
                page.put(block, line.spans, line.speech)
    return Adaptation(
        fountain="\n".join(page.lines).rstrip("\n") + "\n", spans=tuple(page.spans), speeches=tuple(speeches),
        scenes=len(script.scenes), guessed=sum(bool(scene.guesses) for scene in script.scenes),
        unsure=sum(not speech.sure for speech in speeches), notes=script.notes,
    )  # fmt: skip


def _title_page(script: Script) -> list[str]:
    lines = [f"Title: {_label(script.title) or 'Untitled'}"]
    if script.author:
        lines.append(f"Author: {_label(script.author)}")
    if script.source:
        lines.append(f"Source: Adapted from {_label(script.source)}")
    return lines


def heading_line(scene: ScriptScene) -> str:
    """A scene heading that is read as one: `INT. KITCHEN - NIGHT`."""
    place = re.sub(r"[\[\]*_\\#]|/\*|\*/", " ", _flat(scene.place)).strip() or "UNNAMED PLACE"
    time = re.sub(r"[\[\]*_\\#]", " ", _flat(scene.time)).strip()
    opening = {"INT": "INT.", "EXT": "EXT.", "INT/EXT": "INT./EXT."}[scene.int_ext]
    return f"{opening} {place} - {time}" if time else f"{opening} {place}"


def _flat(text: str) -> str:
    return " ".join(_HIDDEN.sub(" ", text).split())


def _label(text: str) -> str:
    """A title in which no note or boneyard opens: those marks are left out, for there is no escaping them there."""
    return re.sub(r"/+(?=\*)|\[+(?=\[)", "", _flat(text))


def _escaped(text: str) -> str:
    """Text in which no note or boneyard opens."""
    return _OPENERS.sub(r"\\\1", text)


@lru_cache(maxsize=4096)
def _reads(block: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """(type, text) of what a block is read as between two paragraphs."""
    page = "\n".join((SCENE_BEFORE, "", "He waits.", "", *block, "", "He waits.", ""))
    _, elements = parse(page)
    return tuple((e.type, " ".join(e.text.split())) for e in elements[2:-1])


def _units(block: Sequence[str]) -> SceneText:
    _, elements = parse("\n".join((SCENE_BEFORE, "", *block, "")))
    return gather_scenes(elements)[0]


def _action_block(text: str) -> list[str]:
    """A paragraph of action on one line, forced where it would be read as anything else."""
    flat = _escaped(_flat(text))
    if not flat:
        return []
    wanted = (("action", " ".join(plain(flat).split())),)
    for form in (flat, "!" + flat, "!\\" + flat):
        if _reads((form,)) == wanted or (form[0] == "!" and _reads((form,))[:1] == wanted):
            return [form]
    return ["!" + flat]


def cue_line(cue: str, extension: str = "") -> str:
    """A cue as it will be read as one, forced with `@` where its look would not do."""
    tail = f" ({extension})" if extension else ""
    name = re.sub(r"[()（）^:：\[\]*_\\@]", " ", _flat(cue))
    name = " ".join(name.split()).strip(" ,.!?;-–—~>=#") or "VOICE"
    name = f"{name}." if cue.rstrip().endswith(("JR.", "SR.")) else name
    line = f"{name}{tail}"
    if parse_cue(f"@{line}").name != name:
        name = re.sub(r"[^\w' -]", " ", name).strip() or "VOICE"
        line = f"{name}{tail}"
    plainly = _reads((line, "Yes, of course."))
    return line if plainly == (("character", name), ("dialogue", "Yes, of course.")) else f"@{line}"


def _speech_block(line: ScriptLine) -> list[str]:
    block = [cue_line(line.cue, line.extension)]
    for part in line.parts:
        if part.kind == "parenthetical":
            words = re.sub(r"[()（）\[\]]", " ", _flat(part.text)).strip()
            if words and len(block) and any(c.isalnum() for c in words):
                block.append(f"({' '.join(words.split())})")
        else:
            block += _dialogue(_escaped(_flat(part.text)))
    if len(block) == 1:
        return []
    if block[0][0] != "@" and _reads(tuple(block))[0] != ("character", parse_cue(block[0]).name):
        block[0] = f"@{block[0]}"
    return block


def _dialogue(flat: str) -> list[str]:
    """Spoken words on one line; where a line of dialogue would be read as something else, escaped or broken."""
    if not flat:
        return []
    wanted = (("character", "ANNA"), ("dialogue", " ".join(plain(flat).split())))
    tokens = flat.split(" ")
    forms: list[list[str]] = [[flat], ["\\" + flat]]
    forms += [[" ".join(tokens[:n]), " ".join(tokens[n:])] for n in range(1, min(len(tokens), 6))]
    forms += [["\\" + " ".join(tokens[:n]), " ".join(tokens[n:])] for n in range(1, min(len(tokens), 6))]
    for form in forms:
        if _reads(("@ANNA", *form)) == wanted:
            return form
    return [flat]


def same_scenes(adaptation: Adaptation, script: Script) -> list[str]:
    """What of a script reading its Fountain does not give back, one line each; empty when all of it is there."""
    _, elements = parse(adaptation.fountain)
    scenes = [scene for scene in gather_scenes(elements) if not scene.implied]
    wrong: list[str] = []
    if len(scenes) != len(script.scenes):
        wrong.append(f"{len(scenes)} scenes are read, {len(script.scenes)} were written")
    for number, (read, meant) in enumerate(zip(scenes, script.scenes, strict=False), 1):
        if read.heading.raw != heading_line(meant):
            wrong.append(f"scene {number}: the heading is read as {read.heading.raw!r}")
        said = [(u.cue, _spoken((p.text for p in u.parts), read=True)) for u in read.units if u.kind == "speech"]
        told = [
            (parse_cue(cue_line(line.cue, line.extension)).name, _spoken(p.text for p in line.parts))
            for line in meant.lines
            if line.kind == "speech" and any(_letters([p.text]) for p in line.parts if p.kind == "words")
        ]
        if said != told:
            wrong.append(f"scene {number}: the speeches are not read as they were written")
        shown = _letters((u.text for u in read.units if u.kind != "speech"), read=True)
        if shown != _letters(line.text for line in meant.lines if line.kind == "action"):
            wrong.append(f"scene {number}: the action is not read as it was written")
    return wrong


def _spoken(texts: Iterable[str], *, read: bool = False) -> str:
    """Everything under a cue, brackets apart: what is written in brackets among spoken words is read as performance."""
    return re.sub(r"[()（）\[\]]", "", _letters(texts, read=read))


def _letters(texts: Iterable[str], *, read: bool = False) -> str:
    """Words without white space, and without marks of emphasis unless they were `read` and have lost them already."""
    return "".join("".join((text if read else plain(_flat(text))).split()) for text in texts)
