"""Clothes: what covers what, cut from cloth, with hats, collars, ties and shoes."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.boards.figures.body import body_data
from shotwright.boards.figures.cloth import Cloth, draped, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_JOIN = 2.12
"""The level at which what hangs takes over from what follows the trunk."""
Colour = tuple[float, float, float]
ORDER = ("shoes", "lower", "upper", "dress", "coat", "extra")
"""From the skin outwards."""


@dataclass(frozen=True, slots=True)
class Garment:
    kind: str
    """A cut of garments.toml: `shirt`, `mackintosh`, `brimmed_hat` …"""
    colour: Colour
    """Linear RGB reflectance."""
    accent: Colour = (0.6, 0.6, 0.58)
    pattern: str = ""
    """`striped`, `checked` or plain."""


@cache
def cuts() -> dict[str, Any]:
    """The contents of garments.toml, read once."""
    return tomllib.loads(resources.files("shotwright.boards.figures").joinpath("garments.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Worn:
    """One piece of clothing in place on a body at rest."""

    part: str
    cloth: Cloth
    colours: NDArray[Any]
    """float32, (faces, 3)."""


def _front(cloth: Cloth) -> NDArray[Any]:
    return np.asarray(cloth.normals[:, 2] > -0.05)


def _neckline(cloth: Cloth, cut: dict[str, Any], k: float) -> Cloth:
    """Open the neck: round, lower in front by `v` levels within a hand's breadth."""
    across = np.abs(cloth.points[:, 0]) / k
    neck = cut.get("neck", 4.1) - np.where(_front(cloth), cut.get("v", 0.12) * np.clip(1 - across / 0.10, 0, 1), 0.0)
    # It never opens as far as the shoulder.
    return cloth.cut(np.where(cloth.sleeve > 0.3, 1.0, np.maximum(neck - cloth.level, (across - 0.115) * 12)))


def _opened(cloth: Cloth, gap: float, k: float) -> Cloth:
    """Cut a coat open in front."""
    if gap <= 0:
        return cloth
    half = gap * k * np.interp(cloth.level, [0, 1, 2, 2.9, 4], [3.2, 2.4, 1.6, 1.0, 1.4])
    return cloth.cut(np.where(_front(cloth) & (cloth.sleeve < 0.3), np.abs(cloth.points[:, 0]) - half, 1.0))


def _top(suit: Cloth, cut: dict[str, Any], k: float) -> Cloth:
    torso = cloth_ease(suit, cut, k)
    out = torso.cut(np.where(torso.sleeve > 0.3, 1.0, torso.level - cut["hem"]))
    out = out.cut(cut.get("sleeve", 2.0) - out.sleeve)
    out = _neckline(out, cut, k)
    return _opened(out, cut.get("open", 0.0), k)


def cloth_ease(suit: Cloth, cut: dict[str, Any], k: float) -> Cloth:
    """Cloth off the body by what the cut gives at chest, hem and cuff."""
    hem = cut.get("hem", 2.0)
    by = np.interp(suit.level, [hem, 3.0, 3.5, 4.3], [cut["loose"], cut["loose"], cut["ease"], cut["ease"] * 0.8])
    end = max(cut.get("sleeve", 2.0), 0.2)
    cuff = cut.get("cuff", 0.0)
    arm = np.interp(suit.sleeve, [0, end * 0.4, end], [cut["ease"] * 0.5, cut["ease"] * 0.5 + cuff * 0.2, cuff])
    return suit.eased(np.where(suit.sleeve >= 0, arm, by) * k)


def _hanging(skirt: Cloth, cut: dict[str, Any], top: float, k: float) -> Cloth:
    fall = cut["skirt"]
    by = cut["loose"] + np.interp(skirt.level, [fall, top - 0.5, top - 0.2, top], [0.006, 0.002, -0.003, -0.012])
    out = skirt.eased(by * k)
    out = out.cut(out.level - fall)
    out = out.cut(top - out.level)
    return _opened(out, cut.get("open", 0.0), k)


def _trousers(suit: Cloth, cut: dict[str, Any], k: float) -> Cloth:
    leg = cut["leg"]
    by = np.interp(
        suit.level,
        [leg, 1.1, 1.9, 2.3, 3.0],
        [cut["cuff"], cut["knee"], cut["ease"] * 1.3, cut["ease"], cut["ease"] * 0.7],
    )
    out = suit.eased(by * k)
    out = out.cut(np.where(out.sleeve > -0.5, -1.0, out.level - leg))
    return out.cut(cut["waist"] - out.level)


