"""The e-mail around a letter is well-formed: for parsers, for mail servers, for mail programs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fast_mail_parser import ParseError, PyMimePart, parse_email_tree
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.letters.cover_mails import (
    CODES,
    CONTENT,
    KINDS,
    PAGE,
    VERSIONS,
    demo_config,
    html_of,
    read,
    text_of,
    wire,
)
from tests.web.inspector import parse
from zone import clock
from zone.config import Brand, Config

NAMES = st.text(
    st.characters(categories=["L", "N"]) | st.sampled_from(" <>&\"',;@()"), min_size=1, max_size=80
)
ENCODED_WORD = re.compile(r"=\?utf-8\?[bq]\?[!->@-~]+\?=")
LOADS = re.compile(
    r"url\(|@import|@font-face|\bsrc|<(?:img|script|link|iframe|object|form|base|svg)\b", re.IGNORECASE
)
LONGEST_STYLE = 8192  # characters, after which Gmail drops a style sheet
CLIPPED = 102_000  # bytes of HTML, after which Gmail hides the rest


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return demo_config(
        tmp_path, Brand(name="Životná poisťovňa, a. s.", sender="Životná poisťovňa, a. s. <z@example.org>")
    )


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("kind", KINDS)
def test_another_parser_finds_text_then_page_then_the_letter(config: Config, kind: str, code: str) -> None:
    raw = wire(config, VERSIONS[kind], code)
    assert read(raw).warnings == []
    mail = parse_email_tree(raw)
    alternatives, letter = mail.children
    text, page = alternatives.children
    assert [part.content_type for part in (mail, alternatives)] == [
        "multipart/mixed",
        "multipart/alternative",
    ]
    assert [head(text, name) for name in ("Content-Type", "Content-Transfer-Encoding")] == [
        'text/plain; charset="utf-8"',
        "quoted-printable",
    ]
    assert [head(page, name) for name in ("Content-Type", "Content-Transfer-Encoding")] == [
        'text/html; charset="utf-8"',
        "quoted-printable",
    ]
    assert [head(letter, name) for name in ("Content-Type", "Content-Transfer-Encoding")] == [
        "application/pdf",
        "base64",
    ]
    assert letter.disposition == "attachment"
    assert re.fullmatch(r"[a-z]+\.pdf", letter.filename)
    assert letter.content == CONTENT


@pytest.mark.parametrize("code", CODES)
def test_its_headers_are_those_that_a_machine_owes(config: Config, code: str) -> None:
    mail = read(wire(config, VERSIONS["own"], code))
    assert {name: len(values) for name, values in mail.headers.items()} == dict.fromkeys(mail.headers, 1)
    assert mail.from_ is not None
    assert (mail.from_.display_name, mail.from_.address) == ("Životná poisťovňa, a. s.", "z@example.org")
    assert [address.address for address in mail.reply_to] == [config.brand.help_email]
    assert mail.date_parsed is not None
    assert abs(mail.date_parsed - clock.now()) < timedelta(minutes=1)
    assert mail.headers["MIME-Version"] == ["1.0"]
    assert mail.headers["Auto-Submitted"] == ["auto-generated"]


@pytest.mark.parametrize("code", CODES)
def test_every_server_carries_it_unchanged(config: Config, code: str) -> None:
    """RFC 5322 2.1.1 and 2.3 on lines, RFC 2047 section 2 on words in headers."""
    raw = wire(config, VERSIONS["own"], code)
    assert raw.isascii()
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    headers = raw.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    words = [word for line in headers for word in re.findall(r"=\?\S*", line)]
    assert words
    for word in words:
        assert ENCODED_WORD.fullmatch(word)
        assert len(word) <= 75
    assert max(len(line) for line in headers if "=?" in line) <= 76


def test_a_damaged_mail_does_not_pass_for_a_whole_one(config: Config) -> None:
    raw = wire(config, VERSIONS["own"])
    for harmed in (raw.replace(b"quoted-printable", b"base64"), raw.replace(b'"utf-8"', b'"utf-9"')):
        with pytest.raises(ParseError):
            read(harmed)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("kind", KINDS)
def test_its_page_is_valid_and_brings_all_that_it_needs(config: Config, kind: str, code: str) -> None:
    html = html_of(config, VERSIONS[kind], code)
    tree = parse(html)
    assert tree.get("lang") == code
    assert tree.get("dir") == "ltr"
    for tag in ("title", "h1", "main"):
        assert len(list(tree.iter(tag))) == 1
    assert not LOADS.search(html)
    assert len(html.encode()) < CLIPPED
    assert all(len(style.text) < LONGEST_STYLE for style in tree.iter("style"))
    (scheme,) = [meta.get("content") for meta in tree.iter("meta") if meta.get("name") == "color-scheme"]
    assert scheme == "light dark"


@pytest.mark.parametrize("code", CODES)
def test_each_link_leads_where_its_text_says(config: Config, code: str) -> None:
    links = list(parse(html_of(config, VERSIONS["own"], code)).iter("a"))
    assert {link.get("href") for link in links} == {
        PAGE,
        "tel:+421200000000",
        f"mailto:{config.brand.help_email}",
    }
    for link in links:
        address = link.get("href").removeprefix("tel:").removeprefix("mailto:")
        assert " ".join(link.itertext()).replace(" ", "") == address


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES, kind=st.sampled_from(KINDS), code=st.sampled_from(CODES))
def test_text_and_page_say_the_same(config: Config, name: str, kind: str, code: str) -> None:
    """Whatever the insurer is called: a name with a bracket does no harm to the page."""
    named = replace(config, brand=replace(config.brand, name=name))
    tree = parse(html_of(named, VERSIONS[kind], code))
    text = re.sub(r"^- ", "", text_of(named, VERSIONS[kind], code), flags=re.MULTILINE)
    assert words_of(tree.find("body")) == text.split()


def head(part: PyMimePart, name: str) -> str:
    (value,) = part.headers[name]
    return value


def words_of(tree: Any) -> list[str]:
    """All that a reader of the page is told."""
    return " ".join(tree.itertext()).split()
