from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import quote

import pytest

from tests.certificates import Certificates
from tests.messages.mail.mails import CREDENTIALS, PDF, mail
from tests.smtp_server import PASSWORD, USER, Behaviour, SmtpServer, running
from zone.messages.handover import NotTaken, Reason, Refused
from zone.messages.mail.gateway import MailGateway
from zone.messages.mail.smtp import BadMailUrl, SmtpGateway, SmtpSettings


def test_mail_arrives_whole_and_encrypted(server: SmtpServer, gateway: Callable[..., SmtpGateway]) -> None:
    text = "Ľúbezná čučoriedka,\n.\n..dva\n\nFrom tam\n" + "dlhý riadok " * 200
    gateway(server).send(reference="reference-1", message=mail(text=text, subject="Váš list"))
    (received,) = server.mails
    assert (received.sender, received.recipients) == ("zona@example.org", ["jana@example.org"])
    assert received.encrypted
    parsed = message_from_bytes(received.content, policy=SMTP)
    assert parsed["Subject"] == "Váš list"
    assert parsed["Message-ID"] == "<reference-1@example.org>"
    body = parsed.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == text + "\n"
    (attachment,) = parsed.iter_attachments()
    assert attachment.get_filename() == "list.pdf"
    assert attachment.get_content() == PDF


def test_wire_carries_short_lines_of_ascii_only(
    server: SmtpServer, gateway: Callable[..., SmtpGateway]
) -> None:
    gateway(server).send(reference="reference-1", message=mail(text="č" * 5000 + "\r\rx\n\ny"))
    content = server.mails[0].content
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_mail_in_eight_bits_is_recoded_for_the_wire(
    server: SmtpServer, gateway: Callable[..., SmtpGateway]
) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "zona@example.org", "jana@example.org"
    message["Message-ID"] = "<reference-1@example.org>"
    message.set_content("Ľúbezná čučoriedka", cte="8bit")
    gateway(server).send(reference="reference-1", message=message)
    content = server.mails[0].content
    assert content.isascii()
    assert message_from_bytes(content, policy=SMTP).get_content() == "Ľúbezná čučoriedka\n"


def test_smtps_speaks_tls_from_the_start(
    certificates: Certificates, gateway: Callable[..., SmtpGateway]
) -> None:
    with running(SmtpServer(), certificates, implicit=True) as server:
        gateway(server, "smtps").send(reference="reference-1", message=mail())
        assert server.mails[0].encrypted


def test_server_without_starttls_gets_nothing(gateway: Callable[..., SmtpGateway]) -> None:
    with running(SmtpServer(), None) as server:
        ours = gateway(server)
        for _ in range(2):  # the second must not go out on what the first left behind
            with pytest.raises(NotTaken, match="STARTTLS: not offered"):
                ours.send(reference="reference-1", message=mail())
        assert server.mails == []


def test_relay_on_this_machine_may_go_without_tls(gateway: Callable[..., SmtpGateway]) -> None:
    with running(SmtpServer(), None) as server:
        gateway(server, tls="off", ca="").send(reference="reference-1", message=mail())
        assert len(server.mails) == 1


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_certificate_of_an_unknown_authority_is_refused(
    scheme: str, certificates: Certificates, gateway: Callable[..., SmtpGateway]
) -> None:
    with running(SmtpServer(), certificates, implicit=scheme == "smtps") as server:
        with pytest.raises(NotTaken, match="certificate refused, unable to get local issuer"):
            gateway(server, scheme, ca="").send(reference="reference-1", message=mail())
        assert server.mails == []


def test_certificate_for_another_name_is_refused(server: SmtpServer, certificates: Certificates) -> None:
    gateway = SmtpGateway(SmtpSettings.parse(f"smtp://localhost:{server.port}?ca={certificates.ca}"))
    with pytest.raises(NotTaken, match="certificate refused, Hostname mismatch"):
        gateway.send(reference="reference-1", message=mail())
    assert server.mails == []


def test_gateway_signs_in_once_a_connection(
    certificates: Certificates, gateway: Callable[..., SmtpGateway]
) -> None:
    with running(SmtpServer(), certificates, sign_in=True) as server:
        ours = gateway(server, credentials=CREDENTIALS)
        for reference in ("reference-1", "reference-2"):
            ours.send(reference=reference, message=mail(reference))
        assert (len(server.mails), server.sign_ins) == (2, 1)


