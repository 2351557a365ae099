"""Sensitive acts ask for the sign-in password again when it was last given too long ago."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response, flash, make_response, redirect, request, url_for

from zone.accounts import step_up
from zone.web.here import parts, principal, words

P = ParamSpec("P")


def proven(view: Callable[P, Response]) -> Callable[P, Response]:
    """Send whoever was not proven within `Limits.step_up` to prove it first, and back here afterwards."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
        if step_up.recently_proven(principal(), parts().config.limits):
            return view(*args, **kwargs)
        if request.method != "GET":
            flash(
                words().gettext("More than five minutes have passed, so nothing was changed yet."), "caution"
            )
        return make_response(redirect(url_for("auth.prove", next=request.path), 303))

    return guarded
