"""A language model that is a function: for tests, dry runs and rules of one's own."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING

from shotwright.adapters.language_model.replies import kept_text
from shotwright.model.language import ModelReply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from shotwright.model.language import ModelRequest


class FunctionLanguageModel:
    """A `LanguageModel` that a function answers. What the function raises is raised.

    `count` counts a text's tokens, a token for every four characters where it is not given. `delay` (seconds) passes
    before each answer. Calls, tokens and the most requests that were under way at once are counted.
    """

    def __init__(
        self,
        answer: Callable[[ModelRequest], str | ModelReply | Awaitable[str | ModelReply]],
        name: str = "function",
        *,
        count: Callable[[str], int] | None = None,
        delay: float = 0.0,
    ) -> None:
        self._answer = answer
        self.name = name
        self._count = count or _by_characters
        self._delay = delay
        self.calls = 0
        self.input_tokens = 0
        self.output_tokens = 0
        self.in_flight = 0
        self.in_flight_peak = 0

    async def ask(self, request: ModelRequest) -> ModelReply:
        self.calls += 1
        self.in_flight += 1
        self.in_flight_peak = max(self.in_flight_peak, self.in_flight)
        try:
            if self._delay:
                await asyncio.sleep(self._delay)
            said = self._answer(request)
            if inspect.isawaitable(said):
                said = await said
        finally:
            self.in_flight -= 1
        reply = said if isinstance(said, ModelReply) else self._reply(request, said)
        self.input_tokens += reply.input_tokens
        self.output_tokens += reply.output_tokens
        return reply

    def fingerprint(self) -> str:
        return self.name

    def prepare(self) -> None:
        """Nothing is to be loaded."""

    async def close(self) -> None:
        """Nothing is held."""

    def _reply(self, request: ModelRequest, text: str) -> ModelReply:
        texts = (request.instructions, request.film, request.answer_schema, *(m.text for m in request.messages))
        return ModelReply(
            text=kept_text(text),
            model=self.name,
            input_tokens=sum(self._count(t) for t in texts),
            output_tokens=self._count(text),
            seconds=self._delay,
            cost_usd=0.0,
        )


def _by_characters(text: str) -> int:
    return -(-len(text) // 4)
