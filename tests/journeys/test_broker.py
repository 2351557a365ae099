"""A broker's way from a policy to an SMS or a reset, by the labels of the procedure."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.chromium import PHONE
from tests.journeys.conftest import OpenPage
from tests.journeys.labels import EN, SK, Labels
from tests.journeys.running import Zone
from tests.journeys.steps import sign_in, tab_to
from tests.journeys.unlocking import LETTERS, opens_with
from tests.readers import READERS

BROKER, CLIENT = "Katarína Bieliková", "Jana Kováčová"
JANAS = "6100000101"


@dataclass(frozen=True)
class Way:
    """The labels of the way."""

    labels: Labels
    edit: str
    enter: str
    confirms: str
    own: re.Pattern[str]
    ok: str
    resend: str
    reset: str
    go_on: str
    delivered: str
    is_reset: str


SLOVAK = Way(
    labels=SK,
    edit="Editácia PZ",
    enter="Zadanie požiadavky",
    confirms="Klient číslo potvrdzuje",
    own=re.compile("Klient si nastavil heslo dňa"),
    ok="OK",
    resend="Zaslať aktuálne heslo pre elektronickú korešpondenciu prostredníctvom SMS",
    reset="Reset hesla pre elektronickú korešpondenciu",
    go_on="Pokračovať",
    delivered="doručené",
    is_reset="Heslo je zresetované.",
)
ENGLISH = Way(
    labels=EN,
    edit="Edit policy",
    enter="Enter a request",
    confirms="The client confirms the number",
    own=re.compile("The client set a password on"),
    ok="OK",
    resend="Send the current password for electronic correspondence by SMS",
    reset="Reset the password for electronic correspondence",
    go_on="Continue",
    delivered="delivered",
    is_reset="The password is reset.",
)
both = pytest.mark.parametrize("way", [SLOVAK, ENGLISH], ids=["sk", "en"])


def row(page: Page) -> Locator:
    """Jana's home insurance in the portfolio."""
    return page.locator("tbody tr").filter(has_text=JANAS)


def item(page: Page, label: str) -> Locator:
    return page.get_by_role("menuitem", name=label, exact=True)


def to_choice(page: Page, way: Way) -> None:
    """From „Editácia PZ“ to the choice."""
    page.get_by_role("link", name=way.enter, exact=True).click()
    page.get_by_role("link", name=way.labels.correspondence, exact=True).click()
    expect(page.locator("#phone")).to_contain_text("101")
    page.get_by_role("button", name=way.confirms).click()
    expect(page.locator("#information .lead")).to_have_text(way.own)
    page.get_by_role("link", name=way.ok, exact=True).click()


def choose(page: Page, way: Way, what: str) -> None:
    page.get_by_text(what, exact=True).click()
    page.get_by_role("button", name=way.go_on).click()


@both
def test_by_right_click_the_password_reaches_the_client_and_nobody_else(
    zone: Zone, open_page: OpenPage, way: Way
) -> None:
    client = zone.persona(CLIENT)
    page = open_page(zone)
    sign_in(page, zone.persona(BROKER), way.labels)
    row(page).click(button="right")
    item(page, way.edit).click()
    to_choice(page, way)
    choose(page, way, way.resend)
    expect(page.locator("#outcome .tag")).to_have_text(way.delivered)
    assert page.locator("#outcome").get_attribute("data-hx-get") is None
    password = zone.next_text(client.phone).splitlines()[-1]
    assert password not in page.content()
    opens_with(zone.next_letter(client.email), password, LETTERS / "platba.pdf")
    page.get_by_role("link", name=JANAS, exact=True).click()
    expect(page.locator("#requests tbody tr")).to_have_count(1)


def test_the_client_sees_the_request_in_the_access_history(zone: Zone, open_page: OpenPage) -> None:
    page = open_page(zone)
    sign_in(page, zone.persona(BROKER))
    row(page).click(button="right")
    item(page, SLOVAK.edit).click()
    to_choice(page, SLOVAK)
    choose(page, SLOVAK, SLOVAK.resend)
    expect(page.locator("#outcome .tag")).to_have_text(SLOVAK.delivered)
    client = open_page(zone)
    sign_in(client, zone.persona(CLIENT))
    client.goto("/settings/access-history")
    expect(client.locator("#history")).to_contain_text(BROKER)


def test_the_menu_opens_by_keyboard_and_gives_the_focus_back(gallery: Zone, open_page: OpenPage) -> None:
    page = open_page(gallery)
    sign_in(page, gallery.persona(BROKER))
    expect(page.locator("[data-rows]")).to_be_focused()
    page.wait_for_load_state()
    page.keyboard.press("ArrowDown")
    link = page.locator("[data-row-link]").first
    expect(link).to_be_focused()
    for key in ("Shift+F10", "ContextMenu"):
        page.keyboard.press(key)
        expect(item(page, "Zobraziť PZ")).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(item(page, SLOVAK.edit)).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(item(page, "Zobraziť PZ")).to_be_focused()
        page.keyboard.press("ArrowUp")
        expect(item(page, SLOVAK.edit)).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator(".context-menu[open]")).to_have_count(0)
        expect(link).to_be_focused()
    page.keyboard.press("Shift+F10")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(SLOVAK.edit)


