"""What the crew hand each other: each agent's answer for one scene, before the shots are put together.

The Director's `DirectedScene` fixes how many shots there are and what each carries; every specialist answers with
exactly one entry a shot, in the same order. `intent` is the Director's note to the specialists and stays inside.
"""

from typing import Literal

from shotwright.model.ids import EntityId, SceneId, SetupId, ShotId, UnitId
from shotwright.model.shot import (
    Cut,
    DialogueLine,
    DigitalAssets,
    EmotionalBeat,
    MusicCue,
    NarrativeLayer,
    Provenance,
    SoundEffect,
    TechnicalLayer,
)
from shotwright.model.value import Value
from shotwright.model.vocabulary import (
    Agent,
    AssetKind,
    CutStyle,
    DurationReason,
    SegmentKind,
    ShotFunction,
    Transition,
)


class FilmSettings(Value):
    """The project's settings that the crew works to; every one may be set in `shotwright.toml`."""

    frame_rate: int = 24
    """Frames a second; frames are the truth, seconds are shown."""
    aspect: float = 1.78
    """Width of the frame over its height."""
    clip_min_seconds: float = 5.0
    """The shortest clip that a shot may be without a reason, in seconds."""
    clip_max_seconds: float = 7.0
    """The longest clip, in seconds."""
    words_per_second: float = 2.4
    """How fast speech is taken to be, before a delivery (`whispering`, `fast`) changes it."""
    cut_style: CutStyle = "literal"
    """`literal` shows every clip whole; `edited` cuts into the clips as an editor would, to about a page a minute."""
    target_model: str = ""
    """`veo`, `kling`, `runway`, `wan`, `ltx`: picks the preferred clip length within the bounds; empty prefers 6 s."""
    genre: tuple[str, ...] = ()
    """Genres of the film. Settings win over what the Architect finds."""
    tone: tuple[str, ...] = ()
    """Tones of the film, such as `dry` or `elegiac`; win over what the Architect finds."""
    references: tuple[str, ...] = ()
    """Films or looks to name in every shot's `cinematic_references`."""
    moonlight_k: int = 5600
    """Colour temperature of moonlight, in kelvin."""
    cue_numbering: Literal["film", "reel"] = "film"
    """Whether music cues are numbered through the film or from 1 in each reel of 20 minutes."""
    style: str = ""
    """Look of the whole film in words, added to prompts: `35mm film, natural colour`."""


class WrittenDirection(Value):
    """Direction that the script itself gives: a hard constraint on the shot."""

    kind: Literal[
        "close_on", "angle_on", "insert", "pov", "wide", "tracking", "push_in", "pull_back", "pan", "tilt", "crane",
        "low_angle", "high_angle", "overhead", "two_shot", "reverse", "hold", "rush_in", "handheld", "zoom", "dutch",
        "slow_motion", "freeze", "back_to", "reveal", "follow",
    ]  # fmt: skip
    target: str = ""
    """A story id where the words name one, else the words."""
    unit: UnitId
    words: str = ""
    """As written."""


class ShotIntent(Value):
    """What the Director wants of the frame; the Cinematographer finds how."""

    focus: Literal["speaker", "listener", "exchange", "action", "thing", "place", "pov", "travel", "group"]
    on: tuple[EntityId, ...] = ()
    """Who or what the shot is about, the most important first; all of them must be in frame (a place: empty)."""
    present: tuple[EntityId, ...] = ()
    """Everyone who is in the place during the shot and could be in frame. Voices and phone partners are not."""
    place: EntityId
    """Location of this shot (its segment's or the scene's)."""
    segment: SegmentKind = "normal"
    beat: EmotionalBeat
    turn: bool = False
    """The scene turns in this shot: the tightest frame belongs here."""
    peak: bool = False
    written: tuple[WrittenDirection, ...] = ()
    hold_seconds: float = 0.0
    travel: bool = False
    text_to_read: str = ""
    """Words on a prop or title that must be readable."""
    added_establishing: bool = False


