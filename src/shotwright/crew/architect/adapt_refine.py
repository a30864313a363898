"""What a language model is asked about an adaptation: where scenes begin, who speaks where that is unsure, and what a
camera sees of each sentence. Speech is never asked for: it stands by number, word for word."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel

from shotwright.craft.answers import Refused, phrase, sentence
from shotwright.crew.architect.adapt_chunks import Chunk, ChunkChoices, Do, LineChoice, SceneChoice, chunks
from shotwright.crew.architect.adapt_people import cue_of
from shotwright.crew.architect.adapt_words import words
from shotwright.crew.architect.lexicon import people
from shotwright.model.question import Question, Taken

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shotwright.crew.architect.adapt import Draft
    from shotwright.crew.architect.adapt_headings import Head
    from shotwright.model.language import Refinement

TASK = "architect.adapt"
Time = Literal["DAWN", "MORNING", "DAY", "AFTERNOON", "EVENING", "DUSK", "NIGHT", "LATER", "CONTINUOUS"]
TIMES: tuple[str, ...] = ("DAWN", "MORNING", "DAY", "AFTERNOON", "EVENING", "DUSK", "NIGHT", "LATER", "CONTINUOUS")
TOLD = ("action", "voice")
"""Kinds of moments that are narration."""
DROPPED_WORDS = 3
"""A sentence with more words of content than this is never dropped."""

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_UNSAID = frozenset(("", "?", "unknown", "unnamed", "unnamed place", "unspecified", "none", "n/a"))
"""Answers that leave a drafted place as it is."""
_QUOTED = re.compile(r"[\"“”«»„]")
_TAGS = re.compile(r"</?\s*script\s*>", re.IGNORECASE)


class SceneAnswer(BaseModel):
    """A scene that begins at a line."""

    at: int
    io: Literal["INT", "EXT"]
    place: str
    time: Time


class SpeakerAnswer(BaseModel):
    """Who says a line."""

    n: int
    who: str


class LineAnswer(BaseModel):
    """What becomes of a line of narration."""

    n: int
    do: Do
    text: str = ""


class AdaptAnswer(BaseModel):
    """What a model says of a chunk."""

    scenes: list[SceneAnswer] = []
    speakers: list[SpeakerAnswer] = []
    lines: list[LineAnswer] = []


@cache
def instructions() -> str:
    """The prompt, read from the package on the first call."""
    return files(__package__).joinpath("prompt_adapt.md").read_text(encoding="utf-8").strip()


def ask(draft: Draft) -> list[tuple[Question[ChunkChoices], ChunkChoices]]:
    """One question for each chunk of the prose, with what stands now. A chunk's body depends on its own text alone."""
    film = f"Film: {draft.prose.title or 'untitled'}. " + (
        f"Narrator: {draft.told.narrator}." if draft.told.narrator else "No narrator."
    )
    heads = draft.heads()
    return [_Asked(draft, chunk, heads).question(film) for chunk in chunks(draft)]


