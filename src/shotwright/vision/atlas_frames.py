"""The pictures of the rendered atlas: what each of its frames shows, and the frame itself, drawn on demand.

Every frame is one combination of size, angle, framing and key style. People, room, facing and the side of the light are
drawn from a hash of the combination, so the same frame is the same picture always.
"""

from __future__ import annotations

import io
import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from typing import TYPE_CHECKING, Any, cast, get_args

from shotwright.craft.geometry import camera_distance, heading_to, step
from shotwright.craft.light import light_directions
from shotwright.craft.optics import ADULT_M, SIZES, coverage_of, eye_height, height_name, lens_class
from shotwright.model.ids import digest
from shotwright.model.shot import Shot
from shotwright.model.vocabulary import FOCAL_LENGTHS_MM, Angle, Framing, KeyStyle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shotwright.boards.scene import MeshMaker
    from shotwright.boards.sets import PlaceLook
    from shotwright.model.vocabulary import LightDirection, ShotSize

ANGLES: tuple[Angle, ...] = get_args(Angle)
FRAMINGS: tuple[Framing, ...] = ("single", "two_shot", "over_the_shoulder", "group")
KEYS: tuple[KeyStyle, ...] = get_args(KeyStyle)
ASPECT = 16 / 9
SIZE_PX = (320, 180)
HIGH_M = 2.45
"""A camera inside stays below the ceiling."""
LOW_M = 0.12


@dataclass(frozen=True, slots=True)
class Cell:
    """One frame of the atlas by what it is."""

    size: ShotSize
    angle: Angle
    framing: Framing
    key: KeyStyle

    def share(self, what: str) -> float:
        """A number in [0, 1) that is this frame's own."""
        return int(digest("atlas", self.size, self.angle, self.framing, self.key, what, length=6), 16) / 0x1000000

    def pick(self, what: str, among: Any) -> Any:
        return among[int(self.share(what) * len(among))]

    @property
    def people(self) -> tuple[int, ...]:
        """Places in the list of people: the subject first."""
        count = len(table()["people"]["who"])
        wanted = {"single": 1, "two_shot": 2, "over_the_shoulder": 2}.get(self.framing, 4)
        first, gap = int(self.share("who") * count), 1 + int(self.share("gap") * 4)
        return tuple((first + n * (2 * gap + 1)) % count for n in range(wanted))

    @property
    def inside(self) -> bool:
        """A frame for which a room has no space or no sky is taken outside; of the rest two in three are inside."""
        if self.size in ("extreme_wide", "wide") or self.angle == "overhead" or self.key == "silhouette":
            return False
        return self.share("inside") < 0.66

    @property
    def place(self) -> str:
        return str(self.pick("place", table()["places"]["inside" if self.inside else "outside"]))

    @property
    def side(self) -> int:
        """-1: the key comes from screen left."""
        return -1 if self.share("side") < 0.5 else 1


@cache
def table() -> dict[str, Any]:
    """The contents of atlas.toml, read once."""
    return tomllib.loads(files(__package__).joinpath("atlas.toml").read_text("utf-8"))


@cache
def cells() -> tuple[Cell, ...]:
    """All frames of the atlas, in order."""
    return tuple(Cell(*row) for row in product(SIZES, ANGLES, FRAMINGS, KEYS))


def key_direction(cell: Cell) -> LightDirection:
    """Where the key comes from as the camera sees it."""
    azimuth, elevation, camera = _key(cell)
    return light_directions(azimuth, elevation, camera)[0]


def _key(cell: Cell) -> tuple[float, float, float]:
    row = table()["light"][cell.key]
    near, far = row["off"]
    camera = _camera_azimuth(cell)
    # A light from screen right is at a greater azimuth than the lens.
    return round(camera + cell.side * (near + (far - near) * cell.share("off")), 1), float(row["elevation"]), camera


def _camera_azimuth(cell: Cell) -> float:
    return round(-35 + 70 * cell.share("azimuth"), 1)


