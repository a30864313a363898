"""Adapting prose by rules: scenes where place, time or company changes, speech verbatim under cues, the rest as action.

Sections come first, then what the sentences themselves say. What a heading needs and the words do not say is a guess,
and named as one. The tense stays, and thoughts stand as action: that is what adapting without a model costs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.crew.architect.adapt_places import (
    IntExt,
    Place,
    hour_of,
    long_jump,
    named_place,
    opening_place,
    reached_place,
    subject_place,
    time_passed,
)
from shotwright.crew.architect.adapt_speakers import Moment, Told, tell
from shotwright.crew.architect.adapt_words import words
from shotwright.model.prose import Prose, Script, ScriptLine, ScriptScene, Section, Speech
from shotwright.model.screenplay import SpeechPart

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

UNNAMED = "UNNAMED PLACE"
OPENING_SENTENCES = 6
"""So many sentences of a scene are looked at for where and when it is, before the rest."""

_SLUG = re.compile(r"^(INT\.?/EXT|INT|EXT)[. ]\s*(.+?)(?:\s+[-–—]+\s+([^-–—]+))?$", re.IGNORECASE)
_PAST = re.compile(r"\b(?:was|were|had|said|went|came|did|could|would|\w{3,}ed)\b")
_PRESENT = re.compile(r"\b(?:is|are|has|says|goes|comes|does|can|will|sits|stands|looks|walks|takes|turns)\b")
_THOUGHT = re.compile(
    r"\b(?:thought|thinks?|knew|knows|remember(?:ed|s)?|wondered|wonders|realis(?:ed|es)|realiz(?:ed|es)|felt|feels|believed|"
    r"hoped|hopes|imagined|wished|supposed|understood|decided)\b"
)


@dataclass(slots=True)
class Cut:
    """Where a scene begins, and what is known of where and when it is."""

    at: int
    """Index of its first moment."""
    why: str
    section: str = ""
    place: Place | None = None
    place_sure: bool = True
    int_ext: IntExt | None = None
    time: str = ""
    passed: str = ""
    """The words that say that time has passed."""
    fresh: bool = False
    """A new section: what was true before need not be."""
    heading: str = ""
    """A heading that the prose itself gives: `INT. BARN - NIGHT`."""
    mind: str = "rules"


@dataclass(frozen=True, slots=True)
class Draft:
    """A prose file taken apart: what is told and said in order, and where scenes begin."""

    prose: Prose
    told: Told
    cuts: tuple[Cut, ...]
    mind: str = "rules"
    """Who last decided something in it."""

    @property
    def speeches(self) -> tuple[Speech, ...]:
        return tuple(self.told.speeches)

    def script(self) -> Script:
        """The draft as scenes: complete, every quoted speech verbatim and in order."""
        return assemble(self.prose, self.told, self.cuts, self.mind)


def adapt(prose: Prose) -> Draft:
    """A prose file adapted by rules alone."""
    told = tell(prose)
    return Draft(prose, told, tuple(find_cuts(prose, told)))


def find_cuts(prose: Prose, told: Told) -> list[Cut]:
    """Where scenes begin: at sections, where a paragraph's opening says that time has passed or that we are elsewhere,
    where somebody comes to another place, and where everybody has gone."""
    cuts: list[Cut] = []
    section_of = _sections(prose.sections)
    current: Place | None = None
    pending = ""
    for section in prose.sections:
        if section.heading and section.paragraphs[0] > section.paragraphs[1]:
            pending = section.heading
    section_at = -1
    paragraph = -1
    for at, moment in enumerate(told.moments):
        number = section_of.get(moment.paragraph, -1)
        starts = moment.paragraph != paragraph
        paragraph = moment.paragraph
        if number != section_at:
            section_at = number
            cut = _section_cut(prose.sections[number] if number >= 0 else None, moment, pending)
            cut.at = at
            pending = ""
            cuts.append(cut)
            current = cut.place
        elif moment.kind == "action" and (found := _turn(moment, current, starts)) is not None:
            found.at = at
            cuts.append(found)
            current = found.place or current
        if current is None and moment.kind == "action":
            # What is not known yet is learnt on the way, so that a move to it is not taken for a change.
            near = named_place(moment.text)
            current = near[0] if near is not None and near[1] else None
    return _settled(cuts, told.moments)


def _sections(sections: Sequence[Section]) -> dict[int, int]:
    return {p: n for n, s in enumerate(sections) for p in range(s.paragraphs[0], s.paragraphs[1] + 1)}


def _section_cut(section: Section | None, moment: Moment, pending: str) -> Cut:
    heading = section.heading if section is not None else ""
    cut = Cut(0, "section", section=" / ".join(filter(None, (pending, heading))), fresh=True)
    slug = _SLUG.match(heading.rpartition(" / ")[2].strip("*_ "))
    if slug is not None:
        cut.heading = slug.group()
    if moment.kind == "action":
        cut.passed = time_passed(moment.text)
        place = opening_place(moment.text) or reached_place(moment.text) or subject_place(moment.text)
        if place is not None and not place.relative:
            cut.place = place
    return cut


def _turn(moment: Moment, current: Place | None, starts: bool) -> Cut | None:
    """The cut that a sentence makes within a section, or None."""
    text = moment.text
    passed = time_passed(text) if starts else ""
    opened = opening_place(text) if starts else None
    if opened is None and passed:
        rest = text[len(passed) :].lstrip(" ,")
        opened = opening_place(rest[:1].upper() + rest[1:])
    reached = reached_place(text) if _somebody_moves(text) else None
    place = opened or reached
    if place is not None and _elsewhere(place, current) and (current is not None or starts or passed):
        why = f"time: {passed}" if passed else f"place: {place.words}"
        return Cut(0, why, place=place, passed=passed)
    if passed and (long_jump(passed) or re.match(r"later|much later|some time", passed.lower())):
        return Cut(0, f"time: {passed}", passed=passed)
    if starts and (alone := words().alone.match(text)) is not None:
        return Cut(0, f"company: {alone.group()}", passed="later")
    return None


def _elsewhere(place: Place, current: Place | None) -> bool:
    """Whether a place is not the one where we are."""
    if current is None:
        return True
    return place.relative != current.relative if place.relative else not place.same(current)


def _somebody_moves(text: str) -> bool:
    """Whether a sentence's beginning is somebody who could come somewhere."""
    return re.match(r"(?:\w+,? ){0,3}?(?:[Hh]e|[Ss]he|[Tt]hey|[Ww]e|I|[A-ZÀ-Þ][\w’'-]+|the \w+)\b", text) is not None


