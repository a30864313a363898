"""Framing measures on drawn films: faults planted in the camera of a shot found, clean frames left alone.

    python benchmarks/framing_bench.py [--screenplay FILE] [--targets 40] [--out benchmarks/framing_results.json]

A film is run from its screenplay (the example by default: limits were set while looking at it; any other is held out).
Clean frames are its shots as drawn. A fault is planted in the geometry of a shot, and what the shot says stays as it
was: the lens looks too high or too low, stands one or two sizes too near or too far, cuts a joint, or leans. It is
found when the shot is flagged with the code of that fault. Frames flagged while clean are no targets, and are listed:
some are true faults of the film. A medium wide is cut at the knees by its definition, and no target for that. Frames
that show no line to read a lean from are counted apart. All of it is measured on previz.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent))

from board_frames import drawn_as, film_of, grouped

from shotwright.craft.optics import coverage_of
from shotwright.vision.quality import inspect_frames

if TYPE_CHECKING:
    from board_frames import Staged

    from shotwright.model.shot import Camera, Shot
    from shotwright.vision.looked import Looked

EXAMPLE = Path(__file__).parents[1] / "examples" / "last_bird_in" / "last_bird_in.fountain"
CODES = {"FRAMING_HEADROOM", "FRAMING_CUT_JOINT", "SIZE_MISMATCH", "HORIZON_TILT"}
SIZES = ("extreme_wide", "wide", "medium_wide", "medium", "medium_close_up", "close_up", "extreme_close_up")


def tilted(shot: Shot, frame: Looked, share: float) -> Camera | None:
    """The lens looks higher by a share of the frame's height: there is so much more above the head."""
    camera = shot.technical_layer.camera
    coverage = frame.framing.coverage_m
    if coverage is None or frame.framing.headroom is None:
        return None
    x, y, z = camera.look_at_m
    return camera.model_copy(update={"look_at_m": (x, y + share * coverage * _reach(camera, frame), z)})


def _reach(camera: Camera, frame: Looked) -> float:
    """How far the point that is looked at is, in distances to the subject."""
    (px, _, pz), (ax, _, az) = camera.position_m, camera.look_at_m
    focal, coverage = camera.lens.focal_mm, frame.framing.coverage_m or 1.0
    distance = coverage * focal / 14.0
    return math.hypot(ax - px, az - pz) / max(distance, 0.2)


def too_high(shot: Shot, frame: Looked) -> Camera | None:
    limit = {"wide": 0.54, "medium_wide": 0.44, "medium": 0.39, "medium_close_up": 0.33, "close_up": 0.28}
    wanted = limit.get(shot.technical_layer.camera.shot_size)
    return None if wanted is None else tilted(shot, frame, wanted - (frame.framing.headroom or 0.0))


def too_low(shot: Shot, frame: Looked) -> Camera | None:
    limit = {"wide": -0.02, "medium_wide": -0.03, "medium": -0.04, "medium_close_up": -0.12, "close_up": -0.2}
    wanted = limit.get(shot.technical_layer.camera.shot_size)
    return None if wanted is None else tilted(shot, frame, wanted - (frame.framing.headroom or 0.0))


def sized(shot: Shot, frame: Looked, steps: int) -> Camera | None:
    """Nearer or farther by so many sizes."""
    camera = shot.technical_layer.camera
    at = SIZES.index(camera.shot_size) + steps
    if camera.coverage_m is not None or not 1 <= at < len(SIZES):
        return None
    ratio = coverage_of(SIZES[at]) / coverage_of(camera.shot_size)  # type: ignore[arg-type]
    staged = {str(s.entity): s.position_m for s in shot.technical_layer.staging.subjects}
    if camera.focus.on not in staged:
        return None
    (px, py, pz), (ax, ay, az) = camera.position_m, camera.look_at_m
    tx, _, tz = staged[camera.focus.on]
    eye = (tx + (px - tx) * ratio, py, tz + (pz - tz) * ratio)
    reach = math.hypot(ax - eye[0], az - eye[2]) / max(math.hypot(ax - px, az - pz), 0.1)
    return camera.model_copy(update={"position_m": eye, "look_at_m": (ax, py + (ay - py) * reach, az)})


def cut(shot: Shot, frame: Looked, joint: str) -> Camera | None:
    """The lens looks so that the frame's edge lies on a joint of whoever is in focus."""
    focus = shot.technical_layer.camera.focus.on
    person = next((p for p in frame.view.people if p.entity == focus), None)
    if person is None or joint not in person.anchors:
        return None
    if joint == "knees" and shot.technical_layer.camera.shot_size == "medium_wide":
        return None
    y = person.anchors[joint][1]
    # Farther than a third of the frame the head would be cut as well, and the lens would have to be elsewhere.
    return tilted(shot, frame, 1.0 - y) if abs(y - 1) < 0.3 else None


def leaning(shot: Shot, frame: Looked, degrees: float) -> Camera | None:
    camera = shot.technical_layer.camera
    move = camera.movement.model_copy(update={"roll_deg": abs(degrees)})
    return camera.model_copy(update={"roll": "dutch_right" if degrees > 0 else "dutch_left", "movement": move})


