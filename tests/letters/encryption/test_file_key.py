"""The key of a letter, against pypdf's own account of the algorithms."""

from __future__ import annotations

import pytest
from pypdf._encryption import AlgV5

from zone.letter_passwords.letter_key import LetterKey, derive
from zone.letters.encryption.file_key import PERMISSIONS, FileKey, fresh_file_key
from zone.secret import Secret

PASSWORDS = ["1234", " ", "Čerešňa-na-lúke", "a" * 127, "č" * 63]


@pytest.mark.parametrize("password", PASSWORDS)
def test_the_password_opens_every_letter_of_its_key(password: str) -> None:
    key = derive(Secret(password))
    letters = [fresh_file_key(LetterKey.from_bytes(key.to_bytes())) for _ in range(2)]
    for letter in letters:
        opened = AlgV5.verify_user_password(6, password.encode(), letter.u, letter.ue)
        assert opened == letter.key
        assert AlgV5.verify_perms(letter.key, letter.perms, PERMISSIONS & 0xFFFFFFFF, True)
        for other in (b"", password.encode()[:-1], b"x"):
            assert AlgV5.verify_user_password(6, other, letter.u, letter.ue) == b""
    assert letters[0].key != letters[1].key
    assert letters[0].u == letters[1].u


def test_a_key_to_throw_away_is_of_the_same_form_and_opened_by_nothing() -> None:
    fresh, thrown = fresh_file_key(derive(Secret(" "))), FileKey.thrown_away()
    assert len(thrown.dictionary()) == len(fresh.dictionary())
    assert FileKey.from_hex(thrown.to_hex()) == thrown
    for password in (b"", b" "):
        assert AlgV5.verify_user_password(6, password, thrown.u, thrown.ue) == b""
        assert AlgV5.verify_owner_password(6, password, thrown.o, thrown.oe, thrown.u) == b""
