"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from zone.accounts import sessions, step_up
from zone.accounts.sign_in import WrongCredentials
from zone.accounts.sign_in import sign_in as sign_in_with
from zone.accounts.step_up import WrongPassword
from zone.accounts.throttle import TooManyAttempts
from zone.secret import Secret
from zone.web import signed_in
from zone.web.access import STAFF_AND_CLIENTS, allow, public
from zone.web.auth.forms import ProveForm, SignInForm
from zone.web.here import address, back_to, browser, find_principal, parts, principal, words

auth = Blueprint("auth", __name__)


@auth.route("/sign-in", methods=("GET", "POST"))
@public
def sign_in() -> Response:
    """The form, and what becomes of it. Who is signed in already goes on."""
    form = SignInForm()
    if form.validate_on_submit():
        return _try(form)
    if find_principal() is not None:
        return make_response(redirect(url_for("root.index"), 303))
    if request.method == "GET":
        form.next.data = request.args.get("next", "")
        form.email.data = request.args.get("email", "")
    return _page(form)


@auth.post("/sign-out")
@allow(*STAFF_AND_CLIENTS)
def sign_out() -> Response:
    """End the session everywhere and have the browser forget its pages."""
    sessions.sign_out(principal())
    signed_in.end()
    flash(words().gettext("You are signed out."), "success")
    response = make_response(redirect(url_for("auth.sign_in"), 303))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@auth.route("/prove", methods=("GET", "POST"))
@allow(*STAFF_AND_CLIENTS)
def prove() -> Response:
    """Ask for the sign-in password once more, then go on to what needed it."""
    form = ProveForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")
    if form.validate_on_submit() and _prove(form):
        return make_response(redirect(back_to(form.next.data, url_for("root.index")), 303))
    return make_response(render_template("auth/prove.html", form=form), 422 if form.errors else 200)


def _prove(form: ProveForm) -> bool:
    typed = Secret(form.password.data or "")
    try:
        step_up.prove(parts().vault, principal(), typed, address=address(), browser=browser())
    except (WrongPassword, TooManyAttempts) as refusal:
        form.add_error("password", refusal.in_words(words()))
        return False
    return True


def _try(form: SignInForm) -> Response:
    try:
        found = sign_in_with(
            parts().vault,
            email=form.email.data or "",
            password=Secret(form.password.data or ""),
            address=address(),
            browser=browser(),
            limits=parts().config.limits,
            user_agent=request.headers.get("User-Agent"),
        )
    except (WrongCredentials, TooManyAttempts) as refusal:
        form.form_errors.append(refusal.in_words(words()))
        return _page(form)
    before = find_principal()
    if before is not None:  # who signs in anew leaves no session behind
        sessions.sign_out(before)
    response = make_response(redirect(back_to(form.next.data, url_for("root.index")), 303))
    return signed_in.begin(found, response)


def _page(form: SignInForm) -> Response:
    page = render_template("auth/sign_in.html", form=form)
    return make_response(page, 422 if form.errors else 200)
