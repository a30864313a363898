"""How well an asset's names fit a need's: the Art Director's judgement of one pair, and the index that keeps it quick.

A score is 0-1. At `FOUND` and above the asset is taken; between `NEAR` and `FOUND` it is only named as a near miss.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from shotwright.crew.art_director.lexicon import lexicon

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shotwright.model.asset import Asset
    from shotwright.model.vocabulary import AssetKind

FOUND = 0.7
NEAR = 0.35
_TIE = 0.04
_WORD = re.compile(r"[^\W_]+")
_KEY_PARTS = re.compile(r"^(?:char|loc|obj|veh|anim|cloth|bg|mkup|fx)_|_v\d+$")
_VERSION = re.compile(r"_v(\d+)$")

Tokens = tuple[str, ...]


@lru_cache(maxsize=65536)
def tokens(text: str) -> Tokens:
    """A name as bare words: no accents, articles, possessives or plural s. `Salter's Vans` -> `salter van`."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("’s ", " ").replace("'s ", " "))
    folded = re.sub(r"['’]s?(?!\w)", "", folded).replace("'", "").replace("’", "")
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    words = _WORD.findall(unicodedata.normalize("NFC", plain))
    articles = lexicon().articles
    return tuple(_singular(word) for word in words if word not in articles) or tuple(words)


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that the story needs, in the terms that a match is judged by."""

    kind: AssetKind
    names: tuple[str, ...]
    """The best name first, then aliases and cues."""
    parent: str = ""
    """Of a set within a set: the outer one's name."""
    owner: tuple[str, ...] = ()
    """Names of whom it belongs to."""
    context: frozenset[str] = frozenset()
    """Words around it in the script."""
    side: str = ""
    """`int` or `ext`, of a place that is needed on one side only."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An asset with its names as words."""

    asset: Asset
    order: int
    own: tuple[tuple[Tokens, str], ...]
    """Every name, with the name as written."""
    context: frozenset[str]
    owner: Tokens
    sides: frozenset[str]


@dataclass(frozen=True, slots=True)
class Match:
    """The outcome for a need: the asset or none, with what to say of it."""

    asset: Asset | None
    score: float
    because: str


class Shelf:
    """Assets of every kind, indexed by the words of their names."""

    def __init__(self, assets: Sequence[Asset]) -> None:
        self._by_word: dict[tuple[str, str], list[Candidate]] = {}
        self.candidates: list[Candidate] = []
        for order, asset in enumerate(assets):
            candidate = _candidate(asset, order)
            self.candidates.append(candidate)
            for word in sorted({word for name, _ in candidate.own for word in name}):
                self._by_word.setdefault((asset.kind, word), []).append(candidate)

    def near(self, kind: str, names: Iterable[Tokens]) -> list[Candidate]:
        """Candidates of a kind that share a word with any of the names, in library order."""
        found: dict[int, Candidate] = {}
        for name in names:
            for word in name:
                for candidate in self._by_word.get((kind, word), ()):
                    found[candidate.order] = candidate
        return [found[order] for order in sorted(found)]


def _candidate(asset: Asset, order: int) -> Candidate:
    written = (asset.name, *asset.aliases, _KEY_PARTS.sub("", _KEY_PARTS.sub("", asset.key)).replace("_", " "))
    words = lexicon()
    own: dict[Tokens, str] = {}
    sides: set[str] = set()
    marks = {word for name in (asset.name, asset.key.replace("_", " "), *asset.tags) for word in tokens(name)}
    if asset.kind == "location":
        sides = ({"int"} if marks & words.inside else set()) | (
            {"ext"} if marks & {"exterior", "ext", "outdoor"} else set()
        )
    for name in written:
        name_tokens = tokens(name)
        if asset.kind == "location":
            name_tokens = tuple(word for word in name_tokens if word not in words.place_fillers) or name_tokens
        if name_tokens:
            own.setdefault(name_tokens, name)
    context = frozenset(
        word
        for text in (asset.description, *asset.tags)
        for word in tokens(text)
        if word not in words.weak and len(word) > 2
    )
    return Candidate(
        asset,
        order,
        tuple(own.items()),
        context,
        tokens(asset.belongs_to) if asset.belongs_to else (),
        frozenset(sides),
    )


