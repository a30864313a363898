"""What an export is made from, and the words and names that every format shares."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

from shotwright.model.crew import FilmSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from shotwright.model.asset import Asset
    from shotwright.model.crew import Casting, WantedAsset
    from shotwright.model.screenplay import Screenplay
    from shotwright.model.shot import Shot
    from shotwright.model.story import Character, Look, SceneStory, Story


@dataclass(frozen=True)
class Film:
    """The shots in order, and whatever else of the production is at hand; only the shots are needed."""

    shots: tuple[Shot, ...]
    title: str = ""
    settings: FilmSettings = field(default_factory=FilmSettings)
    story: Story | None = None
    screenplay: Screenplay | None = None
    castings: tuple[Casting, ...] = ()
    wanted: tuple[WantedAsset, ...] = ()
    assets: tuple[Asset, ...] = ()
    pictures: Callable[[str], bytes | None] | None = None
    """sha256 of a frame -> its encoded picture, where frames were drawn."""

    @cached_property
    def name(self) -> str:
        return self.title or (self.story.title if self.story else "") or "Untitled"

    @cached_property
    def scenes(self) -> dict[str, SceneStory]:
        return {} if self.story is None else {scene.scene_id: scene for scene in self.story.scenes}

    @cached_property
    def characters(self) -> dict[str, Character]:
        return {} if self.story is None else {person.id: person for person in self.story.characters}

    @cached_property
    def looks(self) -> dict[str, Look]:
        return {} if self.story is None else {look.id: look for look in self.story.looks}

    @cached_property
    def names(self) -> dict[str, str]:
        """Entity id -> name for people to read."""
        if self.story is None:
            return {}
        story = self.story
        return {v.id: v.name for values in (story.characters, story.locations, story.things) for v in values}

    def name_of(self, entity: str) -> str:
        """A name for people to read: the story's own, else the id's last part in plain words."""
        if entity in self.names:
            return self.names[entity]
        kind, slash, rest = entity.partition("/")
        if not slash or not kind.isidentifier():
            return entity
        plain = rest.rpartition(".")[2].replace("_", " ")
        return plain.title() if kind == "character" else plain


@cache
def words(table: str) -> dict[str, str]:
    """One table of `words.toml`: vocabulary term -> words."""
    return _tables()[table]


def word(table: str, term: str) -> str:
    """The words for a term; a term without words of its own is its own name, spaced."""
    return words(table).get(term, term.replace("_", " "))


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("shotwright.exports") / "words.toml").read_text(encoding="utf-8"))
