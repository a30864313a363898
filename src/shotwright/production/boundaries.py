"""Shots that a scene is cut around: what people approved or edited stays where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.model.crew import DirectedScene
from shotwright.production.film import SceneBundle
from shotwright.production.naming import rename, source_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shotwright.model.crew import DirectedShot
    from shotwright.model.story import SceneBrief
    from shotwright.production.journal import Journal
    from shotwright.production.ledger import Standing


def fixed_shots(
    journal: Journal, standing: Mapping[str, Standing], brief: SceneBrief, before: Mapping[str, str]
) -> tuple[DirectedShot, ...]:
    """The Director's part of a scene's shots that people approved or edited, whose script text is still there.

    `before`: shot id -> the script text that it carried when the scene was last committed.
    """
    held = [s for s in before if s in standing and (standing[s].approved or standing[s].edits)]
    if not held:
        return ()
    scene = brief.scene.scene_id
    text, directed = journal.current_value("scene", scene), journal.current_value("direct", scene)
    if text is None or directed is None:
        return ()
    bundle = SceneBundle.model_validate_json(text)
    units: dict[str, str] = {u.id: u.text for u in brief.scene.units}
    shots = rename(bundle.directed or DirectedScene.model_validate_json(directed), dict(bundle.names)).shots
    return tuple(
        s
        for s in shots
        if s.shot_id in held
        and s.units
        and all(u in units for u in s.units)
        and source_text(s.units, [(d.unit, d.text) for d in s.dialogue], units) == before[s.shot_id]
    )
