"""A frame of a shot, drawn from nothing but its JSON, the look of its cast and of its place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.boards.camera import View, held_back, view_of
from shotwright.boards.events import set_events
from shotwright.boards.lighting import NIGHT, lamp_rgb, lights_of
from shotwright.boards.mannequin import mannequin
from shotwright.boards.raster import draw_triangles
from shotwright.boards.scene import MeshMaker, Piece, pieces_of, travelled, triangles_of
from shotwright.boards.sets.rooms import lamp_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from shotwright.boards.raster.triangles import Lights
    from shotwright.boards.sets.place import PlaceLook
    from shotwright.model.shot import Shot, Subject

LAMP_K = 2800
PULL = (0.3, 0.7)
"""A pull of focus begins and ends at these shares of its shot."""
BACKGROUND_M = 4.0
"""A place that focus is pulled to is this far beyond the subject."""
DARK_HOURS = (*NIGHT, "dusk", "dawn")


@dataclass(frozen=True, slots=True)
class Drawing:
    """One frame with what is known of every pixel."""

    image: NDArray[Any]
    """uint8 (h, w, 3), sRGB."""
    ids: NDArray[Any]
    """uint16 (h, w): keys of `legend`; 0 is the sky."""
    legend: dict[int, str]
    """id -> `entity/part`: `character/marcus/skin`, `set/wall`."""
    depth: NDArray[Any]
    """float32 (h, w): metres along the lens axis, inf in the sky."""
    camera: View
    anchors: dict[str, dict[str, tuple[float, float, float]]]
    """Entity -> named points of it (`eyes`, `crown`, `knees` …) in pixels and metres ahead."""

    def mask(self, entity: str, part: str = "") -> NDArray[Any]:
        """bool (h, w): where an entity, or one part of it, is seen."""
        wanted = [
            number
            for number, name in self.legend.items()
            if (name == f"{entity}/{part}" if part else name.rpartition("/")[0] == entity)
        ]
        return np.isin(self.ids, np.asarray(wanted, np.uint16))


def draw_shot(
    shot: Shot, cast: Mapping[Any, MeshMaker], place: PlaceLook, at: float = 0.0, size: tuple[int, int] = (960, 540),
    *, supersample: int = 1, ink: float = 0.42,
) -> Drawing:  # fmt: skip
    """Draw a shot at a moment of it, 0-1.

    `cast`: entity id -> maker of its mesh; people who are not in it are drawn as mannequins. `supersample` 2 draws four
    samples a pixel at about four times the price; masks and depths then come from one sample of each pixel.
    """
    if supersample not in (1, 2):
        raise ValueError(f"supersample is 1 or 2, not {supersample}")
    layer = shot.technical_layer
    makers = {str(entity): maker for entity, maker in cast.items()}
    for subject in layer.staging.subjects:
        if subject.entity.startswith("character/"):
            makers.setdefault(subject.entity, _stand_in)
    whole = (size[0] * supersample, size[1] * supersample)
    night = layer.lighting.time_of_day in DARK_HOURS
    daylight = {"night": 0.03, "blue_hour": 0.15, "dusk": 0.4, "dawn": 0.6}.get(layer.lighting.time_of_day, 1.5)
    lit = night or "practical" in layer.lighting.source or bool(layer.lighting.practicals)
    lamp_glow = 1.8 if lit and (place.inside or night) else 0.0
    if not place.inside and layer.lighting.time_of_day in ("dawn", "dusk"):
        lamp_glow *= 0.45
    pieces, box = pieces_of(shot, makers, place, at, daylight * 2.0**layer.lighting.exposure_ev, lamp_glow)
    view = held_back(
        lambda moment: view_of(layer.camera, whole, moment, travel=_kept_pace(shot, moment)),
        at,
        box if place.inside else None,
        [(piece.at[0], piece.at[2], float(piece.mesh.vertices[:, 1].max())) for piece in pieces if piece.person],
    )
    view = replace(view, focus_m=_focus(shot, pieces, view, at))
    body, legend = triangles_of(pieces)
    open_sky = place.kind in ("car", "bus")
    lights = lights_of(layer.lighting, layer.camera.white_balance_k, view, inside=place.inside, open_sky=open_sky)
    _set_lights(lights, shot, pieces, place, box, lamp_glow)
    set_events(lights, shot, pieces, view, at)
    pixels = draw_triangles(body, lights, view, ink=ink)
    image, ids, depth = pixels.image, pixels.ids, pixels.depth
    if supersample == 2:
        image = _halved(image)
        ids, depth = np.ascontiguousarray(ids[::2, ::2]), np.ascontiguousarray(depth[::2, ::2])
        view = replace(view, width=size[0], height=size[1], focal_px=view.focal_px / 2)
    anchors = {}
    for piece in pieces:
        if piece.mesh.anchors:
            points = piece.to_scene(np.asarray(list(piece.mesh.anchors.values()), np.float32))
            rows = view.project(points).tolist()
            anchors[piece.entity] = {n: (r[0], r[1], r[2]) for n, r in zip(piece.mesh.anchors, rows, strict=True)}
    return Drawing(image, ids, legend, depth, view, anchors)


def _stand_in(subject: Subject, at: float) -> Any:
    return mannequin(subject.entity, subject.pose_end if at > 0.5 else subject.pose_start)


def _kept_pace(shot: Shot, at: float) -> tuple[float, float, float]:
    subjects = shot.technical_layer.staging.subjects
    main = shot.technical_layer.camera.focus.on
    chosen = [s for s in subjects if s.travel is not None and (s.entity == main or len(subjects) == 1)]
    return travelled(chosen[0], at) if chosen else (0.0, 0.0, 0.0)


def _focus(shot: Shot, pieces: list[Piece], view: View, at: float) -> float:
    """Metres to the plane in focus, which a pull carries from one subject to the other in the middle of the shot."""
    focus = shot.technical_layer.camera.focus
    first = _ahead(focus.on, shot, pieces, view)
    if not focus.pull_to:
        return first
    pulled = min(max((at - PULL[0]) / (PULL[1] - PULL[0]), 0.0), 1.0)
    last = _ahead(focus.pull_to, shot, pieces, view)
    if not any(piece.entity == focus.pull_to for piece in pieces):
        last = first + BACKGROUND_M
    # Focus rings turn by the inverse of the distance.
    return 1 / ((1 - pulled) / first + pulled / last)


def _ahead(entity: str, shot: Shot, pieces: list[Piece], view: View) -> float:
    for piece in pieces:
        if piece.entity == entity:
            eyes = piece.anchor("eyes")
            point = eyes if eyes is not None else piece.to_scene(piece.mesh.vertices.mean(axis=0, keepdims=True))[0]
            return max(float((point - view.eye) @ view.forward), 0.3)
    target = np.asarray(shot.technical_layer.camera.look_at_m, np.float32)
    return max(float((target - view.eye) @ view.forward), 0.3)


def _set_lights(lights: Lights, shot: Shot, pieces: list[Piece], place: PlaceLook, box: Any, lamp_glow: float) -> None:
    """Fit the shadow map and the pools of light to who is there."""
    spots = [p.at for p in pieces if p.entity.startswith("character/")]
    spots = spots or [p.at for p in pieces if p.entity != "set"] or [shot.technical_layer.camera.look_at_m]
    xs, zs = [s[0] for s in spots], [s[2] for s in spots]
    lights.centre = np.array([(min(xs) + max(xs)) / 2, 1.0, (min(zs) + max(zs)) / 2], np.float32)
    reach = max(max(xs) - min(xs), max(zs) - min(zs)) / 2
    lights.reach_m = reach + (2.6 if place.inside else 6.0)
    feet = [(p.at[0], p.at[2], 0.3) for p in pieces if p.person]
    feet += [(p.at[0], p.at[2], 1.6) for p in pieces if p.entity.startswith("vehicle/")]
    lights.feet = np.asarray(feet, np.float32).reshape(-1, 3)
    if box is not None:
        lights.room = np.asarray(box, np.float32)
    lamps = []
    wb = shot.technical_layer.camera.white_balance_k
    if lamp_glow and place.inside and box is not None and place.kind not in ("car", "bus"):
        spot = lamp_at(place, box)
        if spot is not None:
            lamps.append((*spot, *lamp_rgb(LAMP_K, wb, 0.55), 0.15))
    lights.lamps = np.asarray(lamps, np.float32).reshape(-1, 7)


def _halved(image: NDArray[Any]) -> NDArray[Any]:
    """Half the size, averaged in linear light."""
    h, w = image.shape[0] // 2, image.shape[1] // 2
    light = (image.astype(np.float32) / 255) ** 2.2
    small = light.reshape(h, 2, w, 2, 3).mean(axis=(1, 3)) ** (1 / 2.2)
    out: NDArray[Any] = (small * 255 + 0.5).astype(np.uint8)
    return out
