"""The Story Graph's contents as values: what the Architect found in the script, and the brief made from it for a scene.

Everything cites the units that it rests on and says how sure the Architect is (0-1). Nothing here defines shots.
"""

from typing import Literal

from shotwright.model.ids import EntityId, SceneId, UnitId
from shotwright.model.screenplay import Slugline, Unit
from shotwright.model.value import Value
from shotwright.model.vocabulary import (
    BeatName,
    Bond,
    BondState,
    PlotPointKind,
    SceneType,
    SegmentKind,
    TimeOfDay,
    VoiceKind,
)


class Evidence(Value):
    """What a finding rests on, and how sure the finder is."""

    units: tuple[UnitId, ...] = ()
    confidence: float = 1.0
    because: str = ""
    mind: str = "rules"
    """Who found it: the rules, or a language model by its name."""


class Character(Value):
    """Somebody the film shows or hears."""

    id: EntityId
    name: str
    """Display name in normal capitals: `Edward Bloom` when the script gives it, else `Edward`."""
    cues: tuple[str, ...] = ()
    """Every spelling that cues it, upper case, without titles stripped: `ABARA`, `SERGEANT ABARA`."""
    aliases: tuple[str, ...] = ()
    """Every other way that action names it: `Edward`, `the old woman`."""
    kind: Literal["person", "group", "voice", "animal"] = "person"
    gender: Literal["female", "male", "unknown"] = "unknown"
    age: str = ""
    description: str = ""
    """The script's own words of introduction, after the name."""
    role: Literal["lead", "supporting", "minor", "background"] = "minor"
    speaks: bool = True
    version_of: EntityId | None = None
    """A younger or older self points at the person: `character/young_mara` -> `character/mara`."""
    evidence: Evidence = Evidence()


class Location(Value):
    id: EntityId
    """`location/bloom_house`, a sub-location `location/bloom_house.kitchen`."""
    name: str
    parent: EntityId | None = None
    int_ext: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    evidence: Evidence = Evidence()


class Thing(Value):
    """A prop, vehicle or animal. A prop is handled or matters to the plot; otherwise it is set dressing."""

    id: EntityId
    """`prop/ring`, `vehicle/red_buick`, `animal/catfish`."""
    kind: Literal["prop", "vehicle", "animal"]
    name: str
    hero: bool = False
    """True when it returns in several scenes, is named in capitals, or pays off."""
    owner: EntityId | None = None
    evidence: Evidence = Evidence()


class Look(Value):
    """What a character wears, with hair, make-up, wounds and wet, from one change event to the next."""

    id: EntityId
    """`look/marcus.d1` or `look/marcus.gown`."""
    character: EntityId
    description: str = ""
    clothes: tuple[str, ...] = ()
    """Garments as the script names them: `hospital gown`."""
    condition: tuple[str, ...] = ()
    """`soaked`, `bleeding`, `muddy`: wetness, dirt, injury; `as a boy of ten`: the person at another age than usual."""
    story_day: str = ""
    age: str = ""
    """Of the person at another age than usual: `boy of ten`, `young man in his twenties`; else empty."""
    evidence: Evidence = Evidence()


class PlotPoint(Value):
    id: EntityId
    """`plot_point/…`"""
    kind: PlotPointKind
    scene: SceneId
    summary: str
    pays_off: EntityId | None = None
    """Of a payoff: the introduction that it answers."""
    about: EntityId | None = None
    evidence: Evidence = Evidence()


class Relation(Value):
    """What two characters are to each other over the film."""

    a: EntityId
    b: EntityId
    bond: Bond
    state: BondState = "close"
    words: str = ""
    """`a father whom his son cannot believe`; in a scene's brief only what the bond and its state say."""
    evidence: Evidence = Evidence()


class Beat(Value):
    """An emotional beat: a run of units under one feeling."""

    name: BeatName
    intensity: float
    """0-1 in steps of 0.05."""
    came_from: BeatName = "calm"
    first_unit: UnitId
    last_unit: UnitId
    evidence: Evidence = Evidence()


class Turn(Value):
    """Where the scene turns: the unit after which it cannot go back."""

    unit: UnitId
    what: str
    evidence: Evidence = Evidence()


class Segment(Value):
    """A run of units with a form of its own inside a scene."""

    kind: SegmentKind
    first_unit: UnitId
    last_unit: UnitId
    location: EntityId | None = None
    """The place, where it differs from the scene's."""
    other_location: EntityId | None = None
    """Of an intercut: the second live place."""


class SpeechNote(Value):
    """Who says a speech to whom, and how it is heard."""

    unit: UnitId
    speakers: tuple[EntityId, ...]
    addressees: tuple[EntityId, ...] = ()
    """Empty when spoken to nobody: voice-over, to oneself, or unknown."""
    voice: VoiceKind = "room"
    evidence: Evidence = Evidence()


