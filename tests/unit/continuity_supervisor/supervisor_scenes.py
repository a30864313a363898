"""Clean scenes for the supervisor: every legal exception that a real breakdown holds, and nothing wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supervisor_stage import Stage

from shotwright.model.ids import EntityId, UnitId
from shotwright.model.story import ActionNote

if TYPE_CHECKING:
    from collections.abc import Callable

LOOK = ("look", "ana", "marcus")


def two_hander() -> Stage:
    """A kitchen: master, over-shoulder pair, singles, an insert, a held close-up, the master again."""
    s = Stage("kitchen", {"ana": (-0.75, 0, 90), "marcus": (0.75, 0, -90)}, scene_type="dialogue_2")
    s.look_at(ana="marcus", marcus="ana")
    both = ("ana", "marcus")
    s.shoot(
        "medium_wide",
        "table",
        0,
        aim=(0, 0),
        seen=both,
        framing="two_shot",
        function="master",
        line=LOOK,
        focal=35,
        action="Ana and Marcus stand at the table.",
    )
    s.shoot(
        "medium",
        "ana",
        s.facing("ana", "marcus", -16),
        framing="over_the_shoulder",
        foreground=("marcus",),
        line=LOOK,
        says=(("ana", "You said noon. It is dark outside, Marcus.", "marcus"),),
    )
    s.shoot(
        "medium",
        "marcus",
        s.facing("marcus", "ana", 16),
        framing="over_the_shoulder",
        foreground=("ana",),
        line=LOOK,
        says=(("marcus", "The ferry was late.", "ana"),),
    )
    s.shoot(
        "medium_close_up",
        "ana",
        s.facing("ana", "marcus", -15),
        line=LOOK,
        says=(("ana", "There is no ferry on Sundays.", "marcus"),),
    )
    s.shoot(
        "extreme_close_up",
        "ticket",
        20,
        aim=(0, 0.1),
        framing="insert",
        seen=("nobody",),
        action="A ticket lies there.",
    )
    s.shoot(
        "medium_close_up", "marcus", s.facing("marcus", "ana", 15), line=LOOK, says=(("marcus", "Then I swam.", "ana"),)
    )
    s.shoot(
        "close_up",
        "ana",
        s.facing("ana", "marcus", -15),
        line=LOOK,
        focal=85,
        move="dolly_in",
        speed="very_slow",
        light={"contrast_ratio": 1.2},
        action="Ana says nothing.",
        function="reaction",
    )
    s.shoot(
        "medium_wide",
        "table",
        5,
        aim=(0, 0),
        seen=both,
        framing="two_shot",
        line=LOOK,
        focal=35,
        function="button",
        action="Neither of them moves.",
    )
    return s


def standoff() -> Stage:
    """Three on a quay, sides readable, the middle one near the perpendicular; the line moves with the addressee."""
    s = Stage("quay", {"ana": (-1.5, 0, 90), "ben": (0, -1.0, 0), "carl": (1.5, 0, -90)}, scene_type="standoff_3")
    s.look_at(ana="carl", carl="ana", ben="ana")
    s.shoot(
        "wide",
        "quay",
        0,
        aim=(0, -0.3),
        seen=("ana", "ben", "carl"),
        framing="three_shot",
        function="master",
        focal=21,
        line=("look", "ana", "carl"),
        action="Three people on the quay.",
    )
    s.shoot(
        "medium",
        "ana",
        s.facing("ana", "carl", -18),
        line=("look", "ana", "carl"),
        says=(("ana", "Put it down.", "carl"),),
    )
    s.shoot(
        "medium",
        "carl",
        s.facing("carl", "ana", 18),
        line=("look", "ana", "carl"),
        says=(("carl", "You first.", "ana"),),
    )
    s.look_at(ana="ben")
    s.shoot(
        "medium_close_up",
        "ben",
        s.facing("ben", "ana", 35),
        line=("look", "ben", "ana"),
        passage=2,
        reset="ana turns to ben",
        says=(("ben", "Nobody has to swim today.", "ana"),),
    )
    return s


def car() -> Stage:
    """A car at night: every camera on the windscreen side, the driver's eyes on the road, one written glance."""
    s = Stage(
        "hatchback",
        {"nadia": (-0.4, 0, 0, "drive"), "theo": (0.4, 0, 0, "sit")},
        scene_type="car",
        place="vehicle/car",
        presence_mum={"voice_only": True},
    )
    s.look_at(nadia="road", theo="road")
    seats = ("seats", "nadia", "theo")
    both = ("nadia", "theo")
    s.shoot(
        "medium",
        "car",
        0,
        aim=(0, 0),
        seen=both,
        framing="two_shot",
        function="master",
        line=seats,
        says=(("theo", "You missed the turn.", "nadia"),),
        height=1.2,
    )
    s.shoot(
        "medium_close_up",
        "nadia",
        -35,
        line=seats,
        says=(("mum", "Are you two nearly here?", "nadia"),),
        voice="phone",
        height=1.2,
    )
    s.look_at(nadia="theo")
    s.shoot("medium_close_up", "theo", 35, line=seats, action="Theo looks at the box.", height=1.2)
    glance = s.shoot(
        "close_up", "nadia", -20, line=seats, action="Nadia looks at Theo.", height=1.2, function="reaction"
    )
    s.actions.append(
        ActionNote(
            unit=UnitId(glance.source.units[0]), looks_at=((EntityId("character/nadia"), EntityId("character/theo")),)
        )
    )
    return s


