"""How surely planted faults of identity are found on drawn frames, and how often nothing is taken for a fault.

    python benchmarks/identity_drawn_bench.py [--jobs 2] [--rows FILE] [--write-cohort]

Twenty looks, of the example film and made ones, are drawn in seven lights, five sizes, five facings, nine poses and
eight places, every third with a neighbour who hides some of them. Each frame is compared with the look as it should be
in the same set-up. Odd takes are `loose`: another moment of the pose, 1° turned, 4° of gaze, 0.1 stops and 4° of light
off. Each half of the looks (by place in the list) is scored by the model that the other half tuned; the shipped model
is tuned on all. Measured on previz: it says how the measures read this renderer. As staged, a frame without a fault is
drawn as what is expected of it is drawn, and so it can only be found alike; how far a fault must go to be found, and
how much a picture may be off before it is a false alarm (`loose`), are what is measured. No backbone takes part, and so
the figures are the same with and without one. `--rows` keeps what was measured and reads it instead of drawing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from drawn_people import FAULTS, drawn, people, planted, takes_of

from shotwright.vision.calibration import expected_calibration_error
from shotwright.vision.in_place import PartModel, PlaceModel, features_of
from shotwright.vision.patches import Difference, differences
from shotwright.vision.pictures import decode_mask, picture_of

HERE = Path(__file__).parent
COHORT = HERE.parent / "src" / "shotwright" / "vision" / "previz_cohort.json"
LEAST_SHARE, VISIBLE = 0.04, 0.03
THRESHOLD = 0.95
PARTS = ("head", "upper", "lower")
WRONG = {"head": ("person", "person_same_clothes", "hair_shape", "hair_colour"),
         "upper": ("coat", "person", "drift"), "lower": ("person", "drift")}  # fmt: skip
HEADLINE = tuple(f for f in FAULTS if f != "similar_coat")


def measured(number: int, genuine: int, each: int) -> list[dict]:
    """Every take of one look: what was asked, how much is seen, and how far each part is from what it should be."""
    everybody = people()
    person = everybody[number]
    others = [
        q for j, q in enumerate(everybody)
        if q.appearance.entity != person.appearance.entity and j % 2 == number % 2
    ]  # fmt: skip
    rows = []
    for n, take in enumerate(takes_of(number, person, genuine=genuine, each=each)):
        shown, delta = planted(person, take.fault, others, n + number) if take.fault else (person.appearance, 0.0)
        beside = None
        if n % 3 == 2 and take.size in ("wide", "medium_wide", "medium"):
            beside = next(
                q.appearance for q in (*others[(n + 3) % len(others) :], *others) if q.appearance.entity != shown.entity
            )
        shot, frame = drawn(take, shown, beside, loose=n % 2 == 1)
        # The same drawn twice is the same to the bit.
        due = drawn(take, person.appearance, beside)[1] if take.fault or n % 2 else frame
        subject = next((s for s in frame.subjects if s.entity == shown.entity), None)
        wanted = next((s for s in due.subjects if s.entity == shown.entity), None)
        if subject is None or wanted is None:
            continue
        seen = picture_of(frame.image, "", None, frame.mask, subject.value)
        expected = picture_of(due.image, "", None, due.mask, wanted.value)
        height, width = seen.pixels.shape[:2]
        anybody = decode_mask(frame.mask, height, width, None)
        began = time.process_time()
        found = differences(seen, anybody & ~seen.mask, expected, subject.parts, shot.technical_layer.camera)
        spent = time.process_time() - began
        either = seen.mask | expected.mask
        changed = (np.abs(seen.pixels.astype(int) - expected.pixels).max(-1) > 10) & either
        rows.append({
            "look": number, "name": person.name, "fault": take.fault, "light": take.light, "size": take.size,
            "facing": take.facing, "pose": take.pose, "place": take.place, "delta_e": round(delta, 1),
            "beside": beside is not None, "loose": n % 2 == 1, "share": round(subject.share, 4),
            "changed": round(float(changed.sum() / either.sum()), 4), "seconds": round(spent, 4),
            "parts": {p: [round(v, 5) for v in (d.mean, d.worst, d.outline)] for p, d in found.items()},
        })  # fmt: skip
    return rows


def fitted(rows: list[dict]) -> PlaceModel:
    """One logistic model a part at even odds, from frames without and with a fault of that part that can be seen."""
    models = {}
    for part in PARTS:
        own = [r for r in rows if not r["fault"] and part in r["parts"]]
        bad = [r for r in rows if r["fault"] in WRONG[part] and part in r["parts"] and r["changed"] >= 0.05]
        x = np.array([features_of(Difference(*r["parts"][part])) for r in own + bad])
        truth = np.r_[np.ones(len(own)), np.zeros(len(bad))]
        weight = np.r_[np.full(len(own), 100 / len(own)), np.full(len(bad), 100 / len(bad))]
        found = _logistic(x, truth, weight)
        models[part] = PartModel(tuple(round(float(v), 4) for v in found[:-1]), round(float(found[-1]), 4))
    return PlaceModel("drawn frames with planted faults", models)


def _logistic(x: np.ndarray, truth: np.ndarray, weight: np.ndarray, ridge: float = 0.1) -> np.ndarray:
    """Coefficients and bias by Newton's method; no coefficient may be positive, since no difference is a merit."""
    use = list(range(x.shape[1]))
    while True:
        wide = np.c_[x[:, use], np.ones(len(x))]
        at = np.zeros(wide.shape[1])
        for _ in range(100):
            p = 1 / (1 + np.exp(-wide @ at))
            slope = wide.T @ (weight * (p - truth)) + ridge * np.r_[at[:-1], 0]
            bend = (wide * (weight * p * (1 - p))[:, None]).T @ wide + np.diag([ridge] * len(use) + [1e-6])
            step = np.linalg.solve(bend, slope)
            at -= step
            if np.abs(step).max() < 1e-7:
                break
        wrong = [u for u, c in zip(use, at, strict=False) if c > 0]
        if not wrong:
            full = np.zeros(x.shape[1] + 1)
            full[use], full[-1] = at[:-1], at[-1]
            return full
        use = [u for u in use if u not in wrong]


