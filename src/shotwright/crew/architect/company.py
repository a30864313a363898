"""The part of the cast that one scene names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shotwright.crew.architect.cast import Cast
from shotwright.crew.architect.naming import cue_key, plain

if TYPE_CHECKING:
    from shotwright.model.ids import EntityId
    from shotwright.model.screenplay import Scene

_WORD = re.compile(r"[^\W_]+(?:['\-][^\W_]+)*|#\d+")


def relevant_cast(scene: Scene, cast: Cast) -> Cast:
    """Who the scene names, by cue or by any alias in its action. Small, so that it enters a step's key."""
    if cast.scene == scene.id:
        return cast
    wanted: set[EntityId] = set()
    cued: set[EntityId] = set()
    speakers: dict[str, tuple[EntityId, ...]] = {}
    spoken = cast.spoken
    texts = [] if scene.heading.int_ext else [scene.heading.raw]
    for unit in scene.units:
        if unit.kind == "speech":
            key = cue_key(unit.cue)
            who = cast.speakers.get(key, ())
            speakers[key] = who
            cued.update(who)
        texts.append(unit.text)
    heard: set[str] = set()
    for text in texts:
        words = [_bare(word) for word in _WORD.findall(plain(text).lower())]
        heard.update(words)
        for at, word in enumerate(words):
            for name, who_id in spoken.get(word, ()):
                if len(name) == 1 or tuple(words[at : at + len(name)]) == name:
                    wanted.add(who_id)
    versions = cast.versions.get(scene.id, ())
    for called, meant in versions:
        wanted.update((called, meant))
    wanted = {who_id for who_id in wanted if scene.id in cast.scopes.get(who_id, (scene.id,))} | cued
    kin = tuple((word, who_id) for word, who_id in cast.kin if word in heard)
    wanted.update(who_id for _, who_id in kin)
    return Cast(
        characters=tuple(character for character in cast.characters if character.id in wanted),
        speakers={key: speakers[key] for key in sorted(speakers)},
        kin=kin,
        versions={scene.id: versions} if versions else {},
        scopes={},
        scene=scene.id,
    )


def _bare(word: str) -> str:
    return word[:-2] if word.endswith("'s") else word
