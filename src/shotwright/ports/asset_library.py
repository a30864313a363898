"""Where a production's digital assets are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.asset import Asset


class AssetLibrary(Protocol):
    """One or several libraries in order of precedence, read as one.

    Contract (`tests/contracts/test_asset_library.py`): `assets` is in a fixed order, an earlier library's key hides a
    later one's, each asset bears its library's name and a fingerprint of its own bytes; a broken entry is a ConfigError
    that names the file and the line.
    """

    def assets(self) -> Sequence[Asset]: ...

    def pictures(self, key: str) -> Sequence[bytes]:
        """The bytes of an asset's pictures, in its order; empty for a key that no library holds."""

    def fingerprint(self) -> str:
        """Changes when any entry's bytes change."""
