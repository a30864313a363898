"""ArangoDB's error number for what the parser and the check find wrong."""

from __future__ import annotations

import re

SYNTAX = 1501

_NUMBERS = (
    (r"unknown function ", 1540),
    (r"\w+ takes .*, found ", 1541),
    (r"unknown (variable|collection)", 1203),
    (r"variable .* is assigned multiple times", 1511),
    (r"bind variable .* has no value", 1551),
    (r"bind variable .* is given but not used", 1552),
    (r"bind variable .* must be ", 1553),
    (r"collection .* is used as a value|@@\w+ stands for a collection", 1568),
    (r"'.*' (holds no edges|is a view)", 1218),
    (r"\w+ cannot follow AGGREGATE", 1574),
    (r"OPTIONS must be known", 1575),
    (r".* (after it was written|after a write)$", 1579),
    (r"collection .* is written |a write cannot stand", 1573),
    (r"the query nests deeper", 1524),
)


def number_of(message: str) -> int:
    """1501, a syntax error, unless the message tells of something that has a number of its own."""
    return next((number for pattern, number in _NUMBERS if re.match(pattern, message)), SYNTAX)
