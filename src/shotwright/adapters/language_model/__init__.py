"""Language models: services reached through pydantic-ai, functions, and what their tokens cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shotwright.adapters.language_model.settings import LanguageModelSettings
    from shotwright.ports.language_model import LanguageModel

__all__ = ["open_model"]


def open_model(settings: LanguageModelSettings) -> LanguageModel:
    """The model that the settings name, with its fallbacks. Nothing is asked, and nothing heavy imported, before the
    first request. ConfigError for a name that means nothing, a key that is not set or a package that is not there."""
    from shotwright.adapters.language_model.pydantic_ai import PydanticAiLanguageModel

    return PydanticAiLanguageModel(settings)
