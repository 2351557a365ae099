"""The mail itself: honest, in the client's language, and it asks for nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine

from tests.campaigns.conftest import MakeClients, Start
from tests.letters.posted import CONFIG
from tests.people import MARIA
from tests.requests.test_notice import bodies
from zone.accounts.models import Account
from zone.audit import Actor, Role
from zone.campaigns.advance import advance
from zone.campaigns.invitation import renderer
from zone.clients.models import Client
from zone.clock import now
from zone.letter_passwords.set_own import set_own
from zone.messages.handover import Reason
from zone.messages.models import Message
from zone.messages.render import CannotRender, Mail
from zone.secret import Secret
from zone.vault import Vault

SAID = {
    ("sk", 4): (
        "posledné 4 číslice vášho rodného čísla",
        "len 10 000 a",
        "za 6 sekúnd",
        "Nastavte si vlastné",
    ),
    ("sk", 3): ("posledné 3 číslice vášho rodného čísla", "len 1 000 a", "za menej ako sekundu", "nechceme"),
    ("en", 4): ("the last 4 digits of your birth number", "only 10,000", "in 6 seconds", "We do not ask you"),
    ("en", 3): ("the last 3 digits of your birth number", "only 1,000", "in less than a second", "your own"),
}


def invite() -> Message:
    with time_machine.travel(now() + timedelta(minutes=1), tick=True):
        assert advance() == 1
    found: Message = Message.get()
    return found


@pytest.mark.parametrize(("language", "digits"), SAID)
def test_it_says_what_opens_the_letters_and_how_fast_that_is_guessed(
    begin: Start, clients: MakeClients, language: str, digits: int
) -> None:
    (client,) = clients(1, language=language, **({"birth_number": MARIA.birth_number} if digits == 3 else {}))
    begin()
    message = invite()
    mail = renderer(CONFIG)(message)
    assert isinstance(mail, Mail)
    assert mail.message["To"] == client.email
    for body in bodies(mail.message).values():
        text = re.sub(r"\s+", " ", body)
        for words in (*SAID[language, digits][:3],):
            assert words in text
        assert "%(" not in text
        links = set(re.findall(r"https?://[^\s\"<]+", text))
        assert links == {f"{CONFIG.public_url}/settings/electronic-correspondence"}
        assert client.reference not in text
    whole = f"{mail.message['Subject']} {bodies(mail.message)['text/plain']}"
    assert SAID[language, digits][3] in re.sub(r"\s+", " ", whole)


def test_who_has_set_one_meanwhile_is_not_invited(begin: Start, clients: MakeClients, vault: Vault) -> None:
    (client,) = clients()
    begin()
    message = invite()
    account = Account.get(Account.client == client)
    set_own(vault, Actor(Role.CLIENT, account.id), client.id, Secret("slnko nad Tatrami"))
    with pytest.raises(CannotRender) as refused:
        renderer(CONFIG)(message)
    assert refused.value.reason is Reason.UNRENDERABLE


def test_nor_is_who_was_erased(begin: Start, clients: MakeClients) -> None:
    clients()
    begin()
    message = invite()
    Client.delete().execute()
    with pytest.raises(CannotRender):
        renderer(CONFIG)(message)
