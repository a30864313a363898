"""The dailies of a scene: its shots drawn, looked at, sent back with what was seen, drawn and looked at again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shotwright.crew.continuity_supervisor import (
    Seen,
    flags_of,
    inspect_scene,
    people_of,
    quality_requests,
    record_viewing,
    revisions_for,
    sequence_requests,
)
from shotwright.errors import ConfigError, VisionError
from shotwright.model.frame import DrawnFrame, Viewing
from shotwright.model.ids import EntityId, digest
from shotwright.model.shot import Flag, Frame
from shotwright.model.vision import ImageRef, MaskRef
from shotwright.production.film import ScreenedScene
from shotwright.production.journal import dumps
from shotwright.production.ledger import get_field
from shotwright.production.revise import keep_to_field, numbered_in_scene, weight

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from shotwright.boards.cast import CastSheet
    from shotwright.boards.scene import MeshMaker
    from shotwright.boards.sets import PlaceLook
    from shotwright.model.crew import FilmSettings, Revision
    from shotwright.model.shot import Shot
    from shotwright.model.story import SceneBrief
    from shotwright.model.vision import FrameAt, ImageQuality, ShotValidation
    from shotwright.production.blobs import Blobs
    from shotwright.production.config import BoardSettings, VisionSettings
    from shotwright.production.film import SceneBundle
    from shotwright.production.scene_line import Specialists
    from shotwright.production.sight import Sight
    from shotwright.production.steps import Answer, Steps

LIGHT = frozenset({"LIGHT_INCONSISTENT", "EXPOSURE_LOW", "EXPOSURE_HIGH", "COLOR_TEMP_SHIFT"})
LEAST_SHARE = 0.04
"""Of the frame: whoever takes less of it cannot be judged, and no likeness is drawn."""
MOST_REFERENCES = 8
"""Of the library's pictures of one person."""


@dataclass(slots=True)
class Looked:
    """What one round of looking found."""

    flags: list[Flag] = field(default_factory=list)
    people: dict[str, ShotValidation] = field(default_factory=dict)
    pictures: dict[str, ImageQuality] = field(default_factory=dict)
    viewing: Viewing = field(default_factory=lambda: Viewing(round=0))