@pytest.mark.parametrize("credentials", [f"{USER}:wrong@", f"nobody:{quote(PASSWORD, safe='')}@", ""])
def test_mail_waits_when_the_sign_in_fails(
    credentials: str, certificates: Certificates, gateway: Callable[..., SmtpGateway]
) -> None:
    with running(SmtpServer(), certificates, sign_in=True) as server:
        with pytest.raises(NotTaken) as caught:
            gateway(server, credentials=credentials).send(reference="reference-1", message=mail())
        assert caught.value.reason is Reason.UNAVAILABLE
        assert caught.value.detail == ("AUTH: 535 5.7.8" if credentials else "MAIL: 530 5.7.0")
        assert server.mails == []


def test_connection_is_kept_from_mail_to_mail(
    server: SmtpServer, gateway: Callable[..., SmtpGateway]
) -> None:
    ours = gateway(server)
    for number in range(20):
        ours.send(reference=f"reference-{number}", message=mail(f"reference-{number}"))
    assert (len(server.mails), server.connections) == (20, 1)


def test_server_that_tires_of_a_connection_gets_a_new_one(
    server: SmtpServer, gateway: Callable[..., SmtpGateway]
) -> None:
    ours = gateway(server)
    ours.send(reference="reference-1", message=mail())
    server.behaviour = Behaviour(replies={"RSET": "421 4.4.2 idle for too long"})
    ours.send(reference="reference-2", message=mail("reference-2"))
    assert (len(server.mails), server.connections) == (2, 2)


def test_gateway_survives_a_restart_of_the_server(
    certificates: Certificates, gateway: Callable[..., SmtpGateway]
) -> None:
    server = SmtpServer()
    with running(server, certificates):
        ours = gateway(server)
        ours.send(reference="reference-1", message=mail())
    with pytest.raises(NotTaken):
        ours.send(reference="reference-2", message=mail("reference-2"))
    with running(server, certificates):
        ours.send(reference="reference-2", message=mail("reference-2"))
    assert len(server.mails) == 2


def test_closing_twice_and_after_the_server_has_gone_is_no_error(
    certificates: Certificates, gateway: Callable[..., SmtpGateway]
) -> None:
    server = SmtpServer()
    with running(server, certificates):
        ours = gateway(server)
        ours.send(reference="reference-1", message=mail())
    ours.close()
    ours.close()


@pytest.mark.parametrize("header", ["Bcc", "Cc"])
def test_mail_with_a_second_recipient_is_refused(
    header: str, server: SmtpServer, gateway: Callable[..., SmtpGateway]
) -> None:
    message = mail()
    message[header] = "peter@example.org"
    with pytest.raises(Refused, match="one address"):
        gateway(server).send(reference="reference-1", message=message)
    assert server.mails == []


@pytest.mark.parametrize("header", ["Subject", "Comments"])
def test_line_break_hidden_in_an_encoded_word_adds_no_header(
    header: str, server: SmtpServer, gateway: Callable[..., SmtpGateway]
) -> None:
    message = mail()
    del message[header]
    message[header] = "=?utf-8?q?a=0D=0ABcc:_peter=40example.org=0D=0AX:_?="
    with suppress(Refused):  # newer versions of Python write it harmlessly
        gateway(server).send(reference="reference-1", message=message)
    assert not any(b"\r\nBcc" in mail.content for mail in server.mails)


def test_letters_beyond_ascii_in_an_address_need_a_server_that_takes_them(
    certificates: Certificates, gateway: Callable[..., SmtpGateway]
) -> None:
    message = mail(to="ľubica@kováč.example")
    with running(SmtpServer(), certificates) as server:
        gateway(server).send(reference="reference-1", message=message)
        assert server.mails[0].recipients == ["ľubica@xn--kov-gla4t.example"]
        assert "SMTPUTF8" in server.mails[0].options
        assert "\r\nTo: ľubica@xn--kov-gla4t.example\r\n".encode() in server.mails[0].content
    with running(SmtpServer(), certificates, utf8=False) as server:
        with pytest.raises(Refused, match="SMTPUTF8 not offered") as caught:
            gateway(server).send(reference="reference-1", message=message)
        assert caught.value.reason is Reason.ADDRESS
        gateway(server).send(reference="reference-1", message=mail(to="jana@kováč.example"))
        assert server.mails[0].recipients == ["jana@xn--kov-gla4t.example"]


def test_reference_must_be_in_the_message_id(server: SmtpServer, gateway: Callable[..., SmtpGateway]) -> None:
    with pytest.raises(ValueError, match="Message-ID"):
        gateway(server).send(reference="another", message=mail())


def test_smtp_has_no_receipts(server: SmtpServer, gateway: Callable[..., SmtpGateway]) -> None:
    ours: MailGateway = gateway(server)
    assert list(ours.receipts()) == []


def test_missing_authority_file_is_told_at_the_start() -> None:
    with pytest.raises(BadMailUrl, match="PEM"):
        SmtpGateway(SmtpSettings.parse("smtp://mail.example.org?ca=/nowhere/ca.pem"))
