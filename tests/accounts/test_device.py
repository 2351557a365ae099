"""What is kept of a browser: browser and system by name, and nothing that tells two of a kind apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.accounts.conftest import HOME, JANA, LIMITS, PASSWORD
from tests.audit.trails import facts_of
from zone.accounts.device import DEVICES, device_of
from zone.accounts.models import Account, Session
from zone.accounts.principal import Principal
from zone.accounts.sign_in import sign_in
from zone.audit.models import Event
from zone.secret import Secret
from zone.vault import Vault

APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)"
IPAD = "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X)"
PHONE = "Mozilla/5.0 (Linux; Android 14; SM-S918B)"
TOLD = [
    (f"{WINDOWS}; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Windows"),
    (f"{WINDOWS}) {WEBKIT} Chrome/126.0.0.0 Safari/537.36", "Chrome, Windows"),
    (f"{WINDOWS}) {WEBKIT} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", "Edge, Windows"),
    (f"{WINDOWS}) {WEBKIT} Chrome/126.0.0.0 Safari/537.36 OPR/112.0.0.0", "Opera, Windows"),
    (f"{MAC} {APPLE} Version/17.5 Safari/605.1.15", "Safari, Mac"),
    (f"{IPHONE} {APPLE} Version/17.5 Mobile/15E148 Safari/604.1", "Safari, iPhone"),
    (f"{IPHONE} {APPLE} CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1", "Chrome, iPhone"),
    (f"{IPHONE} {APPLE} FxiOS/128.0 Mobile/15E148 Safari/605.1.15", "Firefox, iPhone"),
    (f"{IPAD} {APPLE} EdgiOS/126.0 Version/17.0 Mobile/15E148 Safari/604.1", "Edge, iPad"),
    (f"{PHONE} {WEBKIT} Chrome/126.0.0.0 Mobile Safari/537.36", "Chrome, Android"),
    (
        f"{PHONE} {WEBKIT} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
        "Samsung Internet, Android",
    ),
    ("Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0", "Firefox, Android"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux"),
    (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/126.0.0.0 Safari/537.36", "Chrome, ChromeOS"),
    ("Mozilla/5.0 (Windows NT 10.0)", "Windows"),
    ("Firefox/128.0", "Firefox"),
    ("curl/8.5.0", None),
    ("", None),
    (None, None),
    ("x" * 500 + "Firefox/1", None),
]


@pytest.mark.parametrize(("header", "device"), TOLD)
def test_browser_and_system_are_told(header: str | None, device: str | None) -> None:
    assert device_of(header) == device


@given(st.text() | st.lists(st.sampled_from([header or "" for header, _ in TOLD])).map(" ".join))
def test_whatever_is_sent_nothing_else_is_kept(header: str) -> None:
    assert device_of(header) in DEVICES | {None}


def test_each_fits_the_column() -> None:
    assert max(map(len, DEVICES)) <= Session.device.max_length


@pytest.mark.parametrize(("header", "device"), [TOLD[0], ("curl/8.5.0", None)])
def test_a_sign_in_keeps_the_device_and_not_the_header(
    jana: Account, vault: Vault, header: str, device: str | None
) -> None:
    sign_in(
        vault,
        email=JANA,
        password=Secret(PASSWORD),
        address=HOME,
        browser=None,
        limits=LIMITS,
        user_agent=header,
    )
    assert Session.get(Session.account == jana).device == device
    event = Event.get(Event.tag == "account:sign_in")
    assert event.facts == "{}"  # it is sealed for her
    assert facts_of(event) == {"device": device}


def test_what_staff_work_on_is_not_told(vault: Vault, eva: Principal) -> None:
    assert facts_of(Event.get(Event.tag == "account:sign_in")) == {}
