"""Frames held against what their shots say: size, sides, gazes, light, heads, floors and eyes, read from the masks.

    python benchmarks/size_bench.py [--screenplay FILE --scenes 15] [--out benchmarks/size_results.json]

The rules alone photograph the example film (and a screenplay, where one is given), the first frame of every shot is
drawn, and each thing that a shot says of its frame is measured there. What does not hold is listed by shot.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.boards.cast import CastSheet
from shotwright.boards.drawing import Drawing, draw_shot
from shotwright.craft.geometry import turn_between
from shotwright.craft.optics import ADULT_M, SIZES, coverage_of
from shotwright.craft.stature import height_of
from shotwright.production import wire
from shotwright.production.opened import Production
from shotwright.production.studio import RunRequest, run_production

if TYPE_CHECKING:
    from shotwright.model.shot import Shot, Subject

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "last_bird_in"
SIZE = (480, 270)
BANDS = {"left": (-1.1, -0.5), "center_left": (-0.5, -0.14), "center": (-0.14, 0.14), "center_right": (0.14, 0.5),
         "right": (0.5, 1.1)}  # fmt: skip
SIDE_SLACK = 0.12
"""Half-widths by which a body may hang over the edge of its band: the band is of its place on the floor."""
GAZE_DEG = 8.0
"""A head turned less than this to the wrong side looks into the lens."""
HIGH_DEG = 50
"""A key above this lights no side of a face that hair or a hat's brim does not shade."""
FLOOR_LUMA = 10.0
EYE_PIXELS = 6
TOLD = ("size", "side", "gaze", "key", "head", "seen", "floor", "eyes")


@dataclass
class Tally:
    """How many held of how many, and what did not, by question."""

    held: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def say(self, question: str, right: bool, shot: Shot, what: str) -> None:
        self.asked[question] += 1
        self.held[question] += right
        if not right:
            self.faults[question].append(f"{shot.slate or shot.scene_number}-{shot.shot_number_in_scene}: {what}")

    def table(self) -> dict[str, Any]:
        return {
            q: {"held": self.held[q], "of": self.asked[q],
                "share": round(self.held[q] / self.asked[q], 4) if self.asked[q] else None, "faults": self.faults[q]}
            for q in TOLD
        }  # fmt: skip


def size_drawn(drawing: Drawing, subject: Subject, height_m: float) -> tuple[str, float] | None:
    """(size, metres of frame at the subject's head) by the depth of its mask; bands are scaled to height and pose."""
    entity = str(subject.entity)
    mask = drawing.mask(entity)
    points = drawing.anchors.get(entity, {})
    if not mask.any() or "eyes" not in points:
        return None
    depth = points["eyes"][2]
    top, low = points["crown"][1], points["chin"][1]
    rows = np.arange(mask.shape[0])[:, None]
    head = mask & (rows >= min(top, low)) & (rows <= max(top, low)) & (np.abs(drawing.depth - depth) < 0.4)
    if head.any():
        depth = float(np.median(drawing.depth[head]))
    coverage = drawing.camera.coverage_m(depth) * ADULT_M / height_m
    for wider, tighter in pairwise(SIZES):
        if coverage >= math.sqrt(coverage_of(wider, subject.pose_start) * coverage_of(tighter, subject.pose_start)):
            return wider, coverage
    return SIZES[-1], coverage


def look_deg(drawing: Drawing, entity: str) -> float | None:
    """Where a head is turned on screen: 0 away from the lens, + to screen right, degrees; None where nobody's is."""
    points = drawing.anchors.get(entity, {})
    if not {"eye_left", "eye_right", "crown", "chin"} <= points.keys():
        return None
    view = drawing.camera

    def at(name: str) -> Any:
        x, y, ahead = points[name]
        return np.array([(x - view.width / 2) * ahead / view.focal_px, (view.height / 2 - y) * ahead / view.focal_px,
                         ahead])  # fmt: skip

    # Right, up and ahead are a left-handed frame, so the product is taken the other way round.
    forward = np.cross(at("crown") - at("chin"), at("eye_left") - at("eye_right"))
    return math.degrees(math.atan2(forward[0], forward[2]))


