"""Scene headings and transitions: which lines are one."""

from __future__ import annotations

import re

from shotwright.screenplay.cues import in_capitals
from shotwright.screenplay.lexicon import lexicon
from shotwright.screenplay.markup import plain

_HASHED = re.compile(r"\s*#\s*([^#\s][^#\n]{0,30}?)\s*#\s*$")
_NUMBERED = re.compile(r"^([A-Z]{0,3}\d+[A-Z]{0,3}(?:[.\-/]\d*[A-Z]{0,2})?)[.):]?\s+(?=\S)")
_FAR_NUMBER = re.compile(r"(?:\t\s*|\s{3,})([A-Z]{0,3}\d+[A-Z]{0,3})\.?$")
_REVISED = re.compile(r"\s+\*{1,3}$")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]|（[^）]*）")
_FORCED = re.compile(r"^\.(?![.\s])")
_SCENE_NUMBERS = r"[A-Z]{0,2}\d+[A-Z]{0,2}"
_OMITTED = re.compile(
    rf"^(?:({_SCENE_NUMBERS}(?:\s*(?:-|–|&|,|THRU|THROUGH|TO)\s*{_SCENE_NUMBERS})*)[.)]?\s+)?[(\[]?([^\d()\[\]]+?)[)\]]?[.]?(?:\s+[\w-]*\d[\w-]*)?$"
)
_BARE = " .:。：．\t"


def omitted(text: str) -> bool:
    """True of a heading whose scene was taken out: `OMITTED`, `12 OMITTED 12`, `INT. BAR (OMITTED)`."""
    match = _OMITTED.match(text.strip())
    if match and match.group(2).strip() in lexicon().omitted:
        return True
    head = lexicon().heading.match(text)
    rest = text[head.end() :] if head else ""
    return rest.strip(" ()[].-") in lexicon().omitted or any(
        group.strip("()[]（） ").upper() in lexicon().omitted for group in _BRACKETS.findall(text)
    )


def numbered(line: str) -> tuple[str, str | None]:
    """A heading's text and its written scene number: `#12A#` behind it, or `12` before it or at both ends."""
    text = _REVISED.sub("", plain(line.strip()))
    if (hashed := _HASHED.search(text)) is not None and hashed.start() > 0:
        return text[: hashed.start()].rstrip(), hashed.group(1)
    if (lead := _NUMBERED.match(text)) is not None:
        rest = text[lead.end() :]
        if lexicon().heading.match(rest) or rest.strip(_BARE).split(" ")[0] in lexicon().omitted:
            number = lead.group(1).rstrip(".-/")
            tail = re.search(rf"\s+{re.escape(number)}\.?$", rest)
            return (rest[: tail.start()] if tail else rest).rstrip(), number
    if (far := _FAR_NUMBER.search(text)) is not None:
        return text[: far.start()].rstrip(), far.group(1)
    return text, None


def forced_heading(line: str) -> bool:
    """True of `.SNIPER SCOPE POV`; not of an ellipsis, nor of `.45 calibre`."""
    return _FORCED.match(line) is not None and not re.match(r"\.\d+\s*[a-z-]", line) and any(c.isalnum() for c in line)


def _timed(rest: str) -> bool:
    last = re.split(r"\s[-–—]\s", rest)[-1].upper().split()
    return bool(last) and last[-1].strip(_BARE + "()[]") in lexicon().time_core


def is_heading(line: str, *, after_blank: bool) -> bool:
    """Whether a line is a scene heading by its opening words.

    With a blank line before, capitals are not needed where a stop follows `int` or `ext`, or a time ends the line;
    without one, only a line in capitals with a stop counts.
    """
    if len(line) > 600:
        return False
    text, _ = numbered(line)
    if omitted(text):
        return after_blank and in_capitals(text)
    head = lexicon().heading.match(text)
    if head is None:
        return False
    rest = text[head.end() :].strip()
    if not any(char.isalnum() for char in rest):
        return False
    if head.group("mark"):
        return after_blank
    opening, stop = (head.group("both") or head.group("word")), head.group("stop").strip()
    capital = opening == opening.upper()
    if not after_blank:
        return capital and stop in {".", "。", "．"} and in_capitals(_BRACKETS.sub("", rest))
    if opening.upper() == "EST":
        return capital and stop != "" and any(char.isalpha() for char in rest)
    if stop in {".", "。", "．"}:
        return capital or bool(head.group("both")) or opening.upper() in {"INT", "EXT"} or _timed(rest)
    if stop in {":", "："}:
        return capital
    known = bool(head.group("both")) or opening.upper() in {"INT", "EXT"} or opening.upper() == opening.lower()
    return (capital and known) or (_timed(rest) and len(re.split(r"\s[-–—]\s", rest)) > 1)


def is_transition(line: str) -> bool:
    """Whether a line says how one shot gives way to the next: `CUT TO:`, `FADE OUT.`, `**FADE IN:**`, `Fade in:`."""
    if len(line) > 60:
        return False
    words = lexicon()
    text = plain(line.strip())
    bare = text.rstrip(_BARE)
    upper = bare.upper()
    if in_capitals(text):
        if upper in words.transitions:
            return True
        if upper.endswith(" TO") and len(upper) > 3:
            return text.endswith((":", "：")) or upper.split()[0] in words.transition_leads
        return False
    if text[-1:] in {":", "："}:
        return upper in words.transitions or (upper.endswith(" TO") and upper.split()[0] in words.transition_leads)
    return text[-1:] == "." and " " in upper and upper in words.transitions


def abrupt_transition(line: str) -> bool:
    """A transition so plain that it needs no blank line before it: a known opening, capitals and a colon."""
    text = plain(line.strip())
    return (
        text.endswith((":", "："))
        and in_capitals(text)
        and is_transition(line)
        and (text.split()[0] in lexicon().transition_leads or text.rstrip(_BARE) in lexicon().transitions)
    )
