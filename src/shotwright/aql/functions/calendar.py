"""Dates as milliseconds since 1970-01-01T00:00Z in the proleptic Gregorian calendar, for the years 0 to 9999.

Days and civil dates are turned into one another by counting from 1 March of year 0 in eras of 400 years.
"""

from __future__ import annotations

import re
from typing import NamedTuple

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

FIRST = -62_167_219_200_000
"""0000-01-01T00:00:00.000Z"""
LAST = 253_402_300_799_999
"""9999-12-31T23:59:59.999Z"""

_DATE = re.compile(
    r"[ \t\r\n]*\+?0*(\d{1,4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?"
    r"(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,20}))?)?)?"
    r"(?:[zZ]|([+-])(\d{1,2}):(\d{1,2}))?[ \t\r\n]*",
    re.ASCII,
)
_LONGEST = 64

_DURATION = re.compile(
    r"P(?=.)(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})W)?(?:(\d{1,9})D)?"
    r"(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:[.,](\d{1,3}))?S)?)?",
    re.ASCII,
)


class Moment(NamedTuple):
    """A date and time of day, taken apart."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    millisecond: int


class Duration(NamedTuple):
    months: int
    milliseconds: int


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01. Months and days beyond their range run on into the next year and month."""
    year += (month - 1) // 12
    month = (month - 1) % 12 + 1
    shifted = year - (month <= 2)
    era = shifted // 400
    year_of_era = shifted - era * 400
    day_of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year + day - 719_469


def civil_from_days(days: int) -> tuple[int, int, int]:
    shifted = days + 719_468
    era = shifted // 146_097
    day_of_era = shifted - era * 146_097
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    place = (5 * day_of_year + 2) // 153
    month = place + 3 if place < 10 else place - 9
    return year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * place + 2) // 5 + 1


def take_apart(time: int) -> Moment:
    days, rest = divmod(time, DAY)
    year, month, day = civil_from_days(days)
    hour, rest = divmod(rest, HOUR)
    minute, rest = divmod(rest, MINUTE)
    return Moment(year, month, day, hour, minute, *divmod(rest, SECOND))


def put_together(moment: Moment) -> int:
    clock = moment.hour * HOUR + moment.minute * MINUTE + moment.second * SECOND + moment.millisecond
    return days_from_civil(moment.year, moment.month, moment.day) * DAY + clock


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    return days_from_civil(year, month + 1, 1) - days_from_civil(year, month, 1)


def weekday(time: int) -> int:
    """0 is Sunday."""
    return (time // DAY + 4) % 7


def day_of_year(time: int) -> int:
    days = time // DAY
    return days - days_from_civil(civil_from_days(days)[0], 1, 1) + 1


def iso_week(time: int) -> tuple[int, int]:
    """Week and year of ISO 8601: the week belongs to the year of its Thursday."""
    days = time // DAY
    thursday = days - (days + 3) % 7 + 3
    year = civil_from_days(thursday)[0]
    return (thursday - days_from_civil(year, 1, 1)) // 7 + 1, year


def add_months(time: int, months: int) -> int:
    """The same day that many months on; where that month is shorter, its days run on into the next."""
    moment = take_apart(time)
    return put_together(moment._replace(month=moment.month + months))


def parse_date(text: str) -> int | None:
    """A date of ISO 8601, with a blank or a T before the time; without an offset it is UTC. None when it is none."""
    match = _DATE.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return None
    parts = zip(match.groups()[:6], "011000", strict=True)
    year, month, day, hour, minute, second = (int(part or default) for part, default in parts)
    fraction, sign, ahead_hours, ahead_minutes = match.groups()[6:]
    in_range = 1 <= month <= 12 and 1 <= day <= 31 and hour <= 23 and minute <= 59 and second <= 59
    if not in_range:
        return None
    millisecond = int((fraction or "0")[:3].ljust(3, "0"))
    time = put_together(Moment(year, month, day, hour, minute, second, millisecond))
    if sign:
        if int(ahead_hours) > 23 or int(ahead_minutes) > 59:
            return None
        offset = int(ahead_hours) * HOUR + int(ahead_minutes) * MINUTE
        time += offset if sign == "-" else -offset
    return time if FIRST <= time <= LAST else None


def parse_duration(text: str) -> Duration | None:
    """A duration of ISO 8601, such as P1Y2M3DT4H5M6.7S; None when it is none."""
    match = _DURATION.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return None
    *parts, fraction = match.groups()
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in parts)
    clock = hours * HOUR + minutes * MINUTE + seconds * SECOND + int((fraction or "0").ljust(3, "0"))
    return Duration(12 * years + months, weeks * WEEK + days * DAY + clock)


def write_date(time: int, *, utc: bool = True) -> str:
    """As 2020-01-31T12:00:00.000Z; without the Z where it is not UTC."""
    year, month, day, hour, minute, second, millisecond = take_apart(time)
    text = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millisecond:03}"
    return text + "Z" if utc else text
