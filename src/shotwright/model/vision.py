"""What the vision service is asked and what it answers. The JSON of these values is the service's extended wire.

Every score is 0-1. Boxes are fractions of the picture, y down. `number` is `shot_number_in_scene`, counted from 1, and
is what messages mean by "shot N"; `index` is the place in the request, counted from 0. A figure that was not or could
not be measured is null, never a guess.
"""

import base64
import binascii
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, PlainSerializer, WithJsonSchema, model_validator
from pydantic.functional_validators import BeforeValidator

from shotwright.model.shot import Camera, EmotionalBeat, Lighting, Line, Subject, Unit01
from shotwright.model.value import Value
from shotwright.model.vision_issue import Issue
from shotwright.model.vocabulary import (
    Angle,
    BeatName,
    Composition,
    Framing,
    KeyStyle,
    LightDirection,
    MovementType,
    ShotFunction,
    ShotSize,
    Speed,
)

Box = tuple[Unit01, Unit01, Unit01, Unit01]
"""Left, top, right, bottom as fractions of the picture's width and height."""


def _bytes_of(given: object) -> object:
    if not isinstance(given, str):
        return given
    try:
        return base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64 (RFC 4648, with padding, without line breaks)") from error


Encoded = Annotated[
    bytes,
    BeforeValidator(_bytes_of),
    PlainSerializer(lambda data: base64.b64encode(data).decode("ascii"), return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "contentEncoding": "base64"}),
]
"""The bytes of a picture file; base64 in JSON."""
FrameAt = Literal["first", "middle", "last"]
MeasuredOn = Literal["previz", "pictures"]
"""Our own drawings, or photographs, generated stills and drawings that a person attached."""
Capability = Literal["embed", "suggest", "validate", "quality", "library", "calibrated", "images"]
"""What a service can do beyond the plain wire; `images`: it takes pictures in the request itself."""
Check = Literal["character", "wardrobe", "lighting", "palette", "screen_direction"]


class MaskRef(Value):
    """Where the subject is, pixel by pixel: a picture of the same proportions, exactly one of bytes and an asset."""

    data: Encoded = Field(default=b"", alias="b64", repr=False)
    """PNG, one channel."""
    asset_id: str = ""
    value: int | None = Field(default=None, ge=0, le=255)
    """The id that the subject has in an id mask; null takes every pixel that is not 0."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if bool(self.data) == bool(self.asset_id):
            raise ValueError("a mask is exactly one of b64 and asset_id")
        return self


class ImageRef(Value):
    """One picture, named in exactly one of four ways."""

    data: Encoded = Field(default=b"", alias="b64", repr=False)
    """An encoded picture: PNG, JPEG or WebP."""
    media_type: str = ""
    """Of `data`, such as `image/png`; empty lets the bytes speak."""
    url: str = ""
    """Fetched only by a service that allows its host."""
    asset_id: str = ""
    """A picture that the service holds."""
    shot_id: str = ""
    """With `frame`: a drawn frame of a shot."""
    frame: FrameAt | None = None
    bbox: Box | None = None
    mask: MaskRef | None = None

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if sum(map(bool, (self.data, self.url, self.asset_id, self.shot_id))) != 1:
            raise ValueError("a picture is exactly one of b64, url, asset_id, and shot_id with frame")
        if bool(self.shot_id) != (self.frame is not None):
            raise ValueError("shot_id and frame go together")
        if self.bbox is not None and (self.bbox[0] >= self.bbox[2] or self.bbox[1] >= self.bbox[3]):
            raise ValueError("a bbox is left, top, right, bottom with left < right and top < bottom")
        return self


class VisionModel(Value):
    """Which eyes answered, so that a score can be read for what it is."""

    name: str
    weights_sha256: str = ""
    """Empty where there are no weights (classical descriptors) or the service does not say."""
    dimension: int = 0
    calibration: str = "none"
    """Name of the calibration that turned similarities into scores; `none` where they are raw."""


class Described(Value):
    """A service about itself."""

    name: str
    version: str = ""
    wire: Literal["local", "extended", "plain"]
    """In process; a service with our extension; a service that speaks the plain wire only."""
    model: VisionModel
    capabilities: tuple[Capability, ...] = ()
    device: str = "cpu"
    library_shots: int | None = None
    engines: dict[str, str] = {}
    """Capability -> what does it, in words: `quality` -> `luminance statistics`."""


class Embedding(Value):
    sha256: str
    """Of the picture's bytes; empty where the service holds the picture and does not say."""
    vector: tuple[float, ...] = Field(repr=False)
    """Of length 1."""
    cached: bool = False


