"""Signed heads, and what `verify` says with and without them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from peewee import Database

from tests.audit.trails import HOUR, INSTALLATION, disarm, write
from tests.together import together
from zone.audit import OPERATOR, Tag, heads, record
from zone.audit.heads import NotAHead
from zone.audit.models import Event, SignedHead
from zone.audit.verifying import Wrong, verify
from zone.clock import now
from zone.vault import Vault
from zone.vault.signing import from_pem, public_key, to_pem

OTHER_KEY = public_key(bytes(32))


def test_a_head_says_where_the_trail_ends_and_anybody_can_check_it(database: Database, vault: Vault) -> None:
    write(10)
    head = heads.parse(heads.make(vault, INSTALLATION).text)
    ((name, key),) = vault.public_keys().items()
    assert json.loads(head.text)["head"]["key"] == name
    assert (head.number, head.events, head.installation) == (1, 10, INSTALLATION)
    assert head.is_signed_by([from_pem(to_pem(key))])
    assert not head.is_signed_by([OTHER_KEY])


@pytest.mark.parametrize("name", ["at", "events", "installation", "number"])
def test_a_head_that_was_bent_is_not_signed(database: Database, vault: Vault, name: str) -> None:
    content = json.loads(heads.make(vault, INSTALLATION).text)
    content["head"][name] = content["head"][name][:-1] + "1" if name == "at" else 7
    assert not heads.parse(json.dumps(content)).is_signed_by(vault.public_keys().values())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"head": {"format": "other"}, "signature": ""}'])
def test_what_is_no_head_is_told_apart(text: str) -> None:
    with pytest.raises(NotAHead):
        heads.parse(text)


@pytest.mark.parametrize(
    "number", ["1e400", "-1e400", "NaN", "-1", "1.5", f"{2**63}", "1" * 5000, "[" * 50_000]
)
@pytest.mark.parametrize("place", ['"number": 1', "   0"])
def test_a_number_that_is_none_is_no_head(database: Database, vault: Vault, place: str, number: str) -> None:
    text = heads.make(vault, INSTALLATION).text
    assert place in text
    with pytest.raises(NotAHead):
        heads.parse(text.replace(place, place[:-1] + number, 1))


def test_a_head_is_made_when_it_is_due_and_something_happened(database: Database, vault: Vault) -> None:
    def due(every: timedelta) -> bool:
        return heads.make_if_due(vault, INSTALLATION, every) is not None

    assert due(HOUR)  # the first, even of nothing
    write(1)
    assert [due(HOUR), due(timedelta(0)), due(timedelta(0))] == [False, True, False]
    assert SignedHead.select().count() == 2


def bent_at(text: str) -> str:
    """A head of a far future, which would be long in coming due."""
    content = json.loads(text)
    content["head"]["at"] = "2999-01-01T00:00:00+00:00"
    return json.dumps(content)


@pytest.mark.parametrize("bend", [lambda _: "x", bent_at])
def test_a_last_head_that_was_bent_keeps_off_no_other(
    database: Database, vault: Vault, bend: Callable[[str], str]
) -> None:
    text = heads.make(vault, INSTALLATION).text
    disarm(database)
    SignedHead.update(text=bend(text)).execute()
    made = heads.make_if_due(vault, INSTALLATION, HOUR)
    assert made is not None
    assert made.number == 2
    assert heads.make_if_due(vault, INSTALLATION, HOUR) is None
    assert "head 1" in verify(vault).bad_heads[0]


@pytest.mark.parametrize("number", [2**63 - 1, 2, -5])
@pytest.mark.parametrize("text", ["x", None], ids=["no head", "a copy of another"])
def test_a_row_that_somebody_put_there_keeps_off_no_head(
    database: Database, vault: Vault, number: int, text: str | None
) -> None:
    ours = heads.make(vault, INSTALLATION)
    SignedHead.create(number=number, at=now(), text=text or ours.text)
    assert heads.make_if_due(vault, INSTALLATION, HOUR) is None
    assert heads.make(vault, INSTALLATION).number == (3 if number == 2 else 2)
    assert f"head {number}" in str(verify(vault).bad_heads)


def test_each_who_makes_a_head_at_once_makes_one(database: Database, vault: Vault) -> None:
    write(3)
    made = together(database, [lambda: heads.make(vault, INSTALLATION)] * 4)
    assert sorted(head.number for head in made) == [1, 2, 3, 4]
    assert verify(vault, made).whole


def test_a_cut_is_seen_through_the_head_that_was_kept(database: Database, vault: Vault) -> None:
    write(10)
    kept = heads.make(vault, INSTALLATION)
    disarm(database)
    Event.delete().where(Event.client_id == 2, Event.number > 1).execute()
    SignedHead.delete().execute()
    assert verify(vault).whole  # as nobody knows any more
    report = verify(vault, [kept])
    assert report.first is not None
    assert (report.first.shard, report.first.number, report.first.wrong) == (2, 2, Wrong.CUT)
    assert report.bad_heads == ["head 1, that you brought, is no longer kept here"]


def test_who_signs_anew_with_the_keyring_is_found_by_the_head_that_was_kept(
    database: Database, vault: Vault
) -> None:
    write(10)
    kept = heads.make(vault, INSTALLATION)
    disarm(database)
    Event.delete().where(Event.client_id == 2, Event.number > 1).execute()
    SignedHead.delete().execute()
    assert heads.make(vault, INSTALLATION).number == kept.number
    assert verify(vault).whole  # as nobody knows any more
    report = verify(vault, [kept])
    assert [fault.wrong for fault in report.faults] == [Wrong.CUT]
    assert report.bad_heads == ["head 1 is kept here as another than you brought"]


def test_of_several_bad_events_the_earliest_is_named(database: Database, vault: Vault) -> None:
    write(10)
    disarm(database)
    bent = ((4, 2), (2, 2), (4, 1))  # the earliest is neither of the first shard nor the last that was bent
    for client_id, number in bent:
        place = (Event.client_id == client_id, Event.number == number)
        Event.update(facts='{"version": 99}').where(*place).execute()
    report = verify(vault)
    assert [(fault.shard, fault.number) for fault in report.faults] == [(2, 2), (4, 1)]
    assert report.first is not None
    assert (report.first.shard, report.first.number) == (4, 1)


def test_a_head_of_another_key_is_refused(database: Database, vault: Vault) -> None:
    write(3)
    kept = heads.make(vault, INSTALLATION)
    assert verify(vault, [kept], public_keys=list(vault.public_keys().values())).whole
    report = verify(vault, [kept], public_keys=[OTHER_KEY])
    assert not report.whole
    assert "signature" in report.bad_heads[0]


def test_a_head_that_is_missing_among_those_kept_is_found(database: Database, vault: Vault) -> None:
    for _ in range(3):
        heads.make(vault, INSTALLATION)
    disarm(database)
    SignedHead.delete().where(SignedHead.number == 2).execute()
    assert verify(vault).bad_heads == ["head 2, that was kept here, is missing"]


def test_what_came_after_the_last_head_is_counted(database: Database, vault: Vault) -> None:
    write(4)
    heads.make(vault, INSTALLATION)
    record(Tag.SIGN_IN, OPERATOR, client_id=1)
    report = verify(vault)
    assert report.whole
    assert (report.events, report.heads, report.after_last_head) == (5, 1, 1)
