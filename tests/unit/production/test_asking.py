"""One way to the language models: what is accepted, asked again, refused, pending, paid, replayed."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from pydantic import BaseModel

from shotwright.errors import ProductionError, RateLimited, Unavailable
from shotwright.model.language import ModelReply, ModelRequest, Refinement
from shotwright.model.question import Question, Taken
from shotwright.production.asking import Asking, Limits, Mind
from shotwright.production.exchanges import exchanges_of, spent
from shotwright.production.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Draft = tuple[str, ...]


class Word(BaseModel):
    n: int
    word: str


class Words(BaseModel):
    words: list[Word]


def question(body: str = "three words", size: int = 3) -> Question[Draft]:
    """Asks for `size` words in capitals; anything else is refused."""

    def take(standing: Draft, answer: Words, open_keys: frozenset[str], mind: str) -> Taken[Draft]:
        value, refused, changed = list(standing), {}, set()
        said = {f"word {w.n}": w.word for w in answer.words}
        for at in range(size):
            key = f"word {at + 1}"
            if key not in open_keys:
                continue
            if key not in said or not said[key].isupper():
                refused[key] = "it is not in capitals"
            elif said[key] != value[at]:
                value[at] = said[key]
                changed.add(key)
        return Taken(tuple(value), refused, frozenset(changed))

    def mark(value: Draft, record: Refinement) -> Draft:
        return (*value, *(f"{k} fell" for k in record.fallen), *(["pending"] if record.pending else []))

    return Question(
        agent="director", task="director.words", scene="sc_1", instructions="Say words.", film="Film: X", body=body,
        answer=Words, drafted=Words(words=[Word(n=1, word="A")]),
        keys=tuple(f"word {n + 1}" for n in range(size)), take=take, mark=mark,
    )  # fmt: skip


DRAFT: Draft = ("a", "b", "c")


class Double:
    """Answers by a function of how often it was asked; counts how many are under way."""

    def __init__(self, answer: Callable[[int, ModelRequest], str | Exception | ModelReply], delay: float = 0) -> None:
        self.answer, self.delay = answer, delay
        self.requests: list[ModelRequest] = []
        self.under_way = self.peak = 0

    async def ask(self, request: ModelRequest) -> ModelReply:
        self.requests.append(request)
        self.under_way += 1
        self.peak = max(self.peak, self.under_way)
        try:
            said = self.answer(len(self.requests), request)
            await asyncio.sleep(self.delay)
        finally:
            self.under_way -= 1
        if isinstance(said, Exception):
            raise said
        if isinstance(said, ModelReply):
            return said
        return ModelReply(text=said, model="double", input_tokens=100, output_tokens=10, cost_usd=0.01)

    def fingerprint(self) -> str:
        return "double"

    def prepare(self) -> None:
        return None

    async def close(self) -> None:
        return None


def words(*said: str) -> str:
    return json.dumps({"words": [{"n": n, "word": w} for n, w in enumerate(said, 1)]})


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.sqlite") as opened:
        yield opened


def asking(journal: Journal, double: Double, **options: object) -> Asking:
    limits = options.pop("limits", Limits())
    mind = Mind("double", "double", lambda: double, lambda i, o: 0.01)
    return Asking({"director": mind}, journal, limits, count=lambda t: len(t) // 4, **options)  # type: ignore[arg-type]


def refine(way: Asking, asked: Question[Draft] | None = None) -> tuple[Draft, Refinement]:
    try:
        return way.run(way.refine(asked or question(), DRAFT))
    finally:
        way.close()


def test_a_good_answer_is_taken_and_paid_once(journal: Journal) -> None:
    double = Double(lambda n, r: words("A", "B", "C"))
    value, record = refine(asking(journal, double))
    assert value == ("A", "B", "C")
    assert record.accepted == record.changed == ("word 1", "word 2", "word 3")
    assert (record.calls, record.mind, record.pending) == (1, "double", "")
    again, kept = refine(asking(journal, double))
    assert (again, kept) == (value, record)
    assert len(double.requests) == 1
    assert [(s.agent, s.calls, s.input_tokens, s.cost_usd) for s in spent(journal)] == [("director", 1, 100, 0.01)]


def test_what_is_refused_is_asked_again_with_the_reason_and_only_that(journal: Journal) -> None:
    double = Double(lambda n, r: words("A", "nope", "C") if n == 1 else words("Z", "B", "Z"))
    value, record = refine(asking(journal, double))
    assert value == ("A", "B", "C")
    assert record.accepted == ("word 1", "word 3")
    assert record.repaired == ("word 2",)
    said = double.requests[1].messages[-1].text
    assert "word 2: it is not in capitals" in said
    assert "word 1" not in said


def test_what_was_wrong_is_said_once_however_much_it_concerns(journal: Journal) -> None:
    double = Double(lambda n, r: words("nope", "nope", "C"))
    refine(asking(journal, double))
    assert "- word 1, word 2: it is not in capitals\n" in double.requests[1].messages[-1].text


def test_of_an_answer_that_nothing_can_be_read_of_little_is_shown_again(journal: Journal) -> None:
    babble = Double(lambda n, r: "word after word " * 2000)
    refine(asking(journal, babble))
    _, said, again = babble.requests[1].messages
    assert len(said.text) <= 200
    assert again.text == "The reply holds no JSON object. Answer again in the same form."


def test_a_second_bad_answer_falls_back_to_the_draft_for_good(journal: Journal) -> None:
    double = Double(lambda n, r: words("A", "nope", "C"))
    value, record = refine(asking(journal, double))
    assert value == ("A", "b", "C", "word 2 fell")
    assert record.fallen == {"word 2": "it is not in capitals"}
    refine(asking(journal, double))
    assert len(double.requests) == 2


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("", "empty"),
        ("I would rather talk about the weather.", "no JSON"),
        ("[1, 2, 3]", "no JSON"),
        ('{"words": "none"}', "not in capitals"),
        ('{"words": ' + "[" * 3000, "JSON"),
        ("{" * 100_000, "JSON"),
        ('{"words": [{"n": 1e999, "word": "A"}]}', ""),
    ],
)
def test_a_reply_that_is_no_answer_leaves_the_draft(journal: Journal, reply: str, why: str) -> None:
    value, record = refine(asking(journal, Double(lambda n, r: reply)))
    assert value[:3] == DRAFT
    assert set(record.fallen) == set(question().keys)
    assert why in record.fallen["word 1"]


def test_a_truncated_reply_is_taken_as_far_as_it_goes(journal: Journal) -> None:
    cut = words("A", "B", "C")[:-22]
    double = Double(lambda n, r: ModelReply(text=cut, finish="length", model="d") if n == 1 else words("-", "-", "C"))
    value, record = refine(asking(journal, double))
    assert value == ("A", "B", "C")
    assert record.repaired == ("word 3",)
    assert "ends before" in double.requests[1].messages[-1].text


def test_one_spoiled_entry_does_not_cost_the_others(journal: Journal) -> None:
    text = json.dumps({"words": [{"n": 1, "word": "A"}, {"n": "x", "word": 3}, {"n": 3, "word": "C"}]})
    value, _record = refine(asking(journal, Double(lambda n, r: text if n == 1 else words("-", "B"))))
    assert value == ("A", "B", "C")


def test_a_refusal_is_not_argued_with(journal: Journal) -> None:
    double = Double(lambda n, r: ModelReply(text="I can't help with that.", finish="refused", model="d"))
    _value, record = refine(asking(journal, double))
    assert len(double.requests) == 1
    assert record.fallen["word 1"] == "the model declined to answer"


@pytest.mark.parametrize("error", [Unavailable("no route to it", transient=True), RateLimited("ask later")])
def test_an_outage_is_pending_and_asked_again_next_time(journal: Journal, error: Exception) -> None:
    down = Double(lambda n, r: error)
    value, record = refine(asking(journal, down))
    assert value == (*DRAFT, "pending")
    assert record.pending == str(error)
    assert not record.fallen
    up = Double(lambda n, r: words("A", "B", "C"))
    assert refine(asking(journal, up))[0] == ("A", "B", "C")


def test_an_outage_while_asking_again_keeps_what_was_taken_and_pays_it_no_second_time(journal: Journal) -> None:
    down = Double(lambda n, r: words("A", "nope", "C") if n == 1 else Unavailable("gone", transient=True))
    value, _ = refine(asking(journal, down))
    assert value == ("A", "b", "C", "pending")
    up = Double(lambda n, r: words("Z", "B", "Z"))
    value, _record = refine(asking(journal, up))
    assert value == ("A", "B", "C")
    assert len(up.requests) == 1


def test_a_model_that_is_down_is_not_asked_a_thousand_times(journal: Journal) -> None:
    down = Double(lambda n, r: Unavailable("gone", transient=True))
    way = asking(journal, down, limits=Limits(in_flight=1))
    way.run(way.together([way.refine(question(str(n)), DRAFT) for n in range(50)]))
    way.close()
    assert len(down.requests) == 3


def test_a_wrong_key_is_tried_once(journal: Journal) -> None:
    double = Double(lambda n, r: Unavailable("the key was refused"))
    way = asking(journal, double, limits=Limits(in_flight=1))
    way.run(way.together([way.refine(question(str(n)), DRAFT) for n in range(9)]))
    way.close()
    assert len(double.requests) == 1


def test_a_budget_stops_cleanly_and_the_next_run_goes_on(journal: Journal) -> None:
    double = Double(lambda n, r: words("A", "B", "C"))
    way = asking(journal, double, limits=Limits(in_flight=2, budget_usd=0.035))
    done = way.run(way.together([way.refine(question(str(n)), DRAFT) for n in range(10)]))
    way.close()
    assert sum(not record.pending for _, record in done) == 3
    assert {record.pending for _, record in done if record.pending} == {"the budget of $0.035 is spent"}
    assert way.asked.cost_usd == pytest.approx(0.03)
    way = asking(journal, double)
    done = way.run(way.together([way.refine(question(str(n)), DRAFT) for n in range(10)]))
    way.close()
    assert not any(record.pending for _, record in done)
    assert len(double.requests) == 10


def test_a_replay_asks_nobody(journal: Journal) -> None:
    double = Double(lambda n, r: words("A", "B", "C"))
    first, _ = refine(asking(journal, double))
    silent = Double(lambda n, r: pytest.fail("asked"))
    assert refine(asking(journal, silent, replay=True))[0] == first
    value, record = refine(asking(journal, silent, replay=True), question("another"))
    assert value == (*DRAFT, "pending")
    assert "replay" in record.pending


def test_an_estimate_asks_nobody_and_says_what_it_would_ask(journal: Journal) -> None:
    silent = Double(lambda n, r: pytest.fail("asked"))
    way = asking(journal, silent, estimate=True)
    refine(way)
    assert [(r.agent, r.task, r.model) for r in way.rows] == [("director", "director.words", "double")]
    assert way.rows[0].input_tokens > way.rows[0].shared_tokens > 0


def test_no_more_are_under_way_than_allowed_and_the_same_request_is_asked_once(journal: Journal) -> None:
    double = Double(lambda n, r: words("A", "B", "C"), delay=0.02)
    way = asking(journal, double, limits=Limits(in_flight=4))
    way.run(way.together([way.refine(question(str(n % 10)), DRAFT) for n in range(30)]))
    way.close()
    assert double.peak == 4
    assert len(double.requests) == 10


def test_an_exchange_is_committed_before_its_answer_is_used(journal: Journal, tmp_path: Path) -> None:
    seen: list[int] = []

    def look(standing: Draft, answer: Words, open_keys: frozenset[str], mind: str) -> Taken[Draft]:
        with Journal(tmp_path / "journal.sqlite", readonly=True) as reader:
            seen.append(len(exchanges_of(reader)))
        return Taken(standing)

    asked = question()
    watching = Question(**{**{f: getattr(asked, f) for f in asked.__dataclass_fields__}, "take": look})
    refine(asking(journal, Double(lambda n, r: words("A"))), watching)
    assert seen == [1]


def test_shared_text_stands_before_varying_text(journal: Journal) -> None:
    double = Double(lambda n, r: words("A", "B", "C"))
    refine(asking(journal, double))
    request = double.requests[0]
    assert list(ModelRequest.model_fields)[:3] == ["instructions", "film", "messages"]
    assert request.messages[0].text == "three words"
    assert "three words" not in request.instructions + request.film


def test_a_reply_with_half_a_character_is_kept(journal: Journal) -> None:
    value, _ = refine(asking(journal, Double(lambda n, r: words("A", "B", "C") + "\ud83d")))
    assert value == ("A", "B", "C")
    assert len(exchanges_of(journal)) == 1


def test_a_journal_that_cannot_write_stops_everybody(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise ProductionError("no space left")

    monkeypatch.setattr("shotwright.production.asking.keep_exchanges", full)
    way = asking(journal, Double(lambda n, r: words("A", "B", "C")))
    with pytest.raises(ProductionError):
        way.run(way.together([way.refine(question(str(n)), DRAFT) for n in range(5)]))
    way.close()
