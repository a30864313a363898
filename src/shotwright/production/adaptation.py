"""Prose beside its production: adapted once into `screenplay.fountain`, which from then on belongs to people.

What a person has changed in the Fountain is never overwritten; where nobody has, a changed story is adapted anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from shotwright.crew.architect.adapt import adapt
from shotwright.errors import InputError
from shotwright.model.ids import digest
from shotwright.model.prose import Adaptation
from shotwright.model.value import Value
from shotwright.production.files import write_whole
from shotwright.screenplay.prose import read_prose
from shotwright.screenplay.prose_detect import is_prose
from shotwright.screenplay.prose_fountain import write_fountain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from shotwright.crew.architect.adapt import Draft

__all__ = ["RECORD", "SCRIPT", "Adapted", "adapt_prose", "is_prose"]

SCRIPT = "screenplay.fountain"
RECORD = "adaptation.json"
VERSION = 1
"""Bumped by hand when the rules would adapt otherwise. It makes nobody's Fountain anew by itself."""


class Record(Value):
    """`adaptation.json`: what the Fountain was made from, and which of its lines stand for which part of the prose."""

    format: Literal["shotwright.adaptation/1"] = "shotwright.adaptation/1"
    source: str
    """The prose file, by name."""
    source_hash: str
    fountain_hash: str
    """Of the Fountain as it was written: another one on disk has been edited."""
    before_hash: str = ""
    """Of the Fountain that it took the place of, so that a run killed between the two writes blames nobody."""
    mind: str = "rules"
    """Who adapted: `rules`, or the fingerprint of the model that was asked."""
    pending: str = ""
    """Why a model could not be asked; the next run asks again."""
    version: int = VERSION
    adaptation: Adaptation
    """Without the text of the Fountain, which lies beside it."""


@dataclass(frozen=True, slots=True)
class Adapted:
    """What became of a prose file."""

    path: Path
    """The Fountain to run."""
    outcome: Literal["made", "kept", "edited"]
    """`made` now, `kept` from before, or `edited` by a person, whose work is used as it is."""
    message: str
    """One line for whoever runs it."""
    notes: tuple[str, ...] = ()
    """What adapting cost, when it was made now."""


def adapt_prose(
    path: Path, folder: Path, *, refine: Callable[[Draft], tuple[Draft, str]] | None = None, mind: str = "rules"
) -> Adapted:
    """The Fountain of a prose file, in its production folder, made or made anew only where that overwrites nobody.

    `refine` lets a language model improve the rules' draft: it gets the draft and gives it back, with the reason why
    some of it is still pending, or none. `mind` is the fingerprint of that model. Call it with the folder's lock held.
    Raises ScreenplayError for prose that cannot be read, ProductionError for a folder that cannot be written.
    """
    script, record = folder / SCRIPT, folder / RECORD
    prose = read_prose(path)
    source_hash = digest(prose.text, length=40)
    known = _read_record(record)
    standing = _standing(script)
    if standing is not None:
        if known is None:
            return Adapted(script, "edited", f"{script} is used as it stands; delete it to adapt {path.name} anew.")
        if standing not in (known.fountain_hash, known.before_hash):
            if known.source_hash == source_hash:
                return Adapted(script, "edited", f"{SCRIPT} was edited by hand and is used as it stands.")
            return Adapted(
                script, "edited",
                f"{path.name} has changed, but {SCRIPT} was edited by hand and is used; delete {script} to adapt anew.",
            )  # fmt: skip
        # Without a model now, what one has made stands: it was paid for, and it is the better script.
        settled = refine is None or (known.mind == mind and not known.pending)
        same = known.source_hash == source_hash and settled
        if same and standing == known.fountain_hash:
            return Adapted(script, "kept", f"{SCRIPT} stands: {path.name} is as it was.")
    draft, pending = adapt(prose), ""
    if refine is not None:
        draft, pending = refine(draft)
    made = write_fountain(draft.script(), prose, draft.speeches)
    text = made.fountain
    new = Record(
        source=path.name, source_hash=source_hash, fountain_hash=digest(text, length=40), before_hash=standing or "",
        mind=mind, pending=pending, adaptation=made.model_copy(update={"fountain": ""}),
    )  # fmt: skip
    write_whole(record, new.model_dump_json(indent=1) + "\n")
    write_whole(script, text)
    counted = f"{made.scenes} scenes, {len(made.speeches)} speeches"
    return Adapted(script, "made", f"Adapted {path.name}: {counted}. Read and edit {script}.", made.notes)


def _standing(script: Path) -> str | None:
    """The hash of the Fountain on disk, or None when there is none."""
    try:
        data = script.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"{script} cannot be read: {error.strerror or error}", hint="check the file") from error
    try:
        return digest(data.decode("utf-8"), length=40)
    except UnicodeDecodeError:
        return digest(repr(data), length=40)


def _read_record(path: Path) -> Record | None:
    """What an earlier run wrote down; None when there is nothing that can be read."""
    try:
        return Record.model_validate_json(path.read_bytes())
    except (OSError, ValidationError, ValueError):
        return None
