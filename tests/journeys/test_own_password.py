"""Setting a letter password of one's own, and trying one that is remembered."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.labels import EN
from tests.journeys.running import Zone
from tests.journeys.steps import ask_for_sms, own_password, sign_in
from tests.journeys.unlocking import LETTERS, opens_with

OWN = "/settings/electronic-correspondence/own"
TRY = "/settings/electronic-correspondence/try"


def test_a_suggested_password_is_taken_as_it_stands(zone: Zone, open_page: OpenPage) -> None:
    peter = zone.persona("Peter Novák")
    page = open_page(zone)
    sign_in(page, peter, EN)
    page.get_by_role("link", name=EN.own).click()
    suggested = page.locator("#suggested-password")
    first = suggested.inner_text()
    typed = page.locator("#password")
    typed.fill("something begun")
    page.get_by_role("link", name=EN.another).click()
    expect(suggested).not_to_have_text(first)
    expect(typed).to_have_value("something begun")
    taken = suggested.inner_text()
    page.get_by_role("button", name=EN.use).click()
    expect(page.locator("#panel .lead")).to_have_text(EN.opens_own)
    ask_for_sms(page, EN)
    assert zone.next_text(peter.phone).splitlines()[-1] == taken

    before = len(zone.letters(peter.email))
    zone.run("letters", "send", "--client", "100102", str(LETTERS / "podmienky.pdf"))
    opens_with(zone.next_letter(peter.email, after=before), taken, LETTERS / "podmienky.pdf")


def test_while_typing_the_page_tells_what_the_password_is_worth(gallery: Zone, open_page: OpenPage) -> None:
    page = open_page(gallery)
    sign_in(page, gallery.persona("Peter Novák"))
    page.goto(OWN)
    meter, field = page.locator("#strength-meter"), page.get_by_label("Nové heslo k listom", exact=True)
    field.press_sequentially("heslo")
    expect(meter).to_have_attribute("data-level", "0")
    weak = meter.inner_text()
    expect(page.locator("#announcements")).to_have_text(weak)
    field.press_sequentially(" čo štebotá za šopou")
    expect(meter).to_have_attribute("data-level", re.compile("[34]"))
    expect(meter).not_to_have_text(weak)
    expect(page.locator("#strength")).to_contain_text("diakritikou")
    expect(field).to_be_focused()
    assert field.get_attribute("type") == "password"
    page.get_by_role("button", name="Zobraziť").click()
    assert field.get_attribute("type") == "text"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("krátke", "Použite aspoň 10 znakov."),
        ("92746183550", "Samotné číslice sa dajú rýchlo uhádnuť."),
        ("kovacova na prechádzke", "Vynechajte svoje meno."),
        ("čaj o piatej 3318", "Vynechajte číslice svojho rodného čísla"),
        ("pomaly vlak do Tatier", "Toto je vaše aktuálne heslo k listom."),
        ("cervene-jablko-spieva", "Týmto heslom sa prihlasujete."),
        ("dve hruste ` a jablko", "Vynechajte znak `."),
        ("", "Zadajte heslo."),
    ],
)
def test_a_password_that_would_not_do_is_refused_beside_its_field(
    gallery: Zone, open_page: OpenPage, typed: str, message: str
) -> None:
    page = open_page(gallery, expected=(422,))
    sign_in(page, gallery.persona("Jana Kováčová"))
    page.goto(OWN)
    field = page.get_by_label("Nové heslo k listom", exact=True)
    field.fill(typed)
    page.get_by_role("button", name="Nastaviť toto heslo").click()

    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text(message)
    assert page.title().startswith("Chyba:")
    expect(page.locator("#password-message")).to_contain_text(message)
    assert "password-message" in (field.get_attribute("aria-describedby") or "")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("")
    summary.get_by_role("link").click()
    expect(field).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no-script"])
def test_a_remembered_password_is_named(gallery: Zone, open_page: OpenPage, scripts: bool) -> None:
    page = open_page(gallery, java_script_enabled=scripts)
    sign_in(page, gallery.persona("Jana Kováčová"))
    for typed, answer in (
        ("pomaly vlak do Tatier", "Áno, toto je vaše aktuálne heslo."),
        ("3318", "Toto je skoršie heslo."),
        ("rychly vlak do Tatier", "Toto nie je žiadne z vašich hesiel."),
    ):
        page.goto(TRY)
        field = page.get_by_label("Heslo, ktoré si pamätáte", exact=True)
        field.fill(typed)
        page.get_by_role("button", name="Vyskúšať", exact=True).click()
        expect(page.locator("#try .notice")).to_contain_text(answer)
        expect(field).to_have_value("")


def test_after_a_reset_the_basic_setting_holds_again(zone: Zone, open_page: OpenPage) -> None:
    peter = zone.persona("Peter Novák")
    page = open_page(zone)
    sign_in(page, peter)
    own_password(page, "štyri pršteky v mise")
    page.get_by_role("link", name="Resetovať heslo").click()
    page.get_by_role("button", name="Resetovať heslo").click()
    expect(page.locator("#panel .lead")).to_contain_text("posledné 4 číslice vášho rodného čísla")
    ask_for_sms(page)
    assert zone.next_text(peter.phone).splitlines()[-1] == "2341"
