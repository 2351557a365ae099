"""The client's own pages: settings, electronic correspondence, letters."""

from zone.web.client import (
    access_history,
    correspondence,
    history_file,
    letter,
    letter_file,
    letters,
    letters_again,
    own_password,
    phone,
    settings,
    try_out,
)
from zone.web.client.blueprint import client

__all__ = [
    "access_history",
    "client",
    "correspondence",
    "history_file",
    "letter",
    "letter_file",
    "letters",
    "letters_again",
    "own_password",
    "phone",
    "settings",
    "try_out",
]
