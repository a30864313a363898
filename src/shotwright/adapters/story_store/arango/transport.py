"""HTTP below the driver: whom to trust, how long to wait, and failures told apart."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from shotwright.adapters.story_store.arango.errors import Refusal, no_answer, refusal_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shotwright.adapters.story_store.arango.settings import ArangoSettings

_LONGEST_WAIT = 30.0
"""Seconds: what is honoured of a server's wish to be left alone."""


class Transport:
    """The driver's HTTP client, with failures told apart and no repeating of its own."""

    def __init__(self, settings: ArangoSettings, inner: Any) -> None:
        self._settings = settings
        self._ours = inner is None
        if inner is None:
            from arango.http import DefaultHTTPClient

            inner = DefaultHTTPClient(request_timeout=settings.timeout_seconds, retry_attempts=0)
        self._inner = inner
        self._sessions: list[Any] = []

    def create_session(self, host: str) -> Any:
        session = self._inner.create_session(host)
        if self._ours:
            from urllib3 import disable_warnings
            from urllib3.exceptions import InsecureRequestWarning
            from urllib3.util.retry import Retry

            # Names, passwords and certificates come from the settings alone, not from the environment or ~/.netrc.
            session.trust_env = False
            session.verify = str(self._settings.ca_file or "") or self._settings.verify
            if not self._settings.verify:
                session.verify = False
                disable_warnings(InsecureRequestWarning)
            for adapter in session.adapters.values():
                adapter.max_retries = Retry(total=0, read=False)
        self._sessions.append(session)
        return session

    def send_request(self, session: Any, method: str, url: str, **sent: Any) -> Any:
        if self._ours and sent.get("auth"):
            # ArangoDB reads names and passwords as UTF-8; given as text they would be sent in Latin-1.
            sent["auth"] = tuple(part.encode() for part in sent["auth"])
        try:
            response = self._inner.send_request(session, method, url, **sent)
        except OSError as error:
            raise no_answer(error, self._settings) from error
        if response.status_code in (429, 503):
            raise _busy(response)
        return response

    @contextmanager
    def patient(self, seconds: float) -> Iterator[None]:
        """Answers may take so long inside, and a little more for the way."""
        usual = getattr(self._inner, "request_timeout", None)
        if not isinstance(usual, (int, float)) or usual >= seconds + 5:
            yield
            return
        self._inner.request_timeout = seconds + 5
        try:
            yield
        finally:
            self._inner.request_timeout = usual

    def close(self) -> None:
        for session in self._sessions:
            close = getattr(session, "close", None)
            if close is not None:
                close()


def _busy(response: Any) -> Refusal:
    asked = response.headers.get("retry-after") or response.headers.get("Retry-After")
    wait = min(float(asked), _LONGEST_WAIT) if asked and asked.strip().isdecimal() else None
    try:
        body = json.loads(response.raw_body)
    except ValueError:
        body = {}
    error = body if isinstance(body, dict) else {}
    refusal = refusal_of(error, response.status_code)
    return Refusal(response.status_code, refusal.number, refusal.said or str(response.status_text), wait)
