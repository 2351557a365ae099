"""Campaigns in words: whom they invite, how they stand, how often their page looks again."""

from __future__ import annotations

from datetime import timedelta

from zone.campaigns.models import Campaign, State
from zone.campaigns.overview import Seen
from zone.clock import now
from zone.language import N_, Language
from zone.language.language import NAMES
from zone.letter_passwords.strength import HOUR, time_in_words
from zone.storage.capped import MOST, Capped
from zone.web.counts import count_in_words

STATES = {
    State.RUNNING: (N_("running"), "info"),
    State.PAUSED: (N_("paused"), "caution"),
    State.STOPPED: (N_("stopped"), "neutral"),
    State.DONE: (N_("done"), "success"),
}
DIGITS = {
    None: N_("3 and 4 digits"),
    3: N_("3 digits"),
    4: N_("4 digits"),
}
ALL_LANGUAGES = N_("all languages")
LOOK_AGAIN, LAST_MAILS = "5s", timedelta(minutes=10)


def state(campaign: Campaign, words: Language) -> tuple[str, str]:
    """How it stands, and the tone of that."""
    said, tone = STATES[State(campaign.state)]
    return words.gettext(said), tone


def whom(digits: int | None, language: str | None, words: Language) -> str:
    """“4 digits, all languages”, “4 digits, Slovenčina”."""
    spoken = words.gettext(ALL_LANGUAGES) if language is None else NAMES[language]
    return f"{words.gettext(DIGITS[digits])}, {spoken}"


def how_many(found: Capped, most: int | None) -> Capped:
    """How many will be invited of those who were found."""
    if most is None or (not found.more and found.count <= most):
        return found
    return Capped(most)


def takes(invited: Capped, per_hour: int, words: Language) -> str:
    """How long all of them take at that pace: “about 3 hours”."""
    time = time_in_words(invited.count * HOUR / per_hour, words)
    said = words.gettext("more than %(time)s") if invited.more else words.gettext("about %(time)s")
    return said % {"time": time}


def poll(seen: Seen) -> str | None:
    """How often to look again: while it goes on, and for a while after it for what became of the last mails."""
    campaign = seen.campaign
    if not seen.over or campaign.finished_at is None:
        return LOOK_AGAIN
    settled = campaign.sent + campaign.failed >= campaign.invited
    return None if settled or campaign.finished_at < now() - LAST_MAILS else LOOK_AGAIN


def planned(seen: Seen, words: Language) -> str:
    """How many it was to invite."""
    if seen.planned is None:
        return count_in_words(Capped(MOST, more=True), words)
    return words.number(seen.planned)
