"""Cursors: the batches of a result, kept until read or until nobody has asked for long enough."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tests.standin.answers import Refusal

if TYPE_CHECKING:
    from tests.standin.database import Database

DEFAULT_BATCH = 1000
DEFAULT_SECONDS = 30.0


class Cursor:
    """One result and how far it has been read."""

    def __init__(
        self,
        identifier: str,
        rows: list[Any],
        batch_size: int,
        shown: dict[str, Any],
        extra: dict[str, Any],
        *,
        extra_at_end: bool,
        seconds: float,
        retry: bool,
    ) -> None:
        self.id = identifier
        self._rows = rows
        self._batch_size = batch_size
        self._shown = shown
        """What each batch tells: count, cached."""
        self._extra = extra
        self._extra_at_end = extra_at_end
        """A streaming query knows its warnings and its measure only when it has ended."""
        self._seconds = seconds
        self._retry = retry
        self._next = 0
        self._last: dict[str, Any] | None = None
        self.expires = time.monotonic() + seconds

    @property
    def done(self) -> bool:
        """Nothing is left to read, nor to read again."""
        return self._next * self._batch_size >= len(self._rows) and not self._retry

    def batch(self, number: int | None = None) -> dict[str, Any]:
        """The next batch; with `number` that one, which may be the last one again when the query allows retries."""
        if number is not None and number == self._next and self._retry and self._last is not None:
            return self._last
        if number is not None and number != self._next + 1:
            raise Refusal(1600)
        start = self._next * self._batch_size
        rows = self._rows[start : start + self._batch_size]
        self._next += 1
        more = self._next * self._batch_size < len(self._rows)
        body: dict[str, Any] = {"result": rows, "hasMore": more}
        if more or self._retry:
            body["id"] = self.id
        body |= self._shown
        if not (more and self._extra_at_end):
            body["extra"] = self._extra
        if more:
            body["nextBatchId"] = str(self._next + 1)
        self._last = body
        self.expires = time.monotonic() + self._seconds
        return body


def find(database: Database, identifier: str) -> Cursor:
    """An open cursor; one past its time is gone."""
    now = time.monotonic()
    for gone in [one.id for one in database.cursors.values() if one.expires < now]:
        del database.cursors[gone]
    found = database.cursors.get(identifier)
    if found is None:
        raise Refusal(1600)
    return found
