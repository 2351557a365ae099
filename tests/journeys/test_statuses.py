"""Everybody of the demo asks for their password: who gets which, and what each sees of its way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenPage
from tests.journeys.labels import EN, SK, Labels
from tests.journeys.running import Zone
from tests.journeys.steps import ask_for_sms, sign_in, status
from tests.journeys.unlocking import LETTERS, opens_with, stays_shut


@pytest.mark.parametrize(
    ("name", "words", "sentence", "password", "letter"),
    [
        ("Peter Novák", SK, "posledné 4 číslice vášho rodného čísla", "2341", "platba.pdf"),
        ("Mária Horváthová", SK, "posledné 3 číslice vášho rodného čísla", "042", "platba.pdf"),
        ("Vzorové stolárstvo, s. r. o.", SK, "heslo, ktoré sme pre vás vytvorili", None, "podmienky.pdf"),
        ("Emma Clarke", EN, "a password that we generated for you", None, "platba.pdf"),
    ],
)
def test_each_client_gets_the_password_that_opens_their_letters(
    gallery: Zone,
    open_page: OpenPage,
    name: str,
    words: Labels,
    sentence: str,
    password: str | None,
    letter: str,
) -> None:
    person = gallery.persona(name)
    page = open_page(gallery)
    sign_in(page, person, words)
    expect(page.locator("#panel .lead")).to_contain_text(sentence)
    before = len(gallery.texts(person.phone))
    ask_for_sms(page, words)
    sent = gallery.next_text(person.phone, after=before).splitlines()[-1]
    assert sent == password or (password is None and len(sent) >= 19)
    received = gallery.next_letter(person.email)
    opens_with(received, sent, LETTERS / letter)
    stays_shut(received, "pomaly vlak do Tatier")


def test_whatever_becomes_of_an_sms_the_page_says_so_by_itself(gallery: Zone, open_page: OpenPage) -> None:
    turned_away = _ask(gallery, open_page, "Ján Kučera")
    expect(status(turned_away)).to_have_text("čaká na odoslanie")
    without_receipt = _ask(gallery, open_page, "Anna Ďurišová")

    refused = _ask(gallery, open_page, "Milan Varga")
    expect(status(refused)).to_have_text("nedoručené")
    expect(refused.locator("#message")).to_contain_text("Číslo správy neprijíma.")
    expect(refused.get_by_role("button", name=SK.send)).to_be_enabled()

    switched_off = _ask(gallery, open_page, "Eva Molnárová")
    expect(status(switched_off)).to_have_text("odoslané")
    expect(status(switched_off)).to_have_text("nedoručené")
    expect(switched_off.locator("#message")).to_contain_text("Zapnite ho a požiadajte znova.")
    expect(switched_off.get_by_role("button", name=SK.send)).to_be_enabled()

    uncertain = _ask(gallery, open_page, "Zuzana Kollárová")
    gallery.next_text(gallery.persona("Zuzana Kollárová").phone)
    uncertain.reload()  # The page itself may look just too late for what lasts two seconds.
    expect(status(uncertain)).to_have_text("nie je isté")
    expect(status(uncertain)).to_have_text("doručené")

    expect(status(turned_away)).to_have_text("doručené")
    expect(status(without_receipt)).to_have_text("odoslané")


def test_a_number_changed_yesterday_gets_no_password(gallery: Zone, open_page: OpenPage) -> None:
    page = open_page(gallery)
    lucia = gallery.persona("Lucia Balážová")
    sign_in(page, lucia)
    expect(page.locator("#panel .notice-caution")).to_be_visible()
    expect(page.get_by_role("button", name=SK.send)).to_have_count(0)
    assert gallery.texts(lucia.phone) == []


def test_a_number_confirmed_long_ago_is_confirmed_first(zone: Zone, open_page: OpenPage) -> None:
    page = open_page(zone, expected=(422,))
    jozef = zone.persona("Jozef Tóth")
    sign_in(page, jozef)
    expect(page.get_by_role("button", name=SK.send)).to_have_count(0)
    page.get_by_role("link", name="Overiť telefónne číslo").click()
    page.get_by_role("button", name="Poslať kód").click()
    code = "".join(filter(str.isdigit, zone.next_text(jozef.phone)))[:6]
    field = page.get_by_label("Kód z SMS")
    field.fill("000000" if code != "000000" else "111111")
    page.get_by_role("button", name="Overiť číslo").click()
    expect(page.locator("#code-message")).to_contain_text("Toto nie je kód z SMS.")
    expect(page.locator("#error-summary")).to_be_focused()
    field.fill(f"{code[:3]} {code[3:]}")
    page.get_by_role("button", name="Overiť číslo").click()
    expect(page.locator(".flashes")).to_contain_text("vaše telefónne číslo je overené")
    ask_for_sms(page)
    expect(status(page)).to_have_text("doručené")
    assert zone.texts(jozef.phone)[0].splitlines()[-1] == "2346"


def _ask(zone: Zone, open_page: OpenPage, name: str) -> Page:
    page = open_page(zone)
    sign_in(page, zone.persona(name))
    ask_for_sms(page)
    return page