class Embedded(Value):
    """One embedding for each picture asked about, in order."""

    embeddings: tuple[Embedding, ...]
    model: VisionModel


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


class SubjectRegion(Value):
    """Where someone is in one frame."""

    character: str
    look: str = ""
    frame: int = Field(default=0, ge=0)
    """Which of the shot's frames."""
    bbox: Box | None = None
    mask: MaskRef | None = None


class CharacterReferences(Value):
    """How someone looks: three or more references make a calibrated score possible."""

    character: str
    look: str = ""
    references: tuple[ImageRef, ...]


class SequenceShot(Value):
    number: int
    shot_id: str
    frames: tuple[ImageRef, ...]
    """Empty: nothing was drawn, and the shot is `not measured`."""
    subjects: tuple[SubjectRegion, ...] = ()
    camera: Camera | None = None
    lighting: Lighting | None = None
    staged: tuple[Subject, ...] = ()
    """The staging, where facing and screen direction are to be checked."""
    expects: tuple[str, ...] = ()
    """Characters who must be seen; empty takes those of `subjects`."""


class SequenceRequest(Value):
    characters: tuple[CharacterReferences, ...]
    shots: tuple[SequenceShot, ...]
    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.95
    checks: tuple[Check, ...] = ("character",)
    measured_on: MeasuredOn = "previz"


class PartScores(Value):
    """Likeness of the parts of a body, each 0-1 or null where it is not to be seen."""

    head: float | None = None
    upper: float | None = None
    lower: float | None = None


CharacterStatus = Literal["ok", "drift", "wrong_person", "copy_paste", "not_visible", "uncalibrated", "not_measured"]


class CharacterScore(Value):
    """How surely one character in one shot is who it should be, in the clothes that it should wear."""

    character: str
    look: str = ""
    score: Unit01 | None = None
    """Probability that this is the look, at even odds; null where nothing was measured."""
    passed: bool | None = None
    """Null where the score must not decide: uncalibrated, not visible, not measured."""
    raw: float | None = None
    """The similarity before calibration, -1 to 1."""
    log_likelihood_ratio: float | None = None
    typicality: float | None = None
    """0-1: how usual this similarity is among the references themselves."""
    closest_other: str = ""
    """The character whom it is most like besides."""
    parts: PartScores = PartScores()
    visibility: float | None = None
    """Share of the frame, 0-1."""
    status: CharacterStatus
    confidence: Literal["high", "low"] = "high"
    note: str = ""


class ShotValidation(Value):
    number: int
    shot_id: str
    characters: tuple[CharacterScore, ...] = ()
    note: str = ""
    """Why nothing was measured, where nothing was."""


class SequenceAnswer(Value):
    shots: tuple[ShotValidation, ...]
    """One for each shot asked about, in order."""
    score: Unit01 | None = None
    """The worst of all calibrated scores, not the mean; null without any."""
    issues: tuple[Issue, ...] = ()
    measured_on: MeasuredOn
    threshold: float
    model: VisionModel


class FrameIntent(Value):
    """What the frame was meant to be."""

    camera: Camera | None = None
    lighting: Lighting | None = None
    composition: tuple[Composition, ...] = ()
    tone: tuple[str, ...] = ()


