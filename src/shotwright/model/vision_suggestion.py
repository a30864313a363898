"""What the vision service is told of shots that want a camera, and the ways to photograph them that it answers."""

from typing import Literal

from pydantic import Field

from shotwright.model.shot import Camera, EmotionalBeat, Lighting, Line, Subject, Unit01
from shotwright.model.value import Value
from shotwright.model.vision_picture import ImageRef, VisionModel
from shotwright.model.vocabulary import Angle, BeatName, Framing, MovementType, ShotFunction, ShotSize, Speed


class SceneSetting(Value):
    """What a suggestion is told of the scene."""

    type: str = ""
    """A `SceneType`, or empty."""
    int_ext: str = ""
    time_of_day: str = ""
    location: str = ""
    genre: tuple[str, ...] = ()
    tone: tuple[str, ...] = ()
    emotional_beat: EmotionalBeat | None = None
    description: str = ""


class ShotWish(Value):
    """One shot that wants a camera."""

    shot_id: str
    purpose: str = ""
    action: str = ""
    performance: str = ""
    beat: EmotionalBeat | None = None
    """Null takes the scene's."""
    function: ShotFunction = "coverage"
    characters: tuple[str, ...] = ()
    """Story ids of those whom the frame is of, the most important first."""
    speaker: str = ""
    duration_seconds: float | None = None
    turn: bool = False
    """The scene turns here."""
    blocking: tuple[Subject, ...] = ()
    """Where people stand; empty lets the service place them."""
    tags: tuple[str, ...] = ()
    """What to look for in the shot library."""


class PlannedShot(Value):
    """A shot that has its camera already: before the ones asked about, or held by a person."""

    shot_id: str
    camera: Camera
    lighting: Lighting | None = None
    subjects: tuple[Subject, ...] = ()
    """Who is in it; the first is whom it is of."""


class SuggestContext(Value):
    previous_shots: tuple[PlannedShot, ...] = ()
    line: Line | None = None
    """The line of action, and the side that the camera keeps."""
    locked: dict[str, PlannedShot] = {}
    """Shot id -> what a person has fixed: answered back as its only candidate."""


class SuggestRequest(Value):
    scene: SceneSetting = SceneSetting()
    shots: tuple[ShotWish, ...]
    context: SuggestContext = SuggestContext()
    plate: ImageRef | None = None
    """A picture of the place, or the previous frame."""
    k: int = Field(default=3, ge=1, le=24)
    diversity: Unit01 = 0.3
    """0 ranks by fit alone; towards 1 a candidate like a better one falls behind."""


class SuggestionScores(Value):
    """Each 0-1, 1 the best."""

    rules: Unit01 = 1.0
    beat_fit: Unit01 = 0.0
    library: Unit01 = 0.0
    """0 where the library has nothing to say."""
    continuity: Unit01 = 1.0
    variety: Unit01 = 1.0


class Violation(Value):
    rule: str
    """`C180`, `C30`, `CSIZE` …"""
    severity: Literal["error", "warn"] = "warn"
    message: str


class SuggestionEvidence(Value):
    library_id: str
    """Of a library shot, or `idiom/dialogue_2`, `beat/tension_rising`."""
    similarity: float
    """0-1."""
    why: str


class Suggestion(Value):
    """A way to photograph one shot. A plain-wire service gives words only: what of them is in our vocabulary stands in
    the fields, the others in `unmapped`, and `camera` and `lighting` are null."""

    label: str
    """In plain words: `Slow dolly push-in, medium close-up`."""
    score: Unit01
    scores: SuggestionScores = SuggestionScores()
    shot_size: ShotSize | None = None
    angle: Angle | None = None
    framing: Framing | None = None
    movement: MovementType | None = None
    speed: Speed | None = None
    beat: BeatName | None = None
    camera: Camera | None = None
    lighting: Lighting | None = None
    violations: tuple[Violation, ...] = ()
    evidence: tuple[SuggestionEvidence, ...] = ()
    unmapped: tuple[str, ...] = ()
    """`camera_movement: swirl`: the service's words that mean nothing here."""


class ShotSuggestions(Value):
    shot_id: str
    candidates: tuple[Suggestion, ...]
    """The best first; the first of every shot together are the best way through the scene."""


class Suggested(Value):
    shots: tuple[ShotSuggestions, ...]
    """One for each shot asked about, in order; no candidates is an answer."""
    library_shots: int | None = None
    """How many the library holds; null where the service does not say."""
    message: str = ""
    model: VisionModel
