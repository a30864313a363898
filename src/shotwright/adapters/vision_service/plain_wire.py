"""The port over a service that speaks the plain wire only: upload, extract, compare two, and words for shots.

What that wire cannot say stays unsaid: measures are null, boxes are cut out here before a picture is sent, and scores
are calibrated by the references' own or not at all.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import math
from typing import TYPE_CHECKING, Any

from shotwright.adapters.vision_service.link import Refused
from shotwright.adapters.vision_service.plain_validation import Compared, judge
from shotwright.errors import VisionError
from shotwright.model.vision import (
    Embedded,
    Embedding,
    FrameMeasures,
    FrameScores,
    ImageQuality,
    LibraryReceipt,
    QualityAnswer,
    ShotSuggestions,
    Suggested,
    Suggestion,
    SuggestionEvidence,
    VisionModel,
)
from shotwright.vision.service.plain_words import terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shotwright.adapters.vision_service.link import Link
    from shotwright.model.vision import (
        Box,
        ImageRef,
        LibraryAddition,
        MaskRef,
        QualityImage,
        QualityRequest,
        SequenceAnswer,
        SequenceRequest,
        ShotWish,
        SuggestRequest,
    )

UNMEASURED = "the service scores single pictures; nothing was measured across the scene"
MOST_KNOWN = 4096
"""Pictures whose asset ids are remembered."""


class PlainWire:
    """Speaks it over a link."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self.model = VisionModel(name="unnamed")
        self._assets: dict[str, str] = {}

    async def embed(self, images: Sequence[ImageRef]) -> Embedded:
        found = await asyncio.gather(*(self._embedding(image) for image in images))
        return Embedded(embeddings=tuple(found), model=self.model)

    async def suggest(self, request: SuggestRequest) -> Suggested:
        answers = await asyncio.gather(*(self._suggest(request, wish) for wish in request.shots))
        shots = tuple(
            ShotSuggestions(shot_id=wish.shot_id, candidates=found)
            for wish, (found, _) in zip(request.shots, answers, strict=True)
        )
        message = next((said for _, said in answers if said), "")
        return Suggested(shots=shots, message=message, model=self.model)

    async def validate_sequence(self, request: SequenceRequest) -> SequenceAnswer:
        wanted: dict[tuple[ImageRef, Box | None, MaskRef | None], None] = {}
        for character in request.characters:
            for image in character.references:
                wanted[image, None, None] = None
        for shot in request.shots:
            for subject in shot.subjects:
                if subject.frame < len(shot.frames):
                    wanted[shot.frames[subject.frame], subject.bbox, subject.mask] = None
        ids = await asyncio.gather(*(self._extracted(*key) for key in wanted))
        assets = dict(zip(wanted, ids, strict=True))
        references = {c.character: [assets[image, None, None] for image in c.references] for c in request.characters}
        every = list(dict.fromkeys(ids))
        heads = list(dict.fromkeys(asset for row in references.values() for asset in row))
        rows = await asyncio.gather(*(self._against(head, [a for a in every if a != head]) for head in heads))
        scores = {
            (head, other): score for head, row in zip(heads, rows, strict=True) for other, score in row.items()
        }  # fmt: skip
        return judge(request, Compared(references, assets, scores), self.model)

    async def analyze_quality(self, request: QualityRequest) -> QualityAnswer:
        found = await asyncio.gather(*(self._quality(image) for image in request.images))
        return QualityAnswer(images=tuple(found), measured_on=request.measured_on, model=self.model)

    async def add_to_library(self, request: LibraryAddition) -> LibraryReceipt:
        ids: list[str] = []
        for shot in request.shots:
            if shot.image is not None:
                await self._asset(shot.image)
            row = {
                "start_timestamp": shot.start_timestamp,
                "end_timestamp": shot.start_timestamp + (shot.duration or 0.0),
                "duration": shot.duration or 0.0,
                "camera_movement": shot.movement,
                "shot_size": shot.shot_size,
                "shot_angle": shot.angle,
                "framing": shot.framing,
                "emotional_tone": shot.beat,
                "auto_tags": list(shot.tags),
                "usage_situations": list(shot.usage_situations),
            }
            body = {"video_asset_id": shot.video_asset_id, "shots": [row], "scene_context": shot.scene_description}
            # Not repeated: the wire has no way to say that a shot is the same as before.
            answer = await self._link.post("/store-shot-data", body, repeat=False)
            given = answer.get("stored_shot_ids") or answer.get("stored_ids") or answer.get("shot_ids") or []
            first = given[0] if isinstance(given, list) and given else ""
            ids.append(str(first or ""))
        return LibraryReceipt(ids=tuple(ids), added=len(ids))

    async def _embedding(self, image: ImageRef) -> Embedding:
        _, answer = await self._features(image)
        vector = answer.get("features")
        if not isinstance(vector, list) or not vector or not all(isinstance(v, (int, float)) for v in vector):
            raise VisionError("the vision service gives no features")
        length = math.sqrt(sum(float(v) ** 2 for v in vector))
        if not 0.0 < length < math.inf:
            raise VisionError("the vision service gives features that are no direction")
        return Embedding(
            sha256="", vector=tuple(float(v) / length for v in vector), cached=answer.get("cached") is True
        )

    async def _suggest(self, request: SuggestRequest, wish: ShotWish) -> tuple[tuple[Suggestion, ...], str]:
        beat = wish.beat or request.scene.emotional_beat
        scene = request.scene
        words = (wish.action, wish.purpose, wish.performance, scene.description, scene.location)
        answer = await self._link.post(
            "/suggest-shots",
            {
                "scene_description": " ".join(w for w in words if w)[:4000] or "a scene",
                "emotional_tone": beat.name if beat else None,
                "genre_context": ", ".join(scene.genre) or None,
                "desired_tags": list(wish.tags) or None,
                "limit": request.k,
            },
        )
        rows = answer.get("recommendations", answer.get("suggested_shots"))
        if not isinstance(rows, list):
            raise VisionError("the vision service suggests in a form that is not known")
        found = [_suggestion(row) for row in rows[: request.k] if isinstance(row, dict)]
        found.sort(key=lambda s: -s.score)
        said = answer.get("message")
        return tuple(found), said[:300] if isinstance(said, str) else ""

    async def _quality(self, image: QualityImage) -> ImageQuality:
        asset = await self._extracted(image.image, None, None)
        try:
            answer = await self._link.post("/analyze-image-metrics", {"asset_id": asset})
        except Refused as error:
            if error.status not in (404, 405):
                raise
            answer = await self._link.post("/analyze-quality", {"asset_id": asset})
        overall = _unit(answer.get("overall_quality", answer.get("quality_score")))
        scores = FrameScores(
            exposure=_unit(answer.get("lighting_quality")),
            framing=_unit(answer.get("composition_score")),
            sharpness=_unit(answer.get("sharpness_score")),
        )
        return ImageQuality(
            number=image.number,
            shot_id=image.shot_id,
            measures=FrameMeasures(),
            scores=scores,
            overall=overall,
            note=UNMEASURED,
        )

    async def _against(self, reference: str, others: Sequence[str]) -> dict[str, float]:
        """Scores 0-1 of pictures against one reference, as the service gives them."""
        if not others:
            return {}
        answer = await self._link.post(
            "/validate-shot-consistency",
            {
                "shot_asset_ids": list(others),
                "character_reference_asset_id": reference,
                "character_reference_id": reference,
            },
        )
        rows = answer.get("shot_validations")
        if not isinstance(rows, list):
            raise VisionError("the vision service validates in a form that is not known")
        found = {}
        for row in rows:
            if isinstance(row, dict) and "error" not in row:
                score = _unit(row.get("similarity_score", row.get("similarity_percentage")))
                if score is not None:
                    found[str(row.get("shot_asset_id"))] = score
        return found

    async def _extracted(self, image: ImageRef, bbox: Box | None, mask: MaskRef | None) -> str:
        asset, _ = await self._features(image, bbox, mask)
        return asset

    async def _features(
        self, image: ImageRef, bbox: Box | None = None, mask: MaskRef | None = None
    ) -> tuple[str, dict[str, Any]]:
        """(asset id, the answer about its features). A picture that the service has lost since is sent once more."""
        asset = await self._asset(image, bbox, mask)
        try:
            return asset, await self._link.post("/extract-features", {"asset_id": asset})
        except Refused as error:
            if error.status != 404 or asset not in self._assets.values():
                raise
        self._assets = {key: known for key, known in self._assets.items() if known != asset}
        asset = await self._asset(image, bbox, mask)
        return asset, await self._link.post("/extract-features", {"asset_id": asset})

    async def _asset(self, image: ImageRef, bbox: Box | None = None, mask: MaskRef | None = None) -> str:
        """The asset id of a picture, uploaded if this service has not had it from here."""
        if image.asset_id and not (bbox or mask or image.bbox or image.mask):
            return image.asset_id
        if not image.data:
            raise VisionError(
                "a plain-wire service takes the picture itself: no URL, no frame by its shot, no part of an asset"
            )
        data, kind = image.data, image.media_type or _kind(image.data)
        if bbox or mask or image.bbox or image.mask:
            data, kind = await asyncio.to_thread(_cut_out, image, bbox, mask), "image/png"
        key = hashlib.sha256(data).hexdigest()
        if key not in self._assets:
            answer = await self._link.upload(data, f"{key[:16]}.{kind.rpartition('/')[2]}", kind)
            asset = answer.get("asset_id")
            if not isinstance(asset, str) or not asset:
                raise VisionError("the vision service takes a picture and gives no asset_id for it")
            if len(self._assets) >= MOST_KNOWN:
                del self._assets[next(iter(self._assets))]
            self._assets[key] = asset
        return self._assets[key]


