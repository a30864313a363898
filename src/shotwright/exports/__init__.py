"""Out: one file a format, each a function from a film to text."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from shotwright.errors import ConfigError
from shotwright.exports.document import LAYOUTS, FilmDocument, FlatFilmDocument, write_json
from shotwright.exports.film import Film
from shotwright.exports.flat import FlatShot, flatten
from shotwright.exports.prompts.compile import ShotPrompt, compile_prompts, write_prompts
from shotwright.exports.schemas import schemas
from shotwright.exports.shot_list import write_csv
from shotwright.exports.summary import write_summary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "EXPORTS",
    "LAYOUTS",
    "Export",
    "Film",
    "FilmDocument",
    "FlatFilmDocument",
    "FlatShot",
    "ShotPrompt",
    "compile_prompts",
    "export",
    "flatten",
    "schemas",
    "write_csv",
    "write_json",
    "write_prompts",
    "write_summary",
]


@dataclass(frozen=True, slots=True)
class Export:
    """A format: what it is called, what it is for, its file's ending, and how it is written."""

    name: str
    what: str
    extension: str
    write: Callable[..., str | bytes]
    """Takes the film, and by name the options listed."""
    options: tuple[str, ...] = ()


EXPORTS: Mapping[str, Export] = MappingProxyType(
    {
        made.name: made
        for made in (
            Export(
                "json",
                "every shot with all its layers, or the flat layout of older pipelines",
                "json",
                write_json,
                ("layout",),
            ),
            Export("csv", "the shot list for a spreadsheet, one row a shot", "csv", write_csv),
            Export(
                "prompts", "what to send to a video model, one JSON line a shot", "jsonl", write_prompts, ("model",)
            ),
            Export("summary", "the film on one page of Markdown", "md", write_summary),
        )
    }
)


def export(film: Film, to: str, **options: str) -> str | bytes:
    """The film in a format. ConfigError for a format that does not exist or an option that it does not take."""
    if to not in EXPORTS:
        raise ConfigError(f"there is no export called {to}", hint=f"there are: {', '.join(EXPORTS)}")
    chosen = EXPORTS[to]
    given = {name: value for name, value in options.items() if value}
    unknown = sorted(set(given) - set(chosen.options))
    if unknown:
        takes = ", ".join(f"--{name}" for name in chosen.options) or "no options"
        raise ConfigError(f"the {to} export does not take --{unknown[0]}", hint=f"it takes {takes}")
    return chosen.write(film, **given)
