from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from zone.messages.handover import HandoverError, NotTaken, Refused, Unclear
from zone.messages.mail import mailbox
from zone.messages.mail.compose import Attachment, compose
from zone.messages.mail.demo import DemoMail

PDF = b"%PDF-2.0\n\x00\xff\r\n"


def send(gateway: DemoMail, to: str = "jana@example.org", reference: str = "one") -> None:
    message = compose(
        sender="Zóna, a. s. <zona@example.org>",
        to=to,
        subject="Váš list č. 7: ročný výpis zmluvy o životnom poistení",
        text="Dobrý deň,\n\nlist otvoríte svojím heslom.\n",
        html="<p>Dobrý deň</p>",
        attachments=[Attachment("list.pdf", PDF), Attachment("letter.txt", b"x", mime="text/plain")],
        reference=reference,
        language="sk",
        domain="example.org",
    )
    gateway.send(reference=reference, message=message)


def test_a_mail_arrives_as_it_was_written(tmp_path: Path) -> None:
    gateway = DemoMail(tmp_path)
    send(gateway)
    (mail,) = mailbox.mails(tmp_path)
    assert (mail.reference, mail.to) == ("one", "jana@example.org")
    assert mail.subject == "Váš list č. 7: ročný výpis zmluvy o životnom poistení"
    assert mail.text == "Dobrý deň,\n\nlist otvoríte svojím heslom.\n"
    assert mail.attachments == ("list.pdf", "letter.txt")
    assert mailbox.attachment(tmp_path, "one", "list.pdf") == PDF
    assert mailbox.attachment(tmp_path, "one", "letter.txt") == b"x"
    assert list(gateway.receipts()) == []


@pytest.mark.parametrize(("reference", "name"), [("one", "other.pdf"), ("../mailbox/one", "list.pdf")])
def test_an_attachment_that_is_not_there(tmp_path: Path, reference: str, name: str) -> None:
    send(DemoMail(tmp_path))
    with pytest.raises(LookupError):
        mailbox.attachment(tmp_path, reference, name)


def test_the_mailbox_shows_the_newest_first(tmp_path: Path) -> None:
    gateway = DemoMail(tmp_path)
    assert mailbox.mails(tmp_path) == []
    for age, reference in ((3, "b"), (2, "c"), (1, "a")):
        send(gateway, reference=reference)
        os.utime(tmp_path / "mailbox" / f"{reference}.eml", (1_000_000 - age,) * 2)
    assert [mail.reference for mail in mailbox.mails(tmp_path)] == ["a", "c", "b"]


def test_only_the_owner_can_read_the_mailbox(tmp_path: Path) -> None:
    send(DemoMail(tmp_path / "demo"))
    (file,) = (tmp_path / "demo" / "mailbox").iterdir()
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("to", "answers", "arrived"),
    [
        ("refused@example.org", [Refused, Refused], 0),
        ("later@example.org", [NotTaken, NotTaken, None], 1),
        ("unclear@example.org", [Unclear], 1),
    ],
)
def test_the_address_says_what_becomes_of_a_mail(
    tmp_path: Path, to: str, answers: list[type[HandoverError] | None], arrived: int
) -> None:
    gateway = DemoMail(tmp_path)
    for answer in answers:
        if answer is None:
            send(gateway, to)
        else:
            with pytest.raises(answer):
                send(gateway, to)
    assert len(mailbox.mails(tmp_path)) == arrived