def half_of(row: dict) -> int:
    """Looks of one character lie side by side; they are tuned on or reported together."""
    return row["look"] // 2 % 2


def scored_apart(rows: list[dict]) -> list[tuple[dict, float]]:
    """Every judged row with its score by the model of the other half."""
    models = [fitted([r for r in rows if half_of(r) != half]) for half in (0, 1)]
    found = []
    for row in rows:
        score = models[half_of(row)].score({p: Difference(*v) for p, v in row["parts"].items()})
        if score is not None:
            found.append((row, score))
    return found


def figures(scored: list[tuple[dict, float]]) -> dict:
    own = [s for r, s in scored if not r["fault"]]
    seen = {f: [(r, s) for r, s in scored if r["fault"] == f and r["changed"] >= VISIBLE] for f in FAULTS}
    hidden = {f: sum(r["fault"] == f and r["changed"] < VISIBLE for r, _ in scored) for f in FAULTS}
    both = [(s, True) for s in own] + [(s, False) for f in HEADLINE for _, s in seen[f]]
    every = [s for f in HEADLINE for _, s in seen[f]]
    result = {
        "frames": {"without_fault": len(own), "with_fault": len(every)},
        "false_alarms": _share([s < THRESHOLD for s in own]),
        "found": _share([s < THRESHOLD for s in every]),
        "found_at_even_odds": _share([s < 0.5 for s in every]),
        "false_alarms_at_even_odds": _share([s < 0.5 for s in own]),
        "ece": round(expected_calibration_error([s for s, _ in both], [t for _, t in both]), 4),
        "by_fault": {
            f: {**_share([s < THRESHOLD for _, s in seen[f]]), "too_little_to_see": hidden[f]} for f in FAULTS
        },
    }
    for key in ("size", "light", "facing"):
        names = list(dict.fromkeys(r[key] for r, _ in scored))
        result[f"by_{key}"] = {
            name: {
                "false_alarms": _share([s < THRESHOLD for r, s in scored if r[key] == name and not r["fault"]]),
                "found": _share([s < THRESHOLD for f in HEADLINE for r, s in seen[f] if r[key] == name]),
            }
            for name in names
        }
    return result


