"""What pydantic-ai raises, told as our own errors: one line each, no key in it, and whether to try again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.adapters.language_model.secrets import scrub
from shotwright.adapters.language_model.settings import secret_variables
from shotwright.errors import BadAnswer, ConfigError, RateLimited, ShotwrightError, Unavailable

if TYPE_CHECKING:
    from pydantic_ai.exceptions import ModelAPIError

    from shotwright.adapters.language_model.settings import LanguageModelSettings, ParsedModel

_AGAIN = frozenset({408, 409, 425, 429})
_ABOUT_FORM = (
    "response_format", "json_schema", "json_object", "output_format", "output_config", "structured output",
    "guided", "grammar", "tool_choice", "tools",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong with one try."""

    error: ShotwrightError
    again: bool = False
    """Whether the same request may succeed a little later."""
    retry_after: float | None = None
    """Seconds, where the service said so."""
    about_form: bool = False
    """Whether the service refused the way in which the answer's form was asked for."""


def fault_of(error: Exception, model: ParsedModel, settings: LanguageModelSettings) -> Fault:
    """The fault that an exception tells of. Whatever it says is scrubbed of keys."""
    from pydantic_ai import exceptions as raised

    told = scrub(_said(error), secret_variables(settings))
    name = model.spelling
    status = error.status_code if isinstance(error, raised.ModelHTTPError) else 0
    if isinstance(error, ShotwrightError):
        return Fault(error, again=error.transient)
    if isinstance(error, raised.UserError):
        return Fault(ConfigError(f"{name} cannot be asked: {told}"))
    if isinstance(error, TimeoutError | raised.ModelTimeoutError | raised.ModelRequestTimeout):
        return Fault(timed_out(model, settings), again=True)
    if isinstance(error, raised.ModelQuotaExceededError):
        return Fault(Unavailable(f"{name}: the account's quota or credit is used up ({told})"))
    if isinstance(error, raised.ModelRateLimitError) or status == 429:
        after = error.retry_after if isinstance(error, raised.ModelAPIError) else None
        wait = "" if after is None else f", for {after:.0f} s"
        limited = RateLimited(
            f"{name} wants to be asked later{wait}",
            hint="lower models.in_flight or set models.requests_per_minute",
            retry_after=after,
        )
        return Fault(limited, again=True, retry_after=after)
    if isinstance(error, raised.ModelAuthenticationError) or status in (401, 403):
        return Fault(Unavailable(f"{name} refuses the key ({status or 'no status'})", hint=_key_hint(model, settings)))
    if isinstance(error, raised.ModelContextWindowExceededError):
        return Fault(
            BadAnswer(f"{name} cannot read so long a request ({told})", hint="ask a model with a longer context")
        )
    if isinstance(error, raised.ModelNotFoundError) or status == 404:
        return Fault(Unavailable(f"{name} is not known there ({told})", hint="is the model's name spelled right?"))
    if isinstance(error, raised.ModelConnectionError):
        connecting = getattr(error, "phase", None) in ("connect", "pool")
        where = f" at {model.address}" if model.address and connecting else ""
        words = f"nobody answers{where}" if connecting else "the connection broke off"
        hint = "is it running?" if model.loopback else ""
        return Fault(Unavailable(f"{name}: {words}", hint=hint, transient=True), again=True)
    if isinstance(error, raised.ModelAPIError) and _is_answer_of_service(error):
        return _refusal(error, told, name)
    if isinstance(error, OSError):
        return Fault(Unavailable(f"{name} cannot be reached ({told})", transient=True), again=True)
    known = isinstance(error, raised.AgentRunError)
    unread = BadAnswer(f"{name} sent what is no reply ({told if known else 'its form is not known'})")
    unread.transient = True
    return Fault(unread, again=True)


def _is_answer_of_service(error: ModelAPIError) -> bool:
    """Whether the service answered with an error of its own, and not with what cannot be read."""
    from pydantic_ai import exceptions as raised

    kinds = (
        raised.ModelHTTPError,
        raised.ModelServerError,
        raised.ModelUnavailableError,
        raised.ModelRequestRejectedError,
    )
    return isinstance(error, kinds)


def _refusal(error: ModelAPIError, told: str, name: str) -> Fault:
    from pydantic_ai import exceptions as raised

    status = error.status_code if isinstance(error, raised.ModelHTTPError) else 0
    if status >= 500 or status in _AGAIN or isinstance(error, raised.ModelServerError | raised.ModelUnavailableError):
        why = Unavailable(f"{name} is not able to answer ({status or told})", transient=True)
        return Fault(why, again=True, retry_after=error.retry_after)
    # It is this request that was refused; another one may be taken.
    about_form = status in (400, 422, 501) and any(word in told.lower() for word in _ABOUT_FORM)
    return Fault(Unavailable(f"{name} refuses the request ({told})", transient=True), about_form=about_form)


def timed_out(model: ParsedModel, settings: LanguageModelSettings) -> Unavailable:
    return Unavailable(
        f"{model.spelling} did not answer within {settings.timeout_seconds:g} s",
        hint="raise models.timeout_seconds, or ask fewer at once (models.in_flight)",
        transient=True,
    )


def _said(error: Exception) -> str:
    """What the service itself said where it did, else the exception's words."""
    body = getattr(error, "body", None)
    if isinstance(body, dict):
        inner = body.get("error", body)
        if isinstance(inner, dict) and isinstance(inner.get("message"), str):
            return str(inner["message"])
        if isinstance(inner, str):
            return inner
    if isinstance(body, str) and body:
        return body
    # A provider's error may have been made of a body without a message.
    first = error.args[0] if error.args else ""
    lines = first.splitlines() if isinstance(first, str) else []
    return lines[0] if lines else type(error).__name__


def _key_hint(model: ParsedModel, settings: LanguageModelSettings) -> str:
    if model.provider is None:
        return f"is {settings.key_env} set to its key?" if settings.key_env else "models.key_env names its key"
    if model.provider.keys:
        return f"is {' or '.join(model.provider.keys)} set to a key that is valid?"
    return ""
