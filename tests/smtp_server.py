"""A real mail server (aiosmtpd) in a thread, that can be told to misbehave."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.certificates import Certificates

USER, PASSWORD = "zona", "he/slo:s@ #1"


@dataclass
class Mail:
    """One mail as the server took it."""

    sender: str
    recipients: list[str]
    options: list[str]
    content: bytes
    encrypted: bool


@dataclass
class Behaviour:
    """What the server does instead of the usual.

    Steps: RSET, MAIL, RCPT, DATA (the command), BODY (in the midst of the data), END (after the dot).
    `replies` answers a step with this line, `sleeps` waits that many seconds first, `drops` hangs up there.
    """

    replies: dict[str, str] = field(default_factory=dict)
    sleeps: dict[str, float] = field(default_factory=dict)
    drops: set[str] = field(default_factory=set)

    async def at(self, step: str, server: SMTP) -> str | None:
        """Play `step`; the answer to give, if it is not the usual one."""
        await asyncio.sleep(self.sleeps.get(step, 0))
        if step in self.drops:
            assert isinstance(server, _Conversation)
            server.hang_up()
            await asyncio.sleep(60)  # until aiosmtpd notices, and cancels
        return self.replies.get(step)


class SmtpServer:
    """The server. `mails` are those that came in whole; `behaviour` may be changed between mails."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.behaviour = Behaviour()
        self.connections = 0
        self.sign_ins = 0
        self.port = 0

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        """aiosmtpd's authenticator."""
        self.sign_ins += 1
        if (data.login.decode(), data.password.decode()) == (USER, PASSWORD):
            return AuthResult(success=True, auth_data=data)
        return AuthResult(success=False, handled=False)

    async def handle_RSET(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """aiosmtpd's hook for RSET."""
        return await self.behaviour.at("RSET", server) or "250 2.0.0 OK"

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """aiosmtpd's hook for MAIL FROM."""
        if reply := await self.behaviour.at("MAIL", server):
            return reply
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """aiosmtpd's hook for RCPT TO."""
        if reply := await self.behaviour.at("RCPT", server):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """aiosmtpd's hook for the whole mail, after the dot."""
        self.mails.append(
            Mail(
                sender=envelope.mail_from or "",
                recipients=list(envelope.rcpt_tos),
                options=list(envelope.mail_options),
                content=bytes(envelope.original_content or b""),
                encrypted=server.transport is not None
                and server.transport.get_extra_info("sslcontext") is not None,
            )
        )
        return await self.behaviour.at("END", server) or "250 2.0.0 queued for jana@example.org"


class _Conversation(SMTP):
    """One connection, with the hooks that aiosmtpd lacks."""

    def hang_up(self) -> None:
        assert isinstance(self.transport, asyncio.WriteTransport)
        self.transport.abort()

    async def smtp_DATA(self, arg: str) -> None:
        behaviour: Behaviour = self.event_handler.behaviour
        if reply := await behaviour.at("DATA", self):
            await self.push(reply)
            return
        if "BODY" in behaviour.drops:
            await self.push("354 go on")
            await self._reader.read(1000)
            await behaviour.at("BODY", self)
        await super().smtp_DATA(arg)


class _Controller(Controller):
    def factory(self) -> SMTP:
        self.handler.connections += 1
        self.conversations.append(_Conversation(self.handler, **self.SMTP_kwargs))
        return self.conversations[-1]

    def start(self) -> None:
        self.conversations: list[_Conversation] = []
        super().start()
        self.handler.connections -= 1  # aiosmtpd's own, to see the server run

    def stop(self, no_assert: bool = False) -> None:
        """Cut every connection first, as a server that goes down does; aiosmtpd leaves them open."""
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result()
        super().stop(no_assert)

    async def _hang_up(self) -> None:
        while talking := [conversation for conversation in self.conversations if conversation.transport]:
            for conversation in talking:
                conversation.hang_up()
            await asyncio.sleep(0.001)

    async def _create_server(self) -> asyncio.AbstractServer:
        """Learn the port that the system chose."""
        server = await super()._create_server()
        assert isinstance(server, asyncio.Server)
        self.port = server.sockets[0].getsockname()[1]
        return server


@contextmanager
def running(
    server: SmtpServer,
    certificates: Certificates | None,
    *,
    implicit: bool = False,
    sign_in: bool = False,
    utf8: bool = True,
) -> Iterator[SmtpServer]:
    """Run `server` on a port of 127.0.0.1, the one it had before if any.

    With `certificates` it offers STARTTLS, or speaks TLS at once if `implicit`; `sign_in` demands AUTH.
    """
    tls = None
    if certificates is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificates.server)
    controller = _Controller(
        server,
        hostname="127.0.0.1",
        port=server.port,
        server_hostname="mail.example.org",
        ssl_context=tls if implicit else None,
        tls_context=None if implicit else tls,
        authenticator=server.authenticate,
        auth_required=sign_in,
        auth_require_tls=not implicit,
        enable_SMTPUTF8=utf8,
    )
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        controller.stop()
