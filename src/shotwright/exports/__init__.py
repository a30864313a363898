"""Out: one file a format, each a function from a film to text."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from shotwright.errors import ConfigError
from shotwright.exports import pictures
from shotwright.exports.document import LAYOUTS, FilmDocument, FlatFilmDocument, write_json
from shotwright.exports.film import Film
from shotwright.exports.flat import FlatShot, flatten
from shotwright.exports.prompts.compile import ShotPrompt, compile_prompts, write_prompts
from shotwright.exports.schemas import schemas
from shotwright.exports.shot_list import write_csv
from shotwright.exports.summary import write_summary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

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
    "export_to",
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
    write_file: Callable[..., list[Path]] | None = None
    """Of what is written to a file or several beside each other: takes the film, the file and the options, and returns
    what it wrote. The file's ending chooses among `extension` and `others`."""
    others: tuple[str, ...] = ()


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
            Export(
                "contact-sheet",
                "every frame with its slate and words: a PDF, or PNG pages",
                "pdf",
                pictures.contact_sheet,
                write_file=pictures.write_contact_sheet,
                others=("png",),
            ),
            Export(
                "plans",
                "every scene from above, with cameras and eyelines: a PDF, or an SVG a plan",
                "pdf",
                pictures.plans,
                write_file=pictures.write_plans,
                others=("svg",),
            ),
            Export(
                "animatic",
                "the frames in the time of the cuts, with words: an MP4",
                "mp4",
                pictures.animatic,
                ("clean",),
                write_file=pictures.write_animatic,
            ),
        )
    }
)


def export(film: Film, to: str, **options: str) -> str | bytes:
    """The film in a format. ConfigError for a format that does not exist or an option that it does not take."""
    chosen, given = _choose(to, options)
    return chosen.write(film, **given)


def export_to(film: Film, to: str, path: Path, **options: str) -> list[Path]:
    """Write the film to a file, or to several that are named after it; returns what was written."""
    chosen, given = _choose(to, options)
    if chosen.write_file is not None:
        return chosen.write_file(film, path, **given)
    data = chosen.write(film, **given)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return [path]


def _choose(to: str, options: Mapping[str, str]) -> tuple[Export, dict[str, str]]:
    if to not in EXPORTS:
        raise ConfigError(f"there is no export called {to}", hint=f"there are: {', '.join(EXPORTS)}")
    chosen = EXPORTS[to]
    given = {name: value for name, value in options.items() if value}
    unknown = sorted(set(given) - set(chosen.options))
    if unknown:
        takes = ", ".join(f"--{name}" for name in chosen.options) or "no options"
        raise ConfigError(f"the {to} export does not take --{unknown[0]}", hint=f"it takes {takes}")
    return chosen, given
