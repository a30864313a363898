"""Figures: people and animals as triangles, recognisable by build, face, hair and clothes."""

from shotwright.boards.figures.animals import animal, animal_kind
from shotwright.boards.figures.appearance import Appearance, appearance_of
from shotwright.boards.figures.garments import Garment
from shotwright.boards.figures.person import condition_of, figure

__all__ = ["Appearance", "Garment", "animal", "animal_kind", "appearance_of", "condition_of", "figure"]
