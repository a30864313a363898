"""Where an ArangoDB server is and how to speak to it, as the user said it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from shotwright.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

PORT = 8529
_SCHEMES = {"arangodb": "http", "arangodb+tls": "https"}
_FORM = "write arangodb://host:8529/database, or arangodb+tls://… for an encrypted connection"


@dataclass(frozen=True, slots=True)
class ArangoSettings:
    """A server, a database on it and who asks. Secrets are no part of its representation.

    ConfigError for a URL of another form, and for one that holds a password: addresses end up in logs.
    """

    url: str
    """`arangodb://host:8529/database`, or `arangodb+tls://host:8529/database`."""
    username: str = "root"
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    """A JSON Web Token of a user, in place of name and password."""
    ca_file: Path | None = None
    """Certificates to trust instead of the system's."""
    verify: bool = True
    """Whether the server's certificate is checked."""
    timeout_seconds: float = 30.0
    """How long one answer may take."""
    patience_seconds: float = 90.0
    """How long a request, or a whole transaction, is tried again when trying again may help."""
    memory_megabytes: int = 256
    """What a raw query may use on the server."""

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            port = parts.port
        except ValueError:
            raise ConfigError("the address of the ArangoDB server cannot be read", hint=_FORM) from None
        if "@" in parts.netloc:
            raise ConfigError(
                "the address of the ArangoDB server holds a user name or a password",
                hint="leave them out of the address and give them as settings of their own",
            )
        if parts.scheme not in _SCHEMES or not parts.hostname or parts.query or parts.fragment or port == 0:
            raise ConfigError(f"{self.url!r} is not the address of an ArangoDB database", hint=_FORM)
        if not self.database or "/" in parts.path.strip("/"):
            raise ConfigError(f"{self.url!r} names no database", hint=_FORM)
        if self.timeout_seconds <= 0 or self.patience_seconds < 0 or self.memory_megabytes <= 0:
            raise ConfigError("the limits of time and memory of the ArangoDB server must be above 0")

    @property
    def encrypted(self) -> bool:
        return urlsplit(self.url).scheme == "arangodb+tls"

    @property
    def host(self) -> str:
        """Host and port, as shown to people."""
        parts = urlsplit(self.url)
        name = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        return f"{name}:{parts.port or PORT}"

    @property
    def loopback(self) -> bool:
        name = urlsplit(self.url).hostname or ""
        return name in ("localhost", "::1") or name.startswith("127.")

    @property
    def endpoint(self) -> str:
        """The server's address as HTTP clients know it."""
        return f"{'https' if self.encrypted else 'http'}://{self.host}"

    @property
    def database(self) -> str:
        return unquote(urlsplit(self.url).path.strip("/"))

    @property
    def who(self) -> str:
        """The user, as shown to people."""
        return "the token's user" if self.token else f"the user {self.username}"
