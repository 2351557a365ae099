"""Texts, plurals and moments in the reader's language."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from zone.language import N_, Refusal, known, language
from zone.language.language import LOCALES, NAMES

BRATISLAVA = ZoneInfo("Europe/Bratislava")
SLOVAK, ENGLISH = language("sk", BRATISLAVA), language("en", BRATISLAVA)
# Summer time in Bratislava, and the next day already.
LATE = datetime(2026, 5, 3, 22, 5, 7, tzinfo=UTC)


class Refused(Refusal):
    message = N_("The password has been sent too many times. You can have it sent again after %(until)s.")


def test_a_moment_is_said_as_the_clock_on_the_wall_shows_it() -> None:
    assert (SLOVAK.day(LATE), ENGLISH.day(LATE)) == ("4. mája 2026", "4 May 2026")
    assert (SLOVAK.minute(LATE), ENGLISH.minute(LATE)) == ("4. mája 2026, 0:05", "4 May 2026, 0:05")
    assert ENGLISH.exact(LATE).startswith("4 May 2026, 0:05:07 ")


@pytest.mark.parametrize(("count", "said"), [(1, "1 rok"), (2, "2 roky"), (4, "4 roky"), (5, "5 rokov")])
def test_slovak_counts_in_three_ways(count: int, said: str) -> None:
    assert SLOVAK.ngettext("%(count)s year", "%(count)s years", count) % {"count": count} == said


def test_a_refusal_is_said_in_the_readers_language_with_its_facts() -> None:
    refused = Refused(until=LATE)
    assert refused.in_words(ENGLISH).endswith("again after 4 May 2026, 0:05.")
    assert refused.in_words(SLOVAK).endswith("dať poslať od 4. mája 2026, 0:05.")


@pytest.mark.parametrize("code", ["de", "", "SK", "../sk", None])
def test_what_the_zone_does_not_speak_becomes_slovak(code: str | None) -> None:
    assert known(code) == "sk"
    assert language(code or "", BRATISLAVA).code == "sk"


def test_every_language_has_its_name() -> None:
    assert NAMES.keys() == LOCALES.keys()


class Yours(Refusal):
    message = N_("We have no mobile number for you.")
    for_others = N_("We have no mobile number for this client.")


def test_a_refusal_speaks_to_the_client_or_to_who_acts_for_them() -> None:
    assert Yours().in_words(ENGLISH) == Yours.message
    assert Yours().in_words(ENGLISH, for_others=True) == Yours.for_others
    # What is nobody's is said alike to everybody, and so is what was said for this one case.
    assert Yours("Wait.").in_words(ENGLISH, for_others=True) == "Wait."
    nobodys = Refused(until=LATE)
    assert nobodys.in_words(ENGLISH, for_others=True) == nobodys.in_words(ENGLISH)
