"""Every setting, typed and frozen. `zone.environment` reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from zone.secret import Secret


class Mode(StrEnum):
    """`demo` runs on embedded parts and invented people; `production` refuses all of them."""

    DEMO = "demo"
    PRODUCTION = "production"


class LetterKind(StrEnum):
    """What a letter is about. Each kind has a time for which its letters are kept."""

    CONTRACT = "contract"
    PREMIUM = "premium"
    STATEMENT = "statement"
    CLAIM = "claim"
    NOTICE = "notice"
    OTHER = "other"


class Handling(StrEnum):
    """What is done with a letter that holds what should not go out: it is refused, or goes out without."""

    REFUSE = "refuse"
    STRIP = "strip"


class Notice(StrEnum):
    """How a client is told that support was in their pages: by e-mail, or on their first page in the zone."""

    MAIL = "mail"
    ZONE = "zone"


class StaffShownAs(StrEnum):
    """What clients read of who it was that helped them: a name, an office, or no more than the part they played."""

    NAME = "name"
    OFFICE = "office"
    ROLE = "role"


class CannotStart(Exception):
    """Base of what keeps an installation from starting. The message says what to do, and holds no secret."""


class BadConfig(CannotStart):
    """The settings cannot be used. `problems` says, one line each, what to set and how."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("Zone cannot start:\n" + "\n".join(f"  - {problem}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Brand:
    """What an insurer sets to make the zone its own."""

    name: str = "Klientska zóna"
    sender: str = "Klientska zóna <zona@example.org>"
    help_phone: str = "+421 2 0000 0000"
    help_email: str = "pomoc@example.org"
    colour: str = "#14506b"


@dataclass(frozen=True)
class Limits:
    """How often and how long things may happen. Counts are whole numbers."""

    session_idle: timedelta = timedelta(minutes=15)
    session_absolute: timedelta = timedelta(hours=12)
    step_up: timedelta = timedelta(minutes=5)
    resend_cooldown: timedelta = timedelta(minutes=10)
    resends_per_client_day: int = 5
    resends_per_actor_hour: int = 60
    resends_per_installation_hour: int = 5000
    phone_confirmation_valid: timedelta = timedelta(days=365)
    phone_change_hold: timedelta = timedelta(hours=72)
    phone_code_valid: timedelta = timedelta(minutes=10)
    phone_codes_per_day: int = 5
    requests_per_actor_hour: int = 60
    requests_per_client_day: int = 10
    phone_codes_per_actor_hour: int = 60
    not_me_valid: timedelta = timedelta(days=30)
    portfolio_rows_per_hour: int = 600
    portfolio_rows_per_day: int = 3000
    support_rows_per_hour: int = 1500
    support_rows_per_day: int = 8000
    letters_at_once: int = 50
    letters_again_per_day: int = 150
    form_bytes: int = 64 * 1024


YEAR_DAYS = 365


@dataclass(frozen=True)
class LetterRules:
    """What is taken in as a letter, and how it is kept. Memory is address space; times of keeping in days.

    `agent_may_open` is about support agents who act for the client.

    Active content is scripts, and actions and media that reach beyond the letter; a signature covers the bytes of the
    file, so that none outlives encryption.
    """

    max_bytes: int = 20 * 1024 * 1024
    max_pages: int = 1000
    cpu_seconds: int = 20
    memory_mib: int = 768
    active_content: Handling = Handling.REFUSE
    signatures: Handling = Handling.REFUSE
    may_view: bool = True
    agent_may_open: bool = False
    kept_days: Mapping[LetterKind, int] = field(
        default_factory=lambda: {
            LetterKind.CONTRACT: 10 * YEAR_DAYS,
            LetterKind.PREMIUM: 5 * YEAR_DAYS,
            LetterKind.STATEMENT: 5 * YEAR_DAYS,
            LetterKind.CLAIM: 10 * YEAR_DAYS,
            LetterKind.NOTICE: 3 * YEAR_DAYS,
            LetterKind.OTHER: 3 * YEAR_DAYS,
        }
    )


@dataclass(frozen=True)
class ImpersonationRules:
    """Support acting for a client.

    It lasts so many `minutes` and can be extended once by as many. With `consent` the client has to agree by a code.
    """

    minutes: int = 30
    consent: bool = False
    notice: Notice = Notice.MAIL


@dataclass(frozen=True)
class Argon2Cost:
    """Argon2id parameters, and how many may run or wait at once in one process. `memory_kib` in KiB.

    Chosen by `bench/sign_in.py` (figures in `bench/RESULTS.md`) among what OWASP's Password Storage Cheat Sheet holds
    for equally strong: over 32 MiB glibc gives the memory back by itself. Waiting and running together stay below
    the 32 threads of a worker, so that pages always find a free one.
    """

    memory_kib: int = 46 * 1024
    rounds: int = 1
    lanes: int = 1
    at_once: int = 1
    waiting: int = 24


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings of one installation. URLs that may carry a password are not shown."""

    mode: Mode
    var: Path
    database_url: str = field(repr=False)
    sms_url: str = field(repr=False)
    mail_url: str = field(repr=False)
    keys_url: str = field(repr=False)
    letters_url: str = field(repr=False)
    secret_key: Secret
    public_url: str
    assets: Path
    brand: Brand = field(default_factory=Brand)
    limits: Limits = field(default_factory=Limits)
    letters: LetterRules = field(default_factory=LetterRules)
    impersonation: ImpersonationRules = field(default_factory=ImpersonationRules)
    argon2: Argon2Cost = field(default_factory=Argon2Cost)
    timezone: ZoneInfo = ZoneInfo("Europe/Bratislava")
    phone_countries: frozenset[str] = frozenset({"SK", "CZ"})
    trusted_proxies: int = 0
    tell_imported_phone_changes: bool = True
    staff_shown_as: StaffShownAs = StaffShownAs.NAME
    auditor_email: str | None = None
    trail_head_every: timedelta = timedelta(hours=1)

    @property
    def demo(self) -> bool:
        """Whether this installation shows invented people on embedded parts."""
        return self.mode is Mode.DEMO


PROJECT = Path(__file__).resolve().parent.parent
