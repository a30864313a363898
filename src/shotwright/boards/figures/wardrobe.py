"""What a person wears: garments that a library or a script names, and what such a person would wear beside them."""

from __future__ import annotations

import colorsys
from dataclasses import replace
from typing import TYPE_CHECKING

from shotwright.boards.figures.describing import garments_in, is_colour, linear, words
from shotwright.boards.figures.garments import Colour, Garment, cuts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.boards.figures.chance import Chance
    from shotwright.model.asset import Asset


def _hue(chance: Chance) -> str:
    """The colour that the eye finds first: hues round the circle, lightness and strength in steps."""
    hue = chance.spread("hue")
    light = chance.pick("light", (0.30, 0.48, 0.22, 0.62, 0.38), turn=2)
    strength = chance.pick("strength", (0.46, 0.30, 0.40, 0.24), turn=3)
    if 0.2 < hue < 0.55:
        # Greens glare where reds do not.
        strength *= 0.62
    r, g, b = colorsys.hls_to_rgb(hue, light, strength)
    return f"#{round(r * 255):02x}{round(g * 255):02x}{round(b * 255):02x}"


def garments_for(
    chance: Chance, gender: str, years: float, main: str | None, clothes: Sequence[Asset], of_look: str, person: str
) -> tuple[Garment, ...]:
    """Clothes by slot: what the assets say, then the look, then the person; then what such a person would wear."""
    by_slot: dict[str, Garment] = {}
    colourless: set[str] = set()

    def take(kind: str, colour: str | None, accent: str | None, pattern: str) -> None:
        slot = cuts()[kind]["slot"]
        if slot in by_slot:
            if slot in colourless and colour and by_slot[slot].kind == kind:
                by_slot[slot] = replace(by_slot[slot], colour=linear(colour))
                colourless.discard(slot)
            return
        if not colour:
            colourless.add(slot)
        by_slot[slot] = Garment(kind, linear(colour or "#808080"), linear(accent or "#d8d2c4"), pattern)

    for asset in clothes:
        palette = [c for c in asset.colours if is_colour(c)]
        named = garments_in(f"{asset.name}. {asset.description}")
        own = {kind: colour for kind, colour, _, _ in reversed(named) if colour}
        for n, (kind, _, pattern, within) in enumerate(named):
            colour = own.get(kind)
            plain = kind in ("shirt", "tie", "scarf") or cuts()[kind]["slot"] == "shoes"
            usual = palette[0] if palette and not plain and (n == 0 or within or not colour) else None
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


def _lower_colour(by_slot: dict[str, Garment], colourless: set[str], chance: Chance) -> Colour:
    """Trousers and skirts go with the tunic or blazer that they are half of."""
    coat = by_slot.get("coat")
    if coat is not None and coat.kind in ("tunic", "blazer") and "coat" not in colourless:
        return coat.colour
    return linear(chance.pick("lower colour", words()["unknown"]["lower_colours"], turn=3))


def _sober(colour: str) -> str:
    """A colour as a coat or jacket has it: darker and less strong."""
    r, g, b = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, light, strength = colorsys.rgb_to_hls(r, g, b)
    r, g, b = colorsys.hls_to_rgb(hue, light * 0.72, strength * 0.8)
    return f"#{round(r * 255):02x}{round(g * 255):02x}{round(b * 255):02x}"


def _complete(
    by_slot: dict[str, Garment], colourless: set[str], chance: Chance, gender: str, years: float, main: str | None
) -> None:
    """Fill the slots that nobody named, and give colours to what was named without one."""
    known = bool(by_slot)
    lead = main or _hue(chance)
    _fill(by_slot, colourless, chance, gender, lead, years, known=known)
    if not known and years >= 13:
        over = chance.pick("coat", words()["unknown"]["coats"], turn=3)
        if over and "dress" not in by_slot:
            by_slot["coat"] = Garment(over, linear(_sober(lead)))
            kind = by_slot["upper"].kind
            under = chance.pick("under", ("#e4dfd2", "#4a4d55", "#b9a98c", "#23252b"), turn=1)
            by_slot["upper"] = Garment("shirt" if kind == "hoodie" else kind, linear(under))
    shoes = linear(chance.pick("shoes", words()["unknown"]["shoe_colours"], turn=1))
    by_slot.setdefault("shoes", Garment("shoes", shoes))
    for slot in sorted(colourless & by_slot.keys()):
        if slot == "shoes":
            colour = shoes
        elif slot == "lower":
            colour = _lower_colour(by_slot, colourless, chance)
        elif slot == "upper" and ({"coat", "extra"} & by_slot.keys()):
            colour = linear("#e4dfd2")
        elif slot == "tie":
            colour = linear("#3a2030")
        else:
            colour = linear(lead)
        by_slot[slot] = replace(by_slot[slot], colour=colour)


def _fill(
    by_slot: dict[str, Garment],
    colourless: set[str],
    chance: Chance,
    gender: str,
    lead: str,
    years: float,
    *,
    known: bool,
) -> None:
    unknown = words()["unknown"]
    if "dress" in by_slot:
        for slot in ("upper", "lower"):
            by_slot.pop(slot, None)
        return
    if "upper" not in by_slot:
        if years < 13:
            gender = "child"
        kind = chance.pick("upper", unknown[f"uppers_{gender}"], turn=1)
        if known:
            kind = "shirt" if gender == "male" or "tie" in by_slot else "blouse"
        if kind == "dress":
            by_slot["dress"] = Garment("dress", linear(lead))
            return
        plain = "coat" in by_slot or "extra" in by_slot
        by_slot["upper"] = Garment(kind, linear("#e4dfd2" if plain else lead))
    if "lower" not in by_slot:
        if years < 13:
            gender = "child"
        kind = chance.pick("lower", unknown[f"lowers_{gender}"], turn=1)
        by_slot["lower"] = Garment(kind, _lower_colour(by_slot, colourless, chance))
