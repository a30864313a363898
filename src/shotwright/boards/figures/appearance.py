"""What a person looks like: everything that a figure is made from, as one value.

What the script and the asset library say is kept; what nobody said comes from a hash of the entity's id, so that the
same person is always the same, and is spread over a cast by the person's place in it.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shotwright.boards.figures.chance import Chance
from shotwright.boards.figures.describing import (
    first,
    gender_in,
    hair_in,
    has_glasses,
    is_colour,
    linear,
    words,
)
from shotwright.boards.figures.stance import Habit
from shotwright.boards.figures.wardrobe import garments_for
from shotwright.craft.stature import usual_height, years_fit, years_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.boards.figures.garments import Colour, Garment
    from shotwright.model.asset import Asset, AssetLook
    from shotwright.model.crew import Casting
    from shotwright.model.story import Character, Look

_FACE = (
    "nose_wide",
    "nose_long",
    "nose_hump",
    "nose_up",
    "chin_strong",
    "chin_wide",
    "chin_long",
    "head_fat",
    "head_square",
    "head_long",
    "head_triangular",
    "cheekbones",
    "mouth_wide",
    "lips_full",
    "eyes_large",
    "ears_out",
)


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
    habit: Habit = field(default_factory=Habit)
    seed: float = 0.0


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
    # Somebody young is the same person grown: what nobody says of either is decided once.
    chance = Chance(str(character.version_of or character.id), place)
    worn = _asset_look(asset, look)
    person = " ".join(
        filter(
            None,
            (
                character.description,
                asset.description if asset else "",
                asset.prompt if asset else "",
                casting.prompt if casting else "",
            ),
        )
    )
    of_look = " ".join(
        filter(
            None,
            (
                worn.description if worn else "",
                look.description if look else "",
                " ".join(look.clothes) if look else "",
            ),
        )
    )
    gender = (
        character.gender
        if character.gender != "unknown"
        else (
            gender_in(f"{character.age} {character.name} {person}") or chance.pick("gender", ("female", "male"), turn=1)
        )
    )
    years = _years(character, look, worn, person, chance)
    colours = [c for c in ((asset.colours if asset else ()) or (casting.colours if casting else ())) if is_colour(c)]
    main, hair_given, skin_given = _split(colours)
    tone = int(chance.spread("skin", 0.381966) * len(unknown["skins"])) % len(unknown["skins"])
    said = first("skins", person)
    skin_hex = said or skin_given or unknown["skins"][tone]
    features = tuple(_features_of(skin_hex) if said or skin_given else unknown["skin_features"][tone])
    dark = sum(linear(skin_hex)) < 0.45
    shape_said, colour_said = hair_in(f"{of_look} {person}" if worn or look else person)
    grey_too_soon = years < 60 and _is_grey(hair_given)
    hair_colour = _hair_colour(
        chance, years, colour_said or (None if grey_too_soon else hair_given), sum(linear(skin_hex))
    )
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
        height_m=_height(character, asset, casting, years, person, chance),
        weight=float(weight) * (0.5 if years < 13 else 1.0),
        muscle=float(muscle),
        features=(float(features[0]), float(features[1]), float(features[2])),
        face=tuple((name, _feature(chance, name, years)) for name in _FACE),
        skin=skin,
        lips=_lips(skin, gender),
        eyes=linear(chance.pick("eyes", unknown["dark_eyes"] if dark else unknown["eyes"])),
        hair=hair,
        hair_colour=linear(hair_colour),
        brows=_brows(linear(hair_colour), skin),
        beard=str(beard),
        fringe=hair in ("long", "bob", "short", "curly")
        and chance.number("fringe") < (0.45 if gender == "female" else 0.25),
        garments=garments_for(chance, gender, years, main, clothes, of_look, person),
        glasses=linear(chance.pick("frames", ("#1d1a18", "#5a3a24", "#8a8a8c")))
        if has_glasses(f"{person} {of_look}") or (not person and years > 30 and chance.number("glasses") < 0.2)
        else None,
        habit=_habit(chance, person + " " + (asset.manner if asset else "")),
        seed=round(chance.number("seed"), 4),
    )


def _feature(chance: Chance, name: str, years: float) -> float:
    """How far a target of the face is taken. Grown-up eyes are drawn a little large: they must read in a wide shot."""
    strong = 1.3 if name.startswith(("head", "nose")) else 0.8
    usual = 0.35 if name == "eyes_large" and years > 14 else 0.0
    if years < 14:
        strong *= 0.45
    return round((chance.number(name) - 0.5) * strong + usual, 3)


def _asset_look(asset: Asset | None, look: Look | None) -> AssetLook | None:
    if asset is None or not asset.looks:
        return None
    day = look.story_day if look else ""
    return next((x for x in asset.looks if day and day in x.story_days), None) or next(
        (x for x in asset.looks if not x.story_days), asset.looks[0] if not day else None
    )


def _years(character: Character, look: Look | None, worn: AssetLook | None, person: str, chance: Chance) -> float:
    for text in (
        look.age if look else "",
        (worn.description.split(":")[0] if worn and ":" in worn.description else ""),
        character.age,
        character.description,
        character.name,
        person,
    ):
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


def _features_of(skin: str) -> list[float]:
    """Facial features that nothing is known of but the tone of the skin: a mixture that goes with its depth."""
    deep = min(1.0, max(0.0, (1.1 - sum(linear(skin))) / 0.8))
    return [round(0.8 * deep, 3), 0.15, round(0.85 - 0.8 * deep, 3)]


def _hair_colour(chance: Chance, years: float, said: str | None, shade: float) -> str:
    unknown = words()["unknown"]
    if said:
        return said
    if years >= 62 or (years >= 50 and chance.number("grey") < 0.5):
        return str(chance.pick("grey hair", unknown["grey_hair"]))
    if shade < 0.45:
        return str(chance.pick("dark hair", unknown["dark_hair_colours"]))
    if shade < 1.0:
        return str(chance.pick("hair colour", unknown["brown_hair_colours"], turn=2))
    return str(chance.pick("hair colour", unknown["hair_colours"], turn=3))


def _hair_shape(chance: Chance, gender: str, years: float) -> str:
    age = "_child" if years < 13 else "_old" if years >= 62 else ""
    return str(chance.pick("hair", words()["unknown"][f"hair{age}_{gender}"], turn=1))


def _height(
    character: Character,
    asset: Asset | None,
    casting: Casting | None,
    years: float,
    person: str,
    chance: Chance,
) -> float:
    for given in (casting.height_m if casting else None, asset.height_m if asset else None):
        if given and 0.3 <= given <= 2.6 and years_fit(given, years):
            return float(given)
    # A gender that nobody said is nobody's to frame by: cameras are set for the height between.
    usual = usual_height(years, character.gender)
    said = first("heights", person)
    by = said if said is not None else (chance.spread("height", 0.8191725) - 0.5) * 0.1
    return round(usual + by * min(1.0, usual / 1.6), 3)


def _lips(skin: Colour, gender: str) -> Colour:
    strong = 1.0 if gender == "female" else 0.55
    r, g, b = skin
    return (round(r * (1 - 0.22 * strong), 4), round(g * (1 - 0.58 * strong), 4), round(b * (1 - 0.50 * strong), 4))


def _brows(hair: Colour, skin: Colour) -> Colour:
    """Darker than the hair, and always dark enough to be read against the skin."""
    by = 0.55 if sum(hair) < 1.2 else 0.4
    return _scaled(hair, min(by, 0.34 * sum(skin) / max(sum(hair), 1e-3)))


def _scaled(colour: Colour, by: float) -> Colour:
    return (round(colour[0] * by, 4), round(colour[1] * by, 4), round(colour[2] * by, 4))


def _habit(chance: Chance, manner: str) -> Habit:
    low = manner.lower()
    idle = chance.pick("idle", words()["unknown"]["idles"], turn=1)
    if "arms folded" in low or "folded arms" in low:
        idle = "fold"
    side = 1 if chance.number("side") < 0.5 else -1
    return Habit(
        weight=round(side * (0.35 + 0.6 * chance.number("stance")), 3),
        nod=round(chance.number("nod") * 2 - 1, 3),
        tilt=round(chance.number("tilt") * 2 - 1, 3),
        arms=round(chance.number("arms") * 2 - 1, 3),
        feet=round(chance.number("feet") * 2 - 1, 3),
        idle=str(idle),
    )
