"""What goes wrong on the way: faults that a test orders, and that the server then commits, each so many times."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tests.standin.answers import Answer, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

Kind = Literal["unavailable", "conflict", "unauthorized", "slow", "reset before", "reset after", "truncated"]


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong: `unavailable` (503 with Retry-After), `conflict` (409, 1200), `unauthorized` (401),
    `slow` (the answer waits), `reset before` or `reset after` doing the work, and a `truncated` body after it."""

    kind: Kind
    method: str = ""
    """Empty for any."""
    path: str = ""
    """What the path, without its database, begins with."""
    times: int = 1
    skip: int = 0
    """Matching requests to let through first."""
    seconds: float = 0.2
    """How long a slow answer waits, and what Retry-After says, rounded."""

    def matches(self, method: str, path: str) -> bool:
        return self.times > 0 and self.method in ("", method) and path.startswith(self.path)

    def refusal(self) -> Answer | None:
        """What is answered without doing the work; None when the work is done or the line is cut."""
        match self.kind:
            case "unavailable":
                answer = Refusal(503).answer()
                answer.headers["retry-after"] = str(round(self.seconds))
                return answer
            case "conflict":
                return Refusal(1200, "timeout waiting to lock key").answer()
            case "unauthorized":
                return Refusal(11).answer()
        return None


@dataclass(slots=True)
class Faults:
    """The orders of a test, and what became of them."""

    _orders: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    committed: list[tuple[Kind, str, str]] = field(default_factory=list)
    """(kind, method, path) of each fault that happened."""
    order_when: Callable[[str, str], Kind | None] | None = None
    """For faults that follow a rule of the test's own: called with method and path."""

    def order(
        self, kind: Kind, *, method: str = "", path: str = "", times: int = 1, skip: int = 0, seconds: float = 0.2
    ) -> None:
        with self._lock:
            self._orders.append(Fault(kind, method, path, times, skip, seconds))

    def clear(self) -> None:
        with self._lock:
            self._orders.clear()
            self.committed.clear()
            self.order_when = None

    def next(self, method: str, path: str) -> Fault | None:
        """The fault that this request meets."""
        with self._lock:
            for fault in self._orders:
                if not fault.matches(method, path):
                    continue
                if fault.skip:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                self.committed.append((fault.kind, method, path))
                return fault
            kind = self.order_when(method, path) if self.order_when is not None else None
            if kind is None:
                return None
            self.committed.append((kind, method, path))
            return Fault(kind)