def _settled(cuts: list[Cut], moments: Sequence[Moment]) -> list[Cut]:
    """Leaves out scenes that would only be passed through: one sentence on the way to the next place."""
    kept: list[Cut] = []
    for place, cut in enumerate(cuts):
        end = cuts[place + 1].at if place + 1 < len(cuts) else len(moments)
        body = moments[cut.at : end]
        passing = (
            not cut.fresh and place + 1 < len(cuts) and not cuts[place + 1].fresh and len(body) <= 1
            and cut.why.startswith("place") and cuts[place + 1].why.startswith("place")
        )  # fmt: skip
        if passing and kept:
            continue
        kept.append(cut)
    return kept


def assemble(prose: Prose, told: Told, cuts: Sequence[Cut], mind: str = "rules") -> Script:
    """The script of what is told, cut into scenes."""
    scenes: list[ScriptScene] = []
    state = _State(prose.title)
    for place, cut in enumerate(cuts):
        end = cuts[place + 1].at if place + 1 < len(cuts) else len(told.moments)
        moments = told.moments[cut.at : end]
        lines = tuple(_lines(moments, told.speeches))
        if lines:
            scenes.append(_scene(prose, cut, moments, lines, state))
        elif cut.section:
            state.section = cut.section
    people = tuple(dict.fromkeys(s.speaker or "VOICE" for s in told.speeches))
    title = prose.title or re.sub(r"[_-]+", " ", prose.name.rpartition(".")[0] or prose.name).strip().title()
    script = Script(
        title=title or "Untitled", author=prose.author, source=prose.name, scenes=tuple(scenes), people=people,
        narrator=told.narrator,
    )  # fmt: skip
    return script.model_copy(update={"notes": tuple(_costs(script, told, mind))})


@dataclass(slots=True)
class _State:
    """What the scenes so far leave standing."""

    title: str
    place: Place | None = None
    building: Place | None = None
    """The last place that is no room."""
    time: str = ""
    time_guessed: bool = True
    section: str = ""


def _scene(
    prose: Prose, cut: Cut, moments: Sequence[Moment], lines: tuple[ScriptLine, ...], state: _State
) -> ScriptScene:
    span = (min(m.span[0] for m in moments), max(m.span[1] for m in moments))
    headings = [h for h in f"{state.section} / {cut.section}".split(" / ") if h and h != state.title]
    section = " / ".join(headings)
    state.section = ""
    if cut.heading and (slug := _SLUG.match(cut.heading)) is not None:
        kind: IntExt = "INT/EXT" if "/" in slug[1] else "EXT" if slug[1][:1] in "eE" else "INT"
        name, time = slug[2].upper(), (slug[3] or "DAY").upper()
        state.place, state.time = Place(name, name, kind, name), time
        known: tuple[str, ...] = () if slug[3] else ("time",)
        return ScriptScene(
            int_ext=kind, place=name, time=time, section=section, why=cut.why, guesses=known, lines=lines, span=span
        )
    told = [prose.words(m.span) for m in moments if m.kind != "speech"]
    place, guessed = _place(cut, told, state)
    time, time_guessed = _time(cut, told, state)
    guesses = tuple(
        name for name, guess in (("place", guessed or place.name == UNNAMED), ("time", time_guessed)) if guess
    )
    state.place, state.time_guessed = place, time_guessed
    if not place.room and not place.relative:
        state.building = place
    if time in ("LATER", "CONTINUOUS"):
        shown = time
    else:
        state.time = shown = time
    return ScriptScene(
        int_ext=cut.int_ext or place.int_ext, place=place.name, time=shown, section=section, why=cut.why,
        guesses=guesses, lines=lines, span=span, mind=cut.mind,
    )  # fmt: skip


