"""What is said of a model before anything is asked of it."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from tests.unit.language_model.conftest import MODELS, Rig

from shotwright.adapters.language_model import open_model
from shotwright.adapters.language_model.diagnosis import diagnose
from shotwright.adapters.language_model.settings import LanguageModelSettings
from shotwright.errors import ConfigError


def test_a_server_of_this_machine_is_asked_what_it_serves(served: Rig) -> None:
    found = diagnose(served.settings)
    assert [state for state, _, _ in found] == ["ok", "ok"]
    assert "serves standin-small" in found[1][1]
    assert served.standin.calls == 0, "no question was asked"
    other = replace(served.settings, model=f"gpt-oss@{served.standin.url}")
    assert [state for state, _, _ in diagnose(other)] == ["ok", "warn"]
    assert "standin-small" in diagnose(other)[1][1]


def test_a_named_model_is_not_asked_without_being_told_to(rig: Rig) -> None:
    assert all(state == "ok" for state, _, _ in diagnose(rig.settings))
    assert rig.standin.calls == 0
    found = diagnose(rig.settings, ask=True)
    assert found[-1][0] == "ok"
    assert "answered in" in found[-1][1]
    assert rig.standin.calls == 1


def test_a_missing_key_fails_and_a_fallbacks_warns(served: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    ((state, line, hint),) = diagnose(LanguageModelSettings(MODELS["anthropic"]))
    assert (state, "ANTHROPIC_API_KEY" in line, "export ANTHROPIC_API_KEY" in hint) == ("fail", True, True)
    found = diagnose(replace(served.settings, fallbacks=(MODELS["anthropic"],)))
    assert [s for s, _, _ in found] == ["ok", "ok", "warn"]


def test_a_server_that_is_down_fails(served: Rig) -> None:
    spelling = served.standin.spelling.replace(str(served.standin.port), "1")
    found = diagnose(replace(served.settings, model=spelling), ask=True)
    assert [s for s, _, _ in found] == ["ok", "fail"]
    assert "start the server" in found[1][2]


def test_a_wrong_spelling_fails(served: Rig) -> None:
    ((state, _, hint),) = diagnose(replace(served.settings, model="gpt-5-mini"))
    assert (state, "openai:gpt-5-mini" in hint) == ("fail", True)


def test_without_the_package_its_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pydantic_ai", None)
    settings = LanguageModelSettings("m@http://127.0.0.1:1/v1")
    ((state, line, hint),) = diagnose(settings)
    assert (state, line, hint) == ("fail", "language models need pydantic-ai", 'pip install "shotwright[llm]"')
    with pytest.raises(ConfigError, match="language models need pydantic-ai"):
        open_model(settings)


def test_without_a_providers_package_its_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pydantic_ai")
    monkeypatch.setitem(sys.modules, "anthropic", None)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "x" * 20)
    with pytest.raises(ConfigError, match="needs the package anthropic") as caught:
        open_model(LanguageModelSettings(MODELS["anthropic"]))
    assert caught.value.hint == 'pip install "shotwright[llm-anthropic]"'
