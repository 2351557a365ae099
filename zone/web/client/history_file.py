"""Taking the access history home."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import Response

from zone.accounts import access_history as history
from zone.audit import Role
from zone.language import Language
from zone.letters import archive
from zone.parts import Parts
from zone.storage import using
from zone.web.access import allow
from zone.web.client.access_history import PATH
from zone.web.client.blueprint import client
from zone.web.here import client_id, parts, principal, words
from zone.web.history_facts import Context
from zone.web.history_file import to_csv, to_json
from zone.web.history_table import EVERYTHING
from zone.web.history_words import Line, letters_of, line
from zone.web.rights import Impersonated

Write = Callable[[Iterator[list[Line]], Language], Iterator[str]]
# Of each ending how it is written, and its media type.
ENDINGS: dict[str, tuple[Write, str]] = {
    "csv": (to_csv, "text/csv"),
    "json": (to_json, "application/json"),
}


@client.get(f"{PATH}.<any(csv, json):ending>")
@allow(Role.CLIENT, impersonated=Impersonated.ACCESS)
def access_history_file(ending: str) -> Response:
    """All of it, written while it is read, so that it takes no more memory than one chunk."""
    write, media_type = ENDINGS[ending]
    history.note_download(principal().actor, client_id(), ending)
    chunks = _chunks(parts(), client_id(), words())
    response = Response(write(chunks, words()), mimetype=media_type)
    name = words().gettext("access-history")
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{ending}")
    return response


def _chunks(zone: Parts, client_id: int, words: Language) -> Iterator[list[Line]]:
    """A connection is taken for each chunk anew: none is held while a slow reader reads."""
    pages = history.pages(zone.vault, client_id, EVERYTHING)
    while True:
        with using(zone.database):
            page = next(pages, None)
            if page is None:
                return
            subjects = archive.subjects(client_id, letters_of(page.entries))
        context = Context(page.known, subjects, zone.config.staff_shown_as, words)
        yield [line(seen, context) for seen in page.entries]
