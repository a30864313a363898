"""Nouns: frozen values that the rooms pass to each other. No IO, no behaviour beyond their own consistency."""
