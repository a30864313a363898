"""A second process that works ahead: it makes every other task's results, and this one takes them over.

Scenes do not depend on each other, so on a machine with two cores a film takes little more than half the time. Only
the first process writes: the second sends what it made through a pipe. A run killed with -9 takes its second process
with it, for the pipe breaks at the next scene.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from shotwright.production.files import forget_locks
from shotwright.production.journal import pack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shotwright.production.steps import Steps

    Task = Callable[[], object]

TRIAL = 8
"""Tasks done before deciding: where the journal has the results already a second process has nothing to do."""
FEWEST = 24
"""Tasks left from which a second process is worth its start."""


def work(
    tasks: Sequence[Task],
    steps: Steps,
    advance: Callable[[int], None],
    *,
    heavy: bool = False,
    meanwhile: Task | None = None,
) -> None:
    """Do every task, in order as far as this process goes. Results that the second process made are found by the
    tasks in the journal. `advance` is told how many are done.

    `heavy`: each task is known to be work worth a process; the second starts at once, and what it made is put into the
    journal while this one goes on. `meanwhile`: something else that this process does first, where there is a second
    one to do the tasks.
    """
    made = sum(steps.made.values())
    trial = () if heavy else tasks[:TRIAL]
    for number, task in enumerate(trial):
        task()
        advance(number + 1)
    rest = tasks[len(trial) :]
    busy = heavy or sum(steps.made.values()) - made >= len(trial)
    if not busy or len(rest) < (2 if heavy else FEWEST) or not _can_fork():
        for number, task in enumerate(rest, len(trial)):
            task()
            advance(number + 1)
        return
    theirs, own = range(1, len(rest), 2), range(0, len(rest), 2)
    if meanwhile is not None:
        theirs, own = range(len(rest)), range(0)
    second = _Second([rest[i] for i in theirs], steps)
    if meanwhile is not None:
        meanwhile()
    done = len(trial)
    for i in own:
        rest[i]()
        done += 1
        advance(done + (second.take_ready() if heavy else 0))
    second.take_over()
    for i in theirs:
        rest[i]()
        done += 1
        advance(done)


def aside(task: Task) -> Task:
    """Start a task in a second process. The function returned waits for it, and does it here if it did not succeed."""
    if not _can_fork():
        return task
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            forget_locks()
            task()
            code = 0
        finally:
            os._exit(code)

    def wait() -> None:
        if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0:
            task()

    return wait


def _can_fork() -> bool:
    # Forking next to other threads is unsafe, and macOS system libraries do not survive it.
    return sys.platform == "linux" and (os.cpu_count() or 1) > 1 and threading.active_count() == 1


class _Second:
    def __init__(self, tasks: Sequence[Task], steps: Steps) -> None:
        self._steps = steps
        self._data = bytearray()
        self._lock = threading.Lock()
        self._taken = 0
        source, sink = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(source)
            _be_second(tasks, steps, sink)
        os.close(sink)
        self._reader = threading.Thread(target=self._drain, args=(source,), daemon=True)
        self._reader.start()

    def _drain(self, source: int) -> None:
        with os.fdopen(source, "rb", buffering=0) as stream:
            while chunk := stream.read(1 << 16):
                with self._lock:
                    self._data += chunk

    def take_ready(self) -> int:
        """Put what the second process has made so far into the journal; returns how many tasks that is."""
        with contextlib.suppress(EOFError, pickle.UnpicklingError):
            while len(self._data) >= 8:
                size = int.from_bytes(self._data[:8], "big")
                if len(self._data) < 8 + size:
                    break
                self._steps.adopt(pickle.loads(bytes(self._data[8 : 8 + size])))
                with self._lock:
                    del self._data[: 8 + size]
                self._taken += 1
        return self._taken

    def take_over(self) -> None:
        """Wait for the second process and take the rest. What it did not finish is simply still to do."""
        self._reader.join()
        os.waitpid(self._pid, 0)
        self.take_ready()


def _be_second(tasks: Sequence[Task], steps: Steps, sink: int) -> None:
    """The second process: do the tasks, send each one's results, and end without running anybody's clean-up."""
    try:
        forget_locks()
        steps.become_ahead()
        assert steps.fresh is not None
        with os.fdopen(sink, "wb", buffering=0) as stream:
            for task in tasks:
                task()
                packed = [(replace(result, value=""), pack(result.value)) for result in steps.fresh]
                data = pickle.dumps(packed)
                stream.write(len(data).to_bytes(8, "big") + data)
                steps.fresh.clear()
    finally:
        os._exit(0)
