"""The environment is read here and nowhere else.

Each outside part is one URL with an embedded default under `ZONE_VAR`. A secret may come from a file:
`NAME_FILE` holds the path, as containers and systemd credentials give it.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zone import private_file, setting
from zone.config import (
    PROJECT,
    YEAR_DAYS,
    BadConfig,
    Brand,
    Config,
    ImpersonationRules,
    LetterRules,
    Limits,
    Mode,
    StaffShownAs,
)
from zone.secret import Secret

PUBLIC_URL = re.compile(r"https://[a-z0-9.-]+(:[0-9]+)?/?", re.IGNORECASE)
ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s.<>]+")
COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
NEEDED = ("DATABASE_URL", "SMS_URL", "MAIL_URL", "KEYS_URL", "LETTERS_URL", "PUBLIC_URL")


def from_environment() -> Config:
    """The settings that this process was started with. Raises `BadConfig`."""
    return load(os.environ)


def load(environ: Mapping[str, str]) -> Config:
    """The settings that `environ` gives. Raises `BadConfig` naming everything that is missing or wrong."""
    problems: list[str] = []
    mode = _mode(environ, problems)
    var = Path(environ.get("ZONE_VAR") or PROJECT / "var").resolve()
    embedded = _embedded(var, environ) if mode is Mode.DEMO else {}
    urls = {name: setting.value(environ, name, problems) or embedded.get(name, "") for name in NEEDED}
    problems += [
        f"set ZONE_{name}; see the table of settings in README.md" for name, url in urls.items() if not url
    ]
    if mode is Mode.PRODUCTION:
        problems += [
            f"ZONE_{name} is a demo part ({url}); name a real one"
            for name, url in urls.items()
            if url.startswith("demo:")
        ]
        if urls["PUBLIC_URL"] and not PUBLIC_URL.fullmatch(urls["PUBLIC_URL"]):
            problems.append("ZONE_PUBLIC_URL must read https://name, as sign-in cookies need TLS")
    secret_key = _secret_key(environ, mode, var, problems)
    brand = _brand(environ, problems)
    timezone = _timezone(environ, problems)
    countries = _countries(environ, problems)
    proxies = setting.count(environ, "ZONE_TRUSTED_PROXIES", 0, problems)
    limits = _limits(environ, problems)
    letters = _letters(environ, problems)
    tell_imported = setting.yes_or_no(environ, "ZONE_TELL_IMPORTED_PHONE_CHANGES", True, problems)
    staff_shown_as = setting.choice(environ, "ZONE_STAFF_SHOWN_AS", StaffShownAs.NAME, problems)
    impersonation = _impersonation(environ, problems)
    auditor = _auditor(environ, problems)
    head_minutes = setting.count(environ, "ZONE_TRAIL_HEAD_MINUTES", 60, problems, least=1)
    if problems:
        raise BadConfig(problems)
    return Config(
        mode=mode,
        var=var,
        database_url=urls["DATABASE_URL"],
        sms_url=urls["SMS_URL"],
        mail_url=urls["MAIL_URL"],
        keys_url=urls["KEYS_URL"],
        letters_url=urls["LETTERS_URL"],
        public_url=urls["PUBLIC_URL"].rstrip("/"),
        secret_key=secret_key,
        assets=Path(environ.get("ZONE_ASSETS") or PROJECT / "build" / "vendor"),
        brand=brand,
        limits=limits,
        letters=letters,
        impersonation=impersonation,
        timezone=timezone,
        phone_countries=countries,
        trusted_proxies=proxies,
        tell_imported_phone_changes=tell_imported,
        staff_shown_as=staff_shown_as,
        auditor_email=auditor,
        trail_head_every=timedelta(minutes=head_minutes),
    )


def _mode(environ: Mapping[str, str], problems: list[str]) -> Mode:
    text = environ.get("ZONE_MODE", Mode.PRODUCTION)
    if text in list(Mode):
        return Mode(text)
    problems.append(f"ZONE_MODE is {text!r}; write demo or production")
    return Mode.PRODUCTION


def _embedded(var: Path, environ: Mapping[str, str]) -> dict[str, str]:
    return {
        "DATABASE_URL": f"sqlite:///{quote(str(var / 'zone.db'))}",
        "SMS_URL": "demo:",
        "MAIL_URL": "demo:",
        "KEYS_URL": f"file:{var / 'keys.json'}",
        "LETTERS_URL": f"file:{var / 'letters'}",
        "PUBLIC_URL": f"http://127.0.0.1:{environ.get('PORT') or 8000}",
    }


def _secret_key(environ: Mapping[str, str], mode: Mode, var: Path, problems: list[str]) -> Secret:
    """Signs cookies. Generated only for the demo, and kept there so that a restart signs nobody out."""
    text = setting.value(environ, "SECRET_KEY", problems)
    if not text and mode is Mode.DEMO:
        text = _demo_secret_key(var / "secret-key")
    if mode is Mode.PRODUCTION and len(text) < 32:
        problems.append("set ZONE_SECRET_KEY_FILE to a file with at least 32 random characters")
    return Secret(text)


def _demo_secret_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    # The web and the worker of one demo may start together: whoever comes second takes what is there.
    with suppress(FileExistsError):
        private_file.create(path, secrets.token_hex(32).encode())
    return path.read_text(encoding="utf-8").strip()


def _brand(environ: Mapping[str, str], problems: list[str]) -> Brand:
    default = Brand()
    colour = environ.get("ZONE_COLOUR") or default.colour
    if not COLOUR.fullmatch(colour):
        problems.append(f"ZONE_COLOUR is {colour!r}; write it as #14506b")
    sender = environ.get("ZONE_MAIL_FROM") or default.sender
    help_email = environ.get("ZONE_HELP_EMAIL") or default.help_email
    if not ADDRESS.fullmatch(parseaddr(sender)[1]):
        problems.append(f"ZONE_MAIL_FROM is {sender!r}; write it as Name <name@example.org>")
    if not ADDRESS.fullmatch(help_email):
        problems.append(f"ZONE_HELP_EMAIL is {help_email!r}; write it as name@example.org")
    return Brand(
        name=environ.get("ZONE_NAME") or default.name,
        sender=sender,
        help_phone=environ.get("ZONE_HELP_PHONE") or default.help_phone,
        help_email=help_email,
        colour=colour,
    )


def _auditor(environ: Mapping[str, str], problems: list[str]) -> str | None:
    address = environ.get("ZONE_AUDITOR_EMAIL") or None
    if address is not None and not ADDRESS.fullmatch(address):
        problems.append(f"ZONE_AUDITOR_EMAIL is {address!r}; write it as name@example.org")
    return address


def _timezone(environ: Mapping[str, str], problems: list[str]) -> ZoneInfo:
    name = environ.get("ZONE_TIMEZONE") or "Europe/Bratislava"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        problems.append(f"ZONE_TIMEZONE is {name!r}; write a name such as Europe/Bratislava")
        return ZoneInfo("UTC")


def _countries(environ: Mapping[str, str], problems: list[str]) -> frozenset[str]:
    text = environ.get("ZONE_PHONE_COUNTRIES") or "SK,CZ"
    codes = frozenset(code.strip().upper() for code in text.split(","))
    if not all(re.fullmatch("[A-Z]{2}", code) for code in codes):
        problems.append(f"ZONE_PHONE_COUNTRIES is {text!r}; write ISO 3166 codes as SK,CZ")
    return codes


def _limits(environ: Mapping[str, str], problems: list[str]) -> Limits:
    usual = Limits()
    valid = setting.count(
        environ,
        "ZONE_PHONE_CONFIRMATION_DAYS",
        usual.phone_confirmation_valid.days,
        problems,
        least=1,
        most=100 * YEAR_DAYS,
    )
    return replace(usual, phone_confirmation_valid=timedelta(days=valid))


def _letters(environ: Mapping[str, str], problems: list[str]) -> LetterRules:
    usual = LetterRules()

    def count(name: str, otherwise: int) -> int:
        return setting.count(environ, f"ZONE_LETTER_{name}", otherwise, problems, least=1)

    return LetterRules(
        max_bytes=count("MAX_BYTES", usual.max_bytes),
        max_pages=count("MAX_PAGES", usual.max_pages),
        cpu_seconds=count("CPU_SECONDS", usual.cpu_seconds),
        memory_mib=count("MEMORY_MIB", usual.memory_mib),
        active_content=setting.choice(environ, "ZONE_LETTER_ACTIVE_CONTENT", usual.active_content, problems),
        signatures=setting.choice(environ, "ZONE_LETTER_SIGNATURES", usual.signatures, problems),
        may_view=setting.yes_or_no(environ, "ZONE_LETTER_VIEW", usual.may_view, problems),
        agent_may_open=setting.yes_or_no(
            environ, "ZONE_IMPERSONATION_LETTERS", usual.agent_may_open, problems
        ),
        kept_days={kind: count(f"KEPT_DAYS_{kind.upper()}", days) for kind, days in usual.kept_days.items()},
    )


def _impersonation(environ: Mapping[str, str], problems: list[str]) -> ImpersonationRules:
    usual = ImpersonationRules()
    return ImpersonationRules(
        minutes=setting.count(environ, "ZONE_IMPERSONATION_MINUTES", usual.minutes, problems, least=1),
        consent=setting.yes_or_no(environ, "ZONE_IMPERSONATION_CONSENT", usual.consent, problems),
        notice=setting.choice(environ, "ZONE_IMPERSONATION_NOTICE", usual.notice, problems),
    )
