"""A language model that says what it was told to say, in turn: faults by order, for tests."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from shotwright.adapters.language_model.function import FunctionLanguageModel
from shotwright.errors import LanguageModelError, RateLimited, Unavailable
from shotwright.model.language import ModelReply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from shotwright.model.language import ModelRequest


class ScriptedLanguageModel(FunctionLanguageModel):
    """A `LanguageModel` whose first answers are given; then the function `then` answers, or nobody (Unavailable).

    An answer is a text, a whole reply, or an error that is raised. Like any model it takes no notice of what it is
    asked: with several callers, who gets which answer depends on who comes first.
    """

    def __init__(
        self,
        answers: Iterable[str | ModelReply | LanguageModelError],
        then: Callable[[ModelRequest], str | ModelReply | Awaitable[str | ModelReply]] | None = None,
        name: str = "scripted",
        *,
        count: Callable[[str], int] | None = None,
        delay: float = 0.0,
    ) -> None:
        self._left = deque(answers)
        self._then = then
        super().__init__(self._next, name, count=count, delay=delay)

    def _next(self, request: ModelRequest) -> str | ModelReply | Awaitable[str | ModelReply]:
        if self._left:
            answer = self._left.popleft()
            if isinstance(answer, LanguageModelError):
                raise answer
            return answer
        if self._then is None:
            raise down(self.name)
        return self._then(request)


def down(name: str = "scripted") -> Unavailable:
    """The model is out of reach."""
    return Unavailable(f"{name}: nobody answers", transient=True)


def limited(retry_after: float | None = None, name: str = "scripted") -> RateLimited:
    """The model wants to be asked later."""
    return RateLimited(f"{name} wants to be asked later", retry_after=retry_after)


def cut_short(text: str, name: str = "scripted") -> ModelReply:
    """The first half of an answer: its tokens ran out."""
    return ModelReply(text=text[: len(text) // 2], finish="length", model=name, output_tokens=len(text) // 8)


def refusal(text: str = "I can't help with that.", name: str = "scripted") -> ModelReply:
    """The model declines."""
    return ModelReply(text=text, finish="refused", model=name, output_tokens=len(text) // 4)
