"""Raw SQL that only reads, within limits: a connection of its own, and what it may do there.

The file is opened read-only, `query_only` is set, and an authorizer refuses all but SELECT on the tables and views of
the graph. What one step of SQLite can cost is bounded by the size of a value, since the clock is looked at only between
steps: LONGEST_VALUE, and text functions of ours in place of those whose time grows with the square of it.
"""

from __future__ import annotations

import json
import math
import re
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

from shotwright.adapters.story_store.sqlite.failures import store_error
from shotwright.adapters.story_store.sqlite.sql_text import place_of, require_select, words_at
from shotwright.errors import QueryError
from shotwright.model.query import RawAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from shotwright.model.query import AskLimits

LONGEST_VALUE = 4 * 2**20
"""Bytes of one text or blob; a film's scenes as one JSON array are about half of it."""
LARGEST_ANSWER = 64 * 2**20
"""Bytes of text in all rows together."""
LONGEST_QUERY = 100_000
STEPS_BETWEEN_LOOKS = 100
"""Steps of SQLite's machine between two looks at the clock."""

_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LONGEST_VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 2 * LONGEST_QUERY,
    sqlite3.SQLITE_LIMIT_COLUMN: 128,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 100_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 64,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 200,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 500,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
_OTHER_TABLES = frozenset({"json_each", "json_tree", "sqlite_schema", "sqlite_master"})
_REFUSED_FUNCTIONS = frozenset(
    {"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit", "zeroblob", "randomblob"}
)


def ask_sql(
    db: sqlite3.Connection, path: Path | None, text: str, bind: Mapping[str, Any], production: str, limits: AskLimits
) -> RawAnswer:
    """Ask on a connection that nothing else uses, and close it. QueryError for a query that cannot be answered."""
    with closing(db):
        require_select(text, LONGEST_QUERY)
        parameters = _Parameters({"production": production} | {name: _bindable(name, v) for name, v in bind.items()})
        guard = _Guard(db, limits)
        try:
            answer = guard.ask(text, parameters)
        except sqlite3.Error as error:
            raise _failure(db, error, text, guard, path) from error
        except (ValueError, OverflowError) as error:
            raise QueryError(f"the query cannot be read: {error}") from error
        except MemoryError as error:
            raise QueryError("the query needs more memory than there is", hint="narrow it") from error
        unused = sorted(set(bind) - parameters.used)
        if unused:
            raise QueryError(f"the query names no :{unused[0]}", hint="bind what it names, and nothing else")
        return answer


class _Parameters(dict[str, Any]):
    """Values to bind, and which of them the query took."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.used: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.used.add(name)
        return super().__getitem__(name)


class _Guard:
    """A connection made harmless: what is refused, and when time is up."""

    def __init__(self, db: sqlite3.Connection, limits: AskLimits) -> None:
        self.limits = limits
        self.refused = ""
        self._db = db
        db.execute("PRAGMA query_only = ON")
        self._tables = _OTHER_TABLES | {
            row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        }
        # SQLite declares a virtual table at its first use, with acts that the authorizer refuses.
        for table in ("json_each('[]')", "json_tree('[]')", *({"node_words"} & self._tables)):
            db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall()
        for limit, most in _LIMITS.items():
            db.setlimit(limit, most)
        db.text_factory = _text
        for name, arguments, function in _FUNCTIONS:
            db.create_function(name, arguments, function, deterministic=True)
        self.until = time.monotonic() + limits.seconds
        db.set_progress_handler(self._is_late, STEPS_BETWEEN_LOOKS)
        db.set_authorizer(self._authorize)

    def ask(self, text: str, parameters: _Parameters) -> RawAnswer:
        cursor = self._db.execute(text, parameters)
        if cursor.description is None:
            raise QueryError("the query asks nothing", hint="begin with SELECT")
        columns = tuple(column[0] for column in cursor.description)
        rows: list[tuple[Any, ...]] = []
        size = 0
        for row in cursor:
            if len(rows) == self.limits.rows:
                return RawAnswer(columns=columns, rows=tuple(rows), truncated=True)
            size += sum(len(value) for value in row if isinstance(value, str | bytes))
            if size > LARGEST_ANSWER:
                raise QueryError(
                    f"the answer is larger than {LARGEST_ANSWER >> 20} MiB", hint="ask for fewer rows or columns"
                )
            rows.append(tuple(map(_value, row)))
        return RawAnswer(columns=columns, rows=tuple(rows))

    def _is_late(self) -> bool:
        return time.monotonic() > self.until

    def _authorize(self, action: int, first: str | None, second: str | None, base: str | None, _: str | None) -> int:
        if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and (base is None or (base == "main" and first in self._tables)):
            # What belongs to no database is a table that the query itself defines.
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() not in _REFUSED_FUNCTIONS:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_PRAGMA and first == "data_version":
            # The full-text index asks for it before it answers.
            return sqlite3.SQLITE_OK
        if not self.refused:
            names = {sqlite3.SQLITE_READ: f"table {first}", sqlite3.SQLITE_FUNCTION: f"function {second}"}
            self.refused = names.get(action, "statement")
        return sqlite3.SQLITE_DENY


def _failure(db: sqlite3.Connection, error: sqlite3.Error, text: str, guard: _Guard, path: Path | None) -> Exception:
    said = str(error)
    if guard.refused:
        line, column = place_of(text, guard.refused.rpartition(" ")[2])
        what = f"a raw query may only read the graph: {guard.refused} is refused"
        return QueryError(what, hint="SELECT from the views and tables of the graph", line=line, column=column)
    if said == "interrupted":
        return QueryError(f"the query ran longer than {guard.limits.seconds:g} s", hint="add WHERE or LIMIT")
    if "too big" in said or "user-defined function" in said:
        return QueryError(f"a value is larger than {LONGEST_VALUE >> 20} MiB", hint="ask for less at once")
    if any(
        word in said for word in ("locked", "busy", "disk image is malformed", "not a database", "disk I/O", "corrupt")
    ):
        return store_error(error, path)
    if "did not supply a value" in said:
        return QueryError(f"the query names {said.rpartition(' ')[2].rstrip('.')}, which is not bound", hint="bind it")
    if "supplied a dictionary" in said:
        return QueryError("the query binds by ?", hint="name what is bound: :scene")
    if "one statement" in said:
        return QueryError("a raw query is one statement", hint="leave out what follows the semicolon")
    line, column = _place(db, said, text, guard)
    return QueryError(said, line=line, column=column)


def _place(db: sqlite3.Connection, said: str, text: str, guard: _Guard) -> tuple[int, int]:
    """Where in the text SQLite's message points to, (0, 0) when that cannot be told."""
    word = said.partition('near "')[2].partition('"')[0]
    if not word:
        for start in ("no such column: ", "no such table: ", "no such function: ", "ambiguous column name: "):
            if said.startswith(start):
                return place_of(text, said.removeprefix(start).rpartition(".")[2])
        return 0, 0
    # The parser stops at the first token that cannot follow: the text up to an earlier one is only not complete.
    for offset, line, column in words_at(text, word):
        guard.until = time.monotonic() + 0.1
        try:
            db.execute(f"EXPLAIN {text[: offset + len(word)]}", {}).close()
        except sqlite3.Error as error:
            if f'near "{word}"' in str(error):
                return line, column
    return 0, 0


