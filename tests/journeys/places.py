"""Every page of every role, for tests that look at all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.journeys.labels import Labels
from tests.journeys.running import Zone
from tests.journeys.steps import open_card, sign_in

CORRESPONDENCE = "/settings/electronic-correspondence"
# A letter's address is drawn anew in each demo; these follow the list's links.
NEWEST, OLDEST = "the newest letter", "the oldest letter"
HISTORY = "/settings/access-history"
NOT_ME = "the newest entry that was not me"
CLIENT = (
    "/settings",
    CORRESPONDENCE,
    f"{CORRESPONDENCE}/own",
    f"{CORRESPONDENCE}/try",
    f"{CORRESPONDENCE}/reset",
    "/settings/phone",
    HISTORY,
    f"{HISTORY}?group=password",
    NOT_ME,
    "/letters",
    "/letters?kind=claim",
    NEWEST,
    OLDEST,
    "/letters/send-again",
    "/letters/send-again/progress",
    "/prove",
)
# Pages of the first policy of a broker's portfolio, by what follows its address.
POLICY = "policy"
REQUEST = f"{POLICY}/requests/new/electronic-correspondence"
BROKER = (
    "/broker/",
    POLICY,
    f"{POLICY}/edit",
    f"{POLICY}/requests/new",
    *(f"{REQUEST}/{step}" for step in ("phone", "information", "choice", "reset")),
)
# Pages of Jana, as support finds her, by what follows the address of her card.
JANA = "card"
OF_CLIENT = ("messages", "letters", "notes", "trail", "phone", "requests", "requests/reset", "impersonate")
CARD = (JANA, *(f"{JANA}/{page}" for page in OF_CLIENT))
# Who comes where; None is nobody.
PLACES: dict[str | None, tuple[str, ...]] = {
    None: ("/sign-in", "/nowhere", "/not-me/x", "/not-me/stopped", "/demo/", "/demo/phone", "/demo/mailbox"),
    "Jana Kováčová": (*CLIENT, "/support/"),
    "Lucia Balážová": (CORRESPONDENCE,),
    "Jozef Tóth": (CORRESPONDENCE, "/settings/phone"),
    "Eva Molnárová": ("/letters",),
    "Sklady Pod Skalkou, s. r. o.": ("/letters", NEWEST),
    "Katarína Bieliková": BROKER,
    "Martin Šimko": (
        "/support/",
        *CARD,
        "/support/worklists",
        *(f"/support/worklists/{name}" for name in ("letters", "messages", "phones", "default-passwords")),
        "/support/campaigns",
        "/support/campaigns/new",
        "/support/campaigns/check?per_hour=200",
        "/support/campaigns/check?per_hour=x",
    ),
}
REFUSALS = (403, 404, 422)


def visits(page: Page, zone: Zone, name: str | None, words: Labels) -> Iterator[str]:
    """Goes to each place of that person in turn, and says which it is; last to forms that were sent with a mistake."""
    if name is None:
        page.goto("/sign-in")
        page.get_by_role("button", name=words.switch).click()
    else:
        sign_in(page, zone.persona(name), words)
    for path in PLACES[name]:
        _go(page, path)
        expect(page.locator("html")).to_have_attribute("lang", words.code)
        yield path
    for path in PLACES[name]:
        if path in (
            "/sign-in",
            f"{CORRESPONDENCE}/own",
            f"{CORRESPONDENCE}/try",
            f"{REQUEST}/phone",
            f"{REQUEST}/choice",
            f"{JANA}/notes",
        ):
            _go(page, path)
            page.locator("main form").last.locator("button.button").click()
            expect(page.locator(".message").first).to_be_visible()
            yield f"{path} with a mistake"


def _go(page: Page, place: str) -> None:
    if place == NOT_ME:
        page.goto(HISTORY)
        page.locator("#history .acts a").first.click()
        page.wait_for_url(re.compile(r"/not-me$"))
        return
    if place.startswith(POLICY):
        page.goto("/broker/")
        address = page.locator("[data-row-link]").first.get_attribute("href")
        page.goto(f"{address}{place.removeprefix(POLICY)}")
        return
    if place.startswith(JANA):
        open_card(page, "Jana Kováčová")
        page.goto(f"{urlsplit(page.url).path}{place.removeprefix(JANA)}")
        return
    if place not in (NEWEST, OLDEST):
        page.goto(place)
        return
    page.goto("/letters")
    rows = page.locator("tbody tr")
    (rows.first if place == NEWEST else rows.last).get_by_role("link").first.click()
    page.wait_for_url(re.compile(r"/letters/[\w-]{22}$"))
