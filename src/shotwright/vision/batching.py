"""Embeddings for many callers: gathered into small batches, computed once for each content, kept on disk.

A backbone is cheaper on eight pictures than on eight times one (by a quarter, DINOv2-S on two cores). Callers hand in
pictures from any thread, each as soon as it is decoded, so that decoding goes on beside the backbone; workers take what
has gathered, at most `most` at a time. While fewer have come a worker waits a little for those that are being decoded,
and for callers who ask again once they have their answer. There are two workers: while one's pictures are scaled the
other's are in the backbone (an eighth less CPU a picture than one after another, whose threads spin in between).
"""

from __future__ import annotations

import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from shotwright.errors import VisionError
from shotwright.model.ids import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from shotwright.model.vision import VisionModel
    from shotwright.vision.engines import Embedder, Picture

REMEMBERED = 4096
"""Embeddings in memory: 6 MB at 384 numbers each."""
PATIENCE = 0.004
"""Seconds that a batch waits for others at least."""
SHARE_WAITED = 0.03
"""Of what the last batch took: waiting that long can cost no more than that share of the rate."""
MOST_PATIENCE = 0.06
WORKERS = 2
COMING_PATIENCE = 0.25
"""Seconds for pictures that are known to be on their way."""
WAITING = 512
"""Pictures in the queue: beyond that a caller waits, so that decoded pixels do not pile up."""


class EmbeddingStore(Protocol):
    """Where embeddings outlive the process."""

    def embedding(self, key: str) -> bytes | None: ...

    def keep_embeddings(self, vectors: Mapping[str, bytes]) -> None: ...


class CachedEmbedder(Protocol):
    """An `Embedder` that knows what it has seen."""

    @property
    def model(self) -> VisionModel: ...

    @property
    def device(self) -> str: ...

    def embed(self, pictures: Sequence[Picture]) -> NDArray[Any]: ...

    def embed_marked(self, pictures: Iterable[Picture], count: int = 0) -> tuple[NDArray[Any], list[bool]]:
        """The embeddings, and which of them were known already. `count`: how many an iterator will give."""

    def close(self) -> None: ...


def key_of(picture: Picture, model: VisionModel) -> str:
    """What an embedding depends on: the bytes, the part of the picture, and the model with its weights."""
    mask = "" if picture.mask is None else np.packbits(picture.mask).tobytes().hex()
    return digest(picture.sha256, repr(picture.bbox), mask, model.name, model.weights_sha256, length=40)


class InlineEmbedder:
    """A `CachedEmbedder` that works in its caller: no thread is started, so that its process may fork."""

    def __init__(self, inner: Embedder, store: EmbeddingStore | None = None, *, most: int = 8) -> None:
        self._inner = inner
        self._store = store
        self._most = most
        self._known: OrderedDict[str, NDArray[Any]] = OrderedDict()

    @property
    def model(self) -> VisionModel:
        return self._inner.model

    @property
    def device(self) -> str:
        return self._inner.device

    def embed(self, pictures: Sequence[Picture]) -> NDArray[Any]:
        return self.embed_marked(pictures)[0]

    def embed_marked(self, pictures: Iterable[Picture], count: int = 0) -> tuple[NDArray[Any], list[bool]]:
        pictures, model = list(pictures), self.model
        keys = [key_of(picture, model) for picture in pictures]
        found = {key: vector for key in keys if (vector := self._recall(key)) is not None}
        known = [key in found for key in keys]
        wanted = {key: picture for key, picture in zip(keys, pictures, strict=True) if key not in found}
        for start in range(0, len(wanted), self._most):
            batch = dict(list(wanted.items())[start : start + self._most])
            vectors = _sound(self._inner.embed(list(batch.values())), len(batch))
            if self._store is not None:
                self._store.keep_embeddings({key: v.tobytes() for key, v in zip(batch, vectors, strict=True)})
            for key, vector in zip(batch, vectors, strict=True):
                found[key] = vector
                self._remember(key, vector)
        if not keys:
            return np.zeros((0, model.dimension), np.float32), known
        return np.stack([found[key] for key in keys]), known

    def close(self) -> None:
        """Nothing is under way."""

    def _recall(self, key: str) -> NDArray[Any] | None:
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        kept = self._store.embedding(key) if self._store is not None else None
        if kept is None:
            return None
        vector = np.frombuffer(kept, np.float32)
        self._remember(key, vector)
        return vector

    def _remember(self, key: str, vector: NDArray[Any]) -> None:
        self._known[key] = vector
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


