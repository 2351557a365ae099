from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import strict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zone import clock
from zone.messages.handover import Reason, Refused
from zone.messages.mail.compose import WIRE, Attachment, compose

ONE_LINE = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"])).map(str.strip)


def written(
    *,
    sender: str = "Zóna <zona@example.org>",
    to: str = "jana@example.org",
    subject: str = "List",
    text: str = "Dobrý deň",
    html: str | None = None,
    attachments: tuple[Attachment, ...] = (),
    reply_to: str | None = None,
) -> EmailMessage:
    """The mail as a strict reader gets it, which raises on the least defect."""
    message = compose(
        sender=sender,
        to=to,
        subject=subject,
        text=text,
        html=html,
        attachments=attachments,
        reference="Nq3-_reference",
        language="sk",
        domain="zona.example.org",
        reply_to=reply_to,
    )
    raw = message.as_bytes(policy=WIRE)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    return message_from_bytes(raw, policy=strict)


def test_mail_has_the_headers_that_a_machine_owes() -> None:
    mail = written()
    assert mail["Message-ID"] == "<Nq3-_reference@zona.example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Content-Language"] == "sk"
    assert abs(mail["Date"].datetime - clock.now()) < timedelta(minutes=1)
    assert len(mail.keys()) == len(set(mail.keys()))


def test_text_and_page_are_alternatives_beside_the_files() -> None:
    files = (Attachment("list-1.pdf", b"%PDF\r\n\x00\xff"), Attachment("tabulka.csv", b"a;b", "text/csv"))
    mail = written(text="Ľúbezne\n.\n", html="<p>Ľúbezne</p>", attachments=files)
    shape = [part.get_content_type() for part in mail.walk()]
    assert shape == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
        "text/csv",
    ]
    assert mail["Content-Language"] == "sk"
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content() == "Ľúbezne\r\n.\r\n"
    assert page.get_content() == "<p>Ľúbezne</p>\r\n"
    parts = list(mail.iter_attachments())
    assert [part.get_filename() for part in parts] == ["list-1.pdf", "tabulka.csv"]
    assert [part.get_payload(decode=True) for part in parts] == [file.content for file in files]


def test_text_alone_stays_one_part() -> None:
    assert written().get_content_type() == "text/plain"


@pytest.mark.parametrize(
    "subject",
    [
        "Oznámenie o výške poistného 1 234,50\u00a0€ — ďakujeme za čo najskoršie uhradenie, ľúbezná klientka",
        "ľ" * 400,
        "a" * 400,
        "=?utf-8?q?a=0D=0ABcc:_peter=40example.org?=",
        "",
    ],
)
def test_subject_arrives_letter_by_letter(subject: str) -> None:
    assert str(written(subject=subject)["Subject"]) == subject


@given(ONE_LINE)
def test_any_printable_subject_arrives_letter_by_letter(subject: str) -> None:
    assert str(written(subject=subject)["Subject"]) == subject


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_subject_adds_a_header(subject: str) -> None:
    assert written(subject=subject).keys() == written().keys()


def test_line_break_in_a_subject_becomes_a_space() -> None:
    mail = written(subject="List\r\nBcc: peter@example.org\u2028X: y")
    assert mail["Subject"] == "List Bcc: peter@example.org X: y"
    assert "Bcc" not in mail


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("zona@example.org", ""),
        ("<zona@example.org>", ""),
        ("Zone Ltd. <zona@example.org>", "Zone Ltd."),
        ("Klientská zóna, a. s. <zona@example.org>", "Klientská zóna, a. s."),
        ('"Klientská zóna, a. s." <zona@example.org>', "Klientská zóna, a. s."),
        ("Zone, Inc. <zona@example.org>", "Zone, Inc."),
        ("x\nBcc: peter@example.org <zona@example.org>", "x Bcc: peter@example.org"),
    ],
)
def test_sender_is_one_address_with_its_whole_name(sender: str, name: str) -> None:
    mail = written(sender=sender)
    assert mail["From"].addresses == (Address(name, "zona", "example.org"),)
    assert "Bcc" not in mail


def test_long_name_of_the_sender_is_folded() -> None:
    name = "Veľmi dlhý názov, " * 20 + "a. s."
    # Read by the older decoder: the newer one puts spaces between the encoded words of a name.
    ((_, raw),) = [
        (key, value)
        for key, value in written(sender=f"{name} <zona@example.org>").raw_items()
        if key == "From"
    ]
    assert str(make_header(decode_header(raw))) == f"{name} <zona@example.org>"


def test_answers_go_to_who_reads_them() -> None:
    mail = written(reply_to="Podpora, a. s. <pomoc@example.org>")
    assert mail["Reply-To"].addresses == (Address("Podpora, a. s.", "pomoc", "example.org"),)
    assert "Reply-To" not in written()
    with pytest.raises(ValueError, match="write the sender"):
        written(reply_to="pomoc")


@pytest.mark.parametrize("sender", ["", "Zóna", "Zóna <zona>", "zóna@example.org", "a@x.org, b@x.org"])
def test_sender_without_an_address_is_told(sender: str) -> None:
    with pytest.raises(ValueError, match="write the sender"):
        written(sender=sender)


@pytest.mark.parametrize(
    "to",
    [
        "",
        "jana",
        "jana@",
        "@example.org",
        "jana@@example.org",
        "jana@example..org",
        "jana..k@example.org",
        "jana @example.org",
        "jana@example.org, peter@example.org",
        "Jana <jana@example.org>",
        "jana@example.org\r\nBcc: peter@example.org",
        "jana@example.org\n",
        "ja\x00na@example.org",
        "=?utf-8?q?a=0AX?=@example.org",
        "jana@" + "x" * 64 + ".org",
    ],
)
def test_what_is_no_address_is_refused(to: str) -> None:
    with pytest.raises(Refused) as caught:
        written(to=to)
    assert caught.value.reason is Reason.ADDRESS
    assert caught.value.detail == "not an e-mail address"


@pytest.mark.parametrize(
    ("to", "address"),
    [
        ("jana.k+zona@mail.example.org", "jana.k+zona@mail.example.org"),
        ("o'neill@example.org", "o'neill@example.org"),
        ("jana@kováč.example", "jana@xn--kov-gla4t.example"),
    ],
)
def test_address_is_kept_and_its_domain_made_ascii(to: str, address: str) -> None:
    assert [found.addr_spec for found in written(to=to)["To"].addresses] == [address]


@pytest.mark.parametrize("name", ["", "výpis.pdf", "a b.pdf", 'a".pdf', "../a.pdf", "a\n.pdf", ".pdf"])
def test_attachment_has_a_plain_name(name: str) -> None:
    with pytest.raises(ValueError, match="ASCII"):
        Attachment(name, b"")
