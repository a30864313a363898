"""The library: the same twice is there once, words find shots, and a kill leaves it whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from tests.unit.vision_service.pictures import flat, person

from shotwright.errors import ConfigError, VisionError
from shotwright.model.vision import LibraryShot
from shotwright.vision.library import ShotLibrary, words_of

ROOT = Path(__file__).resolve().parents[3]


def put(library: ShotLibrary, data: bytes, name: str = "a.png") -> str:
    return library.put_picture(data, name, "image/png", 64, 96, "PNG")[0].asset_id


@pytest.mark.parametrize("after", [0.05, 0.2, 0.45])
def test_killed_in_the_middle_it_starts_again_whole(tmp_path: Path, after: float) -> None:
    said: list[str] = []
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.unit.vision_service.dying", str(tmp_path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        )
        assert process.stdout is not None
        said.append(process.stdout.readline())
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        said += process.stdout.read().splitlines()
        process.stdout.close()
        process.wait()
    library = ShotLibrary(tmp_path)
    finished = [line.split() for line in said if len(line.split()) == 2]
    assert finished
    for asset_id, shot_id in finished:
        assert library.picture(asset_id), "what was finished is kept"
        assert library.keyframe(shot_id)
    shots, total = library.shots(limit=100_000)
    assert total == len(shots)
    assert all(library.keyframe(shot.id) for shot in shots), "no shot without its picture"
    assert not list(tmp_path.glob("pictures/*/*.part")), "nothing half-written is left"
    library.close()


def test_leftovers_of_a_kill_are_swept(tmp_path: Path) -> None:
    library = ShotLibrary(tmp_path)
    asset = put(library, person("mara"))
    library.close()
    stray = tmp_path / "pictures" / "ab" / ("ab" + "0" * 62)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"nobody names this")
    stray.with_name(stray.name + ".1234.part").write_bytes(b"half")
    library = ShotLibrary(tmp_path)
    assert not list(stray.parent.iterdir()) or stray.parent.name == asset[3:5]
    assert not stray.exists()
    assert library.picture(asset)
    library.close()


def test_the_same_picture_and_shot_twice_are_there_once(tmp_path: Path) -> None:
    library = ShotLibrary(tmp_path)
    assert put(library, person("mara"), "a.png") == put(library, person("mara"), "b.png")
    shot = LibraryShot(tags=("rain",), shot_size="wide")
    ids, added = library.add([shot, shot, shot.model_copy(update={"shot_size": "close_up"})], [None, None, None])
    assert added == 2
    assert ids[0] == ids[1] != ids[2]
    assert library.size() == 2
    library.close()


def test_an_addition_is_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = ShotLibrary(tmp_path)
    write, written = library._held.write_blob, []

    def full(sha256: str, data: bytes) -> None:
        if written:
            raise VisionError("no space")
        written.append(sha256)
        write(sha256, data)

    monkeypatch.setattr(library._held, "write_blob", full)
    with pytest.raises(VisionError):
        library.add([LibraryShot(tags=("a",)), LibraryShot(tags=("b",))], [flat((1, 2, 3)), flat((4, 5, 6))])
    assert library.size() == 0
    assert library.search("a") == []
    library.close()


def test_a_deleted_picture_stays_while_a_shot_shows_it(tmp_path: Path) -> None:
    library = ShotLibrary(tmp_path)
    kept, lost = put(library, person("mara")), put(library, person("odell"))
    (shot,), _ = library.add([LibraryShot(tags=("x",))], [person("mara")])
    assert library.forget(kept)
    assert library.forget(lost)
    assert not library.forget(lost)
    assert library.media(kept) is None
    assert library.keyframe(shot) == person("mara")
    assert len([p for p in tmp_path.glob("pictures/*/*") if p.is_file()]) == 1
    library.close()


def test_a_picture_that_changed_on_disk_is_not_served(tmp_path: Path) -> None:
    library = ShotLibrary(tmp_path)
    asset = put(library, person("mara"))
    next(p for p in tmp_path.glob("pictures/*/*") if p.is_file()).write_bytes(b"other")
    with pytest.raises(VisionError, match="changed on disk"):
        library.picture(asset)
    library.close()


def test_two_processes_do_not_share_a_library(tmp_path: Path) -> None:
    library = ShotLibrary(tmp_path)
    with pytest.raises(ConfigError, match="another process"):
        ShotLibrary(tmp_path)
    library.close()
    ShotLibrary(tmp_path).close()


def test_a_damaged_database_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "library.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(ConfigError, match="cannot be opened") as caught:
        ShotLibrary(tmp_path)
    assert "\n" not in str(caught.value)


def test_words_find_shots_and_rare_ones_and_tags_count_more(tmp_path: Path) -> None:
    library = ShotLibrary(tmp_path)
    library.add(
        [
            LibraryShot(tags=("kitchen",), scene_description="a quarrel", shot_size="wide"),
            LibraryShot(tags=("kitchen", "quarrel"), scene_description="voices rise", shot_size="close_up"),
            LibraryShot(tags=("harbour",), scene_description="boats come in", shot_size="extreme_wide"),
        ],
        [None, None, None],
    )
    assert [h.shot.shot_size for h in library.search("they are quarrelling in a kitchen")] == ["close_up", "wide"]
    assert [h.shot.shot_size for h in library.search("boats")] == ["extreme_wide"]
    assert library.search("quarrel", ["harbour"])[0].shot.shot_size == "extreme_wide"
    assert library.search("") == []
    assert library.search("zebra") == []
    assert all(0 < h.score <= 1 for h in library.search("kitchen quarrel boats harbour"))
    library.close()


def test_words_lose_their_endings_and_the_small_ones_go() -> None:
    assert words_of("The woman slowly walked to Rome's ships, stopping") == [
        "woman",
        "slow",
        "walk",
        "rome",
        "ship",
        "stop",
    ]


def test_many_threads_put_and_forget_without_losing_anything(tmp_path: Path) -> None:
    library = ShotLibrary(tmp_path)
    failures: list[Exception] = []

    def work(seed: int) -> None:
        try:
            for n in range(8):
                asset = put(library, flat((seed, n, 7)))
                shared = put(library, flat((9, 9, 9)))
                assert library.picture(asset)
                library.keep_embeddings({f"{seed}-{n}": b"1234"})
                if n % 2:
                    library.forget(asset)
                if seed % 3 == 0:
                    library.forget(shared)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    for seed in range(8):
        assert library.picture(put(library, flat((seed, 0, 7))))
    library.close()
