"""What a person looks like: everything that a figure is made from, as one value.

What the script and the asset library say is kept; what nobody said comes from a hash of the entity's id, so that the
same person is always the same, and is spread over a cast by the person's place in it.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from shotwright.boards.figures.describing import (
    first,
    garments_in,
    gender_in,
    hair_in,
    has_glasses,
    is_colour,
    linear,
    words,
    years_in,
)
from shotwright.boards.figures.garments import cuts
from shotwright.boards.figures.stance import Habit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.asset import Asset, AssetLook
    from shotwright.model.crew import Casting
    from shotwright.model.story import Character, Look

Colour = tuple[float, float, float]
_GOLDEN = 0.6180339887
_FACE = ("nose_wide", "nose_long", "nose_hump", "nose_up", "chin_strong", "chin_wide", "chin_long", "head_fat",
         "head_square", "head_long", "head_triangular", "cheekbones", "mouth_wide", "lips_full", "eyes_large",
         "ears_out")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Garment:
    kind: str
    """A cut of garments.toml: `shirt`, `mackintosh`, `brimmed_hat` …"""
    colour: Colour
    """Linear RGB reflectance."""
    accent: Colour = (0.6, 0.6, 0.58)
    pattern: str = ""
    """`striped`, `checked` or plain."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """One person in one look. Equal values draw equal figures."""

    entity: str
    gender: str
    years: float
    height_m: float
    weight: float
    """Thin to heavy, -1 to 1; likewise `muscle`."""
    muscle: float
    features: tuple[float, float, float]
    face: tuple[tuple[str, float], ...]
    """Targets of the face and how far each is taken."""
    skin: Colour
    lips: Colour
    eyes: Colour
    hair: str
    hair_colour: Colour
    brows: Colour
    beard: str = ""
    """`full`, `goatee`, `moustache`, `stubble` or none."""
    fringe: bool = False
    garments: tuple[Garment, ...] = ()
    glasses: Colour | None = None
    habit: Habit = Habit()
    seed: float = 0.0


class _Chance:
    """Numbers from an id that are the same on every machine and every day."""

    def __init__(self, entity: str, place: int | None) -> None:
        self.entity, self.place = entity, place

    def number(self, what: str) -> float:
        """0 to 1."""
        digest = blake2b(f"{self.entity}|{what}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") / 2**64

    def spread(self, what: str, step: float = _GOLDEN) -> float:
        """0 to 1; members of one cast, counted from its first, stay as far apart as may be."""
        if self.place is None:
            return self.number(what)
        return (self.place * step + 0.07 * self.number(what)) % 1.0

    def pick(self, what: str, among: Sequence[Any], *, turn: int = 0) -> Any:
        """One of several; `turn` above 0 goes through them by the place in the cast."""
        if self.place is None or not turn:
            return among[int(self.number(what) * len(among)) % len(among)]
        return among[(self.place * turn) % len(among)]


def appearance_of(
    character: Character,
    look: Look | None = None,
    asset: Asset | None = None,
    casting: Casting | None = None,
    *,
    clothes: Sequence[Asset] = (),
    place: int | None = None,
) -> Appearance:
    """The appearance of a character in a look.

    `asset` and `casting` are the character's own; `clothes` are the clothes assets worn in this look; `place` is the
    character's index in the story's cast, which spreads what nobody said over the cast.
    """
    unknown = words()["unknown"]
    chance = _Chance(str(character.id), place)
    worn = _asset_look(asset, look)
    person = " ".join(filter(None, (character.description, asset.description if asset else "",
                                    asset.prompt if asset else "", casting.prompt if casting else "")))  # fmt: skip
    of_look = " ".join(filter(None, (worn.description if worn else "", look.description if look else "",
                                     " ".join(look.clothes) if look else "")))  # fmt: skip
    gender = character.gender if character.gender != "unknown" else (
        gender_in(f"{character.age} {person}") or chance.pick("gender", ("female", "male"), turn=1)
    )  # fmt: skip
    years = _years(character, look, worn, person, chance)
    colours = [c for c in ((asset.colours if asset else ()) or (casting.colours if casting else ())) if is_colour(c)]
    main, hair_given, skin_given = _split(colours)
    tone = int(chance.spread("skin", 0.381966) * len(unknown["skins"])) % len(unknown["skins"])
    said = first("skins", person)
    skin_hex = said or skin_given or unknown["skins"][tone]
    features = tuple(unknown["skin_features"][tone if not (said or skin_given) else _nearest_skin(skin_hex)])
    dark = sum(linear(skin_hex)) < 0.45
    shape_said, colour_said = hair_in(f"{of_look} {person}" if worn or look else person)
    hair_colour = _hair_colour(chance, years, colour_said or (hair_given if years >= 60 or not _is_grey(hair_given)
                                                               else None), dark)  # fmt: skip
    hair = shape_said or _hair_shape(chance, gender, years)
    if hair == "bald" and not shape_said and hair_given:
        hair = "crop"
    weight, muscle = first("builds", person) or (
        round(1.3 * chance.spread("weight", 0.7548777) - 0.75, 3),
        round(1.4 * chance.number("muscle") - (0.5 if gender == "male" else 0.9), 3),
    )
    skin = linear(skin_hex)
    beard = ""
    if gender == "male" and years >= 19:
        beard = first("beards", person) or ""
        if not beard and len(person) < 40:
            beard = chance.pick("beard", unknown["beards"], turn=5 if place is not None else 0)
    return Appearance(
        entity=str(character.id),
        gender=gender,
        years=years,
        height_m=_height(character, asset, casting, gender, years, person, chance),
        weight=float(weight), muscle=float(muscle),
        features=(float(features[0]), float(features[1]), float(features[2])),
        face=tuple((name, (0.35 if name == "eyes_large" else 0.0) + round((chance.number(name) - 0.5) * (1.3 if name[:4] in ("head", "nose") else 0.8), 3)) for name in _FACE),
        skin=skin,
        lips=_lips(skin, gender),
        eyes=linear(chance.pick("eyes", unknown["dark_eyes"] if dark else unknown["eyes"])),
        hair=hair, hair_colour=linear(hair_colour),
        brows=_scaled(linear(hair_colour), 0.55 if sum(linear(hair_colour)) < 1.2 else 0.4),
        beard=str(beard),
        fringe=hair in ("long", "bob", "short", "curly") and chance.number("fringe") < (0.45 if gender == "female" else 0.25),
        garments=_garments(chance, gender, years, main, clothes, of_look, person),
        glasses=linear(chance.pick("frames", ("#1d1a18", "#5a3a24", "#8a8a8c")))
        if has_glasses(f"{person} {of_look}") or (not person and years > 30 and chance.number("glasses") < 0.2) else None,
        habit=_habit(chance, person + " " + (asset.manner if asset else "")),
        seed=round(chance.number("seed"), 4),
    )  # fmt: skip


def _asset_look(asset: Asset | None, look: Look | None) -> AssetLook | None:
    if asset is None or not asset.looks:
        return None
    day = look.story_day if look else ""
    return next((x for x in asset.looks if day and day in x.story_days), None) or next(
        (x for x in asset.looks if not x.story_days), asset.looks[0] if not day else None
    )


def _years(character: Character, look: Look | None, worn: AssetLook | None, person: str, chance: _Chance) -> float:
    for text in (look.age if look else "", (worn.description.split(":")[0] if worn and ":" in worn.description else ""),
                 character.age, character.description, person):  # fmt: skip
        years = years_in(text) if text else None
        if years is not None:
            return years
    return float(round(24 + 42 * chance.spread("years", 0.5698403)))


def _split(colours: Sequence[str]) -> tuple[str | None, str | None, str | None]:
    """A character asset's colours as clothes, hair and skin: dominant first, the skin the last that could be one."""
    if not colours:
        return None, None, None
    skin = next((c for c in reversed(colours[1:]) if _is_skin(c)), None)
    rest = [c for c in colours if c != skin]
    hair = rest[1] if len(rest) > 1 and skin is not None and _could_be_hair(rest[1]) else None
    return rest[0] if rest else None, hair, skin


