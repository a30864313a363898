"""An evaluation as a page in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.production.estimate import money

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shotwright.production.evaluation import Evaluation
    from shotwright.production.evaluation_measures import Purposes

MOST_REASONS = 12
MOST_PAIRS = 8
"""Of each field."""
SHOWN_FIELDS = (
    "goal", "turn", "synopsis", "beats", "purpose", "performance", "camera", "light", "assets", "atmosphere", "effects",
    "music",
)  # fmt: skip


def report(found: Evaluation) -> str:
    """What was found, for people: figures first, then words of the film before and after."""
    parts = [
        f"# {found.model}",
        _heading(found),
        *_section("What became of the answers", _outcomes(found)),
        *_section("Why answers were refused", _reasons(found)),
        *_section("What it changed", _changes(found)),
        *_section("Purposes", _purposes(found)),
        *_section("Flags", _flags(found)),
        *_section("Two runs", _agreement(found)),
        *_section("Before and after", _pairs(found)),
    ]
    return "\n\n".join(parts) + "\n"


def summary(found: Evaluation) -> list[str]:
    """A few lines for a terminal."""
    keys = sum(t.keys for t in found.tasks)
    lines = [
        f"{found.model} on {found.screenplay}: {found.scenes} scenes, {found.shots} shots "
        f"({found.shots_draft} by rules)",
        f"Coverage: {found.coverage or 'not proved'}",
        f"Answers: {_percent(sum(t.accepted for t in found.tasks), keys)} taken at once, "
        f"{_percent(sum(t.repaired for t in found.tasks), keys)} when asked again, "
        f"{_percent(sum(t.fallen for t in found.tasks), keys)} fell back to the draft, of {keys:,} asked for",
        f"Used: {found.calls:,} calls, {_each(found.input_tokens, found)} tokens in and "
        f"{_each(found.output_tokens, found)} out a shot, {found.model_seconds / max(1, found.shots):.1f} s a shot, "
        f"{money(found.cost_usd)}",
    ]
    if found.pending:
        lines.append(f"Not answered: {'; '.join(found.pending)}")
    if found.agreement is not None and found.agreement.answers_same is not None:
        lines.append(f"Two runs: {_part(found.agreement.answers_same)} of the choices are the same")
    return lines


def _heading(found: Evaluation) -> str:
    rows = [
        ("Screenplay", found.screenplay),
        ("Scenes, shots", f"{found.scenes} scenes, {found.shots} shots; by rules {found.shots_draft}"),
        ("Answered by", ", ".join(found.answered_by) or "nobody"),
        ("Temperature", "the model's own" if found.temperature < 0 else f"{found.temperature:g}"),
        ("Coverage", found.coverage or "not proved"),
        ("Calls", f"{found.calls:,}, {found.calls / max(1, found.shots):.2f} a shot"),
        (
            "Tokens",
            f"{found.input_tokens:,} in ({_percent(found.cached_tokens, found.input_tokens)} from the service's "
            f"cache), {found.output_tokens:,} out; {_each(found.input_tokens, found)} and "
            f"{_each(found.output_tokens, found)} a shot",
        ),
        (
            "Time",
            f"{found.model_seconds:,.0f} s of answering, {found.model_seconds / max(1, found.shots):.1f} s a shot; "
            f"the run took {found.seconds:,.1f} s, by rules {found.seconds_draft:.1f} s",
        ),
        ("Cost", money(found.cost_usd)),
    ]
    if found.failed:
        rows.append(("Failed", f"{found.failed} scenes could not be finished"))
    if found.pending:
        rows.append(("Not answered", "; ".join(found.pending)))
    return _table(("", ""), rows)


def _outcomes(found: Evaluation) -> list[str]:
    if not found.tasks:
        return ["Nothing was asked."]
    rows = [
        (
            t.agent.replace("_", " "),
            t.task.partition(".")[2] or t.task,
            str(t.questions),
            str(t.keys),
            _percent(t.accepted, t.keys),
            _percent(t.repaired, t.keys),
            _percent(t.fallen, t.keys),
            _percent(t.pending, t.keys),
            _percent(t.changed, t.keys),
            f"{t.input_tokens:,}",
            f"{t.output_tokens:,}",
        )
        for t in found.tasks
    ]
    head = (
        "Agent", "Task", "Questions", "Asked for", "Taken at once", "When asked again", "Fell back", "Not answered",
        "Changed", "Tokens in", "Tokens out",
    )  # fmt: skip
    note = (
        "Each question asks for several things: the purpose of a shot, the goal of a scene. What fell back is the "
        "rules' own, and the shot says so. “Changed” counts what no longer is as the rules had it; an answer may be "
        "sound and agree with them."
    )
    return [_table(head, rows), note]


def _reasons(found: Evaluation) -> list[str]:
    if not found.reasons:
        return []
    rows = [(str(r.times), r.task, r.why) for r in found.reasons[:MOST_REASONS]]
    rest = sum(r.times for r in found.reasons[MOST_REASONS:])
    return [_table(("Times", "Task", "Why"), rows), *([f"And {rest} more, for other reasons."] if rest else [])]


def _changes(found: Evaluation) -> list[str]:
    rows = [(field, _part(share)) for field, share in found.changed.items()]
    return [
        f"{found.cut_again} of {found.shots} shots carry another part of the script than any shot of the rules' cut. "
        "Of the shots that both films have, so many differ in:",
        _table(("", "Differ"), rows),
    ]


def _purposes(found: Evaluation) -> list[str]:
    def row(label: str, said: Purposes) -> tuple[str, ...]:
        return (
            label, f"{said.words:.0f}", _part(said.repeated), _part(said.near), _part(said.names_somebody),
            _part(said.tied_to_scene), _part(said.tied_to_script),
        )  # fmt: skip

    head = ("", "Words", "Repeated", "Nearly repeated", "Name somebody", "Tied to the scene", "Tied to the script")
    note = (
        "Repeated: another shot of the scene has the same purpose, or one with more than six words in ten in common. "
        "Tied: the purpose has a word of the scene's goal, turn or beats, or of the script that the shot carries. The "
        "rules build their purposes out of such words, so theirs are tied by making; that says nothing of how good "
        "they are to read."
    )
    return [_table(head, [row("rules", found.purposes_draft), row("model", found.purposes)]), note]


def _flags(found: Evaluation) -> list[str]:
    codes = sorted(found.flags.keys() | found.flags_draft.keys())
    if not codes:
        return ["No flags before or after."]
    rows = [(code, str(found.flags_draft.get(code, 0)), str(found.flags.get(code, 0))) for code in codes]
    return [_table(("Flag", "Rules", "Model"), rows)]


def _agreement(found: Evaluation) -> list[str]:
    both = found.agreement
    if both is None:
        return []
    rows = [("the cut of the script", _part(both.same_cut))]
    rows += [(field, _part(share)) for field, share in both.choices.items()]
    rows.append(("words of a purpose in common", _part(both.purposes)))
    if both.answers_same is not None:
        rows.append(("choices in answers to the same question", _part(both.answers_same)))
    if both.answers_words is not None:
        rows.append(("words in answers to the same question", _part(both.answers_words)))
    note = f"{both.questions} questions were the same in both runs; others differ by what was answered before them."
    return [_table(("", "The same"), rows), note]


def _pairs(found: Evaluation) -> list[str]:
    blocks = []
    for field in SHOWN_FIELDS:
        pairs = [p for p in found.pairs if p.field == field]
        if not pairs:
            continue
        rows = [(p.shot, p.draft, p.refined) for p in _spread(pairs, MOST_PAIRS)]
        blocks += [f"### {field.capitalize()}", _table(("Shot", "Rules", "Model"), rows)]
    return blocks


def _spread(items: Sequence[object], most: int) -> list:  # type: ignore[type-arg]
    """So many of them, from all over."""
    if len(items) <= most:
        return list(items)
    return [items[at * len(items) // most] for at in range(most)]


def _section(title: str, body: Sequence[str]) -> list[str]:
    return [f"## {title}", *body] if body else []


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"


def _part(share: float) -> str:
    return f"{100 * share:.0f} %"


def _each(tokens: int, found: Evaluation) -> str:
    return f"{tokens / max(1, found.shots):,.0f}"
