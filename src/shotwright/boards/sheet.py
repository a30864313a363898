"""Contact sheets: drawn frames in order on paper-coloured pages, with what the set calls each shot under it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shotwright.boards.lettering import Lettering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PAGE = (2000, 1414)
"""Pixels: A4 on its side at 171 an inch."""
MARGIN, GAP, COLUMNS = 52, 28, 4
COLUMN_W = (PAGE[0] - 2 * MARGIN - (COLUMNS - 1) * GAP) // COLUMNS
TALLEST = 330
"""Of a frame; an upright film's are narrower than their column."""
HEAD_H, HEADING_H, ROW_GAP, FOOT_H = 86, 54, 24, 24
LEADING = 22
ACTION_LINES, DIALOGUE_LINES = 3, 4
PAPER, INK, FAINT, RULE, CARD = (247, 243, 234), (38, 35, 31), (116, 108, 96), (206, 196, 178), (228, 221, 207)
TAG = (38, 35, 31, 168)


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame of a panel."""

    sha256: str = ""
    """Empty: no frame was drawn."""
    tag: str = ""
    """A word on the frame: `previz`."""
    under: str = ""
    """Said below it where a shot shows several: `first`."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One shot: its frame, or the frames of its move beside each other, and the words below."""

    pictures: tuple[Picture, ...]
    slate: str
    facts: str
    """Size, lens, move and seconds."""
    action: str = ""
    dialogue: tuple[str, ...] = ()
    colour: tuple[int, int, int] | None = None
    """Of the dot on the frame of a shot that wants a look."""
    state: str = ""
    """Why the dot is there, in a word or two."""

    @property
    def span(self) -> int:
        """Columns that it takes."""
        return 2 if len(self.pictures) > 1 else 1


@dataclass(frozen=True, slots=True)
class Heading:
    """A scene begins."""

    text: str
    note: str = ""


