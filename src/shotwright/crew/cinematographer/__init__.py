"""3 Cinematographer: brief, shots -> technical layer."""

from shotwright.crew.cinematographer.check import check_photography
from shotwright.crew.cinematographer.draft import photograph_scene

__all__ = ["check_photography", "photograph_scene"]
