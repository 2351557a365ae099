"""Support helps who calls, from the card: found by keyboard, a message settled, a note written, a hold lifted."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.axe import violations
from tests.journeys.chromium import PHONE
from tests.journeys.conftest import OpenPage
from tests.journeys.labels import SK
from tests.journeys.running import Zone
from tests.journeys.steps import ask_for_sms, open_card, sign_in, status

NOBODY_KNOWS = """
    UPDATE message SET status = 'unknown', reason = 'interrupted'
    WHERE id = (SELECT MAX(id) FROM message WHERE kind = 'letter_password')
"""


def test_a_call_from_the_search_to_the_last_note(zone: Zone, open_page: OpenPage) -> None:
    jana = open_page(zone)
    sign_in(jana, zone.persona("Jana Kováčová"))
    ask_for_sms(jana)
    expect(status(jana)).to_have_text(SK.delivered)
    jana.goto("/settings/access-history")
    jana.locator("#history .acts a").first.click()
    jana.locator("main form button").click()
    zone.change(NOBODY_KNOWS)

    page = open_page(zone, expected=(422,))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, zone.persona("Viera Polláková"))
    expect(page.get_by_label("Meno, označenie")).to_be_focused()
    open_card(page, "Jana Kováčová")
    assert not [url for url in asked if "Jana" in url]
    card = page.url

    messages = page.locator("#messages")
    messages.get_by_role("button", name="Neprišla").click()
    expect(messages.locator(".tag").first).to_have_text("nedoručené")
    expect(messages).to_contain_text("Klient hovorí, že neprišla.")
    expect(messages.get_by_role("button")).to_have_count(0)
    assert zone.events("message:settled") == 1

    notes = page.locator("#notes")
    notes.get_by_label("Nová poznámka").fill("Rodné číslo 855914/3318")
    notes.get_by_role("button").click()
    expect(notes.locator("#error-summary")).to_be_focused()
    notes.get_by_label("Nová poznámka").fill("SMS neprišla, číslo sedí.")
    notes.get_by_role("button").dblclick()
    expect(notes.locator(".note-text")).to_have_text(["SMS neprišla, číslo sedí."])
    expect(notes.get_by_label("Nová poznámka")).to_have_value("")
    assert (page.url, zone.events("client:note")) == (card, 1)

    page.get_by_role("link", name="Zrušiť po rozhovore").click()
    page.get_by_label("Čo klient povedal").fill("Bola to ona sama, z počítača syna.")
    page.get_by_role("button", name="Zrušiť pozastavenie").click()
    page.wait_for_url(re.compile(r"/support/clients/\d+$"))
    expect(page.locator(".flashes")).to_contain_text("Pozastavenie je zrušené")
    expect(page.locator("#notes .note-text")).to_have_count(2)
    expect(page.get_by_text("Na telefón sa neposiela žiadne heslo")).to_have_count(0)

    page.set_viewport_size(PHONE)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    assert violations(page) == []
