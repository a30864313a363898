"""Contact sheets: drawn frames in order on paper-coloured pages, with what the set calls each shot under it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from shotwright.model.vocabulary import SIZE_ABBREVIATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.boards.drawing import Drawing
    from shotwright.model.shot import Shot

COLUMNS, ROWS = 3, 3
FRAME_W = 480
GAP = 28
CAPTION_H = 128
PAPER, INK, FAINT, RULE = (246, 241, 230), (38, 35, 31), (112, 104, 92), (206, 196, 178)
ACTION_LINES, DIALOGUE_LINES = 2, 2


def contact_sheet(shots: Sequence[Shot], drawings: Sequence[Drawing], *, title: str = "") -> list[bytes]:
    """PNG pages of 3 × 3 frames; under each its slate, size, lens, move and seconds, its action and its dialogue.

    `drawings` are those of `shots`, in the same order. No shots, no pages.
    """
    if len(shots) != len(drawings):
        raise ValueError(f"{len(shots)} shots, but {len(drawings)} drawings")
    per_page = COLUMNS * ROWS
    count = -(-len(shots) // per_page)
    return [
        _page(
            shots[n * per_page : (n + 1) * per_page], drawings[n * per_page : (n + 1) * per_page], title, n + 1, count
        )
        for n in range(count)
    ]


def slate_line(shot: Shot) -> str:
    """`12B · shot 3 · MCU · 50 mm · slow dolly in · 6.0 s`."""
    camera = shot.technical_layer.camera
    move = camera.movement
    speed = "" if move.speed == "none" else move.speed.replace("_", " ") + " "
    words = [
        shot.slate or shot.scene_number, f"shot {shot.shot_number_in_scene}", SIZE_ABBREVIATION[camera.shot_size],
        f"{camera.lens.focal_mm} mm", speed + move.type.replace("_", " "), f"{shot.duration_seconds:.1f} s",
    ]  # fmt: skip
    return " · ".join(word for word in words if word)


def _page(shots: Sequence[Shot], drawings: Sequence[Drawing], title: str, number: int, count: int) -> bytes:
    from PIL import Image, ImageDraw, ImageFont

    heights = [round(FRAME_W * d.image.shape[0] / d.image.shape[1]) for d in drawings]
    frame_h = max(heights)
    rows = -(-len(shots) // COLUMNS)
    head = 56
    width = COLUMNS * FRAME_W + (COLUMNS + 1) * GAP
    page = Image.new("RGB", (width, head + rows * (frame_h + CAPTION_H + GAP) + GAP), PAPER)
    pen = ImageDraw.Draw(page)
    bold, plain = ImageFont.load_default(17), ImageFont.load_default(15)
    pen.text((GAP, 22), _cut(title, pen, ImageFont.load_default(20), width - 260), INK, ImageFont.load_default(20))
    pen.text((width - GAP, 24), f"page {number} of {count}", FAINT, plain, anchor="ra")
    for index, (shot, drawing, height) in enumerate(zip(shots, drawings, heights, strict=True)):
        x = GAP + (index % COLUMNS) * (FRAME_W + GAP)
        y = head + (index // COLUMNS) * (frame_h + CAPTION_H + GAP)
        picture = Image.fromarray(drawing.image).resize((FRAME_W, height), Image.Resampling.LANCZOS)
        page.paste(picture, (x, y))
        pen.rectangle((x - 1, y - 1, x + FRAME_W, y + height), outline=RULE)
        y += height + 9
        pen.text((x, y), _cut(slate_line(shot), pen, bold, FRAME_W), INK, bold)
        y += 25
        for line in _wrapped(shot.narrative_layer.action_description, pen, plain, ACTION_LINES):
            pen.text((x, y), line, FAINT, plain)
            y += 20
        said = "  ".join(f"{_name(line.speaker)}: {line.text}" for line in shot.audio.dialogue)
        for line in _wrapped(said, pen, plain, DIALOGUE_LINES):
            pen.text((x, y), line, INK, plain)
            y += 20
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def _name(entity: str) -> str:
    return entity.rpartition("/")[2].replace("_", " ").upper()


def _wrapped(text: str, pen: Any, font: Any, limit: int) -> list[str]:
    """Lines that fit a frame's width; what is beyond the last is cut with an ellipsis."""
    lines: list[str] = []
    words = text.split()[:120]
    while words:
        if len(lines) == limit - 1:
            lines.append(_cut(" ".join(words), pen, font, FRAME_W))
            break
        count = 1
        while count < len(words) and pen.textlength(" ".join(words[: count + 1]), font) <= FRAME_W:
            count += 1
        lines.append(_cut(" ".join(words[:count]), pen, font, FRAME_W))
        words = words[count:]
    return lines


def _cut(text: str, pen: Any, font: Any, width: int) -> str:
    text = text[:400]
    if pen.textlength(text, font) <= width:
        return text
    while text and pen.textlength(text + "…", font) > width:
        text = text[:-1]
    return text.rstrip() + "…"