def chase() -> Stage:
    """A chase left to right, a neutral head-on, then right to left; a wheel, a point of view."""
    s = Stage(
        "alley",
        {"kit": (0, 0, 90, "run"), "officer": (-4, 0, 90, "run")},
        scene_type="action_chase",
        place="location/alley",
    )
    go = {"kit": {"to": "fence"}, "officer": {"to": "kit"}}
    way = ("travel", "kit", "fence")
    s.shoot(
        "extreme_wide",
        "alley",
        0,
        aim=(-2, 0),
        seen=("kit", "officer"),
        framing="group",
        function="establishing",
        travel=go,
        line=way,
        focal=21,
        action="Kit runs down the alley.",
        move="pan_right",
        speed="fast",
    )
    s.shoot(
        "medium_wide",
        "officer",
        40,
        travel=go,
        line=("travel", "officer", "fence"),
        action="The officer runs.",
        focal=28,
    )
    s.shoot("close_up", "kit", 60, travel=go, line=way, action="Kit looks ahead.", focal=85, seconds=5)
    s.shoot(
        "extreme_close_up",
        "shoes",
        100,
        aim=(0, 0.2),
        framing="insert",
        seen=("nobody",),
        action="Shoes on wet brick.",
        seconds=5,
    )
    s.shoot(
        "medium_wide",
        "kit",
        88,
        travel={"kit": {"to": "fence"}},
        line=way,
        action="Kit runs at us.",
        focal=35,
        seconds=5,
    )
    s.shoot(
        "wide",
        "kit",
        180,
        travel={"kit": {"to": "fence"}},
        line=way,
        passage=2,
        reset="a neutral shot",
        focal=28,
        seconds=5,
        action="Kit runs on past the bins.",
    )
    return s


def phone() -> Stage:
    """An intercut call: two places, gazes opposite, each side whole."""
    s = Stage(
        "call",
        {"ivy": (0, 0, 60, "phone"), "noor": (0, 0, -60, "phone")},
        scene_type="phone_intercut",
        segments=("intercut",),
        places={"ivy": "location/hall", "noor": "location/office"},
        place="location/hall",
        presence_ivy={"on_phone": True},
        presence_noor={"on_phone": True},
    )
    s.look_at(ivy="noor", noor="ivy")
    hall, office = "location/hall", "location/office"
    s.shoot("medium_wide", "ivy", 0, place=hall, says=(("ivy", "Are you alone?", "noor"),), function="master")
    s.shoot(
        "medium_wide",
        "noor",
        0,
        place=office,
        says=(("noor", "There is a cleaner.", "ivy"),),
        light={"azimuth_deg": 70},
    )
    s.shoot("medium_close_up", "ivy", 35, place=hall, says=(("ivy", "Send the cleaner home.", "noor"),))
    s.shoot(
        "medium_close_up",
        "noor",
        -35,
        place=office,
        says=(("noor", "It is my mother.", "ivy"),),
        light={"azimuth_deg": 70},
    )
    return s


def montage() -> Stage:
    """A montage: each element its own place, day, look and light."""
    s = Stage("training", {"ana": (0, 0, 90)}, scene_type="montage", segments=("montage",))
    for at, (place, look) in enumerate(
        (("location/pool", "swim"), ("location/gym", "kit"), ("location/road", "coat"), ("location/pool", "swim"))
    ):
        s.looks["ana"] = f"look/ana.{look}"
        s.scene["places"] = {"ana": place}
        s.shoot(
            "medium",
            "ana",
            30,
            place=place,
            function="montage_element",
            action=f"Element {at}.",
            seconds=5,
            light={"azimuth_deg": 50 * at, "time_of_day": "morning"},
        )
    return s


def discovery() -> Stage:
    """A silent search: look, point of view, reaction; a wide that re-establishes from the other side."""
    s = Stage("attic", {"mira": (0, 0, 90)}, scene_type="discovery", place="location/attic")
    s.look_at(mira="chest")
    thing = ("look", "mira", "chest")
    s.shoot("wide", "mira", 20, line=thing, function="establishing", focal=28, action="Mira stands in the attic.")
    s.shoot("medium_close_up", "mira", 60, line=thing, action="Mira looks for something.")
    s.shoot("medium", "chest", -90, aim=(2.5, 0), framing="pov", seen=("nobody",), action="A chest under the beams.")
    s.shoot("close_up", "mira", 70, line=thing, focal=85, action="Mira stops.", move="dolly_in", speed="very_slow")
    s.shoot(
        "extreme_wide",
        "mira",
        160,
        line=thing,
        passage=2,
        reset="a re-establishing wide",
        focal=25,
        function="reveal",
        action="The attic is full of chests.",
    )
    s.shoot("medium", "mira", 110, line=thing, passage=2, action="Mira kneels.", poses={"mira": ("stand", "kneel")})
    return s


