"""A shared computer: what stays after sign-out, what an old cookie is worth, what the language switch remembers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.journeys.chromium import launch
from tests.journeys.conftest import OpenPage
from tests.journeys.labels import EN, SK
from tests.journeys.running import WORKER, Zone
from tests.journeys.steps import ask_for_sms, go_to_correspondence, sign_in, status

COOKIE = "zone"


@pytest.fixture(scope="module")
def page_keeping(playwright: Playwright) -> Iterator[Browser]:
    """A browser that keeps left pages alive in memory, as people's do and Playwright's does not."""
    browser = launch(playwright, ignore_default_args=["--disable-back-forward-cache"])
    yield browser
    browser.close()


@pytest.mark.parametrize("keeps_pages", [True, False], ids=["bfcache", "no-bfcache"])
def test_after_sign_out_the_back_button_shows_nothing(
    gallery: Zone, open_page: OpenPage, chromium: Browser, page_keeping: Browser, keeps_pages: bool
) -> None:
    jana = gallery.persona("Jana Kováčová")
    page = open_page(gallery, browser=page_keeping if keeps_pages else chromium)
    sign_in(page, jana)
    go_to_correspondence(page)
    page.get_by_role("link", name="Listy", exact=True).click()
    expect(page.locator("tbody tr")).not_to_have_count(0)
    page.get_by_role("button", name=SK.sign_out).click()
    expect(page.locator(".flashes")).to_contain_text("Odhlásili ste sa.")
    for _ in range(4):
        page.go_back()
        expect(page.get_by_label("Heslo", exact=True)).to_be_visible()
        _shows_nothing_of(page, jana.name)


def test_a_page_left_before_sign_out_in_another_tab_is_not_brought_back(
    gallery: Zone, open_page: OpenPage, page_keeping: Browser
) -> None:
    jana = gallery.persona("Jana Kováčová")
    page = open_page(gallery, browser=page_keeping)
    sign_in(page, jana)
    go_to_correspondence(page)
    page.goto("/demo/")
    other = page.context.new_page()
    other.goto("/settings")
    other.get_by_role("button", name=SK.sign_out).click()
    expect(other.get_by_label("Heslo", exact=True)).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Heslo", exact=True)).to_be_visible()
    _shows_nothing_of(page, jana.name)


def test_a_copied_cookie_is_worth_nothing_after_sign_out(gallery: Zone, open_page: OpenPage) -> None:
    page = open_page(gallery)
    sign_in(page, gallery.persona("Jana Kováčová"))
    stolen = next(cookie for cookie in page.context.cookies() if cookie["name"] == COOKIE)
    assert stolen["httpOnly"]
    assert stolen["sameSite"] == "Lax"
    thief = open_page(gallery)
    thief.context.add_cookies([{"name": COOKIE, "value": stolen["value"], "url": gallery.url}])
    thief.goto("/settings")
    expect(thief.get_by_role("heading", name=SK.settings)).to_be_visible()
    page.get_by_role("button", name=SK.sign_out).click()
    expect(page.locator(".flashes")).to_contain_text("Odhlásili ste sa.")
    thief.reload()
    expect(thief.get_by_label("Heslo", exact=True)).to_be_visible()


def test_the_language_is_remembered_over_sign_out_and_by_the_account(
    gallery: Zone, open_page: OpenPage
) -> None:
    anna = gallery.persona("Anna Ďurišová")
    page = open_page(gallery)
    sign_in(page, anna)
    page.get_by_role("button", name=EN.switch).click()
    expect(page.get_by_role("heading", name=EN.panel)).to_be_visible()
    page.get_by_role("button", name=EN.sign_out).click()
    expect(page.get_by_role("heading", name=EN.sign_in)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name=EN.sign_in)).to_be_visible()

    elsewhere = open_page(gallery)
    sign_in(elsewhere, anna)
    expect(elsewhere.get_by_role("heading", name=EN.panel)).to_be_visible()
    elsewhere.get_by_role("button", name=SK.switch).click()
    expect(elsewhere.get_by_role("heading", name=SK.panel)).to_be_visible()


def test_a_tab_that_waits_goes_to_sign_in_when_the_session_has_ended(zone: Zone, open_page: OpenPage) -> None:
    page = open_page(zone, expected=(401,))
    sign_in(page, zone.persona("Jana Kováčová"))
    zone.freeze(WORKER)
    ask_for_sms(page)
    expect(status(page)).to_have_text(SK.waiting)
    other = page.context.new_page()
    other.goto("/settings")
    other.get_by_role("button", name=SK.sign_out).click()
    expect(page.get_by_label("Heslo", exact=True)).to_be_visible()
    assert page.locator("#trouble").inner_text() == ""


def test_two_tabs_share_one_message(zone: Zone, open_page: OpenPage) -> None:
    jana = zone.persona("Jana Kováčová")
    page = open_page(zone)
    sign_in(page, jana)
    other = page.context.new_page()
    other.goto("/")
    ask_for_sms(page)
    ask_for_sms(other)
    for tab in (page, other):
        expect(status(tab)).to_have_text(SK.delivered)
    assert len(zone.texts(jana.phone)) == 1


def _shows_nothing_of(page: Page, name: str) -> None:
    shown = page.content()
    assert name not in shown
    assert SK.panel not in shown
