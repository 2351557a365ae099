"""Letters by API: in once, however often they are sent, and what became of them."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, Response, request
from peewee import Database

from tests.letters.posted import pdf
from tests.together import together
from tests.web.api.conftest import NewProgram, Program
from tests.web.api.test_access import problem
from tests.web.browser import new_browser
from tests.web.people import Person
from zone.accounts.api_keys import Scope
from zone.audit.models import Event
from zone.config import Config
from zone.letters.models import Copy, Letter
from zone.messages.models import Message


def facts(tag: str) -> list[dict[str, Any]]:
    return [json.loads(event.facts) for event in Event.select().where(Event.tag == tag)]


def test_a_letter_comes_in_and_goes_out(program: Program, jana: Person) -> None:
    taken = program.send(external_id="A-1", policy="PZ-2001", kind="statement", date="2026-05-31")
    assert taken.status_code == 201, taken.text
    letter = Letter.get()
    address = f"/api/v1/letters/{letter.reference}"
    assert taken.json == {
        "reference": letter.reference,
        "external_id": "A-1",
        "pages": 1,
        "removed": [],
        "links": {"self": address},
    }
    assert taken.location == address
    assert Message.get().subject_id == Copy.get().id
    (event,) = facts("letter:received")
    assert event["by"] == "billing"


def test_its_standing_tells_all_but_the_password(program: Program, jana: Person) -> None:
    taken = program.send(external_id="A-1", policy="PZ-2001", kind="statement", date="2026-05-31")
    assert taken.json is not None
    told = program.get(f"/letters/{taken.json['reference']}").json
    assert told is not None
    assert (
        told.items() >= (taken.json | {"client": "K-1001", "policy": "PZ-2001", "kind": "statement"}).items()
    )
    assert (told["status"], told["date"], told["reason"]) == ("queued", "2026-05-31", None)
    (copy,) = told["copies"]
    assert copy["status"] == "queued"
    assert copy["to"] != "jana.kovacova@example.org"
    assert "•" in copy["to"]


@pytest.mark.parametrize(
    "again", [{"external_id": "A-1"}, {"key": "k-1"}, {"external_id": "A-1", "key": "k-1"}]
)
def test_a_repeat_gets_the_same_answer_and_makes_nothing(
    program: Program, jana: Person, again: dict[str, Any]
) -> None:
    answers = [program.send(**again) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert Letter.select().count() == Message.select().count() == 1


@pytest.mark.parametrize("name", [{"external_id": "A-1"}, {"key": "k-1"}])
@pytest.mark.parametrize("other", [{"source": b"%PDF-1.7 another"}, {"subject": "Iné"}])
def test_another_letter_under_the_same_name_is_a_conflict(
    program: Program, jana: Person, name: dict[str, Any], other: dict[str, Any]
) -> None:
    program.send(**name)
    assert problem(program.send(**name, **other)) == (409, "conflict")
    assert Letter.select().count() == 1


def test_two_programs_may_use_the_same_idempotency_key(new_program: NewProgram, jana: Person) -> None:
    for name in ("billing", "claims"):
        program = new_program(Scope.LETTERS_WRITE, name=name)
        assert program.send(key="1", subject=name).status_code == 201
    assert Letter.select().count() == 2


def test_simultaneous_posts_of_one_letter_make_one(
    app: Flask, database: Database, program: Program, jana: Person
) -> None:
    programs = [Program(new_browser(app), program.key) for _ in range(4)]
    acts = [lambda one=one: one.send(external_id="A-1") for one in programs]
    answers = together(database, acts)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert Letter.select().count() == Copy.select().count() == Message.select().count() == 1
    assert len(facts("letter:received")) == 1


def test_what_is_no_letter_is_rejected_with_its_reason_and_kept_as_such(
    program: Program, jana: Person
) -> None:
    refused = [program.send(b"no pdf", external_id="A-1") for _ in range(2)]
    assert {problem(answer) for answer in refused} == {(422, "letter-rejected")}
    assert len({answer.text for answer in refused}) == 1
    told = refused[0].json
    assert told is not None
    assert told["reason"] == "not_a_pdf"
    assert told["detail"] == "This is not a PDF file. Export the letter as PDF."
    standing = program.get(f"/letters/{told['letter']}").json
    assert standing is not None
    assert (standing["status"], standing["reason"], standing["copies"]) == ("rejected", "not_a_pdf", [])
    assert standing["detail"] == told["detail"]
    assert program.send(external_id="A-1").status_code == 201


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"client": "K-0"}, "client"),
        ({"client": ""}, "client"),
        ({"policy": "PZ-0"}, "policy"),
        ({"subject": "x" * 201}, "subject"),
        ({"kind": "poem"}, "kind"),
        ({"date": "31. 5. 2026"}, "date"),
        ({"date": "2026-02-30"}, "date"),
        ({"external_id": "x" * 65}, "external_id"),
        ({"865514/2375": "x"}, "body"),
        ({"key": "x" * 256}, "Idempotency-Key"),
        ({"key": ""}, "Idempotency-Key"),
        ({"key": "  "}, "Idempotency-Key"),
        ({"subject": "V\ufffdpis"}, "subject"),
    ],
)
def test_what_is_said_wrongly_is_named_with_what_to_do(
    program: Program, jana: Person, fields: dict[str, Any], at_fault: str
) -> None:
    answer = program.send(**fields)
    assert problem(answer) == (422, "invalid")
    assert answer.json is not None
    assert answer.json["errors"].keys() == {at_fault}
    assert "865514" not in answer.text
    assert not Letter.select().exists()


def test_there_is_one_file_and_it_is_called_file(program: Program, jana: Person) -> None:
    said = {"client": "K-1001", "subject": "x"}

    def file() -> tuple[BytesIO, str]:
        return BytesIO(pdf()), "x.pdf"

    for data in (said, said | {"letter": file()}, said | {"file": [file(), file()]}, said | {"file": "text"}):
        answer = program.ask("POST", "/letters", data=data, content_type="multipart/form-data")
        assert problem(answer) == (422, "invalid")
    twice = program.ask("POST", "/letters", data=said | {"subject": ["x", "y"], "file": file()})
    assert twice.json is not None
    assert twice.json["errors"].keys() == {"subject"}
    assert problem(program.ask("POST", "/letters", json=said))[0] == 415


def test_a_letter_may_be_as_large_as_letters_may_and_nothing_else_is(
    program: Program, jana: Person, config: Config
) -> None:
    large = program.send(pdf() + b"\n" * (config.letters.max_bytes - len(pdf()) + 1))
    assert problem(large) == (422, "letter-rejected")
    assert large.json is not None
    assert large.json["reason"] == "too_large"
    assert problem(program.send(b"x" * (config.letters.max_bytes + 2 * config.limits.form_bytes)))[0] == 413
    assert program.send(pdf() + b"\n" * 1_000_000).status_code == 201
    assert problem(program.put("/clients/K-1001", {"name": "x" * 1_000_000}))[0] == 413
    long = Program(program.http, None).send(b"x" * 1_000_000)
    assert problem(long)[0] == 401


def test_nothing_of_a_large_letter_touches_the_disk_in_clear(
    app: Flask, program: Program, jana: Person
) -> None:
    streams: list[object] = []

    @app.after_request
    def look(response: Response) -> Response:
        streams.extend(file.stream for file in request.files.values())
        return response

    assert program.send(pdf() + b"\n" * 1_000_000).status_code == 201
    assert [type(stream) for stream in streams] == [BytesIO]


def test_pages_of_statuses_follow_each_other_and_miss_nothing(program: Program, jana: Person) -> None:
    for number in range(5):
        program.send(external_id=f"A-{number}", subject=str(number))
    seen: list[str] = []
    after: str | None = "0"
    sizes = []
    while after is not None:
        page = program.get("/letters", query_string={"after": after, "limit": "2"}).json
        assert page is not None
        sizes.append(len(page["letters"]))
        seen += [letter["external_id"] for letter in page["letters"]]
        after = page["next"]
    assert (seen, sizes) == ([f"A-{number}" for number in range(5)], [2, 2, 1])


def test_a_letter_is_found_by_the_name_that_its_sender_gave_it(program: Program, jana: Person) -> None:
    for name in ("A-1", "A-2"):
        program.send(external_id=name, subject=name)
    for name, found in (("A-2", ["A-2"]), ("A-3", [])):
        page = program.get("/letters", query_string={"external_id": name}).json
        assert page is not None
        assert [letter["external_id"] for letter in page["letters"]] == found


@pytest.mark.parametrize(
    "query",
    [{"limit": "0"}, {"limit": "101"}, {"limit": "ten"}, {"after": "-1"}, {"after": "9" * 19}, {"page": "2"}],
)
def test_a_page_that_there_is_not_is_refused(program: Program, query: dict[str, str]) -> None:
    assert problem(program.get("/letters", query_string=query)) == (422, "invalid")
