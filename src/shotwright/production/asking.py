"""A run's way to its language models: asks, asks again with the reason, falls back, and never pays twice.

One question becomes at most two exchanges, each kept in the journal under the hash of what was asked. What a model
cannot answer well keeps its draft for good; what nobody could answer (an outage, a limit, a spent budget) stays
pending, and the next run asks. One loop serves the whole run; of the crew's own work only one piece runs at a time.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from shotwright.craft.answers import answer_schema, read_answer
from shotwright.errors import LanguageModelError, RateLimited, ShotwrightError
from shotwright.model.ids import digest
from shotwright.model.language import Expected, Message, ModelReply, ModelRequest, Refinement
from shotwright.production.exchanges import Exchange, find_exchange, keep_exchanges

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence

    from shotwright.model.question import Question
    from shotwright.model.vocabulary import Agent
    from shotwright.ports.language_model import LanguageModel
    from shotwright.production.journal import Journal

T = TypeVar("T")
V = TypeVar("V")

STRIKES = 3
"""Failures in a row after which a model is not asked any more in this run: its adapter has tried each several times."""
TURNS = 6
"""Rounds of the event loop that connections get before each step of the crew's work: opening one takes about four."""
SETTLING = 0.05
"""Seconds until questions are on their way."""
_REPEATED_CHARS = 6000
"""So much of a bad answer is shown again to the model that gave it."""
_UNREADABLE_CHARS = 200
"""So much of one that nothing could be read of: there is nothing in it to build on."""
_REPEATED_TOKENS = _REPEATED_CHARS // 4 + 200
"""That, and what was wrong with it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a run may ask at once and in all."""

    in_flight: int = 8
    per_minute: int = 0
    """0: as many as there are."""
    budget_usd: float | None = None
    """What this run may spend; None sets no limit."""
    ask_again: int = 1
    """How often a model is asked again with the reason why its answer was not taken."""
    extra_output_tokens: int = 0
    """Room for what a model thinks before it answers."""


@dataclass(frozen=True, slots=True)
class Mind:
    """The model that one agent has."""

    spelling: str
    """As the settings name it."""
    fingerprint: str
    open: Callable[[], LanguageModel]
    cost: Callable[[int, int], float | None]
    """(input tokens, output tokens) -> USD, None where no price is known."""


class NotAnswered(Exception):
    """Nobody could answer, and why; the next run asks again."""


@dataclass(slots=True)
class Asked:
    """What a run has asked, so far."""

    calls: int = 0
    from_journal: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    unpriced: int = 0
    """Calls whose price nobody knows."""
    by_agent: dict[str, list[float]] = field(default_factory=dict)
    """Agent -> [calls, input tokens, output tokens, USD]."""
    recent: deque[ModelReply] = field(default_factory=lambda: deque(maxlen=8))


