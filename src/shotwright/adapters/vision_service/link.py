"""The HTTP below the adapter: one client, bounded answers, time limits, and retries only where they are safe."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from shotwright.errors import VisionError

if TYPE_CHECKING:
    import httpx

PREFIX = "/api/v1"
MOST_ANSWER_BYTES = 64 * 1024 * 1024
MOST_QUESTION_BYTES = 64 * 1024 * 1024
START = "start it (shotwright vision serve), or look without a server"


@dataclass(frozen=True, slots=True)
class HttpVisionSettings:
    """Where a vision service is, and how long to wait for it."""

    address: str = "http://localhost:3012"
    """Scheme, host and port; a path before /api/v1 is kept."""
    token: str = ""
    timeout_seconds: float = 120.0
    """For one answer."""
    connect_seconds: float = 5.0
    attempts: int = 2
    """How often a question that may be repeated is asked in all."""
    pause_seconds: float = 0.4
    """Before the second attempt; doubled before each further one."""
    rest_seconds: float = 3.0
    """For so long after nobody was found at the address no further question is sent there, so that a run whose service
    is down need not wait for each of its scenes."""
    at_once: int = 4
    """Questions under way at the same time."""


class Refused(VisionError):
    """The service answered, and said no."""

    def __init__(self, message: str, *, status: int, hint: str = "") -> None:
        super().__init__(message, hint=hint, transient=status in (408, 429) or status >= 500)
        self.status = status


class Unreachable(VisionError):
    """Nobody is at the address."""


class Link:
    """Questions to one service."""

    def __init__(self, settings: HttpVisionSettings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        import httpx

        self.settings = settings
        try:
            # The standard library is stricter about brackets and ports.
            urlsplit(settings.address).port  # noqa: B018
            url = httpx.URL(settings.address.rstrip("/").removesuffix(PREFIX))
        except (httpx.InvalidURL, TypeError, ValueError) as error:
            raise VisionError(f"{settings.address} is no address of a vision service") from error
        if url.scheme not in ("http", "https") or not url.host:
            raise VisionError(
                f"{settings.address} is no address of a vision service", hint="such as http://localhost:3012"
            )
        headers = {"Authorization": f"Bearer {settings.token}"} if settings.token else {}
        # Nothing comes from the environment: a proxy or ~/.netrc would send frames where nobody asked.
        self._client = httpx.AsyncClient(
            base_url=f"{url}{PREFIX}" if url.path == "/" else f"{str(url).rstrip('/')}{PREFIX}",
            headers=headers,
            timeout=httpx.Timeout(settings.timeout_seconds, connect=settings.connect_seconds),
            transport=transport,
            trust_env=False,
            follow_redirects=False,
        )
        self._gate = asyncio.Semaphore(settings.at_once)
        self._missing: tuple[float, Unreachable] | None = None
        """Since when nobody is there (monotonic seconds), and what was said then."""

    async def get(self, path: str) -> dict[str, Any]:
        return await self._asked("GET", path)

    async def post(self, path: str, body: dict[str, Any] | bytes, *, repeat: bool = True) -> dict[str, Any]:
        """Ask with JSON. `repeat`: the question changes nothing, or the same thing twice over."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        if len(content) > MOST_QUESTION_BYTES:
            raise VisionError(
                f"a question of {len(content):,} bytes is over {MOST_QUESTION_BYTES:,}",
                hint="ask in several questions, or about smaller pictures",
            )
        return await self._asked(
            "POST", path, repeat=repeat, content=content, headers={"Content-Type": "application/json"}
        )

    async def upload(self, data: bytes, name: str, media_type: str) -> dict[str, Any]:
        """Give the service a picture. Repeating it at worst leaves a second copy there."""
        return await self._asked("POST", "/upload-media", files={"file": (name, data, media_type)})

    async def close(self) -> None:
        await self._client.aclose()

    async def _asked(self, method: str, path: str, *, repeat: bool = True, **sent: Any) -> dict[str, Any]:
        if self._missing is not None and time.monotonic() - self._missing[0] < self.settings.rest_seconds:
            said = self._missing[1]
            raise Unreachable(said.message, hint=said.hint, transient=True)
        attempts = self.settings.attempts if repeat else 1
        for attempt in range(attempts):
            try:
                async with self._gate:
                    found = await self._once(method, path, **sent)
                self._missing = None
                return found
            except VisionError as error:
                if isinstance(error, Unreachable) and attempt == attempts - 1:
                    self._missing = (time.monotonic(), error)
                if not error.transient or attempt == attempts - 1:
                    raise
            await asyncio.sleep(min(self.settings.pause_seconds * 2**attempt, 10.0))
        raise AssertionError

    async def _once(self, method: str, path: str, **sent: Any) -> dict[str, Any]:
        import httpx

        where = self.settings.address
        try:
            async with asyncio.timeout(self.settings.timeout_seconds):
                async with self._client.stream(method, path.lstrip("/"), **sent) as answer:
                    body = bytearray()
                    async for chunk in answer.aiter_bytes():
                        body += chunk
                        if len(body) > MOST_ANSWER_BYTES:
                            raise VisionError(f"{where} answers over {MOST_ANSWER_BYTES:,} bytes to {path}")
        except httpx.ConnectTimeout as error:
            raise Unreachable(f"nobody answers at {where}, where the vision service should be", hint=START,
                              transient=True) from error  # fmt: skip
        except (TimeoutError, httpx.TimeoutException) as error:
            raise VisionError(
                f"the vision service at {where} did not answer {path} in time", transient=True,
                hint="give it longer, or ask for less at once",
            ) from error  # fmt: skip
        except httpx.ConnectError as error:
            raise Unreachable(f"nobody answers at {where}, where the vision service should be", hint=START,
                              transient=True) from error  # fmt: skip
        except httpx.HTTPError as error:
            raise VisionError(f"the vision service at {where} broke off its answer to {path}: {type(error).__name__}",
                              hint=START, transient=True) from error  # fmt: skip
        found = _json_of(bytes(body))
        if answer.status_code >= 300:
            said, hint = _said(found, answer.status_code)
            raise Refused(f"the vision service refuses {path}: {said}", status=answer.status_code, hint=hint)
        if not isinstance(found, dict):
            raise VisionError(f"the vision service at {where} does not answer {path} with a JSON object",
                              hint="is another service listening there?")  # fmt: skip
        return found


def _json_of(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _said(found: Any, status: int) -> tuple[str, str]:
    """(what a refusal says, its hint), from problem+json or from what other services send."""
    if not isinstance(found, dict):
        return f"status {status}", ""
    error = found.get("error")
    if isinstance(error, dict):
        return str(error.get("message") or error.get("code") or status)[:300], ""
    return str(found.get("detail") or found.get("message") or f"status {status}")[:300], str(found.get("hint") or "")
