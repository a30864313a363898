"""What a reader makes of the film as a whole, and the one question about it.

It is asked from one line a scene. What is answered reaches a scene only as its own plot points, or as what its own
people are to the film and to each other.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel

from shotwright.crew.architect.naming import plain
from shotwright.crew.architect.reading_window import forced
from shotwright.crew.architect.windows import is_read
from shotwright.crew.architect.wording import names_of
from shotwright.model.ids import EntityId
from shotwright.model.question import Question
from shotwright.model.story import PlotPoint, Relation
from shotwright.model.value import Value
from shotwright.model.vocabulary import Bond, BondState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.crew.architect.reading_window import SceneOverlay, WindowReading
    from shotwright.model.language import Refinement
    from shotwright.model.story import Character, SceneStory, Story

Role = Literal["lead", "supporting", "minor", "background"]
Structural = Literal["inciting", "first_turn", "midpoint", "low_point", "climax", "resolution"]
STRUCTURE: tuple[Structural, ...] = ("inciting", "first_turn", "midpoint", "low_point", "climax", "resolution")
Told = Literal["inciting", "first_turn", "midpoint", "low_point", "climax", "resolution", "turn"]
LISTS = ("question", "turns", "payoffs", "bonds", "roles")
_MOST_PEOPLE = 16
_MOST_THINGS = 20
_MOST_CHARS = 32_000
"""About 8,000 tokens for all scenes' lines: in a longer film the quietest scenes are only counted."""
_SHORT = 150
"""Characters of a scene's synopsis."""
_FEWEST_SCENES = 4


class FilmReading(Value):
    """The film's points (all but first appearances), the parts that people play, and what they are to each other."""

    points: tuple[PlotPoint, ...] = ()
    roles: tuple[tuple[EntityId, Role], ...] = ()
    relations: tuple[Relation, ...] = ()
    question: str = ""


class PointEntry(BaseModel):
    kind: Told
    scene: int
    words: str = ""


class PayoffEntry(BaseModel):
    plant: int
    pay: int
    thing: int = 0
    words: str = ""


class BondEntry(BaseModel):
    a: int
    b: int
    bond: Bond
    state: BondState
    words: str = ""


class RoleEntry(BaseModel):
    person: int
    role: Role


