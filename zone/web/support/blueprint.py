"""One blueprint for all of the support desk; each subject adds its routes in a file of its own."""

from __future__ import annotations

from flask import Blueprint, Response

from zone.campaigns.start import NoSuchCampaign
from zone.clients.holds import NoSuchHold
from zone.clients.people import UnknownClient
from zone.letters.archive import NoSuchLetter
from zone.messages.of_client import NoSuchMessage
from zone.requests.overview import NoSuchRequest
from zone.web import errors

support = Blueprint("support", __name__, url_prefix="/support")


@support.errorhandler(UnknownClient)
@support.errorhandler(NoSuchCampaign)
@support.errorhandler(NoSuchHold)
@support.errorhandler(NoSuchLetter)
@support.errorhandler(NoSuchMessage)
@support.errorhandler(NoSuchRequest)
def not_there(_: Exception) -> Response:
    """There is no such client or campaign, or no longer; or what the address names is another client's."""
    return errors.page(404)