class ActionNote(Value):
    """What an action unit shows."""

    unit: UnitId
    actors: tuple[EntityId, ...] = ()
    """Who does something or is shown, in order of mention; pronouns resolved."""
    looks_at: tuple[tuple[EntityId, EntityId], ...] = ()
    """(who looks, at whom or at what)."""
    things: tuple[EntityId, ...] = ()
    """Props, vehicles and animals in it."""
    takes: tuple[tuple[EntityId, EntityId], ...] = ()
    """(who, prop): the prop comes into the hand."""
    drops: tuple[tuple[EntityId, EntityId], ...] = ()
    """(who, prop): given away, put down, pocketed, thrown, broken."""
    enters: tuple[EntityId, ...] = ()
    exits: tuple[EntityId, ...] = ()
    travel: bool = False
    """Somebody or something crosses the space."""
    held: bool = False
    """The script holds still: `Nobody moves.`, `Silence.`, `A beat.`"""
    poses: tuple[tuple[EntityId, str], ...] = ()
    """(who, pose word of the vocabulary) that holds after the unit."""
    evidence: Evidence = Evidence()


class Presence(Value):
    """A character in a scene."""

    character: EntityId
    voice_only: bool = False
    """Heard and never in the place: voice-over or phone."""
    on_phone: bool = False
    enters: UnitId | None = None
    """The unit at which it arrives; null when there from the start."""
    exits: UnitId | None = None
    speeches: int = 0
    look: EntityId | None = None
    feels_from: BeatName = "calm"
    feels_to: BeatName = "calm"
    holding: tuple[EntityId, ...] = ()
    """Props in hand or on the body when the scene begins."""


class SceneStory(Value):
    """All that the Architect knows of one scene."""

    scene_id: SceneId
    slugline: Slugline
    units: tuple[Unit, ...]
    location: EntityId
    story_day: str = "D1"
    """D1, N1, FB1 …"""
    time_of_day: TimeOfDay = "midday"
    """Resolved: CONTINUOUS and LATER take the scene before."""
    continuous: bool = False
    """True when it goes on from the scene before without a gap in time."""
    flashback: bool = False
    dream: bool = False
    scene_type: SceneType = "activity"
    genre: tuple[str, ...] = ()
    tone: tuple[str, ...] = ()
    presences: tuple[Presence, ...] = ()
    speeches: tuple[SpeechNote, ...] = ()
    actions: tuple[ActionNote, ...] = ()
    segments: tuple[Segment, ...] = ()
    things: tuple[EntityId, ...] = ()
    beats: tuple[Beat, ...] = ()
    goal: str = ""
    """What the scene must do, one sentence."""
    turn: Turn | None = None
    synopsis: str = ""
    """One line, of what happens."""
    subtext: str = ""
    """What is meant and not said; empty where nobody has read for it, or where people say what they mean."""
    worded_by: str = "rules"
    """Who worded the goal: the rules, or a language model by its name."""
    eighths: int = 1
    driver_side: Literal["left", "right"] | None = None
    """Of a car scene: where the driver sits."""
    withheld: UnitId | None = None
    """Where the place or a person is hidden on purpose: the unit that reveals it."""


class Story(Value):
    """The Architect's whole finding."""

    title: str = ""
    genre: tuple[str, ...] = ()
    tone: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    characters: tuple[Character, ...] = ()
    locations: tuple[Location, ...] = ()
    things: tuple[Thing, ...] = ()
    looks: tuple[Look, ...] = ()
    story_days: tuple[str, ...] = ()
    plot_points: tuple[PlotPoint, ...] = ()
    scenes: tuple[SceneStory, ...] = ()
    relations: tuple[Relation, ...] = ()
    question: str = ""
    """What the film asks of its hero, in a sentence; empty where nobody has read for it."""


class CastMember(Value):
    """A character of the scene with all that the crew needs to put it in front of a camera."""

    character: Character
    presence: Presence
    look: Look | None = None
    personality: tuple[str, ...] = ()
    """From the asset library, when it knows the character."""
    manner: str = ""
    height_m: float | None = None


class Neighbour(Value):
    """The little of the scene before or after that a scene is briefed on. Small and quantised on purpose."""

    scene_id: SceneId
    location: EntityId
    time_of_day: TimeOfDay
    story_day: str
    scene_type: SceneType
    closing_beat: BeatName = "calm"
    flashback: bool = False
    closing_transition: str = ""
    """The transition written at its end (`DISSOLVE TO:`): it belongs to the cut into the scene that follows."""


class Allowance(Value):
    """The film's cliché budget as it falls to this scene: what the camera may do here without the script asking."""

    push_in: bool = True
    dutch: bool = False
    whip_pan: bool = False
    crash_zoom: bool = False
    dolly_zoom: bool = False
    arc: bool = False
    extreme_close_up: bool = True


class SceneBrief(Value):
    """What the graph tells the crew about one scene: the answer of the `scene_briefing` query."""

    scene: SceneStory
    cast: tuple[CastMember, ...] = ()
    place: Location
    things: tuple[Thing, ...] = ()
    plot_points: tuple[PlotPoint, ...] = ()
    previous: Neighbour | None = None
    next: Neighbour | None = None
    known_place: bool = False
    """The place was established in an earlier scene of the same film."""
    act: Literal["setup", "complication", "development", "climax"] = "setup"
    genre: tuple[str, ...] = ()
    tone: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    allowance: Allowance = Allowance()
    opens_film: bool = False
    closes_film: bool = False
    relations: tuple[Relation, ...] = ()
    """Of those between two people of the scene."""
