"""How long support's worklists take among a thousand clients and among a million.

    PYTHONPATH=. python bench/worklists.py [CLIENTS]

Prints a table for SQLite and PostgreSQL; some minutes. Everybody is on the default password, as in the beginning, and
every second client has an account. Each has a letter that was sent, by a message. At either size a thousand, spread
over all, have a letter that waits, one that was rejected, a message that was lost, and a phone that nobody confirmed.
Times are of whole verbs, against a primary key's look-up in the same run. Fails when a page takes longer among the many
than it may; to count is to read a thousand rows, wherever they lie, and a look is all that is had at that.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from peewee import Database

from bench._growth import Acts, Row, compare, load
from zone.campaigns import whom
from zone.campaigns.whom import Criteria
from zone.clients import phones_to_confirm
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords import on_default
from zone.letter_passwords.on_default import Filters
from zone.letters import lost_messages, waiting
from zone.letters.dispatch import Obstacle
from zone.storage.migrate import upgrade

LISTED = 1000
COUNT = "how many"
LIMITS = Limits()


def rows(size: int) -> dict[str, Iterator[Row]]:
    """What is in the database with so many clients, by table; copies and messages bear the number of their client."""
    at, numbers = now().replace(tzinfo=None), range(1, size + 1)
    listed, later = range(1, size + 1, max(1, size // LISTED)), at + timedelta(days=900)
    obstacles = (Obstacle.PHONE_NOT_CONFIRMED, Obstacle.NO_PHONE)

    def letter(number: int, client: int, state: str) -> Row:
        return number, f"L-{number}", client, "premium", "Oznámenie", at.date(), "0", state, 1, at, later

    return {
        "client (id, reference, kind, name, email, language, created_at)": (
            (n, f"K-{n}", "person", f"Jana {n}", f"k{n}@example.org", "sk", at) for n in numbers
        ),
        "phone (client_id, number, set_at, set_by_role, confirmed_at)": (
            (n, "+421905100101", at, "operator", None if n in listed else at - timedelta(seconds=n))
            for n in numbers
        ),
        "account (email, role, name, client_id, password_hash, language, created_at)": (
            (f"k{n}@example.org", "client", f"Jana {n}", n, "0", "sk", at) for n in numbers[::2]
        ),
        "letter_password (client_id, number, origin, digits, verifier, set_at, set_by_role)": (
            (n, 1, "default", 3 + n % 2, "0", at, "operator") for n in numbers
        ),
        (
            "message (id, reference, channel, kind, client_id, subject_id, to_masked, language, actor_role, status,"
            " attempts, queued_at, due_at, expires_at)"
        ): (
            (
                n,
                f"M-{n}",
                "mail",
                "letter",
                n,
                n,
                "j",
                "sk",
                "operator",
                status(n in listed),
                1,
                at,
                at,
                later,
            )
            for n in numbers
        ),
        (
            "letter (id, reference, client_id, kind, subject, dated, fingerprint, state, pages, received_at,"
            " keep_until)"
        ): (
            letter(n + size * lot, n, state)
            for lot, (those, state) in enumerate([(numbers, "kept"), (listed, "kept"), (listed, "rejected")])
            for n in those
        ),
        "copy (id, reference, letter_id, message_id, actor_role, asked_at)": (
            (n, f"C-{n}", n, n, "operator", at) for n in numbers
        ),
        "copy (id, reference, letter_id, actor_role, asked_at, waits_for, looked_at, due_at)": (
            (size + n, f"C-{size + n}", size + n, "operator", at, obstacles[place % 2], at, later)
            for place, n in enumerate(listed)
        ),
    }


def status(lost: bool) -> str:
    return "failed" if lost else "sent"


def fill(database: Database, size: int) -> str:
    upgrade(database)
    with database.atomic():
        for table, those in rows(size).items():
            load(database, table, those)
    database.execute_sql("ANALYZE")
    return "filled"


def acts() -> Acts:
    """What is measured: of each list its first page, the next one, and how many stand on it."""
    no_phone, three, no_account = Obstacle.NO_PHONE, Filters(digits=3), Filters(account=False)
    letters, lost = waiting.worklist().next, lost_messages.page().next
    unconfirmed, defaults = phones_to_confirm.page(limits=LIMITS).next, on_default.page().next
    return {
        "letters that wait: first page": lambda _: waiting.worklist(),
        "letters that wait: next page": lambda _: waiting.worklist(after=letters),
        "letters that wait for a phone": lambda _: waiting.worklist(no_phone),
        "letters that were rejected": lambda _: waiting.rejected(),
        "letters: how many": lambda _: waiting.count(),
        "letters that wait for a phone: how many": lambda _: waiting.count_waiting(no_phone),
        "lost messages: first page": lambda _: lost_messages.page(),
        "lost messages: next page": lambda _: lost_messages.page(after=lost),
        "lost messages: how many": lambda _: lost_messages.count(),
        "phones to confirm: first page": lambda _: phones_to_confirm.page(limits=LIMITS),
        "phones to confirm: next page": lambda _: phones_to_confirm.page(after=unconfirmed, limits=LIMITS),
        "phones to confirm: how many": lambda _: phones_to_confirm.count(limits=LIMITS),
        "on the default: first page": lambda _: on_default.page(),
        "on the default: next page": lambda _: on_default.page(after=defaults),
        "on the default, three digits": lambda _: on_default.page(three),
        "on the default, no account": lambda _: on_default.page(no_account),
        "on the default: how many": lambda _: on_default.count(),
        "on the default, no account: how many": lambda _: on_default.count(no_account),
        "whom a campaign may invite: how many": lambda _: whom.count(Criteria()),
    }


if __name__ == "__main__":
    compare(fill, acts, no_limit=COUNT)
