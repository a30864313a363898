"""Scenes of every kind, made up by a seeded generator, hold the continuity rules by construction."""

from __future__ import annotations

import random

import pytest

from shotwright.craft.beats import beat_looks
from shotwright.crew.cinematographer import check_photography, photograph_scene
from shotwright.crew.continuity_supervisor import inspect_scene
from shotwright.model.crew import FilmSettings, PhotographedScene
from shotwright.model.shot import Audio, ContextualLayer, DigitalAssets, Shot, Source

PEOPLE = {
    "dialogue_2": (2,),
    "car": (2, 3, 4),
    "standoff_3": (3,),
    "intimacy": (2,),
    "monologue": (1,),
    "discovery": (1, 2),
}
TYPES = [
    "dialogue_2", "dialogue_group", "phone_intercut", "car", "standoff_3", "action_chase", "entrance", "discovery",
    "intimacy", "suspense", "monologue", "activity",
]  # fmt: skip
LETTER = "prop/letter"


def invent(scene_maker, seed: int):
    pick = random.Random(seed)
    kind = TYPES[seed % len(TYPES)]
    people = [f"p{i}" for i in range(pick.choice(PEOPLE.get(kind, (1, 2, 3, 4, 5, 7))))]
    heading = "INT. CAR - DAY" if kind == "car" else pick.choice(["INT. ROOM - NIGHT", "EXT. FIELD - DAY"])
    side = pick.choice(["left", "right"]) if kind == "car" else None
    s = scene_maker(kind, heading, people, driver_side=side, holding={people[0]: ["prop/ring"]})
    s.things = ["prop/ring", LETTER]
    count = pick.randint(4, 14)
    for i in range(count):
        beat, turn = (pick.choice(sorted(beat_looks())), round(pick.random(), 2)), i == count * 2 // 3
        who = pick.choice(people)
        actor = f"character/{who}"
        rest = [p for p in people if p != who]
        other = pick.choice(rest) if rest else None
        what = pick.choices(["say", "act", "travel", "thing", "turns", "pov", "enters"], [6, 3, 1, 1, 3, 0.4, 0.3])[0]
        if what == "say" or (what == "turns" and other is None):
            focus = pick.choice(["speaker", "speaker", "listener", "exchange"]) if other else "speaker"
            on = {"speaker": [who], "listener": [other], "exchange": [who, other]}[focus]
            s.shot([s.say(who, "Some words to say.", other)], focus, on, beat, turn=turn)
        elif what == "turns":
            units = [s.say(who, "One.", other), s.say(other, "Two.", who)]
            s.shot(units, "exchange", [who, other], beat, turn=turn)
        elif what == "travel":
            s.shot([s.act("Crosses.", actors=(actor,), travel=True)], "travel", [who], beat, travel=True, turn=turn)
        elif what == "enters":
            s.shot([s.act("Enters.", actors=(actor,), enters=(actor,))], "action", [who], beat, turn=turn)
        elif what == "thing":
            unit = s.act("Takes the letter.", actors=(actor,), things=(LETTER,), takes=((actor, LETTER),))
            s.shot([unit], "thing", [LETTER], beat, turn=turn)
        elif what == "pov":
            s.shot([s.act("Looks.", actors=(actor,), looks_at=((actor, LETTER),))], "pov", [who], beat, turn=turn)
        else:
            pose = pick.choice(["sit", "stand", "walk", "kneel"])
            on = [who, other] if other and pick.random() < 0.3 else [who]
            s.shot([s.act("Moves.", actors=(actor,), poses=((actor, pose),))], "action", on, beat, turn=turn)
    return s.done()


def complete(brief, directed, found) -> list[Shot]:
    shots = []
    for number, (asked, given) in enumerate(zip(directed.shots, found.shots, strict=True), 1):
        shown = {x.entity for x in given.technical.staging.subjects if x.screen_position != "off"}
        lines = tuple(line.model_copy(update={"on_screen": line.speaker in shown}) for line in asked.dialogue)
        shots.append(
            Shot(
                shot_id=asked.shot_id,
                scene_id=brief.scene.scene_id,
                setup_id=given.setup_id,
                shot_number_in_scene=number,
                duration_frames=asked.duration_frames,
                duration_seconds=asked.duration_frames / 24,
                cuts=asked.cuts,
                source=Source(units=asked.units),
                function=asked.function,
                narrative_layer=asked.narrative,
                contextual_layer=ContextualLayer(
                    genre_aesthetics=(), tone_and_mood="", emotional_beat=asked.intent.beat
                ),
                technical_layer=given.technical,
                audio=Audio(dialogue=lines),
                digital_assets=DigitalAssets(),
            )
        )
    return shots


@pytest.mark.parametrize("seed", range(72))
def test_an_invented_scene_breaks_no_rule(scene_maker, seed: int) -> None:
    brief, directed = invent(scene_maker, seed)
    found = photograph_scene(brief, directed, FilmSettings())
    assert PhotographedScene.model_validate_json(found.model_dump_json()) == found
    assert check_photography(brief, directed, found) == ()
    flags = inspect_scene(complete(brief, directed, found), brief, FilmSettings())
    mine = [flag for flag in flags if flag.agent == "cinematographer"]
    assert [flag.message for flag in mine if flag.severity == "error"] == []
    assert len(mine) <= 3
