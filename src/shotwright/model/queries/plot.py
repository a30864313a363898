"""Questions about the plot: what is planted, paid off and left open, and how the tension runs."""

from __future__ import annotations

from shotwright.model.queries.parameters import TwoPlotPoints
from shotwright.model.queries.rows import Feeling, Lines, SceneRow
from shotwright.model.query import NamedQuery, NoParameters
from shotwright.model.value import Value


class BetweenRow(SceneRow):
    synopsis: str | None
    """One line of what happens."""
    location: str | None
    """Where: `location/…`."""
    story_day: str | None
    """`D1`, `N1`, `FB1` …"""
    characters: tuple[str, ...]
    """Who is seen or heard, in the order of the scene's cast."""
    feelings: tuple[Feeling, ...]
    """In the order in which they first come."""
    plot_points: tuple[str, ...]
    """That the scene advances."""


class UnresolvedRow(Value):
    plot_point: str
    """What is introduced: `plot_point/…`."""
    summary: str | None
    """In a sentence."""
    about: str | None
    """The person or thing that it introduces."""
    scene: str | None
    """Where it is introduced."""
    order: int | None
    """That scene's place in the film; null when the graph has no such scene."""


class PayoffRow(Value):
    plot_point: str
    """What is planted: `plot_point/…`."""
    summary: str | None
    """In a sentence."""
    about: str | None
    """The person or thing that it introduces."""
    scene: str | None
    """Where it is planted."""
    order: int | None
    """That scene's place in the film; null when the graph has no such scene."""
    payoff: str
    """What pays it off: `plot_point/…`."""
    payoff_summary: str | None
    """In a sentence."""
    payoff_scene: str | None
    """Where it is paid off."""
    payoff_order: int | None
    """That scene's place in the film; null when the graph has no such scene."""
    apart: int | None
    """How many scenes later."""


class TensionRow(SceneRow):
    intensity: float | None
    """Of the scene's strongest feeling, 0-1; null when it has none."""
    feeling: str | None
    """The strongest; the first of several."""
    closes_on: str | None
    """The feeling that the scene ends with."""
    closing_intensity: float | None
    """Of that one, 0-1."""


class MapRow(SceneRow):
    heading: str | None
    """The slugline as written."""
    synopsis: str | None
    """One line of what happens."""
    location: str | None
    """Where: `location/…`."""
    time_of_day: str | None
    """Resolved: `midday`, `night` …"""
    story_day: str | None
    """`D1`, `N1`, `FB1` …"""
    eighths: int | None
    """The scene's length in eighths of a page."""
    characters: tuple[str, ...]
    """Who is in the place, in the order of the scene's cast."""
    voices: tuple[str, ...]
    """Who is heard and never in the place."""
    intensity: float | None
    """Of the scene's strongest feeling, 0-1; null when it has none."""
    feeling: str | None
    """The strongest; the first of several."""
    shots: int
    """How many the scene has."""
    flags: int
    """Open in them."""
    lines: Lines | None
    """Where the scene stands in the script."""


QUERIES = (
    NamedQuery(
        name="story_map",
        what="The film scene by scene: place, time, day, who is there, how strong the feeling, how many shots, and how "
        "many flags are open.",
        parameters=NoParameters,
        row=MapRow,
        order=("order", "scene"),
    ),
    NamedQuery(
        name="tension",
        what="The tension curve: the strongest feeling of every scene, and the one that it closes on.",
        parameters=NoParameters,
        row=TensionRow,
        order=("order", "scene"),
    ),
    NamedQuery(
        name="between_plot_points",
        what="What happens from one plot point to another, both scenes included: where, with whom, with what feelings, "
        "and which plot points on the way.",
        parameters=TwoPlotPoints,
        row=BetweenRow,
        order=("order", "scene"),
    ),
    NamedQuery(
        name="planted_and_paid",
        what="What the film introduces and pays off, where, and how many scenes lie between.",
        parameters=NoParameters,
        row=PayoffRow,
        order=("order", "plot_point", "payoff_order", "payoff"),
    ),
    NamedQuery(
        name="unresolved",
        what="What the film introduces and never pays off, in order of introduction.",
        parameters=NoParameters,
        row=UnresolvedRow,
        order=("order", "plot_point"),
    ),
)
