"""People for benchmarks of identity on drawn frames: looks, planted faults, and shots that show one of them.

Everything follows from numbers; nothing is random. Faults are made in the appearance that a figure is drawn from, so
that what is planted is exactly known: which part is wrong and, of clothes, by how much (CIE 1976 colour difference).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from shotwright.adapters.asset_library.folder import FolderAssetLibrary
from shotwright.boards.figures import Appearance, appearance_of, figure
from shotwright.boards.figures.describing import linear
from shotwright.boards.frames import Picture, draw_frame
from shotwright.boards.scene import gaze_of
from shotwright.boards.sets import place_look
from shotwright.craft.geometry import camera_distance
from shotwright.craft.optics import coverage_of, eye_height, focal_for
from shotwright.model.shot import Shot
from shotwright.model.story import Character

EXAMPLE = Path(__file__).parent.parent / "examples" / "last_bird_in" / "assets"
LIGHTS: dict[str, dict[str, Any]] = {
    "left": {"azimuth_deg": -60}, "right": {"azimuth_deg": 60},
    "cool": {"azimuth_deg": -60, "color_temperature_k": 9000},
    "warm": {"azimuth_deg": 60, "color_temperature_k": 3200},
    "low_key": {"azimuth_deg": -60, "contrast_ratio": 12, "key_style": "low_key"},
    "flat": {"azimuth_deg": 60, "contrast_ratio": 1.1, "key_style": "flat"},
    "dark": {"azimuth_deg": -60, "exposure_ev": -2},
}  # fmt: skip
SIZES = ("wide", "medium_wide", "medium", "medium_close_up", "close_up")
FACINGS = {"frontal": (0, 12), "three_quarter": (40, -40), "profile": (90, -90), "three_quarter_back": (140, -140),
           "back": (180, 172)}  # fmt: skip
"""Facing -> degrees that the body is turned from the lens, in turn."""
PLACES = (("kitchen", True), ("office", True), ("street", False), ("living room", True), ("harbour", False),
          ("church", True), ("bar", True), ("forest", False))  # fmt: skip
POSES = ("stand", "stand", "walk", "sit", "phone", "stand", "lean", "point", "hold")
FAULTS = ("coat", "similar_coat", "person_same_clothes", "person", "hair_shape", "hair_colour", "drift")
DRESSES = ("green", "navy", "mustard", "burgundy", "cream", "charcoal", "teal", "plum", "tan", "red", "olive", "lilac")
LEFT_OUT = ("della#1", "gwen#1", "emlyn#1", "ada_brunt", "vera_coyle")
"""Second looks and two made ones: twenty looks are enough."""
MADE = (
    ("Ines Farrow", "A slim woman of thirty in a green coat over a cream jumper and jeans. Long brown hair."),
    ("Tom Acker", "A burly man of forty-five, bearded, in a checked red shirt and brown trousers. Short hair."),
    ("Mei Okafor", "A tall woman, 52, dark skin, grey hair in a bun, a purple dress and black shoes."),
    ("Jonah Reed", "A thin man of twenty-six with curly hair, a grey hoodie and black jeans."),
    ("Rosa Lind", "A woman of 61 with white hair, a navy cardigan, a white blouse and a grey skirt. Glasses."),
    ("Samir Vale", "A man of 38, olive skin, a charcoal suit with a blue tie. Moustache."),
    ("Kit Marlow", "A boy of nine in a yellow raincoat and boots. Blond hair."),
    ("Ada Brunt", "A stout woman of 44, ginger hair, a white apron over a blue dress."),
    ("Leon Hark", "A bald man of 58 in a tan trench coat and a striped shirt."),
    ("Noor Sayle", "A young woman, brown-skinned, in a red jumper and olive trousers. Ponytail."),
    ("Ben Tallow", "An athletic man of 33, a denim jacket over a white t-shirt, jeans. Parted dark hair."),
    ("Vera Coyle", "An old woman of 78, thin, a plum cardigan and a long black skirt. Curly hair."),
)


@dataclass(frozen=True)
class Person:
    """Somebody in a look, by what they are drawn from."""

    name: str
    appearance: Appearance
    example: bool
    """Of the example film; else made for the benchmark."""


@dataclass(frozen=True)
class Take:
    """One frame of one person: what is asked of it, and how it is lit and framed."""

    look: str
    fault: str
    """Empty: as the look is; `reference`: one of its references."""
    light: str
    size: str
    facing: str
    turn_deg: float
    pose: str
    place: str
    inside: bool
    delta_e: float = 0.0
    """Of a fault of clothes: the largest difference of a garment."""


def people() -> list[Person]:
    """Looks of the example film and made ones, in a fixed order."""
    assets = {a.key: a for a in FolderAssetLibrary([EXAMPLE]).assets()}
    found = []
    for place, key in enumerate(sorted(k for k in assets if k.startswith("char_"))):
        asset = assets[key]
        who = Character.model_validate({"id": f"character/{key[5:-4]}", "name": asset.name})
        for number, look in enumerate(asset.looks or (None,)):
            if number > 1:
                break
            clothes = [assets[k] for k in (look.clothes if look else ()) if k in assets]
            one = asset.model_copy(update={"looks": (look,) if look else ()})
            made = appearance_of(who, None, one, None, clothes=clothes, place=place)
            found.append(Person(f"{key[5:-4]}#{number}", made, True))
    for place, (name, said) in enumerate(MADE):
        stem = name.lower().replace(" ", "_")
        who = Character.model_validate({"id": f"character/{stem}", "name": name, "description": said})
        found.append(Person(stem, appearance_of(who, None, None, None, place=place), False))
    return [one for one in found if one.name not in LEFT_OUT]


def lab(colour: tuple[float, float, float]) -> np.ndarray:
    """CIE L*a*b* of linear sRGB, D65."""
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    t = matrix @ np.asarray(colour, float) / np.array([0.9505, 1.0, 1.089])
    f = np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def from_lab(value: np.ndarray) -> tuple[float, float, float]:
    fy = (value[0] + 16) / 116
    f = np.array([fy + value[1] / 500, fy, fy - value[2] / 200])
    t = np.where(f > 6 / 29, f**3, (116 * f - 16) * 27 / 24389) * np.array([0.9505, 1.0, 1.089])
    back = np.linalg.inv(np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]))
    r, g, b = np.clip(back @ t, 0.003, 0.95)
    return round(float(r), 4), round(float(g), 4), round(float(b), 4)


def difference(a: tuple[float, float, float], b: tuple[float, float, float]) -> float:
    return float(np.linalg.norm(lab(a) - lab(b)))


def _outer(look: Appearance) -> int:
    """The garment that the eye finds first."""
    from shotwright.boards.figures.garments import cuts

    slots = [cuts()[g.kind]["slot"] for g in look.garments]
    return next(slots.index(s) for s in ("coat", "extra", "dress", "upper", "lower") if s in slots)


def _recoloured(look: Appearance, which: int, colour: tuple[float, float, float], kind: str = "") -> Appearance:
    garments = list(look.garments)
    garments[which] = replace(garments[which], colour=colour, kind=kind or garments[which].kind, pattern="")
    return replace(look, garments=tuple(garments))


OTHER_CUT = {"coat": "jacket", "mackintosh": "coat", "jacket": "coat", "blazer": "jacket", "tunic": "jacket",
             "cardigan": "jacket", "shirt": "jumper", "jumper": "shirt", "blouse": "jumper", "tshirt": "shirt",
             "hoodie": "shirt"}  # fmt: skip
LONG, SHORT = ("long", "bob", "curly", "afro"), ("crop", "bald", "receding", "short")
HAIR = ("#1a1411", "#b9975c", "#8a3b1e", "#cfccc6", "#4a3020")


def planted(person: Person, fault: str, others: list[Person], turn: int) -> tuple[Appearance, float]:
    """The appearance with a fault in it, and the largest colour difference of its clothes. `turn` varies it."""
    look = person.appearance
    at = _outer(look)
    if fault == "coat":
        far = [c for c in map(lambda n: linear(_colour(n)), DRESSES) if difference(c, look.garments[at].colour) > 30]
        colour = far[turn % len(far)]
        kind = OTHER_CUT.get(look.garments[at].kind, "") if turn % 2 else ""
        return _recoloured(look, at, colour, kind), difference(colour, look.garments[at].colour)
    if fault == "similar_coat":
        start = lab(look.garments[at].colour)
        way = np.array([[6, 7, 0], [-5, 0, 8], [4, -7, 5], [0, 8, -6]][turn % 4], float)
        colour = from_lab(start + way)
        return _recoloured(look, at, colour), difference(colour, look.garments[at].colour)
    if fault == "person":
        other = others[turn % len(others)].appearance
        return replace(other, entity=look.entity), 0.0
    if fault == "person_same_clothes":
        other = others[turn % len(others)].appearance
        return replace(other, entity=look.entity, garments=look.garments), 0.0
    if fault == "hair_shape":
        choice = SHORT if look.hair in (*LONG, "bun", "ponytail") else LONG
        return replace(look, hair=choice[turn % len(choice)], fringe=False), 0.0
    if fault == "hair_colour":
        far = [c for c in map(linear, HAIR) if difference(c, look.hair_colour) > 30]
        colour = far[turn % len(far)]
        brows = tuple(round(0.5 * c, 4) for c in colour)
        hair = "short" if look.hair == "bald" else look.hair
        return replace(look, hair=hair, hair_colour=colour, brows=brows), 0.0  # type: ignore[arg-type]
    assert fault == "drift", fault
    garments, most = [], 0.0
    spin = math.radians((38, -38)[turn % 2])
    stretch = (1.5, 0.5)[turn // 2 % 2]
    for garment in look.garments:
        was = lab(garment.colour)
        a, b = was[1] * math.cos(spin) - was[2] * math.sin(spin), was[1] * math.sin(spin) + was[2] * math.cos(spin)
        now = np.array([was[0], a * stretch, b * stretch])
        if np.linalg.norm(now - was) < 14:
            # What is all but grey has no hue to turn: it takes on a tint.
            now = was + np.array([[0, 10, 10], [0, -11, 9], [0, 9, -11], [0, -10, -10]][turn % 4], float)
        colour = from_lab(now)
        most = max(most, difference(colour, garment.colour))
        garments.append(replace(garment, colour=colour))
    return replace(look, garments=tuple(garments)), most


def _colour(name: str) -> str:
    from shotwright.boards.figures.describing import words

    return str(words()["colours"][name])


def takes_of(number: int, person: Person, *, genuine: int = 28, each: int = 7) -> list[Take]:
    """What is drawn of a look besides its references: every light with every size, facings and places in turn."""
    found = []
    facings = tuple(FACINGS)
    lights = tuple(LIGHTS)

    def take(fault: str, i: int, n: int) -> Take:
        facing = facings[(n + i // 7 + number) % 5]
        turns = FACINGS[facing]
        place, inside = PLACES[(n * 3 + number + i) % len(PLACES)]
        return Take(person.name, fault, lights[n % 7], SIZES[(n + n // 7 + number) % 5], facing,
                    turns[(n + number) % 2], POSES[(n * 2 + i + number) % len(POSES)], place, inside)  # fmt: skip

    found += [take("", 0, n) for n in range(genuine)]
    for i, fault in enumerate(FAULTS):
        found += [take(fault, 7 * i + i, n + 3 * i) for n in range(each)]
    return found


def shot_of(take: Take, entity: str, number: int = 1) -> Shot:
    """A shot of one person as a take says."""
    size: Any = take.size
    focal = focal_for(size, "standard")
    distance, eyes = camera_distance(coverage_of(size, take.pose), focal, 16 / 9), eye_height(take.pose)
    cover = coverage_of(size, take.pose)
    look = eyes - 0.14 * cover if size not in ("wide", "extreme_wide") else max(cover * 0.42, eyes - 0.4 * cover)
    at = math.radians(take.turn_deg)
    azimuth = float(LIGHTS[take.light]["azimuth_deg"]) + take.turn_deg
    kelvin = LIGHTS[take.light].get("color_temperature_k", 5600)
    light = {
        "key_style": "mid_key", "direction": ["side_left"], "elevation_deg": 30, "quality": "soft",
        "contrast_ratio": 4, "source": ["daylight"], "motivated_by": "the window", "time_of_day": "morning",
        "description": "Morning.", **LIGHTS[take.light], "color_temperature_k": kelvin,
        "azimuth_deg": (azimuth + 180) % 360 - 180,
    }  # fmt: skip
    camera = {
        "shot_size": size, "angle": "eye_level", "height": "eye", "facing": take.facing, "framing": "single",
        "composition": ["center"], "movement": {}, "lens": {"focal_mm": focal, "class": "standard"}, "aperture_t": 5.6,
        "depth_of_field": "deep", "white_balance_k": 5600, "focus": {"on": entity},
        "position_m": (distance * math.sin(at), max(look, 0.4), distance * math.cos(at)), "look_at_m": (0, look, 0),
    }  # fmt: skip
    subject = {"entity": entity, "position_m": (0, 0, 0), "heading_deg": 0.0, "screen_position": "center",
               "pose_start": take.pose, "pose_end": take.pose}  # fmt: skip
    return Shot.model_validate({
        "shot_id": f"sh_{number}", "scene_id": "sc_1", "setup_id": "su_1", "slate": "1A",
        "shot_number_in_scene": number,
        "duration_frames": 144, "duration_seconds": 6.0, "cuts": [], "source": {}, "function": "coverage",
        "narrative_layer": {"action_description": "", "character_performance": "", "shot_purpose": ""},
        "contextual_layer": {"genre_aesthetics": [], "tone_and_mood": "",
                             "emotional_beat": {"name": "calm", "intensity": 0.2}},
        "technical_layer": {"camera": camera, "lighting": light,
                            "staging": {"plate": f"location/{take.place.replace(' ', '_')} side A",
                                        "subjects": [subject]}},
        "audio": {}, "digital_assets": {},
    })  # fmt: skip


def _maker(appearance: Appearance, shot: Shot, loose: bool = False) -> Any:
    lens = shot.technical_layer.camera.position_m

    def made(subject: Any, at: float) -> Any:
        yaw, pitch = gaze_of(subject, shot, lens)
        off = 4.0 if loose else 0.0
        mouth = "speaking" if loose else "closed"
        gaze = yaw + off, pitch - off / 2
        return figure(appearance, subject.pose_start, phase=0.25 + off / 40, gaze=gaze, mouth=mouth)

    return made


def drawn(
    take: Take, appearance: Appearance, neighbour: Appearance | None = None, *, loose: bool = False
) -> tuple[Shot, Picture]:
    """The shot of a take and its first frame.

    A neighbour stands nearer the lens and hides some of whom it is of. `loose`: the figure is another moment's, turned
    by 1°, looks 4° aside and speaks, and the light is 0.1 stops and 4° off what the shot says.
    """
    shot = shot_of(take, appearance.entity)
    if loose:
        layer = shot.technical_layer
        light = layer.lighting.model_copy(
            update={"exposure_ev": layer.lighting.exposure_ev + 0.1, "azimuth_deg": layer.lighting.azimuth_deg + 4}
        )
        turned = layer.staging.subjects[0].model_copy(update={"heading_deg": 1.0})
        staging = layer.staging.model_copy(update={"subjects": (turned,)})
        layer = layer.model_copy(update={"lighting": light, "staging": staging})
        shot = shot.model_copy(update={"technical_layer": layer})
    cast = {appearance.entity: _maker(appearance, shot, loose)}
    if neighbour is not None:
        layer = shot.technical_layer
        at = math.radians(take.turn_deg)
        side = 0.42 if take.light in ("left", "warm", "dark") else -0.42
        spot = (side * math.cos(at) + 0.35 * math.sin(at), 0.0, -side * math.sin(at) + 0.35 * math.cos(at))
        other = layer.staging.subjects[0].model_copy(
            update={"entity": neighbour.entity, "position_m": spot, "heading_deg": take.turn_deg + 120,
                    "pose_start": "stand", "pose_end": "stand"}
        )  # fmt: skip
        staging = layer.staging.model_copy(update={"subjects": (*layer.staging.subjects, other)})
        shot = shot.model_copy(update={"technical_layer": layer.model_copy(update={"staging": staging})})
        cast[neighbour.entity] = _maker(neighbour, shot)
    return shot, draw_frame(shot, "first", cast, _place(take, shot))


def _place(take: Take, shot: Shot) -> Any:
    return place_look(f"location/{take.place.replace(' ', '_')}", take.place, take.inside, [shot])
