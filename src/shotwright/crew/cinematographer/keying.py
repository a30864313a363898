"""The key of a whole scene: what other contrast the same sources may be given, and every shot's light under it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from shotwright.craft.light import key_style
from shotwright.crew.cinematographer.lighting import Gaffer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.craft.light import LightPlan
    from shotwright.crew.cinematographer.draft import Photography
    from shotwright.crew.cinematographer.standing import Standing
    from shotwright.model.crew import Pin
    from shotwright.model.shot import Lighting
    from shotwright.model.vocabulary import LightQuality

QUALITIES: tuple[LightQuality, ...] = ("soft", "mixed", "hard")


@dataclass(frozen=True, slots=True)
class Key:
    """One way to light a scene. `name` is empty for the rules' own."""

    name: str
    label: str


def keys_of(scene: Photography, standing: Standing, given: Sequence[Lighting], pins: Sequence[Pin]) -> list[Key]:
    """The rules' key and the others that the scene may have; nothing where it must match a neighbour or a pin, or
    where somebody has changed the light of a shot. `given`: every shot's light as it stands."""
    if any(pin.field == "technical_layer" or pin.field.startswith("technical_layer.lighting") for pin in pins):
        return []
    gaffer = Gaffer(scene.brief, scene.found, scene.settings)
    places = list(dict.fromkeys(m.stage.place for m in scene.found))
    if any(gaffer.plays_on(place) for place in places):
        return []
    first = scene.found[0]
    plan = gaffer.plan(first.stage.place, gaffer.hour(first))
    found = [Key("", f"{_told(plan)}, {plan.motivated_by}")]
    for name in _keys():
        other = _keyed(plan, name)
        if other is not None:
            found.append(Key(name, _told(other)))
    return found if len(found) > 1 and lights(scene, standing, "") == list(given) else []


def lights(scene: Photography, standing: Standing, key: str) -> list[Lighting]:
    """The light of every shot of a way under a key."""
    gaffer = Gaffer(scene.brief, scene.found, scene.settings)
    if key:
        for moment in scene.found:
            place, hour = moment.stage.place, gaffer.hour(moment)
            if (place, hour) not in gaffer.plans:
                plan = gaffer.plan(place, hour)
                gaffer.plans[place, hour] = _keyed(plan, key) or plan
    return [
        gaffer.light(moment, frame.setup, 0 if chosen.kind == "insert" else chosen.size)
        for moment, chosen, frame in zip(scene.found, standing.way, standing.frames, strict=True)
    ]


def standing_key(scene: Photography, standing: Standing, given: Sequence[Lighting]) -> str:
    """The key that most shots are lit in as they stand."""
    best, most = "", -1
    for name in ("", *_keys()):
        same = sum(a == b for a, b in zip(lights(scene, standing, name), given, strict=True))
        if same > most:
            best, most = name, same
        if same == len(given):
            break
    return best


@cache
def _keys() -> dict[str, Any]:
    return tomllib.loads(resources.files("shotwright.crew.cinematographer").joinpath("refine.toml").read_text("utf-8"))


def _keyed(plan: LightPlan, name: str) -> LightPlan | None:
    """The plan under another key; None where it is as deep or as open already."""
    row = _keys()[name]
    factor, limit = float(row["factor"]), float(row["limit"])
    if (factor > 1 and plan.ratio > row["from"]) or (factor < 1 and plan.ratio < row["from"]):
        return None
    ratio = plan.ratio * factor
    ratio = round(min(ratio, limit) if factor > 1 else max(ratio, limit), 2)
    step = min(max(QUALITIES.index(plan.quality) + row["harder"], 0), len(QUALITIES) - 1)
    return replace(plan, ratio=ratio, quality=QUALITIES[step], feeling=str(row["feeling"]))


def _told(plan: LightPlan) -> str:
    return f"{key_style(plan.ratio).replace('_', ' ')} {plan.ratio:.1f}:1, {plan.quality}"