def atlas_shot(cell: Cell) -> Shot:
    """The shot that a frame of the atlas is of."""
    height = _person(cell.people[0]).height_m
    coverage = coverage_of(cell.size) * (0.9 + 0.2 * cell.share("loose"))
    if coverage < 5.0:
        coverage *= height / ADULT_M
    azimuth = _camera_azimuth(cell)
    eyes = eye_height("stand", height)
    aim_y = coverage / 2 - 0.12 if coverage >= 2.0 else eyes - coverage / 6 if coverage > 0.3 else eyes
    focal, distance, pitch = _lens(cell, coverage, aim_y)
    up = math.radians(-pitch)
    camera_y = max(aim_y + math.sin(up) * distance, LOW_M)
    back = math.sqrt(max(distance**2 - (camera_y - aim_y) ** 2, 0.01))
    width = coverage * ASPECT
    aside = {"single": 0.16, "over_the_shoulder": 0.12}.get(cell.framing, 0.0) * width
    aside *= 0.0 if cell.size in ("close_up", "extreme_close_up") else (1 if cell.share("third") < 0.5 else -1)
    here = step((0.0, 0.0), azimuth + 90.0, aside)
    at = step(here, azimuth, back)
    row = table()["light"][cell.key]
    key_azimuth, elevation, _ = _key(cell)
    source, kelvin = row["inside" if cell.inside else "outside"]
    hour = cell.pick("hour", row["hours"])
    practicals = ["a lamp"] if hour == "night" else []
    subjects = [
        {
            "entity": f"character/atlas_{who}", "position_m": (x, 0.0, z), "heading_deg": heading,
            "screen_position": "center", "foreground": front,
        }
        for who, ((x, z), heading, front) in zip(
            cell.people, _places(cell, width, azimuth, (*at, camera_y), (*here, aim_y)), strict=True
        )
    ]  # fmt: skip
    return Shot.model_validate({
        "shot_id": f"sh_{digest('atlas', cell.size, cell.angle, cell.framing, cell.key)}", "scene_id": "sc_atlas",
        "setup_id": "su_atlas", "shot_number_in_scene": 1, "duration_frames": 144, "duration_seconds": 6.0, "cuts": [],
        "source": {}, "function": "coverage", "audio": {}, "digital_assets": {},
        "narrative_layer": {"action_description": "", "character_performance": "", "shot_purpose": ""},
        "contextual_layer": {"genre_aesthetics": [], "tone_and_mood": "",
                             "emotional_beat": {"name": "calm", "intensity": 0.3}},
        "technical_layer": {
            "camera": {
                "shot_size": cell.size, "coverage_m": round(coverage, 3), "angle": cell.angle,
                "height": height_name(camera_y, eyes), "facing": "three_quarter", "framing": cell.framing,
                "dirty": cell.framing == "over_the_shoulder", "composition": ["balanced"], "movement": {},
                "lens": {"focal_mm": focal, "class": lens_class(focal)}, "aperture_t": 4.0,
                "depth_of_field": "moderate", "white_balance_k": kelvin,
                "focus": {"on": f"character/atlas_{cell.people[0]}"},
                "position_m": (round(at[0], 3), round(camera_y, 3), round(at[1], 3)),
                "look_at_m": (round(here[0], 3), round(aim_y, 3), round(here[1], 3)),
            },
            "lighting": {
                "key_style": cell.key, "direction": light_directions(key_azimuth, elevation, azimuth),
                "azimuth_deg": key_azimuth, "elevation_deg": elevation, "quality": row["quality"],
                "contrast_ratio": row["ratio"], "color_temperature_k": kelvin, "source": [source],
                "motivated_by": source, "practicals": practicals, "time_of_day": hour, "description": row["words"],
            },
            "staging": {"plate": f"location/{_slug(cell.place)} side A", "subjects": subjects},
        },
    })  # fmt: skip


def _lens(cell: Cell, coverage: float, aim_y: float) -> tuple[int, float, float]:
    """(focal length, metres to the subject, degrees of pitch): the pitch that the angle asks for, as far as floor and
    ceiling let a lens of the set have it."""
    wanted = float(table()["angle"][cell.angle]) + (cell.share("pitch") - 0.5) * 6
    usual = {0: 21, 1: 28, 2: 35, 3: 40, 4: 50, 5: 75, 6: 100}[SIZES.index(cell.size)]
    if cell.framing == "over_the_shoulder":
        usual = max(usual, 50) if cell.size not in ("extreme_wide", "wide") else 28
    order = sorted(FOCAL_LENGTHS_MM, key=lambda mm: (mm > usual, abs(mm - usual)))
    best: tuple[float, int, float, float] | None = None
    for focal in (mm for mm in order if mm <= usual):
        distance = camera_distance(coverage, focal, ASPECT)
        if distance < 0.45:
            break
        highest = (HIGH_M - aim_y) if cell.inside else 99.0
        sine = min(max(-math.sin(math.radians(wanted)), (LOW_M - aim_y) / distance), highest / distance)
        pitch = -math.degrees(math.asin(max(-1.0, min(1.0, sine))))
        off = abs(pitch - wanted)
        if best is None or off < best[0] - 2.0:
            best = (off, focal, distance, pitch)
        if off < 2.0:
            break
    assert best is not None
    return best[1], best[2], best[3]


