"""The shot library's say in a suggestion: which of its shots speak to a shot, how loud, and for what frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.craft.beats import beat_looks
from shotwright.model.vision import SuggestionEvidence
from shotwright.model.vocabulary import SIZE_ORDER
from shotwright.vision.atlas import PHASES, SOURCE, atlas, atlas_vector, is_atlas
from shotwright.vision.library import Hit
from shotwright.vision.pictures import picture_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from shotwright.craft.idioms import Phase
    from shotwright.model.shot import Camera, EmotionalBeat
    from shotwright.model.vision import LibraryShot, ShotWish, SuggestRequest
    from shotwright.model.vocabulary import KeyStyle
    from shotwright.vision.engines import Embedder
    from shotwright.vision.library import ShotLibrary

HITS = 48
"""So many shots of the library are heard for one shot."""
AMONG = 120
"""So many are looked through where films have joined the atlas, which would crowd them out."""
FILMS = 0.75
"""How much of the vote belongs to films that people have added, where they speak as clearly as the atlas does."""
VOICES = 3
QUIET = 16
"""So many shots of films are heard that no word has found: what they are is how those films frame such a moment."""
QUIETLY = 0.12
"""How loud each of them speaks."""
MOST_FILM_SHOTS = 2000
PAGE = 500

Heard = list[tuple[Hit, float]]
"""Library shots with how loud each speaks."""


class Films:
    """The shots of films in a library whose size is known, read once for each state of it."""

    def __init__(self, library: ShotLibrary) -> None:
        self._library = library
        self._known: tuple[str, tuple[LibraryShot, ...]] = ("", ())

    def shots(self) -> tuple[LibraryShot, ...]:
        state = self._library.revision()
        if self._known[0] != state:
            self._known = state, self._read()
        return self._known[1]

    def _read(self) -> tuple[LibraryShot, ...]:
        found: list[LibraryShot] = []
        total, at = self._library.size(), 0
        if total <= len(atlas()) and self._library.shots(limit=1, source=SOURCE)[1] == total:
            return ()
        while at < total and len(found) < MOST_FILM_SHOTS:
            page, _ = self._library.shots(at, PAGE)
            found += [shot for shot in page if not is_atlas(shot) and shot.shot_size is not None]
            at += PAGE
        return tuple(found[:MOST_FILM_SHOTS])


class Voices:
    """Asks a shot library about the shots of one request. Text finds annotations, pictures find pictures."""

    def __init__(
        self, library: ShotLibrary, embedder: Embedder, view: np.ndarray | None, films: Sequence[LibraryShot]
    ) -> None:
        self._library = library
        self._films = films
        self._embedder = embedder
        self._view = view
        self._alike: dict[str, float] = {}
        size = library.size()
        self._limit = HITS if size <= len(atlas()) else AMONG
        self.silent = not size

    def heard(self, request: SuggestRequest, wish: ShotWish, beat: EmotionalBeat, phase: Phase) -> Heard:
        """Library shots that speak to a shot: by words, made louder by a picture like the plate."""
        if self.silent:
            return []
        scene = request.scene
        text = " ".join(
            (wish.purpose, wish.action, wish.performance, beat.name.replace("_", " "), scene.type.replace("_", " "),
             PHASES[phase], scene.location, scene.description, *scene.genre, *scene.tone)
        )  # fmt: skip
        found = []
        for hit in self._library.search(text, wish.tags, self._limit):
            loud = hit.score
            if self._view is not None:
                loud *= 0.5 + 0.5 * self._likeness(hit.shot, self._view)
            found.append((hit, loud))
        films = [pair for pair in found if not is_atlas(pair[0].shot)]
        drawn = [pair for pair in found if is_atlas(pair[0].shot)]
        known = {hit.shot.id for hit, _ in films}
        return films[:HITS] + self._quiet(beat, known) + drawn[:HITS]

    def _quiet(self, beat: EmotionalBeat, known: set[str]) -> Heard:
        """Some of the films' shots within a step of the size that the feeling asks for, spread over all that there are.

        A film that nobody has described is found by no words; how it frames what is near or far is heard all the same.
        """
        wanted = beat_looks()[beat.name].size_at(beat.intensity)
        near = [s for s in self._films if s.id not in known and abs(SIZE_ORDER[str(s.shot_size)] - wanted) <= 1.0]
        count = min(QUIET, len(near))
        return [(Hit(near[n * len(near) // count], QUIETLY, ()), QUIETLY) for n in range(count)]

    def _likeness(self, shot: LibraryShot, view: np.ndarray) -> float:
        """0-1: how like a library shot's keyframe is to the picture of the place; 0.5, neither way, without one."""
        known = self._alike.get(shot.id)
        if known is None:
            known = self._alike[shot.id] = self._seen(shot, view)
        return known

    def _seen(self, shot: LibraryShot, view: np.ndarray) -> float:
        if is_atlas(shot):
            # Drawing and embedding the atlas would take a minute; under a backbone that it came without, it keeps out.
            vector = atlas_vector(shot, self._embedder.model)
        else:
            data = self._library.keyframe(shot.id)
            vector = None if data is None else self._embedder.embed([picture_of(data)])[0]
        return 0.5 if vector is None else (float(vector @ view) + 1) / 2


