"""Worklists: letters that cannot go out, messages that did not arrive, phones to confirm, clients on the default."""

from __future__ import annotations

from collections.abc import Callable, Sized
from typing import Any

from flask import Response, make_response, render_template, request, url_for

from zone.audit import Role
from zone.clients import looking, people, phones_to_confirm
from zone.clients.allowance import TooMuchRead
from zone.language import N_
from zone.letter_passwords import on_default
from zone.letter_passwords.on_default import ALL, DIGITS, Filters
from zone.letters import lost_messages, waiting
from zone.letters.dispatch import Obstacle
from zone.messages.models import Kind
from zone.storage import marks
from zone.storage.capped import Capped
from zone.web.access import allow
from zone.web.counts import count_in_words
from zone.web.cracking_words import costs
from zone.web.here import in_words, parts, principal, row_number, wants_partial, words
from zone.web.letter_words import FOR_SUPPORT, rejection, waits
from zone.web.message_words import KINDS, way
from zone.web.support.blueprint import support

# Of each worklist its page, its name, what stands on it, and how much that is.
WORKLISTS: tuple[tuple[str, str, str, Callable[[], Capped]], ...] = (
    (
        "support.letters",
        N_("Letters to settle"),
        N_("They cannot be sent yet, or cannot be encrypted at all."),
        waiting.count,
    ),
    (
        "support.messages",
        N_("Messages to settle"),
        N_("In the past week they did not arrive, or nobody knows."),
        lost_messages.count,
    ),
    (
        "support.phones",
        N_("Phones to confirm"),
        N_("No password goes to a number that nobody has confirmed for long."),
        lambda: phones_to_confirm.count(limits=parts().config.limits),
    ),
    (
        "support.default_passwords",
        N_("Clients on the default password"),
        N_("Three or four digits open their letters. What that means, and inviting them to set their own."),
        on_default.count,
    ),
)
YES_NO = {"yes": True, "no": False}


@support.get("/worklists")
@allow(Role.SUPPORT)
def worklists() -> str:
    """What there is to do, and how much of it."""
    say = words().gettext
    entries = [
        (url_for(endpoint), say(name), say(what), count_in_words(count(), words()))
        for endpoint, name, what, count in WORKLISTS
    ]
    return render_template("support/worklists/worklists.html", entries=entries)


@support.get("/worklists/letters")
@allow(Role.SUPPORT)
def letters() -> Response:
    """Letters that wait, or for HTMX these alone, and those that were rejected, with what to do about each."""
    why = request.args.get("why", type=Obstacle)
    after = request.args.get("after", type=row_number)
    facts = _waiting(why, after)
    if wants_partial():
        return _page("_waiting", **facts)
    obstacles = [(each.value, words().gettext(said)) for each, (said, _) in FOR_SUPPORT.items()]
    return _page("letters", obstacles=obstacles, **_rejected(), **facts)


@support.get("/worklists/messages")
@allow(Role.SUPPORT)
def messages() -> Response:
    """What failed or is unknown, and what to do about it."""
    after = request.args.get("after", type=marks.read)
    page = lost_messages.page(after=after)
    refused = _refused(page.messages, first=after is None)
    clients = people.by_ids(message.client_id for message in page.messages if message.client_id is not None)
    rows = [
        (
            clients.get(message.client_id or 0),
            message,
            words().gettext(KINDS[Kind(message.kind)]),
            way(message, words(), reader=Role.SUPPORT),
        )
        for message in page.messages
    ]
    pages = _pages("support.messages", page.next, after)
    return _page("messages", rows=rows, refused=refused, **pages)


@support.get("/worklists/phones")
@allow(Role.SUPPORT)
def phones() -> Response:
    """Whose number to confirm when they call, and how many letters wait for that."""
    after = request.args.get("after", type=marks.read)
    page = phones_to_confirm.page(after=after, limits=parts().config.limits)
    letters = waiting.count_waiting(Obstacle.PHONE_NOT_CONFIRMED)
    return _page(
        "phones",
        rows=page.rows,
        refused=_refused(page.rows, first=after is None),
        waits=letters.count and count_in_words(letters, words()),
        waits_url=url_for("support.letters", why=Obstacle.PHONE_NOT_CONFIRMED),
        **_pages("support.phones", page.next, after),
    )


@support.get("/worklists/default-passwords")
@allow(Role.SUPPORT)
def default_passwords() -> Response:
    """Who is on the default, or for HTMX the list alone, and what that is worth."""
    digits, account = request.args.get("digits", type=int), request.args.get("account", "")
    filters = Filters(digits if digits in DIGITS else None, YES_NO.get(account))
    after = request.args.get("after", type=marks.read)
    page = on_default.page(filters, after=after)
    wanted = _wanted(filters, account)
    facts = {
        "rows": page.rows,
        "refused": _refused(page.rows, first=after is None and filters == ALL),
        "wanted": wanted,
        **_pages("support.default_passwords", page.next, after, **wanted),
    }
    if wants_partial():
        return _page("_on_default", **facts)
    return _page("default_passwords", costs=costs(words()), digits=DIGITS, **facts)


def _waiting(why: Obstacle | None, after: int | None) -> dict[str, object]:
    page = waiting.worklist(why, after=after)
    refused = _refused(page.rows, first=after is None and why is None)
    rows = [waits(copy, words()) for copy in page.rows]
    pages = _pages("support.letters", page.next, after, why=why)
    return {"waiting": rows, "refused": refused, "why": why, **pages}


def _rejected() -> dict[str, object]:
    before = request.args.get("before", type=row_number)
    page = waiting.rejected(before=before)
    refused = _refused(page.rows, first=before is None)
    rows = [rejection(letter, words()) for letter in page.rows]
    older = url_for("support.letters", before=page.next, _anchor="rejected") if page.next else None
    return {
        "rejected": rows,
        "rejected_refused": refused,
        "rejected_older": older,
        "rejected_newest": before is not None,
    }


def _wanted(filters: Filters, account: str) -> dict[str, Any]:
    """What was chosen, for an address; what the address held besides is left out."""
    chosen = ("digits", filters.digits), ("account", None if filters.account is None else account)
    return {name: value for name, value in chosen if value is not None}


def _refused(rows: Sized, *, first: bool) -> str | None:
    """Why the page may not show its rows, if it may not. The first page of all of them counts nothing."""
    if first:
        return None
    try:
        looking.read_rows(principal().actor, len(rows), limits=parts().config.limits)
    except TooMuchRead as refusal:
        return in_words(refusal)
    return None


def _page(name: str, **facts: Any) -> Response:
    refused = facts.get("refused") or facts.get("rejected_refused")
    return make_response(render_template(f"support/worklists/{name}.html", **facts), 422 if refused else 200)


def _pages(endpoint: str, following: object, after: object, **wanted: Any) -> dict[str, str | None]:
    """Where the next page is, and the first one when this is another."""
    return {
        "following": url_for(endpoint, after=following, **wanted) if following else None,
        "beginning": url_for(endpoint, **wanted) if after is not None else None,
    }
