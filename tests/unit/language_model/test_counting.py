"""Tokens and prices for estimates: counted offline, never a reason to fail."""

from __future__ import annotations

import socket
import sys

import pytest

from shotwright.adapters.language_model import counting
from shotwright.adapters.language_model.counting import price_of, tokenizer

SCRIPT = "Duchess folds and drops like a thrown glove. Della looks into the box marked JOSS. It is empty.\n" * 20


@pytest.fixture(autouse=True)
def _afresh(monkeypatch):
    """No cached tokenizer from another test, and no network to reach for."""

    def refuse(*_args, **_kwargs):
        raise AssertionError("something reached for the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    tokenizer.cache_clear()
    counting._listed_price.cache_clear()
    yield
    tokenizer.cache_clear()


def test_with_its_package_real_tokens_are_counted():
    pytest.importorskip("bpe_openai")
    counted = tokenizer()
    assert "o200k_base" in counted.name
    assert counted.count("hello world") == 2
    assert counted.count("") == 0
    assert 0.5 < counted.count(SCRIPT) * 4 / len(SCRIPT) < 2


@pytest.mark.parametrize("text", ["<|endoftext|>", "a\ud800b", "\x00", "😀" * 300, "a" * 300_000, " " * 120_000])
def test_any_text_can_be_counted(text):
    assert tokenizer().count(text) > 0


def test_without_its_package_four_characters_are_a_token(monkeypatch):
    monkeypatch.setitem(sys.modules, "bpe_openai", None)
    counted = tokenizer()
    assert counted.name == "chars/4"
    assert counted.count("") == 0
    assert counted.count("12345") == 2


def test_known_models_have_a_price_and_cached_input_costs_less():
    pytest.importorskip("genai_prices")
    for spelling in ("openai:gpt-5-mini", "anthropic:claude-sonnet-4-5", "google-gla:gemini-2.5-flash"):
        price = price_of(spelling)
        assert price is not None, spelling
        fed, cached, said = price
        assert 0 < cached < fed < said < 1000, spelling
    assert price_of("openai:gpt-5-mini") == price_of("openai-chat:gpt-5-mini")


def test_the_price_is_that_of_a_short_request():
    pytest.importorskip("genai_prices")
    from genai_prices import Usage, calc_price

    spelling = "anthropic:claude-sonnet-4-5"
    short = calc_price(Usage(input_tokens=2000, output_tokens=300), model_ref="claude-sonnet-4-5").total_price
    price = price_of(spelling)
    assert price is not None
    assert (2000 * price[0] + 300 * price[2]) / 1e6 == pytest.approx(float(short))


@pytest.mark.parametrize(
    "spelling",
    ["qwen@http://127.0.0.1:8080/v1", "openai:gpt@https://my.house/v1", "ollama:qwen3", "openai:nothing-such",
     "nobody:x", "", ":", "openai:", "gpt-5-mini"],
)  # fmt: skip
def test_a_service_of_ones_own_or_an_unknown_model_has_none(spelling):
    assert price_of(spelling) is None


def test_without_a_price_list_there_is_no_price(monkeypatch):
    monkeypatch.setitem(sys.modules, "genai_prices", None)
    assert price_of("openai:gpt-5-mini") is None


def test_a_price_of_ones_own_comes_first():
    own = {"openai:gpt-5-mini": (1.0, 0.5, 2.0), "qwen@http://h/v1": (0.1, 0.1, 0.2)}
    assert price_of("openai:gpt-5-mini", own) == (1.0, 0.5, 2.0)
    assert price_of("qwen@http://h/v1", own) == (0.1, 0.1, 0.2)
