"""Settings → Access history, as a client sees it."""

from __future__ import annotations

import csv
import json
import logging
import re
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import PETER
from tests.web.browser import HTMX, Browser
from tests.web.client.conftest import SendLetters
from tests.web.conftest import SignIn
from tests.web.impersonating import begin
from tests.web.inspector import parse
from tests.web.people import Person, add_client
from zone.accounts.accounts import set_office
from zone.accounts.models import Account, Session
from zone.audit import OPERATOR, SYSTEM, Actor, Role, Tag, record
from zone.audit.facts import Fact
from zone.audit.models import Event
from zone.clock import now
from zone.config import Limits, StaffShownAs
from zone.letter_passwords.resend import resend
from zone.messages.models import Message
from zone.parts import Parts
from zone.storage import transaction
from zone.vault import Vault

PATH = "/settings/access-history"
HOSTILE = "<script>alert(1)</script>"
VALUES = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text()


def entries(page: str) -> list[str]:
    """What each entry of a page says happened."""
    return re.findall(r'<p class="entry-what">([^<]+)</p>', page)


def newest(person: Person, tag: Tag) -> int:
    mine = Event.client_id == person.client_id, Event.tag == tag
    event: Event = Event.select().where(*mine).order_by(Event.id.desc()).get()
    return int(event.id)


def test_the_settings_lead_to_it(reader: Browser) -> None:
    assert f'href="{PATH}"' in reader.get("/settings").text


@pytest.mark.parametrize(
    ("language", "title", "entry"),
    [("sk", "História prístupov", "Prihlásenie"), ("en", "Access history", "Signed in")],
)
def test_the_client_reads_who_did_what_and_when(
    reader: Browser, language: str, title: str, entry: str
) -> None:
    reader.send("/language", {"language": language})
    page = reader.get(PATH).text
    assert f"<h1>{title}</h1>" in page
    assert entry in entries(page)
    assert "<time datetime=" in page


@pytest.mark.parametrize(
    ("shown_as", "who"),
    [
        (StaffShownAs.NAME, "Our support, Eva Malá"),
        (StaffShownAs.OFFICE, "Our support, Žilina"),
        (StaffShownAs.ROLE, "Our support"),
    ],
)
def test_staff_are_shown_as_the_installation_wants_it(
    reader: Browser, jana: Person, agent: Person, parts: Parts, shown_as: StaffShownAs, who: str
) -> None:
    set_office(OPERATOR, agent.email, "Žilina")
    resend(agent.actor, jana.client_id, language="sk", limits=Limits())
    config = replace(parts.config, staff_shown_as=shown_as)
    reader.application.extensions["zone"] = replace(parts, config=config)
    page = reader.get(PATH).text
    assert f"{who} ·" in page
    for file in (reader.get(f"{PATH}.csv").data.decode(), json.loads(reader.get(f"{PATH}.json").data)):
        assert who in str(file)
    for other in {"Eva Malá", "Žilina"} - {who.removeprefix("Our support, ")}:
        assert other not in page


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("sk", ("Trvala 7 minút.", "zabudnuté heslo k listom", "Počas pomoci: Naša podpora, Eva Malá")),
        ("en", ("It took 7 minutes.", "forgotten letter password", "During help by: Our support, Eva Malá")),
    ],
)
def test_help_is_told_with_how_long_it_took_and_why(
    reader: Browser, jana: Person, agent: Person, sign_in: SignIn, language: str, told: tuple[str, ...]
) -> None:
    begun = now() - timedelta(minutes=12)
    with time_machine.travel(begun, tick=False):
        desk = sign_in(agent)
        mark = begin(desk, jana)
    with time_machine.travel(begun + timedelta(minutes=7), tick=False):
        desk.send("/support/impersonation/end", {"reference": mark})
    reader.send("/language", {"language": language})
    page = reader.get(PATH).text
    for words in (*told, "PO-2041"):
        assert words in page


def test_an_account_that_is_gone_is_told_by_its_part(reader: Browser, jana: Person, agent: Person) -> None:
    resend(agent.actor, jana.client_id, language="sk", limits=Limits())
    Account.delete().where(Account.id == agent.account_id).execute()
    assert "Our support ·" in reader.get(PATH).text


