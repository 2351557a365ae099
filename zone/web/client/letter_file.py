"""What a letter says: read in the browser, or taken home under the current password."""

from __future__ import annotations

import logging
from collections.abc import Callable
from io import BytesIO

from flask import Response, send_file

from zone.audit import Actor, Role
from zone.language import N_, Away
from zone.letters import content
from zone.letters.content import NotToBeViewed
from zone.letters.encryption import CannotEncrypt
from zone.letters.intake import Intake
from zone.letters.store import FileGone
from zone.vault import CannotOpen, NotInVault
from zone.web import errors
from zone.web.access import allow
from zone.web.client.blueprint import client
from zone.web.here import client_id, parts, principal, words
from zone.web.rights import Impersonated

log = logging.getLogger(__name__)
BROKEN = (FileGone, NotInVault, CannotOpen, CannotEncrypt)
NOT_NOW = N_("This letter cannot be opened just now")
TOLD = N_("We have been told and will put it right. If you need the letter soon, please call us.")


@client.get("/letters/<reference>/view")
@allow(Role.CLIENT, impersonated=Impersonated.LETTER)
def view_letter(reference: str) -> Response:
    """The document itself, shown by the browser; it needs no password, as the client is signed in."""
    return _pdf(content.view, reference, as_attachment=False)


@client.get("/letters/<reference>.pdf")
@allow(Role.CLIENT, impersonated=Impersonated.LETTER)
def download_letter(reference: str) -> Response:
    """The document under the current password."""
    return _pdf(content.download, reference, as_attachment=True)


@client.errorhandler(NotToBeViewed)
def not_to_be_viewed(_: NotToBeViewed) -> Response:
    """Where reading is switched off there is no such page."""
    return errors.page(404)


def _pdf(
    take: Callable[[Intake, Actor, int, str], bytes], reference: str, *, as_attachment: bool
) -> Response:
    try:
        document = take(parts().intake, principal().actor, client_id(), reference)
    except BROKEN as error:
        log.error("letter %s cannot be opened: %s", reference, type(error).__name__)
        return errors.page(503, NOT_NOW, TOLD)
    except Away as error:
        log.error("letter %s cannot be opened just now: %s", reference, error.detail)
        return errors.page(503, NOT_NOW, error.message)
    # Not in parts: each request leaves an event. The name says nothing of what it is about.
    response = send_file(
        BytesIO(document),
        "application/pdf",
        as_attachment=as_attachment,
        download_name=words().gettext("letter") + ".pdf",
        conditional=False,
    )
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
