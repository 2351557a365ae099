"""The client's letters: which password opens each, and its download."""

from __future__ import annotations

from io import BytesIO
from typing import cast

from flask import Response, abort, render_template, request, send_file

from zone.audit import Role
from zone.letter_passwords.in_words import which
from zone.letters import archive
from zone.letters.archive import NoSuchLetter
from zone.messages.models import Message
from zone.web.access import allow
from zone.web.client.blueprint import client
from zone.web.here import client_id, parts, principal, words
from zone.web.message_words import way


@client.get("/letters")
@allow(Role.CLIENT)
def letters() -> str:
    """One page of letters, newest first."""
    before = request.args.get("before", type=_row)
    page = archive.page(client_id(), before=before)
    rows = [
        (copy, which(copy.password, words()), way(cast(Message, copy.message), words()))
        for copy in page.copies
    ]
    return render_template("client/letters.html", rows=rows, older=page.older, first=before is None)


def _row(text: str) -> int:
    """The number of a row. Raises `ValueError` for one that no database can have."""
    number = int(text)
    if not 0 <= number < 2**63:
        raise ValueError
    return number


@client.get("/letters/<reference>.pdf")
@allow(Role.CLIENT)
def download_letter(reference: str) -> Response:
    """The encrypted copy, as it was sent."""
    try:
        content = archive.download(parts().intake, principal().actor, client_id(), reference)
    except NoSuchLetter:
        abort(404)
    name = words().gettext("letter") + ".pdf"
    return send_file(BytesIO(content), "application/pdf", as_attachment=True, download_name=name)
