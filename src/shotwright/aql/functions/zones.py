"""Time zones of the IANA database, as Python has it: what a clock there shows, and since when."""

from __future__ import annotations

import zoneinfo
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from shotwright.aql.functions.calendar import DAY, LAST, WEEK

_EPOCH = datetime(1970, 1, 1)
_EARLIEST = -62_135_596_800_000 + 2 * DAY
"""The first moment that Python's calendar can hold, with room for an offset; before it the first offset of the zone
goes on."""
_LATEST = LAST - 2 * DAY
_OLDEST_RULE = -6_000_000_000_000
"""Before 1780 no zone has a rule."""
_STEADY = 2_208_988_800_000
"""From 2040 on every year is like the one before."""
_TWO_YEARS = 105 * WEEK


class Rule(NamedTuple):
    """What holds in a zone at one moment: its abbreviation, how far its clocks are ahead of UTC in ms, and summer
    time."""

    name: str
    offset: int
    summer: bool


@lru_cache(maxsize=64)
def zone_named(name: str) -> zoneinfo.ZoneInfo | None:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _aware(time: int, zone: zoneinfo.ZoneInfo) -> datetime:
    within = max(_EARLIEST, min(time, _LATEST))
    return (_EPOCH + timedelta(milliseconds=within)).replace(tzinfo=UTC).astimezone(zone)


def rule_at(time: int, zone: zoneinfo.ZoneInfo) -> Rule:
    there = _aware(time, zone)
    offset = there.utcoffset() or timedelta()
    return Rule(there.tzname() or "", round(offset.total_seconds() * 1000), bool(there.dst()))


def to_local(time: int, zone: zoneinfo.ZoneInfo) -> int:
    """What the clocks there show at a moment in UTC, as if it were UTC."""
    return time + rule_at(time, zone).offset


def to_utc(local: int, zone: zoneinfo.ZoneInfo) -> int:
    """When the clocks there show this: the first time where they do so twice, and an hour later where they skip it."""
    within = max(_EARLIEST, min(local, _LATEST))
    there = (_EPOCH + timedelta(milliseconds=within)).replace(tzinfo=zone)
    offset = there.utcoffset() or timedelta()
    return local - round(offset.total_seconds() * 1000)


def period(time: int, zone: zoneinfo.ZoneInfo) -> tuple[int | None, int | None]:
    """From when until when the rule of this moment holds, without a break; None where it always did or will."""
    known = _changes(zone)
    if time <= _STEADY:
        after = bisect_right(known, time)
        return known[after - 1] if after else None, known[after] if after < len(known) else None
    begin = _edge(time, zone, -WEEK, time - _TWO_YEARS)
    if begin is None and known:
        begin = known[-1]
    return begin, _edge(time, zone, WEEK, time + _TWO_YEARS)


@lru_cache(maxsize=32)
def _changes(zone: zoneinfo.ZoneInfo) -> tuple[int, ...]:
    """The moments at which a rule of the zone begins, up to the time when nothing new comes."""
    moments: list[int] = []
    time = _OLDEST_RULE
    while (change := _edge(time, zone, WEEK, _STEADY + _TWO_YEARS)) is not None:
        moments.append(change)
        time = change
    return tuple(moments)


def _edge(time: int, zone: zoneinfo.ZoneInfo, step: int, limit: int) -> int | None:
    """The moment at which another rule begins (step > 0), or this one began: walked to by weeks, then halved down."""
    rule, inside = rule_at(time, zone), time
    while (limit - inside) * step > 0:
        outside = inside + step
        if rule_at(outside, zone) == rule:
            inside = outside
            continue
        while abs(outside - inside) > 1:
            middle = (outside + inside) // 2
            if rule_at(middle, zone) == rule:
                inside = middle
            else:
                outside = middle
        return max(inside, outside)
    return None


@lru_cache(maxsize=1)
def database_version() -> str | None:
    """The release of the time zone database, such as 2025b; None where the system does not tell."""
    for folder in zoneinfo.TZPATH:
        rules = Path(folder, "tzdata.zi")
        if rules.is_file():
            with rules.open(encoding="utf-8") as lines:
                first = lines.readline()
            if first.startswith("# version "):
                return first.removeprefix("# version ").strip()
    try:
        version: str = import_module("tzdata").IANA_VERSION
    except ImportError:
        return None
    return version


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    return tuple(sorted(zoneinfo.available_timezones()))