class _Asked:
    """One chunk in question: its lines by number, and what may be answered about them."""

    def __init__(self, draft: Draft, chunk: Chunk, heads: list[Head]) -> None:
        self.draft = draft
        self.chunk = chunk
        self.heads = [head for head in heads if chunk.start <= head.at < chunk.end]
        scenes = tuple(SceneChoice(at=h.at, int_ext=h.int_ext, place=h.place, time=h.time) for h in self.heads)
        self.standing = ChunkChoices(start=chunk.start, end=chunk.end, scenes=scenes)
        self.moments = draft.told.moments[chunk.start : chunk.end]
        self.number: dict[int, int] = {}
        """Number of a line -> index of its moment."""
        self.unsure: dict[int, int] = {}
        """Number of a line -> number of a speech whose speaker is unsure."""
        self.people = tuple(
            dict.fromkeys(
                cue
                for p in sorted({m.paragraph for m in self.moments})
                for cue in sorted(draft.told.present.get(p, ()))
            )
        )
        self.narrator = draft.told.narrator
        texts = [draft.prose.words(m.span) for m in self.moments]
        self.vocabulary = frozenset(w.casefold() for text in texts for w in _WORD.findall(text)) | frozenset(
            w.casefold() for cue in self.people for w in _WORD.findall(cue)
        )
        self.names = frozenset(w for text in texts for w in _WORD.findall(text) if w[:1].isupper())

    def question(self, film: str) -> tuple[Question[ChunkChoices], ChunkChoices]:
        body = self._body()
        keys = ["scenes"]
        keys += [f"speaker {n}" for n in self.unsure]
        keys += [f"line {n}" for n, at in self.number.items() if self.draft.told.moments[at].kind in TOLD]
        asked = Question(
            agent="architect", task=TASK, scene="", instructions=instructions(), film=film, body=body,
            answer=AdaptAnswer, drafted=self._drafted(), keys=tuple(keys), take=self.take, mark=mark,
            longest_text=0,
        )  # fmt: skip
        return asked, self.standing

    def _body(self) -> str:
        known = ", ".join([*self.people, *([self.narrator] if self.narrator not in self.people else [])])
        lines = [f"People: {known.rstrip(', ') or 'nobody is named yet'}.", "<script>"]
        heads = {head.at: head for head in self.heads}
        said: set[int] = set()
        count = 0
        for at, moment in enumerate(self.moments, self.chunk.start):
            if at in heads:
                lines.append(self._heading(heads[at]))
            if moment.kind == "parenthetical":
                continue
            count += 1
            self.number[count] = at
            text = _TAGS.sub("", moment.text)
            if moment.kind in TOLD:
                over = " (V.O.)" if moment.kind == "voice" else ""
                lines.append(f"{count}{over} {text}")
                continue
            speech = self.draft.told.speeches[moment.speech - 1]
            doubt = ""
            if moment.speech not in said:
                said.add(moment.speech)
                if not speech.sure:
                    doubt = "?"
                    self.unsure[count] = moment.speech
            lines.append(f"{count} {speech.speaker or 'VOICE'}{doubt}: “{text}”")
        told = [n for n, at in self.number.items() if self.draft.told.moments[at].kind in TOLD]
        lines.append("</script>")
        lines.append(f"lines: {_listed(told)}. speakers: {_listed(self.unsure)}.")
        return "\n".join(lines)

    def _heading(self, head: Head) -> str:
        """What the chunk's own words say of a heading: what was carried over from before it is not shown."""
        place = "?" if "place" in head.guesses else head.place
        carried = head.inherited and head is self.heads[0]
        time = "?" if "time" in head.guesses or carried else head.time
        return f"-- {head.int_ext}. {place} - {time}"

    def _line_of(self, at: int) -> int:
        return next((n for n, index in self.number.items() if index >= at), len(self.number))

    def _drafted(self) -> AdaptAnswer:
        moments = self.draft.told.moments
        return AdaptAnswer(
            scenes=[
                SceneAnswer(
                    at=self._line_of(s.at), io="EXT" if s.int_ext == "EXT" else "INT", place=s.place.lower(),
                    time=s.time if s.time in TIMES else "DAY",
                )
                for s in self.standing.scenes
            ],
            speakers=[
                SpeakerAnswer(n=n, who=self.draft.told.speeches[speech - 1].speaker or "VOICE")
                for n, speech in self.unsure.items()
            ],
            lines=[
                LineAnswer(n=n, do="voice")
                if moments[at].kind == "voice"
                else LineAnswer(n=n, do="show", text=moments[at].text)
                for n, at in self.number.items()
                if moments[at].kind in TOLD
            ],
        )  # fmt: skip

    def take(self, standing: ChunkChoices, answer: Any, opened: frozenset[str], mind: str) -> Taken[ChunkChoices]:
        """What an answer makes of the chunk; whatever it holds, every speech and every sentence that shows something
        stays."""
        refused: dict[str, str] = {}
        changed: set[str] = set()
        value = standing
        if "scenes" in opened:
            try:
                scenes = self._scenes(answer.scenes, mind)
            except Refused as why:
                refused["scenes"] = f"scenes: {why.why}"
            else:
                if [_bare(s) for s in scenes] != [_bare(s) for s in standing.scenes]:
                    changed.add("scenes")
                    value = value.model_copy(update={"scenes": scenes, "mind": mind})
        value = self._take_speakers(value, answer, opened, mind, refused, changed)
        lines = dict(value.lines)
        first: dict[int, LineAnswer] = {}
        for entry in answer.lines:
            first.setdefault(entry.n, entry)
        for n, at in self.number.items():
            key = f"line {n}"
            if key not in opened or self.draft.told.moments[at].kind not in TOLD:
                continue
            given = first.get(n)
            if given is None:
                refused[key] = f"{key}: it is missing"
                continue
            try:
                choice = self._line(at, given, mind)
            except Refused as why:
                refused[key] = f"{key}: {why.why}"
                continue
            before = lines.get(at)
            if choice is None:
                lines.pop(at, None)
            else:
                lines[at] = choice
            if (choice and (choice.do, choice.text)) != (before and (before.do, before.text)):
                changed.add(key)
        if lines != value.lines:
            value = value.model_copy(update={"lines": lines, "mind": mind})
        return Taken(value, refused, frozenset(changed))

    def _take_speakers(
        self, value: ChunkChoices, answer: Any, opened: frozenset[str], mind: str, refused: dict[str, str],
        changed: set[str],
    ) -> ChunkChoices:  # fmt: skip
        first: dict[int, str] = {}
        for entry in answer.speakers:
            first.setdefault(entry.n, entry.who)
        speakers, minds = dict(value.speakers), dict(value.speaker_minds)
        for n, number in self.unsure.items():
            key = f"speaker {n}"
            if key not in opened:
                continue
            if n not in first:
                refused[key] = f"{key}: it is missing"
                continue
            cue = self._who(first[n])
            if not cue:
                refused[key] = f"{key}: take one of the people, or a name that stands in the text"
                continue
            drafted = self.draft.told.speeches[number - 1].speaker or "VOICE"
            if cue != speakers.get(number, drafted):
                changed.add(key)
            speakers[number], minds[number] = cue, mind
        if speakers == value.speakers:
            return value
        return value.model_copy(update={"speakers": speakers, "speaker_minds": minds})

    def _who(self, who: str) -> str:
        """The cue that an answer means, or empty."""
        cue = cue_of(who[:60]).rstrip("?:.")
        known = {*self.people, self.narrator, "VOICE", "VOICES", *(s.speaker for s in self.draft.told.speeches)} - {""}
        if cue in known:
            return cue
        tokens = [w for w in _WORD.findall(cue)]
        if not 1 <= len(tokens) <= 4 or any(t.casefold() not in self.vocabulary for t in tokens):
            return ""
        named = all(t.capitalize() in self.names or t in self.names for t in tokens)
        noun = tokens[-1].lower() in people().nouns | people().kin | people().groups
        return cue if named or noun else ""

    def _scenes(self, given: Iterable[SceneAnswer], mind: str) -> tuple[SceneChoice, ...]:
        drafted = {scene.at: scene for scene in self.standing.scenes}
        fresh = {cut.at for cut in self.draft.cuts if cut.fresh} & drafted.keys()
        found: dict[int, SceneChoice] = {}
        for entry in given:
            if entry.at not in self.number:
                raise Refused(f"there is no line {entry.at}")
            at = self.number[entry.at]
            at = next((s for s in drafted if self._line_of(s) == entry.at), at)
            unsaid = drafted.get(at) if entry.place.strip().casefold() in _UNSAID else None
            place = unsaid.place if unsaid is not None else self._place(entry)
            if at == self.chunk.start and at not in drafted and at != 0:
                # The chunk goes on with a scene that another chunk began.
                continue
            before = drafted.get(at)
            choice = SceneChoice(at=at, int_ext=entry.io, place=place, time=entry.time, mind=mind)
            found.setdefault(at, before if before is not None and _agrees(before, choice) else choice)
        if not found and drafted:
            raise Refused("name at least the scene that the first line begins")
        for at in fresh:
            found.setdefault(at, drafted[at])
        if len(found) > max(2, len(drafted) + 1, len(self.number) // 4):
            raise Refused(f"{len(found)} scenes are too many for these lines; cut only where place or time changes")
        return tuple(found[at] for at in sorted(found))

    def _place(self, entry: SceneAnswer) -> str:
        drafted = {scene.place.casefold(): scene.place for scene in self.standing.scenes}
        if entry.place.strip().casefold() in drafted:
            return drafted[entry.place.strip().casefold()]
        try:
            text = phrase(entry.place, most=48)
        except Refused as why:
            raise Refused(f"the place of line {entry.at}: {why.why}") from None
        text = re.sub(r"^(?:the|an?|INT\.?|EXT\.?)\s+", "", text, flags=re.IGNORECASE)
        tokens = _WORD.findall(text)
        if not 1 <= len(tokens) <= 5:
            raise Refused(f"the place of line {entry.at} must be two to four words")
        known = words().inside | words().outside | words().vehicles
        if not any(t.casefold() in self.vocabulary or t.casefold() in known for t in tokens):
            raise Refused(f"the place of line {entry.at} is not in the text")
        foreign = [t for t in tokens if t.casefold() in _first_names() and t.casefold() not in self.vocabulary]
        if foreign:
            raise Refused(f"{foreign[0]} does not stand in the text")
        return " ".join(text.replace("’", "'").upper().split())

    def _line(self, at: int, given: LineAnswer, mind: str) -> LineChoice | None:
        """What becomes of a sentence; None where it stays as it is. Raises Refused."""
        moment = self.draft.told.moments[at]
        original = moment.text
        if (
            given.do == "keep"
            or (given.do == "voice" and moment.kind == "voice")
            or (given.do == "show" and _flat(given.text) == _flat(original))
        ):
            return None
        if given.do == "drop":
            content = [w for w in _WORD.findall(original) if w.casefold() not in words().function]
            if len(content) > DROPPED_WORDS:
                raise Refused("it shows something, so it is not dropped; show it or keep it")
            return LineChoice(do="drop", mind=mind)
        if given.do == "voice":
            if not self.narrator:
                raise Refused("there is no narrator to say it; show it or keep it")
            return LineChoice(do="voice", text=original, mind=mind)
        text = sentence(given.text, most=max(160, len(original) + 80))
        if len(text.split()) >= 4 and _flat(text) in _flat(instructions()):
            raise Refused("it repeats the instructions")
        if _QUOTED.search(text) and not _QUOTED.search(original):
            raise Refused("it writes speech, which stands by itself; say what is seen")
        for found in _WORD.finditer(text):
            word = found.group()
            begins = found.start() == 0 or re.search(r"[.!?…]\s*$", text[: found.start()]) is not None
            bare = re.sub(r"['’]s?$", "", word)
            if not bare[:1].isupper() or bare.casefold() in self.vocabulary:
                continue
            if not begins or bare.casefold() in _first_names():
                raise Refused(f"{bare} does not stand in the text")
        return LineChoice(do="show", text=text, mind=mind)


def _listed(numbers: Iterable[int]) -> str:
    return " ".join(map(str, numbers)) or "none"


def _bare(scene: SceneChoice) -> tuple[int, str, str, str]:
    return (scene.at, scene.int_ext, scene.place, scene.time)


def _agrees(before: SceneChoice, said: SceneChoice) -> bool:
    """Whether an answer says what is drafted, as far as an answer can say it."""
    time = before.time if before.time in TIMES else "DAY"
    inside = "EXT" if before.int_ext == "EXT" else "INT"
    return (inside, before.place, time) == (said.int_ext, said.place, said.time)


def _flat(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".;,")


def _first_names() -> frozenset[str]:
    return people().first_names_male | people().first_names_female


def mark(value: ChunkChoices, refinement: Refinement) -> ChunkChoices:
    """Notes what fell back to the rules' draft and what could not be asked."""
    notes = list(value.notes)
    if refinement.fallen:
        some = "; ".join(list(refinement.fallen.values())[:3])
        notes.append(
            f"{len(refinement.fallen)} answers of {refinement.mind} were refused and the draft stands ({some})."
        )
    return value.model_copy(update={"notes": tuple(notes), "pending": refinement.pending})


def merge(draft: Draft, decided: Iterable[ChunkChoices]) -> Draft:
    """The draft with everything that was decided about its chunks."""
    moments = list(draft.told.moments)
    speeches = list(draft.told.speeches)
    scenes: list[SceneChoice] = []
    notes: list[str] = []
    minds: list[str] = []
    for chunk in decided:
        scenes += chunk.scenes
        notes += chunk.notes
        minds += [chunk.mind] if chunk.mind != "rules" else []
        for number, cue in chunk.speakers.items():
            speeches[number - 1] = speeches[number - 1].model_copy(update={"speaker": cue, "by": "model", "sure": True})
            minds.append(chunk.speaker_minds.get(number, "rules"))
        for at, choice in chunk.lines.items():
            moment = moments[at]
            if choice.do == "voice":
                moments[at] = replace(moment, kind="voice")
            elif choice.do == "drop":
                moments[at] = replace(moment, kind="action", text="")
            elif choice.do == "show":
                moments[at] = replace(moment, kind="action", text=choice.text, told=False)
    told = replace(draft.told, moments=moments, speeches=speeches)
    mind = next((m for m in minds if m != "rules"), draft.mind)
    return replace(draft, told=told, chosen=tuple(scenes), mind=mind, remarks=tuple(dict.fromkeys(notes)))
