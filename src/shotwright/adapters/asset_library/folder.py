"""An asset library that lies in folders: one TOML and its pictures an asset.

A library folder holds `<anything>/asset.toml`, nested up to four deep, or `<key>.toml`, with the pictures beside the
TOML. Nothing is cached: what is on disk when `assets` is called is what is returned. Links are never followed out of
the library's folder, and every size is bounded before a file is read.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError

from shotwright.errors import ConfigError
from shotwright.model.asset import Asset, AssetLook
from shotwright.model.ids import digest
from shotwright.model.vocabulary import AssetKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_DEPTH = 4
MAX_TOML_BYTES = 256 * 1024
MAX_PICTURE_BYTES = 64 * 1024 * 1024
MAX_ENTRIES = 20_000
MAX_VISITED = 400_000
"""Directory entries looked at in one library: a folder given by mistake (a home folder) ends in a clear line."""

_KINDS: tuple[str, ...] = get_args(AssetKind)
_FIELDS = tuple(
    sorted(field.alias or name for name, field in Asset.model_fields.items() if name not in ("library", "fingerprint"))
)
_LOOK_FIELDS = tuple(sorted(AssetLook.model_fields))
_KEY = re.compile(r"\w+(?:[-.]\w+)*")
_TOML_PLACE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")


class FolderAssetLibrary:
    """Libraries on disk in order of precedence, read as one.

    `folders` are library folders, the first outranks the rest. Assets come in the order of the libraries, by key inside
    each. Raises ConfigError, with file, line and a hint, for anything broken.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(Path(folder) for folder in folders)
        self._places: dict[str, tuple[Asset, Path]] | None = None

    def assets(self) -> tuple[Asset, ...]:
        """Every asset that is not hidden by an earlier library's."""
        return tuple(asset for asset, _ in self._read().values())

    def pictures(self, key: str) -> tuple[bytes, ...]:
        """The bytes of an asset's pictures, in its order; empty for a key that no library holds."""
        if self._places is None:
            self._places = self._read()
        if key not in self._places:
            return ()
        asset, path = self._places[key]
        return tuple((path.parent / picture).read_bytes() for picture in asset.pictures)

    def _read(self) -> dict[str, tuple[Asset, Path]]:
        found: dict[str, tuple[Asset, Path]] = {}
        for folder in self._folders:
            for asset, path in _read_library(folder):
                found.setdefault(asset.key, (asset, path))
        return found

    def fingerprint(self) -> str:
        """Hash of every entry's bytes and the order of precedence."""
        return digest(*(part for asset in self.assets() for part in (asset.key, asset.fingerprint)), length=16)


def _read_library(folder: Path) -> list[tuple[Asset, Path]]:
    if not folder.is_dir():
        raise ConfigError(f"{folder}: no such asset library folder", hint="check --assets, or make the folder")
    root = folder.resolve()
    name = root.name
    by_key: dict[str, tuple[Asset, Path]] = {}
    for count, path in enumerate(_entries(root), start=1):
        if count > MAX_ENTRIES:
            raise ConfigError(f"{folder}: over {MAX_ENTRIES} assets in one library", hint="split it into several")
        asset = _read_entry(path, root, name)
        if asset.key in by_key:
            raise ConfigError(
                f"{path}: line {_line_of(path, 'key')}: the key {asset.key!r} is taken by {by_key[asset.key][1]}",
                hint="give each asset of a library its own key; another library may use the same one to override it",
            )
        by_key[asset.key] = (asset, path)
    return [by_key[key] for key in sorted(by_key)]


def _entries(root: Path) -> Iterator[Path]:
    """The TOML files of a library in a fixed order; hidden files and linked folders are passed over."""
    visited = 0
    for where, folders, files in os.walk(root, followlinks=False):
        depth = len(Path(where).relative_to(root).parts)
        visited += len(folders) + len(files)
        if visited > MAX_VISITED:
            raise ConfigError(
                f"{root}: too many files for an asset library", hint="point --assets at the library itself"
            )
        folders[:] = sorted(f for f in folders if not f.startswith(".")) if depth < MAX_DEPTH else []
        for file in sorted(files):
            if file.endswith(".toml") and not file.startswith("."):
                yield Path(where) / file


