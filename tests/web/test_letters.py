"""The list of letters, their download, the portfolio and the support desk."""

from __future__ import annotations

import pytest

from tests.people import PETER
from tests.web.browser import Browser, masked
from tests.web.conftest import SendLetter, SignIn
from tests.web.people import Person, add_client
from zone.audit.models import Event
from zone.audit.tags import Tag
from zone.letters import sealed
from zone.letters.intake import copy_context, copy_name
from zone.letters.models import Copy, Letter
from zone.messages.handover import Reason, Status
from zone.messages.models import Message
from zone.parts import Parts
from zone.vault import Vault


@pytest.fixture
def reader(sign_in: SignIn, jana: Person) -> Browser:
    browser = sign_in(jana)
    browser.send("/language", {"language": "en"})
    return browser


def more(copy: Copy, count: int) -> None:
    """As many more letters like that of `copy`; their files do not matter here."""
    for number in range(count):
        letter = Letter.create(
            client=copy.letter.client_id,
            subject=f"List {number}",
            pages=1,
            received_at=copy.letter.received_at,
        )
        Copy.create(
            letter=letter,
            password=copy.password_id,
            message=Message.get(Message.subject_id == copy.id, Message.channel == "mail"),
            size=1,
            made_at=copy.made_at,
        )


@pytest.mark.parametrize("language", ["sk", "en"])
def test_each_letter_says_what_opens_it(
    reader: Browser, jana: Person, letter: SendLetter, language: str
) -> None:
    reader.send("/language", {"language": language})
    assert "/letters/" not in reader.get("/letters").text
    copy = letter(jana)
    page = reader.get("/letters").text
    assert f"/letters/{copy.reference}.pdf" in page
    if language == "en":
        assert "the last 4 digits of your birth number" in page


def test_the_download_is_the_copy_that_went_out(
    reader: Browser, jana: Person, letter: SendLetter, parts: Parts
) -> None:
    copy = letter(jana)
    answer = reader.get(f"/letters/{copy.reference}.pdf")
    kept = sealed.read(parts.intake.store, parts.vault, copy_name(copy), copy_context(copy, jana.client_id))
    assert answer.data == kept
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    assert Event.select().where(Event.tag == Tag.LETTER_DOWNLOADED).count() == 1


def test_somebody_else_s_letter_is_not_there(
    reader: Browser, vault: Vault, letter: SendLetter, sign_in: SignIn, agent: Person
) -> None:
    peter = add_client(vault, PETER)
    path = f"/letters/{letter(peter).reference}.pdf"
    assert reader.get(path).status_code == 404
    nothing = "/letters/0123456789abcdef012345.pdf"
    assert masked(reader.get(path)).replace(path, nothing) == masked(reader.get(nothing))
    assert sign_in(agent).get(path).status_code == 403
    assert sign_in(peter).get(path).status_code == 200
    assert "/letters/" not in reader.get("/letters").text


@pytest.mark.parametrize("reference", ["nothing", "..%2f..%2fkeys.json", "%2e%2e", "x" * 3000, "%ff", "'--"])
def test_a_letter_that_there_is_not_is_not_there(reader: Browser, reference: str) -> None:
    assert reader.get(f"/letters/{reference}.pdf").status_code == 404


def test_many_letters_come_in_pages(reader: Browser, jana: Person, letter: SendLetter) -> None:
    more(letter(jana), 44)
    seen: list[str] = []
    address = "/letters"
    for count in (20, 20, 5):
        page = reader.get(address).text
        links = [line.split('"')[0] for line in page.split('href="/letters/')[1:]]
        assert len(links) == count
        seen += links
        older = page.partition('rel="next" href="')[2].partition('"')[0]
        address = older.replace("&amp;", "&")
    assert not older
    assert len(set(seen)) == 45


def test_markup_in_a_subject_stays_text(reader: Browser, jana: Person, letter: SendLetter) -> None:
    copy = letter(jana)
    Letter.update(subject="<b onclick=alert(1)>'\"").where(Letter.id == copy.letter_id).execute()
    assert "<b onclick" not in reader.get("/letters").text


def test_a_broker_sees_the_policies_of_living_mandates(sign_in: SignIn, broker: Person, jana: Person) -> None:
    page = sign_in(broker).get("/broker/").text
    assert "PZ-2002" in page
    assert "PZ-2001" not in page


@pytest.mark.parametrize("reason", [None, *Reason])
def test_support_sees_what_did_not_arrive(
    sign_in: SignIn, agent: Person, jana: Person, letter: SendLetter, reason: Reason | None
) -> None:
    letter(jana)
    browser = sign_in(agent)
    assert "j•••@example.org" not in browser.get("/support/").text
    for status in (Status.FAILED, Status.UNKNOWN):
        Message.update(status=status, reason=reason).execute()
        page = browser.get("/support/").text
        assert "j•••@example.org" in page
        assert "jana.kovacova" not in page
