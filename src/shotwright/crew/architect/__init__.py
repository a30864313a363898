"""1 Architect: Screenplay -> Story."""

from shotwright.crew.architect.briefing import brief_scenes
from shotwright.crew.architect.cast import Cast, meet_cast
from shotwright.crew.architect.check import check
from shotwright.crew.architect.company import relevant_cast
from shotwright.crew.architect.reading import SceneReading, read_scene
from shotwright.crew.architect.weave import weave

__all__ = ["Cast", "SceneReading", "brief_scenes", "check", "meet_cast", "read_scene", "relevant_cast", "weave"]
