"""A frame in a few words, as a set would call it: `medium close-up Nadia, low, slow push in`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from shotwright.crew.cinematographer.sizing import facing
from shotwright.crew.cinematographer.wording import SIZE_WORDS, name_of
from shotwright.model.ids import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shotwright.craft.chooser import Candidate
    from shotwright.crew.cinematographer.figures import Moment
    from shotwright.crew.cinematographer.frames import Frame
    from shotwright.crew.cinematographer.moves import Move
    from shotwright.model.story import SceneBrief

Names = dict[str, str]

ANGLES = {"low_angle": "low", "high_angle": "high", "overhead": "overhead", "worms_eye": "from the ground"}
MOVES = {
    "dolly_in": "push in", "dolly_out": "back away", "pan_left": "pan", "pan_right": "pan", "tilt_up": "tilt up",
    "tilt_down": "tilt down", "crane_up": "crane up", "crane_down": "crane down", "arc_left": "circle",
    "arc_right": "circle", "truck_left": "moving beside", "truck_right": "moving beside", "follow": "following",
    "lead": "leading", "whip_pan": "whip pan", "pedestal_up": "rising", "pedestal_down": "sinking",
}  # fmt: skip


def short_names(brief: SceneBrief, full: Mapping[str, str]) -> Names:
    """Story id -> the shortest name that is one person's: how the script's cues call them."""
    found: Names = dict(full)
    called: dict[str, str] = {}
    for member in brief.cast:
        name = member.character.name
        own = {w.casefold(): w for w in name.split()}
        cues = [
            " ".join(own[w] for w in c.casefold().split())
            for c in member.character.cues
            if c.strip() and own.keys() >= set(c.casefold().split())
        ]
        called[str(member.character.id)] = min([*cues, name], key=lambda c: (len(c), c))
    often = Counter(called.values())
    found.update({who: name for who, name in called.items() if name and often[name] == 1})
    return found


def label(moment: Moment, chosen: Candidate, frame: Frame, move: Move, names: Names) -> str:
    """What a frame is, in the fewest words that tell it from another."""
    setup = frame.setup
    parts = [_what(moment, chosen, frame, names)]
    if setup.angle in ANGLES and chosen.kind not in ("pov", "insert"):
        parts.append(ANGLES[setup.angle])
    own = moment.figures.get(chosen.primary)
    if own is not None and chosen.kind == "single":
        side = facing(setup, own.at, own.heading)
        if side in ("profile", "three_quarter_back", "back"):
            parts.append("profile" if side == "profile" else "from behind")
    parts.append(move_words(move))
    return ", ".join(p for p in parts if p)


def _what(moment: Moment, chosen: Candidate, frame: Frame, names: Names) -> str:
    size = SIZE_WORDS[frame.setup.size]
    first, second = _name(chosen.primary, names), _name(chosen.partner, names)
    if chosen.kind == "insert":
        return f"insert {first}"
    if chosen.kind == "pov":
        seen = first if chosen.primary != "ahead" else ""
        return f"what {second} sees{f': {seen}' if seen else ''}"
    if chosen.kind == "empty":
        return f"{size}, nobody"
    if chosen.kind == "over" and frame.shoulder:
        return f"{size} {first} over {second}"
    if chosen.kind == "two":
        return f"{size} two-shot {first}, {second}"
    people = [s for s in frame.staging.subjects if not s.foreground and kind_of(s.entity) in ("character", "animal")]
    if chosen.kind == "master" and len(moment.figures) > 1:
        return f"{size} of all" if len(people) >= len(moment.figures) else f"{size} of the group"
    if chosen.kind == "moving":
        return f"{size} {first}"
    return f"{size} {first}" + (f" among {len(people) - 1} more" if len(people) > 1 else "")


def move_words(move: Move) -> str:
    """How the camera moves; empty where it is still."""
    if move.support == "handheld" and move.type == "static":
        return "handheld"
    word = MOVES.get(move.type, "" if move.type == "static" else move.type.replace("_", " "))
    slow = move.type in ("dolly_in", "dolly_out") and move.speed in ("slow", "very_slow")
    return f"slow {word}" if slow else word


def _name(entity: str, names: Names) -> str:
    return name_of(entity, names) if entity else ""
