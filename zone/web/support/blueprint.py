"""One blueprint for all of the support desk; each subject adds its routes in a file of its own."""

from __future__ import annotations

from flask import Blueprint, Response

from zone.clients.people import UnknownClient
from zone.web import errors

support = Blueprint("support", __name__, url_prefix="/support")


@support.errorhandler(UnknownClient)
def not_there(_: UnknownClient) -> Response:
    """There is no such client, or no longer."""
    return errors.page(404)
