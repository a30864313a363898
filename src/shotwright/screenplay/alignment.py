"""Two drafts laid side by side: which scene, and which line of it, of the new draft is which of the old one.

Text is compared whole only by its key; similar text is found through the words that two pieces share, so that a feature
is aligned in a fraction of a second even when every scene has changed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from shotwright.model.ids import digest

if TYPE_CHECKING:
    from collections.abc import Sequence

SCENE_LIKENESS = 0.5
"""Share of words that two scenes must have in common to be the same scene under another heading."""
SCENE_LIKENESS_UNDER_HEADING = 0.25
"""The same under an equal heading."""
LINE_LIKENESS = 0.6
"""Share of words that two lines must have in common to be the same line, reworded."""
STRAY_WORDS = 3
"""A line of fewer words is too common to be followed into another scene."""

_WORD = re.compile(r"\w+")


class Line(NamedTuple):
    """What a unit is compared by."""

    kind: str
    cue: str
    text: str


class Block:
    """What a scene is compared by."""

    def __init__(self, heading: str, number: str, lines: tuple[Line, ...]) -> None:
        self.heading = " ".join(heading.upper().split())
        self.number = number
        self.lines = lines

    @cached_property
    def fingerprint(self) -> str:
        """A digest of heading and lines: equal for equal scenes."""
        return digest(self.heading, *(part for line in self.lines for part in line), length=20)

    @cached_property
    def words(self) -> Counter[str]:
        """How often each word occurs in the lines."""
        return Counter(word for line in self.lines for word in _words(line.text))

    @cached_property
    def size(self) -> int:
        """How many words the lines have."""
        return self.words.total()


def _words(text: str) -> list[str]:
    """Words of a text, lower case; single characters where a script has no spaces between words."""
    found = _WORD.findall(text.lower())
    if len(found) <= 2 and len(text) > 12 and not text.isascii():
        return [char for word in found for char in word]
    return found


def _likeness(one: Counter[str], two: Counter[str], total: int) -> float:
    """Dice coefficient of two bags of words: 1 for equal ones, 0 for none in common."""
    if total == 0:
        return 0.0
    few, many = (one, two) if len(one) <= len(two) else (two, one)
    return 2 * sum(min(count, many[word]) for word, count in few.items() if word in many) / total


def _matching(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Equal keys in order, then equal keys that have moved, first to first.

    What is equal at both ends is matched first, so that one edit among repeated lines (`A beat.`) shifts none of them;
    between the ends the longest runs win.
    """
    pairs: dict[int, int] = {}
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    tail = next((i for i in range(shorter - head) if old[-1 - i] != new[-1 - i]), shorter - head)
    pairs.update((i, i) for i in range(head))
    pairs.update((len(old) - 1 - i, len(new) - 1 - i) for i in range(tail))
    middle = SequenceMatcher(None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=False)
    for block in middle.get_matching_blocks():
        for step in range(block.size):
            pairs[head + block.a + step] = head + block.b + step
    taken = set(pairs.values())
    free: dict[str, list[int]] = defaultdict(list)
    for k in reversed(range(len(new))):
        if k not in taken:
            free[new[k]].append(k)
    for i, key in enumerate(old):
        if i not in pairs and free.get(key):
            pairs[i] = free[key].pop()
    return pairs


def align_blocks(old: Sequence[Block], new: Sequence[Block]) -> dict[int, int]:
    """Old scene index -> new scene index.

    First equal scenes, moved ones too; then the likeliest pairs of the rest, where sharing words counts most and an
    equal heading, number or place between the same neighbours helps, so that a scene rewritten whole under an unchanged
    heading between the same neighbours is still the same one.
    """
    pairs = _matching([block.fingerprint for block in old], [block.fingerprint for block in new])
    taken = set(pairs.values())
    olds = [i for i in range(len(old)) if i not in pairs]
    news = [k for k in range(len(new)) if k not in taken]
    if not olds or not news:
        return pairs
    for i, k in _likely(old, olds, new, news, pairs):
        if i not in pairs and k not in taken:
            pairs[i] = k
            taken.add(k)
    return pairs


