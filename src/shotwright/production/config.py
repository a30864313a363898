"""Settings: flag > SHOTWRIGHT_* > the production's shotwright.toml > the user's > default; each knows its origin."""

from __future__ import annotations

import difflib
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, ValidationError

from shotwright.errors import ConfigError
from shotwright.model.crew import FilmSettings
from shotwright.model.value import Value

if TYPE_CHECKING:
    from collections.abc import Mapping


class AssetSettings(Value):
    libraries: tuple[str, ...] = ()
    """Folders of asset libraries, the first wins. Relative to the file that names them."""


class ReviewSettings(Value):
    rounds: int = Field(default=3, ge=0, le=10)
    """How often the Continuity Supervisor may send a shot back before a person is asked."""


class StoreSettings(Value):
    """Where the Story Graph is kept."""

    url: str = ""
    """Empty: `story.sqlite` in the production folder. `sqlite:FILE`: a file that productions share.
    `arangodb://HOST:8529/DATABASE`, or `arangodb+tls://…`: a server."""
    production: str = Field(default="", pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$|^$")
    """The production's name in the store; empty: made from the folder's name."""
    username: str = "root"
    password_env: str = "SHOTWRIGHT_STORE_PASSWORD"
    """The environment variable that holds the password; it is never written anywhere."""
    token_env: str = ""
    """The environment variable that holds a JSON Web Token, which is then used instead of the password."""
    ca_file: str = ""
    """Certificates to trust instead of the system's."""
    timeout_seconds: float = Field(default=30.0, gt=0, le=600)


class BoardSettings(Value):
    """Frames: every shot drawn before anything is rendered."""

    draw: Literal["shots", "setups", "none"] = "shots"
    """`shots` draws every shot, at three moments where something moves; `setups` the first shot of each set-up, once;
    `none` draws nothing. The core install draws nothing in any case."""


class VisionSettings(Value):
    """Who looks at the frames."""

    url: str = ""
    """Empty: in this process. `http://HOST:3012`: a vision service that somebody runs."""
    token_env: str = "SHOTWRIGHT_VISION_TOKEN"
    """The environment variable that holds the service's bearer token, where it asks for one."""
    look: bool = True
    """Whether the Continuity Supervisor looks at the frames; without it they are drawn only."""
    suggest: Literal["auto", "always", "never"] = "auto"
    """Whether the Cinematographer asks for suggestions and weighs them against its own plan. `auto` asks a service that
    `url` names; the eyes in this process know little that the Cinematographer does not."""
    backbone: Literal["auto", "dinov3", "dinov2", "classical"] = "auto"
    """Of the eyes in this process. `auto`: DINOv3 where `model` names one, else DINOv2, else colour and contour."""
    model: str = ""
    """Of DINOv3: an ONNX file, a folder that holds one, or a hub id."""
    threshold: float = Field(default=0.95, gt=0.5, lt=1)
    """The consistency score below which a character counts as not itself."""
    timeout_seconds: float = Field(default=60.0, gt=0, le=600)


class ModelSettings(Value):
    """Which language models refine the crew's drafts. All names empty: rules alone, and nothing is asked."""

    default: str = ""
    """Every agent's model that has none of its own: `openai:gpt-5-mini`, `anthropic:…`, `google:…`, or
    `NAME@http://HOST:PORT/v1` of anything that speaks OpenAI's interface. Empty: rules alone."""
    architect: str = ""
    """The Architect's own model; `none` leaves an agent to its rules."""
    director: str = ""
    """The Director's."""
    cinematographer: str = ""
    """The Cinematographer's."""
    art_director: str = ""
    """The Art Director's."""
    sound_designer: str = ""
    """The Sound Designer's."""
    continuity_supervisor: str = ""
    """The Continuity Supervisor's."""
    fallbacks: tuple[str, ...] = ()
    """Models to turn to when the one that was asked cannot be reached."""
    key_env: str = "SHOTWRIGHT_MODEL_KEY"
    """The environment variable that holds the key of a server named by its address; a cloud's own is read otherwise."""
    output: Literal["auto", "json_schema", "json_object", "tool", "prompted"] = "auto"
    """How the answer's form is asked for. `auto`: the way that the model is known to keep."""
    temperature: float = Field(default=0.0, ge=-1, le=2)
    """-1 leaves it to the model."""
    seed: int = 0
    """-1 sends none."""
    thinking: Literal["off", "low", "medium", "high"] = "off"
    """How long a model thinks before it answers, where it can be told; `off` is the least that it can."""
    timeout_seconds: float = Field(default=120.0, gt=0, le=3600)
    """For one request, with all its tries and the pauses between them."""
    tries: int = Field(default=4, ge=1, le=10)
    """How often one request is sent before its model counts as out of reach."""
    in_flight: int = Field(default=8, ge=1, le=256)
    """Requests under way at once."""
    requests_per_minute: int = Field(default=0, ge=0)
    """0: no limit of ours."""
    ask_again: int = Field(default=1, ge=0, le=3)
    """How often a model is told why its answer cannot be used, and asked again."""
    extra_output_tokens: int = Field(default=0, ge=0, le=200_000)
    """Room for a model's thoughts before its answer."""
    price_input: float = Field(default=-1.0, ge=-1)
    """USD a million input tokens of a model that no price list has, such as one that you serve; -1: not known."""
    price_output: float = Field(default=-1.0, ge=-1)
    budget_usd: float = Field(default=0.0, ge=0)
    """What one run may spend; 0: no limit."""

    def of(self, agent: str) -> str:
        """The agent's model as spelled, empty for rules alone."""
        own = str(getattr(self, agent))
        return "" if own == "none" else own or ("" if self.default == "none" else self.default)


class Settings(Value):
    """All settings of a production, as `shotwright.toml` spells them."""

    film: FilmSettings = FilmSettings()
    assets: AssetSettings = AssetSettings()
    store: StoreSettings = StoreSettings()
    review: ReviewSettings = ReviewSettings()
    boards: BoardSettings = BoardSettings()
    vision: VisionSettings = VisionSettings()
    models: ModelSettings = ModelSettings()


@dataclass(frozen=True, slots=True)
class Configured:
    """Settings with the origin of each value (`default` when nobody set it)."""

    settings: Settings
    origins: Mapping[str, str]


def known_keys() -> dict[str, Any]:
    """`film.frame_rate` -> default, for every setting, in order."""
    keys: dict[str, Any] = {}
    for section, field in Settings.model_fields.items():
        for name in field.annotation.model_fields:  # type: ignore[union-attr]
            keys[f"{section}.{name}"] = getattr(field.default, name)
    return keys


def load(
    production: Path | None,
    flags: Mapping[str, Any],
    environ: Mapping[str, str] | None = None,
    remembered: Mapping[str, Any] | None = None,
) -> Configured:
    """Read every source and check it.

    `flags` maps setting keys to values given on the command line now, `remembered` those given to earlier runs: they
    hold until the production's own file, a variable or a flag says otherwise.
    """
    environ = os.environ if environ is None else environ
    defaults = known_keys()
    values: dict[str, Any] = {}
    origins = dict.fromkeys(defaults, "default")
    for path in (_user_file(environ), production):
        if path is production:
            for key, value in (remembered or {}).items():
                values[key], origins[key] = value, "an earlier run's flag"
        if path is None or not path.is_file():
            continue
        for key, value in _read(path, defaults).items():
            if key == "assets.libraries":
                value = _absolute(value, path)
            elif key in ("store.url", "store.ca_file") and isinstance(value, str):
                value = _beside(value, path)
            values[key], origins[key] = value, str(path)
    for key, default in defaults.items():
        name = "SHOTWRIGHT_" + key.replace(".", "_").upper()
        if name in environ:
            values[key], origins[key] = _from_text(environ[name], default), name
    for key, value in flags.items():
        values[key], origins[key] = value, "flag"
    return Configured(_validate(values, origins), origins)


def _user_file(environ: Mapping[str, str]) -> Path | None:
    home = environ.get("XDG_CONFIG_HOME") or (f"{environ['HOME']}/.config" if environ.get("HOME") else "")
    return Path(home) / "shotwright" / "shotwright.toml" if home else None


def _absolute(value: Any, path: Path) -> Any:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise ConfigError(f"{path}: assets.libraries must be a list of folders", hint='libraries = ["assets"]')
    return tuple(str((path.parent / v).resolve()) for v in value)


def _beside(value: str, path: Path) -> str:
    """A file's name in a setting, relative to the file that names it; a server's address stays."""
    scheme, colon, name = value.rpartition("sqlite:")
    if not value or scheme or (not colon and ":" in value):
        return value
    return f"{colon}{(path.parent / name).resolve()}"


def _read(path: Path, defaults: Mapping[str, Any]) -> dict[str, Any]:
    try:
        raw = path.read_bytes()
        tree = tomllib.loads(raw.decode())
    except OSError as error:
        raise ConfigError(f"{path}: cannot read ({error.strerror or error})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    flat: dict[str, Any] = {}
    for section, body in tree.items():
        if not isinstance(body, dict):
            raise ConfigError(f"{path}: {section} stands outside a section", hint=_nearest(section, defaults))
        for name, value in body.items():
            key = f"{section}.{name}"
            if key not in defaults:
                raise ConfigError(f"{path}: unknown setting {key}", hint=_nearest(key, defaults))
            flat[key] = value
    return flat


def _nearest(key: str, defaults: Mapping[str, Any]) -> str:
    tails = {name.partition(".")[2]: name for name in defaults}
    close = difflib.get_close_matches(key, defaults, 1) or difflib.get_close_matches(key.rpartition(".")[2], tails, 1)
    if close:
        return f"did you mean {tails.get(close[0], close[0])}?"
    return "shotwright config lists every setting"


def _from_text(text: str, default: Any) -> Any:
    """An environment variable's text in its setting's type; a list is separated by the path separator or commas."""
    if isinstance(default, tuple):
        return tuple(part.strip() for part in text.replace(os.pathsep, ",").split(",") if part.strip())
    return text


def _validate(values: Mapping[str, Any], origins: Mapping[str, str]) -> Settings:
    tree: dict[str, dict[str, Any]] = {}
    for key, value in values.items():
        section, _, name = key.partition(".")
        tree.setdefault(section, {})[name] = tuple(value) if isinstance(value, list) else value
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"][:2])
        raise ConfigError(
            f"{origins.get(key, 'settings')}: {key} = {first['input']!r}: {first['msg'].lower()}",
            hint=f"the default is {known_keys().get(key)!r}",
        ) from error
    film = settings.film
    if not 1 <= film.clip_min_seconds <= film.clip_max_seconds <= 60:
        raise ConfigError("film.clip_min_seconds and clip_max_seconds must satisfy 1 <= min <= max <= 60")
    if not 12 <= film.frame_rate <= 120 or not 0.4 <= film.aspect <= 4 or not 1 <= film.words_per_second <= 5:
        raise ConfigError("film.frame_rate (12-120), aspect (0.4-4) or words_per_second (1-5) is out of range")
    return settings
