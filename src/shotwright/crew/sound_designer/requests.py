"""What a person, or the Continuity Supervisor, asks of one shot's sound, and the shot's sound as asked."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from shotwright.crew.sound_designer.lexicon import effects
from shotwright.model.shot import MusicCue, Provenance, SoundEffect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.crew import Revision

_ARTICLE = r"(?:the |a |an |some |that |this |any |all )?"
_THING = r"([\w'’-]+(?: [\w'’-]+){0,4}?)"
_END = r"(?= here| there| in this| at the| on the| under | over | please|[.,;!?]| and |$)"
_CLAUSES = re.compile(
    r"[.;!?\n]+|,? and (?=(?:add|remove|no |lose|drop|make|bring|keep)\b)|, (?=(?:add|remove|no |lose|drop)\b)"
)
_NO_MUSIC = re.compile(
    r"\b(?:no|without|drop|cut|lose|remove|kill|stop)\b[^.;]{0,24}\b(?:music|score|cue|underscore)\b"
    r"|\bleave (?:it|this) dry\b"
)
_SILENCE = re.compile(r"\b(?:silence|silent|no sound|dead quiet|complete quiet|mute)\b")
_LOUDER = re.compile(rf"\b(?:louder|more|heavier|stronger|bring up|turn up|raise)\s+{_ARTICLE}{_THING}{_END}")
_SOFTER = re.compile(rf"\b(?:quieter|softer|less|fainter|lower|turn down|bring down)\s+{_ARTICLE}{_THING}{_END}")
_ADD = re.compile(rf"\b(?:add|put in|we hear|i want|let us hear|let's hear)\s+{_ARTICLE}{_THING}{_END}")
_REMOVE = re.compile(rf"\b(?:remove|no|lose|drop|cut|take out|without|kill|delete)\s+{_ARTICLE}{_THING}{_END}")
_AT_END = re.compile(r"\bat the end|\bon the (?:last|cut)|\blast\b")
FOREGROUND, BACKGROUND = "to the fore", "kept low"


@dataclass(frozen=True, slots=True)
class Sound:
    """One shot's sound while it is being changed, with what was done to which field."""

    effects: tuple[SoundEffect, ...]
    ambience: str
    music: MusicCue
    done: tuple[tuple[str, str], ...] = ()
    """(field, what was asked and done)"""

    def noting(self, field: str, what: str) -> Sound:
        return replace(self, done=(*self.done, (field, what)))


def answer(sound: Sound, revisions: Sequence[Revision], bed: str, clip: float) -> Sound:
    """The sound with every revision of the shot met: a person's words last, so that they outrank a rule.

    `bed` is the scene's ambience here, `clip` the seconds of the shot. Words that ask for nothing known change nothing.
    """
    for revision in sorted(revisions, key=lambda r: r.code == "PERSON"):
        if revision.code == "PERSON":
            for clause in _CLAUSES.split(revision.feedback.casefold()):
                sound = _heed(sound, clause.strip(), revision.field, clip)
        elif revision.code == "CSOUND" and revision.field == "audio.ambience":
            sound = replace(sound, ambience=bed).noting("ambience", "the bed of the scene")
        elif revision.code == "CSOUND" and revision.field.startswith("audio.music_cue"):
            sound = _follow(sound, revision.feedback)
    return sound


def _follow(sound: Sound, feedback: str) -> Sound:
    """A cue that goes on from nothing starts here; one that stops without an end is over before this shot."""
    cue = sound.music
    if "none was playing" in feedback and cue.state in ("continues", "ends"):
        state = "starts" if cue.state == "continues" else "starts_and_ends"
        return replace(sound, music=cue.model_copy(update={"state": state})).noting("music_cue", "it starts here")
    return sound


