"""Letters under AES-256: the engine, its child process, and why a letter is refused."""

from __future__ import annotations

from zone.letters.encryption.engine import Encrypted, Encryptor, Examined
from zone.letters.encryption.errors import CannotEncrypt, EncryptorAway, Problem

__all__ = ["CannotEncrypt", "Encrypted", "Encryptor", "EncryptorAway", "Examined", "Problem"]
