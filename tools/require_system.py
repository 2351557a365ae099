"""Make sure that the programs which the tests drive are there: a browser, and readers of PDF.

    python3 tools/require_system.py

What is missing is installed where that may be done (apt-get, as root or by sudo without a password); else the
command to run is printed and the exit status is 1. Nothing is ever skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time

CHROMIUM = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)

# Any one of the programs, and where it comes from: package of apt, of Homebrew.
NEEDED = (
    (CHROMIUM, "chromium", "--cask google-chrome"),
    (("pdftotext",), "poppler-utils", "poppler"),
    (("gs",), "ghostscript", "ghostscript"),
    (("mutool",), "mupdf-tools", "mupdf-tools"),
)
PATIENCE = 120  # seconds to wait for another apt


def find(programs: tuple[str, ...]) -> str | None:
    """The path of the first of `programs` that is installed."""
    return next(filter(None, map(shutil.which, programs)), None)


def main() -> None:
    """Install or name what is missing."""
    missing = _missing()
    if not missing:
        return
    if not shutil.which("apt-get"):
        commands = "\n".join(f"  brew install {brew}" for _, _, brew in missing)
        sys.exit(f"The tests need these programs. With Homebrew:\n{commands}")
    packages = [apt for _, apt, _ in missing]
    prefix = _privileges()
    if prefix is None:
        sys.exit(
            "The tests need these programs:\n"
            f"  sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(packages)}"
        )
    print(f"Installing {', '.join(packages)} with apt-get", flush=True)
    _apt_get(prefix, "update")
    _apt_get(prefix, "install", "-y", "--no-install-recommends", *packages)
    if _missing():
        sys.exit(f"Still missing after the installation: {', '.join(apt for _, apt, _ in _missing())}")


def _missing() -> list[tuple[tuple[str, ...], str, str]]:
    return [need for need in NEEDED if not find(need[0])]


def _privileges() -> list[str] | None:
    """What to put before a command so that it runs as root; None when that cannot be had without asking."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    if shutil.which("sudo") and subprocess.run([*sudo, "true"], stderr=subprocess.DEVNULL).returncode == 0:
        return sudo
    return None


def _apt_get(prefix: list[str], *arguments: str) -> None:
    """Run apt-get. `update` fails at once while another apt works, so it is tried until that has ended."""
    command = ["apt-get", "-q", "-o", f"DPkg::Lock::Timeout={PATIENCE}", *arguments]
    deadline = time.monotonic() + PATIENCE
    while True:
        finished = subprocess.run(
            [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", *command], stdin=subprocess.DEVNULL
        )
        if finished.returncode == 0:
            return
        if time.monotonic() > deadline:
            sys.exit(f"This failed, see above: {' '.join(command)}")
        time.sleep(5)


if __name__ == "__main__":
    main()
