"""Words on pictures: any script that a font on this machine has, in Pillow's own font where that has the letters.

Pillow's font has the letters of English. What it lacks (accents, dashes, other scripts) is taken word by word from the
first font of the system that has it; a letter that no font has is written in plain letters where that can be done
(`é` as `e`), else as `?`, never as an empty box.
"""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

FACES = (
    "DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "Arial Unicode.ttf", "Arial.ttf",
    "arial.ttf", "NotoSansCJK-Regular.ttc", "NotoSansCJKjp-Regular.otf", "NotoSansJP-Regular.ttf",
    "NotoSansJP-Regular.otf", "NotoSansSC-Regular.otf", "NotoSansKR-Regular.otf", "wqy-zenhei.ttc", "wqy-microhei.ttc",
    "DroidSansFallbackFull.ttf", "DroidSansFallback.ttf", "PingFang.ttc", "Hiragino Sans GB.ttc",
    "AppleSDGothicNeo.ttc", "msyh.ttc", "msgothic.ttc", "malgun.ttf", "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf", "NotoSansDevanagari-Regular.ttf", "NotoSansThai-Regular.ttf", "FreeSans.ttf",
)  # fmt: skip
"""Files of fonts with wide coverage, the first that has a letter wins."""
MOST_FILES = 20_000
"""Files of font folders that are looked through at most."""
PLAIN = {"—": "-", "–": "-", "‑": "-", "−": "-", "×": "x", "→": "->", "←": "<-", "½": "1/2", "ß": "ss", "æ": "ae",
         "ø": "o", "œ": "oe", "ł": "l", "«": '"', "»": '"', "„": '"', "‚": "'", "•": "·"}  # fmt: skip
LONGEST = 2000
"""Characters of one text that are written; what is beyond is cut."""
_TOKEN = re.compile(r"\s+|\w+|[^\w\s]+")


class Lettering:
    """One size of type, in pixels of the em. Widths are pixels."""

    def __init__(self, size: int) -> None:
        self.size = size

    def width(self, text: str) -> float:
        return float(sum(_face(index, self.size).getlength(run) for index, run in _runs(text)))

    def draw(self, pen: Any, at: tuple[float, float], text: str, fill: Any, anchor: str = "l") -> None:
        """Write one line; `at` is the top of the em on the left (`l`), in the middle (`m`) or on the right (`r`)."""
        x, y = at
        if anchor != "l":
            x -= self.width(text) / (2 if anchor == "m" else 1)
        for index, run in _runs(text):
            face = _face(index, self.size)
            pen.text((x, y + self.size * 0.95), run, fill, face, anchor="ls")
            x += face.getlength(run)

    def fit(self, text: str, width: float) -> str:
        """The text if it fits, else as much of it as does, with an ellipsis."""
        text = " ".join(text[:LONGEST].split())
        if self.width(text) <= width:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.width(text[:middle] + "…") <= width else (low, middle - 1)
        return text[:low].rstrip(" ,;:") + "…"

    def wrap(self, text: str, width: float, lines: int) -> list[str]:
        """The text in at most so many lines; what is beyond the last is cut with an ellipsis."""
        words = [part for word in text[:LONGEST].split() for part in self._parts(word, width)]
        done: list[str] = []
        while words:
            if len(done) == lines - 1:
                done.append(self.fit("".join(words), width))
                break
            line = words.pop(0)
            while words and self.width((line + words[0]).rstrip()) <= width:
                line += words.pop(0)
            done.append(line.rstrip())
        return done

    def _parts(self, word: str, width: float) -> Iterator[str]:
        """A word with its space; one that is wider than the line in letters, as scripts without spaces are set."""
        if self.width(word) <= width and not any(unicodedata.east_asian_width(c) in "WF" for c in word):
            yield word + " "
        else:
            yield from word[:-1]
            yield word[-1] + " "


def missing(text: str) -> str:
    """The letters of a text that no font here has, each once."""
    return "".join(dict.fromkeys(c for c in text if _face_of(c) is None))


@lru_cache(maxsize=4096)
def _runs(text: str) -> tuple[tuple[int, str], ...]:
    """(face, text): neighbouring words of one face together."""
    runs: list[tuple[int, str]] = []
    for token in _TOKEN.findall(text[:LONGEST]):
        for index, part in _set_in(token):
            if runs and (runs[-1][0] == index or part.isspace()):
                runs[-1] = (runs[-1][0], runs[-1][1] + part)
            else:
                runs.append((index, part))
    return tuple(runs)


def _set_in(token: str) -> list[tuple[int, str]]:
    """A word in the first face that has all of it, else letter by letter."""
    if token.isspace():
        return [(0, " ")]
    found = {_face_of(letter) for letter in token}
    if None not in found:
        for index in range(max(i for i in found if i is not None), _faces()):
            if all(_has(index, letter) for letter in token):
                return [(index, token)]
    parts = []
    for letter in token:
        own = _face_of(letter)
        parts.append((own, letter) if own is not None else (0, _plain(letter)))
    return parts


def _plain(letter: str) -> str:
    known = PLAIN.get(letter) or PLAIN.get(letter.lower(), "").upper()
    if not known and not unicodedata.category(letter).startswith("C"):
        folded = "".join(c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c))
        known = "?" if not folded.isascii() else folded
    return known if known.isascii() or known == "·" else "?"


@lru_cache(maxsize=8192)
def _face_of(letter: str) -> int | None:
    return next((index for index in range(_faces()) if _has(index, letter)), None)


@lru_cache(maxsize=16384)
def _has(index: int, letter: str) -> bool:
    if letter.isspace():
        return True
    face = _face(index, 20)
    made = face.getmask(letter)
    return made.getbbox() is not None and bytes(made) != _unknown(index)


@cache
def _unknown(index: int) -> bytes:
    return bytes(_face(index, 20).getmask("\U0010fffe"))


def _faces() -> int:
    return 1 + len(_files())


@lru_cache(maxsize=128)
def _face(index: int, size: int) -> Any:
    from PIL import ImageFont

    if index == 0:
        return ImageFont.load_default(size)
    return ImageFont.truetype(_files()[index - 1], size)


@cache
def _files() -> tuple[str, ...]:
    """Fonts of this machine that are in FACES and can be opened, in their order."""
    from PIL import ImageFont

    found: dict[str, str] = {}
    seen = 0
    for folder in _folders():
        for path, folders, names in os.walk(folder):
            folders.sort()
            seen += len(names)
            if seen > MOST_FILES:
                break
            for name in sorted(set(names) & set(FACES)):
                found.setdefault(name, os.path.join(path, name))
    opened = []
    for name in FACES:
        if name in found:
            try:
                ImageFont.truetype(found[name], 20)
            except OSError:
                continue
            opened.append(found[name])
    return tuple(opened)


def _folders() -> list[Path]:
    home = Path(os.path.expanduser("~"))
    if sys.platform == "darwin":
        return [home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts")]
    if sys.platform == "win32":
        return [Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"]
    return [home / ".local/share/fonts", home / ".fonts", Path("/usr/local/share/fonts"), Path("/usr/share/fonts")]
