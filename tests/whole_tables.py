"""Which functions skip rows or count all of them, so that they cost more each year as their tables grow."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

# In the text of a statement, and as peewee's methods and functions.
WRITTEN = re.compile(r"\boffset\s*(?:[\d?%:{]|$)|\bcount\s*\(", re.IGNORECASE)
SKIPS = {"offset", "paginate"}


def skipping_or_counting(module: str, source: str) -> set[str]:
    """The functions of the module called `module` that do, with its name before theirs; itself for its own lines."""
    tree = ast.parse(source)
    modules = {alias.asname or alias.name for node in ast.walk(tree) for alias in _imported(node)}
    return set(_in(module, tree, modules))


def _in(place: str, node: ast.AST, modules: set[str]) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        inner = place
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            inner = f"{place}.{child.name}"
        elif _does(child, modules):
            yield place
        yield from _in(inner, child, modules)


def _does(node: ast.AST, modules: set[str]) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(WRITTEN.search(node.value))
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    name, of = node.func.attr, node.func.value
    if isinstance(of, ast.Name) and of.id == "fn":
        return name.lower() == "count"
    if isinstance(of, ast.Name) and of.id in modules:
        return False  # a verb of another room, which is looked at there
    in_text = bool(node.args) and isinstance(node.args[0], ast.Constant)
    return name in SKIPS or (name == "count" and not in_text)


def _imported(node: ast.AST) -> list[ast.alias]:
    return node.names if isinstance(node, ast.Import | ast.ImportFrom) else []
