"""What the client reads in the e-mail about support that began to act for them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
import time_machine
from peewee import Model

from tests.accounts.conftest import JANA, PASSWORD
from tests.letters.posted import CONFIG
from tests.requests.test_notice import bodies
from zone.accounts import impersonation
from zone.accounts.impersonation_notice import renderer
from zone.accounts.impersonation_reasons import Reason
from zone.accounts.models import Account, Impersonation
from zone.accounts.principal import Principal
from zone.clients.models import Client
from zone.config import ImpersonationRules
from zone.messages.models import Message
from zone.messages.render import CannotRender, Mail

AT = datetime(2026, 5, 3, 22, 30, tzinfo=UTC)  # where the client lives it is the fourth already
SAID = {
    "sk": (
        "4. mája 2026, 0:30 za vás vo vašej zóne začala konať naša podpora.",
        "Dôvod: zabudnuté heslo k listom, prípad PO-2041.",
        "no nie vaše heslá",
        f"Nežiadali ste nás o pomoc? Zavolajte nám na {CONFIG.brand.help_phone}.",
    ),
    "en": (
        "On 4 May 2026, 0:30 a support agent began to act for you in your zone.",
        "Reason: forgotten letter password, ticket PO-2041.",
        "but not your passwords",
        f"You did not ask us for help? Call us on {CONFIG.brand.help_phone}.",
    ),
}
SUBJECT = {"sk": "Naša podpora si pozrela vaše stránky", "en": "Our support looked at your pages"}
HISTORY = f"{CONFIG.public_url}/settings/access-history"


def begin(agent: Principal, client: Account, reason: Reason = Reason.FORGOTTEN) -> None:
    assert client.client_id is not None
    with time_machine.travel(AT, tick=False):
        impersonation.start(
            agent, client.client_id, reason=reason, ticket_number="PO-2041", rules=ImpersonationRules()
        )


def mail() -> EmailMessage:
    carried = renderer(CONFIG)(Message.get())
    assert isinstance(carried, Mail)
    return carried.message


@pytest.mark.parametrize("language", SAID)
def test_it_says_when_why_and_what_to_do_in_the_clients_language(
    eva: Principal, jana: Account, language: str
) -> None:
    Client.update(language=language).execute()
    begin(eva, jana)
    sent = mail()
    assert (sent["To"], sent["Subject"]) == (JANA, SUBJECT[language])
    found = bodies(sent)
    assert found.keys() == {"text/plain", "text/html"}
    for body in found.values():
        text = " ".join(body.split())
        for words in (*SAID[language], HISTORY):
            assert words in text


@pytest.mark.parametrize("reason", Reason)
def test_it_holds_no_name_of_staff_nothing_secret_and_no_link_that_does_anything(
    eva: Principal, jana: Account, reason: Reason
) -> None:
    Account.update(name="Eva Malá").where(Account.id == eva.account_id).execute()
    begin(eva, jana, reason)
    row = Impersonation.get()
    for body in bodies(mail()).values():
        for unfit in ("Eva Malá", PASSWORD, row.reference, reason.value, "/not-me/", "%(", "None"):
            assert unfit not in body, unfit
        assert body.count("https://") == body.count(HISTORY)


@pytest.mark.parametrize("gone", [Impersonation, Client])
def test_nothing_is_sent_of_one_that_is_gone(eva: Principal, jana: Account, gone: type[Model]) -> None:
    begin(eva, jana)
    gone.delete().execute()
    with pytest.raises(CannotRender):
        mail()
