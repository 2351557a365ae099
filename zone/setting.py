"""Reading one setting. What is wrong with it joins `problems`, in a line that says what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

Word = TypeVar("Word", bound=StrEnum)


def value(environ: Mapping[str, str], name: str, problems: list[str]) -> str:
    """`ZONE_name`, or the content of the file that `ZONE_name_FILE` names."""
    value, path = environ.get(f"ZONE_{name}", ""), environ.get(f"ZONE_{name}_FILE")
    if not path:
        return value
    if value:
        problems.append(f"ZONE_{name} and ZONE_{name}_FILE are both set; leave one of them out")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        problems.append(f"ZONE_{name}_FILE cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        problems.append(f"ZONE_{name}_FILE is no text in UTF-8")
    return ""


def choice(environ: Mapping[str, str], name: str, otherwise: Word, problems: list[str]) -> Word:
    """The one of the words of `otherwise`'s kind that is set."""
    text, words = environ.get(name) or otherwise, type(otherwise)
    if text in list(words):
        return words(text)
    problems.append(f"{name} is {text!r}; write {' or '.join(words)}")
    return otherwise


def yes_or_no(environ: Mapping[str, str], name: str, otherwise: bool, problems: list[str]) -> bool:
    """Whether it is switched on."""
    text = environ.get(name) or ("yes" if otherwise else "no")
    if text not in ("yes", "no"):
        problems.append(f"{name} is {text!r}; write yes or no")
    return text == "yes"


def count(
    environ: Mapping[str, str],
    name: str,
    otherwise: int,
    problems: list[str],
    *,
    least: int = 0,
    most: int = 999_999_999,
) -> int:
    """A whole number from `least` to `most`."""
    text = environ.get(name) or str(otherwise)
    if text.isascii() and text.isdecimal() and len(text) < 10 and least <= int(text) <= most:
        return int(text)
    problems.append(f"{name} is {text!r}; write a whole number from {least} to {most}")
    return otherwise