def _place(cut: Cut, told: Sequence[str], state: _State) -> tuple[Place, bool]:
    """Where a scene is: as its beginning says, else as its sentences do, else where we were; True for a guess."""
    if cut.place is not None:
        if not cut.place.relative:
            return cut.place, not cut.place_sure
        if state.place is not None and state.place.name != UNNAMED:
            around = state.building if cut.place.relative == "outside" and state.place.room else None
            return _relative(cut.place, around or state.place), state.place.room and around is None
    if cut.fresh or state.place is None or state.place.name == UNNAMED:
        found = named_place(" ".join(told[:3]))
        if found is not None and found[1]:
            return found[0], False
        known = state.place is not None and state.place.name != UNNAMED
        if found is None and not (known and not cut.section):
            found = named_place(" ".join(told))
        if found is not None and not (known and not cut.section):
            return found[0], True
    if cut.place is not None and cut.place.relative:
        return Place(cut.place.relative.upper(), cut.place.noun, cut.place.int_ext, cut.place.words), False
    if state.place is not None:
        return state.place, cut.fresh
    return Place(UNNAMED, UNNAMED, "INT", ""), True


def _relative(place: Place, before: Place) -> Place:
    """`outside`, seen from a place: `EXT. MILL`, `INT. MILL - UPSTAIRS`."""
    name = before.name.partition(" - ")[0]
    if place.relative in ("upstairs", "downstairs"):
        name = f"{name} - {place.relative.upper()}"
    elif place.int_ext == before.int_ext:
        name = before.name
    elif place.relative == "outside" and before.room:
        name = "OUTSIDE THE HOUSE"
    return Place(name, place.noun, place.int_ext, place.words, relative=place.relative)


def _time(cut: Cut, told: Sequence[str], state: _State) -> tuple[str, bool]:
    """When a scene is, and whether that is a guess."""
    jumped = bool(cut.passed)
    said = hour_of(cut.passed)
    if not said and (cut.fresh or jumped):
        said = hour_of(" ".join(told[:OPENING_SENTENCES]))
    elif not said:
        said = hour_of(" ".join(told[:2]))
    if said:
        return said, False
    if jumped and cut.passed:
        if not long_jump(cut.passed) or "hour" in cut.passed.lower() or cut.passed.lower() in ("later", "much later"):
            return "LATER", False
        return "DAY", True
    if cut.fresh:
        if state.time and not state.time_guessed:
            return state.time, True
        return "DAY", True
    return state.time or "DAY", state.time_guessed


def _lines(moments: Sequence[Moment], speeches: Sequence[Speech]) -> Iterator[ScriptLine]:
    """Paragraphs of action and speeches. A speech that action interrupts goes on under `CONT'D`."""
    action: list[Moment] = []
    speech: list[Moment] = []
    spoken: set[int] = set()

    def flush_action() -> Iterator[ScriptLine]:
        if action:
            yield ScriptLine(kind="action", text=" ".join(m.text for m in action), spans=tuple(m.span for m in action))
            action.clear()

    def flush_speech() -> Iterator[ScriptLine]:
        if not speech:
            return
        number = speech[0].speech
        given = speeches[number - 1]
        ordered = _manner_first(speech)
        parts = tuple(SpeechPart(kind="words" if m.kind == "speech" else "parenthetical", text=m.text) for m in ordered)
        yield ScriptLine(
            kind="speech", cue=given.speaker or "VOICE", extension="CONT'D" if number in spoken else "", parts=parts,
            spans=tuple(m.span for m in speech), speech=number,
        )  # fmt: skip
        spoken.add(number)
        speech.clear()

    for moment in moments:
        if moment.kind == "action":
            yield from flush_speech()
            if action and action[-1].paragraph != moment.paragraph:
                yield from flush_action()
            action.append(moment)
        else:
            yield from flush_action()
            if speech and speech[0].speech != moment.speech:
                yield from flush_speech()
            speech.append(moment)
    yield from flush_speech()
    yield from flush_action()


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
    if told.narrator:
        yield f"The story is told by “I” ({told.narrator}); its sentences stay in the first person."
