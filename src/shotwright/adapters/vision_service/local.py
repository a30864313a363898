"""The vision service in process: no server, no GPU, nothing leaves the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from shotwright.ports.vision_service import VisionService
    from shotwright.vision.backbones import BackboneSettings
    from shotwright.vision.eyes import Frames


def open_local(
    folder: Path, *, frames: Frames | None = None, settings: BackboneSettings | None = None, inline: bool = True
) -> VisionService:
    """The eyes over a folder, with the engines that are installed. `frames` finds a drawn frame.

    `inline`: everything happens in the caller, no thread is started, so that a process may fork at any time, and
    several processes may open one folder at once; opening is cheap, the backbone is loaded when something is first to
    be embedded. Otherwise questions are answered side by side in threads, and the folder is this process's alone.
    ConfigError where the libraries of the `vision` extra are missing or the folder is in use; VisionError where
    `settings` name a backbone that is not there.
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

    return open_eyes(folder, frames=frames, settings=settings, inline=inline, version=version("shotwright"), atlas=True)
