"""On what kind of device somebody signed in, as the client reads it."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest
from flask import Flask

from tests.web.browser import Browser, new_browser
from tests.web.inspector import parse
from tests.web.people import PASSWORD, Person
from zone.accounts.models import Session
from zone.audit import Tag, record

PATH = "/settings/access-history"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"


def devices(page: str) -> list[str]:
    """What the list of open sessions names."""
    (sessions,) = (each for each in parse(page).iter() if each.get("id") == "sessions")
    titles = [each for each in sessions.iter("p") if each.get("class") == "copy-title"]
    return [(title.text or "").strip() for title in titles]


@pytest.mark.parametrize(
    ("language", "unknown", "label"),
    [("sk", "Neznáme zariadenie", "Zariadenie"), ("en", "Unknown device", "Device")],
)
def test_the_page_and_both_files_tell_where_one_signed_in(
    app: Flask, browser: Browser, jana: Person, language: str, unknown: str, label: str
) -> None:
    for somewhere, header in ((new_browser(app), "a program"), (browser, FIREFOX)):
        somewhere.environ_base["HTTP_USER_AGENT"] = header
        assert somewhere.sign_in(jana.email, PASSWORD).status_code == 303
    browser.send("/language", {"language": language})
    page = browser.get(PATH).text
    assert devices(page) == ["Firefox, Windows", unknown]
    for said in ("Firefox, Windows", unknown):
        assert f"<dt>{label}:</dt> <dd>{said}</dd>" in page
    assert "128" not in page
    table = browser.get(f"{PATH}.csv").data.decode("utf-8-sig")
    rows = list(csv.reader(StringIO(table, newline=""), delimiter=";"))
    assert [row[4] for row in rows if row[5] == "account:sign_in"] == [
        f"{label}: Firefox, Windows",
        f"{label}: {unknown}",
    ]
    entries = json.loads(browser.get(f"{PATH}.json").data)
    assert [each["details"] for each in entries if each["tag"] == "account:sign_in"] == [
        [{"label": label, "text": "Firefox, Windows"}],
        [{"label": label, "text": unknown}],
    ]


def test_what_was_begun_before_devices_were_kept_names_none(reader: Browser, jana: Person) -> None:
    Session.update(device=None).execute()
    record(Tag.SIGN_IN, jana.actor, client_id=jana.client_id)
    page = reader.get(PATH).text
    assert devices(page) == ["Unknown device"]
    assert page.count("Signed in</p>") == 2
    assert page.count("<dt>Device:</dt>") == 1  # of the sign-in that told
