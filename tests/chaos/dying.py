"""Run shotwright and die by SIGKILL at the nth write to the Story Graph: `python dying.py N COUNT_FILE ARGUMENTS…`.

With N = 0 it lives, and leaves the number of writes in COUNT_FILE.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any

point, count_file = int(sys.argv[1]), Path(sys.argv[2])
sys.argv = ["shotwright", *sys.argv[3:]]
writes = 0
connect = sqlite3.connect


def count(statement: str) -> None:
    global writes
    if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE", "COMMIT", "BEGIN")):
        writes += 1
        if writes == point:
            os.kill(os.getpid(), signal.SIGKILL)


def counted(path: Any, *args: Any, **kwargs: Any) -> sqlite3.Connection:
    db = connect(path, *args, **kwargs)
    if "story.sqlite" in str(path):
        db.set_trace_callback(count)
    return db


if __name__ == "__main__":
    sqlite3.connect = counted  # type: ignore[assignment]
    from shotwright.cli import main

    this, end = os.getpid(), os._exit

    def told(code: int) -> None:
        # The command leaves without clean-up, and so do the processes that it forks, which write nothing.
        if os.getpid() == this:
            count_file.write_text(str(writes))
        end(code)

    os._exit = told  # type: ignore[assignment]
    main()
