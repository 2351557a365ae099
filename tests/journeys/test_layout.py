"""Room for everybody: narrow screens, large letters, thick fingers, no mouse, slow lines."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.journeys.acts import Acts, by_broker, by_desk
from tests.journeys.chromium import PHONE
from tests.journeys.conftest import OpenPage
from tests.journeys.helping import by_agent, by_link
from tests.journeys.labels import EN, SK
from tests.journeys.places import PLACES, REFUSALS, visits
from tests.journeys.running import Zone
from tests.journeys.steps import ask_for_sms, sign_in, status, tab_to

KB = 1000
TARGET = 44  # CSS pixels
NARROW: ViewportSize = {"width": 320, "height": 640}
ZOOMED: ViewportSize = {"width": 640, "height": 450}  # a 1280 px window at 200 %
# What lies within running text may be as small as its line; everything else wants room for a finger.
TOO_SMALL = """target => [...document.querySelectorAll(
  "button, .button, summary, select, input:not([type=hidden]), nav a, .entries li, .table a, .site-name")]
  .map(element => [element, (element.closest(".choice") ?? element).getBoundingClientRect()])
  .filter(([_, box]) => box.width > 1 && box.height > 1 && (box.width < target || box.height < target))
  .map(([element, box]) => `${element.outerHTML.slice(0, 120)} ${box.width}×${box.height}`)"""
CUT_OFF = """() => [...document.querySelectorAll("main *, header *, footer *")]
  .filter(element => !element.closest(".visually-hidden, [hidden], .needs-script, svg, thead"))
  .filter(element => element.getBoundingClientRect().right > innerWidth + 1 && element.offsetWidth > 1)
  .map(element => element.outerHTML.slice(0, 120))"""
FOCUSED = """() => {
  const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
  return {
    what: element.outerHTML.slice(0, 120),
    start: element === document.body,
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.bottom > 0 && box.top < innerHeight && box.width > 0,
  };
}"""
SUM_SHIFTS = """() => {
  window.shifted = 0;
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
  }).observe({type: "layout-shift", buffered: true});
}"""


@pytest.mark.parametrize("name", PLACES, ids=str)
def test_nothing_is_cut_off_on_a_narrow_screen_or_at_200_percent(
    gallery: Zone, open_page: OpenPage, name: str | None
) -> None:
    page = open_page(gallery, expected=REFUSALS, viewport=NARROW)
    for place in visits(page, gallery, name, SK):
        _check_fit(page, place)


@pytest.mark.parametrize("name", PLACES, ids=str)
def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    gallery: Zone, open_page: OpenPage, name: str | None
) -> None:
    page = open_page(gallery, expected=REFUSALS)
    for place in visits(page, gallery, name, SK):
        _check_focus(page, place)


@pytest.mark.parametrize("acts", [by_broker, by_desk, by_agent, by_link])
def test_neither_fails_where_an_act_leads(zone: Zone, open_page: OpenPage, acts: Acts) -> None:
    page = open_page(zone, expected=(403,), viewport=NARROW)
    for place in acts(page, zone, SK):
        _check_fit(page, place)
        _check_focus(page, place)


def test_from_sign_in_to_the_sms_without_a_mouse(zone: Zone, open_page: OpenPage) -> None:
    jana = zone.persona("Jana Kováčová")
    page = open_page(zone)
    page.goto("/")
    tab_to(page, EN.switch)
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    tab_to(page, SK.switch)
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "sk")
    tab_to(page, SK.email)
    page.keyboard.type(jana.email)
    page.keyboard.press("Tab")
    page.keyboard.type(jana.password)
    page.keyboard.press("Enter")
    expect(page.locator(".signed-in")).to_be_visible()
    tab_to(page, SK.settings)
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings")
    tab_to(page, SK.correspondence)
    page.keyboard.press("Enter")
    page.wait_for_url("**/electronic-correspondence")
    tab_to(page, SK.send)
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text(SK.delivered)
    expect(page.locator("#announcements")).to_contain_text(SK.delivered_step)
    assert page.evaluate("document.activeElement !== document.body"), "the swap has lost the focus"
    assert len(zone.texts(jana.phone)) == 1


def test_pages_are_light(gallery: Zone, open_page: OpenPage) -> None:
    page = open_page(gallery)
    jana = gallery.persona("Jana Kováčová")
    assert _weight_of(page, "/sign-in") < 100 * KB
    assert _weight_of(page, "/sign-in") < 15 * KB
    sign_in(page, jana)
    for path in (
        "/settings/electronic-correspondence",
        "/letters",
        "/letters/send-again",
        "/settings/electronic-correspondence/own",
    ):
        assert _weight_of(page, path) < 15 * KB, path
    page.goto("/letters")
    letter = page.locator("tbody").get_by_role("link").first.get_attribute("href") or ""
    assert _weight_of(page, letter) < 15 * KB


def test_nothing_jumps_while_a_message_is_on_its_way(gallery: Zone, open_page: OpenPage) -> None:
    page = open_page(gallery, viewport=PHONE)
    sign_in(page, gallery.persona("Jana Kováčová"))
    page.evaluate(SUM_SHIFTS)
    ask_for_sms(page)
    expect(status(page)).to_have_text(SK.delivered)
    assert page.evaluate("shifted") == 0


def _check_fit(page: Page, place: str) -> None:
    """Nothing is cut off, nor too small for a finger."""
    for viewport in (NARROW, ZOOMED):
        page.set_viewport_size(viewport)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= viewport["width"], place
        assert page.evaluate(CUT_OFF) == [], place
        assert page.evaluate(TOO_SMALL, TARGET) == [], place
        expect(page.locator("h1")).to_be_visible()


def _check_focus(page: Page, place: str) -> None:
    """The Tab key goes from one control to the next, and each is seen when it has the focus."""
    controls = page.locator(
        "a:visible, button:visible, input:visible, select:visible, summary:visible"
    ).count()
    page.evaluate("document.activeElement.blur()")
    for _ in range(controls):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused["start"]:
            break
        assert focused["outlined"], (place, focused)
        assert focused["seen"], (place, focused)


def _weight_of(page: Page, path: str) -> int:
    """Bytes that came over the line for the page at `path` and all that it needs."""
    session = page.context.new_cdp_session(page)
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    session.send("Network.enable")
    page.goto(path, wait_until="networkidle")
    session.detach()
    return sum(sizes)
