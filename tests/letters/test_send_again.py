"""Sending letters again, alone and together with a reset."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from peewee import Database

from tests.letters.posted import CONFIG, bring, post
from tests.letters.samples import letter_text
from tests.people import COMPANY
from tests.readers import READERS
from tests.together import together
from zone.audit import SYSTEM, Actor, Role
from zone.audit.models import Event
from zone.clients.models import Client, Phone
from zone.clients.phone_rules import PhoneMissing
from zone.clock import now
from zone.letter_passwords.models import LetterPassword
from zone.letter_passwords.set_own import set_own
from zone.letter_passwords.versions import current, open_password
from zone.letters import sending
from zone.letters.archive import NoSuchLetter
from zone.letters.intake import Intake
from zone.letters.models import Copy, Letter
from zone.letters.reset_and_send import reset_and_send
from zone.letters.send_again import NothingChosen, TooManyLetters, TooManyToday, send_again
from zone.messages import claims
from zone.messages.handover import Status
from zone.messages.models import Channel, Message
from zone.secret import Secret
from zone.storage import transaction

CLIENT = Actor(Role.CLIENT, 1)
BROKER = Actor(Role.BROKER, 2)
OWN = Secret("slnko nad Tatrami")


def again(intake: Intake, client: Client, *letters: Letter, actor: Actor = CLIENT) -> list[Copy]:
    references = [letter.reference for letter in letters]
    return send_again(intake.vault, actor, client.id, references, limits=intake.limits)


def copies() -> int:
    return Copy.select().count()


def test_each_goes_again_under_the_password_of_now(jana: Client, intake: Intake) -> None:
    letters = [bring(intake), bring(intake)]
    post(intake)
    set_own(intake.vault, CLIENT, jana.id, OWN)
    sent = again(intake, jana, *letters, actor=BROKER)
    assert [copy.letter_id for copy in sent] == [letter.id for letter in letters]
    posted = post(intake)
    for copy in sent:
        assert READERS["pikepdf"](posted[copy.id], OWN.reveal()) == letter_text()
    assert copies() == 4
    events = list(Event.select().where(Event.tag == "letter:sent_again"))
    assert [(event.actor_role, event.actor_id, event.client_id) for event in events] == [
        ("broker", 2, jana.id)
    ] * 2


def test_what_is_on_its_way_is_not_sent_twice(jana: Client, intake: Intake) -> None:
    letter = bring(intake)
    assert [copy.reference for copy in again(intake, jana, letter)] == [Copy.get().reference]
    post(intake)
    again(intake, jana, letter)  # a double click: it has just gone
    assert copies() == 1
    with time_machine.travel(now() + timedelta(minutes=2), tick=True):
        again(intake, jana, letter)
        again(intake, jana, letter)
    assert copies() == 2


def test_what_failed_or_went_under_an_earlier_password_goes_at_once(jana: Client, intake: Intake) -> None:
    letter = bring(intake)
    post(intake)
    Message.update(status=Status.FAILED).execute()
    again(intake, jana, letter)
    post(intake)
    set_own(intake.vault, CLIENT, jana.id, OWN)
    again(intake, jana, letter)
    assert copies() == 3


def test_what_a_worker_has_encrypted_already_goes_again_under_the_new_password(
    jana: Client, intake: Intake
) -> None:
    letter = bring(intake)
    taken = claims.take(Channel.MAIL, "w", timedelta(minutes=1))
    assert taken is not None
    sending.renderer(intake, CONFIG)(taken)
    set_own(intake.vault, CLIENT, jana.id, OWN)
    again(intake, jana, letter)
    assert claims.begin(taken, "g", timedelta(minutes=1))
    assert claims.finish(taken, Status.SENT)
    post(intake)
    assert {copy.password_id for copy in Copy.select()} == {1, current(jana.id).id}


def test_many_clicks_at_once_make_one_copy(database: Database, jana: Client, intake: Intake) -> None:
    letter = bring(intake)
    post(intake)
    set_own(intake.vault, CLIENT, jana.id, OWN)
    together(database, [lambda: again(intake, jana, letter)] * 6)
    assert copies() == 2


def test_nothing_too_many_and_too_often_are_refused(jana: Client, intake: Intake) -> None:
    few = replace(intake, limits=replace(intake.limits, letters_at_once=2, letters_again_per_day=3))
    letters = [bring(intake) for _ in range(3)]
    post(intake)
    with pytest.raises(NothingChosen):
        again(few, jana)
    with pytest.raises(TooManyLetters):
        again(few, jana, *letters)
    with time_machine.travel(now() + timedelta(minutes=2), tick=True):
        again(few, jana, *letters[:2])
        post(intake)
    with (
        time_machine.travel(now() + timedelta(minutes=4), tick=True),
        pytest.raises(TooManyToday),
    ):
        again(few, jana, *letters[:2])
    with time_machine.travel(now() + timedelta(days=2), tick=True):
        again(few, jana, *letters[:2])


def test_one_letter_that_is_not_there_keeps_all_back(jana: Client, intake: Intake) -> None:
    letter = bring(intake)
    post(intake)
    set_own(intake.vault, CLIENT, jana.id, OWN)
    with pytest.raises(NoSuchLetter):
        send_again(intake.vault, CLIENT, jana.id, [letter.reference, "x"], limits=intake.limits)
    assert copies() == 1


def test_a_reset_and_its_letters_are_one_act(jana: Client, intake: Intake) -> None:
    set_own(intake.vault, CLIENT, jana.id, OWN)
    letter = bring(intake)
    post(intake)
    version, sent = reset_and_send(intake.vault, BROKER, jana.id, [letter.reference], limits=intake.limits)
    assert (version.origin, version.number) == ("default", 3)
    assert version == current(jana.id)
    assert READERS["pikepdf"](post(intake)[sent[0].id], "2375") == letter_text()


def test_a_reset_whose_letters_cannot_go_is_no_reset(jana: Client, intake: Intake) -> None:
    set_own(intake.vault, CLIENT, jana.id, OWN)
    before = current(jana.id)
    with pytest.raises(NoSuchLetter):
        reset_and_send(intake.vault, CLIENT, jana.id, ["x"], limits=intake.limits)
    assert current(jana.id) == before


def test_a_reset_on_the_default_still_sends_the_letters(jana: Client, intake: Intake) -> None:
    letter = bring(intake)
    post(intake)
    Message.update(status=Status.FAILED).execute()
    version, sent = reset_and_send(intake.vault, CLIENT, jana.id, [letter.reference], limits=intake.limits)
    assert version.number == 1
    assert len(sent) == 1


def test_a_company_gets_the_new_password_before_the_letter(company: Client, intake: Intake) -> None:
    letter = bring(intake, client=COMPANY.reference)
    post(intake)
    with time_machine.travel(now() + timedelta(minutes=20), tick=True):
        _, (copy,) = reset_and_send(
            intake.vault, CLIENT, company.id, [letter.reference], limits=intake.limits
        )
        kinds = [message.kind for message in Message.select().order_by(Message.id)]
        assert kinds == ["letter_password", "letter", "letter_password", "letter"]
        with transaction():
            password = open_password(intake.vault, SYSTEM, current(company.id), use="test")
        assert READERS["pikepdf"](post(intake)[copy.id], password.reveal()) == letter_text()


def test_a_company_without_a_phone_keeps_its_password(company: Client, intake: Intake) -> None:
    letter = bring(intake, client=COMPANY.reference)
    post(intake)
    Phone.update(replaced_at=now()).execute()
    with time_machine.travel(now() + timedelta(minutes=20), tick=True), pytest.raises(PhoneMissing):
        reset_and_send(intake.vault, CLIENT, company.id, [letter.reference], limits=intake.limits)
    assert LetterPassword.select().count() == 1
    assert copies() == 1
