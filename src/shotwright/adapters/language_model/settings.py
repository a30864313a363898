"""Which language model is asked and how, and how a model is spelled in settings."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal
from urllib.parse import urlsplit

from shotwright.errors import ConfigError

Output = Literal["auto", "json_schema", "json_object", "tool", "prompted"]
Thinking = Literal["off", "low", "medium", "high"]
DEFAULT_KEY_ENV = "SHOTWRIGHT_MODEL_KEY"
MAX_SPELLING = 300
_ADDRESS = re.compile(r"@\s*(?=https?://)", re.IGNORECASE)
_SERVED = "NAME@http://HOST:PORT/v1"


@dataclass(frozen=True, slots=True)
class LanguageModelSettings:
    """One model, what stands in for it, and how they are asked."""

    model: str
    """`provider:name`, or `NAME@http://HOST:PORT/v1` for anything that speaks OpenAI's interface."""
    fallbacks: tuple[str, ...] = ()
    """Asked in this order when the model cannot be reached; spelled in the same way."""
    key_env: str = DEFAULT_KEY_ENV
    """The environment variable that holds the key of a model at an address; the default one may be unset."""
    output: Output = "auto"
    """How the answer's form is asked for; `auto` takes the strictest way that the model is known to keep."""
    temperature: float | None = 0.0
    seed: int | None = 0
    thinking: Thinking = "off"
    """How long a model thinks before it answers, where it can be told; `off` is the least that it can."""
    timeout_seconds: float = 120.0
    """For one request to one model, with all its tries and the pauses between them."""
    tries: int = 4
    price_input: float | None = None
    """USD a million input tokens of `model`, over the price list's; of fallbacks the list's hold."""
    price_output: float | None = None

    def fingerprint(self) -> str:
        """The model and every setting that changes what it says. Fallbacks, keys, limits and prices do not."""
        told = f"{self.model.strip()} output={self.output} temperature={self.temperature} seed={self.seed}"
        return told if self.thinking == "off" else f"{told} thinking={self.thinking}"


@dataclass(frozen=True, slots=True)
class Provider:
    """What is known of a provider before anything of it is imported."""

    name: str
    title: str
    keys: tuple[str, ...]
    """The variables that its key may stand in: the first that is set counts; none: it has ways of its own."""
    also: tuple[str, ...]
    """Variables that it needs besides."""
    secrets: tuple[str, ...]
    """Variables that may hold a key, though none is needed."""
    needs: str
    """The module that must be installed."""
    install: str
    looks: tuple[str, ...]
    """How names of its models begin."""


@dataclass(frozen=True, slots=True)
class ParsedModel:
    """A model's spelling, taken apart."""

    spelling: str
    name: str
    provider: Provider | None = None
    """None for a model at an address."""
    address: str = ""
    """Of the interface, without a slash at its end; empty for a provider's model."""

    @property
    def loopback(self) -> bool:
        """Whether the model is on this machine."""
        host = urlsplit(self.address).hostname or ""
        return host in ("localhost", "::1") or host.startswith("127.")


def parse_model(spelling: str) -> ParsedModel:
    """`openai:gpt-5-mini` or `qwen3:8b@http://localhost:11434/v1` taken apart. ConfigError when it names no model.

    An address without a path means `/v1` there. Nothing is imported or asked.
    """
    text = spelling.strip()
    if not text:
        raise ConfigError("no language model is named", hint=f"such as openai:gpt-5-mini, or {_SERVED}")
    if len(text) > MAX_SPELLING or not text.isprintable():
        raise ConfigError("the language model's name is no name", hint=f"such as openai:gpt-5-mini, or {_SERVED}")
    parts = _ADDRESS.split(text)
    if len(parts) > 1:
        return _served(text, "@".join(parts[:-1]).strip(), parts[-1])
    if text.lower().startswith(("http://", "https://")):
        raise ConfigError(f"{_plain(text)} names no model", hint=f"put the model's name before it: {_SERVED}")
    return _provided(text)


def known_providers() -> tuple[str, ...]:
    """The names that may stand before the colon."""
    return tuple(dict.fromkeys(p.name for p in _table().values()))


