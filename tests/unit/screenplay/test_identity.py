"""Ids stay with what they were given to, from draft to draft."""

from __future__ import annotations

import time

from shotwright.model.idtable import IdTable
from shotwright.screenplay import Reading, read_string

MILL = (
    "INT. MILL - DAY\n\nThe wheel groans. Flour hangs in the light.\n\nADA\nIt never stops by itself.\n\n"
    "Ben wipes the dust from the sill."
)
BARN = (
    "EXT. BARN - NIGHT\n\nAn owl leaves the rafters and crosses the moon.\n\nBEN\n"
    "Somebody is in there with the horses.\n\nA beat."
)
ROAD = "EXT. ROAD - DAWN\n\nA cart rolls past the milestone. The horse limps badly.\n\nA beat."
DRAFT = "\n\n".join([MILL, BARN, ROAD]) + "\n"


def scene_ids(reading: Reading) -> list[str]:
    return [scene.id for scene in reading.screenplay.scenes]


def ids_by_text(reading: Reading, scene: int) -> dict[str, str]:
    return {unit.text: unit.id for unit in reading.screenplay.scenes[scene].units}


def test_reading_twice_gives_the_same_ids_with_and_without_the_table() -> None:
    first = read_string(DRAFT)
    assert read_string(DRAFT) == first
    assert read_string(DRAFT, first.id_table) == first


def test_all_ids_differ_even_of_equal_lines_and_scenes() -> None:
    reading = read_string("\n\n".join([ROAD, ROAD, "INT. A\n\nA beat. A beat. A beat."]))
    ids = scene_ids(reading) + [unit.id for scene in reading.screenplay.scenes for unit in scene.units]
    assert len(ids) == len(set(ids)) == len(reading.screenplay.lines)


def test_a_line_inserted_changes_no_other_id() -> None:
    first = read_string(DRAFT)
    second = read_string(DRAFT.replace("\n\nBEN\n", "\n\nHinges creak.\n\nBEN\n"), first.id_table)
    assert scene_ids(second) == scene_ids(first)
    for scene in range(3):
        before, after = ids_by_text(first, scene), ids_by_text(second, scene)
        assert {text: after[text] for text in before} == before
    assert len(ids_by_text(second, 1)) == len(ids_by_text(first, 1)) + 1


def test_an_insertion_among_equal_lines_shifts_none_of_them() -> None:
    first = read_string("INT. MILL\n\nRain.\n\nRain.\n\nRain.\n")
    second = read_string("INT. MILL\n\nRain.\n\nZebras.\n\nRain.\n\nRain.\n", first.id_table)
    before, after = ([unit.id for unit in reading.screenplay.scenes[0].units] for reading in (first, second))
    assert [after[0], *after[2:]] == before


def test_without_a_table_a_change_in_one_scene_alters_no_other() -> None:
    first, second = read_string(DRAFT), read_string(DRAFT.replace("An owl", "A beat. An owl"))
    assert scene_ids(second)[::2] == scene_ids(first)[::2]
    assert ids_by_text(second, 2) == ids_by_text(first, 2)


def test_a_reworded_line_keeps_its_id() -> None:
    first = read_string(DRAFT)
    second = read_string(DRAFT.replace("Ben wipes the dust", "Ben slowly wipes dust"), first.id_table)
    old = ids_by_text(first, 0)["Ben wipes the dust from the sill."]
    assert ids_by_text(second, 0)["Ben slowly wipes dust from the sill."] == old


def test_a_replaced_line_gets_a_new_id() -> None:
    first = read_string(DRAFT)
    second = read_string(DRAFT.replace("Ben wipes the dust from the sill.", "Thunder far away."), first.id_table)
    assert ids_by_text(second, 0)["Thunder far away."] not in ids_by_text(first, 0).values()


def test_a_renamed_heading_keeps_the_scene() -> None:
    first = read_string(DRAFT)
    second = read_string(DRAFT.replace("INT. MILL - DAY", "INT. WATERMILL - MORNING"), first.id_table)
    assert scene_ids(second) == scene_ids(first)


def test_moved_scenes_keep_their_ids() -> None:
    first = read_string(DRAFT)
    second = read_string("\n\n".join([ROAD, MILL.replace("groans", "moans"), BARN]), first.id_table)
    mill, barn, road = scene_ids(first)
    assert scene_ids(second) == [road, mill, barn]


def test_a_scene_rewritten_between_the_same_neighbours_under_its_heading_is_the_same() -> None:
    first = read_string(DRAFT)
    second = read_string("\n\n".join([MILL, "EXT. BARN - NIGHT\n\nSilence everywhere.", ROAD]), first.id_table)
    assert scene_ids(second) == scene_ids(first)


def test_a_new_scene_gets_a_new_id_and_a_removed_one_is_gone() -> None:
    first = read_string(DRAFT)
    second = read_string("\n\n".join([MILL, "INT. CELLAR - DAY\n\nRats. A lantern swings.", ROAD]), first.id_table)
    mill, barn, road = scene_ids(first)
    assert [scene_ids(second)[0], scene_ids(second)[2]] == [mill, road]
    assert scene_ids(second)[1] not in {mill, barn, road}


def test_lines_of_a_scene_cut_in_two_keep_their_ids() -> None:
    first = read_string(DRAFT)
    second = read_string(DRAFT.replace("\n\nBEN\n", "\n\nINT. BARN - LATER\n\nBEN\n"), first.id_table)
    said = "Somebody is in there with the horses."
    assert ids_by_text(second, 2)[said] == ids_by_text(first, 1)[said]


def test_an_id_given_to_changed_text_is_not_given_again_to_the_old_text() -> None:
    first = read_string(DRAFT)
    second = read_string(DRAFT.replace("groans", "moans"), first.id_table)
    third = read_string("\n\n".join([DRAFT.replace("groans", "moans").strip(), MILL]), second.id_table)
    assert scene_ids(third)[:3] == scene_ids(first)
    assert len(set(scene_ids(third))) == 4


def test_a_table_survives_json() -> None:
    table = read_string(DRAFT).id_table
    assert IdTable.model_validate_json(table.canonical_json()) == table


def test_two_unlike_drafts_of_a_feature_are_aligned_in_time() -> None:
    def draft(mark: str) -> str:
        return "\n\n".join(
            f"INT. ROOM {n % 40} - DAY\n\n"
            + "\n\n".join(f"Sentence {n * 7 + k} of {mark} goes{k} past word{n * k % 97}." for k in range(25))
            for n in range(200)
        )

    first = read_string(draft("one"))
    plain = time.perf_counter()
    read_string(draft("two"))
    started = time.perf_counter()
    second = read_string(draft("two"), first.id_table)
    spent = (time.perf_counter() - started) - (started - plain)
    assert scene_ids(second) == scene_ids(first)
    assert spent < 1.5
