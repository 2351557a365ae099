"""Support in a client's pages: how one gets there, and what there is to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.journeys.labels import SK, Labels
from tests.journeys.places import CORRESPONDENCE, HISTORY
from tests.journeys.running import Zone, until
from tests.journeys.steps import open_card, open_card_without_script, sign_in
from zone.clock import now

ACT = {"sk": "Konať za klienta", "en": "Act for the client"}
LINK = re.compile(r"https?://\S+(/not-me/[\w.-]+)")
LOCKED = f"{CORRESPONDENCE}/own"
SEEN = (
    CORRESPONDENCE,
    f"{CORRESPONDENCE}/reset",
    LOCKED,
    "/settings",
    "/settings/phone",
    HISTORY,
    f"{HISTORY}?group=acting",
    "/letters",
    "/letters/send-again",
    "/letters/send-again/progress",
    "/prove",
    "/support/",
    "/support/impersonation/extend",
    "/support/impersonation/over",  # of a page that was left behind
)


def act_for_jana(page: Page, zone: Zone, words: Labels = SK, *, script: bool = True) -> None:
    """Begin to act for her, in a browser where nobody is signed in."""
    sign_in(page, zone.persona("Viera Polláková"), words)
    (open_card if script else open_card_without_script)(page, "Jana Kováčová")
    page.get_by_role("link", name=ACT[words.code]).click()
    page.locator("label[for=reason-0]").click()
    page.locator("#ticket").fill("PO-2041")
    page.locator("main form").last.locator("button.button").click()
    expect(page.get_by_role("heading", name=words.panel)).to_be_visible()


def let_time_run(zone: Zone, **left: float) -> None:
    """Have so much time left to act for the client."""
    ends = now() + timedelta(**left)
    zone.change("UPDATE impersonation SET ends_at = ?", ends.replace(tzinfo=None).isoformat(" "))


def by_agent(page: Page, zone: Zone, words: Labels) -> Iterator[str]:
    """Acts for Jana until the time is over, and says each time what there is to look at."""
    act_for_jana(page, zone, words)
    for path in SEEN:
        page.goto(path)
        expect(page.locator("#impersonation")).to_be_visible()
        yield f"for a client: {path}"
    page.goto("/letters")
    page.locator("tbody tr").first.get_by_role("link").first.click()
    page.wait_for_url(re.compile(r"/letters/[\w-]{22}$"))
    yield "for a client: a letter"
    let_time_run(zone, seconds=-1)
    page.goto(CORRESPONDENCE)
    expect(page.locator("a[href*='/impersonate']")).to_be_visible()
    yield "the time to act for a client is over"


def by_link(page: Page, zone: Zone, words: Labels) -> Iterator[str]:
    """Comes by the link in a message about what support was asked to do, signed out."""
    sign_in(page, zone.persona("Viera Polláková"), words)
    open_card(page, "Jana Kováčová")
    page.locator("#acts form button.button").first.click()
    page.wait_for_url(re.compile(r"/requests/[\w-]+$"))
    page.context.clear_cookies()
    link = until(lambda: _link_in_mailbox(zone), "the message with the link")
    page.goto(link)
    expect(page.locator("main form button.button")).to_be_visible()
    yield "the link of what was not the client"


def _link_in_mailbox(zone: Zone) -> str | None:
    mails = zone.read("/demo/mailbox?to=jana.kovacova@example.org")
    return next((found[1] for mail in mails if (found := LINK.search(mail["text"]))), None)
