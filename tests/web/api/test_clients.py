"""Clients, policies and mandates by API."""

from __future__ import annotations

import json
import logging

import pytest
from peewee import Database

from tests.everything import snapshot
from tests.web.api.conftest import Program
from tests.web.api.test_access import problem
from tests.web.people import Person
from zone.audit.models import Event
from zone.clients import birth_numbers, search
from zone.clients.models import Client
from zone.clock import now
from zone.letter_passwords.versions import current
from zone.messages.models import Kind, Message
from zone.vault import Vault

NUMBER = "865514/2375"
JANA = {
    "kind": "person",
    "name": "Jana Kováčová",
    "email": "jana@example.org",
    "phone": "0905 100 101",
    "birth_number": NUMBER,
    "language": "en",
    "policy_number": "PZ-1/2026",
    "product": "Život",
}
CLIENT = "/clients/KL/77"


def test_a_client_comes_in_whole_and_can_be_read_again(program: Program, vault: Vault) -> None:
    made = program.put(CLIENT, JANA)
    assert made.status_code == 201
    assert made.json == {
        "reference": "KL/77",
        "kind": "person",
        "name": "Jana Kováčová",
        "email": "jana@example.org",
        "language": "en",
        "phone": "+421 9•• ••• 101",
        "password_origin": "default",
    }
    assert program.get(CLIENT).json == made.json
    assert program.get("/policies/PZ-1/2026").json == {
        "number": "PZ-1/2026",
        "client": "KL/77",
        "product": "Život",
    }
    client = Client.get(Client.reference == "KL/77")
    kept = birth_numbers.load(vault, client.id)
    assert kept is not None
    assert kept.digits.reveal() == "8655142375"


def test_the_same_again_changes_nothing_and_what_is_left_out_is_gone(program: Program) -> None:
    program.put(CLIENT, JANA)
    before = Event.select().count()
    assert program.put(CLIENT, JANA).status_code == 200
    assert Event.select().count() == before
    replaced = program.put(CLIENT, {**JANA, "phone": None})
    assert (replaced.status_code, replaced.json and replaced.json["phone"]) == (200, None)


def test_texts_are_kept_on_one_line_and_in_one_spelling(program: Program) -> None:
    made = program.put("/clients/K-2", {**JANA, "name": " Jana\u00a0\u00a0Nova\u0301 "})
    assert made.json is not None
    assert made.json["name"] == "Jana Nová"


def test_the_trail_names_the_key(program: Program) -> None:
    program.put(CLIENT, JANA)
    program.put(CLIENT, {**JANA, "name": "Jana Nová"})
    told = [event for event in Event.select() if not event.tag.startswith("api_key:")]
    assert {event.actor_role for event in told} == {"program"}
    assert {json.loads(event.facts)["by"] for event in told} == {"billing"}
    assert {"client:created", "client:changed", "letter_password:default"} <= {event.tag for event in told}


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"birth_number": "865514/2376"}, "birth_number"),
        ({"email": "jana"}, "email"),
        ({"phone": "02 5341 1111"}, "phone"),
        ({"phone_confirmed": "yesterday"}, "phone_confirmed"),
        ({"phone_confirmed": "2999-01-01"}, "phone_confirmed"),
        ({"kind": "firm"}, "kind"),
        ({"kind": "company"}, "birth_number"),
        ({"language": "hu"}, "language"),
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "Jana\u200b"}, "name"),
        ({"name": "Jana\0"}, "name"),
        ({"name": 7}, "name"),
        ({"product": None}, "product"),
        ({NUMBER: "x"}, "body"),
    ],
)
def test_what_cannot_be_taken_is_named_with_what_to_do(
    program: Program, fields: dict[str, object], at_fault: str
) -> None:
    answer = program.put(CLIENT, JANA | fields)
    assert problem(answer) == (422, "invalid")
    assert answer.json is not None
    assert answer.json["errors"].keys() == {at_fault}
    assert not Client.select().exists()


def test_a_policy_of_another_stays_theirs(program: Program, jana: Person) -> None:
    assert problem(program.put(CLIENT, JANA | {"policy_number": "PZ-2001"})) == (409, "conflict")
    assert not Client.select().where(Client.reference == "KL/77").exists()
    program.put(CLIENT, JANA)
    assert problem(program.put("/policies/PZ-2001", {"client": "KL/77", "product": "Dom"})) == (
        409,
        "conflict",
    )


