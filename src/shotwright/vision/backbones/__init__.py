"""Backbones: pictures to vectors. `open_backbone` gives the best that is at hand, and every one names itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from shotwright.errors import VisionError

if TYPE_CHECKING:
    from shotwright.vision.engines import Embedder

__all__ = ["BackboneSettings", "open_backbone"]


@dataclass(frozen=True, slots=True)
class BackboneSettings:
    kind: Literal["auto", "dinov3", "dinov2", "classical"] = "auto"
    """`auto`: DINOv3 where `model` names one, else DINOv2 where it is installed, else the classical descriptors."""
    model: str = ""
    """Of DINOv3: an ONNX file, a folder that holds model.onnx, or a hub id."""
    threads: int = 2
    side: int = 224
    """Pixels a side, of a square picture."""


def open_backbone(settings: BackboneSettings | None = None) -> Embedder:
    """The backbone that the settings ask for.

    What was asked for by name and is not to be had is a VisionError; only `auto` falls back, from a DINOv2 that is not
    installed or is damaged, to descriptors that say what they are.
    """
    from shotwright.vision.plain_engines import ColourAndContour

    wanted = settings or BackboneSettings()
    if not 1 <= wanted.threads <= 64 or not 64 <= wanted.side <= 1024:
        raise VisionError("a backbone takes 1 to 64 threads and pictures of 64 to 1,024 pixels a side")
    if wanted.kind == "dinov3" or (wanted.kind == "auto" and wanted.model):
        from shotwright.vision.backbones.dinov3 import open_dinov3

        return open_dinov3(wanted.model, threads=wanted.threads, side=wanted.side)
    if wanted.kind != "classical":
        from shotwright.vision.backbones.dinov2 import open_dinov2

        try:
            return open_dinov2(threads=wanted.threads, side=wanted.side)
        except VisionError:
            if wanted.kind == "dinov2":
                raise
    return ColourAndContour()
