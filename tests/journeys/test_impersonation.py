"""Support in a client's pages: under a banner, with locks, until the time is over; and the client is told."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.journeys.conftest import OpenPage
from tests.journeys.helping import SEEN, act_for_jana, let_time_run
from tests.journeys.labels import SK
from tests.journeys.running import Zone, until
from tests.journeys.steps import ask_for_sms, sign_in, status

PANEL = "/settings/electronic-correspondence"
# What the client reads afterwards of what was done in their pages.
HELPED = (
    "Začiatok pomoci na vašich stránkach",
    "Zaslanie hesla k listom SMS správou",
    "Reset hesla k listom",
    "Opätovné odoslanie listu",
    "Koniec pomoci",
)
NARROW: ViewportSize = {"width": 320, "height": 640}
COVERED = """() => {
  const banner = document.getElementById("impersonation").getBoundingClientRect();
  const title = document.querySelector("h1").getBoundingClientRect();
  return [banner.bottom > title.top, banner.right > innerWidth, banner.height > innerHeight / 3];
}"""


def stays_in_sight(page: Page) -> None:
    """For whom, how long still and the way out are seen at the end of a page of many screens too."""
    page.goto("/settings/access-history")
    page.get_by_role("heading", name="Stiahnuť históriu").scroll_into_view_if_needed()
    expect(page.locator("h1")).not_to_be_in_viewport()
    banner = page.locator("#impersonation")
    for seen in (
        banner.get_by_text("Jana Kováčová"),
        banner.get_by_role("timer"),
        banner.get_by_role("button"),
    ):
        expect(seen).to_be_in_viewport(ratio=1)


def test_support_helps_a_client_in_the_clients_own_pages(zone: Zone, open_page: OpenPage) -> None:
    jana = zone.persona("Jana Kováčová")
    page = open_page(zone, expected=(403, 401))
    act_for_jana(page, zone)
    banner = page.locator("#impersonation")
    expect(banner).to_contain_text("Jana Kováčová")
    expect(banner).to_contain_text("PO-2041")
    expect(banner.get_by_role("timer")).to_have_text(re.compile(r"^ostáva (30:00|29:\d\d)$"))
    expect(page).to_have_title(re.compile("^Za klienta Jana Kováčová:"))

    ask_for_sms(page)
    expect(status(page)).to_have_text(SK.delivered)
    expect(banner).to_have_count(1)
    assert zone.next_text(jana.phone).splitlines()[-1] == "pomaly vlak do Tatier"

    expect(page.locator(".locked")).to_have_count(2)
    page.goto(f"{PANEL}/own")
    expect(page.get_by_role("heading", name="Toto je pre vás zamknuté")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Heslo k listom nastavuje, vidí a skúša iba klient.")

    before = len(zone.letters(jana.email))
    page.goto(f"{PANEL}/reset")
    for label in page.locator("#offered label").all()[2:]:
        label.click()
    page.get_by_role("button", name="Resetovať heslo").click()
    expect(page.locator("#states tbody tr")).not_to_have_count(0)
    until(lambda: len(zone.letters(jana.email)) == before + 2, "both letters")

    page.get_by_role("button", name="Ukončiť").click()
    expect(page.locator(".flashes")).to_contain_text("Za klienta už nekonáte.")
    expect(banner).to_have_count(0)
    mails = zone.read("/demo/mailbox?to=jana.kovacova@example.org")
    assert any("PO-2041" in mail["text"] for mail in mails)

    theirs = open_page(zone)
    sign_in(theirs, jana)
    theirs.goto("/settings/access-history")
    for entry in HELPED:
        expect(theirs.locator("#history").get_by_text(entry).first).to_be_visible()
    expect(theirs.locator("#history")).to_contain_text("PO-2041")
    expect(theirs.locator("#history")).to_contain_text("Viera Polláková")


def test_time_runs_out_while_a_form_is_open(zone: Zone, open_page: OpenPage) -> None:
    page = open_page(zone, expected=(403,))
    act_for_jana(page, zone)
    let_time_run(zone, seconds=20)
    page.goto(f"{PANEL}/reset")
    expect(page.locator("#impersonation-extend")).to_be_visible()
    page.locator("#offered label").first.click()
    let_time_run(zone, seconds=-1)
    expect(page.get_by_role("timer")).to_contain_text("Čas uplynul.")
    resets = zone.events("letter_password:reset")
    page.get_by_role("button", name="Resetovať heslo").click()
    expect(page.locator("main")).to_contain_text("nič sa nezmenilo")
    assert zone.events("letter_password:reset") == resets
    page.get_by_role("link", name="Začať znova").click()
    page.get_by_text("zabudnuté heslo k listom").click()
    page.get_by_label("Číslo tiketu").fill("PO-2041")
    page.get_by_role("button", name="Začať").click()
    page.wait_for_url(f"**{PANEL}/reset?*")
    expect(page.get_by_role("button", name="Resetovať heslo")).to_be_visible()
    expect(page.locator("#offered").get_by_role("checkbox").first).not_to_be_checked()
    expect(page.locator("#offered").get_by_role("checkbox").last).to_be_checked()


def test_a_page_left_in_another_tab_does_not_go_on_looking_valid(zone: Zone, open_page: OpenPage) -> None:
    page = open_page(zone, expected=(401, 403))
    act_for_jana(page, zone)
    other = page.context.new_page()
    other.goto("/support/")
    other.get_by_role("button", name="Ukončiť").click()
    ask_for_sms(page)
    page.wait_for_url("**/support/impersonation/over**")
    expect(page.get_by_role("heading", name="Za klienta už nekonáte")).to_be_visible()
    assert zone.texts(zone.persona("Jana Kováčová").phone) == []


@pytest.mark.parametrize("java_script", [True, False], ids=["script", "no-script"])
def test_the_banner_covers_nothing_on_a_narrow_screen_and_stays_in_sight(
    zone: Zone, open_page: OpenPage, java_script: bool
) -> None:
    page = open_page(zone, expected=(403,), viewport=NARROW, java_script_enabled=java_script)
    act_for_jana(page, zone, script=java_script)
    stays_in_sight(page)
    page.goto(PANEL)
    if not java_script:
        expect(page.get_by_role("timer")).to_have_text(re.compile(r"^do \d\d?:\d\d$"))
        return
    assert page.evaluate(COVERED) == [False, False, False]
    for path in SEEN:
        page.goto(path)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= NARROW["width"], path
