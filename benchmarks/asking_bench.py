"""What a film costs in questions: calls, tokens and waiting, against a stand-in that answers as the draft would.

    python benchmarks/asking_bench.py SCREENPLAY [--assets DIR] [--delay 1 --in-flight 32] [--http] [--json FILE]

The stand-in agrees with every draft, so that each question is asked once and everything downstream is what it is by
rules. `--wrong SHARE` spoils that share of the answers. The ideal wall time is that of the call graph alone: every
answer takes `--delay`, `--in-flight` at once, nothing else takes any time. With `--http` the film is made once more
as a user would: by the command line and the real client, from a service in a process of its own that says the same.
"""

from __future__ import annotations

import argparse
import asyncio
import heapq
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

from shotwright.model.ids import digest
from shotwright.model.language import ModelReply, ModelRequest
from shotwright.production import wire
from shotwright.production.asking import Asking, Mind
from shotwright.production.studio import RunRequest, run_production

STAGE = {"architect": 0, "director": 2, "continuity_supervisor": 4}


class StandIn:
    """Answers as the draft would, after a delay; notes every request."""

    def __init__(self, delay: float, wrong: float) -> None:
        self.delay, self.wrong = delay, wrong
        self.book: dict[str, str] = {}
        self.asked: list[tuple[str, str, str, ModelRequest]] = []
        self.under_way = self.peak = 0

    async def ask(self, request: ModelRequest) -> ModelReply:
        self.under_way += 1
        self.peak = max(self.peak, self.under_way)
        if self.delay:
            await asyncio.sleep(self.delay)
        self.under_way -= 1
        key = request.key("")
        text = self.book[key]
        if self.wrong and int(digest(key), 16) % 1000 < self.wrong * 1000:
            text = text.replace(":", ":-", 1)[: len(text) // 2]
        return ModelReply(text=text, model="stand-in", input_tokens=1, output_tokens=1, seconds=self.delay)

    def fingerprint(self) -> str:
        return "stand-in"

    def prepare(self) -> None:
        return None

    async def close(self) -> None:
        return None


def attach(stand_in: StandIn) -> None:
    """Every agent's model is the stand-in, which is told what the draft would answer."""
    mind = Mind("stand-in", "stand-in", lambda: stand_in, lambda i, o: 0.0)
    wire.minds = lambda settings, priced=False, ready=False: {a: mind for a in wire.AGENTS if settings.of(a)}
    asked = Asking._exchange

    async def noting(self: Asking, question: Any, request: ModelRequest) -> ModelReply:
        key = request.key("")
        if key not in stand_in.book:
            stand_in.book[key] = question.drafted.model_dump_json()
            stand_in.asked.append((question.agent, question.task, question.scene, request))
        return await asked(self, question, request)

    Asking._exchange = noting  # type: ignore[method-assign]


def ideal(asked: list[tuple[str, str, str, ModelRequest]], delay: float, in_flight: int) -> float:
    """Seconds that the call graph takes when only answers take time: film questions in their order, then every scene's
    stages, as many at once as may be."""
    film = [(agent, task) for agent, task, scene, _ in asked if task in ("architect.film",) or not scene]
    windows = sum(agent == "architect" and task != "architect.film" for agent, task, _, _ in asked)
    after = sum(agent != "architect" for agent, _ in film)
    now = delay * -(-windows // in_flight) + delay * any(t == "architect.film" for _, t in film)
    now += delay * -(-after // in_flight)
    scenes: dict[str, list[list[int]]] = defaultdict(list)
    stages: dict[str, Counter[int]] = defaultdict(Counter)
    for agent, _, scene, request in asked:
        if agent == "architect" or not scene:
            continue
        again = len(request.messages) > 1
        stages[scene][STAGE.get(agent, 3) * 2 + again] += 1
    for scene, counts in stages.items():
        scenes[scene] = [[counts[stage]] for stage in sorted(counts)]
    free = [now] * in_flight
    heapq.heapify(free)
    ready = [(now, place, 0) for place, _ in enumerate(scenes)]
    heapq.heapify(ready)
    chains = list(scenes.values())
    end = now
    while ready:
        at, place, stage = heapq.heappop(ready)
        done = at
        for _ in range(chains[place][stage][0]):
            begin = max(at, heapq.heappop(free))
            heapq.heappush(free, begin + delay)
            done = max(done, begin + delay)
        end = max(end, done)
        if stage + 1 < len(chains[place]):
            heapq.heappush(ready, (done, place, stage + 1))
    return end


def edited(screenplay: Path, request: RunRequest, stand_in: StandIn, number: int) -> list[dict[str, int]]:
    """What each of some one-line edits asks, by task, and of how many scenes: one word more at the end of a line, each
    in another part of the film. Each edit is made to the first draft."""
    lines = screenplay.read_text(encoding="utf-8").splitlines()
    plain = [n for n, line in enumerate(lines) if len(line.split()) > 5 and line == line.strip() and not line.isupper()]
    assert request.out is not None
    found: list[dict[str, int]] = []
    for at in range(number):
        n = plain[(2 * at + 1) * len(plain) // (2 * number)]
        changed = request.out.parent / screenplay.name
        text = f"{lines[n].rstrip('.!?')} again."
        changed.write_text("\n".join([*lines[:n], text, *lines[n + 1 :]]), encoding="utf-8")
        known = len(stand_in.asked)
        run_production(replace(request, target=changed))
        new = stand_in.asked[known:]
        scenes = {scene for agent, _, scene, _ in new if scene and agent != "architect"}
        found.append({**Counter(task for _, task, _, _ in new), "calls": len(new), "scenes": len(scenes)})
    return found


def over_http(request: RunRequest, stand_in: StandIn, delay: float) -> dict[str, Any]:
    """The same film by the command line and the real client: seconds from its start to its end, what the service
    counted, and whether the shots are the same bytes."""
    assert request.out is not None
    book = request.out.parent / "book.json"
    answers = {shown(r): stand_in.book[r.key("")] for _, _, _, r in stand_in.asked}
    book.write_text(json.dumps(answers), encoding="utf-8")
    command = [sys.executable, __file__, str(book), "--serve", "--delay", str(delay)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdin
        assert service.stdout
        address = service.stdout.readline().strip()
        out = request.out.parent / "http"
        told = [f"--assets={folder}" for folder in request.assets]
        environment = {
            **os.environ,
            "SHOTWRIGHT_MODELS_DEFAULT": address,
            "SHOTWRIGHT_MODELS_IN_FLIGHT": str(request.flags["models.in_flight"]),
        }
        command = [sys.executable, "-c", "from shotwright.cli import main; main()"]
        began = time.perf_counter()
        subprocess.run(
            [*command, "run", str(request.target), "--out", str(out), "--no-frames", *told],
            env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wall = time.perf_counter() - began
        service.stdin.close()
        counted: dict[str, Any] = json.loads(service.stdout.read())
    same = (out / "shots.json").read_bytes() == (request.out / "shots.json").read_bytes()
    return {"http_wall_s": round(wall, 2), "http_same_bytes": same, **{f"http_{k}": v for k, v in counted.items()}}


def shown(request: ModelRequest) -> str:
    """What tells a request from every other, on both sides of the wire."""
    return "\n".join(m.text for m in request.messages)


def serve(book: Path, delay: float) -> int:
    """Answer from the book until the input ends; then say what was seen."""
    from tests.standin.language_model.server import running

    answers: dict[str, str] = json.loads(book.read_text(encoding="utf-8"))
    with running(lambda asked: answers["\n".join(text for _, text in asked.messages)], delay=delay) as service:
        print(service.spelling, flush=True)
        sys.stdin.read()
        seen = {"calls": service.calls, "answered": service.answered, "in_flight_peak": service.in_flight_peak}
        print(json.dumps(seen), flush=True)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("screenplay", type=Path)
    parser.add_argument("--assets", type=Path, action="append", default=[])
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--in-flight", type=int, default=32)
    parser.add_argument("--wrong", type=float, default=0.0)
    parser.add_argument("--edits", type=int, default=0, help="change so many single lines, one a run")
    parser.add_argument("--http", action="store_true", help="then once more through the real client")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    if given.serve:
        return serve(given.screenplay, given.delay)
    minds, exchange = wire.minds, Asking._exchange
    stand_in = StandIn(given.delay, given.wrong)
    attach(stand_in)
    with tempfile.TemporaryDirectory() as folder:
        flags = {"models.in_flight": given.in_flight, "models.default": "stand-in"}
        request = RunRequest(given.screenplay, Path(folder) / "film", tuple(given.assets), flags=flags, frames=False)
        began = time.perf_counter()
        _, report = run_production(request)
        wall = time.perf_counter() - began
        first = list(stand_in.asked)
        http: dict[str, Any] = {}
        if given.http:
            wire.minds, Asking._exchange = minds, exchange  # type: ignore[method-assign]
            http = over_http(request, stand_in, given.delay)
            attach(stand_in)
        edits = edited(given.screenplay, request, stand_in, given.edits)
    name, count = wire.token_counter()
    calls: Counter[str] = Counter()
    tokens: Counter[str] = Counter()
    shared: dict[str, set[str]] = defaultdict(set)
    for _agent, task, _, asked in first:
        calls[task] += 1
        shared[task].add(asked.instructions + "\0" + asked.film)
        texts = (asked.instructions, asked.film, asked.answer_schema, *(m.text for m in asked.messages))
        tokens[task] += sum(count(text) for text in texts)
    least = ideal(first, given.delay, given.in_flight) if given.delay else 0.0
    keys = Counter[str]()
    for r in report.refinements:
        keys.update(asked=len(r.asked), accepted=len(r.accepted), repaired=len(r.repaired), fallen=len(r.fallen))
        keys.update(changed=len(r.changed), pending=bool(r.pending))
    result = {
        "screenplay": given.screenplay.name, "scenes": report.scenes, "shots": report.shots,
        "flagged": report.flagged, "failed": report.failed, "warnings": report.warnings,
        "proof": report.proof.sentence() if report.proof else None,
        "calls": sum(calls.values()), "calls_by_task": dict(sorted(calls.items())), "tokenizer": name,
        "input_tokens": sum(tokens.values()), "input_tokens_by_task": dict(sorted(tokens.items())),
        "input_tokens_a_shot": round(sum(tokens.values()) / max(1, report.shots), 1),
        "beginnings_by_task": {task: len(found) for task, found in sorted(shared.items())},
        "keys": dict(keys), "in_flight_peak": stand_in.peak, "wall_s": round(wall, 2),
        "ideal_s": round(least, 2), "ratio": round(wall / least, 3) if least else None,
        **http, **({"http_ratio": round(http["http_wall_s"] / least, 3)} if http and least else {}),
        "edits": edits,
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }  # fmt: skip
    print(json.dumps(result, indent=1))
    if given.json:
        given.json.write_text(json.dumps(result, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
