"""The inspection of a scene: every continuity rule in turn over one laying-out of its shots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.crew.continuity_supervisor.action import inspect_action, inspect_continued
from shotwright.crew.continuity_supervisor.assets import inspect_assets
from shotwright.crew.continuity_supervisor.eyelines import inspect_eyelines
from shotwright.crew.continuity_supervisor.footage import lay_out
from shotwright.crew.continuity_supervisor.length import inspect_length
from shotwright.crew.continuity_supervisor.light import inspect_light
from shotwright.crew.continuity_supervisor.line import inspect_line
from shotwright.crew.continuity_supervisor.order import inspect_order
from shotwright.crew.continuity_supervisor.presence import inspect_placing, inspect_presence
from shotwright.crew.continuity_supervisor.progression import inspect_angles, inspect_sizes
from shotwright.crew.continuity_supervisor.script import inspect_script
from shotwright.crew.continuity_supervisor.sound import inspect_sound
from shotwright.crew.continuity_supervisor.travel import inspect_travel
from shotwright.crew.continuity_supervisor.wardrobe import inspect_wardrobe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.crew import FilmSettings
    from shotwright.model.shot import Flag, Shot
    from shotwright.model.story import SceneBrief

RULES = (
    inspect_line,
    inspect_order,
    inspect_angles,
    inspect_eyelines,
    inspect_travel,
    inspect_action,
    inspect_sizes,
    inspect_placing,
    inspect_wardrobe,
    inspect_assets,
    inspect_light,
    inspect_length,
    inspect_continued,
    inspect_presence,
    inspect_script,
)


def inspect_scene(
    shots: Sequence[Shot], brief: SceneBrief, settings: FilmSettings, before: Sequence[Shot] = ()
) -> tuple[Flag, ...]:
    """Check one scene's shots, in order, against every rule; flags come in the order of the shots, then of the rules.

    `before` holds the shots of the scene before: whether music runs over the cut is read from its last. Geometry is
    recomputed from positions in metres; nothing that a shot asserts about its own side or direction is trusted.
    """
    if not shots:
        return ()
    footage = lay_out(shots, brief, settings)
    for rule in RULES:
        rule(footage)
    playing: bool | None = None
    if before:
        playing = before[-1].audio.music_cue.state in ("starts", "continues")
    elif brief.opens_film:
        playing = False
    inspect_sound(footage, playing)
    where = {view.shot.shot_id: view.index for view in footage.views}
    return tuple(sorted(footage.found, key=lambda flag: where[flag.shot_id]))
