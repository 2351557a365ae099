"""Take the pictures of README.md, from a demo of their own: make screenshots"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import expect, sync_playwright

from tests.journeys.chromium import launch
from tests.journeys.labels import SK
from tests.journeys.running import Zone, begin_from, make_template
from tests.journeys.steps import ask_for_sms, sign_in, status

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "electronic-correspondence.png"
LARGEST = 120_000  # bytes; a README should open quickly


def main() -> None:
    """Fails when a picture is too heavy."""
    with TemporaryDirectory() as folder:
        template = Path(folder) / "template"
        make_template(template)
        zone = begin_from(template, Path(folder) / "var")
        try:
            take_correspondence(zone)
        finally:
            zone.stop()
    weight = PICTURE.stat().st_size
    print(f"{PICTURE.name}: {weight} bytes")
    if weight > LARGEST:
        sys.exit(f"{PICTURE.name} is heavier than {LARGEST} bytes")


def take_correspondence(zone: Zone) -> None:
    """Jana has just had her password sent."""
    with sync_playwright() as playwright, launch(playwright) as browser:
        page = browser.new_page(base_url=zone.url, viewport={"width": 1280, "height": 905}, locale="sk-SK")
        sign_in(page, zone.persona("Jana Kováčová"))
        ask_for_sms(page)
        expect(status(page)).to_have_text(SK.delivered, timeout=30_000)
        page.mouse.move(0, 0)
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=PICTURE)


if __name__ == "__main__":
    main()
