"""An evaluation measures what a model made of the film, on real runs with a model that is a function."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.cli.conftest import SHORT

from shotwright.errors import InputError, LanguageModelError
from shotwright.model.language import Message, ModelReply, ModelRequest, Refinement
from shotwright.production import wire
from shotwright.production.asking import Mind
from shotwright.production.evaluation import EvaluationRequest, evaluate, take_scenes
from shotwright.production.evaluation_measures import _answers, agreement, likeness, outcomes, reasons
from shotwright.production.evaluation_report import report, summary
from shotwright.production.exchanges import Exchange
from shotwright.screenplay import read_string

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

THREE = (
    SHORT
    + """
INT. CELLAR - NIGHT

Anna forces the lid. Letters, tied with string.
"""
)


class Answering:
    """A language model that is a function of the request."""

    def __init__(self, answer: Callable[[ModelRequest], str]) -> None:
        self._answer = answer
        self.samples: set[int] = set()

    async def ask(self, request: ModelRequest) -> ModelReply:
        self.samples.add(request.sample)
        text = self._answer(request)
        return ModelReply(
            text=text, model="a-function", input_tokens=100, output_tokens=10, seconds=0.5, cost_usd=0.001
        )

    def fingerprint(self) -> str:
        return "a-function"

    def prepare(self) -> None:
        return None

    async def close(self) -> None:
        pass


class Down(Answering):
    async def ask(self, request: ModelRequest) -> ModelReply:
        raise LanguageModelError("nobody is at home")


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "two_cups.fountain"
    path.write_text(THREE)
    return path


@pytest.fixture
def with_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Answering], None]:
    """Give the Director a model, whatever model is named."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))

    def give(model: Answering) -> None:
        def minds(settings: Any, **_: Any) -> dict[Any, Mind]:
            named = settings.of("director")
            return {"director": Mind(named, "f", lambda: model, lambda i, o: 0.0)} if named else {}

        monkeypatch.setattr(wire, "minds", minds)

    return give


def invented(request: ModelRequest) -> str:
    """An answer of the asked-for form, with a number in its words so that none is like another."""
    schema = json.loads(request.answer_schema)
    at = len(request.messages[0].text) % 7 + request.sample
    return json.dumps(_invent(schema, at))


