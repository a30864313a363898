"""A service that fails: it is asked once more, then said to have failed for now, and nobody waits for a dead one."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

import pytest
from tests.unit.vision_service.pictures import flat
from tests.unit.vision_service.serving import closed_port

from shotwright.adapters.vision_service.http import HttpVisionService
from shotwright.adapters.vision_service.link import HttpVisionSettings
from shotwright.errors import VisionError
from shotwright.model.vision import ImageRef

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

INFO = b'{"name": "x", "dimension": 2, "capabilities": ["images", "embed"], "device": "cpu"}'
EMBEDDED = b'{"embeddings": [{"sha256": "", "vector": [1.0, 0.0]}], "model": {"name": "x", "dimension": 2}}'
PICTURE = ImageRef(data=flat())


def answer(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def with_server(
    replies: list[bytes | None], ask: Callable[[HttpVisionService], Awaitable[object]], **settings: float
) -> tuple[object, int]:
    """(what came of asking, how many requests there were) of a server that gives these replies in turn and hangs up
    after each; None says nothing for a second."""
    asked = 0
    serving: list[asyncio.Task[object]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        task = asyncio.current_task()
        assert task is not None
        serving.append(task)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((int(row[15:]) for row in head.split(b"\r\n") if row.lower().startswith(b"content-length")), 0)
        await reader.readexactly(length)
        reply = replies[min(asked, len(replies) - 1)]
        asked += 1
        if reply is None:
            await asyncio.sleep(1.0)
        else:
            writer.write(reply)
            await writer.drain()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    async def run() -> object:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        made = HttpVisionSettings(f"http://127.0.0.1:{port}", **{"pause_seconds": 0.01, **settings})  # type: ignore[arg-type]
        service = HttpVisionService(made)
        try:
            return await ask(service)
        except VisionError as error:
            return error
        finally:
            await service.close()
            server.close()
            await asyncio.gather(*serving, return_exceptions=True)

    return asyncio.run(run()), asked


def test_an_answer_that_breaks_off_once_is_asked_for_again() -> None:
    broken = answer(EMBEDDED)[:-20]
    found, asked = with_server([answer(INFO), broken, answer(EMBEDDED)], lambda s: s.embed([PICTURE]))
    assert not isinstance(found, VisionError)
    assert asked == 3


@pytest.mark.parametrize(
    "reply",
    [answer(EMBEDDED)[:-20], b"", b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", b"garbage\r\n\r\n"],
    ids=["breaks off", "hangs up", "is busy", "speaks no HTTP"],
)
def test_a_service_that_dies_in_the_middle_has_failed_for_now(reply: bytes) -> None:
    found, asked = with_server([answer(INFO), reply], lambda s: s.embed([PICTURE]))
    assert isinstance(found, VisionError)
    assert found.transient
    assert "\n" not in found.message
    assert asked == 3, "described, asked, and asked once more"


def test_a_service_that_says_nothing_is_given_up_in_time() -> None:
    began = time.monotonic()
    found, _ = with_server([answer(INFO), None], lambda s: s.embed([PICTURE]), timeout_seconds=0.2)
    assert isinstance(found, VisionError)
    assert found.transient
    assert "in time" in found.message
    assert time.monotonic() - began < 5


def test_a_refusal_is_not_repeated() -> None:
    refused = b"HTTP/1.1 422 No\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n" + b'{"detail": "no"}'
    found, asked = with_server([answer(INFO), refused], lambda s: s.embed([PICTURE]))
    assert isinstance(found, VisionError)
    assert not found.transient
    assert asked == 2


def test_nobody_waits_long_for_a_service_that_is_not_there() -> None:
    async def ask_often() -> tuple[list[bool], float]:
        settings = HttpVisionSettings(f"http://127.0.0.1:{closed_port()}", pause_seconds=0.2)
        service = HttpVisionService(settings)
        began, said = time.monotonic(), []
        for _ in range(40):
            try:
                await service.embed([PICTURE])
            except VisionError as error:
                said.append(error.transient and "nobody answers" in error.message)
        await service.close()
        return said, time.monotonic() - began

    said, took = asyncio.run(ask_often())
    assert said == [True] * 40
    assert took < 3.0, "forty scenes do not each try twice"
