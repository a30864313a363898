"""TOKENS: text cut into words as the built-in analyzers of ArangoSearch do it: `identity`, `text_en` and `text_de`.

A text analyzer takes words, lower case, without accents, and stemmed. Words are runs of letters, digits and marks,
joined by an apostrophe or a full stop between letters and by a full stop or comma between digits, which is the common
part of Unicode's word boundaries. The analyzers of other languages, and any that a database defines, are left to the
server."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from shotwright.aql.functions.calling import Context, Family, NoAnswer, text_of, weigh_text
from shotwright.aql.functions.stems import stem_english, stem_german
from shotwright.aql.values import Value, rank
from shotwright.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Callable

FAMILY = Family("analysis")

_WORD = re.compile(r"\w+(?:(?:(?<=[^\W\d_])['’.](?=[^\W\d_])|(?<=\d)[.,](?=\d))\w+)*")
_STEMMERS: dict[str, Callable[[str], str]] = {"text_en": stem_english, "text_de": stem_german}
_LONGEST_WORD = 200


@FAMILY.function("TOKENS", least=1, most=2)
def tokens(context: Context, value: Value, analyzer: Value = "identity") -> list[Value]:
    """The words of a text; of an array, an array for each of its texts."""
    name = text_of(analyzer)
    stem = _STEMMERS.get(name)
    if stem is None and name != "identity":
        raise QueryError(
            f"the analyzer {name[:60]} is not here", hint=f"use identity, {' or '.join(sorted(_STEMMERS))}"
        )
    return _tokens(context, value, stem)


def _tokens(context: Context, value: Value, stem: Callable[[str], str] | None) -> list[Value]:
    if rank(value) == 4:
        context.budget(len(value))
        return [_tokens(context, item, stem) for item in value]
    if value is None:
        return []
    if rank(value) != 3:
        raise NoAnswer
    if stem is None:
        return [value]
    weigh_text(context, 8 * len(value))
    return [stem(word) if len(word) <= _LONGEST_WORD else word for word in _WORD.findall(_without_accents(value))]


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.lower())
    return unicodedata.normalize("NFC", "".join(one for one in apart if unicodedata.category(one) != "Mn"))
