"""Regular expressions as ArangoDB (ICU) writes them, read into a tree.

Understood: characters and escapes, sets with ranges, nested sets and `[:alpha:]`, `\\d \\w \\s \\h \\p{L}` and their
opposites, `. ^ $ \\A \\Z \\z \\b \\B`, groups with and without capture or name, alternatives, `* + ? {n,m}` greedy and
lazy, `\\Q…\\E`, and the flags i, m and s in front. Not understood, and a QueryError: look-around, back-references,
possessive and atomic groups, conditions, and set operations."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TypeAlias

from shotwright.errors import QueryError

LONGEST = 1000
MOST_REPEATS = 1000
_DEEPEST = 40


class InvalidPattern(Exception):
    """Not a regular expression."""


@dataclass(frozen=True, slots=True)
class Characters:
    """One character out of ranges, classes (`d`, `w`, `s`, `h`, upper case for the opposite) and other sets."""

    ranges: tuple[tuple[int, int], ...] = ()
    classes: tuple[str, ...] = ()
    properties: tuple[tuple[str, bool], ...] = ()
    """General categories, and whether it is the opposite that is meant."""
    sets: tuple[Characters, ...] = ()
    negated: bool = False

    def holds(self, character: str) -> bool:
        code = ord(character)
        found = (
            any(low <= code <= high for low, high in self.ranges)
            or any(_in_class(character, name) for name in self.classes)
            or any(unicodedata.category(character).startswith(name) is not no for name, no in self.properties)
            or any(inner.holds(character) for inner in self.sets)
        )
        return found is not self.negated


def _in_class(character: str, name: str) -> bool:
    kind = name.lower()
    if kind == "d":
        found = character.isdecimal()
    elif kind == "w":
        found = character.isalnum() or character == "_" or unicodedata.category(character)[0] == "M"
    elif kind == "s":
        found = character.isspace()
    else:
        found = character == "\t" or unicodedata.category(character) == "Zs"
    return found is (name == kind)


@dataclass(frozen=True, slots=True)
class Place:
    """A condition on where the match stands: `start`, `end`, `line start`, `line end`, `last`, `word`, `not word`."""

    kind: str


@dataclass(frozen=True, slots=True)
class Group:
    """Numbered from 1, or 0 without capture."""

    number: int
    body: Node


@dataclass(frozen=True, slots=True)
class Repeat:
    body: Node
    least: int
    most: int | None
    lazy: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    branches: tuple[Node, ...]


Node: TypeAlias = "Characters | Place | Group | Repeat | Sequence | Choice"


@dataclass(slots=True)
class Pattern:
    """The whole expression: its tree, its flags, how many groups capture, and their names."""

    root: Node
    insensitive: bool
    groups: int
    names: dict[str, int]


_LINE_ENDS = ((0x0A, 0x0D), (0x85, 0x85), (0x2028, 0x2029))
_ANY = Characters(ranges=((0, 0x10FFFF),))
_ANY_OF_LINE = Characters(ranges=_LINE_ENDS, negated=True)
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b"}
_PLACES = {"A": "start", "Z": "end", "z": "last", "b": "word", "B": "not word"}
_POSIX = {
    "alpha": Characters(properties=(("L", False),)),
    "digit": Characters(classes=("d",)),
    "alnum": Characters(classes=("d",), properties=(("L", False),)),
    "upper": Characters(properties=(("Lu", False),)),
    "lower": Characters(properties=(("Ll", False),)),
    "punct": Characters(properties=(("P", False),)),
    "space": Characters(classes=("s",)),
    "word": Characters(classes=("w",)),
    "blank": Characters(classes=("h",)),
    "xdigit": Characters(ranges=((48, 57), (65, 70), (97, 102))),
}


def read_pattern(text: str, *, insensitive: bool = False) -> Pattern:
    """The tree of a regular expression; InvalidPattern when it is none, QueryError when it is more than is done
    here."""
    if len(text) > LONGEST:
        raise QueryError(f"a regular expression of more than {LONGEST} characters", hint="use a shorter one")
    reader = _Reader(text, insensitive)
    root = reader.choice(0)
    if reader.at < len(text):
        raise InvalidPattern
    return Pattern(root, reader.insensitive, reader.groups, reader.names)


def _beyond(what: str) -> QueryError:
    return QueryError(f"regular expressions with {what} are not done here", hint="run the query on ArangoDB")


@dataclass(slots=True)
class _Reader:
    text: str
    insensitive: bool
    at: int = 0
    groups: int = 0
    lines: bool = False
    dot_all: bool = False
    names: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        while self.text.startswith("(?", self.at):
            close = self.text.find(")", self.at)
            flags = self.text[self.at + 2 : close]
            if close < 0 or not flags or not set(flags) <= set("ims"):
                return
            self.insensitive |= "i" in flags
            self.lines |= "m" in flags
            self.dot_all |= "s" in flags
            self.at = close + 1

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        character = self.peek()
        if not character:
            raise InvalidPattern
        self.at += 1
        return character

    def skip(self, token: str) -> bool:
        if self.text.startswith(token, self.at):
            self.at += len(token)
            return True
        return False

    def choice(self, depth: int) -> Node:
        if depth > _DEEPEST:
            raise InvalidPattern
        branches = [self.sequence(depth)]
        while self.skip("|"):
            branches.append(self.sequence(depth))
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def sequence(self, depth: int) -> Node:
        parts: list[Node] = []
        while self.peek() and self.peek() not in "|)":
            if self.skip("\\Q"):
                quoted, found, _ = self.text[self.at :].partition("\\E")
                parts += map(_one, quoted)
                self.at += len(quoted) + 2 * bool(found)
                continue
            parts.append(self.repeated(self.atom(depth)))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def atom(self, depth: int) -> Node:
        character = self.take()
        if character == "(":
            return self.group(depth)
        if character == "[":
            return self.set(depth)
        if character == ".":
            return _ANY if self.dot_all else _ANY_OF_LINE
        if character == "^":
            return Place("line start" if self.lines else "start")
        if character == "$":
            return Place("line end" if self.lines else "end")
        if character == "\\":
            if self.peek() in _PLACES and self.peek():
                return Place(_PLACES[self.take()])
            return self.escape()
        if character in "*+?{":
            raise InvalidPattern
        return _one(character)

    def group(self, depth: int) -> Node:
        number = 0
        if self.skip("?"):
            if self.skip("<") and self.peek() not in {"=", "!"}:
                name, close, _ = self.text[self.at :].partition(">")
                if not close or not name.isalnum() or name in self.names:
                    raise InvalidPattern
                self.at += len(name) + 1
                self.groups += 1
                number = self.names[name] = self.groups
            elif not self.skip(":"):
                raise _beyond("look-around, atomic groups, conditions or flags in the middle")
        else:
            self.groups += 1
            number = self.groups
        body = self.choice(depth + 1)
        if not self.skip(")"):
            raise InvalidPattern
        return Group(number, body)

    def repeated(self, node: Node) -> Node:
        while self.peek() and self.peek() in "*+?{":
            mark = self.take()
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(mark) or self.bounds()
            if self.peek() == "+":
                raise _beyond("possessive repeats")
            if isinstance(node, Place):
                raise InvalidPattern
            node = Repeat(node, least, most, self.skip("?"))
        return node

    def bounds(self) -> tuple[int, int | None]:
        inside, close, _ = self.text[self.at :].partition("}")
        low, comma, high = inside.partition(",")
        if not close or not _digits(low) or not (_digits(high) or not high):
            raise InvalidPattern
        self.at += len(inside) + 1
        least = int(low)
        most = least if not comma else int(high) if high else None
        if least > MOST_REPEATS or (most or 0) > MOST_REPEATS:
            raise QueryError(f"a regular expression that repeats more than {MOST_REPEATS} times", hint="use + or *")
        if most is not None and most < least:
            raise InvalidPattern
        return least, most

    def escape(self) -> Characters:
        character = self.take()
        if character in _CONTROLS:
            return _one(_CONTROLS[character])
        if character in "dDwWsShH":
            return Characters(classes=(character,))
        if character in "pP":
            return self.property(character == "P")
        if character in "xuU":
            return _one(self.code(character))
        if character == "0":
            digits = self.digits("01234567", 3)
            return _one(chr(int(digits, 8)))
        if character in "123456789k":
            raise _beyond("back-references")
        if character.isascii() and character.isalnum():
            raise InvalidPattern
        return _one(character)

    def digits(self, allowed: str, most: int) -> str:
        start = self.at
        while self.at < len(self.text) and self.at - start < most and self.text[self.at] in allowed:
            self.at += 1
        if self.at == start:
            raise InvalidPattern
        return self.text[start : self.at]

    def code(self, kind: str) -> str:
        hexadecimal = "0123456789abcdefABCDEF"
        if kind == "x" and self.skip("{"):
            number = int(self.digits(hexadecimal, 6), 16)
            if not self.skip("}"):
                raise InvalidPattern
        else:
            number = int(self.digits(hexadecimal, {"x": 2, "u": 4, "U": 8}[kind]), 16)
        if number > 0x10FFFF:
            raise InvalidPattern
        return chr(number)

    def property(self, negated: bool) -> Characters:
        if self.skip("{"):
            name, close, _ = self.text[self.at :].partition("}")
            if not close:
                raise InvalidPattern
            self.at += len(name) + 1
        else:
            name = self.take()
        if name.startswith("^"):
            negated, name = not negated, name[1:]
        if len(name) not in (1, 2) or not name[0].isupper():
            raise _beyond(f"the property {name[:20]}")
        return Characters(properties=((name, negated),))

    def set(self, depth: int) -> Characters:
        if depth > _DEEPEST:
            raise InvalidPattern
        negated = self.skip("^")
        members: list[Characters] = []
        first = True
        while not self.skip("]") or first:
            first = False
            if self.skip("[:"):
                members.append(self.posix())
            elif self.skip("["):
                members.append(self.set(depth + 1))
            elif self.text.startswith(("&&", "--"), self.at):
                raise _beyond("set operations")
            else:
                members.append(self.member())
            if self.at > len(self.text) - 1 and not self.text.endswith("]"):
                raise InvalidPattern
        return _union(members, negated)

    def posix(self) -> Characters:
        name, close, _ = self.text[self.at :].partition(":]")
        self.at += len(name) + 2
        negated = name.startswith("^")
        if not close or name.lstrip("^") not in _POSIX:
            raise InvalidPattern
        return Characters(sets=(_POSIX[name.lstrip("^")],), negated=negated)

    def member(self) -> Characters:
        """One character, an escape, or a range."""
        low = self.single()
        if self.peek() != "-" or self.text[self.at + 1 : self.at + 2] in {"]", "", "["} or not low.ranges:
            return low
        self.at += 1
        high = self.single()
        if not high.ranges or high.ranges[0][0] < low.ranges[0][0]:
            raise InvalidPattern
        return Characters(ranges=((low.ranges[0][0], high.ranges[0][0]),))

    def single(self) -> Characters:
        character = self.take()
        return self.escape() if character == "\\" else _one(character)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6


def _one(character: str) -> Characters:
    return Characters(ranges=((ord(character), ord(character)),))


def _union(members: list[Characters], negated: bool) -> Characters:
    plain = [one for one in members if not one.negated]
    return Characters(
        ranges=tuple(part for one in plain for part in one.ranges),
        classes=tuple(part for one in plain for part in one.classes),
        properties=tuple(part for one in plain for part in one.properties),
        sets=tuple(part for one in plain for part in one.sets) + tuple(one for one in members if one.negated),
        negated=negated,
    )
