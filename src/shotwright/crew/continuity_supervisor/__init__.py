"""4 Continuity Supervisor: sequence -> flags."""
