"""Make what a checkout needs, once: `.venv` with the locked packages, `build/vendor` with the assets.

    python3 tools/environment.py runtime|test|assets …

A part is made again only when its lock file has changed. Several may run at once: they take turns.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
ASSETS = ROOT / "build" / "vendor"
LOCKS = {"runtime": "requirements.txt", "test": "requirements-test.txt", "assets": "assets.txt"}


def main(parts: list[str]) -> None:
    """Make `parts`, in their order."""
    unknown = set(parts) - set(LOCKS)
    if unknown or not parts:
        sys.exit(f"usage: environment.py {' | '.join(LOCKS)} …")
    with _alone():
        for part in parts:
            _make(part)


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the checkout, so that two `make` at once do not write into each other's environment."""
    checkout = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(checkout, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another make in this directory to finish installing.", flush=True)
            fcntl.flock(checkout, fcntl.LOCK_EX)
        yield
    finally:
        os.close(checkout)


def _make(part: str) -> None:
    lock = ROOT / LOCKS[part]
    stamp = (ASSETS if part == "assets" else VENV) / f".zone-{part}"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == digest:
        return
    if not _usable():
        _create_venv()
    print(f"Installing {lock.name}", flush=True)
    if part == "assets":
        _install_assets(lock)
    else:
        _pip("-r", str(lock))
    stamp.write_text(digest)


def _usable() -> bool:
    probe = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    return PYTHON.exists() and not subprocess.run([PYTHON, "-c", probe], stderr=subprocess.DEVNULL).returncode


def _create_venv() -> None:
    version = ".".join(map(str, sys.version_info[:2]))
    if sys.version_info < OLDEST:
        sys.exit(
            f"Zone needs Python 3.11 or newer; {sys.executable} is {version}.\n"
            "Say which Python to use, for example: make PYTHON=python3.12 …"
        )
    if find_spec("ensurepip") is None:  # Debian ships it apart
        sys.exit(
            f"{sys.executable} cannot make virtual environments: its venv package is missing.\n"
            "On Debian and Ubuntu: apt-get install python3-venv"
        )
    print(f"Making .venv with Python {version}", flush=True)
    _run(sys.executable, "-m", "venv", "--clear", str(VENV))


def _install_assets(lock: Path) -> None:
    """Beside the old ones first: a running demo serves from there."""
    fresh = ASSETS.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    _pip("--no-deps", "--target", str(fresh), "-r", str(lock))
    shutil.rmtree(ASSETS, ignore_errors=True)
    fresh.rename(ASSETS)


def _pip(*arguments: str) -> None:
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    _run(str(PYTHON), "-m", "pip", "install", *quiet, "--require-hashes", *arguments)


def _run(*command: str) -> None:
    finished = subprocess.run(command)
    if finished.returncode:
        sys.exit(f"This failed, see above: {' '.join(command)}")


if __name__ == "__main__":
    main(sys.argv[1:])
