"""Letter keys, against pypdf's own account of the algorithms."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf._encryption import AlgV5

from zone.letter_passwords.letter_key import LetterKey, derive, hardened_hash
from zone.secret import Secret


def test_a_key_tells_the_password_to_nobody_and_shares_nothing_with_another() -> None:
    one, other = derive(Secret("password-1234")), derive(Secret("password-1234"))
    assert b"1234" not in one.to_bytes()
    assert "1234" not in repr(one)
    assert one.to_bytes().hex()[:20] not in repr(one)
    assert not {one.u, one.o, one.user_key, one.owner_key} & {
        other.u,
        other.o,
        other.user_key,
        other.owner_key,
    }


@pytest.mark.parametrize("password", ["", "a" * 128, "č" * 64, "c\u030cerešňa", "a\u00a0b", "\u00ad", "a\a"])
def test_a_password_that_readers_take_differently_has_no_key(password: str) -> None:
    with pytest.raises(ValueError, match="cannot take this letter password"):
        derive(Secret(password))


@settings(max_examples=30)
@given(
    password=st.binary(max_size=127),
    salt=st.binary(min_size=8, max_size=8),
    user=st.sampled_from([b"", b"u" * 48]),
)
def test_the_hash_is_the_one_that_pypdf_knows(password: bytes, salt: bytes, user: bytes) -> None:
    assert hardened_hash(password, salt, user) == AlgV5.calculate_hash(6, password, salt, user)


def test_what_is_no_letter_key_is_refused() -> None:
    with pytest.raises(ValueError, match="not a letter key"):
        LetterKey.from_bytes(bytes(159))
