"""The title page: `Key: value` lines at the very start, values also indented below their key."""

from __future__ import annotations

import re

from shotwright.screenplay.headings import is_heading, is_transition
from shotwright.screenplay.lexicon import lexicon
from shotwright.screenplay.markup import plain

_KEY = re.compile(r"^(?P<key>[^\s:：#>@!.~=][^:：]{0,50}?)\s*[:：](?P<value>.*)$")


def _key(line: str) -> re.Match[str] | None:
    return None if line[:1] in {" ", "\t", "\u3000"} else _KEY.match(line)


def _known(line: str | None) -> bool:
    found = _key(line or "")
    return found is not None and plain(found["key"]).strip().upper() in lexicon().title_keys


def _shouted(line: str) -> bool:
    key = line.partition(":")[0]
    return key == key.upper() != key.lower()


def _opens(lines: list[str | None], start: int) -> bool:
    """Whether the block at `start` is a title page.

    One known key is enough. Without any, every line must be a key or an indented value and the first key no shout, so
    that `SUPER: …` or `He said: …` at the head of a script is not taken for one.
    """
    first = lines[start] or ""
    found = _key(first)
    if found is None or is_heading(first, after_blank=True) or is_transition(first):
        return False
    if _known(first):
        return True
    block: list[str] = []
    for line in lines[start:]:
        if line is None:
            continue
        if not line.strip():
            break
        block.append(line)
    if any(_known(line) for line in block):
        return True
    key = found["key"]
    keys = sum(1 for line in block if _key(line))
    shaped = all(line[:1] in {" ", "\t"} or _key(line) for line in block) and len(key.split()) <= 3
    return shaped and keys > 1 and key != key.upper() and key[0] == key[0].upper()


def read_title_page(lines: list[str | None]) -> tuple[dict[str, str], int]:
    """The title page and the index of the first line after it; empty and 0 when the file has none.

    Keys are as written; a value's lines are joined by newlines, without indent and emphasis. A blank line ends the page
    unless a well-known key follows it at once.
    """
    start = 0
    while start < len(lines) and not (lines[start] or "").strip():
        start += 1
    if start == len(lines) or not _opens(lines, start):
        return {}, 0
    values: dict[str, list[str]] = {}
    key = ""
    at = start
    while at < len(lines):
        line = lines[at]
        if line is None:
            at += 1
            continue
        if not line.strip():
            ahead = next((i for i in range(at, len(lines)) if (lines[i] or "").strip()), len(lines))
            if ahead == len(lines) or not _known(lines[ahead]) or _shouted(lines[ahead] or ""):
                break
            at = ahead
            continue
        found = _key(line)
        if found is not None:
            key = plain(found["key"]).strip()
            text = found["value"]
            values.setdefault(key, [])
        else:
            text = line
        if text.strip():
            values[key].append(plain(text.strip()))
        at += 1
    return {key: "\n".join(value) for key, value in values.items()}, at
