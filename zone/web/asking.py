"""Making requests: what the pages of brokers and of support have in common."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, flash, make_response, redirect, request

from zone.language import Refusal
from zone.letters.archive import NoSuchLetter
from zone.requests.ask import ask_resend, ask_reset
from zone.requests.models import Request
from zone.requests.scope import Scope
from zone.web.forms import OnceForm
from zone.web.here import in_words, parts, principal, words

# Where a request is to be seen.
Show = Callable[[Request], str]


def resend(scope: Scope, form: OnceForm, *, show: Show, back: str) -> Response:
    """Have the password sent and go to where one sees what comes of it; refused, go `back` and read why."""
    limits = parts().config.limits
    return _ask(
        lambda: ask_resend(principal().actor, scope, token=form.token.data or "", limits=limits), show, back
    )


def reset(scope: Scope, form: OnceForm, *, show: Show, back: str) -> Response:
    """The same with a reset, and with the letters that were ticked."""
    vault, chosen, limits = parts().vault, request.form.getlist("letter"), parts().config.limits
    token = form.token.data or ""
    return _ask(
        lambda: ask_reset(vault, principal().actor, scope, chosen, token=token, limits=limits), show, back
    )


def say_phone_first() -> None:
    """Have the next page say that the phone comes first (rule 7 of DESIGN.md)."""
    flash(words().gettext("First check the phone number with the client."), "caution")


def _ask(make: Callable[[], Request], show: Show, back: str) -> Response:
    try:
        made = make()
    except Refusal as refusal:
        flash(in_words(refusal), "caution")
        return make_response(redirect(back, 303))
    except NoSuchLetter:
        flash(words().gettext("One of the letters is no longer kept. Look at them again."), "caution")
        return make_response(redirect(back, 303))
    return make_response(redirect(show(made), 303))
