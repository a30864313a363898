"""The numbers that the project promises, measured on one screenplay and written to benchmarks/results.json.

    python benchmarks/bench.py [SCREENPLAY] [--edits 50] [--kills 20] [--out benchmarks/results.json]

Without a screenplay a 120-page one is made (benchmarks/make_feature.py). Measured: a whole run with an empty journal
(wall, CPU, peak memory), the second run, a dry run, one-line insertions (which ids change, which work is redone),
kill -9 and resume, coverage and duration figures, briefing latency, and the start of `--help`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
COMMAND = [sys.executable, "-m", "shotwright"]


def timed(*args: str) -> tuple[float, float, float, str]:
    """(wall seconds, CPU seconds, peak MB, stdout) of one command; fails loudly on an exit code other than 0 or 3."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen([*COMMAND, *args], stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
        out.seek(0)
        err.seek(0)
        if process.returncode not in (0, 3):
            raise SystemExit(f"{args}: exit {process.returncode}\n{err.read().decode()}")
        scale = 1024 if platform.system() == "Linux" else 1024 * 1024
        return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale, out.read().decode()


def shots_of(folder: Path) -> list[dict[str, Any]]:
    film: list[dict[str, Any]] = json.loads((folder / "shots.json").read_text())["shots"]
    return film


def measure_runs(script: Path, work: Path) -> dict[str, Any]:
    walls, cpus, peaks = [], [], []
    for number in range(3):
        folder = work / f"run{number}.shotwright"
        wall, cpu, peak, _ = timed("run", str(script), "--out", str(folder))
        walls.append(wall)
        cpus.append(cpu)
        peaks.append(peak)
    first, second = work / "run0.shotwright", work / "run1.shotwright"
    again = [timed("run", str(script), "--out", str(first)) for _ in range(3)]
    dry = [timed("run", str(script), "--out", str(first), "--dry-run") for _ in range(2)]
    helps = [timed("--help")[1] for _ in range(5)]
    return {
        "run_wall_s": round(statistics.median(walls), 2),
        "run_cpu_s": round(statistics.median(cpus), 2),
        "run_peak_mb": round(max(peaks), 1),
        "second_run_wall_s": round(statistics.median(a[0] for a in again), 2),
        "dry_run_wall_s": round(statistics.median(d[0] for d in dry), 2),
        "help_cpu_s": round(statistics.median(helps), 3),
        "two_runs_byte_equal": (first / "shots.json").read_bytes() == (second / "shots.json").read_bytes(),
    }


def describe(folder: Path, pages: float) -> dict[str, Any]:
    shots = shots_of(folder)
    seconds = [s["duration_seconds"] for s in shots]
    rate = round(shots[0]["duration_frames"] / shots[0]["duration_seconds"])
    cuts = sum(c["src_out"] - c["src_in"] for s in shots for c in s["cuts"]) / rate
    purposes = [s["narrative_layer"]["shot_purpose"] for s in shots]
    return {
        "shots": len(shots),
        "setups": len({s["setup_id"] for s in shots}),
        "clips_in_5_to_7_s": round(sum(5 <= x <= 7 for x in seconds) / len(seconds), 4),
        "clips_over_7_s": sum(x > 7 for x in seconds),
        "exceptions_without_reason": sum(s["duration_seconds"] < 5 and not s["duration_reason"] for s in shots),
        "exception_reasons": dict(Counter(s["duration_reason"] for s in shots if s["duration_reason"])),
        "clip_minutes": round(sum(seconds) / 60, 1),
        "cut_minutes": round(cuts / 60, 1),
        "pages": round(pages, 1),
        "neighbours_sharing_a_purpose": sum(a == b for a, b in pairwise(purposes)),
        "distinct_purposes": round(len(set(purposes)) / len(purposes), 4),
        "errors": sum(f["severity"] == "error" for s in shots for f in s["continuity"]["flags"]),
        "warnings": sum(f["severity"] == "warn" for s in shots for f in s["continuity"]["flags"]),
    }