def test_a_message_tells_its_state_of_now(reader: Browser, jana: Person) -> None:
    resend(jana.actor, jana.client_id, language="sk", limits=Limits())
    assert "waiting to be sent" in reader.get(f"{PATH}?group=messages").text
    Message.update(status="delivered").execute()
    assert "delivered" in reader.get(f"{PATH}?group=messages").text


def test_letters_are_called_by_their_subject(reader: Browser, jana: Person, sent: SendLetters) -> None:
    sent(jana, 1)
    page = reader.get(f"{PATH}?group=letters").text
    assert "Výročná správa" in page
    assert "Prepared a letter for you" in entries(page)


def test_filters_choose_with_and_without_htmx(reader: Browser, jana: Person, broker: Person) -> None:
    record(Tag.PASSWORD_RESET, broker.actor, client_id=jana.client_id)
    record(Tag.PASSWORD_RESET, jana.actor, client_id=jana.client_id)
    assert set(entries(reader.get(f"{PATH}?group=sign-in").text)) == {
        "Signed in",
        "Opened your account in the zone",
    }
    page = reader.get(f"{PATH}?group=acting")
    assert entries(page.text) == ["Reset the letter password"]
    assert "Broker, Eva Malá" in page.text
    assert '<option value="acting" selected>' in page.text
    answer = reader.get(f"{PATH}?group=acting", headers=HTMX)
    (root,) = parse(answer.text)
    assert (root.get("id"), answer.headers["HX-Push-Url"]) == ("history", f"{PATH}?group=acting")
    assert "Nothing of what you have chosen happened." in reader.get(f"{PATH}?group=messages").text


@pytest.mark.parametrize("query", ["group=nothing", "group=", "before=x", "before=-1", "before=" + "9" * 40])
def test_what_names_nothing_shows_everything(reader: Browser, query: str) -> None:
    page = reader.get(f"{PATH}?{query}")
    assert page.status_code == 200
    assert "Signed in" in entries(page.text)


def test_pages_lead_on_to_the_end_within_the_filter(reader: Browser, jana: Person) -> None:
    for _ in range(65):
        record(Tag.PASSWORD_SET, jana.actor, client_id=jana.client_id)
    address, seen = f"{PATH}?group=password", 0
    while address:
        page = reader.get(address).text
        seen += entries(page).count("Set their own letter password")
        older = parse(page).find('.//a[@rel="next"]')
        address = older.get("href") if older is not None else ""
        record(Tag.PASSWORD_SET, jana.actor, client_id=jana.client_id)
    assert seen == 65


def test_the_entries_of_others_are_never_shown(
    reader: Browser, jana: Person, sign_in: SignIn, vault: Vault
) -> None:
    peter = add_client(vault, PETER)
    record(Tag.PASSWORD_RESET, OPERATOR, client_id=peter.client_id)
    record(Tag.PASSWORD_RESET, OPERATOR)
    assert "Reset the letter password" not in entries(reader.get(PATH).text)
    assert reader.get(f"{PATH}/{newest(peter, Tag.PASSWORD_RESET)}/not-me").status_code == 404
    assert reader.send(f"{PATH}/{newest(peter, Tag.PASSWORD_RESET)}/not-me").status_code == 404