def lit_side(drawing: Drawing, entity: str) -> float | None:
    """Log ratio of light, screen left over right, on the skin of a head; None where there is too little of it."""
    points = drawing.anchors.get(entity, {})
    if "eyes" not in points:
        return None
    skin = drawing.mask(entity, "skin")
    rows = np.arange(skin.shape[0])[:, None]
    skin &= (rows >= points["crown"][1]) & (rows <= points["chin"][1] + 2)
    columns = np.flatnonzero(skin.any(axis=0))
    if skin.sum() < 60 or len(columns) < 6:
        return None
    luma = (drawing.image.astype(np.float32) / 255) ** 2.2 @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    middle = (columns[0] + columns[-1]) / 2
    third = (columns[-1] - columns[0]) / 6
    across = np.arange(skin.shape[1])[None, :]
    left, right = skin & (across < middle - third), skin & (across > middle + third)
    if left.sum() < 15 or right.sum() < 15:
        return None
    return float(np.log2((luma[left].mean() + 1e-3) / (luma[right].mean() + 1e-3)))


def hold(shot: Shot, drawing: Drawing, heights: dict[str, float], tally: Tally) -> None:
    """Ask one frame everything."""
    camera, staging = shot.technical_layer.camera, shot.technical_layer.staging
    for subject in staging.subjects:
        entity = str(subject.entity)
        points = drawing.anchors.get(entity, {})
        if not entity.startswith("character/") or "eyes" not in points:
            continue
        x, _, ahead = points["eyes"]
        across = 2 * x / SIZE[0] - 1
        if entity == camera.focus.on and camera.framing != "pov":
            found = size_drawn(drawing, subject, heights.get(entity, ADULT_M))
            if found is not None:
                tally.say("size", found[0] == camera.shot_size, shot,
                          f"{entity} is drawn {found[0]} ({found[1]:.2f} m), not {camera.shot_size} ({camera.framing},"
                          f" {subject.pose_start})")  # fmt: skip
        if subject.foreground or subject.screen_position == "off" or ahead < 0.1:
            continue
        lying = subject.pose_start in ("lie", "swim", "fall")
        low, high = BANDS[subject.screen_position]
        if not lying:
            tally.say("side", low - SIDE_SLACK <= across <= high + SIDE_SLACK, shot,
                      f"{entity} at {across:+.2f}, staged {subject.screen_position}")  # fmt: skip
        way, target = (subject.gaze.screen_direction, subject.gaze.target) if subject.gaze is not None else ("", "")
        turned = look_deg(drawing, entity)
        if way in ("left", "right") and turned is not None and not lying:
            off = min(abs(turned), 180 - abs(turned))
            tally.say("gaze", (turned > 0) == (way == "right") or off < GAZE_DEG, shot,
                      f"{entity} looks {turned:+.0f}°, staged {way} at {target}")  # fmt: skip
        crown, chin = points["crown"][1], points["chin"][1]
        close = camera.shot_size in ("close_up", "extreme_close_up")
        framed = subject.depth != "background" or entity == camera.focus.on
        if abs(across) < 0.97 and framed and not (close and entity == camera.focus.on):
            cut = min(crown, chin) < -0.02 * (chin - crown) and (drawing.mask(entity).any())
            tally.say("head", not cut, shot, f"{entity}'s crown is {-crown / SIZE[1]:.2f} of the frame above its edge "
                      f"({camera.shot_size}, {camera.framing}, {camera.angle})")  # fmt: skip
        if close and entity == camera.focus.on:
            tally.say("head", 0 < points["eyes"][1] < SIZE[1] * 0.75, shot, f"{entity}'s eyes are out of the close-up")
            facing = turned is not None and abs(turned) > 115
            if facing:
                seen = int(drawing.mask(entity, "eyes").sum())
                tally.say("eyes", seen >= EYE_PIXELS, shot, f"{entity}: {seen} pixels of eyes")
        if entity == camera.focus.on and camera.framing != "pov":
            tally.say("seen", face_seen(drawing, entity), shot, f"{entity} is hidden ({camera.framing})")
        if entity == camera.focus.on and not lying:
            tell_light(shot, drawing, entity, tally)
    floor = drawing.mask("set", "floor") | drawing.mask("set", "ground")
    if floor.mean() > 0.01:
        level = float(np.median(drawing.image[floor] @ np.array([0.2126, 0.7152, 0.0722])))
        tally.say("floor", level > FLOOR_LUMA, shot, f"the floor is at {level:.0f} of 255")


def face_seen(drawing: Drawing, entity: str) -> bool:
    """Whether the middle of a head is in the frame and nothing stands before it."""
    points = drawing.anchors[entity]
    x, y = ((points["eyes"][i] + points["chin"][i]) / 2 for i in (0, 1))
    column, row = round(x), round(y)
    if not (0 <= column < SIZE[0] and 0 <= row < SIZE[1]):
        return False
    mask = drawing.mask(entity)[max(row - 3, 0) : row + 4, max(column - 3, 0) : column + 4]
    return bool(mask.mean() > 0.5)


