"""One blueprint for the API; each subject adds its routes in a file of its own."""

from __future__ import annotations

from flask import Blueprint

PREFIX = "/api/"

api = Blueprint("api", __name__, url_prefix=f"{PREFIX}v1")