def find(need: Need, shelf: Shelf, kinds: tuple[AssetKind, ...] = ()) -> Match:
    """The asset that meets a need, or none with the near miss named."""
    names = [(tokens(name), name) for name in need.names if name]
    search = [name for name, _ in names] + ([tokens(need.parent)] if need.parent else [])
    ranked: list[tuple[float, int, Candidate, str]] = []
    for rank, kind in enumerate(kinds or (need.kind,)):
        for candidate in shelf.near(kind, search):
            score, why = _score(need, names, candidate)
            if score > 0:
                ranked.append((score - 0.02 * rank, candidate.order, candidate, why))
    if not shelf.candidates:
        return Match(None, 0.0, "there is no library yet")
    if not ranked:
        return Match(None, 0.0, "nothing in the library bears its name")
    ranked.sort(key=lambda entry: (-entry[0], entry[1]))
    best, _, first, why = ranked[0]
    if best < FOUND:
        if best >= NEAR:
            return Match(
                None, round(best, 2), f"nearest is {first.asset.key} ({first.asset.name}), too unlike to be used: {why}"
            )
        return Match(None, 0.0, "nothing in the library bears its name")
    level = [entry for entry in ranked if best - entry[0] <= _TIE]
    if len(level) == 1:
        return Match(first.asset, round(best, 2), why)
    return _settle(need, level)


def rank(need: Need, shelf: Shelf, kinds: tuple[AssetKind, ...] = ()) -> list[tuple[float, Candidate, str]]:
    """Every asset of the kinds that shares a word with the need: (score, asset, why), the best first."""
    names = [(tokens(name), name) for name in need.names if name]
    search = [name for name, _ in names] + ([tokens(need.parent)] if need.parent else [])
    ranked: list[tuple[float, Candidate, str]] = []
    for place, kind in enumerate(kinds or (need.kind,)):
        for candidate in shelf.near(kind, search):
            score, why = _score(need, names, candidate)
            if score > 0:
                ranked.append((round(score - 0.02 * place, 4), candidate, why))
    ranked.sort(key=lambda entry: (-entry[0], entry[1].order))
    return ranked


def _settle(need: Need, level: list[tuple[float, int, Candidate, str]]) -> Match:
    """Several fit equally: the newest version of one asset, else the one that the context speaks for, else none."""
    stems = {_VERSION.sub("", entry[2].asset.key) for entry in level}
    if len(stems) == 1:
        newest = max(level, key=lambda entry: (_version(entry[2].asset.key), -entry[1]))
        return Match(newest[2].asset, round(newest[0], 2), f"{newest[3]}; the newest of {len(level)} versions")
    by_context = sorted(
        ((len(need.context & entry[2].context), -entry[1], entry) for entry in level),
        key=lambda row: (-row[0], -row[1]),
    )
    top, second = by_context[0], by_context[1]
    keys = ", ".join(entry[2].asset.key for entry in level if entry is not top[2])
    if top[0] > second[0]:
        shared = sorted(need.context & top[2][2].context)[:4]
        return Match(
            top[2][2].asset,
            round(top[2][0] - 0.05, 2),
            f"{top[2][3]}; {keys} fit as well, the context decides: {', '.join(shared)}",
        )
    exact = [entry for entry in level if entry[0] >= 0.95]
    if exact and len({entry[2].asset.library for entry in level}) > 1:
        return Match(
            level[0][2].asset,
            round(level[0][0] - 0.1, 2),
            f"{level[0][3]}; {keys} fit as well, the earlier library decides",
        )
    both = f"{level[0][2].asset.key} and {level[1][2].asset.key}"
    return Match(None, round(level[0][0] / 2, 2), f"{both} fit equally well; a person must choose")


def _version(key: str) -> int:
    found = _VERSION.search(key)
    return int(found[1]) if found else 0


def _score(need: Need, names: list[tuple[Tokens, str]], candidate: Candidate) -> tuple[float, str]:
    if need.side and candidate.sides and need.side not in candidate.sides:
        return 0.0, ""
    best, why = 0.0, ""
    for rank, (name, written) in enumerate(names):
        for place, (own, own_written) in enumerate(candidate.own):
            score, how = _compare(need, name, own, candidate)
            if score <= 0:
                continue
            score -= 0.02 * min(rank, 2) + (0.01 if place else 0.0)
            if score > best:
                label = "by name" if place == 0 else f"by alias {own_written!r}"
                best, why = score, f"{label}: {written!r} {how}"
    if best <= 0:
        return 0.0, ""
    if candidate.owner and need.owner:
        owned = any(set(candidate.owner) & set(tokens(name)) for name in need.owner)
        best += 0.1 if owned else -0.4
        why += f"; belongs to {candidate.asset.belongs_to}" if owned else f"; but it is {candidate.asset.belongs_to}'s"
    elif candidate.owner and need.kind == "clothes":
        best -= 0.1
    return min(best, 1.0), why


