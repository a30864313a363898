"""The thresholds of the continuity rules, read once from the data file beside this module."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Thresholds(NamedTuple):
    """Every number and word list of the rules; degrees, metres, stops, mired and seconds as the names say."""

    neutral_deg: float
    line_slack_deg: float
    crossing_moves: frozenset[str]
    establishing_steps: int
    mirror_words: tuple[str, ...]
    side_slack: float
    centre_slack: float
    edge: float
    inside: float
    apart: float
    parallax: float
    angle_deg: float
    angle_size_steps: int
    angle_slack_deg: float
    size_jump: int
    size_running: int
    eye_least_deg: float
    eye_most_deg: float
    eye_slack_deg: float
    eye_match_deg: float
    camera_height_m: float
    eye_lateral_deg: float
    head_turn_deg: float
    own_places: frozenset[str]
    travel_lateral_deg: float
    travel_strongly_deg: float
    together_deg: float
    forget_shots: int
    turn_words: frozenset[str]
    azimuth_deg: float
    contrast_stops: float
    mired: float
    exposure_ev: float
    close_up_azimuth_deg: float
    close_up_stops: float
    light_slack: float
    moving_words: tuple[str, ...]
    length_slack_seconds: float
    most_continuations: int
    still_poses: frozenset[str]
    wipe_words: tuple[str, ...]
    placed_by_shot: int


@cache
def thresholds() -> Thresholds:
    """The thresholds as shipped."""
    data = tomllib.loads(files(__package__).joinpath("rules.toml").read_text("utf-8"))
    line, screen, angle, size, eye = data["line"], data["screen"], data["angle"], data["size"], data["eyeline"]
    travel, light, length, continued = data["travel"], data["light"], data["length"], data["continued"]
    return Thresholds(
        neutral_deg=line["neutral_deg"],
        line_slack_deg=line["slack_deg"],
        crossing_moves=frozenset(line["crossing_moves"]),
        establishing_steps=line["establishing_steps"],
        mirror_words=tuple(line["mirror_words"]),
        side_slack=screen["side_slack"],
        centre_slack=screen["centre_slack"],
        edge=screen["edge"],
        inside=screen["inside"],
        apart=screen["apart"],
        parallax=screen["parallax"],
        angle_deg=angle["degrees"],
        angle_size_steps=angle["size_steps"],
        angle_slack_deg=angle["slack_deg"],
        size_jump=size["jump"],
        size_running=size["running"],
        eye_least_deg=eye["least_deg"],
        eye_most_deg=eye["most_deg"],
        eye_slack_deg=eye["slack_deg"],
        eye_match_deg=eye["match_deg"],
        camera_height_m=eye["camera_height_m"],
        eye_lateral_deg=eye["lateral_deg"],
        head_turn_deg=eye["head_turn_deg"],
        own_places=frozenset(eye["own_places"]),
        travel_lateral_deg=travel["lateral_deg"],
        travel_strongly_deg=travel["strongly_deg"],
        together_deg=travel["together_deg"],
        forget_shots=travel["forget_shots"],
        turn_words=frozenset(travel["turn_words"]),
        azimuth_deg=light["azimuth_deg"],
        contrast_stops=light["contrast_stops"],
        mired=light["mired"],
        exposure_ev=light["exposure_ev"],
        close_up_azimuth_deg=light["close_up_azimuth_deg"],
        close_up_stops=light["close_up_stops"],
        light_slack=light["slack"],
        moving_words=tuple(light["moving_words"]),
        length_slack_seconds=length["slack_seconds"],
        most_continuations=continued["most"],
        still_poses=frozenset(continued["still_poses"]),
        wipe_words=tuple(continued["wipe_words"]),
        placed_by_shot=data["placing"]["by_shot"],
    )
