"""Where the links "this was not me" lead: what will happen, in plain words, and the button that does it."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, url_for

from zone.accounts import throttle
from zone.accounts.proof import place_of
from zone.accounts.throttle import ADDRESS, TooManyAttempts
from zone.clients import not_me as links
from zone.clients.holds import Why
from zone.clients.not_me import DeadLink
from zone.language import N_
from zone.web import errors
from zone.web.access import public
from zone.web.forms import TranslatedForm
from zone.web.here import address, parts, words

WHAT = {
    Why.PHONE_CHANGE: N_("The phone number that we have for you was changed, and that was not your wish."),
    Why.REQUEST: N_("Somebody asked us for something in your name, and that was not your wish."),
    Why.ACCESS: N_("Somebody acted here in your name, and that was not your wish."),
}

not_me = Blueprint("not_me", __name__, url_prefix=links.PATH)


@not_me.route("/<token>", methods=("GET", "POST"))
@public
def stop(token: str) -> Response:
    """Explain what the link does, and do it when asked to. Looking at it changes nothing: mail programs do that too."""
    form = TranslatedForm()
    vault, limits = parts().vault, parts().config.limits
    try:
        if form.validate_on_submit():
            links.act(vault, token, limits=limits)
            return make_response(redirect(url_for("not_me.stopped"), 303))
        claim = links.read(vault, token, limits=limits)
    except DeadLink as refusal:
        return _dead(refusal)
    what = words().gettext(WHAT[claim.why])
    return make_response(render_template("not_me.html", form=form, token=token, what=what))


@not_me.get("/stopped")
@public
def stopped() -> str:
    """What happens next."""
    return render_template("not_me_stopped.html")


def _dead(refusal: DeadLink) -> Response:
    """The same for every link that does nothing. Only these are counted: a right one never waits for guesses."""
    bucket = throttle.key(parts().vault, "not me", place_of(address()))
    try:
        throttle.begin({bucket: ADDRESS})
    except TooManyAttempts:
        return errors.page(429)
    return errors.page(404, N_("This link cannot be used"), refusal.message)
