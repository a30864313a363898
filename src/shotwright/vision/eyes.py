"""The vision service itself, whoever asks: engines, library and pictures together, over no wire.

The local adapter and the server are both thin over this. It bounds what one question may hold, fetches and decodes each
picture once, and keeps engines off the event loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from shotwright.errors import VisionError
from shotwright.model.ids import digest
from shotwright.model.vision import Capability, Described, Embedded, Embedding, LibraryReceipt, VisionModel
from shotwright.vision.fetching import Fetching, fetch
from shotwright.vision.pictures import decode_mask, picture_of, pixels_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from shotwright.model.vision import (
        Box,
        ImageRef,
        LibraryAddition,
        MaskRef,
        QualityAnswer,
        QualityRequest,
        SequenceAnswer,
        SequenceRequest,
        Suggested,
        SuggestRequest,
    )
    from shotwright.vision.batching import CachedEmbedder
    from shotwright.vision.engines import Engines, Picture, See
    from shotwright.vision.library import ShotLibrary
    from shotwright.vision.video_looks import Salience

    Frames = Callable[[str, str], bytes | None]
    """(shot id, first | middle | last) -> an encoded picture."""

T = TypeVar("T")
MOST_PICTURES = 64
MOST_SHOTS = 256
LIKENESS = frozenset({"character"})
"""The check that comparing people answers; light and palette are asked of `analyze_quality`."""
THREADS = 16
"""Callers who may wait for embeddings at once: their pictures share batches."""
MOST_PIXELS_ASKED = 200_000_000
"""Of all pictures of one question together, decoded: 600 MB."""
MOST_PIXELS_HELD = 300_000_000
"""Of all questions at once: beyond that a question waits until another has been answered."""
AT_WORK = 2
"""Engines that may work at once: each holds decoded pictures."""


class TooMuch(VisionError):
    """A question that holds more than one question may."""


class NotHeld(VisionError):
    """A picture or shot that the service does not hold."""


class Eyes:
    """A `VisionService` in process. `inline`: everything happens in the caller's thread."""

    def __init__(
        self,
        engines: Engines,
        library: ShotLibrary,
        *,
        embedder: CachedEmbedder,
        fetching: Fetching | None = None,
        frames: Frames | None = None,
        version: str = "",
        inline: bool = False,
        salience: Salience | None = None,
    ) -> None:
        self.engines = engines
        self.library = library
        self.embedder = embedder
        self.salience = salience
        self._fetching = fetching or Fetching()
        self._frames = frames
        self._version = version
        self._threads = None if inline else ThreadPoolExecutor(THREADS, thread_name_prefix="vision")
        self._closed = False
        self._at_work = threading.BoundedSemaphore(AT_WORK)
        self._held = 0
        self._room = threading.Condition()

    @property
    def model(self) -> VisionModel:
        return self.embedder.model

    def capabilities(self) -> tuple[Capability, ...]:
        found: list[Capability] = ["embed", "suggest", "validate", "quality", "library", "images"]
        if self.engines.validator.model.calibration != "none":
            found.append("calibrated")
        return tuple(found)

    async def describe(self) -> Described:
        return Described(
            name="shotwright",
            version=self._version,
            wire="local",
            model=self.model.model_copy(update={"calibration": self.engines.validator.model.calibration}),
            capabilities=self.capabilities(),
            device=self.embedder.device,
            library_shots=await self.run(self.library.size),
            engines={
                "embed": self.model.name,
                "validate": self.engines.validator.name,
                "quality": self.engines.quality.name,
                "suggest": self.engines.suggester.name,
            },
        )

    async def embed(self, images: Sequence[ImageRef]) -> Embedded:
        _bound(len(images))

        def work() -> Embedded:
            with self._eyesight(images) as see:
                names: list[str] = []

                def decoded() -> Iterator[Picture]:
                    for image in images:
                        picture = see(image)
                        names.append(picture.sha256)
                        yield picture

                vectors, known = self.embedder.embed_marked(decoded(), len(images))
            return Embedded(
                embeddings=tuple(
                    Embedding(sha256=sha256, vector=tuple(vector.tolist()), cached=cached)
                    for sha256, vector, cached in zip(names, vectors, known, strict=True)
                ),
                model=self.model,
            )

        return await self.run(work)

    async def suggest(self, request: SuggestRequest) -> Suggested:
        _bound(1 if request.plate else 0, len(request.shots) + len(request.context.previous_shots))
        plates = [request.plate] if request.plate else []
        return await self._engine(plates, lambda see: self.engines.suggester.suggest(request, see))

    async def validate_sequence(self, request: SequenceRequest) -> SequenceAnswer:
        images = [i for c in request.characters for i in c.references] + [f for s in request.shots for f in s.frames]
        expected = [s.expected for shot in request.shots for s in shot.subjects if s.expected is not None]
        # What is expected of a frame is one picture for everybody in it, and is often the frame itself.
        told = set(map(_alone, expected)) - set(map(_alone, images))
        _bound(len(images) + len(told), len(request.shots))
        _named_once("shots", [s.shot_id for s in request.shots])
        for shot in request.shots:
            for subject in shot.subjects:
                if subject.frame >= max(len(shot.frames), 1):
                    raise VisionError(
                        f"shot {shot.number} has {len(shot.frames)} frames and a subject in frame {subject.frame}",
                        hint="frames are counted from 0",
                    )
        answer = await self._engine([*images, *expected], lambda see: self.engines.validator.validate(request, see))
        left = [check.replace("_", " ") for check in request.checks if check not in LIKENESS]
        if not left:
            return answer
        said = f"not checked by likeness: {', '.join(left)}"
        shots = tuple(
            shot.model_copy(update={"note": "; ".join(filter(None, (shot.note, said)))}) for shot in answer.shots
        )
        return answer.model_copy(update={"shots": shots})

    async def analyze_quality(self, request: QualityRequest) -> QualityAnswer:
        _bound(len(request.images))
        baseline = request.baseline
        if baseline.kind == "shot" and all(image.shot_id != baseline.shot_id for image in request.images):
            raise VisionError(f"the baseline shot {baseline.shot_id[:80]} is not among the images")
        images = [image.image for image in request.images]
        return await self._engine(images, lambda see: self.engines.quality.analyze(request, see))

    async def add_to_library(self, request: LibraryAddition) -> LibraryReceipt:
        _bound(sum(1 for s in request.shots if s.image), len(request.shots))
        images = [shot.image for shot in request.shots if shot.image is not None]

        def work(see: See) -> LibraryReceipt:
            pictures = []
            for shot in request.shots:
                if shot.image is not None:
                    see(shot.image)
                pictures.append(None if shot.image is None else self._bytes(shot.image))
            ids, added = self.library.add(request.shots, pictures)
            return LibraryReceipt(ids=tuple(ids), added=added, total=self.library.size())

        return await self._engine(images, work)

    def fingerprint(self) -> str:
        return digest(self.judging_fingerprint(), self.engines.suggester.name, self.library.revision())

    def judging_fingerprint(self) -> str:
        seen = self.engines
        return digest(
            self.model.canonical_json(), seen.validator.model.canonical_json(), seen.quality.model.canonical_json(),
            seen.validator.name, seen.quality.name,
        )  # fmt: skip

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        if self._threads is not None:
            await asyncio.to_thread(self.embedder.close)
            self._threads.shutdown(wait=True)
        self.library.close()

    async def run(self, work: Callable[[], T]) -> T:
        """Do blocking work off the event loop, or at once where the eyes are inline."""
        if self._closed:
            raise VisionError("the service is closed", transient=True)
        if self._threads is None:
            return work()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except RuntimeError as error:
            if "shutdown" in str(error):
                raise VisionError("the service is closed", transient=True) from error
            raise

    async def _engine(self, images: Sequence[ImageRef], work: Callable[[See], T]) -> T:
        def bounded() -> T:
            with self._at_work, self._eyesight(images) as see:
                return work(see)

        return await self.run(bounded)

    def see(self, image: ImageRef, bbox: Box | None = None, mask: MaskRef | None = None) -> Picture:
        """Fetch and decode one picture by itself. Blocking."""
        return self._placed(picture_of(self._bytes(image), image.media_type), image, bbox, mask)

    @contextlib.contextmanager
    def _eyesight(self, images: Sequence[ImageRef]) -> Iterator[See]:
        """`see` for one question about these pictures: each is fetched and decoded once, however often it is looked at,
        and there is room for all of them before the first is decoded."""
        held = {image: self._bytes(image) for image in dict.fromkeys(map(_alone, images))}
        pixels = sum(pixels_of(data, image.media_type) for image, data in held.items())
        if pixels > MOST_PIXELS_ASKED:
            raise TooMuch(
                f"the pictures unpack to {pixels:,} pixels together, over {MOST_PIXELS_ASKED:,}",
                hint="scale them down, or ask in several requests",
            )
        seen: dict[ImageRef, Picture] = {}

        def see(image: ImageRef, bbox: Box | None = None, mask: MaskRef | None = None) -> Picture:
            key = _alone(image)
            found = seen.get(key)
            if found is None:
                found = seen[key] = picture_of(held.get(key) or self._bytes(image), image.media_type)
            return self._placed(found, image, bbox, mask)

        with self._room:
            self._room.wait_for(lambda: self._held + pixels <= MOST_PIXELS_HELD)
            self._held += pixels
        try:
            yield see
        finally:
            seen.clear()
            with self._room:
                self._held -= pixels
                self._room.notify_all()

    def _placed(self, picture: Picture, image: ImageRef, bbox: Box | None, mask: MaskRef | None) -> Picture:
        """The picture with the box and mask that are meant; its pixels are shared by all that look at them."""
        box = bbox or (None if mask is not None else image.bbox)
        where = mask or (None if bbox is not None else image.mask)
        if where is None:
            return replace(picture, bbox=box)
        height, width = picture.pixels.shape[:2]
        drawn = where.data or self._asset(where.asset_id)
        return replace(picture, bbox=box, mask=decode_mask(drawn, height, width, where.value))

    def _bytes(self, image: ImageRef) -> bytes:
        if image.data:
            return image.data
        if image.asset_id:
            return self._asset(image.asset_id)
        if image.url:
            return fetch(image.url, self._fetching)
        assert image.frame is not None
        data = self._frames(image.shot_id, image.frame) if self._frames else None
        data = data or self.library.frame(image.shot_id, image.frame)
        if data is None:
            raise NotHeld(f"the service holds no {image.frame} frame of the shot {image.shot_id[:80]}")
        return data

    def _asset(self, asset_id: str) -> bytes:
        data = self.library.picture(asset_id)
        if data is None:
            raise NotHeld(f"there is no asset {asset_id[:80]}", hint="upload it first")
        return data


def _alone(image: ImageRef) -> ImageRef:
    """The picture without a box or mask: what is fetched and decoded."""
    return image if image.bbox is None and image.mask is None else image.model_copy(update={"bbox": None, "mask": None})


def _bound(pictures: int, shots: int = 0) -> None:
    if pictures > MOST_PICTURES:
        raise TooMuch(f"{pictures:,} pictures in one request, over {MOST_PICTURES}", hint="ask in several requests")
    if shots > MOST_SHOTS:
        raise TooMuch(f"{shots:,} shots in one request, over {MOST_SHOTS}", hint="ask scene by scene")


def _named_once(what: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name and name in seen:
            raise VisionError(f"two of the {what} have the id {name[:80]}")
        seen.add(name)
