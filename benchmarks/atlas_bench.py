"""What each backbone sees of the rendered atlas: leave-one-out accuracy of size, angle, framing and key style.

    python benchmarks/atlas_bench.py [--write] [--out benchmarks/atlas_results.json]

840 frames, drawn at 320 x 180. Each is judged by the seven nearest others (cosine), weighed by likeness. Two protocols:
`plain` leaves out the frame itself; `strict` leaves out too whatever shows the same lead or the same place, and every
twin: a frame that agrees in two or more of the three other attributes, so that none is judged by its own picture under
another light. Where the strict protocol is the lower, the difference is what twins would have given away.
`--write` keeps the embedded backbone's vectors in the package (src/shotwright/vision/atlas.npz).

DINOv3's weights may not be shipped, so its floor is measured: the architecture (ViT-S/16, four registers, rotary
positions) with random weights. What it reads is what colours and layout give away to any network.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from shotwright.vision.atlas import pack_vectors
from shotwright.vision.atlas_frames import ANGLES, FRAMINGS, KEYS, cells, picture_of_cell
from shotwright.vision.backbones import BackboneSettings, open_backbone
from shotwright.vision.backbones.colour import DIMENSION as COLOURS
from shotwright.vision.pictures import picture_of

HERE = Path(__file__).parent
PACKAGE = HERE.parent / "src" / "shotwright" / "vision"
NEAREST = 7
BATCH = 16
ATTRIBUTES = ("size", "angle", "framing", "key")
DEPTH, WIDTH, HEADS, SIDE, REGISTERS = 12, 384, 6, 224, 4


def judged(vectors: np.ndarray, strict: bool) -> dict[str, dict[str, float]]:
    """Attribute -> accuracy, with the share within one step for size and the accuracy of chance."""
    rows = cells()
    codes = {
        "size": np.array([list(dict.fromkeys(c.size for c in rows)).index(c.size) for c in rows]),
        "angle": np.array([ANGLES.index(c.angle) for c in rows]),
        "framing": np.array([FRAMINGS.index(c.framing) for c in rows]),
        "key": np.array([KEYS.index(c.key) for c in rows]),
    }
    lead = np.array([c.people[0] for c in rows])
    place = np.array([c.place for c in rows])
    like = vectors @ vectors.T
    found = {}
    for name in ATTRIBUTES:
        others = [codes[a] for a in ATTRIBUTES if a != name]
        own, truth = codes[name], codes[name]
        right = near = 0
        for i in range(len(rows)):
            out = np.zeros(len(rows), bool)
            out[i] = True
            if strict:
                shared = sum((a == a[i]).astype(int) for a in others)
                out |= (shared >= 2) | (lead == lead[i]) | (place == place[i])
            scores = np.where(out, -2.0, like[i])
            best = np.argsort(-scores, kind="stable")[:NEAREST]
            votes = np.bincount(own[best], np.maximum(scores[best], 1e-3), minlength=own.max() + 1)
            guess = int(votes.argmax())
            right += guess == truth[i]
            near += abs(guess - truth[i]) <= 1
        found[name] = {
            "accuracy": round(right / len(rows), 4), "chance": round(1 / (int(own.max()) + 1), 4),
            **({"within_one_step": round(near / len(rows), 4)} if name == "size" else {}),
        }  # fmt: skip
    return found


def random_dinov3(path: Path) -> None:
    """DINOv3's ViT-S/16 with random weights as ONNX: class token, four registers, rotary positions on the patches."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    rng = np.random.default_rng(16)
    grid, head = SIDE // 16, WIDTH // HEADS
    tokens = 1 + REGISTERS + grid * grid
    initial: list[Any] = []
    nodes: list[Any] = []

    def const(name: str, value: Any) -> str:
        initial.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def weights(name: str, *shape: int, scale: float = 0.02) -> str:
        return const(name, rng.normal(0, scale, shape).astype(np.float32))

    def op(kind: str, inputs: list[str], out: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, inputs, [out], **attributes))
        return out

    angles = _rotary(grid, head)
    full = np.concatenate([np.zeros((1 + REGISTERS, head)), angles]).astype(np.float32)
    const("cos", np.cos(full)[None, None])
    const("sin", np.sin(full)[None, None])
    const("heads", np.array([0, tokens, HEADS, head], np.int64))
    const("whole", np.array([0, tokens, WIDTH], np.int64))
    const("scale", np.float32(head**-0.5))
    const("half", np.float32(0.5))
    const("one", np.float32(1))
    const("root2", np.float32(2**0.5))
    const("layer_scale", np.full(WIDTH, 1.0, np.float32))
    weights("patch", WIDTH, 3, 16, 16)
    weights("first", 1, 1 + REGISTERS, WIDTH)
    op("Conv", ["pixel_values", "patch"], "map", kernel_shape=[16, 16], strides=[16, 16])
    const("flat", np.array([0, WIDTH, -1], np.int64))
    op("Reshape", ["map", "flat"], "columns")
    op("Transpose", ["columns"], "patches", perm=[0, 2, 1])
    op("Concat", ["first", "patches"], "x", axis=1)
    const("gain", np.ones(WIDTH, np.float32))
    const("shift", np.zeros(WIDTH, np.float32))
    const("split", np.array([head // 2, head // 2], np.int64))
    last = "x"
    for n in range(DEPTH):

        def name(what: str, n: int = n) -> str:
            return f"{what}{n}"

        op("LayerNormalization", [last, "gain", "shift"], name("ln"), axis=-1)
        parts = {}
        for part in "qkv":
            op("MatMul", [name("ln"), weights(name(f"w{part}"), WIDTH, WIDTH, scale=0.06)], name(part))
            op("Reshape", [name(part), "heads"], name(f"{part}r"))
            parts[part] = op("Transpose", [name(f"{part}r")], name(f"{part}h"), perm=[0, 2, 1, 3])
        for part in "qk":
            op("Split", [parts[part], "split"], name(f"{part}a"), axis=3)
            nodes[-1].output.append(name(f"{part}b"))
            op("Neg", [name(f"{part}b")], name(f"{part}n"))
            op("Concat", [name(f"{part}n"), name(f"{part}a")], name(f"{part}s"), axis=3)
            op("Mul", [parts[part], "cos"], name(f"{part}c"))
            op("Mul", [name(f"{part}s"), "sin"], name(f"{part}d"))
            parts[part] = op("Add", [name(f"{part}c"), name(f"{part}d")], name(f"{part}o"))
        op("Transpose", [parts["k"]], name("kt"), perm=[0, 1, 3, 2])
        op("MatMul", [parts["q"], name("kt")], name("qk"))
        op("Mul", [name("qk"), "scale"], name("near"))
        op("Softmax", [name("near")], name("at"), axis=-1)
        op("MatMul", [name("at"), parts["v"]], name("av"))
        op("Transpose", [name("av")], name("ao"), perm=[0, 2, 1, 3])
        op("Reshape", [name("ao"), "whole"], name("af"))
        op("MatMul", [name("af"), weights(name("wo"), WIDTH, WIDTH, scale=0.06)], name("ap"))
        op("Mul", [name("ap"), "layer_scale"], name("al"))
        op("Add", [last, name("al")], name("mid"))
        op("LayerNormalization", [name("mid"), "gain", "shift"], name("lm"), axis=-1)
        op("MatMul", [name("lm"), weights(name("w1"), WIDTH, WIDTH * 4, scale=0.06)], name("up"))
        op("Div", [name("up"), "root2"], name("ud"))
        op("Erf", [name("ud")], name("ue"))
        op("Add", [name("ue"), "one"], name("uo"))
        op("Mul", [name("up"), name("uo")], name("um"))
        op("Mul", [name("um"), "half"], name("ug"))
        op("MatMul", [name("ug"), weights(name("w2"), WIDTH * 4, WIDTH, scale=0.03)], name("dn"))
        op("Mul", [name("dn"), "layer_scale"], name("dl"))
        last = op("Add", [name("mid"), name("dl")], f"/encoder/layer.{n}/Add_1_output_0")
    nodes.append(helper.make_node("Identity", [last], ["last_hidden_state"]))
    taken = helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, [1, 3, SIDE, SIDE])
    given = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, None)
    graph = helper.make_graph(nodes, "dinov3", [taken], [given], initial)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))


