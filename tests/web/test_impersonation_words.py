"""What is refused in the client's pages is said to who reads it: the client, or the agent who acts for them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.web.browser import Browser
from tests.web.conftest import SignIn
from tests.web.impersonating import PANEL, begin
from tests.web.people import Person
from zone.clients import holds
from zone.clients.holds import OnHold, Why
from zone.clients.models import Phone
from zone.clients.phone_rules import PhoneMissing, PhoneNotConfirmed
from zone.clients.phone_unfit import PhoneUnfit
from zone.clock import now


def on_hold(client: Person) -> None:
    holds.place(client.actor, client.client_id, Why.REQUEST, 1)


def not_confirmed(_: Person) -> None:
    Phone.update(confirmed_at=now() - timedelta(days=400)).execute()


def missing(_: Person) -> None:
    Phone.delete().execute()


OBSTACLES = {OnHold: on_hold, PhoneNotConfirmed: not_confirmed, PhoneMissing: missing}


@pytest.mark.parametrize("refusal", OBSTACLES)
@pytest.mark.parametrize("by_agent", [False, True])
def test_a_refusal_speaks_to_who_reads_it(
    sign_in: SignIn, jana: Person, agent: Person, refusal: type[PhoneUnfit], by_agent: bool
) -> None:
    OBSTACLES[refusal](jana)
    browser: Browser = sign_in(agent if by_agent else jana)
    browser.send("/language", {"language": "en"})
    if by_agent:
        begin(browser, jana)
    told, not_told = refusal.for_others, refusal.message
    if not by_agent:
        told, not_told = not_told, told
    answer = browser.send(f"{PANEL}/resend")
    page = browser.get(answer.location).text.replace("&#39;", "'")
    # Once as the answer, and once beside the password.
    assert page.count(told) == 2
    assert not_told not in page
