"""How well the embedded backbone tells subjects apart, on photographs that the calibration has not seen.

    python benchmarks/identity_bench.py FOLDER [--write-cohort]

FOLDER holds one folder of photographs a subject. Subjects make three folds in order of name, so that like meets like
(four dogs in one); the cohort is fitted on the other folds' subjects alone. A trial is a photograph against three
references of a subject. Intervals are bootstraps over subjects. Prints the figures and keeps them in
identity_results.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from itertools import combinations
from pathlib import Path

import numpy as np

from shotwright.vision.backbones import open_backbone
from shotwright.vision.calibration import expected_calibration_error, fit_cohort, fit_looks
from shotwright.vision.pictures import picture_of
from shotwright.vision.similarity import likeness

HERE = Path(__file__).parent
FOLDS, ROUNDS, SEED = 3, 200, 7


def auc(genuine, impostor):
    order = np.concatenate([genuine, impostor])
    _, inverse, count = np.unique(order, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[inverse]
    n = len(genuine)
    return (ranks[:n].sum() - n * (n + 1) / 2) / (n * len(impostor))


def trials(looks):
    """[(subject, whose photograph, raw, score)]: every subject held out in its fold."""
    names = sorted(looks)
    found = []
    for fold in range(FOLDS):
        held = names[fold * len(names) // FOLDS : (fold + 1) * len(names) // FOLDS]
        cohort = fit_cohort({n: looks[n] for n in names if n not in held}, f"fold {fold}")
        for name in held:
            rows = looks[name]
            for chosen in combinations(range(len(rows)), 3):
                references = rows[list(chosen)]
                model = fit_looks({name: references}, cohort)[name]
                for other in held:
                    probes = np.delete(rows, chosen, 0) if other == name else looks[other]
                    found += [(name, other, float(r), model.score(float(r))) for r in likeness(probes, references)]
    return found


def figures(found):
    raw = np.array([f[2] for f in found])
    score = np.array([f[3] for f in found])
    own = np.array([f[0] == f[1] for f in found])
    return {
        "auc_raw": auc(raw[own], raw[~own]),
        "auc_score": auc(score[own], score[~own]),
        "misses_at_even_odds": float((score[own] < 0.5).mean()),
        "false_alarms_at_even_odds": float((score[~own] >= 0.5).mean()),
        "misses_at_0.95": float((score[own] < 0.95).mean()),
        "false_alarms_at_0.95": float((score[~own] >= 0.95).mean()),
        "ece": expected_calibration_error(score, own),
    }


def intervals(found):
    names = sorted({f[0] for f in found})
    grouped = {n: [f for f in found if f[0] == n] for n in names}
    rng = np.random.default_rng(SEED)
    drawn = []
    for _ in range(ROUNDS):
        drawn.append(figures([t for n in rng.choice(names, len(names)) for t in grouped[n]]))
    return {k: [float(np.percentile([d[k] for d in drawn], q)) for q in (2.5, 97.5)] for k in drawn[0]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write-cohort", action="store_true")
    options = parser.parse_args()
    backbone = open_backbone()
    folders = sorted(p for p in options.folder.iterdir() if p.is_dir())
    pictures = {p.name: [picture_of(f.read_bytes()) for f in sorted(p.glob("*.jpg"))] for p in folders}
    began = time.process_time()
    looks = {name: backbone.embed(each) for name, each in pictures.items()}
    count = sum(map(len, pictures.values()))
    spent = (time.process_time() - began) / count
    found = trials(looks)
    at, between = figures(found), intervals(found)
    report = {
        "backbone": backbone.model.model_dump(),
        "machine": {
            "cores": os.cpu_count(),
            "system": platform.platform(terse=True),
            "python": platform.python_version(),
        },
        "photographs": count,
        "subjects": len(looks),
        "trials": {"genuine": sum(f[0] == f[1] for f in found), "impostor": sum(f[0] != f[1] for f in found)},
        "cpu_seconds_a_picture": round(spent, 3),
        "held_out": {
            k: {"value": round(v, 4), "interval_95": [round(x, 4) for x in between[k]]} for k, v in at.items()
        },
        "chosen_on_these_photographs": ["weight of colours (0.5)", "two best references"],
        "not_validated_on": ["human faces", "drawn frames", "one person in other clothes"],
    }
    print(json.dumps(report, indent=2))
    (HERE / "identity_results.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    if options.write_cohort:
        cohort = fit_cohort(looks, f"photographs of {len(looks)} animals and things")
        kept = {
            "weights_sha256": backbone.model.weights_sha256,
            "embedding": backbone.model.name,
            "cohort": {k: getattr(cohort, k) for k in cohort.__slots__},
        }
        place = HERE.parent / "src" / "shotwright" / "vision" / "cohort.json"
        place.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
