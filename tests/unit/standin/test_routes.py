"""The stand-in has no route that the documented API lacks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import tests.standin.api  # noqa: F401 - registers the routes
from tests.standin.api.routing import ROUTES

if TYPE_CHECKING:
    from collections.abc import Callable

ANSWERED_ALTHOUGH_NOT_DOCUMENTED = {"PUT /_api/cursor"}
"""Recorded: a server tells that the id is missing."""


def test_every_route_is_documented(shared_arango: Callable[[str], Any]) -> None:
    documented = {
        f"{method.upper()} {_shape(path)}"
        for path, methods in shared_arango("arango312-openapi-paths.json").items()
        for method in methods
    }
    own = {f"{route.method} {route.shape}" for route in ROUTES}
    assert own - documented == ANSWERED_ALTHOUGH_NOT_DOCUMENTED


def _shape(path: str) -> str:
    path = path.replace("{index-id}", "{collection}/{number}")  # the id of an index has a slash in it
    return re.sub(r"\{[^}]+\}", "{}", re.sub(r"^/_db/(_system|\{[^}]+\})", "", path))
