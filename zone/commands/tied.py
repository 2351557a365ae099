"""`python -m zone.commands.tied MODULE …` runs a module as `python -m` does, and ends it with whoever started it.

Standard input is a pipe whose other end the parent holds and never writes to. Even a parent that is killed lets go
of it, on every system.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading


def main() -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _end_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
