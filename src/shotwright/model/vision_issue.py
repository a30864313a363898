"""What the eyes find wrong: issues, who must mend each, and the two messages that are fixed."""

from typing import Literal, NamedTuple

from shotwright.model.value import Value
from shotwright.model.vocabulary import Agent, Severity

IssueCode = Literal[
    "CHAR_CONSISTENCY_LOW", "WRONG_PERSON", "WARDROBE_MISMATCH", "PROP_MISSING",
    "LIGHT_INCONSISTENT", "EXPOSURE_LOW", "EXPOSURE_HIGH", "KEY_STYLE_MISMATCH", "COLOR_TEMP_SHIFT",
    "FRAMING_HEADROOM", "FRAMING_CUT_JOINT", "SIZE_MISMATCH", "HORIZON_TILT", "SOFT_FOCUS", "TONE_MISMATCH",
    "AXIS_CROSSED", "DURATION", "COVERAGE", "AUDIO_MISSING", "AUDIO_LEVEL",
]  # fmt: skip


class Owner(NamedTuple):
    agent: Agent
    field: str
    """Dotted path in the shot JSON that is to be mended."""


_CAMERA = "technical_layer.camera"
_LIGHTING = "technical_layer.lighting"
_LOOKS = Owner("art_director", "digital_assets.clothes")

OWNERS: dict[IssueCode, Owner] = {
    "CHAR_CONSISTENCY_LOW": Owner("art_director", "digital_assets.characters"),
    "WRONG_PERSON": Owner("art_director", "digital_assets.characters"),
    "WARDROBE_MISMATCH": _LOOKS,
    "PROP_MISSING": Owner("art_director", "digital_assets.objects"),
    "LIGHT_INCONSISTENT": Owner("cinematographer", _LIGHTING),
    "EXPOSURE_LOW": Owner("cinematographer", f"{_LIGHTING}.exposure_ev"),
    "EXPOSURE_HIGH": Owner("cinematographer", f"{_LIGHTING}.exposure_ev"),
    "KEY_STYLE_MISMATCH": Owner("cinematographer", f"{_LIGHTING}.key_style"),
    "COLOR_TEMP_SHIFT": Owner("cinematographer", f"{_LIGHTING}.color_temperature_k"),
    "FRAMING_HEADROOM": Owner("cinematographer", f"{_CAMERA}.look_at_m"),
    "FRAMING_CUT_JOINT": Owner("cinematographer", f"{_CAMERA}.shot_size"),
    "SIZE_MISMATCH": Owner("cinematographer", f"{_CAMERA}.shot_size"),
    "HORIZON_TILT": Owner("cinematographer", f"{_CAMERA}.roll"),
    "SOFT_FOCUS": Owner("cinematographer", f"{_CAMERA}.focus"),
    "TONE_MISMATCH": Owner("cinematographer", _LIGHTING),
    "AXIS_CROSSED": Owner("cinematographer", f"{_CAMERA}.position_m"),
    "DURATION": Owner("director", "duration_frames"),
    "COVERAGE": Owner("director", "source"),
    "AUDIO_MISSING": Owner("sound_designer", "audio"),
    "AUDIO_LEVEL": Owner("sound_designer", "audio"),
}
"""Who must revise what, by the code of the issue."""


class Issue(Value):
    """Something that the eyes found wrong with a shot."""

    code: IssueCode
    severity: Severity
    shot_index: int
    """Place in the request, from 0."""
    shot_id: str
    agent: Agent
    """Who must revise."""
    field: str
    """Dotted path in the shot JSON."""
    measured: float | str | None = None
    threshold: float | str | None = None
    message: str
    """One line for people; "shot N" is `shot_number_in_scene`."""
    detail: str = ""
    """Who, how far off, against what."""
    hint: str = ""
    """What would mend it, for the agent who revises."""
    character: str = ""
    """Whom it is about, if somebody."""
    other_shot_id: str = ""
    """The shot that it disagrees with, if one."""


def issue(
    code: IssueCode,
    severity: Severity,
    shot_index: int,
    shot_id: str,
    message: str,
    *,
    field: str = "",
    measured: float | str | None = None,
    threshold: float | str | None = None,
    detail: str = "",
    hint: str = "",
    character: str = "",
    other_shot_id: str = "",
) -> Issue:
    """An issue that belongs to the owner of its code; `field` narrows what is to be mended."""
    owner = OWNERS[code]
    return Issue(
        code=code,
        severity=severity,
        shot_index=shot_index,
        shot_id=shot_id,
        agent=owner.agent,
        field=field or owner.field,
        measured=measured,
        threshold=threshold,
        message=message,
        detail=detail,
        hint=hint,
        character=character,
        other_shot_id=other_shot_id,
    )


def consistency_message(threshold: float, number: int) -> str:
    """`Character consistency score below 95% in shot 4`; `threshold` 0-1, `number` the shot's in its scene."""
    return f"Character consistency score below {100 * threshold:.3g}% in shot {number}"


def lighting_message(number: int) -> str:
    """`Lighting in shot 5 is inconsistent with previous shots`; `number` the shot's in its scene."""
    return f"Lighting in shot {number} is inconsistent with previous shots"
