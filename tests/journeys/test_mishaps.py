"""Impatient hands and processes that die: nothing is lost, nothing doubled, and the page says what is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenPage
from tests.journeys.labels import EN, SK
from tests.journeys.running import WEB, WORKER, Zone, until
from tests.journeys.steps import ask_for_sms, sign_in, status

OWN = "/settings/electronic-correspondence/own"
RESET = "/settings/electronic-correspondence/reset"
TRY = "/settings/electronic-correspondence/try"


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no-script"])
def test_every_button_may_be_clicked_twice(zone: Zone, open_page: OpenPage, scripts: bool) -> None:
    jana = zone.persona("Jana Kováčová")
    page = open_page(zone, java_script_enabled=scripts)
    page.goto("/")
    page.get_by_role("button", name=EN.switch).dblclick()
    page.get_by_role("button", name=SK.switch).dblclick()
    page.get_by_label("E-mail", exact=True).fill(jana.email)
    page.get_by_label("Heslo", exact=True).fill(jana.password)
    page.get_by_role("button", name=SK.sign_in).dblclick()
    expect(page.get_by_role("heading", name=SK.panel)).to_be_visible()

    page.get_by_role("button", name=SK.send).dblclick()
    expect(status(page)).to_be_visible()
    zone.next_text(jana.phone)

    page.goto(TRY)
    page.get_by_label("Heslo, ktoré si pamätáte").fill("3318")
    page.get_by_role("button", name="Vyskúšať", exact=True).dblclick()
    expect(page.locator("#try .notice")).to_be_visible()

    page.goto(OWN)
    page.get_by_role("button", name="Použiť toto heslo").dblclick()
    expect(page.locator(".flashes .notice").first).to_contain_text("Vaše nové heslo platí.")
    page.goto(OWN)
    page.get_by_label("Nové heslo k listom", exact=True).fill("sova v hmle nad riekou")
    page.get_by_role("button", name="Nastaviť toto heslo").dblclick()
    expect(page.locator(".flashes .notice").first).to_contain_text("Vaše nové heslo platí.")
    page.goto(RESET)
    had = len(zone.letters(jana.email))
    offered = page.locator("#offered input[type=checkbox]").count()
    page.get_by_role("button", name="Resetovať heslo").dblclick()
    expect(page.locator("#states tbody tr")).to_have_count(offered)
    until(lambda: zone.has_sent_everything() or None, "the letters")
    assert len(zone.letters(jana.email)) == had + offered
    page.goto("/settings/electronic-correspondence")
    expect(page.locator("#panel .lead")).to_contain_text("posledné 4 číslice vášho rodného čísla")
    _sign_out_twice(page)
    assert len(zone.texts(jana.phone)) == 1


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no-script"])
def test_a_number_may_be_confirmed_by_a_double_click(zone: Zone, open_page: OpenPage, scripts: bool) -> None:
    jozef = zone.persona("Jozef Tóth")
    page = open_page(zone, java_script_enabled=scripts)
    sign_in(page, jozef)
    page.goto("/settings/phone")
    page.get_by_role("button", name="Poslať kód").dblclick()
    code = "".join(filter(str.isdigit, zone.next_text(jozef.phone)))[:6]
    page.get_by_label("Kód z SMS").fill(code)
    page.get_by_role("button", name="Overiť číslo").dblclick()
    expect(page.locator(".flashes .notice").first).to_contain_text("vaše telefónne číslo je overené")
    assert len(zone.texts(jozef.phone)) == 1
    _sign_out_twice(page)


def test_a_worker_that_is_killed_loses_no_message(zone: Zone, open_page: OpenPage) -> None:
    jana = zone.persona("Jana Kováčová")
    page = open_page(zone)
    sign_in(page, jana)
    zone.freeze(WORKER)
    ask_for_sms(page)
    expect(status(page)).to_have_text(SK.waiting)
    zone.kill(WORKER)
    expect(status(page)).to_have_text(SK.delivered)
    assert len(zone.texts(jana.phone)) == 1


def test_a_web_that_is_killed_signs_nobody_out_and_the_page_goes_on(zone: Zone, open_page: OpenPage) -> None:
    jana = zone.persona("Jana Kováčová")
    page = open_page(zone)
    sign_in(page, jana)
    zone.freeze(WORKER)
    ask_for_sms(page)
    expect(status(page)).to_have_text(SK.waiting)
    zone.kill(WEB)
    zone.thaw()
    expect(status(page)).to_have_text(SK.delivered)
    expect(page.locator("#trouble")).to_be_empty()
    assert len(zone.texts(jana.phone)) == 1


def _sign_out_twice(page: Page) -> None:
    page.get_by_role("button", name=SK.sign_out).dblclick()
    expect(page.get_by_role("heading", name=SK.sign_in)).to_be_visible()
