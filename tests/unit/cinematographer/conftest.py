"""Scenes built by hand, as the Director leaves them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from shotwright.craft.beats import beat_looks
from shotwright.model.crew import DirectedScene, DirectedShot, ShotIntent, WrittenDirection
from shotwright.model.ids import EntityId, SceneId, ShotId, UnitId
from shotwright.model.screenplay import Slugline, Unit
from shotwright.model.shot import Cut, DialogueLine, EmotionalBeat, NarrativeLayer
from shotwright.model.story import (
    ActionNote,
    Allowance,
    CastMember,
    Character,
    Location,
    Presence,
    SceneBrief,
    SceneStory,
    SpeechNote,
    Thing,
)

if TYPE_CHECKING:
    from collections.abc import Callable

PLACE = EntityId("location/place")


class SceneMaker:
    """Collects units and shots, then gives (brief, directed)."""

    def __init__(self, scene_type: str, heading: str, people: list[str], **scene: Any) -> None:
        self.scene_type, self.heading, self.people, self.scene = scene_type, heading, people, scene
        self.units: list[Unit] = []
        self.actions: list[ActionNote] = []
        self.speeches: list[SpeechNote] = []
        self.shots: list[DirectedShot] = []
        self.things: list[str] = []
        self.voices: list[str] = []
        self.brief_fields: dict[str, Any] = {}

    def act(self, text: str, **note: Any) -> str:
        unit = UnitId(f"un_{len(self.units)}")
        self.units.append(Unit(id=unit, kind="action", text=text))
        self.actions.append(ActionNote(unit=unit, **note))
        return unit

    def say(self, speaker: str, text: str, to: str | None = None, voice: str = "room") -> str:
        unit = UnitId(f"un_{len(self.units)}")
        self.units.append(Unit(id=unit, kind="speech", text=text, cue=speaker))
        to_whom = (EntityId(f"character/{to}"),) if to else ()
        note = SpeechNote(unit=unit, speakers=(EntityId(f"character/{speaker}"),), addressees=to_whom, voice=voice)
        self.speeches.append(note)
        return unit

    def shot(
        self,
        units: list[str],
        focus: str,
        on: list[str],
        beat: tuple[str, float] = ("calm", 0.4),
        words: dict[str, str] | None = None,
        function: str = "coverage",
        written: tuple[WrittenDirection, ...] = (),
        place: str = PLACE,
        present: list[str] | None = None,
        **intent: Any,
    ) -> ShotId:
        shot_id = ShotId(f"sh_{len(self.shots)}")
        lines = []
        for note in self.speeches:
            if note.unit in units:
                text = (words or {}).get(note.unit) or next(u.text for u in self.units if u.id == note.unit)
                lines.append(
                    DialogueLine(
                        speaker=note.speakers[0],
                        addressee=note.addressees[0] if note.addressees else None,
                        text=text,
                        unit=note.unit,
                        start_seconds=0.4,
                        seconds=2.0,
                        voice=note.voice,
                    )
                )
        who = self.people if present is None else present
        continues = intent.pop("continues", None)
        self.shots.append(
            DirectedShot(
                shot_id=shot_id,
                units=tuple(UnitId(u) for u in units),
                continues_shot_id=continues,
                duration_frames=144,
                cuts=(Cut(src_in=0, src_out=144),),
                function=function,
                narrative=NarrativeLayer(action_description="", character_performance="", shot_purpose=""),
                dialogue=tuple(lines),
                intent=ShotIntent(
                    focus=focus,
                    on=tuple(EntityId(e if "/" in e else f"character/{e}") for e in on),
                    present=tuple(EntityId(f"character/{p}") for p in who),
                    place=EntityId(place),
                    beat=EmotionalBeat(name=beat[0], intensity=beat[1]),
                    written=written,
                    **intent,
                ),
            )
        )
        return shot_id

    def done(self) -> tuple[SceneBrief, DirectedScene]:
        scene_id = SceneId("sc_test")
        presences = tuple(
            Presence(
                character=EntityId(f"character/{p}"),
                voice_only=p in self.voices,
                speeches=sum(1 for s in self.speeches if s.speakers[0] == f"character/{p}"),
                holding=tuple(EntityId(h) for h in self.scene.get("holding", {}).get(p, ())),
            )
            for p in (*self.people, *self.voices)
        )
        int_ext = self.heading.split(".")[0]
        fields = {k: v for k, v in self.scene.items() if k != "holding"}
        story = SceneStory(
            scene_id=scene_id,
            slugline=Slugline(raw=self.heading, int_ext=int_ext, place="PLACE"),
            units=tuple(self.units),
            location=PLACE,
            scene_type=self.scene_type,
            presences=presences,
            speeches=tuple(self.speeches),
            actions=tuple(self.actions),
            **fields,
        )
        cast = tuple(
            CastMember(character=Character(id=p.character, name=p.character.split("/")[1].title()), presence=p)
            for p in presences
        )
        brief = SceneBrief(
            scene=story,
            cast=cast,
            place=Location(id=PLACE, name="The place"),
            things=tuple(
                Thing(id=EntityId(t), kind=t.split("/")[0], name=t.split("/")[1].replace("_", " ")) for t in self.things
            ),
            **({"allowance": Allowance()} | self.brief_fields),
        )
        return brief, DirectedScene(scene_id=scene_id, shots=tuple(self.shots))


@pytest.fixture
def scene_maker() -> Callable[..., SceneMaker]:
    return SceneMaker


def car_scene() -> tuple[SceneBrief, DirectedScene]:
    """Two in a car at night; a mother's voice on the phone; the one sentence that neither wanted said."""
    s = SceneMaker(
        "car", "INT. HATCHBACK (MOVING) - NIGHT", ["nadia", "theo"], time_of_day="night", driver_side="right",
        holding={"theo": ["prop/cake_box"]},
    )  # fmt: skip
    s.voices = ["mum"]
    s.things = ["prop/phone", "prop/cake_box"]
    nadia, theo, phone, box = "character/nadia", "character/theo", "prop/phone", "prop/cake_box"
    rain = s.act("Rain.")
    wipers = s.act("Wipers on the slow setting.")
    drives = s.act("NADIA, 40, drives.", actors=(nadia,), poses=((nadia, "drive"),))
    rides = s.act("THEO, 44, rides beside her with a cake box on his knees.", actors=(theo,), things=(box,))
    missed = s.say("theo", "You missed the turn.", "nadia")
    past = s.say("nadia", "I didn't miss it. I drove past it.", "theo")
    buzz = s.act("Her phone, clipped to the dash, BUZZES and lights up: MUM.", things=(phone,))
    still = s.act("Neither moves.", held=True)
    press = s.act("Theo reaches across and presses the speaker key.", actors=(theo,), things=(phone,))
    mum = s.say("mum", "Are you two nearly here? Your father has lit the candles twice.", None, "phone")
    looks = s.act("Nadia looks at Theo.", actors=(nadia,), looks_at=((nadia, theo),))
    looks_box = s.act("Theo looks at the cake box.", actors=(theo,), looks_at=((theo, box),), things=(box,))
    ten = s.say("nadia", "Ten minutes, Mum. Traffic.", "mum")
    ends = s.act("She ends the call with her thumb.", actors=(nadia,), things=(phone,))
    wipe = s.act("The wipers cross the glass.")
    traffic = s.say("theo", "There's no traffic.", "nadia")
    money = s.say(
        "nadia",
        "Then get out and walk, and tell them yourself, because I cannot make it sound like an accident.",
        "theo",
    )
    ticks = s.act("The indicator TICKS.")
    nobody = s.act("Nobody turns.", held=True)
    s.shot(
        [rain, wipers, drives, rides, missed, past],
        "exchange",
        ["nadia", "theo"],
        ("tension_rising", 0.4),
        function="master",
    )
    s.shot([buzz, still, press], "thing", [phone], ("tension_rising", 0.5))
    s.shot([mum, looks], "listener", ["nadia"], ("tension_rising", 0.5))
    s.shot([looks_box, ten], "listener", ["theo"], ("tension_rising", 0.5))
    s.shot([ends, wipe, traffic], "exchange", ["nadia", "theo"], ("tension_rising", 0.6))
    s.shot([money], "speaker", ["nadia"], ("anger", 0.75), {money: "Then get out and walk, and tell them yourself,"})
    s.shot([money], "listener", ["theo"], ("anger", 0.75), {money: "because"})
    s.shot(
        [money],
        "speaker",
        ["nadia"],
        ("anger", 0.8),
        {money: "I cannot make it sound like an accident."},
        turn=True,
        peak=True,
    )
    s.shot([ticks, nobody], "exchange", ["nadia", "theo"], ("anger", 0.5), function="button", hold_seconds=1.5)
    return s.done()


@pytest.fixture
def car() -> tuple[SceneBrief, DirectedScene]:
    return car_scene()


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


def invent(seed: int) -> tuple[SceneBrief, DirectedScene]:
    """A scene of some kind, made up from a seed."""
    pick = random.Random(seed)
    kind = TYPES[seed % len(TYPES)]
    people = [f"p{i}" for i in range(pick.choice(PEOPLE.get(kind, (1, 2, 3, 4, 5, 7))))]
    heading = "INT. CAR - DAY" if kind == "car" else pick.choice(["INT. ROOM - NIGHT", "EXT. FIELD - DAY"])
    side = pick.choice(["left", "right"]) if kind == "car" else None
    s = SceneMaker(kind, heading, people, driver_side=side, holding={people[0]: ["prop/ring"]})
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


@pytest.fixture
def invented() -> Callable[[int], tuple[SceneBrief, DirectedScene]]:
    """`invented(seed)` -> (brief, directed)."""
    return invent
