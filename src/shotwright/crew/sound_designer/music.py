"""Spotting: where the film has music, in and out with reasons, and where it is left alone.

A scene's need for music is counted from what it is (its own beats, turn, form, and the form of its neighbours), never
from lengths or positions, so that a line more in one scene moves no cue of another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.crew.sound_designer.lexicon import Spotting, spotting
from shotwright.model.crew import FilmSettings, MusicPlan
from shotwright.model.ids import SceneId, UnitId, digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.story import Beat, SceneStory, Story

_STRONG = 0.7
_FELT = 0.5
_PLAIN = frozenset(("wordless", "establishing", "voice_over"))
"""Reasons that are given only when there is no better one."""
_CLASHES = ({"dark", "bright"}, {"driven", "tender"}, {"driven", "bright"}, {"dark", "tender"})
"""Families of feeling between which one cue cannot run on."""
_SLIGHT = 14
"""Units below which a run of scenes is too slight for a cue of its own."""
_TALK = 10
"""Speeches above which a scene is a talk: no cue runs on under it; it may have one of its own, on its turn."""
_BRIDGED_TALK = 4
"""Speeches up to which a scene between two scored ones may be played through."""
_BUILD = 6
"""Units that a cue has at least to itself when it builds to a late turn."""
_FORMS = frozenset(("montage", "series_of_shots"))
_MOODS = {"dark": "dread", "bright": "lightness", "driven": "movement", "tender": "tenderness"}


@dataclass(frozen=True, slots=True)
class _Need:
    """What a scene says for and against music."""

    points: float
    why: str
    family: str
    beat: str
    montage: bool
    sources: tuple[tuple[UnitId, UnitId | None, str, bool], ...]
    """(from unit, to unit, what is heard, in the scene?) of music that the script itself has."""


def plan_music(story: Story, settings: FilmSettings) -> tuple[tuple[SceneId, MusicPlan], ...]:
    """The film's cue list, as it falls to each scene, in film order.

    A cue starts on a turn, a change of feeling, a montage, a flashback's edge or an ending; it runs on while the scenes
    that follow carry the same family of feeling. Music that the script plays in a scene takes the score's place in it.
    """
    del settings  # numbering is the last step's; nothing of the settings moves a cue
    table = spotting()
    scenes = [scene for scene in story.scenes if scene.units]
    points_of = _plot_scenes(story)
    needs = [_need(at, scenes, points_of, table) for at in range(len(scenes))]
    level = _level(needs, table)
    plans: list[tuple[SceneId, MusicPlan]] = []
    at = 0
    while at < len(scenes):
        if needs[at].sources:
            plans.extend((scenes[at].scene_id, plan) for plan in _scripted(scenes[at], needs[at], table))
            at += 1
            continue
        if needs[at].points < level:
            at += 1
            continue
        end = at
        while end + 1 < len(scenes) and end - at + 1 < table.longest_scenes:
            if _runs_on(needs, scenes, end, level - table.hold):
                end += 1
            elif end - at + 2 < table.longest_scenes and _bridges(needs, scenes, end, level):
                end += 2
            else:
                break
        if _is_slight(scenes[at : end + 1], needs[at : end + 1], at == 0 or end + 1 == len(scenes)):
            at = end + 1
            continue
        after = (scenes[end + 1], needs[end + 1]) if end + 1 < len(scenes) else None
        plans.extend(_cue(scenes[at : end + 1], needs[at : end + 1], after, table))
        at = end + 1
    return tuple(plans)


def _plot_scenes(story: Story) -> dict[SceneId, str]:
    kinds: dict[SceneId, str] = {}
    for point in story.plot_points:
        if point.kind not in ("introduction", "turn"):
            kinds.setdefault(point.scene, point.kind.replace("_", " "))
    return kinds


def _need(at: int, scenes: list[SceneStory], plot: dict[SceneId, str], table: Spotting) -> _Need:
    scene = scenes[at]
    strongest = _strongest(scene)
    montage = scene.scene_type in _FORMS or any(segment.kind in _FORMS for segment in scene.segments)
    for_it = [*_drama(scene, strongest, plot, table), *_form(at, scenes, montage)]
    points = sum(table.weights[name] for name, _ in for_it) + sum(
        table.weights[name] for name in _against(scene, montage)
    )
    reason = max(for_it, key=lambda pair: (pair[0] not in _PLAIN, table.weights[pair[0]]))[1] if for_it else ""
    beat = strongest.name if strongest else "calm"
    return _Need(points, reason, table.families[beat], beat, montage, _sources(scene, table))


def _form(at: int, scenes: list[SceneStory], montage: bool) -> list[tuple[str, str]]:
    """(weight's name, why) of what the scene's form and its place in the film say for music."""
    scene, before = scenes[at], scenes[at - 1] if at else None
    found: list[tuple[str, str]] = []
    if montage:
        found.append(("montage", "a montage wants one thread through it"))
    if at == 0:
        found.append(("opens_film", "the film opens"))
    if at + 1 == len(scenes):
        found.append(("closes_film", "the film closes"))
    inner = any(segment.kind in ("flashback", "dream") for segment in scene.segments)
    if (before is not None and scene.flashback != before.flashback) or (inner and not scene.flashback):
        found.append(("flashback_edge", "we go into the past" if scene.flashback or inner else "the past lets us go"))
    if scene.dream:
        found.append(("dream", "the scene is dreamt"))
    if scene.scene_type == "action_chase":
        found.append(("chase", "the chase carries it"))
    if scene.scene_type in ("discovery", "suspense"):
        found.append(("discovery", "something is found without a word"))
    if scene.scene_type == "establishing":
        found.append(("establishing", "a new place is shown"))
    if not scene.speeches and len(scene.units) >= 3:
        found.append(("wordless", "nobody speaks"))
    if scene.speeches and all(speech.voice == "voice_over" for speech in scene.speeches):
        found.append(("voice_over", "only a voice over is heard"))
    return found


def _drama(
    scene: SceneStory, strongest: Beat | None, plot: dict[SceneId, str], table: Spotting
) -> list[tuple[str, str]]:
    """(weight's name, why) of what happens in the scene."""
    found: list[tuple[str, str]] = []
    if scene.scene_id in plot:
        found.append(("plot_point", f"the story has its {plot[scene.scene_id]} here"))
    if strongest is None:
        return found
    if scene.turn is not None and strongest.intensity >= _STRONG:
        found.append(("strong_turn", _turn_words(scene)))
    if strongest.name != "calm" and strongest.intensity >= _FELT:
        found.append(("feeling", table.why[strongest.name]))
        if strongest.intensity >= _STRONG:
            found.append(("strong_feeling", table.why[strongest.name]))
    return found


def _against(scene: SceneStory, montage: bool) -> list[str]:
    """Weights' names of what speaks against music."""
    found: list[str] = []
    if scene.scene_type in ("dialogue_2", "dialogue_group", "standoff_3"):
        found.append("talk")
    if scene.scene_type == "car":
        found.append("car_talk")
    if scene.scene_type == "phone_intercut":
        found.append("phone")
    if len(scene.units) <= 1 and not montage:
        found.append("short")
    return found


def _turn_words(scene: SceneStory) -> str:
    what = scene.turn.what.rstrip(".") if scene.turn is not None else ""
    return f"the scene turns: {what}" if what else "the scene turns"


def _strongest(scene: SceneStory) -> Beat | None:
    return max(scene.beats, key=lambda beat: beat.intensity, default=None)


def _sources(scene: SceneStory, table: Spotting) -> tuple[tuple[UnitId, UnitId | None, str, bool], ...]:
    """Music that the script itself plays: from which unit, to which, what it is, and whether the scene hears it."""
    start: tuple[UnitId, str, bool] | None = None
    end: UnitId | None = None
    doers = {note.unit for note in scene.actions if any(actor.startswith("character/") for actor in note.actors)}
    for unit in scene.units:
        text = unit.text
        if unit.kind == "speech":
            if start is None and any(part.kind == "lyric" for part in unit.parts):
                start = (unit.id, "singing", True)
            continue
        if start is not None and table.off.search(text):
            end = unit.id
            break
        if start is not None or table.unmade.search(text):
            continue
        acted = unit.id in doers
        named, source = table.named.search(text), table.source.search(text)
        if table.score.search(text) and source is None:
            start = (unit.id, "score, as the script asks", False)
        elif named is not None:
            start = (unit.id, source[0].lower() if source else named[0].lower(), True)
        elif source is not None and table.plays.search(text):
            start = (unit.id, f"{source[0].lower()} playing", True)
        elif acted and table.sings.search(text):
            start = (unit.id, "singing", True)
    return ((start[0], end, start[1], start[2]),) if start is not None else ()


def _level(needs: list[_Need], table: Spotting) -> float:
    """The strictest level that scores the wanted share of the scenes."""
    for level in table.levels:
        scored = sum(1 for need in needs if need.sources or need.points >= level)
        if scored >= table.share * len(needs):
            return level
    return table.levels[-1]


def _runs_on(needs: list[_Need], scenes: list[SceneStory], at: int, level: float) -> bool:
    here, after = needs[at], needs[at + 1]
    if after.points < level or after.sources or {here.family, after.family} in _CLASHES:
        return False
    if len(scenes[at + 1].speeches) > _TALK:
        return False
    if after.montage != here.montage or scenes[at].dream != scenes[at + 1].dream:
        return False
    return scenes[at].flashback == scenes[at + 1].flashback


def _bridges(needs: list[_Need], scenes: list[SceneStory], at: int, level: float) -> bool:
    """One scene of little talk between two that want the same feeling: the cue plays through it, not out and in."""
    if at + 2 >= len(scenes) or needs[at + 1].sources or len(scenes[at + 1].speeches) > _BRIDGED_TALK:
        return False
    beyond = needs[at + 2]
    return (
        beyond.points >= level
        and not beyond.sources
        and needs[at].family == beyond.family
        and needs[at].montage == needs[at + 1].montage == beyond.montage
        and len(scenes[at + 2].speeches) <= _TALK
        and scenes[at].flashback == scenes[at + 1].flashback == scenes[at + 2].flashback
        and not any(scene.dream for scene in scenes[at : at + 3])
    )


def _is_slight(scenes: Sequence[SceneStory], needs: Sequence[_Need], edge: bool) -> bool:
    if edge or any(need.montage for need in needs) or any(scene.dream for scene in scenes):
        return False
    return sum(len(scene.units) for scene in scenes) < _SLIGHT


def _scripted(scene: SceneStory, need: _Need, table: Spotting) -> list[MusicPlan]:
    plans: list[MusicPlan] = []
    for number, (start, end, what, diegetic) in enumerate(need.sources):
        plans.append(
            MusicPlan(
                cue_id=f"mx_{digest(scene.scene_id, 'source', str(number), length=8)}",
                starts_here=True,
                ends_here=True,
                start_unit=start,
                end_unit=end,
                description=f"source music: {what}" if diegetic else f"{table.sounds[need.beat]}",
                why_in="the script plays it in the scene" if diegetic else "the script asks for music here",
                why_out="the script stops it" if end else "it stays behind with the place",
                diegetic=diegetic,
            )
        )
    return plans


def _cue(
    scenes: Sequence[SceneStory],
    needs: Sequence[_Need],
    after: tuple[SceneStory, _Need] | None,
    table: Spotting,
) -> list[tuple[SceneId, MusicPlan]]:
    first, last = scenes[0], scenes[-1]
    cue_id = f"mx_{digest(first.scene_id, 'score', length=8)}"
    start, why_in = _way_in(first, needs[0], table)
    end, why_out = _way_out(last, needs[-1], len(scenes) == 1, after)
    strongest = max(needs, key=lambda need: need.points)
    description = table.sounds[strongest.beat]
    if needs[0].montage:
        description = f"one thread through the montage: {description}"
    plans: list[tuple[SceneId, MusicPlan]] = []
    for at, scene in enumerate(scenes):
        plan = MusicPlan(
            cue_id=cue_id,
            starts_here=at == 0,
            ends_here=at + 1 == len(scenes),
            start_unit=start if at == 0 else None,
            end_unit=end if at + 1 == len(scenes) else None,
            description=description,
            why_in=why_in,
            why_out=why_out,
        )
        plans.append((scene.scene_id, plan))
    return plans


def _way_in(scene: SceneStory, need: _Need, table: Spotting) -> tuple[UnitId | None, str]:
    """The unit on which the cue starts; a scene whose whole form asks for music has it from its first frame."""
    for segment in scene.segments:
        if (
            segment.kind in ("montage", "series_of_shots", "flashback", "dream")
            and segment.first_unit != scene.units[0].id
        ):
            return segment.first_unit, need.why
    if need.montage or scene.dream or scene.scene_type in ("action_chase", "establishing") or not scene.speeches:
        return None, need.why
    order = {unit.id: n for n, unit in enumerate(scene.units)}
    latest = len(scene.units) - _BUILD
    strongest = _strongest(scene)
    if scene.turn is not None and 0 < order.get(scene.turn.unit, 0) <= latest:
        return scene.turn.unit, _turn_words(scene)
    if strongest is not None and 0 < order.get(strongest.first_unit, 0) <= latest:
        return strongest.first_unit, table.why[strongest.name]
    if latest > _BUILD:
        return scene.units[
            latest
        ].id, f"it builds to where {_turn_words(scene)}" if scene.turn is not None else need.why
    return None, need.why


def _way_out(
    scene: SceneStory, need: _Need, only: bool, after: tuple[SceneStory, _Need] | None
) -> tuple[UnitId | None, str]:
    if after is None:
        return None, "it plays out the film"
    for segment in scene.segments:
        if segment.kind in _FORMS and segment.last_unit != scene.units[-1].id:
            return segment.last_unit, "the montage is over"
    if not only and scene.turn is not None and scene.speeches and scene.turn.unit != scene.units[0].id:
        return scene.turn.unit, "it stops on the turn and leaves the silence to it"
    return None, _reason_out(scene, need, *after)


def _reason_out(scene: SceneStory, need: _Need, then: SceneStory, wants: _Need) -> str:
    """Why the cue is over with its scene: what the next one brings that music would stand in the way of."""
    if need.montage:
        return "the montage is over"
    if scene.flashback != then.flashback or scene.dream != then.dream:
        return "it stays behind in the dream" if scene.dream else "it stays behind in its own time"
    if wants.sources:
        return f"it clears the air for the {wants.sources[0][2]} of the next scene"
    if wants.montage:
        return "the montage has a thread of its own"
    if {need.family, wants.family} in _CLASHES:
        return f"the feeling turns: {_MOODS[wants.family]} is next, and needs its own start"
    if scene.scene_type == "action_chase":
        return "the chase is run; only breath and distance are left"
    if len(then.speeches) >= _BRIDGED_TALK:
        return "people talk next, and their words want the room to themselves"
    if scene.location != then.location and then.scene_type in ("establishing", "discovery", "suspense"):
        return "the next place is met by its own sound"
    if scene.story_day != then.story_day:
        return "the day is over, and the new one begins on its own sound"
    if scene.location == then.location:
        return "the same room goes on without it, and is the barer for it"
    return "we cut away, and the new place begins on its own sound"