class DirectedShot(Value):
    """One shot as the Director leaves it. `units` are every unit it carries, in script order."""

    shot_id: ShotId
    units: tuple[UnitId, ...]
    continues_shot_id: ShotId | None = None
    added: bool = False
    duration_frames: int
    duration_reason: DurationReason | None = None
    cuts: tuple[Cut, ...]
    function: ShotFunction
    transition_in: Transition = "cut"
    narrative: NarrativeLayer
    dialogue: tuple[DialogueLine, ...] = ()
    on_screen_text: tuple[str, ...] = ()
    intent: ShotIntent
    because: str = ""
    """Why the shot begins and ends where it does."""
    mind: str = "rules"
    """Who worded the narrative: `rules`, or the model that answered."""


class DirectedScene(Value):
    scene_id: SceneId
    shots: tuple[DirectedShot, ...]


class ShotCamera(Value):
    """The Cinematographer's answer for one shot. `provenance` is keyed camera, lighting, staging."""

    shot_id: ShotId
    setup_id: SetupId
    technical: TechnicalLayer
    provenance: dict[Literal["camera", "lighting", "staging"], Provenance]


class PhotographedScene(Value):
    scene_id: SceneId
    shots: tuple[ShotCamera, ...]
    notes: tuple[str, ...] = ()


class WantedAsset(Value):
    """A need of the script that no library meets."""

    entity: EntityId
    kind: AssetKind
    proposed_key: str
    name: str
    why: str = ""


class Casting(Value):
    """The film-wide match of one story entity to a library asset, so that it is the same asset in every scene."""

    entity: EntityId
    kind: AssetKind
    key: str | None = None
    """Null when wanted."""
    proposed_key: str = ""
    because: str = ""
    confidence: float = 1.0
    prompt: str = ""
    """The short tag of the asset, for prompts: words only."""
    colours: tuple[str, ...] = ()
    personality: tuple[str, ...] = ()
    manner: str = ""
    height_m: float | None = None
    library: str = ""


class ShotAssets(Value):
    shot_id: ShotId
    assets: DigitalAssets
    provenance: Provenance


class DressedScene(Value):
    scene_id: SceneId
    shots: tuple[ShotAssets, ...]
    wanted: tuple[WantedAsset, ...] = ()


class MusicPlan(Value):
    """A film-level music cue as it falls to one scene."""

    cue_id: str
    starts_here: bool
    ends_here: bool
    start_unit: UnitId | None = None
    """The unit on which it starts, when it starts in this scene; null starts it with the scene."""
    end_unit: UnitId | None = None
    description: str
    why_in: str
    why_out: str = ""
    diegetic: bool = False
    mind: str = "rules"
    """Who worded it: `rules`, or the model that answered."""


class ShotSound(Value):
    shot_id: ShotId
    lead_frames: int = 0
    tail_frames: int = 0
    sound_effects: tuple[SoundEffect, ...] = ()
    ambience: str
    music_cue: MusicCue
    provenance: dict[Literal["sound_effects", "ambience", "music_cue"], Provenance]


class ScoredScene(Value):
    scene_id: SceneId
    shots: tuple[ShotSound, ...]


class Revision(Value):
    """The one way back: a shot's field that its owner must mend, with the flag that says why."""

    agent: Agent
    shot_id: ShotId
    field: str
    code: str
    feedback: str
    measured: str = ""
    """What was measured, and what it should be, where the flag says so in figures."""
    threshold: str = ""
    round: int = 1
    other_shot_id: ShotId | None = None


class Pin(Value):
    """A person's value for a field. Enters a step as a locked input: the agent works around it and never changes it."""

    shot_id: ShotId
    field: str
    """Dotted path in the shot JSON: `technical_layer.camera.shot_size`."""
    value_json: str
    """The pinned value as JSON."""
