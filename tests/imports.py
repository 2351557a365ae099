"""Which modules a source imports, and the order of rooms that this is held against."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from zone.config import PROJECT

# The rows of the code map, and the rooms that each names.
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \|", re.MULTILINE)
ROOM = re.compile(r"`(\w+)(?:/|\.py)`")
MAP = (PROJECT / "ARCHITECTURE.md").read_text(encoding="utf-8")
TIER = {room: int(tier) for tier, rooms in ROW.findall(MAP) for room in ROOM.findall(rooms)}

ENTRANCES = {"app", "commands", "web"}
WEB_ONLY = {"flask", "flask_login", "flask_wtf", "werkzeug", "wtforms", "markupsafe"}
OUTSIDE = {"bench", "tests", "tools", "wsgi"}
# Jinja writes mails as well as pages.
WRITES_TEXTS = "zone.language.texts"
READS_ENVIRONMENT = "zone.environment"


@dataclass(frozen=True)
class Fault:
    """A line of a module that the house does not allow."""

    module: str
    line: int
    what: str


def faults(module: str, source: str) -> list[Fault]:
    """What the module called `module` imports or reads and must not."""
    tree = ast.parse(source)
    found = [*_imports(module, tree), *_environment(module, tree)]
    return [Fault(module, line, what) for line, what in found]


def room(module: str) -> str:
    """The room that `zone.room.…` is in."""
    return module.split(".")[1] if "." in module else ""


def _imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield node.lineno, "zone.?"  # a relative import hides its room
            elif node.module == "zone":
                yield from ((node.lineno, f"zone.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, node.module or ""


def _imports(module: str, tree: ast.AST) -> Iterator[tuple[int, str]]:
    here = room(module)
    for line, name in _imported(tree):
        top = name.partition(".")[0]
        above = top == "zone" and not _may_know(here, room(name))
        for_the_web = top in WEB_ONLY and here not in ENTRANCES
        for_texts = top == "jinja2" and here not in ENTRANCES and module != WRITES_TEXTS
        if above or for_the_web or for_texts or top in OUTSIDE:
            yield line, f"{here} imports {name}"


def _may_know(here: str, there: str) -> bool:
    return here == there or (here in TIER and there in TIER and TIER[here] < TIER[there])


def _environment(module: str, tree: ast.AST) -> Iterator[tuple[int, str]]:
    if module == READS_ENVIRONMENT:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv", "getenvb"}:
            yield node.lineno, "reads the environment"
        elif isinstance(node, ast.ImportFrom) and node.module == "os":
            for alias in node.names:
                if alias.name.startswith(("environ", "getenv")):
                    yield node.lineno, "reads the environment"
