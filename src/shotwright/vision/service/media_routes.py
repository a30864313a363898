"""Pictures and films that a service holds: upload, look up, fetch, delete."""

from __future__ import annotations

import re
import tempfile
import time
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, get_args

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from shotwright.model.vision import FrameAt
from shotwright.vision.pictures import MEDIA_TYPES, Unreadable, measure
from shotwright.vision.service.answers import media_answer, model_json
from shotwright.vision.service.problems import Problem, nearest
from shotwright.vision.video_shots import CONTAINERS, container_of, measure_film

if TYPE_CHECKING:
    from shotwright.vision.eyes import Eyes
    from shotwright.vision.library import Media
    from shotwright.vision.video_shots import FilmBounds

_UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "shot_id": {"type": "string", "maxLength": 200},
                        "frame": {"type": "string", "enum": list(get_args(FrameAt))},
                    },
                }
            }
        },
    }
}


def media_router(eyes: Eyes, prefix: str, films: FilmBounds) -> APIRouter:
    router = APIRouter()

    @router.post("/upload-media", openapi_extra=_UPLOAD)
    async def upload_media(request: Request) -> dict[str, Any]:
        """Keep a picture or a film. With `shot_id` and `frame` a picture is that shot's frame from now on."""
        began = time.monotonic()
        data, filename, said, shot_id, frame = await _parts(request)

        def work() -> Media:
            container = container_of(data[:16])
            if container is not None and not shot_id:
                return _film(eyes, data, filename, said, container, films)
            width, height, kind = measure(data, said)
            media, _ = eyes.library.put_picture(data, filename, MEDIA_TYPES[kind], width, height, kind)
            if shot_id:
                eyes.library.put_frame(shot_id, frame, media.asset_id)
            return media

        media = await eyes.run(work)
        return {
            **media_answer(media, prefix),
            "processing_time": round(time.monotonic() - began, 4),
            "model": model_json(eyes.model),
        }

    @router.get("/media/{asset_id}")
    async def read_media(asset_id: str) -> dict[str, Any]:
        return {**media_answer(await _held(eyes, asset_id), prefix), "model": model_json(eyes.model)}

    @router.get("/media/{asset_id}/file", response_class=Response)
    async def read_file(asset_id: str) -> Response:
        media = await _held(eyes, asset_id)
        data = await eyes.run(lambda: eyes.library.picture(media.asset_id))
        return Response(
            data,
            media_type=media.content_type,
            headers={"X-Content-Type-Options": "nosniff", "Content-Disposition": "inline", "ETag": f'"{media.sha256}"'},
        )

    @router.delete("/media/{asset_id}")
    async def delete_media(asset_id: str) -> dict[str, Any]:
        media = await _held(eyes, asset_id)
        await eyes.run(lambda: eyes.library.forget(media.asset_id))
        return {"asset_id": media.asset_id, "deleted": True, "message": "it is no longer held"}

    return router


def _film(eyes: Eyes, data: bytes, filename: str, said: str, container: str, bounds: FilmBounds) -> Media:
    """Keep a film whose first frame can be decoded."""
    kind, name = CONTAINERS[container]
    told = said.partition(";")[0].strip().lower()
    if told and not told.startswith("video/") and told != "application/octet-stream":
        raise Unreadable(f"the film is said to be {told[:60]} and is {kind}", kind="media_type",
                         hint="give the media type that the bytes have, or none")  # fmt: skip
    with tempfile.NamedTemporaryFile(prefix="shotwright-upload-") as file:
        file.write(data)
        file.flush()
        facts = measure_film(Path(file.name), bounds)
    return eyes.library.put_picture(data, filename, kind, facts.width, facts.height, name)[0]


async def _held(eyes: Eyes, asset_id: str) -> Media:
    media = await eyes.run(lambda: eyes.library.media(asset_id))
    if media is None:
        raise Problem(404, "there is no such asset")
    return media


async def _parts(request: Request) -> tuple[bytes, str, str, str, str]:
    """(bytes, file name, media type, shot id, frame) of an upload."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Problem(415, "an upload is multipart/form-data with a part named file")
    try:
        form = await request.form(max_files=1, max_fields=8, max_part_size=64 * 1024)
    except HTTPException as error:
        raise Problem(400, f"the upload cannot be read: {str(error.detail)[:200]}") from error
    except (ValueError, KeyError, UnicodeError) as error:
        raise Problem(400, "the upload cannot be read: its parts are not well formed") from error
    async with request.form() as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Problem(422, "there is no part named file", hint='curl -F "file=@picture.png"')
        shot_id, frame = form.get("shot_id") or "", form.get("frame") or ""
        if not isinstance(shot_id, str) or not isinstance(frame, str) or len(shot_id) > 200:
            raise Problem(422, "shot_id and frame are short texts")
        if bool(shot_id) != bool(frame):
            raise Problem(422, "shot_id and frame go together")
        if frame and frame not in get_args(FrameAt):
            near = nearest(frame, get_args(FrameAt))
            raise Problem(422, "frame is first, middle or last", hint=f"did you mean {near}?" if near else "")
        return await file.read(), _plain_name(file.filename or ""), file.content_type or "", shot_id, frame


def _plain_name(given: str) -> str:
    """A file name that is only a name: no folders, no control characters. It is shown, never used as a path."""
    name = PurePosixPath(given.replace("\\", "/")).name
    return re.sub(r"[^\w.\- ]", "_", name)[:120].strip(". ") or "picture"
