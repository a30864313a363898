"""What passes between the crew and a language model: a request, a reply, and what became of the answer."""

from __future__ import annotations

from typing import Literal

from shotwright.model.ids import digest
from shotwright.model.value import Value
from shotwright.model.vocabulary import Agent

MAX_REPLY_CHARS = 200_000
"""A longer reply is cut here before anything looks at it."""


class Message(Value):
    """One turn of the exchange that varies: the question, an answer, the reason why it is asked again."""

    role: Literal["user", "assistant"]
    text: str


class ModelRequest(Value):
    """One request. What many requests share stands first, so that a provider's prompt cache hits."""

    instructions: str
    """The agent's prompt: the same for every film."""
    film: str = ""
    """What is the same for every scene of a film."""
    messages: tuple[Message, ...]
    answer_name: str
    answer_schema: str
    """JSON Schema of the answer, as compact JSON."""
    max_output_tokens: int = 2048
    longest_text: int = 0
    """Characters that no text of the answer needs more of; 0: not known."""
    sample: int = 0
    """Which of several answers to the same request: 0 is the one that a run uses."""

    def key(self, model: str) -> str:
        """What the exchange is kept under. `model` is the fingerprint of the model that was asked first: its name and
        the settings that change what it says. Nothing of the code enters."""
        return digest(model, self.model_dump_json(), length=40)


class ModelReply(Value):
    """What came back, whatever it is worth."""

    text: str
    finish: Literal["stop", "length", "refused", "other"] = "stop"
    model: str
    """Who answered, by name: the one asked, or a fallback."""
    input_tokens: int = 0
    cached_tokens: int = 0
    """Of the input tokens: those that the provider had in its cache."""
    output_tokens: int = 0
    seconds: float = 0.0
    cost_usd: float | None = None
    """None where no price is known."""


class Refinement(Value):
    """What became of one question: which parts of the draft a model chose or worded, and why the others stand."""

    agent: Agent
    task: str
    asked: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    """Keys answered well the first time."""
    repaired: tuple[str, ...] = ()
    """Keys answered well when asked again with the reason."""
    fallen: dict[str, str] = {}
    """Key -> why the model's answer was refused; the draft stands, for good."""
    changed: tuple[str, ...] = ()
    """Keys whose value is not the draft's."""
    pending: str = ""
    """Why nobody could answer; the next run asks again."""
    mind: str = "rules"
    """The model that answered."""
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


class Expected(Value):
    """A question that was not asked yet, in tokens: what a dry run adds up."""

    agent: Agent
    task: str
    scene: str = ""
    model: str
    """As the settings name it."""
    input_tokens: int
    shared_tokens: int
    """Of the input tokens: those that stand first and that other questions of the agent share."""
    output_tokens: int
    """Of the answer that is likely."""
    most_input_tokens: int = 0
    """Were it asked again as often as may be, each time with the answer that was refused."""
    most_output_tokens: int = 0
    """Were each of these answers as long as it may be."""
