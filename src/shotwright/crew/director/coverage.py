"""What each clip looks at: its function, its focus and who may be in frame, decided over the whole scene."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shotwright.craft.timing import table
from shotwright.crew.director.wishes import watch
from shotwright.model.ids import EntityId, kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shotwright.crew.director.pieces import Piece, SceneMap
    from shotwright.crew.director.solver import Clip
    from shotwright.model.story import SceneBrief
    from shotwright.model.vocabulary import ShotFunction

PEOPLE = ("character", "animal")
MOST_ON = 4
TALK = frozenset({"dialogue_2", "dialogue_group", "standoff_3", "car"})


@dataclass(slots=True)
class Coverage:
    """The Director's view of one clip before it is worded."""

    clip: Clip
    focus: str = "action"
    on: list[EntityId] = field(default_factory=list)
    present: list[EntityId] = field(default_factory=list)
    function: ShotFunction = "coverage"
    beat: str = "calm"
    came_from: str = "calm"
    intensity: float = 0.3
    turn: bool = False
    peak: bool = False
    because: str = ""

    @property
    def pieces(self) -> list[Piece]:
        return self.clip.pieces

    @property
    def speech(self) -> list[Piece]:
        return [p for p in self.clip.pieces if p.kind == "speech"]

    @property
    def action(self) -> list[Piece]:
        return [p for p in self.clip.pieces if p.kind == "action"]

    @property
    def actors(self) -> list[EntityId]:
        return list(dict.fromkeys(a for p in self.clip.pieces for a in p.actors))

    @property
    def held(self) -> float:
        return round(sum(p.hold for p in self.clip.pieces), 2)


def cover(
    clips: list[Clip], brief: SceneBrief, scene: SceneMap, wanted: Mapping[int, tuple[EntityId, ...]] | None = None
) -> list[Coverage]:
    """Give every clip its focus, its people and its function, in scene order.

    `wanted`: first piece of a clip, counted over all clips -> who is wished to be in its frame.
    """
    shots = [Coverage(clip) for clip in clips]
    if not shots:
        return shots
    _who_is_there(shots, brief, scene)
    _feelings(shots, brief, scene)
    before: Coverage | None = None
    seen: set[EntityId] = set()
    for shot in shots:
        _look_at(shot, seen)
        seen.update(shot.on)
        seen.update(s for p in shot.speech for s in p.speakers)
        if before is not None and not shot.on and not shot.action and _voice_over_alone(shot):
            # A voice over nothing new runs on over the picture that is there.
            shot.focus, shot.on = ("action" if before.focus != "thing" else "thing"), list(before.on)
            shot.present = list(dict.fromkeys([*before.present, *shot.present]))
        before = shot
    _alternate(shots)
    if wanted:
        watch(shots, wanted)
    _functions(shots, brief)
    return shots


def _who_is_there(shots: list[Coverage], brief: SceneBrief, scene: SceneMap) -> None:
    """Who could be in frame: present in the place, in this element or on this side; never a voice."""
    in_place: list[tuple[EntityId, int, int, bool]] = []
    voices: set[str] = set()
    brief_order = [p.character for p in brief.scene.presences if not p.voice_only]
    for presence in brief.scene.presences:
        if presence.voice_only:
            voices.add(presence.character)
            continue
        enters = scene.order.get(presence.enters or "", -1)
        exits = scene.order.get(presence.exits or "", len(scene.beats))
        in_place.append((presence.character, enters, exits, presence.on_phone))
    back: set[EntityId] = set()
    for shot in shots:
        first, last = shot.pieces[0].at, shot.pieces[-1].at
        segment = shot.pieces[0].segment
        there = [who for who, enters, exits, _ in in_place if enters <= last and exits >= first]
        if segment == "intercut":
            far = shot.pieces[0].place != brief.scene.location
            there = [who for who in there if not scene.far or (who in scene.far) == far]
        elif segment == "montage":
            named = {a for p in shot.pieces for a in p.actors} | {
                s for p in shot.speech if p.voice in ("room", "phone") for s in p.speakers
            }
            there = [who for who in there if who in named]
        acting = set(shot.actors)
        hidden = {s for p in shot.speech if p.voice in ("off_screen", "voice_over") for s in p.speakers} - acting
        there += [who for who in brief_order if who in back and who not in there] if segment == "normal" else []
        only_over = {s for p in shot.speech if p.voice == "off_screen" for s in p.speakers} - acting
        shot.present = [who for who in there if who not in only_over]
        # Whoever acts or talks in the room is there, whatever was understood of comings and goings.
        talking = [s for p in shot.speech if p.voice == "room" for s in p.speakers if kind_of(s) in PEOPLE]
        for who in (*shot.actors, *talking):
            if kind_of(who) in PEOPLE and who not in shot.present and who not in voices and who not in hidden:
                shot.present.append(who)
                back.add(who)
        back.difference_update(who for p in shot.action if p.note for who in p.note.exits)


