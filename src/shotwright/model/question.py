"""A question that a crew member puts to a language model, and how its answer is taken. Pure: it asks nobody itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel

    from shotwright.model.language import Refinement
    from shotwright.model.vocabulary import Agent

D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Taken(Generic[D]):
    """What an answer made of a draft."""

    value: D
    """Complete and legal, whatever the answer was."""
    refused: dict[str, str] = field(default_factory=dict)
    """Key -> one sentence, said to the model when it is asked again: `shot 3: the purpose repeats shot 2's`."""
    changed: frozenset[str] = frozenset()
    """Keys whose value is not what stood there before."""


@dataclass(frozen=True, slots=True)
class Question(Generic[D]):
    """One thing that an agent asks. `take` and `mark` are pure functions over the draft that they close over nothing
    of: they get what stands and give what stands then."""

    agent: Agent
    task: str
    """`director.shots`: names the question in costs, logs and reports."""
    scene: str
    """Scene id, or empty for the film."""
    instructions: str
    """The prompt file's text. Nothing in it varies."""
    film: str
    """What every scene of the film shares."""
    body: str
    """What varies: the scene's material, with shots and units by small numbers. The script's own text stands between
    `<script>` and `</script>`."""
    answer: type[BaseModel]
    """The answer's shape: integers, enums, short strings; lists of small objects."""
    drafted: BaseModel
    """The draft in the answer's form: what a model would say that agrees with the rules. Sizes the room that an answer
    gets."""
    keys: tuple[str, ...]
    """What is asked for, one name each: `shot 3`."""
    take: Callable[[D, Any, frozenset[str], str], Taken[D]]
    """(what stands, an answer of type `answer`, the keys still open, the model's name) -> what it makes of them. Keys
    that the answer leaves out are in `refused` too. Never raises: whatever an answer holds, the value is legal."""
    mark: Callable[[D, Refinement], D]
    """Writes into the provenance which parts fell back, and what is pending."""
    longest_text: int = 400
    """Characters that no text of the answer needs more of; 0: it may need any number."""
    likely_tokens: int = 0
    """Of the answer, where a model has more to say than the draft (reasons, notes, what is added); for estimates."""
