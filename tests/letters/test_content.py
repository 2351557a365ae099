"""Reading a letter in the zone, and taking it home."""

from __future__ import annotations

import json

import pytest

from tests.letters.posted import bring, pdf, post
from tests.letters.samples import letter_text
from tests.people import JANA
from tests.readers import READERS
from zone.audit import Actor, Role
from zone.audit.models import Event
from zone.clients.models import Client
from zone.config import LetterRules
from zone.letter_passwords.set_own import set_own
from zone.letters import content
from zone.letters.content import NotToBeViewed
from zone.letters.intake import Intake
from zone.letters.models import Letter
from zone.letters.store import FileGone
from zone.secret import Secret

CLIENT = Actor(Role.CLIENT, 1)


def test_a_client_reads_the_document_as_it_came(jana: Client, intake: Intake) -> None:
    letter = bring(intake)
    assert content.view(intake, CLIENT, jana.id, letter.reference) == pdf()
    event = Event.get(Event.tag == "letter:viewed")
    assert (event.actor_id, event.client_id, json.loads(event.facts)) == (
        1,
        jana.id,
        {"letter": letter.reference},
    )
    assert Letter.get().read_at is not None


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CLIENT])
def test_nobody_else_does(jana: Client, intake: Intake, role: Role) -> None:
    letter = bring(intake)
    with pytest.raises(NotToBeViewed):
        content.view(intake, Actor(role, 1), jana.id, letter.reference)


@pytest.mark.parametrize("take", [content.view, content.download])
@pytest.mark.parametrize("impersonation", [None, 4])
def test_nor_does_an_agent_where_that_is_not_allowed(
    jana: Client, intake: Intake, take: object, impersonation: int | None
) -> None:
    letter = bring(intake)
    assert callable(take)
    with pytest.raises(NotToBeViewed):
        take(intake, Actor(Role.SUPPORT, 9, impersonation_id=impersonation), jana.id, letter.reference)


def test_nor_a_client_where_it_is_switched_off(jana: Client, intake: Intake) -> None:
    letter = bring(intake)
    closed = Intake(intake.vault, intake.store, intake.encryptor, LetterRules(may_view=False), intake.limits)
    with pytest.raises(NotToBeViewed):
        content.view(closed, CLIENT, jana.id, letter.reference)


def test_a_download_opens_with_the_password_of_now(jana: Client, intake: Intake) -> None:
    letter = bring(intake)
    post(intake)
    own = Secret("slnko nad Tatrami")
    set_own(intake.vault, CLIENT, jana.id, own)
    taken = content.download(intake, CLIENT, jana.id, letter.reference)
    assert READERS["pikepdf"](taken, own.reveal()) == letter_text()
    facts = json.loads(Event.get(Event.tag == "letter:downloaded").facts)
    assert facts == {"letter": letter.reference, "version": 2}


@pytest.mark.parametrize("take", [content.view, content.download])
def test_what_could_not_be_had_was_not_read(jana: Client, intake: Intake, take: object) -> None:
    letter = bring(intake)
    intake.store.delete(letter.file or "")
    assert callable(take)
    with pytest.raises(FileGone):
        take(intake, CLIENT, jana.id, letter.reference)
    assert not Event.select().where(Event.tag.in_(("letter:viewed", "letter:downloaded"))).exists()
    assert Letter.get().read_at is None


def test_who_helps_the_client_does_not_make_a_letter_read(jana: Client, intake: Intake) -> None:
    letter = bring(intake, client=JANA.reference)
    rules = LetterRules(agent_may_open=True)
    open_to_agents = Intake(intake.vault, intake.store, intake.encryptor, rules, intake.limits)
    agent = Actor(Role.SUPPORT, 9, impersonation_id=4)
    for take in (content.view, content.download):
        take(open_to_agents, agent, jana.id, letter.reference)
    assert Letter.get().read_at is None
