"""3 Art Director: brief, shots, library -> digital assets."""

from shotwright.crew.art_director.casting import cast_film
from shotwright.crew.art_director.draft import dress_scene, wanted_for_film
from shotwright.crew.art_director.relevance import relevant_casting

__all__ = ["cast_film", "dress_scene", "relevant_casting", "wanted_for_film"]
