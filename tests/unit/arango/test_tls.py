"""Encrypted connections with a certificate made for the test: trusted, not trusted, not checked."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.standin.server import StandIn
from tests.unit.arango.scripted import Waits

from shotwright.adapters.story_store.arango import ArangoSettings, ArangoStoryStore, diagnose
from shotwright.errors import StoreError
from shotwright.model.graph import Node

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ADA = Node(id="character/ada", kind="character", data={"name": "Ada"})
OPENSSL = shutil.which("openssl")

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="TLS NOT TESTED: no openssl here to make a certificate with")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that signs itself; its key lies beside it."""
    folder = tmp_path_factory.mktemp("tls")
    made = folder / "server.pem"
    command = [str(OPENSSL), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
               "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
               "-keyout", str(folder / "server.key"), "-out", str(made)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    return made


@pytest.fixture
def encrypted(certificate: Path) -> Iterator[StandIn]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    with StandIn("pw") as server:
        server._http.socket = context.wrap_socket(server._http.socket, server_side=True)
        yield server


def _settings(server: StandIn, ca_file: Path | None = None, *, verify: bool = True) -> ArangoSettings:
    url = f"arangodb+tls://127.0.0.1:{server.port}/films"
    return ArangoSettings(url, password="pw", ca_file=ca_file, verify=verify)


def test_a_certificate_that_the_settings_trust_is_trusted(encrypted: StandIn, certificate: Path) -> None:
    settings = _settings(encrypted, certificate)
    store = ArangoStoryStore(settings, "birds")
    assert store.replace("film", [ADA], []).nodes_put == 1
    assert store.get(ADA.id) == ADA
    store.close()
    assert "the connection is encrypted and the server's certificate checked" in [f.line for f in diagnose(settings)]


def test_a_certificate_that_nobody_vouches_for_is_refused_whatever_the_environment_says(
    encrypted: StandIn, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with pytest.raises(StoreError, match="certificate verify failed") as refused:
        ArangoStoryStore(_settings(encrypted), "birds", backoff=Waits().backoff())
    assert not refused.value.transient
    assert "certificate authority" in refused.value.hint


def test_a_certificate_is_not_checked_only_when_one_says_so(encrypted: StandIn) -> None:
    settings = _settings(encrypted, verify=False)
    store = ArangoStoryStore(settings, "birds")
    assert store.replace("film", [ADA], []).nodes_put == 1
    store.close()
    assert [f.level for f in diagnose(settings)][1] == "warn"
