"""What belongs to no room: the start, the language, the brand's colour, whether the service is well."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, request, url_for

from zone.accounts.accounts import set_language
from zone.audit import Role
from zone.language import known
from zone.storage.migrate import pending
from zone.web.access import public
from zone.web.here import LANGUAGE_COOKIE, back_to, find_principal, parts

HOME = {
    Role.CLIENT: "client.electronic_correspondence",
    Role.BROKER: "broker.portfolio",
    Role.SUPPORT: "support.search",
}
YEAR = 31_536_000

root = Blueprint("root", __name__)


@root.get("/")
@public
def index() -> Response:
    """To the first page of whoever comes."""
    someone = find_principal()
    return make_response(redirect(url_for(HOME[someone.role] if someone else "auth.sign_in"), 303))


@root.post("/language")
@public
def language() -> Response:
    """Speak another language from now on; remembered by the browser, and by the account of who is signed in."""
    code = known(request.form.get("language"))
    someone = find_principal()
    if someone is not None:
        set_language(someone, code)
    response = make_response(redirect(back_to(request.form.get("next"), "/"), 303))
    response.set_cookie(
        LANGUAGE_COOKIE, code, max_age=YEAR, secure=not parts().config.demo, httponly=True, samesite="Lax"
    )
    return response


@root.get("/brand.css")
@public
def brand_css() -> Response:
    """The installation's colour, as the style's one variable from outside."""
    response = Response(f":root{{--brand:{parts().config.brand.colour}}}", mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@root.get("/healthz")
@public
def healthz() -> tuple[dict[str, object], int]:
    """200 once the database answers and has every migration."""
    missing = pending(parts().database)
    return {"ready": not missing, "pending_migrations": missing}, 503 if missing else 200
