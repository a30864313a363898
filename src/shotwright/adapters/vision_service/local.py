"""The vision service in process: no server, no GPU, nothing leaves the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from shotwright.ports.vision_service import VisionService
    from shotwright.vision.eyes import Frames


def open_local(folder: Path, *, frames: Frames | None = None) -> VisionService:
    """The eyes over a folder that they own, with the engines that are installed. `frames` finds a drawn frame.

    ConfigError where the libraries of the `vision` extra are missing or the folder is in use.
    """
    try:
        import numpy
        import PIL

        assert numpy, PIL
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"looking at frames needs {error.name}, which is not installed", hint='pip install "shotwright[vision]"'
        ) from error
    from importlib.metadata import version

    from shotwright.vision.opening import open_eyes

    return open_eyes(folder, frames=frames, version=version("shotwright"))
