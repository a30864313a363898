"""What the vision service is asked and what it answers. The JSON of these values is the service's extended wire.

Every score is 0-1. Boxes are fractions of the picture, y down. `number` is `shot_number_in_scene`, counted from 1, and
is what messages mean by "shot N"; `index` is the place in the request, counted from 0. A figure that was not or could
not be measured is null, never a guess.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shotwright.model.shot import Camera, Lighting, Subject, Unit01
from shotwright.model.value import Value
from shotwright.model.vision_issue import Issue
from shotwright.model.vision_picture import BodyPart, Box, FrameAt, ImageRef, MaskRef, MeasuredOn, VisionModel
from shotwright.model.vision_suggestion import (
    PlannedShot,
    SceneSetting,
    ShotSuggestions,
    ShotWish,
    SuggestContext,
    Suggested,
    Suggestion,
    SuggestionEvidence,
    SuggestionScores,
    SuggestRequest,
    Violation,
)
from shotwright.model.vocabulary import (
    Angle,
    BeatName,
    Composition,
    Facing,
    Framing,
    KeyStyle,
    LightDirection,
    MovementType,
    ShotSize,
    Speed,
)

__all__ = [
    "Baseline",
    "BodyPart",
    "Box",
    "Capability",
    "CharacterReferences",
    "CharacterScore",
    "CharacterStatus",
    "Check",
    "Described",
    "Embedded",
    "Embedding",
    "FrameAt",
    "FrameIntent",
    "FrameMeasures",
    "FrameScores",
    "ImageQuality",
    "ImageRef",
    "Issue",
    "LibraryAddition",
    "LibraryReceipt",
    "LibraryShot",
    "MaskRef",
    "MeasuredOn",
    "PartScores",
    "PlannedShot",
    "QualityAnswer",
    "QualityImage",
    "QualityRequest",
    "ReferenceBucket",
    "SceneSetting",
    "SequenceAnswer",
    "SequenceRequest",
    "SequenceShot",
    "ShotSuggestions",
    "ShotValidation",
    "ShotWish",
    "SubjectRegion",
    "SuggestContext",
    "SuggestRequest",
    "Suggested",
    "Suggestion",
    "SuggestionEvidence",
    "SuggestionScores",
    "Violation",
    "VisionModel",
]

Capability = Literal["embed", "suggest", "validate", "quality", "library", "calibrated", "images"]
"""What a service can do beyond the plain wire; `images`: it takes pictures in the request itself."""
Check = Literal["character", "wardrobe", "lighting", "palette", "screen_direction"]


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


class SubjectRegion(Value):
    """Where someone is in one frame."""

    character: str
    look: str = ""
    frame: int = Field(default=0, ge=0)
    """Which of the shot's frames."""
    bbox: Box | None = None
    mask: MaskRef | None = None
    points: dict[str, tuple[float, float]] = Field(default={}, max_length=64)
    """Of a person, as fractions of the picture, y down: `crown`, `eyes`, `chin`, `shoulder_left`, `hips`, `knees`,
    `ankles` …; a point outside the frame lies beyond 0-1. Empty: framing falls back on the outline."""
    parts: dict[BodyPart, Box] = {}
    """Boxes round what is seen of each part; empty lets them be guessed from the mask's shape."""
    expected: ImageRef | None = None
    """The look as it should be in this very set-up: drawn with the same lens, light and pose, alone in a plain place,
    with a mask of its own. It may be smaller than the frame but has its proportions."""


class ReferenceBucket(Value):
    """How a reference was taken, so that like is compared with like; what is not known is null."""

    shot_size: ShotSize | None = None
    facing: Facing | None = None
    key_style: KeyStyle | None = None


class CharacterReferences(Value):
    """How someone looks: three or more references make a calibrated score possible."""

    character: str
    look: str = ""
    references: tuple[ImageRef, ...]
    buckets: tuple[ReferenceBucket, ...] = ()
    """One for each reference, or none at all."""

    @model_validator(mode="after")
    def _bucket_each(self) -> Self:
        if self.buckets and len(self.buckets) != len(self.references):
            raise ValueError("buckets are as many as the references, or none")
        return self


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
    """How surely each part of a body is the look's, 0-1 at even odds, or null where too little of it is to be seen."""

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
