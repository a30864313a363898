"""Putting the eyes together: a folder, the engines that are at hand, and the shot library over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.vision.backbones import open_backbone
from shotwright.vision.batching import BatchedEmbedder
from shotwright.vision.consistency import CalibratedLikeness
from shotwright.vision.engines import Engines
from shotwright.vision.eyes import Eyes
from shotwright.vision.frame_quality import FrameQuality
from shotwright.vision.library import ShotLibrary
from shotwright.vision.suggest import CraftSuggester

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from shotwright.vision.backbones import BackboneSettings
    from shotwright.vision.engines import Embedder, Quality, Validator
    from shotwright.vision.eyes import Frames
    from shotwright.vision.fetching import Fetching


def open_eyes(
    folder: Path,
    *,
    backbone: Embedder | None = None,
    settings: BackboneSettings | None = None,
    validator: Callable[[Embedder], Validator] | None = None,
    quality: Quality | None = None,
    fetching: Fetching | None = None,
    frames: Frames | None = None,
    version: str = "",
) -> Eyes:
    """Eyes over a folder of their own, with the best backbone that `settings` find unless one is given.

    `validator` is made over the shared embedder, so that its embeddings are batched and cached with everybody's.
    """
    library = ShotLibrary(folder)
    embedder = BatchedEmbedder(backbone or open_backbone(settings), library)
    engines = Engines(
        embedder=embedder,
        validator=(validator or CalibratedLikeness)(embedder),
        quality=quality or FrameQuality(),
        suggester=CraftSuggester(library, embedder),
    )
    return Eyes(engines, library, embedder=embedder, fetching=fetching, frames=frames, version=version)
