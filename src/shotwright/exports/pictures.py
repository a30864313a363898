"""The exports that are made of pictures: which file they go to, and what it is then. They draw only when asked."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from shotwright.errors import InputError

if TYPE_CHECKING:
    from shotwright.exports.film import Film


def contact_sheet(film: Film) -> bytes:
    """The contact sheet as a PDF."""
    from shotwright.exports.contact_sheet import contact_sheet_pdf

    return contact_sheet_pdf(film)


def write_contact_sheet(film: Film, path: Path) -> list[Path]:
    """A PDF, or `name.png`: several pages are `name-01.png`, `name-02.png` …"""
    from shotwright.exports.contact_sheet import contact_sheet_pages

    if path.suffix.lower() != ".png":
        return _written({path: contact_sheet(film)})
    found: list[Path] = []
    pages = [page.png() for page in contact_sheet_pages(film)]
    for number, page in enumerate(pages, 1):
        name = path if len(pages) == 1 else path.with_name(f"{path.stem}-{number:02d}{path.suffix}")
        found += _written({name: page})
    return found


def plans(film: Film) -> bytes:
    """Every scene's overhead plan as a PDF."""
    from shotwright.exports.floor_plan import floor_plans_pdf

    return floor_plans_pdf(film)


def write_plans(film: Film, path: Path) -> list[Path]:
    """A PDF, or SVG: a single plan is the file named, several are files in the folder of that name."""
    from shotwright.exports.floor_plan import floor_plans

    if path.suffix.lower() == ".pdf":
        return _written({path: plans(film)})
    drawn = floor_plans(film)
    if path.suffix.lower() == ".svg" and len(drawn) == 1:
        return _written({path: next(iter(drawn.values())).encode()})
    folder = path.with_suffix("") if path.suffix.lower() == ".svg" else path
    return _written({folder / f"{stem}.svg": svg.encode() for stem, svg in drawn.items()})


def animatic(film: Film, clean: str = "") -> bytes:
    """The animatic as the bytes of an MP4."""
    with tempfile.TemporaryDirectory() as folder:
        (written,) = write_animatic(film, Path(folder) / "animatic.mp4", clean)
        return written.read_bytes()


def write_animatic(film: Film, path: Path, clean: str = "") -> list[Path]:
    """An MP4. `clean`: anything but empty leaves slate, clock and words away."""
    from shotwright.exports.animatic import write_animatic as write

    write(film, path, clean=bool(clean))
    return [path]


def _written(files: dict[Path, bytes]) -> list[Path]:
    for path, data in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except OSError as error:
            raise InputError(f"{path}: cannot write ({error.strerror or error})") from error
    return list(files)
