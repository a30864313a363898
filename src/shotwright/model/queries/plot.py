"""Questions about the plot: what is planted, paid off and left open, and how the tension runs."""

from __future__ import annotations

from shotwright.model.query import NamedQuery, NoParameters
from shotwright.model.value import Value


class UnresolvedRow(Value):
    plot_point: str
    summary: str | None
    about: str | None
    """The person or thing that it introduces."""
    scene: str | None
    """Where it is introduced."""
    order: int | None
    """That scene's place in the film; null when the graph has no such scene."""


QUERIES = (
    NamedQuery(
        name="unresolved",
        what="What the film introduces and never pays off, in order of introduction.",
        parameters=NoParameters,
        row=UnresolvedRow,
        order=("order", "plot_point"),
    ),
)
