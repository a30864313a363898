"""Places on the globe, which is a sphere of 6371 km here as on the server, and GeoJSON made of them.

Only points have distances here; the functions that ask of areas are left to the server.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from shotwright.aql.functions.calling import Context, Family, NoAnswer, array_of, number_of, text_of
from shotwright.aql.values import Number, Value, rank, whole
from shotwright.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Callable

FAMILY = Family("geography")

EARTH_RADIUS = 6_371_000.0
"""Metres."""


def _arc(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Metres along the great circle, by the haversine formula; degrees in."""
    one, other = math.radians(latitude), math.radians(other_latitude)
    north, east = math.radians(other_latitude - latitude), math.radians(other_longitude - longitude)
    half = math.sin(north / 2) ** 2 + math.cos(one) * math.cos(other) * math.sin(east / 2) ** 2
    return EARTH_RADIUS * 2 * math.atan2(math.sqrt(half), math.sqrt(max(0.0, 1 - half)))


@FAMILY.function("DISTANCE", least=4)
def distance(context: Context, *coordinates: Value) -> Number | None:
    """Metres between two places, each as latitude and longitude."""
    latitude, longitude, other_latitude, other_longitude = (float(number_of(one)) for one in coordinates)
    return whole(_arc(latitude, longitude, other_latitude, other_longitude))


def _point(value: Value) -> tuple[float, float]:
    """Latitude and longitude of a GeoJSON point or of [longitude, latitude]."""
    if rank(value) == 5:
        if value.get("type") != "Point":
            raise QueryError("distances of anything but points are not done here", hint="run the query on ArangoDB")
        value = value.get("coordinates")
    coordinates = array_of(value, 1542)
    if len(coordinates) < 2:
        raise NoAnswer
    longitude, latitude = (float(number_of(one)) for one in coordinates[:2])
    return latitude, longitude


def _only_sphere(ellipsoid: Value = None) -> None:
    if ellipsoid is not None and text_of(ellipsoid) != "sphere":
        raise QueryError("distances on an ellipsoid are not done here", hint='leave it out, or write "sphere"')


@FAMILY.function("GEO_DISTANCE", least=2, most=3)
def geo_distance(context: Context, one: Value, other: Value, ellipsoid: Value = "sphere") -> Number | None:
    """Metres between two points, on the sphere."""
    _only_sphere(ellipsoid)
    return whole(_arc(*_point(one), *_point(other)))


@FAMILY.function("GEO_IN_RANGE", least=4, most=7)
def geo_in_range(context: Context, one: Value, other: Value, low: Value, high: Value, *rest: Value) -> bool:
    """Whether the distance lies between two bounds; then whether each is included, and the ellipsoid."""
    least, most = number_of(low), number_of(high)
    with_low, with_high = (*rest[:2], True, True)[:2]
    if rank(with_low) != 1 or rank(with_high) != 1:
        raise NoAnswer
    _only_sphere(*rest[2:])
    far = _arc(*_point(one), *_point(other))
    return (far > least or (with_low and far == least)) and (far < most or (with_high and far == most))


# GeoJSON


def _position(value: Value) -> list[Any]:
    coordinates = array_of(value, 1542)
    if len(coordinates) < 2:
        raise NoAnswer
    return [number_of(one) for one in coordinates]


def _some(make: Callable[[Value], Any], value: Value, least: int) -> list[Any]:
    items = array_of(value)
    if len(items) < least:
        raise NoAnswer
    return [make(item) for item in items]


def _line(value: Value) -> list[Any]:
    return _some(_position, value, 2)


def _ring(value: Value) -> list[Any]:
    return _some(_position, value, 3)


def _polygon(value: Value) -> list[Any]:
    """One ring, or the outer ring and its holes."""
    items = array_of(value)
    if items and rank(items[0]) == 4 and items[0] and rank(items[0][0]) == 4:
        return _some(_ring, value, 1)
    return [_ring(value)]


def _polygons(value: Value) -> list[Any]:
    return _some(_polygon, value, 2)


def _shape(context: Context, kind: str, coordinates: list[Any]) -> dict[str, Value]:
    context.budget(3 * len(coordinates))
    return {"type": kind, "coordinates": coordinates}


@FAMILY.function("GEO_POINT", least=2)
def geo_point(context: Context, longitude: Value, latitude: Value) -> Value:
    return _shape(context, "Point", [number_of(longitude), number_of(latitude)])


@FAMILY.function("GEO_MULTIPOINT", least=1)
def geo_multipoint(context: Context, points: Value) -> Value:
    return _shape(context, "MultiPoint", _some(_position, points, 2))


@FAMILY.function("GEO_LINESTRING", least=1)
def geo_linestring(context: Context, points: Value) -> Value:
    return _shape(context, "LineString", _line(points))


@FAMILY.function("GEO_MULTILINESTRING", least=1)
def geo_multilinestring(context: Context, lines: Value) -> Value:
    return _shape(context, "MultiLineString", _some(_line, lines, 1))


@FAMILY.function("GEO_POLYGON", least=1)
def geo_polygon(context: Context, points: Value) -> Value:
    return _shape(context, "Polygon", _polygon(points))


@FAMILY.function("GEO_MULTIPOLYGON", least=1)
def geo_multipolygon(context: Context, polygons: Value) -> Value:
    return _shape(context, "MultiPolygon", _polygons(polygons))