def _likely(
    old: Sequence[Block], olds: list[int], new: Sequence[Block], news: list[int], pairs: dict[int, int]
) -> list[tuple[int, int]]:
    """Pairs of changed scenes that may be the same one, best first."""
    before = _gaps(len(old), pairs)
    back = {k: i for i, k in pairs.items()}
    gap_of_new = _gaps(len(new), back)
    places: dict[str, list[int]] = defaultdict(list)
    for i in olds:
        for word in old[i].words:
            places[word].append(i)
    common = max(8, len(olds) // 8)
    ranked: list[tuple[float, int, int, int]] = []
    for k in news:
        block = new[k]
        shared: Counter[int] = Counter()
        for word in block.words:
            held = places.get(word, ())
            if len(held) <= common:
                shared.update(held)
        candidates = {i for i, _ in shared.most_common(6)}
        candidates.update(i for i in olds if old[i].heading == block.heading)
        gap = gap_of_new[k]
        beside = {i for i in olds if pairs.get(before[i], -1) == gap} if len(olds) <= 400 else set()
        for i in sorted(candidates | (beside if len(beside) <= 12 else set())):
            likeness = _likeness(old[i].words, block.words, old[i].size + block.size)
            same_heading = old[i].heading == block.heading
            near = i in beside
            floor = SCENE_LIKENESS_UNDER_HEADING if same_heading else SCENE_LIKENESS
            if likeness < floor and not (near and (same_heading or (not old[i].lines and not block.lines))):
                continue
            same_number = bool(block.number) and old[i].number == block.number
            score = likeness + 0.3 * same_heading + 0.2 * near + 0.2 * same_number
            ranked.append((-round(score, 6), abs(i - k), i, k))
    ranked.sort()
    return [(i, k) for _, _, i, k in ranked]


def _gaps(count: int, pairs: dict[int, int]) -> list[int]:
    """For each index the nearest matched one before it, or -1."""
    out, last = [], -1
    for i in range(count):
        out.append(last)
        if i in pairs:
            last = i
    return out


def align_lines(old: Sequence[Line], new: Sequence[Line]) -> dict[int, int]:
    """Old line index -> new line index within one scene.

    Equal lines first, then equal text under another cue or with other punctuation, then similar text.
    """
    pairs = _matching(["\x00".join(line) for line in old], ["\x00".join(line) for line in new])
    taken = set(pairs.values())
    olds = [i for i in range(len(old)) if i not in pairs]
    news = [k for k in range(len(new)) if k not in taken]
    if not olds or not news:
        return pairs
    for a, b in _matching([_text_key(old[i]) for i in olds], [_text_key(new[k]) for k in news]).items():
        pairs[olds[a]] = news[b]
        taken.add(news[b])
    olds = [i for i in olds if i not in pairs]
    bags = {i: Counter(_words(old[i].text)) for i in olds}
    ranked: list[tuple[float, int, int, int]] = []
    for k in news:
        if k in taken:
            continue
        bag = Counter(_words(new[k].text))
        for i in olds:
            if old[i].kind != new[k].kind:
                continue
            likeness = _likeness(bags[i], bag, bags[i].total() + bag.total())
            if likeness >= LINE_LIKENESS:
                ranked.append((-round(likeness, 6), abs(i - k), i, k))
    for _, _, i, k in sorted(ranked):
        if i not in pairs and k not in taken:
            pairs[i] = k
            taken.add(k)
    return pairs


def _text_key(line: Line) -> str:
    return line.kind + "\x00" + " ".join(_words(line.text))


def carry_strays(
    old: Sequence[Block], loose: list[tuple[int, int]], new: Sequence[Block], wanting: list[tuple[int, int]]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Lines that went to another scene, as when a scene is cut in two: (old scene, line) -> (new scene, line).

    Only equal lines of three words or more are followed.
    """
    if not loose or not wanting:
        return {}
    homes: dict[Line, list[tuple[int, int]]] = defaultdict(list)
    for i, a in reversed(loose):
        homes[old[i].lines[a]].append((i, a))
    out: dict[tuple[int, int], tuple[int, int]] = {}
    for k, b in wanting:
        line = new[k].lines[b]
        if homes.get(line) and len(_words(line.text)) >= STRAY_WORDS:
            out[homes[line].pop()] = (k, b)
    return out
