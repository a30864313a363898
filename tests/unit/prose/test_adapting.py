"""Prose through the run's one way to its models: asked chunk by chunk, paid once, pending when nobody answers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from shotwright.errors import Unavailable
from shotwright.model.language import ModelReply, ModelRequest
from shotwright.production.adaptation import SCRIPT, adapt_prose
from shotwright.production.adapting import adaptor
from shotwright.production.asking import Asking, Limits, Mind
from shotwright.production.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STORY = "Ann sat in the kitchen.\n\n“Where is it?” asked Ben.\n\n“Gone,” she said.\n"


class Double:
    """A model that puts every line into the present, or that is down."""

    def __init__(self, *, down: bool = False) -> None:
        self.down = down
        self.requests: list[ModelRequest] = []

    async def ask(self, request: ModelRequest) -> ModelReply:
        self.requests.append(request)
        if self.down:
            raise Unavailable("it is down")
        body = request.messages[0].text
        numbers = [int(n) for n in re.findall(r"(?m)^(\d+) [^:]*$", body)]
        said = {
            "scenes": [{"at": 1, "io": "INT", "place": "kitchen", "time": "EVENING"}],
            "speakers": [],
            "lines": [{"n": n, "do": "show", "text": "Ann sits at the table."} for n in numbers],
        }
        return ModelReply(text=json.dumps(said), model="double")

    def fingerprint(self) -> str:
        return "double"

    def prepare(self) -> None:
        return None

    async def close(self) -> None:
        pass


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.sqlite") as held:
        yield held


def asking_of(model: Double, journal: Journal) -> Asking:
    mind = Mind("double", "double", lambda: model, lambda used, said: None)
    return Asking({"architect": mind}, journal, Limits(), count=lambda text: len(text) // 4)


def run(story: Path, folder: Path, model: Double, journal: Journal) -> str:
    asking = asking_of(model, journal)
    refine, mind = adaptor(asking, [])
    try:
        return adapt_prose(story, folder, refine=refine, mind=mind).outcome
    finally:
        asking.close()


def test_a_model_words_the_action_once_and_is_not_asked_again(tmp_path: Path, journal: Journal) -> None:
    story, model = tmp_path / "story.txt", Double()
    story.write_text(STORY)
    assert run(story, tmp_path, model, journal) == "made"
    text = (tmp_path / SCRIPT).read_text()
    assert "INT. KITCHEN - EVENING" in text
    assert "Ann sits at the table." in text
    assert "Where is it?" in text
    assert run(story, tmp_path, model, journal) == "kept"
    (tmp_path / SCRIPT).unlink()
    assert run(story, tmp_path, model, journal) == "made"
    assert (tmp_path / SCRIPT).read_text() == text
    assert len(model.requests) == 1


def test_an_outage_leaves_the_rules_script_and_the_next_run_asks(tmp_path: Path, journal: Journal) -> None:
    story = tmp_path / "story.txt"
    story.write_text(STORY)
    assert run(story, tmp_path, Double(down=True), journal) == "made"
    assert "Ann sat in the kitchen." in (tmp_path / SCRIPT).read_text()
    assert run(story, tmp_path, Double(), journal) == "made"
    assert "Ann sits at the table." in (tmp_path / SCRIPT).read_text()


def test_without_a_model_nothing_is_asked() -> None:
    assert adaptor(None, []) == (None, "rules")
