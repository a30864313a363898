"""The eyes: what looks at frames, and what knows how shots are usually photographed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.vision import (
        Described,
        Embedded,
        ImageRef,
        LibraryAddition,
        LibraryReceipt,
        QualityAnswer,
        QualityRequest,
        SequenceAnswer,
        SequenceRequest,
        Suggested,
        SuggestRequest,
    )


class VisionService(Protocol):
    """Somewhere to have frames looked at: in process, or a service that someone runs. Async; safe for many callers.

    Contract (every adapter passes `tests/contracts/test_vision_service.py`): scores are 0-1 and null where nothing was
    measured, never a guess; every answer has one entry for each shot or picture asked about, in order, and names the
    model, its weights and the calibration; the same question has the same answer; an empty shot library suggests
    nothing from it and is no error. What the service lacks is said (`Described.capabilities`, a note, a status
    `uncalibrated` or `not_measured`), never made up. A picture or request that cannot be used, and a service that is
    down or does not keep its wire, is one `VisionError`; its `transient` says whether asking again may help.
    """

    async def describe(self) -> Described:
        """What answers, and what it can do."""

    async def embed(self, images: Sequence[ImageRef]) -> Embedded:
        """A unit vector for each picture (its box or mask, where it has one). At most 64 a call."""

    async def suggest(self, request: SuggestRequest) -> Suggested:
        """Ranked candidates for each shot. None of them breaks a hard rule; soft ones are listed as violations."""

    async def validate_sequence(self, request: SequenceRequest) -> SequenceAnswer:
        """Whether each character stays who it is through the shots. At most 64 pictures a call, references included."""

    async def analyze_quality(self, request: QualityRequest) -> QualityAnswer:
        """Measures, scores and issues of light, colour and framing. At most 64 pictures a call."""

    async def add_to_library(self, request: LibraryAddition) -> LibraryReceipt:
        """Put shots into the shot library; the same shot twice is there once."""

    def fingerprint(self) -> str:
        """Changes when the same question might have another answer: model, calibration, engines, library.

        Of a service over a wire: of what it said when it was last described (its address before that).
        """

    def judging_fingerprint(self) -> str:
        """Changes when `validate_sequence` or `analyze_quality` might answer the same question otherwise: what
        `fingerprint` covers, but for the shot library, which judges nothing.
        """

    async def close(self) -> None: ...