def _places(
    cell: Cell, width: float, azimuth: float, camera: tuple[float, float, float], aim: tuple[float, float, float]
) -> list[tuple[tuple[float, float], float, bool]]:
    """(where, heading, in the foreground) of everyone: spread so that the frame holds them, the subject first.
    `camera` and `aim` are (x, z, y)."""
    turn = (18 + 30 * cell.share("turn")) * (1 if cell.share("way") < 0.5 else -1)
    here = (0.0, 0.0)
    if cell.framing == "single":
        return [(here, azimuth + turn, False)]
    if cell.framing == "over_the_shoulder":
        partner = _shoulder(cell, width, azimuth, camera, aim)
        return [(here, azimuth + 0.5 * turn, False), (partner, heading_to(partner, here), True)]
    reach = min(0.5, 0.23 * width)
    back = max(0.0, 0.42 - 2 * reach)
    if cell.framing == "two_shot":
        one, two = step(here, azimuth - 90.0, reach), step(step(here, azimuth + 90.0, reach), azimuth, -back)
        return [(one, azimuth + abs(turn), False), (two, azimuth - abs(turn), False)]
    found = [(here, azimuth + 0.4 * turn, False)]
    for n, (across, behind) in enumerate(((-1.0, 0.3), (1.0, 0.35), (0.45, 0.9))):
        spot = step(step(here, azimuth + 90.0, across * min(0.75, 0.34 * width)), azimuth, -max(behind, back))
        found.append((spot, azimuth + (25 - 20 * n) * (1 if across < 0 else -1), False))
    return found


def _shoulder(
    cell: Cell, width: float, azimuth: float, camera: tuple[float, float, float], aim: tuple[float, float, float]
) -> tuple[float, float]:
    """Where the partner stands so that a shoulder hangs into the frame, at the edge away from the subject."""
    tall = _person(cell.people[1]).height_m
    share = 0.45
    for share in (0.45, 0.55, 0.65, 0.75, 0.85):
        axis = camera[2] + share * (aim[2] - camera[2])
        half = share * width / ASPECT / 2
        if axis - half < 0.93 * tall and axis + half > 0.76 * tall:
            break
    x, z = (c + share * (a - c) for c, a in zip(camera[:2], aim[:2], strict=True))
    # The aim is moved to one side of the subject: the empty side of the frame is the shoulder's.
    across = step((0.0, 0.0), azimuth + 90.0, 1.0)
    side = 1 if aim[0] * across[0] + aim[1] * across[1] >= 0 else -1
    return step((x, z), azimuth + 90.0, side * (0.35 * share * width + 0.19))


def _slug(place: str) -> str:
    return place.replace(" ", "_")


@cache
def _person(number: int) -> Any:
    from shotwright.boards.figures import appearance_of
    from shotwright.model.story import Character

    who = str(table()["people"]["who"][number])
    return appearance_of(
        Character.model_validate({"id": f"character/atlas_{number}", "name": f"Atlas {number}", "description": who}),
        place=number,
    )


def _makers(cell: Cell) -> Mapping[str, MeshMaker]:
    from shotwright.boards.figures import figure

    def maker(number: int, crowd: bool) -> MeshMaker:
        phase = round(cell.share(f"phase {number}") * 4) / 4
        return lambda subject, at: figure(_person(number), subject.pose_start, phase=phase, crowd=crowd)

    far = cell.size in ("extreme_wide", "wide")
    return {f"character/atlas_{who}": maker(who, far or n > 0) for n, who in enumerate(cell.people)}


def _place(cell: Cell, shot: Shot) -> PlaceLook:
    from shotwright.boards.sets import place_look

    return place_look(f"location/{_slug(cell.place)}", cell.place, cell.inside, [shot])


def draw_cell(cell: Cell, size: tuple[int, int] = SIZE_PX) -> Any:
    """The frame of a cell: uint8 (h, w, 3)."""
    from shotwright.boards.drawing import draw_shot

    shot = atlas_shot(cell)
    return draw_shot(shot, _makers(cell), _place(cell, shot), 0.0, size).image


def picture_of_cell(cell: Cell) -> bytes:
    """The frame of a cell as JPEG."""
    from PIL import Image

    data = io.BytesIO()
    Image.fromarray(draw_cell(cell)).save(data, "JPEG", quality=88, subsampling=0)
    return data.getvalue()


def cell_of(size: str, angle: str, framing: str, key: str) -> Cell:
    """The cell of these words, which must be among the atlas's own."""
    return Cell(cast("ShotSize", size), cast("Angle", angle), cast("Framing", framing), cast("KeyStyle", key))
