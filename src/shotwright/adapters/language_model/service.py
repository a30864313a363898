"""One model behind pydantic-ai: how a request is put to it, and what its response says."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal, cast

from shotwright.adapters.language_model.counting import price_of
from shotwright.adapters.language_model.replies import kept_text
from shotwright.adapters.language_model.settings import key_of
from shotwright.errors import BadAnswer, ConfigError, Unavailable
from shotwright.model.language import ModelReply

if TYPE_CHECKING:
    from pydantic_ai.messages import InstructionPart, ModelMessage, ModelResponse
    from pydantic_ai.models import Model, ModelRequestParameters
    from pydantic_ai.profiles import ModelProfile
    from pydantic_ai.settings import ModelSettings

    from shotwright.adapters.language_model.settings import LanguageModelSettings, ParsedModel
    from shotwright.model.language import ModelRequest

Way = Literal["json_schema", "json_object", "tool", "prompted"]
_STEPS_DOWN: dict[Way, Way] = {"json_schema": "json_object", "json_object": "prompted", "tool": "prompted"}
_FORM = "Answer with one JSON object of this schema and nothing else:\n"
_CONNECT_SECONDS = 5.0
_PLACEHOLDER = "no-key"
"""What the client sends to a server that asks for no key."""
_FINISHES: dict[str | None, Literal["stop", "length", "refused", "other"]] = {
    "stop": "stop",
    "tool_call": "stop",
    "length": "length",
    "content_filter": "refused",
    "error": "other",
}


@dataclass(slots=True)
class Service:
    """One model. Its client is made with the first request, and anew for another event loop."""

    parsed: ParsedModel
    settings: LanguageModelSettings
    priced: bool
    """Whether the settings' own prices are this model's."""
    rest_until: float = 0.0
    """Seconds of the loop's clock: nobody asks before, because the service said so."""
    down: Unavailable | None = None
    """Why it could not be asked the last time."""
    down_until: float = 0.0
    """Seconds of the loop's clock: where there is a fallback, it is asked alone before."""
    _model: Model[Any] | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _held: AsyncExitStack = field(default_factory=AsyncExitStack)
    _stepped: Way | None = None
    """The way that is left when the server knows no stricter one."""

    @property
    def name(self) -> str:
        return self.parsed.spelling

    def require(self) -> None:
        """ConfigError when a package or a key that the model needs is not there."""
        provider = self.parsed.provider
        if not _is_there("pydantic_ai"):
            raise ConfigError("language models need pydantic-ai", hint='pip install "shotwright[llm]"')
        needs = provider.needs if provider else "openai"
        if not _is_there(needs):
            install = provider.install if provider else 'pip install "shotwright[llm]"'
            raise ConfigError(f"{self.name} needs the package {needs.partition('.')[0]}", hint=install)
        key_of(self.parsed, self.settings)

    def prepare(self) -> None:
        """Import what a request goes through: for a second that is CPU alone."""
        names = ["pydantic_ai.direct", "pydantic_ai.models.openai", "pydantic_ai.providers.openai_compatible"]
        provider = self.parsed.provider
        for name in [names[0], provider.needs] if provider else names:
            import_module(name)

    async def opened(self) -> Model[Any]:
        """The model, its client ready for the loop that runs."""
        loop = asyncio.get_running_loop()
        if self._model is None or self._loop is not loop:
            # A client belongs to the loop that it was made in; that of a loop that has ended cannot be closed in this.
            self._held = AsyncExitStack()
            self._loop, self._model = loop, self._built()
            self._held.push_async_callback(self._model.__aexit__, None, None, None)
            await self._model.__aenter__()
            self.rest_until = self.down_until = 0.0
        return self._model

    async def close(self) -> None:
        loop, self._loop, self._model = self._loop, None, None
        held, self._held = self._held, AsyncExitStack()
        if loop is asyncio.get_running_loop():
            await held.aclose()

    async def ask(self, request: ModelRequest) -> ModelReply:
        """One request, once. Raises whatever pydantic-ai raises."""
        from pydantic_ai.direct import model_request

        model = await self.opened()
        way = self.way(model.profile)
        began = asyncio.get_running_loop().time()
        response = await model_request(
            model,
            _messages(request),
            model_settings=self._told(model, request),
            model_request_parameters=_parameters(request, way, model.profile, bounded=self.parsed.provider is None),
        )
        return self._reply(response, asyncio.get_running_loop().time() - began)

    def way(self, profile: ModelProfile) -> Way:
        """How the answer's form is asked for: as the settings say, else the strictest way that the profile has."""
        if self.settings.output != "auto":
            return self.settings.output
        return self._stepped or _strictest(profile)

    def step_down(self, way: Way | None) -> bool:
        """Ask in a laxer way than this from now on, where the settings leave the way open; whether there is one.

        None: the strictest, in which every request goes out before the model is open.
        """
        if self.settings.output != "auto" or self._model is None:
            return False
        refused = way or _strictest(self._model.profile)
        if refused not in _STEPS_DOWN:
            return False
        if self._stepped in (None, refused):
            self._stepped = _STEPS_DOWN[refused]
        return True

    def current_way(self) -> Way | None:
        """The way in which the next request goes out; None before the model is open."""
        return None if self._model is None else self.way(self._model.profile)

    def _built(self) -> Model[Any]:
        from pydantic_ai.exceptions import UserError

        _, key = key_of(self.parsed, self.settings)
        try:
            return self._named() if self.parsed.provider else self._addressed(key)
        except (UserError, ImportError, ValueError) as error:
            # What it says may hold a value of the environment.
            kind, told = type(error), str(error).splitlines()
        first = told[0] if told and kind is not ValueError else "its client cannot be made"
        raise ConfigError(f"{self.name} cannot be opened: {first}")

    def _named(self) -> Model[Any]:
        from pydantic_ai.models import infer_model

        provider = self.parsed.provider
        assert provider is not None
        return infer_model(f"{provider.name}:{self.parsed.name}")

    def _addressed(self, key: str) -> Model[Any]:
        import httpx2
        from pydantic_ai.models.openai import OpenAIChatModel
        from pydantic_ai.profiles.openai import OpenAIModelProfile
        from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

        client = httpx2.AsyncClient(
            timeout=httpx2.Timeout(self.settings.timeout_seconds, connect=_CONNECT_SECONDS),
            limits=httpx2.Limits(max_connections=1000, max_keepalive_connections=100),
            # A proxy of the environment has no business between two programs of one machine.
            trust_env=not self.parsed.loopback,
            follow_redirects=False,
        )
        self._held.push_async_callback(client.aclose)
        # What vLLM, llama.cpp, Ollama and LM Studio have in common: one system message, `max_tokens`, and a schema
        # that only masks tokens, so that the model itself must read it too.
        common = OpenAIModelProfile(
            supports_json_schema_output=True,
            supports_json_object_output=True,
            native_output_requires_schema_in_instructions=True,
            openai_chat_supports_multiple_system_messages=False,
            openai_chat_supports_max_completion_tokens=False,
            openai_supports_strict_tool_definition=False,
            may_tokenize_special_tokens_in_content=True,
        )
        provider = OpenAICompatibleProvider(
            "openai-compatible",
            base_url=self.parsed.address,
            api_key=key or _PLACEHOLDER,
            http_client=client,
            profile=common,
        )
        return OpenAIChatModel(self.parsed.name, provider=provider)

    def _told(self, model: Model[Any], request: ModelRequest) -> ModelSettings:
        settings: dict[str, Any] = {
            "max_tokens": request.max_output_tokens,
            "timeout": self.settings.timeout_seconds,
            # What is the same for many questions stands in the instructions; the question itself comes once.
            "cache": {"messages": False},
        }
        if self.settings.temperature is not None and not self._thinks(model.profile):
            settings["temperature"] = self.settings.temperature
        if self.settings.seed is not None:
            settings["seed"] = self.settings.seed + request.sample
        if model.profile.get("supports_thinking", False):
            settings["thinking"] = False if self.settings.thinking == "off" else self.settings.thinking
        if self.parsed.provider is not None and self.parsed.provider.name.startswith(("openai", "azure-responses")):
            # Responses are kept for weeks at OpenAI unless they are not to be; a script is nobody's to keep.
            settings["openai_store"] = False
        if "max_retries" not in model.unsupported_settings:
            # Trying again is the adapter's, in one place.
            settings["max_retries"] = 0
        if "timeout" in model.unsupported_settings:
            del settings["timeout"]
        return cast("ModelSettings", settings)

    def _thinks(self, profile: ModelProfile) -> bool:
        """Whether the model thinks before it answers; most that do take no temperature."""
        if not profile.get("supports_thinking", False):
            return False
        return self.settings.thinking != "off" or bool(profile.get("thinking_always_enabled", False))

    def _reply(self, response: ModelResponse, seconds: float) -> ModelReply:
        from pydantic_ai.messages import TextPart, ToolCallPart

        said: list[str] = []
        for part in response.parts:
            if isinstance(part, TextPart):
                said.append(part.content)
            elif isinstance(part, ToolCallPart):
                said.append(part.args_as_json_str())
        details = response.provider_details or {}
        refusal = details.get("refusal")
        finish = _FINISHES.get(response.finish_reason, "other")
        if refusal:
            finish = "refused"
            said = said or [str(refusal)]
        elif response.finish_reason is None and any(said):
            finish = "stop"
        usage = response.usage
        if not said and response.finish_reason is None and not (usage.input_tokens or usage.output_tokens):
            # Google's client reads any JSON as a reply.
            empty = BadAnswer(f"{self.name} sent what is no reply (there is nothing in it)")
            empty.transient = True
            raise empty
        return ModelReply(
            text=kept_text("".join(said)),
            finish=finish,
            # Where somebody serves a model is nothing for a film's papers.
            model=self.parsed.name if self.parsed.provider is None else self.name,
            input_tokens=max(0, usage.input_tokens),
            cached_tokens=max(0, usage.cache_read_tokens),
            output_tokens=max(0, usage.output_tokens),
            seconds=round(seconds, 3),
            cost_usd=self._cost(response),
        )

    def _cost(self, response: ModelResponse) -> float | None:
        usage = response.usage
        own = self.settings.price_input, self.settings.price_output
        if self.priced and own[0] is not None and own[1] is not None:
            return (usage.input_tokens * own[0] + usage.output_tokens * own[1]) / 1e6
        if self.parsed.provider is None:
            return None
        try:
            return float(response.cost().total_price)
        except (LookupError, ValueError, AssertionError):
            # The price list knows what services bill apart, such as tokens put into a cache; it may not know the name
            # under which the service answered.
            listed = price_of(self.parsed.spelling)
        if listed is None:
            return None
        fresh = max(0, usage.input_tokens - usage.cache_read_tokens)
        return (fresh * listed[0] + usage.cache_read_tokens * listed[1] + usage.output_tokens * listed[2]) / 1e6


