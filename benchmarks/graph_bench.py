"""How fast the Story Graph answers, with one film in the store and with a hundred, written to a JSON file.

    python benchmarks/graph_bench.py DIR [--films 100] [--out benchmarks/graph_results.json]

DIR is a production that `shotwright run` has finished. Its graph is loaded under a hundred names into one file; then
every named query is asked about its nodes, in one film among them. Measured: load, file size, peak memory, and of every
query the median, the 95th percentile and the worst of its answers, in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from shotwright.adapters.story_store import SqliteStoryStore
from shotwright.model.queries import QUERIES
from shotwright.production.copying import questions
from shotwright.production.graph import open_graph

REPEATS = 3


def name(number: int) -> str:
    return f"film-{number:03}"


def load(file: Path, lines: list[str], films: int) -> float:
    """Seconds to load the films into one file."""
    began = time.perf_counter()
    for number in range(films):
        store = SqliteStoryStore(file, name(number))
        store.load(lines)
        store.close()
    return time.perf_counter() - began


def ask(file: Path, film: str, nodes: dict[str, list[str]]) -> dict[str, dict[str, float]]:
    """Query -> milliseconds over all the questions that it is asked."""
    store = SqliteStoryStore(file, film, read_only=True)
    found: dict[str, dict[str, float]] = {}
    for query in QUERIES.values():
        taken: list[float] = []
        rows = 0
        for parameters in list(questions(query, nodes)):
            for _ in range(REPEATS):
                began = time.perf_counter_ns()
                rows += len(store.run(query.name, **parameters))
                taken.append((time.perf_counter_ns() - began) / 1e6)
        taken.sort()
        found[query.name] = {
            "asked": len(taken), "rows": rows // REPEATS, "median_ms": round(statistics.median(taken), 3),
            "p95_ms": round(taken[int(len(taken) * 0.95)], 3), "worst_ms": round(taken[-1], 3),
        }  # fmt: skip
    store.close()
    return found


def peak_mb() -> float:
    scale = 1024 if platform.system() == "Linux" else 1024 * 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale, 1)


def measure(production: Path, films: int, place: Path) -> dict[str, Any]:
    with open_graph(production) as store:
        lines = list(store.dump())
    nodes: dict[str, list[str]] = {}
    for line in lines:
        entry = json.loads(line)
        if "node" in entry:
            nodes.setdefault(entry["node"]["kind"], []).append(entry["node"]["id"])
    count = sum(map(len, nodes.values()))
    found: dict[str, Any] = {"nodes": count, "edges": len(lines) - count}
    for label, number in (("one_film", 1), (f"{films}_films", films)):
        file = place / f"{label}.sqlite"
        seconds = load(file, lines, number)
        size = sum(f.stat().st_size for f in place.glob(f"{file.name}*")) / 1e6
        found[label] = {
            "load_seconds": round(seconds, 2),
            "file_mb": round(size, 1),
            "peak_mb": peak_mb(),
            "queries": ask(file, name(number // 2), nodes),
        }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("production", type=Path)
    parser.add_argument("--films", type=int, default=100)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        found = measure(chosen.production, chosen.films, Path(place))
    found["machine"] = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    text = json.dumps(found, indent=1)
    if chosen.out:
        chosen.out.write_text(text + "\n")
    print(text)


if __name__ == "__main__":
    main()
