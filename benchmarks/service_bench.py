"""What the vision service costs over its bare backbone, and whether it loses anything when many ask at once.

    python benchmarks/service_bench.py [--rounds 10] [--pictures 32] [--mixed 2000]

A server of its own is started with the embedded backbone. In each round the bare backbone embeds decoded pictures in
batches of eight, and clients of the service have as many others embedded that it has never seen; which goes first
alternates. The rate is the median of the rounds' ratios, with a bootstrap over rounds; the same ratio in CPU seconds of
the process hardly depends on what else the machine does, of which `load_average_before` tells. The mixed requests go to
the same server from 16 clients, then what must be refused; at last a server is killed and started again. Prints the
figures and keeps them in service_results.json.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import io
import json
import os
import platform
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

from shotwright.vision.backbones import open_backbone
from shotwright.vision.pictures import picture_of

HERE = Path(__file__).parent
PREFIX = "/api/v1"
CLIENTS, BATCH = 16, 8


def frame(seed: int) -> bytes:
    """A JPEG of 960 x 540 with soft shapes and grain: as heavy to decode as a drawn frame."""
    rng = np.random.default_rng(seed)
    soft = Image.fromarray(rng.integers(0, 255, (9, 16, 3)).astype(np.uint8)).resize(
        (960, 540), Image.Resampling.BICUBIC
    )
    grain = np.asarray(soft).astype(np.int16) + rng.integers(-6, 7, (540, 960, 1))
    file = io.BytesIO()
    Image.fromarray(grain.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=92)
    return file.getvalue()


class Server:
    """The service in a process of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "shotwright", "vision", "serve", "--port", str(self.port), "--data", str(folder)],
            stderr=subprocess.DEVNULL,
        )
        while self.process.poll() is None:
            try:
                self.ask("GET", "/health")
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the service did not start")

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "application/json", link=None):
        """(status, body) of one request."""
        link = link or http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        link.request(method, PREFIX + path, body, {"Content-Type": kind} if body else {})
        answer = link.getresponse()
        return answer.status, answer.read()

    def cpu(self) -> float:
        """Seconds that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def question(pictures: list[bytes]) -> bytes:
    slots = [{"b64": base64.b64encode(data).decode(), "media_type": "image/jpeg"} for data in pictures]
    return json.dumps({"images": slots}).encode()


def embed_through(server: Server, questions: list[bytes], clients: int) -> float:
    """Seconds until all questions are answered."""
    waiting = list(reversed(questions))
    failures: list[object] = []

    def work() -> None:
        link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
        while True:
            try:
                body = waiting.pop()
            except IndexError:
                return
            status, answer = server.ask("POST", "/extract-features", body, link=link)
            if status != 200 or b'"cached":true' in answer:
                failures.append((status, answer[:200]))

    threads = [threading.Thread(target=work) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    if failures:
        raise SystemExit(f"a question was not answered as it should: {failures[0]}")
    return took


def interval(values: list[float]) -> dict[str, object]:
    rng = np.random.default_rng(7)
    drawn = np.median(rng.choice(values, (4000, len(values))), axis=1)
    return {
        "value": round(float(np.median(values)), 4),
        "interval_95": [round(float(v), 4) for v in np.percentile(drawn, [2.5, 97.5])],
    }


def cold_rate(server: Server, rounds: int, count: int) -> dict[str, object]:
    backbone = open_backbone()
    shapes = {"1 picture a request, 16 clients": (1, CLIENTS), "8 pictures a request, 4 clients": (BATCH, 4)}
    seed = 0
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in shapes}
    backbone.embed([picture_of(frame(10**6))] * BATCH)
    embed_through(server, [question([frame(10**6 + 1)])], 1)
    for turn in range(rounds):
        row = {}
        todo = ["bare", *shapes] if turn % 2 else [*shapes, "bare"]
        for what in todo:
            data = [frame(seed + n) for n in range(count)]
            seed += count
            if what == "bare":
                pictures = [picture_of(one) for one in data]
                began, cpu = time.perf_counter(), time.process_time()
                for start in range(0, count, BATCH):
                    backbone.embed(pictures[start : start + BATCH])
                row[what] = (count / (time.perf_counter() - began), (time.process_time() - cpu) / count)
            else:
                each, clients = shapes[what]
                questions = [question(data[start : start + each]) for start in range(0, count, each)]
                cpu = server.cpu()
                row[what] = (count / embed_through(server, questions, clients), (server.cpu() - cpu) / count)
        for name in shapes:
            rows[name].append(
                {
                    "bare": row["bare"][0], "service": row[name][0], "rate": row[name][0] / row["bare"][0],
                    "bare_cpu": row["bare"][1], "service_cpu": row[name][1], "cpu": row["bare"][1] / row[name][1],
                }
            )  # fmt: skip
        print(
            f"round {turn + 1}: "
            + "; ".join(f"{n} {rows[n][-1]['rate']:.3f} ({rows[n][-1]['cpu']:.3f} of CPU)" for n in shapes)
        )
    return {
        name: {
            "rate_over_bare": interval([r["rate"] for r in found]),
            "cpu_over_bare": interval([r["cpu"] for r in found]),
            "pictures_a_second_bare": round(float(np.median([r["bare"] for r in found])), 2),
            "pictures_a_second_service": round(float(np.median([r["service"] for r in found])), 2),
            "cpu_ms_a_picture_bare": round(1000 * float(np.median([r["bare_cpu"] for r in found])), 1),
            "cpu_ms_a_picture_service": round(1000 * float(np.median([r["service_cpu"] for r in found])), 1),
        }
        for name, found in rows.items()
    }


def mixed(server: Server, total: int) -> dict[str, object]:
    """Requests of seven kinds from 16 clients: how many were answered, with their own answer."""
    ids = {}
    for n in range(24):
        _, said = server.ask("POST", "/upload-media", upload_body(frame(n)), "multipart/form-data; boundary=x")
        ids[n] = json.loads(said)["asset_id"]
    server.ask("POST", "/extract-features", json.dumps({"images": [{"asset_id": i} for i in ids.values()]}).encode())
    answered: list[tuple[float, bool]] = []

    def client(number: int) -> None:
        chance = random.Random(number)
        link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
        for _ in range(total // CLIENTS + (number < total % CLIENTS)):
            method, path, body, mark = one(chance, ids)
            began = time.perf_counter()
            try:
                status, said = server.ask(method, path, body, link=link)
            except (OSError, http.client.HTTPException):
                # A connection that breaks loses its question, and counts against the service.
                link.close()
                continue
            answered.append((time.perf_counter() - began, status == 200 and mark in said))

    threads = [threading.Thread(target=client, args=(n,)) for n in range(CLIENTS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    slow = np.percentile([seconds for seconds, _ in answered], [50, 95, 100])
    return {
        "requests": total, "clients": CLIENTS, "answered": len(answered),
        "with_their_own_answer": sum(right for _, right in answered), "requests_a_second": round(total / took, 1),
        "ms_median_p95_longest": [round(1000 * float(s), 1) for s in slow],
    }  # fmt: skip


def upload_body(data: bytes, kind: str = "image/jpeg") -> bytes:
    head = f'Content-Disposition: form-data; name="file"; filename="../x.jpg"\r\nContent-Type: {kind}'
    return f"--x\r\n{head}\r\n\r\n".encode() + data + b"\r\n--x--\r\n"


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it has 3.6 thousand million pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    size = (60_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    body = chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(bytes(100_000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def hostile(server: Server) -> dict[str, object]:
    """What must be refused: with which status, in problem+json, and how soon."""
    picture = frame(1)
    slots = {
        "a decompression bomb": {"b64": base64.b64encode(bomb()).decode()},
        "a cut-off picture": {"b64": base64.b64encode(picture[:2000]).decode()},
        "a lying picture": {"b64": base64.b64encode(picture).decode(), "media_type": "image/png"},
        "text": {"b64": base64.b64encode(b"<svg/>").decode()},
        "a private URL": {"url": "http://169.254.169.254/latest"},
        "a loopback URL": {"url": "http://127.0.0.1:22/"},
        "a file URL": {"url": "file:///etc/passwd"},
        "a path for an id": {"asset_id": "../../etc/passwd"},
    }
    asked = {name: ("POST", "/extract-features", json.dumps({"images": [s]}).encode(), "") for name, s in slots.items()}
    form = "multipart/form-data; boundary=x"
    asked |= {
        "10,000 pictures": (
            "POST",
            "/extract-features",
            json.dumps({"images": [{"asset_id": "a"}] * 10_000}).encode(),
            "",
        ),
        "10,000 shots": ("POST", "/suggest-shots", json.dumps({"shots": [{"shot_id": "a"}] * 10_000}).encode(), ""),
        "100,000 brackets": ("POST", "/suggest-shots", b"[" * 100_000, ""),
        "a path": ("GET", "/media/..%2f..%2fetc%2fpasswd/file", b"", ""),
        "70 MiB": ("POST", "/upload-media", upload_body(bytes(70 * 1024 * 1024)), form),
        "a bomb uploaded": ("POST", "/upload-media", upload_body(bomb(), "image/png"), form),
        "half a film": ("POST", "/upload-media", upload_body(b"\0\0\0\x18ftypmp42" + bytes(5000), "video/mp4"), form),
        "a playlist": ("POST", "/upload-media", upload_body(b"#EXTM3U\nhttp://127.0.0.1/a.ts\n", "video/mp4"), form),
    }
    rows = {}
    for name, (method, path, body, kind) in asked.items():
        began = time.perf_counter()
        try:
            status, said = server.ask(method, path, body, kind or "application/json")
        except (OSError, http.client.HTTPException):
            # Refused before all of it had been sent.
            rows[name] = {"status": "cut off"}
            continue
        clear = status < 500 and status >= 400 and "detail" in json.loads(said)
        rows[name] = {"status": status, "clear": clear, "ms": round(1000 * (time.perf_counter() - began))}
    return rows


def killed(folder: Path) -> dict[str, object]:
    """How much of what was answered before a kill -9 is there after it."""
    server = Server(folder)
    answered: list[tuple[str, bytes]] = []

    def work(number: int) -> None:
        for seed in range(1000):
            data = frame(10**7 + number * 1000 + seed)
            try:
                _, said = server.ask("POST", "/upload-media", upload_body(data), "multipart/form-data; boundary=x")
                answered.append((json.loads(said)["asset_id"], data))
            except (OSError, http.client.HTTPException, ValueError):
                return

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(3)
    server.process.kill()
    server.process.wait()
    for thread in threads:
        thread.join()
    server = Server(folder)
    try:
        kept = sum(server.ask("GET", f"/media/{asset}/file")[1] == data for asset, data in answered)
        return {"answered_before": len(answered), "whole_after": kept}
    finally:
        server.process.terminate()
        server.process.wait()


def one(chance: random.Random, ids: dict[int, str]) -> tuple[str, str, bytes, bytes]:
    """(method, path, body, what its own answer must hold)."""
    a, b = ids[chance.randrange(24)], ids[chance.randrange(24)]
    name = f"s{chance.randrange(10**9)}"
    kinds = [
        ("GET", f"/media/{a}", None, a),
        ("POST", "/extract-features", {"asset_id": a}, a),
        ("POST", "/calculate-similarity", {"asset_id_1": a, "asset_id_2": b}, b),
        ("POST", "/validate-shot-consistency", {"shot_asset_ids": [a, b], "character_reference_asset_id": a}, b),
        ("POST", "/analyze-quality", {"images": [{"shot": name, "image": {"asset_id": a}}]}, name),
        ("POST", "/suggest-shots", {"shots": [{"shot_id": name, "characters": ["character/a"]}], "k": 1}, name),
        ("POST", "/store-shot-data", {"video_asset_id": name, "shots": [{"auto_tags": ["rain"]}]}, name),
    ]
    method, path, body, mark = chance.choice(kinds)
    return method, path, b"" if body is None else json.dumps(body).encode(), mark.encode()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=10)
    asked.add_argument("--pictures", type=int, default=32)
    asked.add_argument("--mixed", type=int, default=2000)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        try:
            found = {
                "machine": {
                    "cores": os.cpu_count(),
                    "system": platform.platform(),
                    "python": platform.python_version(),
                },
                "load_average_before": [round(v, 1) for v in os.getloadavg()],
                "model": json.loads(server.ask("GET", "/model-info")[1])["name"],
                "rounds": given.rounds,
                "pictures_a_round": given.pictures,
                "cold": cold_rate(server, given.rounds, given.pictures),
                "mixed": mixed(server, given.mixed),
                "hostile": hostile(server),
            }
        finally:
            server.process.terminate()
            server.process.wait()
    with tempfile.TemporaryDirectory() as folder:
        found["killed"] = killed(Path(folder))
    text = json.dumps(found, indent=2)
    print(text)
    (HERE / "service_results.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
