"""The vision service from the command line, as far as it can go wrong before it serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shotwright


def test_it_does_not_open_to_others_without_a_token(shotwright: Shotwright, tmp_path: Path) -> None:
    refused = shotwright("vision", "serve", "--host", "0.0.0.0", "--data", str(tmp_path / "eyes"))
    assert refused.returncode == 2
    assert "--token-env" in refused.stderr
    assert not (tmp_path / "eyes").exists()


def test_an_empty_token_is_none(shotwright: Shotwright) -> None:
    refused = shotwright("vision", "serve", "--token-env", "NOT_SET_ANYWHERE")
    assert refused.returncode == 2
    assert "NOT_SET_ANYWHERE" in refused.stderr