def _cut_out(image: ImageRef, bbox: Box | None, mask: MaskRef | None) -> bytes:
    """The part of a picture that is meant, as PNG: the wire knows no boxes."""
    from PIL import Image

    from shotwright.vision.pictures import crop_of, picture_of

    where = mask or (None if bbox else image.mask)
    if where is not None and not where.data:
        raise VisionError("a plain-wire service holds no masks: send the mask itself")
    box = bbox or (None if where else image.bbox)
    drawn = where.data if where is not None else None
    picture = picture_of(image.data, image.media_type, box, drawn, where.value if where is not None else None)
    file = io.BytesIO()
    Image.fromarray(crop_of(picture)).save(file, "PNG")
    return file.getvalue()


def _suggestion(row: dict[str, Any]) -> Suggestion:
    terms = terms_of(row)
    raw = row.get("relevance_score")
    score = _unit(raw) if raw is not None else _unit_or_share(row.get("similarity_score"))
    shown = [terms.known[k].replace("_", " ") for k in ("speed", "movement", "shot_size", "angle") if k in terms.known]
    why = next((str(row[k]) for k in ("scene_description", "technical_notes") if row.get(k)), "")
    label = ", ".join(shown) or ", ".join(terms.unmapped) or "a shot of the library"
    return Suggestion.model_validate(
        {
            "label": label[0].upper() + label[1:],
            "score": score or 0.0,
            **terms.known,
            "evidence": (
                SuggestionEvidence(
                    library_id=str(row.get("shot_id", ""))[:200], similarity=score or 0.0, why=why[:300]
                ),
            ),
            "unmapped": terms.unmapped,
        }
    )


def _unit(percent: Any) -> float | None:
    """0-100 -> 0-1; None for what is no figure."""
    if isinstance(percent, bool) or not isinstance(percent, (int, float)) or not math.isfinite(percent):
        return None
    return min(max(percent / 100.0, 0.0), 1.0)


def _unit_or_share(value: Any) -> float | None:
    """One guide gives the likeness of a suggestion as a share and not in percent."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0.0 <= value <= 1.0:
        return float(value)
    return _unit(value)


def _kind(data: bytes) -> str:
    starts: Iterable[tuple[bytes, str]] = ((b"\x89PNG", "image/png"), (b"\xff\xd8", "image/jpeg"))
    return next((kind for start, kind in starts if data.startswith(start)), "image/webp")
