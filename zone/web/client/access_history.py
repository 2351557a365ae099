"""Settings → Access history: who looked or acted, where the client is signed in, and saying "this was not me"."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from zone.accounts import access_history as history
from zone.accounts import sessions
from zone.accounts.access_history import NoSuchEntry, Page
from zone.accounts.disown import disown
from zone.audit import Role
from zone.letters import archive
from zone.web import errors
from zone.web.access import allow
from zone.web.client.blueprint import client
from zone.web.forms import TranslatedForm
from zone.web.here import client_id, parts, principal, row_number, wants_partial, words
from zone.web.history_facts import Context, device
from zone.web.history_table import FOUL, GROUPS, Group, wanted
from zone.web.history_words import Line, blocks, lasting, letters_of, line
from zone.web.rights import Impersonated

PATH = "/settings/access-history"
LAST_ROW = 2**63 - 2


@client.get(PATH)
@allow(Role.CLIENT, impersonated=Impersonated.LOOK)
def access_history() -> Response:
    """One page of entries, or for HTMX its list."""
    before = request.args.get("before", type=row_number)
    group = request.args.get("group", type=Group)
    chosen: dict[str, Any] = {"group": group} if group else {}
    page = history.page(parts().vault, client_id(), wanted(group), before=before)
    facts = {
        "blocks": blocks(lines(page)),
        "lasting": lambda minutes: lasting(minutes, words()),
        "group": group,
        "older": url_for("client.access_history", before=page.older, **chosen) if page.older else None,
        "newest": url_for("client.access_history", **chosen) if before is not None else None,
    }
    if not wants_partial():
        return make_response(render_template("client/access_history.html", **_around(), **facts))
    response = make_response(render_template("client/_history.html", **facts))
    response.headers["HX-Push-Url"] = url_for("client.access_history", **chosen)
    return response


@client.post(f"{PATH}/sign-out-elsewhere")
@allow(Role.CLIENT, impersonated=Impersonated.ACCESS)
def sign_out_elsewhere() -> Response:
    """End every session but this one."""
    sessions.sign_out_others(principal())
    flash(words().gettext("You are signed in here only."), "success")
    return _to_history()


@client.route(f"{PATH}/<int(max={LAST_ROW}):event>/not-me", methods=("GET", "POST"))
@allow(Role.CLIENT, impersonated=Impersonated.ACCESS)
def not_me(event: int) -> Response:
    """What saying so will do, and doing it."""
    found = history.find(parts().vault, client_id(), event, FOUL)
    form = TranslatedForm()
    if not form.validate_on_submit():
        (entry,) = lines(found)
        return make_response(render_template("client/not_me.html", form=form, entry=entry))
    disown(principal(), event)
    done = words().gettext("Thank you for telling us. You are now signed in here only. Please call us.")
    flash(done, "success")
    return _to_history()


@client.errorhandler(NoSuchEntry)
def no_such_entry(_: NoSuchEntry) -> Response:
    """Somebody else's entry, one that nobody could have foul and one that never was look the same."""
    return errors.page(404)


def lines(page: Page) -> list[Line]:
    """The entries of a page in words."""
    subjects = archive.subjects(client_id(), letters_of(page.entries))
    context = Context(page.known, subjects, parts().config.staff_shown_as, words())
    return [line(seen, context) for seen in page.entries]


def _around() -> dict[str, object]:
    """What stands around the list."""
    here = principal().session_id
    open_ones = sessions.open_of(client_id(), parts().config.limits)
    return {
        "sessions": [(each, device(each.device, words()), each.id == here) for each in open_ones],
        "groups": [(group, words().gettext(label)) for group, label in GROUPS.items()],
        "most": words().number(history.MOST),
    }


def _to_history() -> Response:
    return make_response(redirect(url_for("client.access_history"), 303))
