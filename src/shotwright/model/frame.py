"""What is known of a drawn frame besides its pixels: who is in it, and where."""

from typing import Literal

from shotwright.model.ids import EntityId
from shotwright.model.shot import Flag, Frame
from shotwright.model.value import Value
from shotwright.model.vision import ImageQuality, ShotValidation, VisionModel
from shotwright.model.vision_picture import Box

BodyPart = Literal["head", "upper", "lower"]


class FramedSubject(Value):
    """Somebody or something in one frame. Places are fractions of the frame, y down."""

    entity: EntityId
    look: str = ""
    value: int
    """Its value in the frame's mask."""
    box: Box
    """Around all of it that is seen."""
    share: float
    """Of the frame's area, 0-1: of what is seen, not of the box."""
    parts: dict[BodyPart, Box] = {}
    """Of a person: the parts that are seen."""
    points: dict[str, tuple[float, float]] = {}
    """Of a person: `crown`, `eyes`, `chin`, `knees` …; a point outside the frame lies beyond 0-1, one behind the lens
    is left out."""


class DrawnFrame(Value):
    """A frame as it is kept: its picture and mask by content."""

    frame: Frame
    subjects: tuple[FramedSubject, ...] = ()
    """The nearest to the frame's focus first."""


class Viewing(Value):
    """What the Continuity Supervisor saw of a scene in one round."""

    round: int
    """0 is the first look; each round of revision is looked at again."""
    people: tuple[ShotValidation, ...] = ()
    """Who was recognised in which shot, with scores."""
    pictures: tuple[ImageQuality, ...] = ()
    """Measures and scores of the frames."""
    flags: tuple[Flag, ...] = ()
    model: VisionModel | None = None
    """The eyes that looked."""
