"""Advice from the vision service: what it is asked about a scene, and how its answer weighs on the choice of frames.

The service's suggestions are soft costs in the one solver that chooses the scene's frames. They only make cheaper what
the floor, the line, the script and the people's pins already allow, and less than any rule of cutting costs; so a
suggestion can move a choice between good frames and never break a hard rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.craft.geometry import heading_to, on_plan, side_of_line, turn_between
from shotwright.crew.cinematographer.candidates import arcs
from shotwright.crew.cinematographer.lighting import dominant_beat
from shotwright.crew.cinematographer.moments import moments
from shotwright.crew.cinematographer.moves import Move
from shotwright.crew.cinematographer.staging import screen_band
from shotwright.model.ids import EntityId, kind_of
from shotwright.model.shot import EmotionalBeat, Line, Subject
from shotwright.model.vision_suggestion import SceneSetting, ShotWish, SuggestContext, SuggestRequest
from shotwright.model.vocabulary import SIZE_ORDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.craft.chooser import Candidate
    from shotwright.crew.cinematographer.cameras import Setup
    from shotwright.crew.cinematographer.figures import Moment
    from shotwright.crew.cinematographer.moves import Operator
    from shotwright.crew.cinematographer.options import Arc
    from shotwright.model.crew import DirectedScene, FilmSettings
    from shotwright.model.shot import Camera
    from shotwright.model.story import SceneBrief
    from shotwright.model.vision_suggestion import PlannedShot, ShotSuggestions, Suggestion

CANDIDATES = 4
"""So many ways to photograph each shot are asked for."""
MOST_SHOTS = 200
"""So many shots of one scene are asked about, within what one question may hold; the draft stands for the others."""
WORTH = 2.0
"""What a sure suggestion takes off the cost of a frame that is all that it says: about two steps of size, and less than
any rule of cutting or than a set-up more."""
FADE = 0.7
"""Each further suggestion for a shot counts this much of the one before it."""
SIDE_M = 2.5
"""From the middle of a floor to the edge of a wide frame of it."""
WEIGHTS = {"shot_size": 0.35, "framing": 0.3, "angle": 0.15, "subject": 0.2}
NEAR_SIZE = {0: 1.0, 1: 0.4}
"""Steps of size between the suggested frame and a candidate -> how far they agree."""
BESIDE_DEG = 25.0
"""Cameras this near about their subject stand on one side of it."""


def suggest_request(
    brief: SceneBrief, directed: DirectedScene, settings: FilmSettings, previous: Sequence[PlannedShot] = ()
) -> SuggestRequest:
    """What the vision service is asked about a scene: its setting, its shots with where everyone stands, and the line.

    `previous` are shots in the same space that stand already, in order, such as the last of a scene that runs on.
    """
    scene = brief.scene
    found = moments(brief, directed)
    feeling = dominant_beat(found)
    loud = [m.shot.intent.beat.intensity for m in found if m.shot.intent.beat.name == feeling]
    return SuggestRequest(
        scene=SceneSetting(
            type=scene.scene_type,
            int_ext=scene.slugline.int_ext,
            time_of_day=scene.time_of_day,
            location=brief.place.name,
            genre=brief.genre or settings.genre,
            tone=brief.tone or settings.tone,
            emotional_beat=EmotionalBeat(name=feeling, intensity=max(loud, default=0.3)) if found else None,
        ),
        shots=tuple(
            _wish(moment, arc, scene.scene_type, settings.frame_rate)
            for moment, arc in zip(found, arcs(found), strict=True)
        )[:MOST_SHOTS],
        context=SuggestContext(previous_shots=tuple(previous), line=_line(found)),
        k=CANDIDATES,
    )


def _wish(moment: Moment, arc: Arc, scene_type: str, frame_rate: int) -> ShotWish:
    shot = moment.shot
    intent = shot.intent
    heard = next((str(line.speaker) for line in shot.dialogue if str(line.speaker) in moment.figures), "")
    named = tuple(str(e) for e in intent.on if kind_of(e) != "location")
    return ShotWish(
        shot_id=shot.shot_id,
        purpose=shot.narrative.shot_purpose,
        action=" ".join(moment.texts) or shot.narrative.action_description,
        performance=shot.narrative.character_performance,
        beat=intent.beat,
        function=shot.function,
        characters=named,
        # Of a listener the words are heard and the speaker is not the subject; of several the frame holds all.
        speaker=heard if not named or (heard in named and len(named) == 1) else "",
        duration_seconds=round(shot.duration_frames / frame_rate, 3),
        turn=arc.phase == "peak",
        blocking=tuple(
            Subject(
                entity=EntityId(f.id),
                position_m=(round(f.at[0], 3), 0.0, round(f.at[1], 3)),
                heading_deg=round(f.gaze_heading, 1),
                screen_position=screen_band(f.at[0] / SIDE_M),
                pose_start=f.pose_start,
                pose_end=f.pose_end,
            )
            for f in moment.figures.values()
        )
        + tuple(
            Subject(entity=EntityId(name), position_m=moment.things[name], heading_deg=0.0, screen_position="center")
            for name in named
            if name in moment.things
        ),
        tags=(intent.beat.name, scene_type),
    )


def _line(found: Sequence[Moment]) -> Line | None:
    """The first line of action of the scene; cameras work from the open side of every floor, towards +z."""
    for moment in found:
        if moment.pair is not None:
            a, b = moment.pair
            here, there = moment.figures[a].at, moment.figures[b].at
            open_side = (here[0] + there[0]) / 2, (here[1] + there[1]) / 2 + 5.0
            right = side_of_line(here, there, open_side) > 0
            return Line(kind="look", a=a, b=b, side="right" if right else "left", passage=1)
    return None


@dataclass(slots=True)
class Advice:
    """The suggestions for a scene's shots, weighed into the costs of its candidates and held against the choice."""

    by_shot: dict[str, ShotSuggestions]
    overruled: bool = False
    """The scene cuts together only without it."""

    @classmethod
    def of(cls, advice: Sequence[ShotSuggestions]) -> Advice:
        return cls({said.shot_id: said for said in advice})

    def said(self, shot_id: str) -> tuple[Suggestion, ...]:
        """The suggestions for a shot that say anything in our vocabulary, the best first."""
        known = self.by_shot.get(shot_id)
        return () if known is None else tuple(s for s in known.candidates if _terms(s))

    def weigh(self, found: Sequence[Moment], options: Sequence[Sequence[Candidate]]) -> None:
        """Take the worth of the best fitting suggestion off the cost of every candidate."""
        for moment, row in zip(found, options, strict=True):
            said = self.said(moment.shot.shot_id)
            for candidate in row:
                best = (s.score * FADE**n * _agreement(s, candidate, moment) for n, s in enumerate(said))
                candidate.cost -= WORTH * max(best, default=0.0)


