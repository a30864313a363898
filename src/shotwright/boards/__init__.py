"""Frames: a shot drawn from its own JSON, before anything is rendered."""
