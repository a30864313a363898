"""What a node says in words: the part of its data that search looks at, folded the same way for every technology."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.graph import Node

SPOKEN_FIELDS = frozenset(
    {
        "action_description",
        "aliases",
        "character_performance",
        "clothes",
        "condition",
        "cues",
        "description",
        "goal",
        "name",
        "personality",
        "question",
        "raw",
        "shot_purpose",
        "subtext",
        "summary",
        "synopsis",
        "text",
        "title",
        "what",
    }
)
"""Fields of a node's data that hold words for people; ids, kinds and numbers are not searched."""

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")

_MARKS = {code: " " for code in range(128) if not chr(code).isalnum()}
"""What ends a word in plain ASCII text, which most is: this is five times as fast as the pattern."""

_TYPOGRAPHY = "“”—–…"
"""What is not plain ASCII in most scripts, and ends a word too."""


def words_of(text: str) -> list[str]:
    """The words of a text, case and accents folded. Scripts that write no spaces are taken character by character."""
    folded = text.casefold().replace("’", "").replace("'", "")
    if not folded.isascii():
        for mark in _TYPOGRAPHY:
            folded = folded.replace(mark, " ")
    if folded.isascii():
        return folded.translate(_MARKS).split()
    return _WORD.findall("".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c)))


def searchable(data: dict[str, Any]) -> str:
    """All words of a node's data, folded, with a space before and after each; fields come in order of their names."""
    texts: list[str] = []
    _collect(data, texts)
    return f" {' '.join(words_of(' '.join(texts)))} "


def _collect(data: dict[str, Any], texts: list[str]) -> None:
    for field, value in sorted(data.items()):
        if isinstance(value, str):
            if field in SPOKEN_FIELDS:
                texts.append(value)
        elif isinstance(value, dict):
            if field != "evidence":
                _collect(value, texts)
        elif isinstance(value, (list, tuple)):
            for item in value:
                if isinstance(item, dict):
                    _collect(item, texts)
                elif isinstance(item, str) and field in SPOKEN_FIELDS:
                    texts.append(item)


def rank(node: Node, words: str, wanted: Sequence[str]) -> tuple[bool, int, str, int, str]:
    """Where a node that holds all the wanted words stands among such, least first, in every technology.

    `words` are those of the node as `searchable` gives them. First what is named so, then by how often the words occur,
    then in the order that neighbours have.
    """
    name = words_of(str(node.data.get("name") or node.data.get("title") or ""))
    times = sum(words.count(f" {word} ") for word in wanted)
    return not all(word in name for word in wanted), -times, node.kind, node.order, node.id
