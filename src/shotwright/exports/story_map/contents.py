"""What a story map shows: scenes in order, who is in them, and the curve over them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

FEWEST_SCENES = 2
MOST_LANES = 48
ROLES = {"lead": 0, "supporting": 1}


@dataclass(frozen=True, slots=True)
class Seen:
    """A character in a scene."""

    character: str
    voice_only: bool = False
    speeches: int = 0


@dataclass(frozen=True, slots=True)
class MapScene:
    """One column of the map."""

    number: str
    heading: str = ""
    synopsis: str = ""
    place: str = ""
    """The place's id; `place_name` is what people call it."""
    place_name: str = ""
    day: str = ""
    past: bool = False
    """A flashback."""
    dream: bool = False
    act: str = ""
    seen: tuple[Seen, ...] = ()
    tension: float = 0.0
    """0-1; `smoothed` is the curve."""
    smoothed: float = 0.0
    feeling: str = ""
    intensity: float = 0.0
    valence: float = 0.0
    """-1 to 1."""
    points: tuple[tuple[str, str], ...] = ()
    """(kind, summary) of the plot points that it advances."""
    flags: int = 0
    """Open continuity flags of its shots."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One character's line."""

    character: str
    name: str
    role: str
    circle: int
    """Index into `StoryMap.circles`, the communities of those who share scenes."""
    columns: tuple[int, ...]
    """The scenes that it is in, rising."""


@dataclass(frozen=True)
class StoryMap:
    """A film, ready to be drawn."""

    title: str
    scenes: tuple[MapScene, ...]
    names: dict[str, str]
    """Character -> name."""
    roles: dict[str, str]
    circles: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(name, members) of each community, the largest first."""
    notes: tuple[str, ...] = ()
    """What to know of the film at a glance, a line each."""
    window: int = 5
    """Scenes over which `smoothed` is a mean."""

    @cached_property
    def columns(self) -> dict[str, list[int]]:
        """Character -> the scenes that it is in, rising."""
        found: dict[str, list[int]] = {}
        for i, scene in enumerate(self.scenes):
            for seen in scene.seen:
                if not found.get(seen.character) or found[seen.character][-1] != i:
                    found.setdefault(seen.character, []).append(i)
        return found

    @cached_property
    def lanes(self) -> tuple[Lane, ...]:
        """Those who are in two scenes or more: leads, then supporting parts, then the rest, the most seen first.

        In a film with more than `MOST_LANES` such, those with the most scenes.
        """
        circle = {who: i for i, (_, members) in enumerate(self.circles) for who in members}
        many = [who for who, columns in self.columns.items() if len(columns) >= FEWEST_SCENES]
        ranked = sorted(many, key=lambda who: (ROLES.get(self.roles.get(who, ""), 2), -len(self.columns[who]), who))
        if len(ranked) > MOST_LANES:
            kept = set(sorted(many, key=lambda who: (-len(self.columns[who]), who))[:MOST_LANES])
            ranked = [who for who in ranked if who in kept]
        return tuple(
            Lane(who, self.names.get(who, who), self.roles.get(who, ""), circle.get(who, -1), tuple(self.columns[who]))
            for who in ranked
        )

    @cached_property
    def others(self) -> list[list[str]]:
        """Scene -> those in it who have no lane."""
        own = {lane.character for lane in self.lanes}
        return [list(dict.fromkeys(s.character for s in scene.seen if s.character not in own)) for scene in self.scenes]

    @cached_property
    def places(self) -> list[tuple[str, str, int]]:
        """(id, name, scenes) of every place, the most used first."""
        used = Counter(scene.place for scene in self.scenes if scene.place)
        names = {scene.place: scene.place_name or scene.place for scene in self.scenes}
        first = {place: i for i, place in enumerate(dict.fromkeys(scene.place for scene in self.scenes))}
        return [(p, names[p], n) for p, n in sorted(used.items(), key=lambda item: (-item[1], first[item[0]]))]
