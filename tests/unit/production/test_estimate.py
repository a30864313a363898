"""An estimate adds up what would be asked, and says what its figures rest on."""

from __future__ import annotations

import json

from shotwright.model.language import Expected
from shotwright.production.estimate import add_up, as_json, money, tell


def _asked(agent="director", task="director.shots", model="openai:a", given=1500, shared=1100, said=400):
    return Expected(
        agent=agent, task=task, scene="s", model=model, input_tokens=given, shared_tokens=shared, output_tokens=said
    )


def _price(model):
    return {"openai:a": (1.0, 0.1, 4.0), "openai:b": (10.0, 1.0, 40.0)}.get(model)


def test_rows_are_by_agent_task_and_model_and_add_up():
    rows = [_asked(), _asked(given=1700), _asked("architect", "architect.scenes", "openai:b"), _asked()]
    estimate = add_up(rows, _price, "counted")
    assert [(r.agent, r.task, r.calls) for r in estimate.rows] == [
        ("director", "director.shots", 3),
        ("architect", "architect.scenes", 1),
    ]
    first = estimate.rows[0]
    assert (first.input_tokens, first.cached_tokens, first.output_tokens) == (4700, 2200, 1200)
    assert first.cost_usd == (2500 * 1.0 + 2200 * 0.1 + 1200 * 4.0) / 1e6
    assert estimate.calls == 4
    assert estimate.cost_usd == first.cost_usd + (1500 * 10 + 400 * 40) / 1e6


def test_the_most_is_every_answer_at_its_limit_and_asked_again():
    most = {"most_input_tokens": 5000, "most_output_tokens": 4096}
    rows = [_asked().model_copy(update=most), _asked(model="openai:b").model_copy(update=most)]
    estimate = add_up(rows, _price, "counted")
    assert estimate.most_usd == (5000 * 1.0 + 4096 * 4.0) / 1e6 + (5000 * 10 + 4096 * 40) / 1e6
    assert any(line.startswith(f"At most {money(estimate.most_usd)}") for line in tell(estimate))


def test_a_beginning_too_short_to_be_kept_is_paid_in_full():
    estimate = add_up([_asked(shared=600), _asked(shared=600)], _price, "counted")
    assert estimate.rows[0].shared_tokens == 600
    assert estimate.rows[0].cached_tokens == 0
    assert estimate.cost_usd == (3000 * 1.0 + 800 * 4.0) / 1e6


def test_what_has_no_price_is_said_and_left_out_of_the_sum():
    estimate = add_up([_asked(), _asked(model="own@http://h/v1")], _price, "counted")
    told = "\n".join(tell(estimate))
    assert "No price is known for own@http://h/v1" in told
    assert estimate.cost_usd == (1500 + 400 * 4) / 1e6
    unknown = add_up([_asked(model="own@http://h/v1")], _price, "counted")
    assert unknown.cost_usd is None
    assert "no price known" in tell(unknown)[-2]


def test_the_lines_name_the_tokenizer_and_line_up():
    lines = tell(add_up([_asked(), _asked("architect", "architect.scenes")], _price, "o200k_base (bpe-openai)"))
    assert "o200k_base (bpe-openai)" in lines[-1]
    table = lines[:3]
    assert len({len(line) for line in table}) == 1
    assert tell(add_up([], _price, "x")) == ["No language model would be asked anything."]


def test_json_holds_the_same():
    estimate = add_up([_asked()], _price, "counted")
    said = json.loads(json.dumps(as_json(estimate)))
    assert said["calls"] == 1
    assert said["rows"][0]["cost_usd"] == estimate.cost_usd


def test_money_is_said_with_the_figures_that_matter():
    assert [money(v) for v in (None, 0.0, 0.00042, 0.0421, 12.3, 1234.5)] == [
        "no price known", "$0.00", "$0.00042", "$0.042", "$12.30", "$1,234.50",
    ]  # fmt: skip
