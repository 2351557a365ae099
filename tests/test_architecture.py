"""The rooms of the house, and which may know which (ARCHITECTURE.md)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.imports import TIER, faults, room
from tests.whole_tables import skipping_or_counting
from zone.config import PROJECT

LONGEST = 400
# Who may skip rows or count all of them, and what keeps that from growing with the years.
BOUNDED = {
    "zone.storage.capped.capped_count": "it reads no further than a thousand",
    "zone.storage.window.full_until": "its offset is a quota, within a window of time",
    "zone.letters.send_again._check_quota": "the copies of one client and one day, which the quota bounds",
    "zone.letters.archive.count_under_another_password": "the letters of one client",
    "zone.letters.figures._counted": "what came within the time that the operator names, who waits for it",
    "zone.campaigns.figures._count": "one campaign, by a chore that comes less often the more were invited",
    "zone.campaigns.figures._many": "part of the same statement",
    "zone.letters.store.s3.S3Store.names": "the pages of an object store, which skip nothing",
    "zone.storage.migrations.0005_search_terms": "once, at an upgrade",
}


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((PROJECT / folder).rglob("*.py"))


def module(path: Path) -> str:
    name = ".".join(path.relative_to(PROJECT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def test_imports_run_downwards_and_the_environment_is_read_in_one_place() -> None:
    found = [fault for path in sources("zone") for fault in faults(module(path), path.read_text("utf-8"))]
    assert found == []


def test_every_room_has_its_tier() -> None:
    rooms = {room(module(path)) for path in sources("zone")} - {""}
    assert rooms == TIER.keys()


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("zone.clients.phones", "from zone.letters import intake"),
        ("zone.clients.phones", "import zone.accounts.models"),
        ("zone.clients.phones", "from zone import web"),
        ("zone.clients.phones", "def f():\n    from zone.letter_passwords.models import LetterPassword"),
        ("zone.clients.phones", "from ..letters import intake"),
        ("zone.clients.phones", "from zone.app import create_app"),
        ("zone.clients.phones", "from zone.models import MODELS"),
        ("zone.clients.phones", "from zone.unheard_of import x"),
        ("zone.secret", "from zone.clock import now"),
        ("zone.letters.intake", "from zone.web.here import parts"),
        ("zone.web.here", "from zone.commands import register"),
        ("zone.messages.lane", "from flask import current_app"),
        ("zone.letters.intake", "import werkzeug.utils"),
        ("zone.letters.cover_mail", "from jinja2 import Environment"),
        ("zone.web.here", "from tests.people import JANA"),
        ("zone.storage.database", "import os\nos.environ['X']"),
        ("zone.storage.database", "import os as o\no.getenv('X')"),
        ("zone.commands.here", "from os import environ"),
    ],
)
def test_what_is_not_allowed_is_found(name: str, source: str) -> None:
    (fault,) = faults(name, source)
    assert fault.module == name
    assert fault.line == len(source.splitlines())


@pytest.mark.parametrize(
    ("name", "source"),
    [
        (
            "zone.letters.intake",
            "from zone.letter_passwords.resend import resend\nfrom zone.letters.store import sealed",
        ),
        ("zone.web.here", "from flask import g\nfrom zone.parts import Parts"),
        ("zone.language.texts", "from jinja2 import Environment"),
        ("zone.environment", "import os\nos.environ"),
        ("zone.vault.keyring", "import os\nos.urandom(3)"),
    ],
)
def test_what_is_allowed_is_left_alone(name: str, source: str) -> None:
    assert faults(name, source) == []


def test_nothing_costs_more_each_year_because_it_skips_or_counts_rows() -> None:
    found: set[str] = set()
    for path in sources("zone"):
        found |= skipping_or_counting(module(path), path.read_text("utf-8"))
    assert found == BOUNDED.keys()


@pytest.mark.parametrize(
    "line",
    [
        "Letter.select().offset(20).limit(20)",
        "Letter.select().paginate(3, 20)",
        "Letter.select().where(Letter.id > 3).count()",
        "query.count()",
        "Letter.select(fn.COUNT(Letter.id))",
        "database.execute_sql('SELECT COUNT(*) FROM letter')",
        "database.execute_sql('SELECT id FROM letter LIMIT 20 OFFSET ?', [20])",
        "database.execute_sql(f'SELECT id FROM letter LIMIT 20 OFFSET {n}')",
    ],
)
def test_what_skips_or_counts_is_found(line: str) -> None:
    source = f"class Rows:\n    def page(self, n):\n        return {line}"
    assert skipping_or_counting("zone.letters.archive", source) == {"zone.letters.archive.Rows.page"}


@pytest.mark.parametrize(
    "source",
    [
        "from zone.letters import waiting\nwaiting.count()",
        "'a text, of a count'.count(',')",
        "len(rows)",
        "raise NotSpliceable('an offset is no number')",
    ],
)
def test_what_neither_skips_nor_counts_is_left_alone(source: str) -> None:
    assert skipping_or_counting("zone.letters.archive", source) == set()


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    folders = ("zone", "tests", "tools", "bench")
    long = {module(path): len(path.read_text("utf-8").splitlines()) for path in sources(*folders)}
    assert {name: lines for name, lines in long.items() if lines > LONGEST} == {}
