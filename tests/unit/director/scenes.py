"""Hand-made briefs: a scene written in a few lines of a little script, with what an Architect would have found."""

from __future__ import annotations

import re

from shotwright.model.ids import EntityId, SceneId, UnitId, entity_id
from shotwright.model.screenplay import Slugline, SpeechPart, Unit
from shotwright.model.story import (
    ActionNote,
    Beat,
    CastMember,
    Character,
    Location,
    Presence,
    SceneBrief,
    SceneStory,
    Segment,
    SpeechNote,
    Thing,
    Turn,
)

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"])")


def units_of(script: str) -> tuple[Unit, ...]:
    """`NAME: words` and `NAME (O.S.): (aside) words` are speeches, `> WORDS` directions, the rest action."""
    units: list[Unit] = []
    for paragraph, line in enumerate(filter(None, (x.strip() for x in script.strip().splitlines()))):
        speech = re.match(r"^(\^?)([^\W\d_a-z][^:()a-z]*?)(?: \(([^)]*)\))?: (.*)$", line)
        at = len(units)
        if line.startswith(">"):
            units.append(Unit(id=UnitId(f"un_{at}"), kind="direction", text=line[1:].strip(), paragraph=paragraph))
        elif speech:
            parts = tuple(
                SpeechPart(
                    kind="parenthetical" if p.startswith("(") else "words",
                    text=p.strip(" ()") if p.startswith("(") else p.strip(),
                )
                for p in re.findall(r"\([^)]*\)|[^()]+", speech[4])
                if p.strip()
            )
            text = " ".join(p.text for p in parts if p.kind == "words")
            units.append(
                Unit(
                    id=UnitId(f"un_{at}"), kind="speech", text=text, paragraph=paragraph, cue=speech[2],
                    extension=speech[3] or "", parts=parts, dual=bool(speech[1]),
                )
            )  # fmt: skip
        else:
            for sentence in _SENTENCE.split(line):
                units.append(Unit(id=UnitId(f"un_{len(units)}"), kind="action", text=sentence, paragraph=paragraph))
    return tuple(units)


def brief_of(
    script: str,
    cast: dict[str, str] | None = None,
    *,
    voices: tuple[str, ...] = (),
    beats: tuple[tuple[int, int, str, float], ...] = (),
    turn: int | None = None,
    segments: tuple[tuple[str, int, int], ...] = (),
    things: tuple[str, ...] = (),
    scene_type: str = "dialogue_2",
    eighths: int = 4,
    known_place: bool = True,
) -> SceneBrief:
    """A brief for the script. `cast` maps a cue to a display name; voices are heard on the phone and never seen."""
    units = units_of(script)
    cues = {u.cue for u in units if u.kind == "speech"}
    names = {cue: cue.title() for cue in sorted(cues)} | (cast or {})
    ids = {cue: entity_id("character", cue) for cue in names}
    prop_ids = {name: entity_id("prop", name) for name in things}
    actions, speeches = [], []
    people = [c for c in names if c not in voices]
    for n, unit in enumerate(units):
        if unit.kind == "action":
            actors = sorted(
                (unit.text.upper().find(c), ids[c])
                for c in people
                if re.search(rf"\b{re.escape(c)}\b", unit.text.upper())
            )
            held = bool(re.search(r"\b(Neither|Nobody)\b", unit.text))
            seen = tuple(i for name, i in prop_ids.items() if name in unit.text.lower())
            actions.append(ActionNote(unit=unit.id, actors=tuple(a for _, a in actors), things=seen, held=held))
        elif unit.kind == "speech":
            before = [u.cue for u in units[:n] if u.kind == "speech" and u.cue != unit.cue]
            after = [u.cue for u in units[n:] if u.kind == "speech" and u.cue != unit.cue]
            to = (before[-1:] or after[:1] or [c for c in people if c != unit.cue][:1])[:1]
            speeches.append(
                SpeechNote(
                    unit=unit.id, speakers=(ids[unit.cue],), addressees=tuple(ids[c] for c in to),
                    voice="phone" if unit.cue in voices else "voice_over" if "V.O." in unit.extension else "room",
                )
            )  # fmt: skip
    presences = tuple(Presence(character=ids[c], voice_only=c in voices, on_phone=c in voices) for c in names)
    found = beats or (((0, len(units) - 1, "calm", 0.3),) if units else ())
    place = EntityId("location/place")
    return SceneBrief(
        scene=SceneStory(
            scene_id=SceneId("sc_test"),
            slugline=Slugline(raw="INT. PLACE - NIGHT", int_ext="INT", place="PLACE", time="NIGHT"),
            units=units,
            location=place,
            scene_type=scene_type,
            presences=presences,
            speeches=tuple(speeches),
            actions=tuple(actions),
            segments=tuple(Segment(kind=k, first_unit=units[a].id, last_unit=units[b].id) for k, a, b in segments),
            beats=tuple(
                Beat(name=b, intensity=i, first_unit=units[x].id, last_unit=units[y].id) for x, y, b, i in found
            ),
            turn=Turn(unit=units[turn].id, what="it turns") if turn is not None else None,
            goal="Somebody must say it.",
            eighths=eighths,
        ),
        cast=tuple(
            CastMember(character=Character(id=ids[c], name=names[c], cues=(c,)), presence=p)
            for c, p in zip(names, presences, strict=True)
        ),
        place=Location(id=place, name="Place"),
        things=tuple(Thing(id=i, kind="prop", name=name) for name, i in prop_ids.items()),
        known_place=known_place,
    )


CAR = """
Rain. Wipers on the slow setting. NADIA, 40, drives. THEO, 44, rides beside her with a cake box on his knees.
THEO: You missed the turn.
NADIA: I didn't miss it. I drove past it.
Her phone, clipped to the dash, BUZZES and lights up: MUM. Neither moves. \
Theo reaches across and presses the speaker key.
MUM (O.S.): (filtered) Are you two nearly here? Your father has lit the candles twice.
Nadia looks at Theo. Theo looks at the cake box.
NADIA: (brightly) Ten minutes, Mum. Traffic.
She ends the call with her thumb. The wipers cross the glass.
THEO: There's no traffic.
NADIA: Then get out and walk, and tell them yourself what you did with the money, \
because I have said it to the mirror every night since March and I cannot make it sound like an accident.
The indicator TICKS. Nobody turns.
"""


def car() -> SceneBrief:
    """The two-hander in a car with a voice on the phone."""
    return brief_of(
        CAR, {"NADIA": "Nadia", "THEO": "Theo", "MUM": "Mum"}, voices=("MUM",), things=("phone", "cake box"),
        beats=((0, 15, "tension_rising", 0.5), (16, 16, "anger", 0.85), (17, 18, "dread", 0.6)), turn=16,
        scene_type="car", eighths=6,
    )  # fmt: skip
