"""A scene from above for the documentation: the plan that `shotwright export --to plans` draws, without its set."""

from shotwright.exports.floor_plan import draw_plan

__all__ = ["draw_plan"]