def _heed(sound: Sound, clause: str, field: str, clip: float) -> Sound:
    if not clause:
        return sound
    on = field.removeprefix("audio").lstrip(".").partition(".")[0]
    if on in ("", "music_cue") and _NO_MUSIC.search(clause):
        return replace(sound, music=MusicCue(state="none")).noting("music_cue", clause)
    if on == "music_cue":
        return sound
    if _SILENCE.search(clause):
        if on in ("", "sound_effects"):
            sound = replace(sound, effects=()).noting("sound_effects", clause)
        if on in ("", "ambience"):
            sound = replace(sound, ambience="silence").noting("ambience", clause)
        return sound
    for pattern, level in ((_LOUDER, FOREGROUND), (_SOFTER, BACKGROUND)):
        asked = pattern.search(clause)
        if asked is not None:
            return _set_level(sound, asked[1], level, clause, on)
    added = _ADD.search(clause)
    if added is not None and on in ("", "sound_effects"):
        return _add(sound, added[1], clause, clip)
    removed = _REMOVE.search(clause)
    return _remove(sound, removed[1], clause, on) if removed is not None else sound


def _words(text: str) -> set[str]:
    return {word.rstrip("s") for word in re.findall(r"[a-z]+", text.casefold()) if len(word) > 2}


def _set_level(sound: Sound, name: str, level: str, clause: str, on: str) -> Sound:
    """Louder or softer, where it sounds: among the effects by name, else in the bed."""
    heard = [e for e in sound.effects if _words(e.name) & _words(name)]
    if heard and on in ("", "sound_effects"):
        changed = tuple(e.model_copy(update={"name": f"{e.name}, {level}"}) if e in heard else e for e in sound.effects)
        return replace(sound, effects=changed).noting("sound_effects", clause)
    if on not in ("", "ambience"):
        return sound
    parts = [part for part in sound.ambience.split(", ") if part != "silence" and not _words(part) & _words(name)]
    said = next((part for part in sound.ambience.split(", ") if _words(part) & _words(name)), name)
    return replace(sound, ambience=", ".join((*parts, f"{said} {level}"))).noting("ambience", clause)


def _add(sound: Sound, name: str, clause: str, clip: float) -> Sound:
    table = effects()
    rule = next((table.by_noun[word] for word in name.split() if word in table.by_noun), None)
    known = next((table.sounds[word] for word in reversed(name.split()) if word in table.sounds), None)
    seconds = min(known.seconds if known is not None else rule.seconds if rule is not None else 1.0, clip)
    start = round(max(0.0, clip - seconds - 0.1), 2) if _AT_END.search(clause) else round(min(0.5, clip - seconds), 2)
    feet = re.search(r"\b(?:footsteps?|cloth|rustle|clink)\b", name)
    effect = SoundEffect(
        name=name, category="FLY" if feet else "SFX", source=name, start_seconds=max(start, 0.0),
        seconds=round(seconds, 2), origin="action",
    )  # fmt: skip
    placed = sorted((*sound.effects, effect), key=lambda e: (e.start_seconds, e.name))
    return replace(sound, effects=tuple(placed)).noting("sound_effects", clause)


def _remove(sound: Sound, name: str, clause: str, on: str) -> Sound:
    wanted = _words(name)
    everything = bool(wanted & {"effect", "sound", "foley"})
    if on in ("", "sound_effects"):
        kept = tuple(e for e in sound.effects if not everything and not _words(e.name) & wanted)
        if kept != sound.effects:
            sound = replace(sound, effects=kept).noting("sound_effects", clause)
    if on in ("", "ambience"):
        parts = sound.ambience.split(", ")
        left = [part for part in parts if not _words(part) & wanted]
        if len(left) < len(parts):
            sound = replace(sound, ambience=", ".join(left) or "silence").noting("ambience", clause)
    return sound


def told(done: Sequence[tuple[str, str]], field: str, before: Provenance, by_person: bool) -> Provenance:
    """Why a field is as it is, after a request; unchanged when nothing of it was asked."""
    asked = [what for name, what in done if name == field]
    if not asked:
        return before
    return Provenance(
        by="sound_designer", mind="person" if by_person else "rules",
        because=f"{'a person asked' if by_person else 'mended'}: {'; '.join(asked)}", evidence=before.evidence,
    )  # fmt: skip
