"""What the terminal says of language models: what a run asked and got, and what the next would ask."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.language import Refinement
    from shotwright.production.film import SceneBundle
    from shotwright.production.orders import Report


def model_lines(report: Report) -> list[str]:
    """What language models did in this run; nothing where no agent has one."""
    asked = report.asked
    if asked is None:
        return []
    if asked.unpriced:
        cost = f"; ${asked.cost_usd:.4f}, {asked.unpriced} calls of unknown price" if asked.cost_usd else ""
    else:
        cost = f"; ${asked.cost_usd:.4f}"
    cached = f" ({asked.cached_tokens:,} cached)" if asked.cached_tokens else ""
    lines = [
        f"Models: {asked.calls:,} calls, {asked.from_journal:,} answers from the journal; {asked.input_tokens:,} tokens"
        f" in{cached}, {asked.output_tokens:,} out{cost}."
    ]
    sums = counts_of(report.refinements)
    if sums["asked"]:
        lines.append(
            f"Answers: {sums['accepted']:,} taken, {sums['repaired']:,} after asking again,"
            f" {sums['fallen']:,} refused (their drafts stand); {sums['changed']:,} changed the draft."
        )
    reasons = Counter(r.pending for r in report.refinements if r.pending)
    for why, number in reasons.most_common(3):
        lines.append(f"Pending: {number} questions ({why}). Drafts stand; the next run asks again.")
    return lines


def scene_lines(bundle: SceneBundle) -> list[str]:
    """What language models did in a scene: question by question, and what the Supervisor's said of the shots."""
    lines: list[str] = []
    for record in bundle.refinements:
        taken = len(record.accepted) + len(record.repaired)
        said = [f"{taken} of {len(record.asked)} taken"]
        if record.repaired:
            said.append(f"{len(record.repaired)} after asking again")
        said.append(f"{len(record.changed)} changed the draft" if record.changed else "nothing changed")
        if record.pending:
            said.append(f"pending: {record.pending}")
        lines.append(f"{record.task} ({record.mind}): {', '.join(said)}")
        lines += [f"  {key} refused: {why}" for key, why in record.fallen.items()]
    return lines + [line for line in bundle.log if line.startswith("judged:")]


def counts_of(refinements: Sequence[Refinement]) -> dict[str, int]:
    """Keys asked for, accepted, repaired, fallen back, changed and pending, over all questions."""
    return {
        "asked": sum(len(r.asked) for r in refinements),
        "accepted": sum(len(r.accepted) for r in refinements),
        "repaired": sum(len(r.repaired) for r in refinements),
        "fallen": sum(len(r.fallen) for r in refinements),
        "changed": sum(len(r.changed) for r in refinements),
        "pending": sum(bool(r.pending) for r in refinements),
    }


def model_facts(report: Report) -> dict[str, Any] | None:
    """The same for `--json`."""
    asked = report.asked
    if asked is None:
        return None
    return {
        "calls": asked.calls, "answers_from_journal": asked.from_journal, "input_tokens": asked.input_tokens,
        "cached_tokens": asked.cached_tokens, "output_tokens": asked.output_tokens,
        "cost_usd": round(asked.cost_usd, 6),
        "calls_of_unknown_price": asked.unpriced, "keys": counts_of(report.refinements),
        "by_agent": {
            agent: {"calls": int(c), "input_tokens": int(i), "output_tokens": int(o), "cost_usd": round(u, 6)}
            for agent, (c, i, o, u) in sorted(asked.by_agent.items())
        },
        "pending": sorted({r.pending for r in report.refinements if r.pending}),
    }  # fmt: skip
