"""What nobody said of a person, decided by the person's id: the same on every machine and every day."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_GOLDEN = 0.6180339887


class Chance:
    """Numbers from an id, spread over a cast where the place in it is known."""

    def __init__(self, entity: str, place: int | None) -> None:
        self.entity, self.place = entity, place

    def number(self, what: str) -> float:
        """0 to 1."""
        digest = blake2b(f"{self.entity}|{what}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") / 2**64

    def spread(self, what: str, step: float = _GOLDEN) -> float:
        """0 to 1; members of one cast, counted from its first, stay as far apart as may be."""
        if self.place is None:
            return self.number(what)
        return (self.place * step + 0.07 * self.number(what)) % 1.0

    def pick(self, what: str, among: Sequence[Any], *, turn: int = 0) -> Any:
        """One of several; `turn` above 0 goes through them by the place in the cast."""
        if self.place is None or not turn:
            return among[int(self.number(what) * len(among)) % len(among)]
        return among[(self.place * turn) % len(among)]
