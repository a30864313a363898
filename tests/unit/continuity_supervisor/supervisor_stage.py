"""A small stage for tests: people on a floor plan, cameras placed round them, whole shots with everything derived."""

from __future__ import annotations

import math
from typing import Any

from shotwright.craft import geometry
from shotwright.model.crew import FilmSettings
from shotwright.model.screenplay import Slugline, Unit
from shotwright.model.shot import Shot
from shotwright.model.story import (
    ActionNote,
    CastMember,
    Character,
    Location,
    Presence,
    SceneBrief,
    SceneStory,
    Segment,
)

COVERAGE = {
    "extreme_wide": 8.0,
    "wide": 2.6,
    "medium_wide": 1.4,
    "medium": 0.9,
    "medium_close_up": 0.6,
    "close_up": 0.42,
    "extreme_close_up": 0.18,
}
EYES = {"sit": 1.2, "drive": 1.2, "lie": 0.5, "kneel": 1.05}
SETTINGS = FilmSettings()


def lens_class(focal: int) -> str:
    bounds = ((18, "ultra_wide"), (31, "wide"), (55, "standard"), (100, "long"))
    return next((name for most, name in bounds if focal <= most), "telephoto")


class Stage:
    """Collects shots of one scene. `people` maps a short name to (x, z, heading) or (x, z, heading, pose)."""

    def __init__(self, name: str, people: dict[str, tuple[Any, ...]], **scene: Any) -> None:
        self.name = name
        self.place = scene.pop("place", "location/kitchen")
        self.known = scene.pop("known_place", False)
        self.people = {who: (*spot, "stand")[:4] for who, spot in people.items()}
        self.gazes: dict[str, str] = {}
        self.hands: dict[str, dict[str, str]] = {}
        self.looks: dict[str, str] = {}
        self.conditions: dict[str, tuple[str, ...]] = {}
        self.light: dict[str, Any] = {}
        self.presences: dict[str, Presence] = {
            who: Presence(character=f"character/{who}", **scene.pop(f"presence_{who}", {})) for who in people
        }
        for key in [k for k in scene if k.startswith("presence_")]:
            who = key.removeprefix("presence_")
            self.presences[who] = Presence(character=f"character/{who}", **scene.pop(key))
        self.scene = scene
        self.units: list[Unit] = []
        self.actions: list[ActionNote] = []
        self.shots: list[Shot] = []

    def move(self, who: str, x: float, z: float, heading: float) -> None:
        self.people[who] = (x, z, heading, self.people[who][3])

    def look_at(self, **pairs: str) -> None:
        self.gazes.update(pairs)

    def facing(self, who: str, target: str, off: float) -> float:
        """Azimuth round `who` of a camera that stands `off` degrees (towards +heading) from the look at `target`."""
        a, b = self.people[who], self.people[target]
        return geometry.heading_to((a[0], a[1]), (b[0], b[1])) + off

    def shoot(
        self,
        size: str,
        on: str,
        azimuth: float,
        *,
        seen: tuple[str, ...] = (),
        foreground: tuple[str, ...] = (),
        framing: str = "single",
        focal: int = 50,
        line: tuple[str, str, str] | None = None,
        passage: int = 1,
        reset: str = "",
        says: tuple[tuple[str, ...], ...] = (),
        action: str = "They wait.",
        function: str = "coverage",
        move: str = "static",
        speed: str = "none",
        travel: dict[str, dict[str, Any]] | None = None,
        poses: dict[str, tuple[str, str]] | None = None,
        changes: tuple[str, ...] = (),
        light: dict[str, Any] | None = None,
        seconds: float = 6.0,
        unit: str | None = None,
        voice: str = "room",
        setup: str | None = None,
        place: str | None = None,
        aim: tuple[float, float] | None = None,
        height: float | None = None,
        **rest: Any,
    ) -> Shot:
        """Shoot `on` (a person, or `x,z` by `aim`) from an azimuth round it at the distance that the size asks."""
        index = len(self.shots)
        place = place or self.place
        spot = aim or (self.people[on][0], self.people[on][1])
        distance = geometry.camera_distance(COVERAGE[size], focal, SETTINGS.aspect)
        lens = geometry.step(spot, azimuth, distance)
        in_frame = {*(seen or ((on,) if on in self.people else ())), *foreground}
        target = self.gazes.get(on, "")
        eyes = EYES.get(self.people[target][3], 1.58) if target in self.people else 1.58
        subjects = [
            self._subject(who, lens, spot, focal, who in in_frame, who in foreground, travel, poses, says, voice)
            for who in self.people
            if who in in_frame or self._here(who, place)
        ]
        units = self._write(says, action, unit)
        subjects_on = f"character/{on}" if on in self.people else on
        words = sum(len(s[1].split()) for s in says)
        dialogue, start = [], 0.3
        for at, (speaker, text, *addressee) in enumerate(says):
            length = len(text.split()) / 2.4
            dialogue.append(
                {
                    "speaker": f"character/{speaker}",
                    "text": text,
                    "unit": units[at],
                    "start_seconds": start,
                    "addressee": f"character/{addressee[0]}" if addressee else None,
                    "seconds": round(length, 2),
                    "on_screen": speaker in in_frame and speaker not in foreground and voice == "room",
                    "voice": voice,
                }
            )
            start += length
        assert words / 2.4 + 0.4 <= seconds
        lighting = {
            "key_style": "mid_key",
            "direction": ["side_left"],
            "azimuth_deg": -60,
            "elevation_deg": 35,
            "quality": "soft",
            "contrast_ratio": 3,
            "color_temperature_k": 4300,
            "source": ["practical"],
            "motivated_by": "ceiling lamp",
            "time_of_day": "night",
            "description": "A ceiling lamp.",
            **self.light,
            **(light or {}),
        }
        frames = round(seconds * 24)
        shot = Shot.model_validate(
            {
                "shot_id": f"{self.name}-{index + 1}",
                "scene_id": self.name,
                "setup_id": setup or f"{self.name}-{index}",
                "shot_number_in_scene": index + 1,
                "duration_frames": frames,
                "duration_seconds": frames / 24,
                "cuts": [{"src_in": 0, "src_out": frames}],
                "source": {"units": units},
                "function": function,
                "narrative_layer": {
                    "action_description": action,
                    "character_performance": "",
                    "shot_purpose": "We learn.",
                },
                "contextual_layer": {
                    "genre_aesthetics": ["drama"],
                    "tone_and_mood": "plain",
                    "emotional_beat": {"name": rest.pop("beat", "calm"), "intensity": 0.4},
                },
                "technical_layer": {
                    "camera": {
                        "shot_size": size,
                        "angle": rest.pop("angle", "eye_level"),
                        "height": "eye",
                        "facing": "three_quarter",
                        "framing": framing,
                        "composition": ["balanced"],
                        "movement": {"type": move, "speed": speed},
                        "lens": {"focal_mm": focal, "class": lens_class(focal)},
                        "aperture_t": 2.8,
                        "depth_of_field": "moderate",
                        "white_balance_k": 4300,
                        "focus": {"on": subjects_on},
                        "position_m": [round(lens[0], 3), height or eyes, round(lens[1], 3)],
                        "look_at_m": [spot[0], 1.5, spot[1]],
                    },
                    "lighting": lighting,
                    "staging": {
                        "plate": f"{place} side A",
                        "subjects": subjects,
                        "changes": list(changes),
                        "line": self._line(line, lens, passage, reset),
                    },
                },
                "audio": {"dialogue": dialogue, "ambience": f"{place} room tone"},
                "digital_assets": self._assets(in_frame),
                **rest,
            }
        )
        self.shots.append(shot)
        return shot

    def _here(self, who: str, place: str) -> bool:
        return self.scene.get("places", {}).get(who, self.place) == place

    def _subject(
        self,
        who: str,
        lens: Any,
        spot: Any,
        focal: int,
        shown: bool,
        foreground: bool,
        travel: Any,
        poses: Any,
        says: Any,
        voice: str,
    ) -> dict[str, Any]:
        x, z, heading, pose = self.people[who]
        where = geometry.screen_x(lens, spot, (x, z), focal, 24.89)
        screen = "off"
        if shown:
            where = where or 0.0
            screen = "center" if abs(where) < 0.1 else ("left" if where < 0 else "right")
        gaze = None
        target = self.gazes.get(who)
        if target is not None:
            there = self.people.get(target)
            ahead = (
                (there[0], there[1]) if there and (there[0], there[1]) != (x, z) else geometry.step((x, z), heading, 1)
            )
            if there and not self._here(target, self._place_of(who)):
                ahead = geometry.step((x, z), heading, 1)
            gaze = {
                "target": f"character/{target}" if target in self.people else target,
                "screen_direction": self._way(lens, spot, (x, z), ahead),
            }
        start, end = (poses or {}).get(who, (pose, pose))
        going = (travel or {}).get(who)
        if going is not None:
            ahead = geometry.step((x, z), heading, 1)
            going = {"screen_direction": self._way(lens, spot, (x, z), ahead), **going}
        speaking = voice == "room" and any(s[0] == who for s in says) and shown
        return {
            "entity": f"character/{who}",
            "look": self.looks.get(who, f"look/{who}.d1"),
            "position_m": [x, 0, z],
            "heading_deg": heading,
            "screen_position": screen,
            "gaze": gaze,
            "pose_start": start,
            "pose_end": end,
            "travel": going,
            "hands": self.hands.get(who, {}),
            "mouth": "speaking" if speaking else "closed",
            "condition": self.conditions.get(who, ()),
            "foreground": foreground,
        }

    def _place_of(self, who: str) -> str:
        return str(self.scene.get("places", {}).get(who, self.place))

    @staticmethod
    def _way(lens: Any, spot: Any, origin: Any, ahead: Any) -> str:
        angle = geometry.screen_direction(lens, spot, origin, ahead)
        across = math.sin(math.radians(angle))
        if abs(across) > 0.18:
            return "right" if across > 0 else "left"
        return "away" if abs(angle) < 90 else "toward_camera"

    def _line(self, line: tuple[str, str, str] | None, lens: Any, passage: int, reset: str) -> dict[str, Any] | None:
        if line is None:
            return None
        kind, a, b = line
        one, two = self.people[a], self.people.get(b)
        end = (two[0], two[1]) if two else geometry.step((one[0], one[1]), one[2], 1)
        side = "right" if geometry.side_of_line((one[0], one[1]), end, lens) > 0 else "left"
        if geometry.angle_off_line((one[0], one[1]), end, lens) <= 12:
            side = "on"
        return {
            "kind": kind,
            "a": f"character/{a}",
            "b": f"character/{b}" if two else b,
            "side": side,
            "passage": passage,
            "reset": reset,
        }

    def _write(self, says: Any, action: str, unit: str | None) -> list[str]:
        if unit is not None:
            return [unit]
        units = []
        for speaker, text, *_ in says:
            units.append(f"{self.name}-u{len(self.units) + 1}")
            self.units.append(Unit(id=units[-1], kind="speech", text=text, cue=speaker.upper()))
        if not says:
            units.append(f"{self.name}-u{len(self.units) + 1}")
            self.units.append(Unit(id=units[-1], kind="action", text=action))
        return units

    def _assets(self, in_frame: set[str]) -> dict[str, Any]:
        shown = sorted(w for w in in_frame if w in self.people)
        return {
            "characters": [f"char_{w}_v01" for w in shown],
            "clothes": [
                f"cloth_{self.looks.get(w, f'look/{w}.d1').rpartition('/')[2].replace('.', '_')}_v01" for w in shown
            ],
            "bindings": {f"character/{w}": f"char_{w}_v01" for w in shown},
        }

    def brief(self) -> SceneBrief:
        scene = {k: v for k, v in self.scene.items() if k != "places"}
        segments = tuple(
            Segment(kind=kind, first_unit=self.units[0].id, last_unit=self.units[-1].id)
            for kind in scene.pop("segments", ())
        )
        return SceneBrief(
            scene=SceneStory(
                scene_id=self.name,
                slugline=Slugline(raw="INT. PLACE - NIGHT"),
                units=tuple(self.units),
                location=self.place,
                presences=tuple(self.presences.values()),
                actions=tuple(self.actions),
                segments=segments,
                **scene,
            ),
            cast=tuple(
                CastMember(character=Character(id=p.character, name=who.capitalize()), presence=p)
                for who, p in self.presences.items()
            ),
            place=Location(id=self.place, name=self.place.rpartition("/")[2]),
            known_place=self.known,
        )
