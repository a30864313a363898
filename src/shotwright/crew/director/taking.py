"""What a model's answer makes of a directed scene: its cut first, as far as it is legal, then its words, shot by shot.

Words are given to the shot that shares most time with the range that they were said of, so that they find their place
whatever became of the cut. Whatever an answer holds, the scene is complete and legal.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import BaseModel

from shotwright.craft.answers import Refused
from shotwright.crew.director.check import check_scene
from shotwright.crew.director.performing import (
    after_script,
    delivery_of,
    notes_of,
    put_together,
    speaks_in,
)
from shotwright.crew.director.recut import cut_anew, free_shots
from shotwright.crew.director.scrutiny import done_elsewhere, performance, purpose
from shotwright.crew.director.sides import spelled
from shotwright.model.question import Taken

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shotwright.crew.director.people import People
    from shotwright.crew.director.performing import Note
    from shotwright.crew.director.recut import Cutting, Range
    from shotwright.crew.director.scrutiny import Known
    from shotwright.model.crew import DirectedScene, DirectedShot, FilmSettings, Revision
    from shotwright.model.ids import EntityId
    from shotwright.model.language import Refinement
    from shotwright.model.story import SceneBrief

CUT = "cut"
_AIM = re.compile(r"^\s*(?:in order )?to ((?!the\b|a\b|an\b)[a-z]+ .*)$", re.IGNORECASE | re.DOTALL)
LEAST_ANSWERED = 0.5
"""Share of a scene's blocks that an answer must cut for its cut to count."""
FEWER, MORE = 0.6, 1.5
"""How many shots an answer may have, against the draft's."""


class PlayAnswer(BaseModel):
    """How one person plays a shot."""

    who: str = ""
    does: str = ""
    """What is seen and heard of the playing."""
    want: str = ""
    """What it shall win or hide, as `to …`; may be empty."""

    @property
    def how(self) -> str:
        """Both as one note: `smooths the paper to keep from looking at him`."""
        aim = _AIM.match(self.want)
        does = self.does.strip().rstrip(".,; ")
        return f"{does} to {aim[1]}" if aim and does else self.does


class ShotAnswer(BaseModel):
    """One shot: its first and last block, counted from 1, and its words."""

    first: int = 0
    last: int = 0
    purpose: str = ""
    play: list[PlayAnswer] = []


class SceneAnswer(BaseModel):
    """The scene's shots in order."""

    shots: list[ShotAnswer] = []


@dataclass(frozen=True, slots=True)
class _Said:
    """One entry of an answer, on blocks counted from 0."""

    span: Range
    purpose: str
    play: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Worded:
    """A scene's words while an answer is gone through."""

    shots: dict[str, DirectedShot]
    reasons: dict[str, str]
    good: set[str]
    changed: set[str]