def test_a_policy_comes_in_by_itself(program: Program, jana: Person) -> None:
    told = {"client": "K-1001", "product": "Auto"}
    assert [program.put("/policies/PZ-3", told).status_code for _ in range(2)] == [201, 200]
    answer = program.put("/policies/PZ-4", {"client": "K-0", "product": "Auto"})
    assert problem(answer) == (422, "invalid")
    assert answer.json is not None
    assert answer.json["errors"].keys() == {"client"}


@pytest.mark.parametrize("path", ["/clients/K-0", "/policies/PZ-0", "/mandates/M-0", "/letters/x"])
def test_what_is_not_there_is_not_found(program: Program, path: str) -> None:
    answer = program.get(path)
    assert problem(answer) == (404, "about:blank")
    assert answer.json is not None
    assert "There is no" in answer.json["detail"]


def test_a_mandate_opens_a_policy_and_its_end_shuts_it_at_once(
    program: Program, jana: Person, broker: Person
) -> None:
    told = {"policy": "PZ-2001", "broker": "Milan.Broker@example.org", "starts": "2026-01-01T00:00:00+02:00"}
    made = program.put("/mandates/M-1", told)
    assert (made.status_code, made.json) == (
        201,
        {
            "reference": "M-1",
            "policy": "PZ-2001",
            "client": "K-1001",
            "broker": "milan.broker@example.org",
            "starts": "2025-12-31T22:00:00Z",
            "ends": None,
        },
    )
    seen = [row.policy.number for row in search.portfolio(broker.account_id, "").rows]
    assert "PZ-2001" in seen
    ended = program.put("/mandates/M-1", {**told, "ends": f"{now():%Y-%m-%dT%H:%M:%SZ}"})
    assert ended.status_code == 200
    assert program.get("/mandates/M-1").json == ended.json
    assert [row.policy.number for row in search.portfolio(broker.account_id, "").rows] == ["PZ-2002"]


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"policy": "PZ-0"}, "policy"),
        ({"broker": "jana.kovacova@example.org"}, "broker"),
        ({"starts": "2026-01-01"}, "starts"),
        ({"starts": "2026-02-30T00:00:00Z"}, "starts"),
        ({"starts": "0001-01-01T00:00:00+14:00"}, "starts"),
        ({"starts": "2026-01-01T00:00:00+99:99"}, "starts"),
        ({"ends": "2025-12-31T00:00:00Z"}, "ends"),
    ],
)
def test_a_mandate_that_cannot_be_is_refused(
    program: Program, jana: Person, broker: Person, fields: dict[str, str], at_fault: str
) -> None:
    told = {"policy": "PZ-2001", "broker": broker.email, "starts": "2026-01-01T00:00:00Z"}
    answer = program.put("/mandates/M-1", told | fields)
    assert problem(answer) == (422, "invalid")
    assert answer.json is not None
    assert answer.json["errors"].keys() == {at_fault}


def test_who_had_a_confirmed_number_is_told_of_another_one(program: Program) -> None:
    confirmed = JANA | {"phone_confirmed": "2026-05-04"}
    program.put(CLIENT, confirmed)
    assert not Message.select().exists()
    for _ in range(2):
        program.put(CLIENT, confirmed | {"phone": "0905 100 777"})
    told = Message.select().order_by(Message.id)
    assert [(message.kind, message.to_masked) for message in told] == [
        (Kind.PHONE_CHANGED, "+421 9•• ••• 101"),
        (Kind.PHONE_CHANGED, "j•••@example.org"),
    ]


def test_no_answer_log_or_row_holds_a_birth_number(
    program: Program, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    bodies: list[object] = [
        JANA,
        {**JANA, "email": NUMBER},
        {**JANA, "birth_number": NUMBER + "1"},
        {**JANA, "birth_number": [NUMBER]},
        {**JANA, NUMBER: NUMBER},
        {"kind": NUMBER},
        NUMBER,
        [NUMBER],
    ]
    with caplog.at_level(logging.DEBUG):
        answers = [program.put(CLIENT, body) for body in bodies]
        answers.append(
            program.ask("PUT", CLIENT, data=json.dumps(JANA)[:-1], content_type="application/json")
        )
        answers += [program.get(CLIENT), Program(program.http, None).put(CLIENT, JANA)]
    assert [answer.status_code for answer in answers] == [201, *[422] * 7, 400, 200, 401]
    everything = [answer.text + str(answer.headers) for answer in answers] + [
        caplog.text,
        str(snapshot(database)),
    ]
    for text in everything:
        assert NUMBER not in text
        assert NUMBER.replace("/", "") not in text
    assert "INSERT INTO" in caplog.text
    assert current(Client.get().id).digits == 4
