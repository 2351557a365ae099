"""A browser without scripts that looks at everything it gets."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.inspector import inspect

HTMX = {"HX-Request": "true"}
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
TICKED = re.compile(r'name="letter" value="([\w-]+)" autocomplete="off" checked')


class Browser(FlaskClient):
    """Flask's test client; each answer is inspected, and `send` fills in what a page's form would hold."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **{"buffered": True} | kwargs)
        inspect(self.application, response)
        return response

    def token(self) -> str:
        """The token that forms carry; every page has one, also the one that says that there is none."""
        return token_in(self.get("/nowhere"))

    def send(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """POST a form of this session."""
        return self.post(path, data={"csrf_token": self.token(), **(data or {})}, **kwargs)

    def sign_in(self, email: str, password: str, **fields: str) -> TestResponse:
        """Send the form of the sign-in page."""
        return self.send("/sign-in", {"email": email, "password": password, **fields})


def new_browser(app: Flask) -> Browser:
    """A browser that has never been here."""
    browser = app.test_client()
    assert isinstance(browser, Browser), "the fixture `app` names the class of its clients"
    return browser


def token_in(page: TestResponse) -> str:
    """The token of a page's forms."""
    found = TOKEN.search(page.text)
    assert found, page.text
    return found[1]


def masked(page: TestResponse) -> str:
    """The answer without what is drawn anew each time."""
    text = TOKEN.sub("", page.text)
    return re.sub(r'nonce="[^"]+"', "", text)


def ticked(page: str) -> list[str]:
    """The letters that a page has ticked, from the top, by their references."""
    return TICKED.findall(page)
