"""4 Continuity Supervisor: sequence -> flags, and the revisions that they ask for."""

from shotwright.crew.continuity_supervisor.crossing import inspect_cut
from shotwright.crew.continuity_supervisor.inspection import inspect_scene
from shotwright.crew.continuity_supervisor.revision import revisions_for

__all__ = ["inspect_cut", "inspect_scene", "revisions_for"]
