"""A hold is lifted after a talk: one at a time, with what the client said."""

from __future__ import annotations

import pytest
from peewee import Database

from tests.people import make_client, with_phone_changed_yesterday
from tests.together import together
from zone.audit import OPERATOR, Actor, Role
from zone.audit.models import Event
from zone.clients import holds, notes, phones
from zone.clients.holds import NoSuchHold, Why
from zone.clients.lift_hold import lift_after_talking
from zone.clients.models import Client, Hold
from zone.clients.notes import BadNote, BirthNumberInNote
from zone.language import Refusal
from zone.secret import Secret
from zone.vault import Vault

BY_LINK, AGENT = Actor(Role.CLIENT), Actor(Role.SUPPORT, 3)
SAID = "It was her son."


@pytest.fixture
def client(database: Database, vault: Vault) -> Client:
    return make_client(vault)


def lift(vault: Vault, client: Client, hold: Hold, said: str = SAID, actor: Actor = AGENT) -> bool:
    return lift_after_talking(vault, actor, client.id, hold.id, Secret(said))


def tags() -> list[str]:
    wanted = Event.tag.in_(["hold:lifted", "client:note"])
    return [event.tag for event in Event.select().where(wanted).order_by(Event.id)]


def test_it_ends_that_hold_alone_and_notes_what_was_said(client: Client, vault: Vault) -> None:
    one, other = (holds.place(BY_LINK, client.id, Why.REQUEST, number) for number in (1, 2))
    assert lift(vault, client, one)
    assert holds.standing(client.id) == other
    assert tags() == ["hold:lifted", "client:note"]
    (note,) = notes.of(vault, client.id).notes
    assert note.text == Secret(SAID)
    lifted = Hold.get_by_id(one.id)
    assert (lifted.lifted_by_role, lifted.lifted_by_account) == ("support", 3)


def test_a_double_click_lifts_once_and_notes_once(client: Client, vault: Vault, database: Database) -> None:
    hold = holds.place(BY_LINK, client.id, Why.ACCESS, 1)
    done = together(database, [lambda: lift(vault, client, hold)] * 6)
    assert sum(done) == 1
    assert tags() == ["hold:lifted", "client:note"]


@pytest.mark.parametrize(
    ("said", "refusal"), [("", BadNote), ("865514/2375", BirthNumberInNote), ("x" * 1001, BadNote)]
)
def test_without_a_note_that_can_be_kept_it_stays(
    client: Client, vault: Vault, said: str, refusal: type[Refusal]
) -> None:
    hold = holds.place(BY_LINK, client.id, Why.ACCESS, 1)
    with pytest.raises(refusal):
        lift(vault, client, hold, said)
    assert holds.standing(client.id) == hold
    assert tags() == []


@pytest.mark.parametrize("actor", [AGENT, OPERATOR])
def test_no_earlier_note_takes_the_place_of_what_was_said(client: Client, vault: Vault, actor: Actor) -> None:
    first, second = (holds.place(BY_LINK, client.id, Why.ACCESS, number) for number in (1, 2))
    tokens = ("", "t", str(first.id), f"hold:{first.id}", f"{second.id}")
    for token in tokens:
        notes.write(vault, actor, client.id, Secret("Earlier."), token=token)
    assert lift(vault, client, first, "Hers.", actor)
    assert lift(vault, client, second, "And his.", actor)
    said = [note.text.reveal() for note in notes.of(vault, client.id).notes if note.text]
    assert said[:3] == ["And his.", "Hers.", "Earlier."]
    assert tags() == ["client:note"] * len(tokens) + ["hold:lifted", "client:note"] * 2


def test_anothers_hold_is_none(client: Client, vault: Vault) -> None:
    hold = holds.place(BY_LINK, make_client(vault).id, Why.ACCESS, 1)
    with pytest.raises(NoSuchHold):
        lift(vault, client, hold)
    assert Hold.get_by_id(hold.id).lifted_at is None


@pytest.mark.parametrize("role", [Role.CLIENT, Role.PROGRAM, Role.SYSTEM])
def test_nobody_but_support_and_the_operator_lifts(client: Client, vault: Vault, role: Role) -> None:
    hold = holds.place(BY_LINK, client.id, Why.ACCESS, 1)
    with pytest.raises(PermissionError):
        lift(vault, client, hold, actor=Actor(role, 1))


def test_holds_are_listed_those_in_force_first_with_the_number_that_they_are_about(
    client: Client, vault: Vault
) -> None:
    moved = with_phone_changed_yesterday(vault)
    phone = phones.current(moved.id)
    assert phone
    first = holds.place(BY_LINK, moved.id, Why.PHONE_CHANGE, phone.id)
    second = holds.place(BY_LINK, moved.id, Why.ACCESS, phone.id)
    third = holds.place(BY_LINK, moved.id, Why.REQUEST, phone.id)
    holds.place(BY_LINK, client.id, Why.ACCESS, 1)
    assert lift(vault, moved, third)
    listed = [(held.hold.id, held.phone_masked) for held in holds.of_client(moved.id)]
    assert listed == [(second.id, None), (first.id, "+421 9•• ••• 199"), (third.id, None)]
