"""One blueprint for all of the broker portal; each subject adds its routes in a file of its own."""

from __future__ import annotations

from flask import Blueprint, Response

from zone.clients.mandates import NoMandate
from zone.requests.overview import NoSuchRequest
from zone.web import errors

broker = Blueprint("broker", __name__, url_prefix="/broker")


@broker.errorhandler(NoMandate)
@broker.errorhandler(NoSuchRequest)
def not_there(_: Exception) -> Response:
    """Another broker's policy, one whose mandate has ended and one that never was look the same."""
    return errors.page(404)
