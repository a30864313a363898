"""What a copy is proved with."""

from __future__ import annotations

import pytest

from shotwright.model.graph import COLLECTIONS
from shotwright.model.queries import QUERIES
from shotwright.production.copying import questions

NODES = {kind: [f"{kind}/{n}" for n in range(20)] for kind in COLLECTIONS}


@pytest.mark.parametrize("name", QUERIES)
def test_every_named_query_is_asked_something_that_it_takes(name: str) -> None:
    asked = list(questions(QUERIES[name], NODES))
    assert asked
    for parameters in asked:
        assert set(parameters) <= set(QUERIES[name].bind(parameters))


def test_a_briefing_is_asked_of_every_scene() -> None:
    assert [p["scene"] for p in questions(QUERIES["scene_briefing"], NODES)] == NODES["scene"]