def _rotary(grid: int, head: int) -> np.ndarray:
    """Angles (patches, head): half of a head's pairs turn with the row, half with the column."""
    at = (np.arange(grid) + 0.5) / grid * 2 - 1
    periods = 100.0 ** (4 * np.arange(head // 4) / head)
    rows, columns = (a.ravel()[:, None] * 2 * np.pi / periods for a in np.meshgrid(at, at, indexing="ij"))
    return np.tile(np.concatenate([rows, columns], axis=1), 2)


def embedded(backbone: Any, pictures: list[Any]) -> tuple[np.ndarray, float]:
    """(unit vectors of all pictures, CPU seconds a picture)."""
    began = time.process_time()
    rows = [backbone.embed(pictures[i : i + BATCH]) for i in range(0, len(pictures), BATCH)]
    vectors = np.concatenate(rows).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), (time.process_time() - began) / len(pictures)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--out", type=Path, default=HERE / "atlas_results.json")
    asked.add_argument("--write", action="store_true", help="keep the embedded backbone's vectors in the package")
    asked.add_argument("--vectors", type=Path, help="a folder to keep all vectors in, and to take them from")
    given = asked.parse_args()
    report: dict[str, Any] = {
        "frames": len(cells()), "nearest": NEAREST,
        "machine": {"cores": os.cpu_count(), "system": platform.platform(terse=True),
                    "python": platform.python_version()},
        "backbones": {},
    }  # fmt: skip
    began = time.process_time()
    pictures = [picture_of(picture_of_cell(cell)) for cell in cells()]
    report["cpu_seconds_to_draw"] = round(time.process_time() - began, 1)
    with tempfile.TemporaryDirectory() as folder:
        floor = Path(folder) / "model.onnx"
        random_dinov3(floor)
        wanted = {
            "dinov2": BackboneSettings(kind="dinov2"),
            "classical": BackboneSettings(kind="classical"),
            "dinov3 with random weights": BackboneSettings(kind="dinov3", model=str(floor)),
        }
        for name, settings in wanted.items():
            backbone = open_backbone(settings)
            kept = None if given.vectors is None else given.vectors / f"{name.replace(' ', '_')}.npy"
            if kept is not None and kept.exists():
                vectors, spent = np.load(kept), embedded(backbone, pictures[:BATCH])[1]
            else:
                vectors, spent = embedded(backbone, pictures)
                if kept is not None:
                    kept.parent.mkdir(exist_ok=True)
                    np.save(kept, vectors)
            report["backbones"][name] = {
                "model": backbone.model.name, "weights_sha256": backbone.model.weights_sha256,
                "cpu_seconds_a_picture": round(spent, 4),
                "plain": judged(vectors, strict=False), "strict": judged(vectors, strict=True),
            }  # fmt: skip
            if name != "classical":
                alone = vectors[:, :-COLOURS] / np.linalg.norm(vectors[:, :-COLOURS], axis=1, keepdims=True)
                report["backbones"][f"{name}, no colours"] = {
                    "model": backbone.model.name, "weights_sha256": backbone.model.weights_sha256,
                    "plain": judged(alone, strict=False), "strict": judged(alone, strict=True),
                }  # fmt: skip
            if name == "dinov2" and given.write:
                np.savez_compressed(PACKAGE / "atlas.npz", **pack_vectors(vectors, backbone.model.weights_sha256))
    for name, row in report["backbones"].items():
        for protocol in ("plain", "strict"):
            said = ", ".join(f"{a} {row[protocol][a]['accuracy']:.1%}" for a in ATTRIBUTES)
            near = row[protocol]["size"]["within_one_step"]
            print(f"{name:38} {protocol:7} {said}; size within one step {near:.1%}")
    given.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
