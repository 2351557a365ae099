"""The client's card: what stands on it, what never does, and that each look is told the client."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.letters.posted import bring
from tests.people import COMPANY, JANA, PETER, make_client
from tests.web.browser import HTMX, Browser
from tests.web.conftest import SendLetter
from tests.web.people import Person
from tests.web.support.conftest import at, events
from zone.audit import Actor, Role
from zone.clients import holds, notes
from zone.clients.holds import Why
from zone.clients.models import Client, Phone
from zone.clients.search_models import ClientLook
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords.resend import resend
from zone.letters.intake import Rejected
from zone.letters.models import Copy
from zone.messages.handover import Status
from zone.messages.models import Message
from zone.parts import Parts
from zone.requests.models import Request, RequestKind
from zone.secret import Secret
from zone.vault import Vault

BY_LINK, SUBJECT = Actor(Role.CLIENT), "Výročná správa"
# What only the client may know, or nobody.
NEVER = (SUBJECT, "905100101", "905 100 101", "jana.kovacova", "865514", "2375")


def fill(parts: Parts, jana: Person, agent: Person, letter: SendLetter, number: int = 0) -> None:
    """One of everything that the card shows."""
    letter(jana)
    holds.lift(agent.actor, jana.client_id)
    resend(agent.actor, jana.client_id, language="sk", limits=Limits())
    hold = holds.place(BY_LINK, jana.client_id, Why.REQUEST, number)
    holds.lift(agent.actor, jana.client_id, hold.id)
    holds.place(BY_LINK, jana.client_id, Why.ACCESS, 100 + number)
    notes.write(parts.vault, agent.actor, jana.client_id, Secret(f"note {number}"), token=f"t{number}")
    with pytest.raises(Rejected):
        bring(parts.intake, f"no pdf {number}".encode(), client=JANA.reference, subject=SUBJECT)
    waiting = bring(parts.intake, client=JANA.reference, subject=f"{SUBJECT} {number}")
    Copy.update(message=None, waits_for="no_phone").where(Copy.letter == waiting).execute()


def made(client: Person, agent: Person) -> str:
    """A request for the client."""
    request = Request.create(
        token="t",
        client=client.client_id,
        kind=RequestKind.RESEND,
        actor_role=Role.SUPPORT,
        actor_id=agent.account_id,
        asked_at=now(),
    )
    return str(request.reference)


def pages(app: Flask, client: Person, *, hold: int, letter: str, request: str) -> Iterator[str]:
    """Every page about one client that can be opened; the routes come from the application."""
    addresses = app.url_map.bind("")
    given = {"client_id": client.client_id, "hold_id": hold}
    for rule in app.url_map.iter_rules():
        if (
            rule.endpoint.startswith("support.")
            and "client_id" in rule.arguments
            and "GET" in (rule.methods or ())
        ):
            named = request if "request" in rule.endpoint else letter
            here = given | {"reference": named}
            yield addresses.build(rule.endpoint, {name: here[name] for name in rule.arguments})


def test_it_says_at_a_glance_who_it_is_and_how_things_stand(
    desk: Browser, jana: Person, agent: Person, letter: SendLetter, parts: Parts
) -> None:
    fill(parts, jana, agent, letter)
    page = desk.get(at(jana)).text
    for words in (
        "<h1>Jana Kováčová</h1>",
        "K-1001",
        "+421\u00a09••\u00a0•••\u00a0101",
        "from the insurer&#39;s records",
        "j•••@example.org",
        "signs in since",
        "The client has the basic setting, the last 4 digits of the birth number",
        "No password goes to the phone",
        "An entry of the access history was not the client.",
        "the client, by the link in a message",
        "Ask the client for a mobile number",
        "the password in force when it goes",
        "note 0",
        "Eva Malá",
        f'href="{at(jana, "impersonate")}"',
    ):
        assert words in page, words


def test_a_company_without_an_account_or_a_phone(desk: Browser, vault: Vault) -> None:
    company = make_client(vault, COMPANY)
    Phone.delete().where(Phone.client == company).execute()
    page = desk.get(f"/support/clients/{company.id}").text
    for words in ("company", "does not sign in yet", "The client has no phone number on file", "not yet"):
        assert words in page


def test_what_only_the_client_may_know_stands_on_no_page(
    app: Flask, desk: Browser, jana: Person, agent: Person, letter: SendLetter, parts: Parts
) -> None:
    fill(parts, jana, agent, letter)
    kept = str(Copy.get(Copy.message.is_null(False)).letter.reference)
    standing = holds.standing(jana.client_id)
    assert standing
    opened = {
        path: desk.get(path)
        for path in pages(app, jana, hold=standing.id, letter=kept, request=made(jana, agent))
    }
    assert len(opened) >= 9
    found = [(path, secret) for path, page in opened.items() for secret in NEVER if secret in page.text]
    assert found == []
    # Without a code on its way, its page leads to the one before.
    assert {path for path, page in opened.items() if page.status_code != 200} == {at(jana, "phone/code")}


def test_every_page_is_a_look_and_an_hour_of_looks_is_one(
    app: Flask, desk: Browser, jana: Person, agent: Person, letter: SendLetter
) -> None:
    sent = letter(jana)
    hold = holds.place(BY_LINK, jana.client_id, Why.ACCESS, 1)
    paths = list(pages(app, jana, hold=hold.id, letter=str(sent.reference), request=made(jana, agent)))
    for number, path in enumerate(paths, start=1):
        ClientLook.delete().execute()
        desk.get(path)
        assert len(events("client:viewed")) == number, path
    for path in paths:
        desk.get(path)
    assert len(events("client:viewed")) == len(paths)
    assert {event.client_id for event in events("client:viewed")} == {jana.client_id}


def test_it_costs_as_many_queries_however_much_there_is(
    desk: Browser,
    jana: Person,
    agent: Person,
    letter: SendLetter,
    parts: Parts,
    caplog: pytest.LogCaptureFixture,
) -> None:
    costs = []
    for number in range(3):
        fill(parts, jana, agent, letter, number)
        desk.get(at(jana))
        caplog.clear()
        with caplog.at_level(logging.DEBUG, logger="peewee"):
            desk.get(at(jana))
        costs.append(sum(record.name == "peewee" for record in caplog.records))
    assert len(set(costs)) == 1, costs
    assert costs[0] <= 23, costs


def test_whose_number_nobody_has_is_no_client(app: Flask, desk: Browser, jana: Person) -> None:
    Client.delete().where(Client.id == jana.client_id).execute()
    for path in pages(app, jana, hold=1, letter="x", request="x"):
        assert desk.get(path).status_code == 404, path


def refused(page: TestResponse) -> bool:
    return page.status_code == 404 and "Nov" not in page.text


def test_what_belongs_to_another_client_is_not_there(
    desk: Browser, jana: Person, vault: Vault, parts: Parts
) -> None:
    peter = make_client(vault, PETER)
    letter = bring(parts.intake, client=PETER.reference)
    hold = holds.place(BY_LINK, peter.id, Why.ACCESS, 1)
    message = Message.get(Message.client_id == peter.id)
    Message.update(status=Status.UNKNOWN).execute()
    for place in (f"letters/{letter.reference}", f"letters/{letter.reference}/copies", f"holds/{hold.id}"):
        assert refused(desk.get(at(jana, place))), place
    assert refused(desk.send(at(jana, f"holds/{hold.id}"), {"text": "x", "token": "t"}))
    assert refused(desk.send(at(jana, f"messages/{message.reference}/settle"), {"arrived": "yes"}))
    assert holds.standing(peter.id)
    assert Message.get_by_id(message.id).status == Status.UNKNOWN


@pytest.mark.parametrize("place", ["messages", "letters", "notes"])
def test_lists_go_on_page_by_page_and_htmx_gets_the_list_alone(
    desk: Browser, jana: Person, parts: Parts, agent: Person, place: str
) -> None:
    for number in range(22):
        bring(parts.intake, client=JANA.reference, subject=f"{SUBJECT} {number}")
        notes.write(parts.vault, agent.actor, jana.client_id, Secret(f"note {number}"), token=f"t{number}")
    first = desk.get(at(jana, place))
    older = next(line for line in first.text.split('"') if "before=" in line)
    rest = desk.get(older, headers=HTMX)
    assert rest.text.count("<h1") == 0
    assert f'id="{place}"' in rest.text
    assert "Newer" in rest.text
    assert "Older" in first.text
