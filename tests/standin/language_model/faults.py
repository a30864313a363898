"""What can go wrong with a request to a language model, ordered beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Fault:
    """What one request gets in place of its answer; `None` in a list of faults lets one through."""

    kind: Literal["status", "disconnect", "cut", "drip", "garbage", "delay"]
    status: int = 200
    message: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    seconds: float = 0.0
    """Of `drip`: between two bytes. Of `delay`: before the answer."""


def status(code: int, message: str = "so ordered", *, retry_after: str = "") -> Fault:
    """An error with its status. `retry_after`: seconds or a date of HTTP, as the header has it."""
    headers = (("retry-after", retry_after),) if retry_after else ()
    return Fault("status", status=code, message=message, headers=headers)


def disconnect() -> Fault:
    """The connection is reset before anything is answered."""
    return Fault("disconnect")


def cut() -> Fault:
    """The connection ends in the middle of the body."""
    return Fault("cut")


def drip(seconds: float = 0.05) -> Fault:
    """The answer comes byte by byte, so slowly."""
    return Fault("drip", seconds=seconds)


def garbage(body: bytes = b'{"choices": [{"index": 0, "mess') -> Fault:
    """A body that is no JSON, or none of the service's, with status 200."""
    return Fault("garbage", body=body)


def delay(seconds: float) -> Fault:
    """The answer comes, but late."""
    return Fault("delay", seconds=seconds)
