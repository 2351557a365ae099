"""The zone's API, and programs in front of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.letters.posted import pdf
from tests.web.browser import Browser, new_browser
from tests.web.conftest import app, broker, config, jana, parts, sign_in, vault
from zone.accounts.api_keys import Scope, create
from zone.audit import OPERATOR

__all__ = ["app", "broker", "config", "jana", "parts", "sign_in", "vault"]

V1 = "/api/v1"


@dataclass(frozen=True)
class Program:
    """A program of the insurer's; what it asks without a key goes out without one."""

    http: Browser
    key: str | None

    def ask(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        return self.http.open(
            V1 + path, method=method, **kwargs | {"headers": headers | kwargs.get("headers", {})}
        )

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.ask("GET", path, **kwargs)

    def put(self, path: str, body: object) -> TestResponse:
        return self.ask("PUT", path, json=body)

    def send(self, source: bytes | None = None, *, key: str | None = None, **fields: str) -> TestResponse:
        """Hand a letter in; `key` is its `Idempotency-Key`."""
        data = {"client": "K-1001", "subject": "Výročná správa", **fields}
        file = BytesIO(pdf() if source is None else source)
        headers = {} if key is None else {"Idempotency-Key": key}
        # Encoded here: the client would leave the file open that it puts a long body into.
        boundary, body = encode_multipart(data | {"file": FileStorage(file, "x.pdf")})
        kind = f"multipart/form-data; boundary={boundary}"
        return self.ask("POST", "/letters", data=body, headers=headers, content_type=kind)


NewProgram = Callable[..., Program]


@pytest.fixture
def new_program(app: Flask) -> NewProgram:
    """Makes a program whose key has the given scopes."""

    def make(*scopes: Scope, name: str = "billing") -> Program:
        return Program(new_browser(app), create(OPERATOR, name, scopes).reveal())

    return make


@pytest.fixture
def program(new_program: NewProgram) -> Program:
    """One that may do everything."""
    return new_program(*Scope)
