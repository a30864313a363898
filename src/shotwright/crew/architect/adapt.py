"""Adapting prose by rules: scenes where place, time or company changes, speech verbatim under cues, the rest as action.

What a heading needs and the words do not say is a guess, and named as one. The tense stays, and thoughts stand as
action: that is what adapting without a model costs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.crew.architect.adapt_cuts import Cut, find_cuts
from shotwright.crew.architect.adapt_headings import Head, resolve_heads
from shotwright.crew.architect.adapt_speakers import Moment, Told, tell
from shotwright.model.prose import Prose, Script, ScriptLine, ScriptScene, Speech
from shotwright.model.screenplay import SpeechPart

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shotwright.crew.architect.adapt_chunks import SceneChoice

_PAST = re.compile(r"\b(?:was|were|had|said|went|came|did|could|would|\w{3,}ed)\b")
_PRESENT = re.compile(r"\b(?:is|are|has|says|goes|comes|does|can|will|sits|stands|looks|walks|takes|turns)\b")
_THOUGHT = re.compile(
    r"\b(?:thought|thinks?|knew|knows|remember(?:ed|s)?|wondered|wonders|realis(?:ed|es)|realiz(?:ed|es)|felt|feels|believed|"
    r"hoped|hopes|imagined|wished|supposed|understood|decided)\b"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A prose file taken apart: what is told and said in order, and where scenes begin."""

    prose: Prose
    told: Told
    cuts: tuple[Cut, ...]
    chosen: tuple[SceneChoice, ...] = ()
    """Where scenes begin when a model was asked; empty where the rules' cuts stand."""
    mind: str = "rules"
    """Who last decided something in it."""
    remarks: tuple[str, ...] = ()

    @property
    def speeches(self) -> tuple[Speech, ...]:
        return tuple(self.told.speeches)

    def heads(self) -> list[Head]:
        """The heading of every scene, in order."""
        drafted = {head.at: head for head in resolve_heads(self.prose, self.cuts, self.told.moments)}
        if not self.chosen:
            return list(drafted.values())
        out: list[Head] = []
        for scene in self.chosen:
            head = drafted.get(scene.at)
            if head is not None and scene.mind == "rules":
                out.append(head)
                continue
            section, fresh = (head.section, head.fresh) if head is not None else ("", False)
            out.append(
                Head(scene.at, scene.int_ext, scene.place, scene.time, "model", section, fresh=fresh, mind=scene.mind)
            )
        return out

    def script(self) -> Script:
        """The draft as scenes: complete, every quoted speech verbatim and in order."""
        told = self.told
        heads = self.heads()
        scenes: list[ScriptScene] = []
        pending: list[str] = []
        for place, head in enumerate(heads):
            end = heads[place + 1].at if place + 1 < len(heads) else len(told.moments)
            moments = told.moments[head.at : end]
            lines = tuple(_lines(moments, told.speeches, told.narrator))
            pending += [head.section] if head.section else []
            if lines:
                scenes.append(_scene(head, " / ".join(pending), moments, lines))
                pending = []
        title = self.prose.title or _title_of(self.prose.name)
        script = Script(
            title=title, author=self.prose.author, source=self.prose.name, scenes=tuple(scenes),
            people=tuple(dict.fromkeys(s.speaker or "VOICE" for s in told.speeches)), narrator=told.narrator,
        )  # fmt: skip
        return script.model_copy(update={"notes": (*_costs(script, told, self.mind), *self.remarks)})


def adapt(prose: Prose) -> Draft:
    """A prose file adapted by rules alone."""
    told = tell(prose)
    return Draft(prose, told, tuple(find_cuts(prose, told)))


def _title_of(name: str) -> str:
    return re.sub(r"[_-]+", " ", name.rpartition(".")[0] or name).strip().title() or "Untitled"


def _scene(head: Head, section: str, moments: Sequence[Moment], lines: tuple[ScriptLine, ...]) -> ScriptScene:
    return ScriptScene(
        int_ext=head.int_ext, place=head.place, time=head.time, section=section, why=head.why, guesses=head.guesses,
        lines=lines, span=(min(m.span[0] for m in moments), max(m.span[1] for m in moments)), mind=head.mind,
    )  # fmt: skip


