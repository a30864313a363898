"""Dates: given as text of ISO 8601 or as milliseconds since 1970, read in UTC or by the clocks of a time zone."""

from __future__ import annotations

import math
import re
import time as clock
from functools import cache
from typing import TYPE_CHECKING

from shotwright.aql.functions import zones
from shotwright.aql.functions.calendar import (
    DAY,
    FIRST,
    HOUR,
    LAST,
    MINUTE,
    SECOND,
    WEEK,
    Moment,
    add_months,
    day_of_year,
    days_in_month,
    is_leap,
    iso_week,
    parse_date,
    parse_duration,
    put_together,
    take_apart,
    weekday,
    write_date,
)
from shotwright.aql.functions.calling import (
    INVALID_DATE,
    Context,
    Family,
    NoAnswer,
    integer,
    number_of,
    text_of,
)
from shotwright.aql.values import Number, Value, is_number, rank, truthy, whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

FAMILY = Family("dates")

_UNITS = {
    "y": "year", "year": "year", "years": "year",
    "m": "month", "month": "month", "months": "month",
    "w": "week", "week": "week", "weeks": "week",
    "d": "day", "day": "day", "days": "day",
    "h": "hour", "hour": "hour", "hours": "hour",
    "i": "minute", "minute": "minute", "minutes": "minute",
    "s": "second", "second": "second", "seconds": "second",
    "f": "millisecond", "millisecond": "millisecond", "milliseconds": "millisecond",
}  # fmt: skip
_LENGTHS = {"week": WEEK, "day": DAY, "hour": HOUR, "minute": MINUTE, "second": SECOND, "millisecond": 1}
_YEAR = 146_097 * DAY / 400
_FIELDS = Moment._fields
_START = Moment(0, 1, 1, 0, 0, 0, 0)
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


# Arguments


def _time(value: Value) -> int:
    if is_number(value):
        time = integer(value)
        if not FIRST <= time <= LAST:
            raise NoAnswer(INVALID_DATE)
        return time
    parsed = parse_date(text_of(value))
    if parsed is None:
        raise NoAnswer(INVALID_DATE)
    return parsed


def _zone(value: Value) -> ZoneInfo | None:
    """None stands for UTC."""
    if value is None:
        return None
    zone = zones.zone_named(text_of(value))
    if zone is None:
        raise NoAnswer(INVALID_DATE, f"unknown time zone {value[:60]!r}")
    return zone


def _local(value: Value, zone: Value) -> int:
    """What the clocks of the zone show, as if it were UTC."""
    time, place = _time(value), _zone(zone)
    return time if place is None else zones.to_local(time, place)


def _back(local: int, zone: Value) -> str:
    place = _zone(zone)
    return _write(local if place is None else zones.to_utc(local, place))


def _write(time: int, *, utc: bool = True) -> str:
    if not FIRST <= time <= LAST:
        raise NoAnswer(INVALID_DATE)
    return write_date(time, utc=utc)


def _unit(value: Value, code: int = INVALID_DATE) -> str:
    unit = _UNITS.get(text_of(value).lower())
    if unit is None:
        raise NoAnswer(code)
    return unit


# Making dates


@FAMILY.function("DATE_NOW", least=0, repeatable=False)
def date_now(context: Context) -> int:
    return clock.time_ns() // 1_000_000


def _from_parts(arguments: tuple[Value, ...]) -> int:
    """One date, or year, month and day, and then hour to millisecond as far as given."""
    if len(arguments) == 1:
        return _time(arguments[0])
    if len(arguments) < 3 or not all(rank(argument) in (2, 3) for argument in arguments):
        raise NoAnswer
    parts = [integer(argument) for argument in arguments]
    if min(parts) < 0 or parts[0] > 9999 or max(parts) > 10**9:
        raise NoAnswer(INVALID_DATE)
    parts += [0] * (7 - len(parts))
    return put_together(Moment._make([*parts[:6], min(parts[6], 999)]))


@FAMILY.function("DATE_TIMESTAMP", least=1, most=7)
def date_timestamp(context: Context, *arguments: Value) -> int:
    return _from_parts(arguments)


@FAMILY.function("DATE_ISO8601", least=1, most=7)
def date_iso8601(context: Context, *arguments: Value) -> str:
    return _write(_from_parts(arguments))


@FAMILY.function("IS_DATESTRING", least=1)
def is_datestring(context: Context, value: Value) -> bool:
    return rank(value) == 3 and parse_date(value) is not None


# Reading dates


def _enter(name: str, read: Callable[[int], Value], *, zoned: bool = True) -> None:
    """A function that reads one thing from a date."""

    def body(context: Context, value: Value, zone: Value = None) -> Value:
        return read(_local(value, zone))

    FAMILY.function(name, least=1, most=2 if zoned else 1)(body)


def _quarter(time: int) -> int:
    return (take_apart(time).month + 2) // 3