def _strictest(profile: ModelProfile) -> Way:
    if profile.get("supports_json_schema_output", False):
        return "json_schema"
    if profile.get("supports_json_object_output", False):
        return "json_object"
    return "tool" if profile.get("supports_tools", True) else "prompted"


def _messages(request: ModelRequest) -> list[ModelMessage]:
    from pydantic_ai import messages as told

    turns: list[ModelMessage] = []
    for message in request.messages:
        if message.role == "user":
            turns.append(told.ModelRequest(parts=[told.UserPromptPart(content=message.text)]))
        else:
            turns.append(told.ModelResponse(parts=[told.TextPart(content=message.text)]))
    return turns


def _parameters(request: ModelRequest, way: Way, profile: ModelProfile, *, bounded: bool) -> ModelRequestParameters:
    from pydantic_ai.models import ModelRequestParameters
    from pydantic_ai.output import OutputObjectDefinition
    from pydantic_ai.tools import ToolDefinition

    schema = json.loads(request.answer_schema)
    if bounded and request.longest_text:
        _bound(schema, request.longest_text)
    in_words = way in ("json_object", "prompted") or (
        way == "json_schema" and profile.get("native_output_requires_schema_in_instructions", False)
    )
    parts = _instructions(request, with_schema=in_words)
    if way == "tool":
        tool = ToolDefinition(
            name=request.answer_name, parameters_json_schema=schema, description="Give the answer.", kind="output"
        )
        return ModelRequestParameters(
            output_mode="tool", output_tools=[tool], allow_text_output=False, instruction_parts=parts
        )
    if way == "prompted":
        return ModelRequestParameters(output_mode="text", instruction_parts=parts)
    answer = OutputObjectDefinition(json_schema=schema, name=request.answer_name)
    return ModelRequestParameters(
        output_mode="native" if way == "json_schema" else "prompted",
        output_object=answer,
        # The schema stands in the instructions already, before the film.
        prompted_output_template=False,
        instruction_parts=parts,
    )


def _bound(schema: Any, longest: int) -> None:
    """Bound every free text. Servers that mask tokens hold a model to it, so that a small one that runs on and on ends
    a text there instead of at its last token; providers' own services refuse such bounds in strict schemas."""
    if isinstance(schema, list):
        for part in schema:
            _bound(part, longest)
    elif isinstance(schema, dict):
        if schema.get("type") == "string" and "enum" not in schema and "const" not in schema:
            schema["maxLength"] = longest
        for part in schema.values():
            _bound(part, longest)


def _instructions(request: ModelRequest, *, with_schema: bool) -> list[InstructionPart]:
    """What the agent's questions share, the most shared first: its prompt and the answer's form, then the film."""
    from pydantic_ai.messages import InstructionPart

    first = f"{request.instructions}\n\n{_FORM}{request.answer_schema}" if with_schema else request.instructions
    parts = [InstructionPart(content=first)]
    if request.film:
        parts.append(InstructionPart(content=request.film))
    return parts


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False
