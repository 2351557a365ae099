"""Envelopes open where they belong, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zone.vault.envelope import CannotOpen, Context, Envelope, Purpose, decrypt, encrypt, seal, unseal
from zone.vault.keyring import FileKeyring, WrappedKey, create_file

CONTEXT = Context(Purpose.LETTER_PASSWORD, 7, 33)
PLAINTEXT = "Žltý kôň".encode()


@pytest.fixture(scope="module")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> FileKeyring:
    return new_keyring(tmp_path_factory.mktemp("keys"))


def new_keyring(folder: Path) -> FileKeyring:
    create_file(folder / "keys.json", made_for="demo")
    return FileKeyring(folder / "keys.json")


def test_it_opens_in_its_own_context(keyring: FileKeyring) -> None:
    assert unseal(keyring, CONTEXT, seal(keyring, CONTEXT, PLAINTEXT)) == PLAINTEXT


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(CONTEXT, client_id=8),
        replace(CONTEXT, version=34),
        replace(CONTEXT, purpose=Purpose.BIRTH_NUMBER),
        replace(CONTEXT, client_id=73, version=3),
    ],
)
def test_it_opens_in_no_other_context(keyring: FileKeyring, elsewhere: Context) -> None:
    envelope = seal(keyring, CONTEXT, PLAINTEXT)
    with pytest.raises(CannotOpen):
        unseal(keyring, elsewhere, envelope)


def test_its_parts_do_not_open_with_anothers(keyring: FileKeyring) -> None:
    one, other = seal(keyring, CONTEXT, PLAINTEXT), seal(keyring, CONTEXT, PLAINTEXT)
    assert one.ciphertext != other.ciphertext
    assert one.key.blob != other.key.blob
    with pytest.raises(CannotOpen):
        unseal(keyring, CONTEXT, Envelope(one.key, other.ciphertext))


def test_another_keyring_does_not_open_it(keyring: FileKeyring, tmp_path: Path) -> None:
    with pytest.raises(CannotOpen):
        unseal(new_keyring(tmp_path), CONTEXT, seal(keyring, CONTEXT, PLAINTEXT))


def test_a_key_that_the_keyring_lacks_is_named(keyring: FileKeyring) -> None:
    envelope = seal(keyring, CONTEXT, PLAINTEXT)
    with pytest.raises(CannotOpen, match="no key k9"):
        unseal(keyring, CONTEXT, replace(envelope, key=WrappedKey("k9", envelope.key.blob)))


@given(data=st.data())
def test_whatever_is_altered_or_cut_off_it_does_not_open(keyring: FileKeyring, data: st.DataObject) -> None:
    envelope = seal(keyring, CONTEXT, PLAINTEXT)
    part = data.draw(st.sampled_from([envelope.ciphertext, envelope.key.blob]))
    at = data.draw(st.integers(0, len(part) - 1))
    harmed = data.draw(st.sampled_from([part[:at], part[:at] + bytes([part[at] ^ 1]) + part[at + 1 :]]))
    key = WrappedKey(envelope.key.key_id, harmed) if part is envelope.key.blob else envelope.key
    ciphertext = harmed if part is envelope.ciphertext else envelope.ciphertext
    with pytest.raises(CannotOpen):
        unseal(keyring, CONTEXT, Envelope(key, ciphertext))


def test_nothing_at_all_is_sealed_too() -> None:
    assert decrypt(b"k" * 32, encrypt(b"k" * 32, b"", b"x"), b"x") == b""