def key_of(model: ParsedModel, settings: LanguageModelSettings) -> tuple[str, str]:
    """(environment variable, key) for a model; the key is empty where none is needed. ConfigError where one is and
    its variable is not set: the message names the variable, never a value."""
    if model.provider is None:
        variable = settings.key_env
        key = os.environ.get(variable, "").strip() if variable else ""
        if not key and variable and variable != DEFAULT_KEY_ENV:
            raise ConfigError(
                f"{_short(model)} needs a key, and the environment variable {variable} is not set",
                hint=f"export {variable}=…, or leave models.key_env out where no key is needed",
            )
        return variable, key
    provider = model.provider
    for variable in provider.also:
        if not os.environ.get(variable, "").strip():
            raise ConfigError(
                f"{model.spelling} needs the environment variable {variable}, which is not set",
                hint=f"export {variable}=…",
            )
    for variable in provider.keys:
        if key := os.environ.get(variable, "").strip():
            return variable, key
    if provider.keys:
        raise ConfigError(
            f"{model.spelling} needs a key of {provider.title}, and the environment variable "
            f"{' or '.join(provider.keys)} is not set",
            hint=f"export {provider.keys[0]}=…",
        )
    return "", ""


def secret_variables(settings: LanguageModelSettings) -> tuple[str, ...]:
    """Every environment variable that may hold a key of a model in the settings, or of any provider that is known."""
    named = [settings.key_env] if settings.key_env else []
    for provider in _table().values():
        named.extend((*provider.keys, *provider.secrets))
    return tuple(dict.fromkeys(named))


def _served(text: str, name: str, address: str) -> ParsedModel:
    if not name:
        raise ConfigError(f"{_plain(text)} names no model", hint=f"put the model's name before it: {_SERVED}")
    address = address.strip()
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ConfigError(f"the address of {name} is none", hint=f"such as {_SERVED}") from None
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise ConfigError(
            f"the address of {name} may hold a host, a port and a path only",
            hint="a key belongs into an environment variable, named by models.key_env",
        )
    if not parts.hostname or re.search(r"\s", address):
        raise ConfigError(f"the address of {name} has no host", hint=f"such as {_SERVED}")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    path = parts.path.rstrip("/") or "/v1"
    for end in ("/chat/completions", "/models"):
        path = path.removesuffix(end)
    return ParsedModel(
        spelling=text,
        name=name,
        address=f"{parts.scheme.lower()}://{host}{'' if port is None else f':{port}'}{path}",
    )


def _provided(text: str) -> ParsedModel:
    before, colon, name = text.partition(":")
    before, name = before.strip().lower(), name.strip()
    table = _table()
    if colon and before in table and name:
        provider = table[before]
        return ParsedModel(spelling=text, name=name, provider=provider)
    if colon and before in table:
        raise ConfigError(f"{text} names a provider and no model", hint=_of_provider(table[before]))
    whole = text.lower()
    for provider in table.values():
        if any(whole.startswith(look) for look in provider.looks):
            # An Ollama tag has a colon too.
            raise ConfigError(
                f"{text} does not say whose model it is",
                hint=f"did you mean {provider.name}:{text}? A model that you serve is spelled {text}@http://HOST:PORT/v1",
            )
    near = difflib.get_close_matches(before, list(table), n=1, cutoff=0.6)
    if colon and near:
        raise ConfigError(
            f"no provider of language models is called {before}", hint=f"did you mean {table[near[0]].name}:{name}?"
        )
    known = ", ".join(sorted(known_providers()))
    raise ConfigError(
        f"{text} does not say whose model it is" if not colon else f"no provider of language models is called {before}",
        hint=f"spell it PROVIDER:NAME, or {_SERVED} for one that you serve; providers: {known}",
    )


def _of_provider(provider: Provider) -> str:
    return f"spell it {provider.name}:NAME, with a name that {provider.title} lists"


def _short(model: ParsedModel) -> str:
    return f"{model.name} at {model.address}"


def _plain(text: str) -> str:
    """An address without what may be a key in it."""
    return re.sub(r"//[^/@]*@", "//", text).split("?")[0]


@cache
def _table() -> dict[str, Provider]:
    raw = tomllib.loads(files("shotwright.adapters.language_model").joinpath("providers.toml").read_text("utf-8"))
    table: dict[str, Provider] = {}
    for name, told in raw.items():
        extra = told.get("extra")
        provider = Provider(
            name=name,
            title=told["title"],
            keys=tuple(told["keys"]),
            also=tuple(told.get("also", ())),
            secrets=tuple(told.get("secrets", ())),
            needs=told["needs"],
            install=f'pip install "shotwright[{extra}]"' if extra else f'pip install "{told["package"]}"',
            looks=tuple(told.get("looks", ())),
        )
        for spelled in (name, *told.get("aliases", ())):
            table[spelled] = provider
    return table
