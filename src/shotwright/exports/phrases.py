"""Small turns of phrase that several formats share."""

from __future__ import annotations


def count(number: int, one: str, many: str = "") -> str:
    """`1 scene`, `2 scenes`; `many` where the plural is another word."""
    return f"{number} {one if number == 1 else many or one + 's'}"
