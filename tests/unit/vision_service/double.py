"""A service that speaks the plain wire and nothing else, as others run it: random ids, features first, `detail` errors.

Its features are the colours of a picture in coarse bins, centred so that they separate people about as a backbone does.
`table.toml` holds the wire's calls and fields; a test holds both this and our own service to it.
"""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from fastapi import FastAPI, HTTPException, UploadFile
from PIL import Image
from pydantic import BaseModel


class Asset(BaseModel):
    asset_id: str


class Pair(BaseModel):
    asset_id_1: str
    asset_id_2: str


class Shots(BaseModel):
    shot_asset_ids: list[str]
    character_reference_asset_id: str


class Wanted(BaseModel):
    scene_description: str
    emotional_tone: str | None = None
    genre_context: str | None = None
    desired_tags: list[str] | None = None
    limit: int = 10


class Stored(BaseModel):
    video_asset_id: str
    shots: list[dict[str, Any]]
    scene_context: str | None = None
    manual_tags: list[str] | None = None


API = "/api/v1"


@dataclass
class Held:
    """What the double remembers."""

    media: dict[str, dict[str, Any]] = field(default_factory=dict)
    features: dict[str, np.ndarray] = field(default_factory=dict)
    library: list[dict[str, Any]] = field(default_factory=list)

    def row(self, asset_id: str) -> dict[str, Any]:
        if asset_id not in self.media:
            raise HTTPException(404, "Asset not found")
        return self.media[asset_id]

    def vector(self, asset_id: str) -> np.ndarray:
        self.row(asset_id)
        if asset_id not in self.features:
            raise HTTPException(400, "Features not extracted for one or both assets")
        return self.features[asset_id]


def compared(one: np.ndarray, two: np.ndarray) -> dict[str, float]:
    cosine = float(one @ two)
    return {
        "similarity_score": (cosine + 1) * 50,
        "cosine_similarity": cosine,
        "euclidean_distance": float(np.linalg.norm(one - two)),
    }


def plain_service() -> FastAPI:
    app = FastAPI()
    app.state.held = Held()
    _add_media(app, app.state.held)
    _add_likeness(app, app.state.held)
    _add_library(app, app.state.held)
    return app


def _add_media(app: FastAPI, held: Held) -> None:
    @app.get(f"{API}/health")
    def health() -> dict[str, Any]:
        return {"status": "healthy", "model": {"loaded": True, "name": "double", "device": "cuda"}}

    @app.get(f"{API}/model-info")
    def model_info() -> dict[str, Any]:
        return {"name": "double", "dimension": 64, "device": "cuda"}

    @app.post(f"{API}/upload-media")
    async def upload(file: UploadFile) -> dict[str, Any]:
        data = await file.read()
        image = Image.open(io.BytesIO(data))
        name = str(uuid.uuid4())
        row = {
            "asset_id": name, "filename": file.filename, "content_type": file.content_type, "file_size": len(data),
            "public_url": f"https://media.example/{name}", "width": image.width, "height": image.height,
            "format": image.format, "upload_timestamp": "2025-01-01T00:00:00Z", "processing_status": "uploaded",
            "processing_time": 0.01,
        }  # fmt: skip
        held.media[name] = {**row, "data": data}
        return row

    @app.get(f"{API}/media/{{asset_id}}")
    def read(asset_id: str) -> dict[str, Any]:
        return {k: v for k, v in held.row(asset_id).items() if k != "data"}

    @app.delete(f"{API}/media/{{asset_id}}")
    def delete(asset_id: str) -> dict[str, Any]:
        held.row(asset_id)
        del held.media[asset_id]
        return {"message": "deleted"}

    @app.post(f"{API}/extract-features")
    def extract(asset: Asset) -> dict[str, Any]:
        data = held.row(asset.asset_id)["data"]
        cached = asset.asset_id in held.features
        pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB").resize((48, 48)), np.int64) // 64
        counts = np.bincount((pixels @ (16, 4, 1)).ravel(), minlength=64).astype(float)
        root = np.sqrt(counts) - np.sqrt(counts).mean()
        held.features[asset.asset_id] = root / max(float(np.linalg.norm(root)), 1e-9)
        return {
            "asset_id": asset.asset_id, "features": held.features[asset.asset_id].tolist(), "features_extracted": True,
            "features_timestamp": "2025-01-01T00:00:00Z", "processing_time": 0.01, "cached": cached,
        }  # fmt: skip


