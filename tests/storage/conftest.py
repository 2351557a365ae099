"""Migrations are tried with letters in the database."""

from __future__ import annotations

from tests.letters.conftest import encryptor, folder, intake, jana, store

__all__ = ["encryptor", "folder", "intake", "jana", "store"]
