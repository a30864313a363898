"""Plans from above: every camera and everyone staged, one plan a passage, and labels that can all be read."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("PIL")

from tests.unit.exports.builders import NADIA, THEO, build_shot, subject, with_camera, with_staging

from shotwright.exports import Film, export, export_to
from shotwright.exports.floor_plan import drawings, floor_plans
from shotwright.exports.floor_plan.drawing import Text, lay_out
from shotwright.exports.floor_plan.labels import overlap
from shotwright.exports.floor_plan.outline import Outline, outline_of
from shotwright.exports.floor_plan.plan import plans_of, read_plan
from shotwright.model.shot import Line, Movement, Shot, Travel

if TYPE_CHECKING:
    import pathlib

    from shotwright.exports.floor_plan.drawing import Drawing


def staged(number: int, *, passage: int = 1, place: str = "hatchback", **camera: Any) -> Shot:
    shot = build_shot(f"sh_{number}", slate=f"1{chr(64 + number)}")
    line = Line(kind="look", a=NADIA, b=THEO, side="right" if passage % 2 else "left", passage=passage)
    staging = shot.technical_layer.staging.model_copy(update={"line": line, "plate": f"location/{place} side A"})
    shot = shot.model_copy(update={"technical_layer": shot.technical_layer.model_copy(update={"staging": staging})})
    return with_camera(shot, **camera) if camera else shot


def drawn(*shots: Shot) -> Drawing:
    return lay_out(read_plan(shots, "1  INT. HATCHBACK - NIGHT", lambda entity: entity.rpartition("/")[2]))


def words(drawing: Drawing) -> list[str]:
    return [item.text for item in drawing.items if isinstance(item, Text)]


def test_no_two_labels_overlap_however_close_the_cameras_stand() -> None:
    shots = [staged(n, position_m=(-1.2 + 0.5 * (n % 6), 1.5, 1.0 + 0.5 * (n // 6))) for n in range(1, 19)]
    drawing = drawn(*shots)
    texts = [item for item in drawing.items if isinstance(item, Text)]
    for one, two in combinations(texts, 2):
        assert not overlap(one.box, two.box), (one.text, two.text)
    for label in drawing.labels:
        assert label.box[0] >= 0
        assert label.box[2] <= drawing.width
        assert label.box[3] <= drawing.height
    for shot in shots:
        assert any(re.search(rf"\b{shot.slate}\b", text) for text in words(drawing)), shot.slate


def test_a_set_up_of_several_shots_is_one_camera() -> None:
    one = staged(1)
    assert any("1A 35 mm ×2" in text for text in words(drawn(one, one.model_copy(update={"shot_id": "sh_x"}))))


def test_a_line_that_is_drawn_anew_or_another_place_has_its_own_plan() -> None:
    shots = (staged(1), staged(2), staged(3, passage=2), staged(4, passage=3, place="road"))
    plans = plans_of(Film(shots=shots))
    assert list(plans) == ["scene-001", "scene-001-b", "scene-001-c"]
    assert [[s.slate for s in plan.setups] for plan in plans.values()] == [["1A", "1B"], ["1C"], ["1D"]]


def test_people_who_go_somewhere_have_a_path_and_cameras_that_move_an_end() -> None:
    still = read_plan([staged(1)], "t", str)
    assert not any(person.path for person in still.people)
    assert still.setups[0].end is None
    going = subject(NADIA, "left", pose_start="walk", travel=Travel(screen_direction="left"))
    assert len(read_plan([with_staging(staged(1), going)], "t", str).people[0].path) == 2
    dolly = read_plan([staged(1, movement=Movement(type="dolly_in", speed="slow"))], "t", str)
    assert dolly.setups[0].end is not None
    assert dolly.setups[0].end[1] < dolly.setups[0].spot[1]


def test_an_svg_is_one_that_reads_and_escapes_what_is_written(film: Film) -> None:
    hostile = staged(1).model_copy(update={"slate": "<b>&1"})
    (made,) = floor_plans(Film(shots=(hostile,), story=film.story)).values()
    assert "<b>&1" in "".join(ET.fromstring(made).itertext())


def test_one_scene_is_a_file_several_are_a_folder_and_a_pdf_has_them_all(tmp_path: pathlib.Path) -> None:
    one, two = Film(shots=(staged(1),)), Film(shots=(staged(1), staged(2, passage=2)))
    assert export_to(one, "plans", tmp_path / "plan.svg") == [tmp_path / "plan.svg"]
    written = export_to(two, "plans", tmp_path / "all")
    assert [path.relative_to(tmp_path).as_posix() for path in written] == ["all/scene-001.svg", "all/scene-001-b.svg"]
    data = export(two, "plans")
    assert isinstance(data, bytes)
    assert data.count(b"/Type /Page ") == 2
    assert data == export(two, "plans")


def test_a_room_has_its_walls_windows_doors_and_furniture() -> None:
    from shotwright.boards.sets import place_look

    shots = [staged(1)]
    room = outline_of(place_look("location/hatchback", "kitchen", True, shots), -60)
    assert room is not None
    x0, z0, x1, z1 = room.walls
    assert room.doors
    assert room.windows
    assert room.furniture
    for a, b, c, d in (*room.doors, *room.windows, *room.furniture):
        assert x0 - 0.01 <= a <= c <= x1 + 0.01
        assert z0 - 0.01 <= b <= d <= z1 + 0.01
    assert outline_of(place_look("location/hatchback", "field", False, shots), 0) is None


def test_the_walls_are_on_the_plan_whole() -> None:
    room = Outline((-6.0, -5.0, 6.0, 5.0))
    drawing = lay_out(read_plan([staged(1)], "t", str, outline=room))
    walls = next(item for item in drawing.items if getattr(item, "width", 0) == 5)
    for x, y in walls.points:  # type: ignore[union-attr]
        assert 0 < x < drawing.width
        assert 0 < y < drawing.height


def test_a_story_at_hand_names_people_and_gives_the_heading(film: Film) -> None:
    (plan,) = drawings(Film(shots=(staged(1),), story=film.story)).values()
    assert "Theo Varga" in words(plan)
    assert any("HATCHBACK" in text for text in words(plan))
