from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from time_machine import travel

from zone.clock import now
from zone.messages.handover import HandoverError, NotTaken, Reason, Receipt, Refused, Status, Unclear
from zone.messages.sms import phone
from zone.messages.sms.demo import DemoSms
from zone.secret import Secret

SOON = timedelta(seconds=3)
TEXT = "Heslo:\nkôň žerie ovos €[]"


def send(gateway: DemoSms, to: str = "+421901000111", reference: str = "one") -> None:
    gateway.send(reference=reference, to=to, text=Secret(TEXT))


def test_an_sms_arrives_with_its_exact_text(tmp_path: Path) -> None:
    with travel(at := now(), tick=False):
        send(DemoSms(tmp_path))
        (text,) = phone.messages(tmp_path)
    assert (text.to, text.text, text.at) == ("+421901000111", TEXT, at)
    assert TEXT not in repr(text)


def test_the_phone_is_empty_at_first(tmp_path: Path) -> None:
    assert phone.messages(tmp_path) == []
    assert list(DemoSms(tmp_path).receipts()) == []


def test_the_phone_shows_the_newest_first(tmp_path: Path) -> None:
    gateway = DemoSms(tmp_path)
    for seconds, reference in enumerate(("b", "c", "a")):
        with travel(now() + timedelta(seconds=seconds)):
            send(gateway, reference=reference)
    assert [text.reference for text in phone.messages(tmp_path)] == ["a", "c", "b"]


def test_only_the_owner_can_read_the_phone(tmp_path: Path) -> None:
    send(DemoSms(tmp_path / "demo"))
    (file,) = (tmp_path / "demo" / "phone").iterdir()
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_delivery_is_reported_a_moment_later_and_once(tmp_path: Path) -> None:
    gateway = DemoSms(tmp_path)
    send(gateway)
    assert list(gateway.receipts()) == []
    assert phone.messages(tmp_path)[0].status == Status.SENT
    with travel(now() + SOON):
        assert list(gateway.receipts()) == [Receipt("one", Status.DELIVERED)]
        assert list(gateway.receipts()) == []
        assert list(DemoSms(tmp_path).receipts()) == []
        assert phone.messages(tmp_path)[0].status == Status.DELIVERED


def test_a_receipt_that_fell_due_while_no_worker_ran_is_reported_by_the_next(tmp_path: Path) -> None:
    send(DemoSms(tmp_path))
    with travel(now() + SOON):
        assert list(DemoSms(tmp_path).receipts()) == [Receipt("one", Status.DELIVERED)]


def test_a_receipt_that_could_not_be_recorded_is_reported_again(tmp_path: Path) -> None:
    gateway = DemoSms(tmp_path)
    send(gateway)
    with travel(now() + SOON):
        given_up = gateway.receipts()
        assert next(given_up).status == Status.DELIVERED
        del given_up
        assert len(list(gateway.receipts())) == 1


def test_a_number_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        send(DemoSms(tmp_path), to="+421901000001")
    assert refusal.value.reason == Reason.ADDRESS
    assert phone.messages(tmp_path) == []


@pytest.mark.parametrize(
    ("to", "receipts"),
    [
        ("+421901000002", [Receipt("one", Status.FAILED, Reason.EXPIRED)]),
        ("+421901000005", []),
        ("+421901000006", [Receipt("one", Status.DELIVERED)]),
    ],
)
def test_the_last_digits_say_what_is_reported(tmp_path: Path, to: str, receipts: list[Receipt]) -> None:
    gateway = DemoSms(tmp_path)
    send(gateway, to)
    with travel(now() + SOON):
        assert list(gateway.receipts()) == receipts


def test_a_number_that_is_busy_takes_the_third_attempt(tmp_path: Path) -> None:
    gateway = DemoSms(tmp_path)
    answers: list[type[HandoverError] | None] = []
    for _ in range(3):
        try:
            send(gateway, to="+421901000003")
        except NotTaken as answer:
            answers.append(type(answer))
        else:
            answers.append(None)
    assert answers == [NotTaken, NotTaken, None]
    assert len(phone.messages(tmp_path)) == 1


def test_an_answer_may_be_lost_and_the_receipt_tells_later(tmp_path: Path) -> None:
    gateway = DemoSms(tmp_path)
    with pytest.raises(Unclear):
        send(gateway, to="+421901000004")
    assert len(phone.messages(tmp_path)) == 1
    with travel(now() + SOON):
        assert list(gateway.receipts()) == [Receipt("one", Status.DELIVERED)]
