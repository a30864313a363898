"""Twenty scenes with a fault planted in one shot of each go through the Supervisor's rounds over their frames.

    python benchmarks/loop_bench.py [SCREENPLAY [ASSETS]] [--scenes 20] [--json FILE]

Each scene of the film is taken to finished shots; then one field of one shot is spoilt, as a careless hand or a
model could, and the dailies run by themselves: drawn, looked at, sent back, drawn and looked at again. Counted are the
scenes that end passed with the spoilt field mended, what else was changed, and those left to a person; in one scene of
ten a person has pinned the wrong value, which no agent may mend. A clean pass over the same scenes says how many flags
there are without any fault.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from shotwright.boards.cast import CastSheet
from shotwright.crew.art_director import relevant_casting
from shotwright.model.crew import Pin
from shotwright.model.ids import ShotId
from shotwright.model.shot import Shot
from shotwright.production import wire
from shotwright.production.blobs import Blobs
from shotwright.production.config import BoardSettings, Settings, VisionSettings
from shotwright.production.dailies import Dailies
from shotwright.production.files import ProductionFolder
from shotwright.production.film import SceneBundle
from shotwright.production.journal import Journal
from shotwright.production.opened import Production
from shotwright.production.run import SceneWork
from shotwright.production.scene_line import SceneLine
from shotwright.production.sight import Sight
from shotwright.production.steps import Answer, Steps
from shotwright.production.story_line import tell_story
from shotwright.production.studio import RunRequest, run_production

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "last_bird_in"
ADULT_SHARE = 0.06
"""Of the frame, at least, for whoever the fault is about: who is too small to be judged cannot be spoilt."""


def at(shot: Shot, path: str, value: Any) -> Shot:
    """The shot with one field set."""
    tree = json.loads(shot.model_dump_json())
    node = tree
    *parents, last = path.split(".")
    for parent in parents:
        node = node[parent]
    node[last] = value
    return Shot.model_validate(tree)


def other_side(shot: Shot, sheet: CastSheet) -> Shot:
    light = shot.technical_layer.lighting
    turned = (light.azimuth_deg + 140 + 180) % 360 - 180
    return at(shot, "technical_layer.lighting.azimuth_deg", round(turned, 1))


def other_contrast(shot: Shot, sheet: CastSheet) -> Shot | None:
    ratio = shot.technical_layer.lighting.contrast_ratio
    return at(shot, "technical_layer.lighting.contrast_ratio", 14.0 if ratio < 5 else 1.5)


def other_colour(shot: Shot, sheet: CastSheet) -> Shot:
    mired = 1e6 / shot.technical_layer.lighting.color_temperature_k
    moved = mired + 110 if mired < 250 else mired - 110
    return at(shot, "technical_layer.lighting.color_temperature_k", round(1e6 / moved))


def darker(shot: Shot, sheet: CastSheet) -> Shot:
    return at(shot, "technical_layer.lighting.exposure_ev", -1.6)


def brighter(shot: Shot, sheet: CastSheet) -> Shot:
    return at(shot, "technical_layer.lighting.exposure_ev", 1.4)


def too_near(shot: Shot, sheet: CastSheet) -> Shot | None:
    return _moved(shot, 0.42)


def too_far(shot: Shot, sheet: CastSheet) -> Shot | None:
    return _moved(shot, 2.4)


def _moved(shot: Shot, ratio: float) -> Shot | None:
    camera = shot.technical_layer.camera
    if camera.shot_size not in ("medium_wide", "medium", "medium_close_up") or camera.coverage_m is not None:
        return None
    focus = next((s for s in shot.technical_layer.staging.subjects if s.entity == camera.focus.on), None)
    if focus is None:
        return None
    (x, y, z), (fx, _, fz) = camera.position_m, focus.position_m
    place = [round(fx + (x - fx) * ratio, 2), y, round(fz + (z - fz) * ratio, 2)]
    return at(shot, "technical_layer.camera.position_m", place)


def no_headroom(shot: Shot, sheet: CastSheet) -> Shot | None:
    camera = shot.technical_layer.camera
    if camera.shot_size not in ("medium_wide", "medium", "medium_close_up") or camera.angle != "eye_level":
        return None
    drop = {"medium_wide": 0.45, "medium": 0.3, "medium_close_up": 0.2}[camera.shot_size]
    x, y, z = camera.look_at_m
    return at(shot, "technical_layer.camera.look_at_m", [x, round(y - drop, 2), z])


def wrong_clothes(shot: Shot, sheet: CastSheet) -> Shot | None:
    """Somebody's clothes swapped for other clothes of the library, in the list and in the binding."""
    assets = shot.digital_assets
    focus = shot.technical_layer.camera.focus.on
    stem = f"clothes/{focus.partition('/')[2]}."
    own = [(entity, key) for entity, key in assets.bindings.items() if entity.startswith(stem) and isinstance(key, str)]
    coats = ("mackintosh", "donkey", "jacket", "coat", "tunic", "gown", "jumper", "tabard")
    if len(own) != 1 or not any(word in own[0][1] for word in coats):
        return None
    entity, key = own[0]
    other = next(
        k for k, a in sheet.assets.items()
        if a.kind == "clothes" and k not in assets.clothes and any(w in k for w in coats)
    )  # fmt: skip
    worn = [other if k == key else k for k in assets.clothes]
    bindings = {**json.loads(assets.model_dump_json())["bindings"], entity: other}
    return at(at(shot, "digital_assets.clothes", worn), "digital_assets.bindings", bindings)


