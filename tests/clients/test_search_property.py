"""Whatever is typed finds exactly those whom a plain look at everybody finds, each of them once."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from peewee import Database

from zone.clients import search
from zone.clients.models import Client, ClientKind, Mandate, Phone, Policy
from zone.clock import now
from zone.search_terms import PLAIN_LETTERS
from zone.storage import transaction

BROKER = 7
WORDS = (
    "Jana",
    "Janka",
    "Kováč",
    "Kováčová",
    "Ján",
    "Ďurica",
    "O'Neil",
    "s. r. o.",
    "Иван",
    "Ing.",
    "Žák-Novák",
)
PEOPLE = [
    (
        " ".join(WORDS[(start + step * shift) % len(WORDS)] for shift in range(1 + start % 3)),
        f"{('PZ-', '61', 'AB ')[start % 3]}{start:03}{step}",
        f"+4219{(start * 7919 + step * 104729) % 10**8:08}",
        (start + step) % 4,
    )
    for start in range(len(WORDS))
    for step in (1, 2, 5)
]
# Of a mandate's four kinds: in force for good, for a day, from tomorrow on, until yesterday.
STANDINGS = ((-9, None), (-9, 1), (1, None), (-9, -1))
pieces = st.sampled_from(
    [
        piece
        for name, number, phone, _ in PEOPLE
        for piece in (*name.split(), number, phone[-5:], phone[4:], phone, f"0{phone[4:]}")
    ]
)
typings = st.one_of(
    st.text(max_size=12),
    st.text("janko vá-č.123 ", max_size=8),
    pieces,
    st.builds(lambda piece, cut: piece[: cut + 1], pieces, st.integers(0, 8)),
    st.builds(lambda one, other, cut: f"{one} {other[: cut + 1]}", pieces, pieces, st.integers(0, 8)),
    st.builds(lambda piece, cut: piece[-cut:], pieces, st.integers(1, 6)),
).filter(lambda typed: "\0" not in typed)


def plain(text: str) -> str:
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(
            PLAIN_LETTERS
        )
        if not unicodedata.combining(letter)
    )
    return " ".join("".join(letter if letter.isalnum() else " " for letter in bare).split())


def fits(typed: str, name: str, number: str, phone: str, *, any_end: bool = False) -> bool:
    """What the search promises, looked for without any index: with `any_end` the support's, of a phone number."""
    if not typed.strip():
        return True
    wanted, joined = plain(typed), plain(typed).replace(" ", "")
    if not joined:
        return False
    words = plain(name).split()
    # Any word first, any other second, and the rest as they follow; of more than four words the next one second.
    seconds = max(1, len(words) - 1) if len(words) <= 4 else 1
    orders = [
        [one, *second, *others]
        for at, one in enumerate(words)
        for then in range(seconds)
        for after in [words[at + 1 :] + words[:at]]
        for second, others in [(after[then : then + 1], after[:then] + after[then + 1 :])]
    ]
    by_name = any(" ".join(order).startswith(wanted) for order in orders)
    whole = plain(number).replace(" ", "")
    tail = re.sub("^[^0-9]+", "", whole)
    return by_name or whole.startswith(joined) or tail.startswith(joined) or fits_phone(typed, phone, any_end)


def fits_phone(typed: str, phone: str, any_end: bool) -> bool:
    digits = re.sub("[^0-9]", "", typed)
    if not re.fullmatch(r"[0-9\s+()/.\-]+", typed, re.ASCII) or len(digits) < 3:
        return False
    if len(digits) >= 10:
        digits = digits.lstrip("0")
    return phone.endswith(digits) if any_end else digits in (phone[-3:], phone[4:], phone[1:])


@pytest.fixture
def people(database: Database) -> Database:
    with transaction():
        for position, (name, number, phone, standing) in enumerate(PEOPLE):
            client = Client.create(
                reference=f"R{position}",
                kind=ClientKind.PERSON,
                name=name,
                email=f"p{position}@example.org",
                language="sk",
                created_at=now(),
            )
            Phone.create(client=client, number=phone, set_at=now(), set_by_role="operator")
            policy = Policy.create(number=number, client=client, product="Auto", since=now())
            starts, ends = STANDINGS[standing]
            Mandate.create(
                broker_id=BROKER,
                policy=policy,
                starts_at=now() + timedelta(days=starts),
                ends_at=None if ends is None else now() + timedelta(days=ends),
            )
            search.reindex(client.id)
    return database


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=typings, most=st.integers(1, 7))
@example(typed="jana", most=1)
@example(typed="610", most=2)
@example(typed="s r", most=3)
@example(typed="\u0111urica", most=3)
def test_the_portfolio_holds_exactly_who_fits(people: Database, typed: str, most: int) -> None:
    alive = [person[:3] for person in PEOPLE if person[3] in (0, 1)]
    wanted = sorted(number for name, number, phone in alive if fits(typed, name, number, phone))
    found: list[str] = []
    after: str | None = None
    while True:
        page = search.portfolio(BROKER, typed, after=after, most=most)
        assert len(page.rows) <= most
        found += [row.policy.number for row in page.rows]
        after = page.after
        if after is None:
            break
    assert sorted(found) == wanted, repr(typed)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=typings.filter(str.strip))
def test_support_finds_everybody_who_fits(people: Database, typed: str) -> None:
    found = {row.client.name + str(row.client.id) for row in search.everybody(typed, most=100).rows}
    everyone = list(Client.select().order_by(Client.id))
    fitting = {
        client.name + str(client.id)
        for client, (name, number, phone, _) in zip(everyone, PEOPLE, strict=True)
        if fits(typed, name, number, phone, any_end=True)
        or client.reference.casefold().startswith(plain(typed).replace(" ", "") or "\0")
        or client.email.startswith(typed.strip().casefold())
    }
    assert found == fitting
