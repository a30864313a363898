"""What people do to shots: the ledger that outranks every agent."""

from typing import Literal

from shotwright.model.ids import SceneId, SetupId, ShotId
from shotwright.model.value import Value

LedgerKind = Literal["edit", "unpin", "approve", "reject", "send_back", "reopen", "attach", "detach"]


class LedgerEntry(Value):
    """One act of a person, in order. Entries are only ever added."""

    sequence: int
    kind: LedgerKind
    shot_id: ShotId
    field: str = ""
    """Of an edit: dotted path in the shot JSON; of an attached picture, whether it is the first, middle or last
    frame."""
    value_json: str = ""
    """Of an edit: the new value as JSON; of an attached picture, its sha256."""
    was_json: str = ""
    """Of an edit: what stood there when the person looked."""
    note: str = ""
    source_text: str = ""
    """The script text of the shot at that time: when it changes the edit needs a person again."""
    label: str = ""
    """What the shot was called at that time, for people."""


class BinnedShot(Value):
    """A shot with a person's work on it whose script text has gone. Kept, shown, never silently dropped."""

    shot_id: ShotId
    scene_id: SceneId
    label: str
    source_text: str
    entries: tuple[LedgerEntry, ...]


class SetupRef(Value):
    setup_id: SetupId
    slate: str
    shots: tuple[ShotId, ...]
