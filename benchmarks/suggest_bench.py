"""Suggestions held to the rules by arithmetic of their own: generated requests, and the scenes of real screenplays.

    python benchmarks/suggest_bench.py [--requests 400] [--screenplay FILE ...] [--out benchmarks/suggest_results.json]

Part 1, generated requests (scene types x feelings x casts of 0-5 x shots before x locked shots x lines given or not,
with the atlas and with an empty library): every candidate's camera is held to the line by a cross product, every cut of
the first candidates to C30 and CSIZE by angles and steps, none of it by the suggester's own functions. Part 2, one
change: the same request under each feeling and under calm: does size, light, angle or move go the beat table's way, and
does anything go against it (contrast is read on frames wider than a close-up, which rule softens). Part 3, whole
productions: the Cinematographer with and without the advice, as the Continuity Supervisor flags both.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import random
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from shotwright.craft.beats import beat_looks
from shotwright.craft.idioms import idioms
from shotwright.model.shot import EmotionalBeat, Line, Subject
from shotwright.model.vision import PlannedShot, SceneSetting, ShotWish, SuggestContext, SuggestRequest
from shotwright.model.vocabulary import SIZE_ORDER
from shotwright.vision.atlas import seed_atlas
from shotwright.vision.library import ShotLibrary
from shotwright.vision.plain_engines import ColourAndContour
from shotwright.vision.suggest import CraftSuggester

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "last_bird_in"
SIZE_WORDS = {
    "extreme_wide": "extreme wide shot", "wide": "wide shot", "medium_wide": "medium wide shot",
    "medium": "medium shot", "medium_close_up": "medium close-up", "close_up": "close-up",
    "extreme_close_up": "extreme close-up",
}  # fmt: skip
ACTIONS = ("She crosses to the window.", "They quarrel.", "He reads the letter twice.", "Nobody moves.", "")


def made_request(seed: int) -> SuggestRequest:
    """A request of its own for each seed."""
    rng = random.Random(seed)
    kind = [*idioms(), ""][seed % (len(idioms()) + 1)]
    beat = [*beat_looks()][(seed // 3) % len(beat_looks())]
    cast = tuple(f"character/p{i}" for i in range(seed % 6))
    placed = seed % 3 != 0
    at = {who: (round(rng.uniform(-2.2, 2.2), 2), 0.0, round(rng.uniform(-0.8, 0.8), 2)) for who in cast}
    if any(math.dist(at[a], at[b]) < 0.7 for a in cast for b in cast if a < b):
        at = {who: (round(-2.0 + 0.95 * i, 2), 0.0, round(0.2 * (i % 2), 2)) for i, who in enumerate(cast)}
    count = 1 + seed % 9
    shots = []
    for i in range(count):
        who = cast[i % len(cast)] if cast else ""
        others = [c for c in cast if c != who]
        several = bool(cast) and rng.random() < 0.2
        blocking = tuple(
            Subject(entity=c, position_m=at[c], heading_deg=rng.choice((-90.0, 90.0, 20.0)), screen_position="center")
            for c in cast
        )
        shots.append(
            ShotWish(
                shot_id=f"s{i}", purpose="We learn what they want.", action=ACTIONS[(seed + i) % len(ACTIONS)],
                beat=EmotionalBeat(name=beat, intensity=round(rng.random(), 2)) if rng.random() < 0.8 else None,
                characters=(who, *(others if several else ())) if who else (),
                speaker="" if several or rng.random() < 0.3 else who,
                turn=i == count - 2 and rng.random() < 0.8, blocking=blocking if placed else (),
                tags=(beat, kind) if kind else (beat,),
            )
        )  # fmt: skip
    line = None
    if len(cast) > 1 and placed and rng.random() < 0.5:
        line = Line(kind="look", a=cast[0], b=cast[1], side=rng.choice(("left", "right")), passage=1)
    return SuggestRequest(
        scene=SceneSetting(
            type=kind, int_ext=rng.choice(("INT", "EXT", "")), time_of_day=rng.choice(("night", "morning", "dusk")),
            location=rng.choice(("kitchen", "harbour", "street", "ward")),
            emotional_beat=EmotionalBeat(name=beat, intensity=0.7),
        ),
        shots=tuple(shots), context=SuggestContext(line=line), k=rng.choice((1, 3, 6)),
    )  # fmt: skip


def with_more(request: SuggestRequest, suggester: CraftSuggester, seed: int) -> SuggestRequest:
    """The request with shots before it and a shot locked, taken from answers to itself."""
    rng = random.Random(seed * 7 + 1)
    answer = suggester.suggest(request, blind)
    planned = []
    for wish, shot in zip(request.shots, answer.shots, strict=True):
        pick = shot.candidates[rng.randrange(len(shot.candidates))]
        if pick.camera is None:
            return request
        staged = {str(s.entity): s for s in wish.blocking}
        subjects = tuple(staged[c] for c in wish.characters[:2] if c in staged)
        planned.append(PlannedShot(shot_id=wish.shot_id, camera=pick.camera, lighting=pick.lighting, subjects=subjects))
    context = request.context
    if rng.random() < 0.35:
        context = context.model_copy(update={"previous_shots": tuple(planned[:2])})
    if rng.random() < 0.35 and len(planned) > 2:
        at = rng.randrange(len(planned))
        context = context.model_copy(update={"locked": {planned[at].shot_id: planned[at]}})
    return request.model_copy(update={"context": context})


def blind(*_: Any) -> Any:
    raise AssertionError("no picture was to be looked at")


def side(a: Any, b: Any, camera: Any) -> float:
    return float((b[0] - a[0]) * (camera[2] - a[2]) - (b[2] - a[2]) * (camera[0] - a[0]))


def about(subject: Any, camera: Any) -> float:
    return math.degrees(math.atan2(camera[0] - subject[0], camera[2] - subject[2]))


def whom(candidate: Any) -> str:
    several = candidate.framing in ("two_shot", "three_shot", "group")
    return str(candidate.framing if several else candidate.camera.focus.on)


def checked(request: SuggestRequest, answer: Any) -> Counter[str]:
    """What was counted and what was wrong in one answer."""
    found: Counter[str] = Counter()
    at = {str(s.entity): s.position_m for w in request.shots for s in w.blocking}
    line = request.context.line
    fixed = set(request.context.locked)
    for wish, shot in zip(request.shots, answer.shots, strict=True):
        found["shots"] += 1
        if not shot.candidates:
            found["no candidate"] += 1
        for c in shot.candidates:
            if wish.shot_id in fixed:
                continue
            found["candidates"] += 1
            ids = [e.library_id for e in c.evidence]
            found["without evidence"] += not any(i.startswith("idiom/") for i in ids) or not any(
                i.startswith("beat/") for i in ids
            )
            found["library named"] += any(i.startswith("ls_") for i in ids)
            found["label wrong"] += SIZE_WORDS[c.shot_size] not in c.label.lower() or (
                c.movement != "static" and c.label.startswith("Static")
            )
            found["error violations"] += sum(v.severity == "error" for v in c.violations)
            if line is not None and c.framing != "insert":
                sign = side(at[line.a], at[line.b], c.camera.position_m)
                found["held to a line"] += 1
                found["C180"] += (sign > 0) != (line.side == "right")
    way = [shot.candidates[0] for shot in answer.shots if shot.candidates]
    ids = [wish.shot_id for wish in request.shots]
    for i in range(1, len(way)):
        one, two = way[i - 1], way[i]
        if {ids[i - 1], ids[i]} <= fixed:
            continue
        found["cuts"] += 1
        leap = abs(SIZE_ORDER[one.shot_size] - SIZE_ORDER[two.shot_size])
        beat = request.shots[i].beat or request.scene.emotional_beat
        if leap >= 4 and beat is not None and beat.name != "shock" and "insert" not in (one.framing, two.framing):
            found["CSIZE leap"] += 1
        spot = at.get(whom(one))
        if spot is not None and whom(one) == whom(two) and leap < 2 and "insert" not in (one.framing, two.framing):
            turned = abs((about(spot, one.camera.position_m) - about(spot, two.camera.position_m) + 180) % 360 - 180)
            found["C30"] += turned < 29
        if i > 1 and not {ids[i - 2], ids[i - 1], ids[i]} & fixed:
            same = {(c.shot_size, c.angle, whom(c), c.framing == "insert") for c in (way[i - 2], one, two)}
            found["triples"] += 1
            found["three running"] += len(same) == 1
    return found


def generated(suggester: CraftSuggester, count: int) -> dict[str, Any]:
    found: Counter[str] = Counter()
    spent = []
    for seed in range(count):
        request = with_more(made_request(seed), suggester, seed)
        began = time.process_time()
        answer = suggester.suggest(request, blind)
        spent.append(time.process_time() - began)
        found += checked(request, answer)
    names = ("C180", "error violations", "three running", "CSIZE leap", "C30", "without evidence", "label wrong",
             "no candidate")  # fmt: skip
    return {
        "requests": count, **{k: v for k, v in sorted(found.items()) if k not in names},
        "wrong": {k: found[k] for k in names}, "cpu_ms_a_scene": round(1000 * sum(spent) / count, 1),
        "cpu_ms_worst": round(1000 * max(spent), 1),
    }  # fmt: skip


def directions(suggester: CraftSuggester) -> dict[str, Any]:
    """Each feeling against calm, all else equal: what went the table's way and what went against it."""
    looks = beat_looks()
    rows: dict[str, Any] = {}
    for beat, look in looks.items():
        if beat == "calm":
            continue
        went: Counter[str] = Counter()
        for seed in range(24):
            base = made_request(seed * 7 + 5)
            pair = []
            for name in ("calm", beat):
                feeling = EmotionalBeat(name=name, intensity=0.8)
                shots = tuple(w.model_copy(update={"beat": feeling, "tags": ()}) for w in base.shots)
                scene = base.scene.model_copy(update={"emotional_beat": feeling})
                answer = suggester.suggest(base.model_copy(update={"shots": shots, "scene": scene}), blind)
                pair.append([s.candidates[0] for s in answer.shots])
            calm, felt = pair
            went["pairs"] += 1
            with_table, against = [], []
            wanted = look.size_at(0.8) - looks["calm"].size_at(0.8)
            size = [sum(SIZE_ORDER[c.shot_size] for c in way) / len(way) for way in pair]
            read = contrast(felt) and contrast(calm)
            for attribute, change, sign in (
                ("size", size[1] - size[0], wanted if abs(wanted) > 0.3 else 0.0),
                ("contrast", contrast(felt) - contrast(calm), look.ratio - looks["calm"].ratio if read else 0.0),
                ("warmth", calm[0].lighting.color_temperature_k - felt[0].lighting.color_temperature_k, look.mired),
                ("angle", sum((c.angle == "high_angle") - (c.angle == "low_angle") for c in felt),
                 look.angle_deg if abs(look.angle_deg) >= 4 else 0.0),
            ):  # fmt: skip
                if sign and change * sign > 1e-6:
                    with_table.append(attribute)
                elif sign and change * sign < -1e-6:
                    against.append(attribute)
            if look.move != "static" and any(c.movement.startswith(look.move) for c in felt):
                with_table.append("move")
            went["in the table's direction"] += bool(with_table)
            went["against it"] += bool(against)
            for word in with_table:
                went[f"+{word}"] += 1
            for word in against:
                went[f"-{word}"] += 1
        rows[beat] = dict(sorted(went.items()))
    return rows