def _bindable(name: str, value: Any) -> Any:
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False)
    if value is None or isinstance(value, str | int | float):
        return value
    raise QueryError(f":{name} is a {type(value).__name__}", hint="bind text, numbers, truth values, or JSON values")


def _value(value: Any) -> Any:
    """JSON has neither blobs nor infinite numbers: they become hexadecimal digits and text."""
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _replace(text: Any, old: Any, new: Any) -> Any:
    if text is None or old is None or new is None:
        return None
    text, old, new = _as_text(text), _as_text(old), _as_text(new)
    if not old:
        return text
    if len(text) + text.count(old) * (len(new) - len(old)) > LONGEST_VALUE:
        raise ValueError
    return text.replace(old, new)


def _instr(text: Any, part: Any) -> int | None:
    if text is None or part is None:
        return None
    if isinstance(text, bytes) and isinstance(part, bytes):
        return text.find(part) + 1
    return _as_text(text).find(_as_text(part)) + 1


def _trim(text: Any, marks: Any = " ") -> str | None:
    return None if text is None or marks is None else _as_text(text).strip(_as_text(marks))


def _trim_left(text: Any, marks: Any = " ") -> str | None:
    return None if text is None or marks is None else _as_text(text).lstrip(_as_text(marks))


def _trim_right(text: Any, marks: Any = " ") -> str | None:
    return None if text is None or marks is None else _as_text(text).rstrip(_as_text(marks))


def _as_text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _format(form: Any = None, *values: Any) -> str | None:
    """SQLite's printf repeats a mark a thousand million times in one step when told to: widths end at 4 digits here."""
    if form is None:
        return None
    ahead = iter(values)

    def one(found: re.Match[str]) -> str:
        flags, width, places, kind = found.groups()
        if kind == "%":
            return "%"
        value = next(ahead, None)
        spec = f"%{flags.replace(',', '')}{width}{places or ''}"
        if kind in "dixXo":
            said = (spec + ("d" if kind == "i" else kind)) % int(_number(value))
        elif kind in "feEgG":
            said = (spec + kind) % _number(value)
        else:
            said = (spec + "s") % ("" if value is None else _as_text(value))
        return said

    return _CONVERSION.sub(one, _as_text(form))


def _number(value: Any) -> float:
    try:
        return value if isinstance(value, int | float) else float(_as_text(value))
    except ValueError:
        return 0


_CONVERSION = re.compile(r"%([-+ 0#,]*)(\d{0,4})(\.\d{1,4})?([dixXofeEgGsz%])")
_FUNCTIONS = (
    ("printf", -1, _format), ("format", -1, _format),
    ("replace", 3, _replace), ("instr", 2, _instr),
    ("trim", 1, _trim), ("trim", 2, _trim), ("ltrim", 1, _trim_left), ("ltrim", 2, _trim_left),
    ("rtrim", 1, _trim_right), ("rtrim", 2, _trim_right),
)  # fmt: skip
