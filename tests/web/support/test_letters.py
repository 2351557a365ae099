"""The client's letters at the desk: what opens each copy, in words that the agent can say on the phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.letters.posted import bring, post
from tests.people import JANA
from tests.web.browser import HTMX, Browser
from tests.web.inspector import parse
from tests.web.people import Person
from tests.web.support.conftest import at
from zone.letter_passwords.reset import reset
from zone.letter_passwords.set_own import set_own
from zone.letters.models import Letter
from zone.letters.send_again import send_again
from zone.messages.handover import Reason, Status
from zone.messages.models import Message
from zone.parts import Parts
from zone.secret import Secret

OWN = Secret("slnko nad Tatrami")
DEFAULT = "the last 4 digits of the birth number"
THEIRS = "the password that the client set on …"
Comes = Callable[[Parts, Person], Letter]


def gone(parts: Parts) -> Letter:
    letter = bring(parts.intake, client=JANA.reference)
    post(parts.intake)
    return letter


def sets_own(parts: Parts, jana: Person) -> None:
    set_own(parts.vault, jana.actor, jana.client_id, OWN)


def under_the_default(parts: Parts, jana: Person) -> Letter:
    return gone(parts)


def under_an_own(parts: Parts, jana: Person) -> Letter:
    sets_own(parts, jana)
    return gone(parts)


def under_the_default_before(parts: Parts, jana: Person) -> Letter:
    letter = gone(parts)
    sets_own(parts, jana)
    return letter


def under_an_own_before(parts: Parts, jana: Person) -> Letter:
    letter = under_an_own(parts, jana)
    reset(parts.vault, jana.actor, jana.client_id, limits=parts.config.limits)
    return letter


def not_yet_gone(parts: Parts, jana: Person) -> Letter:
    return bring(parts.intake, client=JANA.reference)


def never_prepared(parts: Parts, jana: Person) -> Letter:
    letter = not_yet_gone(parts, jana)
    Message.update(status=Status.FAILED, reason=Reason.UNRENDERABLE).execute()
    return letter


# What opens the letter, and what is said of that.
OPENS_WITH: dict[Comes, tuple[str, str]] = {
    under_the_default: ("the current password", DEFAULT),
    under_an_own: ("the current password", THEIRS),
    under_the_default_before: (DEFAULT, "an earlier password"),
    under_an_own_before: (THEIRS, "an earlier password"),
    not_yet_gone: ("the password in force when it goes", ""),
    never_prepared: ("nothing: it was not sent", ""),
}


def said(page: str, name: str) -> str:
    """What the element of that id says, but for days."""
    (element,) = (each for each in parse(page).iter() if each.get("id") == name)
    words = " ".join(" ".join(element.itertext()).split())
    return re.sub(r"\d+ \w+ \d{4}", "…", words)


@pytest.mark.parametrize("comes", OPENS_WITH)
def test_each_letter_says_what_opens_it(desk: Browser, jana: Person, parts: Parts, comes: Comes) -> None:
    letter = comes(parts, jana)
    opens_with, note = OPENS_WITH[comes]
    own, lists = at(jana, f"letters/{letter.reference}"), at(jana, "letters")
    for copies in (desk.get(own), desk.get(f"{own}/copies", headers=HTMX)):
        assert f"Opens with: {opens_with}" + (f" ({note})" if note else "") in said(copies.text, "copies")
    for row in (desk.get(at(jana)), desk.get(lists), desk.get(lists, headers=HTMX)):
        assert f" {opens_with} {note}".rstrip() in said(row.text, "letters")


def test_copies_stand_newest_first_each_with_what_opens_it(desk: Browser, jana: Person, parts: Parts) -> None:
    letter = under_the_default_before(parts, jana)
    send_again(parts.vault, jana.actor, jana.client_id, [letter.reference], limits=parts.config.limits)
    post(parts.intake)
    newest, oldest = said(desk.get(at(jana, f"letters/{letter.reference}")).text, "copies").split(
        "Opens with: "
    )[1:]
    assert newest.startswith("the current password")
    assert oldest.startswith(DEFAULT)
