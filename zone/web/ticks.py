"""Which of the letters that a form offers are ticked: all of them, or those that were before the form came too late."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlencode

from flask import request

# What a form says that offers letters, so that none ticked is told from none offered.
OFFERED = "offered"
NONE = "none"


def were_offered() -> bool:
    """Whether the form that was sent offered letters."""
    return OFFERED in request.form


def in_address() -> str:
    """Those that were ticked in it, as a query of the page's address."""
    return urlencode({"letter": request.form.getlist("letter") or [NONE]}, doseq=True)


def of_address() -> Collection[str] | None:
    """The references that the page's address says are to be ticked; none when it says nothing of it."""
    return request.args.getlist("letter") or None
