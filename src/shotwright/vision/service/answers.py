"""Answers of the plain wire: its fields and its percentages, out of what the inside found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from shotwright.model.vision import ImageQuality, LibraryShot, VisionModel
    from shotwright.vision.library import Hit, Media

SAME = 75.0
"""Percent from which the plain wire says `same_character`. It is a raw cosine in other clothes, calibrated by nobody;
the extension's scores are what to trust."""
LEVELS = ((90.0, "very_high"), (75.0, "high"), (60.0, "medium"), (40.0, "low"), (-1.0, "very_low"))
GRADES = ((85.0, "excellent"), (70.0, "good"), (50.0, "fair"), (-1.0, "poor"))


def model_json(model: VisionModel) -> dict[str, Any]:
    """What every answer says of the eyes that gave it."""
    return model.model_dump(mode="json")


def media_answer(media: Media, prefix: str) -> dict[str, Any]:
    return {
        "asset_id": media.asset_id,
        "filename": media.filename,
        "content_type": media.content_type,
        "file_size": media.file_size,
        "public_url": f"{prefix}/media/{media.asset_id}/file",
        "width": media.width,
        "height": media.height,
        "format": media.format,
        "upload_timestamp": media.uploaded,
        "processing_status": "features_extracted" if media.features else "uploaded",
    }


def likeness(one: NDArray[Any], two: NDArray[Any]) -> dict[str, Any]:
    """cosine -1 to 1, similarity_score (cos + 1) x 50, distance of unit vectors 0-2."""
    cosine = float(np.clip(one @ two, -1.0, 1.0))
    return {
        "similarity_score": round((cosine + 1) * 50, 4),
        "cosine_similarity": round(cosine, 6),
        "euclidean_distance": round(float(np.linalg.norm(one - two)), 6),
    }


def same_or_not(score: float) -> dict[str, Any]:
    level = next(name for least, name in LEVELS if score >= least)
    return {
        "same_character": score >= SAME,
        "confidence_level": level,
        "explanation": f"(cosine + 1) x 50 is {score:.1f}; this figure is not calibrated to people",
    }


def sequence_answer(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The plain wire's summary of its shots; a shot with `error` was not processed."""
    done = [row for row in rows if "error" not in row]
    good = sum(row["consistent"] for row in done)
    rate = round(100 * good / len(done), 2) if done else 0.0
    if not done:
        status, advice = "not_measured", "No shot could be measured."
    elif good == len(done):
        status, advice = "consistent", "Every shot is like its reference by the raw figure."
    elif rate >= 50:
        status, advice = "partly_consistent", "Look at the shots that are marked."
    else:
        status, advice = "inconsistent", "Most shots are unlike the reference; look at the reference first."
    return {
        "total_shots": len(rows),
        "processed_shots": len(done),
        "consistent_shots": good,
        "consistency_rate": rate,
        "average_similarity": round(float(np.mean([r["similarity_score"] for r in done])), 4) if done else 0.0,
        "sequence_status": status,
        "sequence_recommendation": advice,
        "shot_validations": list(rows),
    }


def feature_statistics(vector: NDArray[Any]) -> dict[str, float]:
    return {
        "mean": float(vector.mean()),
        "std": float(vector.std()),
        "min": float(vector.min()),
        "max": float(vector.max()),
        "norm": float(np.linalg.norm(vector)),
    }


def diversity(vector: NDArray[Any]) -> float:
    """Percent: how evenly a vector's energy lies over its numbers, by its entropy."""
    share = vector.astype(np.float64) ** 2
    share = share / max(float(share.sum()), 1e-12)
    entropy = -float((share[share > 0] * np.log(share[share > 0])).sum())
    return round(100 * abs(entropy) / float(np.log(len(vector))), 4) if len(vector) > 1 else 0.0


def quality_answer(found: ImageQuality, notes: Sequence[str]) -> dict[str, Any]:
    overall = percent(found.overall)
    return {
        "quality_score": overall,
        "quality_grade": "not_measured" if overall is None else next(n for least, n in GRADES if overall >= least),
        "technical_metrics": found.measures.model_dump(mode="json", exclude_none=True),
        "recommendations": [*notes, *([found.note] if found.note else [])],
    }


def metrics_answer(found: ImageQuality) -> dict[str, Any]:
    scores = found.scores
    return {
        "sharpness_score": percent(scores.sharpness),
        "lighting_quality": percent(scores.exposure),
        "composition_score": percent(scores.framing),
        "overall_quality": percent(found.overall),
    }


def percent(score: float | None) -> float | None:
    return None if score is None else round(100 * score, 4)


def shot_answer(shot: LibraryShot) -> dict[str, Any]:
    return {
        "shot_id": shot.id,
        "video_asset_id": shot.video_asset_id,
        "start_timestamp": shot.start_timestamp,
        "duration": shot.duration,
        "camera_movement": shot.movement,
        "shot_size": shot.shot_size,
        "shot_angle": shot.angle,
        "emotional_tone": shot.beat,
        "tags": list(shot.tags),
        "usage_situations": list(shot.usage_situations),
        "scene_description": shot.scene_description,
    }


def recommendations(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    return [{**shot_answer(hit.shot), "relevance_score": round(100 * hit.score, 4)} for hit in hits]
