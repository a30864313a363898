"""What a run is asked to do, how it ended, and whether there is anything to do at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from shotwright import __version__
from shotwright.model.ids import digest
from shotwright.production.journal import Journal, dumps
from shotwright.production.steps import VERSIONS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from shotwright.model.asset import Asset
    from shotwright.model.crew import WantedAsset
    from shotwright.model.language import Expected, Refinement
    from shotwright.model.screenplay import Screenplay
    from shotwright.model.shot import Shot
    from shotwright.production.asking import Asked
    from shotwright.production.config import Settings
    from shotwright.production.proof import Proof
    from shotwright.production.story_line import Told

Phase = Literal["read", "story", "shots", "layers", "review", "frames", "number"]
Until = Literal["story", "shots", "layers", "frames", "review"]
Progress = Callable[[Phase, int, int], None]
"""Called with the phase, how many are done and how many there are."""


def silent(phase: Phase, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What a run is asked to do."""

    screenplay: Path
    settings: Settings
    until: Until = "review"
    scenes: tuple[str, ...] = ()
    """Scene numbers or ids; empty means all."""
    frames: bool = False
    """Whether frames are drawn: what the settings ask for, where the libraries are there and nobody said no."""
    minds: str = ""
    """Fingerprint of the agents' language models and prompts; empty where none has one."""


@dataclass(slots=True)
class Report:
    """How a run ended."""

    scenes: int = 0
    """Scenes under a heading; material before the first heading is filmed but not counted here."""
    shots: int = 0
    flagged: int = 0
    failed: int = 0
    warnings: int = 0
    wanted: int = 0
    nothing_to_do: bool = False
    until: Until = "review"
    proof: Proof | None = None
    failures: list[str] = field(default_factory=list)
    made: dict[str, int] = field(default_factory=dict)
    """Step -> how often it really ran."""
    reused: dict[str, int] = field(default_factory=dict)
    scenes_made: dict[str, set[str]] = field(default_factory=dict)
    film: list[tuple[str, list[Shot]]] = field(default_factory=list)
    """(scene id, its shots): numbered, as people left them."""
    screenplay: Screenplay | None = None
    told: Told | None = None
    missing: list[WantedAsset] = field(default_factory=list)
    """What the libraries lack, each once."""
    frames: int = 0
    """Drawn or attached, in the whole film."""
    mended: int = 0
    """Shots that were drawn again because of what was seen."""
    unmeasured: int = 0
    """Scenes whose frames should have been looked at and could not be."""
    why_unmeasured: str = ""
    refinements: list[Refinement] = field(default_factory=list)
    """What became of each question to a language model, the film's first."""
    asked: Asked | None = None
    """What this run asked and what it cost; None where no agent has a model."""
    adapted: tuple[str, ...] = ()
    """What is to be said of prose that was adapted: what was done, and what it cost."""
    expected: list[Expected] = field(default_factory=list)
    """Of a rehearsal: the questions that a run would ask."""

    @property
    def pending(self) -> int:
        """Questions that nobody could answer; the next run asks again."""
        return sum(bool(r.pending) for r in self.refinements)

    def line(self) -> str:
        return f"Done. scenes={self.scenes} shots={self.shots} flagged={self.flagged} failed={self.failed}"


def signature(orders: Orders, journal: Journal, assets: Sequence[Asset]) -> str:
    """Hash of everything that a run depends on: the same again means there is nothing to do."""
    try:
        text = hashlib.sha256(orders.screenplay.read_bytes()).hexdigest() if orders.screenplay.is_file() else ""
    except OSError:
        text = ""
    acts = journal.ledger()
    return digest(
        __version__, dumps(VERSIONS), text, orders.settings.model_dump_json(), orders.until, dumps(orders.scenes),
        str(orders.frames), orders.minds,
        dumps([(a.key, a.fingerprint, a.library) for a in assets]), str(acts[-1].sequence if acts else 0), length=40,
    )  # fmt: skip


def report_again(orders: Orders, journal: Journal, assets: Sequence[Asset]) -> Report | None:
    """The last run's report when a run now would do nothing, else None."""
    if journal.dry or journal.meta("signature") != signature(orders, journal, assets):
        return None
    report = Report(**json.loads(journal.meta("report") or "{}"))
    report.nothing_to_do = True
    return report


def kept(report: Report) -> str:
    """The report's counts as the journal keeps them."""
    return dumps(
        {
            "scenes": report.scenes,
            "shots": report.shots,
            "flagged": report.flagged,
            "failed": report.failed,
            "warnings": report.warnings,
            "wanted": report.wanted,
            "until": report.until,
            "frames": report.frames,
            "mended": report.mended,
        }
    )
