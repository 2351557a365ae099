"""A support agent in the client's pages: laid over the agent's own session, request by request, and never beyond.

The signed cookie holds a mark and nothing else. At each request the database says anew what it is worth
(`zone.accounts.acting_for`), and only a route that declares what it is under impersonation sees the client at all: on
every other the agent is the agent. Forms of one impersonation are void in another, as each has a token of its own, and
parts of a page are asked for under the page's own impersonation.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, abort, g, make_response, render_template, request, session, url_for

from zone.accounts import acting_for
from zone.accounts.acting_for import ActingFor
from zone.accounts.principal import Principal
from zone.audit import Role
from zone.web import ticks
from zone.web.here import acting, back_to, parts, wants_partial, words
from zone.web.rights import LOCKED, Impersonated

MARK = "impersonation"
HEADER = "Zone-Impersonation"  # sent by HTMX from each page, see `_layout.html`
TOKEN = "csrf_token"


def begin(impersonation: ActingFor) -> None:
    """Mark this browser's session. Forms that were opened before are void."""
    session[MARK] = impersonation.reference
    renew_forms()


def renew_forms() -> None:
    """Make the forms of all open pages void."""
    session.pop(TOKEN, None)


def lay_over(agent: Principal, *, in_clients_pages: bool) -> Principal:
    """The principal of this request: the agent, or in the client's pages the agent acting for the client."""
    mark = session.get(MARK)
    if agent.role is not Role.SUPPORT or mark is None:
        return agent
    g.acting = found = acting_for.find(agent.account_id, agent.session_id, mark)
    return agent.for_client(found) if found and found.in_force and in_clients_pages else agent


def lock(right: Impersonated | None) -> str | None:
    """Why a route with that right is locked here, in words; none when it is not."""
    if right is Impersonated.LETTER and parts().config.letters.agent_may_open:
        return None
    reason = LOCKED.get(right) if right else None
    return words().gettext(reason) if reason else None


def admit(right: Impersonated | None, *, polling: bool) -> Response | None:
    """Let a support agent into a page of the client's, or answer why not."""
    found = g.get("acting")
    if found is None:
        abort(403)
    if not found.in_force or is_left_behind():
        return _over(part=polling or wants_partial())
    why = lock(right)
    return _locked(why) if why else None


def is_left_behind() -> bool:
    """Whether a part is asked for by a page that was opened under another impersonation than this request, or none."""
    now = acting()
    return wants_partial() and request.headers.get(HEADER, "") != (now.reference if now else "")


def leave() -> Response:
    """Lead a page that was left behind away, as its reader is somebody else by now."""
    return _lead_to(url_for("root.index"))


def _over(*, part: bool) -> Response:
    """The impersonation is over, or the page belongs to another one. Nothing was done."""
    if part:
        return _lead_to(url_for("impersonation.over", next=_page_around()))
    is_page = request.method == "GET"
    return make_response(over_page(request.full_path.rstrip("?") if is_page else _page_with_ticks()), 403)


def over_page(come_back: str | None) -> str:
    """What it says, and the way to start anew for the same client and come back to the page."""
    return render_template("impersonation/over.html", past=g.get("acting"), next=come_back)


def _page_around() -> str | None:
    """The page that the form or the part stands in."""
    address = request.headers.get("HX-Current-URL") or request.referrer
    return back_to(urlsplit(address).path if address else None, "") or None


def _page_with_ticks() -> str | None:
    """The page of a form that came too late, with the letters that were ticked in it: that choice is not lost."""
    page = _page_around()
    return f"{page}?{ticks.in_address()}" if page and ticks.were_offered() else page


def _locked(why: str) -> Response:
    partial = wants_partial()
    template = "impersonation/_locked.html" if partial else "impersonation/locked.html"
    response = make_response(render_template(template, why=why), 403)
    if partial:
        response.headers["HX-Retarget"] = "#trouble"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def _lead_to(address: str) -> Response:
    response = make_response("", 401)
    response.headers["HX-Redirect"] = address
    return response
