"""A little film of our own: two shots in a car, its story and its library."""

from __future__ import annotations

import pytest
from tests.unit.exports.builders import MUM, NADIA, RUK, THEO, build_shot, line

from shotwright.exports import Film
from shotwright.model.asset import Asset
from shotwright.model.crew import Casting, FilmSettings
from shotwright.model.screenplay import Slugline, Unit
from shotwright.model.shot import Audio, Cut, Flag, Frame, MusicCue, NarrativeLayer, Shot
from shotwright.model.story import Character, Location, Look, Presence, SceneStory, SpeechNote, Story, Thing


def _unit(name: str, text: str, kind: str = "action") -> Unit:
    return Unit(id=name, kind=kind, text=text)


@pytest.fixture
def story() -> Story:
    scene = SceneStory(
        scene_id="sc_1",
        slugline=Slugline(raw="INT. HATCHBACK - NIGHT", int_ext="INT", place="HATCHBACK", time="NIGHT"),
        units=(
            _unit("un_1", "Nadia drives past the Quillon turning and the old Quillon place."),
            _unit("un_2", "Ten minutes, Mum. Traffic.", "speech"),
            _unit("un_3", "They drive home from Quillon in the rain."),
        ),
        location="location/hatchback",
        story_day="N1",
        eighths=6,
        presences=(Presence(character=NADIA), Presence(character=THEO), Presence(character=MUM, voice_only=True)),
        speeches=(SpeechNote(unit="un_2", speakers=(NADIA,), addressees=(MUM,)),),
    )
    return Story(
        title="Cake",
        characters=(
            Character(id=NADIA, name="Nadia", cues=("NADIA",), gender="female", age="40"),
            Character(id=THEO, name="Theo Varga", cues=("THEO",), aliases=("Theo",), gender="male", age="44"),
            Character(id=MUM, name="Mum", cues=("MUM",), gender="female", age="70"),
            Character(id=RUK, name="Ruk", cues=("RUK",), gender="male", age="45"),
        ),
        locations=(Location(id="location/hatchback", name="Hatchback", int_ext=("INT",)),),
        things=(Thing(id="prop/cake_box", kind="prop", name="cake box"),),
        looks=(
            Look(id="look/nadia.n1", character=NADIA, clothes=("red coat",)),
            Look(id="look/theo.n1", character=THEO, clothes=("grey suit",), condition=("soaked",)),
        ),
        scenes=(scene,),
    )


@pytest.fixture
def shots() -> tuple[Shot, Shot]:
    second = build_shot(
        "sh_2",
        label="001-0020",
        slate="1A",
        sequence_number=2,
        shot_number_in_scene=2,
        narrative_layer=NarrativeLayer(
            action_description="He looks away.", character_performance="Theo: ashamed.", shot_purpose="=It lands."
        ),
        audio=Audio(
            dialogue=(line("There is no traffic.", THEO, on_screen=False, voice="room"),),
            music_cue=MusicCue(state="continues"),
        ),
        frames=(Frame(at="first", sha256="a" * 64), Frame(at="last", sha256="b" * 64)),
        duration_frames=168,
        duration_seconds=7.0,
        cuts=(Cut(src_in=0, src_out=60), Cut(src_in=60, src_out=120)),
    )
    flag = Flag(code="CSIZE", severity="warn", shot_id="sh_2", agent="cinematographer", field="x", message="m")
    flagged = second.continuity.model_copy(update={"flags": (flag,)})
    return build_shot(), second.model_copy(update={"continuity": flagged})


@pytest.fixture
def film(story: Story, shots: tuple[Shot, Shot]) -> Film:
    return Film(
        shots=shots,
        story=story,
        settings=FilmSettings(style="35mm film, natural colour"),
        castings=(
            Casting(entity=NADIA, kind="character", key="char_nadia_v01", prompt="the woman in the green oilskin"),
            Casting(entity=THEO, kind="character", proposed_key="char_theo_v01"),
        ),
        assets=(
            Asset(key="char_nadia_v01", kind="character", name="Nadia", pictures=("front.png",)),
            Asset(key="loc_hatchback_v01", kind="location", name="Hatchback", pictures=("side_b.png", "side_a.png")),
        ),
    )
