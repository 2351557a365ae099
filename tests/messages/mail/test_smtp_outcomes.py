"""What the gateway makes of each way in which a server may answer, or not."""

from __future__ import annotations

import socket
import time
import traceback
from collections.abc import Callable

import pytest

from tests.messages.mail.mails import mail
from tests.smtp_server import Behaviour, SmtpServer
from zone.messages.handover import HandoverError, NotTaken, Reason, Refused, Unclear
from zone.messages.mail.smtp import SmtpGateway, SmtpSettings


@pytest.mark.parametrize(
    ("step", "reply", "outcome", "reason"),
    [
        ("MAIL", "451 4.3.0 later", NotTaken, Reason.UNAVAILABLE),
        ("MAIL", "421 4.7.0 too many", NotTaken, Reason.UNAVAILABLE),
        ("MAIL", "552 5.3.4 too big", Refused, Reason.REFUSED),
        ("MAIL", "550 no", Refused, Reason.REFUSED),
        ("RCPT", "450 4.2.0 grey list, jana@example.org", NotTaken, Reason.UNAVAILABLE),
        ("RCPT", "550 5.1.1 <jana@example.org> unknown", Refused, Reason.ADDRESS),
        ("RCPT", "550 jana@example.org unknown", Refused, Reason.ADDRESS),
        ("RCPT", "554 5.7.1 <jana@example.org> relay access denied", Refused, Reason.REFUSED),
        ("DATA", "451 4.3.0 disk", NotTaken, Reason.UNAVAILABLE),
        ("DATA", "554 5.5.1 no valid recipients", Refused, Reason.REFUSED),
        ("DATA", "250 what", NotTaken, Reason.UNAVAILABLE),
        ("END", "451 4.7.1 scanner busy", NotTaken, Reason.UNAVAILABLE),
        ("END", "554 5.7.1 looks like spam to jana@example.org", Refused, Reason.REFUSED),
        ("END", "354 what", Unclear, Reason.INTERRUPTED),
        ("END", "gibberish", Unclear, Reason.INTERRUPTED),
        ("END", "550 " + "x" * 9000, Unclear, Reason.INTERRUPTED),
    ],
)
def test_reply_decides_what_became_of_the_mail(
    step: str,
    reply: str,
    outcome: type[HandoverError],
    reason: Reason,
    server: SmtpServer,
    gateway: Callable[..., SmtpGateway],
) -> None:
    server.behaviour = Behaviour(replies={step: reply})
    ours = gateway(server)
    with pytest.raises(HandoverError) as caught:
        ours.send(reference="reference-1", message=mail())
    assert (type(caught.value), caught.value.reason) == (outcome, reason)
    assert "jana" not in "".join(traceback.format_exception(caught.value))

    server.behaviour, server.mails = Behaviour(), []
    ours.send(reference="reference-2", message=mail("reference-2"))
    assert [b"reference-2" in mail.content for mail in server.mails] == [True]


def test_detail_keeps_the_codes_and_nothing_else(
    server: SmtpServer, gateway: Callable[..., SmtpGateway]
) -> None:
    server.behaviour = Behaviour(replies={"RCPT": "550-5.1.1 jana@example.org\r\n550 5.1.1 is gone"})
    with pytest.raises(Refused) as caught:
        gateway(server).send(reference="reference-1", message=mail())
    assert caught.value.detail == "RCPT: 550 5.1.1"


@pytest.mark.parametrize(
    ("step", "outcome", "detail"),
    [
        ("MAIL", NotTaken, "MAIL: TimeoutError"),
        ("RCPT", NotTaken, "RCPT: TimeoutError"),
        ("DATA", NotTaken, "DATA: TimeoutError"),
        ("END", Unclear, "end of DATA: TimeoutError"),
    ],
)
def test_slow_server_leaves_the_mail_unclear_only_after_the_dot(
    step: str,
    outcome: type[HandoverError],
    detail: str,
    server: SmtpServer,
    gateway: Callable[..., SmtpGateway],
) -> None:
    server.behaviour = Behaviour(sleeps={step: 30})
    with pytest.raises(HandoverError) as caught:
        gateway(server, timeout="0.5", final_timeout="0.5").send(reference="reference-1", message=mail())
    assert (type(caught.value), caught.value.detail) == (outcome, detail)
    assert len(server.mails) == (1 if step == "END" else 0)


def test_verdict_on_the_whole_mail_may_take_longer_than_other_steps(
    server: SmtpServer, gateway: Callable[..., SmtpGateway]
) -> None:
    server.behaviour = Behaviour(sleeps={"END": 1})
    ours = gateway(server, timeout="0.5", final_timeout="5")
    ours.send(reference="reference-1", message=mail())
    server.behaviour = Behaviour(sleeps={"RCPT": 30})
    begun = time.monotonic()
    with pytest.raises(NotTaken, match="RCPT: TimeoutError"):
        ours.send(reference="reference-2", message=mail("reference-2"))
    assert time.monotonic() - begun < 4
    assert len(server.mails) == 1


def test_late_answer_to_one_mail_is_not_taken_for_the_next(
    server: SmtpServer, gateway: Callable[..., SmtpGateway]
) -> None:
    server.behaviour = Behaviour(sleeps={"END": 1})
    ours = gateway(server, final_timeout="0.5")
    with pytest.raises(Unclear):
        ours.send(reference="reference-1", message=mail())
    server.behaviour = Behaviour()
    ours.send(reference="reference-2", message=mail("reference-2"))
    assert (len(server.mails), server.connections) == (2, 2)


@pytest.mark.parametrize(
    ("step", "outcome"),
    [("MAIL", NotTaken), ("RCPT", NotTaken), ("DATA", NotTaken), ("END", Unclear)],
)
def test_cut_connection_leaves_the_mail_unclear_only_after_the_dot(
    step: str, outcome: type[HandoverError], server: SmtpServer, gateway: Callable[..., SmtpGateway]
) -> None:
    server.behaviour = Behaviour(drops={step})
    ours = gateway(server)
    with pytest.raises(HandoverError) as caught:
        ours.send(reference="reference-1", message=mail())
    assert type(caught.value) is outcome
    assert len(server.mails) == (1 if step == "END" else 0)

    server.behaviour = Behaviour()
    ours.send(reference="reference-2", message=mail("reference-2"))
    assert b"reference-2" in server.mails[-1].content


def test_connection_cut_in_the_midst_of_the_data_takes_nothing(
    server: SmtpServer, gateway: Callable[..., SmtpGateway]
) -> None:
    server.behaviour = Behaviour(drops={"BODY"})
    more_than_sockets_hold = mail(attachment=bytes(16_000_000))
    with pytest.raises(NotTaken, match="DATA: "):
        gateway(server).send(reference="reference-1", message=more_than_sockets_hold)
    assert server.mails == []


def test_absent_server_takes_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NotTaken, match="connect: ConnectionRefusedError"):
        SmtpGateway(SmtpSettings.parse(f"smtp://127.0.0.1:{port}")).send(
            reference="reference-1", message=mail()
        )


def test_silent_server_takes_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"smtp://127.0.0.1:{listener.getsockname()[1]}?timeout=0.2"
        with pytest.raises(NotTaken, match="connect: TimeoutError"):
            SmtpGateway(SmtpSettings.parse(url)).send(reference="reference-1", message=mail())


def test_unknown_host_takes_nothing() -> None:
    with pytest.raises(NotTaken, match="connect: gaierror"):
        SmtpGateway(SmtpSettings.parse("smtp://mail.invalid")).send(reference="reference-1", message=mail())