def measure_edits(script: Path, work: Path, count: int) -> dict[str, Any]:
    """One neutral line of action put in at random places, each against the same finished production."""
    from shotwright.screenplay import read

    base = work / "run0.shotwright"
    before = shots_of(base)
    lines = script.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    play = read(script).screenplay
    units = [
        (play.lines[u.id], s.id) for s in play.scenes for u in s.units if u.kind == "action" and u.id in play.lines
    ]
    dice = random.Random(7)
    walls, outside, inside_lost, ripple = [], 0, 0, []
    for number in range(count):
        (_, last), scene = dice.choice(units)
        draft = work / f"draft{number}.fountain"
        draft.write_text("".join([*lines[:last], f"\nA shadow crosses the wall {number}.\n", *lines[last:]]))
        folder = work / f"edit{number}.shotwright"
        shutil.copytree(base, folder)
        wall, _, _, out = timed("run", str(draft), "--out", str(folder), "--json")
        walls.append(wall)
        report = json.loads(out)
        ripple.append(report["steps_run"].get("scene", 0))
        after = {s["shot_id"]: s for s in shots_of(folder)}
        for shot in before:
            lost = shot["shot_id"] not in after
            if lost and shot["scene_id"] != scene:
                outside += 1
            elif lost and spoken(shot) in {spoken(s) for s in after.values() if s["scene_id"] == scene}:
                inside_lost += 1
        shutil.rmtree(folder)
    return {
        "edits": count,
        "wall_s": round(statistics.median(walls), 2),
        "ids_changed_outside_the_scene": outside,
        "ids_lost_though_the_text_is_unchanged": inside_lost,
        "scenes_redone_median": statistics.median(ripple),
        "scenes_redone_max": max(ripple),
    }


def spoken(shot: dict[str, Any]) -> tuple[Any, ...]:
    """What a shot carries: its units and its words."""
    return (tuple(shot["source"]["units"]), tuple(line["text"] for line in shot["audio"]["dialogue"]))


def measure_kills(script: Path, work: Path, count: int) -> dict[str, Any]:
    """kill -9 at points spread over a run, then run: the same bytes, and nothing committed done twice."""
    straight = work / "run0.shotwright"
    wanted = (straight / "shots.json").read_bytes()
    length = timed("run", str(script), "--out", str(work / "length.shotwright"))[0]
    same = redone = killed = 0
    for number in range(count):
        folder = work / f"kill{number}.shotwright"
        process = subprocess.Popen(
            [*COMMAND, "run", str(script), "--out", str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(0.9 * length * (number + 0.5) / count)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        committed = committed_results(folder)
        _, _, _, out = timed("run", str(script), "--out", str(folder), "--json")
        report = json.loads(out)
        total = committed_results(folder)
        made = sum(report["steps_run"].values())
        redone += max(0, made - (total - committed))
        same += (folder / "shots.json").read_bytes() == wanted
        shutil.rmtree(folder)
    return {"kills": killed, "of": count, "identical_after_resume": same, "committed_steps_redone": redone}


def committed_results(folder: Path) -> int:
    path = folder / "journal.sqlite"
    if not path.exists():
        return 0
    db = sqlite3.connect(path)
    try:
        return int(db.execute("SELECT count(*) FROM result").fetchone()[0])
    except sqlite3.DatabaseError:
        return 0
    finally:
        db.close()


def measure_briefing(folder: Path) -> dict[str, float]:
    """Latency of the scene_briefing query over every scene, milliseconds."""
    from shotwright.production import wire
    from shotwright.production.projection import scene_node
    from shotwright.production.studio import Production

    with Production(folder) as production:
        scenes = [s.scene_id for s in production.story.scenes]
    store = wire.story_store(folder / "story.sqlite")
    times = []
    for _ in range(5):
        for scene in scenes:
            began = time.perf_counter()
            store.run("scene_briefing", scene=scene_node(scene))
            times.append((time.perf_counter() - began) * 1000)
    store.close()
    times.sort()
    return {"median_ms": round(statistics.median(times), 3), "p95_ms": round(times[int(len(times) * 0.95)], 3)}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("screenplay", nargs="?", type=Path)
    parser.add_argument("--edits", type=int, default=50)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--out", type=Path, default=HERE / "results.json")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shotwright-bench-") as place:
        work = Path(place)
        script = asked.screenplay
        if script is None:
            script = work / "feature.fountain"
            subprocess.run([sys.executable, str(HERE / "make_feature.py"), str(script)], check=True)
        from shotwright.screenplay import read

        pages = read(script).screenplay.total_pages
        results: dict[str, Any] = {
            "script": asked.screenplay.name if asked.screenplay else "generated feature, seed 1",
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
            "python": platform.python_version(),
        }
        results["runs"] = measure_runs(script, work)
        base = work / "run0.shotwright"
        results["literal"] = describe(base, pages)
        edited = work / "edited.shotwright"
        timed("run", str(script), "--out", str(edited), "--cut-style", "edited")
        results["edited"] = describe(edited, pages)
        results["briefing"] = measure_briefing(base)
        results["insertions"] = measure_edits(script, work, asked.edits)
        results["kill_9"] = measure_kills(script, work, asked.kills)
    results["benchmark_peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    text = json.dumps(results, indent=2) + "\n"
    asked.out.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