def _feelings(shots: list[Coverage], brief: SceneBrief, scene: SceneMap) -> None:
    for shot in shots:
        found = [b for p in shot.pieces if (b := scene.beats[p.at]) is not None]
        if found:
            beat = max(found, key=lambda b: b.intensity)
            shot.beat, shot.came_from, shot.intensity = beat.name, beat.came_from, beat.intensity
    turning = [n for n, s in enumerate(shots) if any(p.at == scene.turn_at for p in s.pieces)]
    if turning:
        at = turning[-1]
        if brief.scene.turn is not None and len(turning) > 1 and "…" not in brief.scene.turn.what:
            # The piece that the finding quotes turns the scene; else the end of the speech, which cannot be unsaid.
            quoted = plain_words(brief.scene.turn.what.partition(",")[2])
            shares = [
                sum(1 for p in shots[n].pieces if p.at == scene.turn_at for w in plain_words(p.text) if w in quoted)
                for n in turning
            ]
            if max(shares) >= 4:
                at = turning[max(range(len(turning)), key=lambda i: (shares[i], i))]
        shots[at].turn = shots[at].peak = True
    elif len(shots) > 2:
        top = max(range(len(shots)), key=lambda n: (shots[n].intensity, n if n < len(shots) - 1 else -1))
        shots[top].peak = shots[top].intensity >= 0.5


