"""Every error that shotwright raises on purpose.

    ShotwrightError(message, *, hint, transient)
    ├── InputError                 what the user gave cannot be used
    │   ├── ScreenplayError          a screenplay file (line, column)
    │   ├── ConfigError              settings, flags, an asset library
    │   ├── ProductionError          the production folder: missing, locked, damaged, not writable, full
    │   └── QueryError               a query that is not valid, or that asks for more than it may (line, column)
    ├── ServiceError               something behind a port
    │   ├── StoreError               the story store
    │   │   └── StoreDamaged           its file cannot be read as a story graph
    │   ├── VisionError              the vision service: down, slow, or not able to use what it was given
    │   ├── AssetNotFound            an asset key that no library holds
    │   └── LanguageModelError       a language model
    │       ├── Unavailable            it cannot be reached, or not with this key; the next run asks again
    │       ├── RateLimited            it wants to be asked later (retry_after, seconds)
    │       └── BadAnswer              what it sent back is no reply
    ├── RuleError                  a law of the house would be broken
    │   ├── LayerTrespass            an agent tried to set a field that it does not own
    │   ├── StaleEdit                an edit was made against a version that has gone
    │   └── CoverageBroken           a speech or an action sentence is not in the shots
    └── RunError                   a run could not finish
        ├── StepFailed               one step of it (step, scene)
        └── RunCancelled             it was interrupted

A message says what and where in one line; `hint` says what to do about it; `transient` says that trying again may help.
"""

from __future__ import annotations


class ShotwrightError(Exception):
    """The root: one clear line, an optional hint, and whether trying again may help."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "", transient: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.transient = transient


class InputError(ShotwrightError):
    """What the user gave cannot be used."""

    exit_code = 2


class ScreenplayError(InputError):
    """A screenplay file that cannot be read, with the line (1-based, 0 when the whole file is meant)."""

    def __init__(self, message: str, *, hint: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.line = line
        self.column = column


class ConfigError(InputError):
    """Settings, flags or an asset library that make no sense."""


class ProductionError(InputError):
    """The production folder is missing, locked, damaged, not writable or on a full disk."""


class QueryError(InputError):
    """A query that is not valid, writes, or passes its limits, with the place in its text (from 1; 0 when the whole is
    meant)."""

    def __init__(self, message: str, *, hint: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.line = line
        self.column = column


class ServiceError(ShotwrightError):
    """Something behind a port did not answer as it should."""


class StoreError(ServiceError):
    """The story store."""


class StoreDamaged(StoreError):
    """The embedded store's file is damaged or is not a story graph; the journal can make it again."""


class VisionError(ServiceError):
    """The vision service is down or slow, does not keep its wire, or cannot use what it was given."""


class AssetNotFound(ServiceError):
    """An asset key that no library holds."""


class LanguageModelError(ServiceError):
    """A language model did not answer."""


class Unavailable(LanguageModelError):
    """A language model that cannot be reached in time, or not with this key."""


class RateLimited(LanguageModelError):
    """A language model that wants to be asked later: in `retry_after` seconds, where it said so."""

    def __init__(self, message: str, *, hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, hint=hint, transient=True)
        self.retry_after = retry_after


class BadAnswer(LanguageModelError):
    """What a language model sent back cannot be read as a reply."""


class RuleError(ShotwrightError):
    """A law of the house would be broken."""


class LayerTrespass(RuleError):
    """An agent tried to set a field that it does not own, or that a person has pinned."""


class StaleEdit(RuleError):
    """An edit was made against a version that has gone."""


class CoverageBroken(RuleError):
    """A speech or an action sentence of the script is not in the shots as it must be."""


class RunError(ShotwrightError):
    """A run could not finish."""


class StepFailed(RunError):
    """One step of a run failed; everything committed before it is kept."""

    def __init__(self, message: str, *, step: str, scene: str = "", hint: str = "", transient: bool = False) -> None:
        super().__init__(message, hint=hint, transient=transient)
        self.step = step
        self.scene = scene


class RunCancelled(RunError):
    """The run was interrupted; it resumes from the last committed step."""

    exit_code = 130