def storm() -> Stage:
    """Lightning and a lamp that goes out: light events; a withheld room."""
    s = Stage("cellar", {"pia": (0, 0, 0)}, scene_type="suspense", place="location/cellar", withheld="cellar-u3")
    s.look_at(pia="door")
    line = ("look", "pia", "door")
    s.shoot("medium", "pia", 30, line=line, action="Pia waits.")
    s.shoot(
        "close_up",
        "pia",
        60,
        line=line,
        action="Lightning.",
        focal=85,
        light={
            "azimuth_deg": 80,
            "color_temperature_k": 7500,
            "contrast_ratio": 12,
            "exposure_ev": 2,
            "events": [{"what": "lightning", "on": True}, {"what": "lightning", "on": False, "at_seconds": 0.4}],
        },
    )
    s.shoot("medium_wide", "pia", 30, line=line, action="The cellar shows.", function="reveal")
    s.shoot(
        "medium",
        "pia",
        75,
        line=line,
        action="The lamp goes out.",
        light={"events": [{"what": "lamp", "on": False, "at_seconds": 3}]},
    )
    s.light = {"azimuth_deg": 20, "color_temperature_k": 7000, "contrast_ratio": 8}
    s.shoot("close_up", "pia", 30, line=line, focal=85, action="Pia in the dark.")
    s.shoot("medium_wide", "pia", 60, line=line, focal=28, action="Nothing moves.")
    return s


def dressing() -> Stage:
    """Changes that are seen: a coat put on, a cup taken and set down, a jump in time by dissolve."""
    s = Stage("bedroom", {"leo": (0, 0, 90)}, scene_type="activity", place="location/bedroom")
    s.look_at(leo="window")
    line = ("look", "leo", "window")
    s.shoot("wide", "leo", 20, line=line, focal=28, function="establishing", action="Leo at the window.")
    s.hands["leo"] = {"right": "prop/cup"}
    s.shoot("medium", "leo", 30, line=line, action="Leo takes the cup.", changes=("character/leo takes prop/cup",))
    s.shoot("medium_close_up", "leo", 65, line=line, action="He drinks.")
    s.hands["leo"] = {}
    down = s.shoot(
        "medium_wide", "leo", 20, line=line, action="He sets it down.", changes=("character/leo drops prop/cup",)
    )
    s.actions.append(
        ActionNote(unit=UnitId(down.source.units[0]), drops=((EntityId("character/leo"), EntityId("prop/cup")),))
    )
    s.looks["leo"] = "look/leo.coat"
    s.shoot(
        "medium", "leo", 55, line=line, action="He puts the coat on.", changes=("character/leo look -> look/leo.coat",)
    )
    s.conditions["leo"] = ("soaked",)
    s.light = {"azimuth_deg": 60, "color_temperature_k": 5600, "time_of_day": "morning"}
    s.shoot("medium_wide", "leo", 25, line=line, action="Morning. Leo is wet.", transition_in="dissolve")
    return s


def long_take() -> Stage:
    """A monologue in three clips of one set-up; the listener once; a jump cut by name."""
    s = Stage(
        "porch", {"old": (-0.75, 0, 90, "sit"), "boy": (0.75, 0, -90, "sit")}, scene_type="monologue", known_place=True
    )
    s.look_at(old="boy", boy="old")
    line = ("look", "old", "boy")
    s.hands["old"] = {"right": "prop/pipe"}
    az = s.facing("old", "boy", -16)
    one = s.shoot(
        "medium_close_up",
        "old",
        az,
        line=line,
        setup="take",
        says=(("old", "I kept bees on the roof of the bank.", "boy"),),
    )
    two = s.shoot(
        "medium_close_up",
        "old",
        az,
        line=line,
        setup="take",
        continues_shot_id=one.shot_id,
        says=(("old", "Nobody robs a bank with bees on it.", "boy"),),
    )
    s.shoot(
        "medium_close_up",
        "old",
        az,
        line=line,
        setup="take",
        continues_shot_id=two.shot_id,
        says=(("old", "They tried once.", "boy"),),
    )
    s.shoot(
        "medium_close_up", "boy", s.facing("boy", "old", 16), line=line, function="reaction", action="The boy laughs."
    )
    s.shoot(
        "medium_close_up", "boy", s.facing("boy", "old", 20), line=line, transition_in="jump_cut", action="He stops."
    )
    return s


CLEAN: tuple[Callable[[], Stage], ...] = (
    two_hander,
    standoff,
    car,
    chase,
    phone,
    montage,
    discovery,
    storm,
    dressing,
    long_take,
)
