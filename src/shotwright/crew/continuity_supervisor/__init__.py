"""4 Continuity Supervisor: sequence -> flags, and the revisions that they ask for."""

from shotwright.crew.continuity_supervisor.crossing import inspect_cut
from shotwright.crew.continuity_supervisor.inspection import inspect_scene
from shotwright.crew.continuity_supervisor.revision import revisions_for
from shotwright.crew.continuity_supervisor.viewing import (
    Seen,
    flags_of,
    people_of,
    quality_requests,
    record_viewing,
    sequence_requests,
)

__all__ = [
    "Seen",
    "flags_of",
    "inspect_cut",
    "inspect_scene",
    "people_of",
    "quality_requests",
    "record_viewing",
    "revisions_for",
    "sequence_requests",
]
