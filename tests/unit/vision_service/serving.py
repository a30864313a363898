"""Running an app on a loopback port for as long as a test wants it."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import uvicorn

from shotwright.vision.opening import open_eyes
from shotwright.vision.plain_engines import ColourAndContour, LuminanceStatistics, UncalibratedLikeness

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shotwright.vision.eyes import Eyes


def quick_eyes(folder: Path) -> Eyes:
    """Eyes that see colours and contours only, in no time, whatever backbones are installed."""
    return open_eyes(folder, backbone=ColourAndContour(), validator=UncalibratedLikeness, quality=LuminanceStatistics())


@contextlib.contextmanager
def served(app: Any) -> Iterator[str]:
    """The address of an app behind a real server on the loopback."""
    # The protocol must be named, or asyncio leaves Nagle's algorithm on and every answer waits 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on", ws="none"))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < until, "the server did not start in time"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
