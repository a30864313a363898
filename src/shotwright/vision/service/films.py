"""/analyze-video-shots: a film that the service holds, shot by shot, in the plain wire's words and ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shotwright.vision.eyes import NotHeld
from shotwright.vision.pictures import Unreadable, measure, picture_of
from shotwright.vision.video_library import see_film, store_film
from shotwright.vision.video_shots import CONTAINERS

if TYPE_CHECKING:
    from shotwright.vision.eyes import Eyes
    from shotwright.vision.service.forms import VideoForm
    from shotwright.vision.video_library import SeenShot
    from shotwright.vision.video_shots import FilmBounds


def analyse(eyes: Eyes, form: VideoForm, bounds: FilmBounds) -> dict[str, Any]:
    """Blocking, for as long as the bounds allow."""
    media = eyes.library.media(form.video_asset_id)
    path = eyes.library.path_of(form.video_asset_id)
    if media is None or path is None:
        raise NotHeld("there is no such asset", hint="upload it first")
    if media.content_type not in {kind for kind, _ in CONTAINERS.values()}:
        raise Unreadable("that asset is a picture, no film", kind="media_type", hint="upload an MP4, MOV or WebM film")
    facts, seen = see_film(
        eyes, path, bounds, threshold=form.shot_detection_threshold, keyframes=form.extract_keyframes or form.store
    )
    rows = [_row(index, one) for index, one in enumerate(seen)]
    if form.extract_keyframes:
        _keep_keyframes(eyes, rows, seen)
    answer = {
        "video_asset_id": form.video_asset_id,
        "video_filename": media.filename,
        "video_duration": facts.seconds,
        "fps": round(facts.rate, 3),
        "shots_detected": len(rows),
        "shot_analyses": rows,
    }
    if form.store:
        ids, added = store_film(eyes, seen, media.filename, asset_id=form.video_asset_id, described=form.scene_context)
        for row, shot_id in zip(rows, ids, strict=True):
            row["shot_id"] = shot_id
        answer |= {"stored_shot_ids": ids, "shots_stored": len(ids), "added": added}
    return answer


def _row(index: int, one: SeenShot) -> dict[str, Any]:
    """What is not measured is null: no angle and no framing is guessed at."""
    shot, look = one.shot, one.look
    tags = [*shot.tags(), *(t for t in (shot.movement, look.key_style) if t)]
    return {
        "shot_index": index,
        "start_timestamp": shot.start,
        "end_timestamp": shot.end,
        "duration": round(shot.end - shot.start, 4),
        "camera_movement": None if shot.move.kind == "unknown" else shot.move.kind,
        "movement_intensity": round(min(shot.move.rate, 1.0), 4),
        "movement_speed": shot.move.speed,
        "movement_confidence": shot.move.confidence,
        "handheld": shot.move.handheld,
        "shot_size": look.shot_size,
        "shot_size_confidence": look.confidence,
        "shot_angle": None,
        "framing": None,
        "key_style": look.key_style,
        "light_direction": look.light_direction,
        "features": None,
        "auto_tags": list(dict.fromkeys(tags)),
        "keyframe_time": shot.keyframe_at,
    }


def _keep_keyframes(eyes: Eyes, rows: list[dict[str, Any]], seen: list[SeenShot]) -> None:
    with_one = [(row, one.shot.keyframe) for row, one in zip(rows, seen, strict=True) if one.shot.keyframe]
    vectors, _ = eyes.embedder.embed_marked((picture_of(data) for _, data in with_one), len(with_one))
    for (row, data), vector in zip(with_one, vectors, strict=True):
        width, height, kind = measure(data)
        name = f"shot-{row['shot_index'] + 1:03d}.jpg"
        media, _ = eyes.library.put_picture(data, name, "image/jpeg", width, height, kind)
        eyes.library.mark_features(media.asset_id)
        row["features"] = vector.tolist()
        row["keyframe_asset_id"] = media.asset_id
