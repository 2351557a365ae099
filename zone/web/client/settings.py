"""Settings: where each of them is."""

from __future__ import annotations

from flask import render_template

from zone.audit import Role
from zone.web.access import allow
from zone.web.client.blueprint import client
from zone.web.rights import Impersonated


@client.get("/settings")
@allow(Role.CLIENT, impersonated=Impersonated.LOOK)
def settings() -> str:
    """The list of settings."""
    return render_template("client/settings.html")