def _days_in_month(time: int) -> int:
    moment = take_apart(time)
    return days_in_month(moment.year, moment.month)


def _week_and_year(time: int) -> dict[str, int]:
    week, year = iso_week(time)
    return {"week": week, "year": year}


_enter("DATE_YEAR", lambda time: take_apart(time).year)
_enter("DATE_MONTH", lambda time: take_apart(time).month)
_enter("DATE_DAY", lambda time: take_apart(time).day)
_enter("DATE_HOUR", lambda time: take_apart(time).hour)
_enter("DATE_MINUTE", lambda time: take_apart(time).minute)
_enter("DATE_SECOND", lambda time: take_apart(time).second, zoned=False)
_enter("DATE_MILLISECOND", lambda time: take_apart(time).millisecond, zoned=False)
_enter("DATE_DAYOFWEEK", weekday)
_enter("DATE_DAYOFYEAR", day_of_year)
_enter("DATE_ISOWEEK", lambda time: iso_week(time)[0])
_enter("DATE_ISOWEEKYEAR", _week_and_year)
_enter("DATE_LEAPYEAR", lambda time: is_leap(take_apart(time).year))
_enter("DATE_QUARTER", _quarter)
_enter("DATE_DAYS_IN_MONTH", _days_in_month)


# Calculating with dates


@FAMILY.function("DATE_ADD", least=2, most=4)
def date_add(context: Context, value: Value, *arguments: Value) -> str:
    """`amount, unit, zone` or `duration, zone`."""
    return _shift(value, arguments, 1)


@FAMILY.function("DATE_SUBTRACT", least=2, most=4)
def date_subtract(context: Context, value: Value, *arguments: Value) -> str:
    return _shift(value, arguments, -1)


def _shift(value: Value, arguments: tuple[Value, ...], sign: int) -> str:
    if rank(arguments[0]) == 3:
        zone = arguments[1] if len(arguments) > 1 else None
        duration = parse_duration(arguments[0])
        if duration is None:
            raise NoAnswer(INVALID_DATE)
        months: float = duration.months
        rest: float = duration.milliseconds
    else:
        if len(arguments) < 2:
            raise NoAnswer
        zone = arguments[2] if len(arguments) > 2 else None
        months, rest = _amount(number_of(arguments[0]), _unit(arguments[1]))
    if abs(months) > 12 * 20_000 or abs(rest) > 2 * (LAST - FIRST):
        raise NoAnswer(INVALID_DATE)
    local = add_months(_local(value, zone), sign * int(months)) + sign * math.trunc(rest)
    return _back(local, zone)


def _amount(count: Number, unit: str) -> tuple[float, float]:
    """Whole months and milliseconds. What is left of a part of a month counts as that part of 30 days."""
    if unit not in {"year", "month"}:
        return 0, count * _LENGTHS[unit]
    if unit == "year":
        years = math.trunc(count)
        part, months = math.modf((count - years) * 12)
        return 12 * years + months, part * 30 * DAY
    part, months = math.modf(count)
    return months, part * 30 * DAY


@FAMILY.function("DATE_DIFF", least=3, most=6)
def date_diff(context: Context, start: Value, end: Value, unit: Value, *rest: Value) -> Number | None:
    """How many units from one to the other; `as_float` keeps the part of a unit. A zone for both, or one for each."""
    as_float = bool(rest) and rank(rest[0]) == 1
    places = rest[1:] if as_float else rest
    first = places[0] if places else None
    second = places[1] if len(places) > 1 else first
    between = _local(end, second) - _local(start, first)
    name = _unit(unit)
    length = _YEAR if name == "year" else _YEAR / 12 if name == "month" else _LENGTHS[name]
    count = between / length
    if as_float and truthy(rest[0]):
        return whole(count)
    return math.floor(abs(count) + 0.5) * (1 if count >= 0 else -1)


@FAMILY.function("DATE_COMPARE", least=3, most=6)
def date_compare(context: Context, one: Value, other: Value, largest: Value, *rest: Value) -> bool:
    """Whether two dates agree from one unit down to another, which is the same when it is left out."""
    has_end = bool(rest) and rank(rest[0]) == 3 and rest[0].lower() in _UNITS
    places = rest[1:] if has_end else rest
    first = places[0] if places else None
    second = places[1] if len(places) > 1 else first
    top = _unit(largest, 1542)
    bottom = _unit(rest[0], 1542) if has_end else top
    if "week" in (top, bottom):
        raise NoAnswer
    fields = slice(_FIELDS.index(top), max(_FIELDS.index(top), _FIELDS.index(bottom)) + 1)
    return take_apart(_local(one, first))[fields] == take_apart(_local(other, second))[fields]


@FAMILY.function("DATE_TRUNC", least=2, most=3)
def date_trunc(context: Context, value: Value, unit: Value, zone: Value = None) -> str:
    """The beginning of the year, month, day, hour, minute or second."""
    local, name = _local(value, zone), _unit(unit)
    if name == "week":
        raise NoAnswer(INVALID_DATE)
    kept = _FIELDS.index(name) + 1
    return _back(put_together(Moment._make((*take_apart(local)[:kept], *_START[kept:]))), zone)


