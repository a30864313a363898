"""A real language model on three scenes of the example film: what became of its answers, and what they cost.

    scripts/model fetch && scripts/model serve --threads 1 &
    python benchmarks/model_bench.py [MODEL] --out DIR [--scene 10 ...] [--again 10] [--json FILE] [--report FILE]

The scenes are filmed by rules and by the model, as a screenplay of their own; those under `--again` are then filmed
twice more at a temperature of 0.7, for what two runs agree on: at 0 a model does little else than repeat itself.
SHOTWRIGHT_MODELS_IN_FLIGHT says how many questions are under way at once, as many as the server answers (1).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

from shotwright.adapters.language_model.counting import tokenizer
from shotwright.production.evaluation import Evaluation, EvaluationRequest, evaluate
from shotwright.production.evaluation_report import report, summary
from shotwright.production.exchanges import exchanges_of
from shotwright.production.opened import Production

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "last_bird_in"
SERVED = "qwen2.5-coder-1.5b-instruct@http://127.0.0.1:8080/v1"
KEPT_PAIRS = 60
AGAIN_TEMPERATURE = 0.7


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="?", default=SERVED)
    parser.add_argument("--scene", action="append", default=None)
    parser.add_argument("--again", action="append", default=None)
    parser.add_argument("--out", type=Path, required=True, help="the productions are kept here")
    parser.add_argument("--json", type=Path, default=None)
    parser.add_argument("--note", default="the model on one thread", help="how the model was served")
    parser.add_argument("--report", type=Path, default=None)
    given = parser.parse_args()
    os.environ.setdefault("SHOTWRIGHT_MODELS_IN_FLIGHT", "1")
    os.environ.setdefault("SHOTWRIGHT_MODELS_TIMEOUT_SECONDS", "900")
    scenes = tuple(given.scene or ("10", "14", "16"))
    found = _evaluate(given.model, scenes, 1, given.out / "once")
    print("\n".join(summary(found)))
    results: dict[str, Any] = {
        "machine": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}; {given.note}",
        "answers": _shares(found),
        **{k: v for k, v in found.model_dump(mode="json").items() if k != "agreement"},
        "counted": _counted(given.out / "once" / "model"),
    }
    results["model"] = given.model.partition("@")[0]
    results["pairs"] = results["pairs"][:KEPT_PAIRS]
    if given.again:
        os.environ["SHOTWRIGHT_MODELS_TEMPERATURE"] = str(AGAIN_TEMPERATURE)
        twice = _evaluate(given.model, tuple(given.again), 2, given.out / "twice")
        assert twice.agreement is not None
        results["agreement"] = {
            "scenes": given.again,
            "temperature": twice.temperature,
            **twice.agreement.model_dump(mode="json"),
        }
    if given.json:
        given.json.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n")
    if given.report:
        given.report.write_text(report(found))
    return 0


def _evaluate(model: str, scenes: tuple[str, ...], runs: int, out: Path) -> Evaluation:
    request = EvaluationRequest(
        EXAMPLE / "last_bird_in.fountain", scenes, model, runs=runs, assets=(EXAMPLE / "assets",), out=out
    )
    return evaluate(request, say=lambda line: print(line, file=sys.stderr, flush=True))


def _shares(found: Evaluation) -> dict[str, Any]:
    """Of all that was asked for."""
    keys = sum(t.keys for t in found.tasks)
    return {
        "asked for": keys,
        **{
            label: round(sum(getattr(t, name) for t in found.tasks) / max(1, keys), 3)
            for label, name in (
                ("taken at once", "accepted"), ("taken when asked again", "repaired"), ("fell back", "fallen"),
                ("not answered", "pending"), ("changed", "changed"),
            )
        },
    }  # fmt: skip


def _counted(production: Path) -> dict[str, Any]:
    """How near the offline tokenizer comes to the tokens that the model's own found in the same requests."""
    counting = tokenizer()
    with Production(production) as opened:
        exchanges = exchanges_of(opened.journal)
    ours = sum(counting.count(e.request.instructions) + counting.count(e.request.film) for e in exchanges)
    ours += sum(counting.count(m.text) for e in exchanges for m in e.request.messages)
    ours += sum(counting.count(e.request.answer_schema) for e in exchanges)
    theirs = sum(e.reply.input_tokens for e in exchanges)
    return {"with": counting.name, "tokens": ours, "the model's own": theirs, "ratio": round(ours / max(1, theirs), 3)}


if __name__ == "__main__":
    sys.exit(main())
