"""Whether a language model could be asked: what is installed, which keys are set, and who answers on this machine."""

from __future__ import annotations

import asyncio
import http.client
import json
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from shotwright.adapters.language_model.secrets import scrub
from shotwright.adapters.language_model.service import Service
from shotwright.adapters.language_model.settings import key_of, parse_model, secret_variables
from shotwright.errors import ConfigError, ShotwrightError
from shotwright.model.language import Message, ModelRequest

if TYPE_CHECKING:
    from shotwright.adapters.language_model.settings import LanguageModelSettings, ParsedModel

Finding = tuple[Literal["ok", "warn", "fail"], str, str]
_SECONDS = 3.0
_MOST_BYTES = 1_000_000
_QUESTION = ModelRequest(
    instructions="You check a connection.",
    messages=(Message(role="user", text='Answer with {"word":"ready"}.'),),
    answer_name="check",
    answer_schema='{"type":"object","properties":{"word":{"type":"string"}},"required":["word"],'
    '"additionalProperties":false}',
    max_output_tokens=512,
)


def diagnose(settings: LanguageModelSettings, *, ask: bool = False) -> list[Finding]:
    """What stands in the way of asking the model and its fallbacks: (ok, warn or fail; one line; what to do about it).

    A model at an address of this machine is asked for its list of models, which costs nothing. Nothing else touches
    the network unless `ask`: then each model answers one question of some fifty tokens, which may cost money. A
    fallback's failure is a warning. Not to be called where an event loop runs.
    """
    found: list[Finding] = []
    for at, spelling in enumerate(dict.fromkeys((settings.model, *settings.fallbacks))):
        told = _one(spelling, settings, ask)
        found.extend(("warn" if at and state == "fail" else state, line, hint) for state, line, hint in told)
    return found


def _one(spelling: str, settings: LanguageModelSettings, ask: bool) -> list[Finding]:
    try:
        parsed = parse_model(spelling)
        service = Service(parsed, settings, priced=False)
        service.require()
        variable, key = key_of(parsed, settings)
    except ConfigError as error:
        return [("fail", error.message, error.hint)]
    with_key = f"; its key is in {variable}" if key else "; no key is sent" if parsed.provider is None else ""
    found: list[Finding] = [("ok", f"{parsed.spelling} can be asked{with_key}", "")]
    if parsed.loopback:
        found.append(_listed(parsed, key, settings))
    if ask and found[-1][0] != "fail":
        found.append(_asked(spelling, settings))
    return found


def _listed(parsed: ParsedModel, key: str, settings: LanguageModelSettings) -> Finding:
    """Whether the server lists the model."""
    try:
        names = _models(parsed.address, key)
    except (OSError, http.client.HTTPException, ValueError) as error:
        told = scrub(str(error) or type(error).__name__, secret_variables(settings))
        return ("fail", f"nobody lists models at {parsed.address} ({told})", "start the server, or name its address")
    if parsed.name in names:
        return ("ok", f"{parsed.address} serves {parsed.name}", "")
    if not names:
        return ("warn", f"{parsed.address} lists no models", "it may answer all the same")
    shown = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
    return ("warn", f"{parsed.address} does not list {parsed.name}, but {shown}", "is the model's name spelled right?")


def _models(address: str, key: str) -> list[str]:
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_SECONDS)
    try:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        connection.request("GET", f"{parts.path}/models", headers=headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise ValueError(f"it answers {answer.status}")
        tree: Any = json.loads(answer.read(_MOST_BYTES))
    finally:
        connection.close()
    listed = tree.get("data") if isinstance(tree, dict) else None
    if not isinstance(listed, list):
        raise ValueError("its list is none")
    return [str(m["id"])[:200] for m in listed if isinstance(m, dict) and "id" in m]


def _asked(spelling: str, settings: LanguageModelSettings) -> Finding:
    from dataclasses import replace

    from shotwright.adapters.language_model.pydantic_ai import PydanticAiLanguageModel

    alone = replace(settings, model=spelling, fallbacks=(), tries=1)

    async def once() -> Finding:
        model = PydanticAiLanguageModel(alone)
        try:
            reply = await model.ask(_QUESTION)
        finally:
            await model.close()
        if not reply.text.strip():
            return ("warn", f"{spelling} answered with nothing ({reply.finish})", "give it room for its thoughts")
        return ("ok", f"{spelling} answered in {reply.seconds:.1f} s", "")

    try:
        return asyncio.run(once())
    except ShotwrightError as error:
        return ("fail", error.message, error.hint)
