"""Our own style, script and pictures, and HTMX from its package; named by content and kept by browsers for a year."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request, send_file, url_for

from zone.config import PROJECT, CannotStart, Config
from zone.web.access import public

HTMX = Path("django_htmx/static/django_htmx/htmx-2.min.js")
OWN = PROJECT / "static"
YEAR = 31_536_000

assets = Blueprint("assets", __name__)


class AssetsMissing(CannotStart):
    """HTMX is not there."""


def register(app: Flask, config: Config) -> None:
    """Serve the files and let templates name them. Raises `AssetsMissing`."""
    files = {path.relative_to(OWN).as_posix(): path for path in OWN.rglob("*") if path.is_file()}
    files["vendor/htmx.min.js"] = config.assets / HTMX
    if not files["vendor/htmx.min.js"].exists():
        raise AssetsMissing(f"there is no {config.assets / HTMX}; run: make install")
    app.extensions["zone_assets"] = files
    versions = {name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for name, path in files.items()}

    def static_url(name: str) -> str:
        return url_for("assets.static", name=name, v=versions[name])

    app.jinja_env.globals["static_url"] = static_url
    app.register_blueprint(assets)


@assets.get("/static/<path:name>")
@public
def static(name: str) -> Response:
    """One file. Asked for by its content's name it never changes."""
    path = current_app.extensions["zone_assets"].get(name)
    if path is None:
        abort(404)
    response = send_file(path, max_age=YEAR if "v" in request.args else 0)
    response.cache_control.public = True
    response.cache_control.immutable = "v" in request.args
    return response
