"""The machine's own browser, as quiet as it can be; Playwright never fetches one."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Playwright, ViewportSize

from tools.require_system import CHROMIUM, find

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)


def launch(playwright: Playwright, **options: Any) -> Browser:
    """Start Chromium; takes what `BrowserType.launch` does."""
    program = find(CHROMIUM)
    assert program, "there is no Chromium; `python3 tools/require_system.py` says what to install"
    return playwright.chromium.launch(executable_path=program, args=QUIET, **options)
