"""Films into the shot library: found shots, looked at one by one, kept with their keyframes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.model.vision import ImageRef, LibraryShot
from shotwright.vision.pictures import decode, picture_of
from shotwright.vision.video_looks import SURE, Look, look_at_keyframe
from shotwright.vision.video_shots import THRESHOLD, FilmBounds, find_shots

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from shotwright.vision.eyes import Eyes
    from shotwright.vision.video_shots import FilmFacts, FilmShot

STILL = frozenset({"static", "handheld", "zoom_in", "zoom_out"})
AT_ONCE = 32
"""Keyframes that are embedded together."""


@dataclass(frozen=True, slots=True)
class SeenShot:
    """A shot of a film with what its keyframe shows."""

    shot: FilmShot
    look: Look

    def kept(self, film: str, asset_id: str, described: str) -> LibraryShot:
        """As the library keeps it: what is not sure is left out."""
        sure = self.look.confidence >= SURE
        return LibraryShot(
            image=ImageRef(data=self.shot.keyframe, media_type="image/jpeg") if self.shot.keyframe else None,
            source=film,
            video_asset_id=asset_id,
            start_timestamp=self.shot.start,
            duration=round(self.shot.end - self.shot.start, 4),
            shot_size=self.look.shot_size if sure else None,
            movement=self.shot.movement,
            speed=self.shot.move.speed if self.shot.move.kind not in STILL else None,
            key_style=self.look.key_style,
            light_direction=self.look.light_direction,
            tags=self.shot.tags(),
            scene_description=described,
        )


def see_film(
    eyes: Eyes, path: Path, bounds: FilmBounds, *, threshold: float = THRESHOLD, keyframes: bool = True
) -> tuple[FilmFacts, list[SeenShot]]:
    """The shots of a film, their keyframes looked at where there are any. Blocking. Raises Unreadable."""
    facts, shots = find_shots(path, bounds, threshold=threshold, keyframes=keyframes)
    looks = [Look() if s.keyframe is None else look_at_keyframe(decode(s.keyframe), eyes.salience) for s in shots]
    return facts, [SeenShot(shot, look) for shot, look in zip(shots, looks, strict=True)]


def store_film(
    eyes: Eyes, seen: Sequence[SeenShot], film: str, *, asset_id: str = "", described: str = ""
) -> tuple[list[str], int]:
    """Put a film's shots into the library: (their ids in order, how many were new). Blocking."""
    shots = [one.kept(film, asset_id, described) for one in seen]
    return eyes.library.add(shots, [one.shot.keyframe for one in seen])


def embed_keyframes(eyes: Eyes, seen: Sequence[SeenShot], done: Callable[[int], None] | None = None) -> None:
    """Have the keyframes' embeddings at hand before a suggestion asks for them. Blocking."""
    data = [one.shot.keyframe for one in seen if one.shot.keyframe is not None]
    for start in range(0, len(data), AT_ONCE):
        batch = data[start : start + AT_ONCE]
        eyes.embedder.embed_marked((picture_of(one) for one in batch), len(batch))
        if done is not None:
            done(start + len(batch))
