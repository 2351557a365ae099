"""Take the pictures of README.md, from a demo of their own: make screenshots"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from tests.journeys.chromium import launch
from tests.journeys.labels import SK
from tests.journeys.running import begin_from, make_template
from tests.journeys.steps import ask_for_sms, sign_in, status

DOCS = Path(__file__).resolve().parent.parent / "docs"
WINDOW: ViewportSize = {"width": 1280, "height": 905}
LARGEST = 130_000  # bytes of one picture; a README should open quickly


def main() -> None:
    """Fails when a picture is too heavy."""
    DOCS.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        template = Path(folder) / "template"
        make_template(template)
        zone = begin_from(template, Path(folder) / "var")
        try:
            with sync_playwright() as playwright, launch(playwright) as browser:
                page = browser.new_page(base_url=zone.url, viewport=WINDOW, locale="sk-SK")
                sign_in(page, zone.persona("Jana Kováčová"))
                take_correspondence(page)
                take_letters(page)
        finally:
            zone.stop()


def take_correspondence(page: Page) -> None:
    """Jana has just had her password sent."""
    ask_for_sms(page)
    expect(status(page)).to_have_text(SK.delivered, timeout=30_000)
    page.mouse.move(0, 0)
    keep("electronic-correspondence", page.screenshot())


def take_letters(page: Page) -> None:
    """Her letters, and the oldest of them, which opens with an earlier password."""
    page.goto("/letters")
    keep("letters", page.locator("main").screenshot())
    page.locator("tbody tr").last.get_by_role("link").first.click()
    expect(page.locator("#earlier")).to_be_visible()
    keep("letter", page.locator("main").screenshot())


def keep(name: str, picture: bytes) -> None:
    print(f"{name}.png: {len(picture)} bytes")
    if len(picture) > LARGEST:
        sys.exit(f"{name}.png is heavier than {LARGEST} bytes")
    (DOCS / f"{name}.png").write_bytes(picture)


if __name__ == "__main__":
    main()
