"""The shot: the JSON that everything here exists to fill (schema label `shotwright/shot@1`).

A shot is a clip, what one generation delivers; a cut is what the audience sees of it. Units: metres, degrees, kelvin,
frames. The floor plan is right-handed with y up: seen from the scene's master camera x runs to screen right and z
towards the camera. A heading or light azimuth of 0° points along +z (towards the master camera), +90° along +x.
"""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from shotwright.model.ids import EntityId, SceneId, SetupId, ShotId, UnitId
from shotwright.model.value import Value
from shotwright.model.vocabulary import Agent as AgentName
from shotwright.model.vocabulary import (
    Angle,
    BeatName,
    Composition,
    Depth,
    DepthOfField,
    DurationReason,
    Facing,
    Framing,
    Height,
    KeyStyle,
    LensClass,
    LightDirection,
    LightQuality,
    LightSource,
    MovementType,
    Pose,
    ReviewStatus,
    Roll,
    ScreenDirection,
    ScreenPosition,
    Severity,
    ShotFunction,
    ShotSize,
    SoundCategory,
    Speed,
    Support,
    TimeOfDay,
    Transition,
    VoiceKind,
    Zoom,
)

Point = tuple[float, float, float]
Unit01 = Annotated[float, Field(ge=0, le=1)]


class Cut(Value):
    """What the audience sees of the clip: frames [src_in, src_out) of it, at record_in of the film."""

    src_in: int
    src_out: int
    record_in: int = 0


class Source(Value):
    """The exact spans of the script that the shot carries."""

    units: tuple[UnitId, ...] = ()
    lines: tuple[int, int] | None = None
    """First and last line of the file; null for an added shot."""


class NarrativeLayer(Value):
    action_description: str
    """Present tense, from the action lines."""
    character_performance: str
    """For each character in frame, with whom it belongs to: `Marcus: confused and afraid; squints to focus.`"""
    shot_purpose: str
    """What we learn or feel that we did not before, and the beat or goal that it serves."""


class EmotionalBeat(Value):
    name: BeatName
    intensity: Unit01


class ContextualLayer(Value):
    genre_aesthetics: tuple[str, ...]
    tone_and_mood: str
    emotional_beat: EmotionalBeat
    cinematic_references: tuple[str, ...] = ()


class Movement(Value):
    type: MovementType = "static"
    support: Support = "tripod"
    speed: Speed = "none"
    start: str = ""
    """The first frame, in words."""
    end: str = ""
    """The last frame, in words."""
    roll_deg: float = 0


class Lens(Value):
    focal_mm: int
    lens_class: LensClass = Field(alias="class")
    zoom: Zoom | None = None
    macro: bool = False

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)


class Focus(Value):
    on: str
    """A story id, or a part of the set in words."""
    pull_to: str | None = None


class Camera(Value):
    shot_size: ShotSize
    coverage_m: float | None = None
    """Of an object or a place: the height of the frame at the subject; a person's follows from shot_size."""
    angle: Angle
    roll: Roll = "level"
    height: Height
    facing: Facing
    framing: Framing
    dirty: bool = False
    """Part of another person hangs in the foreground."""
    composition: tuple[Composition, ...]
    movement: Movement
    lens: Lens
    aperture_t: float
    depth_of_field: DepthOfField
    white_balance_k: int
    focus: Focus
    position_m: Point
    look_at_m: Point


class LightEvent(Value):
    """A change of light inside the shot: a practical switched, a door, lightning, a passing lamp."""

    what: str
    on: bool
    at_seconds: float = 0.0


class Lighting(Value):
    key_style: KeyStyle
    direction: tuple[LightDirection, ...]
    azimuth_deg: float
    """Where the key comes from, in the room and not from the camera."""
    elevation_deg: float
    quality: LightQuality
    contrast_ratio: float
    """Key to fill: 2 is one stop, 4 two, 8 three."""
    color_temperature_k: int
    exposure_ev: float = 0.0
    """Exposure against the scene's own, in stops."""
    source: tuple[LightSource, ...]
    motivated_by: str
    practicals: tuple[str, ...] = ()
    time_of_day: TimeOfDay
    events: tuple[LightEvent, ...] = ()
    description: str


class Line(Value):
    """The line of action that the shot is staged on. From a to b: a camera on the right hand has side `right`,
    which is cross(b - a, camera - a) > 0 in (x, z)."""

    kind: Literal["look", "travel", "seats", "thing"]
    a: str
    b: str
    side: Literal["left", "right", "on"]
    passage: int
    """Numbers the runs of shots between two resets, from 1 in each scene."""
    reset: str = ""
    """What lets this shot stand on a new side, on the first shot of a passage after the first; else empty."""


class Gaze(Value):
    target: str
    """A story id, `road`, `camera`, `nowhere`, or a part of the set in words."""
    screen_direction: ScreenDirection


class Travel(Value):
    screen_direction: ScreenDirection
    to: str = ""
    enters: bool = False
    """Comes into frame in this shot."""
    exits: bool = False
    """Leaves the frame in this shot."""


class Hands(Value):
    left: str | None = None
    right: str | None = None


class Subject(Value):
    """Someone or something staged in the frame."""

    entity: EntityId
    look: str = ""
    """The look's id; empty for a thing."""
    position_m: Point
    heading_deg: float
    screen_position: ScreenPosition
    depth: Depth = "mid"
    gaze: Gaze | None = None
    addressee: EntityId | None = None
    pose_start: Pose = "stand"
    pose_end: Pose = "stand"
    action_phase: Unit01 = 0.0
    """How far its action has come at the end of the shot."""
    travel: Travel | None = None
    hands: Hands = Hands()
    mouth: Literal["closed", "speaking", "open"] = "closed"
    condition: tuple[str, ...] = ()
    """Wetness, dirt, injury as the look has them at this moment."""
    foreground: bool = False
    """True of the shoulder in a dirty frame: partly seen, out of focus."""


