"""Errors of wardrobe, hands and light."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planting.shots import (
    ELEMENTS,
    SOFT_CUTS,
    Manner,
    Shot,
    Where,
    camera,
    light,
    place,
    plain,
    shown,
    staging,
    wrapped,
)

if TYPE_CHECKING:
    import random
    from collections.abc import Callable


def steady(shots: list[Shot], i: int, rng: random.Random) -> Shot | None:
    """A person in frame here and in the shots around, whom no shot near changes."""
    if not 0 < i < len(shots) - 1 or shots[i]["function"] == "montage_element":
        return None
    near = shots[max(0, i - 2) : i + 3]
    if any(s["transition_in"] in SOFT_CUTS for s in near):
        return None
    said = " ".join(c for s in near for c in staging(s)["changes"])
    people = [
        s
        for s in shown(shots[i])
        if s["entity"] not in said
        and any(p["entity"] == s["entity"] for o in (shots[i - 1], shots[i + 1]) for p in shown(o))
    ]
    return rng.choice(people) if people else None


def change_look(name: str) -> Manner:
    def manner(shots: list[Shot], i: int, rng: random.Random) -> Where | None:
        person = steady(shots, i, rng)
        if person is None:
            return None
        person["look"] = f"look/{person['entity'].partition('/')[2]}.{name}"
        return (i, i + 1)

    return manner


def change_hands(how: str) -> Manner:
    def manner(shots: list[Shot], i: int, rng: random.Random) -> Where | None:
        person = steady(shots, i, rng)
        if person is None:
            return None
        hands = person["hands"]
        held = [side for side in ("left", "right") if hands.get(side)]
        if how == "appear":
            hands["left" if hands.get("right") else "right"] = "prop/brass_bell"
        elif not held:
            return None
        elif how == "vanish":
            hands[held[0]] = None
        elif how == "swap":
            hands["left"], hands["right"] = hands.get("right"), hands.get("left")
            if hands["left"] == hands["right"]:
                return None
        return tuple(range(i, len(shots)))

    return manner


def change_condition(word: str) -> Manner:
    def manner(shots: list[Shot], i: int, rng: random.Random) -> Where | None:
        person = steady(shots, i, rng)
        if person is None:
            return None
        person["condition"] = [] if person["condition"] else [word]
        return tuple(range(i, len(shots)))

    return manner


def change_binding(shots: list[Shot], i: int, rng: random.Random) -> Where | None:
    person = steady(shots, i, rng)
    assets = shots[i]["digital_assets"]
    key = assets["bindings"].get(person["entity"]) if person else None
    if not isinstance(key, str) or person is None:
        return None
    assets["bindings"][person["entity"]] = key + "x"
    assets["characters"] = [key + "x" if k == key else k for k in assets["characters"]]
    return (i, i + 1)


def change_clothes(shots: list[Shot], i: int, rng: random.Random) -> Where | None:
    if steady(shots, i, rng) is None or not plain(shots[i]):
        return None
    wear = {
        tuple(sorted((s["entity"], s["look"]) for s in staging(o)["subjects"] if s["screen_position"] != "off"))
        for o in [shots[i]]
    }
    alike = [
        o
        for k, o in enumerate(shots)
        if k != i
        and plain(o)
        and tuple(sorted((s["entity"], s["look"]) for s in staging(o)["subjects"] if s["screen_position"] != "off"))
        in wear
    ]
    if not alike or not shots[i]["digital_assets"]["clothes"]:
        return None
    shots[i]["digital_assets"]["clothes"] = [*shots[i]["digital_assets"]["clothes"][1:], "cloth_other_v01"]
    return tuple(range(len(shots)))


def relight(change: Callable[[Shot, Shot], None]) -> Manner:
    def manner(shots: list[Shot], i: int, _: random.Random) -> Where | None:
        near = shots[max(0, i - 1) : i + 2]
        if not 0 < i < len(shots) - 1 or any(light(s)["events"] or s["transition_in"] in SOFT_CUTS for s in near):
            return None
        if (
            len({place(s) for s in near}) > 1
            or any(s["function"] in ELEMENTS for s in near)
            or light(shots[i])["elevation_deg"] > 70
        ):
            return None
        change(light(shots[i]), camera(shots[i]))
        return (i,)

    return manner


def turn_key(degrees: float) -> Callable[[Shot, Shot], None]:
    def change(lighting: Shot, _: Shot) -> None:
        lighting["azimuth_deg"] = wrapped(lighting["azimuth_deg"] + degrees)
        lighting["motivated_by"] = "window"

    return change


def scale_contrast(factor: float) -> Callable[[Shot, Shot], None]:
    def change(lighting: Shot, _: Shot) -> None:
        ratio = lighting["contrast_ratio"]
        lighting["contrast_ratio"] = ratio * factor if ratio * factor <= 16 else ratio / factor

    return change


def shift_colour(by: float, field: str) -> Callable[[Shot, Shot], None]:
    def change(lighting: Shot, lens: Shot) -> None:
        owner = lighting if field == "color_temperature_k" else lens
        owner[field] = round(1e6 / max(1e6 / owner[field] + by, 60))

    return change


def expose(by: float) -> Callable[[Shot, Shot], None]:
    def change(lighting: Shot, _: Shot) -> None:
        lighting["exposure_ev"] = lighting.get("exposure_ev", 0.0) + by

    return change


def other_hour(lighting: Shot, _: Shot) -> None:
    lighting["time_of_day"] = "midday" if lighting["time_of_day"] == "night" else "night"
