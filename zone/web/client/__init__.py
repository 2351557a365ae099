"""The client's own pages: settings, electronic correspondence, letters."""

from zone.web.client import (
    correspondence,
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
    "client",
    "correspondence",
    "letter",
    "letter_file",
    "letters",
    "letters_again",
    "own_password",
    "phone",
    "settings",
    "try_out",
]