def test_without_a_mouse_from_the_search_to_the_sms(zone: Zone, open_page: OpenPage) -> None:
    page = open_page(zone)
    sign_in(page, zone.persona(BROKER))
    expect(page.locator("[data-rows]")).to_be_focused()
    page.keyboard.type(JANAS)
    expect(page.locator("tbody tr")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+F10")
    page.keyboard.press("ArrowDown")
    expect(item(page, SLOVAK.edit)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit")
    for label, leads_to in (
        (SLOVAK.enter, "**/requests/new"),
        (SK.correspondence, "**/phone"),
        (SLOVAK.confirms, "**/information"),
        (SLOVAK.ok, "**/choice"),
    ):
        tab_to(page, label)
        page.keyboard.press("Enter")
        page.wait_for_url(leads_to)
    tab_to(page, SLOVAK.resend)
    page.keyboard.press("Space")
    tab_to(page, SLOVAK.go_on)
    page.keyboard.press("Enter")
    expect(page.locator("#outcome .tag")).to_have_text(SLOVAK.delivered)
    assert len(zone.texts(zone.persona(CLIENT).phone)) == 1


def test_the_policys_own_page_has_the_menu_too(gallery: Zone, open_page: OpenPage) -> None:
    page = open_page(gallery)
    sign_in(page, gallery.persona(BROKER))
    page.get_by_role("link", name=JANAS, exact=True).click()
    heading, button = page.get_by_role("heading", level=1), page.locator(".titled summary")
    expect(heading).to_contain_text(JANAS)
    heading.click(button="right")
    expect(item(page, SLOVAK.edit)).to_be_focused()
    page.keyboard.press("Escape")
    button.click()
    expect(item(page, SLOVAK.edit)).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    for key in ("ContextMenu", "Shift+F10"):
        page.keyboard.press(key)
        expect(item(page, SLOVAK.edit)).to_be_focused()
        page.keyboard.press("Escape")
        expect(button).to_be_focused()
    page.keyboard.press("Shift+F10")
    page.keyboard.press("Enter")
    expect(heading).to_have_text(SLOVAK.edit)


def test_the_menu_opens_by_its_button_and_closes_elsewhere(gallery: Zone, open_page: OpenPage) -> None:
    page = open_page(gallery)
    sign_in(page, gallery.persona(BROKER))
    row(page).locator("summary").click()
    expect(item(page, SLOVAK.edit)).to_be_visible()
    page.locator("tbody tr").last.click(button="right")
    expect(page.locator(".context-menu[open]")).to_have_count(1)
    page.locator("h1").click()
    expect(page.locator(".context-menu[open]")).to_have_count(0)


def test_on_a_phone_a_long_press_opens_the_menu(gallery: Zone, open_page: OpenPage) -> None:
    page = open_page(gallery, viewport=PHONE, has_touch=True, is_mobile=True)
    sign_in(page, gallery.persona(BROKER))
    name = row(page).locator("td").first
    name.scroll_into_view_if_needed()
    box = name.bounding_box()
    assert box is not None
    session = page.context.new_cdp_session(page)
    point = {"x": box["x"] + 20, "y": box["y"] + 10}
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    expect(item(page, SLOVAK.edit)).to_be_visible()
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(item(page, SLOVAK.edit)).to_be_visible()
    item(page, SLOVAK.edit).tap()
    expect(page.get_by_role("heading", level=1)).to_have_text(SLOVAK.edit)


@both
def test_without_scripts_a_reset_sends_the_letters_again(zone: Zone, open_page: OpenPage, way: Way) -> None:
    client = zone.persona(CLIENT)
    before = len(zone.letters(client.email))
    page = open_page(zone, java_script_enabled=False, viewport=PHONE)
    sign_in(page, zone.persona(BROKER), way.labels)
    row(page).locator("summary").click()
    row(page).get_by_role("link", name=way.edit, exact=True).click()
    to_choice(page, way)
    choose(page, way, way.reset)
    expect(page.locator("#offered")).to_be_visible()
    ticked = page.locator("#offered input:checked").count()
    assert ticked > 0
    page.get_by_role("button", name=way.go_on).click()
    expect(page.locator("#outcome")).to_contain_text(way.is_reset)
    expect(page.locator("#outcome .copies li")).to_have_count(ticked)
    newest = zone.next_letter(client.email, after=before + ticked - 1)
    assert READERS["pikepdf"](newest, "3318")


def test_a_double_click_makes_one_request(zone: Zone, open_page: OpenPage) -> None:
    page = open_page(zone)
    sign_in(page, zone.persona(BROKER))
    row(page).click(button="right")
    item(page, SLOVAK.edit).click()
    to_choice(page, SLOVAK)
    page.get_by_text(SLOVAK.resend, exact=True).click()
    page.get_by_role("button", name=SLOVAK.go_on).dblclick()
    expect(page.locator("#outcome .tag")).to_have_text(SLOVAK.delivered)
    page.reload()
    page.go_back()
    page.go_forward()
    assert zone.events("request:made") == 1
    assert len(zone.texts(zone.persona(CLIENT).phone)) == 1
