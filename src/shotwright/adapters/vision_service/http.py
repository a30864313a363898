"""A vision service over HTTP: ours by its extension, any other that speaks the plain wire by that."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic import ValidationError

from shotwright.adapters.vision_service.link import HttpVisionSettings, Link
from shotwright.adapters.vision_service.plain_wire import PlainWire
from shotwright.errors import VisionError
from shotwright.model.ids import digest
from shotwright.model.vision import (
    Capability,
    Described,
    Embedded,
    LibraryReceipt,
    QualityAnswer,
    SequenceAnswer,
    Suggested,
    VisionModel,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx

    from shotwright.model.value import Value
    from shotwright.model.vision import ImageRef, LibraryAddition, QualityRequest, SequenceRequest, SuggestRequest

A = TypeVar("A", bound="Value")
MOST_PICTURES = 64


class HttpVisionService:
    """A `VisionService` at an address, for one event loop. What the service can do is asked once, when first needed.

    VisionError at once for an address that is none; later one whose `transient` is true when the service is down.
    """

    def __init__(self, settings: HttpVisionSettings, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._settings = settings
        self._link = Link(settings, transport)
        self._described: Described | None = None
        self._said = ""
        self._said_of_judging = ""
        """The service's own fingerprints, where it gives them."""
        self._asking = asyncio.Lock()
        self._plain = PlainWire(self._link)

    async def describe(self) -> Described:
        """Ask the service what it is. Always asks: it may have been changed since."""
        info = await self._link.get("/model-info")
        listed = info.get("capabilities")
        known: tuple[Capability, ...] = ()
        if isinstance(listed, list):
            known = tuple(c for c in get_args(Capability) if c in listed)
        model = VisionModel(
            name=_text(info.get("name") or info.get("model_name") or info.get("model")) or "unnamed",
            weights_sha256=_text(info.get("weights_sha256")),
            dimension=_count(info.get("dimension") or info.get("feature_dimension") or info.get("embedding_dim")) or 0,
            calibration=_text(info.get("calibration")) or "none",
        )
        extended = "images" in known
        engines = info.get("engines")
        self._said = _text(info.get("fingerprint"))
        self._said_of_judging = _text(info.get("judging_fingerprint"))
        self._described = Described(
            name=_text(info.get("service")) or "a plain-wire service",
            version=_text(info.get("version")),
            wire="extended" if extended else "plain",
            model=model,
            capabilities=known if extended else ("embed", "suggest", "validate", "quality", "library"),
            device=_text(info.get("device")) or await self._device(),
            library_shots=_count(info.get("library_shots")),
            engines={str(k): str(v) for k, v in engines.items()} if isinstance(engines, dict) else {},
        )
        self._plain.model = model
        return self._described

    async def embed(self, images: Sequence[ImageRef]) -> Embedded:
        _bound(len(images))
        if await self._is_extended():
            found = await self._ask("/extract-features", {"images": [_json(i) for i in images]}, Embedded)
            return _as_many(found, len(found.embeddings), len(images))
        return await self._plain.embed(images)

    async def suggest(self, request: SuggestRequest) -> Suggested:
        if await self._is_extended():
            found = await self._ask("/suggest-shots", _json(request), Suggested)
            return _as_many(found, len(found.shots), len(request.shots))
        return await self._plain.suggest(request)

    async def validate_sequence(self, request: SequenceRequest) -> SequenceAnswer:
        _bound(sum(len(c.references) for c in request.characters) + sum(len(s.frames) for s in request.shots))
        if await self._is_extended():
            found = await self._ask("/validate-shot-consistency", _json(request), SequenceAnswer)
            return _as_many(found, len(found.shots), len(request.shots))
        return await self._plain.validate_sequence(request)

    async def analyze_quality(self, request: QualityRequest) -> QualityAnswer:
        _bound(len(request.images))
        if await self._is_extended():
            found = await self._ask("/analyze-quality", _json(request), QualityAnswer)
            return _as_many(found, len(found.images), len(request.images))
        return await self._plain.analyze_quality(request)

    async def add_to_library(self, request: LibraryAddition) -> LibraryReceipt:
        if await self._is_extended():
            body = _json(request)
            for shot in body["shots"]:
                # A shot that says nothing beyond the plain wire's fields must still be read as ours.
                shot.setdefault("source", "")
            found = await self._ask("/store-shot-data", body, LibraryReceipt)
            return _as_many(found, len(found.ids), len(request.shots))
        return await self._plain.add_to_library(request)

    def fingerprint(self) -> str:
        if self._described is None:
            return digest(self._settings.address)
        return digest(self._settings.address, self._said, self._described.canonical_json())

    def judging_fingerprint(self) -> str:
        if self._described is None:
            return digest(self._settings.address)
        described = self._described.model_copy(update={"library_shots": None})
        return digest(self._settings.address, self._said_of_judging, described.canonical_json())

    async def close(self) -> None:
        await self._link.close()

    async def _is_extended(self) -> bool:
        async with self._asking:
            described = self._described or await self.describe()
        return described.wire == "extended"

    async def _device(self) -> str:
        try:
            health = await self._link.get("/health")
        except VisionError:
            return "unknown"
        model = health.get("model")
        inner = model.get("device") if isinstance(model, dict) else None
        return _text(health.get("device") or inner) or "unknown"

    async def _ask(self, path: str, body: dict[str, Any], kind: type[A]) -> A:
        raw = await self._link.post(path, body)
        try:
            return kind.model_validate(raw)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(map(str, first["loc"]))
            raise VisionError(
                f"the vision service answers {path} in a form that is not known: {place}: {first['msg']}",
                hint="is it of another version?",
            ) from error


def _json(value: Value) -> dict[str, Any]:
    """A value as the extension's body; defaults are left to the service, which has the same."""
    return value.model_dump(mode="json", exclude_defaults=True)


def _as_many(found: A, got: int, asked: int) -> A:
    if got != asked:
        raise VisionError(f"the vision service answers {got} of {asked} that it was asked about")
    return found


def _bound(pictures: int) -> None:
    if pictures > MOST_PICTURES:
        raise VisionError(f"{pictures} pictures in one question, over {MOST_PICTURES}", hint="ask in several questions")


def _text(value: Any) -> str:
    return value[:200] if isinstance(value, str) else ""


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
