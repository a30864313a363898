"""2 Director: SceneBrief -> shots (narrative and dialogue)."""
