"""How many tokens a text is, and what a token costs: for estimates, offline. What was really used, services say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CHARS_A_TOKEN = 4
_ENCODING = "o200k_base"
_PIECE_CHARS = 50_000
"""Longer texts are counted in pieces, so that no text is too long for the tokenizer."""
_ADDRESS = re.compile(r"@\s*https?://", re.IGNORECASE)
_PROVIDERS = {
    "openai-chat": "openai",
    "openai-responses": "openai",
    "google-gla": "google",
    "google-vertex": "google",
    "google-cloud": "google",
    "bedrock": "aws",
    "grok": "x-ai",
    "xai": "x-ai",
    "heroku": "",
    "ollama": "",
}
"""A provider as settings spell it -> as the price list does; empty: it has no price a token."""


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """A way to count."""

    name: str
    """Named in every estimate: models have tokenizers of their own, and counts differ by some percent."""
    count: Callable[[str], int]


@cache
def tokenizer() -> Tokenizer:
    """The tokenizer at hand: o200k_base where `bpe-openai`, which ships its vocabulary, is installed; else a token for
    every four characters. Never asks the network."""
    try:
        encoding: Any = import_module("bpe_openai").get_encoding(_ENCODING)
    except Exception:
        # Whatever is wrong with an optional package, an estimate can be made without it.
        return Tokenizer("chars/4", _by_characters)

    @lru_cache(maxsize=64)
    def count(text: str) -> int:
        try:
            return sum(
                len(encoding.encode_ordinary(text[at : at + _PIECE_CHARS])) for at in range(0, len(text), _PIECE_CHARS)
            )
        except (ValueError, UnicodeError):
            return _by_characters(text)

    return Tokenizer(f"{_ENCODING} (bpe-openai)", count)


def _by_characters(text: str) -> int:
    return -(-len(text) // CHARS_A_TOKEN)


Price = tuple[float, float, float]
"""USD a million tokens: (input, input that was cached, output)."""


def price_of(spelling: str, overrides: Mapping[str, Price] | None = None) -> Price | None:
    """What a model costs by the price list that is installed with pydantic-ai; None where it names no price.

    `spelling` is as in the settings: `provider:name`, or `NAME@http://…` for a service of one's own, which has no
    price. `overrides` (spelling -> price) come first. Prices are those of short requests: some models cost more beyond
    a length that no question of the crew comes near. Never asks the network.
    """
    if overrides and spelling in overrides:
        return overrides[spelling]
    return _listed_price(spelling.strip())


@cache
def _listed_price(spelling: str) -> Price | None:
    provider, colon, name = spelling.partition(":")
    if _ADDRESS.search(spelling) or not colon or not name:
        return None
    listed = _PROVIDERS.get(provider, provider)
    if not listed:
        return None
    try:
        prices: Any = import_module("genai_prices")
        usage = prices.Usage
        fresh, cached = (
            float(prices.calc_price(used, model_ref=name, provider_id=listed).input_price)
            for used in (usage(input_tokens=1000), usage(input_tokens=1000, cache_read_tokens=1000))
        )
        answered = float(prices.calc_price(usage(output_tokens=1000), model_ref=name, provider_id=listed).output_price)
    except Exception:
        # Not installed, a model it does not list, or a list in another form: no price is known.
        return None
    return round(fresh * 1000, 6), round(cached * 1000, 6), round(answered * 1000, 6)
