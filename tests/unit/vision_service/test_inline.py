"""Eyes for a run: no threads, a folder that several processes open, and a backbone that is loaded when it is needed."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.unit.vision_service.pictures import person

from shotwright.adapters.vision_service.local import open_local
from shotwright.errors import ConfigError, VisionError
from shotwright.model.vision import ImageRef, LibraryAddition, LibraryShot
from shotwright.vision.backbones import BackboneSettings
from shotwright.vision.backbones import lazy as lazy_backbones
from shotwright.vision.backbones.dinov2 import weights_path
from shotwright.vision.library import ShotLibrary

if TYPE_CHECKING:
    from shotwright.ports.vision_service import VisionService

ROOT = Path(__file__).resolve().parents[3]
QUICK = BackboneSettings(kind="classical")
OTHER_PROCESS = """
import asyncio, sys
from pathlib import Path
from shotwright.adapters.vision_service.local import open_local
from shotwright.model.vision import ImageRef
from shotwright.vision.backbones import BackboneSettings
from tests.unit.vision_service.pictures import person
eyes = open_local(Path(sys.argv[1]), settings=BackboneSettings(kind="classical"))
for n in range(int(sys.argv[2]), int(sys.argv[2]) + 20):
    asyncio.run(eyes.embed([ImageRef(data=person("mara", n))]))
asyncio.run(eyes.close())
"""


def look(eyes: VisionService, *seeds: int) -> list[bool]:
    found = asyncio.run(eyes.embed([ImageRef(data=person("mara", seed)) for seed in seeds]))
    return [embedding.cached for embedding in found.embeddings]


def shut(eyes: VisionService) -> None:
    asyncio.run(eyes.close())


def test_no_thread_is_started(tmp_path: Path) -> None:
    before = threading.active_count()
    eyes = open_local(tmp_path, settings=QUICK)
    assert look(eyes, 1, 2, 1) == [False, False, False]
    assert look(eyes, 2, 3) == [True, False]
    assert threading.active_count() == before
    shut(eyes)


def test_what_one_run_has_seen_the_next_need_not_look_at(tmp_path: Path) -> None:
    one = open_local(tmp_path, settings=QUICK)
    look(one, *range(20))
    shut(one)
    two = open_local(tmp_path, settings=QUICK)
    assert look(two, *range(20)) == [True] * 20
    shut(two)


def test_several_processes_open_one_folder_at_once_and_none_loses_anything(tmp_path: Path) -> None:
    mine = open_local(tmp_path, settings=QUICK)
    others = [
        subprocess.Popen(
            [sys.executable, "-c", OTHER_PROCESS, str(tmp_path), str(start)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        )
        for start in (0, 10, 20)
    ]
    look(mine, *range(40, 60))
    assert [other.wait(60) for other in others] == [0, 0, 0]
    shut(mine)
    again = open_local(tmp_path, settings=QUICK)
    assert all(look(again, *range(60)))
    shut(again)


def test_a_fresh_folder_may_be_opened_by_many_in_the_same_moment(tmp_path: Path) -> None:
    others = [
        subprocess.Popen(
            [sys.executable, "-c", OTHER_PROCESS, str(tmp_path), "0"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        )
        for _ in range(3)
    ]
    assert [other.wait(60) for other in others] == [0, 0, 0]


def test_a_fork_may_go_on_looking(tmp_path: Path) -> None:
    eyes = open_local(tmp_path, settings=QUICK)
    look(eyes, 1)
    child = subprocess.run(
        [sys.executable, "-c", FORKING, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        timeout=60,
        check=False,
    )
    assert child.returncode == 0
    assert look(eyes, 1, 2, 3) == [True, True, True], "parent and child of the other process have both kept theirs"
    shut(eyes)


FORKING = """
import asyncio, os, sys
from pathlib import Path
from shotwright.adapters.vision_service.local import open_local
from shotwright.model.vision import ImageRef
from shotwright.vision.backbones import BackboneSettings
from tests.unit.vision_service.pictures import person
eyes = open_local(Path(sys.argv[1]), settings=BackboneSettings(kind="classical"))
asyncio.run(eyes.embed([ImageRef(data=person("mara", 1))]))
child = os.fork()
asyncio.run(eyes.embed([ImageRef(data=person("mara", 2 if child else 3))]))
if child:
    status = os.waitpid(child, 0)[1]
    asyncio.run(eyes.embed([ImageRef(data=person("mara", 2))]))
    asyncio.run(eyes.close())
    sys.exit(status != 0)
