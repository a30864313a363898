"""Steps: work whose result lies in the journal under the hash of all that it was made from."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import TypeAdapter

from shotwright.model.ids import digest
from shotwright.model.language import Refinement
from shotwright.production.journal import Result

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from shotwright.production.journal import Journal

VERSIONS: dict[str, int] = {
    "read": 1,
    "cast": 1,
    "scene_story": 2,
    "weave": 2,
    "casting": 1,
    "music": 1,
    "direct": 1,
    "photograph": 2,
    "dress": 1,
    "score": 1,
    "scene": 2,
    "advise": 1,
    "read_window": 1,
    "read_film": 1,
    "retell": 1,
    "recast": 1,
    "refine_casting": 1,
    "refine_music": 1,
    "refine_direct": 1,
    "refine_photograph": 1,
    "refine_dress": 1,
    "refine_score": 1,
    "judge": 1,
    "direct_again": 1,
    "photograph_again": 1,
    "dress_again": 1,
    "score_again": 1,
    "direct_asked": 1,
    "photograph_asked": 1,
    "dress_asked": 1,
    "score_asked": 1,
    "draw": 1,
    "likeness": 1,
    "screen": 2,
}
"""Bumped by hand when a step would answer differently, so that old results are not taken for new ones."""

T = TypeVar("T")


class Answer(Generic[T]):
    """A step's result: its JSON (what keys downstream are made of) and, when asked for, its value."""

    __slots__ = ("_adapter", "_value", "json", "key")

    def __init__(self, key: str, json: str, adapter: TypeAdapter[T], value: T | None = None) -> None:
        self.key = key
        self.json = json
        self._adapter = adapter
        self._value = value

    @property
    def value(self) -> T:
        if self._value is None:
            self._value = self._adapter.validate_json(self.json)
        return self._value


class Steps:
    """Runs steps against one journal and remembers which results the run stands on."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._adapters: dict[Any, TypeAdapter[Any]] = {}
        self.current: dict[tuple[str, str], str] = {}
        """(step, scene) -> key: what becomes the production's state when the run ends."""
        self.made: Counter[str] = Counter()
        self.reused: Counter[str] = Counter()
        self._adopted: set[str] = set()
        self.fresh: list[Result] | None = None
        """Results made since somebody last emptied the list; None when nobody listens."""
        self.scenes_made: dict[str, set[str]] = {}
        """Step -> the scenes that it was really run for."""

    def do(self, step: str, scene: str, inputs: Sequence[str], kind: Any, make: Callable[[], T]) -> Answer[T]:
        """The step's answer for these inputs: from the journal when it is there, else made now and put there.

        `inputs` are the input *values* as text. `kind` is the type of the answer, for reading it back.
        """
        found = self.find(step, scene, inputs, kind)
        return self.keep_made(step, scene, inputs, kind, make()) if found is None else found

    def find(self, step: str, scene: str, inputs: Sequence[str], kind: Any) -> Answer[Any] | None:
        """The step's answer for these inputs where the journal has it; the run then stands on it."""
        key = digest(step, str(VERSIONS[step]), *inputs, length=40)
        known = self._journal.get(key)
        if known is None:
            return None
        self.current[(step, scene)] = key
        if key in self._adopted:
            self._adopted.discard(key)
        else:
            self.reused[step] += 1
        return Answer(key, known, self._adapter(kind))

    def keep_made(self, step: str, scene: str, inputs: Sequence[str], kind: Any, value: T) -> Answer[T]:
        """Keep what was just made of these inputs, and stand on it."""
        key = digest(step, str(VERSIONS[step]), *inputs, length=40)
        adapter = self._adapter(kind)
        text = adapter.dump_json(value, by_alias=True).decode()
        self.current[(step, scene)] = key
        self._put(Result(key, step, scene, text))
        return Answer(key, text, adapter, value)

    def put_aside(self, step: str, scene: str, inputs: Sequence[str], kind: Any, value: T) -> Answer[T]:
        """Stand on a value that waits for what is pending, under a name that no later run looks for."""
        adapter = self._adapter(kind)
        text = adapter.dump_json(value, by_alias=True).decode()
        key = digest(step, str(VERSIONS[step]), *inputs, "pending", text, length=40)
        self.current[(step, scene)] = key
        if self._journal.get(key) is None:
            self._put(Result(key, step, scene, text))
        return Answer(key, text, adapter, value)

    async def refine(
        self,
        step: str,
        scene: str,
        inputs: Sequence[str],
        kind: Any,
        make: Callable[[], Awaitable[tuple[T, Refinement]]],
    ) -> tuple[T, Refinement]:
        """Like `do`, for work that asks a language model. What is still pending is used and not kept: the next run
        asks again."""
        both = tuple[kind, Refinement]
        found = self.find(step, scene, inputs, both)
        if found is not None:
            kept: tuple[T, Refinement] = found.value
            return kept
        made = await make()
        if not made[1].pending:
            self.keep_made(step, scene, inputs, both, made)
        return made

    def knows(self, step: str, inputs: Sequence[str]) -> bool:
        """Whether the journal has the step's answer for these inputs."""
        return self._journal.get(digest(step, str(VERSIONS[step]), *inputs, length=40)) is not None

    def _put(self, result: Result, packed: bytes | None = None) -> None:
        self._journal.put(result.key, result.step, result.scene, result.value, packed)
        self.made[result.step] += 1
        self.scenes_made.setdefault(result.step, set()).add(result.scene)
        if self.fresh is not None:
            self.fresh.append(result)

    def adopt(self, results: Sequence[tuple[Result, bytes]]) -> None:
        """Take results that another process made for this run, packed as the journal keeps them."""
        for result, packed in results:
            self._put(result, packed)
            self._adopted.add(result.key)
            self.current[(result.step, result.scene)] = result.key

    def become_ahead(self) -> None:
        """In a forked process: collect what is made instead of committing it."""
        self._journal.detach()
        self.fresh = []

    def keep_within(self, answer: Answer[Any], step: str, scene: str, inner: Iterable[tuple[str, str]]) -> None:
        """Stand on the steps inside another, (step, scene) each, where that one is the last run's own: what is taken
        over whole is not gone into again."""
        if self._journal.current_key(step, scene) == answer.key:
            for name, where in inner:
                self.keep(name, where)

    def held(self, step: str, scene: str, kind: Any) -> Answer[Any] | None:
        """What the last run stood on for a step that this run has not done."""
        key = self._journal.current_key(step, scene)
        text = self._journal.get(key) if key is not None else None
        return None if key is None or text is None else Answer(key, text, self._adapter(kind))

    def keep(self, step: str, scene: str) -> None:
        """Stand on what the last run had for a step that this run does not touch."""
        key = self._journal.current_key(step, scene)
        if key is not None:
            self.current[(step, scene)] = key

    def text(self, kind: Any, value: Any) -> str:
        """A value as the text that enters a key."""
        return self._adapter(kind).dump_json(value, by_alias=True).decode()

    def _adapter(self, kind: Any) -> TypeAdapter[Any]:
        adapter = self._adapters.get(kind)
        if adapter is None:
            adapter = self._adapters[kind] = TypeAdapter(kind)
        return adapter