@dataclass(slots=True)
class Row:
    """Panels side by side, or a heading."""

    panels: list[Panel] = field(default_factory=list)
    heading: Heading | None = None
    height: int = 0


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A line of text on a page: its left and baseline in pixels, and its size."""

    x: float
    y: float
    size: int
    text: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    image: Any
    """PIL RGB, PAGE pixels."""
    words: tuple[WrittenLine, ...]

    def png(self) -> bytes:
        out = io.BytesIO()
        self.image.save(out, "PNG", compress_level=6)
        return out.getvalue()

    def jpeg(self) -> bytes:
        out = io.BytesIO()
        self.image.save(out, "JPEG", quality=84, subsampling=0)
        return out.getvalue()


def sheet_pages(
    items: Sequence[Panel | Heading], pictures: Callable[[str], bytes | None], *, title: str, note: str = "",
    aspect: float = 16 / 9,
) -> Iterator[SheetPage]:  # fmt: skip
    """The pages of a sheet, one at a time. `pictures`: sha256 -> encoded picture; `aspect`: width over height of the
    frames; no items, no pages."""
    pages = _lay_out(items, aspect)
    for number, rows in enumerate(pages, 1):
        yield _Pen(pictures, aspect).page(rows, title, note, f"page {number} of {len(pages)}")


def frame_height(aspect: float) -> int:
    return min(round(COLUMN_W / aspect), TALLEST)


def _lay_out(items: Sequence[Panel | Heading], aspect: float) -> list[list[Row]]:
    """Rows by page. A heading never stands alone at the foot of a page."""
    rows: list[Row] = []
    for item in items:
        if isinstance(item, Heading):
            rows.append(Row(heading=item, height=HEADING_H))
        elif rows and rows[-1].heading is None and sum(p.span for p in rows[-1].panels) + item.span <= COLUMNS:
            rows[-1].panels.append(item)
        else:
            rows.append(Row([item]))
    for row in rows:
        if row.panels:
            row.height = max(_panel_height(panel, aspect) for panel in row.panels) + ROW_GAP
    pages: list[list[Row]] = []
    room = 0
    for place, row in enumerate(rows):
        needed = row.height + (rows[place + 1].height if row.heading and place + 1 < len(rows) else 0)
        if not pages or needed > room:
            pages.append([])
            room = PAGE[1] - HEAD_H - FOOT_H
        pages[-1].append(row)
        room -= row.height
    return pages


def _panel_width(panel: Panel) -> int:
    return COLUMN_W * panel.span + GAP * (panel.span - 1)


def _picture_size(panel: Panel, aspect: float) -> tuple[int, int]:
    if panel.span == 1:
        high = frame_height(aspect)
        return min(COLUMN_W, round(high * aspect)), high
    wide = (_panel_width(panel) - 10 * (len(panel.pictures) - 1)) // len(panel.pictures)
    high = min(round(wide / aspect), frame_height(aspect) - LEADING)
    return min(wide, round(high * aspect)), high


def _captions(panel: Panel) -> tuple[list[str], list[str]]:
    plain, width = Lettering(16), _panel_width(panel)
    action = plain.wrap(panel.action, width, ACTION_LINES)
    said: list[str] = []
    for line in panel.dialogue:
        if len(said) < DIALOGUE_LINES:
            said += plain.wrap(line, width, DIALOGUE_LINES - len(said))
    if len(said) == DIALOGUE_LINES and sum(len(d) for d in panel.dialogue) > sum(map(len, said)) + len(said):
        said[-1] = plain.fit(said[-1].rstrip("…") + " …", width)
    return action, said


def _panel_height(panel: Panel, aspect: float) -> int:
    action, said = _captions(panel)
    _, high = _picture_size(panel, aspect)
    return high + (LEADING if panel.span > 1 else 0) + 34 + LEADING * (1 + len(action) + len(said))


class _Pen:
    """Draws one page and remembers what it wrote."""

    def __init__(self, pictures: Callable[[str], bytes | None], aspect: float) -> None:
        from PIL import Image, ImageDraw

        self.pictures = pictures
        self.aspect = aspect
        self.image = Image.new("RGB", PAGE, PAPER)
        self.pen = ImageDraw.Draw(self.image, "RGBA")
        self.words: list[WrittenLine] = []

    def write(self, x: float, y: float, text: str, size: int, fill: Any, anchor: str = "l") -> float:
        """Returns the x where it ends."""
        type_ = Lettering(size)
        width = type_.width(text)
        left = x - width * {"l": 0, "m": 0.5, "r": 1}[anchor]
        type_.draw(self.pen, (left, y), text, fill)
        if text:
            self.words.append(WrittenLine(left, y + size * 0.95, size, text))
        return left + width

    def page(self, rows: Sequence[Row], title: str, note: str, number: str) -> SheetPage:
        right = PAGE[0] - MARGIN
        self.write(right, 34, number, 18, FAINT, "r")
        x = self.write(MARGIN, 28, Lettering(28).fit(title, PAGE[0] * 0.6), 28, INK)
        self.write(x + 18, 36, note, 18, FAINT)
        y = HEAD_H
        for row in rows:
            if row.heading is not None:
                self._heading(row.heading, y)
            x = MARGIN
            for panel in row.panels:
                self._panel(panel, x, y)
                x += _panel_width(panel) + GAP
            y += row.height
        return SheetPage(self.image, tuple(self.words))

    def _heading(self, heading: Heading, y: int) -> None:
        right = PAGE[0] - MARGIN
        self.pen.line((MARGIN, y + 4, right, y + 4), RULE, 2)
        self.write(MARGIN, y + 14, Lettering(22).fit(heading.text, PAGE[0] * 0.7), 22, INK)
        self.write(right, y + 17, heading.note, 18, FAINT, "r")

    def _panel(self, panel: Panel, x: int, y: int) -> None:
        wide, high = _picture_size(panel, self.aspect)
        width = _panel_width(panel)
        step = wide + 10
        left = x if panel.span > 1 else x + (COLUMN_W - wide) // 2
        for place, picture in enumerate(panel.pictures):
            self._picture(picture, left + place * step, y, (wide, high))
            if panel.span > 1:
                self.write(left + place * step, y + high + 4, picture.under, 14, FAINT)
        if panel.colour is not None:
            self._state(panel, left + (len(panel.pictures) - 1) * step + wide, y)
        y += high + (LEADING if panel.span > 1 else 0) + 8
        end = self.write(x, y, panel.slate, 20, INK)
        self.write(end + 12, y + 3, Lettering(17).fit(panel.facts, x + width - end - 12), 17, INK)
        y += 28
        action, said_lines = _captions(panel)
        for line in action:
            self.write(x, y, line, 16, FAINT)
            y += LEADING
        for line in said_lines:
            self.write(x, y, line, 16, INK)
            y += LEADING

    def _state(self, panel: Panel, right: int, y: int) -> None:
        """A dot with its reason on the upper right corner of the last frame."""
        said = Lettering(14).fit(panel.state, 220)
        left = right - round(Lettering(14).width(said)) - 36
        self.pen.rectangle((left, y, right - 1, y + 25), (*PAPER, 232))
        self.pen.ellipse((left + 7, y + 6, left + 20, y + 19), panel.colour)
        self.write(left + 28, y + 4, said, 14, INK)

    def _picture(self, picture: Picture, x: int, y: int, size: tuple[int, int]) -> None:
        from PIL import Image

        shown = open_picture(self.pictures(picture.sha256)) if picture.sha256 else None
        wide, high = size
        self.pen.rectangle((x, y, x + wide - 1, y + high - 1), CARD)
        if shown is None:
            self.write(x + wide / 2, y + high / 2 - 8, "no frame drawn", 16, FAINT, "m")
        else:
            shown.thumbnail(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
            self.image.paste(shown, (x + (wide - shown.width) // 2, y + (high - shown.height) // 2))
            if picture.tag:
                w = Lettering(13).width(picture.tag)
                self.pen.rectangle((x, y + high - 20, x + w + 12, y + high - 1), TAG)
                self.write(x + 6, y + high - 18, picture.tag, 13, (255, 255, 255))
        self.pen.rectangle((x - 1, y - 1, x + wide, y + high), None, RULE)


def open_picture(data: bytes | None) -> Any:
    """An encoded picture as PIL RGB; None where there is none or it cannot be read."""
    from PIL import Image, UnidentifiedImageError

    if data is None:
        return None
    try:
        found = Image.open(io.BytesIO(data))
        return found.convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        return None