@dataclass(frozen=True, slots=True)
class Desk:
    """All that weighing an answer needs, and nothing that an answer changes."""

    brief: SceneBrief
    settings: FilmSettings
    fixed: tuple[DirectedShot, ...]
    revisions: tuple[Revision, ...]
    """When given, the words of these shots were sent back: they are not to stay as they are."""
    cutting: Cutting
    people: People
    known: Known

    def bounds(self) -> tuple[int, int]:
        """Fewest and most shots that an answer may have."""
        count = len(self.cutting.draft)
        most = max(count + 2, math.ceil(MORE * count))
        return max(1, math.ceil(FEWER * count)), min(len(self.cutting.blocks), most)

    # taking

    def take(
        self, standing: DirectedScene, answer: object, open_keys: frozenset[str], mind: str
    ) -> Taken[DirectedScene]:
        """What the answer makes of what stands; see `Question.take`."""
        said = self._said(answer)
        refused: dict[str, str] = {}
        scene, changed = standing, set[str]()
        if CUT in open_keys:
            scene, why = self._cut(standing, said, mind)
            if why:
                refused[CUT] = why
            elif scene is not standing:
                changed.add(CUT)
        worded, missing = self._word(scene, standing, said, open_keys, mind)
        shots = tuple(worded.shots[s.shot_id] for s in scene.shots)
        if any(a is not b for a, b in zip(shots, scene.shots, strict=True)):
            scene = scene.model_copy(update={"shots": shots})
        if scene is not standing and self._worse(scene, standing):
            return Taken(standing, dict.fromkeys(sorted(open_keys), "no legal scene can be made of it"))
        return Taken(scene, {**refused, **missing}, frozenset(changed | worded.changed))

    def _worse(self, scene: DirectedScene, standing: DirectedScene) -> bool:
        """Whether a scene breaks what the one that stands keeps."""
        found = check_scene(self.brief, self.settings, scene)
        return bool(found) and not check_scene(self.brief, self.settings, standing)

    def _said(self, answer: object) -> list[_Said]:
        """The entries that name blocks of the scene, in the scene's order; of two for the same range the first."""
        found: dict[Range, _Said] = {}
        most = len(self.cutting.blocks)
        for shot in answer.shots if isinstance(answer, SceneAnswer) else ():
            first, last = sorted((shot.first, shot.last))
            first = first if first >= 1 else last
            if last < 1 or first > most:
                continue
            span = first - 1, min(last, most) - 1
            play = tuple((p.who, p.how) for p in shot.play[:12])
            found.setdefault(span, _Said(span, shot.purpose, play))
        return sorted(found.values(), key=lambda s: s.span)

    def _cut(self, standing: DirectedScene, said: Sequence[_Said], mind: str) -> tuple[DirectedScene, str]:
        """The scene cut and watched as wished, as far as it is legal, and why not where the wish is none."""
        starts, watched, why = self._wished(said)
        if why:
            return standing, why
        frames = dict(
            zip(
                (first for first, _ in self.cutting.ranges(standing, self.fixed)),
                ({n.who for n in notes_of(s, self.people)} for s in free_shots(standing, self.fixed)),
                strict=True,
            )
        )
        if {*starts} == frames.keys() and all({*watched.get(n, ())} in (set(), frames[n]) for n in starts):
            return standing, ""
        fresh = cut_anew(self.brief, self.settings, self.fixed, self.revisions, self.cutting, starts, watched)
        before = {s.shot_id: s for s in standing.shots}
        if [(s.shot_id, s.intent) for s in fresh.shots] == [(s.shot_id, s.intent) for s in standing.shots]:
            return standing, ""
        taken = {s.narrative.shot_purpose for s in fresh.shots}
        shots = []
        for shot in fresh.shots:
            old = before.get(shot.shot_id)
            if old is None:
                shots.append(shot.model_copy(update={"because": f"{shot.because}; the cut is {mind}'s"}))
            elif old.intent.on != shot.intent.on:
                shots.append(shot.model_copy(update={"because": f"{shot.because}; the frame is {mind}'s"}))
            elif old.mind != "rules" and old.narrative.shot_purpose not in taken:
                shots.append(shot.model_copy(update={"narrative": old.narrative, "mind": old.mind}))
            else:
                shots.append(shot)
        return fresh.model_copy(update={"shots": tuple(shots)}), ""

    def _wished(self, said: Sequence[_Said]) -> tuple[list[int], dict[int, tuple[EntityId, ...]], str]:
        """The blocks at which shots are wished to begin, and by block whom they watch; or why it is no cut.

        What an answer leaves out keeps the draft's cuts.
        """
        count = len(self.cutting.blocks)
        starts: list[int] = []
        watched: dict[int, tuple[EntityId, ...]] = {}
        end = -1
        for entry in said:
            if entry.span[1] <= end:
                continue
            people = dict.fromkeys(self._known_as(who) for who, how in entry.play if how.strip())
            seen = tuple(w for w in people if w is not None)
            starts.append(end + 1)
            watched.update(dict.fromkeys(range(end + 1, entry.span[1] + 1), seen))
            end = entry.span[1]
        least, most = self.bounds()
        why = ""
        if not starts:
            why = f"give each shot the numbers of its first and last piece, 1 to {count}"
        elif end + 1 < LEAST_ANSWERED * count:
            why = f"your shots end at piece {end + 1}; go on to piece {count}"
        elif end + 1 < count:
            starts.extend([end + 1, *(a for a, _ in self.cutting.draft if a > end + 1)])
        if not why and not least <= len(starts) <= most:
            why = f"you give {len(starts)} shots; give {least} to {most}"
        return starts, watched, why

    def _known_as(self, who: str) -> EntityId | None:
        """The person of the scene whom a model names."""
        asked = who.casefold().strip(" .:").removeprefix("the ")
        for member in self.brief.cast:
            c = member.character
            names = (self.people.name(c.id), c.name, *c.cues, *c.aliases)
            if asked and asked in {n.casefold().removeprefix("the ") for n in names}:
                return c.id
        return None

    # wording

    def _word(
        self, scene: DirectedScene, standing: DirectedScene, said: Sequence[_Said], open_keys: frozenset[str], mind: str
    ) -> tuple[_Worded, dict[str, str]]:
        """The scene's shots with the answer's words, and why a key that is open got none."""
        shots = free_shots(scene, self.fixed)
        spans = self.cutting.ranges(scene, self.fixed)
        before = {s.shot_id for s in standing.shots}
        worded = _Worded({s.shot_id: s for s in scene.shots}, {}, set(), set())
        keyed = [self._nearest(span, self.cutting.draft) for span in spans]
        chosen = self._chosen(said, spans)
        for n, shot in enumerate(shots):
            entry = chosen.get(n)
            for kind, word in (("purpose", self._purpose), ("play", self._play)):
                key = f"{kind} {keyed[n] + 1}"
                if key not in open_keys and not (shot.shot_id not in before and CUT in open_keys):
                    continue
                if entry is None:
                    within = any(self._shared(e.span, spans[n]) for e in said)
                    why = "it has to be a shot of its own; word it" if within else "you give no shot there"
                    worded.reasons.setdefault(key, f"pieces {spelled(spans[n])}: {why}")
                    continue
                word(worded, shot.shot_id, entry, key, spans[n], mind)
        refused = {}
        with_people = {keyed[n] for n, s in enumerate(shots) if notes_of(s, self.people)}
        for key in sorted(open_keys - {CUT}):
            kind, _, number = key.partition(" ")
            at = int(number) - 1
            needed = at in keyed if kind == "purpose" else at in with_people
            if needed and key not in worded.good:
                refused[key] = worded.reasons.get(key, "you give nothing for it")
        return worded, refused

    def _nearest(self, span: Range, among: Sequence[Range]) -> int:
        """Index of the range that shares most time with a span; -1 where none shares any."""
        shared = [self._shared(span, other) for other in among]
        best = max(range(len(among)), key=lambda n: (shared[n], -n), default=-1)
        return best if best >= 0 and shared[best] > 0 else -1

    def _shared(self, a: Range, b: Range) -> float:
        first, last = max(a[0], b[0]), min(a[1], b[1])
        return self.cutting.seconds((first, last)) if first <= last else 0.0

    def _chosen(self, said: Sequence[_Said], spans: Sequence[Range]) -> dict[int, _Said]:
        """Shot -> the entry that says most of it, each entry for one shot only."""
        chosen: dict[int, _Said] = {}
        for entry in said:
            n = self._nearest(entry.span, spans)
            if n >= 0 and (
                n not in chosen or self._shared(entry.span, spans[n]) > self._shared(chosen[n].span, spans[n])
            ):
                chosen[n] = entry
        return chosen

    def _purpose(self, worded: _Worded, identity: str, entry: _Said, key: str, span: Range, mind: str) -> None:
        shot = worded.shots[identity]
        stands = shot.narrative.shot_purpose
        try:
            if _same(entry.purpose, stands):
                if self._sent_back(identity):
                    raise Refused("these are the words that were sent back")
                text = stands
            else:
                others = [s.narrative.shot_purpose for i, s in worded.shots.items() if i != identity]
                text = purpose(entry.purpose, self.known, others)
        except Refused as no:
            worded.reasons[key] = f"pieces {spelled(span)}: {no.why}"
            return
        worded.good.add(key)
        if text != stands:
            worded.changed.add(key)
            narrative = shot.narrative.model_copy(update={"shot_purpose": text})
            worded.shots[identity] = shot.model_copy(update={"narrative": narrative, "mind": mind})

    def _play(self, worded: _Worded, identity: str, entry: _Said, key: str, span: Range, mind: str) -> None:
        shot = worded.shots[identity]
        notes = notes_of(shot, self.people)
        if not notes:
            return
        others = [n.text.rpartition("; ")[2] for i, s in worded.shots.items() if i != identity
                  for n in notes_of(s, self.people)] if entry.play else []  # fmt: skip
        texts: dict[str, str] = {}
        whys: list[str] = []
        for who, how in entry.play:
            note = self._whose(who, notes)
            if note is None or note.who in texts:
                continue
            try:
                texts[note.who] = self._note(shot, note, how, [*others, *texts.values()])
            except Refused as no:
                whys.append(f"{note.label}: {no.why}")
        if not texts:
            named = ", ".join(n.label for n in notes)
            worded.reasons[key] = f"pieces {spelled(span)}: {'; '.join(whys[:2]) or f'no note for {named}'}"
            return
        worded.good.add(key)
        told = put_together(notes, texts)
        if told != shot.narrative.character_performance:
            worded.changed.add(key)
            narrative = shot.narrative.model_copy(update={"character_performance": told})
            worded.shots[identity] = shot.model_copy(update={"narrative": narrative, "mind": mind})

    def _note(self, shot: DirectedShot, note: Note, how: str, others: Sequence[str]) -> str:
        if _same(how, note.text):
            if self._sent_back(shot.shot_id):
                raise Refused("these are the words that were sent back")
            return note.text
        worded = performance(
            how, note.label, self.known, speaks=speaks_in(shot, note.who), delivery=delivery_of(shot, note.who),
            others=others,
        )  # fmt: skip
        inside, outside = self._shown(shot)
        if done_elsewhere(worded, inside, outside):
            raise Refused("that is done in another shot")
        return after_script(note, shot, inside, worded)

    def _shown(self, shot: DirectedShot) -> tuple[str, list[str]]:
        """The script's action in a shot, and each sentence of it outside the shot."""
        units = set(shot.units)
        action = [u for u in self.brief.scene.units if u.kind == "action"]
        inside = " ".join(u.text for u in action if u.id in units)
        return inside, [u.text for u in action if u.id not in units]

    def _whose(self, who: str, notes: Iterable[Note]) -> Note | None:
        """The person in frame whom a model names."""
        known = self._known_as(who)
        asked = who.casefold().strip(" .:")
        return next((n for n in notes if n.who == known or n.label.casefold() == asked), None)

    def _sent_back(self, identity: str) -> bool:
        return any(r.shot_id == identity for r in self.revisions)

    # marking

    def mark(self, scene: DirectedScene, refinement: Refinement) -> DirectedScene:
        """Say of every shot concerned which part of an answer was refused, and what is still to be asked."""
        shots = free_shots(scene, self.fixed)
        keyed = [self._nearest(span, self.cutting.draft) + 1 for span in self.cutting.ranges(scene, self.fixed)]
        mind = "the model" if refinement.mind == "rules" else refinement.mind
        settled = {*refinement.accepted, *refinement.repaired}
        marked: dict[str, DirectedShot] = {}
        for shot, number in zip(shots, keyed, strict=True):
            mine = [k for k in (CUT, f"purpose {number}", f"play {number}") if k in refinement.asked]
            whys = dict.fromkeys(
                f"as a cut, {refinement.fallen[k]}" if k == CUT else _without_pieces(refinement.fallen[k])
                for k in mine if k in refinement.fallen
            )  # fmt: skip
            notes = [f"{mind}'s answer was refused: {why}" for why in whys]
            if refinement.pending and any(k not in settled for k in mine):
                notes.append(f"not refined yet: {refinement.pending}")
            if notes:
                because = "; ".join([shot.because, *notes] if shot.because else notes)
                marked[shot.shot_id] = shot.model_copy(update={"because": because})
        if not marked:
            return scene
        return scene.model_copy(update={"shots": tuple(marked.get(s.shot_id, s) for s in scene.shots)})


def _without_pieces(why: str) -> str:
    """A reason without the numbers that only the question knows."""
    return why.partition(": ")[2] if why.startswith("pieces ") else why


def _same(said: object, stands: str) -> bool:
    return isinstance(said, str) and " ".join(said.split()).rstrip(".") == " ".join(stands.split()).rstrip(".")
