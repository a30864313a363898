"""What requests look like: the plain wire's bodies, and our extension's: the port's values with short cuts."""

from __future__ import annotations

import math
from typing import Annotated, Any, TypeVar

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from shotwright.model.value import Value
from shotwright.model.vision import ImageRef, LibraryAddition, QualityRequest, SequenceRequest, SuggestRequest
from shotwright.model.vocabulary import KeyStyle, LightDirection
from shotwright.vision.service.problems import Problem, not_valid

F = TypeVar("F", bound=BaseModel)
Id = Annotated[str, Field(min_length=1, max_length=200)]
Words = Annotated[str, Field(max_length=20_000)]
Tags = Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=100)]


class Form(BaseModel):
    """A body of the plain wire. Its callers may send more than is known here."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)


class AssetForm(Form):
    asset_id: Id


class PairForm(Form):
    asset_id_1: Id
    asset_id_2: Id


class ShotsForm(Form):
    shot_asset_ids: Annotated[list[Id], Field(min_length=1, max_length=256)]
    character_reference_asset_id: Id = Field(
        validation_alias=AliasChoices("character_reference_asset_id", "character_reference_id")
    )


class SuggestForm(Form):
    scene_description: Words
    emotional_tone: Words | None = None
    genre_context: Words | None = None
    desired_tags: Tags | None = None
    limit: int = Field(default=10, ge=1, le=100)


class VideoForm(Form):
    video_asset_id: Id
    shot_detection_threshold: float = Field(default=0.3, gt=0, le=1)
    extract_keyframes: bool = True
    store: bool = False
    """Ours: put the shots into the library too."""
    scene_context: Words = ""
    """Ours: what the stored shots show, in words."""


class PlainShot(Form):
    start_timestamp: float = Field(default=0.0, ge=0)
    end_timestamp: float | None = Field(default=None, ge=0)
    duration: float | None = Field(default=None, ge=0)
    camera_movement: Words | None = None
    movement_type: Words | None = None
    shot_size: Words | None = None
    shot_angle: Words | None = None
    emotional_tone: Words | None = None
    auto_tags: Tags = []
    tags: Tags = []
    usage_situations: Tags = []
    scene_description: Words | None = None
    shot_size_confidence: float | None = None
    """Ours, like the rest: as /analyze-video-shots gave them, so that its rows can be sent back as they are."""
    movement_speed: Words | None = None
    key_style: KeyStyle | None = None
    light_direction: LightDirection | None = None
    keyframe_asset_id: Annotated[str, Field(max_length=200)] | None = None


class StoreForm(Form):
    video_asset_id: Annotated[str, Field(max_length=200)] = ""
    shots: Annotated[list[PlainShot], Field(max_length=256)]
    scene_context: Words | None = None
    manual_tags: Tags | None = None


class EmbedForm(Value):
    """Our extension of /extract-features."""

    images: tuple[ImageRef, ...]


EXTENDED: dict[str, tuple[type[BaseModel], type[BaseModel], frozenset[str]]] = {
    "/extract-features": (AssetForm, EmbedForm, frozenset({"images"})),
    "/suggest-shots": (SuggestForm, SuggestRequest, frozenset({"shots", "scene", "context", "plate", "k"})),
    "/validate-shot-consistency": (
        ShotsForm,
        SequenceRequest,
        frozenset({"characters", "shots", "threshold", "checks"}),
    ),
    "/analyze-quality": (AssetForm, QualityRequest, frozenset({"images", "baseline"})),
    "/store-shot-data": (StoreForm, LibraryAddition, frozenset()),
}
"""Route -> (plain form, extended form, fields that make a body extended)."""
_LIBRARY_FIELDS = frozenset({"image", "movement", "angle", "beat", "key_style", "light_direction", "speed", "source"})
_PLAIN_FIELDS = frozenset(
    {"camera_movement", "movement_type", "shot_angle", "emotional_tone", "auto_tags", "shot_index"}
)


def parsed(body: bytes) -> dict[str, Any]:
    """The JSON object of a body."""
    try:
        found = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise Problem(400, f"the body is not JSON: {str(error)[:200]}") from error
    if not isinstance(found, dict):
        raise Problem(422, "the body is not a JSON object")
    _only_finite(found)
    return found


def _only_finite(value: Any) -> None:
    """Refuse numbers like 1e999, which are infinite once read. The gate has bounded how deep this goes."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Problem(422, "a number is too large")
    elif isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            _only_finite(part)


def read_form(form: type[F], raw: dict[str, Any]) -> F:
    """A body in its form, or a problem that says where it is not."""
    try:
        return form.model_validate(raw)
    except ValidationError as error:
        raise not_valid(error, form) from error


def is_extended(route: str, raw: dict[str, Any]) -> bool:
    """Whether a body asks in our extension's way."""
    if route == "/store-shot-data":
        shots = raw.get("shots")
        rows = [s for s in shots if isinstance(s, dict)] if isinstance(shots, list) else []
        return any(_LIBRARY_FIELDS & s.keys() for s in rows) and not any(_PLAIN_FIELDS & s.keys() for s in rows)
    return bool(EXTENDED[route][2] & raw.keys())


def read_extended(form: type[F], raw: dict[str, Any]) -> F:
    """An extended body with its short cuts filled in.

    A shot without `number` has that of its `index` (from 0) plus one, or of its place; one without `shot_id` is called
    after its number; a character's `id` is `character`; a picture's `shot` is its shot's id, or its number; a beat may
    be its name alone, and a `duration` is in seconds.
    """
    filled = dict(raw)
    for name in ("shots", "images"):
        if isinstance(raw.get(name), (list, tuple)) and form in (SequenceRequest, QualityRequest, SuggestRequest):
            filled[name] = [_numbered(row, at, form) for at, row in enumerate(raw[name])]
    if form is SequenceRequest and isinstance(raw.get("characters"), list):
        filled["characters"] = [
            {("character" if key == "id" else key): value for key, value in row.items()}
            if isinstance(row, dict)
            else row
            for row in raw["characters"]
        ]
    if form is SuggestRequest and isinstance(raw.get("scene"), dict):
        filled["scene"] = {**raw["scene"], "emotional_beat": _felt(raw["scene"].get("emotional_beat"))}
    return read_form(form, filled)


def _numbered(row: Any, at: int, form: type[BaseModel]) -> Any:
    if not isinstance(row, dict):
        return row
    filled = {key: value for key, value in row.items() if key != "index"}
    index = row.get("index", at)
    place = index if isinstance(index, int) and 0 <= index < 100_000 else at
    if form is QualityRequest and "shot" in filled:
        shot = filled.pop("shot")
        filled.setdefault("number" if isinstance(shot, int) else "shot_id", shot)
    if form is SuggestRequest:
        if "duration" in filled:
            filled.setdefault("duration_seconds", filled.pop("duration"))
        filled["beat"] = _felt(filled.get("beat"))
    else:
        filled.setdefault("number", place + 1)
    filled.setdefault("shot_id", f"shot-{filled.get('number', place + 1)}")
    return filled


def _felt(beat: Any) -> Any:
    """A beat by its name alone is of middling intensity."""
    return {"name": beat, "intensity": 0.5} if isinstance(beat, str) else beat
