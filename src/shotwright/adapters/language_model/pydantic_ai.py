"""A language model through pydantic-ai: any provider that it knows, or anything that speaks OpenAI's interface."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from shotwright.adapters.language_model.faults import Fault, fault_of, timed_out
from shotwright.adapters.language_model.service import Service
from shotwright.adapters.language_model.settings import parse_model
from shotwright.errors import ConfigError, LanguageModelError, RateLimited, Unavailable
from shotwright.model.ids import digest

if TYPE_CHECKING:
    from shotwright.adapters.language_model.settings import LanguageModelSettings
    from shotwright.model.language import ModelReply, ModelRequest

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
LEFT_ALONE = 30.0
"""For so many seconds a model that failed is not asked where another one stands in for it."""
_log = logging.getLogger(__name__)


class PydanticAiLanguageModel:
    """A `LanguageModel` and its fallbacks. Safe for many callers; no client is made before the first request.

    Each model has `timeout_seconds` for a request, all tries and pauses included. A pause is what the service asked
    for, else half a second doubled with each try; it is longer or shorter by a share that the request itself decides,
    so that many callers do not come back at once. A wait that does not fit into the time left is not waited out.
    ConfigError at once for a name that means nothing, a key that is not set, a package that is not there.
    """

    def __init__(self, settings: LanguageModelSettings) -> None:
        if settings.tries < 1 or settings.timeout_seconds <= 0:
            raise ConfigError("a language model needs at least one try and some time to answer")
        self._settings = settings
        spellings = dict.fromkeys((settings.model.strip(), *(f.strip() for f in settings.fallbacks)))
        self._services = [
            Service(parse_model(spelling), settings, priced=at == 0) for at, spelling in enumerate(spellings)
        ]
        for service in self._services:
            service.require()

    async def ask(self, request: ModelRequest) -> ModelReply:
        failed: LanguageModelError | None = None
        for at, service in enumerate(self._services):
            stand_in = self._services[at + 1].name if at + 1 < len(self._services) else ""
            if stand_in and service.down is not None and asyncio.get_running_loop().time() < service.down_until:
                failed = _graver(failed, service.down)
                continue
            found = await self._of(service, request)
            if not isinstance(found, LanguageModelError):
                return found
            failed = _graver(failed, found)
            if stand_in:
                _log.info("%s; asking %s", found.message, stand_in)
        assert failed is not None
        raise failed

    def fingerprint(self) -> str:
        return self._settings.fingerprint()

    def prepare(self) -> None:
        self._services[0].prepare()

    async def close(self) -> None:
        for service in self._services:
            await service.close()

    def __repr__(self) -> str:
        return f"PydanticAiLanguageModel({', '.join(s.name for s in self._services)})"

    async def _of(self, service: Service, request: ModelRequest) -> ModelReply | LanguageModelError:
        """One model's reply, or why there is none after all tries. Raises nothing of the service's."""
        clock = asyncio.get_running_loop().time
        until = clock() + self._settings.timeout_seconds
        tries = 0
        last: LanguageModelError | None = None
        while True:
            rest = service.rest_until - clock()
            if rest > 0 and clock() + rest >= until:
                return last or RateLimited(f"{service.name} wants to be asked later", retry_after=round(rest, 1))
            if rest > 0:
                await asyncio.sleep(rest * (1 + 0.2 * _share(request, tries)))
            way = service.current_way()
            fault = await self._tried(service, request, until - clock())
            if not isinstance(fault, Fault):
                return fault
            if fault.about_form and service.step_down(way):
                _log.info("%s; asking in another way", fault.error.message)
                continue
            if not isinstance(fault.error, LanguageModelError):
                raise fault.error
            last = fault.error
            tries += 1
            if not fault.again or tries >= self._settings.tries:
                _note_down(service, fault, clock())
                return last
            pause = _pause(fault, request, tries)
            if fault.retry_after is not None:
                service.rest_until = max(service.rest_until, clock() + fault.retry_after)
            if clock() + pause >= until:
                _note_down(service, fault, clock())
                return last
            _log.info("%s; asking again in %.1f s", last.message, pause)
            await asyncio.sleep(pause)

    async def _tried(self, service: Service, request: ModelRequest, seconds: float) -> ModelReply | Fault:
        try:
            async with asyncio.timeout(seconds) as limit:
                return await service.ask(request)
        except TimeoutError as error:
            if limit.expired():
                return Fault(timed_out(service.parsed, self._settings), again=True)
            caught: Exception = error
        except Exception as error:
            caught = error
        # Outside of the handler: an error raised in it would carry the provider's own, with what that holds.
        return fault_of(caught, service.parsed, self._settings)


def _note_down(service: Service, fault: Fault, now: float) -> None:
    """Remember that a model is down, where it is the model and not this request."""
    if isinstance(fault.error, Unavailable) and (fault.again or not fault.error.transient):
        service.down, service.down_until = fault.error, now + LEFT_ALONE


def _graver(first: LanguageModelError | None, second: LanguageModelError) -> LanguageModelError:
    """Of a chain's failures the one to tell: the first model's, unless a later one may yet answer."""
    if first is None:
        return second
    return second if second.transient and not first.transient else first


def _pause(fault: Fault, request: ModelRequest, tries: int) -> float:
    share = _share(request, tries)
    if fault.retry_after is not None:
        return fault.retry_after + min(1.0, 0.2 * fault.retry_after + 0.05) * share
    doubled: float = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (tries - 1))
    return doubled * (0.75 + 0.5 * share)


def _share(request: ModelRequest, tries: int) -> float:
    """From 0 to 1, the same for the same request and try."""
    text = request.messages[-1].text if request.messages else request.instructions
    return int(digest(text, str(tries), length=4), 16) / 0xFFFF