FAULTS: dict[str, tuple[str, Any]] = {
    "headroom too large": ("FRAMING_HEADROOM", too_high),
    "headroom too small": ("FRAMING_HEADROOM", too_low),
    "one size too wide": ("SIZE_MISMATCH", lambda s, f: sized(s, f, -1)),
    "one size too tight": ("SIZE_MISMATCH", lambda s, f: sized(s, f, 1)),
    "two sizes too wide": ("SIZE_MISMATCH", lambda s, f: sized(s, f, -2)),
    "two sizes too tight": ("SIZE_MISMATCH", lambda s, f: sized(s, f, 2)),
    "ankles cut": ("FRAMING_CUT_JOINT", lambda s, f: cut(s, f, "ankles")),
    "knees cut": ("FRAMING_CUT_JOINT", lambda s, f: cut(s, f, "knees")),
    "neck cut": ("FRAMING_CUT_JOINT", lambda s, f: cut(s, f, "neck")),
    "leans 4": ("HORIZON_TILT", lambda s, f: leaning(s, f, 4.0)),
    "leans -6": ("HORIZON_TILT", lambda s, f: leaning(s, f, -6.0)),
    "leans 10": ("HORIZON_TILT", lambda s, f: leaning(s, f, 10.0)),
    "leans 2.5 (near the limit)": ("HORIZON_TILT", lambda s, f: leaning(s, f, 2.5)),
}  # fmt: skip


def flagged(frames: list[Looked]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for one in inspect_frames(frames).issues:
        if one.code in CODES:
            found.setdefault(one.shot_index, set()).add(one.code)
    return found


def shot_as(shot: Shot, camera: Camera) -> Shot:
    return shot.model_copy(update={"technical_layer": shot.technical_layer.model_copy(update={"camera": camera})})


def plant(scenes: list[list[Staged]], targets: int, spent: list[float]) -> dict[str, Any]:
    seen = [[drawn_as(s.shot, s.cast, s.place, spent=spent) for s in scene] for scene in scenes]
    clean: dict[str, Any] = {"frames": sum(map(len, seen)), "flagged": 0, "where": []}
    calm: list[tuple[int, int]] = []
    for i, frames in enumerate(seen):
        found = flagged(frames)
        for at, frame in enumerate(frames):
            if at in found:
                clean["flagged"] += 1
                clean["where"].append(f"{scenes[i][at].shot.label} {' '.join(sorted(found[at]))}")
            elif frame.framing.coverage_m is not None and scenes[i][at].shot.technical_layer.camera.coverage_m is None:
                calm.append((i, at))
    rows: dict[str, dict[str, Any]] = {}
    for name, (code, planting) in FAULTS.items():
        row: dict[str, Any] = {"found": 0, "of": 0, "missed": []}
        able = []
        for i, at in calm:
            camera = planting(scenes[i][at].shot, seen[i][at])
            if camera is not None:
                able.append((i, at, camera))
        for i, at, camera in able[:: max(1, math.ceil(len(able) / targets))]:
            one = scenes[i][at]
            focus = one.shot.technical_layer.camera.focus.on
            told = one.shot if code == "HORIZON_TILT" else shot_as(one.shot, camera)
            frame = drawn_as(shot_as(one.shot, camera), one.cast, one.place, told=told, spent=spent)
            if code != "HORIZON_TILT" and not any(p.entity == focus for p in frame.view.people):
                continue
            if code == "FRAMING_CUT_JOINT" and not _shown(frame, focus):
                continue
            if code == "HORIZON_TILT" and frame.horizon_deg is None:
                row["no_lines"] = row.get("no_lines", 0) + 1
                continue
            found = flagged([*seen[i][:at], frame, *seen[i][at + 1 :]])
            row["of"] += 1
            if code in found.get(at, ()):
                row["found"] += 1
            else:
                row["missed"].append(
                    f"{one.shot.label} {one.shot.technical_layer.camera.shot_size}"
                    + (f" reads {frame.horizon_deg}" if code == "HORIZON_TILT" else "")
                )
        row["share"] = round(row["found"] / max(row["of"], 1), 3)
        rows[name] = row
    total = [sum(r[k] for n, r in rows.items() if "near" not in n) for k in ("found", "of")]
    return {
        "clean": clean,
        "planted": {"found": total[0], "of": total[1], "share": round(total[0] / max(total[1], 1), 3), "by_kind": rows},
    }  # fmt: skip


def _shown(frame: Looked, entity: str) -> bool:
    """Whether the person reaches the lower edge at all: behind a table nothing is cut."""
    person = next((p for p in frame.view.people if p.entity == entity), None)
    return person is not None and bool(person.mask[-3:].any())


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--screenplay", type=Path, default=EXAMPLE)
    asked.add_argument("--first-scene", type=int, default=0)
    asked.add_argument("--shots", type=int, default=130, help="of the film at most")
    asked.add_argument("--targets", type=int, default=20, help="shots with a planted fault, of each kind")
    asked.add_argument("--out", type=Path, default=Path(__file__).with_name("framing_results.json"))
    given = asked.parse_args()
    spent: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        film = film_of(given.screenplay, Path(folder) / "film")
    result = {
        "measured_on": "previz", "film": given.screenplay.name,
        "limits": "set on this film" if given.screenplay == EXAMPLE else "held out",
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        **plant(grouped(film, given.first_scene, given.shots), given.targets, spent),
        "cpu_ms_a_frame": round(1000 * sorted(spent)[len(spent) // 2], 1),
    }  # fmt: skip
    text = json.dumps(result, indent=1)
    given.out.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
