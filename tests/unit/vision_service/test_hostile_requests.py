"""What must not hurt the service: bombs, lies, depth, size, other people's addresses. Each gets one clear refusal."""

from __future__ import annotations

import base64
import json
import socket
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from tests.unit.vision_service.pictures import bomb, flat, person
from tests.unit.vision_service.serving import quick_eyes, served

from shotwright.errors import VisionError
from shotwright.vision.fetching import Fetching, fetch, is_public
from shotwright.vision.pictures import decode, decode_mask
from shotwright.vision.service.app import make_app
from shotwright.vision.service.gate import Bounds, measure_json
from shotwright.vision.service.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PREFIX = "/api/v1"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    bounds = Bounds(most_json_bytes=4_000_000, most_upload_bytes=2_000_000, arrival_seconds=1.0)
    with served(make_app(quick_eyes(tmp_path_factory.mktemp("eyes")), bounds)) as found:
        yield found


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address + PREFIX, trust_env=False, timeout=20) as made:
        yield made
        assert made.get("/health").status_code == 200, "it must still be well afterwards"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def refused(answer: httpx.Response, *statuses: int) -> dict[str, Any]:
    assert answer.status_code in statuses, (answer.status_code, answer.text[:300])
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert found["status"] == answer.status_code
    assert found["title"]
    assert found["detail"]
    assert "Traceback" not in answer.text
    return found


PICTURES = {
    "a bomb": (bomb(), "image/png", 413),
    "wide beyond measure": (bomb(20_000, 10), "image/png", 413),
    "cut off": (person("mara")[:200], "image/png", 400),
    "damaged": (person("mara")[:80] + b"\0" * 200, "image/png", 400),
    "one that lies": (flat(kind="JPEG"), "image/png", 415),
    "text": (b"<html>hello</html>", "image/png", 415),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", 415),
    "nothing": (b"", "image/png", 400),
    "a speck": (flat(size=(2, 2)), "image/png", 400),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_is_none_is_refused_however_it_comes(client: httpx.Client, name: str) -> None:
    data, kind, status = PICTURES[name]
    refused(client.post("/upload-media", files={"file": ("a.png", data, kind)}), status)
    slot = {"b64": b64(data), "media_type": kind}
    found = refused(client.post("/extract-features", json={"images": [slot]}), status, 422)
    if data:
        assert found["status"] == status


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:22/", "http://localhost/x.png", "http://169.254.169.254/latest/meta-data/", "http://[::1]/",
        "file:///etc/passwd", "http://10.0.0.8/a.png", "gopher://x/", "http://user:pw@example.com/", "http://0/",
        "http://2130706433/",
    ],
)  # fmt: skip
def test_no_url_is_fetched_by_default(client: httpx.Client, url: str) -> None:
    refused(client.post("/extract-features", json={"images": [{"url": url}]}), 400)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::a00:1", "2002:7f00:1::", "ff02::1", "not an address",
    ],
)  # fmt: skip
def test_private_addresses_are_known_in_every_dress(address: str) -> None:
    assert not is_public(address)


def test_public_addresses_are_public() -> None:
    assert is_public("93.184.215.14")
    assert is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")


def test_an_allowed_name_that_leads_inside_is_not_fetched() -> None:
    for inside in (["10.0.0.5"], ["93.184.215.14", "127.0.0.1"]):
        rules = Fetching(hosts=frozenset({"pictures.example"}), resolve=lambda host, port, found=inside: found)
        with pytest.raises(VisionError, match="not public"):
            fetch("https://pictures.example/a.png", rules)


def test_a_redirect_to_a_host_that_is_not_allowed_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answer(secure: bool, host: str, port: int, address: str, target: str, *rest: object) -> tuple[bytes, str]:
        asked.append((host, address))
        return b"", "http://169.254.169.254/latest/meta-data/"

    monkeypatch.setattr("shotwright.vision.fetching._get", answer)
    rules = Fetching(hosts=frozenset({"pictures.example"}), resolve=lambda host, port: ["93.184.215.14"])
    with pytest.raises(VisionError, match="not among the hosts"):
        fetch("http://pictures.example/a.png", rules)
    assert asked == [("pictures.example", "93.184.215.14")]


def test_it_connects_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    connected = []

    def no_connection(where: tuple[str, int], timeout: float) -> socket.socket:
        connected.append(where)
        raise ConnectionRefusedError

    monkeypatch.setattr("shotwright.vision.fetching.socket.create_connection", no_connection)
    rules = Fetching(hosts=frozenset({"pictures.example"}), resolve=lambda host, port: ["93.184.215.14"])
    with pytest.raises(VisionError, match="did not answer"):
        fetch("https://pictures.example/a.png", rules)
    assert connected == [("93.184.215.14", 443)]


