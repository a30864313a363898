"""What the service is made of: four engines behind small promises, and the picture as they are given it.

Engines are plain and sync: they run in worker threads, several at once, and keep nothing between calls but caches.
`see` fetches and decodes a picture once for each request, whichever way it was named; it raises `VisionError`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from shotwright.model.vision import (
        Box,
        ImageRef,
        MaskRef,
        QualityAnswer,
        QualityRequest,
        SequenceAnswer,
        SequenceRequest,
        Suggested,
        SuggestRequest,
        VisionModel,
    )


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture."""

    sha256: str
    """Of its encoded bytes."""
    pixels: NDArray[Any]
    """uint8, (height, width, 3), sRGB, upright."""
    bbox: Box | None = None
    """As the request gave it: left, top, right, bottom as fractions."""
    mask: NDArray[Any] | None = None
    """bool, (height, width)."""


class See(Protocol):
    """Fetches and decodes. A subject's own box or mask, where given, stands in for the picture's."""

    def __call__(self, image: ImageRef, bbox: Box | None = None, mask: MaskRef | None = None) -> Picture: ...


class Embedder(Protocol):
    """A backbone: pictures to unit vectors, many at a time."""

    @property
    def model(self) -> VisionModel: ...

    @property
    def device(self) -> str: ...

    def embed(self, pictures: Sequence[Picture]) -> NDArray[Any]:
        """float32, (number of pictures, dimension), rows of length 1. Boxes and masks are honoured."""


class Validator(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def model(self) -> VisionModel: ...

    def validate(self, request: SequenceRequest, see: See) -> SequenceAnswer: ...


class Quality(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def model(self) -> VisionModel: ...

    def analyze(self, request: QualityRequest, see: See) -> QualityAnswer: ...


class Suggester(Protocol):
    @property
    def name(self) -> str: ...

    def suggest(self, request: SuggestRequest, see: See) -> Suggested: ...


@dataclass(frozen=True, slots=True)
class Engines:
    """The four, injected by whoever starts a service."""

    embedder: Embedder
    validator: Validator
    quality: Quality
    suggester: Suggester
