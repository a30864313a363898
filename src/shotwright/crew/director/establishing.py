"""The one shot that the Director may add: a look at a new place where the script starts talking without one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from shotwright.model.crew import DirectedShot, ShotIntent
from shotwright.model.ids import ShotId, digest
from shotwright.model.shot import Cut, EmotionalBeat, NarrativeLayer

if TYPE_CHECKING:
    from shotwright.crew.director.pieces import Piece, SceneMap
    from shotwright.model.crew import FilmSettings
    from shotwright.model.story import SceneBrief

TALK = frozenset({"dialogue_2", "dialogue_group"})
SEEN_SECONDS = 2.5


def needs_establishing(brief: SceneBrief, pieces: list[Piece]) -> bool:
    """True at the first scene in a place that opens on talk, so that nobody could say where it is."""
    scene = brief.scene
    if brief.known_place or scene.withheld or scene.scene_type not in TALK or scene.flashback or scene.dream:
        return False
    if scene.continuous or scene.slugline.int_ext not in ("INT", "EXT") or not pieces:
        return False
    first = next((p for p in pieces if p.kind != "mark"), None)
    return first is not None and first.kind == "speech" and first.segment == "normal" and first.voice == "room"


def establishing_shot(brief: SceneBrief, scene: SceneMap, settings: FilmSettings, place: str) -> DirectedShot:
    """A wordless shot of the place, marked as added; `place` is its name in a sentence. It carries no units."""
    frames = math.ceil(settings.clip_min_seconds * settings.frame_rate)
    seen = frames if settings.cut_style == "literal" else min(frames, math.ceil(SEEN_SECONDS * settings.frame_rate))
    start = (frames - seen) // 2
    beat = scene.beats[0] if scene.beats else None
    outside = "from outside" if brief.scene.slugline.int_ext == "EXT" else "as it stands"
    when = brief.scene.time_of_day.replace("_", " ")
    return DirectedShot(
        shot_id=ShotId("sh_" + digest(brief.scene.scene_id, "establishing")),
        units=(),
        added=True,
        duration_frames=frames,
        cuts=(Cut(src_in=start, src_out=start + seen),),
        function="establishing",
        narrative=NarrativeLayer(
            action_description=f"{place[:1].upper()}{place[1:]} {outside}, {when}, before a word is said.",
            character_performance="Nobody in frame.",
            shot_purpose=f"We have not been to {place} before: a look at it gives the talk somewhere to be.",
        ),
        intent=ShotIntent(
            focus="place",
            place=brief.scene.location,
            beat=EmotionalBeat(name=beat.name if beat else "calm", intensity=beat.intensity if beat else 0.3),
            added_establishing=True,
        ),
        because="the place is new and the script opens on talk",
    )
