"""The keyring's file."""

from __future__ import annotations

import base64
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from zone.config import Config
from zone.environment import load
from zone.secret import Secret
from zone.vault import Context, Purpose, open_keyring
from zone.vault.envelope import seal, unseal
from zone.vault.keyring import FileKeyring, KeysUnusable, add_signing_key, create_file
from zone.vault.signing import is_signed

CONTEXT = Context(Purpose.BIRTH_NUMBER, 1, 1)


def config(tmp_path: Path, **settings: str) -> Config:
    demo = {"ZONE_MODE": "demo", "ZONE_VAR": str(tmp_path / "var")}
    return load(demo | {"ZONE_KEYS_URL": f"file:{tmp_path / 'keys.json'}"} | settings)


def production(tmp_path: Path) -> Config:
    return config(
        tmp_path,
        ZONE_MODE="production",
        ZONE_DATABASE_URL="sqlite:///zone.db",
        ZONE_SMS_URL="kannel+http://sms.example",
        ZONE_MAIL_URL="smtp://mail.example",
        ZONE_LETTERS_URL="file:letters",
        ZONE_PUBLIC_URL="https://zone.example",
        ZONE_SECRET_KEY="s" * 32,
    )


def key(length: int) -> str:
    return base64.b64encode(b"k" * length).decode()


def test_only_its_owner_may_read_it_and_it_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "new" / "keys.json"
    create_file(path, made_for="production")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        create_file(path, made_for="production")
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["keys.json"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o620])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    create_file(tmp_path / "keys.json", made_for="demo")
    (tmp_path / "keys.json").chmod(mode)
    with pytest.raises(KeysUnusable, match="chmod 600"):
        FileKeyring(tmp_path / "keys.json")


@pytest.mark.parametrize(
    "harm",
    [
        {"keys": {}},
        {"current": "k2"},
        {"keys": {"k1": key(16)}},
        {"keys": {"k1": key(0)}},
        {"keys": {"k1": "not base64!"}},
        {"keys": [key(32)]},
        {"pepper": key(31)},
        {"pepper": None},
        {"made_for": None, "keys": None},
    ],
    ids=str,
)
def test_a_damaged_file_is_refused_in_words(tmp_path: Path, harm: dict[str, Any]) -> None:
    path = tmp_path / "keys.json"
    create_file(path, made_for="demo")
    path.write_text(json.dumps(json.loads(path.read_text()) | harm))
    with pytest.raises(KeysUnusable, match="restore it from its backup"):
        FileKeyring(path)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b"{", b"null", b'"k1"'])
def test_a_file_that_is_no_keyring_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeysUnusable, match="restore it from its backup"):
        FileKeyring(path)


def test_production_refuses_a_keyring_made_for_the_demo(tmp_path: Path) -> None:
    open_keyring(config(tmp_path))
    with pytest.raises(KeysUnusable, match="made for the demo"):
        open_keyring(production(tmp_path))


def test_production_makes_none_by_itself(tmp_path: Path) -> None:
    with pytest.raises(KeysUnusable, match="keys create"):
        open_keyring(production(tmp_path))
    assert not (tmp_path / "keys.json").exists()
    create_file(tmp_path / "keys.json", made_for="production")
    open_keyring(production(tmp_path))


@pytest.mark.parametrize("url", ["file:", "pkcs11:token", "keys.json", "aws-kms:x"])
def test_a_url_that_it_does_not_know(tmp_path: Path, url: str) -> None:
    with pytest.raises(KeysUnusable, match="file:/path/to/"):
        open_keyring(config(tmp_path, ZONE_KEYS_URL=url))


def test_who_starts_at_the_same_moment_finds_the_same_keyring(tmp_path: Path) -> None:
    """Web and worker of a new demo: nobody may find half a file, nor make a second one."""
    here = config(tmp_path)
    barrier = Barrier(16)

    def open_one(_: int) -> tuple[Any, Config]:
        barrier.wait(timeout=30)
        return open_keyring(here), config(tmp_path)

    for _ in range(10):
        (tmp_path / "keys.json").unlink(missing_ok=True)
        (tmp_path / "var" / "secret-key").unlink(missing_ok=True)
        with ThreadPoolExecutor(16) as pool:
            opened = list(pool.map(open_one, range(16)))
        keyrings = [keyring for keyring, _ in opened]
        envelope = seal(keyrings[0], CONTEXT, b"x")
        assert [unseal(keyring, CONTEXT, envelope) for keyring in keyrings] == [b"x"] * 16
        first: Secret = opened[0][1].secret_key
        assert len(first.reveal()) == 64
        assert all(each.secret_key == first for _, each in opened)


def test_the_last_signing_key_is_in_use(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    create_file(path, made_for="demo")
    first = FileKeyring(path)
    added = add_signing_key(path)
    keyring = FileKeyring(path)
    assert keyring.signing_key_id() == added != first.signing_key_id()
    assert is_signed(keyring.public_keys()[added], keyring.sign(b"x"), b"x")


def test_purposes_have_hashes_of_their_own(tmp_path: Path) -> None:
    create_file(tmp_path / "keys.json", made_for="demo")
    keyring = FileKeyring(tmp_path / "keys.json")
    assert len({keyring.mac("a", b"bc"), keyring.mac("ab", b"c"), keyring.mac("abc", b"")}) == 3
