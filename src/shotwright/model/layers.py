"""Who owns which field of a shot, and what nobody but a step of the line may set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.errors import LayerTrespass

if TYPE_CHECKING:
    from shotwright.model.vocabulary import Agent

OWNERS: dict[str, Agent] = {
    "contextual_layer": "architect",
    "source": "director",
    "duration_frames": "director",
    "duration_seconds": "director",
    "duration_reason": "director",
    "cuts": "director",
    "function": "director",
    "transition_in": "director",
    "continues_shot_id": "director",
    "added": "director",
    "narrative_layer": "director",
    "audio.dialogue": "director",
    "on_screen_text": "director",
    "setup_id": "cinematographer",
    "technical_layer": "cinematographer",
    "digital_assets": "art_director",
    "audio.sound_effects": "sound_designer",
    "audio.ambience": "sound_designer",
    "audio.music_cue": "sound_designer",
    "audio.lead_frames": "sound_designer",
    "audio.tail_frames": "sound_designer",
}
"""Longest prefix of a dotted path -> the agent that owns it. Everything else is derived or a person's."""

EDITABLE = (
    "contextual_layer", "function", "transition_in", "narrative_layer", "on_screen_text", "technical_layer",
    "digital_assets", "audio.sound_effects", "audio.ambience", "audio.music_cue", "duration_frames",
)  # fmt: skip
"""What a person may pin. Words of dialogue are edited in the script, where every reader of the film will find them."""


def owner_of(field: str) -> Agent | None:
    """The agent that owns a dotted path: `audio.music_cue.state` -> `sound_designer`; None when nobody's."""
    parts = field.split(".")
    for length in range(len(parts), 0, -1):
        owner = OWNERS.get(".".join(parts[:length]))
        if owner is not None:
            return owner
    return None


def covers(prefix: str, field: str) -> bool:
    """Whether a path is the prefix itself or lies under it."""
    return field == prefix or field.startswith(prefix + ".")


def require_editable(field: str) -> None:
    """Raise LayerTrespass for a field that a person cannot pin, saying where it is changed instead."""
    if any(covers(prefix, field) for prefix in EDITABLE):
        return
    if covers("audio.dialogue", field):
        raise LayerTrespass(f"{field}: spoken words are the script's", hint="edit the screenplay and run again")
    owner = owner_of(field)
    why = "is worked out from other fields" if owner is None else f"belongs to the {owner.replace('_', ' ')}'s plan"
    raise LayerTrespass(f"{field}: cannot be edited, it {why}", hint="editable: " + ", ".join(EDITABLE))