def _compare(need: Need, name: Tokens, own: Tokens, candidate: Candidate) -> tuple[float, str]:
    """How well two names agree, and in which words; ages and gendered titles must not contradict."""
    if name == own:
        if need.parent and not _parent_allows(need, own, candidate):
            return 0.0, ""
        return 1.0, "is its name"
    if need.kind == "character":
        return _compare_people(name, own)
    if need.kind == "location":
        return _compare_places(need, name, own, candidate)
    return _compare_things(name, own, need, candidate)


def _compare_people(name: Tokens, own: Tokens) -> tuple[float, str]:
    words = lexicon()
    a, b = set(name), set(own)
    if a & words.ages != b & words.ages:
        return 0.0, ""
    if {w for w in a if w.isdigit()} != {w for w in b if w.isdigit()}:
        return 0.0, ""
    if (a & words.male_titles and b & words.female_titles) or (b & words.male_titles and a & words.female_titles):
        return 0.0, ""
    bare_a, bare_b = a - words.titles - words.ages, b - words.titles - words.ages
    if not bare_a or not bare_b:
        return 0.0, ""
    if bare_a == bare_b:
        return 0.92, "but for a title"
    if bare_a < bare_b or bare_b < bare_a:
        small, large = (name, own) if bare_a < bare_b else (own, name)
        small_bare = [word for word in small if word in bare_a & bare_b]
        large_bare = [word for word in large if word in (bare_a | bare_b)]
        if small_bare and large_bare and small_bare[0] == large_bare[0]:
            return 0.85, "shares the first name"
        return 0.55, "shares only a surname"
    if bare_a & bare_b:
        return 0.4, "shares part of the name"
    return 0.0, ""


def _parent_allows(need: Need, own: Tokens, candidate: Candidate) -> bool:
    """A kitchen of one house is not another's: the asset's fuller names must not name a different outer place."""
    parent = set(tokens(need.parent)) - lexicon().place_fillers
    fuller = [set(name) - set(own) for name, _ in candidate.own if set(own) < set(name)]
    if not fuller:
        return True
    generic = lexicon().place_generic
    return any(rest <= parent or (rest & parent) - generic for rest in fuller)


def _compare_places(need: Need, name: Tokens, own: Tokens, candidate: Candidate) -> tuple[float, str]:
    fillers = lexicon().place_fillers
    a = set(name) - fillers
    b = set(own) - fillers
    parent = set(tokens(need.parent)) - fillers if need.parent else set()
    if not a or not b:
        return 0.0, ""
    if a == b:
        return (0.96, "is its name") if not parent or _parent_allows(need, own, candidate) else (0.0, "")
    if parent:
        if b == a | parent:
            return 1.0, "is its full name"
        if a <= b and b - a <= parent:
            return 0.93, "is the set within the set"
        if a & b and parent & b:
            return 0.5, "shares part of the place"
        return (0.3, "shares a word") if a & b else (0.0, "")
    if a < b:
        extra = b - a
        return (0.6, f"is wider than it ({' '.join(sorted(extra))})") if len(extra) == 1 else (0.45, "is wider than it")
    if b < a:
        head = name[-1]
        if head in b and len(b) >= 2:
            return 0.72, "has its words and more"
        return 0.5, "has its word and more"
    return (0.35, "shares a word") if a & b else (0.0, "")


def _compare_things(name: Tokens, own: Tokens, need: Need, candidate: Candidate) -> tuple[float, str]:
    groups = lexicon().garment_group
    head_a, head_b = groups.get(name[-1], name[-1]), groups.get(own[-1], own[-1])
    a, b = set(name), set(own)
    if head_a != head_b:
        if need.kind == "makeup_hair" and a & b:
            return 0.6, "shares a word"
        return (0.35, "shares a word") if a & b - lexicon().weak else (0.0, "")
    if a == b:
        return 0.95, "is its name"
    rest_a, rest_b = a - {name[-1]}, b - {own[-1]}
    if name[-1] != own[-1] and not rest_a & rest_b:
        return 0.45, "is the same sort of thing"
    if b < a or (not rest_b and rest_a):
        known = rest_a & candidate.context
        if known:
            return 0.85, f"is described so ({', '.join(sorted(known))})"
        return 0.72 if not rest_b and len(rest_a) == 1 else 0.68, "is the same thing, told more closely"
    if a < b:
        told = rest_b & need.context
        if told:
            return 0.85, f"is told so in the script ({', '.join(sorted(told))})"
        return 0.66, "is the same sort of thing, less closely told"
    if rest_a & (rest_b | candidate.context):
        return 0.75, f"shares {', '.join(sorted(rest_a & (rest_b | candidate.context)))}"
    return 0.4, "is another of its sort"