def contrast(way: list[Any]) -> float:
    """Key to fill of a scene, on a frame that is not softened for being close; 0 where there is none."""
    return max((c.lighting.contrast_ratio for c in way if SIZE_ORDER[c.shot_size] < 5), default=0.0)


def productions(films: list[tuple[str, Path, tuple[Path, ...]]], suggester: CraftSuggester) -> dict[str, Any]:
    """The Cinematographer with and without advice on whole films: flags, variety and what became of the suggestions."""
    from shotwright.crew.art_director import dress_scene
    from shotwright.crew.cinematographer import photograph_scene
    from shotwright.crew.cinematographer.advice import suggest_request
    from shotwright.crew.continuity_supervisor import inspect_scene
    from shotwright.crew.sound_designer import score_scene
    from shotwright.production import ahead, scene_line
    from shotwright.production.assemble import assemble_scene
    from shotwright.production.studio import RunRequest, run_production

    report: dict[str, Any] = {}
    for title, path, assets in films:
        scenes: dict[str, Any] = {}
        usual_direct = scene_line.SceneLine.direct

        def direct(self: Any, work: Any, scenes: Any = scenes, usual: Any = usual_direct) -> Any:
            answer = usual(self, work)
            scenes[work.scene] = work, self._settings, answer.value
            return answer

        scene_line.SceneLine.direct = direct  # type: ignore[method-assign]
        can_fork, ahead._can_fork = ahead._can_fork, lambda: False
        try:
            with tempfile.TemporaryDirectory() as folder:
                run_production(RunRequest(path, Path(folder) / "film.shotwright", assets, until="layers"))
        finally:
            scene_line.SceneLine.direct = usual_direct  # type: ignore[method-assign]
            ahead._can_fork = can_fork
        kept = list(scenes.values())
        row: dict[str, Any] = {"scenes": len(kept), "shots": 0, "asked_cpu_ms_a_scene": 0.0}
        asked = 0.0
        for way in ("without", "with"):
            flags: Counter[str] = Counter()
            told: Counter[str] = Counter()
            frames: Counter[Any] = Counter()
            idiomatic = people = 0
            for work, settings, directed in kept:
                advice = ()
                if way == "with":
                    began = time.process_time()
                    advice = suggester.suggest(suggest_request(work.brief, directed, settings), blind).shots
                    asked += time.process_time() - began
                drawn = photograph_scene(work.brief, directed, settings, advice=advice)
                dressed = dress_scene(work.brief, directed, work.casting, work.assets, (), ())
                scored = score_scene(work.brief, directed, work.music, settings, (), ())
                shots = assemble_scene(work.brief, directed, drawn, dressed, scored, settings)
                for flag in inspect_scene(shots, work.brief, settings):
                    if flag.agent == "cinematographer":
                        flags[f"{flag.severity} {flag.code}"] += 1
                usual = idioms()[work.brief.scene.scene_type]
                kinds = {k for rows in usual.phases.values() for k, _ in rows}
                for shot in drawn.shots:
                    camera = shot.technical.camera
                    frames[camera.shot_size, camera.angle, camera.framing] += 1
                    names = {"single": {"single", "moving"}, "two_shot": {"two", "master"}, "three_shot": {"master"},
                             "group": {"master"}, "over_the_shoulder": {"over"}}.get(camera.framing)  # fmt: skip
                    if names:
                        people += 1
                        idiomatic += bool(names & kinds)
                    because = shot.provenance["camera"].because
                    if way == "with":
                        first = "service suggested" in because and "; taken" in because
                        other = "suggestion “" in because and "is taken" in because
                        told["first taken" if first else "another taken" if other else "not taken"] += 1
            total = sum(frames.values())
            row["shots"] = total
            row[way] = {
                "flags": dict(sorted(flags.items())),
                "errors": sum(v for k, v in flags.items() if k.startswith("error")),
                "warnings": sum(v for k, v in flags.items() if k.startswith("warn")),
                "idiom_conformance": round(idiomatic / max(people, 1), 3),
                "entropy_bits": round(-sum(v / total * math.log2(v / total) for v in frames.values()), 3),
                **({"suggestions": dict(sorted(told.items()))} if told else {}),
            }  # fmt: skip
        row["asked_cpu_ms_a_scene"] = round(1000 * asked / max(len(kept), 1), 1)
        report[title] = row
    return report


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--requests", type=int, default=400)
    asked.add_argument("--screenplay", type=Path, action="append", default=[])
    asked.add_argument("--out", type=Path, default=Path(__file__).with_name("suggest_results.json"))
    given = asked.parse_args()
    report: dict[str, Any] = {
        "machine": {"cores": os.cpu_count(), "system": platform.platform(terse=True),
                    "python": platform.python_version()},
    }  # fmt: skip
    films = [("last_bird_in (example)", EXAMPLE / "last_bird_in.fountain", (EXAMPLE / "assets",))]
    films += [(path.stem, path, ()) for path in given.screenplay]
    with tempfile.TemporaryDirectory() as folder:
        for name in ("atlas", "empty library"):
            library = ShotLibrary(Path(folder) / name.split()[0])
            try:
                if name == "atlas":
                    seed_atlas(library)
                suggester = CraftSuggester(library, ColourAndContour())
                report[name] = {
                    "generated": generated(suggester, given.requests if name == "atlas" else given.requests // 4),
                    "directions": directions(suggester) if name == "atlas" else {},
                    "productions": productions(films, suggester) if name == "atlas" else {},
                }
            finally:
                library.close()
    print(json.dumps(report, indent=2))
    given.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
