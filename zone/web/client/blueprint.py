"""One blueprint for all of the client's pages; each subject adds its routes in a file of its own."""

from __future__ import annotations

from flask import Blueprint

client = Blueprint("client", __name__)
