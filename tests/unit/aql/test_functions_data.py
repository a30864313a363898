"""Functions of arrays, objects, numbers, dates, bits and places."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.aql.function_calls import answer, warning

from shotwright.aql.functions import calendar
from shotwright.errors import QueryError

EPOCH = datetime(1970, 1, 1)


@pytest.mark.parametrize(
    ("name", "arguments", "value"),
    [
        ("APPEND", ([1, 2], [2, 3], True), [1, 2, 3]),
        ("APPEND", (None, [1]), [1]),
        ("APPEND", ([1], 2), [1, 2]),
        ("PUSH", (None, 1), [1]),
        ("FLATTEN", ([1, [2, [3, [4]]]], 2), [1, 2, 3, [4]]),
        ("INTERLEAVE", ([1, 2, 3], [], ["a"]), [1, "a", 2, 3]),
        ("INTERSECTION", ([1, 2, 2, 3], [3, 2.0]), [3, 2]),
        ("MINUS", ([1, 1, 2, 3], [2]), [3, 1]),
        ("OUTERSECTION", ([1, 2], [2, 3], [3]), [1]),
        ("POSITION", ([1, True], True, True), 1),
        ("RANGE", (3, 1), [3, 2, 1]),
        ("RANGE", (0, 1, 0.5), [0, 0.5, 1]),
        ("RANGE", (1.9, 3.2), [1, 2, 3]),
        ("REMOVE_NTH", ([1, 2, 3], 7), [1, 2, 3]),
        ("REMOVE_VALUE", ([1, 2, 1, 1], 1, 2), [2, 1]),
        ("SLICE", ([1, 2, 3, 4], -2), [3, 4]),
        ("SLICE", ([1, 2, 3, 4], 1, -1), [2, 3]),
        ("SORTED", ([{}, [], "b", "B", 2, 1, True, None],), [None, True, 1, 2, "B", "b", [], {}]),
        ("UNIQUE", ([1, 1.0, "1", True],), [1, "1", True]),
        ("LENGTH", (True,), 1),
        ("LENGTH", (-12.5,), 5),
        ("VALUE", ({"a": [1, {"b": 2}]}, ["a", -1, "b"]), 2),
        ("VALUE", ({"a": 1}, ["a", "b"]), None),
        ("MATCHES", ({"a": 1}, {"a": 1, "b": None}), True),
        ("MERGE", ({"a": {"x": 1}}, {"a": {"y": 2}}), {"a": {"y": 2}}),
        ("MERGE_RECURSIVE", ({"a": {"x": 1}}, {"a": {"y": 2}, "b": 3}), {"a": {"x": 1, "y": 2}, "b": 3}),
        ("TRANSLATE", (1.0, {"1": "one"}), "one"),
        ("ZIP", (["a", "a"], [1, 2]), {"a": 1}),
        ("ATTRIBUTES", ({"b": 1, "a": 2, "_x": 3}, True), ["a", "b"]),
        ("PARSE_IDENTIFIER", ({"_id": "scenes/1"},), {"collection": "scenes", "key": "1"}),
        ("NOT_NULL", (None, False, 1), False),
        ("FIRST_LIST", (1, {}, [2]), [2]),
        ("IN_RANGE", ("b", "a", "c", True, False), True),
        ("MIN_MATCH", (True, 0, "x", 2), True),
        ("ROUND", (-2.5,), -2),
        ("FLOOR", ("2.7",), 2),
        ("SQRT", (-1,), None),
        ("LOG", (0,), None),
        ("POW", (10, 400), None),
        ("PERCENTILE", ([4, 1, 3, 2], 50), 2),
        ("PERCENTILE", ([4, 1, 3, 2], 50, "interpolation"), 2.5),
        ("MEDIAN", ([3, None, 1],), 2),
        ("VARIANCE_SAMPLE", ([1, 3, 5],), 4),
        ("PRODUCT", ([],), 1),
        ("AVERAGE", ([],), None),
        ("COSINE_SIMILARITY", ([[1, 0], [0, 2]], [0, 1]), [0, 1]),
        ("L1_DISTANCE", ([1, 2], [4, 0]), 5),
        ("L2_DISTANCE", ([0, 3], [4, 0]), 5),
        ("DECAY_LINEAR", (5, 0, 10, 0, 0.5), 0.75),
        ("DECAY_EXP", ([0, 10], 0, 10, 0, 0.25), [1, 0.25]),
        ("BIT_NEGATE", (0b1010, 4), 0b0101),
        ("BIT_XOR", ([1, None, 3],), 2),
        ("BIT_TO_STRING", (6, 5), "00110"),
        ("BIT_FROM_STRING", ("0110",), 6),
        ("BIT_DECONSTRUCT", (2**31 + 1,), [0, 31]),
        ("BIT_SHIFT_LEFT", (1, 31, 32), 2**31),
        ("TO_ARRAY", ({"a": 1},), [1]),
        ("IS_KEY", ("a/b",), False),
    ],
)
def test_functions_of_data(name: str, arguments: tuple[Any, ...], value: Any) -> None:
    found = answer(name, *arguments)
    assert found == value
    assert isinstance(found, bool) is isinstance(value, bool)


def test_what_is_out_of_range_is_refused() -> None:
    assert warning("BIT_OR", [2**32]) == 1542
    assert warning("ZIP", ["a"], []) == 1542
    assert warning("RANGE", 1, 2, -1) == 1542
    assert warning("PERCENTILE", [1], 0) == 1542
    assert warning("COSINE_SIMILARITY", [1, 2], [1]) == 1542
    with pytest.raises(QueryError, match="beyond the end"):
        answer("REPLACE_NTH", [1], 5, 2)


# Dates


@given(st.integers(calendar.FIRST // calendar.DAY + 366, calendar.LAST // calendar.DAY))
def test_the_calendar_agrees_with_pythons(days: int) -> None:
    date = (EPOCH + timedelta(days=days)).date()
    time = days * calendar.DAY
    assert calendar.civil_from_days(days) == (date.year, date.month, date.day)
    assert calendar.days_from_civil(date.year, date.month, date.day) == days
    assert calendar.weekday(time) == date.isoweekday() % 7
    assert calendar.iso_week(time) == (date.isocalendar().week, date.isocalendar().year)
    assert calendar.day_of_year(time) == date.timetuple().tm_yday


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)))
def test_a_written_date_is_read_as_the_same_moment(moment: datetime) -> None:
    time = (moment - EPOCH) // timedelta(milliseconds=1)
    text = answer("DATE_ISO8601", time)
    assert answer("DATE_TIMESTAMP", text) == time
    assert datetime.fromisoformat(text) == moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("2020", True), ("2020-2", True), ("2020-02-30", True), ("2020-01-01T10:00", True), (" 2020-01-01 ", True),
        ("2020-01-01 10:00:00.5z", True), ("2020-01-01T10:00+02:00", True), ("02020-01-01", True),
        ("2020-13", False), ("2020-00", False), ("20201-01-01", False), ("2020-01-01T24:00", False), ("", False),
        ("2020-01-01T10", False), ("-2020-01-01", False), ("0000-01-01T00:00+01:00", False), ("today", False),
    ],
)  # fmt: skip
def test_what_is_a_date(text: str, valid: bool) -> None:
    assert answer("IS_DATESTRING", text) is valid


@pytest.mark.parametrize(
    ("name", "arguments", "value"),
    [
        ("DATE_ADD", ("2023-01-31", 1, "month"), "2023-03-03T00:00:00.000Z"),
        ("DATE_ADD", ("2023-01-31", "P1M1DT1.5S"), "2023-03-04T00:00:01.500Z"),
        ("DATE_ADD", ("2023-03-25T23:00Z", "P1D", "Europe/Berlin"), "2023-03-26T22:00:00.000Z"),
        ("DATE_ADD", ("2023-01-01", 1.5, "y"), "2024-07-01T00:00:00.000Z"),
        ("DATE_SUBTRACT", ("2024-02-29", 1, "year"), "2023-03-01T00:00:00.000Z"),
        ("DATE_SUBTRACT", ("2024-01-01", -36, "h"), "2024-01-02T12:00:00.000Z"),
        ("DATE_DIFF", ("2023-01-01", "2024-01-01", "months"), 12),
        ("DATE_DIFF", ("2024-01-02T12:00Z", "2024-01-01", "days"), -2),
        ("DATE_DIFF", ("2024-01-01", "2024-01-01T06:00Z", "d", True), 0.25),
        ("DATE_COMPARE", ("2020-05-01", "2021-05-01", "months", "days"), True),
        ("DATE_COMPARE", ("2020-05-01", "2021-05-01", "years"), False),
        ("DATE_TRUNC", ("2023-12-31T23:30Z", "year", "Europe/Berlin"), "2023-12-31T23:00:00.000Z"),
        ("DATE_ROUND", ("2020-01-01T00:07:29Z", 15, "minutes"), "2020-01-01T00:00:00.000Z"),
        (
            "DATE_FORMAT",
            ("2020-02-03T04:05:06.007Z", "%www %d.%mm.%yy %hh:%s,%fff %%%x%&x"),
            "Mon 3.02.20 04:6,007 %34x",
        ),
        ("DATE_ISO8601", (2020, 2, 3, 4, 5, 6, 7), "2020-02-03T04:05:06.007Z"),
        ("DATE_ISOWEEKYEAR", ("2021-01-03",), {"week": 53, "year": 2020}),
        ("DATE_LOCALTOUTC", ("2023-03-26T02:30:00", "Europe/Berlin"), "2023-03-26T01:30:00.000Z"),
        ("DATE_LOCALTOUTC", ("2023-10-29T02:30:00", "Europe/Berlin"), "2023-10-29T00:30:00.000Z"),
    ],
)
def test_functions_of_dates(name: str, arguments: tuple[Any, ...], value: Any) -> None:
    assert answer(name, *arguments) == value


def test_a_zone_tells_since_when_its_clocks_go_so() -> None:
    about = answer("DATE_UTCTOLOCAL", "2021-07-01T00:00Z", "Europe/Berlin", True)["zoneInfo"]
    assert about == {
        "name": "CEST", "dst": True, "offset": 7200,
        "begin": "2021-03-28T01:00:00.000Z", "end": "2021-10-31T01:00:00.000Z",
    }  # fmt: skip
    late = answer("DATE_UTCTOLOCAL", "2300-07-01T00:00Z", "Europe/Berlin", True)["zoneInfo"]
    assert late["begin"].startswith("2300-03-")
    always = answer("DATE_LOCALTOUTC", "2021-07-01T00:00Z", "UTC", True)["zoneInfo"]
    assert (always["begin"], always["end"]) == (None, None)


@pytest.mark.parametrize("zone", ["Nowhere/Else", "../../etc/passwd", "/etc/localtime", "", "\x00"])
def test_no_file_but_a_zone_is_read_for_a_zone(zone: str) -> None:
    assert warning("DATE_YEAR", "2020", zone) == 1572


# Places


def test_distances_are_those_of_a_sphere() -> None:
    assert answer("DISTANCE", 0, 0, 0, 180) == pytest.approx(20_015_086.8, abs=0.1)
    berlin, paris = [13.405, 52.52], {"type": "Point", "coordinates": [2.3522, 48.8566]}
    assert answer("GEO_DISTANCE", berlin, paris) == pytest.approx(877_460, abs=100)
    assert answer("GEO_IN_RANGE", berlin, paris, 0, 1_000_000) is True
    with pytest.raises(QueryError, match="ellipsoid"):
        answer("GEO_DISTANCE", berlin, paris, "wgs84")
    with pytest.raises(QueryError, match="points"):
        answer("GEO_DISTANCE", berlin, {"type": "Polygon", "coordinates": []})


def test_shapes_of_geojson() -> None:
    ring = [[0, 0], [7.5, 2.5], [0, 5], [0, 0]]
    assert answer("GEO_POLYGON", ring) == answer("GEO_POLYGON", [ring]) == {"type": "Polygon", "coordinates": [ring]}
    assert warning("GEO_POLYGON", [[0, 0], [1, 1]]) == 1542
    assert warning("GEO_MULTIPOINT", [[0, "a"], [1, 1]]) == 1542
