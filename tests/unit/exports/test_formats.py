"""JSON in both layouts, the shot list, the summary, and the schemas that describe them."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.unit.exports.builders import build_shot, line

from shotwright.errors import ConfigError, InputError
from shotwright.exports import EXPORTS, Film, compile_prompts, export, schemas
from shotwright.model.asset import Asset
from shotwright.model.crew import WantedAsset
from shotwright.model.shot import Shot

FROZEN = Path(__file__).parents[3] / "docs" / "schema"


def rows(film: Film) -> list[dict[str, str]]:
    text = export(film, "csv")
    assert isinstance(text, str)
    return list(csv.DictReader(io.StringIO(text)))


def document(film: Film, layout: str) -> dict[str, Any]:
    return json.loads(export(film, "json", layout=layout))


def valid(name: str, value: Any) -> None:
    jsonschema.Draft202012Validator(schemas()[name]).validate(value)


def test_the_layered_film_holds_every_shot_as_it_is_and_fits_its_schema(film: Film) -> None:
    layered = document(film, "layered")
    assert (layered["schema"], layered["title"], layered["frame_rate"]) == ("shotwright/film@1", "Cake", 24)
    assert [Shot.model_validate(shot) for shot in layered["shots"]] == list(film.shots)
    assert layered["shots"][0]["technical_layer"]["camera"]["lens"]["class"] == "standard"
    valid("film", layered)
    valid("shot", layered["shots"][0])


def test_the_flat_layout_says_the_technical_layer_in_phrases_and_has_the_six_lists(film: Film) -> None:
    flat = document(film, "flat")
    valid("flat-film", flat)
    shot = flat["shots"][0]
    valid("flat-shot", shot)
    assert shot["estimated_duration_seconds"] == 6.0
    assert shot["narrative_layer"] == film.shots[0].narrative_layer.model_dump()
    assert shot["technical_layer"]["camera"] == {
        "angle": "medium shot, two shot, at eye level, facing the camera",
        "movement": "static, tripod",
        "lens": "35 mm standard at T2.8",
        "focus": "moderate depth of field, focus on Nadia",
    }
    assert shot["technical_layer"]["lighting"] == "Hard light from the dashboard at 4300 K."
    assert shot["technical_layer"]["audio"] == {
        "dialogue": "Nadia (brightly): Ten minutes, Mum. Traffic.",
        "sound_effects": ["phone BUZZES", "rain on the roof"],
        "music_cue": "1m01 starts: low strings (he hears the lie)",
    }
    assert shot["digital_assets"] == {
        "characters": ["char_nadia_v01", "anim_dog_v01"], "locations": ["loc_hatchback_v01"], "objects": [],
        "vehicles": [], "clothes": ["cloth_theo_suit_v01", "mkup_theo_v01"], "background": ["fx_rain_v01"],
    }  # fmt: skip
    assert shot["wanted_assets"] == ["char_theo_v01", "obj_cake_box_v01"]


def test_the_shot_list_has_a_row_a_shot_in_the_words_of_the_set(film: Film) -> None:
    first, second = rows(film)
    assert [first[c] for c in ("slate", "label", "int_ext", "set", "day", "size", "lens", "seconds", "cast")] == [
        "1", "001-0010", "INT", "HATCHBACK", "N1", "MS", "35 mm", "6", "Nadia, Theo Varga",
    ]  # fmt: skip
    assert first["wanted"] == "char_theo_v01, obj_cake_box_v01"
    assert second["music"].startswith("continues") or "continues" in second["music"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " ="])
def test_a_cell_that_a_spreadsheet_would_run_is_made_text(film: Film, start: str) -> None:
    narrative = build_shot().narrative_layer.model_copy(update={"action_description": f"{start}HYPERLINK(1)"})
    (row,) = rows(dataclasses.replace(film, shots=(build_shot(narrative_layer=narrative),)))
    assert row["action"] == f"'{start}HYPERLINK(1)"


def test_commas_quotes_and_line_ends_in_a_speech_stay_in_their_cell(film: Film) -> None:
    audio = build_shot().audio.model_copy(update={"dialogue": (line('He said, "go,\nnow".'), line("Fine."))})
    (row,) = rows(dataclasses.replace(film, shots=(build_shot(audio=audio),)))
    assert row["dialogue"] == 'Nadia: He said, "go,\nnow".\nNadia: Fine.'


def test_the_summary_counts_what_a_producer_asks_for_and_fits_a_page(film: Film) -> None:
    text = export(film, "summary")
    assert isinstance(text, str)
    for line_ in (
        "# Cake",
        "| Scenes | 1 |",
        "| Length of the script | 6/8 of a page, scene by scene |",
        "| Set-ups | 2 |",
        "| Clips | 2, 0 min 13 s to generate; 2 of them last 5 to 7 s |",
        "| Cut film | 3 cuts, 0 min 10 s |",
        "| Flags | 0 errors, 1 warning |",
        "- Nadia: 1 speech, 1 scene",
        "- Hatchback: 1 scene, 2 clips",
        "- `obj_cake_box_v01`: 2 clips",
        "- 1m01 from 001-0010: low strings",
    ):
        assert line_ in text.splitlines(), line_
    crowd = tuple(
        WantedAsset(entity=f"prop/p{i}", kind="object", proposed_key=f"obj_p{i}_v01", name=f"p|{i}") for i in range(90)
    )
    crowded = export(dataclasses.replace(film, wanted=crowd), "summary")
    assert isinstance(crowded, str)
    assert len(crowded.splitlines()) < 66
    assert "and 80 more" in crowded
    assert "p\\|3" in crowded


def test_every_export_is_listed_with_what_it_is_for_and_writes_the_same_bytes_twice(film: Film) -> None:
    assert list(EXPORTS) == ["json", "csv", "prompts", "summary", "contact-sheet", "plans", "animatic"]
    for name, listed in EXPORTS.items():
        assert listed.what
        assert listed.extension
        if listed.write_file is None:
            assert export(film, name) == export(film, name)


def test_a_format_layout_or_option_that_does_not_exist_is_refused_with_what_there_is(film: Film) -> None:
    with pytest.raises(ConfigError) as unknown:
        export(film, "pdf")
    assert "csv" in unknown.value.hint
    with pytest.raises(ConfigError):
        export(film, "json", layout="deep")
    with pytest.raises(ConfigError, match="--model"):
        export(film, "csv", model="veo")


def test_a_film_without_shots_exports_too() -> None:
    empty = Film(shots=())
    for name, listed in EXPORTS.items():
        if listed.write_file is None:
            assert isinstance(export(empty, name), str)


@pytest.mark.parametrize("name", ["contact-sheet", "animatic"])
def test_what_is_made_of_frames_says_so_where_there_are_none(film: Film, name: str) -> None:
    with pytest.raises(InputError, match="needs frames") as refused:
        export(dataclasses.replace(film, pictures=None), name)
    assert "shotwright[vision]" in refused.value.hint


def test_prompts_and_assets_fit_their_schemas(film: Film) -> None:
    for prompt in compile_prompts(film, "veo"):
        valid("prompt", json.loads(prompt.model_dump_json(by_alias=True)))
    valid("asset", {"schema": "shotwright/asset@1", "key": "obj_ring_v01", "kind": "object", "name": "ring"})
    with pytest.raises(jsonschema.ValidationError):
        valid("asset", {"key": "obj_ring_v01", "kind": "furniture", "name": "ring"})
    valid("asset", json.loads(Asset(key="k", kind="object", name="n").model_dump_json(by_alias=True)))


@pytest.mark.parametrize("name", sorted(schemas()))
def test_the_frozen_schema_is_current(name: str) -> None:
    """Changing a schema is a decision: run the tests once with SHOTWRIGHT_FREEZE=1 and read the difference."""
    made = json.dumps(schemas()[name], indent=2, ensure_ascii=False) + "\n"
    path = FROZEN / f"{name}.json"
    if os.environ.get("SHOTWRIGHT_FREEZE"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == made
    jsonschema.Draft202012Validator.check_schema(schemas()[name])
