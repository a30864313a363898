"""What every asset library must hold to, run on the folder adapter."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.conftest import ROOT

from shotwright.adapters.asset_library.folder import MAX_TOML_BYTES, FolderAssetLibrary
from shotwright.errors import ConfigError

TIN = 'schema = "shotwright/asset@1"\nkey = "obj_tin_v01"\nkind = "object"\nname = "Tin"\npictures = ["front.png"]\n'


def put(folder: Path, text: str = TIN, picture: bytes | None = b"png") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "asset.toml").write_text(text, "utf-8")
    if picture is not None:
        (folder / "front.png").write_bytes(picture)
    return folder


def refuse(folder: Path, *words: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        FolderAssetLibrary([folder]).assets()
    for word in words:
        assert word in f"{caught.value.message} {caught.value.hint}"
    assert caught.value.hint
    return caught.value


def test_the_example_library_is_read_in_a_fixed_order_with_library_and_fingerprint() -> None:
    library = FolderAssetLibrary([ROOT / "examples" / "last_bird_in" / "assets"])
    assets = library.assets()
    assert len(assets) > 30
    assert [a.key for a in assets] == sorted(a.key for a in assets)
    assert all(a.library == "assets" and a.fingerprint for a in assets)
    assert library.fingerprint() == FolderAssetLibrary([ROOT / "examples" / "last_bird_in" / "assets"]).fingerprint()


def test_an_earlier_librarys_key_hides_a_later_ones(tmp_path: Path) -> None:
    put(tmp_path / "ours" / "tin")
    put(tmp_path / "stock" / "tin", TIN.replace('"Tin"', '"Stock tin"'))
    put(tmp_path / "stock" / "cup", TIN.replace("obj_tin", "obj_cup").replace('"Tin"', '"Cup"'))
    found = FolderAssetLibrary([tmp_path / "ours", tmp_path / "stock"]).assets()
    assert [(a.key, a.name, a.library) for a in found] == [
        ("obj_tin_v01", "Tin", "ours"),
        ("obj_cup_v01", "Cup", "stock"),
    ]


def test_both_forms_are_found_and_nesting_ends_at_four(tmp_path: Path) -> None:
    put(tmp_path / "a" / "b" / "c" / "d")
    put(tmp_path / "1" / "2" / "3" / "4" / "5", TIN.replace("obj_tin", "obj_deep"))
    (tmp_path / "obj_cup_v01.toml").write_text('key = "obj_cup_v01"\nkind = "object"\nname = "Cup"\n', "utf-8")
    assert [a.key for a in FolderAssetLibrary([tmp_path]).assets()] == ["obj_cup_v01", "obj_tin_v01"]


def test_a_changed_picture_changes_only_its_own_fingerprint(tmp_path: Path) -> None:
    put(tmp_path / "tin")
    put(tmp_path / "cup", TIN.replace("obj_tin", "obj_cup"))
    library = FolderAssetLibrary([tmp_path])
    before, whole = {a.key: a.fingerprint for a in library.assets()}, library.fingerprint()
    (tmp_path / "tin" / "front.png").write_bytes(b"another")
    after = {a.key: a.fingerprint for a in library.assets()}
    assert before["obj_cup_v01"] == after["obj_cup_v01"]
    assert before["obj_tin_v01"] != after["obj_tin_v01"]
    assert whole != library.fingerprint()


def test_broken_toml_names_the_file_and_the_line(tmp_path: Path) -> None:
    put(tmp_path / "tin", 'key = "obj_tin_v01"\nkind = "object"\nname = Tin"\n')
    refuse(tmp_path, "asset.toml", "line 3", "broken TOML")


def test_an_unknown_field_is_refused_with_the_likely_one(tmp_path: Path) -> None:
    put(tmp_path / "tin", TIN + 'colors = ["#ffffff"]\n')
    refuse(tmp_path, "line 6", "'colors'", "did you mean 'colours'?")


def test_an_unknown_field_of_a_look_is_refused_with_the_likely_one(tmp_path: Path) -> None:
    put(tmp_path / "tin", TIN + '[[looks]]\nstory_day = ["D1"]\n')
    refuse(tmp_path, "line 7", "did you mean 'story_days'?")


def test_a_wrong_kind_is_refused_with_the_likely_one(tmp_path: Path) -> None:
    put(tmp_path / "tin", TIN.replace('"object"', '"objct"'))
    refuse(tmp_path, "line 3", "did you mean 'object'?")


def test_a_wrong_type_names_the_line(tmp_path: Path) -> None:
    put(tmp_path / "tin", TIN + 'height_m = "tall"\n')
    refuse(tmp_path, "line 6", "height_m")


def test_a_key_twice_in_one_library_names_both_files(tmp_path: Path) -> None:
    put(tmp_path / "a")
    put(tmp_path / "b")
    refuse(tmp_path, str(Path("a") / "asset.toml"), str(Path("b") / "asset.toml"), "line 2")


def test_a_missing_picture_is_refused_with_the_likely_one(tmp_path: Path) -> None:
    put(tmp_path / "tin", TIN.replace("front.png", "frnt.png"))
    refuse(tmp_path, "line 5", "did you mean 'front.png'?")


@pytest.mark.parametrize("name", ["../../secret.png", "/etc/hostname"])
def test_a_picture_outside_the_library_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.png").write_bytes(b"x")
    put(tmp_path / "library" / "tin", TIN.replace("front.png", name))
    refuse(tmp_path / "library", "outside its library")


def test_links_out_of_the_library_are_not_followed(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere" / "tin")
    (tmp_path / "elsewhere" / "other.png").write_bytes(b"x")
    library = tmp_path / "library"
    put(library / "cup", TIN.replace("obj_tin", "obj_cup"))
    os.symlink(tmp_path / "elsewhere", library / "linked")
    assert [a.key for a in FolderAssetLibrary([library]).assets()] == ["obj_cup_v01"]
    (library / "cup" / "front.png").unlink()
    os.symlink(tmp_path / "elsewhere" / "other.png", library / "cup" / "front.png")
    refuse(library, "outside its library")


def test_an_oversized_entry_is_refused_unread(tmp_path: Path) -> None:
    put(tmp_path / "tin", TIN + "# " + "x" * MAX_TOML_BYTES)
    refuse(tmp_path, "256 KB")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    put(tmp_path / "tin")
    (tmp_path / "tin" / "asset.toml").write_bytes(b'key = "a"\nname = "\xff"\n')
    refuse(tmp_path, "line 2", "UTF-8")


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    refuse(tmp_path / "nowhere", "no such asset library")


def test_no_library_holds_nothing() -> None:
    assert FolderAssetLibrary([]).assets() == ()
