"""Letters under AES-256: the engine, its child process, and why a letter is refused."""

from zone.letters.encryption.engine import Encrypted, Limits, encrypt
from zone.letters.encryption.errors import CannotEncrypt, Problem

__all__ = ["CannotEncrypt", "Encrypted", "Limits", "Problem", "encrypt"]
