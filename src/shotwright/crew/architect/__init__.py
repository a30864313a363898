"""1 Architect: Screenplay -> Story."""
