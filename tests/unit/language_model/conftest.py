"""Models behind a stand-in, each through its provider's own client."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.standin.language_model.server import Standin, running

from shotwright.adapters.language_model.settings import LanguageModelSettings
from shotwright.model.language import Message, ModelReply, ModelRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

OPENAI_KEY = "sk-proj-unit-0123456789abcdefghij"
ANTHROPIC_KEY = "sk-ant-unit-0123456789abcdefghij"
GOOGLE_KEY = "AIzaUnit0123456789abcdefghijklmnop"
HOUSE_KEY = "house.key.unit.0123456789"
SCHEMA = (
    '{"type":"object","properties":{"purpose":{"type":"string"}},"additionalProperties":false,"required":["purpose"]}'
)
MODELS = {"address": "", "chat": "openai-chat:gpt-4o-mini", "responses": "openai:gpt-4o-mini",
          "anthropic": "anthropic:claude-haiku-4-5", "google": "google:gemini-3.1-flash-lite"}  # fmt: skip


def question(text: str = "Which?", **more: Any) -> ModelRequest:
    return ModelRequest(
        instructions=more.pop("instructions", "You choose shots."), film=more.pop("film", "A film of birds."),
        messages=(Message(role="user", text=text),), answer_name="picks", answer_schema=SCHEMA, **more,
    )  # fmt: skip


@dataclass
class Rig:
    """A stand-in and the settings of a model that it serves."""

    standin: Standin
    settings: LanguageModelSettings

    def ask(self, *requests: ModelRequest, **changed: Any) -> list[ModelReply]:
        """The replies to the requests, one after the other, by one model. Raises what the model raises."""
        from shotwright.adapters.language_model import open_model

        settings = replace(self.settings, **changed)

        async def all_of_them() -> list[ModelReply]:
            model = open_model(settings)
            try:
                return [await model.ask(r) for r in requests or (question(),)]
            finally:
                await model.close()

        return asyncio.run(all_of_them())


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Standin]:
    """A stand-in that named providers' clients find too, with quick second tries."""
    pytest.importorskip("pydantic_ai")
    pytest.importorskip("openai")
    pytest.importorskip("anthropic")
    pytest.importorskip("google.genai")
    from shotwright.adapters.language_model import pydantic_ai as adapter

    monkeypatch.setattr(adapter, "FIRST_PAUSE", 0.01)
    monkeypatch.setenv("OPENAI_API_KEY", OPENAI_KEY)
    monkeypatch.setenv("ANTHROPIC_API_KEY", ANTHROPIC_KEY)
    monkeypatch.delenv("GOOGLE_API_KEY", raising=False)
    monkeypatch.setenv("GEMINI_API_KEY", GOOGLE_KEY)
    monkeypatch.setenv("SHOTWRIGHT_MODEL_KEY", HOUSE_KEY)
    with running() as made:
        monkeypatch.setenv("OPENAI_BASE_URL", made.url)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", made.root)
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", made.root)
        yield made


@pytest.fixture(params=MODELS)
def rig(request: pytest.FixtureRequest, standin: Standin) -> Rig:
    """Every kind of service in turn."""
    spelling = MODELS[request.param] or standin.spelling
    return Rig(standin, LanguageModelSettings(spelling, timeout_seconds=10, tries=3))


@pytest.fixture
def served(standin: Standin) -> Rig:
    """A model at an address alone."""
    return Rig(standin, LanguageModelSettings(standin.spelling, timeout_seconds=10, tries=3))
