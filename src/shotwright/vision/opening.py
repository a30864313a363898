"""Putting the eyes together: a folder, the engines that are at hand, and the shot library over them."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from shotwright.errors import VisionError
from shotwright.vision.atlas import seed_atlas
from shotwright.vision.backbones import BackboneSettings, open_backbone
from shotwright.vision.backbones.lazy import LazyBackbone, salience_of
from shotwright.vision.batching import BatchedEmbedder, InlineEmbedder
from shotwright.vision.consistency import CalibratedLikeness
from shotwright.vision.engines import Engines
from shotwright.vision.eyes import Eyes
from shotwright.vision.frame_quality import FrameQuality
from shotwright.vision.library import MOST_EMBEDDING_BYTES, ShotLibrary
from shotwright.vision.suggest import CraftSuggester

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from shotwright.vision.batching import CachedEmbedder
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
    inline: bool = False,
    cache_bytes: int = MOST_EMBEDDING_BYTES,
    atlas: bool = False,
) -> Eyes:
    """Eyes over a folder, with the best backbone that `settings` find unless one is given.

    `validator` is made over the shared embedder, so that its embeddings are batched and cached with everybody's.
    `inline` is for a run, which forks: no threads, a folder that other runs may open too, and a backbone that is
    opened on one thread when there is something to embed. Without it the folder is this process's alone. At most
    `cache_bytes` of embeddings are kept, those that were asked for last. With `atlas` a library that lacks the rendered
    atlas is given it.
    """
    library = ShotLibrary(folder, shared=inline, cache_bytes=cache_bytes)
    try:
        embedder: CachedEmbedder
        eye: Embedder
        if inline:
            wanted = replace(settings or BackboneSettings(), threads=1)
            eye = backbone or LazyBackbone(wanted, folder / "backbone.json")
            embedder = InlineEmbedder(eye, library)
        else:
            eye = backbone or open_backbone(settings)
            embedder = BatchedEmbedder(eye, library)
        with contextlib.suppress(VisionError):
            # A full disk need not keep anybody from looking.
            library.prune_embeddings()
        if atlas:
            seed_atlas(library)
    except BaseException:
        library.close()
        raise
    salience = partial(salience_of, eye)
    engines = Engines(
        embedder=embedder,
        validator=(validator or partial(CalibratedLikeness, salience=salience))(embedder),
        quality=quality or FrameQuality(),
        suggester=CraftSuggester(library, embedder),
    )
    return Eyes(
        engines, library, embedder=embedder, fetching=fetching, frames=frames, version=version, inline=inline,
        salience=salience,
    )  # fmt: skip