def _share(hits: list[bool]) -> dict:
    """Share with its 95 % interval (Wilson)."""
    n, k = len(hits), sum(hits)
    if not n:
        return {"of": 0}
    z, p = 1.96, k / n
    middle = (p + z * z / 2 / n) / (1 + z * z / n)
    half = z * (p * (1 - p) / n + z * z / 4 / n / n) ** 0.5 / (1 + z * z / n)
    return {"share": round(p, 4), "of": n, "interval_95": [round(max(0.0, middle - half), 4), round(middle + half, 4)]}


def reliability(scored: list[tuple[dict, float]]) -> list[dict]:
    trials = [(s, not r["fault"]) for r, s in scored
              if not r["fault"] or (r["fault"] in HEADLINE and r["changed"] >= VISIBLE)]  # fmt: skip
    own = sum(t for _, t in trials) or 1
    bad = len(trials) - own or 1
    table = []
    for low in range(10):
        here = [(s, t) for s, t in trials if min(int(s * 10), 9) == low]
        if here:
            weight = [0.5 / own if t else 0.5 / bad for _, t in here]
            mean = sum(w * s for w, (s, _) in zip(weight, here, strict=True)) / sum(weight)
            true = sum(w for w, (_, t) in zip(weight, here, strict=True) if t) / sum(weight)
            table.append({"scores": f"{low / 10:.1f}-{low / 10 + 0.1:.1f}", "frames": len(here),
                          "mean_score": round(mean, 3), "share_right": round(true, 3)})  # fmt: skip
    return table


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--jobs", type=int, default=2)
    asked.add_argument("--genuine", type=int, default=21)
    asked.add_argument("--each", type=int, default=5)
    asked.add_argument("--rows", type=Path)
    asked.add_argument("--write-cohort", action="store_true")
    given = asked.parse_args()
    count = len(people())
    if given.rows is not None and given.rows.is_file():
        rows = json.loads(given.rows.read_text(encoding="utf-8"))
    else:
        with ProcessPoolExecutor(given.jobs) as pool:
            parts = pool.map(measured, range(count), [given.genuine] * count, [given.each] * count)
            rows = []
            for part in parts:
                rows += part
                if given.rows is not None:
                    given.rows.write_text(json.dumps(rows), encoding="utf-8")
    judged = [r for r in rows if r["share"] >= LEAST_SHARE]
    scored = scored_apart(judged)
    drifts = sorted(r["delta_e"] for r, _ in scored if r["fault"] == "drift")
    near = sorted(r["delta_e"] for r, _ in scored if r["fault"] == "similar_coat")
    report = {
        "measured_on": "previz",
        "machine": {
            "cores": os.cpu_count(),
            "system": platform.platform(terse=True),
            "python": platform.python_version(),
        },
        "threshold": THRESHOLD,
        "looks": {
            "all": len({r["name"] for r in judged}),
            "of_each_half": [len({r["name"] for r in judged if half_of(r) == half}) for half in (0, 1)],
        },
        "not_judged": {"under_4_percent_of_the_frame": len(rows) - len(judged), "of": len(rows)},
        "drift_delta_e": {"least": drifts[0], "median": drifts[len(drifts) // 2], "most": drifts[-1]},
        "similar_coat_delta_e": {"least": near[0], "median": near[len(near) // 2], "most": near[-1]},
        "cpu_ms_a_subject": round(1000 * float(np.median([r["seconds"] for r in rows])), 1),
        "as_staged": figures([(r, s) for r, s in scored if not r["loose"]]),
        "reliability_as_staged": reliability([(r, s) for r, s in scored if not r["loose"]]),
        "loose": figures([(r, s) for r, s in scored if r["loose"]]),
        "reliability_of_all": reliability(scored),
        "not_validated_on": ["photographs", "generated stills", "crowds", "animals"],
    }
    print(json.dumps(report, indent=2))
    (HERE / "identity_drawn_results.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    if given.write_cohort:
        COHORT.write_text(fitted(judged).to_json() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
