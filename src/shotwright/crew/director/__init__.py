"""2 Director: SceneBrief -> shots (narrative and dialogue)."""

from shotwright.crew.director.draft import direct_scene

__all__ = ["direct_scene"]