def wrong_person(shot: Shot, sheet: CastSheet) -> Shot | None:
    """Another member of the cast in somebody's place."""
    assets = shot.digital_assets
    focus = shot.technical_layer.camera.focus.on
    key = assets.bindings.get(focus)
    if not isinstance(key, str) or not focus.startswith("character/"):
        return None
    known = sheet.assets
    other = next(
        (c.key for c in sheet.castings
         if c.kind == "character" and c.key and c.key not in assets.characters and c.key in known),
        None,
    )  # fmt: skip
    if other is None:
        return None
    cast = [other if k == key else k for k in assets.characters]
    bindings = {**json.loads(assets.model_dump_json())["bindings"], focus: other}
    return at(at(shot, "digital_assets.characters", cast), "digital_assets.bindings", bindings)


FAULTS: dict[str, Any] = {
    "key from the other side": other_side,
    "wrong person": wrong_person,
    "other contrast": other_contrast,
    "too near for its size": too_near,
    "wrong clothes": wrong_clothes,
    "other colour of light": other_colour,
    "too dark": darker,
    "no headroom": no_headroom,
    "too far for its size": too_far,
    "too bright": brighter,
}


class Stage:
    """A finished film whose scenes can be spoilt and screened."""

    def __init__(self, script: Path, assets: Path | None, folder: Path) -> None:
        libraries = (assets,) if assets is not None else ()
        run_production(RunRequest(script, folder, libraries, frames=False))
        self.folder = ProductionFolder(folder)
        self.production = Production(folder)
        self.assets = wire.asset_library([str(a) for a in libraries]).assets()
        self.journal = Journal(folder / "loop.sqlite")
        self.steps = Steps(self.journal)
        self.settings = Settings()
        self.blobs = Blobs(self.folder.frames)
        self.sight = Sight(lambda: wire.vision_service(VisionSettings(), self.folder))
        screenplay = self.production.screenplay
        told = tell_story(self.steps, screenplay, self.settings.film, list(self.assets), None, lambda done, total: None)
        self.told = told
        self.briefs = {str(b.scene.scene_id): b for b in told.briefs}
        self.sheet = CastSheet.of(told.story, told.casting, self.assets)
        self.line = SceneLine(self.steps, self.settings.film, self.settings.review.rounds)

    def work(self, scene: str, pins: tuple[Pin, ...] = ()) -> SceneWork:
        brief = self.briefs[scene]
        casting = tuple(relevant_casting(brief, self.told.casting))
        by_key = {a.key: a for a in self.assets}
        used = tuple(by_key[c.key] for c in casting if c.key in by_key)
        return SceneWork(brief, brief.model_dump_json(), casting, used, (), pins)

    def screen(self, scene: str, spoilt: dict[str, Shot], pins: tuple[Pin, ...] = ()) -> Any:
        work = self.work(scene, pins)
        bundle = self.line.finish(work)
        shots = tuple(spoilt.get(s.shot_id, s) for s in bundle.value.shots)
        changed: Answer[SceneBundle] = self.steps.do(
            "scene", scene, [bundle.key, *(s.model_dump_json() for s in shots)], SceneBundle,
            lambda: bundle.value.model_copy(update={"shots": shots}),
        )  # fmt: skip
        dailies = Dailies(
            self.steps, self.blobs, self.sheet, self.sight, self.settings.film, BoardSettings(), VisionSettings(),
            self.settings.review.rounds, {},
        )  # fmt: skip
        crew, _ = self.line.crew(work)
        return bundle.value.shots, dailies.screen(work.brief, changed, crew, bundle.value.shots).value


def judged(clean: tuple[Shot, ...], screened: Any, shot: str) -> dict[str, Any]:
    """What became of a spoilt shot: its status, whether it is as it was before, and what else was changed."""
    before = {s.shot_id: content_of(s) for s in clean}
    after = {s.shot_id: content_of(s) for s in screened.shots}
    mine = next(s for s in screened.shots if s.shot_id == shot)
    first = [f for f in screened.viewings[0].flags if f.shot_id == shot and f.severity == "error"]
    return {
        "found": sorted({f.code for f in first}),
        "status": mine.continuity.status,
        "as it was": after[shot] == before[shot],
        "differs in": [k for k in after[shot] if after[shot][k] != before[shot][k]],
        "others changed": sum(after[s] != before[s] for s in after if s != shot),
        "log": [line for line in screened.log if line.startswith("frames")],
    }


