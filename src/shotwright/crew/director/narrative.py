"""The words of a shot: what is seen, how it is played, and why it is there."""

from __future__ import annotations

from shotwright.crew.director.coverage import Coverage
from shotwright.crew.director.pieces import SceneMap
from shotwright.model.ids import ShotId
from shotwright.model.shot import DialogueLine, NarrativeLayer
from shotwright.model.story import SceneBrief


class Narrator:
    """Words every shot of one scene, remembering what it has said so that no two shots say the same."""

    def __init__(self, brief: SceneBrief, scene: SceneMap, shots: list[Coverage], again: dict[ShotId, int]) -> None:
        self.brief, self.scene, self.shots, self.again = brief, scene, shots, again
        self.names = {m.character.id: m.character.name for m in brief.cast}

    def narrate(self, n: int, identity: ShotId, lines: list[DialogueLine]) -> NarrativeLayer:
        """The narrative layer of the nth shot."""
        shot = self.shots[n]
        said = " ".join(line.text for line in lines)
        seen = " ".join(p.text for p in shot.action) or f"{', '.join(map(self.name, shot.on)) or 'The place'} while “{said[:60]}” is said."
        return NarrativeLayer(
            action_description=seen,
            character_performance="; ".join(f"{self.name(who)}: {shot.beat.replace('_', ' ')}" for who in shot.on),
            shot_purpose=f"{said[:60] or seen[:60]}: serves {shot.beat.replace('_', ' ')} ({n + 1}).",
        )

    def name(self, entity: str) -> str:
        return self.names.get(entity) or entity.partition("/")[2].replace("_", " ").title()  # type: ignore[call-overload, no-any-return]
