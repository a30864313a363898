"""Pictures by URL: off unless a host is allow-listed, and never from an address that is not public.

The name is resolved once, every address that it has is checked, and the connection is made to the address that was
checked, so that a name cannot answer differently the second time. A redirect is a new URL and goes through all of it.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from shotwright.errors import VisionError

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_REDIRECTS = 3
CHUNK = 64 * 1024


class NotFetched(VisionError):
    """A URL that may not be fetched, or could not be."""


@dataclass(frozen=True, slots=True)
class Fetching:
    """What may be fetched."""

    hosts: frozenset[str] = frozenset()
    """Lower-case host names, `host` or `host:port`, exactly; empty fetches nothing."""
    timeout_seconds: float = 10.0
    """For one URL, redirects included."""
    most_bytes: int = 24 * 1024 * 1024
    resolve: Callable[[str, int], list[str]] | None = None
    """Host and port -> addresses; null asks the system."""


def fetch(url: str, rules: Fetching) -> bytes:
    """The bytes behind a URL, or `NotFetched`. Blocking: to be run in a worker thread."""
    if not rules.hosts:
        raise NotFetched("this service fetches no URLs", hint="send the picture itself, or allow its host")
    deadline = time.monotonic() + rules.timeout_seconds
    for _ in range(MOST_REDIRECTS + 1):
        secure, host, port, target = _allowed(url, rules)
        address = _public_address(host, port, rules)
        try:
            found, further = _get(secure, host, port, address, target, deadline, rules.most_bytes)
        except (OSError, http.client.HTTPException) as error:
            raise NotFetched(f"{host} did not answer: {type(error).__name__}", transient=True) from error
        if further is None:
            return found
        url = urljoin(url, further)
    raise NotFetched(f"over {MOST_REDIRECTS} redirects")


def _allowed(url: str, rules: Fetching) -> tuple[bool, str, int, str]:
    """(TLS, host, port, path and query) of a URL whose host is on the list."""
    if len(url) > 2048 or any(ord(c) < 33 or ord(c) == 127 for c in url):
        raise NotFetched("the URL is over 2,048 characters or holds blanks")
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        host = (parts.hostname or "").encode("idna").decode("ascii").lower().rstrip(".")
    except (ValueError, UnicodeError) as error:
        raise NotFetched("that is not a URL") from error
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.password:
        raise NotFetched("only http and https URLs without a user name are fetched")
    if host not in rules.hosts and f"{host}:{port}" not in rules.hosts:
        raise NotFetched(f"{host} is not among the hosts that this service fetches from")
    if host in rules.hosts and port not in (80, 443):
        raise NotFetched(f"port {port} of {host} is not among what this service fetches from")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme == "https", host, port, target


def is_public(address: str) -> bool:
    """Whether an IP address lies on the public internet; addresses that wrap another are judged by what they wrap."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in ipaddress.IPv6Network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            ip = inner
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_link_local)


def _public_address(host: str, port: int, rules: Fetching) -> str:
    try:
        addresses = (rules.resolve or _resolve)(host, port)
    except OSError as error:
        raise NotFetched(f"{host} has no address", transient=True) from error
    if not addresses:
        raise NotFetched(f"{host} has no address", transient=True)
    if not all(is_public(a) for a in addresses):
        raise NotFetched(f"{host} leads to an address that is not public")
    return addresses[0]


def _resolve(host: str, port: int) -> list[str]:
    return [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _get(
    secure: bool, host: str, port: int, address: str, target: str, deadline: float, most: int
) -> tuple[bytes, str | None]:
    """(body, where it redirects to) of one request to a checked address."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    raw = socket.create_connection((address, port), timeout=left)
    connection = http.client.HTTPConnection(host, port)
    try:
        if secure:
            raw = ssl.create_default_context().wrap_socket(raw, server_hostname=host)
        connection.sock = raw
        connection.request("GET", target, headers={"Accept": "image/*", "Accept-Encoding": "identity"})
        answer = connection.getresponse()
        if answer.status in (301, 302, 303, 307, 308):
            return b"", answer.headers.get("location") or "/"
        if answer.status != 200:
            raise NotFetched(f"{host} answered {answer.status}", transient=answer.status >= 500)
        said = answer.headers.get("content-length", "")
        if said.isdecimal() and int(said) > most:
            raise NotFetched(f"{host} offers {int(said):,} bytes, over {most:,}")
        body = bytearray()
        while True:
            raw.settimeout(max(deadline - time.monotonic(), 0.001))
            chunk = answer.read1(CHUNK)
            if not chunk:
                return bytes(body), None
            body += chunk
            if len(body) > most:
                raise NotFetched(f"{host} sends over {most:,} bytes")
            if time.monotonic() > deadline:
                raise TimeoutError
    finally:
        connection.close()
        raw.close()
