"""Campaigns at the desk: chosen, checked, started, watched, stopped."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
import time_machine

from tests.web.browser import HTMX, Browser
from tests.web.conftest import SignIn
from tests.web.people import Person
from zone.campaigns import figures
from zone.campaigns.advance import advance
from zone.campaigns.models import Campaign, State
from zone.clock import now
from zone.messages.handover import Status
from zone.messages.models import Message

CAMPAIGNS = "/support/campaigns"
CHOSEN = {"digits": "4", "language": "sk", "most": "", "per_hour": "200"}


def begin(desk: Browser, **changes: str) -> Campaign:
    answer = desk.send(CAMPAIGNS, {**CHOSEN, "token": "t", **changes})
    assert answer.status_code == 303
    campaign: Campaign = Campaign.select().order_by(Campaign.id.desc()).first()
    assert answer.location == f"{CAMPAIGNS}/{campaign.reference}"
    return campaign


def invite() -> None:
    with time_machine.travel(now() + timedelta(minutes=1), tick=True):
        assert advance() == 1
    Message.update(status=Status.SENT).execute()
    figures.count()


def test_it_is_chosen_checked_and_started(desk: Browser, jana: Person) -> None:
    assert "No campaigns yet" in desk.get(CAMPAIGNS).text
    page = desk.get(f"{CAMPAIGNS}/new").text
    assert "at this moment: 1<" in page
    for words in ('value="200"', "in the past 90 days.", "From 1 to 5,000."):
        assert words in page
    page = desk.get(f"{CAMPAIGNS}/check", query_string=CHOSEN).text
    for words in ("4 digits, Slovenčina", "Will be invited", "about 18 seconds", "Start the campaign"):
        assert words in page
    assert not Campaign.select().exists()
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.split("<main")[1]))
    assert desk.post(CAMPAIGNS, data=fields).status_code == 303
    assert desk.post(CAMPAIGNS, data=fields).status_code == 303  # a double click
    (campaign,) = Campaign.select()
    assert (campaign.digits, campaign.language, campaign.most, campaign.per_hour) == (4, "sk", None, 200)
    page = desk.get(f"{CAMPAIGNS}/{campaign.reference}").text
    for words in ("Invited: 0 of 1", "running", "Eva Malá", "Pause", "Stop for good"):
        assert words in page
    Campaign.update(invited=10_000).execute()
    page = desk.get(CAMPAIGNS).text
    for words in ("4 digits, Slovenčina", "10,000"):
        assert words in page


def test_what_was_chosen_comes_back_to_be_changed(desk: Browser, jana: Person) -> None:
    chosen = {"digits": "3", "language": "en", "most": "1 500", "per_hour": "20"}
    page = desk.get(f"{CAMPAIGNS}/check", query_string=chosen).text
    assert "wait until 90 days have passed" in page
    assert "Start the campaign" not in page
    back = re.findall(r'href="(/support/campaigns/new\?[^"]+)"', page)[0].replace("&amp;", "&")
    page = desk.get(back).text
    for words in ('value="1500"', 'value="20"'):
        assert words in page
    assert re.search(r'<input checked[^>]*value="3"', page)
    assert re.search(r'<input checked[^>]*value="en"', page)
    answer = desk.get(f"{CAMPAIGNS}/new", query_string={"digits": "5", "per_hour": "many"})
    assert answer.status_code == 200
    assert 'value="many"' in answer.text  # what is wrong with it is said once it is sent


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"per_hour": ""}, "Say how many an hour."),
        ({"per_hour": "0"}, "Choose a pace"),
        ({"per_hour": "5001"}, "Choose a pace from 1 to 5,000 an hour."),
        ({"per_hour": "many"}, "Write a whole number"),
        ({"per_hour": "1e3"}, "Write a whole number"),
        ({"per_hour": "\u0661"}, "Write a whole number"),
        ({"per_hour": "9" * 30}, "Write a whole number"),
        ({"most": "0"}, "Invite at least one"),
        ({"most": "-1"}, "Write a whole number"),
        ({"digits": "5"}, "Choose one of these."),
    ],
)
def test_a_mistake_is_told_and_starts_nothing(desk: Browser, changes: dict[str, str], said: str) -> None:
    page = desk.get(f"{CAMPAIGNS}/check", query_string=CHOSEN | changes)
    assert page.status_code == 422
    assert said in page.text
    assert "Error:" in page.text
    answer = desk.send(CAMPAIGNS, CHOSEN | changes | {"token": "t"})
    assert answer.status_code == 422
    assert not Campaign.select().exists()


def test_without_its_token_a_form_starts_nothing(desk: Browser) -> None:
    assert desk.send(CAMPAIGNS, CHOSEN).status_code == 422
    assert desk.post(CAMPAIGNS, data=CHOSEN | {"token": "t"}).status_code == 400
    assert not Campaign.select().exists()


def test_its_page_looks_again_until_all_is_final(desk: Browser, jana: Person) -> None:
    campaign = begin(desk)
    address = f"{CAMPAIGNS}/{campaign.reference}"
    part = desk.get(f"{address}/progress", headers=HTMX).text
    assert part.lstrip().startswith('<section class="card card-main" id="progress"')
    assert 'data-hx-trigger="every 5s"' in part
    assert ">Refresh<" in part
    invite()
    part = desk.get(f"{address}/progress").text
    assert "Invited: 1 of 1" in part
    assert "done" in part
    assert "data-hx-trigger" not in part
    assert "Stop for good" not in part


def test_pausing_going_on_and_stopping(desk: Browser, jana: Person) -> None:
    campaign = begin(desk)
    address = f"{CAMPAIGNS}/{campaign.reference}"
    for act, state, offered in (
        ("pause", State.PAUSED, "Go on"),
        ("resume", State.RUNNING, "Pause"),
        ("stop", State.STOPPED, "Ended"),
    ):
        answer = desk.send(f"{address}/{act}")
        assert (answer.status_code, answer.location) == (303, address)
        assert Campaign.get().state == state
        assert offered in desk.get(address).text
    assert advance() == 0
    desk.send(f"{address}/pause")
    assert "The campaign is paused." not in desk.get(address).text  # it came too late


def test_there_is_no_other(desk: Browser) -> None:
    assert desk.get(f"{CAMPAIGNS}/nothing").status_code == 404
    assert desk.get(f"{CAMPAIGNS}/nothing/progress").status_code == 404
    for act in ("pause", "resume", "stop", "delete"):
        assert desk.send(f"{CAMPAIGNS}/nothing/{act}").status_code == 404


def test_nobody_else_comes_near(sign_in: SignIn, jana: Person, broker: Person, desk: Browser) -> None:
    campaign = begin(desk)
    for person in (jana, broker):
        browser = sign_in(person)
        for path in ("", "/new", "/check", f"/{campaign.reference}"):
            assert browser.get(f"{CAMPAIGNS}{path}").status_code == 403
        assert browser.send(CAMPAIGNS, CHOSEN | {"token": "u"}).status_code == 403
        assert browser.send(f"{CAMPAIGNS}/{campaign.reference}/stop").status_code == 403
    assert Campaign.get().state == State.RUNNING


def test_the_client_reads_of_it_in_their_history(desk: Browser, jana: Person, sign_in: SignIn) -> None:
    begin(desk)
    invite()
    browser = sign_in(jana)
    browser.send("/language", {"language": "en"})
    page = browser.get("/settings/access-history").text
    assert "Invited you by e-mail to set your own letter password" in page
    assert "Eva Malá" in page


def test_the_list_costs_as_much_however_long_it_is(desk: Browser, caplog: pytest.LogCaptureFixture) -> None:
    costs = []
    for number in range(2):
        for each in range(2):
            begin(desk, token=f"{number}{each}")
        caplog.clear()
        with caplog.at_level(logging.DEBUG, logger="peewee"):
            desk.get(CAMPAIGNS)
        costs.append(sum(record.name == "peewee" for record in caplog.records))
    assert costs[0] == costs[1]
