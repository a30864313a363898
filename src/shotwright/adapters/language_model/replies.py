"""What a model said, as text that can be kept."""

from __future__ import annotations

from shotwright.model.language import MAX_REPLY_CHARS


def kept_text(text: str) -> str:
    """The text, cut at its bound, with halves of characters replaced: JSON may hold them, no file can."""
    cut = text[:MAX_REPLY_CHARS]
    return cut.encode("utf-8", "replace").decode("utf-8")
