"""What `bench/sign_in.py` loads: signing in as it is, and a page that needs a session and two queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from zone.accounts import sessions
from zone.accounts.models import Account, Session
from zone.accounts.sign_in import sign_in
from zone.config import Argon2Cost, Limits
from zone.secret import Secret
from zone.storage import accompany, open_database, using
from zone.vault import Busy, Vault
from zone.vault.keyring import FileKeyring

PASSWORD = Secret("Štyri zelené lampáše")
LIMITS = Limits()
PAGE = b"<p>A page of the usual size.</p>" * 200

StartResponse = Callable[[str, list[tuple[str, str]]], object]


def make(
    folder: str, memory_kib: int, rounds: int, lanes: int, at_once: int, waiting: int
) -> Callable[[dict[str, Any], StartResponse], Iterable[bytes]]:
    """The application on the database and keyring in `folder`."""
    database = open_database(f"sqlite:///{folder}/zone.db")
    vault = Vault(
        FileKeyring(Path(folder) / "keys.json"), Argon2Cost(memory_kib, rounds, lanes, at_once, waiting)
    )
    accompany(database, vault)

    def app(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        with using(database):
            status, body = _answer(vault, environ)
        start_response(status, [("Content-Type", "text/html"), ("Content-Length", str(len(body)))])
        return [body]

    return app


def _answer(vault: Vault, environ: dict[str, Any]) -> tuple[str, bytes]:
    if environ["REQUEST_METHOD"] == "POST":
        return _sign_in(vault, environ["QUERY_STRING"])
    person = sessions.find(Secret(environ["QUERY_STRING"]), limits=LIMITS, renew=True)
    if person is None:
        return "401 Unauthorized", b""
    Session.select().where(Session.account == person.account_id).count()
    Account.get_by_id(person.account_id)
    return "200 OK", PAGE


def _sign_in(vault: Vault, number: str) -> tuple[str, bytes]:
    try:
        sign_in(
            vault,
            email=f"client{number}@example.org",
            password=PASSWORD,
            address=f"192.0.2.{number}",
            browser=None,
            limits=LIMITS,
        )
    except Busy:
        return "503 Service Unavailable", b""
    return "200 OK", PAGE
