"""The client's letters as support may know them: which, what became of them, what opens them; never what they say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import render_template, request

from zone.audit import Role
from zone.letters import archive, waiting
from zone.letters.models import Copy
from zone.web.access import allow
from zone.web.here import row_number, wants_partial, words
from zone.web.letter_words import Standing, kind, rejection, standing_for_support, waits
from zone.web.message_words import soonest
from zone.web.support.addresses import CLIENT, client_here
from zone.web.support.blueprint import support

ON_CARD = 5


@support.get(f"{CLIENT}/letters")
@allow(Role.SUPPORT)
def client_letters(client_id: int) -> str:
    """One page of letters, or for HTMX its list."""
    client, before = client_here(client_id), request.args.get("before", type=row_number)
    template = "support/_letters.html" if wants_partial() else "support/client_letters.html"
    return render_template(template, client=client, **letter_facts(client.id, before=before))


@support.get(f"{CLIENT}/letters/progress")
@allow(Role.SUPPORT, polling=True)
def client_letters_progress(client_id: int) -> str:
    """The newest letters on the card, which it asks for until all have gone."""
    client = client_here(client_id)
    return render_template("support/_letters.html", client=client, **letter_facts(client.id, on_card=True))


@support.get(f"{CLIENT}/letters/<reference>")
@allow(Role.SUPPORT)
def client_letter(client_id: int, reference: str) -> str:
    """One letter, with all its copies."""
    client = client_here(client_id)
    letter = archive.letter(client.id, reference)
    return render_template(
        "support/client_letter.html",
        client=client,
        letter=letter,
        kind=kind(letter.kind, words()),
        **_copies(archive.copies(letter)),
    )


@support.get(f"{CLIENT}/letters/<reference>/copies")
@allow(Role.SUPPORT, polling=True)
def client_letter_copies(client_id: int, reference: str) -> str:
    """What became of each copy, which the page asks for until all are final."""
    client = client_here(client_id)
    letter = archive.letter(client.id, reference)
    return render_template(
        "support/_copies.html", client=client, letter=letter, **_copies(archive.copies(letter))
    )


def letter_facts(client_id: int, *, before: int | None = None, on_card: bool = False) -> dict[str, Any]:
    """What `_letters.html` shows; what is under way is followed on the card alone."""
    page = archive.page(client_id, before=before, length=ON_CARD if on_card else archive.PAGE)
    rows = [
        (letter, kind(letter.kind, words()), _last(copy, on_card=on_card) if copy else None)
        for letter, copy in page.entries
    ]
    return {
        "letters": rows,
        "letters_older": page.older,
        "letters_newest": before is None,
        "letters_poll": soonest(last for _, _, last in rows if last) if on_card else None,
    }


def waiting_facts(client_id: int) -> dict[str, Any]:
    """What of the client's stands on the worklist of letters, with why and what to do."""
    waiting_copies, rejected = waiting.of_client(client_id)
    return {
        "waiting": [waits(copy, words()) for copy in waiting_copies],
        "rejected": [rejection(letter, words()) for letter in rejected],
    }


def _last(copy: Copy, *, on_card: bool) -> Standing:
    """The last copy; on the card what to do about one that waits is said apart."""
    last = standing_for_support(copy, words())
    return replace(last, advice=None) if on_card and copy.message is None else last


def _copies(copies: list[Copy]) -> dict[str, Any]:
    rows = [(copy, standing_for_support(copy, words())) for copy in copies]
    return {"copies": rows, "copies_poll": soonest(row for _, row in rows)}
