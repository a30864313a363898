"""The rendered atlas: every frame once, annotated by the tables, in a library from the first day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from shotwright.craft.beats import beat_looks
from shotwright.craft.optics import size_of
from shotwright.model.shot import EmotionalBeat
from shotwright.model.vision import LibraryShot, SceneSetting, ShotWish, SuggestRequest, VisionModel
from shotwright.model.vocabulary import SIZE_ORDER
from shotwright.vision.atlas import atlas, atlas_vector, pack_vectors, seed_atlas
from shotwright.vision.atlas_frames import ANGLES, FRAMINGS, KEYS, atlas_shot, cells, picture_of_cell
from shotwright.vision.library import ShotLibrary
from shotwright.vision.plain_engines import ColourAndContour
from shotwright.vision.suggest import CraftSuggester

if TYPE_CHECKING:
    from pathlib import Path

WEIGHTS = "198644e37de36674974f453a9aebfc0120b168b9414cce18d4dceb576fbdf355"
SCENE = SceneSetting(
    type="dialogue_2", int_ext="INT", location="Kitchen", emotional_beat=EmotionalBeat(name="anger", intensity=0.8)
)
WISHES = tuple(
    ShotWish(
        shot_id=f"s{i}", action="They quarrel.", characters=("character/a", "character/b"), speaker="character/a",
        tags=("anger", "dialogue_2"), turn=i == 2,
    )
    for i in range(4)
)  # fmt: skip


def blind(*_: object) -> object:
    raise AssertionError("no picture was to be looked at")


def test_every_combination_is_there_once_and_annotated_alike_each_time() -> None:
    shots = atlas()
    assert len(shots) == 7 * len(ANGLES) * len(FRAMINGS) * len(KEYS) == 840
    assert len({(s.shot_size, s.angle, s.framing, s.key_style) for s in shots}) == 840
    atlas.cache_clear()
    assert atlas() == shots
    assert all(s.beat and s.tags and s.light_direction and s.scene_description for s in shots)
    assert {s.beat for s in shots} == set(beat_looks())


def test_the_annotations_go_the_beat_tables_way() -> None:
    of: dict[str, list[LibraryShot]] = {}
    for shot in atlas():
        of.setdefault(str(shot.beat), []).append(shot)

    def size(beat: str) -> float:
        return sum(SIZE_ORDER[str(s.shot_size)] for s in of[beat]) / len(of[beat])

    assert size("awe") < size("joy") < size("tension_rising") < size("shock")
    assert not {s.angle for s in of["power"]} & {"high_angle", "overhead"}
    assert not {s.angle for s in of["vulnerability"]} & {"low_angle", "worms_eye"}
    assert not {s.key_style for s in of["joy"]} & {"low_key", "chiaroscuro", "silhouette"}
    assert not {s.key_style for s in of["tension_rising"]} & {"high_key", "flat"}


def test_the_frame_at_the_subject_is_as_high_as_the_size_says() -> None:
    for cell in cells()[::7]:
        shot = atlas_shot(cell)
        camera = shot.technical_layer.camera
        height = camera.coverage_m or 0.0
        assert abs(SIZE_ORDER[size_of(height)] - SIZE_ORDER[cell.size]) <= 1
        away = np.subtract(camera.position_m, camera.look_at_m)
        seen = float(np.linalg.norm(away)) * 24.89 / (16 / 9) / camera.lens.focal_mm
        assert seen == pytest.approx(height, rel=0.03)
        pitch = np.degrees(np.arcsin(away[1] / np.linalg.norm(away)))
        if cell.angle == "eye_level":
            assert abs(pitch) < 8
        elif cell.angle in ("high_angle", "overhead"):
            assert pitch > 10
        elif SIZE_ORDER[cell.size] >= 1:
            assert pitch < -8


def test_a_picture_is_drawn_on_demand_and_is_the_same_always() -> None:
    first = picture_of_cell(cells()[400])
    assert first[:2] == b"\xff\xd8"
    assert picture_of_cell(cells()[400]) == first


def test_embeddings_come_for_the_weights_that_they_were_made_with_and_no_others() -> None:
    own = VisionModel(name="the embedded one", weights_sha256=WEIGHTS, dimension=600)
    vectors = [atlas_vector(shot, own) for shot in atlas()[:3]]
    assert all(v is not None and float(v @ v) == pytest.approx(1.0, abs=1e-4) for v in vectors)
    assert atlas_vector(atlas()[0], own.model_copy(update={"weights_sha256": "0" * 64})) is None
    assert atlas_vector(atlas()[0], own.model_copy(update={"weights_sha256": ""})) is None


def test_a_library_gets_it_once(tmp_path: Path) -> None:
    library = ShotLibrary(tmp_path)
    try:
        assert seed_atlas(library) == 840
        assert seed_atlas(library) == 0
        assert library.size() == 840
        found = CraftSuggester(library, ColourAndContour()).suggest(SuggestRequest(scene=SCENE, shots=WISHES), blind)
        ids = {s.id for s in library.shots(limit=840)[0]}
        assert found.library_shots == 840
        for shot in found.shots:
            assert shot.candidates
            assert {e.library_id for e in shot.candidates[0].evidence} & ids
    finally:
        library.close()


def test_a_film_that_people_added_speaks_louder_than_the_atlas(tmp_path: Path) -> None:
    library = ShotLibrary(tmp_path)
    try:
        seed_atlas(library)
        suggester = CraftSuggester(library, ColourAndContour())
        request = SuggestRequest(scene=SCENE, shots=WISHES)
        before = suggester.suggest(request, blind)
        films = [
            LibraryShot(
                source="A film", shot_size="medium_wide", angle="eye_level", framing="two_shot", beat="anger",
                tags=("anger", "dialogue_2"), start_timestamp=float(i), scene_description="A quarrel at the opening.",
            )
            for i in range(3)
        ]  # fmt: skip
        ids, _ = library.add(films, [None] * 3)
        after = suggester.suggest(request, blind)
        heard = [e.library_id for s in after.shots for c in s.candidates for e in c.evidence]
        assert set(ids) & set(heard)
        two = [(c.shot_size, c.framing) for s in before.shots for c in s.candidates].count(("medium_wide", "two_shot"))
        now = [(c.shot_size, c.framing) for s in after.shots for c in s.candidates].count(("medium_wide", "two_shot"))
        assert now >= two
        score = [
            next(c.scores.library for c in s.candidates if (c.shot_size, c.framing) == ("medium_wide", "two_shot"))
            for s in (before.shots[0], after.shots[0])
        ]
        assert score[1] > score[0] + 0.2
    finally:
        library.close()


def test_a_film_that_nobody_described_is_heard_for_how_it_frames(tmp_path: Path) -> None:
    library = ShotLibrary(tmp_path)
    try:
        seed_atlas(library)
        suggester = CraftSuggester(library, ColourAndContour())
        request = SuggestRequest(scene=SCENE, shots=WISHES, k=6)
        films = [
            LibraryShot(source="harbour.mp4", shot_size="close_up", movement="static", start_timestamp=float(i))
            for i in range(30)
        ]
        ids, _ = library.add(films, [None] * 30)
        heard = [e for s in suggester.suggest(request, blind).shots for c in s.candidates for e in c.evidence]
        named = [e for e in heard if e.library_id in ids]
        assert named
        assert {e.why for e in named} == {"close up, static, as harbour.mp4 has it"}
    finally:
        library.close()


def test_packed_embeddings_keep_their_directions() -> None:
    rows = np.random.default_rng(3).normal(size=(12, 64)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    kept = pack_vectors(rows, "ab" * 32)
    back = kept["vectors"].astype(np.float32)
    back /= np.linalg.norm(back, axis=1, keepdims=True)
    assert float((back * rows).sum(axis=1).min()) > 0.999
    assert kept["weights"].tobytes().decode() == "ab" * 32
