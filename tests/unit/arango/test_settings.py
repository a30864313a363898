"""Where a server is and who asks: what is understood, what is refused, and what is never shown."""

from __future__ import annotations

import pytest

from shotwright.adapters.story_store.arango import ArangoSettings
from shotwright.adapters.story_store.arango.settings import PORT
from shotwright.errors import ConfigError


@pytest.mark.parametrize(
    ("url", "endpoint", "database", "encrypted", "loopback"),
    [
        ("arangodb://db.example:9000/films", "http://db.example:9000", "films", False, False),
        ("arangodb+tls://db.example/films/", "https://db.example:8529", "films", True, False),
        ("arangodb://[::1]:8529/a%20b", "http://[::1]:8529", "a b", False, True),
        ("arangodb://127.0.0.1/films", f"http://127.0.0.1:{PORT}", "films", False, True),
    ],
)
def test_an_address_names_server_database_and_encryption(
    url: str, endpoint: str, database: str, encrypted: bool, loopback: bool
) -> None:
    settings = ArangoSettings(url)
    assert (settings.endpoint, settings.database) == (endpoint, database)
    assert (settings.encrypted, settings.loopback) == (encrypted, loopback)


@pytest.mark.parametrize(
    "url",
    ["", "db.example", "http://db.example/films", "arangodb://db.example", "arangodb://db.example/", "arangodb:///films",
     "arangodb://db.example:nine/films", "arangodb://db.example/films/more", "arangodb://db.example/films?x=1",
     "arangodb://[::1/films", "arangodb://db.example:99999/films"],
)  # fmt: skip
def test_another_form_of_address_is_refused_with_the_right_one(url: str) -> None:
    with pytest.raises(ConfigError) as error:
        ArangoSettings(url)
    assert "arangodb://host:8529/database" in error.value.hint


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(ConfigError) as error:
        ArangoSettings("arangodb://ida:hush@db.example/films")
    assert "hush" not in str(error.value) + error.value.hint


def test_secrets_are_no_part_of_the_representation() -> None:
    assert "hush" not in repr(ArangoSettings("arangodb://h/d", password="hush", token="hush hush"))
