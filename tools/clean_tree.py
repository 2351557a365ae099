"""Refuse what must not be committed: minified files, paths of somebody's machine, addresses in the locks."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MINIFIED = re.compile(r"\.min\.(js|css)$|\.map$")
SOMEBODYS_PATH = re.compile(rb"(?<![\w.~-])/(?:root|home/\w+|Users/\w+|work)/\w")
LONG_LINE = 2000


def tracked() -> list[Path]:
    """The files that git knows; in an export without git, all that .gitignore does not name."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        git = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), "ls-files", "-z"]
        listed = subprocess.run(git, check=True, stdout=subprocess.PIPE, text=True).stdout
        return [path for name in listed.split("\0") if (path := ROOT / name).is_file()]
    ignored = {".git"} | {line.rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines()}
    return [path for path in ROOT.rglob("*") if path.is_file() and ignored.isdisjoint(path.parts)]


def faults(path: Path) -> Iterator[str]:
    """What is wrong with the file at `path`."""
    content = path.read_bytes()
    if MINIFIED.search(path.name):
        yield "is a minified or generated file; take it from its package (assets.txt)"
    if b"\0" in content:
        return
    lines = content.splitlines()
    if path.suffix in {".js", ".css"} and any(len(line) > LONG_LINE for line in lines):
        yield f"has a line of more than {LONG_LINE} characters, as minified files have"
    for number, line in enumerate(lines, start=1):
        if SOMEBODYS_PATH.search(line):
            yield f"line {number} names a path of one machine"
    if path.name in {"requirements.txt", "requirements-test.txt", "assets.txt"} and b"://" in content:
        yield "names an address; locks name packages and hashes only"


def main() -> int:
    """Print every fault; the exit status."""
    found = [f"{path.relative_to(ROOT)}: {fault}" for path in tracked() for fault in faults(path)]
    print("\n".join(found) or "The tree is clean.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