class BatchedEmbedder:
    """A `CachedEmbedder` over a backbone, safe to share between threads."""

    def __init__(
        self, inner: Embedder, store: EmbeddingStore | None = None, *, most: int = 8, patience: float = PATIENCE
    ) -> None:
        self._inner = inner
        self._store = store
        self._most = most
        self._patience = patience
        self._known: OrderedDict[str, NDArray[Any]] = OrderedDict()
        self._underway: dict[str, Future[NDArray[Any]]] = {}
        self._lock = threading.Lock()
        self._waiting: queue.Queue[tuple[str, Picture] | None] = queue.Queue(WAITING)
        self._coming = 0
        """Pictures that callers are decoding."""
        self._took = 0.0
        """Seconds, the last batch."""
        self._workers: list[threading.Thread] = []
        self._gathering = threading.Lock()
        """Held by the worker whose batch is filling: two would share out what fits into one."""
        self._closed = False
        self.batches: list[int] = []
        """Sizes of the last batches, newest last."""

    @property
    def model(self) -> VisionModel:
        return self._inner.model

    @property
    def device(self) -> str:
        return self._inner.device

    def embed(self, pictures: Sequence[Picture]) -> NDArray[Any]:
        """float32, (number of pictures, dimension). Blocks; call it from a worker thread."""
        return self.embed_marked(pictures)[0]

    def embed_marked(self, pictures: Iterable[Picture], count: int = 0) -> tuple[NDArray[Any], list[bool]]:
        """The embeddings, and which of them were known already. `count`: how many an iterator will give."""
        known = []
        futures = []
        left = len(pictures) if isinstance(pictures, Sequence) else count
        with self._lock:
            self._coming += left
        try:
            for picture in pictures:
                future, cached = self._ask(picture)
                futures.append(future)
                known.append(cached)
                if left:
                    left -= 1
                    with self._lock:
                        self._coming -= 1
        finally:
            with self._lock:
                self._coming -= left
        if not futures:
            return np.zeros((0, self.model.dimension), np.float32), known
        return np.stack([future.result() for future in futures]), known

    def close(self) -> None:
        """Finish what is under way; further questions are refused."""
        with self._lock:
            self._closed = True
            workers, self._workers = self._workers, []
        for _ in workers:
            self._waiting.put(None)
        for worker in workers:
            worker.join()
        with self._lock:
            left = list(self._underway.values())
            self._underway.clear()
        for future in left:
            future.set_exception(VisionError("the service is closing", transient=True))

    def _ask(self, picture: Picture) -> tuple[Future[NDArray[Any]], bool]:
        key = key_of(picture, self.model)
        with self._lock:
            vector = self._known.get(key)
            if vector is not None:
                self._known.move_to_end(key)
                return _done(vector), True
            future = self._underway.get(key)
            if future is not None:
                return future, False
        kept = self._store.embedding(key) if self._store is not None else None
        if kept is not None:
            vector = np.frombuffer(kept, np.float32)
            with self._lock:
                self._remember(key, vector)
            return _done(vector), True
        with self._lock:
            future = self._underway.get(key)
            if future is not None:
                return future, False
            if self._closed:
                raise VisionError("the service is closing", transient=True)
            future = self._underway[key] = Future()
            if not self._workers:
                self._workers = [
                    threading.Thread(target=self._work, name=f"embeddings-{n}", daemon=True) for n in range(WORKERS)
                ]
                for worker in self._workers:
                    worker.start()
        self._waiting.put((key, picture))
        return future, False

    def _remember(self, key: str, vector: NDArray[Any]) -> None:
        self._known[key] = vector
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def _gather(self) -> tuple[list[tuple[str, Picture]], bool]:
        """(a batch, whether this was the last)."""
        first = self._waiting.get()
        if first is None:
            return [], True
        batch = [first]
        began = time.monotonic()
        patience = max(self._patience, min(SHARE_WAITED * self._took, MOST_PATIENCE))
        while len(batch) < self._most:
            left = (COMING_PATIENCE if self._coming else patience) - (time.monotonic() - began)
            try:
                more = self._waiting.get(timeout=min(left, PATIENCE)) if left > 0 else self._waiting.get_nowait()
            except queue.Empty:
                if left > 0:
                    continue
                break
            if more is None:
                return batch, True
            batch.append(more)
        return batch, False

    def _work(self) -> None:
        last = False
        while not last:
            with self._gathering:
                batch, last = self._gather()
            if batch:
                began = time.monotonic()
                self._compute(batch)
                self._took = time.monotonic() - began

    def _compute(self, batch: list[tuple[str, Picture]]) -> None:
        try:
            vectors = _sound(self._inner.embed([picture for _, picture in batch]), len(batch))
        except Exception as error:
            # One bad picture must not fail its neighbours' callers: each is tried alone once.
            if len(batch) > 1:
                for one in batch:
                    self._compute([one])
                return
            with self._lock:
                future = self._underway.pop(batch[0][0])
            future.set_exception(error)
            return
        self.batches = [*self.batches[-99:], len(batch)]
        if self._store is not None:
            self._store.keep_embeddings({key: v.tobytes() for (key, _), v in zip(batch, vectors, strict=True)})
        for (key, _), vector in zip(batch, vectors, strict=True):
            with self._lock:
                self._remember(key, vector)
                future = self._underway.pop(key)
            future.set_result(vector)


def _sound(found: Any, count: int) -> NDArray[Any]:
    vectors = np.asarray(found, np.float32)
    if vectors.shape[0] != count or not np.isfinite(vectors).all():
        raise VisionError("the backbone gave numbers that are none")
    return vectors


def _done(vector: NDArray[Any]) -> Future[NDArray[Any]]:
    future: Future[NDArray[Any]] = Future()
    future.set_result(vector)
    return future
