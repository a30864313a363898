"""How each video model's own service names what a prompt holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shotwright.craft.generators import camera_axis
from shotwright.model.ids import kind_of

if TYPE_CHECKING:
    from shotwright.craft.generators import Generator, RequestLength
    from shotwright.exports.film import Film
    from shotwright.exports.prompts.compile import PromptTexts
    from shotwright.exports.prompts.wording import Wording
    from shotwright.model.shot import Shot

Reference = tuple[str, str, str]
"""(asset key, picture's file name, tag)."""

NEGATIVE = "subtitles, captions, watermark, logo, extra people, extra limbs, distorted hands, morphing faces, flicker"

_REFERENCE_ORDER = {"character": 0, "animal": 1, "location": 2, "vehicle": 3, "prop": 4, "look": 5}


def reference_pictures(shot: Shot, film: Film, wording: Wording) -> tuple[Reference, ...]:
    """The pictures of the found assets in the frame: people first, then the place, vehicles, props, clothes.

    Of a place the picture of the side that is behind, where its file says which side it shows.
    """
    pictures = {asset.key: asset.pictures for asset in film.assets}
    staged: dict[str, int] = {subject.entity: i for i, subject in enumerate(shot.technical_layer.staging.subjects)}
    side = shot.technical_layer.staging.plate.partition(" side ")[2].strip().lower()
    found: list[tuple[int, int, str, Reference]] = []
    for entity, bound in shot.digital_assets.bindings.items():
        kind = kind_of(entity)
        if not isinstance(bound, str) or kind not in _REFERENCE_ORDER:
            continue
        if kind == "character" and entity not in staged:
            continue
        files = pictures.get(bound, ())
        if bound in pictures and not files:
            continue
        shows_side = [name for name in files if side and f"side_{side}" in name.lower()]
        picture = (*shows_side, *files, "")[0]
        place = staged.get(entity, len(staged))
        found.append((_REFERENCE_ORDER[kind], place, entity, (bound, picture, wording.tag(entity))))
    return tuple(dict.fromkeys(reference for *_, reference in sorted(found)))


def request_for(
    target: Generator,
    shot: Shot,
    texts: PromptTexts,
    length: RequestLength,
    size: tuple[int, int],
    seed: int,
    first: str | None,
    last: str | None,
    refs: tuple[Reference, ...],
) -> tuple[dict[str, Any], bool]:
    """(the request's fields by the model's own names, whether it uses an axis whose sign must be tried first)."""
    main = texts.motion if target.prompt == "motion" else texts.full
    prompt = f"{main} {texts.sound}" if target.sound and texts.sound else main
    negative = {target.negative: NEGATIVE} if target.negative else {}
    family = target.name.partition("-")[0]
    pictures = [picture or asset for asset, picture, _ in refs]
    if family == "veo":
        request: dict[str, Any] = {"prompt": prompt, "durationSeconds": int(length.seconds), "seed": seed, **negative}
        request["aspectRatio"], request["resolution"] = _ratio(size), f"{min(size)}p"
        _put(request, image=first, lastFrame=last if first else None, referenceImages=pictures)
        return request, False
    if family == "kling":
        request = {"prompt": prompt, "duration": f"{int(length.seconds)}", "aspect_ratio": _ratio(size), **negative}
        _put(request, image=first, image_tail=last if first else None, elements=pictures)
        axis = _kling_axis(target, shot)
        # Kling takes either a last frame or a camera, not both.
        if axis is not None and not (first and last):
            config = dict.fromkeys(("horizontal", "vertical", "pan", "tilt", "roll", "zoom"), 0) | {axis[0]: axis[1]}
            request["camera_control"] = {"type": "simple", "config": config}
            return request, axis[0] == "zoom"
        return request, False
    if family == "runway":
        request = {"promptText": prompt, "duration": int(length.seconds), "ratio": f"{size[0]}:{size[1]}", "seed": seed}
        _put(request, promptImage=first)
        return request, False
    if target.frame_rule:
        request = {"prompt": prompt, "num_frames": length.frames, "fps": target.fps, "seed": seed, **negative}
        request["width"], request["height"] = size
        _put(request, image=first, last_image=last if first else None)
        return request, False
    request = {"prompt": prompt, "duration": int(length.seconds), "size": f"{size[0]}x{size[1]}", **negative}
    _put(request, image=first, last_image=last if first else None, seed=seed if target.max_seed else None)
    return request, False


def _kling_axis(target: Generator, shot: Shot) -> tuple[str, int] | None:
    camera = shot.technical_layer.camera
    return camera_axis(target.camera_control, camera.movement.type, camera.lens.zoom, camera.movement.speed)


def _put(request: dict[str, Any], **fields: Any) -> None:
    """Only what there is: a service may refuse an empty field."""
    request.update({name: value for name, value in fields.items() if value})


def _ratio(size: tuple[int, int]) -> str:
    width, height = size
    if width == height:
        return "1:1"
    return "16:9" if width > height else "9:16"
