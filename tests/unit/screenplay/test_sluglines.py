"""Scene headings taken apart."""

from __future__ import annotations

import pytest

from shotwright.screenplay.sluglines import parse_slugline


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("INT. MILL - LOFT - NIGHT", ("INT", "MILL", ("LOFT",), "NIGHT", ())),
        ("EXT. MILL – NIGHT", ("EXT", "MILL", (), "NIGHT", ())),
        ("INT. MILL — LOFT — LATER", ("INT", "MILL", ("LOFT",), "LATER", ())),
        ("INT. FLAT, DAY", ("INT", "FLAT", (), "DAY", ())),
        ("INT. HALL, ADA'S BLOCK, A MOMENT LATER", ("INT", "HALL", ("ADA'S BLOCK",), "A MOMENT LATER", ())),
        ("INT. MILL - LOFT, NIGHT", ("INT", "MILL", ("LOFT",), "NIGHT", ())),
        ("INT. TENT - NIGHT / LATER", ("INT", "TENT", (), "NIGHT / LATER", ())),
        ("INT. ADA'S CAR - DAY / DRIVING", ("INT", "ADA'S CAR", (), "DAY", ("DRIVING",))),
        ("INT. HALF-LIT FLAT - (PRESENT) DAY", ("INT", "HALF-LIT FLAT", (), "DAY", ("PRESENT",))),
        ("INT. ROOM - NIGHT (1973)", ("INT", "ROOM", (), "NIGHT", ("1973",))),
        ("EXT. YARD - NIGHT [CONTINUOUS]", ("EXT", "YARD", (), "NIGHT", ("CONTINUOUS",))),
        ("INT. ROOM - DAY - FLASHBACK", ("INT", "ROOM", (), "DAY", ("FLASHBACK",))),
        ("EXT. APPROACHING THE HOUSE", ("EXT", "APPROACHING THE HOUSE", (), "", ())),
        ("EXT. FIELD - PRE-DAWN", ("EXT", "FIELD", (), "PRE-DAWN", ())),
        ("EXT. ROAD - ANOTHER DAY", ("EXT", "ROAD", (), "ANOTHER DAY", ())),
        ("EXT. HILL - MAGIC HOUR", ("EXT", "HILL", (), "MAGIC HOUR", ())),
        ("INT. LAB - 3:15 AM", ("INT", "LAB", (), "3:15 AM", ())),
        ("INT. MILL NIGHT", ("INT", "MILL", (), "NIGHT", ())),
        ("INT. ST. ANN'S HOSPITAL. NIGHT", ("INT", "ST. ANN'S HOSPITAL", (), "NIGHT", ())),
        ("EXT. DAY CARE - DAY", ("EXT", "DAY CARE", (), "DAY", ())),
        ("EXT. MILL / GATE - DUSK", ("EXT", "MILL", ("GATE",), "DUSK", ())),
        ("I/E VAN - DAY", ("INT/EXT", "VAN", (), "DAY", ())),
        ("INT. VAN / EXT. ROAD - DAY", ("INT/EXT", "VAN", ("ROAD",), "DAY", ())),
        ("EXT/INT. BARN", ("INT/EXT", "BARN", (), "", ())),
        ("EST. BRIDGE - DAWN", ("EST", "BRIDGE", (), "DAWN", ())),
        ("SNIPER SCOPE POV", ("", "SNIPER SCOPE POV", (), "", ())),
        ("int. mill - day", ("INT", "mill", (), "day", ())),
        ("ИНТ. ДОМ МАШИ – КУХНЯ – ДЕНЬ", ("INT", "ДОМ МАШИ", ("КУХНЯ",), "ДЕНЬ", ())),
        ("НАТ. УЛИЦА. НОЧЬ", ("EXT", "УЛИЦА", (), "НОЧЬ", ())),
        ("INT。 海-日", ("INT", "海", (), "日", ())),
        ("○海辺・道（夜）", ("", "海辺・道", (), "夜", ())),
        ("INNEN. KÜCHE - NACHT", ("INT", "KÜCHE", (), "NACHT", ())),
        ("EXT. RUE - NUIT", ("EXT", "RUE", (), "NUIT", ())),
    ],
)
def test_a_heading_is_taken_apart(
    heading: str, expected: tuple[str, str, tuple[str, ...], str, tuple[str, ...]]
) -> None:
    slugline = parse_slugline(heading)
    assert (slugline.int_ext, slugline.place, slugline.sub_places, slugline.time, slugline.tails) == expected
    assert slugline.raw == heading
