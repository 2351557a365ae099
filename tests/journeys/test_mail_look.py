"""The e-mail around a letter in a real browser: light and dark, small and large, with its style and without."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.axe import violations
from tests.journeys.chromium import DESKTOP, PHONE
from tests.letters.cover_mails import CODES, KINDS, VERSIONS, demo_config, html_of
from zone.config import Brand

STYLE = re.compile(r'<style>.*?</style>|\sstyle="[^"]*"', re.DOTALL)
TWICE_THE_TEXT = "html { font-size: 200% }"
BROADER_THAN_THE_SCREEN = """[...document.querySelectorAll('*')].filter(
    element => element.getBoundingClientRect().right > innerWidth).map(element => element.outerHTML.slice(0, 99))"""
GROUND = r"getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number)"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
BRANDS = [
    Brand(),
    Brand(name="Prvá žltá poisťovňa, a. s.", colour="#ffe600"),
    Brand(name="Black & White <Insurance>", colour="#000000"),
]
Show = Callable[..., Page]


@pytest.fixture
def show(chromium: Browser) -> Iterator[Show]:
    """Opens a page in a mail program that fetches nothing; a mail that asks for something fails."""
    asked: list[str] = []
    context = chromium.new_context()
    context.on("request", lambda request: asked.append(request.url))

    def show_one(html: str, **media: Any) -> Page:
        page = context.new_page()
        page.emulate_media(**media)
        page.set_content(html)
        return page

    yield show_one
    context.close()
    assert asked == []


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("brand", BRANDS, ids=lambda brand: brand.colour)
@pytest.mark.parametrize("kind", ["four digits", "own"])
def test_it_shuts_nobody_out(show: Show, tmp_path: Path, kind: str, brand: Brand, code: str) -> None:
    page = show(html_of(demo_config(tmp_path, brand), VERSIONS[kind], code))
    for viewport, scheme in product((PHONE, DESKTOP), SCHEMES):
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], (viewport, scheme)


def test_it_is_dark_where_the_reader_wants_it_dark(show: Show, tmp_path: Path) -> None:
    html = html_of(demo_config(tmp_path), VERSIONS["own"])
    assert min(show(html, color_scheme="light").evaluate(GROUND)) > 230
    assert max(show(html, color_scheme="dark").evaluate(GROUND)) < 40


@pytest.mark.parametrize("code", CODES)
def test_without_its_style_it_is_still_a_page_that_reads_well(show: Show, tmp_path: Path, code: str) -> None:
    """Its colours are then the mail program's own, whose ground axe takes for white: it looks at the light ones."""
    html = html_of(demo_config(tmp_path), VERSIONS["own"], code)
    bare = STYLE.sub("", html)
    assert "style" not in bare
    page = show(bare, color_scheme="light")
    assert violations(page) == []
    assert page.inner_text("body").split() == show(html).inner_text("body").split()


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("kind", KINDS)
def test_it_fits_a_narrow_screen_and_large_letters(show: Show, tmp_path: Path, kind: str, code: str) -> None:
    page = show(html_of(demo_config(tmp_path), VERSIONS[kind], code))
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate(BROADER_THAN_THE_SCREEN) == []
    page.add_style_tag(content=TWICE_THE_TEXT)
    assert page.evaluate(BROADER_THAN_THE_SCREEN) == []
