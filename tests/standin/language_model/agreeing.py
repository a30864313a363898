"""A model that answers as the draft would, or a little otherwise, for tests of the whole line."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from shotwright.model.language import ModelReply
from shotwright.production import wire
from shotwright.production.asking import Asking, Mind

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from shotwright.model.language import ModelRequest
    from shotwright.model.vocabulary import Agent


class Agreeing:
    """Every agent's model in a test. It is told what the draft would answer, and says so unless `reword` says other."""

    def __init__(self) -> None:
        self.drafted: dict[str, str] = {}
        self.asked: list[tuple[str, str, str]] = []
        """(agent, task, scene) of every request that was really sent."""
        self.requests: list[ModelRequest] = []
        self.reword: Callable[[str, dict[str, Any]], Any] = lambda task, answer: answer
        self.fails: Callable[[int], Exception | None] = lambda number: None
        self.names: dict[str, str] = {}
        """Agent -> another name of its model."""
        self.delay = 0.0
        self._of: dict[str, tuple[str, str, str]] = {}

    async def ask(self, request: ModelRequest) -> ModelReply:
        key = request.key("")
        self.asked.append(self._of[key])
        self.requests.append(request)
        failing = self.fails(len(self.asked))
        await asyncio.sleep(self.delay)
        if failing is not None:
            raise failing
        answer = self.reword(self._of[key][1], json.loads(self.drafted[key]))
        text = answer if isinstance(answer, str) else json.dumps(answer)
        return ModelReply(text=text, model="agreeing", input_tokens=50, output_tokens=5, seconds=0.01, cost_usd=0.001)

    def fingerprint(self) -> str:
        return "agreeing"

    def prepare(self) -> None:
        return None

    async def close(self) -> None:
        return None

    def tasks(self) -> Counter[str]:
        return Counter(task for _, task, _ in self.asked)

    def attach(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Give every agent this model, as far as the settings name one."""

        def minds(settings: Any, **_: Any) -> dict[Agent, Mind]:
            return {a: self._mind(a) for a in wire.AGENTS if settings.of(a)}

        noted = Asking._exchange

        async def noting(way: Asking, question: Any, request: ModelRequest) -> ModelReply:
            key = request.key("")
            self.drafted[key] = question.drafted.model_dump_json()
            self._of[key] = (question.agent, question.task, question.scene)
            return await noted(way, question, request)

        monkeypatch.setattr(wire, "minds", minds)
        monkeypatch.setattr(Asking, "_exchange", noting)

    def _mind(self, agent: str) -> Mind:
        name = self.names.get(agent, "agreeing")
        return Mind(name, name, lambda: self, lambda i, o: 0.001)
