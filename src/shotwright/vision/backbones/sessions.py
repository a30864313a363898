"""ONNX files as sessions: checked by sha256, opened to pictures of any size, with hidden layers as outputs."""

from __future__ import annotations

import hashlib
import os
import re
from typing import TYPE_CHECKING, Any

from shotwright.errors import VisionError

if TYPE_CHECKING:
    from pathlib import Path

LAYER = re.compile(r"(?:layers?|blocks?)\.(\d+)/Add(?:_(\d+))?_output_0$")
"""The residual sums of a transformer's layers, as transformers and timm name them."""


def sha256_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hidden_layers(names: list[str]) -> dict[int, str]:
    """Layer -> the name of its output: the last residual sum in it."""
    found: dict[int, tuple[int, str]] = {}
    for name in names:
        match = LAYER.search(name)
        if match:
            layer, which = int(match[1]), int(match[2] or 0)
            found[layer] = max(found.get(layer, (-1, "")), (which, name))
    return {layer: name for layer, (_, name) in sorted(found.items())}


def open_session(path: Path, threads: int, *, any_size: bool = False) -> tuple[Any, dict[int, str]]:
    """A session on the CPU, and its hidden layers: those before the last two are not made outputs.

    `any_size`: the file says a fixed size of picture, but its graph is known to take any. The graph is edited in
    memory; nothing is written. Raises VisionError where it is no such model.
    """
    try:
        import onnx
        import onnxruntime  # type: ignore[import-untyped,unused-ignore]
    except ImportError as error:
        raise VisionError(f"{error.name} is not installed", hint="pip install 'shotwright[vision]'") from error
    try:
        model = onnx.load(str(path))
    except Exception as error:
        raise VisionError(f"{path} cannot be read as an ONNX model", hint="export the backbone to ONNX") from error
    if not model.graph.input:
        raise VisionError(f"{path} is an ONNX model without an input", hint="export the backbone to ONNX")
    dims = model.graph.input[0].type.tensor_type.shape.dim
    if len(dims) != 4:
        raise VisionError(f"{path} does not take pictures (batch, 3, height, width)")
    if any_size:
        for place, name in ((0, "batch"), (2, "height"), (3, "width")):
            dims[place].dim_param = name
    layers = hidden_layers([output for node in model.graph.node for output in node.output])
    present = {output.name for output in model.graph.output}
    kept = dict(list(layers.items())[-3:])
    for name in kept.values():
        if name not in present:
            model.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = max(1, min(threads, os.cpu_count() or 1))
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        # A file with its weights beside it cannot be opened from bytes.
        whole = not any(tensor.external_data for tensor in model.graph.initializer)
        source = model.SerializeToString() if whole else str(path)
        session = onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        line = (str(error).splitlines() or ["no reason given"])[0][:160]
        raise VisionError(f"{path} cannot be run: {line}") from error
    offered = {output.name for output in session.get_outputs()}
    return session, {layer: name for layer, name in kept.items() if name in offered}
