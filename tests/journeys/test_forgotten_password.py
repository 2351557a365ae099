"""The main way: a letter is there, its password forgotten; it comes by SMS, and the letter opens."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.chromium import PHONE
from tests.journeys.conftest import OpenPage
from tests.journeys.labels import EN, SK, Labels
from tests.journeys.running import WORKER, Zone
from tests.journeys.steps import ask_for_sms, go_to_correspondence, own_password, sign_in, status
from tests.journeys.unlocking import LETTERS, opens_with, stays_shut

REMEMBER_STATUSES = """() => {
  window.stillTheSamePage = true;
  window.seen = [];
  const look = () => {
    const status = document.querySelector("#message .tag")?.textContent;
    if (status && seen.at(-1) !== status) seen.push(status);
  };
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
}"""


@pytest.mark.parametrize("words", [SK, EN], ids=["sk", "en"])
def test_the_password_comes_by_sms_and_opens_the_letter(
    zone: Zone, open_page: OpenPage, words: Labels
) -> None:
    jana = zone.persona("Jana Kováčová")
    page = open_page(zone)
    sign_in(page, jana, words)
    go_to_correspondence(page, words)
    expect(page.locator("#panel .lead")).to_have_text(words.opens_own)
    page.evaluate(REMEMBER_STATUSES)

    zone.freeze(WORKER)
    ask_for_sms(page, words)
    expect(status(page)).to_have_text(words.waiting)
    assert zone.texts(jana.phone) == []
    zone.thaw()
    expect(status(page)).to_have_text(words.delivered)
    assert page.evaluate("seen") == [words.waiting, words.sent, words.delivered]
    assert page.evaluate("stillTheSamePage")
    if words == SK:
        _asks_no_more(page)

    ask_for_sms(page, words)
    expect(status(page)).to_have_text(words.delivered)
    assert page.locator("#panel .notice").count() == 0
    assert len(zone.texts(jana.phone)) == 1

    password = zone.next_text(jana.phone).splitlines()[-1]
    opens_with(zone.next_letter(jana.email), password, LETTERS / "platba.pdf")


@pytest.mark.parametrize("words", [SK, EN], ids=["sk", "en"])
def test_the_same_without_scripts(zone: Zone, open_page: OpenPage, words: Labels) -> None:
    peter = zone.persona("Peter Novák")
    page = open_page(zone, java_script_enabled=False, viewport=PHONE)
    sign_in(page, peter, words)
    page.locator(".menu-toggle summary").click()
    go_to_correspondence(page, words)

    zone.freeze(WORKER)
    ask_for_sms(page, words)
    expect(status(page)).to_have_text(words.waiting)
    zone.thaw()
    text = zone.next_text(peter.phone)
    while status(page).inner_text() != words.delivered:
        page.get_by_role("link", name=words.refresh).click()
    expect(page.get_by_role("link", name=words.refresh)).to_have_count(0)

    ask_for_sms(page, words)
    expect(status(page)).to_have_text(words.delivered)
    assert zone.texts(peter.phone) == [text]
    opens_with(zone.next_letter(peter.email), text.splitlines()[-1], LETTERS / "platba.pdf")


def test_a_new_letter_takes_the_new_password_and_older_ones_keep_theirs(
    zone: Zone, open_page: OpenPage, tmp_path: Path
) -> None:
    jana = zone.persona("Jana Kováčová")
    old, new = "pomaly vlak do Tatier", "žltý čaj v šálke"
    page = open_page(zone)
    sign_in(page, jana)
    own_password(page, new)
    ask_for_sms(page)
    assert zone.next_text(jana.phone).splitlines()[-1] == new

    before = zone.letters(jana.email)
    assert ": taken, as " in zone.run("letters", "send", "--client", "100101", str(LETTERS / "vypis.pdf"))
    letter = zone.next_letter(jana.email, after=len(before))
    opens_with(letter, new, LETTERS / "vypis.pdf")
    stays_shut(letter, old)
    opens_with(before[0], old, LETTERS / "platba.pdf")
    stays_shut(before[0], new)

    page.get_by_role("link", name="Listy", exact=True).click()
    rows = page.locator("tbody tr")
    expect(rows.first).to_contain_text("vypis")
    with page.expect_download() as download:
        rows.first.get_by_role("link", name="Stiahnuť").click()
    file = tmp_path / "letter.pdf"
    download.value.save_as(file)
    opens_with(file.read_bytes(), new, LETTERS / "vypis.pdf")


def _asks_no_more(page: Page) -> None:
    """No request leaves the page once the message is final."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2500)
    assert asked == []