class Dailies:
    """Draws and looks at scenes for one run. Each shot's frames are a step of their own: only what changed is drawn."""

    def __init__(
        self,
        steps: Steps,
        blobs: Blobs,
        sheet: CastSheet,
        sight: Sight | None,
        film: FilmSettings,
        boards: BoardSettings,
        vision: VisionSettings,
        rounds: int,
        attached: Mapping[str, Mapping[str, str]],
        pictures: Callable[[str], Sequence[bytes]] = lambda key: (),
    ) -> None:
        """`sight` None: frames are drawn and nobody looks. `attached`: shot id -> moment -> sha256 of a picture that a
        person put in the frame's place. `pictures`: asset key -> the library's pictures of it."""
        from shotwright.boards.frames import frame_size

        self._steps = steps
        self._blobs = blobs
        self._sheet = sheet
        self._sight = sight
        self._film = film
        self._boards = boards
        self._vision = vision
        self._rounds = rounds
        self._attached = attached
        self._pictures = pictures
        self._size = frame_size(film.aspect)
        self._drawn_setups: dict[str, tuple[DrawnFrame, ...]] = {}
        self._leads: dict[str, str] = {}
        """Set-up -> the shot that is drawn for all of it."""

    def known(self, bundle: Answer[SceneBundle]) -> bool:
        """Whether the journal has the scene's dailies already."""
        return self._steps.knows("screen", self._inputs(bundle))

    def screen(
        self, brief: SceneBrief, bundle: Answer[SceneBundle], crew: Specialists, plan: Sequence[Shot]
    ) -> Answer[ScreenedScene]:
        """The scene with its frames, after the Supervisor's rounds over them. `plan`: its shots as the crew left
        them."""
        scene = brief.scene.scene_id
        inputs = self._inputs(bundle)
        try:
            answer = self._steps.do(
                "screen", scene, inputs, ScreenedScene, lambda: self._screen(brief, bundle, crew, plan)
            )
            shots = [str(shot.shot_id) for shot in bundle.value.shots]
            self._steps.keep_within(answer, "screen", scene, (("draw", shot) for shot in shots))
            return answer
        except _NotMeasured as unseen:
            found = unseen.scene
        # Kept under a key of its own, so that the next run finds nothing and looks.
        return self._steps.do("screen", scene, [*inputs, found.pending], ScreenedScene, lambda: found)

    def _inputs(self, bundle: Answer[SceneBundle]) -> list[str]:
        from shotwright.boards.frames import VERSION

        pictures = {s.shot_id: dict(self._attached.get(s.shot_id, {})) for s in bundle.value.shots}
        return [
            bundle.json,
            digest(*(self._sheet.fingerprint(shot) for shot in bundle.value.shots)),
            str(VERSION),
            dumps(self._size),
            self._boards.draw,
            dumps([self._rounds, self._vision.threshold]),
            "not looked at" if self._sight is None else self._sight.judging_fingerprint(),
            dumps({shot: found for shot, found in pictures.items() if found}),
        ]

    def _screen(
        self, brief: SceneBrief, bundle: Answer[SceneBundle], crew: Specialists, plan: Sequence[Shot]
    ) -> ScreenedScene:
        shots = numbered_in_scene(bundle.value.shots)
        # The set is laid out once, so that a frame that is mended is mended in the same room.
        places = self._sheet.places(shots)
        frames = self._draw_all(shots, places)
        if self._sight is None:
            return ScreenedScene(of=bundle.key, shots=_with_frames(shots, frames), frames=frames)
        try:
            return self._supervise(brief, bundle, crew, numbered_in_scene(plan), shots, frames, places)
        except VisionError as error:
            note = f"not measured: {error.message}"
            unseen = [
                s.model_copy(update={"continuity": s.continuity.model_copy(update={"note": note})})
                for s in _with_frames(shots, frames)
            ]
            scene = ScreenedScene(of=bundle.key, shots=tuple(unseen), frames=frames, pending=error.message)
            raise _NotMeasured(scene) from error

    def _supervise(
        self,
        brief: SceneBrief,
        bundle: Answer[SceneBundle],
        crew: Specialists,
        plan: Sequence[Shot],
        shots: list[Shot],
        frames: dict[str, tuple[DrawnFrame, ...]],
        places: Mapping[str, PlaceLook],
    ) -> ScreenedScene:
        looked = self._look(shots, frames, places, 0)
        viewings = [looked.viewing]
        log = list(bundle.value.log)
        touched: dict[str, int] = {}
        found = inspect_scene(shots, brief, self._film)
        done = 0
        while done < self._rounds and (wanted := self._wanted(looked.flags, found, done + 1, crew, shots, plan)):
            revised = keep_to_field(shots, crew.redo_seen(shots, wanted, plan), wanted)
            done += 1
            log.extend(f"frames, round {done}: {r.agent} asked to mend {r.field}: {r.feedback}" for r in wanted)
            changed = {new.shot_id: new for new, old in zip(revised, shots, strict=True) if new != old}
            if not changed:
                log.append(f"frames, round {done}: nobody could do better; kept as it was")
                break
            again = {**frames, **self._draw_all(list(changed.values()), places)}
            again |= {s.shot_id: self._shown(s, again) for s in revised if not self._stands_for(s)}
            after = self._look(revised, again, places, done)
            ruled = inspect_scene(revised, brief, self._film)
            before, now = (*looked.flags, *found), (*after.flags, *ruled)
            helped = {s for s in changed if _weight_of(s, now) < _weight_of(s, before)}
            if helped and len(helped) < len(changed):
                # What made its own shot no better is taken back, and does not undo what helped another.
                revised = [new if new.shot_id in helped else old for new, old in zip(revised, shots, strict=True)]
                again = {**frames, **{s: again[s] for s in helped}}
                again |= {s.shot_id: self._shown(s, again) for s in revised if not self._stands_for(s)}
                after = self._look(revised, again, places, done)
                ruled = inspect_scene(revised, brief, self._film)
                now = (*after.flags, *ruled)
            viewings.append(after.viewing)
            if weight(now) >= weight(before):
                log.append(f"frames, round {done}: no better ({_count(now)}); kept as it was")
                break
            log.append(f"frames, round {done}: {_count(before)}, now {_count(now)}")
            touched |= dict.fromkeys(helped, done)
            shots, frames, looked, found = _judged(revised, ruled), again, after, ruled
        by_hand = [shot for shot in self._attached if shot in frames]
        kept = [flag if flag.shot_id in by_hand else _doubted(flag, found) for flag in looked.flags]
        recorded = record_viewing(_with_frames(shots, frames), kept, looked.people, looked.pictures, touched, by_hand)
        return ScreenedScene(
            of=bundle.key, shots=tuple(recorded), frames=frames, viewings=tuple(viewings), log=tuple(log)
        )

    def _wanted(
        self,
        seen: Sequence[Flag],
        found: Sequence[Flag],
        round: int,
        crew: Specialists,
        shots: Sequence[Shot],
        plan: Sequence[Shot],
    ) -> tuple[Revision, ...]:
        """What is sent back: what was seen, and errors by the rules; nothing that a person attached or fixed, for no
        agent can mend that."""
        errors = [flag for flag in found if flag.severity == "error"]
        strayed = Strayed(shots, plan)
        wanted = (strayed.whose(r) for r in revisions_for([*seen, *errors], round))
        return tuple(r for r in wanted if r.shot_id not in self._attached and not crew.pinned(r.shot_id, r.field))

    # drawing

    def _draw_all(self, shots: Sequence[Shot], places: Mapping[str, PlaceLook]) -> dict[str, tuple[DrawnFrame, ...]]:
        found: dict[str, tuple[DrawnFrame, ...]] = {}
        for shot in shots:
            if self._stands_for(shot):
                self._drawn_setups[shot.setup_id] = self._draw(shot, places)
            found[shot.shot_id] = self._with_attached(shot, self._drawn_setups[shot.setup_id])
        return found

    def _stands_for(self, shot: Shot) -> bool:
        """Whether the shot is drawn itself: every one, or the first of each set-up for all of it."""
        return self._boards.draw == "shots" or self._leads.setdefault(shot.setup_id, shot.shot_id) == shot.shot_id

    def _shown(self, shot: Shot, frames: Mapping[str, tuple[DrawnFrame, ...]]) -> tuple[DrawnFrame, ...]:
        """Of a shot that is not drawn itself: the frames of the one that stands for it."""
        return self._with_attached(shot, frames[self._leads[shot.setup_id]])

    def _draw(self, shot: Shot, places: Mapping[str, PlaceLook]) -> tuple[DrawnFrame, ...]:
        from shotwright.boards.frames import VERSION, draw_frame, moments

        place = places[shot.technical_layer.staging.plate.partition(" side ")[0]]
        assets = shot.digital_assets.model_dump_json(include={"bindings", "clothes"})
        inputs = [
            shot.technical_layer.model_dump_json(), assets, self._sheet.fingerprint(shot), repr(place), str(VERSION),
            dumps(self._size), self._boards.draw,
        ]  # fmt: skip

        def make() -> tuple[DrawnFrame, ...]:
            makers = self._sheet.makers(shot)
            found = []
            for at in moments(shot) if self._boards.draw == "shots" else ("first",):
                picture = draw_frame(shot, at, makers, place, self._size)
                frame = Frame(at=at, sha256=self._blobs.put(picture.image), mask_sha256=self._blobs.put(picture.mask))
                found.append(DrawnFrame(frame=frame, subjects=picture.subjects))
            return tuple(found)

        answer = self._steps.do("draw", shot.shot_id, inputs, tuple[DrawnFrame, ...], make)
        frames: tuple[DrawnFrame, ...] = answer.value
        if all(self._blobs.has(name) for f in frames for name in (f.frame.sha256, f.frame.mask_sha256) if name):
            return frames
        # Somebody removed pictures from the folder: the same shot is the same picture.
        return make()

    def _with_attached(self, shot: Shot, drawn: tuple[DrawnFrame, ...]) -> tuple[DrawnFrame, ...]:
        by_hand = self._attached.get(shot.shot_id)
        if not by_hand:
            return drawn
        known = {frame.frame.at: frame for frame in drawn}
        for at, sha256 in by_hand.items():
            frame = Frame.model_validate({"at": at, "sha256": sha256, "by": "person"})
            known[frame.at] = DrawnFrame(frame=frame)
        return tuple(known[at] for at in ("first", "middle", "last") if at in known)

    # looking

    def _look(
        self,
        shots: Sequence[Shot],
        frames: Mapping[str, tuple[DrawnFrame, ...]],
        places: Mapping[str, PlaceLook],
        round: int,
    ) -> Looked:
        assert self._sight is not None
        # A shot that shows another's frame is judged by that one.
        own = [shot for shot in shots if self._stands_for(shot) or shot.shot_id in self._attached]
        seen = [self._seen(shot, frames[shot.shot_id], places) for shot in own]
        references = self._references(seen)
        found = Looked()
        model = None
        for answer in self._sight.validate(sequence_requests(seen, references, self._vision.threshold)):
            found.people |= {shot.shot_id: shot for shot in answer.shots}
            found.flags += flags_of(answer.issues)
            model = model or answer.model
        for measured in self._sight.analyze(quality_requests(seen)):
            found.pictures |= {image.shot_id: image for image in measured.images}
            found.flags += flags_of(measured.issues)
        found.viewing = Viewing(
            round=round,
            people=tuple(found.people[s.shot_id] for s in shots if s.shot_id in found.people),
            pictures=tuple(found.pictures[s.shot_id] for s in shots if s.shot_id in found.pictures),
            flags=tuple(found.flags),
            model=model,
        )
        return found

    def _seen(self, shot: Shot, frames: Sequence[DrawnFrame], places: Mapping[str, PlaceLook]) -> Seen:
        by_hand = next((f for f in frames if f.frame.by == "person"), None)
        chosen = by_hand or frames[0]
        image = self._blobs.get(chosen.frame.sha256)
        mask = self._blobs.get(chosen.frame.mask_sha256) if chosen.frame.mask_sha256 else b""
        if image is None or mask is None:
            number = shot.shot_number_in_scene
            raise VisionError(f"the {chosen.frame.at} frame of shot {number} is gone from the folder")
        layer = shot.technical_layer
        where = layer.staging.plate.partition(" side ")[0]
        return Seen(
            shot,
            image,
            mask,
            chosen.subjects,
            attached=by_hand is not None,
            expected={} if by_hand is not None else self._expected(shot, chosen, image, mask, places[where]),
            place=f"{where} {layer.lighting.time_of_day}",
        )

    def _expected(
        self, shot: Shot, drawn: DrawnFrame, image: bytes, mask: bytes, place: PlaceLook
    ) -> dict[str, ImageRef]:
        """Person -> the same frame with everybody as story and casting have them. Where the shot has them so it is the
        frame itself: what is compared is the shot's assets with the story, and no more."""
        people = [s for s in drawn.subjects if str(s.entity).startswith("character/") and s.share >= LEAST_SHARE]
        told = self._sheet.as_told(shot) if people else None
        if told is not None:
            image, mask = self._as_told(shot, drawn.frame.at, told, place)
        return {str(s.entity): ImageRef(data=image, mask=MaskRef(data=mask, value=s.value)) for s in people}

    def _as_told(
        self, shot: Shot, at: FrameAt, told: tuple[str, dict[str, MeshMaker]], place: PlaceLook
    ) -> tuple[bytes, bytes]:
        from shotwright.boards.frames import VERSION, draw_frame

        inputs = [told[0], shot.technical_layer.model_dump_json(), repr(place), at, dumps(self._size), str(VERSION)]

        def make() -> tuple[str, str]:
            picture = draw_frame(shot, at, told[1], place, self._size)
            return self._blobs.put(picture.image), self._blobs.put(picture.mask)

        image, mask = self._steps.do("likeness", shot.shot_id, inputs, tuple[str, str], make).value
        if not (self._blobs.has(image) and self._blobs.has(mask)):
            image, mask = make()
        return self._blobs.get(image) or b"", self._blobs.get(mask) or b""

    def _references(self, seen: Sequence[Seen]) -> dict[tuple[str, str], tuple[ImageRef, ...]]:
        """The library's own pictures of whoever is in a picture that a person attached."""
        found: dict[tuple[str, str], tuple[ImageRef, ...]] = {}
        for frame in seen:
            if not frame.attached:
                continue
            for who, look in people_of(frame):
                bound = frame.shot.digital_assets.bindings.get(EntityId(who))
                pictures = self._pictures(bound) if isinstance(bound, str) else ()
                if pictures:
                    found[who, look] = tuple(ImageRef(data=data) for data in pictures[:MOST_REFERENCES])
        return found


