"""The client's list of letters, its filters, and what is offered to be sent again."""

from __future__ import annotations

import logging
from datetime import date

import pytest
from peewee import Database

from tests.letters.posted import bring, post
from tests.people import PETER, make_client
from zone.audit import Actor, Role
from zone.clients.models import Client, Policy
from zone.clock import now
from zone.config import LetterKind
from zone.letter_passwords.comparison import same_as
from zone.letter_passwords.set_own import set_own
from zone.letter_passwords.versions import current
from zone.letters import archive
from zone.letters.archive import Filters, NoSuchLetter
from zone.letters.intake import Intake
from zone.letters.models import Copy, Letter, State
from zone.letters.send_again import send_again
from zone.messages.models import Message
from zone.secret import Secret

CLIENT = Actor(Role.CLIENT, 1)


def fill(client: Client, count: int, **columns: object) -> None:
    """Letters without files, each with a copy that went out."""
    version = current(client.id)
    usual = {"kind": "other", "dated": date(2026, 5, 3), "fingerprint": "", "state": State.KEPT, "pages": 1}
    for number in range(count):
        facts = usual | {"received_at": now(), "keep_until": now(), "subject": f"Výpis {number}"} | columns
        letter = Letter.create(client=client, **facts)
        message = Message.create(
            channel="mail",
            kind="letter",
            client_id=client.id,
            subject_id=0,
            to_masked="j",
            language="sk",
            actor_role="operator",
            status="sent",
            queued_at=now(),
            due_at=now(),
            expires_at=now(),
        )
        Copy.create(
            letter=letter, password=version, message=message, actor_role="operator", asked_at=now(), size=1
        )


def offered(intake: Intake, client: Client) -> list[Letter]:
    versions = same_as(intake.vault, current(client.id))
    return [letter for letter, _ in archive.under_another_password(client.id, versions)]


def subjects(page: archive.Page) -> list[str]:
    return [letter.subject for letter, _ in page.entries]


@pytest.mark.parametrize("count", [0, 1, 19, 20, 21, 60])
def test_every_letter_is_on_one_page_newest_first(jana: Client, count: int) -> None:
    fill(jana, count)
    seen, before, pages = [], None, 0
    while pages == 0 or before is not None:
        page = archive.page(jana.id, before=before)
        seen += subjects(page)
        before, pages = page.older, pages + 1
    assert seen == [f"Výpis {number}" for number in reversed(range(count))]
    assert pages == max(1, -(-count // archive.PAGE))


def test_a_letter_that_comes_in_meanwhile_shifts_no_page(jana: Client) -> None:
    fill(jana, 25)
    first = archive.page(jana.id)
    fill(jana, 5)
    second = archive.page(jana.id, before=first.older)
    assert (len(first.entries), len(second.entries)) == (20, 5)
    assert not {letter.id for letter, _ in first.entries} & {letter.id for letter, _ in second.entries}


@pytest.mark.parametrize("count", [1, 60])
def test_a_page_is_two_queries_however_many_letters(
    jana: Client, count: int, caplog: pytest.LogCaptureFixture
) -> None:
    fill(jana, count, policy=Policy.get())
    with caplog.at_level(logging.DEBUG, logger="peewee"):
        for letter, copy in archive.page(jana.id).entries:
            assert copy
            assert copy.password
            assert copy.message
            assert letter.policy
            assert (letter.policy.number, copy.password.number, copy.message.status) == ("PZ-2001", 1, "sent")
    assert len(caplog.records) == 2


def test_filters_choose_by_policy_kind_and_year(jana: Client) -> None:
    fill(jana, 1, subject="a", policy=Policy.get(), kind="claim", dated=date(2025, 12, 31))
    fill(jana, 1, subject="b", kind="claim", dated=date(2026, 1, 1))
    fill(jana, 1, subject="c", dated=date(2024, 7, 1))
    for filters, found in (
        (Filters(), ["c", "b", "a"]),
        (Filters(policy="PZ-2001"), ["a"]),
        (Filters(kind=LetterKind.CLAIM), ["b", "a"]),
        (Filters(year=2025), ["a"]),
        (Filters(kind=LetterKind.CLAIM, year=2026), ["b"]),
        (Filters(policy="PZ-2001", year=2026), []),
        (Filters(policy="PZ-9999"), []),
        (Filters(kind="poem"), []),
        (Filters(year=0), []),
    ):
        assert subjects(archive.page(jana.id, filters)) == found
    assert archive.choices(jana.id) == archive.Choices(
        ["PZ-2001"], [LetterKind.CLAIM, LetterKind.OTHER], [2026, 2025, 2024]
    )


def test_there_is_nothing_to_choose_from_without_letters(jana: Client) -> None:
    assert archive.choices(jana.id) == archive.Choices([], [], [])


@pytest.mark.parametrize("state", [State.REJECTED, State.PURGED])
def test_only_what_is_kept_is_shown(jana: Client, state: State) -> None:
    fill(jana, 1, state=state)
    assert archive.page(jana.id).entries == []
    assert archive.choices(jana.id) == archive.Choices([], [], [])
    with pytest.raises(NoSuchLetter):
        archive.letter(jana.id, Letter.get().reference)


@pytest.mark.parametrize("reference", ["", "nobody", "../../etc/passwd", "x" * 5000])
def test_a_reference_that_names_nothing(jana: Client, reference: str) -> None:
    with pytest.raises(NoSuchLetter):
        archive.letter(jana.id, reference)


def test_the_letters_of_others_are_not_there(database: Database, intake: Intake, jana: Client) -> None:
    fill(make_client(intake.vault, PETER), 1)
    theirs = Letter.get().reference
    assert archive.page(jana.id).entries == []
    for look in (
        lambda: archive.letter(jana.id, theirs),
        lambda: archive.find(jana.id, [theirs]),
        lambda: send_again(intake.vault, CLIENT, jana.id, [theirs], limits=intake.limits),
    ):
        with pytest.raises(NoSuchLetter):
            look()


def test_after_a_change_of_password_what_it_does_not_open_is_offered_unread_first(
    database: Database, jana: Client, intake: Intake
) -> None:
    peter = make_client(intake.vault, PETER)
    fill(jana, 2)
    fill(jana, 1, subject="read", read_at=now())
    fill(peter, 1)
    assert offered(intake, jana) == []
    set_own(intake.vault, CLIENT, jana.id, Secret("slnko nad Tatrami"))
    fill(jana, 1, subject="new")
    assert [letter.subject for letter in offered(intake, jana)] == ["Výpis 1", "Výpis 0", "read"]
    assert archive.count_under_another_password(jana.id, [current(jana.id).id]) == 3
    assert offered(intake, peter) == []


def test_what_was_sent_again_is_no_longer_offered(jana: Client, intake: Intake) -> None:
    letter = bring(intake)
    post(intake)
    set_own(intake.vault, CLIENT, jana.id, Secret("slnko nad Tatrami"))
    assert offered(intake, jana) == [letter]
    send_again(intake.vault, CLIENT, jana.id, [letter.reference], limits=intake.limits)
    assert offered(intake, jana) == []
    post(intake)
    assert offered(intake, jana) == []
    assert len(archive.copies(letter)) == 2
