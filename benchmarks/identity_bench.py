"""How well the embedded backbone tells subjects apart, on photographs that the calibration has not seen.

    python benchmarks/identity_bench.py FOLDER [--write-cohort]

FOLDER holds one folder of photographs a subject. Each photograph is looked at whole, to find its subject, and again at
the subject's box. Subjects make three folds in order of name, so that like meets like (four dogs in one); the cohort is
fitted on the other folds' subjects alone. A trial is a photograph against three references of a subject. In company,
the five subjects of a fold are asked about in one request, three references each, and lose what they have in common;
alone, a request has one subject. Intervals are bootstraps over subjects. Prints the figures and keeps them in
identity_results.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np

from shotwright.vision.backbones import open_backbone
from shotwright.vision.backbones.lazy import salience_of
from shotwright.vision.calibration import Cohort, expected_calibration_error, fit_looks
from shotwright.vision.pictures import picture_of
from shotwright.vision.similarity import common_to, likeness, without
from shotwright.vision.subject_box import subject_box

HERE = Path(__file__).parent
FOLDS, ROUNDS, SEED = 3, 200, 7


def auc(genuine, impostor):
    order = np.concatenate([genuine, impostor])
    _, inverse, count = np.unique(order, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[inverse]
    n = len(genuine)
    return (ranks[:n].sum() - n * (n + 1) / 2) / (n * len(impostor))


def at_subject(backbone, picture):
    """The picture with a box round its subject, as the validator looks at it."""
    salience = salience_of(backbone, picture.pixels)
    box = None if salience is None else subject_box(salience)
    return picture if box is None else replace(picture, bbox=box)


def requests_of(names):
    """Subjects in requests of about five, in turn."""
    count = max(1, len(names) // 5)
    return [names[start::count] for start in range(count)]


def cohort_of(looks, name, *, company):
    """Four figures: every photograph against every three others of its subject, and other subjects' against all."""
    genuine, impostor = [], []
    for group in requests_of(sorted(looks)):
        common = common_to([looks[n][:3] for n in group]) if company else None
        rows = {n: without(looks[n], common) for n in group}
        for n in group:
            for chosen in combinations(range(len(rows[n])), 3):
                genuine.append(likeness(np.delete(rows[n], chosen, 0), rows[n][list(chosen)]))
            impostor += [likeness(rows[o], rows[n]) for o in group if o != n]
    own, others = np.concatenate(genuine), np.concatenate(impostor)
    return Cohort(name, float(own.mean()), float(own.std(ddof=1)), float(others.mean()), float(others.std(ddof=1)))


def trials(looks, *, company=True):
    """[(subject, whose photograph, raw, score)]: every subject held out in its fold."""
    names = sorted(looks)
    found = []
    for fold in range(FOLDS):
        held = names[fold * len(names) // FOLDS : (fold + 1) * len(names) // FOLDS]
        cohort = cohort_of({n: looks[n] for n in names if n not in held}, f"fold {fold}", company=company)
        for name in held:
            for turn, chosen in enumerate(combinations(range(len(looks[name])), 3)):
                picked = {name: chosen}
                for other in held:
                    triples = list(combinations(range(len(looks[other])), 3))
                    picked.setdefault(other, triples[turn * 7 % len(triples)])
                references = {n: looks[n][list(picked[n])] for n in (held if company else [name])}
                common = common_to([references[n] for n in sorted(references)]) if company else None
                references = {n: without(rows, common) for n, rows in references.items()}
                model = fit_looks(references, cohort)[name]
                for other in held:
                    probes = without(np.delete(looks[other], picked[other], 0), common)
                    found += [
                        (name, other, float(r), model.score(float(r))) for r in likeness(probes, references[name])
                    ]
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
    looks = {name: backbone.embed([at_subject(backbone, p) for p in each]) for name, each in pictures.items()}
    count = sum(map(len, pictures.values()))
    spent = (time.process_time() - began) / count
    found = trials(looks)
    at, between = figures(found), intervals(found)
    alone = trials(looks, company=False)
    one, between_one = figures(alone), intervals(alone)
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
        "held_out": _told(at, between),
        "held_out_one_subject_a_request": _told(one, between_one),
        "chosen_on_these_photographs": [
            "weight of colours (0.5)",
            "two best references",
            "looking again at the subject's box",
            "how much the looks of a request move the centre",
        ],
        "not_validated_on": ["human faces", "drawn frames", "one person in other clothes"],
    }
    print(json.dumps(report, indent=2))
    (HERE / "identity_results.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    if options.write_cohort:
        name = f"photographs of {len(looks)} animals and things"
        kept = {"weights_sha256": backbone.model.weights_sha256, "embedding": backbone.model.name}
        for key, company in (("cohort", False), ("company", True)):
            cohort = cohort_of(looks, name, company=company)
            kept[key] = {k: getattr(cohort, k) for k in cohort.__slots__}
        place = HERE.parent / "src" / "shotwright" / "vision" / "cohort.json"
        place.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def _told(at, between):
    return {k: {"value": round(v, 4), "interval_95": [round(x, 4) for x in between[k]]} for k, v in at.items()}


if __name__ == "__main__":
    main()
