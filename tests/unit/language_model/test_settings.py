"""How a model is spelled, and what is said when it is spelled wrong or its key is missing."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from shotwright.adapters.language_model.settings import (
    LanguageModelSettings,
    key_of,
    known_providers,
    parse_model,
    secret_variables,
)
from shotwright.errors import ConfigError


@pytest.mark.parametrize(
    ("spelling", "name", "address"),
    [
        ("qwen3:8b@http://localhost:11434/v1", "qwen3:8b", "http://localhost:11434/v1"),
        ("qwen3@http://localhost:11434", "qwen3", "http://localhost:11434/v1"),
        ("qwen3@http://localhost:11434/", "qwen3", "http://localhost:11434/v1"),
        (" Qwen/Qwen3-8B @ http://gpu.studio:8000/v1/ ", "Qwen/Qwen3-8B", "http://gpu.studio:8000/v1"),
        ("m@https://api.house.film/openai/v1/chat/completions", "m", "https://api.house.film/openai/v1"),
        ("m@http://[::1]:8080/v1", "m", "http://[::1]:8080/v1"),
        ("a@b@http://h/v1", "a@b", "http://h/v1"),
    ],
)
def test_a_served_model_is_a_name_and_an_address(spelling: str, name: str, address: str) -> None:
    parsed = parse_model(spelling)
    assert (parsed.name, parsed.address, parsed.provider) == (name, address, None)


@pytest.mark.parametrize(
    ("address", "here"),
    [("http://localhost:1/v1", True), ("http://127.0.0.1:1", True), ("http://[::1]:1/v1", True),
     ("http://10.0.0.5:1/v1", False), ("https://localhost.example.com/v1", False)],
)  # fmt: skip
def test_a_model_on_this_machine_is_known_as_such(address: str, here: bool) -> None:
    assert parse_model(f"m@{address}").loopback is here


@pytest.mark.parametrize(
    ("spelling", "provider", "name"),
    [
        ("openai:gpt-5-mini", "openai", "gpt-5-mini"),
        ("Anthropic:claude-haiku-4-5", "anthropic", "claude-haiku-4-5"),
        ("google-gla:gemini-2.5-flash", "google", "gemini-2.5-flash"),
        ("openrouter:qwen/qwen3-8b:free", "openrouter", "qwen/qwen3-8b:free"),
    ],
)
def test_a_providers_model_is_a_provider_and_a_name(spelling: str, provider: str, name: str) -> None:
    parsed = parse_model(spelling)
    assert parsed.provider is not None
    assert (parsed.provider.name, parsed.name, parsed.address) == (provider, name, "")


@pytest.mark.parametrize(
    ("spelling", "told", "hint"),
    [
        ("", "no language model is named", "openai:"),
        ("gpt-5-mini", "does not say whose model", "did you mean openai:gpt-5-mini"),
        ("claude-haiku-4-5", "does not say whose model", "did you mean anthropic:claude-haiku-4-5"),
        ("qwen3:8b", "does not say whose model", "qwen3:8b@http://HOST:PORT/v1"),
        ("opnai:gpt-5-mini", "no provider of language models is called opnai", "did you mean openai:gpt-5-mini"),
        ("nobody:x", "no provider of language models is called nobody", "anthropic"),
        ("frobnicate", "does not say whose model", "PROVIDER:NAME"),
        ("openai:", "names a provider and no model", "openai:NAME"),
        ("http://localhost:8000/v1", "names no model", "NAME@http://HOST:PORT/v1"),
        ("@http://localhost:8000/v1", "names no model", "NAME@http://HOST:PORT/v1"),
        ("m@http://", "no host", "NAME@"),
        ("m@http://h:99999/v1", "is none", "NAME@"),
        ("m@http://h/v1?key=abcdefgh", "a host, a port and a path only", "environment variable"),
        ("m@http://me:hunter22@h/v1", "a host, a port and a path only", "environment variable"),
        ("m\n:x", "is no name", "openai:"),
        ("x" * 400, "is no name", "openai:"),
    ],
)
def test_a_wrong_spelling_gets_one_line_and_a_hint(spelling: str, told: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_model(spelling)
    assert told in caught.value.message
    assert hint in caught.value.hint
    assert "\n" not in caught.value.message + caught.value.hint
    assert "hunter22" not in caught.value.message + caught.value.hint
    assert "abcdefgh" not in caught.value.message + caught.value.hint


def test_every_provider_of_the_table_is_one_that_pydantic_ai_has() -> None:
    providers = pytest.importorskip("pydantic_ai.providers")
    for name in known_providers():
        try:
            providers.infer_provider_class(name)
        except ImportError:
            continue  # Known, and its package is not installed.


def test_a_missing_key_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("GOOGLE_API_KEY", "GEMINI_API_KEY", "HOUSE_KEY", "SHOTWRIGHT_MODEL_KEY"):
        monkeypatch.delenv(variable, raising=False)
    settings = LanguageModelSettings("google:gemini-3.8-flash")
    with pytest.raises(ConfigError, match="GOOGLE_API_KEY or GEMINI_API_KEY is not set"):
        key_of(parse_model(settings.model), settings)
    monkeypatch.setenv("GEMINI_API_KEY", "a-key-of-ours")
    assert key_of(parse_model(settings.model), settings) == ("GEMINI_API_KEY", "a-key-of-ours")
    served = parse_model("m@http://h:1/v1")
    assert key_of(served, settings) == ("SHOTWRIGHT_MODEL_KEY", "")
    with pytest.raises(ConfigError, match="HOUSE_KEY is not set"):
        key_of(served, replace(settings, key_env="HOUSE_KEY"))
    assert key_of(served, replace(settings, key_env="")) == ("", "")


def test_a_fingerprint_changes_with_what_changes_answers_and_nothing_else() -> None:
    plain = LanguageModelSettings("openai:gpt-5-mini")
    same = replace(
        plain, fallbacks=("anthropic:x",), key_env="K", timeout_seconds=1, tries=1, price_input=1.0, price_output=2.0
    )
    assert same.fingerprint() == plain.fingerprint()
    changed = [
        replace(plain, model="openai:gpt-5"), replace(plain, output="tool"), replace(plain, temperature=None),
        replace(plain, seed=None), replace(plain, thinking="low"),
    ]  # fmt: skip
    assert len({s.fingerprint() for s in (plain, *changed)}) == 6


def test_every_variable_that_may_hold_a_key_is_known() -> None:
    found = secret_variables(LanguageModelSettings("m@http://h/v1", key_env="HOUSE_KEY"))
    assert {"HOUSE_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "OLLAMA_API_KEY"} <= set(found)


def test_opening_a_model_imports_nothing_heavy(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pydantic_ai")
    code = (
        "import sys\n"
        "from shotwright.adapters.language_model import open_model\n"
        "from shotwright.adapters.language_model.settings import LanguageModelSettings as S\n"
        "open_model(S('m@http://127.0.0.1:1/v1')).fingerprint()\n"
        "print([m for m in ('openai', 'httpx2', 'pydantic_ai.models', 'asyncio.runners') if m in sys.modules][:1])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() in ("[]", "['asyncio.runners']")
