"""Where a shot plays: rooms, exteriors, vehicles, furniture and props, made of simple solids."""

from shotwright.boards.sets.place import PlaceLook, place_kind, place_look
from shotwright.boards.sets.props import prop, vehicle

__all__ = ["PlaceLook", "place_kind", "place_look", "prop", "vehicle"]
