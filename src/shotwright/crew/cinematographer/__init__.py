"""3 Cinematographer: brief, shots -> technical layer."""

from shotwright.crew.cinematographer.advice import suggest_request
from shotwright.crew.cinematographer.check import check_photography
from shotwright.crew.cinematographer.draft import photograph_scene
from shotwright.crew.cinematographer.mending import mend

__all__ = ["check_photography", "mend", "photograph_scene", "suggest_request"]
