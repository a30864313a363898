"""The light of each shot: one plan a place for the whole scene, seen from this camera, with its changes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shotwright.craft.beats import beat_looks
from shotwright.craft.geometry import heading_to
from shotwright.craft.light import (
    LightPlan,
    key_style,
    light_changes_in,
    light_directions,
    light_plan,
    practicals_in,
    soften,
)
from shotwright.model.shot import LightEvent, Lighting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.crew.cinematographer.cameras import Setup
    from shotwright.crew.cinematographer.figures import Moment
    from shotwright.model.crew import FilmSettings
    from shotwright.model.story import SceneBrief
    from shotwright.model.vocabulary import TimeOfDay

STYLE_WORDS = {"high_key": "High key", "mid_key": "Balanced key", "low_key": "Low key"}
DIRECTION_WORDS = {
    "front": "from beside the camera",
    "three_quarter_left": "from camera left, three-quarter",
    "three_quarter_right": "from camera right, three-quarter",
    "side_left": "from the left side of frame",
    "side_right": "from the right side of frame",
    "back": "from behind the subject",
}


HOURS: dict[str, TimeOfDay] = {
    "dawn": "dawn", "sunrise": "dawn", "morning": "morning", "noon": "midday", "midday": "midday",
    "afternoon": "afternoon", "sunset": "golden_hour", "dusk": "dusk", "twilight": "dusk", "evening": "dusk",
    "night": "night", "midnight": "night",
}  # fmt: skip
HOUR = re.compile(rf"\W*({'|'.join(HOURS)})\b(?=[.,:;]|$)", re.IGNORECASE)


class Gaffer:
    """Keeps the plan of each place and which practicals burn, through one scene."""

    def __init__(self, brief: SceneBrief, moments: Sequence[Moment], settings: FilmSettings) -> None:
        self.brief = brief
        self.settings = settings
        self.beat = dominant_beat(moments)
        self.plans: dict[tuple[str, str], LightPlan] = {}
        self.burning: list[str] = []
        self.standing: dict[str, tuple[str, ...]] = {}
        for moment in moments:
            place = moment.stage.place
            known = self.standing.get(place, ())
            more = tuple(p for p in practicals_in(moment.texts) if p not in known)
            self.standing[place] = (*known, *more)

    def plan(self, place: str, hour: TimeOfDay) -> LightPlan:
        """The plan of a place at an hour, made at its first shot."""
        found = self.plans.get((place, hour))
        if found is None:
            scene = self.brief.scene
            words = f"{scene.slugline.raw} {place.partition('/')[2].replace('_', ' ').replace('.', ' ')}"
            if place != scene.location:
                words = place.partition("/")[2].replace("_", " ").replace(".", " ")
            inside = scene.slugline.int_ext in ("INT", "INT/EXT", "")
            found = light_plan(
                place,
                words,
                inside,
                hour,
                beat_looks()[self.beat],
                held_to_place=self.plays_on(place),
                moonlight_k=self.settings.moonlight_k,
            )
            self.plans[place, hour] = found
        return found

    def hour(self, moment: Moment) -> TimeOfDay:
        """The scene's hour; an element of a montage has its own when the script opens it with one: `Dusk.`"""
        if moment.shot.intent.segment == "montage":
            for text in moment.texts:
                named = HOUR.match(text)
                if named:
                    return HOURS[named[1].casefold()]
        return self.brief.scene.time_of_day

    def plays_on(self, place: str) -> bool:
        """Whether a neighbouring scene plays in the same place at the same hour, so that the light must agree."""
        scene = self.brief.scene
        for neighbour in (self.brief.previous, self.brief.next):
            if neighbour is not None and neighbour.location == place and neighbour.time_of_day == scene.time_of_day:
                return True
        return False

    def light(self, moment: Moment, setup: Setup, step_of_size: int) -> Lighting:
        """The light of one shot; to be called in the order of the scene."""
        hour = self.hour(moment)
        plan = self.plan(moment.stage.place, hour)
        soft = step_of_size >= 5
        if soft:
            plan = soften(plan)
        events = self._events(moment)
        style = key_style(plan.ratio)
        directions = light_directions(plan.azimuth_deg, plan.elevation_deg, round(heading_to(setup.aim, setup.plan)))
        practicals = tuple(dict.fromkeys((*self.standing.get(moment.stage.place, ()), *self.burning)))
        return Lighting.model_construct(
            key_style=style,
            direction=directions,
            azimuth_deg=plan.azimuth_deg,
            elevation_deg=plan.elevation_deg,
            quality=plan.quality,
            contrast_ratio=plan.ratio,
            color_temperature_k=plan.kelvin,
            exposure_ev=0.0,
            source=plan.source,
            motivated_by=plan.motivated_by,
            practicals=practicals,
            time_of_day=hour,
            events=events,
            description=_describe(plan, style, directions, practicals, events, soft),
        )

    def _events(self, moment: Moment) -> tuple[LightEvent, ...]:
        found: list[LightEvent] = []
        for i, text in enumerate(moment.texts):
            at = round(0.5 + 1.2 * i, 2)
            for change in light_changes_in(text):
                if change.on and change.what not in self.burning:
                    found.append(LightEvent(what=change.what, on=True, at_seconds=at))
                    if change.flash:
                        found.append(LightEvent(what=change.what, on=False, at_seconds=round(at + 0.4, 2)))
                    else:
                        self.burning.append(change.what)
                elif not change.on and (change.what in self.burning or change.what != "phone glow"):
                    found.append(LightEvent(what=change.what, on=False, at_seconds=at))
                    if change.what in self.burning:
                        self.burning.remove(change.what)
        return tuple(found)


def dominant_beat(moments: Sequence[Moment]) -> str:
    """The feeling that weighs most over the scene: intensity by time on screen."""
    weight: dict[str, float] = {}
    for moment in moments:
        beat = moment.shot.intent.beat
        weight[beat.name] = weight.get(beat.name, 0.0) + (0.2 + beat.intensity) * moment.shot.duration_frames
    return max(weight, key=lambda name: (weight[name], name), default="calm")


def _describe(
    plan: LightPlan,
    style: str,
    directions: Sequence[str],
    practicals: Sequence[str],
    events: Sequence[LightEvent],
    soft: bool,
) -> str:
    contrast = (
        "gentle"
        if plan.ratio < 2.6
        else "moderate"
        if plan.ratio < 4.2
        else "strong"
        if plan.ratio < 6.5
        else "very strong"
    )
    parts = [f"{plan.words}, {DIRECTION_WORDS[directions[0]]}"]
    parts.append(f"{STYLE_WORDS[style].lower()}, {plan.quality}, {contrast} contrast: {plan.feeling}")
    if practicals:
        seen = " and ".join(practicals) if len(practicals) < 3 else f"{', '.join(practicals[:-1])} and {practicals[-1]}"
        parts.append(f"{seen} in the set")
    if soft:
        parts.append("a little more fill on the face than in the wide")
    for event in events:
        parts.append(f"{event.what} {'comes on' if event.on else 'goes off'} at {event.at_seconds:g} s")
    return f"{'; '.join(parts)}."
