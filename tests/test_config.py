"""The settings, good and bad."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from zone.config import BadConfig, Config, Handling, LetterKind, Limits, Mode
from zone.environment import load
from zone.storage import close_database, open_database

GOOD = {
    "ZONE_DATABASE_URL": "postgresql://zone:hunter2-database@db.example/zone",
    "ZONE_SMS_URL": "kannel+http://zone:hunter2-sms@sms.example",
    "ZONE_MAIL_URL": "smtp://zone:hunter2-mail@mail.example:587",
    "ZONE_KEYS_URL": "pkcs11:token=zone?pin-value=hunter2-keys",
    "ZONE_LETTERS_URL": "s3://id:hunter2-letters@s3.example/letters",
    "ZONE_PUBLIC_URL": "https://zone.example/",
    "ZONE_SECRET_KEY": "hunter2-cookies-" + "k" * 32,
}


def problems(environ: dict[str, str]) -> list[str]:
    with pytest.raises(BadConfig) as refused:
        load(environ)
    for problem in refused.value.problems:
        assert problem in str(refused.value)
        assert "hunter2" not in problem
    return refused.value.problems


def demo(tmp_path: Path, **settings: str) -> Config:
    return load({"ZONE_MODE": "demo", "ZONE_VAR": str(tmp_path / "var")} | settings)


def test_production_is_what_runs_when_nothing_is_said() -> None:
    config = load(GOOD)
    assert (config.mode, config.demo) == (Mode.PRODUCTION, False)
    assert config.public_url == "https://zone.example"


def test_production_lists_everything_that_is_missing_at_once() -> None:
    listed = problems({})
    for name in GOOD:
        assert any(name in problem for problem in listed), name
    assert len(listed) == len(GOOD)


def test_production_lists_everything_that_is_wrong_at_once() -> None:
    bad = {
        "ZONE_MODE": "staging",
        "ZONE_SMS_URL": "demo:",
        "ZONE_MAIL_URL": "demo:",
        "ZONE_PUBLIC_URL": "http://zone.example",
        "ZONE_SECRET_KEY": "short",
        "ZONE_TIMEZONE": "Mars/Olympus",
        "ZONE_TRUSTED_PROXIES": "-1",
        "ZONE_PHONE_COUNTRIES": "SK,Czechia",
        "ZONE_COLOUR": "red;background:url(//evil)",
    }
    listed = problems(GOOD | bad)
    for name in bad:
        assert any(name in problem for problem in listed), name
    assert len(listed) == len(bad)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ZONE_PUBLIC_URL", "zone.example"),
        ("ZONE_PUBLIC_URL", "https://"),
        ("ZONE_PUBLIC_URL", "https://[half"),
        ("ZONE_PUBLIC_URL", "https://zone.example?x=1"),
        ("ZONE_PUBLIC_URL", "https://zone.example\nX: y"),
        ("ZONE_PUBLIC_URL", "javascript:alert(1)"),
        ("ZONE_SECRET_KEY", "k" * 31),
        ("ZONE_TIMEZONE", "../../etc/passwd"),
        ("ZONE_TIMEZONE", "/etc/localtime"),
        ("ZONE_TRUSTED_PROXIES", "one"),
        ("ZONE_PHONE_COUNTRIES", "SK,,CZ"),
        ("ZONE_PHONE_CONFIRMATION_DAYS", "0"),
        ("ZONE_PHONE_CONFIRMATION_DAYS", "a year"),
        ("ZONE_PHONE_CONFIRMATION_DAYS", "36501"),
        ("ZONE_COLOUR", "14506b"),
        ("ZONE_MAIL_FROM", "Zone"),
        ("ZONE_HELP_EMAIL", "help@@example.org"),
        ("ZONE_LETTER_MAX_BYTES", "20 MB"),
        ("ZONE_LETTER_MAX_PAGES", "0"),
        ("ZONE_LETTER_CPU_SECONDS", "-1"),
        ("ZONE_LETTER_ACTIVE_CONTENT", "keep"),
        ("ZONE_IMPERSONATION_MINUTES", "0"),
        ("ZONE_IMPERSONATION_CONSENT", "maybe"),
        ("ZONE_IMPERSONATION_NOTICE", "pigeon"),
        ("ZONE_IMPERSONATION_LETTERS", "1"),
        ("ZONE_LETTER_SIGNATURES", "Strip"),
        ("ZONE_LETTER_VIEW", "maybe"),
        ("ZONE_TELL_IMPORTED_PHONE_CHANGES", "sometimes"),
        ("ZONE_STAFF_SHOWN_AS", "some"),
        ("ZONE_LETTER_KEPT_DAYS_CLAIM", "ten years"),
        ("ZONE_LETTER_KEPT_DAYS_OTHER", "0"),
        ("ZONE_MODE", "Demo"),
        ("ZONE_MODE", ""),
    ],
)
def test_one_bad_setting_is_one_problem_that_names_it(name: str, value: str) -> None:
    (problem,) = problems(GOOD | {name: value})
    assert name in problem


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("ZONE_PHONE_COUNTRIES", "sk, cz ,AT", "phone_countries", frozenset({"SK", "CZ", "AT"})),
        ("ZONE_TRUSTED_PROXIES", "2", "trusted_proxies", 2),
        ("ZONE_TRUSTED_PROXIES", "", "trusted_proxies", 0),
        ("ZONE_PUBLIC_URL", "https://ZONE.example:8443", "public_url", "https://ZONE.example:8443"),
    ],
)
def test_good_settings(name: str, value: str, field: str, expected: object) -> None:
    assert getattr(load(GOOD | {name: value}), field) == expected


@pytest.mark.parametrize(("text", "days"), [("", 365), ("1", 1), ("180", 180), ("36500", 36_500)])
def test_how_long_a_confirmed_number_counts_can_be_set(text: str, days: int) -> None:
    limits = load(GOOD | {"ZONE_PHONE_CONFIRMATION_DAYS": text}).limits
    assert limits == replace(Limits(), phone_confirmation_valid=timedelta(days=days))


def test_what_is_done_with_letters_can_be_set() -> None:
    usual = load(GOOD).letters
    settings = {
        "ZONE_LETTER_MAX_BYTES": "1000",
        "ZONE_LETTER_MEMORY_MIB": "512",
        "ZONE_LETTER_ACTIVE_CONTENT": "strip",
        "ZONE_LETTER_SIGNATURES": "strip",
        "ZONE_LETTER_VIEW": "no",
        "ZONE_LETTER_KEPT_DAYS_CLAIM": "30",
    }
    assert load(GOOD | settings).letters == replace(
        usual,
        max_bytes=1000,
        memory_mib=512,
        active_content=Handling.STRIP,
        signatures=Handling.STRIP,
        may_view=False,
        kept_days={**usual.kept_days, LetterKind.CLAIM: 30},
    )


def test_no_secret_is_in_what_is_printed_of_it() -> None:
    config = load(GOOD)
    for shown in (repr(config), str(config), f"{config}"):
        assert "hunter2" not in shown
        assert "Europe/Bratislava" in shown


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "url"
    path.write_text("postgresql://zone:žltý@db.example/zone\n", encoding="utf-8")
    without = {name: value for name, value in GOOD.items() if name != "ZONE_DATABASE_URL"}
    config = load(without | {"ZONE_DATABASE_URL_FILE": str(path)})
    assert config.database_url == "postgresql://zone:žltý@db.example/zone"


def test_a_file_that_gives_nothing_fails_loudly(tmp_path: Path) -> None:
    without = {name: value for name, value in GOOD.items() if name != "ZONE_SECRET_KEY"}
    (tmp_path / "empty").touch()
    (tmp_path / "binary").write_bytes(b"\xff" * 40)
    for name in ("missing", "empty", "binary", ""):
        listed = problems(without | {"ZONE_SECRET_KEY_FILE": str(tmp_path / name)})
        assert all("ZONE_SECRET_KEY_FILE" in problem for problem in listed)


def test_a_setting_and_its_file_do_not_quietly_compete(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("f" * 32)
    (problem,) = problems(GOOD | {"ZONE_SECRET_KEY_FILE": str(tmp_path / "key")})
    assert "both" in problem


def test_the_demo_needs_nothing_and_keeps_its_secret(tmp_path: Path) -> None:
    config = demo(tmp_path, PORT="8123")
    assert config.public_url == "http://127.0.0.1:8123"
    assert len(config.secret_key.reveal()) == 64
    assert demo(tmp_path).secret_key == config.secret_key
    assert stat.S_IMODE((tmp_path / "var" / "secret-key").stat().st_mode) == 0o600


def test_production_generates_no_secret(tmp_path: Path) -> None:
    problems({"ZONE_VAR": str(tmp_path / "var")})
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("name", ["plain", "with space", "100%", "what?", "hash#1", "žltý"])
def test_the_demo_runs_in_a_folder_of_any_name(tmp_path: Path, name: str) -> None:
    config = load({"ZONE_MODE": "demo", "ZONE_VAR": str(tmp_path / name)})
    database = open_database(config.database_url)
    database.connect()
    close_database(database)
    assert (tmp_path / name / "zone.db").is_file()


@pytest.mark.parametrize(("text", "tells"), [("", True), ("yes", True), ("no", False)])
def test_clients_are_told_of_imported_numbers_unless_that_is_switched_off(text: str, tells: bool) -> None:
    assert load(GOOD | {"ZONE_TELL_IMPORTED_PHONE_CHANGES": text}).tell_imported_phone_changes is tells
