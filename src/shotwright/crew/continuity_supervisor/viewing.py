"""The Supervisor's eyes: what the vision service is asked about the frames of a scene, and its issues as flags."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shotwright.model.shot import Continuity, Flag, Review
from shotwright.model.vision import (
    CharacterReferences,
    FrameIntent,
    ImageRef,
    MaskRef,
    QualityImage,
    QualityRequest,
    SequenceRequest,
    SequenceShot,
    SubjectRegion,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shotwright.model.frame import FramedSubject
    from shotwright.model.shot import Shot
    from shotwright.model.vision import ImageQuality, MeasuredOn, ShotValidation
    from shotwright.model.vision_issue import Issue

MOST_PICTURES = 64
"""Of one request, references included (the wire's limit)."""
WHOLE_LAYERS = {
    "digital_assets.characters": "digital_assets", "digital_assets.clothes": "digital_assets",
    "digital_assets.objects": "digital_assets",
    "technical_layer.camera.shot_size": "technical_layer.camera",
    "technical_layer.camera.roll": "technical_layer.camera",
}  # fmt: skip
"""Fields that a mend cannot touch by themselves: a list of keys goes with its bindings, a size with a distance."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The frame of one shot that is looked at."""

    shot: Shot
    image: bytes
    mask: bytes = b""
    """Empty of a picture that a person attached."""
    subjects: tuple[FramedSubject, ...] = ()
    attached: bool = False
    expected: Mapping[str, ImageRef] = field(default_factory=dict)
    """Character -> this very frame with everybody as story and casting have them."""
    place: str = ""
    """Frames of one place and continuous time are compared with each other."""

    @property
    def measured_on(self) -> MeasuredOn:
        return "pictures" if self.attached else "previz"


def people_of(seen: Seen) -> list[tuple[str, str]]:
    """(character, look) of everybody staged whose face this frame is of; a shoulder in the foreground is nobody."""
    return [
        (str(s.entity), s.look)
        for s in seen.shot.technical_layer.staging.subjects
        if str(s.entity).startswith("character/") and not s.foreground and s.screen_position != "off"
    ]


def sequence_requests(
    frames: Sequence[Seen], references: Mapping[tuple[str, str], Sequence[ImageRef]], threshold: float
) -> list[SequenceRequest]:
    """What is asked of `/validate-shot-consistency`: the scene in as few requests as the wire's limit allows, with the
    references of everybody who is in them. Drawn frames and attached pictures are asked about apart."""
    found: list[SequenceRequest] = []
    for measured_on in ("previz", "pictures"):
        waiting = [f for f in frames if f.measured_on == measured_on]
        while waiting:
            batch: list[Seen] = []
            wanted: dict[tuple[str, str], None] = {}
            for frame in waiting:
                more = dict.fromkeys(k for k in people_of(frame) if k in references or k[0] in frame.expected)
                shown = sum(1 + bool(seen.expected) for seen in (*batch, frame))
                pictures = sum(len(references.get(k, ())) for k in {**wanted, **more}) + shown
                if batch and pictures > MOST_PICTURES:
                    break
                batch.append(frame)
                wanted |= more
            waiting = waiting[len(batch) :]
            found.append(
                SequenceRequest(
                    characters=tuple(
                        CharacterReferences(character=who, look=look, references=tuple(references.get((who, look), ())))
                        for who, look in wanted
                    ),
                    shots=tuple(_sequence_shot(frame) for frame in batch),
                    threshold=threshold,
                    measured_on="previz" if measured_on == "previz" else "pictures",
                )
            )
    return found


def _sequence_shot(frame: Seen) -> SequenceShot:
    people = people_of(frame)
    regions = regions_of(frame, {who for who, _ in people})
    return SequenceShot(
        number=frame.shot.shot_number_in_scene,
        shot_id=frame.shot.shot_id,
        frames=(ImageRef(data=frame.image),),
        subjects=regions,
        camera=frame.shot.technical_layer.camera,
        lighting=frame.shot.technical_layer.lighting,
        staged=frame.shot.technical_layer.staging.subjects,
        expects=tuple(dict.fromkeys(who for who, _ in people)),
    )


def regions_of(frame: Seen, who: Iterable[str]) -> tuple[SubjectRegion, ...]:
    """Where people are in the frame: exact in a drawn one; in an attached picture of one person, the whole of it."""
    wanted = set(who)
    if frame.attached:
        people = people_of(frame)
        if len(people) != 1:
            return ()
        return (SubjectRegion(character=people[0][0], look=people[0][1], bbox=(0.0, 0.0, 1.0, 1.0)),)
    return tuple(
        SubjectRegion(
            character=str(s.entity),
            look=s.look,
            mask=MaskRef(data=frame.mask, value=s.value),
            parts=s.parts,
            points=s.points,
            expected=frame.expected.get(str(s.entity)),
        )
        for s in frame.subjects
        if str(s.entity) in wanted
    )


def quality_requests(frames: Sequence[Seen]) -> list[QualityRequest]:
    """What is asked of `/analyze-quality`: the frames of each place and continuous time against their own median."""
    runs: dict[tuple[str, str], list[Seen]] = {}
    for frame in frames:
        runs.setdefault((frame.place, frame.measured_on), []).append(frame)
    found: list[QualityRequest] = []
    for run in runs.values():
        # A long scene is parted evenly: a median wants company.
        parts = -(-len(run) // MOST_PICTURES)
        size = -(-len(run) // parts)
        for start in range(0, len(run), size):
            batch = run[start : start + size]
            found.append(
                QualityRequest(images=tuple(_quality_image(frame) for frame in batch), measured_on=batch[0].measured_on)
            )
    return found


def _quality_image(frame: Seen) -> QualityImage:
    layer = frame.shot.technical_layer
    return QualityImage(
        number=frame.shot.shot_number_in_scene,
        shot_id=frame.shot.shot_id,
        image=ImageRef(data=frame.image),
        intent=FrameIntent(
            camera=layer.camera,
            lighting=layer.lighting,
            composition=layer.camera.composition,
            tone=tuple(filter(None, (frame.shot.contextual_layer.tone_and_mood,))),
        ),
        subjects=tuple(
            region.model_copy(update={"expected": None})
            for region in regions_of(frame, {str(s.entity) for s in frame.subjects})
        ),
        staged=layer.staging.subjects,
    )


def flags_of(issues: Iterable[Issue]) -> list[Flag]:
    """The service's issues as flags on shots, with the field as a whole that its owner must answer for."""
    return [
        Flag(
            code=issue.code,
            severity=issue.severity,
            shot_id=issue.shot_id,
            agent=issue.agent,
            field=WHOLE_LAYERS.get(issue.field, issue.field),
            measured=_told(issue.measured),
            threshold=_told(issue.threshold),
            message=issue.message,
            detail=issue.detail,
            hint=issue.hint,
            other_shot_id=issue.other_shot_id or None,
        )
        for issue in issues
    ]


def _told(value: float | str | None) -> str:
    return "" if value is None else value if isinstance(value, str) else f"{value:.3g}"


def record_viewing(
    shots: Sequence[Shot],
    flags: Sequence[Flag],
    people: Mapping[str, ShotValidation],
    pictures: Mapping[str, ImageQuality],
    rounds: Mapping[str, int],
    attached: Iterable[str] = (),
) -> list[Shot]:
    """Write what was seen into each shot: scores, what they were measured on, and the flags of frames beside those of
    the rules. An error asks for a person; everything that could be judged by no picture says so."""
    by_shot: dict[str, list[Flag]] = {}
    for flag in flags:
        by_shot.setdefault(flag.shot_id, []).append(flag)
    by_hand = set(attached)
    result: list[Shot] = []
    for shot in shots:
        found = (*shot.continuity.flags, *by_shot.get(shot.shot_id, ()))
        failing = [flag for flag in found if flag.severity == "error"]
        validation, picture = people.get(shot.shot_id), pictures.get(shot.shot_id)
        judged = validation.characters if validation is not None else ()
        scores = {c.character: round(c.score, 4) for c in judged if c.score is not None}
        continuity = Continuity(
            status="needs_human" if failing else "passed",
            measured_on="pictures" if shot.shot_id in by_hand else "previz",
            consistency=scores,
            quality=round(picture.overall, 4) if picture is not None and picture.overall is not None else None,
            rounds=max(shot.continuity.rounds, rounds.get(shot.shot_id, 0)),
            flags=found,
        )
        mended = Review() if shot.review.status == "needs_human" else shot.review
        review = Review(status="needs_human", note=failing[0].message) if failing else mended
        result.append(shot.model_copy(update={"continuity": continuity, "review": review}))
    return result