def _invent(schema: dict[str, Any], at: int) -> Any:
    if "enum" in schema:
        return schema["enum"][at % len(schema["enum"])]
    if "anyOf" in schema:
        return _invent(schema["anyOf"][0], at)
    kind = schema.get("type")
    if kind == "object":
        return {name: _invent(part, at) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [_invent(schema["items"], n) for n in range(1, 9)]
    words = ("Anna", "learns", "why", "the", "second", "cup", "stands", "cold", "tonight", "beside", "Ben")
    return {"integer": at, "number": at, "boolean": True}.get(
        str(kind), " ".join(words[n % 11] for n in range(at, at + 6))
    )


def test_a_run_with_a_model_is_measured_against_the_rules(script, with_model, tmp_path) -> None:
    model = Answering(invented)
    with_model(model)
    found = evaluate(EvaluationRequest(script, model="a-function"))
    assert model.samples == {0, 1}, "the second run asks for another sample"
    assert found.shots_draft > 5
    assert found.shots > 5
    assert "word for word" in found.coverage
    assert found.failed == 0
    assert found.answered_by == ("a-function",)
    assert found.calls >= 3
    assert found.input_tokens == 100 * found.calls
    assert found.cost_usd == pytest.approx(0.001 * found.calls)
    for task in found.tasks:
        assert task.agent == "director"
        assert task.accepted + task.repaired + task.fallen == task.keys
    assert sum(t.calls for t in found.tasks) == found.calls
    assert sum(r.times for r in found.reasons) == sum(t.fallen for t in found.tasks)
    assert found.agreement is not None
    told = report(found)
    assert "## What became of the answers" in told
    assert "## Two runs" in told
    assert summary(found)[0].startswith("a-function on two_cups.fountain: 3 scenes")


def test_a_model_that_answers_nothing_of_use_falls_back_and_changes_nothing(script, with_model) -> None:
    with_model(Answering(lambda request: "I would rather not."))
    found = evaluate(EvaluationRequest(script, model="m", runs=1))
    assert found.agreement is None
    assert sum(t.fallen for t in found.tasks) == sum(t.keys for t in found.tasks) > 0
    assert found.reasons[0].why == "the reply holds no JSON object"
    assert found.shots == found.shots_draft
    assert found.cut_again == 0
    assert not any(found.changed.values())
    assert found.purposes == found.purposes_draft
    assert found.flags == found.flags_draft


def test_a_model_that_cannot_be_reached_is_said_and_no_error(script, with_model) -> None:
    with_model(Down(invented))
    found = evaluate(EvaluationRequest(script, model="m", runs=1))
    assert found.pending == ("nobody is at home",)
    assert found.calls == 0
    assert found.cost_usd is None
    assert all(t.pending == t.keys for t in found.tasks)
    assert "nobody is at home" in report(found)


def test_without_a_model_one_clear_line(script, with_model, monkeypatch) -> None:
    with_model(Answering(invented))
    with pytest.raises(InputError, match="no language model is named"):
        evaluate(EvaluationRequest(script))
    with pytest.raises(InputError, match="no such file"):
        evaluate(EvaluationRequest(script.with_name("other.fountain"), model="m"))
    story = script.with_name("story.txt")
    story.write_text("Anna poured the tea. The rain had not stopped since noon, and nobody had come.\n\n" * 5)
    with pytest.raises(InputError, match="of the same screenplay"):
        evaluate(EvaluationRequest(story, model="m"))
    with pytest.raises(InputError, match="no scene 9 in two_cups"):
        evaluate(EvaluationRequest(script, scenes=("9",), model="m"))


def test_productions_that_are_kept_are_gone_on_with(script, with_model, tmp_path) -> None:
    first = Answering(invented)
    with_model(first)
    request = EvaluationRequest(script, scenes=("1",), model="m", runs=1, out=tmp_path / "kept")
    once = evaluate(request)
    with_model(Down(invented))
    again = evaluate(request)
    assert again.pending == ()
    assert again.calls == once.calls
    assert again.tasks == once.tasks
    assert again.purposes == once.purposes


def test_scenes_taken_out_are_a_screenplay_of_their_own(script) -> None:
    whole = read_string(THREE).screenplay
    part = read_string(take_scenes(script, ("3", "1"))).screenplay
    assert [s.heading.raw for s in part.scenes] == [whole.scenes[0].heading.raw, whole.scenes[2].heading.raw]
    assert [[u.text for u in s.units] for s in part.scenes] == [
        [u.text for u in whole.scenes[0].units],
        [u.text for u in whole.scenes[2].units],
    ]
    assert part.title_page == whole.title_page


def test_outcomes_count_every_key_once() -> None:
    record = Refinement(
        agent="director", task="director.shots", asked=("shot 1", "shot 2", "shot 3", "shot 4"), accepted=("shot 1",),
        repaired=("shot 2",), fallen={"shot 3": "it copies “this”", "shot 4": "it copies “that”"}, changed=("shot 1",),
        calls=2, input_tokens=10, output_tokens=5,
    )  # fmt: skip
    waiting = Refinement(agent="director", task="director.shots", asked=("shot 1", "shot 2"), pending="down")
    [row] = outcomes([record, waiting, Refinement(agent="director", task="nothing asked")])
    assert (row.questions, row.keys, row.accepted, row.repaired, row.fallen, row.pending) == (2, 6, 1, 1, 2, 2)
    [reason] = reasons([record, waiting])
    assert (reason.times, reason.why) == (2, "it copies “…”")


SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {
            "tone": {"type": "string"},
            "shots": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "shot": {"type": "integer"}, "pick": {"enum": ["a", "b"], "type": "string"},
                        "why": {"type": "string"},
                    },
                },
            },
        },
    }
)  # fmt: skip


def exchange(text: str, body: str = "the question") -> Exchange:
    request = ModelRequest(
        instructions="i", messages=(Message(role="user", text=body),), answer_name="a", answer_schema=SCHEMA
    )
    return Exchange("k", "director", "director.shots", "s", request, ModelReply(text=text, model="m"))


def test_answers_to_the_same_question_are_compared_key_by_key() -> None:
    one = '{"shots":[{"shot":1,"pick":"a","why":"she runs"},{"shot":2,"pick":"b","why":"he waits"}],"tone":"dark"}'
    other = '```json\n{"shots":[{"shot":2,"pick":"b","why":"he waits"},{"shot":1,"pick":"b","why":"she hides"}]}'
    found = agreement((), (), [exchange(one), exchange(one, "asked once")], [exchange(other)])
    assert found.questions == 1
    assert found.answers_same == 0.5
    assert found.answers_words == pytest.approx((1 + 1 / 3 + 0) / 3, abs=1e-4)
    none = agreement((), (), [exchange(one)], [])
    assert (none.questions, none.answers_same) == (0, None)


@pytest.mark.parametrize(
    "text", ["", "no", "[1]", '{"shots":"x"}', '{"shots":[1,null,{}]}', '{"shots":[{"shot":', "{]"]
)
def test_any_reply_can_be_taken_apart(text) -> None:
    assert isinstance(_answers(text, SCHEMA), dict)


def test_likeness_is_of_words() -> None:
    assert likeness("Anna waits.", "anna WAITS") == 1
    assert likeness("Anna waits", "Ben leaves") == 0
    assert likeness("", "") == 1
