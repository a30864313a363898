"""What a run would ask of its language models, added up before anything is paid."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from shotwright.model.language import Expected

Price = tuple[float, float, float]
"""USD a million tokens: (input, input that was cached, output)."""

LEAST_CACHED_TOKENS = 1024
"""Services keep no shorter beginning of a request, though they may keep more of them than is expected here."""


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """What one agent would ask for one task."""

    agent: str
    task: str
    model: str
    calls: int
    input_tokens: int
    shared_tokens: int
    """Of the input tokens: those that stand first and that an earlier call of the row begins with too."""
    cached_tokens: int
    """Of the shared tokens: those expected to cost what cached input does."""
    output_tokens: int
    cost_usd: float | None
    """None where no price is known."""
    most_usd: float | None
    """Were every answer as long as it may be, and asked for again as often as may be."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run would ask, in the order of the line."""

    rows: tuple[EstimateRow, ...]
    tokenizer: str

    @property
    def calls(self) -> int:
        return sum(r.calls for r in self.rows)

    @property
    def input_tokens(self) -> int:
        return sum(r.input_tokens for r in self.rows)

    @property
    def shared_tokens(self) -> int:
        return sum(r.shared_tokens for r in self.rows)

    @property
    def output_tokens(self) -> int:
        return sum(r.output_tokens for r in self.rows)

    @property
    def cost_usd(self) -> float | None:
        """Of the rows that have a price; None where none has."""
        known = [r.cost_usd for r in self.rows if r.cost_usd is not None]
        return sum(known) if known else None

    @property
    def most_usd(self) -> float | None:
        """The same at the very most."""
        known = [r.most_usd for r in self.rows if r.most_usd is not None]
        return sum(known) if known else None

    @property
    def unpriced(self) -> tuple[str, ...]:
        """The models for which no price is known, each once."""
        return tuple(dict.fromkeys(r.model for r in self.rows if r.cost_usd is None))


def add_up(expected: Iterable[Expected], price: Callable[[str], Price | None], tokenizer: str) -> Estimate:
    """One row for each agent, task and model, in the order in which they are first asked."""
    groups: dict[tuple[str, str, str], list[Expected]] = {}
    for row in expected:
        groups.setdefault((row.agent, row.task, row.model), []).append(row)
    return Estimate(tuple(_row(*key, rows, price(key[2])) for key, rows in groups.items()), tokenizer)


def _row(agent: str, task: str, model: str, rows: list[Expected], price: Price | None) -> EstimateRow:
    fed = sum(r.input_tokens for r in rows)
    # The first call has nothing to share with; those that follow share what they all begin with.
    following = (len(rows) - 1) * min(r.shared_tokens for r in rows)
    cached = following if min(r.shared_tokens for r in rows) >= LEAST_CACHED_TOKENS else 0
    said = sum(r.output_tokens for r in rows)
    cost = most = None
    if price is not None:
        cost = ((fed - cached) * price[0] + cached * price[1] + said * price[2]) / 1_000_000
        most = sum(r.most_input_tokens * price[0] + r.most_output_tokens * price[2] for r in rows) / 1_000_000
    return EstimateRow(agent, task, model, len(rows), fed, following, cached, said, cost, most)


def tell(estimate: Estimate) -> list[str]:
    """Lines for a terminal: a table, the sum, and what the figures rest on."""
    if not estimate.rows:
        return ["No language model would be asked anything."]
    head = ("agent", "task", "calls", "tokens in", "shared", "tokens out", "cost")
    table = [head]
    for r in estimate.rows:
        share = f"{100 * r.shared_tokens / max(1, r.input_tokens):.0f} %"
        table.append(
            (
                r.agent,
                r.task.removeprefix(f"{r.agent}."),
                f"{r.calls:,}",
                f"{r.input_tokens:,}",
                share,
                f"{r.output_tokens:,}",
                money(r.cost_usd),
            )
        )
    widths = [max(len(row[at]) for row in table) for at in range(len(head))]
    lines = [
        "  ".join(
            cell.ljust(w) if at < 2 else cell.rjust(w) for at, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in table
    ]
    models = ", ".join(dict.fromkeys(r.model for r in estimate.rows))
    lines.append(
        f"{estimate.calls:,} calls to {models}: {estimate.input_tokens:,} tokens in, "
        f"{estimate.output_tokens:,} out, {money(estimate.cost_usd)}"
    )
    if estimate.unpriced and estimate.cost_usd is not None:
        lines.append(f"No price is known for {', '.join(estimate.unpriced)}; it is not in the sum.")
    if estimate.most_usd:
        lines.append(
            f"At most {money(estimate.most_usd)}, were every answer as long as it may be and each asked for again. "
            "What the Supervisor sends back comes on top: three short calls a scene at most."
        )
    lines.append(f"Counted with {estimate.tokenizer}; a model's own tokens differ by some percent.")
    return lines


def money(usd: float | None) -> str:
    """`$0.042`, `$12.30`, `no price known`."""
    if usd is None:
        return "no price known"
    return f"${usd:,.2f}" if usd >= 1 or usd == 0 else f"${usd:.2g}" if usd < 0.01 else f"${usd:.3f}"


def as_json(estimate: Estimate) -> dict[str, Any]:
    """The estimate as plain JSON values."""
    return {
        "tokenizer": estimate.tokenizer,
        "calls": estimate.calls,
        "input_tokens": estimate.input_tokens,
        "shared_tokens": estimate.shared_tokens,
        "output_tokens": estimate.output_tokens,
        "cost_usd": estimate.cost_usd,
        "most_usd": estimate.most_usd,
        "unpriced": list(estimate.unpriced),
        "rows": [asdict(row) for row in estimate.rows],
    }
