"""What every template may use."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, g, request, url_for
from jinja2 import StrictUndefined

from zone.accounts.acting_for import ActingFor
from zone.accounts.impersonation_reasons import SAID
from zone.audit import Role
from zone.config import Config
from zone.language import N_
from zone.language.language import NAMES
from zone.language.texts import speak
from zone.web import access, overlay
from zone.web.here import acting, back_to, find_principal, wants_partial, words

# Said beside the name of who is not a client.
PARTS_PLAYED = {Role.BROKER: N_("broker"), Role.SUPPORT: N_("support")}
# (label, endpoint) for each role, in the order of the menu.
NAVIGATION = {
    Role.CLIENT: (
        (N_("Letters"), "client.letters"),
        (N_("Settings"), "client.settings"),
    ),
    Role.BROKER: ((N_("Portfolio"), "broker.portfolio"),),
    Role.SUPPORT: (
        (N_("Clients"), "support.search"),
        (N_("Worklists"), "support.worklists"),
        (N_("Campaigns"), "support.campaigns"),
    ),
}


def register(app: Flask, config: Config) -> None:
    """Translations, filters and the context that the layout needs."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    speak(
        environment,
        lambda text: words().gettext(text),
        lambda one, many, count: words().ngettext(one, many, count),
    )
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters["when"] = lambda moment: words().minute(moment)
    environment.filters["day"] = lambda moment: words().day(moment)
    environment.filters["date"] = lambda day: words().calendar_day(day)
    environment.filters["exact"] = lambda moment: words().exact(moment)
    environment.filters["unbroken"] = lambda number: number.replace(" ", "\u00a0")
    environment.filters["number"] = lambda number: words().number(number)
    environment.filters["minute"] = lambda moment: words().time(moment)
    environment.globals.update(brand=config.brand, demo=config.demo, languages=NAMES)
    environment.globals.update(lock=_lock, why_acting=_why_acting)

    @app.context_processor
    def context() -> dict[str, Any]:
        return {
            "language": words().code,
            "csp_nonce": g.csp_nonce,
            "come_back": _come_back(),
            "principal": find_principal(),
            "acting": acting(),
            "part_played": _part_played(),
            "navigation": navigation(),
        }


def navigation() -> list[tuple[str, str, bool]]:
    """The menu of who is signed in: label, address, whether one is there."""
    someone = find_principal()
    role = Role.CLIENT if someone and someone.impersonation else someone and someone.role
    entries = NAVIGATION.get(role, ()) if role else ()
    links = [(words().gettext(label), url_for(endpoint)) for label, endpoint in entries]
    # One page may lie below another's address: one is at the nearest.
    here = max((url for _, url in links if request.path.startswith(url)), key=len, default=None)
    return [(label, url, url == here) for label, url in links]


def _lock(endpoint: str, method: str = "GET") -> str | None:
    """Why who acts for the client cannot go there, in words; none for everybody else, and where they can."""
    rule, someone = access.of(endpoint), find_principal()
    if rule is None or someone is None or someone.impersonation is None:
        return None
    return overlay.lock(rule.under_impersonation(method))


def _why_acting(found: ActingFor) -> str:
    return words().gettext(SAID[found.reason])


def _part_played() -> str | None:
    someone = find_principal()
    label = PARTS_PLAYED.get(someone.role) if someone else None
    return words().gettext(label) if label else None


def _come_back() -> str:
    """Where the language switch leads back to: here, unless this place is a part of a page or only takes forms."""
    around = request.headers.get("HX-Current-URL")
    if around and wants_partial():
        return back_to(urlsplit(around).path, url_for("root.index"))
    only_forms = request.url_rule and "GET" not in (request.url_rule.methods or ())
    index = url_for("root.index")
    return index if only_forms else back_to(request.full_path.rstrip("?"), index)
