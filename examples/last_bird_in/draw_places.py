"""Draw the example library's places, things, vehicles and clothes; `draw_pictures.py` calls it."""

from __future__ import annotations

from draw_pictures import INK, PAPER, Poster, backdrop, bird, flyer, mix


def room(wall: str, floor: str) -> Poster:
    """Return an empty room in one-point perspective."""
    p = Poster(wall)
    p.poly(mix(wall, INK, 0.16), (0, 0), (18, 14), (18, 72), (0, 100))
    p.poly(mix(wall, INK, 0.16), (100, 0), (82, 14), (82, 72), (100, 100))
    p.poly(mix(wall, PAPER, 0.35), (0, 0), (100, 0), (82, 14), (18, 14))
    p.poly(floor, (0, 100), (18, 72), (82, 72), (100, 100))
    return p


def window(p: Poster, x: float, y: float, width: float, height: float, glass: str) -> None:
    """Draw a sash window."""
    p.rect(PAPER, x - 2, y - 2, width + 4, height + 4)
    p.rect(glass, x, y, width, height)
    p.rect(PAPER, x, y + height / 2 - 0.8, width, 1.6)
    p.rect(PAPER, x + width / 2 - 0.8, y, 1.6, height)


def door(p: Poster, x: float, colour: str) -> None:
    """Draw a shut door in the far wall."""
    p.rect(mix(colour, INK, 0.3), x - 1.5, 26, 21, 46)
    p.rect(colour, x, 28, 18, 44)
    p.disc("#c8a45c", x + 15, 51, 1.2)


def box(p: Poster, x: float, y: float, side: float, colour: str) -> None:
    """Draw a packing box."""
    p.rect(colour, x, y, side, side * 0.8)
    p.rect(mix(colour, PAPER, 0.35), x, y, side, side * 0.14)
    p.rect(mix(colour, INK, 0.3), x + side * 0.25, y + side * 0.4, side * 0.5, side * 0.12)


def terrace(colours: list[str], name: str) -> Poster:
    """Draw the terrace, up the hill (side A) or down it (side B)."""
    slate, brick, sky = colours
    p = Poster(sky)
    p.poly(mix(slate, sky, 0.6), (0, 56), (30, 44), (62, 52), (100, 40), (100, 100), (0, 100))
    up = name == "side_a.png"
    for n in range(5):
        x, y = n * 20, (62 - n * 9 if up else 26 + n * 9)
        p.rect(mix(brick, INK, 0.05 * n), x, y, 20.5, 80)
        p.poly(slate, (x - 1, y), (x + 4, y - 9), (x + 21, y - 9), (x + 21, y))
        p.rect(mix(brick, INK, 0.4), x + 12, y - 15, 4, 8)
        p.rect("#f0d58a" if n == 4 - 4 * (not up) else mix(slate, sky, 0.4), x + 5, y + 7, 5, 8)
        p.rect(mix(slate, INK, 0.4), x + 13, y + 18, 4, 12)
    p.poly(mix(slate, INK, 0.35), (0, 100), (0, 92 if up else 66), (100, 64 if up else 96), (100, 100))
    if up:
        bird(p, 84, 13, 0.18, "#6c7f99", INK, "#e07b2a")
    return p


def kitchen(colours: list[str], name: str) -> Poster:
    """Draw the Pryces' kitchen."""
    p = room(colours[0], mix(colours[1], INK, 0.25))
    if name == "side_a.png":
        window(p, 38, 24, 24, 20, "#c9d8dc")
        p.rect(colours[2], 24, 54, 52, 18)
    else:
        door(p, 56, colours[2])
        p.rect(mix(colours[1], PAPER, 0.2), 24, 38, 22, 34)
    p.poly(mix(colours[1], PAPER, 0.3), (30, 78), (70, 78), (78, 86), (22, 86))
    for x, side in ((4, 20), (72, 22)):
        box(p, x, 78, side, colours[1])
    return p


