"""The key of one letter, and the encryption dictionary that tells readers how the password opens it.

The child process gets this and nothing more: neither the password nor the key of other letters.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from zone.letter_passwords.letter_key import ENTRY_BYTES, KEY_BYTES, LetterKey

# Everything is allowed (ISO 32000-2, table 22): permissions are advisory.
PERMISSIONS: Final = -4

NO_IV: Final = bytes(16)


@dataclass(frozen=True, repr=False)
class FileKey:
    """`key` opens one letter; the other values stand in its encryption dictionary (ISO 32000-2, table 21)."""

    key: bytes
    u: bytes
    o: bytes
    ue: bytes
    oe: bytes
    perms: bytes

    def to_hex(self) -> dict[str, str]:
        """For the message to the child."""
        return {name: value.hex() for name, value in asdict(self).items()}

    @classmethod
    def from_hex(cls, values: dict[str, str]) -> FileKey:
        return cls(**{name: bytes.fromhex(value) for name, value in values.items()})

    @classmethod
    def thrown_away(cls) -> FileKey:
        """A key that no password opens, to see whether a document can be encrypted at all."""
        key = os.urandom(KEY_BYTES)
        u, o, ue, oe = (os.urandom(size) for size in (ENTRY_BYTES, ENTRY_BYTES, KEY_BYTES, KEY_BYTES))
        return cls(key, u, o, ue, oe, perms(key))

    def dictionary(self) -> bytes:
        """The encryption dictionary: AES-256, revision 6, for all strings and streams, metadata included."""
        return (
            b"<</Filter/Standard/V 5/R 6/Length 256/P %d/EncryptMetadata true"
            b"/CF<</StdCF<</CFM/AESV3/AuthEvent/DocOpen/Length 32>>>>/StmF/StdCF/StrF/StdCF"
            % PERMISSIONS
            + b"".join(b"/%s<%s>" % (name, value.hex().encode()) for name, value in self.entries().items())
            + b">>"
        )

    def entries(self) -> dict[bytes, bytes]:
        """The strings of the encryption dictionary."""
        return {b"U": self.u, b"O": self.o, b"UE": self.ue, b"OE": self.oe, b"Perms": self.perms}


def perms(file_key: bytes) -> bytes:
    """/Perms (algorithm 10): the permissions once more, under the file key."""
    permissions = PERMISSIONS.to_bytes(8, "little", signed=True)
    block = permissions + b"Tadb" + os.urandom(4)
    return Cipher(algorithms.AES(file_key), modes.ECB()).encryptor().update(block)  # noqa: S305 - ISO 32000-2 says ECB; it is one block


def fresh_file_key(key: LetterKey) -> FileKey:
    """A random key for one letter, wrapped so that the password opens it. Never lock two letters with one."""
    file_key = os.urandom(KEY_BYTES)
    return FileKey(
        key=file_key,
        u=key.u,
        o=key.o,
        ue=_wrap(key.user_key, file_key),
        oe=_wrap(key.owner_key, file_key),
        perms=perms(file_key),
    )


def _wrap(intermediate_key: bytes, file_key: bytes) -> bytes:
    return Cipher(algorithms.AES(intermediate_key), modes.CBC(NO_IV)).encryptor().update(file_key)
