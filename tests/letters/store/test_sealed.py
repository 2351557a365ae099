"""What lies in the store says nothing, and nothing of it can be changed unnoticed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from peewee import Database

from tests.letters.store.object_store import Kept, bucket, kept, s3_address
from tests.messages.outbox_parts import ON_SQLITE
from zone.letters.store import FileGone, sealed
from zone.storage import transaction
from zone.vault import CannotOpen, Context, NotInVault, Purpose, Vault

__all__ = ["bucket", "kept", "s3_address"]

pytestmark = ON_SQLITE  # what is tested lies in the store

NAME, OTHER = "A" * 22 + ".source", "B" * 22 + ".source"
CONTENT = b"%PDF-1.7 premium of Jana Novakova"
CONTEXT, OTHERS = (Context(Purpose.LETTER_SOURCE, 1, number) for number in (1, 2))


@pytest.fixture
def written(database: Database, vault: Vault, kept: Kept) -> bytes:
    """Two letters, the second of the same content. What lies there for the first."""
    for name, context in ((NAME, CONTEXT), (OTHER, OTHERS)):
        key = sealed.write(kept.store, name, CONTENT)
        with transaction():
            vault.put(context, key)
    return kept.store.get(NAME)


def test_what_was_written_is_read_and_lies_there_sealed(vault: Vault, kept: Kept, written: bytes) -> None:
    assert sealed.read(kept.store, vault, NAME, CONTEXT) == CONTENT
    assert b"PDF" not in written
    assert b"Jana" not in written
    assert written != kept.store.get(OTHER)


@pytest.mark.parametrize("place", [0, 11, 12, 30, -17, -16, -1])
def test_a_flipped_bit_is_noticed(vault: Vault, kept: Kept, written: bytes, place: int) -> None:
    altered = bytearray(written)
    altered[place] ^= 1
    kept.overwrite(NAME, bytes(altered))
    with pytest.raises(CannotOpen):
        sealed.read(kept.store, vault, NAME, CONTEXT)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: whole[:0],
        lambda whole: whole[:12],
        lambda whole: whole[:-1],
        lambda whole: whole + b"\0",
    ],
    ids=["empty", "nonce", "shorter", "longer"],
)
def test_what_is_not_whole_is_noticed(
    vault: Vault, kept: Kept, written: bytes, spoil: Callable[[bytes], bytes]
) -> None:
    kept.overwrite(NAME, spoil(written))
    with pytest.raises(CannotOpen):
        sealed.read(kept.store, vault, NAME, CONTEXT)


def test_two_files_that_changed_places_are_noticed(vault: Vault, kept: Kept, written: bytes) -> None:
    kept.overwrite(NAME, kept.store.get(OTHER))
    kept.overwrite(OTHER, written)
    for name, context in ((NAME, CONTEXT), (OTHER, OTHERS), (NAME, OTHERS), (OTHER, CONTEXT)):
        with pytest.raises(CannotOpen):
            sealed.read(kept.store, vault, name, context)


def test_what_lacks_its_key_or_its_file_says_which(vault: Vault, kept: Kept, written: bytes) -> None:
    kept.store.delete(OTHER)
    with pytest.raises(FileGone):
        sealed.read(kept.store, vault, OTHER, OTHERS)
    with transaction():
        vault.destroy(CONTEXT)
    with pytest.raises(NotInVault):
        sealed.read(kept.store, vault, NAME, CONTEXT)