def test_paths_go_nowhere(client: httpx.Client) -> None:
    for name in ("..%2f..%2fetc%2fpasswd", "as_" + "0" * 32, "%00", "a" * 5000, "as_../x"):
        refused(client.get(f"/media/{name}"), 404)
        refused(client.delete(f"/media/{name}"), 404)
    answer = client.post(
        "/upload-media", files={"file": ("../../../tmp/evil\r\nX: y.png", person("mara"), "image/png")}
    )
    assert "/" not in answer.json()["filename"]
    assert "\n" not in answer.json()["filename"]


def test_ten_thousand_items_are_too_many(client: httpx.Client) -> None:
    images = [{"asset_id": "as_x"}] * 10_000
    refused(client.post("/extract-features", json={"images": images}), 413)
    shots = [{"shot_id": f"s{i}"} for i in range(10_000)]
    refused(client.post("/suggest-shots", json={"shots": shots}), 413)
    plain = {"shot_asset_ids": ["x"] * 10_000, "character_reference_asset_id": "y"}
    refused(client.post("/validate-shot-consistency", json=plain), 413, 422)
    sixty_five = [{"b64": b64(flat())}] * 65
    found = refused(client.post("/extract-features", json={"images": sixty_five}), 413)
    assert "64" in found["detail"]


@pytest.mark.parametrize(
    ("body", "statuses"),
    [
        (b"[" * 100_000, (400,)),
        (b'{"images":' + b'[{"mask":' * 5000, (400,)),
        (b'"' * 1_000_000, (400, 413)),
        (b'"' + b'\\"' * 500_000, (400,)),
        (b"{" + b",".join(b'"k%d":1' % i for i in range(150_000)) + b"}", (413,)),
        (b"[" + b"1," * 300_000 + b"1]", (413,)),
        (b"", (400,)), (b"null", (422,)), (b"nonsense", (400,)), (b"\xff\xfe{}", (400,)), (b'{"a":NaN}', (400,)),
        (b'{"images":[{"asset_id":"\\ud800"}]}', (400, 422)),
        (b'{"shots":[{"source":"","start_timestamp":1e999}]}', (422,)),
        (b'{"k":' + b"9" * 10_000 + b',"shots":[]}', (400, 422)),
    ],
    ids=lambda v: v[:24] if isinstance(v, bytes) else "",
)  # fmt: skip
def test_json_that_is_none_or_too_much_is_refused(client: httpx.Client, body: bytes, statuses: tuple[int, ...]) -> None:
    for route in ("/extract-features", "/suggest-shots", "/store-shot-data"):
        answer = client.post(route, content=body, headers=JSON)
        assert 400 <= answer.status_code < 500, (route, answer.text[:200])
    refused(client.post("/store-shot-data", content=body, headers=JSON), *statuses, 422)


def test_measuring_json_is_linear() -> None:
    """Ten megabytes of unfinished strings: a scan that begins again at each quote would take hours."""
    measure_json(b'"' + b'\\"' * 5_000_000)
    with pytest.raises(Problem):
        measure_json(b'""' * 5_000_000)


def test_a_body_over_the_limit_is_refused_before_it_is_read(client: httpx.Client) -> None:
    refused(client.post("/extract-features", content=b'{"a":"' + b"x" * 5_000_000 + b'"}', headers=JSON), 413)
    refused(client.post("/upload-media", files={"file": ("a.png", b"x" * 3_000_000, "image/png")}), 413)


def test_a_body_that_never_ends_is_given_up(address: str) -> None:
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(
            b"POST /api/v1/suggest-shots HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: 1000\r\n\r\n{"
        )
        assert b"408" in raw.recv(4096).split(b"\r\n")[0]


def test_an_upload_that_is_not_well_formed_is_refused(client: httpx.Client) -> None:
    multipart = {"Content-Type": "multipart/form-data; boundary=x"}
    for body in (b"", b"--x", b"--x\r\nContent-Disposition: form-data\r\n\r\nhello\r\n--x--", b"\0" * 1000):
        refused(client.post("/upload-media", content=body, headers=multipart), 400, 422)
    refused(client.post("/upload-media", content=b"x", headers={"Content-Type": "multipart/form-data"}), 400, 422)
    refused(client.post("/upload-media", content=b"x", headers={"Content-Type": "image/png"}), 415)
    refused(client.post("/upload-media", data={"file": "not a file"}, files={"x": b"y"}), 400, 422)
    many = [("file", (f"{i}.png", flat(), "image/png")) for i in range(40)]
    refused(client.post("/upload-media", files=many), 400)


