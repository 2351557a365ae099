"""Pages that somebody comes to by doing something. It is done in earnest, so each takes a zone of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.journeys.labels import Labels
from tests.journeys.places import disown_the_newest
from tests.journeys.running import Zone
from tests.journeys.steps import open_card, sign_in

Acts = Callable[[Page, Zone, Labels], Iterator[str]]

JANAS = "6100000101"
CAMPAIGN = "/support/campaigns/check?digits=4&per_hour=1"


def by_broker(page: Page, zone: Zone, words: Labels) -> Iterator[str]:
    """Does what a broker can for Jana, and says each time what there is to look at."""
    sign_in(page, zone.persona("Katarína Bieliková"), words)
    page.get_by_role("link", name=JANAS, exact=True).click()
    page.wait_for_url(re.compile(r"/policies/\d+$"))
    steps = f"{urlsplit(page.url).path}/requests/new/electronic-correspondence"
    page.goto(f"{steps}/choice")
    page.locator("label[for=kind-0]").click()
    _ask(page)
    yield "a broker's request for an SMS"
    page.goto(f"{steps}/reset")
    _ask(page)
    yield "a broker's request with letters"
    _propose_a_number(page, f"{steps}/phone")
    yield "a broker's page for the code"


def by_desk(page: Page, zone: Zone, words: Labels) -> Iterator[str]:
    """Does what support can for Peter, who has called, for Jana, and for who is on the default."""
    sign_in(page, zone.persona("Peter Novák"), words)
    disown_the_newest(page)
    _send(page)
    page.context.clear_cookies()
    sign_in(page, zone.persona("Martin Šimko"), words)
    open_card(page, "Peter Novák")
    page.locator("#holds a").last.click()
    page.wait_for_url(re.compile(r"/holds/\d+$"))
    yield "a hold"
    open_card(page, "Jana Kováčová")
    card = urlsplit(page.url).path
    page.goto(f"{card}/requests/reset")
    _ask(page)
    yield "support's request with letters"
    _propose_a_number(page, f"{card}/phone")
    yield "support's page for the code"
    page.goto(CAMPAIGN)
    _send(page)
    expect(page.locator("#progress button")).not_to_have_count(0)
    yield "a campaign that goes on"


def _send(page: Page) -> None:
    """The last form of the page."""
    page.locator("main form").last.locator("button.button").click()


def _ask(page: Page) -> None:
    """The same, and wait until all is final: what changes under one's eyes is hard to look at."""
    _send(page)
    expect(page.locator("#outcome:not([data-hx-get])")).to_be_visible()


def _propose_a_number(page: Page, path: str) -> None:
    page.goto(path)
    page.locator("#number").fill("0905 777 888")
    _send(page)
    page.wait_for_url("**/phone/code")