def _shoes(suit: Cloth, cut: dict[str, Any], k: float) -> Cloth:
    out = suit.eased(np.full(len(suit.points), cut["ease"] * k, np.float32))
    out = out.cut(np.where(out.sleeve > -0.5, -1.0, cut["top"] - out.level))
    out = out.split(out.points[:, 1] - 0.022 * k)
    points = out.points.copy()
    # A sole: flat, and a little wider than the foot.
    low = points[:, 1] < 0.0215 * k
    points[low, 1] = -0.012 * k
    return Cloth(points, out.normals, out.weights, out.sleeve, out.level, out.faces)


def _buttoned(cut: dict[str, Any]) -> bool:
    return cut["slot"] == "coat" and cut.get("open") == 0.0


def _placket(cloth: Cloth, k: float) -> NDArray[Any]:
    """Positive along the edge where a closed coat is buttoned; one value a face."""
    middle = cloth.points[cloth.faces].mean(1)[:, 0] / k
    front = _front(cloth)[cloth.faces].all(1) & (cloth.sleeve[cloth.faces].max(1) < 0.2)
    return np.asarray(np.where(front, 0.005 - np.abs(middle - 0.015), -1.0))


def _lapel(cloth: Cloth, k: float) -> NDArray[Any]:
    """Positive over the lapels of a coat."""
    width = np.interp(cloth.level, [2.6, 3.2, 3.9, 4.4], [-0.01, 0.055, 0.085, 0.11])
    field = width - np.abs(cloth.points[:, 0]) / k
    return np.asarray(np.where(_front(cloth) & (cloth.sleeve < 0.2), field, -0.02))


def _lines(
    points: NDArray[Any], level: NDArray[Any], sleeve: NDArray[Any], pattern: str, k: float
) -> list[NDArray[Any]]:
    """Fields whose whole numbers are the edges of stripes: round the body, and for checks down it as well."""
    if pattern not in ("striped", "checked"):
        return []
    # Arms rest at 45 degrees: beyond the shoulder the rings go round the sleeve.
    rings = (points[:, 1] / k - np.maximum(np.abs(points[:, 0]) / k - 0.18, 0)) / 0.07
    return [rings] if pattern == "striped" else [rings, points[:, 0] / k / 0.07 + 0.5]


def _patterned(cloth: Cloth, garment: Garment, cut: dict[str, Any], k: float) -> Cloth:
    """The cloth with edges where its colour changes."""
    for i in range(len(_lines(cloth.points, cloth.level, cloth.sleeve, garment.pattern, k))):
        lines = _lines(cloth.points, cloth.level, cloth.sleeve, garment.pattern, k)[i]
        for edge in range(int(np.ceil(lines.min())), int(np.ceil(lines.max()))):
            now = _lines(cloth.points, cloth.level, cloth.sleeve, garment.pattern, k)[i]
            cloth = cloth.split(now - edge)
    if _buttoned(cut):
        for seam in (0.010, 0.020):
            cloth = cloth.split(cloth.points[:, 0] / k - seam)
    cloth = cloth.welded()
    # A lapel has an edge of its own.
    return cloth.split(_lapel(cloth, k)) if cut.get("lapel") else cloth


def _painted(cloth: Cloth, garment: Garment, cut: dict[str, Any], k: float) -> NDArray[Any]:
    """Colour of each face: plain, striped, checked, with the accent on lapels, cuffs and soles."""
    centre = cloth.points[cloth.faces].mean(1)
    level, sleeve = cloth.level[cloth.faces].mean(1), cloth.sleeve[cloth.faces].mean(1)
    colours = np.tile(np.array(garment.colour, np.float32), (len(cloth.faces), 1))
    accent = np.array(garment.accent, np.float32)
    for lines in _lines(centre, level, sleeve, garment.pattern, k):
        band = np.floor(lines) % 3 == 0
        colours[band] = colours[band] * 0.66 + accent * 0.34
    if _buttoned(cut):
        colours[_placket(cloth, k) > 0] *= 0.55
    if cut.get("lapel"):
        colours[_lapel(cloth, k)[cloth.faces].mean(1) > 0] *= 0.62
    if cut["slot"] == "shoes":
        colours[centre[:, 1] < 0.012 * k] *= 0.4
    return np.asarray(colours, np.float32)


