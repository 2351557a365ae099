"""E-mail over SMTP (RFC 5321) with TLS (RFC 3207, RFC 8314).

What a failure means depends on how far the conversation had come. A server that has not seen the dot which
ends the data has not taken the mail (RFC 5321, section 4.1.1.10), so anything before it can be tried again.
From that dot to the server's reply nobody can tell.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from zone.messages.handover import HandoverError, NotTaken, Reason, Receipt, Refused, Unclear
from zone.messages.mail.compose import WIRE
from zone.messages.mail.settings import BadMailUrl, SmtpSettings, Tls

__all__ = ["BadMailUrl", "SmtpGateway", "SmtpSettings"]

BLOCK = 64 * 1024
ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)")
# Sign in first, sign-in failed, use TLS (RFC 4954, section 6; RFC 3207, section 4): the operator's to repair.
OUR_FAULT = frozenset({530, 534, 535, 538})


class SmtpGateway:
    """Hands e-mails to one mail server, on a connection kept from mail to mail; for one thread at a time."""

    name = "smtp"

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._tls = _tls_context(settings)
        self._server: smtplib.SMTP | None = None

    def send(self, *, reference: str, message: EmailMessage) -> None:
        """Hand one e-mail over, as `MailGateway.send` says; it goes to the one address in To.

        Raises `ValueError` if the Message-ID does not carry `reference`.
        """
        if reference not in str(message["Message-ID"]):
            raise ValueError("the Message-ID does not carry the reference")
        sender, recipient = _address(message, "From"), _address(message, "To")
        if "Cc" in message or "Bcc" in message:
            raise Refused(Reason.ADDRESS, "a mail goes to one address, in To")
        international = not (sender + recipient).isascii()
        data = _serialised(message, international)
        try:
            self._converse(self._connected(), sender, recipient, data, international)
        except BaseException:
            # Whatever was half said on this connection must not run into the next mail.
            self._drop()
            raise

    def receipts(self) -> Iterable[Receipt]:
        """None: the server's acceptance is the last that SMTP lets us know."""
        return ()

    def close(self) -> None:
        """Take leave of the server. Each mail had its answer before, so a failing QUIT changes nothing."""
        if self._server is not None:
            with suppress(OSError):
                self._server.quit()
        self._drop()

    def _drop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        """The open connection if it still answers, else a new one; nothing of a mail was said on either."""
        if self._server is not None:
            with suppress(OSError):  # it was closed while idle, as servers do
                _socket(self._server).settimeout(self._settings.timeout)
                if self._server.rset()[0] == 250:
                    return self._server
            self._drop()
        return self._connect()

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        with _step("connect"):
            self._server = server = _open(settings, self._tls)
            _socket(server).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with _step("EHLO"):
            server.ehlo_or_helo_if_needed()
        if settings.tls is Tls.STARTTLS:
            with _step("STARTTLS"):
                server.starttls(context=self._tls)
                server.ehlo_or_helo_if_needed()
        if settings.password is not None:
            with _step("AUTH"):
                server.login(settings.user, settings.password.reveal())
                server.password = ""  # smtplib would keep it for as long as the connection lives
        return server

    def _converse(
        self, server: smtplib.SMTP, sender: str, recipient: str, data: bytes, international: bool
    ) -> None:
        options = [f"SIZE={len(data)}"] if server.has_extn("size") else []
        if international:
            if not server.has_extn("smtputf8"):
                raise Refused(Reason.ADDRESS, "SMTPUTF8 not offered")
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        with _step("MAIL"):
            _demand("MAIL", server.mail(sender, options))
        with _step("RCPT"):
            _demand("RCPT", server.rcpt(recipient))
        with _step("DATA"):
            _demand("DATA", server.docmd("DATA"), wanted=3)
            for start in range(0, len(data), BLOCK):
                server.send(data[start : start + BLOCK])
        with _step("end of DATA", Unclear, Reason.INTERRUPTED):
            _socket(server).settimeout(self._settings.final_timeout)
            server.send(b".\r\n")
            reply = server.getreply()
        if reply[0] // 100 not in (2, 4, 5):
            raise Unclear(Reason.INTERRUPTED, f"end of DATA: {_codes(reply)}")
        _demand("end of DATA", reply)


@contextmanager
def _step(
    step: str, kind: type[HandoverError] = NotTaken, reason: Reason = Reason.UNAVAILABLE
) -> Iterator[None]:
    """Turns what smtplib, ssl and the network raise (OSErrors; ValueErrors on garbage) into `kind`."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise kind(reason, f"{step}: {_words(error)}") from None


def _words(error: Exception) -> str:
    """What happened, without the server's text, which may quote an address."""
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return _codes((error.smtp_code, text if isinstance(text, bytes) else text.encode()))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "not offered"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate refused, {error.verify_message}"
    # smtplib reports a timeout as a disconnection; the context still knows.
    return type(error.__context__ if isinstance(error.__context__, OSError) else error).__name__


def _codes(reply: tuple[int, bytes]) -> str:
    code, text = reply
    enhanced = ENHANCED.match(text)
    return f"{code} {enhanced[0].decode()}" if enhanced else str(code)


def _demand(step: str, reply: tuple[int, bytes], wanted: int = 2) -> None:
    """Raises unless the reply's first digit is the `wanted` one; a 5 there is a refusal for good."""
    kind, codes = reply[0] // 100, _codes(reply)
    if kind == wanted:
        return
    if kind != 5 or reply[0] in OUR_FAULT:
        raise NotTaken(Reason.UNAVAILABLE, f"{step}: {codes}")
    # X.7 is the server's policy towards us, not a word on the address (RFC 3463, section 3.8).
    about_address = step == "RCPT" and " 5.7." not in codes
    raise Refused(Reason.ADDRESS if about_address else Reason.REFUSED, f"{step}: {codes}")


def _address(message: EmailMessage, header: str) -> str:
    found = [address.addr_spec for value in message.get_all(header, []) for address in value.addresses]
    if len(found) != 1:
        raise Refused(Reason.ADDRESS, f"a mail has one address in {header}, not {len(found)}")
    return str(found[0])


def _serialised(message: EmailMessage, international: bool) -> bytes:
    """The mail as it goes over the wire, dots doubled, the last line ended.

    Raises `Refused` if a header came out as more than itself: before 3.11.10, Python writes a line break that
    was hidden in an encoded word (CVE-2024-6923).
    """
    data = message.as_bytes(policy=WIRE.clone(utf8=international))
    head = data[: data.index(b"\r\n\r\n")]
    names = [line.partition(b":")[0].decode() for line in head.splitlines() if line[:1] not in b" \t"]
    if names != list(message.keys()):
        raise Refused(Reason.REFUSED, "a header holds a line break")
    stuffed = data.replace(b"\r\n.", b"\r\n..")
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"


def _open(settings: SmtpSettings, tls: ssl.SSLContext) -> smtplib.SMTP:
    if settings.tls is Tls.IMPLICIT:
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=settings.timeout, context=tls)
    return smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout)


def _socket(server: smtplib.SMTP) -> socket.socket:
    if server.sock is None:
        raise smtplib.SMTPServerDisconnected("not connected")
    return server.sock


def _tls_context(settings: SmtpSettings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.ca)
    except OSError:
        raise BadMailUrl("ca must name a readable PEM file with the authority's certificate") from None
