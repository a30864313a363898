"""What a function is, what it may ask of the query that calls it, and how it refuses an argument.

A function that is given what it cannot use answers null and leaves a warning, as on the server: its body raises
`NoAnswer` and `Function.call` does the rest."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from shotwright.aql.values import Number, Value, is_number, rank, to_number, to_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from shotwright.aql.data import Document

WRONG_ARGUMENT = 1542
INVALID_REGEX = 1553
INVALID_ARITHMETIC = 1561
ARRAY_EXPECTED = 1563
INVALID_DATE = 1572
USER_WARNING = 1594

_MESSAGES = {
    WRONG_ARGUMENT: "invalid argument type in call to function '{name}()'",
    INVALID_REGEX: "in function '{name}()': invalid regex value",
    INVALID_ARITHMETIC: "in function '{name}()': invalid arithmetic value",
    ARRAY_EXPECTED: "in function '{name}()': array expected",
    INVALID_DATE: "in function '{name}()': invalid date value",
}
"""The wording of the server, so that the warnings of both stores compare."""

CHARACTERS_A_VALUE = 32
"""A text weighs as much as one value for every so many characters."""


class Context(Protocol):
    """What a function may ask of the running query."""

    @property
    def database(self) -> str:
        """The name of the database, for CURRENT_DATABASE."""

    @property
    def user(self) -> str | None:
        """Who asks, for CURRENT_USER; None where nobody signed in."""

    def document(self, identifier: str) -> Document | None:
        """By `_id`."""

    def count(self, collection: str) -> int | None:
        """Documents in a collection; None when there is no such collection."""

    def warn(self, code: int, message: str) -> None:
        """Leave a warning with one of ArangoDB's error numbers."""

    def budget(self, size: int) -> None:
        """Called before a function makes `size` values, or takes about as many steps; raises when that is too much."""


class NoAnswer(Exception):
    """The arguments have no answer: null, and a warning with this code."""

    def __init__(self, code: int = WRONG_ARGUMENT, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Function:
    """A function of AQL, with how many arguments it takes; `max` is None where any number may follow."""

    name: str
    family: str
    min: int
    max: int | None
    body: Callable[..., Value]
    repeatable: bool = True
    """False when the same arguments may give another answer: a random number, the time."""

    def call(self, context: Context, *arguments: Value) -> Value:
        """The answer; null with a warning where the arguments have none. The number of arguments was checked before."""
        try:
            return self.body(context, *arguments)
        except NoAnswer as reason:
            message = _MESSAGES.get(reason.code, "in function '{name}()': {detail}")
            if reason.detail:
                message = "in function '{name}()': {detail}"
            context.warn(reason.code, message.format(name=self.name, detail=reason.detail))
            return None


class Family:
    """The functions of one topic, gathered as their module is read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.functions: list[Function] = []

    def function(
        self, *names: str, least: int, most: int | None = -1, repeatable: bool = True
    ) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
        """Enter the function below under its names, aliases last. `most` is `least` unless given."""

        def enter(body: Callable[..., Value]) -> Callable[..., Value]:
            last = least if most == -1 else most
            self.functions += [Function(name, self.name, least, last, body, repeatable) for name in names]
            return body

        return enter


# Arguments


def array_of(value: Value, code: int = ARRAY_EXPECTED) -> list[Value]:
    if rank(value) != 4:
        raise NoAnswer(code)
    items: list[Value] = value
    return items


def object_of(value: Value) -> dict[str, Value]:
    if rank(value) != 5:
        raise NoAnswer
    attributes: dict[str, Value] = value
    return attributes


def text_of(value: Value) -> str:
    """An argument that must be text, and is not cast."""
    if rank(value) != 3:
        raise NoAnswer
    text: str = value
    return text


def number_of(value: Value) -> Number:
    """An argument that must be a number, and is not cast."""
    if not is_number(value):
        raise NoAnswer
    number: Number = value
    return number


def integer(value: Value) -> int:
    """Cast to a number and cut to a whole one, within 64 bits."""
    number = to_number(value)
    if isinstance(number, float):
        number = math.trunc(number) if math.isfinite(number) else 0
    return max(-(2**63), min(number, 2**63 - 1))


def spell(context: Context, value: Value) -> str:
    """Cast to text, within the budget; text itself costs nothing."""
    text = to_text(value)
    if text is not value:
        weigh_text(context, len(text))
    return text


def weigh_text(context: Context, characters: int) -> None:
    if characters > CHARACTERS_A_VALUE:
        context.budget(characters // CHARACTERS_A_VALUE)
