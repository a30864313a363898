"""CPRES and CEST: only those are in frame who are in the scene, voices come from where they are, everyone is placed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.model.ids import kind_of

if TYPE_CHECKING:
    from shotwright.crew.continuity_supervisor.footage import Footage, View
    from shotwright.model.shot import DialogueLine

SUBJECTS = "technical_layer.staging.subjects"


def inspect_presence(footage: Footage) -> None:
    """Flag people in frame who are not in the scene, and voices that contradict what the frame shows."""
    things = {*footage.brief.scene.things, *(t.id for t in footage.brief.things)}
    for view in footage.views:
        for figure in view.figures:
            kind = kind_of(figure.entity)
            if not figure.in_frame or (kind not in ("character", "animal", "prop", "vehicle")):
                continue
            presence = footage.presences.get(figure.entity)
            path = f"{SUBJECTS}.{figure.index}"
            if presence is None:
                if kind == "character" or figure.entity not in things:
                    _flag(
                        footage,
                        view,
                        path,
                        f"{footage.name(figure.entity)} is in frame in shot {view.number} but not in the scene.",
                    )
            elif presence.voice_only and not view.element:
                _flag(
                    footage,
                    view,
                    path,
                    f"{footage.name(figure.entity)} is only a voice in this scene, yet in frame in shot {view.number}.",
                )
            elif not view.element and not view.shot.added:
                _inspect_arrival(footage, view, figure.entity, path)
        _inspect_voices(footage, view)


def _flag(footage: Footage, view: View, path: str, message: str, *, agent: str = "cinematographer") -> None:
    footage.flag(
        view, "CPRES", "error", "director" if agent == "director" else "cinematographer", path, message,
        hint="The story graph says who is in the place and how a voice is heard.",
    )  # fmt: skip


def _inspect_arrival(footage: Footage, view: View, entity: str, path: str) -> None:
    """Nobody is in frame before the unit at which they come, nor after the one at which they go."""
    presence = footage.presences[entity]
    places = [footage.order[u] for u in view.shot.source.units if u in footage.order]
    if not places:
        return
    enters = footage.order.get(presence.enters) if presence.enters is not None else None
    exits = footage.order.get(presence.exits) if presence.exits is not None else None
    if enters is not None and exits is not None and exits < enters:
        return
    if enters is not None and max(places) < enters:
        _flag(footage, view, path, f"{footage.name(entity)} is in frame in shot {view.number} before arriving.")
    if exits is None or min(places) <= exits or _returns(footage, entity, exits, max(places)):
        return
    message = f"{footage.name(entity)} is in frame in shot {view.number} after leaving."
    if _returns(footage, entity, exits, len(footage.order)):
        footage.flag(
            view, "CPRES", "warn", "cinematographer", path, message,
            detail="The script brings them back later in the scene.",
        )  # fmt: skip
    else:
        _flag(footage, view, path, message)


def _returns(footage: Footage, entity: str, exits: int, now: int) -> bool:
    """The script has the person act or speak in the place again after the exit."""
    scene = footage.brief.scene
    acts = [note.unit for note in scene.actions if entity in note.actors]
    speaks = [note.unit for note in scene.speeches if entity in note.speakers and note.voice in ("room", "off_screen")]
    return any(exits < footage.order.get(unit, -1) <= now for unit in (*acts, *speaks))


def _inspect_voices(footage: Footage, view: View) -> None:
    speaking: set[str] = set()
    for at, line in enumerate(view.shot.audio.dialogue):
        speakers = line.speakers or (line.speaker,)
        speaking.update(speakers)
        _inspect_line(footage, view, line, at, speakers)
    for figure in view.figures:
        subject = figure.subject
        path = f"{SUBJECTS}.{figure.index}.mouth"
        if not figure.in_frame or kind_of(figure.entity) != "character":
            continue
        if subject.mouth == "speaking" and figure.entity not in speaking:
            _flag(
                footage,
                view,
                path,
                f"{footage.name(figure.entity)}'s mouth speaks in shot {view.number}, but no line there is theirs.",
            )


def _inspect_line(footage: Footage, view: View, line: DialogueLine, at: int, speakers: tuple[str, ...]) -> None:
    path = f"audio.dialogue.{at}"
    for speaker in speakers:
        name = footage.name(speaker)
        presence = footage.presences.get(speaker)
        if presence is None:
            _flag(
                footage,
                view,
                f"{path}.speaker",
                f"{name} speaks in shot {view.number} but is not in the scene.",
                agent="director",
            )
            continue
        figure = view.by.get(speaker)
        # A foreground shoulder has no face: its owner is in the place and not on screen.
        shown = line.voice == "room" and figure is not None and figure.in_frame and not figure.subject.foreground
        if speaker == line.speaker and line.on_screen != shown:
            how = "is not in that frame" if line.on_screen else "is in that frame"
            _flag(
                footage, view, f"{path}.on_screen",
                f"The line of {name} in shot {view.number} is marked {'on' if line.on_screen else 'not on'} "
                f"screen, but {name} {how}.",
                agent="director",
            )  # fmt: skip
        if presence.voice_only and line.voice == "room":
            footage.flag(
                view, "CPRES", "warn", "architect", f"{path}.voice",
                f"{name} is heard in shot {view.number} as if in the room, but is only a voice in this scene.",
                measured="room", threshold="off_screen, voice_over or phone", hint="Say how the voice is heard.",
            )  # fmt: skip
        heard = footage.voices.get(line.unit)
        called = line.voice in ("phone", "off_screen") and (presence.on_phone or footage.intercut)
        if heard is not None and heard != line.voice and not called and speaker == speakers[0]:
            _flag(
                footage, view, f"{path}.voice",
                f"{name}'s line in shot {view.number} is marked {line.voice.replace('_', ' ')}; "
                f"the script has it {heard.replace('_', ' ')}.",
                agent="director",
            )  # fmt: skip
        if figure is None or not figure.in_frame:
            continue
        if line.voice == "off_screen" and not figure.subject.foreground:
            _flag(
                footage,
                view,
                f"{SUBJECTS}.{figure.index}",
                f"{name} is heard off screen in shot {view.number}, yet in frame.",
            )
        elif line.voice == "phone" and not presence.on_phone:
            _flag(
                footage,
                view,
                f"{SUBJECTS}.{figure.index}",
                f"{name} is heard through the phone in shot {view.number}, yet in frame.",
            )
        elif line.voice == "voice_over" and figure.subject.mouth == "speaking" and not _also_speaks(view, speaker):
            _flag(
                footage, view, f"{SUBJECTS}.{figure.index}.mouth",
                f"{name}'s mouth moves in shot {view.number} to words that are voice-over.",
            )  # fmt: skip
        elif line.voice == "room" and figure.subject.mouth == "closed" and _face_seen(view, speaker):
            _flag(
                footage, view, f"{SUBJECTS}.{figure.index}.mouth",
                f"{name} speaks in frame in shot {view.number} with the mouth closed.",
            )  # fmt: skip


def _also_speaks(view: View, speaker: str) -> bool:
    return any(
        line.voice == "room" and speaker in (line.speakers or (line.speaker,)) for line in view.shot.audio.dialogue
    )


def _face_seen(view: View, speaker: str) -> bool:
    figure = view.by[speaker]
    return (
        not figure.subject.foreground and view.camera.framing not in ("insert", "pov") and view.camera.facing != "back"
    )


def inspect_placing(footage: Footage) -> None:
    """CEST: flag those who cannot be placed by the third shot, or are spoken to before they have been seen."""
    scene = footage.brief.scene
    frames = [v for v in footage.views if v.camera.framing not in ("insert", "pov")]
    if (
        footage.brief.known_place
        or scene.withheld is not None
        or not frames
        or scene.scene_type in ("montage", "series_of_shots")
    ):
        return
    if all(v.element for v in footage.views):
        return
    by_shot = footage.rules.placed_by_shot
    opening = frames[:by_shot]
    if not any(v.size <= 2 or v.shot.function in ("establishing", "master") for v in opening):
        footage.flag(
            opening[-1], "CEST", "warn", "cinematographer", "technical_layer.camera.shot_size",
            f"By shot {opening[-1].number} no frame has shown where {_set(footage)} is: a new place needs one "
            "wide enough.",
            measured="none medium wide or wider", threshold=f"within {by_shot} shots", hint="Open wider, or "
            "withhold and say where it is revealed.",
        )  # fmt: skip
    seen: dict[str, View] = {}
    for view in footage.views:
        for figure in view.figures:
            if figure.in_frame:
                seen.setdefault(figure.entity, view)
    last = opening[-1]
    carried = [footage.order.get(u, 0) for v in footage.views[: last.index + 1] for u in v.shot.source.units]
    reached = max(carried, default=0)
    for character, presence in footage.presences.items():
        later = presence.enters is not None and footage.order.get(presence.enters, 0) > reached
        if presence.voice_only or later or kind_of(character) != "character":
            continue
        if _engaged(footage, character, last, on_phone=presence.on_phone or footage.intercut) and (
            character not in seen or seen[character].index > last.index
        ):
            footage.flag(
                last, "CEST", "warn", "cinematographer", SUBJECTS,
                f"{footage.name(character)} takes part by shot {last.number} and has not been seen: nobody can place "
                f"{footage.name(character)} in {_set(footage)}.",
                measured="unseen", threshold=f"by shot {last.number}", hint="Bring the person into one of the "
                "first frames.",
            )  # fmt: skip


def _set(footage: Footage) -> str:
    return footage.brief.place.name or "the place"


def _engaged(footage: Footage, character: str, last: View, *, on_phone: bool) -> bool:
    """The person speaks in the place or is spoken to in the opening shots; over the phone only the first counts."""
    for view in footage.views[: last.index + 1]:
        for line in view.shot.audio.dialogue:
            if line.voice != "room":
                continue
            if character in (line.speakers or (line.speaker,)) or (line.addressee == character and not on_phone):
                return True
    return False
