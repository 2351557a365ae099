"""A broker finds a policy by keyboard alone, and without scripts; what was typed stands in no address."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.labels import SK
from tests.journeys.running import Zone
from tests.journeys.steps import sign_in

BROKER = "Katarína Bieliková"
BOX = "Meno, číslo zmluvy alebo telefónne číslo"


def test_a_policy_is_found_as_one_types_and_reached_by_arrows(gallery: Zone, open_page: OpenPage) -> None:
    page = open_page(gallery)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, gallery.persona(BROKER), SK)
    box, rows = page.get_by_label(BOX), page.locator("[data-row-link]")
    expect(box).to_be_focused()
    expect(rows).to_have_count(6)
    page.keyboard.type("kovacova ja")
    expect(rows).to_have_text(["6100000101", "6200000101"])
    expect(page.locator("#announcements")).to_have_text("Zobrazené 2 zmluvy")
    expect(box).to_be_focused()
    for key, row in (
        ("ArrowDown", 0),
        ("ArrowDown", 1),
        ("ArrowDown", 1),
        ("ArrowUp", 0),
        ("End", 1),
        ("Home", 0),
    ):
        page.keyboard.press(key)
        expect(rows.nth(row)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    box.fill("nikto taký")
    expect(page.get_by_text("Nikoho sme nenašli")).to_be_visible()
    assert re.search("/broker/$", page.url)
    assert not [url for url in asked if "kov" in url or "nikto" in url]


def test_without_scripts_the_form_finds_the_same(gallery: Zone, open_page: OpenPage) -> None:
    page = open_page(gallery, java_script_enabled=False)
    sign_in(page, gallery.persona(BROKER), SK)
    page.get_by_label(BOX).fill("102")
    page.get_by_role("button", name="Vyhľadať").click()
    expect(page.locator("[data-row-link]")).to_have_text(["6100000102"])
    expect(page.get_by_label(BOX)).to_have_value("102")
    assert re.search("/broker/$", page.url)
