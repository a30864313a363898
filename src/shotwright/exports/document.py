"""`json`: the whole film as one document, every shot with all its layers, or in the flat layout of older pipelines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import ConfigDict, Field

from shotwright.errors import ConfigError
from shotwright.exports.flat import FlatShot, flatten
from shotwright.model.shot import Shot
from shotwright.model.value import Value

if TYPE_CHECKING:
    from shotwright.exports.film import Film

LAYOUTS = ("layered", "flat")


class FilmDocument(Value):
    """A film of shots with all their layers (schema label `shotwright/film@1`)."""

    schema_label: Literal["shotwright/film@1"] = Field("shotwright/film@1", alias="schema")
    layout: Literal["layered"] = "layered"
    title: str
    frame_rate: int
    aspect: float
    cut_style: str
    shot_count: int
    duration_seconds: float
    """Of all clips together."""
    shots: tuple[Shot, ...]

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)


class FlatFilmDocument(Value):
    """The same film with flat shots (schema label `shotwright/flat-film@1`)."""

    schema_label: Literal["shotwright/flat-film@1"] = Field("shotwright/flat-film@1", alias="schema")
    layout: Literal["flat"] = "flat"
    title: str
    frame_rate: int
    aspect: float
    cut_style: str
    shot_count: int
    duration_seconds: float
    shots: tuple[FlatShot, ...]

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)


def write_json(film: Film, *, layout: str = "layered") -> str:
    """The film as JSON, two spaces deep, ending in a newline. ConfigError for a layout that does not exist."""
    if layout not in LAYOUTS:
        raise ConfigError(f"there is no layout called {layout}", hint=f"there are: {', '.join(LAYOUTS)}")
    settings = film.settings
    seconds = round(sum(shot.duration_seconds for shot in film.shots), 3)
    document: FilmDocument | FlatFilmDocument
    if layout == "layered":
        # The shots were validated when they were made: checking a thousand of them again would cost more than writing.
        document = FilmDocument.model_construct(
            title=film.name, frame_rate=settings.frame_rate, aspect=settings.aspect, cut_style=settings.cut_style,
            shot_count=len(film.shots), duration_seconds=seconds, shots=film.shots,
        )  # fmt: skip
    else:
        document = FlatFilmDocument.model_construct(
            title=film.name, frame_rate=settings.frame_rate, aspect=settings.aspect, cut_style=settings.cut_style,
            shot_count=len(film.shots), duration_seconds=seconds,
            shots=tuple(flatten(shot, film) for shot in film.shots),
        )  # fmt: skip
    return document.model_dump_json(indent=2, by_alias=True) + "\n"
