"""A real browser in front of the real processes."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.journeys.chromium import DESKTOP, launch
from tests.journeys.running import PATIENCE, Zone, begin_from, make_template
from tests.journeys.watch import Watch
from zone.config import PROJECT

OpenPage = Callable[..., Page]
KEPT = PROJECT / "build" / "journeys"
failed_in = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember who failed, so that its pages are pictured before they are closed."""
    report = yield
    item.stash[failed_in] = item.stash.get(failed_in, False) or report.failed
    return report


# Of the package, not of the session: Playwright's event loop must not be about in other tests.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        expect.set_options(timeout=PATIENCE * 1000)
        yield started


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The machine's own browser; Playwright downloads none."""
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo's folder before its first start."""
    folder = tmp_path_factory.mktemp("template") / "var"
    make_template(folder)
    return folder


@pytest.fixture(scope="package")
def gallery(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zone]:
    """A zone for journeys that only look."""
    zone = begin_from(template, tmp_path_factory.mktemp("gallery") / "var")
    yield zone
    zone.stop()


@pytest.fixture
def zone(request: pytest.FixtureRequest, template: Path, tmp_path: Path) -> Iterator[Zone]:
    """A zone of the journey's own."""
    zone = begin_from(template, tmp_path / "var")
    yield zone
    if request.node.stash.get(failed_in, False):
        _kept(request, "zone.log").write_text(zone.said())
    zone.stop()


@pytest.fixture
def open_page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[OpenPage]:
    """Opens a page of a fresh browser, watched until the journey's end; takes what `Browser.new_context` does."""
    opened: list[tuple[Page, Watch]] = []

    def open_one(
        zone: Zone, *, browser: Browser = chromium, expected: tuple[int, ...] = (), **options: Any
    ) -> Page:
        context = browser.new_context(
            base_url=zone.url, **{"locale": "sk-SK", "viewport": DESKTOP, **options}
        )
        context.set_default_timeout(PATIENCE * 1000)
        watch = Watch(context, urlsplit(zone.url).netloc)
        watch.expected.update(expected)
        page = context.new_page()
        opened.append((page, watch))
        return page

    yield open_one
    if request.node.stash.get(failed_in, False):
        for number, (page, _) in enumerate(opened):
            page.screenshot(path=_kept(request, f"{number}.png"), full_page=True)
    for page, _ in opened:
        page.context.close()
    for _, watch in opened:
        watch.check()


def _kept(request: pytest.FixtureRequest, kind: str) -> Path:
    """Where something of a failed journey is kept."""
    KEPT.mkdir(parents=True, exist_ok=True)
    return KEPT / f"{re.sub(r'[^a-z0-9]+', '-', request.node.name.lower())}.{kind}"
