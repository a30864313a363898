"""The server itself, its databases and its users."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any

from tests.standin.answers import Answer, Refusal, done
from tests.standin.api.routing import route
from tests.standin.database import new_user

if TYPE_CHECKING:
    from tests.standin.api.routing import Request

VERSION = "3.12.10"
TOKEN_SECRET = b"stand-in"
TOKEN_SECONDS = 3600
_SERVER = {"server": "arango", "license": "community", "version": VERSION}
_INDEX_KINDS = [
    "primary", "edge", "hash", "skiplist", "ttl", "persistent", "geo", "fulltext", "mdi", "mdi-prefixed", "inverted",
]  # fmt: skip


@route("GET /_api/version")
def version(request: Request) -> Answer:
    if request.asked("details"):
        details = {"architecture": "64bit", "mode": "server", "role": "SINGLE", "server-version": VERSION}
        return Answer(200, {**_SERVER, "details": details})
    return Answer(200, {**_SERVER, "apiVersions": ["v0"], "deprecatedApiVersions": [], "requestedApiVersion": "v0"})


@route("GET /_admin/status")
def status(request: Request) -> Answer:
    info = {
        "progress": {"phase": "in wait", "feature": "", "recoveryTick": 0}, "maintenance": False, "role": "SINGLE",
        "writeOpsEnabled": True, "readOnly": False, "state": "SERVING", "address": "tcp://localhost", "serverId": "h1",
        "persistedId": "h1", "rebootId": 1,
    }  # fmt: skip
    return Answer(
        200,
        {
            **_SERVER, "pid": 1, "mode": "server", "operationMode": "server", "foxxApi": True, "host": "localhost",
            "hostname": "localhost", "serverInfo": info,
        },
    )  # fmt: skip


@route("GET /_admin/server/availability")
def availability(request: Request) -> Answer:
    return done(200, mode="default")


@route("GET /_admin/server/role")
def role(request: Request) -> Answer:
    return done(200, errorNum=0, role="SINGLE")


@route("GET /_admin/license")
def license_(request: Request) -> Answer:
    usage = {
        "bytesUsed": 0, "bytesLimit": 107374182400, "limitReached": False, "secondsUntilReadOnly": 315569520,
        "secondsUntilShutDown": 315569520, "status": "good",
    }  # fmt: skip
    return Answer(200, {"upgrading": False, "diskUsage": usage})


@route("GET /_api/engine")
def engine(request: Request) -> Answer:
    aliases = {"indexes": {"hash": "persistent", "skiplist": "persistent", "zkd": "mdi"}}
    supports = {"indexes": _INDEX_KINDS, "aliases": aliases}
    return Answer(200, {"name": "rocksdb", "supports": supports, "endianness": "big"})


@route("POST /_open/auth")
def sign_in(request: Request) -> Answer:
    body = request.object()
    user = request.holdings.users.get(str(body.get("username")))
    if user is None or not user["active"] or user["password"] != body.get("password"):
        raise Refusal(401, "Wrong credentials", status=401)
    now = int(time.time())
    claims = {"preferred_username": body["username"], "iss": "arangodb", "iat": now, "exp": now + TOKEN_SECONDS}
    return Answer(200, {"jwt": _token(claims)})


def _token(claims: dict[str, Any]) -> str:
    head = _encoded(json.dumps({"alg": "HS256", "typ": "JWT"}).encode()) + "." + _encoded(json.dumps(claims).encode())
    return head + "." + _encoded(hmac.digest(TOKEN_SECRET, head.encode(), hashlib.sha256))


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def user_of_token(token: str) -> str | None:
    """Who a token says it is, if it is ours and not past its time."""
    head, _, signature = token.rpartition(".")
    if not hmac.compare_digest(_encoded(hmac.digest(TOKEN_SECRET, head.encode(), hashlib.sha256)), signature):
        return None
    payload = head.partition(".")[2]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return str(claims["preferred_username"]) if claims["exp"] > time.time() else None


@route("GET /_api/database/current")
def current_database(request: Request) -> Answer:
    database = request.database
    shown = {"id": database.id, "name": database.name, "isSystem": database.name == "_system", "path": "none"}
    return done(200, result=shown)


@route("GET /_api/database/user")
def own_databases(request: Request) -> Answer:
    names = sorted(request.holdings.databases)
    return done(200, result=[name for name in names if request.holdings.permission(request.user, name) != "none"])


@route("GET /_api/database")
def list_databases(request: Request) -> Answer:
    _require_system(request)
    return done(200, result=sorted(request.holdings.databases))


@route("POST /_api/database")
def create_database(request: Request) -> Answer:
    _require_system(request)
    body = request.object()
    users = body.get("users") or []
    if not isinstance(users, list) or not all(isinstance(user, dict) for user in users):
        raise Refusal(400)
    with request.holdings.lock:
        request.holdings.create_database(body.get("name"), users)
    return done(201, result=True)


@route("DELETE /_api/database/{name}")
def drop_database(request: Request, name: str) -> Answer:
    _require_system(request)
    with request.holdings.lock:
        if name == "_system":
            raise Refusal(11, "forbidden", status=403)
        request.holdings.database(name)
        del request.holdings.databases[name]
    return done(200, result=True)


@route("GET /_api/user")
def list_users(request: Request) -> Answer:
    return done(200, result=[_shown(request, name) for name in request.holdings.users])


@route("POST /_api/user")
def create_user(request: Request) -> Answer:
    body = request.object()
    name = body.get("user")
    if not isinstance(name, str) or not name:
        raise Refusal(1700)
    with request.holdings.lock:
        if name in request.holdings.users:
            raise Refusal(1702)
        request.holdings.users[name] = new_user()
        _change_user(request, name, body)
    return Answer(201, {**_shown(request, name), "error": False, "code": 201})


@route("GET /_api/user/{name}")
def get_user(request: Request, name: str) -> Answer:
    return Answer(200, {**_shown(request, name), "error": False, "code": 200})


@route("PUT /_api/user/{name}", "PATCH /_api/user/{name}")
def change_user(request: Request, name: str) -> Answer:
    _shown(request, name)
    _change_user(request, name, request.object())
    return Answer(200, {**_shown(request, name), "error": False, "code": 200})


@route("DELETE /_api/user/{name}")
def drop_user(request: Request, name: str) -> Answer:
    _shown(request, name)
    with request.holdings.lock:
        del request.holdings.users[name]
    return done(202)


@route("GET /_api/user/{name}/database")
def user_databases(request: Request, name: str) -> Answer:
    _shown(request, name)
    holdings = request.holdings
    granted = {one: holdings.permission(name, one) for one in sorted(holdings.databases)}
    if not request.asked("full"):
        return done(200, result={one: permission for one, permission in granted.items() if permission != "none"})
    full: dict[str, Any] = {"*": {"permission": holdings.permission(name, "*")}}
    for one, permission in granted.items():
        collections = {known: "undefined" for known in (*holdings.databases[one].collections, "*")}
        full[one] = {"permission": permission, "collections": collections}
    return done(200, result=full)


@route("GET /_api/user/{name}/database/{database}")
def permission(request: Request, name: str, database: str) -> Answer:
    _shown(request, name)
    return done(200, result=request.holdings.permission(name, database))


@route("PUT /_api/user/{name}/database/{database}")
def grant(request: Request, name: str, database: str) -> Answer:
    _shown(request, name)
    granted = request.object().get("grant")
    if granted not in ("rw", "ro", "none"):
        raise Refusal(400)
    with request.holdings.lock:
        request.holdings.users[name]["databases"][database] = granted
    return done(200, **{database: granted})


@route("DELETE /_api/user/{name}/database/{database}")
def revoke(request: Request, name: str, database: str) -> Answer:
    _shown(request, name)
    with request.holdings.lock:
        request.holdings.users[name]["databases"].pop(database, None)
    return done(202)


def _require_system(request: Request) -> None:
    if request.database.name != "_system":
        raise Refusal(1230)


def _shown(request: Request, name: str) -> dict[str, Any]:
    user = request.holdings.users.get(name)
    if user is None:
        raise Refusal(1703)
    return {"user": name, "active": user["active"], "extra": user["extra"]}


def _change_user(request: Request, name: str, body: dict[str, Any]) -> None:
    user = request.holdings.users[name]
    for name, own in (("passwd", "password"), ("active", "active"), ("extra", "extra")):
        if body.get(name) is not None:
            user[own] = body[name]
