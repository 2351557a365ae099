"""Letters found, read, sent again under a new password; an earlier password by SMS; a letter that waited."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.chromium import PHONE
from tests.journeys.conftest import OpenPage
from tests.journeys.labels import EN, SK, Labels
from tests.journeys.running import Zone, until
from tests.journeys.steps import own_password, sign_in
from tests.journeys.unlocking import LETTERS, opens_with, stays_shut

OWN = "štyri pršteky v mise"
WORDS = {
    "sk": {
        "offer": "Poslať znova pod aktuálnym heslom",
        "again": "Poslať znova",
        "gone": "Odoslané: 2 z 2 listov",
        "filter": "Druh",
        "statement": "Výpis",
        "show": "Zobraziť",
        "older": "Staršie",
        "newer": "Novšie",
        "read": "Čítať tu",
        "download": "Stiahnuť",
        "earlier": "Zaslať toto heslo SMS správou",
    },
    "en": {
        "offer": "Send again under the current password",
        "again": "Send again",
        "gone": "2 of 2 letters sent",
        "filter": "Kind",
        "statement": "Statement",
        "show": "Show",
        "older": "Older",
        "newer": "Newer",
        "read": "Read it here",
        "download": "Download",
        "earlier": "Send this password by SMS",
    },
}
BOTH = pytest.mark.parametrize("words", [SK, EN], ids=["sk", "en"])


def press_until(page: Page, link: str, text: str) -> None:
    """Without scripts the reader asks again."""
    while text not in page.locator("main").inner_text():
        page.get_by_role("link", name=link).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no-script"])
@BOTH
def test_after_a_change_the_letters_come_again_under_the_new_password(
    zone: Zone, open_page: OpenPage, words: Labels, scripts: bool
) -> None:
    peter, say = zone.persona("Peter Novák"), WORDS[words.code]
    until(lambda: len(zone.letters(peter.email)) == 2 or None, "the first letters")
    page = open_page(zone, java_script_enabled=scripts, **({} if scripts else {"viewport": PHONE}))
    sign_in(page, peter, words)
    page.goto("/settings/electronic-correspondence/own")
    page.locator("#password").fill(OWN)
    page.locator("main form").last.locator("button.button").last.click()
    page.get_by_role("link", name=say["offer"]).click()
    ticks = page.locator("#offered input[type=checkbox]")
    expect(ticks).to_have_count(2)
    assert all(tick.is_checked() for tick in ticks.all())
    page.get_by_role("button", name=say["again"]).click()
    if not scripts:
        press_until(page, words.refresh, say["gone"])
    expect(page.locator("#states")).to_contain_text(say["gone"])
    expect(page.locator("#states[data-hx-get]")).to_have_count(0)

    letters = zone.letters(peter.email)
    assert len(letters) == 4
    for letter in letters[:2]:
        stays_shut(letter, "2341")
        opens_with(letter, OWN, LETTERS / ("platba.pdf" if letter is letters[0] else "vypis.pdf"))
    stays_shut(letters[2], OWN)
    page.goto("/settings/electronic-correspondence")
    expect(page.get_by_role("link", name=say["offer"])).to_have_count(0)


@BOTH
def test_a_letter_is_found_read_here_and_taken_home(
    gallery: Zone, open_page: OpenPage, tmp_path: Path, words: Labels
) -> None:
    say = WORDS[words.code]
    # The viewer asks for an icon that a PDF cannot name.
    page = open_page(gallery, expected=(404,))
    sign_in(page, gallery.persona("Jana Kováčová"), words)
    page.get_by_role("link", name=words.letters, exact=True).first.click()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(5)
    page.get_by_label(say["filter"], exact=True).select_option(label=say["statement"])
    expect(rows).to_have_count(2)
    assert "kind=statement" in page.url
    rows.first.get_by_role("link").first.click()
    download = page.get_by_role("link", name=say["download"])
    with page.expect_download() as taken:
        download.click()
    file = tmp_path / "letter.pdf"
    taken.value.save_as(file)
    opens_with(file.read_bytes(), "pomaly vlak do Tatier", LETTERS / "vypis.pdf")
    assert "vypis" not in taken.value.suggested_filename.lower().replace("letter", "")

    read = page.get_by_role("link", name=say["read"])
    document = page.request.get(read.get_attribute("href") or "")
    assert document.headers["content-type"] == "application/pdf"
    assert "no-store" in document.headers["cache-control"]
    assert document.headers["content-disposition"].startswith("inline")
    assert document.body() == (LETTERS / "vypis.pdf").read_bytes()
    seen = gallery.events("letter:viewed")
    read.click()
    page.wait_for_url("**/view")
    assert page.evaluate("document.contentType") == "application/pdf"
    assert gallery.events("letter:viewed") > seen
    page.go_back()
    expect(read).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no-script"])
@BOTH
def test_many_letters_come_in_pages_and_what_was_chosen_stays(
    zone: Zone, open_page: OpenPage, tmp_path: Path, words: Labels, scripts: bool
) -> None:
    milan, say = zone.persona("Milan Varga"), WORDS[words.code]
    (tmp_path / "letter.pdf").write_bytes((LETTERS / "platba.pdf").read_bytes())
    kinds = ["premium"] * 3 + ["statement"] * 22
    rows = [f"letter.pdf,100001,{number:02},{kind}" for number, kind in enumerate(kinds)]
    (tmp_path / "manifest.csv").write_text("\n".join(["file,client,subject,kind", *rows]))
    zone.run("letters", "batch", str(tmp_path / "manifest.csv"))

    page = open_page(zone, java_script_enabled=scripts, viewport=PHONE)
    sign_in(page, milan, words)
    page.goto("/letters")
    names = page.locator("#letters th[scope=row] a")
    expect(names).to_have_count(20)
    page.get_by_label(say["filter"], exact=True).select_option(label=say["statement"])
    if not scripts:
        page.get_by_role("button", name=say["show"]).click()
    expect(page).to_have_url(re.compile("kind=statement"))
    expect(names.last).to_have_text("05")
    page.get_by_role("link", name=say["older"]).click()
    expect(names).to_have_text(["04", "03"])
    expect(page.get_by_label(say["filter"], exact=True)).to_have_value("statement")
    page.get_by_role("link", name=say["newer"]).click()
    expect(names.first).to_have_text("24")
    expect(page.get_by_role("link", name=say["newer"])).to_have_count(0)


@BOTH
def test_an_earlier_password_comes_by_sms_and_opens_the_old_letter(
    zone: Zone, open_page: OpenPage, words: Labels
) -> None:
    peter, say = zone.persona("Peter Novák"), WORDS[words.code]
    old = until(lambda: zone.letters(peter.email)[1:] or None, "the first letters")[0]
    page = open_page(zone)
    sign_in(page, peter, words)
    page.goto("/settings/electronic-correspondence/own")
    page.locator("#password").fill(OWN)
    page.locator("main form").last.locator("button.button").last.click()
    page.goto("/letters")
    page.locator("tbody tr").last.get_by_role("link").first.click()
    page.get_by_role("button", name=say["earlier"]).click()
    expect(page.locator("#earlier .tag")).to_have_text(words.delivered)
    text = zone.next_text(peter.phone)
    assert text.splitlines()[-1] == "2341"
    opens_with(old, "2341", LETTERS / "vypis.pdf")
    page.get_by_role("button", name=say["earlier"]).click()
    expect(page.locator("#earlier .tag")).to_have_text(words.delivered)
    assert zone.texts(peter.phone) == [text]


def test_a_reset_brings_the_letters_in_the_same_act(zone: Zone, open_page: OpenPage) -> None:
    peter = zone.persona("Peter Novák")
    page = open_page(zone)
    sign_in(page, peter)
    own_password(page, OWN)
    zone.run("letters", "send", "--client", "100102", str(LETTERS / "podmienky.pdf"))
    letter = zone.next_letter(peter.email, after=2)
    opens_with(letter, OWN, LETTERS / "podmienky.pdf")
    page.goto("/settings/electronic-correspondence/reset")
    expect(page.locator("#offered input[type=checkbox]")).to_have_count(1)
    page.get_by_role("button", name="Resetovať heslo").click()
    expect(page.locator("#states")).to_contain_text("Odoslané: 1 z 1 listu")
    opens_with(zone.next_letter(peter.email, after=3), "2341", LETTERS / "podmienky.pdf")


def test_a_letter_that_waits_goes_by_itself_once_the_phone_is_confirmed(
    zone: Zone, open_page: OpenPage
) -> None:
    firm = zone.persona("Sklady Pod Skalkou, s. r. o.")
    agent = open_page(zone)
    sign_in(agent, zone.persona("Viera Polláková"))
    agent.goto("/support/worklists/letters")
    expect(agent.get_by_role("heading", name="Nedá sa zatiaľ odoslať")).to_be_visible()
    expect(agent.locator("tbody tr")).to_contain_text(["Sklady Pod Skalkou"])

    page = open_page(zone)
    sign_in(page, firm)
    page.goto("/letters")
    expect(page.locator("tbody")).to_contain_text("zatiaľ sa nedá odoslať")
    assert zone.letters(firm.email) == []
    page.goto("/settings/phone")
    page.get_by_role("button", name="Poslať kód").click()
    code = re.search(r"\d{6}", zone.next_text(firm.phone))
    assert code is not None
    page.reload()
    page.get_by_label("Kód z SMS").fill(code[0])
    page.get_by_role("button", name="Overiť číslo").click()
    expect(page.locator(".flashes")).to_contain_text("overené")

    letter = zone.next_letter(firm.email)
    password = zone.next_text(firm.phone, after=1).splitlines()[-1]
    opens_with(letter, password, LETTERS / "platba.pdf")
    agent.reload()
    expect(agent.get_by_text("Žiadny list nečaká")).to_be_visible()
