"""The vision service as a run uses it: asked from plain code, opened in whichever process asks, and out for the rest of
the run once it cannot be reached."""

from __future__ import annotations

import asyncio
import contextlib
import os
from typing import TYPE_CHECKING, TypeVar

from shotwright.errors import ConfigError, VisionError
from shotwright.model.vision_suggestion import ShotSuggestions

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from typing import Any

    from shotwright.model.vision import (
        Described,
        QualityAnswer,
        QualityRequest,
        SequenceAnswer,
        SequenceRequest,
        SuggestRequest,
    )
    from shotwright.ports.vision_service import VisionService

T = TypeVar("T")


class Sight:
    """One run's way to its vision service. Every call raises VisionError once the service is found to be down."""

    def __init__(self, opening: Callable[[], VisionService], address: str = "") -> None:
        """`address`: of a service that somebody runs; empty: it is in this process."""
        self._opening = opening
        self.name = address or "the eyes in this process"
        self._service: VisionService | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._process = 0
        self._judging = self._advising = ""
        self.down = ""
        """Why it cannot be asked; empty while it can."""

    def judging_fingerprint(self) -> str:
        """Changes when the same frames might be judged otherwise. Of a service that is down: says so."""
        if self.down:
            return f"down: {self.down}"
        if not self._judging:
            try:
                self._judging = self._call(_described)
            except VisionError:
                return f"down: {self.down}"
        return self._judging

    def fingerprint(self) -> str:
        """Changes when the same question might have another answer, the shot library's contents included."""
        if not self.down and not self._advising:
            with contextlib.suppress(VisionError):
                self._advising = self._call(_introduced)
        return f"down: {self.down}" if self.down else self._advising

    def describe(self) -> Described:
        """What answers, and what it can do."""
        return self._call(lambda service: service.describe())

    def suggest(self, request: SuggestRequest) -> tuple[ShotSuggestions, ...]:
        """Ways to photograph each shot; none for any from a service that is down: the Cinematographer's own plan
        stands, and it says so."""
        try:
            return self._call(lambda service: service.suggest(request)).shots
        except VisionError:
            if not self.down:
                raise
            return tuple(ShotSuggestions(shot_id=shot.shot_id, candidates=()) for shot in request.shots)

    def validate(self, requests: Sequence[SequenceRequest]) -> list[SequenceAnswer]:
        return [self._call(lambda service, r=request: service.validate_sequence(r)) for request in requests]  # type: ignore[misc]

    def analyze(self, requests: Sequence[QualityRequest]) -> list[QualityAnswer]:
        return [self._call(lambda service, r=request: service.analyze_quality(r)) for request in requests]  # type: ignore[misc]

    def close(self) -> None:
        if self._service is not None and self._loop is not None and self._process == os.getpid():
            self._loop.run_until_complete(self._service.close())
            self._loop.close()
        self._service = self._loop = None

    def _call(self, ask: Callable[[VisionService], Coroutine[Any, Any, T]]) -> T:
        if self.down:
            raise VisionError(self.down, transient=True)
        try:
            if self._service is None or self._process != os.getpid():
                # A forked process must not use what its parent opened.
                self._service, self._process = self._opening(), os.getpid()
                self._loop = asyncio.new_event_loop()
            assert self._loop is not None
            return self._loop.run_until_complete(ask(self._service))
        except (VisionError, ConfigError) as error:
            if getattr(error, "transient", False) or isinstance(error, ConfigError) or self._service is None:
                self.down = error.message
            raise error if isinstance(error, VisionError) else VisionError(error.message, hint=error.hint) from error


async def _introduced(service: VisionService) -> str:
    await service.describe()
    return service.fingerprint()


async def _described(service: VisionService) -> str:
    await service.describe()
    return service.judging_fingerprint()
