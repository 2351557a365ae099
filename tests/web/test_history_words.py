"""Entries in words, whatever an event holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zone.accounts.access_history import Known
from zone.accounts.accounts import StaffMember
from zone.audit import Role, Tag
from zone.audit.reading import Seen
from zone.config import StaffShownAs
from zone.language import language
from zone.messages.handover import Status
from zone.messages.models import Message
from zone.web.history_facts import FACTS, Context, told
from zone.web.history_table import SHOWN, TOLD
from zone.web.history_words import Line, blocks, lasting, line

ENGLISH, SLOVAK = (language(code, ZoneInfo("UTC")) for code in ("en", "sk"))
AT = datetime(2026, 5, 3, 8, 0, tzinfo=UTC)
EVA = StaffMember("Eva Malá", "Žilina")
SENT = Message(reference="m1", status=Status.DELIVERED, channel="sms", kind="letter_password")
CONTEXT = Context(Known({7: EVA}, {"m1": SENT}), {"r1": "Výročná správa"}, StaffShownAs.NAME, ENGLISH)
VALUES = st.none() | st.booleans() | st.integers() | st.text()
SECRET = "canary-which-nobody-reads"


def seen(tag: Tag, role: Role = Role.CLIENT, **facts: str | int | bool | None) -> Seen:
    return Seen(1, AT, tag, role, 7, 3, None, facts)


def entry(number: int, help_id: int | None, tag: str = "x", minutes: int = 0, granted: int = 0) -> Line:
    at = AT + timedelta(minutes=minutes)
    return Line(number, at, tag, "Our support, Eva Malá", "Looked", [], False, help_id, granted)


@given(
    st.sampled_from(sorted(SHOWN)),
    st.sampled_from(list(Role)),
    st.dictionaries(st.sampled_from([*FACTS, "version"]) | st.text(), VALUES),
)
def test_no_event_breaks_the_page(tag: Tag, role: Role, facts: dict[str, str | int | bool | None]) -> None:
    for words in (ENGLISH, SLOVAK):
        shown = line(replace(seen(tag, role), facts=facts), replace(CONTEXT, words=words))
        assert shown.what
        assert shown.who
        for label, text in shown.details:
            assert label
            assert text == text.strip() != ""
            assert text.isprintable()
            assert len(text) <= 200


@given(st.sampled_from(sorted(SHOWN)), st.text(min_size=1))
def test_a_fact_that_the_table_does_not_name_is_not_shown(tag: Tag, name: str) -> None:
    unnamed = {known for known in (name, *FACTS) if known not in (*TOLD[tag].facts, "version")}
    event = replace(seen(tag), facts=dict.fromkeys(unnamed, SECRET))
    assert SECRET not in repr(line(event, CONTEXT))


@pytest.mark.parametrize(
    ("names", "facts", "lines"),
    [
        (("before", "to"), {"before": None, "to": "+421 9"}, [("Before", "none"), ("Number", "+421 9")]),
        (("message",), {"message": "m1"}, [("Message", "delivered")]),
        (("message",), {"message": "m2"}, []),
        (("letter",), {"letter": "r1"}, [("Letter", "Výročná správa")]),
        (("letter",), {"letter": "gone"}, []),
        (("fields",), {"fields": "email, phone, shoe_size"}, [("What changed", "e-mail, phone number")]),
        (("broker",), {"broker": 7}, [("Broker", "Eva Malá")]),
        (("broker",), {"broker": 8}, []),
        (("found",), {"version": None}, [("Answer", "it opens none")]),
        (("found",), {"version": 2}, [("Answer", "it opens some of them")]),
        (("reason", "ticket"), {"reason": "invented", "ticket": "PO-1"}, [("Number of the case", "PO-1")]),
        (("ticket",), {"ticket": "a\nb\u202e"}, [("Number of the case", "a b")]),
    ],
)
def test_facts_are_told_in_words(
    names: tuple[str, ...], facts: dict[str, str | int | None], lines: list[tuple[str, str]]
) -> None:
    assert told(names, facts, CONTEXT) == lines


def test_who_it_was_is_told_by_part_and_by_name_where_that_is_shown_and_known() -> None:
    def who(role: Role, context: Context = CONTEXT) -> str:
        return line(seen(Tag.PASSWORD_RESEND, role), context).who

    assert [who(role) for role in Role] == [
        "You",
        "Broker, Eva Malá",
        "Our support, Eva Malá",
        "The insurer",
        "The zone, by itself",
        "The insurer",
    ]
    by_office = replace(CONTEXT, staff_as=StaffShownAs.OFFICE)
    assert who(Role.SUPPORT, by_office) == "Our support, Žilina"
    assert who(Role.CLIENT, by_office) == "You"
    assert who(Role.SUPPORT, replace(CONTEXT, staff_as=StaffShownAs.ROLE)) == "Our support"
    nowhere = Known({7: replace(EVA, office=None)}, {})
    assert who(Role.SUPPORT, replace(by_office, known=nowhere)) == "Our support"
    assert who(Role.SUPPORT, replace(CONTEXT, known=Known({}, {}))) == "Our support"
    assert line(seen(Tag.SIGN_IN_REFUSED), CONTEXT).who == "Somebody, perhaps you"


def test_what_the_zone_does_by_itself_cannot_be_disowned() -> None:
    assert line(seen(Tag.PASSWORD_RESEND), CONTEXT).foul
    assert not line(seen(Tag.PASSWORD_RESEND, Role.SYSTEM), CONTEXT).foul


def test_what_was_done_during_help_stands_together_whatever_comes_between() -> None:
    started, ended = "impersonation:started", "impersonation:ended"
    lines = [
        entry(6, 4, ended, 12),
        entry(5, None),
        entry(4, 4),
        entry(3, 9),
        entry(2, 4, started),
        entry(1, None),
    ]
    found = blocks(lines)
    assert [[each.id for each in block.lines] for block in found] == [[6, 4, 2], [5], [3], [1]]
    assert [block.helper for block in found] == ["Our support, Eva Malá", None, "Our support, Eva Malá", None]
    assert [block.minutes for block in found] == [12, None, None, None]


def test_help_whose_time_ran_out_lasted_as_long_as_was_granted() -> None:
    lines = [
        entry(3, 4, "impersonation:expired", 500),
        entry(2, 4, "impersonation:extended", 20, 30),
        entry(1, 4, "impersonation:started", 0, 30),
    ]
    assert [block.minutes for block in blocks(lines)] == [60]


@given(st.lists(st.none() | st.integers(1, 3), max_size=20))
def test_gathering_loses_and_doubles_nothing(helps: list[int | None]) -> None:
    lines = [entry(number, help_id) for number, help_id in enumerate(helps)]
    found = blocks(lines)
    assert sorted(each.id for block in found for each in block.lines) == list(range(len(helps)))
    assert [block.lines[0].id for block in found] == sorted(block.lines[0].id for block in found)


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "menej ako minútu"), (1, "1 minútu"), (2, "2 minúty"), (5, "5 minút")]
)
def test_how_long_is_said_as_people_do(minutes: int, text: str) -> None:
    assert lasting(minutes, SLOVAK) == text
