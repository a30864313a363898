"""Bodies that are nearly replies: whatever a service sends, what comes of it is a reply or an error of ours."""

from __future__ import annotations

import asyncio
import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.standin.language_model.faults import garbage
from tests.standin.language_model.shapes import Said, write_reply
from tests.unit.language_model.conftest import Rig, question

from shotwright.adapters.language_model import open_model
from shotwright.errors import LanguageModelError
from shotwright.model.language import MAX_REPLY_CHARS, ModelReply

if TYPE_CHECKING:
    from collections.abc import Iterator

ODD: tuple[Any, ...] = (None, "", -7, 1e300, [], {}, [None], {"type": "x"}, "\ud83d", True)
_GONE = object()


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, value in inner:
        yield from places(value, (*path, name))


def changed(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return None if value is _GONE else value
    whole = copy.deepcopy(body)
    at = whole
    for name in path[:-1]:
        at = at[name]
    if value is _GONE:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return whole


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_an_odd_reply_is_a_reply_or_an_error_of_ours(rig: Rig) -> None:
    rig.ask()
    body = write_reply(rig.standin.asked[-1], Said('{"purpose": "He looks."}', cached_tokens=3), 1)
    bodies = [changed(body, path, value) for path in places(body) for value in (_GONE, *ODD)]
    # Every third of them, others for each kind of service: all are some thousand.
    bodies = bodies[len(rig.settings.model) % 3 :: 3]

    async def each() -> list[ModelReply | LanguageModelError]:
        from dataclasses import replace

        model = open_model(replace(rig.settings, tries=1, timeout_seconds=30))
        came: list[ModelReply | LanguageModelError] = []
        for odd in bodies:
            rig.standin.order(garbage(json.dumps(odd).encode()))
            try:
                came.append(await model.ask(question()))
            except LanguageModelError as error:
                came.append(error)
        await model.close()
        return came

    came = asyncio.run(each())
    replies = [r for r in came if isinstance(r, ModelReply)]
    errors = [e for e in came if isinstance(e, LanguageModelError)]
    assert len(came) == len(bodies) > 40
    assert replies
    assert errors
    for reply in replies:
        assert len(reply.text) <= MAX_REPLY_CHARS
        assert reply.input_tokens >= 0
        assert reply.output_tokens >= 0
        assert ModelReply.model_validate_json(reply.model_dump_json()) == reply
        assert reply.cost_usd is None or reply.cost_usd >= 0
    for error in errors:
        assert "\n" not in error.message
        assert len(error.message) < 500
