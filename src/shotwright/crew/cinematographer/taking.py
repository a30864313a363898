"""How a model's picks are put into a scene: all together, proved as the rules' own way is, without what jumps."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING

from pydantic import BaseModel

from shotwright.craft.answers import Refused, phrase
from shotwright.crew.cinematographer.check import check_photography
from shotwright.crew.cinematographer.frames import know_setup
from shotwright.crew.cinematographer.keying import lights, standing_key
from shotwright.crew.cinematographer.labels import move_words
from shotwright.crew.cinematographer.reasons import SHORT, what_frame, why_camera
from shotwright.crew.cinematographer.standing import choice_of, read_back
from shotwright.crew.cinematographer.verdict import Verdict, verdicts
from shotwright.crew.cinematographer.wording import first_and_last
from shotwright.model.question import Taken
from shotwright.model.shot import Movement, Provenance
from shotwright.model.vocabulary import SIZE_ORDER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.crew.cinematographer.draft import Photography
    from shotwright.crew.cinematographer.keying import Key
    from shotwright.crew.cinematographer.offers import Offer, Scout
    from shotwright.crew.cinematographer.standing import Standing
    from shotwright.model.crew import PhotographedScene, ShotCamera
    from shotwright.model.language import Refinement
    from shotwright.model.shot import Camera, Lighting

LIGHT = "light"
LETTERS = "abcdef"
SERVICE = "; the vision service"
MOST_WORDS = 18
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_CAPITALS = re.compile(r"(?<=[^.!?] )[A-Z][\w'-]*")
_LETTER = re.compile(r"\W*([a-z])(?![a-z])", re.IGNORECASE)
_TECHNICAL = re.compile(r"\d|\b(?:shots?|frame|option|pick|letter|draft|candidate)s? [a-f]\b", re.IGNORECASE)


class PickAnswer(BaseModel):
    shot: int
    pick: str
    why: str = ""


class LookAnswer(BaseModel):
    """Which frames a model takes. What it does not name stays."""

    shots: list[PickAnswer] = []
    light: str = ""
    light_why: str = ""


@cache
def prompt() -> str:
    """The Cinematographer's instructions to a model."""
    return resources.files("shotwright.crew.cinematographer").joinpath("prompt.md").read_text("utf-8")