def tell_light(shot: Shot, drawing: Drawing, entity: str, tally: Tally) -> None:
    """Whether the side of the key that the shot states is the brighter side of the face."""
    lighting = shot.technical_layer.lighting
    stated = {word.rpartition("_")[2] for word in lighting.direction if word.endswith(("_left", "_right"))}
    ratio = lit_side(drawing, entity)
    turned = look_deg(drawing, entity)
    if len(stated) != 1 or ratio is None or lighting.contrast_ratio < 1.5 or turned is None or abs(turned) < 95:
        return
    if lighting.elevation_deg > HIGH_DEG:
        return
    view = drawing.camera
    lens = math.degrees(math.atan2(-float(view.forward[0]), -float(view.forward[2])))
    off = turn_between(lens, lighting.azimuth_deg)
    if not 20 < abs(off) < 100:
        return
    side = stated.pop()
    tally.say("key", (ratio > -0.1) if side == "left" else (ratio < 0.1), shot,
              f"{entity}: {ratio:+.2f} stops to the left, stated {side}, key {off:+.0f}° off the lens")  # fmt: skip


def arrival(subject: Subject, shot: Shot) -> float:
    """The moment that the frame is staged for: where the subject of a shot comes into it, its last or its middle."""
    travel = subject.travel
    if travel is None or not travel.enters or subject.entity != shot.technical_layer.camera.focus.on:
        return 0.0
    return 0.5 if subject.pose_end in ("lie", "fall") else 1.0


def height_m(sheet: CastSheet, subject: Subject) -> float:
    """How tall somebody is drawn, or the height that stands for an animal's."""
    who = next((c for c in sheet.characters if c.id == subject.entity), None)
    if who is not None and who.kind == "animal":
        return height_of(who, None, None)
    return sheet.appearance(str(subject.entity), subject.look).height_m


def look_through(folder: Path, tally: Tally, scenes: int | None) -> int:
    """Draw and ask every shot of the first scenes of a production, or of all."""
    with Production(folder) as production:
        assets = wire.asset_library(production.configured.settings.assets.libraries).assets()
        sheet = CastSheet.of(production.story, production.casting, assets)
        count = 0
        for _, shots in production.film[:scenes]:
            looks = sheet.places(shots)
            for shot in shots:
                place = looks[shot.technical_layer.staging.plate.partition(" side ")[0]]
                heights = {
                    str(s.entity): height_m(sheet, s)
                    for s in shot.technical_layer.staging.subjects
                    if str(s.entity).startswith("character/")
                }
                at = max((arrival(s, shot) for s in shot.technical_layer.staging.subjects), default=0.0)
                hold(shot, draw_shot(shot, sheet.makers(shot), place, at, SIZE), heights, tally)
                count += 1
    return count


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--screenplay", type=Path, help="a held-out screenplay")
    asked.add_argument("--scenes", type=int, default=15, help="how many of its first scenes")
    asked.add_argument("--out", type=Path, default=Path(__file__).with_name("size_results.json"))
    given = asked.parse_args()
    result: dict[str, Any] = {
        "measured_on": "previz", "machine": f"{platform.machine()}, Python {platform.python_version()}", "frame": SIZE
    }  # fmt: skip
    requests: dict[str, tuple[str, Path, tuple[Path, ...], int | None]] = {
        "example": ("last_bird_in", EXAMPLE / "last_bird_in.fountain", (EXAMPLE / "assets",), None)
    }
    if given.screenplay:
        requests["held_out"] = (given.screenplay.stem, given.screenplay, (), given.scenes)
    with tempfile.TemporaryDirectory() as scratch:
        for name, (title, script, libraries, scenes) in requests.items():
            folder = Path(scratch) / f"{name}.shotwright"
            run_production(RunRequest(script, folder, libraries, until="layers"))
            tally = Tally()
            count = look_through(folder, tally, scenes)
            result[name] = {"film": title, "frames": count, **tally.table()}
            print(f"{title}: {count} frames")
            for question, row in tally.table().items():
                print(f"  {question:6} {row['held']:4} of {row['of']:4}  {row['share']}")
                for fault in row["faults"][:12]:
                    print(f"         {fault}")
    given.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