def plain_words(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, without their punctuation."""
    return tuple(w for x in text.lower().replace("’", "'").split() if (w := x.strip(".,;:!?…\"“”'()-–—")))


def _look_at(shot: Coverage, seen: set[EntityId]) -> None:
    """Focus and subjects of one clip by itself."""
    there = set(shot.present)
    speakers = list(dict.fromkeys(s for p in shot.speech if p.voice != "voice_over" for s in p.speakers))
    visible = [s for s in speakers if s in there]
    actors = [a for a in shot.actors if a in there]
    things = list(dict.fromkeys(t for p in shot.action if p.note for t in p.note.things))
    if _written_look(shot, there, actors, things):
        return
    action_time = shot.clip.natural - shot.clip.speech
    if visible:
        heard = sum(p.seconds for p in shot.speech)
        others = [a for a in actors if a not in visible]
        together = {s for p in shot.speech for s in p.speakers if len(p.speakers) > 1}
        if not others and len(visible) == 1:
            shot.focus, shot.on = "speaker", visible
            if actors and action_time > heard * 1.2 + 1.0:
                shot.focus = "action"
        elif not others:
            shot.focus, shot.on = ("group" if len(visible) > 3 else "exchange"), visible
        elif len(others) > 1 and len(visible) == 1 and visible[0] not in actors and visible[0] in seen:
            # What others do is shown, and the words go on over it.
            shot.focus, shot.on = ("group" if len(others) > 3 else "action"), others
            shot.because = "the words are heard over what the others do"
        elif actors == others[:1] and len(visible) == 1 and not together and _only_hears(shot, others[0], heard):
            shot.focus, shot.on = "listener", others
        else:
            first = actors if action_time > heard * 1.2 + 1.0 else visible
            shot.on = list(dict.fromkeys([*first, *visible, *actors]))
            shot.focus = "group" if len(shot.on) > 3 else "action" if first is actors else "exchange"
        return
    _look_silent(shot, there, actors, things, seen)


def _only_hears(shot: Coverage, who: EntityId, heard: float) -> bool:
    """A look or a still moment of the one who is spoken to, and a short line: the line plays over the listener."""
    quiet = all(p.floor <= 0.6 or p.hold for p in shot.action)
    return quiet and heard <= 3.0 and any(p.addressee == who for p in shot.speech)


def _look_silent(
    shot: Coverage, there: set[EntityId], actors: list[EntityId], things: list[EntityId], seen: set[EntityId]
) -> None:
    """Focus and subjects of a clip in which nobody in frame speaks."""
    action_time = shot.clip.natural - shot.clip.speech
    if actors:
        shot.on = actors
        shot.focus = "group" if len(actors) > 3 else "action"
        if any(p.note and p.note.travel for p in shot.action):
            shot.focus = "travel"
        over = any(p.voice == "voice_over" for p in shot.speech)
        if shot.speech and len(actors) == 1 and action_time < 2.5 and not over:
            shot.focus = "listener"
        return
    if shot.speech:
        addressed = next((p.addressee for p in shot.speech if p.addressee in there), None)
        # Who has had no part so far is not suddenly the one who listens.
        hearing = addressed or next((w for w in shot.present if w in seen), None) or next(iter(shot.present), None)
        if hearing:
            shot.focus, shot.on = "listener", [hearing]
            if all(p.voice == "voice_over" for p in shot.speech):
                own = [s for p in shot.speech for s in p.speakers if s in there]
                shot.focus = "action"
                shot.on = own[:1] or (shot.present[:2] if shot.action else shot.present[:1])
            return
    if things and not _wide_words(shot):
        shot.focus, shot.on = "thing", things[:2]
    elif len(shot.present) > 0 and not _wide_words(shot) and shot.held:
        shot.focus, shot.on = "group" if len(shot.present) > 2 else "exchange", shot.present[:MOST_ON]
        if len(shot.present) == 1:
            shot.focus = "action"
    else:
        shot.focus, shot.on = "place", []


def _voice_over_alone(shot: Coverage) -> bool:
    return bool(shot.speech) and all(p.voice == "voice_over" for p in shot.speech)


def _wide_words(shot: Coverage) -> bool:
    return any(d.kind in ("wide", "crane", "overhead") for p in shot.pieces for d in p.written)


def _written_look(shot: Coverage, there: set[EntityId], actors: list[EntityId], things: list[EntityId]) -> bool:
    """What the script's own direction says to look at."""
    for piece in shot.pieces:
        for direction in piece.written:
            target = EntityId(direction.target) if "/" in direction.target else None
            if direction.kind == "pov":
                shot.focus = "pov"
                shot.on = things[:2] or [a for a in actors if a != target][:2]
                return True
            if direction.kind in ("insert", "close_on", "angle_on", "push_in", "rush_in", "hold", "back_to", "zoom"):
                if target and kind_of(target) in PEOPLE and target in there:
                    spoken = any(target in p.speakers for p in shot.speech)
                    shot.focus, shot.on = ("speaker" if spoken else "action"), list(dict.fromkeys([target, *actors]))
                    return True
                if target and kind_of(target) in ("prop", "vehicle"):
                    shot.focus, shot.on = "thing", [target, *_beside(shot, [target], actors)]
                    return True
                if direction.kind == "insert" and not shot.speech:
                    shot.focus, shot.on = "thing", [*things[:1], *_beside(shot, things[:1], actors)]
                    return True
            if direction.kind in ("wide", "crane", "overhead") and not shot.speech:
                shot.focus, shot.on = (
                    ("group" if len(actors) > 2 else "action" if actors else "place"),
                    actors,
                )
                return True
    reads = next((p for p in shot.action if p.reads and not p.title), None)
    busy = {a for p in shot.action if not p.hold for a in p.actors}
    if reads and not shot.speech and len(busy) < 2:
        shown = (list(reads.note.things[:1]) if reads.note else []) or things[:1]
        if shown:
            shot.focus, shot.on = "thing", [*shown, *_beside(shot, shown, actors)]
            return True
    return False


def _beside(shot: Coverage, shown: list[EntityId], actors: list[EntityId]) -> list[EntityId]:
    """Whose doings the shot of a thing carries: all who act in it, the hands first."""
    hands = [w for p in shot.action if p.note for w, t in (*p.note.takes, *p.note.drops) if t in shown and w in actors]
    return list(dict.fromkeys([*hands, *actors]))


def _alternate(shots: list[Coverage]) -> None:
    """Let a long speech be heard over its listener at least once, and end its peak on the speaker."""
    n = 0
    while n < len(shots):
        unit = _carried_on(shots[n])
        last = n
        while unit and last + 1 < len(shots) and any(p.unit == unit for p in shots[last + 1].speech):
            last += 1
            if not shots[last].pieces or shots[last].speech[-1].unit != unit:
                break
        if last > n:
            _spread(shots, n, last, unit)
        n = max(n + 1, last)


def _carried_on(shot: Coverage) -> str:
    """The unit of a speech that this clip leaves unfinished."""
    tail = [p for p in shot.speech if not p.ends_speech]
    return shot.speech[-1].unit if tail and not shot.speech[-1].ends_speech else ""


def _spread(shots: list[Coverage], first: int, last: int, unit: str) -> None:
    run = [s for s in shots[first : last + 1] if s.focus in ("speaker", "exchange", "listener")]
    for shot in run:
        speech = next(p for p in shot.speech if p.unit == unit)
        speaker = next((s for s in speech.speakers if s in shot.present), None)
        if speaker is None or shot.focus == "listener":
            continue
        if {p.unit for p in shot.speech} == {unit} and shot.focus == "exchange" and not shot.actors:
            shot.focus = "speaker"
    count = len(run)
    peaked = any(s.peak for s in run)
    if count < 2:
        return
    if peaked:
        quiet = {count - 2} if count > 2 else set()
        quiet |= set(range(1, count - 3, 2))
    else:
        quiet = set(range(1, count, 2))
    if count == 2 and peaked:
        quiet = {0} if first and shots[first - 1].focus == "speaker" else {1} if not run[1].peak else {0}
    for at in sorted(quiet):
        shot = run[at]
        speech = next(p for p in shot.speech if p.unit == unit)
        if {p.unit for p in shot.speech} != {unit} or shot.focus == "listener":
            continue
        known = {w for s in shots[:first] for w in (*s.on, *(x for p in s.speech for x in p.speakers))}
        others = [
            w
            for w in shot.present
            if w not in speech.speakers and kind_of(w) in PEOPLE and (w in known or w == speech.addressee or not first)
        ]
        listener = speech.addressee if speech.addressee in others else (others[0] if others else None)
        if listener is None or any(a != listener for a in shot.actors):
            continue
        shot.focus, shot.on = "listener", [listener]
        shot.because = "the line is heard over the one who must hear it"


def _functions(shots: list[Coverage], brief: SceneBrief) -> None:
    before: Coverage | None = None
    mastered: set[tuple[str, str]] = set()
    for n, shot in enumerate(shots):
        shot.function = _function(shot, before, n, len(shots), brief, mastered)
        if shot.function == "master" and brief.scene.scene_type in TALK and shot.focus in ("action", "group", "travel"):
            # The master of a talk places those who talk, whoever else passes.
            talkers = [p.character for p in brief.scene.presences if p.speeches and p.character in shot.present]
            if not set(talkers) & set(shot.on):
                shot.on = list(dict.fromkeys([*talkers[:MOST_ON], *shot.on]))
        before = shot


def _function(
    shot: Coverage, before: Coverage | None, n: int, count: int, brief: SceneBrief, mastered: set[tuple[str, str]]
) -> ShotFunction:
    segment = shot.pieces[0].segment
    if segment == "montage":
        return "montage_element"
    if segment == "series_of_shots":
        return "series_element"
    key = (segment, shot.pieces[0].place)
    written = {d.kind for p in shot.pieces for d in p.written}
    if shot.focus in ("thing", "pov"):
        return "reveal" if "reveal" in written else "cutaway"
    if key not in mastered:
        mastered.add(key)
        if shot.focus == "place" and not shot.speech:
            return "establishing"
        if shot.focus in ("speaker", "listener") and len(shot.pieces) == len(shot.speech):
            return "coverage" if n else "master"
        return "master"
    if "reveal" in written or any(p.note and p.note.enters for p in shot.action):
        return "reveal"
    if n == count - 1 and count > 2 and shot.clip.speech <= 2.0:
        return "button"
    if shot.focus == "listener":
        return "reaction"
    looks = table().action["look_floor"]
    if not shot.speech and shot.action and len(shot.on) == 1 and all(p.floor <= looks or p.hold for p in shot.action):
        return "reaction"
    if shot.focus == "place":
        return "establishing" if n == 1 and before is not None and before.function == "establishing" else "cutaway"
    if (
        before is not None
        and shot.focus == "speaker"
        and before.focus in ("speaker", "listener")
        and before.on[:1] != shot.on[:1]
    ):
        return "reverse"
    return "coverage"