def _lines(moments: Sequence[Moment], speeches: Sequence[Speech], narrator: str) -> Iterator[ScriptLine]:
    """Paragraphs of action, speeches, and what is told over the picture. A speech that action interrupts goes on under
    `CONT'D`."""
    held: list[Moment] = []
    spoken: set[int] = set()
    for moment in moments:
        if held and not _together(held[-1], moment):
            line = _line(held, speeches, narrator, spoken)
            if line is not None:
                yield line
                held = []
            elif held[-1].kind != moment.kind:
                held = []
        held.append(moment)
    line = _line(held, speeches, narrator, spoken) if held else None
    if line is not None:
        yield line


def _kind(moment: Moment) -> str:
    return "speech" if moment.kind == "parenthetical" else moment.kind


def _together(one: Moment, two: Moment) -> bool:
    """Whether two moments in a row stand in one paragraph of the script."""
    if _kind(one) != _kind(two):
        return False
    return one.speech == two.speech if _kind(one) == "speech" else one.paragraph == two.paragraph


def _line(held: Sequence[Moment], speeches: Sequence[Speech], narrator: str, spoken: set[int]) -> ScriptLine | None:
    """The paragraph that moments of one kind make; None for action of which nothing is left to show."""
    kind, spans = _kind(held[0]), tuple(m.span for m in held)
    if kind == "action":
        text = " ".join(m.text for m in held if m.text)
        return ScriptLine(kind="action", text=text, spans=spans) if text else None
    if kind == "voice":
        told = SpeechPart(kind="words", text=" ".join(m.text for m in held))
        return ScriptLine(kind="speech", cue=narrator or "NARRATOR", extension="V.O.", parts=(told,), spans=spans)
    number = held[0].speech
    parts = tuple(
        SpeechPart(kind="words" if m.kind == "speech" else "parenthetical", text=m.text) for m in _manner_first(held)
    )
    going_on = "CONT'D" if number in spoken else ""
    spoken.add(number)
    cue = speeches[number - 1].speaker or "VOICE"
    return ScriptLine(kind="speech", cue=cue, extension=going_on, parts=parts, spans=spans, speech=number)


def _manner_first(speech: Sequence[Moment]) -> list[Moment]:
    """A tag after the first words says how they are said: its parenthetical stands before them, unless it is deeds."""
    out = list(speech)
    if len(out) >= 2 and out[0].kind == "speech" and out[1].kind == "parenthetical":
        out[0], out[1] = out[1], out[0]
    while out and out[-1].kind == "parenthetical" and len(out) > 1:
        out.insert(len(out) - 2, out.pop())
    merged: list[Moment] = []
    for moment in out:
        before = merged[-1] if merged else None
        if before is not None and before.kind == moment.kind and before.paragraph == moment.paragraph:
            joint = ", " if moment.kind == "parenthetical" else " "
            text = f"{before.text}{joint}{moment.text}"
            merged[-1] = Moment(moment.kind, text, before.span, before.paragraph, before.speech)
        else:
            merged.append(moment)
    return merged


def _costs(script: Script, told: Told, mind: str) -> Iterator[str]:
    """What a reader should know, one line each."""
    action = [line.text for scene in script.scenes for line in scene.lines if line.kind == "action"]
    text = " ".join(action)
    yield "Adapted by rules, without a language model." if mind == "rules" else f"Adapted by rules and by {mind}."
    if len(_PAST.findall(text)) > len(_PRESENT.findall(text)):
        yield "The action keeps the prose's past tense; a screenplay is written in the present."
    thoughts = sum(1 for line in action if _THOUGHT.search(line))
    if thoughts:
        yield f"{thoughts} paragraphs of action hold thoughts that no camera sees; they stand as they were written."
    guessed = [n for n, scene in enumerate(script.scenes, 1) if scene.guesses]
    if guessed:
        some = ", ".join(map(str, guessed[:12])) + (" and more" if len(guessed) > 12 else "")
        yield f"The headings of {len(guessed)} of {len(script.scenes)} scenes hold a guess of place or time: {some}."
    unsure = sum(not speech.sure for speech in told.speeches)
    if unsure:
        yield f"The speakers of {unsure} of {len(told.speeches)} speeches are guesses."
    over = sum(1 for scene in script.scenes for line in scene.lines if line.extension == "V.O.")
    if over:
        yield f"{over} passages that only a narrator can tell are heard over the picture (V.O.)."
    if told.narrator:
        yield f"The story is told by “I” ({told.narrator}); its sentences stay in the first person."
