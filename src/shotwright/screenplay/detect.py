"""A file opened with bounds: which kind it is, in which encoding, and whether it is a screenplay at all."""

from __future__ import annotations

import codecs
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shotwright.errors import ScreenplayError
from shotwright.screenplay.fountain import parse

if TYPE_CHECKING:
    from shotwright.model.screenplay import Element

LARGEST = 20 * 1024 * 1024
"""Bytes; a long feature is about 300 kB, so anything over this is no screenplay."""

_EXPORT = "export the screenplay as Fountain"
_PLAIN = "give a Fountain screenplay (plain text)"
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF", f"PDF is not read yet: {_EXPORT}"),
    (b"PK\x03\x04", "a zip archive (.docx, .fadein, .highland, .odt)", f"such files are not read yet: {_EXPORT}"),
    (b"{\\rtf", "a rich text file", "RTF is not read yet: save it as plain text in Fountain form"),
    (b"\xd0\xcf\x11\xe0", "an old Office document", f"such files are not read yet: {_EXPORT}"),
    (b"\x89PNG", "a picture", _PLAIN),
    (b"\xff\xd8\xff", "a picture", _PLAIN),
    (b"GIF8", "a picture", _PLAIN),
    (b"\x1f\x8b", "a compressed file", "unpack it first"),
    (b"SQLite format 3", "a database", _PLAIN),
)
_MARKUP = (
    (re.compile(r"<FinalDraft\b"), "a Final Draft file (FDX)", f"FDX is not read yet: {_EXPORT}"),
    (re.compile(r"<!DOCTYPE html|<html\b", re.IGNORECASE), "a web page", _PLAIN),
    (re.compile(r"^\s*<\?xml"), "an XML file", f"XML is not read: {_EXPORT}"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A screenplay file as read: its title page, its elements in order, and its text with the encoding undone."""

    title_page: dict[str, str]
    elements: tuple[Element, ...]
    text: str


def _load(path: Path) -> bytes:
    """The file's bytes, never more than `LARGEST`."""
    try:
        info = path.stat()
        if stat.S_ISDIR(info.st_mode):
            raise ScreenplayError(f"{path} is a folder, not a screenplay", hint="give a .fountain file")
        if not stat.S_ISREG(info.st_mode):
            raise ScreenplayError(f"{path} is not an ordinary file", hint="give a .fountain file")
        if info.st_size > LARGEST:
            raise _too_large(path, info.st_size)
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except FileNotFoundError:
        raise ScreenplayError(f"there is no file {path}", hint="check the path") from None
    except PermissionError:
        raise ScreenplayError(f"{path} may not be read", hint="check the file's permissions") from None
    except (OSError, ValueError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise ScreenplayError(f"{path} cannot be read: {reason}", hint="check the path") from error
    if len(data) > LARGEST:
        raise _too_large(path, len(data))
    return data


def _too_large(path: Path, size: int) -> ScreenplayError:
    return ScreenplayError(
        f"{path} is too large for a screenplay: {size / 1024 / 1024:.0f} MB, the limit is {LARGEST // 1024 // 1024} MB",
        hint="give the screenplay alone, as plain text in Fountain form",
    )


def decode(data: bytes, name: str = "the file") -> str:
    """Text of a file's bytes: by its byte order mark, else UTF-8, else Windows Latin; binary data is an error."""
    for magic, kind, hint in _MAGIC:
        if data.startswith(magic):
            raise ScreenplayError(f"{name} is {kind}, not a Fountain screenplay", hint=hint)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                text = data[len(bom) :].decode(encoding)
            except UnicodeDecodeError:
                raise ScreenplayError(
                    f"{name} is damaged: it is not the {encoding} it says", hint="save it as UTF-8"
                ) from None
            break
    else:
        if b"\x00" in data:
            raise ScreenplayError(f"{name} is a binary file, not a screenplay", hint=_PLAIN)
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            try:
                text = data.decode("cp1252")
            except UnicodeDecodeError:
                text = data.decode("latin-1")
    head = text[:4096]
    if len(_CONTROL.findall(head)) * 20 > len(head):
        raise ScreenplayError(f"{name} is a binary file, not a screenplay", hint=_PLAIN)
    for pattern, kind, hint in _MARKUP:
        if pattern.search(head):
            raise ScreenplayError(f"{name} is {kind}, not a Fountain screenplay", hint=hint)
    return text


def read_text(text: str, name: str = "the text") -> ReadFile:
    """Reads a screenplay from text; `ScreenplayError` when it is empty, prose, or has no scene heading."""
    if not text.strip("\ufeff \t\r\n\x0c"):
        raise ScreenplayError(f"{name} is empty", hint="a screenplay has a scene heading and something to film")
    title_page, elements = parse(text)
    kinds = {element.type for element in elements}
    if "scene_heading" not in kinds:
        if kinds <= {"action", "synopsis", "section", "note", "page_break", "centered"} and not title_page:
            raise ScreenplayError(
                f"{name} is not a screenplay: no scene heading (INT./EXT. …) and no character cue found",
                hint="a scene heading is a line such as `INT. KITCHEN - DAY`; `run` adapts a story (.txt, .md)",
            )
        first = next((element.lines[0] for element in elements if element.type != "note"), 1)
        raise ScreenplayError(
            f"{name} has no scene heading (INT./EXT. …)",
            hint="begin each scene with a line such as `INT. KITCHEN - DAY`, or force one with a full stop: `.KITCHEN`",
            line=first,
        )
    return ReadFile(title_page, tuple(elements), text)


def read_file(path: Path | str) -> ReadFile:
    """Reads a screenplay file of at most 20 MB; `ScreenplayError` says what is wrong with anything else."""
    path = Path(path)
    return read_text(decode(_load(path), str(path)), str(path))
