"""DINOv3 ViT-S/16 to ViT-L/16 from the user's own copy: its licence is accepted there and forbids passing it on."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path
from typing import Any

from shotwright.errors import VisionError
from shotwright.vision.backbones.sessions import open_session, sha256_of_file
from shotwright.vision.backbones.transformer import Transformer

PATCH, REGISTERS = 16, 4
PLACES = ("model.onnx", "onnx/model.onnx")
HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")


def open_dinov3(where: str, *, threads: int = 2, side: int = 224) -> Transformer:
    """A DINOv3 from an ONNX file, a folder that holds `model.onnx`, or the id of a hub's repository with one.

    It is not centred here, because no centre was measured for its weights: likeness is then fitted to the film's own
    looks. Raises VisionError where nothing is found or it is no DINOv3 (1 class and 4 register tokens).
    """
    path = located(where)
    session, layers = open_session(path, threads)
    outputs = [output.name for output in session.get_outputs()]
    fallback = "last_hidden_state" if "last_hidden_state" in outputs else outputs[0]
    name = "DINOv3 " + (where if not Path(where).exists() else path.stem)
    return Transformer(
        session,
        name=name,
        weights_sha256=_weights_sha256(path),
        layers=layers,
        fallback=fallback,
        patch=PATCH,
        side=side,
        registers=REGISTERS,
    )


def located(where: str) -> Path:
    """The ONNX file that a path, a folder or a hub id means. Raises VisionError."""
    given = Path(where).expanduser()
    if given.is_file():
        return given
    if given.is_dir():
        for place in PLACES:
            if (given / place).is_file():
                return given / place
        raise VisionError(f"{given} holds no model.onnx", hint="export the backbone to ONNX into that folder")
    if not HUB_ID.fullmatch(where) or where.startswith((".", "/", "~")):
        raise VisionError(f"no backbone at {where}", hint="give an ONNX file, a folder with model.onnx, or a hub id")
    return _from_hub(where)


def _from_hub(repository: str) -> Path:
    try:
        from huggingface_hub import snapshot_download  # type: ignore[import-not-found,unused-ignore]
    except ImportError as error:
        raise VisionError(
            f"the hub's client is not installed, so {repository} cannot be fetched",
            hint="pip install huggingface_hub, or give a path to an ONNX file",
        ) from error
    wanted = [f"{place}*" for place in PLACES]
    with contextlib.suppress(Exception):
        # What has been fetched is opened without asking the hub again.
        return located(str(snapshot_download(repository, allow_patterns=wanted, local_files_only=True)))
    try:
        folder: Any = snapshot_download(repository, allow_patterns=wanted, token=_token())
    except Exception as error:
        line = (str(error).splitlines() or [type(error).__name__])[0][:160]
        raise VisionError(
            f"{repository} could not be fetched: {line}",
            hint="accept its licence on the hub and set HF_TOKEN, or give a path to an ONNX file",
        ) from error
    return located(str(folder))


def _token() -> str | None:
    return os.environ.get("HF_TOKEN") or None


def _weights_sha256(path: Path) -> str:
    """Of the file, or of the weights beside it where it refers to them."""
    beside = path.with_name(path.name + "_data")
    return sha256_of_file(beside if beside.is_file() else path)
