"""What people do on the pages, step by step, as a reader would tell it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.journeys.labels import SK, Labels
from tests.journeys.running import Persona


def sign_in(page: Page, person: Persona, words: Labels = SK) -> None:
    """Come in by the front door, in the language of `words`."""
    page.goto("/")
    if words != SK:
        page.get_by_role("button", name=words.switch).click()
    page.get_by_label(words.email, exact=True).fill(person.email)
    page.get_by_label(words.password, exact=True).fill(person.password)
    page.get_by_role("button", name=words.sign_in, exact=True).click()
    expect(page.locator(".signed-in")).to_be_visible()


def tab_to(page: Page, label: str) -> None:
    """Press Tab until the control with that name has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "() => (document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"
        )
        if name == label:
            return
    raise AssertionError(f"Tab never comes to {label!r}")


def go_to_correspondence(page: Page, words: Labels = SK) -> None:
    """Settings → Electronic correspondence."""
    page.get_by_role("link", name=words.settings, exact=True).first.click()
    page.get_by_role("link", name=words.correspondence, exact=True).click()
    expect(page.get_by_role("heading", name=words.panel)).to_be_visible()


def status(page: Page) -> Locator:
    """The status of the last message, in words."""
    return page.locator("#message .tag")


def ask_for_sms(page: Page, words: Labels = SK) -> None:
    page.get_by_role("button", name=words.send).click()


def own_password(page: Page, password: str) -> None:
    """Set a letter password that one has thought up, in Slovak."""
    page.goto("/settings/electronic-correspondence/own")
    page.get_by_label("Nové heslo k listom", exact=True).fill(password)
    page.get_by_role("button", name="Nastaviť toto heslo").click()
    expect(page.locator(".flashes")).to_contain_text("Vaše nové heslo platí.")


def open_card(page: Page, name: str) -> None:
    """Find a client as support does, by typing, and open the card with the keyboard alone."""
    page.goto("/support/")
    page.locator("#typed").fill(name)
    rows = page.locator("[data-row-link]")
    expect(rows).to_have_text([name])
    page.locator("#typed").press("ArrowDown")
    expect(rows).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def open_card_without_script(page: Page, name: str) -> None:
    """The same by the form alone."""
    page.goto("/support/")
    page.locator("#typed").fill(name)
    page.locator(".search button").click()
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
