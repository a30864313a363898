"""Who is on which side of an intercut: the scene's own place, or the other live one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.model.story import SceneBrief, Segment, SpeechNote

_PHONE = re.compile(
    r"\b(?:tele)?phone|\bmobile\b|\breceiver\b|\bdials?\b|\bcell\b|\bradio\b|\bwalkie|\bon the line\b", re.I
)


def far_side(
    brief: SceneBrief, segments: Sequence[Segment | None], speeches: Mapping[str, SpeechNote]
) -> frozenset[str]:
    """Everyone who is in the other place of the scene's intercut; empty when there is none or nobody can be told apart.

    In order of trust: who is on the phone or heard from out of sight, whom an action sets in one of the two places,
    who acts before the intercut begins; then a speech runs from one side to the other.
    """
    cut = next((s for s in segments if s is not None and s.kind == "intercut" and s.other_location), None)
    if cut is None or cut.other_location is None:
        return frozenset()
    sides: dict[str, bool] = {p.character: True for p in brief.scene.presences if p.on_phone}
    if segments[0] is not cut:
        for note in brief.scene.speeches:
            if note.voice in ("off_screen", "phone"):
                sides.update({who: True for who in note.speakers if who not in sides})
    _by_action(brief, segments, cut, sides)
    for unit in brief.scene.units:
        spoken = speeches.get(unit.id)
        if spoken is None or not spoken.speakers:
            continue
        who, to = spoken.speakers[0], next(iter(spoken.addressees), None)
        if who not in sides:
            sides[who] = not sides[to] if to is not None and to in sides else False
        if to is not None and to not in sides:
            sides[to] = not sides[who]
    far_people = frozenset(who for who, far in sides.items() if far)
    return far_people if len(far_people) < len(sides) else frozenset()


def _by_action(brief: SceneBrief, segments: Sequence[Segment | None], cut: Segment, sides: dict[str, bool]) -> None:
    """Set people on the side that an action names, or on the scene's own where they act before the intercut."""
    far_words, near_words = _words(cut.other_location or ""), _words(cut.location or brief.scene.location)
    inside: set[str] = set()
    texts: dict[str, str] = {}
    for unit, segment in zip(brief.scene.units, segments, strict=True):
        texts[unit.id] = unit.text.lower()
        # Where the whole scene is intercut, who acts before the first word is in the scene's own place.
        if segment is cut and (inside or unit.kind == "speech" or segments[0] is not cut):
            inside.add(unit.id)
    for action in brief.scene.actions:
        text = texts.get(action.unit, "")
        far, near = any(w in text for w in far_words), any(w in text for w in near_words)
        for who in action.actors:
            if far != near:
                sides.setdefault(who, far)
            elif action.unit not in inside:
                sides.setdefault(who, False)


def _words(location: str) -> list[str]:
    name = location.rpartition("/")[2].rpartition(".")[2]
    return [w for w in name.split("_") if len(w) > 3]


def heard_by(brief: SceneBrief) -> str:
    """How the far side is heard here: through a wall or door where the scene hears somebody so, else by phone."""
    if any(_PHONE.search(u.text) or _PHONE.search(u.extension) for u in brief.scene.units):
        return "phone"
    return "off_screen" if any(n.voice == "off_screen" for n in brief.scene.speeches) else "phone"
