"""The screenplay as read: typed elements with line spans, then scenes made of units with ids.

`Element`s are the reader's lossless view of the file. `Scene`s and `Unit`s are what the agents work from: a unit is
one action *sentence*, one whole speech, or one written direction, and the smallest thing that a shot can cite.
"""

from typing import Literal

from pydantic import Field

from shotwright.model.ids import SceneId, UnitId
from shotwright.model.value import Value

ElementType = Literal[
    "scene_heading", "action", "character", "parenthetical", "dialogue", "lyric", "transition",
    "centered", "section", "synopsis", "note", "page_break",
]  # fmt: skip


class Element(Value):
    """One element of the file. `text` is what a reader sees: no markup, no forcing character, no extension."""

    type: ElementType
    text: str
    lines: tuple[int, int]
    """First and last line, 1-based, both included."""
    scene_number: str | None = None
    """Of a scene heading: the number as written (`12A`), else null."""
    extension: str | None = None
    """Of a character: what stood in the parentheses after the name, as written: `V.O.`, `O.S., CONT'D`."""
    dual: bool = False
    """Of the elements of the speech on either side of a dual dialogue."""
    depth: int = Field(default=0, exclude=True)
    """Of a section: the number of `#`."""


class Slugline(Value):
    """A scene heading taken apart. `raw` is the heading as written, without its scene number."""

    raw: str
    int_ext: Literal["INT", "EXT", "INT/EXT", "EST", ""] = ""
    place: str = ""
    """The set, as written: `BLOOM HOUSE`."""
    sub_places: tuple[str, ...] = ()
    """Sets within the set, outermost first: `KITCHEN`."""
    time: str = ""
    """The time words as written: `NIGHT`, `CONTINUOUS`, `LATER`; empty when the heading has none."""
    tails: tuple[str, ...] = ()
    """Bracketed remarks: `FLASHBACK`, `1973`, `PRESENT`, `MOVING`."""


class SpeechPart(Value):
    """A stretch of a speech: words, a lyric line, or the parenthetical between them."""

    kind: Literal["words", "lyric", "parenthetical"]
    text: str


class Unit(Value):
    """The smallest thing that a shot cites.

    action      one sentence of action (or a centred line); `text` is the sentence
    speech      one cue and all that is said under it; `text` is the words alone, parts joined by a space
    direction   written direction that stands alone and is not filmed text: `CLOSE ON`, `CUT TO:`, `MONTAGE`,
                `INTERCUT …`, `END MONTAGE`, `SUPER: …` stays action
    """

    id: UnitId
    kind: Literal["action", "speech", "direction"]
    text: str
    paragraph: int = 0
    """Which paragraph of the scene it stands in; sentences of one paragraph share the number."""
    cue: str = ""
    """Of a speech: the cue as written, without extension: `EDWARD AND WILL`."""
    extension: str = ""
    parts: tuple[SpeechPart, ...] = ()
    dual: bool = False
    """Of both speeches of a dual dialogue: the second follows the first at once in the scene's units."""
    centered: bool = False


class Scene(Value):
    """A scene as read. Line numbers are kept apart (`Screenplay.unit_lines`) so that they never enter a step's key."""

    id: SceneId
    heading: Slugline
    number: str | None = None
    """The scene number written in the script, else null."""
    implied: bool = False
    """True of material before the first scene heading: filmed like any scene, but not counted among the headed ones."""
    omitted: bool = False
    units: tuple[Unit, ...] = ()
    synopsis: str = ""
    notes: tuple[str, ...] = ()


class Screenplay(Value):
    """A whole screenplay, read."""

    title_page: dict[str, str]
    scenes: tuple[Scene, ...]
    lines: dict[str, tuple[int, int]] = {}
    """Unit id or scene id -> first and last line (1-based). A scene's span runs from its heading to its last unit."""
    eighths: dict[str, int] = {}
    """Scene id -> length in eighths of a page, at least 1 (0 for an omitted scene), by simulated pagination."""
    pages: dict[str, float] = {}
    """Scene id -> page that it starts on (1.0 is the top of page one)."""
    total_pages: float = 0.0
