"""A three-scene story of our own with every kind of finding in it, and the briefs that go with it."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from shotwright.adapters.story_store import SqliteStoryStore
from shotwright.adapters.story_store.arango import ArangoSettings, ArangoStoryStore
from shotwright.model.screenplay import Slugline, Unit
from shotwright.model.story import (
    ActionNote,
    Beat,
    CastMember,
    Character,
    Evidence,
    Location,
    Look,
    Neighbour,
    PlotPoint,
    Presence,
    SceneBrief,
    SceneStory,
    SpeechNote,
    Story,
    Thing,
)
from shotwright.production.projection import project_story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from shotwright.ports.story_store import StoryStore

STORES: dict[str, Callable[[Path], StoryStore]] = {
    "sqlite": lambda folder: SqliteStoryStore(folder / "graph.db"),
    "sqlite in memory": lambda folder: SqliteStoryStore(None),
    "sqlite without full text": lambda folder: _without_full_text(folder / "plain.db"),
}
"""Every embedded adapter that the contract suite runs on: a folder of the test's own -> an empty store."""
STAND_IN, LIVE = "arangodb (stand-in)", "arangodb (live)"
"""The adapter that needs a server: the one of the tests, and a real one where there is one."""

MARA = Character(id="character/mara", name="Mara", cues=("MARA",), gender="female", age="40", role="lead")
ODELL = Character(id="character/odell", name="Odell", cues=("ODELL",), gender="male", age="70", role="supporting")
HOUSE = Location(id="location/house", name="House", int_ext=("INT",))
KITCHEN = Location(id="location/house.kitchen", name="Kitchen", parent="location/house", int_ext=("INT",))
QUAY = Location(id="location/quay", name="Quay", int_ext=("EXT",))
RING = Thing(id="prop/ring", kind="prop", name="ring", hero=True, evidence=Evidence(units=("un_2",), confidence=0.9))
KETTLE = Thing(id="prop/kettle", kind="prop", name="kettle")
COAT = Look(id="look/mara.coat", character="character/mara", description="oilskin coat", clothes=("oilskin coat",))
DRESS = Look(id="look/mara.dress", character="character/mara", description="green dress", clothes=("green dress",))
RING_SHOWN = PlotPoint(
    id="plot_point/ring",
    kind="introduction",
    scene="sc_a",
    summary="The ring turns up in the flour.",
    about="prop/ring",
)
RING_GIVEN = PlotPoint(
    id="plot_point/ring_given",
    kind="payoff",
    scene="sc_c",
    summary="She gives the ring back.",
    pays_off="plot_point/ring",
)
KETTLE_SHOWN = PlotPoint(
    id="plot_point/kettle", kind="introduction", scene="sc_b", summary="The kettle has no lid.", about="prop/kettle"
)


def _unit(name: str, text: str, kind: str = "action", cue: str = "") -> Unit:
    return Unit(id=name, kind=kind, text=text, cue=cue)


SCENE_A = SceneStory(
    scene_id="sc_a",
    slugline=Slugline(
        raw="INT. HOUSE - KITCHEN - DAY", int_ext="INT", place="HOUSE", sub_places=("KITCHEN",), time="DAY"
    ),
    units=(
        _unit("un_1", "Mara sifts flour."),
        _unit("un_2", "She lifts out a ring."),
        _unit("un_3", "Whose is this?", "speech", "MARA"),
    ),
    location=KITCHEN.id,
    presences=(
        Presence(character=MARA.id, speeches=1, look=DRESS.id, feels_from="calm", feels_to="shock"),
        Presence(character=ODELL.id, look=None),
    ),
    speeches=(SpeechNote(unit="un_3", speakers=(MARA.id,), addressees=(ODELL.id,), evidence=Evidence(confidence=0.8)),),
    actions=(
        ActionNote(unit="un_1", actors=(MARA.id,)),
        ActionNote(unit="un_2", actors=(MARA.id,), things=(RING.id,), takes=((MARA.id, RING.id),)),
    ),
    things=(RING.id,),
    beats=(
        Beat(name="calm", intensity=0.2, first_unit="un_1", last_unit="un_1"),
        Beat(name="shock", intensity=0.7, came_from="calm", first_unit="un_2", last_unit="un_3"),
    ),
    goal="Mara finds out that someone hid a ring.",
    synopsis="Mara finds a ring in the flour.",
)
SCENE_B = SceneStory(
    scene_id="sc_b",
    slugline=Slugline(raw="INT. HOUSE - NIGHT", int_ext="INT", place="HOUSE", time="NIGHT"),
    units=(_unit("un_4", "Odell fills the kettle."),),
    location=HOUSE.id,
    story_day="N1",
    time_of_day="night",
    presences=(Presence(character=ODELL.id, feels_from="grief", feels_to="grief"),),
    actions=(ActionNote(unit="un_4", actors=(ODELL.id,), things=(KETTLE.id,), takes=((ODELL.id, KETTLE.id),)),),
    things=(KETTLE.id,),
    beats=(Beat(name="grief", intensity=0.6, first_unit="un_4", last_unit="un_4"),),
    synopsis="Odell makes tea alone.",
)
SCENE_C = SceneStory(
    scene_id="sc_c",
    slugline=Slugline(raw="EXT. QUAY - DAY", int_ext="EXT", place="QUAY", time="DAY"),
    units=(_unit("un_5", "Mara presses the ring into his palm."), _unit("un_6", "It was yours.", "speech", "MARA")),
    location=QUAY.id,
    story_day="D2",
    presences=(
        Presence(character=MARA.id, speeches=1, look=COAT.id, feels_from="calm", feels_to="grief", holding=(RING.id,)),
        Presence(character=ODELL.id),
    ),
    speeches=(SpeechNote(unit="un_6", speakers=(MARA.id,), addressees=(ODELL.id,)),),
    actions=(
        ActionNote(
            unit="un_5",
            actors=(MARA.id, ODELL.id),
            things=(RING.id,),
            drops=((MARA.id, RING.id),),
            takes=((ODELL.id, RING.id),),
        ),
    ),
    things=(RING.id,),
    beats=(Beat(name="grief", intensity=0.85, first_unit="un_5", last_unit="un_6"),),
    synopsis="Mara gives the ring back.",
)


