"""The client's letters: the list, newest first, and what it can be filtered by."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, make_response, render_template, request, url_for

from zone.audit import Role
from zone.language import N_
from zone.letters import archive
from zone.letters.archive import Filters
from zone.web.access import allow
from zone.web.client.blueprint import client
from zone.web.here import client_id, parts, row_number, wants_partial, words
from zone.web.letter_words import kind, standing
from zone.web.rights import Impersonated

# Of each filter its label, and what chooses everything.
FILTERS = {
    "policy": (N_("Policy"), N_("All policies")),
    "kind": (N_("Kind"), N_("All kinds")),
    "year": (N_("Year"), N_("All years")),
}


@client.get("/letters")
@allow(Role.CLIENT, impersonated=Impersonated.LOOK)
def letters() -> Response:
    """One page of letters, or for HTMX its list."""
    before = request.args.get("before", type=row_number)
    wanted: dict[str, Any] = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    page = archive.page(client_id(), _filters(**wanted), before=before)
    facts = {
        "rows": [
            (letter, kind(letter.kind, words()), standing(copy, words()) if copy else None)
            for letter, copy in page.entries
        ],
        "may_view": parts().config.letters.may_view,
        "wanted": wanted,
        "older": url_for("client.letters", before=page.older, **wanted) if page.older else None,
        "newest": url_for("client.letters", **wanted) if before is not None else None,
    }
    if not wants_partial():
        return make_response(render_template("client/letters.html", choices=_choices(), **facts))
    response = make_response(render_template("client/_letters.html", **facts))
    response.headers["HX-Push-Url"] = url_for("client.letters", **wanted)
    return response


def _filters(policy: str | None = None, kind: str | None = None, year: str | None = None) -> Filters:
    """No letter is of the year 0, which stands for what is no year."""
    number = int(year) if year and re.fullmatch(r"[0-9]{4}", year) else 0
    return Filters(policy, kind, number if year else None)


def _choices() -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    """Of each filter its name, its label, what chooses everything, and the rest with labels."""
    found, say = archive.choices(client_id()), words().gettext
    options: dict[str, list[tuple[str, str]]] = {
        "policy": [(each, each) for each in found.policies],
        "kind": [(each, kind(each, words())) for each in found.kinds],
        "year": [(str(each), str(each)) for each in found.years],
    }
    return [
        (name, say(label), say(all_of_them), options[name]) for name, (label, all_of_them) in FILTERS.items()
    ]
