"""shotwright turns a screenplay into render-ready shots, through a production line of six agents."""

from __future__ import annotations

__version__ = "0.1.0"