def _beside(scene: SceneStory) -> Neighbour:
    return Neighbour(
        scene_id=scene.scene_id,
        location=scene.location,
        time_of_day=scene.time_of_day,
        story_day=scene.story_day,
        scene_type=scene.scene_type,
        closing_beat=scene.beats[-1].name,
    )


@pytest.fixture(scope="session")
def story() -> Story:
    return Story(
        title="Flour",
        genre=("drama",),
        tone=("quiet",),
        characters=(MARA, ODELL),
        locations=(HOUSE, KITCHEN, QUAY),
        things=(RING, KETTLE),
        looks=(DRESS, COAT),
        story_days=("D1", "N1", "D2"),
        plot_points=(RING_SHOWN, KETTLE_SHOWN, RING_GIVEN),
        scenes=(SCENE_A, SCENE_B, SCENE_C),
    )


@pytest.fixture(scope="session")
def briefs() -> tuple[SceneBrief, ...]:
    film = {"genre": ("drama",), "tone": ("quiet",)}
    mara = CastMember(
        character=MARA,
        presence=SCENE_A.presences[0],
        look=DRESS,
        personality=("blunt",),
        manner="Folds her arms.",
        height_m=1.7,
    )
    return (
        SceneBrief(
            scene=SCENE_A,
            cast=(mara, CastMember(character=ODELL, presence=SCENE_A.presences[1])),
            place=KITCHEN,
            things=(RING,),
            plot_points=(RING_SHOWN,),
            next=_beside(SCENE_B),
            opens_film=True,
            **film,
        ),
        SceneBrief(
            scene=SCENE_B,
            cast=(CastMember(character=ODELL, presence=SCENE_B.presences[0]),),
            place=HOUSE,
            things=(KETTLE,),
            plot_points=(KETTLE_SHOWN,),
            previous=_beside(SCENE_A),
            next=_beside(SCENE_C),
            act="complication",
            **film,
        ),
        SceneBrief(
            scene=SCENE_C,
            cast=(
                # The look as this scene sees it is not the film's: soaked here, and only here.
                mara.model_copy(
                    update={
                        "presence": SCENE_C.presences[0],
                        "look": COAT.model_copy(update={"condition": ("soaked",)}),
                    }
                ),
                CastMember(character=ODELL, presence=SCENE_C.presences[1]),
            ),
            place=QUAY,
            things=(RING,),
            plot_points=(RING_GIVEN,),
            previous=_beside(SCENE_B),
            act="climax",
            closes_film=True,
            **film,
        ),
    )


def _without_full_text(path: Path) -> StoryStore:
    SqliteStoryStore(path).close()
    db = sqlite3.connect(path)
    db.executescript(
        "DROP TRIGGER node_words_added; DROP TRIGGER node_words_removed;"
        "DROP TRIGGER node_words_changed; DROP TABLE node_words"
    )
    db.close()
    return SqliteStoryStore(path)


@pytest.fixture(params=[*STORES, STAND_IN, LIVE])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StoryStore]:
    made: StoryStore
    if request.param == STAND_IN:
        server = request.getfixturevalue("arango_story_server")
        made = ArangoStoryStore(ArangoSettings(server.address, password=server.password), "film")
    elif request.param == LIVE:
        live = request.getfixturevalue("arango_live")
        live.empty()
        made = ArangoStoryStore(live.settings, "film")
    else:
        made = STORES[request.param](tmp_path)
    yield made
    made.close()


@pytest.fixture
def told(store: StoryStore, story: Story, briefs: tuple[SceneBrief, ...]) -> StoryStore:
    for scope, nodes, edges in project_story(story, briefs):
        store.replace(scope, nodes, edges)
    return store