class _NotMeasured(Exception):
    """The frames are drawn and the eyes could not look."""

    def __init__(self, scene: ScreenedScene) -> None:
        super().__init__(scene.pending)
        self.scene = scene


class Strayed:
    """Tells which of two shots that disagree has left the plan."""

    def __init__(self, shots: Sequence[Shot], plan: Sequence[Shot]) -> None:
        self._pairs = {str(s.shot_id): (s, p) for s, p in zip(shots, plan, strict=True)}

    def whose(self, revision: Revision) -> Revision:
        """The revision, addressed to the other shot where this one stands as planned and that one does not."""
        other = revision.other_shot_id
        if other is None or other not in self._pairs or self._has(revision.shot_id, revision.field):
            return revision
        return revision.model_copy(update={"shot_id": other}) if self._has(other, revision.field) else revision

    def _has(self, shot: str, field: str) -> bool:
        stands, planned = (json.loads(s.model_dump_json()) for s in self._pairs[shot])
        try:
            return bool(get_field(stands, field) != get_field(planned, field))
        except ConfigError:
            return False


def _doubted(flag: Flag, found: Sequence[Flag]) -> Flag:
    """What is left of a flag of light on our own drawing when nobody could better it and by the rules the shot's light
    agrees with its scene: a warning, for it may be the drawing and not the plan."""
    if flag.code not in LIGHT or flag.severity != "error":
        return flag
    # Of two shots that disagree the rules may name either.
    if any(flag.shot_id in (f.shot_id, f.other_shot_id) and f.severity == "error" for f in found):
        return flag
    doubt = "by the shot's own figures its light agrees with the scene: it may be the drawing"
    return flag.model_copy(update={"severity": "warn", "detail": "; ".join(filter(None, (flag.detail, doubt)))})


def _weight_of(shot: str, flags: Sequence[Flag]) -> tuple[int, int]:
    return weight([flag for flag in flags if flag.shot_id == shot])


def _judged(shots: Sequence[Shot], flags: Sequence[Flag]) -> list[Shot]:
    """Mended shots with what the rules find in them now."""
    by_shot: dict[str, list[Flag]] = {}
    for flag in flags:
        by_shot.setdefault(flag.shot_id, []).append(flag)
    return [
        shot.model_copy(
            update={"continuity": shot.continuity.model_copy(update={"flags": tuple(by_shot.get(shot.shot_id, ()))})}
        )
        for shot in shots
    ]


def _with_frames(shots: Sequence[Shot], frames: Mapping[str, tuple[DrawnFrame, ...]]) -> tuple[Shot, ...]:
    return tuple(
        shot.model_copy(update={"frames": tuple(f.frame for f in frames.get(shot.shot_id, ()))}) for shot in shots
    )


def _count(flags: Sequence[Flag]) -> str:
    errors, warnings = weight(flags)
    return f"{errors} errors and {warnings} warnings"