def dressed(
    points: NDArray[Any], garments: Sequence[Garment], k: float, fit: float = 1.0
) -> tuple[list[Worn], NDArray[Any]]:
    """The clothes on a body at rest, from the skin outwards, and which faces of the body they leave to be seen.

    What lies wholly under another garment is left out. `k` is the person's height against 1.75 m; `fit`
    scales how far clothes hang off the trunk.
    """
    suit, skirt = draped(points, "suit"), draped(points, "skirt")
    worn: list[tuple[Garment, dict[str, Any], Cloth]] = []
    under = {"ease": 0.0, "loose": 0.0, "cuff": 0.0}
    for slot in ORDER:
        for garment in garments:
            cut = cuts()[garment.kind]
            if cut["slot"] == slot:
                if slot == "shoes" and not any("leg" in cuts()[g.kind] for g in garments):
                    # Nothing hides the ankle: shoes end below it.
                    cut = cut | {"top": min(cut["top"], -0.22) if garment.kind != "boots" else cut["top"]}
                if "loose" in cut:
                    cut = cut | {"loose": cut["loose"] * fit, "ease": cut["ease"] * (1 + fit) / 2}
                if slot in ("upper", "dress", "coat", "extra"):
                    # What is worn over something is wider than that.
                    under = {name: max(cut.get(name, 0.0), by + 0.007) for name, by in under.items()}
                    cut = cut | under
                worn.append((garment, cut, _made(suit, skirt, cut, k)))
    out = []
    for i, (garment, cut, cloth) in enumerate(worn):
        for _, over, _ in worn[i + 1 :]:
            hidden = _covered(cloth.sleeve, cloth.level, cloth.points, cloth.normals, over, k)
            cloth = cloth.cut(np.where(hidden, -1.0, 1.0))
        if len(cloth.faces):
            cloth = _patterned(cloth, garment, cut, k)
            out.append(Worn(cut["slot"], cloth, _painted(cloth, garment, cut, k)))
    return out, _bare(points, [cut for _, cut, _ in worn], k)


def _made(suit: Cloth, skirt: Cloth, cut: dict[str, Any], k: float) -> Cloth:
    if cut["slot"] == "shoes":
        return _shoes(suit, cut, k)
    if "panel" in cut:
        upper = suit.eased(np.full(len(suit.points), max(cut["ease"], cut["loose"]) * k, np.float32))
        lower = _hanging(skirt, cut, cut["hem"] + 0.3, k)
        wide = cut["panel"] * k
        between = np.minimum(upper.level - cut["hem"], cut["neck"] - upper.level)
        upper = upper.cut(np.where(upper.sleeve > -0.5, -1.0, between))
        pieces = []
        for piece in (upper, lower):
            narrow = wide * np.interp(piece.level, [2.9, 3.2], [1.0, 0.72])
            field = np.minimum(narrow - np.abs(piece.points[:, 0]), piece.normals[:, 2] + 0.3)
            pieces.append(piece.cut(field))
        return joined(pieces)
    if cut["slot"] == "lower":
        if "skirt" in cut:
            return _hanging(skirt, cut, cut["waist"], k)
        return _trousers(suit, cut, k)
    if "skirt" not in cut and cut["hem"] < 2.3 and cut["hem"] != _JOIN:
        # Below the hips cloth hangs free of the legs.
        cut = cut | {"skirt": cut["hem"], "hem": _JOIN}
    top = _top(suit, cut, k)
    if "skirt" in cut:
        return joined([top, _hanging(skirt, cut, cut["hem"] + 0.3, k)])
    return top


def _covered(
    sleeve: NDArray[Any],
    level: NDArray[Any],
    points: NDArray[Any],
    normals: NDArray[Any] | None,
    over: dict[str, Any],
    k: float,
) -> NDArray[Any]:
    """Which points lie under a garment, well inside its edges."""
    m = 0.12
    arm = sleeve > 0.0
    slot = over["slot"]
    if "panel" in over:
        return np.zeros(len(level), bool)
    if slot == "shoes":
        return np.asarray(~arm & (level < over["top"] - 0.1))
    if slot == "lower":
        down = over.get("skirt", over.get("leg", 0.0))
        keep = m if "leg" in over else 0.35
        return np.asarray(~arm & (level < over["waist"] - m) & (level > down + keep))
    down = over.get("skirt", over["hem"])
    across = np.abs(points[:, 0]) / k
    front = np.ones(len(level), bool) if normals is None else normals[:, 2] > -0.3
    gap = over.get("open", 0.0)
    hole = front & (across < (gap * 3 + 0.05 if gap else -1.0))
    neck = over.get("neck", 4.1) - np.where(front, over.get("v", 0.12) * np.clip(1.35 - across / 0.10, 0, 1), 0.0)
    trunk = ~arm & (level > down + (0.3 if "skirt" in over else m)) & (level < neck - 0.25) & ~hole
    sleeves = arm & (sleeve < over.get("sleeve", 2.0) - m) & (over.get("sleeve", 2.0) > 0.25)
    return np.asarray(trunk | sleeves)


def _bare(points: NDArray[Any], cuts_worn: Sequence[dict[str, Any]], k: float) -> NDArray[Any]:
    data = body_data()
    hidden = np.zeros(len(points), bool)
    for cut in cuts_worn:
        hidden |= _covered(data.sleeve, data.level, points, None, cut, k)
    return np.asarray(~hidden[data.faces["body"]].all(1))
