"""A broker asks for the password again, or for its reset: once, under a mandate, with the client told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from peewee import Database

from tests.conftest import CHEAP
from tests.everything import snapshot
from tests.letters.posted import bring, post
from tests.people import give_mandate, make_client
from tests.requests.conftest import Case
from tests.together import together
from zone.audit import Actor, Role
from zone.audit.models import Event
from zone.clients import holds, policies
from zone.clients.holds import OnHold, Why
from zone.clients.mandates import NoMandate
from zone.clients.models import Client, Mandate, Phone, Policy
from zone.clients.phone_rules import PhoneChangedRecently, PhoneMissing, PhoneNotConfirmed
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords import sms as password_sms
from zone.letter_passwords.models import LetterPassword, Origin
from zone.letter_passwords.resend import TooManyResends, resend
from zone.letter_passwords.set_own import set_own
from zone.letter_passwords.versions import current
from zone.letters import waiting
from zone.letters.archive import NoSuchLetter
from zone.letters.intake import Intake
from zone.letters.models import Copy
from zone.letters.send_again import send_again
from zone.messages.handover import Status
from zone.messages.models import Kind, Message
from zone.messages.render import CannotRender
from zone.requests.ask import ask_resend, ask_reset
from zone.requests.models import Request, RequestCopy, RequestKind
from zone.requests.quotas import TooManyRequests
from zone.requests.scope import OnPolicy
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Vault
from zone.vault.keyring import FileKeyring

LIMITS = Limits()
OWN = Secret("slnko nad Tatrami")
CLIENT = Actor(Role.CLIENT, 901)
_tokens = count(1)

Ask = Callable[[Case, Vault], Request]


def resend_again(case: Case, token: str | None = None, limits: Limits = LIMITS) -> Request:
    return ask_resend(
        case.broker, OnPolicy(case.policy.id), token=token or f"t{next(_tokens)}", limits=limits
    )


def reset_again(
    case: Case, vault: Vault, *letters: str, token: str | None = None, limits: Limits = LIMITS
) -> Request:
    token = token or f"t{next(_tokens)}"
    return ask_reset(vault, case.broker, OnPolicy(case.policy.id), letters, token=token, limits=limits)


ASKS: dict[str, Ask] = {
    "resend": lambda case, _: resend_again(case),
    "reset": lambda case, vault: reset_again(case, vault),
}
both = pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)


def texts() -> int:
    return Message.select().where(Message.kind == Kind.LETTER_PASSWORD).count()


def told() -> int:
    return Message.select().where(Message.kind == Kind.REQUEST).count()


def events(tag: str) -> int:
    return Event.select().where(Event.tag == tag).count()


def settle(status: Status) -> None:
    Message.update(status=status).where(Message.kind == Kind.LETTER_PASSWORD).execute()


def test_the_password_goes_to_the_client_and_the_request_stands_on_the_policy(case: Case) -> None:
    request = resend_again(case)
    assert (request.policy_id, request.kind, request.actor_id) == (
        case.policy.id,
        RequestKind.RESEND,
        case.broker.account_id,
    )
    sms = Message.get(Message.id == request.message_id)
    assert (sms.kind, sms.client_id, sms.actor_role) == (Kind.LETTER_PASSWORD, case.client.id, Role.BROKER)
    notice = Message.get(Message.kind == Kind.REQUEST)
    assert (notice.subject_id, notice.to_masked) == (request.id, "j•••@example.org")
    event = Event.get(Event.tag == "request:made")
    assert (event.actor_role, event.actor_id, event.client_id) == (
        "broker",
        case.broker.account_id,
        case.client.id,
    )
    assert request.number in event.facts


def test_a_form_that_is_sent_again_makes_no_second_request(case: Case, vault: Vault) -> None:
    first = resend_again(case, "one form")
    with time_machine.travel(now() + timedelta(hours=1)):
        assert resend_again(case, "one form") == first
    second = reset_again(case, vault, token="another form")
    assert reset_again(case, vault, token="another form") == second
    assert (Request.select().count(), texts(), told(), events("request:made")) == (2, 1, 2, 2)


def test_another_form_within_the_cool_down_shows_the_request_under_way(case: Case) -> None:
    first = resend_again(case)
    assert resend_again(case) == first
    assert (texts(), told()) == (1, 1)


@pytest.mark.parametrize("status", [Status.FAILED, Status.UNKNOWN])
def test_after_a_failure_the_broker_asks_anew(case: Case, status: Status) -> None:
    first = resend_again(case)
    settle(status)
    assert resend_again(case) != first
    assert texts() == 2


def test_an_sms_that_the_client_asked_for_is_not_doubled_and_the_request_is_kept(case: Case) -> None:
    sms = resend(CLIENT, case.client.id, language="sk", limits=LIMITS)
    assert resend_again(case).message_id == sms.id
    assert (texts(), Request.select().count()) == (1, 1)


@pytest.mark.parametrize("same_form", [True, False])
def test_fifty_at_once_make_one_sms_and_one_request(case: Case, database: Database, same_form: bool) -> None:
    tokens = ["form"] * 50 if same_form else [f"form {number}" for number in range(50)]
    made = together(database, [partial(resend_again, case, token) for token in tokens])
    assert len({request.id for request in made}) == 1
    assert (texts(), told(), Request.select().count(), events("request:made")) == (1, 1, 1, 1)


def test_many_resets_at_once_make_one_request_and_each_letter_once(
    case: Case, intake: Intake, database: Database
) -> None:
    letter = bring(intake)
    post(intake)
    set_own(intake.vault, CLIENT, case.client.id, OWN)
    act = partial(reset_again, case, intake.vault, letter.reference, token="form")
    made = together(database, [act] * 12)
    assert len({request.id for request in made}) == 1
    assert Copy.select().count() == 2
    assert (told(), events("letter_password:reset"), RequestCopy.select().count()) == (1, 1, 1)


def test_a_reset_sends_the_chosen_letters_under_the_default_in_the_same_act(
    case: Case, intake: Intake
) -> None:
    letters = [bring(intake) for _ in range(3)]
    set_own(intake.vault, CLIENT, case.client.id, OWN)
    post(intake)
    request = reset_again(case, intake.vault, *(letter.reference for letter in letters[:2]))
    version = current(case.client.id)
    assert (request.password_id, version.origin, version.set_by_role) == (
        version.id,
        Origin.DEFAULT,
        Role.BROKER,
    )
    assert request.message_id is None
    sent = [link.copy.letter_id for link in RequestCopy.select().where(RequestCopy.request == request)]
    assert sorted(sent) == [letter.id for letter in letters[:2]]
    assert len(post(intake)) == 2


def test_a_reset_without_a_birth_number_sends_a_generated_password(company: Case, vault: Vault) -> None:
    set_own(vault, CLIENT, company.client.id, OWN)
    request = reset_again(company, vault)
    assert current(company.client.id).origin == Origin.GENERATED
    assert Message.get_by_id(request.message_id).subject_id == request.password_id


@both
@pytest.mark.parametrize(
    "which", ["another broker's", "ended just now", "not begun", "another policy", "no policy", "support"]
)
def test_without_a_mandate_for_this_policy_there_is_no_such_policy(
    case: Case, vault: Vault, database: Database, ask: Ask, which: str
) -> None:
    mandate = Mandate.update
    if which == "another broker's":
        mandate(broker_id=999).execute()
    elif which == "ended just now":
        mandate(ends_at=now()).execute()
    elif which == "not begun":
        mandate(starts_at=now() + timedelta(minutes=1)).execute()
    elif which == "another policy":
        with transaction():
            policies.upsert(case.client.id, "PZ-other", "Život", at=now())
        case = replace(case, policy=Policy.get(Policy.number == "PZ-other"))
    elif which == "no policy":
        case = replace(case, policy=Policy(id=10**9))
    else:
        case = replace(case, broker=Actor(Role.SUPPORT, case.broker.account_id))
    before = snapshot(database)
    with pytest.raises(NoMandate):
        ask(case, vault)
    assert snapshot(database) == before


def test_a_mandate_that_ends_while_a_password_is_hashed_is_refused(
    company: Case, vault: Vault, tmp_path: Path
) -> None:
    class Slow(Vault):
        def hash(self, purpose: str, password: Secret) -> str:
            Mandate.update(ends_at=now()).execute()
            return super().hash(purpose, password)

    set_own(vault, CLIENT, company.client.id, OWN)
    before = current(company.client.id)
    slow = Slow(FileKeyring(tmp_path / "keys.json"), CHEAP)
    with pytest.raises(NoMandate):
        reset_again(company, slow)
    assert current(company.client.id) == before
    assert (texts(), Request.select().count()) == (0, 0)


@both
def test_the_phone_comes_first(case: Case, vault: Vault, ask: Ask) -> None:
    Phone.update(confirmed_at=now() - LIMITS.phone_confirmation_valid - timedelta(minutes=1)).execute()
    with pytest.raises(PhoneNotConfirmed):
        ask(case, vault)
    Phone.update(confirmed_at=None).execute()
    with pytest.raises(PhoneNotConfirmed):
        ask(case, vault)
    Phone.delete().execute()
    with pytest.raises(PhoneMissing):
        ask(case, vault)
    assert Request.select().count() == 0


@both
def test_what_the_client_said_was_not_them_holds_everything_back(case: Case, vault: Vault, ask: Ask) -> None:
    holds.place(CLIENT, case.client.id, Why.REQUEST, 1)
    with pytest.raises(OnHold):
        ask(case, vault)
    assert Request.select().count() == 0


def test_a_number_changed_under_72_hours_ago_gets_no_password(case: Case) -> None:
    old = Phone.get()
    Phone.update(replaced_at=now()).execute()
    Phone.create(
        client=case.client,
        number="+421905999999",
        set_at=now() - timedelta(hours=71),
        set_by_role=Role.SUPPORT,
        set_by_account=77,
        confirmed_at=now(),
    )
    assert old.number != "+421905999999"
    with pytest.raises(PhoneChangedRecently):
        resend_again(case)
    with time_machine.travel(now() + timedelta(hours=2)):
        resend_again(case)


def test_resends_share_the_quota_of_the_client(case: Case) -> None:
    limits = replace(LIMITS, resend_cooldown=timedelta(0), resends_per_client_day=2)
    for _ in range(2):
        resend(CLIENT, case.client.id, language="sk", limits=limits)
        settle(Status.SENT)
    with pytest.raises(TooManyResends):
        resend_again(case, limits=limits)
    assert Request.select().count() == 0


def test_a_client_has_a_quota_of_requests_whoever_makes_them(case: Case, vault: Vault) -> None:
    limits = replace(LIMITS, requests_per_client_day=2)
    other = replace(case, broker=Actor(Role.BROKER, 902))
    give_mandate(case.client, 902)
    with time_machine.travel(now(), tick=False):
        reset_again(case, vault, limits=limits)
        reset_again(other, vault, limits=limits)
        with pytest.raises(TooManyRequests) as refused:
            reset_again(case, vault, limits=limits)
        assert refused.value.facts == {"until": now() + timedelta(days=1)}


def test_a_broker_cannot_pass_their_quota_with_many_clients_at_once(
    broker: Actor, vault: Vault, database: Database
) -> None:
    limits = replace(LIMITS, requests_per_actor_hour=3)
    cases = [_with_mandate(broker, make_client(vault)) for _ in range(10)]

    def ask(case: Case) -> bool:
        try:
            reset_again(case, vault, limits=limits)
        except TooManyRequests:
            return False
        return True

    assert sum(together(database, [partial(ask, case) for case in cases])) == 3
    assert Request.select().count() == 3


def _with_mandate(broker: Actor, client: Client) -> Case:
    give_mandate(client, broker.account_id or 0)
    return Case(broker, client, Policy.get(Policy.client == client))


def test_somebody_elses_letter_is_not_sent_and_nothing_is_reset(
    case: Case, intake: Intake, database: Database
) -> None:
    stranger = make_client(intake.vault)
    letter = bring(intake, client=stranger.reference)
    set_own(intake.vault, CLIENT, case.client.id, OWN)
    before = snapshot(database)
    with pytest.raises(NoSuchLetter):
        reset_again(case, intake.vault, letter.reference)
    assert snapshot(database) == before
    assert LetterPassword.select().where(LetterPassword.client == case.client).count() == 2


def test_one_forms_name_on_two_policies_is_two_requests(case: Case, company: Case, vault: Vault) -> None:
    first = reset_again(case, vault, token="form")
    second = reset_again(replace(company, broker=case.broker), vault, token="form")
    assert first.id != second.id


def test_an_sms_that_the_carrier_gave_back_does_not_go_once_a_hold_stands(case: Case, vault: Vault) -> None:
    request = resend_again(case)
    Message.update(status=Status.SENDING).where(Message.id == request.message_id).execute()
    holds.place(CLIENT, case.client.id, Why.REQUEST, request.id)
    Message.update(status=Status.QUEUED).where(Message.id == request.message_id).execute()
    message = Message.get_by_id(request.message_id)
    with pytest.raises(CannotRender):
        password_sms.renderer(vault, ZoneInfo("Europe/Bratislava"))(message)


def test_a_letter_that_waits_is_released_though_the_brokers_mandate_has_ended(
    company: Case, intake: Intake
) -> None:
    letter = bring(intake, client=company.client.reference)
    post(intake)
    Phone.update(replaced_at=now()).execute()
    set_own(intake.vault, CLIENT, company.client.id, OWN)
    (copy,) = send_again(intake.vault, company.broker, company.client.id, [letter.reference], limits=LIMITS)
    message = copy.message_id
    Copy.update(message=None, waits_for="no_phone", looked_at=now(), due_at=now()).where(
        Copy.id == copy.id
    ).execute()
    LetterPassword.update(origin=Origin.GENERATED).where(LetterPassword.replaced_at.is_null()).execute()
    phone = Phone.create(
        client=company.client,
        number="+421905777888",
        set_at=now() - timedelta(days=9),
        set_by_role=Role.OPERATOR,
        confirmed_at=now(),
    )
    Mandate.update(ends_at=now()).execute()
    assert waiting.release(intake.vault, limits=LIMITS) == 1
    released = Copy.get_by_id(copy.id)
    assert released.message_id not in (None, message)
    assert Message.get(Message.address_id == phone.id).actor_role == Role.SYSTEM
