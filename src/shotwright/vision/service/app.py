"""The service's app: routes under /api/v1, problem+json for everything that goes wrong, the gate before it all."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from shotwright.errors import VisionError
from shotwright.vision.service.answers import model_json
from shotwright.vision.service.gate import Bounds, Gate
from shotwright.vision.service.media_routes import media_router
from shotwright.vision.service.problems import MEDIA_TYPE, TITLES, Problem, problem_of
from shotwright.vision.service.routes import question_router
from shotwright.vision.video_shots import FilmBounds, missing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from shotwright.vision.eyes import Eyes

PREFIX = "/api/v1"
PORT = 3012
log = logging.getLogger(__name__)


def make_app(eyes: Eyes, bounds: Bounds | None = None, films: FilmBounds | None = None) -> FastAPI:
    """The service over some eyes, which it closes when it stops."""
    films = films or FilmBounds()

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await eyes.close()

    # No pages of documentation: they would load their scripts from somewhere else.
    app = FastAPI(
        title="shotwright vision", version="1", lifespan=lifespan, redirect_slashes=False, docs_url=None, redoc_url=None
    )
    app.include_router(media_router(eyes, PREFIX, films), prefix=PREFIX)
    app.include_router(question_router(eyes, films), prefix=PREFIX)

    @app.get(f"{PREFIX}/health")
    async def health() -> dict[str, Any]:
        """Whether the service is well, for whoever watches it; needs no token."""
        return {"status": "healthy", "model": eyes.model.name, "device": eyes.embedder.device}

    @app.get(f"{PREFIX}/model-info")
    async def model_info() -> dict[str, Any]:
        """What answers here, and what it can do."""
        found = await eyes.describe()
        return {
            **model_json(found.model),
            "service": found.name,
            "version": found.version,
            "device": found.device,
            "capabilities": list(found.capabilities),
            "engines": {**found.engines, **({} if missing() else {"films": "PySceneDetect cuts, followed corners"})},
            "library_shots": found.library_shots,
            "fingerprint": await eyes.run(eyes.fingerprint),
            "judging_fingerprint": await eyes.run(eyes.judging_fingerprint),
        }

    _answer_problems(app)
    _gather_schemas(app)
    app.add_middleware(Gate, bounds=bounds or Bounds())
    return app


def _answer_problems(app: FastAPI) -> None:
    def answer(problem: Problem) -> Response:
        return Response(problem.body(), problem.status, media_type=MEDIA_TYPE)

    @app.exception_handler(Problem)
    async def ours(_: Request, error: Problem) -> Response:
        return answer(error)

    @app.exception_handler(VisionError)
    async def refused(_: Request, error: VisionError) -> Response:
        return answer(problem_of(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        rows = error.errors()
        places = [{"pointer": "/" + "/".join(map(str, r["loc"])), "detail": str(r["msg"])[:300]} for r in rows[:20]]
        return answer(Problem(422, f"{places[0]['pointer']}: {places[0]['detail']}", errors=places))

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> Response:
        found = answer(Problem(error.status_code, str(error.detail) or TITLES.get(error.status_code, "")))
        found.headers.update(error.headers or {})
        return found

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> Response:
        log.error("%s failed", request.url.path, exc_info=error)
        return answer(Problem(500, "the service failed at this request; its log says more"))


def _gather_schemas(app: FastAPI) -> None:
    """Put the definitions of hand-read bodies where their references look for them."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = plain()
            known = schema.setdefault("components", {}).setdefault("schemas", {})
            for path in schema["paths"].values():
                for operation in path.values():
                    for content in operation.get("requestBody", {}).get("content", {}).values():
                        body = content["schema"]
                        for part in (body, *body.get("anyOf", ())):
                            known.update(part.pop("$defs", {}))
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
