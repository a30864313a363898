"""shotwright turns a screenplay into render-ready shots, through a production line of six agents.

    import shotwright
    folder, report = shotwright.run_production(shotwright.RunRequest(Path("film.fountain")))
    with shotwright.Production(folder.path) as production:
        for shot in production.shots: ...

Names are imported when they are first used, so that `import shotwright` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from shotwright.errors import InputError, RunError, ShotwrightError
    from shotwright.model.asset import Asset
    from shotwright.model.crew import FilmSettings
    from shotwright.model.screenplay import Screenplay
    from shotwright.model.shot import Flag, Shot
    from shotwright.model.story import SceneBrief, Story
    from shotwright.production.opened import Production
    from shotwright.production.studio import RunRequest, rehearse, run_production
    from shotwright.screenplay import read

__all__ = [
    "Asset",
    "FilmSettings",
    "Flag",
    "InputError",
    "Production",
    "RunError",
    "RunRequest",
    "SceneBrief",
    "Screenplay",
    "Shot",
    "ShotwrightError",
    "Story",
    "read",
    "rehearse",
    "run_production",
]

_ROOMS = {
    "Asset": "model.asset",
    "FilmSettings": "model.crew",
    "Flag": "model.shot",
    "InputError": "errors",
    "Production": "production.opened",
    "RunError": "errors",
    "RunRequest": "production.studio",
    "SceneBrief": "model.story",
    "Screenplay": "model.screenplay",
    "Shot": "model.shot",
    "ShotwrightError": "errors",
    "Story": "model.story",
    "read": "screenplay",
    "rehearse": "production.studio",
    "run_production": "production.studio",
}


def __getattr__(name: str) -> Any:
    room = _ROOMS.get(name)
    if room is None:
        raise AttributeError(f"module 'shotwright' has no attribute {name!r}")
    return getattr(importlib.import_module(f"shotwright.{room}"), name)