def _hls(colour: str) -> tuple[float, float, float]:
    r, g, b = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return colorsys.rgb_to_hls(r, g, b)


def _is_skin(colour: str) -> bool:
    hue, light, saturation = _hls(colour)
    return 0.02 <= hue <= 0.12 and 0.2 <= light <= 0.88 and 0.22 <= saturation <= 0.75


def _could_be_hair(colour: str) -> bool:
    hue, light, saturation = _hls(colour)
    return saturation < 0.22 or light < 0.25 or 0.0 <= hue <= 0.14


def _is_grey(colour: str | None) -> bool:
    return colour is not None and _hls(colour)[2] < 0.2 and _hls(colour)[1] > 0.4


def _nearest_skin(colour: str) -> int:
    here = linear(colour)
    tones = [linear(c) for c in words()["unknown"]["skins"]]
    return min(range(len(tones)), key=lambda i: sum((a - b) ** 2 for a, b in zip(here, tones[i], strict=True)))


def _hair_colour(chance: _Chance, years: float, said: str | None, dark: bool) -> str:
    unknown = words()["unknown"]
    if said:
        return said
    if years >= 62 or (years >= 50 and chance.number("grey") < 0.5):
        return str(chance.pick("grey hair", unknown["grey_hair"]))
    if dark:
        return str(chance.pick("dark hair", unknown["dark_hair_colours"]))
    return str(chance.pick("hair colour", unknown["hair_colours"], turn=3))


