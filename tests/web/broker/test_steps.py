"""What the steps of a request tell the broker, who tells it the client."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from werkzeug.test import TestResponse

from tests.letters.posted import bring, post
from tests.people import COMPANY, give_mandate, make_client
from tests.web.broker.conftest import CLIENT, NEW, OWN, at, choose, token
from tests.web.browser import Browser
from tests.web.inspector import Tree, parse
from tests.web.people import Person
from zone.audit import SYSTEM, Role
from zone.clients.models import Phone, Policy
from zone.clock import now
from zone.config import Limits
from zone.language import language
from zone.letter_passwords.resend import resend
from zone.letter_passwords.set_own import set_own
from zone.messages.handover import Reason, Status
from zone.messages.models import Channel, Message
from zone.parts import Parts
from zone.vault import Vault
from zone.web.message_words import NEXT_STEP

A_DAY = timedelta(days=1)


@pytest.fixture
def yesterday(parts: Parts) -> Iterator[str]:
    """This time of yesterday, as pages say it; the clock stands still."""
    with time_machine.travel(now(), tick=False):
        yield language("en", parts.config.timezone).minute(now() - A_DAY)


def said(element: Tree) -> str:
    """All the text in it, on one line."""
    return " ".join("".join(element.itertext()).split())


def fact(page: TestResponse, term: str) -> str:
    """What the page's list of facts says under that term."""
    (row,) = [row for row in parse(page.text).iter("div") if row.findtext("dt") == term]
    return said(row.find("dd"))


def explained(page: TestResponse) -> dict[str, str]:
    """What each choice says that it does, as it is read out with it."""
    tree = parse(page.text)
    hints = {hint.get("id"): said(hint) for hint in tree.iter("p")}
    choices = [choice for choice in tree.iter("input") if choice.get("type") == "radio"]
    return {choice.get("value"): hints[choice.get("aria-describedby")] for choice in choices}


def test_the_phone_says_when_it_was_last_confirmed_and_by_whom(
    english: Browser, policy: Policy, yesterday: str
) -> None:
    path = at(policy, f"{NEW}/phone")
    Phone.update(confirmed_at=now() - A_DAY).execute()
    assert fact(english.get(path), "Last confirmed") == f"{yesterday}, from the insurer's records"
    english.send(path, {"phone": Phone.get().id})
    assert fact(english.get(path), "Last confirmed").endswith(", by a broker, with the client")
    Phone.update(confirmed_at=None, confirmed_by_role=None).execute()
    assert fact(english.get(path), "Last confirmed") == "never to be confirmed"


def test_the_information_says_when_it_was_last_sent_and_what_became_of_it(
    english: Browser, policy: Policy, parts: Parts, yesterday: str
) -> None:
    path = at(policy, f"{NEW}/information")
    assert fact(english.get(path), "Last sent") == "not yet"
    resend(SYSTEM, policy.client_id, language="sk", limits=Limits())
    for status, words in ((Status.QUEUED, "waiting to be sent"), (Status.FAILED, "not delivered")):
        Message.update(status=status, queued_at=now() - A_DAY).execute()
        assert fact(english.get(path), "Last sent") == f"{yesterday} {words}"
    set_own(parts.vault, CLIENT, policy.client_id, OWN)
    said_last = fact(english.get(path), "Last sent")
    assert said_last.endswith("That SMS carried an earlier password, not the one in force now.")


def test_a_generated_password_is_told_with_its_day(english: Browser, broker: Person, vault: Vault) -> None:
    company = make_client(vault, COMPANY)
    give_mandate(company, broker.account_id)
    page = english.get(at(Policy.get(Policy.client == company), f"{NEW}/information"))
    assert "The client has a password that was generated on" in page.text


def test_each_choice_says_what_it_will_do(english: Browser, policy: Policy, parts: Parts) -> None:
    path = at(policy, f"{NEW}/choice")
    on_default = explained(english.get(path))
    assert on_default == {
        "resend": "The client gets an SMS with the password that opens the newest letters. "
        "It goes to +421 9•• ••• 102. Nothing changes.",
        "reset": "The basic setting is in force already. "
        "You can have letters sent again so that they open with it.",
    }
    set_own(parts.vault, CLIENT, policy.client_id, OWN)
    assert explained(english.get(path)) == on_default | {
        "reset": "The client’s letters will open with the basic setting again. "
        "In the next step you choose which letters are sent again under it."
    }


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("reason", Reason)
def test_each_failure_says_what_to_do_next(
    english: Browser, policy: Policy, parts: Parts, channel: Channel, reason: Reason
) -> None:
    """Of the SMS with the password, and of a letter that was sent again."""
    letter = bring(parts.intake, client=policy.client.reference)
    set_own(parts.vault, CLIENT, policy.client_id, OWN)
    post(parts.intake)
    answer = choose(english, policy, "resend" if channel is Channel.SMS else "reset")
    if channel is Channel.MAIL:
        form = {"token": token(english.get(answer.location)), "letter": [letter.reference]}
        answer = english.send(answer.location, form)
    Message.update(status=Status.FAILED, reason=reason).execute()
    page = english.get(answer.location)
    assert page.text.count(NEXT_STEP[Role.BROKER][channel][reason]) == 1
