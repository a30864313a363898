"""A picture as the vision service is given it, and who looks at it."""

import base64
import binascii
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, PlainSerializer, WithJsonSchema, model_validator
from pydantic.functional_validators import BeforeValidator

from shotwright.model.shot import Unit01
from shotwright.model.value import Value

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
BodyPart = Literal["head", "upper", "lower"]
FrameAt = Literal["first", "middle", "last"]
MeasuredOn = Literal["previz", "pictures"]
"""Our own drawings, or photographs, generated stills and drawings that a person attached."""


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
