"""What the page on language models shows can be used as it stands."""

from __future__ import annotations

import contextlib
import io
import re
import tomllib
from pathlib import Path

import pytest

from shotwright.adapters.language_model.settings import key_of, known_providers, parse_model

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "language-models.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)


def test_every_model_shown_is_spelled_right() -> None:
    shown = [table["models"] for table in map(tomllib.loads, blocks("toml"))]
    spelled = [v for models in shown for k, v in models.items() if isinstance(v, str) and v != "none"]
    spelled += [spelling for models in shown for spelling in models.get("fallbacks", ())]
    spelled += re.findall(r"# (\S+@http\S+)", PAGE)
    assert len(spelled) > 6
    for spelling in spelled:
        parse_model(spelling)


def test_every_provider_shown_is_known() -> None:
    table = PAGE.split("| provider | variable |")[1].split("\n\n")[0]
    names = [n for row in table.splitlines()[2:] for n in re.findall(r"`([a-z-]+)`", row.split("|")[1])]
    assert len(names) > 8
    assert set(names) <= set(known_providers())


def test_every_variable_shown_is_the_one_that_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    from shotwright.adapters.language_model.settings import LanguageModelSettings

    for provider, variable in (("openai", "OPENAI_API_KEY"), ("azure", "AZURE_OPENAI_API_KEY"),
                               ("groq", "GROQ_API_KEY"), ("together", "TOGETHER_API_KEY")):  # fmt: skip
        assert f"`{provider}`" in PAGE
        monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://x")
        monkeypatch.setenv(variable, "key of a test")
        settings = LanguageModelSettings(f"{provider}:x")
        assert key_of(parse_model(settings.model), settings) == (variable, "key of a test")


def test_the_code_shown_runs() -> None:
    pytest.importorskip("pydantic_ai")
    pytest.importorskip("openai")
    for code in blocks("python"):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(code, {})
        for expected in re.findall(r"print\(.*?\)  # (.*)", code):
            assert said.getvalue().strip() == expected
