"""Templates compiled once for all zones of a test process: each test has its own zone, and would compile them anew."""

from __future__ import annotations

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class InMemory(BytecodeCache):
    """Bytecode by name and content of its template."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self.kept.get((bucket.key, bucket.checksum))
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


COMPILED = InMemory()


def compile_once(zone: Flask) -> Flask:
    """The same zone, with templates that another may have compiled."""
    zone.jinja_env.bytecode_cache = COMPILED
    return zone
