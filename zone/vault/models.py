"""The vault's one table."""

from __future__ import annotations

from peewee import BigAutoField, BigIntegerField, BlobField, CharField

from zone.storage import Base, UtcDateTimeField


class VaultEntry(Base):
    """One envelope. The client is a number, not a foreign key: the vault knows no rooms above it."""

    id = BigAutoField()
    purpose = CharField(max_length=32)
    client_id = BigIntegerField()
    version = BigIntegerField()
    key_id = CharField(max_length=64, index=True)
    wrapped_key = BlobField()
    ciphertext = BlobField()
    created_at = UtcDateTimeField()

    class Meta:
        table_name = "vault_entry"
        indexes = ((("client_id", "purpose", "version"), True),)
