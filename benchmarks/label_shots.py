"""A hundred consecutive shots of the example film, frozen with their briefings for a person to label.

    python benchmarks/label_shots.py tests/unit/continuity_supervisor/labelled

writes `film.json.gz` (the layered shots and the briefings of their scenes) and prints each shot in one line, as a
script supervisor would note it, for reading against the continuity rules. What the reader finds is written by hand in
`labels.toml` beside it: the shots that stand on a lawful exception with the rule and why, and those with a true fault;
every other shot is clean. The labels are keyed by scene and place in the scene; whoever refreshes the shots reads them
again, and `read_by_eye` in the labels then holds the new fingerprint.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shotwright.model.shot import Shot
    from shotwright.model.story import SceneBrief

ROOT = Path(__file__).resolve().parents[1]
FILM = ROOT / "examples" / "last_bird_in"
COUNT = 100


def make_film() -> list[tuple[SceneBrief, list[Shot]]]:
    """The example film through the whole crew with its own library, scene by scene."""
    from shotwright.adapters.asset_library.folder import FolderAssetLibrary
    from shotwright.crew.architect import brief_scenes, meet_cast, read_scene, weave
    from shotwright.crew.art_director import cast_film, dress_scene
    from shotwright.crew.cinematographer import photograph_scene
    from shotwright.crew.director import direct_scene
    from shotwright.crew.sound_designer import plan_music, score_scene
    from shotwright.model.crew import FilmSettings, MusicPlan
    from shotwright.production.assemble import assemble_scene
    from shotwright.screenplay import read

    settings = FilmSettings()
    screenplay = read(FILM / "last_bird_in.fountain").screenplay
    cast = meet_cast(screenplay)
    story = weave(screenplay, cast, tuple(read_scene(scene, cast) for scene in screenplay.scenes), settings)
    assets = FolderAssetLibrary([FILM / "assets"]).assets()
    casting = cast_film(story, assets)
    music: dict[str, list[MusicPlan]] = defaultdict(list)
    for scene, plan in plan_music(story, settings):
        music[scene].append(plan)
    made = []
    for brief in brief_scenes(story, settings):
        directed = direct_scene(brief, settings)
        photographed = photograph_scene(brief, directed, settings)
        dressed = dress_scene(brief, directed, casting, assets)
        scored = score_scene(brief, directed, music[brief.scene.scene_id], settings)
        shots = assemble_scene(brief, directed, photographed, dressed, scored, settings)
        numbered = [s.model_copy(update={"shot_number_in_scene": n}) for n, s in enumerate(shots, 1)]
        if numbered:
            made.append((brief, numbered))
    return made


def freeze(folder: Path) -> dict[str, Any]:
    """Write the first hundred shots, whole scenes' briefings with them; the last scene may be cut short."""
    scenes: list[dict[str, Any]] = []
    left = COUNT
    for brief, shots in make_film():
        if left <= 0:
            break
        taken = shots[:left]
        left -= len(taken)
        scenes.append(
            {
                "brief": brief.model_dump(mode="json"),
                "shots": [shot.model_dump(mode="json", by_alias=True, exclude_defaults=True) for shot in taken],
                "whole": len(taken) == len(shots),
            }
        )
    text = json.dumps({"scenes": scenes}, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    folder.mkdir(parents=True, exist_ok=True)
    packed = gzip.compress(text.encode(), mtime=0)
    (folder / "film.json.gz").write_bytes(packed)
    return {"scenes": scenes, "fingerprint": hashlib.sha256(text.encode()).hexdigest()[:16], "bytes": len(packed)}


def _note(number: int, at: int, shot: dict[str, Any]) -> str:
    technical = shot["technical_layer"]
    camera, staging, light = technical["camera"], technical["staging"], technical["lighting"]
    line = staging.get("line") or {}
    x, _, z = camera["position_m"]
    people = " ".join(
        f"{s['entity'].partition('/')[2][:7]}{'*' if s.get('foreground') else ''}:{s['screen_position']}"
        f"@{s['position_m'][0]:.1f},{s['position_m'][2]:.1f}"
        f"{'>' + s['gaze']['screen_direction'][:5] if s.get('gaze') else ''}"
        f"{'~' + s['travel']['screen_direction'][:5] if s.get('travel') else ''}"
        for s in staging.get("subjects", ())
        if s["screen_position"] != "off"
    )
    said = " / ".join(
        f"{d['speaker'].partition('/')[2][:6]}[{d.get('voice', 'room')[:3]}{'+' if d.get('on_screen') else ''}]"
        f" {d['text'][:30]}"
        for d in shot["audio"].get("dialogue", ())
    )
    return (
        f"{number:02d}-{at:02d} {shot['function'][:6]:6} {camera['framing'][:6]:6} {camera['shot_size']} "
        f"{camera['lens']['focal_mm']}mm {camera.get('movement', {}).get('type', 'static')} cam {x:.1f},{z:.1f} "
        f"| {line.get('kind', '-')} {str(line.get('a', '')).partition('/')[2][:6]}-"
        f"{str(line.get('b', '')).partition('/')[2][:6]} {line.get('side', '')} p{line.get('passage', '')} "
        f"{line.get('reset', '')} | {people} | {light['azimuth_deg']:.0f}° {light['contrast_ratio']}:1 "
        f"{light['color_temperature_k']}K | {shot['duration_seconds']:.1f}s {shot.get('duration_reason') or ''} "
        f"{shot.get('transition_in', 'cut')} {'cont' if shot.get('continues_shot_id') else ''} "
        f"| {' '.join(staging.get('changes', ()))} | {said}\n"
        f"        {shot['narrative_layer']['action_description'][:150]}"
    )


def main() -> None:
    frozen = freeze(Path(sys.argv[1]))
    for number, scene in enumerate(frozen["scenes"], 1):
        print(f"== {number} {scene['brief']['scene']['slugline']['raw']} ({scene['brief']['scene']['scene_type']})")
        for at, shot in enumerate(scene["shots"], 1):
            print(_note(number, at, shot))
    print(f"fingerprint {frozen['fingerprint']}, {frozen['bytes']} bytes")


if __name__ == "__main__":
    main()
