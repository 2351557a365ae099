"""Which mail server to use and how, read from one URL."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from zone.config import CannotStart
from zone.secret import Secret

OPTIONS = ("tls", "ca", "timeout", "final_timeout")


class BadMailUrl(CannotStart):
    """The mail server's URL cannot be used. The message says what to write and repeats nothing of the URL."""


class Tls(StrEnum):
    """When TLS begins."""

    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    OFF = "off"


@dataclass(frozen=True)
class SmtpSettings:
    """One mail server. Times in seconds.

    `timeout` bounds each step on the network; `final_timeout` the wait for the word on the whole mail, during
    which servers scan it. RFC 5321, section 4.5.3.2.6, would give them ten minutes; with too few, mails that
    arrived are shown as *unknown*.
    """

    host: str
    port: int
    tls: Tls = Tls.STARTTLS
    user: str = ""
    password: Secret | None = None
    ca: str | None = None
    timeout: float = 30
    final_timeout: float = 300

    @classmethod
    def parse(cls, url: str) -> SmtpSettings:
        """Read `smtp://user:password@host:587` (STARTTLS) or `smtps://user:password@host:465` (TLS at once).

        `?ca=/path.pem` trusts that authority alone, `?timeout=` and `?final_timeout=` are seconds, and
        `?tls=off` on smtp:// sends in clear, which suits none but a relay on the same machine.

        Raises `BadMailUrl`.
        """
        parts = _split(url)
        options = _options(parts.query)
        user, password = _credential(parts.username), _credential(parts.password)
        tls = _tls(parts.scheme, options.get("tls"))
        if bool(user) != bool(password):
            raise BadMailUrl("write both the user and the password, or neither")
        if user and tls is Tls.OFF:
            raise BadMailUrl(
                "a password is not sent without TLS: leave out tls=off, or the user and password"
            )
        return cls(
            host=_host(parts),
            port=_port(parts, tls),
            tls=tls,
            user=user,
            password=Secret(password) if password else None,
            ca=options.get("ca"),
            timeout=_seconds(options, "timeout", cls.timeout),
            final_timeout=_seconds(options, "final_timeout", cls.final_timeout),
        )


def _split(url: str) -> SplitResult:
    parts = None
    with suppress(ValueError):  # its message may quote the password
        parts = urlsplit(url)
    if parts is None or parts.scheme not in ("smtp", "smtps"):
        raise BadMailUrl("write smtp://user:password@host:587 or smtps://user:password@host:465")
    if parts.path.strip("/") or parts.fragment:
        raise BadMailUrl("only ?options may follow the port; percent-encode / ? # @ : % in user and password")
    return parts


def _options(query: str) -> dict[str, str]:
    options = {"": ""}
    with suppress(ValueError):
        options = dict(parse_qsl(query, strict_parsing=True)) if query else {}
    if not options.keys() <= set(OPTIONS):
        raise BadMailUrl(
            f"the options after ? are {', '.join(OPTIONS)}; percent-encode ? in user and password"
        )
    return options


def _tls(scheme: str, option: str | None) -> Tls:
    if option is None:
        return Tls.IMPLICIT if scheme == "smtps" else Tls.STARTTLS
    if (scheme, option) == ("smtp", "off"):
        return Tls.OFF
    raise BadMailUrl("write tls=off with smtp://, or leave tls out")


def _credential(text: str | None) -> str:
    plain = unquote(text or "")
    if not plain.isascii() or not plain.isprintable():
        raise BadMailUrl("user and password must be printable ASCII; mail servers agree on nothing more")
    return plain


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    with suppress(UnicodeError):  # an overlong label, or none
        if host.encode("idna"):
            return host
    raise BadMailUrl("write the mail server's name or address after // or @")


def _port(parts: SplitResult, tls: Tls) -> int:
    with suppress(ValueError):  # its message may quote the password
        port = parts.port
        if port is None:
            return 465 if tls is Tls.IMPLICIT else 587
        if port > 0:
            return port
    raise BadMailUrl("write the port as a number from 1 to 65535; percent-encode / ? # @ : % in the password")


def _seconds(options: dict[str, str], name: str, default: float) -> float:
    with suppress(ValueError):
        seconds = float(options.get(name, default))
        if 0 < seconds <= 3600:
            return seconds
    raise BadMailUrl(f"write {name} in seconds, more than 0 and at most 3600")