class Ballot:
    """What the heard shots say about frames of one shot. Films count above the atlas."""

    def __init__(self, heard: Heard, key: KeyStyle) -> None:
        rows = [(hit, loud, _terms(hit.shot)) for hit, loud in heard]
        self._films = [row for row in rows if not is_atlas(row[0].shot)]
        self._drawn = [row for row in rows if is_atlas(row[0].shot)]
        self._key = key
        self._known: dict[_Terms, float] = {}
        film, drawn = (max((row[1] for row in rows), default=0.0) for rows in (self._films, self._drawn))
        self._share = 0.0 if not film else 1.0 if not drawn else FILMS * min(film / drawn, 1.0)

    def vote(self, camera: Camera) -> float:
        """0-1: how far the library agrees with a frame."""
        ours = self._of(camera)
        known = self._known.get(ours)
        if known is None:
            films = _agreed(ours, self._films) if self._share else 0.0
            drawn = _agreed(ours, self._drawn) if self._share < 1.0 else 0.0
            known = self._known[ours] = min(self._share * films + (1 - self._share) * drawn, 1.0)
        return known

    def voices(self, camera: Camera) -> tuple[SuggestionEvidence, ...]:
        """Who spoke for a frame: shots that are at least half of what they say, films first."""
        ours = self._of(camera)
        return (*_voices(ours, self._films), *_voices(ours, self._drawn))[:VOICES]

    def _of(self, camera: Camera) -> _Terms:
        return camera.shot_size, camera.angle, camera.framing, camera.movement.type, self._key


_Terms = tuple[str | None, ...]
"""Size, angle, framing, movement and key style; None says nothing."""


def _terms(shot: LibraryShot) -> _Terms:
    return shot.shot_size, shot.angle, shot.framing, shot.movement, shot.key_style


def _share(theirs: _Terms, ours: _Terms) -> float | None:
    """How much of what a library shot says a frame is; None where it says nothing."""
    said = len(theirs) - theirs.count(None)
    return sum(map(_same, theirs, ours)) / said if said else None


def _same(theirs: str | None, ours: str | None) -> bool:
    return theirs is not None and theirs == ours


def _agreed(ours: _Terms, rows: Sequence[tuple[Hit, float, _Terms]]) -> float:
    agreed = whole = 0.0
    for _, loud, theirs in rows:
        share = _share(theirs, ours)
        if share is not None:
            whole += loud
            agreed += loud * share
    return agreed / whole if whole else 0.0


def _voices(ours: _Terms, rows: Sequence[tuple[Hit, float, _Terms]]) -> list[SuggestionEvidence]:
    spoke: list[tuple[float, str, SuggestionEvidence]] = []
    for hit, loud, theirs in rows:
        share = _share(theirs, ours)
        if share is None or share < 0.5 or (share < 1.0 and sum(map(_same, theirs, ours)) < 2):
            continue
        what = ", ".join(str(a).replace("_", " ") for a, b in zip(theirs, ours, strict=True) if _same(a, b))
        why = f"{what}, found by {', '.join(hit.words[:4])}" if hit.words else f"{what}, as {hit.shot.source} has it"
        one = SuggestionEvidence(library_id=hit.shot.id, similarity=round(min(loud, 1.0), 4), why=why)
        spoke.append((-loud * share, hit.shot.id, one))
    spoke.sort(key=lambda row: row[:2])
    return [one for *_, one in spoke[:VOICES]]