os._exit(0)
"""


def test_a_server_wants_its_folder_to_itself(tmp_path: Path) -> None:
    run = open_local(tmp_path, settings=QUICK)
    with pytest.raises(ConfigError, match="another process"):
        ShotLibrary(tmp_path)
    shut(run)
    server = ShotLibrary(tmp_path)
    with pytest.raises(ConfigError, match="another process"):
        open_local(tmp_path, settings=QUICK)
    server.close()


def test_a_run_sweeps_nothing(tmp_path: Path) -> None:
    shut(open_local(tmp_path, settings=QUICK))
    stray = tmp_path / "pictures" / "ab" / ("ab" + "0" * 62)
    stray.parent.mkdir()
    stray.write_bytes(b"another run is about to name this")
    shut(open_local(tmp_path, settings=QUICK))
    assert stray.exists()


def test_judging_does_not_depend_on_the_library(tmp_path: Path) -> None:
    eyes = open_local(tmp_path, settings=QUICK)
    judging, whole = eyes.judging_fingerprint(), eyes.fingerprint()
    asyncio.run(eyes.add_to_library(LibraryAddition(shots=(LibraryShot(tags=("rain",)),))))
    assert eyes.judging_fingerprint() == judging
    assert eyes.fingerprint() != whole
    shut(eyes)


@pytest.mark.skipif(weights_path() is None, reason="DINOv2's weights are not installed")
def test_a_backbone_that_is_known_is_not_loaded_to_be_described(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_local(tmp_path)
    said, mark = asyncio.run(first.describe()), first.judging_fingerprint()
    shut(first)

    def refuse(*_: object) -> None:
        raise AssertionError("it was loaded")

    monkeypatch.setattr(lazy_backbones, "open_backbone", refuse)
    again = open_local(tmp_path)
    assert asyncio.run(again.describe()) == said
    assert again.judging_fingerprint() == mark
    with pytest.raises(AssertionError, match="it was loaded"):
        look(again, 1)
    shut(again)
    other = open_local(tmp_path, settings=BackboneSettings(side=336))
    with pytest.raises(AssertionError, match="it was loaded"):
        other.fingerprint()
    shut(other)


def test_a_backbone_that_is_not_there_is_said_when_opening(tmp_path: Path) -> None:
    with pytest.raises(VisionError, match="no backbone"):
        open_local(tmp_path, settings=BackboneSettings(kind="dinov3", model=str(tmp_path / "nothing.onnx")))
    ShotLibrary(tmp_path).close()


def test_a_closed_service_says_so(tmp_path: Path) -> None:
    eyes = open_local(tmp_path, settings=QUICK)
    shut(eyes)
    shut(eyes)
    with pytest.raises(VisionError, match="closed"):
        look(eyes, 1)


def test_the_embeddings_that_were_asked_for_last_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(1000, 2000))
    monkeypatch.setattr("shotwright.vision.library._now", lambda: next(clock))
    library = ShotLibrary(tmp_path, cache_bytes=1000)
    media, _ = library.put_picture(person("mara"), "a.png", "image/png", 64, 96, "PNG")
    for n in range(10):
        library.keep_embeddings({f"k{n}": bytes(100)})
    assert library.embedding("k0")
    assert library.prune_embeddings() == 0
    library.keep_embeddings({"k10": bytes(100)})
    assert library.embedding("k1")
    assert library.prune_embeddings() == 2
    kept = [n for n in range(11) if library.embedding(f"k{n}")]
    assert kept == [0, 1, 4, 5, 6, 7, 8, 9, 10]
    assert library.picture(media.asset_id) == person("mara")
    library.close()


def test_a_cache_that_cannot_be_pruned_keeps_nobody_from_looking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: ShotLibrary) -> int:
        raise VisionError("the library cannot be written: database or disk is full", transient=True)

    monkeypatch.setattr(ShotLibrary, "prune_embeddings", full)
    eyes = open_local(tmp_path, settings=QUICK)
    assert look(eyes, 1) == [False]
    shut(eyes)


def test_a_service_that_goes_on_keeps_its_cache_bounded(tmp_path: Path) -> None:
    library = ShotLibrary(tmp_path, cache_bytes=100_000)
    for start in range(0, 4000, 500):
        library.keep_embeddings({f"k{n}": bytes(100) for n in range(start, start + 500)})
    held = sum(library.embedding(f"k{n}") is not None for n in range(4000))
    assert held <= 1000
    library.close()


def test_a_library_of_the_first_version_is_brought_forward(tmp_path: Path) -> None:
    library = ShotLibrary(tmp_path)
    library.add([LibraryShot(tags=("rain",))], [None])
    library.close()
    with sqlite3.connect(tmp_path / "library.db") as db:
        db.executescript(
            "DROP TABLE embedding; CREATE TABLE embedding (key TEXT PRIMARY KEY, vector BLOB NOT NULL) STRICT, WITHOUT"
            " ROWID; INSERT INTO embedding VALUES ('old', x'00'); PRAGMA user_version=1;"
        )
    db.close()
    library = ShotLibrary(tmp_path, cache_bytes=0)
    assert library.embedding("old") == b"\0"
    assert library.search("rain")
    assert library.prune_embeddings() == 1
    library.close()
