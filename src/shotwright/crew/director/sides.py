"""A scene's sides: the page that is put before a language model, with everything about this scene and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shotwright.craft.directions import without_camera
from shotwright.craft.timing import plain, table
from shotwright.crew.director.playing import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shotwright.crew.director.people import People
    from shotwright.crew.director.pieces import Piece
    from shotwright.crew.director.recut import Block, Cutting, Range
    from shotwright.model.crew import DirectedShot, FilmSettings
    from shotwright.model.story import CastMember, SceneBrief

_TAG = re.compile(r"<\s*/?\s*script[^>]*>?", re.IGNORECASE)
MOST_GIVEN = 300
"""Characters of any one finding or remark."""


def page(brief: SceneBrief, people: People, cutting: Cutting, shots: Sequence[DirectedShot]) -> list[str]:
    """The scene as lines: who, where, what for, and the numbered blocks. `shots` are the draft's."""
    return [
        "<script>",
        *_setting(brief, people),
        *_story(brief, people, cutting),
        *_blocks(cutting, people),
        "</script>",
        "Draft: " + " | ".join(
            f"{spelled(span)} {names}".rstrip()
            for span, names in zip(cutting.draft, (_frame(s, people) for s in shots), strict=True)
        ),
    ]  # fmt: skip


def spelled(span: Range) -> str:
    """`4-6`, or `4` of one block, counted from 1."""
    first, last = span
    return f"{first + 1}-{last + 1}" if last > first else str(first + 1)


def limits(settings: FilmSettings, least: int, most: int) -> str:
    """How many shots, and how long they may be."""
    count = f"{least} to {most}" if most > least else str(most)
    return f"Give {count} shots; none plays longer than {settings.clip_max_seconds - table().gap:g}s."


def given(text: str) -> str:
    """A text of the script or about it, on one line, that cannot end the block that it stands in."""
    clean = plain(text)
    while _TAG.search(clean):
        clean = plain(_TAG.sub(" ", clean))
    return clean if len(clean) <= MOST_GIVEN else clean[: MOST_GIVEN - 1].rstrip() + "…"


def seen_people(shot: DirectedShot) -> list[str]:
    """Who plays in the shot: the people and animals that it is on, in its order."""
    return [str(w) for w in shot.intent.on if w.startswith(PEOPLE)] if shot.intent.focus != "thing" else []


def _frame(shot: DirectedShot, people: People) -> str:
    if shot.intent.focus == "place" or not shot.intent.on:
        return ""
    return ", ".join(people.name(w) for w in shot.intent.on[:3])


def _setting(brief: SceneBrief, people: People) -> Iterable[str]:
    scene = brief.scene
    kind = "" if scene.scene_type == "activity" else f", {_words(scene.scene_type.removesuffix('_2'))}"
    tale = ", flashback" if scene.flashback else ", dream" if scene.dream else ""
    yield given(f"{scene.slugline.int_ext} {people.place(scene.location)}, {_words(scene.time_of_day)}{kind}{tale}")
    seen = [_person(m, people) for m in brief.cast if not m.presence.voice_only]
    heard = [people.name(m.character.id) for m in brief.cast if m.presence.voice_only]
    if seen:
        yield "People: " + given("; ".join(seen[:12]))
    for bond in brief.relations[:4]:
        yield given(f"{people.name(bond.a)} and {people.name(bond.b)}: {bond.words or _words(bond.bond)}")
    if heard:
        yield "Only heard: " + given(", ".join(heard[:6]))


def _person(member: CastMember, people: People) -> str:
    """`Nadia (proud, dry; calm to anger)`."""
    who = member.presence
    nature = ", ".join(member.personality[:3])
    felt = "" if who.feels_from == who.feels_to else f"{_words(who.feels_from)} to {_words(who.feels_to)}"
    known = "; ".join(x for x in (nature, felt) if x)
    return people.name(member.character.id) + (f" ({known})" if known else "")


def _story(brief: SceneBrief, people: People, cutting: Cutting) -> Iterable[str]:
    scene = brief.scene
    if brief.previous and brief.previous.closing_beat != "calm":
        yield f"Just before: {_words(brief.previous.closing_beat)}"
    if scene.goal:
        yield f"Goal: {given(scene.goal)}"
    if scene.subtext:
        yield f"Beneath the words: {given(scene.subtext)}"
    places = [{p.at for p in b.pieces} for b in cutting.blocks]
    if scene.turn is not None:
        at = [n for n, units in enumerate(places) if people.scene.turn_at in units]
        if at:
            yield f"It all changes at {spelled((at[0], at[-1]))}"
    felt = []
    for beat in scene.beats:
        first, last = people.scene.order.get(beat.first_unit, 0), people.scene.order.get(beat.last_unit, 0)
        within = [n for n, units in enumerate(places) if any(first <= u <= last for u in units)]
        if within:
            strength = "strong " if beat.intensity >= 0.7 else "faint " if beat.intensity < 0.35 else ""
            felt.append(f"{spelled((within[0], within[-1]))} {strength}{_words(beat.name)}")
    if felt:
        yield "Beats: " + ", ".join(felt)


def _blocks(cutting: Cutting, people: People) -> Iterable[str]:
    last: Piece | None = None
    for n, block in enumerate(cutting.blocks):
        if block.after is not None:
            yield f"(a shot that stands: {given(block.after.narrative.shot_purpose)})"
        elif n and block.opens:
            yield "--"
        yield f"{n + 1} {_seconds(block, last):.1f}s {_told(block, people, last)}"
        last = block.pieces[-1]


def _seconds(block: Block, last: Piece | None) -> float:
    """How long a block plays, with the breath before a line that begins in it."""
    lines = dict.fromkeys(p.unit for p in block.pieces if p.kind == "speech")
    goes_on = last is not None and last.kind == "speech" and last.unit in lines
    return max(0.5, block.seconds + table().gap * (len(lines) - goes_on))


def _told(block: Block, people: People, last: Piece | None) -> str:
    parts = []
    for piece in block.pieces:
        text = given(piece.text)
        if piece.kind == "speech":
            if last is not None and last.kind == "speech" and last.unit == piece.unit:
                text = f"… {text}"
            else:
                who = " and ".join(people.name(s) for s in piece.speakers[:3]).upper()
                heard = "" if piece.voice == "room" else _words(piece.voice)
                aside = ", ".join(x for x in (heard, piece.delivery) if x)
                text = f"{who}{f' ({given(aside)})' if aside else ''}: {text}"
            last = piece
        if text:
            parts.append(text)
    return " ".join(parts) or "(no words)"


def _words(name: str) -> str:
    return name.replace("_", " ")


def script_texts(brief: SceneBrief) -> tuple[str, ...]:
    """Every text of the scene's script, as it stands and without its camera words."""
    texts = [plain(u.text) for u in brief.scene.units if u.text.strip()]
    return (*texts, *(without_camera(t) for t in texts))
