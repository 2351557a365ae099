"""Each kind of event is told to the client in plain words, or is said not to be for them."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest

from zone.accounts.access_history import Known
from zone.accounts.accounts import StaffMember
from zone.audit import STAFF, Role, Tag
from zone.audit.reading import Seen
from zone.clock import now
from zone.config import StaffShownAs
from zone.language import language
from zone.web.history_facts import FACTS, Context
from zone.web.history_table import FOUL, GROUPS, SHOWN, TOLD, UNTOLD, Group, wanted
from zone.web.history_words import WHO, line

LANGUAGES = ("sk", "en")
NAME = re.compile(r"[a-z_]+:[a-z_]+")


def test_every_tag_is_told_or_said_not_to_be_for_the_client() -> None:
    assert {tag for tag in Tag if (tag in TOLD) == (tag in UNTOLD)} == set()


def test_what_stands_in_the_tables_is_whole() -> None:
    assert all(NAME.fullmatch(tag) for tag in TOLD | UNTOLD)
    assert all(UNTOLD.values())
    assert {name for told in TOLD.values() for name in told.facts} <= FACTS.keys()
    assert WHO.keys() == set(Role)
    assert GROUPS.keys() == set(Group)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("tag", sorted(SHOWN))
@pytest.mark.parametrize("role", Role)
def test_the_words_of_each_tag_have_no_gap(code: str, tag: Tag, role: Role) -> None:
    words = language(code, ZoneInfo("UTC"))
    seen = Seen(1, now(), tag, role, 7, 3, None, {})
    context = Context(Known({7: StaffMember("Eva Malá", None)}, {}), {}, StaffShownAs.NAME, words)
    told = line(seen, context)
    for text in (told.who, told.what):
        assert text
        assert not re.search(r"[%{}<>]|None", text)
    if code == "sk":
        assert told.what != TOLD[tag].words


@pytest.mark.parametrize("group", Group)
def test_each_group_asks_for_what_belongs_to_it(group: Group) -> None:
    chosen = wanted(group)
    assert chosen.tags <= SHOWN
    if group is Group.ACTING:
        assert (chosen.tags, chosen.roles) == (SHOWN, STAFF)
    elif group is Group.MESSAGES:
        assert {Tag.PASSWORD_RESEND, Tag.PHONE_CODE} <= chosen.tags
    else:
        assert chosen.tags
        assert {TOLD[tag].group for tag in chosen.tags} == {group}


def test_every_entry_is_in_a_group_and_what_could_be_foul_can_be_disowned() -> None:
    assert wanted(None).tags == SHOWN == frozenset().union(*(wanted(group).tags for group in Group))
    assert {Tag.SIGN_IN, Tag.PASSWORD_SET, Tag.PASSWORD_RESET, Tag.PASSWORD_RESEND, Tag.PHONE_CHANGED} <= FOUL
    assert not FOUL & {Tag.LETTER_ENCRYPTED, Tag.PASSWORD_OPENED, Tag.LETTER_RECEIVED}
