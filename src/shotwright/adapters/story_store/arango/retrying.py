"""Trying again: bounded, ever more patiently, and never all clients at the same moment."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, TypeVar

from shotwright.adapters.story_store.arango.errors import NoAnswer, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential backoff with full jitter (a wait drawn evenly from 0 to the bound), in seconds.

    `jitter` gives numbers from 0 to 1; with `sleep` and `clock` it may be replaced, so that tests neither wait nor
    draw. The wait that a server asks for (Retry-After) is added to, never undercut.
    """

    attempts: int = 6
    """Of what may never come right; who meets another's lock waits as long as patience lasts."""
    first: float = 0.1
    longest: float = 3.0
    patience: float = 90.0
    """A server lets go of what a killed client held after its transaction has been idle for 60 seconds."""
    jitter: Callable[[], float] = random.random
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def attempt(self, act: Callable[[], T]) -> T:
        """What `act` returns, called again after a transient failure. It must change nothing when it is repeated."""
        end = self.clock() + self.patience
        for tries in count(1):
            try:
                return act()
            except (Refusal, NoAnswer) as failure:
                if not failure.transient or (tries >= self.attempts and not failure.locked):
                    raise
                bound = min(self.longest, self.first * 2 ** min(tries - 1, 10))
                wait = bound * self.jitter() + (failure.retry_after or 0.0)
                if self.clock() + wait > end:
                    raise
            self.sleep(wait)
        raise AssertionError("counting never ends")
