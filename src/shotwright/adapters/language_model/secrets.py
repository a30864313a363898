"""Keeps keys out of every text that leaves the adapter."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST_KEY = 6
"""A shorter value is no key: taking it out would spoil words."""
MAX_TOLD = 300
_LIKE_A_KEY = re.compile(r"\b(?:sk|pk|xai|gsk|hf|AIza)[-_]?[A-Za-z0-9_\-*]{12,}|(?i:\bbearer\s+)[^\s'\",]+")


def scrub(text: str, variables: Iterable[str]) -> str:
    """The text on one line, cut at 300 characters, with the values of the variables taken out of it, and whatever
    else looks like a key: services repeat a wrong key, in part, in what they answer."""
    told = text[:20_000]
    for variable in variables:
        value = os.environ.get(variable, "").strip()
        if len(value) >= LEAST_KEY:
            told = told.replace(value, f"${variable}")
    told = _LIKE_A_KEY.sub("(a key)", told)
    told = told.encode("utf-8", "replace").decode("utf-8")
    told = " ".join("".join(c if c.isprintable() else " " for c in told).split())
    return told if len(told) <= MAX_TOLD else told[: MAX_TOLD - 1] + "…"
