"""CDUR: a clip keeps its bounds, gives its reason when short, and holds the words that it carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.craft import timing

if TYPE_CHECKING:
    from shotwright.crew.continuity_supervisor.footage import Footage, View
    from shotwright.model.shot import DialogueLine


def inspect_length(footage: Footage) -> None:
    """Flag clips out of bounds without a reason, cuts outside their clip, and speech that does not fit."""
    for view in footage.views:
        _inspect_bounds(footage, view)
        _inspect_cuts(footage, view)
        if view.shot.audio.dialogue:
            _inspect_words(footage, view)


def _flag(footage: Footage, view: View, path: str, message: str, measured: str, threshold: str, hint: str) -> None:
    footage.flag(view, "CDUR", "error", "director", path, message, measured=measured, threshold=threshold, hint=hint)


def _inspect_bounds(footage: Footage, view: View) -> None:
    settings, shot = footage.settings, view.shot
    seconds = shot.duration_frames / settings.frame_rate
    frame = 1.0 / settings.frame_rate
    if seconds > settings.clip_max_seconds + frame / 2:
        _flag(
            footage, view, "duration_frames", f"Shot {view.number} runs {seconds:.2f} s.",
            f"{seconds:.2f} s", f"≤ {settings.clip_max_seconds:g} s", "Split it at a sentence, a clause or a beat.",
        )  # fmt: skip
    elif seconds < settings.clip_min_seconds - frame / 2 and shot.duration_reason is None:
        _flag(
            footage, view, "duration_frames", f"Shot {view.number} runs {seconds:.2f} s and gives no reason for it.",
            f"{seconds:.2f} s", f"≥ {settings.clip_min_seconds:g} s", "Join it to a neighbour, or name the reason.",
        )  # fmt: skip
    if abs(shot.duration_seconds - seconds) > frame:
        _flag(
            footage, view, "duration_seconds",
            f"Shot {view.number} says {shot.duration_seconds:.2f} s, but its frames make {seconds:.2f} s.",
            f"{shot.duration_seconds:.2f} s", f"{seconds:.2f} s", "Frames are the truth.",
        )  # fmt: skip


def _inspect_cuts(footage: Footage, view: View) -> None:
    shot = view.shot
    if not shot.cuts:
        _flag(footage, view, "cuts", f"Shot {view.number} is in no cut.", "0", "≥ 1", "Cut it in, or drop the shot.")
    for cut in shot.cuts:
        if not 0 <= cut.src_in < cut.src_out <= shot.duration_frames:
            _flag(
                footage, view, "cuts", f"A cut of shot {view.number} reaches outside its clip.",
                f"[{cut.src_in}, {cut.src_out})", f"within [0, {shot.duration_frames})", "Trim the cut to the clip.",
            )  # fmt: skip


def _inspect_words(footage: Footage, view: View) -> None:
    rules, settings, shot = footage.rules, footage.settings, view.shot
    cut = sum(c.src_out - c.src_in for c in shot.cuts) or shot.duration_frames
    room = (cut + shot.audio.lead_frames + shot.audio.tail_frames) / settings.frame_rate
    spoken = paired = 0.0
    for line in shot.audio.dialogue:
        seconds = _words(line) / _rate(footage, line)
        if line.dual:
            paired = max(paired, seconds)
        else:
            spoken += seconds
    need = timing.speech_seconds(spoken + paired, 1.0)
    if need > room + rules.length_slack_seconds:
        words = sum(map(_words, shot.audio.dialogue))
        _flag(
            footage, view, "audio.dialogue",
            f"The {words:.0f} words of shot {view.number} need {need:.1f} s; the cut has {room:.1f} s.",
            f"{need:.2f} s", f"≤ {room:.2f} s", "Split the speech at a sentence, dash or clause.",
        )  # fmt: skip
    frame = 1.0 / settings.frame_rate
    for line in shot.audio.dialogue:
        if line.start_seconds + line.seconds > shot.duration_seconds + shot.audio.tail_frames * frame + frame + 0.01:
            _flag(
                footage, view, "audio.dialogue",
                f"{footage.name(line.speaker)}'s line ends after shot {view.number} does.",
                f"{line.start_seconds + line.seconds:.2f} s", f"≤ {shot.duration_seconds:.2f} s", "Start it "
                "sooner or split it.",
            )  # fmt: skip


def _words(line: DialogueLine) -> float:
    return sum(token.words for token in timing.tokens(line.text))


def _rate(footage: Footage, line: DialogueLine) -> float:
    """Words a second; a part of a speech may be as quick as the whole of it."""
    default = footage.settings.words_per_second
    whole = footage.words.get(line.unit, line.text)
    return max(timing.speech_rate(line.delivery, text, default) for text in (line.text, whole))
