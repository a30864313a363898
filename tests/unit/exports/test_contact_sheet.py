"""The contact sheet: every shot with its words, pages that are whole, words that can be searched."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("PIL")

from PIL import Image
from tests.unit.exports.builders import build_shot

from shotwright.errors import ConfigError, InputError
from shotwright.exports import EXPORTS, Film, export, export_to
from shotwright.exports.contact_sheet import contact_sheet_pages, sheet_items
from shotwright.model.shot import Continuity, Frame

if TYPE_CHECKING:
    from pathlib import Path

    from shotwright.model.shot import Shot


def picture(shade: int) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (960, 540), (shade, 90, 120)).save(data, "JPEG")
    return data.getvalue()


PICTURES = {str(n) * 64: picture(20 * n) for n in range(1, 9)}


def shot(number: int, **changes: Any) -> Shot:
    frames = (Frame(at="first", sha256=str(1 + number % 8) * 64),)
    return build_shot(f"sh_{number}", **{"slate": f"1{chr(64 + number)}", "frames": frames} | changes)


def film(*shots: Shot) -> Film:
    return Film(shots=shots, title="Two", pictures=PICTURES.get)


def test_every_shot_has_its_panel_with_slate_lens_and_words() -> None:
    shots = [shot(n) for n in range(1, 6)]
    panels = [item for item in sheet_items(film(*shots)) if hasattr(item, "slate")]
    assert [p.slate for p in panels] == [s.slate for s in shots]
    camera = shots[0].technical_layer.camera
    assert f"{camera.lens.focal_mm} mm" in panels[0].facts
    assert panels[0].action == shots[0].narrative_layer.action_description
    assert shots[0].audio.dialogue[0].text in panels[0].dialogue[0]


def test_pages_hold_all_panels_and_never_a_part_of_one() -> None:
    many = film(*(shot(n % 24 + 1) for n in range(40)))
    pages = list(contact_sheet_pages(many))
    assert len(pages) > 1
    assert len({page.image.size for page in pages}) == 1
    said = " ".join(w.text for page in pages for w in page.words)
    assert f"page {len(pages)} of {len(pages)}" in said


def test_a_shot_that_needs_a_person_is_marked() -> None:
    plain, failing = sheet_items(film(shot(1), shot(2, continuity=Continuity(status="needs_human"))))[1:]
    assert plain.colour is None  # type: ignore[union-attr]
    assert failing.state == "needs a person"  # type: ignore[union-attr]


def test_the_pdf_is_the_same_twice_and_a_png_opens(tmp_path: Path) -> None:
    two = film(shot(1), shot(2))
    assert export(two, "contact-sheet") == export(two, "contact-sheet")
    data = export(two, "contact-sheet")
    assert isinstance(data, bytes)
    assert data.startswith(b"%PDF-")
    assert data.rstrip().endswith(b"%%EOF")
    (page,) = export_to(two, "contact-sheet", tmp_path / "sheet.png")
    with Image.open(page) as opened:
        assert opened.size[0] > 1000


def test_several_pages_are_numbered_files(tmp_path: Path) -> None:
    written = export_to(film(*(shot(n % 24 + 1) for n in range(40))), "contact-sheet", tmp_path / "sheet.png")
    assert [p.name for p in written][:2] == ["sheet-01.png", "sheet-02.png"]
    assert all(p.exists() for p in written)


def test_an_undrawn_shot_is_told_and_an_undrawn_film_is_refused() -> None:
    assert export(film(shot(1), shot(2, frames=())), "contact-sheet")
    with pytest.raises(InputError, match="frames"):
        export(film(shot(1, frames=())), "contact-sheet")


def test_a_picture_that_has_gone_costs_no_page() -> None:
    gone = shot(1, frames=(Frame(at="first", sha256="f" * 64),))
    assert export(film(gone, shot(2)), "contact-sheet")


def test_words_of_any_script_are_written() -> None:
    strange = shot(1)
    narrative = strange.narrative_layer.model_copy(
        update={"action_description": "Él mira. 彼は見る。 \U0001f600 " * 20}
    )
    assert export(film(strange.model_copy(update={"narrative_layer": narrative})), "contact-sheet")


def test_pictured_exports_refuse_options_that_are_not_theirs() -> None:
    with pytest.raises(ConfigError, match="--layout"):
        export(film(shot(1)), "contact-sheet", layout="flat")
    assert {"contact-sheet", "plans", "animatic"} <= set(EXPORTS)
