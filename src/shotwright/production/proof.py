"""The proof of coverage: every spoken word and every action sentence of the script is in the shots.

It shares no code with the Director. The words come from the reader's elements, the lossless view of the file, and are
compared with the words of the finished shots; a run that cannot prove it fails instead of shipping.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.errors import CoverageBroken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.screenplay import Element, Screenplay
    from shotwright.model.shot import Shot

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
"""A word; of the scripts that write no spaces, each character."""
_ASIDE = re.compile(r"\([^()]*\)|（[^（）]*）")


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proved: counts of the film."""

    speeches: int
    spoken_words: int
    action_sentences: int

    def sentence(self) -> str:
        return (
            f"{self.speeches} speeches ({self.spoken_words} words) and {self.action_sentences} action sentences: "
            "each in the shots, word for word, in order"
        )


def prove_coverage(screenplay: Screenplay, elements: Sequence[Element], shots: Sequence[Shot]) -> Proof:
    """Raise CoverageBroken at the first word or sentence that is lost, altered, doubled or out of order."""
    words = prove_speech(screenplay, elements, shots)
    shown = {unit for shot in shots for unit in shot.source.units}
    speeches = sentences = 0
    for scene in screenplay.scenes:
        if scene.omitted:
            continue
        for unit in scene.units:
            if unit.kind == "speech":
                speeches += 1
            elif unit.kind == "action":
                sentences += 1
                if unit.id not in shown:
                    raise CoverageBroken(f"line {_line(screenplay, unit.id)}: no shot shows: {unit.text[:80]}")
    return Proof(speeches, words, sentences)


def prove_speech(screenplay: Screenplay, elements: Sequence[Element], shots: Sequence[Shot]) -> int:
    """The file's spoken words in file order must be the shots' in film order. Returns how many there are."""
    omitted = [screenplay.lines[s.id] for s in screenplay.scenes if s.omitted and s.id in screenplay.lines]
    written: list[tuple[str, int]] = []
    for element in elements:
        if element.type in ("dialogue", "lyric") and not any(a <= element.lines[0] <= b for a, b in omitted):
            written.extend((word, element.lines[0]) for word in _words(element.text))
    said = [
        (word, shot.label or shot.shot_id)
        for shot in shots
        for line in shot.audio.dialogue
        for word in _words(line.text)
    ]
    for (word, at), (spoken, where) in zip(written, said, strict=False):
        if word != spoken:
            raise CoverageBroken(f"line {at}: the script says “{word}” where shot {where} says “{spoken}”")
    if len(written) != len(said):
        raise CoverageBroken(f"the script has {len(written)} spoken words, the shots {len(said)}")
    _prove_runs(shots)
    return len(written)


def _words(text: str) -> list[str]:
    return _WORD.findall(_ASIDE.sub(" ", text))


def _prove_runs(shots: Sequence[Shot]) -> None:
    """A speech lies in one unbroken run of shots."""
    last_seen: dict[str, int] = {}
    for index, shot in enumerate(shots):
        for unit in dict.fromkeys(line.unit for line in shot.audio.dialogue):
            if last_seen.get(unit, index) < index - 1:
                raise CoverageBroken(f"shot {shot.label or shot.shot_id}: a speech goes on after a shot without it")
            last_seen[unit] = index


def _line(screenplay: Screenplay, unit: str) -> int:
    return screenplay.lines.get(unit, (0, 0))[0]