class Staging(Value):
    line: Line | None = None
    plate: str
    """Which side of the location is behind: `location/kitchen side A`."""
    subjects: tuple[Subject, ...] = ()
    changes: tuple[str, ...] = ()
    """Change events that this shot shows: `character/marcus takes prop/ring`, `character/marcus look -> look/…`."""


class TechnicalLayer(Value):
    camera: Camera
    lighting: Lighting
    staging: Staging


class DialogueLine(Value):
    """Words of one speech in one shot, verbatim."""

    speaker: EntityId
    speakers: tuple[EntityId, ...] = ()
    """All of them, when a joint cue has several say it together; else empty."""
    addressee: EntityId | None = None
    text: str
    extension: str = ""
    delivery: str = ""
    """Parentheticals that apply here, as written."""
    unit: UnitId
    start_seconds: float
    seconds: float
    on_screen: bool = False
    """The speaker is in this frame. Derived after staging; false is neither off-screen nor voice-over by itself."""
    voice: VoiceKind = "room"
    dual: bool = False


class SoundEffect(Value):
    name: str
    category: SoundCategory = "SFX"
    source: str = ""
    """A story id, or words."""
    start_seconds: float = 0.0
    seconds: float | None = None
    origin: Literal["script", "action", "place"] = Field("action", alias="from")

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)


class MusicCue(Value):
    number: str = ""
    """Given by the last step: `1m03`."""
    cue_id: str = ""
    """The film cue that it is part of."""
    state: Literal["none", "starts", "continues", "ends", "starts_and_ends"]
    description: str = ""
    why: str = ""
    diegetic: bool = False


class Audio(Value):
    dialogue: tuple[DialogueLine, ...] = ()
    lead_frames: int = 0
    tail_frames: int = 0
    sound_effects: tuple[SoundEffect, ...] = ()
    ambience: str = ""
    music_cue: MusicCue = MusicCue(state="none")


class Wanted(Value):
    """Something the script needs and the library lacks, with the key proposed for it."""

    wanted: str


class DigitalAssets(Value):
    characters: tuple[str, ...] = ()
    animals: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    vehicles: tuple[str, ...] = ()
    clothes: tuple[str, ...] = ()
    background: tuple[str, ...] = ()
    makeup_hair: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    bindings: dict[str, str | Wanted] = {}
    """Story id -> library key, or what is wanted. The lists above hold found keys only."""


class Frame(Value):
    at: Literal["first", "middle", "last"]
    sha256: str
    mask_sha256: str | None = None
    by: str = "boards"


class Take(Value):
    file: str
    model: str = ""
    seed: int | None = None
    rating: int | None = None
    circled: bool = False
    src_in: int | None = None
    src_out: int | None = None


class Flag(Value):
    """Something wrong with a shot: which rule, how far off, and who must mend it."""

    code: str
    severity: Severity
    shot_id: ShotId
    agent: AgentName
    field: str
    """Dotted path in the shot: `technical_layer.camera`."""
    measured: str = ""
    threshold: str = ""
    message: str
    detail: str = ""
    hint: str = ""
    other_shot_id: ShotId | None = None
    """The neighbour that it disagrees with."""


class Continuity(Value):
    status: Literal["unchecked", "passed", "flagged", "needs_human"] = "unchecked"
    measured_on: Literal["json", "previz", "pictures"] = "json"
    consistency: dict[str, float] = {}
    """Story id -> the consistency score, 0-1, of who could be judged."""
    quality: float | None = None
    """Of the frame, 0-1."""
    rounds: int = 0
    note: str = ""
    """`not measured: …` where frames should have been looked at and could not be."""
    flags: tuple[Flag, ...] = ()


class Review(Value):
    status: ReviewStatus = "proposed"
    note: str = ""


class Provenance(Value):
    """Who set a layer, why, and on what evidence."""

    by: str
    mind: str = "rules"
    """`rules`, the name of the model that answered, or `person`."""
    because: str = ""
    evidence: tuple[str, ...] = ()
    pinned: bool = False


class Shot(Value):
    schema_label: Literal["shotwright/shot@1"] = Field("shotwright/shot@1", alias="schema")
    shot_id: ShotId
    scene_id: SceneId
    setup_id: SetupId
    label: str = ""
    slate: str = ""
    scene_number: str = ""
    sequence_number: int = 0
    shot_number_in_scene: int = 0
    continues_shot_id: ShotId | None = None
    added: bool = False
    """An agent's own establishing shot; it carries no script units."""
    duration_frames: int
    duration_seconds: float
    duration_reason: DurationReason | None = None
    cuts: tuple[Cut, ...]
    source: Source
    function: ShotFunction
    transition_in: Transition = "cut"
    narrative_layer: NarrativeLayer
    contextual_layer: ContextualLayer
    technical_layer: TechnicalLayer
    audio: Audio
    on_screen_text: tuple[str, ...] = ()
    digital_assets: DigitalAssets
    frames: tuple[Frame, ...] = ()
    takes: tuple[Take, ...] = ()
    continuity: Continuity = Continuity()
    review: Review = Review()
    provenance: dict[str, Provenance] = {}

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)
