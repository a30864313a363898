"""What the shape of a film's graph says of the film: who matters, who keeps together, what is left open."""

from shotwright.model.value import Value


class CoAppearance(Value):
    """Two characters who share scenes."""

    a: str
    b: str
    scenes: int
    """Scenes in which both are seen or heard."""
    speeches: int = 0
    """Speeches that either says to the other."""


class CharacterPlace(Value):
    """Where a character stands in the network of those who share scenes."""

    character: str
    name: str
    role: str = ""
    scenes: int = 0
    speeches: int = 0
    partners: int = 0
    """With how many others it shares a scene."""
    strength: int = 0
    """Sum of the scenes shared with each of them: the weighted degree."""
    betweenness: float = 0.0
    """0-1: how many of the shortest ways between two others lead through it."""
    pagerank: float = 0.0
    """Share of the network's attention; all of them add up to 1."""
    community: int = 0
    """Index into `FilmStructure.communities`."""
    first: int = 0
    """Order of its first scene."""
    last: int = 0


class Community(Value):
    """Characters who share more scenes with each other than with the rest."""

    name: str
    """Of its most central character."""
    members: tuple[str, ...]
    """Ids, the most central first."""


class TensionPoint(Value):
    """How tight a scene is."""

    scene: str
    order: int
    tension: float = 0.0
    """0-1: the greatest intensity among its feelings, each weighted by how far that feeling tightens."""
    smoothed: float = 0.0
    """0-1: the mean over `FilmStructure.window` scenes, weighted towards the middle."""
    feeling: str = ""
    """Its strongest feeling, of whatever kind."""
    intensity: float = 0.0
    """0-1, of that feeling."""
    valence: float = 0.0
    """-1 (dark) to 1 (bright): of that feeling, times its intensity."""


class ActShare(Value):
    """How much of the film an act takes."""

    act: str
    first: int
    """Order of its first scene."""
    last: int
    scenes: int
    eighths: int
    """Of a page."""
    share: float
    """0-1, by length in eighths."""


class Introduced(Value):
    """Something that the film introduces and never pays off."""

    plot_point: str
    summary: str
    about: str = ""
    """The entity that is introduced; empty when the point is about none."""
    scene: str = ""
    seen_again: int = 0
    """In how many other scenes it is seen: with none, the film forgets it."""


class SeenOnce(Value):
    """Somebody who speaks, or a prop held to matter, in one scene of the whole film."""

    entity: str
    name: str
    kind: str
    scene: str


class Absence(Value):
    """The longest time for which a lead is neither seen nor heard between two scenes of its own."""

    character: str
    name: str
    after: str
    """The last scene before."""
    until: str
    """The scene of its return."""
    scenes: int
    """How many go by without it."""


class Bridge(Value):
    """A character without whom others would share no scene, however indirectly, with the rest of the film."""

    character: str
    name: str
    cut_off: tuple[str, ...]
    """Ids of those who would be cut off, in the order of their first scenes: all but the largest part that remains."""


class FilmStructure(Value):
    """The analysis of one film. Lists stand in order of weight, ties by id."""

    title: str = ""
    scenes: int = 0
    characters: tuple[CharacterPlace, ...] = ()
    """By PageRank, the most central first."""
    pairs: tuple[CoAppearance, ...] = ()
    communities: tuple[Community, ...] = ()
    """The largest first."""
    modularity: float = 0.0
    """-0.5 to 1: how clearly the communities part; above about 0.3 they are more than chance."""
    tension: tuple[TensionPoint, ...] = ()
    """A point a scene, in order."""
    window: int = 3
    """Scenes over which the curve is smoothed: 3, in a film of 60 scenes or more 5, of 240 or more 7."""
    acts: tuple[ActShare, ...] = ()
    introduced: tuple[Introduced, ...] = ()
    """Those seen least again first."""
    seen_once: tuple[SeenOnce, ...] = ()
    lone_scenes: tuple[str, ...] = ()
    """Scenes that share no character, place or thing with any other."""
    absences: tuple[Absence, ...] = ()
    """One a lead, the longest first."""
    bridges: tuple[Bridge, ...] = ()
    """Those who hold the most others first."""


class PathStep(Value):
    """One edge of a way through the graph."""

    src: str
    dst: str
    """The walk goes from `src` to `dst`, whichever way the edge itself points."""
    kind: str
    forward: bool
    """True when the edge points from `src` to `dst`."""
    scene: str = ""
    """Of an edge that belongs to one scene: its node."""
    words: str
    """`Ada —speaks_to→ Bo`, `Scene 12 ←appears_in— Ada`."""