class Asking:
    """Every question of one run goes through here."""

    def __init__(
        self,
        minds: Mapping[Agent, Mind],
        journal: Journal,
        limits: Limits,
        *,
        count: Callable[[str], int],
        replay: bool = False,
        estimate: bool = False,
        sample: int = 0,
    ) -> None:
        """`replay` answers from the journal alone; `estimate` too, and notes in `rows` what it would have asked.
        `count` counts the tokens of a text, for estimates and for the budget."""
        self._minds = minds
        self._journal = journal
        self._limits = limits
        self._count = count
        self._replay, self._estimate, self._sample = replay, estimate, sample
        self._fingerprints: dict[Agent, str] = {}
        self._models: dict[str, LanguageModel] = {}
        self._strikes: dict[str, int] = {}
        self._down: dict[str, str] = {}
        self._asking: dict[str, asyncio.Future[ModelReply]] = {}
        self._reserved = 0.0
        self._sent: deque[float] = deque()
        self._waiting: list[tuple[Exchange, asyncio.Future[None]]] = []
        self._runner: asyncio.Runner | None = None
        self._baton: asyncio.Lock | None = None
        self._places: asyncio.Semaphore | None = None
        self.asked = Asked()
        self.rows: list[Expected] = []

    def serves(self, agent: Agent) -> bool:
        """Whether the agent has a model."""
        return agent in self._minds

    def fingerprint(self, agent: Agent) -> str:
        """Of the agent's model and prompts; empty for an agent that works by rules alone."""
        if agent not in self._fingerprints:
            mind = self._minds.get(agent)
            self._fingerprints[agent] = (
                "" if mind is None else digest(mind.fingerprint, prompts(agent), str(self._sample), length=20)
            )
        return self._fingerprints[agent]

    def fingerprints(self) -> str:
        """Of all agents together."""
        return digest(*(part for agent in sorted(self._minds) for part in (agent, self.fingerprint(agent))), length=20)

    def prepare(self, agent: Agent) -> None:
        """Have the agent's model load what it needs, while a second process does the crew's work."""
        if self._replay or self._estimate or agent not in self._minds:
            return
        with suppress(ShotwrightError, ImportError):
            # What is wrong with it, the first question says.
            self._opened(self._minds[agent]).prepare()

    def _opened(self, mind: Mind) -> LanguageModel:
        model = self._models.get(mind.fingerprint)
        if model is None:
            model = self._models[mind.fingerprint] = mind.open()
        return model

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run one phase of the line to its end."""
        if self._runner is None:
            self._runner = asyncio.Runner()
        return self._runner.run(self._phase(work))

    async def _phase(self, work: Coroutine[Any, Any, T]) -> T:
        self._baton = self._baton or asyncio.Lock()
        self._places = self._places or asyncio.Semaphore(self._limits.in_flight)
        async with self._baton:
            return await work

    def close(self) -> None:
        """Close the models, and with the loop every thread that waited for them."""
        if self._runner is not None:
            self._runner.run(self._close())
            self._runner.close()
            self._runner = None

    async def _close(self) -> None:
        for model in self._models.values():
            await model.close()
        self._models.clear()

    # one piece of the crew's work at a time

    @asynccontextmanager
    async def _let_others(self) -> AsyncIterator[None]:
        assert self._baton is not None
        self._baton.release()
        try:
            yield
        finally:
            await self._take_baton()

    async def _take_baton(self) -> None:
        """Take up the crew's work again, after the connections have had their turns: a request or a reply that waited
        for each step of every scene's work would leave the model idle."""
        assert self._baton is not None
        await self._baton.acquire()
        for _ in range(TURNS):
            await asyncio.sleep(0)

    async def together(self, works: Sequence[Coroutine[Any, Any, T]], at_once: int = 0) -> list[T]:
        """Do several things that wait for models side by side; `at_once` of them, or all."""
        places = asyncio.Semaphore(at_once or max(1, len(works)))
        assert self._baton is not None

        async def one(work: Coroutine[Any, Any, T]) -> T:
            assert self._baton is not None
            async with places:
                await self._take_baton()
                try:
                    return await work
                finally:
                    self._baton.release()

        async with self._let_others():
            tasks = [asyncio.ensure_future(one(work)) for work in works]
            try:
                return list(await asyncio.gather(*tasks))
            except BaseException:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                raise

    async def meanwhile(self, questions: Coroutine[Any, Any, T], work: Callable[[], V]) -> tuple[T, V]:
        """Do some of the crew's own work while questions are being answered."""
        assert self._baton is not None

        async def ask() -> T:
            assert self._baton is not None
            async with self._baton:
                return await questions

        asked = asyncio.ensure_future(ask())
        async with self._let_others():
            await asyncio.sleep(SETTLING)
        done = work()
        async with self._let_others():
            return await asked, done

    @property
    def scenes_at_once(self) -> int:
        """So many scenes are under way together: enough for questions to lie ready while others are being answered, up
        to the film's end. Under a budget fewer, so that what it pays for are whole scenes."""
        return self._limits.in_flight * (8 if self._limits.budget_usd is None else 1)

    # questions

    async def refine(self, question: Question[T], draft: T) -> tuple[T, Refinement]:
        """What the model makes of a draft, and what became of each part of it. Always complete and legal."""
        standing = draft
        open_keys = frozenset(question.keys)
        accepted: list[str] = []
        repaired: list[str] = []
        changed: set[str] = set()
        refused: dict[str, str] = {}
        pending, mind = "", "rules"
        calls = used_in = used_out = 0
        messages: tuple[Message, ...] = (Message(role="user", text=question.body),)
        for attempt in range(self._limits.ask_again + 1):
            request = ModelRequest(
                instructions=question.instructions,
                film=question.film,
                messages=messages,
                answer_name=question.task.replace(".", "_"),
                answer_schema=answer_schema(question.answer),
                max_output_tokens=self._room(question),
                longest_text=question.longest_text,
                sample=self._sample,
            )
            try:
                reply = await self._exchange(question, request)
            except NotAnswered as why:
                pending = str(why)
                break
            calls, mind = calls + 1, reply.model
            used_in, used_out = used_in + reply.input_tokens, used_out + reply.output_tokens
            read = read_answer(reply.text, question.answer)
            if reply.finish == "refused":
                refused = dict.fromkeys(sorted(open_keys), "the model declined to answer")
                break
            if read.answer is None:
                refused = dict.fromkeys(sorted(open_keys), read.fault)
            else:
                taken = question.take(standing, read.answer, open_keys, reply.model)
                standing = taken.value
                refused = {k: v for k, v in taken.refused.items() if k in open_keys}
                if read.fault:
                    refused = {k: f"{v} ({read.fault})" for k, v in refused.items()}
                changed |= taken.changed
                good = [k for k in question.keys if k in open_keys and k not in refused]
                (repaired if attempt else accepted).extend(good)
            open_keys = frozenset(refused)
            if not open_keys:
                break
            shown = reply.text[: _REPEATED_CHARS if read.answer is not None else _UNREADABLE_CHARS]
            again = _again(refused, everything=len(refused) == len(question.keys))
            messages = (*messages, Message(role="assistant", text=shown), again)
        record = Refinement(
            agent=question.agent,
            task=question.task,
            asked=question.keys,
            accepted=tuple(accepted),
            repaired=tuple(repaired),
            fallen={} if pending else refused,
            changed=tuple(k for k in question.keys if k in changed) + tuple(sorted(changed - set(question.keys))),
            pending=pending,
            mind=mind,
            calls=calls,
            input_tokens=used_in,
            output_tokens=used_out,
        )
        return question.mark(standing, record), record

    def _room(self, question: Question[Any]) -> int:
        """Tokens for the answer: three times what the draft would say, and some to spare. Characters count here, so
        that a request is the same whichever tokenizer is installed."""
        expected = len(question.drafted.model_dump_json()) // 3
        return 256 * (2 + (3 * expected) // 256) + self._limits.extra_output_tokens

    async def _exchange(self, question: Question[Any], request: ModelRequest) -> ModelReply:
        mind = self._minds[question.agent]
        key = request.key(mind.fingerprint)
        found = find_exchange(self._journal, key)
        if found is not None:
            self.asked.from_journal += 1
            return found
        if self._replay:
            raise NotAnswered("it was never asked, and a replay asks nobody")
        if self._estimate:
            self.rows.append(self._row(question, request, mind))
            raise NotAnswered("not asked yet")
        under_way = self._asking.get(key)
        if under_way is not None:
            async with self._let_others():
                return await asyncio.shield(under_way)
        promise: asyncio.Future[ModelReply] = asyncio.get_running_loop().create_future()
        self._asking[key] = promise
        try:
            async with self._let_others():
                reply = await self._paid(question, request, mind, key)
        except BaseException as error:
            if isinstance(error, NotAnswered):
                promise.set_exception(error)
                promise.exception()
            else:
                promise.cancel()
            raise
        finally:
            del self._asking[key]
        promise.set_result(reply)
        return reply

    def _row(self, question: Question[Any], request: ModelRequest, mind: Mind) -> Expected:
        texts = (request.instructions, request.film, request.answer_schema, *(m.text for m in request.messages))
        fed = sum(self._count(text) for text in texts)
        shared = self._count(request.instructions) + self._count(request.film) + self._count(request.answer_schema)
        return Expected(
            agent=question.agent,
            task=question.task,
            scene=question.scene,
            model=mind.spelling,
            input_tokens=fed,
            shared_tokens=shared,
            output_tokens=max(self._count(question.drafted.model_dump_json()), question.likely_tokens),
            most_input_tokens=fed + self._limits.ask_again * (fed + _REPEATED_TOKENS),
            most_output_tokens=(1 + self._limits.ask_again) * request.max_output_tokens,
        )

    async def _paid(self, question: Question[Any], request: ModelRequest, mind: Mind, key: str) -> ModelReply:
        """Ask for real, within the limits, and commit the exchange before anyone sees it."""
        assert self._places is not None
        async with self._places:
            self._require_up(mind)
            estimate = self._reserve(question, request, mind)
            try:
                await self._pace()
                model = self._opened(mind)
                began = time.monotonic()
                try:
                    reply = await model.ask(request)
                except LanguageModelError as error:
                    raise NotAnswered(self._strike(mind, error)) from None
            finally:
                self._reserved -= estimate
            self._strikes[mind.fingerprint] = 0
            # A lone half of a surrogate pair cannot be written down.
            text = reply.text.encode("utf-8", "replace").decode()
            reply = reply.model_copy(
                update={"text": text, "seconds": reply.seconds or round(time.monotonic() - began, 3)}
            )
            self._add(question.agent, reply)
        await self._commit(Exchange(key, question.agent, question.task, question.scene, request, reply))
        return reply

    def _require_up(self, mind: Mind) -> None:
        why = self._down.get(mind.fingerprint)
        if why:
            raise NotAnswered(why)

    def _reserve(self, question: Question[Any], request: ModelRequest, mind: Mind) -> float:
        budget = self._limits.budget_usd
        if budget is None:
            return 0.0
        row = self._row(question, request, mind)
        expected = mind.cost(row.input_tokens, 2 * row.output_tokens) or 0.0
        if self.asked.cost_usd + self._reserved + expected > budget:
            raise NotAnswered(f"the budget of ${budget:g} is spent")
        self._reserved += expected
        return expected

    def _strike(self, mind: Mind, error: LanguageModelError) -> str:
        strikes = self._strikes[mind.fingerprint] = self._strikes.get(mind.fingerprint, 0) + 1
        if strikes >= STRIKES or (not error.transient and not isinstance(error, RateLimited)):
            self._down.setdefault(mind.fingerprint, error.message)
        return error.message

    async def _pace(self) -> None:
        """Wait until another request fits into the minute."""
        most = self._limits.per_minute
        while most:
            now = time.monotonic()
            while self._sent and now - self._sent[0] >= 60:
                self._sent.popleft()
            if len(self._sent) < most:
                self._sent.append(now)
                return
            await asyncio.sleep(60 - (now - self._sent[0]) + 0.01)

    def _add(self, agent: str, reply: ModelReply) -> None:
        asked = self.asked
        asked.calls += 1
        asked.input_tokens += reply.input_tokens
        asked.cached_tokens += reply.cached_tokens
        asked.output_tokens += reply.output_tokens
        asked.cost_usd += reply.cost_usd or 0.0
        asked.unpriced += reply.cost_usd is None
        mine = asked.by_agent.setdefault(agent, [0, 0, 0, 0.0])
        for at, value in enumerate((1, reply.input_tokens, reply.output_tokens, reply.cost_usd or 0.0)):
            mine[at] += value

    async def _commit(self, exchange: Exchange) -> None:
        """Commit together with whatever else came back meanwhile."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((exchange, done))
        if len(self._waiting) == 1:
            await asyncio.sleep(0.004)
            batch, self._waiting = self._waiting, []
            try:
                keep_exchanges(self._journal, [e for e, _ in batch])
            except BaseException as error:
                for _, waiter in batch:
                    if not waiter.done():
                        waiter.set_exception(error)
                        waiter.exception()
                raise
            for _, waiter in batch:
                if not waiter.done():
                    waiter.set_result(None)
        await done


def _again(refused: Mapping[str, str], *, everything: bool) -> Message:
    """What a model is told of the parts of its answer that cannot be used."""
    keys: dict[str, list[str]] = {}
    for key, why in refused.items():
        keys.setdefault(why, []).append(key)
    if everything and len(keys) == 1:
        why = next(iter(keys))
        return Message(role="user", text=f"{why[:1].upper()}{why[1:]}. Answer again in the same form.")
    reasons = "\n".join(f"- {', '.join(of)}: {why}" for why, of in list(keys.items())[:40])
    return Message(role="user", text=f"This cannot be used:\n{reasons}\nAnswer again in the same form, only for these.")


def prompts(agent: Agent) -> str:
    """Hash of every prompt of an agent's room: a changed prompt is another question."""
    from importlib.resources import files

    found = sorted(
        (f.name, f.read_text(encoding="utf-8"))
        for f in files(f"shotwright.crew.{agent}").iterdir()
        if f.name.startswith("prompt") and f.name.endswith(".md")
    )
    return digest(*(part for pair in found for part in pair), length=20)


def run_now(work: Coroutine[Any, Any, T]) -> T:
    """The result of work that waits for nothing: the line without language models."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    finally:
        work.close()
    raise AssertionError("work without language models waited for something")
