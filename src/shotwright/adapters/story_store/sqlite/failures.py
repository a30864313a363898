"""What SQLite's errors mean to somebody who runs a production."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from shotwright.errors import StoreDamaged, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REBUILD = "`shotwright graph DIR --rebuild` makes it again from the journal"


@contextmanager
def told_clearly(path: Path | None) -> Iterator[None]:
    """Turn what SQLite raises into a StoreError that says what is wrong with the file at `path`."""
    try:
        yield
    except sqlite3.Error as error:
        raise store_error(error, path) from error
    except UnicodeEncodeError as error:
        raise StoreError(f"text that is not valid Unicode cannot be kept: {error.reason}") from error
    except OverflowError as error:
        raise StoreError("a number of more than 64 bits cannot be kept") from error


@contextmanager
def trusting_contents(path: Path | None) -> Iterator[None]:
    """Turn what is raised where the file's contents are not what this program writes into a StoreError."""
    try:
        yield
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise damaged(path, "a row does not hold what it should") from error


def damaged(path: Path | None, what: str) -> StoreDamaged:
    return StoreDamaged(f"{name_of(path)} is damaged or is not a story graph: {what}", hint=REBUILD)


def name_of(path: Path | None) -> str:
    return "the story graph in memory" if path is None else str(path)


def store_error(error: sqlite3.Error, path: Path | None) -> StoreError:
    where, said = name_of(path), str(error)
    if "locked" in said or "busy" in said:
        return StoreError(f"{where} is being written by another process", hint="try again in a moment", transient=True)
    if "full" in said:
        return StoreError(f"no space left to write {where}", hint="free some space and run again; nothing is lost")
    if "readonly" in said or "unable to open" in said:
        return StoreError(f"{where} cannot be opened or written: {said}", hint="check the folder and its permissions")
    if "malformed" in said or "decode" in said or "corrupt" in said or type(error) is sqlite3.DatabaseError:
        return damaged(path, said)
    return StoreError(f"{where}: {said}", hint=f"if the file was changed by hand: {REBUILD}")