def landing(colours: list[str], name: str) -> Poster:
    """Draw the landing: the window and the chair, or the stairs and the wardrobe."""
    p = room(colours[0], mix(colours[0], INK, 0.4))
    if name == "side_a.png":
        window(p, 34, 20, 32, 34, "#c9d8dc")
        p.poly(colours[1], (34, 54), (44, 46), (56, 50), (66, 44), (66, 54))
        p.rect(PAPER, 28, 55, 44, 4)
        for n in range(11):
            p.rect("#efe3c4", 31 + n * 3.1, 53.6, 2.3, 1.6)
        p.rect(colours[2], 40, 66, 20, 20)
        p.rect(mix(colours[2], INK, 0.3), 38, 84, 24, 5)
    else:
        p.rect("#6b4a2c", 24, 22, 24, 50)
        p.rect(mix("#6b4a2c", INK, 0.3), 35.4, 24, 1.2, 46)
        for n in range(6):
            p.rect(mix(colours[0], INK, 0.15 + n * 0.09), 54, 72 + n * 4.6, 40, 4.6)
        p.line("#6b4a2c", 56, 52, 92, 84, 2.4)
    return p


def loft_outside(colours: list[str], name: str) -> Poster:
    """Draw the loft, weathered now and new in the flashback."""
    green, white, cinder = colours
    fresh = name == "flashback.png"
    if fresh:
        green, sky = mix(green, "#2fae62", 0.5), "#bfe0ee"
    else:
        sky = "#c9d2d6"
    p = Poster(sky)
    p.poly(mix(green, PAPER, 0.35), (0, 66), (100, 58), (100, 100), (0, 100))
    p.poly(cinder, (40, 66), (60, 66), (78, 100), (14, 100))
    shift = 0 if name != "side_b.png" else 14
    for x in (28, 68):
        p.rect(mix(cinder, INK, 0.4), x + shift, 62, 4, 12)
    p.rect(green, 22 + shift, 32, 56, 32)
    for n in range(0, 56, 8):
        p.rect(white, 22 + n + shift, 32, 4, 32)
    p.poly(mix(cinder, INK, 0.3), (16 + shift, 33), (50 + shift, 16), (84 + shift, 33))
    p.rect(INK, 40 + shift, 38, 20, 9)
    p.rect(white, 36 + shift, 47, 28, 3)
    if fresh:
        for n in range(7):
            flyer(p, 12 + n * 13, 12 + (n * 7 % 13), 0.7, mix(INK, sky, 0.3))
    for n in range(8):
        p.line(mix(green, INK, 0.3), 4 + n * 4, 70 + n % 2, 4 + n * 4, 88, 0.8)
    return p