class FilmAnswer(BaseModel):
    question: str = ""
    points: tuple[PointEntry, ...] = ()
    payoffs: tuple[PayoffEntry, ...] = ()
    bonds: tuple[BondEntry, ...] = ()
    roles: tuple[RoleEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class FilmFrame:
    """What an answer about the film may point at."""

    scenes: tuple[SceneStory, ...]
    """Scene 1 is the first."""
    places: tuple[float, ...]
    """Where each stands in the film, 0-1."""
    people: tuple[Character, ...]
    seen: dict[EntityId, int]
    """In how many scenes each person is seen."""
    things: tuple[EntityId, ...]
    told: tuple[str, ...]
    """Each scene's synopsis as the question shows it."""


def draft_film(story: Story) -> FilmReading:
    """What the rules found of the film as a whole."""
    people = frozenset(person.id for person in story.characters)
    return FilmReading(
        points=tuple(p for p in story.plot_points if p.kind != "introduction" or p.about not in people),
        roles=tuple((person.id, person.role) for person in _offered(story)),
        relations=story.relations,
        question=story.question,
    )


def ask_film(story: Story, readings: Sequence[WindowReading], film: str) -> Question[FilmReading] | None:
    """The film's turns, payoffs, bonds and roles, from one line a scene as the windows were read.

    None for a film too short to have a shape of its own. The body changes with every scene's synopsis.
    """
    from shotwright.crew.architect.film_answer import take_film

    scenes = tuple(scene for scene in story.scenes if is_read(scene))
    if len(scenes) < _FEWEST_SCENES:
        return None
    overlays = {overlay.scene_id: overlay for reading in readings for overlay in reading.scenes}
    people = _offered(story)
    frame = FilmFrame(
        scenes=scenes,
        places=tuple((i + 0.5) / len(scenes) for i in range(len(scenes))),
        people=people,
        seen=dict(_seen(story)),
        things=_things(story),
        told=tuple(_synopsis(scene, overlays.get(scene.scene_id)) for scene in scenes),
    )
    return Question(
        agent="architect",
        task="architect.film",
        scene="",
        instructions=_instructions(),
        film=film,
        body=_body(story, frame, overlays),
        answer=FilmAnswer,
        drafted=_drafted(story, frame),
        keys=(*STRUCTURE, *LISTS),
        take=partial(take_film, frame, _instructions()),
        mark=_mark,
    )


@cache
def _instructions() -> str:
    return files("shotwright.crew.architect").joinpath("prompt_film.md").read_text(encoding="utf-8").strip()


def _seen(story: Story) -> Counter[EntityId]:
    return Counter(p.character for scene in story.scenes for p in scene.presences if not p.voice_only)


def _offered(story: Story) -> tuple[Character, ...]:
    """The people whom the film is most likely about: those most seen, each once and not as another self."""
    seen = _seen(story)
    people = [c for c in story.characters if c.kind in ("person", "animal") and c.version_of is None and seen[c.id]]
    chosen = {c.id for c in sorted(people, key=lambda c: -seen[c.id])[:_MOST_PEOPLE]}
    return tuple(c for c in people if c.id in chosen)


def _things(story: Story) -> tuple[EntityId, ...]:
    count = Counter(eid for scene in story.scenes for eid in scene.things)
    heroes = [thing.id for thing in story.things if thing.hero and count[thing.id] > 1]
    chosen = set(sorted(heroes, key=lambda eid: -count[eid])[:_MOST_THINGS])
    return tuple(eid for eid in heroes if eid in chosen)


# what is shown


def _body(story: Story, frame: FilmFrame, overlays: dict[Any, SceneOverlay]) -> str:
    names = names_of({person.id: person for person in story.characters})
    things = {thing.id: thing.name for thing in story.things}
    people = ", ".join(f"{i} {_clean(names[c.id])} ({c.role})" for i, c in enumerate(frame.people, 1))
    listed = ", ".join(f"{i} {_clean(things[eid])}" for i, eid in enumerate(frame.things, 1))
    lines = [_line(n, overlays.get(scene.scene_id), names, frame) for n, scene in enumerate(frame.scenes, 1)]
    told = "\n".join(_within(lines, [_weight(scene, overlays.get(scene.scene_id)) for scene in frame.scenes]))
    return f"People: {people}\nThings: {listed or 'none'}\n<script>\n{told}\n</script>"


def _synopsis(scene: SceneStory, overlay: SceneOverlay | None) -> str:
    synopsis = _clean(overlay.synopsis if overlay is not None else scene.synopsis)
    return synopsis if len(synopsis) <= _SHORT else synopsis[:_SHORT].rpartition(" ")[0] + "…"


def _line(n: int, overlay: SceneOverlay | None, names: dict[EntityId, str], frame: FilmFrame) -> str:
    scene, synopsis = frame.scenes[n - 1], frame.told[n - 1]
    beats = overlay.beats if overlay is not None else scene.beats
    place = _clean((scene.slugline.sub_places or (scene.slugline.place,))[-1]).lower()[:30]
    known = {c.id for c in frame.people}
    unnamed = [names[p.character] for p in scene.presences if p.character in known and not p.voice_only]
    who = ", ".join(_clean(name) for name in unnamed if name not in synopsis)
    strongest = max(beats, key=lambda beat: beat.intensity, default=None)
    felt = f" ({strongest.name} {forced(strongest.intensity)})" if strongest is not None else ""
    where = ", ".join(part for part in (place, who) if part)
    return f"{n} {where}: {synopsis}{felt}" if where else f"{n} {synopsis}{felt}"


def _weight(scene: SceneStory, overlay: SceneOverlay | None) -> float:
    beats = overlay.beats if overlay is not None else scene.beats
    return max((beat.intensity for beat in beats), default=0.0)


def _within(lines: list[str], weights: list[float]) -> list[str]:
    """The lines within the bound: of a long film the quietest scenes give way, and runs of them are named as such."""
    left = sum(len(line) + 1 for line in lines)
    out: set[int] = set()
    for i in sorted(range(1, len(lines) - 1), key=lambda i: (weights[i], i)):
        if left <= _MOST_CHARS:
            break
        out.add(i)
        left -= len(lines[i]) + 1
    told: list[str] = []
    start = -1
    for i, line in enumerate(lines):
        if i in out:
            start = i if start < 0 else start
            if i + 1 not in out:
                told.append(f"{start + 1}-{i + 1} quiet")
                start = -1
        else:
            told.append(line)
    return told


def _clean(text: str) -> str:
    return " ".join(plain(text).replace("<", "‹").replace(">", "›").split())


# the draft


def _drafted(story: Story, frame: FilmFrame) -> FilmAnswer:
    at = {scene.scene_id: n for n, scene in enumerate(frame.scenes, 1)}
    person = {c.id: n for n, c in enumerate(frame.people, 1)}
    thing = {eid: n for n, eid in enumerate(frame.things, 1)}
    planted = {p.id: p for p in story.plot_points if p.kind == "introduction"}
    points = [p for p in story.plot_points if p.kind in (*STRUCTURE, "turn") and p.scene in at]
    paid = [(planted[p.pays_off], p) for p in story.plot_points if p.pays_off is not None and p.pays_off in planted]
    return FilmAnswer(
        question=story.question,
        points=tuple(PointEntry(kind=_told(p.kind), scene=at[p.scene], words=p.summary) for p in points),
        payoffs=tuple(
            PayoffEntry(plant=at[a.scene], pay=at[b.scene], thing=thing.get(b.about, 0) if b.about else 0,
                        words=b.summary)
            for a, b in paid if a.scene in at and b.scene in at
        ),
        bonds=tuple(
            BondEntry(a=person[r.a], b=person[r.b], bond=r.bond, state=r.state, words=r.words)
            for r in story.relations if r.a in person and r.b in person
        ),
    )  # fmt: skip


def _told(kind: Any) -> Told:
    told: Told = kind
    return told


def _mark(reading: FilmReading, record: Refinement) -> FilmReading:
    """Why a structural point is the rules' though a model was asked."""
    failed = dict(record.fallen)
    if record.pending:
        done = {*record.accepted, *record.repaired}
        failed = {key: "" for key in record.asked if key not in done}
    out = []
    for point in reading.points:
        if point.kind in failed and point.kind in STRUCTURE:
            words = (
                f"; not refined yet: {record.pending}"
                if record.pending
                else f"; {record.mind}'s answer was refused: {failed[point.kind]}"
            )
            evidence = point.evidence.model_copy(update={"because": point.evidence.because + words})
            point = point.model_copy(update={"evidence": evidence})
        out.append(point)
    return reading.model_copy(update={"points": tuple(out)}) if failed else reading
