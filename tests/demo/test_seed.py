from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from peewee import Database

from zone.accounts.models import Account
from zone.audit.models import Event
from zone.clients import search
from zone.clients.models import Client, Mandate, Phone, Policy
from zone.clients.phone_rules import PhoneChangedRecently, PhoneNotConfirmed
from zone.clock import now
from zone.config import LetterRules, Limits
from zone.demo.people import BROKERS, CLIENTS, PEOPLE
from zone.demo.seed import LETTERS, seed
from zone.letter_passwords.models import LetterPassword, Origin
from zone.letter_passwords.overview import overview
from zone.letters.archive import page
from zone.letters.encryption import Encryptor
from zone.letters.intake import Intake, Rejected
from zone.letters.models import Copy
from zone.letters.store import FolderStore
from zone.letters.waiting import worklist
from zone.messages.models import Kind, Message
from zone.vault import Vault

TABLES = (Account, Client, Phone, Policy, Mandate, LetterPassword, Copy, Message, Event)


@pytest.fixture
def intake(database: Database, vault: Vault, tmp_path: Path) -> Iterator[Intake]:
    with Encryptor(LetterRules()) as encryptor:
        yield Intake(vault, FolderStore(tmp_path / "letters"), encryptor, LetterRules(), Limits())


@pytest.fixture
def seeded(intake: Intake) -> Intake:
    assert seed(intake)
    return intake


def test_a_second_time_changes_nothing(seeded: Intake) -> None:
    before = [table.select().count() for table in TABLES]
    assert not seed(seeded)
    assert [table.select().count() for table in TABLES] == before
    assert Account.select().count() == len(PEOPLE)


def test_what_fails_on_the_way_leaves_nothing(intake: Intake) -> None:
    narrow = Encryptor(LetterRules(max_pages=2))  # one letter has three
    with narrow, pytest.raises(Rejected):
        seed(replace(intake, encryptor=narrow))
    assert [table.select().count() for table in TABLES] == [0] * len(TABLES)
    assert seed(intake)


def test_the_past_lies_in_the_past_and_in_its_order(seeded: Intake) -> None:
    jana = _client("Jana Kováčová")
    first, own = LetterPassword.select().where(LetterPassword.client == jana).order_by(LetterPassword.number)
    assert (first.origin, own.origin) == (Origin.DEFAULT, Origin.OWN)
    assert first.set_at < first.replaced_at == own.set_at < now()
    entries = page(jana.id).entries
    copies = [copy for _, copy in entries if copy]
    assert Counter(copy.password_id for copy in copies) == {first.id: 2, own.id: 1, None: 2}
    assert [copy.asked_at for copy in copies] == sorted((copy.asked_at for copy in copies), reverse=True)
    for letter, copy in entries:
        assert copy is not None
        assert copy.message is not None
        assert copy.asked_at == letter.received_at == copy.message.queued_at < copy.message.due_at
        assert letter.keep_until > now()
        assert (copy.asked_at < own.set_at) == (copy.password_id == first.id)


def test_a_letter_waits_for_whom_no_password_can_reach(seeded: Intake) -> None:
    (copy,) = worklist().rows
    assert (copy.letter.client.name, copy.waits_for) == (
        "Sklady Pod Skalkou, s. r. o.",
        "phone_not_confirmed",
    )


def test_a_generated_password_went_out_with_the_first_letter(seeded: Intake) -> None:
    for name in ("Vzorové stolárstvo, s. r. o.", "Emma Clarke"):
        messages = Message.select().where(Message.client_id == _client(name).id).order_by(Message.id)
        assert [message.kind for message in messages] == [Kind.LETTER_PASSWORD, Kind.LETTER]
        assert messages[0].queued_at == messages[1].queued_at


def test_phones_are_fit_but_for_those_that_are_to_show_it(seeded: Intake) -> None:
    obstacles = {
        client.name: overview(_client(client.name).id, limits=Limits()).obstacle for client in CLIENTS
    }
    assert isinstance(obstacles.pop("Lucia Balážová"), PhoneChangedRecently)
    for name in ("Jozef Tóth", "Sklady Pod Skalkou, s. r. o."):
        assert isinstance(obstacles.pop(name), PhoneNotConfirmed)
    assert set(obstacles.values()) == {None}


def test_brokers_see_what_they_have_a_mandate_for(seeded: Intake) -> None:
    for broker in BROKERS:
        account = Account.get(Account.email == broker.email)
        assert {row.policy.number for row in search.portfolio(account.id, "").rows} == set(broker.policies)
    assert Mandate.select().where(Mandate.ends_at < now()).count() == 1


@pytest.mark.parametrize(("name", "pages"), [("vypis.pdf", 2), ("podmienky.pdf", 3), ("platba.pdf", 1)])
def test_the_letters_are_slovak_and_nobody_elses(name: str, pages: int) -> None:
    reader = pypdf.PdfReader(BytesIO((LETTERS / name).read_bytes()), strict=True)
    text = " ".join(page.extract_text() for page in reader.pages)
    assert len(reader.pages) == pages
    assert "Vážená klientka, vážený klient" in text
    assert "Poisťovňa, osoby aj sumy sú vymyslené" in text


def _client(name: str) -> Client:
    client: Client = Client.get(Client.name == name)
    return client