def loft_inside(colours: list[str], name: str) -> Poster:
    """Draw the nest boxes in stripes of light, or the slatted door."""
    wood, light, dark = colours
    p = room(wood, mix(wood, INK, 0.4))
    if name == "side_a.png":
        for n in range(12):
            x, y = 21 + (n % 4) * 15, 18 + (n // 4) * 17
            p.rect(dark, x, y, 12, 13)
            p.rect(mix(wood, light, 0.4) if n < 11 else PAPER, x, y + 9.5, 12, 3.5)
            p.rect(PAPER, x + 5, y + 14, 2, 1.6)
    else:
        p.rect(dark, 36, 20, 28, 52)
        for n in range(9):
            p.rect(light, 38, 23 + n * 5.4, 24, 2.4)
    for n in range(5):
        p.poly(mix(wood, light, 0.55), (8 + n * 18, 100), (16 + n * 18, 100), (26 + n * 12, 76), (22 + n * 12, 76))
    return p


def cab(colours: list[str], name: str) -> Poster:
    """Draw the cab of the van: through the windscreen, or back to the crates."""
    dark, gold, sky = colours
    p = Poster(dark)
    if name == "side_a.png":
        p.poly(sky, (10, 18), (90, 18), (98, 56), (2, 56))
        p.poly("#6d665c", (2, 56), (46, 34), (54, 34), (98, 56))
        p.rect(mix(dark, INK, 0.4), 0, 58, 100, 10)
        p.disc(INK, 72, 76, 19, 17)
        p.disc(dark, 72, 76, 15, 13)
        p.line(INK, 54, 76, 90, 76, 4)
        p.rect(INK, 42, 12, 18, 6)
        p.rect("#a8242a", 47, 13, 6, 4)
    else:
        for n in range(6):
            x, y = 14 + (n % 3) * 25, 18 + (n // 3) * 26
            p.rect("#b08a5a", x, y, 23, 23)
            for slat in range(3):
                p.rect(dark, x + 2, y + 4 + slat * 6.5, 19, 3)
        p.disc("#e07b2a", 53, 24, 1.6)
        p.rect(mix(gold, INK, 0.5), 0, 74, 100, 26)
    return p


def bus_inside(colours: list[str], name: str) -> Poster:
    """Draw the lower deck towards the driver, or towards the back seat."""
    red, yellow, grey = colours
    p = room(mix(grey, PAPER, 0.55), mix(grey, INK, 0.3))
    window(p, 30, 22, 40, 26, "#9fb4c2")
    for n in range(3):
        y, grow = 58 + n * 12, n * 4
        for x in (6 - grow, 70):
            p.rect(red, x, y, 24 + grow, 11)
            p.rect(yellow, x, y, 24 + grow, 2)
    for x in (32, 68):
        p.line(yellow, x, 10, x, 92, 1.8)
    if name == "side_a.png":
        p.rect(INK, 40, 12, 20, 6)
        p.disc(INK, 50, 60, 10, 9)
        p.disc(mix(grey, PAPER, 0.55), 50, 60, 7.5, 6.6)
    else:
        p.rect(red, 24, 54, 52, 14)
        p.disc("#4f6b4a", 50, 52, 6, 3)
        p.disc("#e0b79d", 50, 56, 4)
    return p


def coast(colours: list[str], name: str) -> Poster:
    """Draw the coast road with the sea (side A) or the cliff (side B)."""
    sea, cliff, sky = colours
    p = Poster(sky)
    if name == "side_a.png":
        p.rect(sea, 0, 42, 100, 58)
        p.poly(cliff, (0, 100), (0, 24), (16, 30), (26, 46), (34, 100))
    else:
        p.poly(cliff, (0, 100), (0, 12), (40, 22), (72, 8), (100, 18), (100, 100))
        for n in range(4):
            p.line(mix(cliff, INK, 0.3), 12 + n * 24, 20, 8 + n * 26, 62, 1.2)
    p.poly(mix(INK, cliff, 0.35), (22, 100), (46, 56), (62, 48), (66, 49), (60, 60), (84, 100))
    p.line(PAPER, 52, 98, 56, 62, 1.2)
    return p


def steps(colours: list[str], name: str) -> Poster:
    """Draw the stair of a street, up to the door or out to the sea."""
    night, lamp, rust = colours
    p = Poster(mix(night, INK, 0.35))
    if name == "side_b.png":
        p.rect(mix(night, PAPER, 0.25), 0, 0, 100, 40)
        p.disc(rust, 64, 32, 15, 13)
        p.disc(mix(night, PAPER, 0.25), 64, 32, 12.5, 10.5)
        p.rect(night, 0, 40, 100, 30)
    for x, width in ((0, 24), (76, 24)):
        p.rect(mix(night, INK, 0.1), x, 8, width, 92)
    for n in range(9):
        y = 92 - n * 6 if name == "side_a.png" else 68 + n * 4
        inset = n * 2.2 if name == "side_a.png" else 16 - n * 2
        p.rect(mix(night, PAPER, 0.12 + 0.04 * (n % 2)), 22 + inset, y, 56 - 2 * inset, 5)
    if name == "side_a.png":
        p.rect(rust, 44, 18, 12, 22)
        p.rect(lamp, 60, 20, 8, 10)
    p.disc(lamp, 20, 24, 4)
    p.line(INK, 20, 28, 20, 60, 1.2)
    return p


def gwens(colours: list[str], name: str) -> Poster:
    """Draw the lamplit kitchen: stove and dresser, or the window on the water."""
    wood, lamp, water = colours
    p = room(mix(wood, INK, 0.15), mix(wood, INK, 0.5))
    if name == "side_a.png":
        p.rect(INK, 24, 44, 22, 28)
        p.rect("#e07b2a", 29, 54, 12, 8)
        p.rect(INK, 33, 14, 4, 30)
        p.rect(mix(wood, PAPER, 0.25), 54, 34, 24, 38)
        p.poly("#b98a4e", (57, 34), (75, 34), (73, 24), (59, 24))
        p.line("#7a5428", 57, 29, 75, 29, 1)
    else:
        window(p, 36, 22, 28, 24, water)
        p.poly(mix(wood, PAPER, 0.3), (26, 74), (74, 74), (84, 84), (16, 84))
        for x in (40, 58):
            p.rect(PAPER, x, 69, 5, 6)
        p.disc("#a8813c", 51, 78, 3, 1.3)
    p.disc(lamp, 50, 8, 7)
    return p


def harbour(colours: list[str], name: str) -> Poster:
    """Draw the sea like a painted wall, with the gasworks."""
    p = Poster(colours[2])
    p.rect(colours[0], 0, 44, 100, 30)
    p.disc(colours[1], 70, 38, 18, 14)
    p.disc(colours[2], 70, 38, 15.5, 11.5)
    p.rect(colours[0], 40, 44, 60, 12)
    p.poly(mix(colours[0], INK, 0.5), (0, 100), (0, 62), (20, 68), (44, 76), (100, 74), (100, 100))
    flyer(p, 26, 24, 0.8, INK)
    return p


def moor(colours: list[str], name: str) -> Poster:
    """Draw the moor and the small lit bus."""
    p = Poster(colours[1])
    p.poly(mix(colours[0], colours[1], 0.5), (0, 48), (36, 36), (70, 46), (100, 38), (100, 100), (0, 100))
    p.poly(colours[0], (0, 60), (50, 52), (100, 64), (100, 100), (0, 100))
    p.poly(colours[2], (0, 84), (60, 78), (100, 88), (100, 100), (0, 100))
    p.rect("#a8242a", 46, 48, 9, 6)
    p.rect("#f0d58a", 47, 49, 7, 1.6)
    return p


PLACES = {
    "loc_pennant_row": terrace,
    "loc_pryce_kitchen": kitchen,
    "loc_pryce_landing": landing,
    "loc_pigeon_loft_exterior": loft_outside,
    "loc_pigeon_loft_interior": loft_inside,
    "loc_salters_van_interior": cab,
    "loc_bus_interior": bus_inside,
    "loc_coast_road": coast,
    "loc_harbour_steps": steps,
    "loc_gwens_kitchen": gwens,
    "bg_saint_orrin_harbour": harbour,
    "bg_moor": moor,
}


def thing(key: str, colours: list[str]) -> Poster:  # noqa: C901 - one branch a thing
    """Draw an object, vehicle, piece of clothing, make-up or effect by its key."""
    a, b, c = colours
    p = backdrop(a)
    dark = mix(a, INK, 0.35)
    if key == "obj_tobacco_tin":
        p.disc(dark, 50, 58, 34, 20)
        p.disc(a, 50, 53, 34, 20)
        p.disc(b, 38, 52, 13, 11)
        p.disc(c, 56, 52, 14, 6)
    elif key == "obj_jam_jar":
        p.rect(a, 32, 30, 36, 52)
        p.rect(b, 30, 22, 40, 9)
        for n in range(11):
            p.rect(c, 35 + (n % 4) * 8, 40 + (n // 4) * 13, 5, 11)
    elif key == "obj_laundry_tickets":
        for n in range(3):
            p.poly(
                mix(a, INK, 0.16 - n * 0.08),
                (24 + n * 5, 30 + n * 6),
                (72 + n * 5, 24 + n * 6),
                (76 + n * 5, 52 + n * 6),
                (28 + n * 5, 58 + n * 6),
            )
        p.line(b, 40, 46, 76, 41, 2)
        p.line(c, 42, 56, 70, 52, 1.2)
        p.line(c, 43, 61, 60, 59, 1.2)
    elif key == "obj_wicker_basket":
        p.rect(a, 20, 44, 60, 34)
        p.poly(mix(a, PAPER, 0.2), (20, 44), (26, 26), (86, 26), (80, 44))
        for n in range(6):
            p.rect(b, 20, 48 + n * 5, 60, 1.6)
            p.rect(b, 25 + n * 10, 44, 1.6, 34)
        p.rect(c, 46, 40, 8, 16)
    elif key == "obj_brown_envelope":
        p.rect(c, 34, 24, 34, 20)
        p.rect(a, 22, 34, 56, 40)
        p.poly(b, (22, 34), (78, 34), (50, 56))
    elif key == "obj_bird_crates":
        p.rect(b, 16, 32, 68, 46)
        for n in range(4):
            p.rect(a, 16, 34 + n * 11, 68, 7)
        p.disc(c, 44, 52, 5)
        p.disc("#e07b2a", 46, 51, 1.4)
    elif key == "obj_suitcase":
        p.rect(c, 40, 26, 20, 10)
        p.rect(mix(a, PAPER, 0.78), 43, 29, 14, 7)
        p.rect(a, 18, 34, 64, 42)
        for x, y in ((18, 34), (74, 34), (18, 68), (74, 68)):
            p.rect(b, x, y, 8, 8)
    elif key == "obj_for_sale_board":
        p.line(c, 36, 96, 44, 20, 4)
        p.poly(a, (40, 16), (84, 21), (81, 52), (37, 47))
        p.line(b, 47, 28, 76, 31, 5)
        p.line(b, 46, 39, 70, 42, 4)
    elif key == "obj_phone":
        p.rect(c, 34, 16, 32, 68)
        p.rect(a, 35, 17, 30, 66)
        p.rect(b, 38, 24, 24, 50)
        p.line(PAPER, 54, 24, 62, 36, 0.8)
        p.line(PAPER, 57, 29, 62, 28, 0.8)
    elif key == "obj_cardboard_boxes":
        for x, y in ((12, 52), (50, 56), (30, 22)):
            box(p, x, y, 38, mix(a, b, 0.3 * (x == 50)))
    elif key == "obj_broom":
        p.line(a, 70, 10, 42, 66, 3.4)
        p.poly(b, (34, 62), (48, 69), (40, 94), (14, 82))
    elif key == "obj_pencil_stub":
        p.poly(a, (24, 64), (62, 36), (68, 44), (30, 72))
        p.poly(b, (62, 36), (76, 30), (68, 44))
        p.poly(c, (72, 32), (76, 30), (73, 35))
    elif key == "veh_bus_31":
        p.rect(a, 12, 22, 76, 56)
        p.rect(b, 12, 48, 76, 4)
        for n in range(6):
            p.rect("#9fb4c2", 16 + n * 12, 28, 9, 14)
            p.rect("#9fb4c2", 16 + n * 12, 55, 9, 10)
        p.rect(c, 66, 44, 20, 6)
        for x in (28, 72):
            p.disc(c, x, 79, 8)
            p.disc(b, x, 79, 3)
    elif key == "veh_salters_van":
        p.poly(a, (10, 34), (66, 34), (82, 52), (90, 56), (90, 74), (10, 74))
        p.poly("#9fb4c2", (66, 38), (78, 52), (66, 52))
        for n in range(4):
            p.poly(b, (20, 66), (58 - n * 5, 40 + n * 6), (54 - n * 4, 46 + n * 6))
        for x in (28, 74):
            p.disc(c, x, 76, 8)
            p.disc(a, x, 76, 3)
    elif key in ("cloth_mrs_quill_hat", "cloth_salter_tweed"):
        p.disc(dark, 50, 56, 38, 8)
        p.poly(a, (28, 54), (34, 28), (66, 28), (72, 54))
        p.rect(b, 28, 48, 44, 6)
        if key == "cloth_mrs_quill_hat":
            p.line(b, 62, 50, 80, 18, 3)
    elif key == "cloth_grey_blanket":
        p.poly(a, (20, 30), (78, 26), (84, 78), (16, 74))
        p.line(b, 17, 70, 83, 74, 2)
        p.line(c, 40, 29, 44, 74, 1)
    elif key.startswith("cloth_"):
        p.poly(
            a,
            (36, 18),
            (64, 18),
            (84, 32),
            (90, 70),
            (78, 73),
            (71, 46),
            (73, 92),
            (27, 92),
            (29, 46),
            (22, 73),
            (10, 70),
            (16, 32),
        )
        p.poly(b, (42, 18), (58, 18), (50, 40))
        p.line(dark, 50, 40, 50, 92, 1)
        if key == "cloth_plaid_dressing_gown":
            for n in range(4):
                p.line(b, 32 + n * 12, 42, 32 + n * 12, 92, 1)
                p.line(c, 28, 50 + n * 12, 72, 50 + n * 12, 1)
        elif key == "cloth_yellow_mackintosh":
            p.disc(b, 50, 18, 15, 9)
            for n in range(3):
                p.rect(c, 45, 50 + n * 13, 10, 2.6)
        elif key in ("cloth_della_tunic", "cloth_brown_suit"):
            p.poly(c if key == "cloth_brown_suit" else dark, (48, 24), (52, 24), (54, 50), (50, 56), (46, 50))
        elif key == "cloth_gwen_apron":
            p.poly(
                b,
                (36, 18),
                (64, 18),
                (84, 32),
                (90, 70),
                (78, 73),
                (71, 46),
                (66, 46),
                (60, 26),
                (40, 26),
                (34, 46),
                (29, 46),
                (22, 73),
                (10, 70),
                (16, 32),
            )
            p.line(dark, 28, 60, 72, 60, 2)
        elif key == "cloth_beatriz_tabard":
            p.poly(b, (16, 32), (30, 23), (30, 60), (22, 73), (10, 70))
            p.poly(b, (84, 32), (70, 23), (70, 60), (78, 73), (90, 70))
        elif key == "cloth_donkey_jacket":
            p.poly(b, (16, 44), (16, 32), (36, 18), (50, 40), (44, 46))
            p.poly(b, (84, 44), (84, 32), (64, 18), (50, 40), (56, 46))
        elif key == "cloth_joss_denim":
            for x in (32, 57):
                p.rect(b, x, 48, 12, 11)
    elif key.startswith("mkup_"):
        p.disc(a, 50, 52, 26, 34)
        for x, drop in ((40, 0), (60, 3 if "stroke" in key else 0)):
            p.rect(INK, x - 4, 48 + drop, 8, 2)
        p.line(mix(a, INK, 0.5), 40, 68, 60, 74 if "stroke" in key else 68, 2)
        if "eyebrow" in key:
            p.line(c, 52, 42, 68, 38, 5)
            p.disc(b, 60, 40, 1.6)
    elif key == "fx_rain":
        for n in range(34):
            x, y = n * 41 % 97, n * 29 % 89
            p.line(mix(a, b, 0.5 * (n % 3)), x, y, x - 3, y + 10, 1)
    return p
