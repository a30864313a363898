"""3 Sound Designer: brief, shots -> sound."""

from shotwright.crew.sound_designer.draft import score_scene
from shotwright.crew.sound_designer.music import plan_music

__all__ = ["plan_music", "score_scene"]
