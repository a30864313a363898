"""A digital asset as a library holds it (schema label `shotwright/asset@1`)."""

from typing import Literal

from pydantic import ConfigDict, Field

from shotwright.model.value import Value
from shotwright.model.vocabulary import AssetKind


class AssetLook(Value):
    """What a character wears on the story days named."""

    story_days: tuple[str, ...] = ()
    """`D1`, `FB1`; empty means whenever no other look fits."""
    clothes: tuple[str, ...] = ()
    """Keys of clothes assets."""
    makeup_hair: tuple[str, ...] = ()
    description: str = ""


class Asset(Value):
    schema_label: Literal["shotwright/asset@1"] = Field("shotwright/asset@1", alias="schema")
    key: str
    kind: AssetKind
    name: str
    aliases: tuple[str, ...] = ()
    description: str = ""
    personality: tuple[str, ...] = ()
    manner: str = ""
    voice: str = ""
    tags: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    """`#rrggbb`, dominant first."""
    pictures: tuple[str, ...] = ()
    """File names beside the TOML."""
    prompt: str = ""
    """The short tag that a video model is given: words, never a proper name."""
    height_m: float | None = None
    belongs_to: str = ""
    """Of clothes and objects: the character's name."""
    looks: tuple[AssetLook, ...] = ()
    library: str = Field(default="", exclude=True)
    """The library that it was found in."""
    fingerprint: str = Field(default="", exclude=True)
    """Hash of the TOML and the pictures' bytes."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)