def _terms(suggestion: Suggestion) -> bool:
    return bool(suggestion.shot_size or suggestion.framing or suggestion.angle or suggestion.movement)


def _agreement(suggestion: Suggestion, candidate: Candidate, moment: Moment) -> float:
    """0-1: how much of what a suggestion says of the frame a candidate is."""
    parts: dict[str, float] = {}
    if suggestion.shot_size and candidate.kind != "insert":
        parts["shot_size"] = NEAR_SIZE.get(abs(SIZE_ORDER[suggestion.shot_size] - candidate.size), 0.0)
    if suggestion.framing:
        parts["framing"] = float(suggestion.framing == framing_of(candidate, moment))
    if suggestion.angle:
        parts["angle"] = float(suggestion.angle == candidate.angle)
    camera = suggestion.camera
    if camera is not None and candidate.kind in ("single", "over", "moving", "insert"):
        same = float(camera.focus.on == candidate.primary)
        own = moment.figures.get(candidate.primary)
        if same and own is not None and candidate.kind == "single" and suggestion.framing == "single":
            from_here = heading_to(own.at, on_plan(camera.position_m))
            same = 1.0 if abs(turn_between(from_here, candidate.around)) < BESIDE_DEG else 0.7
        parts["subject"] = same
    whole = sum(WEIGHTS[name] for name in parts)
    return sum(WEIGHTS[name] * value for name, value in parts.items()) / whole if whole else 0.0