def test_an_unknown_term_names_the_nearest_known_one(client: httpx.Client) -> None:
    body = {"characters": [], "shots": [], "checks": ["wardrob"]}
    found = refused(client.post("/validate-shot-consistency", json=body), 422)
    assert "wardrobe" in found["hint"]
    assert found["errors"][0]["pointer"] == "/checks/0"
    found = refused(client.post("/validate-shot-consistency", json={"characters": [], "shots": [], "treshold": 1}), 422)
    assert "threshold" in found["hint"]
    found = refused(client.get("/shot-library", params={"shot_size": "mediun"}), 422)
    assert "medium" in found["hint"]


def test_a_web_page_of_another_place_may_not_ask(client: httpx.Client) -> None:
    refused(client.get("/model-info", headers={"Host": "evil.example"}), 403)
    refused(client.get("/model-info", headers={"Origin": "https://evil.example"}), 403)
    assert client.get("/model-info", headers={"Origin": "http://localhost:8000"}).status_code == 200


def test_with_a_token_nobody_asks_without_it(tmp_path: Path) -> None:
    with served(make_app(quick_eyes(tmp_path), Bounds(token="secret"))) as address:
        ask = httpx.Client(base_url=address + PREFIX, trust_env=False)
        with ask:
            assert ask.get("/health").status_code == 200
            answer = ask.get("/model-info")
            refused(answer, 401)
            assert answer.headers["www-authenticate"] == "Bearer"
            refused(ask.get("/model-info", headers={"Authorization": "Bearer secreT"}), 401)
            assert ask.get("/model-info", headers={"Authorization": "Bearer secret"}).status_code == 200


def test_a_mask_of_other_proportions_is_refused() -> None:
    with pytest.raises(VisionError, match="mask"):
        decode_mask(flat(size=(64, 64)), 64, 96, None)


def test_a_picture_lies_upright_and_transparency_is_white() -> None:
    import io

    from PIL import Image

    file = io.BytesIO()
    Image.new("RGBA", (16, 16), (10, 20, 30, 0)).save(file, "PNG")
    assert (decode(file.getvalue()) == 255).all()
    turned = Image.new("RGB", (20, 10), (200, 0, 0))
    exif = turned.getexif()
    exif[0x0112] = 6
    file = io.BytesIO()
    turned.save(file, "JPEG", exif=exif)
    assert decode(file.getvalue()).shape == (20, 10, 3)


def test_every_slot_is_exactly_one_kind_of_picture(client: httpx.Client) -> None:
    for slot in ({}, {"asset_id": "a", "url": "http://x"}, {"shot_id": "a"}, {"frame": "first"},
                 {"b64": b64(flat()), "bbox": [0.9, 0, 0.1, 1]}, {"b64": "%%%"},
                 {"b64": b64(flat()), "mask": {}}, {"b64": 7}):  # fmt: skip
        refused(client.post("/extract-features", content=json.dumps({"images": [slot]}), headers=JSON), 422)


def test_pictures_that_are_too_large_together_are_refused_before_any_is_unpacked(client: httpx.Client) -> None:
    large = b64(bomb(6000, 5999))
    found = refused(
        client.post("/extract-features", json={"images": [{"b64": large}, *([{"b64": b64(flat())}] * 2)]}), 400
    )
    assert "damaged" in found["detail"]
    several = [{"b64": b64(bomb(6000, 5990 + i))} for i in range(6)]
    found = refused(client.post("/extract-features", json={"images": several}), 413)
    assert "together" in found["detail"]


def test_more_than_the_service_may_hold_is_told_to_come_back(tmp_path: Path) -> None:
    bounds = Bounds(most_held_bytes=1000)
    with (
        served(make_app(quick_eyes(tmp_path), bounds)) as address,
        httpx.Client(base_url=address + PREFIX, trust_env=False) as ask,
    ):
        answer = ask.post("/suggest-shots", json={"scene_description": "x" * 2000})
        refused(answer, 503)
        assert answer.headers["retry-after"] == "1"
        assert ask.post("/suggest-shots", json={"scene_description": "x"}).status_code == 200, "and nothing is kept"


def test_a_beat_by_its_name_and_a_duration_in_seconds_are_understood(client: httpx.Client) -> None:
    body = {
        "scene": {"emotional_beat": "joy"},
        "shots": [{"beat": "anger", "duration": 5.5, "characters": ["a"]}],
        "k": 1,
    }
    found = client.post("/suggest-shots", json=body).json()
    assert found["shots"][0]["shot_id"] == "shot-1"
    assert found["shots"][0]["candidates"][0]["beat"] == "anger"
    refused(client.post("/suggest-shots", json={"shots": [{"beat": "angre"}]}), 422)


def test_sixteen_bits_a_pixel_keep_their_brightness() -> None:
    import io

    import numpy as np
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(np.full((16, 16), 128 << 8, np.uint16)).save(file, "PNG")
    assert (decode(file.getvalue()) == 128).all()
