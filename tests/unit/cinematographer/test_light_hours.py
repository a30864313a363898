"""An element of a montage is lit by its own hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.production.opened import Production

if TYPE_CHECKING:
    from pathlib import Path


def test_a_montage_element_that_opens_with_an_hour_is_lit_by_it(example_production: Path) -> None:
    with Production(example_production) as production:
        dusk = next(s for s in production.shots if "SAINT ORRIN" in s.narrative_layer.action_description)
        others = [s for s in production.shots if s.scene_id == dusk.scene_id and s.function != "montage_element"]
    assert dusk.technical_layer.lighting.time_of_day == "dusk"
    assert "daylight" not in dusk.technical_layer.lighting.description
    assert all(s.technical_layer.lighting.time_of_day != "dusk" for s in others)
