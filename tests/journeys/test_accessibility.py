"""axe finds nothing to complain about, on any page, in any look, in either language."""

from __future__ import annotations

from itertools import product
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.acts import Acts, by_broker, by_desk
from tests.journeys.axe import violations
from tests.journeys.chromium import DESKTOP, PHONE
from tests.journeys.conftest import OpenPage
from tests.journeys.helping import by_agent, by_link
from tests.journeys.labels import EN, SK, Labels
from tests.journeys.places import PLACES, REFUSALS, visits
from tests.journeys.running import Zone
from tests.journeys.steps import ask_for_sms, sign_in, status

Scheme = Literal["light", "dark"]
# Colours do not hang on the language: the second one is looked at in the light.
SCHEMES: dict[str, tuple[Scheme, ...]] = {"sk": ("light", "dark"), "en": ("light",)}


@pytest.mark.parametrize("words", [SK, EN], ids=["sk", "en"])
@pytest.mark.parametrize("name", PLACES, ids=str)
def test_no_page_shuts_anybody_out(
    gallery: Zone, open_page: OpenPage, name: str | None, words: Labels
) -> None:
    page = open_page(gallery, expected=REFUSALS)
    found = [fault for place in visits(page, gallery, name, words) for fault in _in_every_look(page, place)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("words", [SK, EN], ids=["sk", "en"])
@pytest.mark.parametrize("acts", [by_broker, by_desk, by_agent, by_link])
def test_nor_does_what_comes_of_an_act(zone: Zone, open_page: OpenPage, acts: Acts, words: Labels) -> None:
    page = open_page(zone, expected=(403,))
    found = [fault for place in acts(page, zone, words) for fault in _in_every_look(page, place)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("words", [SK, EN], ids=["sk", "en"])
def test_nor_does_a_message_on_its_way_or_an_answer(zone: Zone, open_page: OpenPage, words: Labels) -> None:
    page = open_page(zone)
    sign_in(page, zone.persona("Jana Kováčová"), words)
    ask_for_sms(page, words)
    expect(status(page)).to_have_text(words.delivered)
    found = _in_every_look(page, "delivered")
    page.goto("/settings/electronic-correspondence/own")
    page.locator("#password").fill("čo štebotá za šopou")
    expect(page.locator("#strength-meter")).to_be_visible()
    found += _in_every_look(page, "strength")
    for typed in ("pomaly vlak do Tatier", "3318", "cervena ruka na stene"):
        page.goto("/settings/electronic-correspondence/try")
        page.locator("#remembered").fill(typed)
        page.locator("#try .button").click()
        expect(page.locator("#try .notice")).to_be_visible()
        found += _in_every_look(page, f"tried {typed}")
    page.goto("/demo/phone")
    found += _in_every_look(page, "an SMS on the phone")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("words", [SK, EN], ids=["sk", "en"])
def test_nor_do_letters_on_their_way(zone: Zone, open_page: OpenPage, words: Labels) -> None:
    page = open_page(zone)
    sign_in(page, zone.persona("Jana Kováčová"), words)
    page.goto("/letters/send-again")
    page.locator("#content button.button").click()
    expect(page.locator("#states tbody .tag")).to_have_text(words.sent)
    found = _in_every_look(page, "letters sent again")
    page.locator("#states tbody").get_by_role("link").first.click()
    page.locator("#earlier button.button").click()
    expect(page.locator("#earlier .tag")).to_have_text(words.delivered)
    expect(page.locator("#copies .tag")).to_have_text([words.sent] * 2)
    found += _in_every_look(page, "an earlier password sent")
    page.goto("/demo/mailbox")
    found += _in_every_look(page, "its e-mail")
    assert not found, "\n".join(found)


def _in_every_look(page: Page, place: str) -> list[str]:
    found = []
    schemes = SCHEMES[page.locator("html").get_attribute("lang") or ""]
    for viewport, scheme in product((PHONE, DESKTOP), schemes):
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=scheme)
        menu = page.locator(".menu-toggle:not([open]) summary")
        # A context menu closes on any other click.
        if menu.is_visible() and not page.locator(".context-menu[open]").count():
            menu.click()
        found += [f"{place} {viewport['width']} {scheme}: {fault}" for fault in violations(page)]
    return found