def _hair_shape(chance: _Chance, gender: str, years: float) -> str:
    age = "_child" if years < 13 else "_old" if years >= 62 else ""
    return str(chance.pick("hair", words()["unknown"][f"hair{age}_{gender}"], turn=1))


def _height(
    character: Character, asset: Asset | None, casting: Casting | None, gender: str, years: float, person: str,
    chance: _Chance,
) -> float:  # fmt: skip
    for given in (casting.height_m if casting else None, asset.height_m if asset else None):
        if given and 0.3 <= given <= 2.6 and years_fit(given, years):
            return float(given)
    usual = usual_height(years, gender)
    said = first("heights", person)
    by = said if said is not None else (chance.spread("height", 0.8191725) - 0.5) * 0.16
    return round(usual + by * min(1.0, usual / 1.6), 3)


def years_fit(height_m: float, years: float) -> bool:
    """Whether a height that the library gives can be that of somebody of an age: a look may be another age's."""
    return years >= 15 or abs(height_m - usual_height(years, "female")) < 0.3


def usual_height(years: float, gender: str) -> float:
    """Metres; growth as in the usual tables, a little lost again in old age."""
    at = (1, 2, 4, 6, 8, 10, 12, 14, 16, 18)
    male = (0.76, 0.87, 1.03, 1.16, 1.28, 1.39, 1.50, 1.64, 1.74, 1.77)
    female = (0.74, 0.86, 1.02, 1.15, 1.27, 1.39, 1.51, 1.60, 1.63, 1.645)
    line = male if gender == "male" else female
    if years <= at[0]:
        return line[0]
    for i in range(len(at) - 1):
        if years <= at[i + 1]:
            return line[i] + (line[i + 1] - line[i]) * (years - at[i]) / (at[i + 1] - at[i])
    return line[-1] - 0.05 * min(1.0, max(0.0, (years - 55) / 30))


def _lips(skin: Colour, gender: str) -> Colour:
    strong = 1.0 if gender == "female" else 0.55
    r, g, b = skin
    return (round(r * (1 - 0.22 * strong), 4), round(g * (1 - 0.58 * strong), 4), round(b * (1 - 0.50 * strong), 4))


def _scaled(colour: Colour, by: float) -> Colour:
    return (round(colour[0] * by, 4), round(colour[1] * by, 4), round(colour[2] * by, 4))


def _habit(chance: _Chance, manner: str) -> Habit:
    low = manner.lower()
    idle = chance.pick("idle", words()["unknown"]["idles"], turn=1)
    if "arms folded" in low or "folded arms" in low:
        idle = "fold"
    side = 1 if chance.number("side") < 0.5 else -1
    return Habit(
        weight=round(side * (0.35 + 0.6 * chance.number("stance")), 3), nod=round(chance.number("nod") * 2 - 1, 3),
        tilt=round(chance.number("tilt") * 2 - 1, 3), arms=round(chance.number("arms") * 2 - 1, 3),
        feet=round(chance.number("feet") * 2 - 1, 3), idle=str(idle),
    )  # fmt: skip


def _hue(chance: _Chance) -> str:
    """The colour that the eye finds first: hues round the circle, lightness and strength in steps."""
    hue = chance.spread("hue")
    light = chance.pick("light", (0.30, 0.48, 0.22, 0.62, 0.38), turn=2)
    strength = chance.pick("strength", (0.55, 0.35, 0.60, 0.30), turn=3)
    r, g, b = colorsys.hls_to_rgb(hue, light, strength)
    return f"#{round(r * 255):02x}{round(g * 255):02x}{round(b * 255):02x}"


