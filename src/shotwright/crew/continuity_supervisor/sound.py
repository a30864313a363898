"""CSOUND: one ambience bed a place in a scene; music starts, goes on and ends in order, each end with its reason."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shotwright.crew.continuity_supervisor.footage import Footage, View


def inspect_sound(footage: Footage, playing: bool | None) -> None:
    """Flag ambience that changes inside a place, and music whose states do not follow. `playing`: music runs over the
    cut into the scene, None when not known."""
    for run in footage.places.values():
        _inspect_bed(footage, [v for v in run if not v.element])
    for view in footage.views:
        cue = view.shot.audio.music_cue
        if cue.state == "none" and _asked_for(view, "music_cue"):
            continue  # the cue is laid aside for this shot and goes on after it
        starts, ends = cue.state in ("starts", "starts_and_ends"), cue.state in ("ends", "starts_and_ends")
        if (starts or ends) and not cue.why.strip():
            _flag(
                footage,
                view,
                "music_cue.why",
                f"Music {'starts' if starts else 'ends'} in shot {view.number} without a reason.",
                error=False,
            )
        if cue.state in ("continues", "ends") and playing is False:
            _flag(footage, view, "music_cue.state", f"Music {cue.state} in shot {view.number}, but none was playing.")
        elif cue.state == "none" and playing:
            _flag(footage, view, "music_cue.state", f"Music stops before shot {view.number} without an end.")
        playing = cue.state in ("starts", "continues")


def _asked_for(view: View, field: str) -> bool:
    """A person wanted this shot's sound so: that outranks the rule."""
    why = view.shot.provenance.get(f"audio.{field}")
    return why is not None and (why.mind == "person" or why.pinned or why.because.startswith("a person asked"))


def _inspect_bed(footage: Footage, run: list[View]) -> None:
    run = [view for view in run if not _asked_for(view, "ambience")]
    beds = Counter(v.shot.audio.ambience for v in run)
    if len(beds) < 2:
        return
    bed = max(beds, key=lambda b: (beds[b], -next(i for i, v in enumerate(run) if v.shot.audio.ambience == b)))
    for view in run:
        if view.shot.audio.ambience != bed and not any(v.time_cut for v in run):
            _flag(
                footage, view, "ambience", f"The ambience of shot {view.number} is not the bed of the scene.",
                view.shot.audio.ambience or "none", bed or "none",
            )  # fmt: skip


def _flag(
    footage: Footage,
    view: View,
    path: str,
    message: str,
    measured: str = "",
    threshold: str = "",
    *,
    error: bool = True,
) -> None:
    footage.flag(
        view, "CSOUND", "error" if error else "warn", "sound_designer", f"audio.{path}", message,
        measured=measured, threshold=threshold, hint="One bed a scene; a cue goes in, on and out.",
    )  # fmt: skip
