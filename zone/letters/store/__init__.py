"""Where the sealed files of letters lie: outside the database, by URL. What it holds is ciphertext only."""

from zone.letters.store.folder import FolderStore
from zone.letters.store.letter_store import FileGone, LetterStore, StoreAway, StoreUnusable
from zone.letters.store.opening import open_store

__all__ = ["FileGone", "FolderStore", "LetterStore", "StoreAway", "StoreUnusable", "open_store"]
