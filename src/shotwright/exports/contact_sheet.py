"""The contact sheet: every shot's frame with its slate, size, lens, move, seconds, action and words, scene by scene."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.errors import InputError
from shotwright.exports.phrases import count
from shotwright.model.vocabulary import SIZE_ABBREVIATION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shotwright.boards.sheet import Heading, Panel, Picture, SheetPage
    from shotwright.exports.film import Film
    from shotwright.model.shot import DialogueLine, Frame, Shot

EXTRA = 'pip install "shotwright[vision]" and run again'
RED, AMBER, GREEN = (190, 58, 44), (196, 128, 24), (70, 132, 84)
VOICES = {"off_screen": " (O.S.)", "voice_over": " (V.O.)", "phone": " (on the phone)"}


def contact_sheet_pdf(film: Film) -> bytes:
    """The sheet as a PDF whose words can be searched. InputError when the film has no frames."""
    from shotwright.exports.pdf import Page, Words, write_pdf

    def words(made: SheetPage) -> tuple[Words, ...]:
        return tuple(Words(w.x, w.y, w.size, w.text) for w in made.words)

    pages = (Page(p.jpeg(), p.image.width, p.image.height, words(p)) for p in contact_sheet_pages(film))
    return write_pdf(pages, f"{film.name}: contact sheet")


def contact_sheet_pngs(film: Film) -> list[bytes]:
    """The sheet's pages as PNG. InputError when the film has no frames."""
    return [page.png() for page in contact_sheet_pages(film)]


def contact_sheet_pages(film: Film) -> Iterator[SheetPage]:
    """The pages, one at a time. InputError when the film has no frames."""
    require_frames(film, "the contact sheet")
    from shotwright.boards.sheet import sheet_pages

    assert film.pictures is not None
    seconds = sum(s.duration_frames for s in film.shots) / film.settings.frame_rate
    note = f"contact sheet · {count(len(film.shots), 'shot')} · {clock(seconds)}"
    return sheet_pages(sheet_items(film), film.pictures, title=film.name, note=note, aspect=film.settings.aspect)


def require_frames(film: Film, what: str) -> None:
    """Raise InputError when there is nothing drawn, or nothing to draw with."""
    if film.pictures is None or not any(shot.frames for shot in film.shots):
        raise InputError(f"{what} needs frames, and none of these shots has any", hint=EXTRA)
    require_pillow(what)


def require_pillow(what: str) -> None:
    """Raise InputError where Pillow is not installed."""
    try:
        import PIL  # noqa: F401
    except ImportError as error:
        raise InputError(f"{what} needs Pillow, which is not installed", hint=EXTRA) from error


def sheet_items(film: Film) -> list[Panel | Heading]:
    """A heading for each scene, and a panel for each shot."""
    from shotwright.boards.sheet import Heading

    items: list[Panel | Heading] = []
    by_scene: dict[str, list[Shot]] = {}
    for shot in film.shots:
        by_scene.setdefault(shot.scene_id, []).append(shot)
    for scene, shots in by_scene.items():
        seconds = sum(s.duration_frames for s in shots) / film.settings.frame_rate
        heading = f"{shots[0].scene_number}   {scene_heading(film, scene)}".strip()
        items.append(Heading(heading, f"{count(len(shots), 'shot')} · {clock(seconds)}"))
        items.extend(_panel(film, shot) for shot in shots)
    return items


def scene_heading(film: Film, scene: str) -> str:
    """The slugline as written; empty where the story is not at hand."""
    told = film.scenes.get(scene)
    return told.slugline.raw.lstrip(". ") if told is not None else ""


def move_words(shot: Shot) -> str:
    """`slow dolly in`, `static`."""
    camera = shot.technical_layer.camera
    speed = "" if camera.movement.speed == "none" else camera.movement.speed.replace("_", " ") + " "
    words = speed + camera.movement.type.replace("_", " ")
    zoom = (camera.lens.zoom or "").replace("_", " ")
    if not zoom:
        return words
    return zoom if camera.movement.type == "static" else f"{words} + {zoom}"


def facts_line(shot: Shot) -> str:
    """`shot 3 · MCU · 50 mm · slow dolly in · 6.0 s`."""
    camera = shot.technical_layer.camera
    size, lens = SIZE_ABBREVIATION[camera.shot_size], f"{camera.lens.focal_mm} mm"
    return f"shot {shot.shot_number_in_scene} · {size} · {lens} · {move_words(shot)} · {shot.duration_seconds:.1f} s"


def speaker_name(film: Film, line: DialogueLine) -> str:
    """`GWEN (V.O.)`."""
    names = " & ".join(film.name_of(who).upper() for who in (line.speakers or (line.speaker,)))
    return names + VOICES.get(line.voice, "")


def clock(seconds: float) -> str:
    """`12:36`."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def _panel(film: Film, shot: Shot) -> Panel:
    from shotwright.boards.sheet import Panel

    colour, state = _state(shot)
    narrative = shot.narrative_layer
    return Panel(
        pictures=_pictures(shot),
        slate=shot.slate or shot.label or shot.scene_number,
        facts=facts_line(shot),
        action=narrative.action_description,
        dialogue=tuple(f"{speaker_name(film, line)}: {line.text}" for line in shot.audio.dialogue),
        colour=colour,
        state=state,
    )


def _pictures(shot: Shot) -> tuple[Picture, ...]:
    """All of a camera that moves or a person who goes somewhere; else the one that tells most."""
    from shotwright.boards.sheet import Picture

    def shown(frame: Frame, under: str = "") -> Picture:
        return Picture(frame.sha256, "previz" if frame.by == "boards" else "", under)

    if not shot.frames:
        return (Picture(),)
    layer = shot.technical_layer
    moves = layer.camera.movement.type != "static" or layer.camera.lens.zoom is not None
    moves = moves or any(subject.travel is not None for subject in layer.staging.subjects)
    if moves and len(shot.frames) > 1:
        return tuple(shown(frame, frame.at) for frame in _in_order(shot.frames))
    return (shown(_in_order(shot.frames)[0]),)


def _in_order(frames: Sequence[Frame]) -> list[Frame]:
    return sorted(frames, key=lambda frame: ("first", "middle", "last").index(frame.at))


def _state(shot: Shot) -> tuple[tuple[int, int, int] | None, str]:
    flags = [flag for flag in shot.continuity.flags if flag.severity != "info"]
    said = f"{count(len(flags), 'flag')}" if flags else ""
    if shot.review.status == "rejected":
        return RED, "rejected"
    if "needs_human" in (shot.continuity.status, shot.review.status):
        return RED, "needs a person"
    if any(flag.severity == "error" for flag in flags):
        return RED, said
    if flags or shot.continuity.status == "flagged" or shot.review.status == "flagged":
        return AMBER, said or "flagged"
    if shot.review.status == "approved":
        return GREEN, "approved"
    return None, ""