@FAMILY.function("DATE_ROUND", least=2, most=4)
def date_round(context: Context, value: Value, amount: Value, unit: Value = None, zone: Value = None) -> str:
    """Down to a multiple of so many units, counted from 1970."""
    local, count = _local(value, zone), integer(number_of(amount))
    name = _unit(unit, 1542)
    if count <= 0 or name in {"year", "month", "week"}:
        raise NoAnswer
    step = count * _LENGTHS[name]
    return _back(int(math.copysign(abs(local) // step * step, local)), zone)


# Zones


@FAMILY.function("DATE_UTCTOLOCAL", least=2, most=3)
def date_utctolocal(context: Context, value: Value, zone: Value, detail: Value = False) -> Value:
    time, place = _time(value), _zone(text_of(zone))
    if place is None or rank(detail) != 1:
        raise NoAnswer
    offset = zones.rule_at(time, place).offset
    local = _write(time + offset, utc=offset == 0)
    return {"local": local, **_details(time, place)} if detail else local


@FAMILY.function("DATE_LOCALTOUTC", least=2, most=3)
def date_localtoutc(context: Context, value: Value, zone: Value, detail: Value = False) -> Value:
    local, place = _time(value), _zone(text_of(zone))
    if place is None or rank(detail) != 1:
        raise NoAnswer
    time = zones.to_utc(local, place)
    return {"utc": _write(time), **_details(time, place)} if detail else _write(time)


def _details(time: int, place: ZoneInfo) -> dict[str, Value]:
    rule = zones.rule_at(time, place)
    begin, end = (None if edge is None else write_date(edge) for edge in zones.period(time, place))
    about = {"name": rule.name, "begin": begin, "end": end, "dst": rule.summer, "offset": rule.offset // SECOND}
    return {"tzdb": zones.database_version(), "zoneInfo": about}


@FAMILY.function("DATE_TIMEZONE", least=0)
def date_timezone(context: Context) -> str:
    """Always UTC: a store has no place."""
    return "UTC"


@FAMILY.function("DATE_TIMEZONES", least=0)
def date_timezones(context: Context) -> list[str]:
    return list(zones.zone_names())


# Text


@cache
def _placeholders() -> dict[str, Callable[[int], str]]:
    return {
        "%&": lambda time: "",
        "%yyyyyy": lambda time: f"+{take_apart(time).year:06}",
        "%mmmm": lambda time: _MONTHS[take_apart(time).month - 1],
        "%yyyy": lambda time: f"{take_apart(time).year:04}",
        "%wwww": lambda time: _WEEKDAYS[weekday(time)],
        "%mmm": lambda time: _MONTHS[take_apart(time).month - 1][:3],
        "%www": lambda time: _WEEKDAYS[weekday(time)][:3],
        "%fff": lambda time: f"{take_apart(time).millisecond:03}",
        "%xxx": lambda time: f"{day_of_year(time):03}",
        "%yy": lambda time: f"{take_apart(time).year % 100:02}",
        "%mm": lambda time: f"{take_apart(time).month:02}",
        "%dd": lambda time: f"{take_apart(time).day:02}",
        "%hh": lambda time: f"{take_apart(time).hour:02}",
        "%ii": lambda time: f"{take_apart(time).minute:02}",
        "%ss": lambda time: f"{take_apart(time).second:02}",
        "%kk": lambda time: f"{iso_week(time)[0]:02}",
        "%t": str,
        "%z": write_date,
        "%w": lambda time: str(weekday(time)),
        "%y": lambda time: str(take_apart(time).year),
        "%m": lambda time: str(take_apart(time).month),
        "%d": lambda time: str(take_apart(time).day),
        "%h": lambda time: str(take_apart(time).hour),
        "%i": lambda time: str(take_apart(time).minute),
        "%s": lambda time: str(take_apart(time).second),
        "%f": lambda time: str(take_apart(time).millisecond),
        "%x": lambda time: str(day_of_year(time)),
        "%k": lambda time: str(iso_week(time)[0]),
        "%l": lambda time: str(int(is_leap(take_apart(time).year))),
        "%q": lambda time: str(_quarter(time)),
        "%a": lambda time: str(_days_in_month(time)),
        "%%": lambda time: "%",
        "%": lambda time: "",
    }


@FAMILY.function("DATE_FORMAT", least=2, most=3)
def date_format(context: Context, value: Value, layout: Value, zone: Value = None) -> str:
    """The longest placeholder that fits is taken; `%%` is a percent sign, `%&` nothing, any other `%` is dropped."""
    time, text = _local(value, zone), text_of(layout)
    placeholders = _placeholders()
    context.budget(text.count("%"))
    return re.sub("|".join(map(re.escape, placeholders)), lambda match: placeholders[match[0]](time), text)