def framing_of(candidate: Candidate, moment: Moment) -> str:
    """The word for the frame that a candidate would be."""
    if candidate.kind == "master":
        return ("empty", "single", "two_shot", "three_shot")[n] if (n := len(moment.figures)) < 4 else "group"
    return {"moving": "single", "over": "over_the_shoulder", "two": "two_shot"}.get(candidate.kind, candidate.kind)


def fits(suggestion: Suggestion, candidate: Candidate, moment: Moment) -> bool:
    """Whether a candidate is all that a suggestion says of the frame."""
    if candidate.kind == "insert" and suggestion.framing == "insert":
        return _on_whom(suggestion, candidate)
    return (
        (suggestion.shot_size is None or SIZE_ORDER[suggestion.shot_size] == candidate.size)
        and (suggestion.framing is None or suggestion.framing == framing_of(candidate, moment))
        and (suggestion.angle is None or suggestion.angle == candidate.angle)
        and _on_whom(suggestion, candidate)
    )


def followed(suggestion: Suggestion, camera: Camera, candidate: Candidate) -> bool:
    """Whether the camera that was set is the frame that a suggestion describes, its move apart. How near and from how
    high an insert is seen, its thing decides."""
    if candidate.kind == "insert" and suggestion.framing == "insert":
        return _on_whom(suggestion, candidate)
    return (
        suggestion.shot_size in (None, camera.shot_size)
        and suggestion.framing in (None, camera.framing)
        and suggestion.angle in (None, camera.angle)
        and _on_whom(suggestion, candidate)
    )


def _on_whom(suggestion: Suggestion, candidate: Candidate) -> bool:
    if suggestion.camera is None or candidate.kind not in ("single", "over", "moving", "insert"):
        return True
    return suggestion.camera.focus.on == candidate.primary


def crosses(suggestion: Suggestion, moment: Moment, setup: Setup, line: Line | None) -> bool:
    """Whether a suggested camera stands on the other side of the line that the frame is staged on."""
    if any(v.rule == "C180" for v in suggestion.violations):
        return True
    if suggestion.camera is None or line is None:
        return False
    ends = []
    for name in (line.a, line.b):
        figure, thing = moment.figures.get(name), moment.things.get(name)
        if figure is not None:
            ends.append(figure.at)
        elif thing is not None:
            ends.append((thing[0], thing[2]))
    if len(ends) < 2:
        return False
    a, b = ends
    return side_of_line(a, b, on_plan(suggestion.camera.position_m)) * side_of_line(a, b, setup.plan) < 0


def advised_move(said: Sequence[Suggestion], move: Move, operator: Operator, i: int, moment: Moment) -> Move:
    """The first suggestion's move in or out, where the rules leave the camera still, nobody speaks, and the scene has
    neither moved in feeling nor a turn still to come that its one push-in is kept for; else the move as it is."""
    if not said or move.type != "static" or move.support != "tripod" or move.spoken or moment.shot.dialogue:
        return move
    first = said[0]
    arc = operator.arcs[i]
    free = operator.push_at < 0 and not operator.pushes_written and not operator.breath_spent
    if first.movement not in ("dolly_in", "dolly_out") or not free or arc.index < arc.turn_at:
        return move
    if first.movement == "dolly_in" and not operator.brief.allowance.push_in:
        return move
    operator.breath_spent = True
    speed = first.speed if first.speed in ("very_slow", "slow") else "slow"
    way = "in" if first.movement == "dolly_in" else "back"
    return Move(first.movement, speed, "dolly", f"the camera is drawn {way} once, as the vision service suggests")
