"""Whether a text file is prose to be adapted, or a screenplay already."""

from __future__ import annotations

import re
from pathlib import Path

from shotwright.errors import ScreenplayError
from shotwright.screenplay.detect import decode
from shotwright.screenplay.fountain import parse
from shotwright.screenplay.prose import LARGEST, SUFFIXES

_QUOTED = re.compile(r"“[^“”]{1,400}[.,!?…]”|\"[^\"\n]{1,400}[.,!?…]\"")
WORDS_A_HEADING = 4000
"""A screenplay has a scene heading every few hundred words; a novel that quotes one has not."""


def is_prose(path: Path | str) -> bool:
    """True of a .txt or .md file without scene headings. Never raises: what cannot be read is left to the reader."""
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        return False
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
        text = decode(data, str(path))
    except (OSError, ScreenplayError):
        return False
    return len(data) <= LARGEST and not holds_scenes(text)


def holds_scenes(text: str) -> bool:
    """Whether a text has the scene headings of a screenplay, as often as one has them."""
    _, elements = parse(text)
    lines = text.splitlines()
    headed = [e for e in elements if e.type == "scene_heading"]
    cues = sum(e.type == "character" for e in elements)
    written = sum(1 for e in headed if e.lines[0] <= len(lines) and not lines[e.lines[0] - 1].lstrip().startswith("."))
    if not written and not (headed and cues):
        return False
    if not cues and len(_QUOTED.findall(text)) >= 2:
        # A treatment under scene headings: what is said in it stands in quotation marks, not under cues.
        return False
    return len(text.split()) < WORDS_A_HEADING * len(headed)