def _read_entry(path: Path, root: Path, library: str) -> Asset:
    _inside(path, root, path, "the entry")
    size = path.stat().st_size
    if size > MAX_TOML_BYTES:
        raise ConfigError(
            f"{path}: {size} bytes, over the {MAX_TOML_BYTES // 1024} KB that an asset's TOML may have",
            hint="keep pictures in files beside it",
        )
    data = path.read_bytes()
    table = _parse(path, data)
    asset = _validate(path, data, table)
    if path.name != "asset.toml" and path.stem != asset.key:
        raise ConfigError(
            f"{path}: line {_line_in(data, 'key')}: the file is named {path.stem!r} but its key is {asset.key!r}",
            hint=f"rename it to {asset.key}.toml, or put it in a folder of its own as asset.toml",
        )
    mark = hashlib.blake2b(data, digest_size=16)
    for picture in asset.pictures:
        _hash_picture(path, data, root, picture, mark)
    return asset.model_copy(update={"library": library, "fingerprint": mark.hexdigest()})


def _parse(path: Path, data: bytes) -> dict[str, Any]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}: line {line}: not UTF-8 text", hint="save the file as UTF-8") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        found = _TOML_PLACE.search(message)
        line = int(found[1]) if found and found[1] else text.count("\n") + 1
        what = _TOML_PLACE.sub("", message).strip()
        raise ConfigError(
            f"{path}: line {line}: broken TOML: {what}", hint="mend the line; the others were not read"
        ) from None


def _validate(path: Path, data: bytes, table: dict[str, Any]) -> Asset:
    for field in table:
        if field not in _FIELDS:
            raise _unknown(path, data, field, _FIELDS)
    looks = table.get("looks", ())
    for look in looks if isinstance(looks, list) else ():
        for field in look if isinstance(look, dict) else ():
            if field not in _LOOK_FIELDS:
                raise _unknown(path, data, field, _LOOK_FIELDS)
    for needed in ("key", "kind", "name"):
        if needed not in table:
            raise ConfigError(
                f"{path}: line 1: {needed!r} is missing", hint="an asset needs at least key, kind and name"
            )
    kind = table["kind"]
    if kind not in _KINDS:
        near = difflib.get_close_matches(str(kind), _KINDS, 1)
        raise ConfigError(
            f"{path}: line {_line_in(data, 'kind')}: {kind!r} is not a kind of asset",
            hint=f"did you mean {near[0]!r}?" if near else f"one of {', '.join(_KINDS)}",
        )
    if not isinstance(table["key"], str) or not _KEY.fullmatch(table["key"]):
        raise ConfigError(
            f"{path}: line {_line_in(data, 'key')}: {table['key']!r} cannot be a key",
            hint="letters, digits and underscores, such as char_mara_v01",
        )
    try:
        return Asset.model_validate(table)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        raise ConfigError(
            f"{path}: line {_line_in(data, field)}: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}",
            hint="see the other entries of the library for the form",
        ) from None


def _unknown(path: Path, data: bytes, field: str, known: tuple[str, ...]) -> ConfigError:
    near = difflib.get_close_matches(field, known, 1)
    return ConfigError(
        f"{path}: line {_line_in(data, field)}: unknown field {field!r}",
        hint=f"did you mean {near[0]!r}?" if near else f"one of {', '.join(known)}",
    )


def _inside(path: Path, root: Path, entry: Path, what: str) -> Path:
    real = path.resolve()
    if not real.is_relative_to(root):
        raise ConfigError(f"{entry}: {what} lies outside its library", hint="copy it into the library's folder")
    return real


def _hash_picture(path: Path, data: bytes, root: Path, picture: str, mark: hashlib.blake2b) -> None:
    line = _line_in(data, "pictures")
    if not picture or "\x00" in picture:
        raise ConfigError(f"{path}: line {line}: {picture!r} is no file name", hint="name a file beside the TOML")
    real = _inside(path.parent / picture, root, path, f"line {line}: the picture {picture!r}")
    if not real.is_file():
        near = difflib.get_close_matches(picture, sorted(file.name for file in path.parent.iterdir()), 1)
        hint = f"did you mean {near[0]!r}?" if near else "put it beside the TOML, or take its name out"
        raise ConfigError(f"{path}: line {line}: the picture {picture!r} is not there", hint=hint)
    if real.stat().st_size > MAX_PICTURE_BYTES:
        raise ConfigError(
            f"{path}: line {line}: the picture {picture!r} is over {MAX_PICTURE_BYTES // 1024 // 1024} MB",
            hint="scale it down",
        )
    mark.update(picture.encode("utf-8", "surrogatepass") + b"\x00")
    with real.open("rb") as file:
        while block := file.read(1 << 20):
            mark.update(block)


def _line_of(path: Path, field: str) -> int:
    return _line_in(path.read_bytes(), field)


def _line_in(data: bytes, field: str) -> int:
    """The line that sets a field (1-based), 1 when no line does."""
    pattern = re.compile(rf"^\s*(?:\[+\s*)?[\"']?{re.escape(field)}[\"']?\s*(?:=|\.|\])")
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), start=1):
        if pattern.match(line):
            return number
    return 1
