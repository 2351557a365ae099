"""Notes of a client, for who helps them next."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from zone.accounts import accounts
from zone.audit import Role
from zone.clients import notes
from zone.clients.notes import BadNote, Note
from zone.language import N_, Refusal
from zone.secret import Secret
from zone.web.access import allow
from zone.web.forms import OnceForm
from zone.web.here import in_words, parts, principal, row_number, wants_partial, words
from zone.web.support.addresses import CLIENT, client_here
from zone.web.support.blueprint import support
from zone.web.support.who import PARTS


class NoteForm(OnceForm):
    """What is to be remembered."""

    text = TextAreaField(N_("New note"), [InputRequired(BadNote.message)])


@support.route(f"{CLIENT}/notes", methods=("GET", "POST"))
@allow(Role.SUPPORT)
def client_notes(client_id: int) -> Response:
    """One page of notes and the form for a new one, or for HTMX that alone."""
    client, form = client_here(client_id), NoteForm()
    if form.validate_on_submit() and _write(client.id, form):
        return make_response(redirect(url_for("support.client_notes", client_id=client.id), 303))
    template = "support/_notes.html" if wants_partial() else "support/client_notes.html"
    before = request.args.get("before", type=row_number)
    page = render_template(template, client=client, **note_facts(client.id, form, before=before))
    return make_response(page, 422 if form.errors else 200)


def note_facts(client_id: int, form: NoteForm | None = None, *, before: int | None = None) -> dict[str, Any]:
    """What `_notes.html` shows."""
    form = form or NoteForm()
    form.prepare()
    page = notes.of(parts().vault, client_id, before=before)
    names = accounts.names_of_staff(note.account_id for note in page.notes)
    return {
        "note_form": form,
        "notes": [(note, _by(note, names)) for note in page.notes],
        "notes_older": page.older,
        "notes_newest": before is None,
        "notes_longest": notes.LONGEST,
    }


def _write(client_id: int, form: NoteForm) -> bool:
    text, token = Secret(form.text.data or ""), form.token.data or ""
    try:
        notes.write(parts().vault, principal().actor, client_id, text, token=token)
    except Refusal as refusal:
        form.add_error("text", in_words(refusal))
        return False
    return True


def _by(note: Note, names: dict[int, str]) -> str:
    """The name of who wrote it, or the part that they played."""
    return names.get(note.account_id or 0) or words().gettext(PARTS[note.role])
