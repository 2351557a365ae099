"""What a journey leaves behind holds no secret: neither the database, nor the letters, nor what was printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.disguises import disguises
from zone.demo.people import CLIENTS, PEOPLE

# The simulated outside world, where secrets arrive, and the keys themselves.
OUTSIDE = ("demo", "keys.json", "secret-key")
SHORTEST = 9  # four digits of a default stand in too many numbers by chance


def leaks(var: Path, printed: str, texts: Iterable[str]) -> list[str]:
    """Which files, or the processes' output, hold a birth number, a password to sign in, or one that went by SMS."""
    numbers = {client.birth_number for client in CLIENTS if client.birth_number}
    passwords = {text.splitlines()[-1] for text in texts if len(text.splitlines()[-1]) >= SHORTEST}
    never = numbers | {number.replace("/", "") for number in numbers} | passwords
    # The demo itself prints what to sign in with.
    found = _holding("the output", printed.encode(), never)
    for path in _files(var):
        found += _holding(str(path), path.read_bytes(), never | {person.password for person in PEOPLE})
    return found


def _files(var: Path) -> Iterator[Path]:
    for path in var.rglob("*"):
        if path.is_file() and path.relative_to(var).parts[0] not in OUTSIDE:
            yield path


def _holding(where: str, content: bytes, secrets: Iterable[str]) -> list[str]:
    return [where for secret in secrets if any(needle in content for needle in disguises(secret))]
