"""The client's access history as support reads it; that they do is an entry of it."""

from __future__ import annotations

from flask import render_template, request

from zone.accounts import access_history as history
from zone.audit import Role
from zone.config import StaffShownAs
from zone.letters import archive
from zone.web.access import allow
from zone.web.here import parts, principal, row_number, words
from zone.web.history_facts import Context
from zone.web.history_table import EVERYTHING
from zone.web.history_words import blocks, lasting, letters_of, line
from zone.web.letter_words import kind
from zone.web.support.addresses import CLIENT, client_here
from zone.web.support.blueprint import support


@support.get(f"{CLIENT}/trail")
@allow(Role.SUPPORT)
def trail(client_id: int) -> str:
    """One page of entries. It is noted first, so that nobody reads without a trace."""
    client, before = client_here(client_id), request.args.get("before", type=row_number)
    history.note_reading(principal().actor, client.id)
    page = history.page(parts().vault, client.id, EVERYTHING, before=before)
    # The setting is about what clients read; among themselves staff have names, as on the card.
    context = Context(page.known, _letters(client.id, page), StaffShownAs.NAME, words())
    return render_template(
        "support/trail.html",
        client=client,
        blocks=blocks(line(seen, context) for seen in page.entries),
        lasting=lambda minutes: lasting(minutes, words()),
        older=page.older,
        newest=before is None,
    )


def _letters(client_id: int, page: history.Page) -> dict[str, str]:
    """What the letters are called here: the client reads their subjects, support does not."""
    found = archive.kept(client_id, letters_of(page.entries))
    return {
        reference: f"{kind(letter.kind, words())}, {words().calendar_day(letter.dated)}"
        for reference, letter in found.items()
    }