def content_of(shot: Shot) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        shot.model_dump_json(exclude={"continuity", "review", "provenance", "frames", "shot_number_in_scene", "audio"})
    )
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("screenplay", nargs="?", type=Path, default=EXAMPLE / "last_bird_in.fountain")
    parser.add_argument("assets", nargs="?", type=Path)
    parser.add_argument("--scenes", type=int, default=20)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    assets = given.assets or (EXAMPLE / "assets" if given.screenplay.parent == EXAMPLE else None)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        stage = Stage(given.screenplay, assets, Path(place) / "film")
        rows, clean_flags, clean_frames = [], Counter(), 0
        scenes = [scene for scene, shots in stage.production.film if len(shots) >= 3]
        names = list(FAULTS)
        clean_seen: dict[str, Any] = {}
        plans: dict[str, dict[str, Any]] = {}
        turn = 0
        while len(rows) < given.scenes and turn < 10 * given.scenes:
            scene, name = scenes[turn % len(scenes)], names[(turn + turn // len(scenes)) % len(names)]
            turn += 1
            if scene not in clean_seen:
                shots, screened = stage.screen(scene, {})
                clean_seen[scene], plans[scene] = screened, {s.shot_id: content_of(s) for s in shots}
                clean_frames += len(screened.shots)
                clean_flags.update(f.code for f in screened.viewings[0].flags if f.severity == "error")
                print(
                    f"clean {scene}: {[f.code for f in screened.viewings[0].flags if f.severity == 'error']}",
                    flush=True,
                )
            pinned = len(rows) % 10 == 9
            chosen = pick(clean_seen[scene], plans[scene], "too dark" if pinned else name, stage)
            if chosen is None:
                continue
            target, spoilt = chosen
            if pinned:
                name = "too dark, pinned by a person"
                field = "technical_layer.lighting.exposure_ev"
                pin = Pin(shot_id=ShotId(target), field=field, value_json="-1.6")
                _, screened = stage.screen(scene, {}, (pin,))
            else:
                _, screened = stage.screen(scene, {target: spoilt})
            row = {"scene": scene, "fault": name, **judged(clean_seen[scene].shots, screened, target)}
            rows.append(row)
            print(
                f"{len(rows):2} {name}: {row['found']} -> {row['status']}, {row['differs in'] or 'as it was'}",
                flush=True,
            )
    mendable = [r for r in rows if "pinned" not in r["fault"]]
    passed = [r for r in mendable if r["status"] == "passed" and r["as it was"]]
    result = {
        "machine": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "scenes": len(rows),
        "an agent can mend": len(mendable),
        "of these seen in the frames as an error": sum(bool(r["found"]) for r in mendable),
        "of these sent back": sum(bool(r["log"]) for r in mendable),
        "of these mended and passed": len(passed),
        "left to a person": sum(r["status"] == "needs_human" for r in rows),
        "pinned": sum("pinned" in r["fault"] for r in rows),
        "pinned, left to a person": sum(r["status"] == "needs_human" for r in rows if "pinned" in r["fault"]),
        "other shots changed": sum(r["others changed"] for r in rows),
        "errors on clean scenes": dict(clean_flags),
        "clean shots": clean_frames,
        "seconds": round(time.monotonic() - began, 1),
        "rows": rows,
    }
    print(json.dumps({k: v for k, v in result.items() if k != "rows"}, indent=2))
    if given.json:
        given.json.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.exit(0)


def pick(clean: Any, plan: dict[str, Any], name: str, stage: Stage) -> tuple[str, Shot] | None:
    """A shot of the scene in which the fault can be seen, and the shot spoilt."""
    for shot in clean.shots:
        frames = clean.frames[shot.shot_id]
        focus = shot.technical_layer.camera.focus.on
        seen = next((s for s in frames[0].subjects if str(s.entity) == focus), None)
        if content_of(shot) != plan[shot.shot_id]:
            continue
        if seen is None or seen.share < ADULT_SHARE or shot.technical_layer.lighting.events:
            continue
        base = Shot.model_validate(json.loads(shot.model_dump_json()))
        spoilt = FAULTS[name](base, stage.sheet)
        if spoilt is not None and content_of(spoilt) != content_of(base):
            clean_shot = spoilt.model_copy(
                update={"frames": (), "continuity": shot.continuity.model_copy(update={"flags": ()})}
            )
            return shot.shot_id, clean_shot
    return None


if __name__ == "__main__":
    main()
