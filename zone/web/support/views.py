"""The support desk: messages that did not arrive."""

from __future__ import annotations

from flask import Blueprint, render_template

from zone.audit import Role
from zone.messages.attention import needing_attention
from zone.messages.models import Kind
from zone.web.access import allow
from zone.web.here import words
from zone.web.message_words import KINDS, way

support = Blueprint("support", __name__, url_prefix="/support")


@support.get("/")
@allow(Role.SUPPORT)
def messages() -> str:
    """What failed or is unknown, and what to do about it."""
    rows = [
        (message, words().gettext(KINDS[Kind(message.kind)]), way(message, words()))
        for message in needing_attention()
    ]
    return render_template("support/messages.html", rows=rows)