class FrameMeasures(Value):
    """Ordinary measurements on one frame; null was not measured."""

    l_median: float | None = None
    """CIE L*, 0-100."""
    l_p5: float | None = None
    l_p95: float | None = None
    exposure_stops: float | None = None
    """log2 of the mean luminance over 0.18."""
    clipped_high: float | None = None
    """Share of pixels."""
    clipped_low: float | None = None
    shadow_fraction: float | None = None
    left_right_stops: float | None = None
    """On the subject, or the frame without one: + is brighter on screen left."""
    key_fill_stops: float | None = None
    key_azimuth_deg: float | None = None
    """In the room, so that a reverse angle agrees with what it reverses."""
    key_style: KeyStyle | None = None
    light_direction: LightDirection | None = None
    color_temperature_k: float | None = None
    mired: float | None = None
    saturation: float | None = None
    """Mean chroma, CIE C*ab."""
    palette: tuple[tuple[float, float, float, float], ...] = ()
    """L*, a*, b* and share of the main colours, the largest first."""
    palette_distance: float | None = None
    """To the baseline's, in CIE units."""
    sharpness: float | None = None
    """Normalised by luminance."""
    noise: float | None = None
    subject_share: float | None = None
    """Of the frame's area."""
    shot_size: ShotSize | None = None
    """As measured from the subject."""
    coverage_m: float | None = None
    """Height of the frame at the subject."""
    headroom: float | None = None
    """Above the head, as a share of the frame's height; negative where the head is cut."""
    cut_joints: tuple[str, ...] = ()
    """`ankles`, `knees`, `wrists` …: joints that lie on the edge of the frame."""
    thirds_offset: float | None = None
    """From the nearest third, as a share of the frame's width."""
    look_room: float | None = None
    """Before the face over behind it."""
    horizon_deg: float | None = None


class FrameScores(Value):
    """Each 0-1, 1 the best; null where it was not measured."""

    exposure: Unit01 | None = None
    lighting_consistency: Unit01 | None = None
    color: Unit01 | None = None
    framing: Unit01 | None = None
    sharpness: Unit01 | None = None
    intent_match: Unit01 | None = None


class QualityImage(Value):
    number: int
    shot_id: str
    image: ImageRef
    intent: FrameIntent = FrameIntent()
    subjects: tuple[SubjectRegion, ...] = ()
    staged: tuple[Subject, ...] = ()
    """The staging, where light is to be read in the room and framing against it."""


class Baseline(Value):
    """What the frames of a scene are compared with."""

    kind: Literal["scene_median", "shot", "explicit"] = "scene_median"
    shot_id: str = ""
    """Of `shot`."""
    measures: FrameMeasures | None = None
    """Of `explicit`."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.kind == "shot") != bool(self.shot_id) or (self.kind == "explicit") != (self.measures is not None):
            raise ValueError("a baseline `shot` has a shot_id, `explicit` has measures, `scene_median` neither")
        return self


class QualityRequest(Value):
    images: tuple[QualityImage, ...]
    baseline: Baseline = Baseline()
    measured_on: MeasuredOn = "previz"


class ImageQuality(Value):
    number: int
    shot_id: str
    measures: FrameMeasures
    scores: FrameScores
    overall: Unit01 | None = None
    note: str = ""


class QualityAnswer(Value):
    images: tuple[ImageQuality, ...]
    """One for each picture asked about, in order."""
    baseline: FrameMeasures | None = None
    """What they were compared with."""
    issues: tuple[Issue, ...] = ()
    measured_on: MeasuredOn
    model: VisionModel


class LibraryShot(Value):
    """A shot of the shot library: what it looks like and when to use it."""

    id: str = ""
    """Given by the library: the same shot has the same id."""
    image: ImageRef | None = None
    """Its keyframe."""
    source: str = ""
    """Film, atlas or video that it is from."""
    video_asset_id: str = ""
    start_timestamp: float = 0.0
    """Seconds."""
    duration: float | None = None
    """Seconds."""
    shot_size: ShotSize | None = None
    angle: Angle | None = None
    framing: Framing | None = None
    movement: MovementType | None = None
    speed: Speed | None = None
    key_style: KeyStyle | None = None
    light_direction: LightDirection | None = None
    beat: BeatName | None = None
    tags: tuple[str, ...] = ()
    usage_situations: tuple[str, ...] = ()
    """When to use it, in words."""
    scene_description: str = ""


class LibraryAddition(Value):
    shots: tuple[LibraryShot, ...]


class LibraryReceipt(Value):
    ids: tuple[str, ...]
    """One for each shot given, in order."""
    added: int
    """How many were new."""
    total: int | None = None
    """How many the library holds now; null where the service does not say."""
