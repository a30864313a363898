"""Figures: people and animals as triangles, recognisable by build, face, hair and clothes."""

from shotwright.boards.figures.appearance import Appearance, Garment, appearance_of
from shotwright.boards.figures.person import figure

__all__ = ["Appearance", "Garment", "appearance_of", "figure"]
