"""Key-encryption keys (KEK), the pepper and the signing keys, by URL.

The keyring wraps data keys, computes keyed hashes and signs; the keys themselves need never leave it, so that an HSM
or a cloud's key service can stand in its place.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zone import private_file
from zone.config import CannotStart, Config
from zone.vault import signing

NONCE_BYTES = 12
KEY_BYTES = 32
MAKE_ONE = "make one with: flask --app zone.commands.keys keys create"
ADD_SIGNING_KEY = "add one with: flask --app zone.commands.keys keys add-signing-key"


class KeysUnusable(CannotStart):
    """The keyring cannot be opened; the message says what to do."""


class NoSigningKey(KeysUnusable):
    """The keyring was made before there were signing keys."""


class CannotUnwrap(Exception):
    """A data key does not belong to this keyring, or was altered."""


@dataclass(frozen=True)
class WrappedKey:
    """A data key under the KEK called `key_id`."""

    key_id: str
    blob: bytes


class Keyring(Protocol):
    """All KEK versions of an installation, its pepper, and all its signing keys."""

    def has(self, key_id: str) -> bool:
        """Whether data keys under the KEK called `key_id` can be unwrapped."""

    def wrap(self, key: bytes, aad: bytes) -> WrappedKey:
        """`key` under the current KEK, bound to `aad`."""

    def unwrap(self, wrapped: WrappedKey, aad: bytes) -> bytes:
        """The data key; raises `CannotUnwrap`."""

    def mac(self, purpose: str, data: bytes) -> bytes:
        """HMAC-SHA-256 of `data` under the pepper; different for each `purpose`. 32 bytes."""

    def sign(self, data: bytes) -> bytes:
        """`data` signed with the signing key in use (Ed25519); 64 bytes. Raises `NoSigningKey`."""

    def signing_key_id(self) -> str:
        """The name of the signing key in use. Raises `NoSigningKey`."""

    def public_keys(self) -> Mapping[str, bytes]:
        """The public half of every signing key by its name, the one in use last."""


class FileKeyring:
    """A keyring in a JSON file that only its owner may read.

    `{"current": "k1", "keys": {"k1": "<base64>"}, "pepper": "<base64>", "made_for": "demo" | "production",
    "signing": {"s1": "<base64>"}}`; the last signing key is in use. A keyring from before they were made has none.
    """

    def __init__(self, path: Path) -> None:
        """Raises `KeysUnusable`."""
        self._path = path
        try:
            mode = path.stat().st_mode & 0o777
            content = json.loads(path.read_text(encoding="utf-8"))
            self._keys = {name: AESGCM(_key(text)) for name, text in content["keys"].items()}
            self._current: str = content["current"]
            self._pepper = _key(content["pepper"])
            self.made_for: str = content["made_for"]
            self._signing: dict[str, bytes] = {
                name: _key(text) for name, text in content.get("signing", {}).items()
            }
        except OSError as error:
            raise KeysUnusable(f"the keyring {path} cannot be read: {error.strerror}") from error
        except (KeyError, ValueError, AttributeError, TypeError) as error:
            raise KeysUnusable(f"the keyring {path} is damaged; restore it from its backup") from error
        if mode & 0o077:
            raise KeysUnusable(f"the keyring {path} can be read by others; run chmod 600 on it")
        if self._current not in self._keys:
            raise KeysUnusable(f"the keyring {path} lacks its current key; restore it from its backup")

    def has(self, key_id: str) -> bool:
        return key_id in self._keys

    def wrap(self, key: bytes, aad: bytes) -> WrappedKey:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return WrappedKey(self._current, nonce + self._keys[self._current].encrypt(nonce, key, aad))

    def unwrap(self, wrapped: WrappedKey, aad: bytes) -> bytes:
        kek = self._keys.get(wrapped.key_id)
        if kek is None:
            raise CannotUnwrap(f"the keyring has no key {wrapped.key_id}")
        try:
            return kek.decrypt(wrapped.blob[:NONCE_BYTES], wrapped.blob[NONCE_BYTES:], aad)
        except (InvalidTag, ValueError) as error:  # ValueError: too little is left of it
            raise CannotUnwrap("a data key was altered or belongs elsewhere") from error

    def mac(self, purpose: str, data: bytes) -> bytes:
        return hmac.digest(self._pepper, purpose.encode() + b"\0" + data, "sha256")

    def sign(self, data: bytes) -> bytes:
        return signing.sign(self._signing[self.signing_key_id()], data)

    def signing_key_id(self) -> str:
        if not self._signing:
            raise NoSigningKey(f"the keyring {self._path} has no signing key; {ADD_SIGNING_KEY} {self._path}")
        return next(reversed(self._signing))

    def public_keys(self) -> Mapping[str, bytes]:
        return {name: signing.public_key(seed) for name, seed in self._signing.items()}


def _key(text: str) -> bytes:
    """A key of the file; raises `ValueError` unless it is 256 bits."""
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("a key has 256 bits")
    return key


def create_file(path: Path, *, made_for: str) -> None:
    """Write a new keyring; raises `FileExistsError` rather than replace one.

    The key's name is random, so that a keyring is not taken for that of another installation.
    """
    name = f"k{secrets.token_hex(4)}"
    content: dict[str, Any] = {
        "current": name,
        "keys": {name: _new_key()},
        "pepper": _new_key(),
        "made_for": made_for,
        "signing": {_new_signing_name(): _new_key()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    private_file.create(path, json.dumps(content, indent=2).encode())


def add_signing_key(path: Path) -> str:
    """Give the keyring in the file another signing key, which is in use from then on. Returns its name.

    Earlier ones stay: what they signed is checked with them. Raises `KeysUnusable`.
    """
    FileKeyring(path)  # what is damaged, or open to others, is not written anew
    content = json.loads(path.read_text(encoding="utf-8"))
    name = _new_signing_name()
    content["signing"] = content.get("signing", {}) | {name: _new_key()}
    private_file.put(path, json.dumps(content, indent=2).encode())
    return name


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _new_signing_name() -> str:
    return f"s{secrets.token_hex(4)}"


def open_keyring(config: Config) -> Keyring:
    """The keyring that `config.keys_url` names; a demo makes what is missing of it. Raises `KeysUnusable`."""
    scheme, _, rest = config.keys_url.partition(":")
    if scheme != "file" or not rest:
        raise KeysUnusable(f"ZONE_KEYS_URL begins with {scheme!r}; write file:/path/to/keys.json")
    path = Path(rest)
    if config.demo and not path.exists():
        with suppress(FileExistsError):  # another process of the same demo may make it at this moment
            create_file(path, made_for=config.mode)
    if not path.exists():
        raise KeysUnusable(f"there is no keyring {path}; {MAKE_ONE} {path}")
    keyring = FileKeyring(path)
    if config.demo and not keyring.public_keys():
        add_signing_key(path)
        keyring = FileKeyring(path)
    if not config.demo and keyring.made_for != config.mode:
        raise KeysUnusable(f"the keyring {path} was made for the demo; {MAKE_ONE} FILE")
    return keyring
