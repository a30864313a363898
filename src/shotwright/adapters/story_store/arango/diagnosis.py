"""What a doctor finds out about an ArangoDB server: one line a matter, and what to do where something is wrong.

Nothing is changed, and nothing is created.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from shotwright.adapters.story_store.arango.connection import Connection, document_path, part_of
from shotwright.adapters.story_store.arango.errors import (
    DATA_SOURCE_NOT_FOUND,
    DATABASE_NOT_FOUND,
    DOCUMENT_NOT_FOUND,
    GRAPH_NOT_FOUND,
    NoAnswer,
    Refusal,
    store_error,
)
from shotwright.adapters.story_store.arango.layout import (
    GRAPH,
    LAYOUT_KEY,
    META,
    VERSION,
    VIEW,
    collections,
    graph_definition,
    layout_mark,
    view_links,
)
from shotwright.adapters.story_store.arango.retrying import Backoff
from shotwright.adapters.story_store.arango.setup import OLDEST_SERVER, server_version
from shotwright.errors import ShotwrightError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shotwright.adapters.story_store.arango.settings import ArangoSettings

COMMUNITY_LIMITED = (3, 12, 5)
"""From this version the Community Edition forbids commercial production use and stops at 100 GiB of data."""
_NEARLY_FULL = 0.9


@dataclass(frozen=True, slots=True)
class Finding:
    """One matter that was looked at."""

    level: Literal["ok", "warn", "fail"]
    line: str
    hint: str = ""


def diagnose(settings: ArangoSettings, *, http_client: Any = None) -> list[Finding]:
    """Look at the server, the database and what a Story Graph needs in it, as far as one can get."""
    try:
        connection = Connection(settings, http_client=http_client, backoff=Backoff(attempts=1))
    except ShotwrightError as error:
        return [Finding("fail", error.message, error.hint)]
    try:
        return _Diagnosis(connection).findings()
    finally:
        connection.close()


class _Diagnosis:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._settings = connection.settings
        self._found: list[Finding] = []

    def findings(self) -> list[Finding]:
        """Each step looks further only where the one before got through."""
        version = self._reach()
        if version is not None:
            self._judge_version(version)
            self._judge_licence(version)
            if self._judge_database():
                self._judge_rights()
                self._judge_contents()
        return self._found

    def _say(self, level: Literal["ok", "warn", "fail"], line: str, hint: str = "") -> None:
        self._found.append(Finding(level, line, hint))

    def _fail(self, failure: Refusal | NoAnswer) -> None:
        error = store_error(failure, self._settings)
        self._say("fail", error.message, error.hint)

    def _get(self, path: str, params: Mapping[str, str] | None = None, database: str = "") -> Any:
        return self._connection.send("get", path, params=params, database=database)

    def _reach(self) -> Mapping[str, Any] | None:
        version: Mapping[str, Any] | None = None
        try:
            try:
                version = self._get("/_api/version")
            except Refusal as refusal:
                if refusal.number != DATABASE_NOT_FOUND:
                    raise
                version = self._get("/_api/version", database="_system")
        except NoAnswer as failure:
            self._fail(failure)
            return None
        except Refusal as refusal:
            self._say("ok", f"a server answers at {self._settings.host}")
            self._judge_encryption()
            self._fail(refusal)
            return None
        self._say("ok", f"a server answers at {self._settings.host}")
        self._judge_encryption()
        self._say("ok", f"it accepts {self._settings.who}")
        return version

    def _judge_encryption(self) -> None:
        settings = self._settings
        if settings.encrypted and settings.verify:
            self._say("ok", "the connection is encrypted and the server's certificate checked")
        elif settings.encrypted:
            self._say("warn", "the connection is encrypted, but anybody may be at its other end",
                      "let the certificate be checked")  # fmt: skip
        elif settings.loopback:
            self._say("ok", "the connection is not encrypted and does not leave this machine")
        else:
            self._say("warn", "the connection is not encrypted: passwords and scripts can be read on the way",
                      "use arangodb+tls://")  # fmt: skip

    def _judge_version(self, version: Mapping[str, Any]) -> None:
        said = str(version.get("version", "of an unknown version"))
        if server_version(said) < OLDEST_SERVER:
            self._say("fail", f"the server is ArangoDB {said}", "3.12 or later is needed")
        else:
            self._say("ok", f"the server is ArangoDB {said}")

    def _judge_licence(self, version: Mapping[str, Any]) -> None:
        edition = str(version.get("license", "unknown"))
        limited = server_version(str(version.get("version", ""))) >= COMMUNITY_LIMITED
        licence = self._licence()
        keyed = bool(licence.get("license") or licence.get("features"))
        if edition == "community" and limited:
            self._say("warn", "Community Edition: no commercial production use, and 100 GiB of data at most",
                      "commercial use needs a licence of its maker")  # fmt: skip
        elif edition == "enterprise" and not keyed and limited:
            self._say("warn", "Enterprise Edition without a licence key: it becomes read-only past its limits",
                      "set a licence key for production use")  # fmt: skip
        else:
            self._say("ok", f"{edition.capitalize()} Edition")
        status = str(licence.get("status", "good"))
        if status in ("expired", "read-only"):
            self._say("fail", f"the licence of the server is {status}", "renew it: the server takes no writes")
        elif status == "expiring":
            self._say("warn", "the licence of the server runs out soon", "renew it")
        self._judge_disk(licence.get("diskUsage") or {})

    def _licence(self) -> Mapping[str, Any]:
        try:
            found: Mapping[str, Any] = self._get("/_admin/license", database="")
        except (Refusal, NoAnswer):
            # Not everybody may ask, and older servers do not know it.
            return {}
        return found

    def _judge_disk(self, usage: Mapping[str, Any]) -> None:
        used, most = usage.get("bytesUsed"), usage.get("bytesLimit")
        if not isinstance(used, (int, float)) or not isinstance(most, (int, float)) or most <= 0:
            return
        line = f"{used / 2**30:.1f} of {most / 2**30:.0f} GiB that the licence allows are used"
        if usage.get("limitReached"):
            self._say("fail", line, "the server takes no more writes: remove data, or set a licence key")
        else:
            self._say("warn" if used > most * _NEARLY_FULL else "ok", line)

    def _judge_database(self) -> bool:
        settings = self._settings
        try:
            self._get("/_api/database/current")
        except NoAnswer as failure:
            self._fail(failure)
            return False
        except Refusal as refusal:
            if refusal.number == DATABASE_NOT_FOUND:
                self._say("warn", f"there is no database {settings.database} yet",
                          "it is made at first use, by a user who may create databases")  # fmt: skip
            else:
                self._fail(refusal)
            return False
        self._say("ok", f"there is a database {settings.database}")
        return True

    def _judge_rights(self) -> None:
        settings = self._settings
        if settings.token:
            return
        try:
            path = f"/_api/user/{settings.username}/database/{settings.database}"
            right = str(self._get(path, database="_system").get("result", ""))
        except (Refusal, NoAnswer):
            # Only administrators may ask; that the contents can be read shows below.
            return
        if right == "rw":
            self._say("ok", f"{settings.who} may read and write {settings.database}")
        elif right == "ro":
            self._say("warn", f"{settings.who} may only read {settings.database}", "runs need write access")
        else:
            self._say("fail", f"{settings.who} has no access to {settings.database}", "grant read and write access")

    def _judge_contents(self) -> None:
        try:
            noted = self._get(document_path(f"{META}/{LAYOUT_KEY}"))
        except Refusal as refusal:
            if refusal.number in (DATA_SOURCE_NOT_FOUND, DOCUMENT_NOT_FOUND):
                self._say("warn", "the database holds no story graphs yet", "it is made ready at first use")
            else:
                self._fail(refusal)
            return
        except NoAnswer as failure:
            self._fail(failure)
            return
        if noted.get("version", 0) > VERSION:
            self._say("fail", f"the database was made by a newer shotwright (layout {noted['version']})",
                      "upgrade shotwright, or name another database")  # fmt: skip
            return
        if noted.get("mark") != layout_mark():
            self._say("warn", "the database is of an older layout", "it is brought up to date at next use")
            return
        try:
            missing = self._missing()
        except (Refusal, NoAnswer) as failure:
            self._fail(failure)
            return
        for what in missing:
            self._say("fail", f"{what} is missing", f"delete the document {META}/{LAYOUT_KEY}: then all is made again")
        if not missing:
            self._say("ok", "its collections, indexes, graph and search view are as they must be")

    def _missing(self) -> list[str]:
        missing: list[str] = []
        there = {c["name"] for c in part_of(self._get("/_api/collection"), "result", list)}
        for collection in collections():
            if collection.name not in there:
                missing.append(f"the collection {collection.name}")
                continue
            params = {"collection": collection.name}
            listed = part_of(self._get("/_api/index", params), "indexes", list)
            have = {tuple(map(str, index.get("fields", ()))) for index in listed}
            missing += [
                f"the index of {collection.name} on {', '.join(index.fields)}"
                for index in collection.indexes
                if index.fields not in have
            ]
        return missing + self._missing_graph() + self._missing_view()

    def _missing_graph(self) -> list[str]:
        try:
            graph = part_of(self._get(f"/_api/gharial/{GRAPH}"), "graph", dict)
        except Refusal as refusal:
            if refusal.number != GRAPH_NOT_FOUND:
                raise
            return [f"the graph {GRAPH}"]
        have = {d["collection"] for d in graph["edgeDefinitions"]}
        wanted = (d["collection"] for d in graph_definition()["edgeDefinitions"])
        return [f"the relation {name} of the graph {GRAPH}" for name in wanted if name not in have]

    def _missing_view(self) -> list[str]:
        try:
            links = self._get(f"/_api/view/{VIEW}/properties").get("links", {})
        except Refusal as refusal:
            if refusal.number != DATA_SOURCE_NOT_FOUND:
                raise
            return [f"the search view {VIEW}"]
        return [f"the link of the search view to {name}" for name in view_links() if name not in links]
