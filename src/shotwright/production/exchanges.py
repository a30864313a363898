"""Every exchange with a language model, by the hash of what was asked: committed before anyone uses the answer, and
never asked again. What it cost is added up from here."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.model.language import ModelReply, ModelRequest
from shotwright.production.journal import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.production.journal import Journal


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request, asked for whom and why, and its reply."""

    key: str
    agent: str
    task: str
    scene: str
    request: ModelRequest
    reply: ModelReply


@dataclass(frozen=True, slots=True)
class Spent:
    """What exchanges used, added up."""

    agent: str
    model: str
    calls: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    seconds: float
    cost_usd: float | None
    """None where no price is known for some of them."""


def find_exchange(journal: Journal, key: str) -> ModelReply | None:
    """The reply that was recorded for a request; None when it was never asked."""
    waiting = journal.unwritten.get(key)
    if waiting is not None:
        return waiting
    try:
        row = journal.connection.execute("SELECT reply FROM exchange WHERE key = ?", (key,)).fetchone()
    except sqlite3.OperationalError:
        # A production from before there were exchanges, opened for reading.
        return None
    return None if row is None else ModelReply.model_validate_json(unpack(row[0]))


def keep_exchanges(journal: Journal, exchanges: Sequence[Exchange]) -> None:
    """Commit exchanges, at once. A journal that writes nothing keeps them in memory."""
    if journal.dry:
        journal.unwritten.update((e.key, e.reply) for e in exchanges)
        return
    rows = [
        (
            e.key, e.agent, e.task, e.scene, e.reply.model, e.reply.input_tokens, e.reply.cached_tokens,
            e.reply.output_tokens, e.reply.seconds, e.reply.cost_usd, pack(e.request.model_dump_json()),
            pack(e.reply.model_dump_json()),
        )
        for e in exchanges
    ]  # fmt: skip
    with journal.transaction() as db:
        db.executemany("INSERT OR IGNORE INTO exchange VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def spent(journal: Journal) -> list[Spent]:
    """What the production's exchanges used since it began, by agent and model, in the order of the line."""
    try:
        rows = journal.connection.execute(
            "SELECT agent, model, count(*), sum(input_tokens), sum(cached_tokens), sum(output_tokens), sum(seconds),"
            " CASE WHEN count(cost_usd) = count(*) THEN sum(cost_usd) END FROM exchange GROUP BY agent, model"
            " ORDER BY agent, model"
        ).fetchall()
    except sqlite3.OperationalError:
        return []
    return [Spent(*row) for row in rows]


def exchanges_of(journal: Journal, scene: str = "", agent: str = "") -> list[Exchange]:
    """Recorded exchanges, those of one scene or one agent where asked, in the order of agent, task and key."""
    rows = journal.connection.execute(
        "SELECT key, agent, task, scene, request, reply FROM exchange WHERE (?1 = '' OR scene = ?1)"
        " AND (?2 = '' OR agent = ?2) ORDER BY agent, task, key",
        (scene, agent),
    )
    return [
        Exchange(k, a, t, s, ModelRequest.model_validate_json(unpack(q)), ModelReply.model_validate_json(unpack(r)))
        for k, a, t, s, q, r in rows
    ]
