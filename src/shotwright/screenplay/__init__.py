"""Reading: a screenplay file becomes elements, then scenes made of units with ids that stay put from draft to draft.

read(path, previous) -> Reading(screenplay, id_table, elements, title_page)
elements_json(reading) -> what `shotwright read FILE --json` prints
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shotwright.screenplay.detect import ReadFile, read_file, read_text
from shotwright.screenplay.identity import assign
from shotwright.screenplay.pagination import paginate
from shotwright.screenplay.scenes import gather_scenes

if TYPE_CHECKING:
    from pathlib import Path

    from shotwright.model.idtable import IdTable
    from shotwright.model.screenplay import Element, Screenplay

__all__ = ["Reading", "elements_json", "read", "read_string"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A screenplay read: what the agents work from, the table for the next draft, and the lossless elements."""

    screenplay: Screenplay
    id_table: IdTable
    elements: tuple[Element, ...]
    title_page: dict[str, str]


def _reading(source: ReadFile, previous: IdTable | None) -> Reading:
    scenes = gather_scenes(source.elements)
    pages = paginate(source.elements, scenes)
    screenplay, table = assign(scenes, pages, source.title_page, previous)
    return Reading(screenplay, table, source.elements, source.title_page)


def read(path: Path | str, previous: IdTable | None = None) -> Reading:
    """Reads a screenplay file. With the previous draft's table, ids are carried over by alignment.

    Raises `ScreenplayError` for what is missing, too large, binary, empty, or no screenplay.
    """
    return _reading(read_file(path), previous)


def read_string(text: str, previous: IdTable | None = None, name: str = "the text") -> Reading:
    """Reads a screenplay from text, as `read` does from a file."""
    return _reading(read_text(text, name), previous)


def elements_json(reading: Reading) -> dict[str, Any]:
    """The title page and every element as plain JSON values."""
    return {
        "title_page": dict(reading.title_page),
        "elements": [
            {
                "type": element.type,
                "text": element.text,
                "lines": list(element.lines),
                "scene_number": element.scene_number,
                "extension": element.extension,
                "dual": element.dual,
            }
            for element in reading.elements
        ],
    }
