"""One letter of the client: its page, its copies, sending it or an earlier password again."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
import time_machine

from tests.letters.posted import post
from tests.people import COMPANY, PETER
from tests.web.browser import Browser, masked
from tests.web.client.conftest import SendLetters
from tests.web.conftest import SendLetter, SignIn
from tests.web.inspector import parse
from tests.web.people import Person, add_client
from zone.clients import birth_numbers
from zone.clients.models import Phone, Policy
from zone.clock import now
from zone.letter_passwords.reset import reset
from zone.letter_passwords.set_own import set_own
from zone.letters.models import Copy, Letter, State
from zone.messages.handover import Reason, Status
from zone.messages.models import Kind, Message
from zone.parts import Parts
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Context, Purpose, Vault

LATER = Secret("Modrý vlak do Žiliny")
SEND_PASSWORD = "Send this password by SMS"
SEND_AGAIN = "Send it again"
READ = ("", "/copies", "/message", "/view", ".pdf")
WRITE = ("/send-again", "/passwords/1")


def path_of(letter: Letter) -> str:
    return f"/letters/{letter.reference}"


def earlier_messages() -> list[Message]:
    return list(Message.select().where(Message.kind == Kind.EARLIER_PASSWORD))


def test_the_page_says_what_it_is_and_how_long_it_is_kept(
    reader: Browser, jana: Person, letter: SendLetter
) -> None:
    mine = letter(jana)
    came = mine.received_at.replace(year=2026, month=5, day=3)
    Letter.update(policy=Policy.get(), received_at=came, keep_until=came.replace(year=2036)).execute()
    page = reader.get(path_of(mine)).text
    for words in ("Výročná správa", "Other", "PZ-2001 · Poistenie domácnosti"):
        assert words in page
    assert "from 3 May 2026 until 3 May 2036" in page


@pytest.mark.parametrize("language", ["sk", "en"])
@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("reason", [None, *Reason])
def test_each_copy_says_what_became_of_it(
    reader: Browser, jana: Person, letter: SendLetter, language: str, status: Status, reason: Reason | None
) -> None:
    mine = letter(jana)
    Message.update(status=status, reason=reason).execute()
    reader.send("/language", {"language": language})
    page = reader.get(path_of(mine)).text
    assert "j•••@example.org" in page
    assert "jana.kovacova" not in page.partition("<main")[2]
    moves = status in (Status.QUEUED, Status.SENDING)
    assert ("data-hx-get" in page) == moves
    assert ("/send-again" in page) != moves


def test_copies_stand_newest_first_each_with_what_opens_it(
    reader: Browser, parts: Parts, under_another: list[Letter]
) -> None:
    mine = under_another[0]
    answer = reader.send(f"{path_of(mine)}/send-again")
    assert (answer.status_code, answer.location) == (303, f"{path_of(mine)}#copies")
    part = reader.get(f"{path_of(mine)}/copies")
    assert 'data-hx-trigger="every 2s"' in part.text
    assert "the password in force when it goes" in part.text
    post(parts.intake)
    (root,) = parse(reader.get(f"{path_of(mine)}/copies").text)
    newest, oldest = (" ".join("".join(each.itertext()).split()) for each in root.iter("li"))
    assert root.get("data-hx-get") is None
    assert "Opens with: your current password" in newest
    assert "Opens with: the last 4 digits of your birth number" in oldest


def test_what_failed_before_it_was_encrypted_opens_with_nothing(
    reader: Browser, jana: Person, letter: SendLetter
) -> None:
    mine = letter(jana)
    Message.update(status=Status.FAILED, reason=Reason.UNRENDERABLE).execute()
    page = reader.get(path_of(mine)).text
    assert "nothing: it was not sent" in page
    assert "The letter could not be prepared." in page


def test_sending_again_twice_makes_one_copy(reader: Browser, under_another: list[Letter]) -> None:
    for _ in range(2):
        assert reader.send(f"{path_of(under_another[0])}/send-again").status_code == 303
    assert Copy.select().where(Copy.letter == under_another[0]).count() == 2


def test_who_sends_too_many_is_told_so(reader: Browser, jana: Person, under_another: list[Letter]) -> None:
    mine = under_another[0]
    spent = {"actor_role": "client", "actor_id": jana.account_id, "asked_at": now()}
    Copy.insert_many([{"letter": mine, **spent} for _ in range(150)]).execute()
    other = path_of(under_another[1])
    answer = reader.send(f"{other}/send-again", follow_redirects=True)
    assert "Very many letters were sent again today." in answer.text
    assert Copy.select().where(Copy.letter == under_another[1]).count() == 1


def test_a_copy_that_waits_says_for_what_and_need_not_be_sent_again(
    sign_in: SignIn, vault: Vault, letter: SendLetter
) -> None:
    firm = add_client(vault, COMPANY)
    Phone.update(confirmed_at=now() - timedelta(days=400)).execute()
    mine = letter(firm)
    browser = sign_in(firm)
    browser.send("/language", {"language": "en"})
    page = browser.get(path_of(mine)).text
    assert "Confirm the number and the letter goes by itself." in page
    assert '<a href="/settings/phone">Confirm the phone number</a>' in page
    assert SEND_AGAIN not in page
    assert "data-hx-get" not in page


def test_an_earlier_password_comes_by_sms_and_its_way_is_shown(
    reader: Browser, under_another: list[Letter]
) -> None:
    path = path_of(under_another[0])
    page = reader.get(path).text
    assert page.count(SEND_PASSWORD) == 1
    assert "It goes to +421\u00a09••\u00a0•••\u00a0101." in page
    for _ in range(2):
        answer = reader.send(f"{path}/passwords/1")
        assert (answer.status_code, answer.location) == (303, f"{path}#earlier")
    (message,) = earlier_messages()
    assert f'data-hx-get="{path}/message"' in reader.get(path).text
    (root,) = parse(reader.get(f"{path}/message").text)
    assert (root.get("id"), root.get("data-hx-trigger")) == ("message", "every 2s")
    Message.update(status=Status.DELIVERED, settled_at=now()).where(Message.id == message.id).execute()
    (root,) = parse(reader.get(f"{path}/message").text)
    assert root.get("data-hx-get") is None
    assert "delivered" in "".join(root.itertext())


def test_each_earlier_password_is_offered_once(
    reader: Browser, jana: Person, parts: Parts, under_another: list[Letter]
) -> None:
    mine = under_another[0]
    for password in (None, LATER):
        reader.send(f"{path_of(mine)}/send-again")
        post(parts.intake)
        if password:
            set_own(parts.vault, jana.actor, jana.client_id, password)
    page = reader.get(path_of(mine)).text
    assert page.count(SEND_PASSWORD) == 2
    assert page.index("/passwords/2") < page.index("/passwords/1")


def test_the_way_of_a_message_with_another_letter_s_password_is_not_shown(
    reader: Browser, jana: Person, parts: Parts, under_another: list[Letter], sent: SendLetters
) -> None:
    (later,) = sent(jana, 1)
    set_own(parts.vault, jana.actor, jana.client_id, LATER)
    reader.send(f"{path_of(under_another[0])}/passwords/1")
    assert "Your last message" in reader.get(path_of(under_another[0])).text
    assert "Your last message" not in reader.get(path_of(later)).text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"confirmed_at": None}, "Confirm the phone number"),
        ({"replaced_at": now()}, "We have no mobile number for you"),
    ],
)
def test_a_phone_that_is_not_fit_is_told_as_on_the_panel(
    reader: Browser, under_another: list[Letter], changes: dict[str, object], words: str
) -> None:
    Phone.update(**changes).execute()
    path = path_of(under_another[0])
    page = reader.get(path).text
    assert words in page
    assert SEND_PASSWORD not in page
    answer = reader.send(f"{path}/passwords/1", follow_redirects=True)
    assert "notice-caution" in answer.text.partition("<h1>")[0]
    assert earlier_messages() == []


def test_a_password_that_is_no_longer_kept_is_not_offered(
    reader: Browser, jana: Person, parts: Parts, under_another: list[Letter], sent: SendLetters
) -> None:
    (mine,) = sent(jana, 1)
    set_own(parts.vault, jana.actor, jana.client_id, LATER)
    assert SEND_PASSWORD in reader.get(path_of(mine)).text
    with transaction():
        birth_numbers.forget(parts.vault, jana.client_id)
        parts.vault.destroy(Context(Purpose.LETTER_PASSWORD, jana.client_id, 2))
    for letter, version in ((under_another[0], 1), (mine, 2), (mine, 99)):
        assert SEND_PASSWORD not in reader.get(path_of(letter)).text
        answer = reader.send(f"{path_of(letter)}/passwords/{version}", follow_redirects=True)
        assert "This password is no longer kept." in answer.text
    assert earlier_messages() == []


def test_the_default_that_is_in_force_again_is_no_earlier_password(
    reader: Browser, jana: Person, parts: Parts, under_another: list[Letter]
) -> None:
    assert SEND_PASSWORD in reader.get(path_of(under_another[0])).text
    reset(parts.vault, jana.actor, jana.client_id, limits=parts.config.limits)
    assert SEND_PASSWORD not in reader.get(path_of(under_another[0])).text


@pytest.mark.parametrize("number", ["x", "-1", "1" * 40])
def test_a_version_that_is_none(reader: Browser, under_another: list[Letter], number: str) -> None:
    assert reader.send(f"{path_of(under_another[0])}/passwords/{number}").status_code == 404


def test_somebody_else_s_letter_is_not_there(
    reader: Browser, vault: Vault, letter: SendLetter, sign_in: SignIn, agent: Person
) -> None:
    peter = add_client(vault, PETER)
    path = path_of(letter(peter))
    before = Message.select().count(), Copy.select().count()
    nothing = "/letters/0123456789abcdef012345"
    for end in READ:
        answer = reader.get(path + end)
        assert answer.status_code == 404, end
        assert masked(answer).replace(path, nothing) == masked(reader.get(nothing + end)), end
    for end in WRITE:
        assert reader.send(path + end).status_code == 404, end
    assert (Message.select().count(), Copy.select().count()) == before
    assert sign_in(agent).get(path).status_code == 403
    assert sign_in(peter).get(path).status_code == 200


@pytest.mark.parametrize("state", [State.REJECTED, State.PURGED])
def test_what_is_not_kept_is_not_there(reader: Browser, under_another: list[Letter], state: State) -> None:
    Letter.update(state=state).execute()
    path = path_of(under_another[0])
    assert {reader.get(path + end).status_code for end in READ} == {404}
    assert {reader.send(path + end).status_code for end in WRITE} == {404}


@pytest.mark.parametrize("reference", ["nothing", "..%2f..%2fkeys.json", "%2e%2e", "x" * 3000, "%ff", "'--"])
def test_a_letter_that_there_is_not_is_not_there(reader: Browser, reference: str) -> None:
    assert {reader.get(f"/letters/{reference}{end}").status_code for end in READ} == {404}


def test_a_page_costs_as_many_queries_however_many_copies_there_are(
    reader: Browser, jana: Person, parts: Parts, under_another: list[Letter], caplog: pytest.LogCaptureFixture
) -> None:
    mine = under_another[0]
    costs: list[int] = []
    for minutes in (2, 4, 6):
        with time_machine.travel(now() + timedelta(minutes=minutes), tick=True):
            reader.send(f"{path_of(mine)}/send-again")
            post(parts.intake)
            caplog.clear()
            with caplog.at_level(logging.DEBUG, logger="peewee"):
                page = reader.get(path_of(mine)).text
        assert page.count('id="copy-') == len(costs) + 2
        costs.append(sum(record.name == "peewee" for record in caplog.records))
    assert costs == [costs[0]] * 3
    assert costs[0] <= 12
