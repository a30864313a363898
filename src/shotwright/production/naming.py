"""Shot ids through drafts: a shot whose words changed a little is still the same shot. Pure.

The Director names a shot after its content. Here that content name is exchanged for the id that the shot already has:
the one recorded for the very same content, else that of the earlier shot whose words it mostly carries, else its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.model.ids import ShotId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.model.crew import DirectedScene, DirectedShot

SAME_SHOT = 0.5
"""Share of words in common from which a changed shot keeps its id."""


def carry_names(
    directed: DirectedScene,
    recorded: Mapping[tuple[str, str], str],
    before: Sequence[tuple[str, str]],
    texts: Mapping[str, str],
) -> tuple[DirectedScene, list[tuple[str, str, str]]]:
    """Give each shot its lasting id.

    `recorded` maps (scene id, content id) to a shot id; `before` lists (shot id, source text) of the scene's shots as
    last committed; `texts` maps this draft's content ids to source texts. Returns the scene with lasting ids and the
    (scene, content, shot) rows that are new.
    """
    scene = str(directed.scene_id)
    names: dict[str, str] = {}
    taken: set[str] = set()
    lasting = {shot for shot, _ in before}
    for shot in directed.shots:
        # A shot that a person has fixed comes back from the Director under the id that it already has.
        known = shot.shot_id if shot.shot_id in lasting else recorded.get((scene, shot.shot_id))
        if known is not None and known not in taken:
            names[shot.shot_id] = known
            taken.add(known)
    free = [(shot, set(text.split())) for shot, text in before if shot not in taken]
    for shot in directed.shots:
        content = shot.shot_id
        if content in names:
            continue
        heir = _heir(set(texts[content].split()), free, taken)
        names[content] = heir or (content if content not in taken else f"{content}x")
        taken.add(names[content])
    rows = [
        (scene, content, name) for content, name in names.items() if recorded.get((scene, content)) != name
    ]  # fmt: skip
    return rename(directed, names), rows


def _heir(words: set[str], free: Sequence[tuple[str, set[str]]], taken: set[str]) -> str:
    best, best_share = "", SAME_SHOT
    for shot, old in free:
        if shot in taken or not old or not words:
            continue
        share = len(words & old) / max(len(words), len(old))
        if share > best_share or (share == best_share and not best):
            best, best_share = shot, share
    return best


def rename(directed: DirectedScene, names: Mapping[str, str]) -> DirectedScene:
    """The scene under lasting ids; the very same value when nothing changes."""
    if all(content == name for content, name in names.items()):
        return directed

    def renamed(shot: DirectedShot) -> DirectedShot:
        goes_on = shot.continues_shot_id
        return shot.model_copy(
            update={
                "shot_id": ShotId(names.get(shot.shot_id, shot.shot_id)),
                "continues_shot_id": None if goes_on is None else ShotId(names.get(goes_on, goes_on)),
            }
        )

    return directed.model_copy(update={"shots": tuple(renamed(s) for s in directed.shots)})


def source_text(units: Sequence[str], spoken: Sequence[tuple[str, str]], unit_texts: Mapping[str, str]) -> str:
    """The script under a shot: its action sentences whole, and of each speech the words that it carries.

    `spoken` lists (unit id, words) of the shot's dialogue; `unit_texts` maps unit ids to their text.
    """
    words: dict[str, list[str]] = {}
    for unit, text in spoken:
        words.setdefault(unit, []).append(text)
    return "\n".join(
        " ".join(words[unit]) if unit in words else unit_texts.get(unit, "") for unit in units
    )  # fmt: skip
