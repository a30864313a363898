"""Questions about pictures and shots, in the plain wire's form or in our extension's on the same routes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from shotwright.errors import VisionError
from shotwright.model.vision import ImageRef, LibraryAddition, LibraryShot, QualityImage, QualityRequest
from shotwright.vision.eyes import NotHeld
from shotwright.vision.library import utc_now
from shotwright.vision.service import answers, films, forms
from shotwright.vision.service.gate import LARGE
from shotwright.vision.service.plain_words import term_of, terms_of
from shotwright.vision.service.problems import Problem, nearest
from shotwright.vision.video_looks import SURE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pydantic import BaseModel

    from shotwright.model.value import Value
    from shotwright.model.vision import ImageQuality
    from shotwright.vision.eyes import Eyes
    from shotwright.vision.video_shots import FilmBounds

    Ask = Callable[[Any], Awaitable[Value]]
    Plain = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

NOT_EXTRACTED = "features of this asset have not been extracted"


def body_schema(route: str, *plain: type[BaseModel]) -> dict[str, Any]:
    """OpenAPI of a body that is read by hand. Definitions are gathered under components when the app is made."""
    kinds = list(plain) or list(forms.EXTENDED[route][:2])
    schemas = [k.model_json_schema(ref_template="#/components/schemas/{model}") for k in kinds]
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schemas[0] if len(schemas) == 1 else {"anyOf": schemas}}},
        }
    }


class Desk:
    """Answers each question from the eyes."""

    def __init__(self, eyes: Eyes, bounds: FilmBounds) -> None:
        self.eyes = eyes
        self.bounds = bounds

    async def either(self, route: str, request: Request, extended: Ask, plain: Plain) -> Response | dict[str, Any]:
        """The extension's answer to an extended body, else the plain wire's, with the time that it took."""
        raw = await self.raw(request)
        if forms.is_extended(route, raw):
            kind = forms.EXTENDED[route][1]
            if len(await request.body()) < LARGE:
                form = forms.read_extended(kind, raw)
            else:
                # Off the event loop: pictures are decoded from base64 here, and others wait for their answers.
                form = await self.eyes.run(lambda: forms.read_extended(kind, raw))
            value = await extended(form)
            return Response(value.model_dump_json(), media_type="application/json")
        return await self.timed(plain, raw)

    async def timed(self, plain: Plain, raw: dict[str, Any]) -> dict[str, Any]:
        began = time.monotonic()
        found = await plain(raw)
        return {
            **found,
            "processing_time": round(time.monotonic() - began, 4),
            "model": answers.model_json(self.eyes.model),
        }

    async def raw(self, request: Request) -> dict[str, Any]:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise Problem(415, "the body is application/json")
        body = await request.body()
        return forms.parsed(body) if len(body) < LARGE else await self.eyes.run(lambda: forms.parsed(body))

    async def vector(self, asset_id: str) -> tuple[Any, bool]:
        """(unit vector of an asset, whether it was known)."""

        def work() -> tuple[Any, bool]:
            vectors, known = self.eyes.embedder.embed_marked([self.eyes.see(ImageRef(asset_id=asset_id))])
            self.eyes.library.mark_features(asset_id)
            return vectors[0], known[0]

        return await self.eyes.run(work)

    async def features(self, raw: dict[str, Any]) -> dict[str, Any]:
        asset_id = forms.read_form(forms.AssetForm, raw).asset_id
        vector, known = await self.vector(asset_id)
        return {
            "asset_id": asset_id,
            "features": [float(v) for v in vector],
            "features_extracted": True,
            "features_timestamp": utc_now(),
            "cached": known,
        }

    async def embed(self, form: forms.EmbedForm) -> Value:
        return await self.eyes.embed(form.images)

    async def similarity(self, raw: dict[str, Any]) -> dict[str, Any]:
        form = forms.read_form(forms.PairForm, raw)
        one, _ = await self.vector(form.asset_id_1)
        two, _ = await self.vector(form.asset_id_2)
        found = answers.likeness(one, two)
        return {
            "asset_id_1": form.asset_id_1,
            "asset_id_2": form.asset_id_2,
            **found,
            "similarity_percentage": found["similarity_score"],
            **answers.same_or_not(found["similarity_score"]),
        }

    async def shot_consistency(self, raw: dict[str, Any]) -> dict[str, Any]:
        form = forms.read_form(forms.ShotsForm, raw)
        reference, _ = await self.vector(form.character_reference_asset_id)
        rows = []
        for index, asset_id in enumerate(form.shot_asset_ids):
            row: dict[str, Any] = {"shot_index": index, "shot_asset_id": asset_id}
            rows.append(row)
            try:
                vector, _ = await self.vector(asset_id)
            except VisionError as error:
                row["error"] = error.message
                continue
            media = await self.eyes.run(lambda name=asset_id: self.eyes.library.media(name))  # type: ignore[misc]
            found = answers.likeness(reference, vector)
            good = found["similarity_score"] >= answers.SAME
            row.update(found)
            row["filename"] = media.filename if media else ""
            row["consistent"] = good
            row["validation_status"] = "consistent" if good else "inconsistent"
            row["recommendation"] = "none" if good else "look at this shot: it is unlike the reference"
        return answers.sequence_answer(rows)

    async def quality(self, raw: dict[str, Any]) -> dict[str, Any]:
        asset_id, found, notes = await self._judged(raw)
        vector, _ = await self.vector(asset_id)
        return {
            "asset_id": asset_id,
            **answers.quality_answer(found, notes),
            "diversity_score": answers.diversity(vector),
            "feature_statistics": answers.feature_statistics(vector),
        }

    async def metrics(self, raw: dict[str, Any]) -> dict[str, Any]:
        asset_id, found, _ = await self._judged(raw, extracted=False)
        vector, _ = await self.vector(asset_id)
        return {"asset_id": asset_id, **answers.metrics_answer(found), "dinov3_quality": answers.diversity(vector)}

    async def _judged(self, raw: dict[str, Any], *, extracted: bool = True) -> tuple[str, ImageQuality, list[str]]:
        asset_id = forms.read_form(forms.AssetForm, raw).asset_id
        media = await self.eyes.run(lambda: self.eyes.library.media(asset_id))
        if media is None:
            raise NotHeld("there is no such asset", hint="upload it first")
        if extracted and not media.features:
            raise Problem(400, NOT_EXTRACTED, hint="ask /extract-features first")
        image = QualityImage(number=1, shot_id=asset_id, image=ImageRef(asset_id=asset_id))
        found = await self.eyes.analyze_quality(QualityRequest(images=(image,), measured_on="pictures"))
        return asset_id, found.images[0], [issue.message for issue in found.issues]

    async def suggest(self, raw: dict[str, Any]) -> dict[str, Any]:
        form = forms.read_form(forms.SuggestForm, raw)
        tone = form.emotional_tone or ""
        text = " ".join((form.scene_description, tone, term_of("tone", tone) or "", form.genre_context or ""))
        library = self.eyes.library
        hits = await self.eyes.run(lambda: library.search(text, form.desired_tags or (), form.limit))
        found = answers.recommendations(hits)
        answer: dict[str, Any] = {
            "scene_description": form.scene_description,
            "recommendations": found,
            "suggested_shots": found,
            "total_found": len(found),
        }
        if not found:
            empty = await self.eyes.run(library.size) == 0
            answer["message"] = "the shot library is empty" if empty else "no shot of the library fits these words"
        return answer

    async def store(self, raw: dict[str, Any]) -> dict[str, Any]:
        form = forms.read_form(forms.StoreForm, raw)
        shots: list[LibraryShot] = []
        unmapped: list[str] = []
        for given in form.shots:
            unsure = given.shot_size_confidence is not None and given.shot_size_confidence < SURE
            terms = terms_of(given.model_dump(exclude={"shot_size"} if unsure else None))
            unmapped.extend(terms.unmapped)
            ends = given.end_timestamp
            shots.append(
                LibraryShot.model_validate(
                    {
                        "video_asset_id": form.video_asset_id,
                        "start_timestamp": given.start_timestamp,
                        "duration": given.duration
                        if given.duration is not None or ends is None
                        else max(ends - given.start_timestamp, 0.0),
                        "image": ImageRef(asset_id=given.keyframe_asset_id) if given.keyframe_asset_id else None,
                        "speed": term_of("speed", given.movement_speed or ""),
                        "key_style": given.key_style,
                        "light_direction": given.light_direction,
                        **terms.known,
                        "tags": tuple(dict.fromkeys((*given.auto_tags, *given.tags, *(form.manual_tags or ())))),
                        "usage_situations": tuple(given.usage_situations),
                        "scene_description": given.scene_description or form.scene_context or "",
                    }
                )
            )
        receipt = await self.eyes.add_to_library(LibraryAddition(shots=tuple(shots)))
        return {
            "video_asset_id": form.video_asset_id,
            "shots_stored": len(receipt.ids),
            "stored_shot_ids": list(receipt.ids),
            "added": receipt.added,
            "scene_context": form.scene_context,
            "unmapped": unmapped,
        }

    async def video(self, raw: dict[str, Any]) -> dict[str, Any]:
        form = forms.read_form(forms.VideoForm, raw)
        return await self.eyes.run(lambda: films.analyse(self.eyes, form, self.bounds))


def question_router(eyes: Eyes, bounds: FilmBounds) -> APIRouter:
    router = APIRouter()
    desk = Desk(eyes, bounds)

    @router.post("/extract-features", openapi_extra=body_schema("/extract-features"), response_model=None)
    async def extract_features(request: Request) -> Response | dict[str, Any]:
        """The embedding of an asset, or of pictures in the request."""
        return await desk.either("/extract-features", request, desk.embed, desk.features)

    @router.post("/calculate-similarity", openapi_extra=body_schema("", forms.PairForm))
    @router.post("/validate-consistency", openapi_extra=body_schema("", forms.PairForm))
    async def validate_consistency(request: Request) -> dict[str, Any]:
        """How alike two assets are, raw."""
        return await desk.timed(desk.similarity, await desk.raw(request))

    @router.post(
        "/validate-shot-consistency", openapi_extra=body_schema("/validate-shot-consistency"), response_model=None
    )
    async def validate_shot_consistency(request: Request) -> Response | dict[str, Any]:
        """Whether characters stay who they are through shots."""
        return await desk.either("/validate-shot-consistency", request, eyes.validate_sequence, desk.shot_consistency)

    @router.post("/analyze-quality", openapi_extra=body_schema("/analyze-quality"), response_model=None)
    async def analyze_quality(request: Request) -> Response | dict[str, Any]:
        """Light, colour and framing of frames."""
        return await desk.either("/analyze-quality", request, eyes.analyze_quality, desk.quality)

    @router.post("/analyze-image-metrics", openapi_extra=body_schema("", forms.AssetForm))
    async def analyze_image_metrics(request: Request) -> dict[str, Any]:
        return await desk.timed(desk.metrics, await desk.raw(request))

    @router.post("/suggest-shots", openapi_extra=body_schema("/suggest-shots"), response_model=None)
    async def suggest_shots(request: Request) -> Response | dict[str, Any]:
        """Ways to photograph shots, or shots of the library that fit some words."""
        return await desk.either("/suggest-shots", request, eyes.suggest, desk.suggest)

    @router.post("/analyze-video-shots", openapi_extra=body_schema("", forms.VideoForm))
    async def analyze_video_shots(request: Request) -> dict[str, Any]:
        """The shots of a film: cuts, moves, sizes and light."""
        return await desk.timed(desk.video, await desk.raw(request))

    @router.post("/store-shot-data", openapi_extra=body_schema("/store-shot-data"), response_model=None)
    async def store_shot_data(request: Request) -> Response | dict[str, Any]:
        """Put shots into the library."""
        return await desk.either("/store-shot-data", request, eyes.add_to_library, desk.store)

    @router.get("/shot-library")
    async def shot_library(
        camera_movement: Annotated[str, Query(max_length=60)] = "",
        movement_type: Annotated[str, Query(max_length=60)] = "",
        shot_size: Annotated[str, Query(max_length=60)] = "",
        shot_angle: Annotated[str, Query(max_length=60)] = "",
        emotional_tone: Annotated[str, Query(max_length=60)] = "",
        tags: Annotated[str, Query(max_length=60)] = "",
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
        page_size: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> dict[str, Any]:
        """The library, a page at a time."""
        filters = {"tag": tags} if tags else {}
        asked = (
            ("movement", "movement", camera_movement or movement_type),
            ("size", "shot_size", shot_size),
            ("angle", "angle", shot_angle),
            ("tone", "beat", emotional_tone),
        )
        for kind, field, word in asked:
            if word:
                filters[field] = _known_term(kind, word)
        found, total = await eyes.run(lambda: eyes.library.shots((page - 1) * page_size, page_size, **filters))
        return {
            "shots": [answers.shot_answer(shot) for shot in found],
            "pagination": {
                "page": page,
                "page_size": page_size,
                "total_shots": total,
                "total_pages": -(-total // page_size),
            },
            "filters_applied": filters,
            "model": answers.model_json(eyes.model),
        }

    return router


def _known_term(kind: Any, word: str) -> str:
    from shotwright.vision.service.plain_words import known_terms

    found = term_of(kind, word)
    if found is None:
        near = nearest(word, known_terms(kind))
        raise Problem(422, f"{word} is no {kind} that is known", hint=f"did you mean {near}?" if near else "")
    return found