@given(
    tags=st.lists(st.sampled_from(list(Tag)), max_size=4),
    role=st.sampled_from(list(Role)),
    help_id=st.none() | st.integers(1, 2),
    facts=st.dictionaries(
        st.sampled_from(["to", "message", "letter", "broker", "what", "fields", "problem"]), VALUES
    ),
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_events_hold_the_page_stands(
    reader: Browser, jana: Person, tags: list[Tag], role: Role, help_id: int | None, facts: dict[str, Fact]
) -> None:
    for tag in tags:
        record(tag, Actor(role, 1, impersonation_id=help_id), client_id=jana.client_id, **facts)
    for address in (PATH, f"{PATH}?group=messages", f"{PATH}.json"):
        assert reader.get(address).status_code == 200


def test_the_page_costs_as_many_queries_however_long_it_is(
    reader: Browser, jana: Person, agent: Person, caplog: pytest.LogCaptureFixture
) -> None:
    costs = []
    for count in (1, 10, 40):
        for number in range(count):
            facts = {"message": f"m{number}", "letter": "r", "to": "+421"}
            record(Tag.PASSWORD_RESEND, agent.actor, client_id=jana.client_id, **facts)
        caplog.clear()
        with caplog.at_level(logging.DEBUG, logger="peewee"):
            reader.get(PATH)
        costs.append(sum(each.name == "peewee" for each in caplog.records))
    assert costs == [7, 7, 7]


def test_markup_in_names_and_facts_stays_text(reader: Browser, jana: Person, agent: Person) -> None:
    Account.update(name=HOSTILE).where(Account.id == agent.account_id).execute()
    record(Tag.PHONE_CHANGED, agent.actor, client_id=jana.client_id, before=None, to=HOSTILE)
    event = newest(jana, Tag.PHONE_CHANGED)
    for address in (PATH, f"{PATH}/{event}/not-me"):
        page = reader.get(address).text
        assert HOSTILE not in page
        assert "&lt;script&gt;" in page


def test_both_files_hold_what_the_page_does(reader: Browser, jana: Person, agent: Person) -> None:
    Account.update(name="=cmd()").where(Account.id == agent.account_id).execute()
    record(Tag.POLICY_CHANGED, agent.actor, client_id=jana.client_id, policy='=HYPERLINK("x")')
    table = reader.get(f"{PATH}.csv")
    assert (table.mimetype, table.headers["Cache-Control"]) == ("text/csv", "no-store")
    assert table.headers["Content-Disposition"] == "attachment; filename=access-history.csv"
    rows = list(csv.DictReader(StringIO(table.data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0]["What"] == "Went through the access history"
    assert (rows[1]["Tag"], rows[1]["Who"]) == ("policy:changed", "Our support, =cmd()")
    assert rows[1]["Details"] == 'Policy: =HYPERLINK("x")'
    read = json.loads(reader.get(f"{PATH}.json").data)
    assert [each["tag"] for each in read[:3]] == ["trail:read", "trail:read", "policy:changed"]
    assert [str(each["id"]) for each in read[1:]] == [row["Entry"] for row in rows]


def test_a_long_history_is_written_whole(reader: Browser, jana: Person) -> None:
    with transaction():
        for _ in range(1200):
            record(Tag.SIGN_IN, Actor(Role.CLIENT, jana.account_id), client_id=jana.client_id)
    read = json.loads(reader.get(f"{PATH}.json").data)
    assert len({each["id"] for each in read}) == len(read) > 1200


def test_reading_the_page_leaves_no_event(reader: Browser) -> None:
    before = Event.select().count()
    reader.get(PATH)
    assert Event.select().count() == before


def test_signing_out_elsewhere_leaves_this_browser_alone(
    reader: Browser, jana: Person, sign_in: SignIn
) -> None:
    stranger = sign_in(jana)
    page = reader.get(PATH).text
    assert page.count("Last used") == 2
    assert page.count(">here</span>") == 1
    answer = reader.send(f"{PATH}/sign-out-elsewhere")
    assert (answer.status_code, answer.location) == (303, PATH)
    assert stranger.get(PATH).status_code == 303
    page = reader.get(PATH).text
    assert page.count("Last used") == 1
    assert "Signed out everywhere else" in entries(page)


def test_this_was_not_me_says_what_it_will_do_and_then_does_it(
    reader: Browser, jana: Person, sign_in: SignIn
) -> None:
    sign_in(jana)
    address = f"{PATH}/{newest(jana, Tag.SIGN_IN)}/not-me"
    assert f'href="{address}"' in reader.get(PATH).text
    page = reader.get(address)
    assert "You are signed out everywhere but here." in page.text
    assert Session.select().count() == 2
    answer = reader.send(address)
    assert (answer.status_code, answer.location) == (303, PATH)
    assert Session.select().count() == 1
    assert "Thank you for telling us." in reader.get(PATH).text


def test_what_the_zone_or_the_client_could_not_have_foul_is_not_to_be_disowned(
    reader: Browser, jana: Person
) -> None:
    record(Tag.PASSWORD_OPENED, SYSTEM, client_id=jana.client_id, use="sms")
    assert reader.get(f"{PATH}/{newest(jana, Tag.PASSWORD_OPENED)}/not-me").status_code == 404
    assert reader.get(f"{PATH}/{2**63 - 2}/not-me").status_code == 404
    assert reader.get(f"{PATH}/{2**63}/not-me").status_code == 404