def _add_likeness(app: FastAPI, held: Held) -> None:
    @app.post(f"{API}/calculate-similarity")
    @app.post(f"{API}/validate-consistency")
    def consistency(pair: Pair) -> dict[str, Any]:
        found = compared(held.vector(pair.asset_id_1), held.vector(pair.asset_id_2))
        return {**found, "same_character": found["similarity_score"] >= 75, "confidence_level": "high",
                "explanation": "High similarity"}  # fmt: skip

    @app.post(f"{API}/validate-shot-consistency")
    def shot_consistency(shots: Shots) -> dict[str, Any]:
        reference = held.vector(shots.character_reference_asset_id)
        rows = []
        for index, name in enumerate(shots.shot_asset_ids):
            found = compared(reference, held.vector(name))
            good = found["similarity_score"] >= 75
            rows.append({"shot_index": index, "shot_asset_id": name, "filename": held.media[name]["filename"], **found,
                         "consistent": good, "validation_status": "passed" if good else "failed",
                         "recommendation": ""})  # fmt: skip
        good = sum(r["consistent"] for r in rows)
        return {
            "total_shots": len(rows), "processed_shots": len(rows), "consistent_shots": good,
            "consistency_rate": 100 * good / max(len(rows), 1),
            "average_similarity": sum(r["similarity_score"] for r in rows) / max(len(rows), 1),
            "sequence_status": "good", "sequence_recommendation": "", "shot_validations": rows,
        }  # fmt: skip

    @app.post(f"{API}/analyze-quality")
    def quality(asset: Asset) -> dict[str, Any]:
        values = held.vector(asset.asset_id)
        return {"asset_id": asset.asset_id, "quality_score": 80.0, "diversity_score": 40.0,
                "feature_statistics": {"mean": float(values.mean())}}  # fmt: skip

    @app.post(f"{API}/analyze-image-metrics")
    def metrics(asset: Asset) -> dict[str, Any]:
        held.row(asset.asset_id)
        return {"sharpness_score": 71.0, "lighting_quality": 62.0, "composition_score": 55.0, "overall_quality": 64.0,
                "dinov3_quality": 50.0}  # fmt: skip


def _add_library(app: FastAPI, held: Held) -> None:
    @app.post(f"{API}/suggest-shots")
    def suggest(wanted: Wanted) -> dict[str, Any]:
        if not held.library:
            return {"recommendations": [], "total_found": 0, "message": "No matching shots found in database"}
        return {"recommendations": held.library[: wanted.limit], "total_found": len(held.library)}

    @app.post(f"{API}/store-shot-data")
    def store(stored: Stored) -> dict[str, Any]:
        names = []
        for shot in stored.shots:
            names.append(str(uuid.uuid4()))
            held.library.append({
                "shot_id": names[-1], "video_asset_id": stored.video_asset_id,
                "start_timestamp": shot["start_timestamp"], "duration": shot["duration"],
                "camera_movement": shot.get("camera_movement"), "shot_size": shot.get("shot_size"),
                "shot_angle": shot.get("shot_angle"), "emotional_tone": shot.get("emotional_tone"),
                "tags": shot.get("auto_tags", []), "usage_situations": [], "scene_description": stored.scene_context,
                "relevance_score": 60.0,
            })  # fmt: skip
        return {"shots_stored": len(names), "stored_shot_ids": names}

    @app.get(f"{API}/shot-library")
    def shot_library(page: int = 1, page_size: int = 20) -> dict[str, Any]:
        return {"shots": held.library, "pagination": {"page": page, "page_size": page_size}}