def _garments(
    chance: _Chance, gender: str, years: float, main: str | None, clothes: Sequence[Asset], of_look: str, person: str
) -> tuple[Garment, ...]:
    """Clothes by slot: what the assets say, then the look, then the person; then what such a person would wear."""
    by_slot: dict[str, Garment] = {}
    colourless: set[str] = set()

    def take(kind: str, colour: str | None, accent: str | None, pattern: str) -> None:
        slot = cuts()[kind]["slot"]
        if slot in by_slot:
            if slot in colourless and colour:
                by_slot[slot] = replace(by_slot[slot], colour=linear(colour))
                colourless.discard(slot)
            return
        if not colour:
            colourless.add(slot)
        by_slot[slot] = Garment(kind, linear(colour or "#808080"), linear(accent or "#d8d2c4"), pattern)

    for asset in clothes:
        palette = [c for c in asset.colours if is_colour(c)]
        named = garments_in(f"{asset.name}. {asset.description}")
        for n, (kind, colour, pattern, within) in enumerate(named):
            usual = palette[0] if palette and (n == 0 or within) and kind not in ("shirt", "tie") else None
            if kind in ("shirt", "tie") and within and len(palette) > 1:
                usual = palette[1 if kind == "shirt" else min(2, len(palette) - 1)]
            take(kind, usual or colour, palette[1] if len(palette) > 1 else None, pattern)
    for text in (of_look, person):
        for kind, colour, pattern, within in garments_in(text):
            if kind == "shirt" and within:
                colour = "#ece8dd"
            take(kind, colour, None, pattern)
    _complete(by_slot, colourless, chance, gender, years, main)
    order = ("upper", "lower", "dress", "coat", "extra", "shoes", "hat", "tie", "scarf")
    return tuple(by_slot[slot] for slot in order if slot in by_slot)


def _complete(
    by_slot: dict[str, Garment], colourless: set[str], chance: _Chance, gender: str, years: float, main: str | None
) -> None:
    unknown = words()["unknown"]
    known = bool(by_slot)
    lead = main or _hue(chance)
    if "dress" in by_slot:
        for slot in ("upper", "lower"):
            by_slot.pop(slot, None)
    else:
        if "upper" not in by_slot:
            kind = chance.pick("upper", unknown[f"uppers_{gender}"], turn=1)
            if known:
                kind = "shirt" if gender == "male" or "tie" in by_slot else "blouse"
            if kind == "dress":
                by_slot["dress"] = Garment("dress", linear(lead))
            else:
                plain = ("coat" in by_slot) or ("extra" in by_slot)
                by_slot["upper"] = Garment(kind, linear("#e4dfd2" if plain else lead))
        if "lower" not in by_slot and "dress" not in by_slot:
            kind = chance.pick("lower", unknown[f"lowers_{gender}"], turn=1)
            suit = by_slot.get("coat")
            colour = linear(chance.pick("lower colour", unknown["lower_colours"], turn=3))
            if suit is not None and suit.kind in ("tunic", "blazer"):
                colour = suit.colour
            by_slot["lower"] = Garment(kind, colour)
    if not known and years >= 13:
        over = chance.pick("coat", unknown["coats"], turn=3)
        if over and "dress" not in by_slot:
            by_slot["coat"] = Garment(over, linear(lead))
            by_slot["upper"] = Garment(by_slot["upper"].kind if by_slot["upper"].kind != "hoodie" else "shirt",
                                       linear(chance.pick("under", ("#e4dfd2", "#4a4d55", "#b9a98c", "#23252b"), turn=1)))  # fmt: skip
    if "shoes" not in by_slot:
        by_slot["shoes"] = Garment("shoes", linear(chance.pick("shoes", unknown["shoe_colours"], turn=1)))
    for slot in sorted(colourless & by_slot.keys()):
        garment = by_slot[slot]
        if slot == "shoes":
            colour = linear(chance.pick("shoes", unknown["shoe_colours"], turn=1))
        elif slot == "lower":
            coat = by_slot.get("coat")
            colour = coat.colour if coat and coat.kind in ("tunic", "blazer") and "coat" not in colourless else linear(
                chance.pick("lower colour", unknown["lower_colours"], turn=3))  # fmt: skip
        elif slot == "upper" and ({"coat", "extra"} & by_slot.keys()):
            colour = linear("#e4dfd2")
        elif slot == "tie":
            colour = linear("#3a2030")
        else:
            colour = linear(lead)
        by_slot[slot] = replace(garment, colour=colour)
