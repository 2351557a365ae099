"""Processes that are told to stop."""

from __future__ import annotations

import subprocess
import sys

# In a process of its own, for what hangs there cannot be ended by a test's time limit. The signal comes while the
# event is waited for, most often within the wait's own lock.
TOLD_AGAIN_AND_AGAIN = """
import os, signal, threading
from zone.commands.children import told_to_stop
for _ in range(200):
    with told_to_stop() as stop:
        threading.Timer(0.001, os.kill, (os.getpid(), signal.SIGTERM)).start()
        while not stop.wait(0):
            pass
"""


def test_who_waits_to_be_told_is_never_stuck() -> None:
    subprocess.run([sys.executable, "-c", TOLD_AGAIN_AND_AGAIN], check=True, timeout=30)
