"""How well films are read: cuts, camera moves, and the size of a shot by whoever stands out.

    python benchmarks/video_bench.py

Cuts and moves are measured on films that are made here: textured planes at three depths through a real lens, every move
at three amounts, through three lenses, some with a shaking hand or with somebody who crosses the picture, every second
one eased. None of them served to choose a threshold. Sizes are measured on frames of the rendered atlas that show one
person from three heights. Intervals are Wilson's, 95 %. Prints the figures and keeps them in video_results.json.
"""

from __future__ import annotations

import io
import json
import math
import os
import platform
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image
from planting.films import Planted, write_film

from shotwright.craft.optics import SIZES
from shotwright.vision import atlas_frames
from shotwright.vision.backbones import BackboneSettings
from shotwright.vision.backbones.lazy import LazyBackbone
from shotwright.vision.video_looks import SURE, look_at_keyframe
from shotwright.vision.video_shots import FilmBounds, find_shots

HERE = Path(__file__).parent
AMOUNTS = {
    "static": (0.0,) * 3, "pan_right": (0.12, 0.3, 0.6), "pan_left": (0.12, 0.3, 0.6), "tilt_up": (0.08, 0.15, 0.3),
    "tilt_down": (0.08, 0.15, 0.3), "truck_right": (0.5, 0.9, 1.4), "truck_left": (0.5, 0.9, 1.4),
    "pedestal_up": (0.4, 0.7, 1.0), "pedestal_down": (0.4, 0.7, 1.0), "dolly_in": (0.8, 1.2, 1.8),
    "dolly_out": (0.8, 1.2, 1.8), "zoom_in": (1.15, 1.3, 1.6), "zoom_out": (1.15, 1.3, 1.6), "roll_cw": (5, 8, 14),
    "roll_ccw": (5, 8, 14), "handheld": (0.0,) * 3,
}  # fmt: skip
LENSES = (1.1, 1.5, 2.2)
SECONDS = 1.5
A_FILM = 8
FAMILY = {"truck": "sideways", "pan": "sideways", "whip": "sideways", "tilt": "upright", "pedestal": "upright",
          "dolly": "along", "zoom": "along", "static": "still", "handheld": "still", "roll": "roll"}  # fmt: skip


def planted() -> list[Planted]:
    """Every kind three times, in an order that puts other moves beside each other."""
    found = []
    for turn in range(3):
        for at, (kind, amounts) in enumerate(AMOUNTS.items()):
            seed = 1000 + 37 * at + turn
            shake = 0.005 if kind == "handheld" else 0.0025 if (at + turn) % 8 == 5 else 0.0
            walker = (at + turn) % 6 == 2
            found.append(Planted(kind, amounts[turn], SECONDS, shake, walker, seed, LENSES[(at + turn) % 3]))
    return found


def share(good: int, total: int) -> dict[str, object]:
    z, p = 1.96, good / total
    middle, half = p + z * z / (2 * total), z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total))
    low, high = ((middle + sign * half) / (1 + z * z / total) for sign in (-1, 1))
    return {
        "good": good,
        "of": total,
        "share": round(p, 4),
        "interval_95": [round(max(low, 0), 4), round(min(high, 1), 4)],
    }


def films() -> dict[str, object]:
    shots = planted()
    missed = extra = cuts_planted = 0
    right = family = 0
    wrong, reading, seconds = [], 0.0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        for start in range(0, len(shots), A_FILM):
            some = shots[start : start + A_FILM]
            path = Path(folder) / f"{start}.mp4"
            cuts = write_film(path, some)
            began = time.perf_counter()
            facts, found = find_shots(path, FilmBounds(), keyframes=False)
            reading += time.perf_counter() - began
            seconds += facts.seconds
            seen = [s.start for s in found[1:]]
            cuts_planted += len(cuts)
            missed += sum(not any(abs(c - s) < 0.02 for s in seen) for c in cuts)
            extra += sum(not any(abs(c - s) < 0.02 for c in cuts) for s in seen)
            for one, at in zip(some, [0.0, *cuts], strict=True):
                move = min(found, key=lambda s: abs(s.start - at)).move
                right += move.kind == one.kind
                same = (
                    FAMILY[move.kind.partition("_")[0]] == FAMILY[one.kind.partition("_")[0]]
                    if move.kind != "unknown"
                    else False
                )
                family += same
                if move.kind != one.kind:
                    wrong.append({"planted": f"{one.kind} {one.amount:g}", "found": move.kind, "lens": one.lens,
                                  "walker": one.walker, "shake": one.shake, "confidence": move.confidence})  # fmt: skip
    return {
        "films": math.ceil(len(shots) / A_FILM), "shots": len(shots),
        "cuts": {"planted": cuts_planted, "missed": missed, "extra": extra},
        "moves": share(right, len(shots)), "moves_but_for_what_travels": share(family, len(shots)), "wrong": wrong,
        "seconds_to_read_a_second_of_film": round(reading / seconds, 3),
    }  # fmt: skip


def sizes() -> dict[str, object]:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        backbone = LazyBackbone(BackboneSettings(), Path(folder) / "backbone.json")
        for size in SIZES:
            for angle in ("eye_level", "high_angle", "low_angle"):
                for key in ("mid_key", "chiaroscuro"):
                    data = atlas_frames.picture_of_cell(atlas_frames.Cell(size, angle, "single", key))
                    look = look_at_keyframe(np.asarray(Image.open(io.BytesIO(data)).convert("RGB")), backbone.salience)
                    off = None if look.shot_size is None else abs(SIZES.index(look.shot_size) - SIZES.index(size))
                    rows.append((off, look.confidence >= SURE))
    measured = [off for off, _ in rows if off is not None]
    sure = [off for off, known in rows if known and off is not None]
    return {
        "frames": len(rows), "measured": len(measured),
        "exact": share(sum(off == 0 for off in measured), len(measured)),
        "within_one_size": share(sum(off <= 1 for off in measured), len(measured)),
        "kept_by_the_library": len(sure), "exact_of_those": share(sum(off == 0 for off in sure), len(sure)),
        "within_one_size_of_those": share(sum(off <= 1 for off in sure), len(sure)),
    }  # fmt: skip


def main() -> None:
    found = {
        "machine": {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()},
        "films": films(),
        "sizes": sizes(),
    }
    text = json.dumps(found, indent=2)
    print(text)
    (HERE / "video_results.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
