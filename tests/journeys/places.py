"""Every page of every role, for tests that look at all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

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
# What one sees in a portfolio once one has typed, or opened a menu.
NOBODY, MENU = "nobody found", "the menu of a policy"
BROKER = (
    "/broker/",
    NOBODY,
    MENU,
    POLICY,
    f"{POLICY}/edit",
    f"{POLICY}/requests/new",
    *(f"{REQUEST}/{step}" for step in ("phone", "information", "choice", "reset")),
)
# Pages of Jana, as support finds her, by what follows the address of her card.
JANA = "card"
OF_CLIENT = ("messages", "letters", "notes", "trail", "phone", "requests", "requests/reset", "impersonate")
CARD = (JANA, *(f"{JANA}/{page}" for page in OF_CLIENT))
FOUND, HER_LETTER = "clients found", "the newest letter on her card"
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
        FOUND,
        *CARD,
        HER_LETTER,
        "/support/worklists",
        *(f"/support/worklists/{name}" for name in ("letters", "messages", "phones", "default-passwords")),
        "/support/campaigns",
        "/support/campaigns/new",
        "/support/campaigns/check?per_hour=200",
        "/support/campaigns/check?per_hour=x",
    ),
}
REFUSALS = (403, 404, 422)
LETTER = re.compile(r"/letters/[\w-]{22}$")


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


def disown_the_newest(page: Page) -> None:
    """To the question whether the newest entry of the access history was not the client."""
    page.goto(HISTORY)
    page.locator("#history .acts a").first.click()
    page.wait_for_url(re.compile(r"/not-me$"))


def _go(page: Page, place: str) -> None:
    if place in WAYS:
        WAYS[place](page)
    elif place.startswith(POLICY):
        page.goto("/broker/")
        address = page.locator("[data-row-link]").first.get_attribute("href")
        page.goto(f"{address}{place.removeprefix(POLICY)}")
    elif place.startswith(JANA):
        open_card(page, "Jana Kováčová")
        page.goto(f"{urlsplit(page.url).path}{place.removeprefix(JANA)}")
    else:
        page.goto(place)


def _open_newest(page: Page) -> None:
    _open_letter(page, page.locator("tbody tr").first)


def _open_oldest(page: Page) -> None:
    _open_letter(page, page.locator("tbody tr").last)


def _open_letter(page: Page, row: Locator) -> None:
    page.goto("/letters")
    row.get_by_role("link").first.click()
    page.wait_for_url(LETTER)


def _find_nobody(page: Page) -> None:
    page.goto("/broker/")
    page.locator("#typed").fill("nikto taký")
    expect(page.locator("#found .empty-state")).to_be_visible()


def _open_menu(page: Page) -> None:
    page.goto("/broker/")
    page.locator(".context-menu summary").first.click()
    expect(page.get_by_role("menuitem").first).to_be_focused()


def _find_two(page: Page) -> None:
    page.goto("/support/")
    page.locator("#typed").fill("jan")
    expect(page.locator("[data-row-link]")).to_have_count(2)


def _open_her_letter(page: Page) -> None:
    open_card(page, "Jana Kováčová")
    page.locator("#letters tbody").get_by_role("link").first.click()
    page.wait_for_url(LETTER)


# How one comes to what has no address that is known beforehand.
WAYS: dict[str, Callable[[Page], None]] = {
    NOT_ME: disown_the_newest,
    NEWEST: _open_newest,
    OLDEST: _open_oldest,
    NOBODY: _find_nobody,
    MENU: _open_menu,
    FOUND: _find_two,
    HER_LETTER: _open_her_letter,
}
