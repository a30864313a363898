"""CTEXT: the script is in the shots whole: every spoken word once and in order, every action sentence shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shotwright.crew.continuity_supervisor.footage import Footage, View
    from shotwright.model.shot import DialogueLine


def inspect_script(footage: Footage) -> None:
    """Flag words lost, altered, repeated or out of order, and action that no shot carries."""
    if not footage.order or not footage.views:
        return
    heard: dict[str, list[tuple[View, int, DialogueLine]]] = {}
    carried: set[str] = set()
    furthest = -1
    for view in footage.views:
        carried.update(view.shot.source.units)
        for at, line in enumerate(view.shot.audio.dialogue):
            heard.setdefault(line.unit, []).append((view, at, line))
            place = footage.order.get(line.unit)
            if place is None:
                _flag(
                    footage, view, f"audio.dialogue.{at}", f"A line of shot {view.number} is no speech of this scene."
                )
            elif place < furthest and not line.dual:
                _flag(
                    footage, view, f"audio.dialogue.{at}",
                    f"{footage.name(line.speaker)}'s line in shot {view.number} comes after one that the script "
                    "puts later.",
                )  # fmt: skip
            else:
                furthest = max(furthest, place)
    for unit in footage.brief.scene.units:
        if unit.kind == "speech":
            parts = heard.get(unit.id, [])
            spoken = " ".join(line.text for _, _, line in parts)
            if "".join(spoken.split()) != "".join(unit.text.split()):
                view, at = (parts[-1][0], parts[-1][1]) if parts else (footage.views[-1], 0)
                _flag(
                    footage, view, f"audio.dialogue.{at}" if parts else "audio.dialogue",
                    f"{unit.cue.title() or 'A speech'}'s words in shot {view.number} are not the script's, word "
                    "for word."
                    if parts else f"{unit.cue.title() or 'A speaker'}'s speech is in no shot.",
                    f"{len(spoken.split())} words", f"{len(unit.text.split())} words",
                )  # fmt: skip
        elif unit.kind == "action" and unit.id not in carried:
            view = _nearest(footage, footage.order[unit.id])
            _flag(
                footage,
                view,
                "source.units",
                f"An action sentence near shot {view.number} is in no shot.",
                "not shown",
                "shown",
            )


def _nearest(footage: Footage, place: int) -> View:
    best = footage.views[0]
    for view in footage.views:
        if any(footage.order.get(u, place) < place for u in view.shot.source.units):
            best = view
    return best


def _flag(footage: Footage, view: View, path: str, message: str, measured: str = "", threshold: str = "") -> None:
    footage.flag(
        view, "CTEXT", "error", "director", path, message, measured=measured, threshold=threshold,
        hint="Slice the scene's units again.",
    )  # fmt: skip