@dataclass(frozen=True)
class Desk:
    """What a question offered, and how its answer is taken."""

    scene: Photography
    scout: Scout
    offers: Mapping[int, Sequence[Offer]]
    """By the shot's index; the first is what stood when the question was asked."""
    keys: Sequence[Key]
    texts: tuple[str, ...]
    """The script's own words, and the Director's: not to be copied."""
    names: frozenset[str]
    """Words of names, in lower case; with those of the texts, what a reason may write with a capital."""

    def take(
        self, photographed: PhotographedScene, answer: LookAnswer, open_keys: frozenset[str], mind: str
    ) -> Taken[PhotographedScene]:
        refused: dict[str, str] = {}
        picks: dict[int, Offer] = {}
        whys: dict[int, str] = {}
        said: list[str] = []
        named: set[int] = set()
        for entry in answer.shots:
            i, key = entry.shot - 1, f"shot {entry.shot}"
            if i in named or i not in self.offers or key not in open_keys:
                continue
            named.add(i)
            at = _at(entry.pick, len(self.offers[i]))
            if at is None:
                refused[key] = f"{key}: pick one of its letters, {_letters(len(self.offers[i]))}"
            elif at:
                picks[i] = self.offers[i][at]
                whys[i] = self._why(entry.why, said)
        key_name = self._key(answer, open_keys, refused)
        if not picks and not key_name:
            return Taken(photographed, refused)
        standing = read_back(self.scene, photographed.shots)
        value = photographed
        if picks:
            picks, wrong = self._proved(standing, picks)
            refused.update(wrong)
        if picks or key_name:
            value, broken = self._checked(photographed, standing, picks, whys, mind, key_name, answer.light_why)
            refused.update(broken)
        before = {s.shot_id: s for s in photographed.shots}
        changed = {f"shot {i + 1}" for i, s in enumerate(value.shots) if i in picks and s != before[s.shot_id]}
        if key_name and any(
            a.technical.lighting != b.technical.lighting for a, b in zip(value.shots, photographed.shots, strict=True)
        ):
            changed.add(LIGHT)
        return Taken(value, refused, frozenset(changed - refused.keys()))

    def _key(self, answer: LookAnswer, open_keys: frozenset[str], refused: dict[str, str]) -> str:
        """The other key of the scene's light that is picked; empty where it stays."""
        if LIGHT not in open_keys or not answer.light.strip():
            return ""
        at = _at(answer.light, len(self.keys))
        if at is None:
            refused[LIGHT] = f"light: pick one of its letters, {_letters(len(self.keys))}"
            return ""
        return self.keys[at].name

    def _why(self, text: str, said: list[str]) -> str:
        """A model's reason, cleaned; empty where it gives none that can be kept."""
        try:
            clean = phrase(text, most=130, apart_from=self.texts)
        except Refused:
            return ""
        words = " ".join(_WORD.findall(clean.casefold()))
        count = words.count(" ") + 1
        if not 2 <= count <= MOST_WORDS or _TECHNICAL.search(clean):
            return ""
        if words in said or f" {words} " in f" {' '.join(_WORD.findall(prompt().casefold()))} ":
            return ""
        if any(
            w.casefold().removesuffix("'s") not in self._spelled for w in _CAPITALS.findall(clean.replace("’", "'"))
        ):
            return ""
        said.append(words)
        first = clean.split()[0].casefold().removesuffix("'s").removesuffix("’s")
        return clean if first in self.names else clean[:1].lower() + clean[1:]

    @cached_property
    def _spelled(self) -> frozenset[str]:
        written = (w.casefold().removesuffix("'s") for t in self.texts for w in _WORD.findall(t.replace("’", "'")))
        return self.names | {"i", *written}

    # all together

    def _proved(self, standing: Standing, picks: Mapping[int, Offer]) -> tuple[dict[int, Offer], dict[str, str]]:
        """(the picks that hold together, why each of the others does not)."""
        kept = dict(sorted(picks.items()))
        refused: dict[str, str] = {}
        while kept:
            found = self._first_fault(standing, kept)
            if found is None:
                break
            refused[f"shot {found.pick + 1}"] = f"shot {found.pick + 1}: {found.why}; pick another"
            del kept[found.pick]
        return kept, refused

    def _first_fault(self, standing: Standing, kept: Mapping[int, Offer]) -> Verdict | None:
        """The pick that the scene goes without: of those concerned the one whose loss mends most."""
        found = verdicts(self.scene, standing, self.compose(standing, kept), kept, self.scout)
        if not found:
            return None
        first = found[0]
        if len(first.concerned) < 2:
            return first
        left = {}
        for pick in first.concerned:
            rest = {i: o for i, o in kept.items() if i != pick}
            left[pick] = len(verdicts(self.scene, standing, self.compose(standing, rest), rest, self.scout))
        return Verdict(min(first.concerned, key=lambda p: (left[p], -p)), first.why, first.concerned)

    def compose(self, standing: Standing, picks: Mapping[int, Offer]) -> Standing:
        """The scene with all picks in their places."""
        scout, found = self.scout, self.scene.found
        moved = {at: offer.move for i, offer in picks.items() for at in scout.takes[i]}
        framed = {i: o for i, o in picks.items() if o.frame is not None and o.setup is not None}
        exchanged = [at for i in framed for at in scout.takes[i]]
        known = standing.setups(found, exchanged)
        frames = {}
        for i, offer in framed.items():
            assert offer.setup is not None
            frame = scout.put_frame(i, offer.chosen, offer.setup, known)
            know_setup(known, found[i], offer.chosen, (frame.setup, frame.setup_id, i))
            frames.update(scout.take_frames(i, offer.chosen, frame) or {})
        new = standing.replaced(frames, moved, found)
        first: dict[str, int] = {}
        for i, frame in enumerate(new.frames):
            again = first.setdefault(frame.setup_id, i)
            if again != frame.again:
                new.frames[i] = replace(frame, again=again)
        return new

    def _checked(
        self, photographed: PhotographedScene, standing: Standing, picks: Mapping[int, Offer],
        whys: Mapping[int, str], mind: str, key_name: str, key_why: str,
    ) -> tuple[PhotographedScene, dict[str, str]]:  # fmt: skip
        """The scene with what is picked, as the room's own check allows it."""
        brief, directed = self.scene.brief, self.scene.directed
        before = set(check_photography(brief, directed, photographed))
        for tried, key in ((picks, key_name), ({}, key_name)):
            value = self._exposed(photographed, standing, tried, whys, mind, key, key_why)
            if set(check_photography(brief, directed, value)) <= before:
                broken = {f"shot {i + 1}": f"shot {i + 1}: somebody who must be seen is not" for i in picks}
                return value, broken if tried is not picks else {}
        return photographed, {f"shot {i + 1}": f"shot {i + 1}: the frame does not hold" for i in picks}

    # the shots

    def _exposed(
        self, photographed: PhotographedScene, standing: Standing, picks: Mapping[int, Offer],
        whys: Mapping[int, str], mind: str, key_name: str, key_why: str,
    ) -> PhotographedScene:  # fmt: skip
        scene = self.scene
        new = self.compose(standing, picks)
        given = [s.technical.lighting for s in photographed.shots]
        was = standing_key(scene, standing, given)
        plain, lit = lights(scene, standing, was), lights(scene, new, key_name or was)
        taken = {at: i for i in picks for at in self.scout.takes[i]}
        scene.pulled = any(
            s.technical.camera.focus.pull_to for n, s in enumerate(photographed.shots) if n not in taken
        )  # fmt: skip
        shots = []
        for n, shot in enumerate(photographed.shots):
            lighting = lit[n] if given[n] == plain[n] else given[n]
            if n in taken:
                shot = self._picked(n, shot, new, picks[taken[n]], lighting)
            if lighting != shot.technical.lighting:
                technical = shot.technical.model_copy(update={"lighting": lighting})
                shot = shot.model_copy(update={"technical": technical})
                if key_name:
                    shot = self._keyed(shot, key_name, key_why, mind)
            shots.append(shot)
        shots = self._explained(photographed.shots, shots, standing, new, taken, whys, mind)
        return photographed.model_copy(update={"shots": tuple(shots)})

    def _picked(self, n: int, shot: ShotCamera, new: Standing, offer: Offer, lighting: Lighting) -> ShotCamera:
        scene, moment, chosen, frame = self.scene, self.scene.found[n], new.way[n], new.frames[n]
        if offer.frame is None:
            camera = self._moved(n, shot, new)
            technical = shot.technical.model_copy(update={"camera": camera})
            return shot.model_copy(update={"technical": technical})
        camera = scene.camera(moment, chosen, frame, new.moves[n], lighting)
        technical = shot.technical.model_copy(update={"camera": camera, "lighting": lighting, "staging": frame.staging})
        why = shot.provenance["staging"].model_copy(update={"because": scene.why_staging(frame.staging)})
        return shot.model_copy(
            update={
                "setup_id": frame.setup_id,
                "technical": technical,
                "provenance": {**shot.provenance, "staging": why},
            }
        )

    def _moved(self, n: int, shot: ShotCamera, new: Standing) -> Camera:
        camera, move, staging = shot.technical.camera, new.moves[n], shot.technical.staging
        _, end = first_and_last(
            self.scene.found[n], new.way[n], new.frames[n].setup, staging, move, self.scene.names
        )  # fmt: skip
        movement = Movement(
            type=move.type, support=move.support, speed=move.speed, start=camera.movement.start, end=end,
            roll_deg=move.dutch,
        )  # fmt: skip
        return camera.model_copy(update={"movement": movement, **({} if move.dutch else {"roll": "level"})})

    def _keyed(self, shot: ShotCamera, name: str, why: str, mind: str) -> ShotCamera:
        told = next(k.label for k in self.keys if k.name == name)
        reason = self._why(why, [])
        was = shot.provenance["lighting"]
        because = f"{told[:1].upper()}{told[1:]} for the whole scene{f': {reason}' if reason else ''}. {was.because}"
        update = {"mind": mind, "because": because}
        return shot.model_copy(update={"provenance": {**shot.provenance, "lighting": was.model_copy(update=update)}})

    def _explained(
        self, before: Sequence[ShotCamera], shots: Sequence[ShotCamera], standing: Standing, new: Standing,
        taken: Mapping[int, int], whys: Mapping[int, str], mind: str,
    ) -> list[ShotCamera]:  # fmt: skip
        """Every shot's reason: the model's for its own, and the rules' as it reads beside the new neighbours."""
        old_choice, new_choice = choice_of(self.scene, standing), choice_of(self.scene, new)
        found = []
        for n, shot in enumerate(shots):
            was = shot.provenance["camera"]
            if n in taken:
                size = SHORT[SIZE_ORDER[new.frames[n].setup.size]]
                reason = whys.get(taken[n], "")
                if reason:
                    moved = move_words(new.moves[n])
                    because = f"{size} {what_frame(new_choice, n)}{', ' * bool(moved)}{moved}: {reason}."
                else:
                    because = why_camera(new_choice, n, new.moves[n])
                why = was.model_copy(update={"mind": mind, "because": because})
            else:
                because = was.because
                if not was.pinned:
                    because = _told_anew(
                        because, *(why_camera(c, n, standing.moves[n]) for c in (old_choice, new_choice)),
                        *(why_camera(c, n, standing.moves[n], lost=False) for c in (old_choice, new_choice)),
                    )  # fmt: skip
                why = was.model_copy(update={"because": because})
            found.append(shot.model_copy(update={"provenance": {**shot.provenance, "camera": why}}))
        return found

    def mark(self, photographed: PhotographedScene, refinement: Refinement) -> PhotographedScene:
        """Say of every shot concerned which part of an answer was refused, and what is still to be asked."""
        mind = "the model" if refinement.mind == "rules" else refinement.mind
        settled = {*refinement.accepted, *refinement.repaired}
        shots = []
        for n, shot in enumerate(photographed.shots):
            notes: dict[str, list[str]] = {"camera": [], "lighting": []}
            for part, key in (("camera", f"shot {n + 1}"), ("lighting", LIGHT)):
                if key not in refinement.asked:
                    continue
                if key in refinement.fallen:
                    why = refinement.fallen[key].removeprefix(f"{key}: ")
                    notes[part].append(f"{mind}'s answer was refused: {why}")
                if refinement.pending and key not in settled:
                    notes[part].append(f"not refined yet: {refinement.pending}")
            provenance = {part: _noted(why, notes.get(part, [])) for part, why in shot.provenance.items()}
            if provenance != shot.provenance:
                shot = shot.model_copy(update={"provenance": provenance})
            shots.append(shot)
        return photographed.model_copy(update={"shots": tuple(shots)})


def _told_anew(because: str, whole: str, new_whole: str, most: str, new_most: str) -> str:
    """A reason of the rules as it reads beside other neighbours. `most`: it without the frame that it weighed last,
    which prices decide that are not known any more; what a service suggested stays."""
    for old, new in ((whole, new_whole), (most, new_most)):
        told = old.removesuffix(".")
        if because.startswith(told):
            rest = because.removeprefix(told)
            if old is most and not rest.startswith((".", SERVICE)):
                rest = rest[rest.find(SERVICE) :] if SERVICE in rest else "."
            return new.removesuffix(".") + rest
    return because


def _noted(why: Provenance, notes: Sequence[str]) -> Provenance:
    if not notes:
        return why
    return why.model_copy(update={"because": "; ".join([why.because.removesuffix("."), *notes])})


def _letters(count: int) -> str:
    return f"{', '.join(LETTERS[: count - 1])} or {LETTERS[count - 1]}"


def _at(said: str, count: int) -> int | None:
    found = _LETTER.match(said)
    if found is None:
        return None
    at = LETTERS.find(found[1].casefold())
    return at if 0 <= at < count else None
