"""A support agent with the client on the line: the phone, a reset with letters, the password once more."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.chromium import PHONE
from tests.journeys.conftest import OpenPage
from tests.journeys.labels import EN, SK, Labels
from tests.journeys.running import Zone
from tests.journeys.steps import sign_in
from tests.readers import READERS

AGENT, CLIENT = "Viera Polláková", "Jana Kováčová"
DEFAULT = "3318"  # the last digits of Jana's birth number
REQUEST = re.compile(r"/requests/[\w-]{22}$")


@dataclass(frozen=True)
class Way:
    """The labels of the way."""

    labels: Labels
    phone: str
    confirms: str
    confirmed: str
    reset: str
    do_reset: str
    is_reset: str
    all_sent: str
    resend: str
    back: str
    told: str


SLOVAK = Way(
    labels=SK,
    phone="Overiť alebo opraviť telefónne číslo",
    confirms="Klient číslo potvrdzuje",
    confirmed="Číslo je overené.",
    reset="Reset hesla pre elektronickú korešpondenciu",
    do_reset="Resetovať heslo",
    is_reset="Heslo je zresetované.",
    all_sent="Odoslané: 2 z 2 listov",
    resend="Zaslať aktuálne heslo pre elektronickú korešpondenciu prostredníctvom SMS",
    back="Späť ku klientovi",
    told="Naša podpora, Viera Polláková",
)
ENGLISH = Way(
    labels=EN,
    phone="Confirm or correct the phone number",
    confirms="The client confirms the number",
    confirmed="The number is confirmed.",
    reset="Reset the password for electronic correspondence",
    do_reset="Reset the password",
    is_reset="The password is reset.",
    all_sent="2 of 2 letters sent",
    resend="Send the current password for electronic correspondence by SMS",
    back="Back to the client",
    told="Our support, Viera Polláková",
)


def to_card(page: Page, zone: Zone) -> None:
    """By its address."""
    page.goto(f"/support/clients/{zone.client_id(CLIENT)}")
    expect(page.get_by_role("heading", level=1)).to_have_text(CLIENT)


def reset_with_two_letters(page: Page, zone: Zone, way: Way) -> None:
    before = len(zone.letters(zone.persona(CLIENT).email))
    page.get_by_role("link", name=way.reset, exact=True).click()
    labels = page.locator("#offered label")
    expect(labels.first).to_be_visible()
    for number in range(2, labels.count()):
        labels.nth(number).click()
    expect(page.locator("#offered input:checked")).to_have_count(2)
    page.get_by_role("button", name=way.do_reset, exact=True).click()
    page.wait_for_url(REQUEST)
    expect(page.locator("#outcome")).to_contain_text(way.is_reset)
    for newest in (before, before + 1):
        zone.next_letter(zone.persona(CLIENT).email, after=newest)


@pytest.mark.parametrize("way", [SLOVAK, ENGLISH], ids=["sk", "en"])
def test_phone_reset_with_two_letters_and_the_password_again(
    zone: Zone, open_page: OpenPage, way: Way
) -> None:
    client = zone.persona(CLIENT)
    page = open_page(zone)
    sign_in(page, zone.persona(AGENT), way.labels)
    to_card(page, zone)
    page.get_by_role("link", name=way.phone).click()
    expect(page.locator("#phone")).to_contain_text("101")
    page.get_by_role("button", name=way.confirms).click()
    expect(page.locator(".flashes")).to_contain_text(way.confirmed)
    reset_with_two_letters(page, zone, way)
    expect(page.locator("#progress-words")).to_have_text(way.all_sent)
    assert page.locator("#outcome").get_attribute("data-hx-get") is None
    assert READERS["pikepdf"](zone.letters(client.email)[0], DEFAULT)
    page.get_by_role("link", name=way.back).click()
    page.get_by_role("button", name=way.resend).dblclick()
    page.wait_for_url(REQUEST)
    expect(page.locator("#outcome .tag")).to_have_text(way.labels.delivered)
    assert zone.next_text(client.phone).splitlines()[-1] == DEFAULT
    assert DEFAULT not in page.locator("main").inner_text()
    page.get_by_role("link", name=way.back).click()
    expect(page.locator("#requests tbody tr")).to_have_count(2)
    reader = open_page(zone)
    sign_in(reader, client, way.labels)
    reader.goto("/settings/access-history")
    expect(reader.locator("#history")).to_contain_text(way.told)


def test_without_scripts_on_a_phone_it_goes_as_well(zone: Zone, open_page: OpenPage) -> None:
    page = open_page(zone, java_script_enabled=False, viewport=PHONE)
    sign_in(page, zone.persona(AGENT))
    to_card(page, zone)
    reset_with_two_letters(page, zone, SLOVAK)
    page.get_by_role("link", name=SLOVAK.labels.refresh, exact=True).click()
    expect(page.locator("#progress-words")).to_have_text(SLOVAK.all_sent)
