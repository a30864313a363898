"""A key is sent to its service and appears nowhere else."""

from __future__ import annotations

import asyncio
import logging
import traceback

import pytest
from tests.standin.language_model.faults import cut, garbage, status
from tests.unit.language_model.conftest import ANTHROPIC_KEY, GOOGLE_KEY, HOUSE_KEY, OPENAI_KEY, Rig, question

from shotwright.adapters.language_model import open_model
from shotwright.adapters.language_model.diagnosis import diagnose
from shotwright.adapters.language_model.secrets import scrub
from shotwright.errors import LanguageModelError

KEYS = (OPENAI_KEY, ANTHROPIC_KEY, GOOGLE_KEY, HOUSE_KEY)
TELLING = (
    f"Incorrect API key provided: {OPENAI_KEY} {ANTHROPIC_KEY} {GOOGLE_KEY} {HOUSE_KEY}. Headers: Bearer {HOUSE_KEY}"
)


def holds_a_key(text: str) -> bool:
    return any(key in text or key[4:-2] in text for key in KEYS)


@pytest.mark.parametrize(
    "fault",
    [status(401, TELLING), status(400, TELLING), status(404, TELLING), status(402, TELLING), status(429, TELLING),
     status(500, TELLING), cut(), garbage(TELLING.encode()), garbage(f'{{"error": "{TELLING}"}}'.encode())],
    ids=["401", "400", "404", "402", "429", "500", "cut", "garbage", "an error in the body"],
)  # fmt: skip
def test_no_failure_tells_a_key(rig: Rig, fault: object, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    rig.standin.order(fault, fault)  # type: ignore[arg-type]
    with pytest.raises(LanguageModelError) as caught:
        rig.ask(tries=2)
    error = caught.value
    assert not holds_a_key(f"{error} {error!r} {error.message} {error.hint} {error.args}")
    assert not holds_a_key("".join(traceback.format_exception(error)))
    assert error.__cause__ is None
    assert error.__context__ is None, "what a provider's error holds is not carried along"
    assert not holds_a_key(caplog.text)


def test_no_success_tells_a_key(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def once() -> str:
        model = open_model(rig.settings)
        before = f"{model!r} {model.fingerprint()} {rig.settings!r}"
        reply = await model.ask(question())
        after = f"{model!r} {vars(model)} {model.fingerprint()} {reply!r}"
        await model.close()
        return before + after

    assert not holds_a_key(asyncio.run(once()))
    assert not holds_a_key(caplog.text)


def test_no_diagnosis_tells_a_key(rig: Rig) -> None:
    rig.standin.key = "a key that nobody has"
    assert not holds_a_key(repr(diagnose(rig.settings, ask=True)))


def test_what_looks_like_a_key_is_taken_out_even_when_it_is_nobodys() -> None:
    told = scrub("wrong key sk-proj-********************abcd, sent as 'Authorization: Bearer abc.def-1'", ())
    assert "abcd" not in told
    assert "abc.def-1" not in told
    assert told.startswith("wrong key (a key)")


def test_a_long_or_broken_text_becomes_one_short_line() -> None:
    told = scrub("a\nb\r\n\x1b[31m\ud83d\u202e" + "word " * 500, ())
    assert len(told) <= 300
    assert told.isprintable()
    assert told.encode()
