"""axe-core in the page at hand."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = f"axe.run({{runOnly: {TAGS}, resultTypes: ['violations']}})"


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it looks now, one line each."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    return [
        f"{violation['id']}: {violation['help']}: "
        + "; ".join(node["html"][:200] for node in violation["nodes"])
        for violation in page.evaluate(RUN)["violations"]
    ]
